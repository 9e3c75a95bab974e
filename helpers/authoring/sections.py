"""The sections of a notebook: heading, minutes, prose, code and practice items, and the objectives that each serves."""
from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from helpers.authoring import source as src

WORDS, LINES = 180, 40  # words, and lines of code, that are read in a minute
TASKS = {"question": 0.75, "prediction": 0.75, "order": 0.75, "exercise": 4, "reflection": 1}  # minutes
RULE = "180 words or 40 lines of code a minute, 45 seconds a question, four minutes an exercise, one a reflection"
_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_HEADING = re.compile(r"^(?=## )", re.M)
_NUMBER = re.compile(r"(\d+)(?:\.\d+)?(?: to (\d+)(?:\.\d+)?)?")


@dataclass
class Section:
    """What stands below one heading of the second level. A cell is (kind, text, item id), as in source.Source."""

    notebook: str
    title: str
    minutes: int
    cells: list = field(default_factory=list)
    items: list[dict] = field(default_factory=list)

    @property
    def votes(self) -> list[dict]:
        """The questions to vote on, discuss, and vote on again."""
        return [item for item in self.items if item.get("discuss")]

    @property
    def reckoned(self) -> float:
        """Minutes by RULE: what the minutes that the author gives are held against."""
        words = sum(len(_FENCE.sub("", text).split()) for kind, text, _ in self.cells if kind == "markdown")
        words += sum(len(" ".join([item.get("ask", ""), *(o["text"] for o in item.get("options", []))]).split())
                     for item in self.items)
        lines = sum(len([line for line in text.splitlines() if line.strip()])
                    for kind, text, _ in self.cells if kind == "code")
        return words / WORDS + lines / LINES + sum(TASKS.get(item["kind"], 0) for item in self.items)

    @functools.cached_property
    def prose(self) -> str:
        """What a learner reads: text, questions, options and their feedback."""
        asked = [" ".join([item.get("ask", ""), *(f"{o['text']} {o['why']}" for o in item.get("options", []))])
                 for item in self.items]
        return "\n".join([self.title, *(text for kind, text, _ in self.cells if kind == "markdown"), *asked])


def of(source: src.Source) -> list[Section]:
    """The sections of a source, in order. Raises SourceError when the minutes are for another number of sections."""
    found = []
    for kind, text, _, item_id in source.cells:
        for part in _HEADING.split(text) if kind == "markdown" else [text]:
            heading = re.match(r"## (.+)\n?", part) if kind == "markdown" else None
            if heading:
                found.append(Section(source.name, heading[1], 0))
                part = part[heading.end():]
            if found and (part.strip() or item_id):
                found[-1].cells.append((kind, part.strip("\n"), item_id))
                found[-1].items += [source.items[item_id]] if item_id else []
    minutes = source.instructor["minutes"]
    if len(found) != len(minutes):
        raise src.SourceError(f"{source.name}.py: {len(found)} sections, but minutes for {len(minutes)}.")
    for section, length in zip(found, minutes, strict=True):
        section.minutes = length
    return found


def objectives(source: src.Source) -> list[tuple[str, set[int]]]:
    """What the learner can do afterwards: (text, numbers of the sections that the parenthesis at its end names)."""
    first = next((text for kind, text, _, _ in source.cells if kind == "markdown"), "")
    listed = re.findall(r"^\d+\. (.+?)(?=^\d+\. |^$|\Z)", first, re.M | re.S)
    found = []
    for text in listed:
        whole = re.match(r"(.+) \(([^()]+)\)[;.]?$", " ".join(text.split()))
        if not whole:
            raise src.SourceError(f"{source.name}.py: the objective {text.strip()!r} ends without its (checks).")
        numbers = set()
        for low, high in _NUMBER.findall(whole[2]):
            numbers |= set(range(int(low), int(high or low) + 1))
        found.append((whole[1], numbers))
    return found


def needed(source: src.Source) -> str:
    """What the first cell says after **You need:**."""
    first = next((text for kind, text, _, _ in source.cells if kind == "markdown"), "")
    return " ".join(first.partition("**You need:**")[2].split("\n\n")[0].split())
