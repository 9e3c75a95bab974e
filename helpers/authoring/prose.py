"""The prose lint: `python -m helpers.authoring.prose [NOTEBOOK ...]` names numbers that come from nowhere.

Measured numbers come from code: `tell("… {share:.2f} …", share=...)`, or `{name:.2f}` in an alt text. What may stand
typed: whole numbers up to twelve without a unit; whole numbers that the notebook's code sets as well, such as 16
seeds; the answers to a question; the numbers of a claim, in its sentence; what numbers.py leaves out (formulas,
references, years). Every other decimal, percentage, large number, number with a unit, or number after "about" needs a
mark with a reason in its cell's header: `given="0.5: the default threshold"`. A reason that says *asserted* or
*claimed* is held against the numbers in the notebook's asserts and claims, one that says *set in code* against all
numbers in its code.

Not read, because no program can tell: number words ("twice", "a tenth"), what `print` shows, and wrong options.
"""
from __future__ import annotations

import argparse
import ast
import re
import sys

from helpers.authoring import numbers, passages
from helpers.authoring import source as src

_PROVEN, _SET = re.compile(r"\b(asserted|claimed)\b"), re.compile(r"\bset in code\b")
ADVICE = ("Let code give such a number (`tell`, or a placeholder in the alt text), or say in the cell's header where "
          'it comes from: given="0.5: the default threshold; 30 60: premises of the example".')


def check(source: src.Source) -> list[str]:
    """One sentence for each number that comes from nowhere, and for each mark whose reason is not so."""
    literals, proven = _literals(source.code)
    return [problem for passage in source.prose for problem in _problems(passage, literals, proven)]


def check_misconceptions() -> list[str]:
    """The same for the bank of misconceptions, whose marks stand in a key `given`."""
    found = []
    for key, entry in src.read_misconceptions().items():
        try:
            passage = passages.of_item({"ask": entry["name"], "why": entry["truth"], "given": entry.get("given", "")},
                                       f"misconceptions.toml, {key}")
        except ValueError as error:
            raise src.SourceError(f"misconceptions.toml, {key}: {error}") from None
        found += _problems(passage, set(), set())
    return found


def _problems(passage, literals, proven):
    marked = {mark.number.key for mark in passage.marks}
    for mark in passage.marks:
        for pattern, known, place in [(_PROVEN, proven, "no assert and no claim"), (_SET, literals, "no code")]:
            if pattern.search(mark.reason) and not any(mark.number.equals(literal) for literal in known):
                yield (f"{passage.where}: {mark.number.written} is marked as “{mark.reason}”, but {place} of this "
                       "notebook holds that number.")
    found = {number.key: number for piece in passage.pieces for number in numbers.find(piece) if number.measured}
    for key, number in found.items():
        setting = number.whole and abs(number.value) in literals
        if key not in marked and not setting and not any(map(number.equals, passage.own)):
            yield (f"{passage.where}: {number.written} looks measured and comes from nowhere: "
                   f"“…{number.context}…”")


def _literals(code: list[str]):
    """All numbers in the code, and those in its asserts and claims."""
    trees = [ast.parse(text) for text in code]
    proofs = [node for tree in trees for node in ast.walk(tree)
              if isinstance(node, ast.Assert) or passages.called(node) == "claim"]
    return passages.literals(trees), passages.literals(proofs)


def main(arguments=None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.authoring.prose", description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="*", help="names such as 01_regression_losses; all when left out")
    found = [problem for name in parser.parse_args(arguments).notebooks or src.names() for problem in
             check(src.read(name))] + check_misconceptions()
    print("\n".join([*found, ADVICE] if found else []) or "Every number in the prose comes from somewhere.")
    return bool(found)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except src.SourceError as error:
        sys.exit(str(error))
