"""What a cell of a source says to its reader in prose, and the marks that say where its numbers come from."""
from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from helpers.authoring import numbers

_SENTENCE = {"tell": 0, "claim": 0, "show": 1}  # call -> the place of its sentence among the arguments


@dataclass
class Passage:
    """The prose of one cell, in pieces, with its marks, and the numbers that are its own: answers to a question, or
    the numbers of a claim.
    """

    where: str
    pieces: list[str]
    marks: list[numbers.Mark]
    own: list[float] = field(default_factory=list)


def of_cell(kind: str, text: str, given: str | list[str], where: str) -> Passage:
    """The passage of a cell that is no TOML. Raises ValueError for a mark that cannot be read or has no number."""
    own = []
    if kind in ("markdown", "alt"):
        pieces = [text]
    elif kind == "hint":
        pieces = [re.sub(r"^# ?", "", text, flags=re.M)]
    elif kind == "wrong":  # its first comment is the feedback
        pieces = [re.sub(r"^# ?", "", re.match(r"(?:#.*\n)*", text).group(), flags=re.M)]
    elif kind in ("code", "exercise"):
        pieces, own = told(text)
    else:
        pieces = []
    return _passage(pieces, given, where, own)


def of_item(item: dict, where: str) -> Passage:
    """The passage of a question, prediction, order or reflection as it stands in TOML.

    The texts of wrong options are left out: they may say anything. Their feedback may not.
    """
    right = item.get("right")
    said = [item, *([right] if isinstance(right, dict) else [])]
    pieces = [str(part.get(key, "")) for part in said for key in ("ask", "text", "why")]
    pieces += [str(part.get("why", "")) for part in [*item.get("wrong", []), *item.get("near", [])]]
    answers = [near.get("value") for near in item.get("near", [])] + [right]
    return _passage(pieces, item.get("given", ""), where, [a for a in answers if isinstance(a, int | float)])


def _passage(pieces, given, where, own=()):
    marks = numbers.marks(given)
    there = {number.key for piece in pieces for number in numbers.find(piece)}
    for mark in marks:
        if mark.number.key not in there:
            raise ValueError(f"the mark for {mark.number.written} is for a number that does not stand in the prose.")
    return Passage(where, [piece for piece in pieces if piece], marks, list(own))


def told(code: str) -> tuple[list[str], set[float]]:
    """The sentences in code that a reader takes for text (those of `tell` and `claim`, alt texts of figures), and the
    numbers of its claims. Raises ValueError when it is not Python.
    """
    try:
        calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    except SyntaxError as error:
        raise ValueError(f"not Python: {error}.") from None
    texts = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "alt"]
    for call in calls:
        place = _SENTENCE.get(called(call))
        texts += call.args[place:place + 1] if place is not None else []
    return [_words(text) for text in texts], literals(call for call in calls if called(call) == "claim")


def called(node: ast.AST) -> str:
    """The name of the function that a call calls, without its module; "" for anything else."""
    function = getattr(node, "func", None)
    return getattr(function, "id", getattr(function, "attr", ""))


def literals(nodes) -> set[float]:
    """All numbers that stand in some pieces of code."""
    found = [part.value for node in nodes for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return {value for value in found if type(value) in (int, float)}


def _words(text):
    """The words of a string in code, an f-string included; "" where it is something else."""
    parts = [part.value for part in getattr(text, "values", [text]) if isinstance(part, ast.Constant)]
    return " ".join(part for part in parts if isinstance(part, str))
