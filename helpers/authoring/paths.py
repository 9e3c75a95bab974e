"""Paths through the book for a room: which sections, their minutes, and whether prerequisites are met.

They are defined once, in notebooks/source/paths.toml. A section counts with the minutes of its notebook's `instructor`
cell and VOTE minutes for each vote; the run time of the cells up to it was measured (run_times.py).
"""
from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass

from helpers.authoring import run_times, sections, terms
from helpers.authoring import source as src
from helpers.authoring.sections import Section

VOTE = 2  # minutes for a question that is discussed with a neighbor and voted on again
SAY = 0.5  # minutes for a term that is said in a sentence
STRETCH = 100  # minutes without a pause, at most
FILLED = 0.85  # share of its time that a path must use
NIGHT = "Until the next day"
CLOSING = "Questions, and a minute card"


@dataclass
class Pause:
    """A break. Lunch and the night count no minutes."""

    minutes: int = 0
    name: str = "Break"


@dataclass
class Path:
    """A way through the book. steps: sections and pauses, in order."""

    id: str
    title: str
    minutes: int
    aim: str
    steps: list[Section | Pause]
    said: list[str]
    skip: list[Section]
    closing: int

    @property
    def sections(self) -> list[Section]:
        """The sections, without the pauses."""
        return [step for step in self.steps if isinstance(step, Section)]


@dataclass
class Book:
    """What the paths lead through: the sections of each notebook, where each term is at home, what was measured."""

    sources: dict[str, src.Source]
    sections: dict[str, list[Section]]
    homes: dict[str, Section]
    seconds: dict[str, dict[str, float]]

    def place(self, section: Section) -> tuple[str, int]:
        """Where a section stands in the book; places compare as the book is read."""
        return section.notebook, self.sections[section.notebook].index(section)

    def find(self, notebook: str, title: str) -> Section:
        """A section by its heading. Raises SourceError."""
        for section in self.sections.get(notebook, []):
            if section.title == title:
                return section
        raise src.SourceError(f"paths.toml: there is no section {title!r} in {notebook}.")

    def running(self, path_sections: list[Section]) -> dict[str, int]:
        """Minutes, rounded up, that the cells run by notebook: all of them as far as the last section of the path."""
        last = {section.notebook: self.place(section)[1] for section in path_sections}
        return {name: math.ceil(sum(self.seconds.get(name, {}).get(one.title, 0.0)
                                    for one in self.sections[name][:number + 1]) / 60)
                for name, number in last.items()}


def book(sources: list[src.Source]) -> Book:
    """All that a path needs to know of the sources."""
    parts = {source.name: sections.of(source) for source in sources}
    homes = {term: home for source in sources for term, home in terms.homes(source, parts[source.name]).items()}
    return Book({source.name: source for source in sources}, parts, homes,
                {name: one["seconds"] for name, one in run_times.read().items()})


def read(book: Book, text: str | None = None) -> list[Path]:
    """The paths of paths.toml, or of a text like it. Raises SourceError when a section does not exist."""
    text = (src.SOURCES / "paths.toml").read_text(encoding="utf-8") if text is None else text
    found = []
    for key, entry in tomllib.loads(text).items():
        steps = []
        for step in entry["steps"]:
            if "pause" in step or "stop" in step:
                steps.append(Pause(step.get("pause", 0), step.get("stop", "Break")))
            else:
                steps += _chosen(step, book)
        skip = [book.find(one["notebook"], one["section"]) for one in entry["skip"]]
        found.append(Path(key, entry["title"], entry["minutes"], entry["aim"], steps, entry["said"], skip,
                          entry["closing"]))
    return found


def _chosen(step, book):
    """The sections of a step: the named ones, or those as far as `until`, or those `after` one, or all."""
    name = step["notebook"]
    if name not in book.sections:
        raise src.SourceError(f"paths.toml: there is no notebook {name!r}.")
    if "sections" in step:
        return [book.find(name, title) for title in step["sections"]]
    number = {key: book.place(book.find(name, step[key]))[1] + 1 for key in ("after", "until") if key in step}
    return book.sections[name][number.get("after", 0):number.get("until")]


def days(path: Path) -> list[list[Section | Pause]]:
    """The steps of each day."""
    found = [[]]
    for step in path.steps:
        if isinstance(step, Pause) and step.name == NIGHT:
            found.append([])
        else:
            found[-1].append(step)
    return found


def spent(section: Section) -> int:
    """Minutes of a section in a room: for its text and its tasks, and for its votes."""
    return section.minutes + VOTE * len(section.votes)


def lasts(step: Section | Pause) -> int:
    """Minutes of a step."""
    return step.minutes if isinstance(step, Pause) else spent(step)


def clock(minutes: int) -> str:
    """Minutes since the beginning of a day, as `1:05`."""
    return f"{minutes // 60}:{minutes % 60:02}"


def total(path: Path, book: Book) -> int:
    """Minutes of a path: sections, votes, pauses, cells that run, terms that are said, and the closing."""
    return (sum(map(lasts, path.steps))
            + sum(book.running(path.sections).values()) + math.ceil(SAY * len(path.said)) + path.closing)


def needs(section: Section, book: Book) -> list[str]:
    """The terms that a section uses and an earlier one introduces."""
    return [term for term, home in book.homes.items()
            if book.place(home) < book.place(section) and terms.says(section, term)]


def unmet(path: Path, book: Book, without: list[Section] = ()) -> list[str]:
    """What is missing for the sections of a path, in sentences. without: sections that are skipped."""
    taken = [section for section in path.sections if section not in without]
    found, wanted = [], set()
    for number, section in enumerate(taken):
        before = taken[:number]
        for term in needs(section, book):
            home = book.homes[term]
            if home in before:
                continue
            wanted.add(term)
            if term not in path.said:
                found.append(f"{path.id}: {section.title!r} uses {term!r} before {home.title!r} of {home.notebook} has "
                             "introduced it: take that section in, or put the term into `said`.")
        for name in re.findall(r"\]\((\w+)\.ipynb\)", sections.needed(book.sources[section.notebook])):
            if name in book.sections and all(one.notebook != name for one in before):
                found.append(f"{path.id}: {section.title!r} stands in {section.notebook}, which needs {name}: take in "
                             "a section of it before.")
    idle = [] if without else [term for term in path.said if term not in wanted]
    return list(dict.fromkeys(found)) + [f"{path.id}: {term!r} need not be said: no section lacks it." for term in idle]


def problems(path: Path, book: Book) -> list[str]:
    """All that is wrong with a path, in sentences; none when it can be taught."""
    places = [book.place(section) for section in path.sections]
    found = [f"{path.id}: {section.title!r} stands before the section above it in the book."
             for section, one, next_one in zip(path.sections[1:], places, places[1:], strict=False) if next_one <= one]
    found += [f"{path.id}: how long the cells of {name} run is not known: run helpers.authoring.run_times {name}."
              for name in dict.fromkeys(section.notebook for section in path.sections) if name not in book.seconds]
    found += unmet(path, book)
    time = total(path, book)
    if not FILLED * path.minutes <= time <= path.minutes:
        found.append(f"{path.id}: its parts add up to {time} minutes, which does not fit {path.minutes}.")
    found += [f"{path.id}: day {number} takes {sum(map(lasts, day))} minutes, more than its share of {path.minutes}."
              for number, day in enumerate(days(path), 1) if sum(map(lasts, day)) > path.minutes / len(days(path))]
    stretch = 0
    for step in path.steps:
        stretch = 0 if isinstance(step, Pause) else stretch + spent(step)
        if stretch > STRETCH:
            found.append(f"{path.id}: over {STRETCH} minutes without a pause before {step.title!r} ends.")
            break
    if not path.skip:
        found.append(f"{path.id}: `skip` names nothing to leave out when time is short.")
    for number, section in enumerate(path.skip, 1):
        if section not in path.sections:
            found.append(f"{path.id}: {section.title!r} is to be skipped, and is not in the path.")
        else:
            found += [f"when {section.title!r} is skipped: {one}" for one in unmet(path, book, path.skip[:number])]
    return found
