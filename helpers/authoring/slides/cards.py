"""What stands on the slides of a section, and what the speaker says: read from the cells of its built notebook.

The marks of the source say it. A heading opens with its question; a `prediction` with a figure is asked before that
figure; a question with `discuss` is voted on; an `exercise` is announced; "Where it bites" closes. All other text of
the section, and what its cells have measured, becomes the speaker's notes: no sentence is written for slides alone.
"""
from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

import nbformat

from helpers.authoring import build, instructor
from helpers.authoring import source as src
from helpers.authoring.slides.text import inline, markdown
from helpers.practice.questions import LETTERS, ROOM, TITLES

_PICTURE = re.compile(r"<img alt=\"([^\"]*)\"[^>]*?src=\"(data:image/png;base64,[^\"]+)\">(<p>.*?</p>)?", re.S)
_CALL = re.compile(r'^(question|predict|compare|reflect|check)\((?:"([^"]+)")?', re.M)
_PARTS = re.compile(r"^(?=#{2,3} )", re.M)
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[\"“*`(]*[A-Z0-9])")
BITES = "Where it bites"


@dataclass
class Card:
    """One slide: a word above, a heading, what is shown, and the speaker's notes, both as HTML."""

    kind: str
    above: str
    heading: str
    body: str = ""
    notes: list[str] = field(default_factory=list)


def of_section(notebook: nbformat.NotebookNode, title: str, items: dict) -> list[Card]:
    """The slides of the section with this heading. items: the notebook's practice items by id."""
    cells = section_cells(notebook, title)
    found, shown, name = [], predicted_figures(cells), notebook_title(notebook)
    heading, exercise = title, ""
    for cell in cells:
        if cell.cell_type == "markdown":
            if cell.id.startswith("help-"):
                continue
            for part in _PARTS.split(cell.source):
                level = re.match(r"(#{2,3}) (.+)\n?", part)
                text = part[level.end():].strip() if level else part.strip()
                if level and level[1] == "##":
                    found.append(_with_opening(Card("section", name, level[2]), text))
                elif level and level[2] == BITES:
                    found.append(_with_opening(Card("idea", title, BITES), text))
                elif level and level[2].startswith("Exercise"):
                    heading, exercise = level[2], text
                else:
                    heading = level[2] if level else heading
                    _note(found, markdown(f"**{heading}**\n\n{text}" if level else text))
            continue
        if cell.id.startswith("exercise-"):
            card = Card("exercise", title, heading)
            found.append(_with_opening(card, exercise))
            card.notes.append(markdown(instructor.answers(items[cell.id.removeprefix("exercise-")], code=False)))
            heading, exercise = title, ""
            continue
        for call, id in _CALL.findall(cell.source):
            item = items.get(id)
            if call == "predict" and (id in shown or item.get("discuss")) or call == "question" and item.get("discuss"):
                found.append(asked(item, title))
        for picture in pictures(cell):
            found.append(Card("figure", title if heading != title else name, heading, picture))
        for said in measured(cell):
            _note(found, said)
    return found


def section_cells(notebook: nbformat.NotebookNode, title: str) -> list:
    """The cells from this heading of the second level to the next one; a cell that holds both is divided."""
    inside, found = False, []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            if inside:
                found.append(cell)
            continue
        for part in re.split(r"^(?=## )", cell.source, flags=re.M):
            if part.startswith("## "):
                inside = src.headings(part) == [title]
            if inside and part.strip():
                found.append(nbformat.NotebookNode(cell_type="markdown", id=cell.id, source=part))
    if not found:
        raise src.SourceError(f"The built notebook has no section {title!r}: build it anew.")
    return found


def notebook_title(notebook: nbformat.NotebookNode) -> str:
    """The heading of the first cell."""
    return notebook.cells[0].source.split("\n")[0].removeprefix("# ")


def predicted_figures(cells: list) -> set[str]:
    """The predictions that are open while a figure is shown, or are compared in the cell that shows it."""
    waiting, found = set(), set()
    for cell in cells:
        calls = _CALL.findall(cell.source) if cell.cell_type == "code" else []
        waiting |= {id for call, id in calls if call == "predict"}
        if cell.cell_type == "code" and pictures(cell):
            found |= waiting
        waiting -= {id for call, id in calls if call == "compare"}
    return found


def pictures(cell) -> list[str]:
    """The figures of a cell, each with its alt text, and the sentence below it where a slider gives one."""
    stored = [output.get("data", {}).get("text/html", "") for output in cell.get("outputs", [])]
    return [f'<figure><img alt="{alt}" src="{data}">{below and f"<figcaption>{below[3:-4]}</figcaption>"}</figure>'
            for one in stored for alt, data, below in _PICTURE.findall(one)]


def measured(cell) -> list[str]:
    """What a cell says in sentences: numbers that it has measured, and claims."""
    found = []
    for output in cell.get("outputs", []):
        if "text/markdown" in output.get("data", {}):
            found.append(markdown(output.data["text/markdown"]))
        elif output.output_type == "stream":
            found += [f"<p>{inline(' '.join(claim.split()))}</p>"
                      for claim in re.findall(r"^Claim: .+\n(?:       .+\n?)*", output.text, re.M)]
    return found


def asked(item: dict, section: str) -> Card:
    """The slide that asks a question or a prediction, with the answers that people give as notes."""
    vote = item.get("discuss")
    names = [option["text"] for option in item["options"]] if "options" in item else item.get("lines", [])
    listed = "".join(f"<li><b>{letter}</b> <span>{_line(item, name)}</span></li>"
                     for letter, name in zip(LETTERS, names, strict=False))
    body = f"<p class='ask'>{inline(item['ask'])}</p>"
    body += f"<ol class='options'>{listed}</ol>" if names else f"<p class='number'>A number{_unit(item)}.</p>"
    notes = [f"<p>{inline(ROOM)}</p>"] if vote else []
    notes.append(markdown(instructor.answers(item)))
    return Card("vote" if vote else "ask", section, f"★ {TITLES[item['kind']]}" if vote else TITLES[item["kind"]], body,
                notes)


def _line(item, text):
    return f"<code>{html.escape(text)}</code>" if item["kind"] == "order" else inline(text)


def _unit(item):
    unit = item.get("unit", "").strip()
    return f", in {inline(unit)}" if unit else ""


def _with_opening(card, text):
    """A card that shows the first words of a text, as far as its first question; the rest are notes."""
    first, _, rest = text.partition("\n\n")
    if re.match(r"```|[-|>]|\d+\. ", first):
        first, rest = "", text
    sentences = _SENTENCE.split(first)
    end = next((i for i, sentence in enumerate(sentences[:4], 1) if sentence.endswith("?")), 2)
    card.body = markdown(" ".join(sentences[:end]))
    card.notes += [markdown(one) for one in (" ".join(sentences[end:]), rest) if one]
    return card


def _note(cards, said):
    if cards and said:
        cards[-1].notes.append(said)


def built(name: str) -> nbformat.NotebookNode:
    """A learner edition as it is committed."""
    return nbformat.read(build.edition_path(name, "learner"), as_version=4)
