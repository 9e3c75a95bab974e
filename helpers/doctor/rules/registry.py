"""How a rule is written and run. To add one:

    @rule("cosine-one-unit", "error")
    def cosine_one_unit(case, out):
        if out.loss.name == "cosine" and out.units == 1:
            return say("...title...", why="...", see="...", fix=code.layer(out, activation=None))

A rule gets the `Case` and one `Output`, and returns `say(...)`, or None, or a list of them. With `scope="model"` it
gets the `Case` alone. `unless` names codes that, once found for the same output, make this one pointless: one cause,
one finding. Rules run in the order in which they stand. Then add its row to learn.SECTIONS and a test.
"""

from __future__ import annotations

from dataclasses import dataclass

from helpers.doctor.findings import Finding
from helpers.doctor.learn import pointer

RULES = []


@dataclass(frozen=True)
class Rule:
    code: str
    severity: str
    check: object
    scope: str
    unless: tuple


@dataclass
class Said:
    title: str
    why: str = ""
    see: str = ""
    fix: str = ""
    severity: str | None = None
    code: str | None = None


def say(title, why="", see="", fix="", severity=None, code=None) -> Said:
    """What a rule returns. `severity` and `code` replace the rule's own where a finding comes in two strengths."""
    return Said(title, why, see, fix, severity, code)


def rule(code, severity, scope="output", unless=()):
    def register(check):
        RULES.append(Rule(code, severity, check, scope, tuple(unless)))
        return check

    return register


def run(case, failures=None) -> list[Finding]:
    """Apply every rule. A rule that raises becomes a note; `failures`, a list, then gets (code, exception) too."""
    found = []
    for one in RULES:
        for out in case.outputs if one.scope == "output" else [None]:
            name = out.shown if out is not None else ""
            if any(f.code in one.unless and (out is None or f.output in (name, "")) for f in found):
                continue
            try:
                said = one.check(case, out) if out is not None else one.check(case)
            except Exception as error:  # noqa: BLE001 - the doctor never raises on a user's model
                if failures is not None:
                    failures.append((one.code, error))
                found.append(Finding("not-judged", "note", f"The rule {one.code!r} could not be applied "
                                     f"({type(error).__name__}).", output=name))
                continue
            for each in said if isinstance(said, list) else [said] if said else []:
                code = each.code or one.code
                found.append(Finding(code, each.severity or one.severity, each.title, each.why, each.see, each.fix,
                                     pointer(code, out.units if out is not None else None), name))
    return found
