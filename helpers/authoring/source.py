"""Read a notebook's source: a py:percent file in which tags say what a cell is for.

Tags: `preamble` (code that the exercises share) · `instructor` (minutes by section, advice, and `terms`: the
new terms, which stand in bold where they are defined, for the site's glossary; in TOML) · `question`,
`order`, `prediction`, `reflection` (raw cells in TOML) · `alt` with `id=…` (a figure's alt text, out of sight of
whoever has still to predict) · `exercise` with `id=…` (the solution stands between the marks) and after it `start`
(what the learner finds instead of the stub, for a planted bug), `cases`, `hint`, `right` and `wrong` with
`misconception=…` (the comment on its first lines is the feedback) · `training` (its output depends on training, or
on the other notebooks, so nbval does not compare it) · `parameters`.

The slides of a path (slides/cards.py) go by the same tags: what is asked, voted on, shown and practiced is marked.

Any cell may carry `given="0.5: the default threshold; 2.30: ln 10, asserted below"`: where a number of its prose comes
from that looks measured (in TOML: `given = ["0.9: premise of the question"]`). helpers/authoring/prose.py reads it.
"""
from __future__ import annotations

import hashlib
import pathlib
import random
import re
import textwrap
import tomllib
from dataclasses import dataclass, field

import jupytext

from helpers.authoring import passages

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "notebooks" / "source"
STUB = "...  # your code here"
_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION[ \t]*\n?", re.M | re.S)
_ATTACHED = ("start", "cases", "hint", "right", "wrong")
_TABLES = ("question", "order", "prediction", "reflection")
_ALONE = ("preamble", "instructor", "alt", "exercise")


class SourceError(Exception):
    """A source file that cannot be built; the sentence names the file, the cell and what to change."""


@dataclass
class Source:
    """A parsed source: its cells in order, and its practice items by id. A cell is (kind, text, tags, item id)."""

    name: str
    cells: list = field(default_factory=list)
    items: dict = field(default_factory=dict)
    instructor: dict = field(default_factory=dict)
    prose: list[passages.Passage] = field(default_factory=list)
    code: list[str] = field(default_factory=list)  # all code that runs, exercises solved


def names() -> list[str]:
    """The names of all notebooks, in order."""
    return sorted(path.stem for path in SOURCES.glob("[0-9]*.py"))


def read(name: str) -> Source:
    """Parse notebooks/source/<name>.py. Raises SourceError."""
    path = SOURCES / f"{name}.py"
    if not path.exists():
        raise SourceError(f"There is no source {path.name}: the notebooks are {', '.join(names())}.")
    source, preamble, exercise = Source(name), "", None
    misconceptions = read_misconceptions()
    for number, cell in enumerate(jupytext.read(path, fmt="py:percent").cells, 1):
        where = f"{path.name}, cell {number}"
        text, meta = cell.source.strip("\n"), cell.metadata
        tags = list(meta.get("tags", []))
        kind = next((t for t in tags if t in (*_ATTACHED, *_TABLES, *_ALONE)), None)
        _note(source, kind or cell.cell_type, text, meta.get("given", ""), where)
        if kind == "preamble":
            preamble = text
        elif kind == "instructor":
            source.instructor = _toml(text, where)
        elif kind == "alt":
            _add(source, {"kind": kind, "id": meta.get("id"), "notebook": name, "text": " ".join(text.split())}, where)
        elif kind in _TABLES:
            item = _table(text, kind, name, misconceptions, where)
            if "options" in item:
                _deal(item, sum("options" in known for known in source.items.values()))
            _add(source, item, where)
            source.cells.append((kind, "", tags, item["id"]))
        elif kind == "exercise":
            exercise = _exercise(text, meta, name, preamble, where)
            _add(source, exercise, where)
            source.cells.append((kind, text, tags, exercise["id"]))
        elif kind in _ATTACHED:
            if exercise is None:
                raise SourceError(f"{where}: a cell tagged {kind!r} must follow its exercise.")
            _attach(exercise, kind, text, meta, misconceptions, where)
        elif text:
            source.cells.append((cell.cell_type, text, tags, None))
    return source


def _note(source, kind, text, given, where):
    """Keep what a cell says in prose, and its code."""
    code = solved(text) if kind in ("code", "exercise", "cases", "preamble") else ""
    source.code.append(code)
    try:
        if kind in _TABLES:
            source.prose.append(passages.of_item(_toml(text, where), where))
        else:
            source.prose.append(passages.of_cell(kind, code or text, given, where))
    except ValueError as error:
        raise SourceError(f"{where}: {error}") from None


def read_misconceptions() -> dict:
    """The bank of misconceptions: id -> {name, truth}."""
    return tomllib.loads((SOURCES / "misconceptions.toml").read_text(encoding="utf-8"))


def wrong_answers(item: dict) -> list[dict]:
    """The wrong answers that an item knows: options, near numbers, orders or code, each with its misconception."""
    known = [*item.get("options", []), *item.get("near", []), *item.get("wrong", [])]
    return [answer for answer in known if not answer.get("right")]


def headings(text: str) -> list[str]:
    """The headings of the second level in a Markdown cell; a comment in a code block is none."""
    return re.findall(r"^## (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)


def sections(source: Source) -> dict[str, str]:
    """Item id -> the heading of the section it stands in."""
    found, heading = {}, ""
    for kind, text, _, item_id in source.cells:
        headings = re.findall(r"^## (.+)$", text, re.M) if kind == "markdown" else []
        heading = headings[-1] if headings else heading
        if item_id:
            found[item_id] = heading
    return found


def _add(source, item, where):
    if item["id"] in source.items:
        raise SourceError(f"{where}: the id {item['id']!r} is used twice.")
    source.items[item["id"]] = item


def _table(text, kind, notebook, misconceptions, where):
    item = _toml(text, where)
    for key in ("id", "ask"):
        if key not in item:
            raise SourceError(f"{where}: a {kind} needs {key!r}.")
    item.pop("given", None)
    item |= {"kind": kind, "notebook": notebook, "ask": " ".join(item["ask"].split())}
    for part in (item, item.get("right"), *item.get("wrong", []), *item.get("near", [])):
        if isinstance(part, dict) and "why" in part:
            part["why"] = " ".join(part["why"].split())  # TOML strings are broken for the author's eyes
    wrong = item.pop("wrong", []) if kind != "order" else item.get("wrong", [])
    for option in [*wrong, *item.get("near", [])]:
        _name(option, misconceptions, where)
    if isinstance(item.get("right"), dict):
        item["options"] = [item.pop("right") | {"right": True}, *wrong]
    elif kind == "order":
        _shuffle_lines(item)
    return item


def _toml(text, where):
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{where}: not TOML: {error}") from None


def _deal(item, number):
    """Give the options an order, the same at every build: the right one stands everywhere equally often."""
    right, *wrong = item["options"]
    _random(item["id"]).shuffle(wrong)
    places = list(range(4))
    _random(f"{item['notebook']}{number // 4}").shuffle(places)
    wrong.insert(places[number % 4] % (len(wrong) + 1), right)
    item["options"] = wrong


def _random(seed):
    return random.Random(hashlib.sha256(seed.encode()).digest())


def _shuffle_lines(item):
    """Give the lines letters in a shuffled order, and write the right and wrong orders in these letters."""
    lines = item["lines"]
    places = list(range(len(lines)))
    _random(item["id"]).shuffle(places)
    letter = {number: "ABCDEFGH"[place] for place, number in enumerate(places)}
    spell = lambda numbers: "".join(letter[n - 1] for n in numbers)  # noqa: E731
    item["right"] = [spell(numbers) for numbers in item["right"]]
    for wrong in item["wrong"]:
        wrong["order"] = spell(wrong["order"])
    item["lines"] = [lines[number] for number in places]


def _name(option, misconceptions, where):
    key = option.get("misconception")
    if key not in misconceptions:
        raise SourceError(f"{where}: the misconception {key!r} is not in misconceptions.toml.")
    option["misconception_name"] = misconceptions[key]["name"]


def _exercise(text, meta, notebook, preamble, where):
    if "id" not in meta:
        raise SourceError(f"{where}: an exercise needs id=\"…\".")
    if not _SOLUTION.search(text + "\n"):
        raise SourceError(f"{where}: no solution between ### BEGIN SOLUTION and ### END SOLUTION.")
    found = re.findall(r"^(?:def (\w+)|class (\w+)|(\w+) *=)", text, re.M)
    name = meta.get("name") or next((a or b or c for a, b, c in reversed(found)), None)
    return {"kind": "exercise", "id": meta["id"], "notebook": notebook, "name": name, "preamble": preamble,
            "start": stub(text), "solution": solved(text), "cases": "cases = [()]", "hints": [], "right": [],
            "wrong": []}


def _attach(exercise, kind, text, meta, misconceptions, where):
    if kind in ("start", "cases"):
        exercise[kind] = text
    elif kind == "hint":
        exercise["hints"].append(re.sub(r"^# ?", "", text, flags=re.M))
    elif kind == "right":
        exercise["right"].append(text)
    else:
        comment = re.match(r"(?:#.*\n)+", text)
        if not comment:
            raise SourceError(f"{where}: a wrong answer starts with a comment: the feedback that it should get.")
        feedback = " ".join(line.lstrip("# ") for line in comment.group().splitlines())
        wrong = {"code": text[comment.end():], "misconception": meta.get("misconception"), "feedback": feedback}
        _name(wrong, misconceptions, where)
        exercise["wrong"].append(wrong)


def stub(text: str) -> str:
    """The learner's version of an exercise cell: the marked solution replaced by a stub."""
    return _SOLUTION.sub(lambda m: f"{m[1]}{STUB}\n", text + "\n").rstrip("\n")


def solved(text: str) -> str:
    """The solved version of an exercise cell: without the marks."""
    return _SOLUTION.sub(lambda m: m[2], text + "\n").rstrip("\n")


def solution_alone(text: str) -> str:
    """Only what stands between the marks, for the folded solution."""
    return "\n".join(textwrap.dedent(m[2]).rstrip("\n") for m in _SOLUTION.finditer(text + "\n"))
