"""What `examine` returns: findings in order of severity, shown as a table in a notebook and as text in a terminal."""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass

SEVERITIES = ("error", "warning", "note")
MEANING = {
    "error": "training fails, or learns something else than you want",
    "warning": "it runs, but what it reports or weighs is not what it seems",
    "note": "no fault by itself: something to know, or something that could not be judged",
}


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit.

    code: a short name for the kind of finding. severity: "error", "warning" or "note". title: what is wrong.
    why: the reason. see: what you will see if nothing is done, also where Keras hides it. fix: the corrected line
    of code for this model. learn: the notebook section that explains it, or "". output: the name of the output
    it is about; "" if it is about the whole model, or if there is one output only.
    """

    code: str
    severity: str
    title: str
    why: str = ""
    see: str = ""
    fix: str = ""
    learn: str = ""
    output: str = ""

    def __str__(self) -> str:
        where = f" (output {self.output!r})" if self.output else ""
        parts = [f"{self.severity.upper()} {self.code}{where}: {self.title}"]
        for label, text in (("why", self.why), ("you will see", self.see), ("learn", self.learn)):
            if text:
                parts.append(textwrap.fill(f"{label}: {text}", 100, initial_indent="  ", subsequent_indent="    "))
        if self.fix:
            parts.insert(-1 if self.learn else len(parts), "  fix:\n" + textwrap.indent(self.fix, "    "))
        return "\n".join(parts)


class Findings(list):
    """A list of `Finding`s, errors first. Empty when nothing was found. `codes` are their codes, in order.

    looked_at: one sentence where only a part of the data was looked at, else "".
    """

    def __init__(self, findings=(), looked_at=""):
        super().__init__(findings)
        self.looked_at = looked_at

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self]

    def of(self, *severities: str) -> Findings:
        """Return the findings with one of these severities, such as findings.of("error", "warning")."""
        return Findings((finding for finding in self if finding.severity in severities), self.looked_at)

    @property
    def summary(self) -> str:
        if not self:
            return "The doctor found nothing. That means: none of its rules applies, not that the model is good."
        counts = {severity: len(self.of(severity)) for severity in SEVERITIES}
        named = [f"{n} {severity}{'s' * (n != 1)}" for severity, n in counts.items() if n]
        return ", ".join(named) + ("." if counts["error"] or counts["warning"] else ": nothing that must change.")

    def __str__(self) -> str:
        return "\n\n".join([self.summary, *map(str, self), *filter(None, [self.looked_at])])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        part = f"<p>{html.escape(self.looked_at)}</p>" if self.looked_at else ""
        if not self:
            return f"<p>{html.escape(self.summary)}</p>{part}"
        head = "".join(f'<th scope="col" style="text-align:left">{name}</th>' for name in
                       ("severity", "what is wrong, and why", "what you will see", "the corrected line", "learn"))
        return (f"<table><caption style='text-align:left'>{html.escape(self.summary)}</caption>"
                f"<thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, self))}</tbody></table>{part}")


def in_order(findings, looked_at="") -> Findings:
    """Return the findings with errors first, then warnings, then notes; otherwise in the order they were made."""
    return Findings(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)), looked_at)


def _row(finding: Finding) -> str:
    cell = '<td style="text-align:left;vertical-align:top">{}</td>'
    where = f"<br>output <code>{html.escape(finding.output)}</code>" if finding.output else ""
    what = f"<b>{html.escape(finding.title)}</b><br>{html.escape(finding.why)}<br><code>{finding.code}</code>"
    fix = f'<pre style="white-space:pre-wrap">{html.escape(finding.fix)}</pre>' if finding.fix else ""
    severity = f'<span title="{MEANING[finding.severity]}">{finding.severity}</span>{where}'
    cells = [severity, what, html.escape(finding.see), fix, html.escape(finding.learn)]
    return "<tr>" + "".join(cell.format(content) for content in cells) + "</tr>"
