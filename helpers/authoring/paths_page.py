"""The instructor's page of the paths: a timetable for each, what to say, and what to leave out when time is short."""
from __future__ import annotations

import re

from helpers.authoring import paths, sections, terms
from helpers.authoring import source as src
from helpers.authoring.sections import Section

HEAD = f"""# Paths through the book

Built from `notebooks/source/paths.toml` and the notebooks' sources; do not edit.

The minutes of a section are those of its notebook's page, and {paths.VOTE} for each vote (★): so long a question is
discussed with a neighbor and voted on again. Cells that run are counted as measured, rounded up to a minute a notebook,
with those of sections that are left out: before such a section select its first cell and choose *Run*, *Run All Above
Selected Cell*. A term that has to be said counts half a minute. Each path leaves some minutes free.

Slides for every path: `python -m helpers.authoring.slides` writes them to `build/slides`, one file a path."""


def page(sources: list[src.Source]) -> str:
    """The page as Markdown. Raises SourceError when a path cannot be taught: prerequisites, minutes or pauses."""
    book = paths.book(sources)
    found = paths.read(book)
    wrong = [problem for path in found for problem in paths.problems(path, book)]
    if wrong:
        raise src.SourceError("paths.toml cannot be used:\n" + "\n".join(wrong))
    return "\n\n".join([HEAD, *(_path(path, book) for path in found)]) + "\n"


def _path(path, book):
    planned = paths.total(path, book)
    running = ", ".join(f"{name[:2]}: {minutes}" for name, minutes in book.running(path.sections).items())
    parts = [f"## {path.title}", path.aim,
             f"**{planned} of {path.minutes} minutes** are planned, {path.minutes - planned} are free. "
             f"Waiting for cells: {sum(book.running(path.sections).values())} ({running}).", _timetable(path)]
    if path.said:
        said = [f"- {terms.definition(book.sources[book.homes[term].notebook], term)[1]}" for term in path.said]
        parts.append("**Say in a sentence,** because the section that says it is left out:\n\n" + "\n".join(said))
    skipped = [f"{number}. {_link(section)}: {paths.spent(section)} minutes"
               for number, section in enumerate(path.skip, 1)]
    parts.append("**Short of time:** leave out, in this order:\n\n" + "\n".join(skipped))
    needed = [f"- {_name(name)}: {sections.needed(book.sources[name])}"
              for name in dict.fromkeys(section.notebook for section in path.sections)]
    parts.append("**What learners need for each notebook:**\n\n" + "\n".join(needed))
    return re.sub(r"\]\((\d\d_\w+\.ipynb)", r"](../\1", "\n\n".join(parts))


def _timetable(path):
    rows = ["| from | minutes | section | to vote on |", "|---|---|---|---|"]
    for number, day in enumerate(paths.days(path), 1):
        clock = 0
        if number > 1:
            rows.append(f"|  |  | *Day {number}* |  |")
        for step in day:
            what, votes = (_link(step), ", ".join(f"★ `{item['id']}`" for item in step.votes)) \
                if isinstance(step, Section) else (f"*{step.name}*", "")
            rows.append(f"| {paths.clock(clock)} | {paths.lasts(step) or ''} | {what} | {votes} |")
            clock += paths.lasts(step)
    rows.append(f"| {paths.clock(clock)} | {path.closing} | *{paths.CLOSING}* |  |")
    return "\n".join(rows)


def _link(section):
    return f"[{section.notebook[:2]}, {section.title}]({section.notebook}.ipynb#{section.title.replace(' ', '-')})"


def _name(notebook):
    number, *words = notebook.split("_")
    return f"{number} {' '.join(words).capitalize()}"
