"""From the cells of a built notebook to the cells of its page: links, forms in place of calls, folded outputs."""
from __future__ import annotations

import copy
import html
import itertools
import pathlib
import re

import nbformat

from helpers import bank
from helpers.authoring import build
from helpers.authoring.site import book, pictures, practice

# lines that a reader on the page does not need: what they show is there, as a form
_CALL = re.compile(r'^(question|predict|compare|reflect|check|my_progress|repeat)\((?:"([^"]+)")?.*\)\n?', re.M)
_BOX = re.compile(r"(?:<!--.*?-->\s*)?<div role=.group.", re.S)
_CAME_OUT = re.compile(r">What came out</th><td[^>]*>(.*?)</td>")
_FENCE = re.compile(r"^(```.*?^```)", re.M | re.S)
READ_ONLY = ("You can read this page, answer its questions and commit to its predictions here; your answers stay in "
             "this browser. To run the code and have your exercises checked, open the notebook: "
             "[how to run the workbook](#run).")


def convert(page: book.Page, site: pathlib.Path) -> nbformat.NotebookNode:
    """The notebook as Sphinx is to read it. site: where its pictures go."""
    notebook = copy.deepcopy(page.notebook)
    waits, sections, cells = Waits(), itertools.count(), []
    for cell in notebook.cells:
        hidden = cell.metadata.get("jupyter", {}).get("outputs_hidden", False)
        asked = waits.see(cell.source) if cell.cell_type == "code" else []
        tags = ["hide-output", *(f"waits-{id}" for id in asked)] if hidden and asked else []
        cell.metadata = nbformat.NotebookNode({})
        if cell.cell_type == "markdown":
            cell.source = _prose(page, cell.source, sections)
        elif cell.id.startswith("check-"):
            cell = nbformat.v4.new_markdown_cell("*Checked in the notebook. Here: hints, and a solution.*", id=cell.id)
        else:
            if cell.id.startswith("exercise-"):  # where the index of misconceptions leads
                cells.append(nbformat.v4.new_markdown_cell(f"<span id='{cell.id}'></span>", id=f"at-{cell.id}"[:64]))
            _code(cell, tags, site)
        cells.append(cell)
        if len(cells) == 1:
            cells.append(nbformat.v4.new_markdown_cell(f":::{{note}}\n{READ_ONLY}\n:::", id="read-only"))
    notebook.cells = cells
    return notebook


class Waits:
    """Which predictions a folded output waits for: those that are open, or were until the last comparison."""

    def __init__(self):
        self.open, self.last = [], []

    def see(self, code: str) -> list[str]:
        """Take note of the calls in a cell; returns what its outputs wait for."""
        calls = [(call[1], call[2]) for call in _CALL.finditer(code)]
        self.open += [id for name, id in calls if name == "predict"]
        self.last = list(self.open) or self.last
        compared = [id for name, id in calls if name == "compare"]
        self.open = [id for id in self.open if id not in compared]
        return self.last


def _prose(page, text, sections):
    """A Markdown cell with links that lead somewhere on the site, and a label before each section. sections: counts."""
    parts = _FENCE.split(text)
    for i in range(0, len(parts), 2):  # not the code blocks
        parts[i] = re.sub(r"\]\(([^)\s]+)\)", lambda m: f"]({book.target(page, m[1])})", parts[i])
        parts[i] = re.sub(r"^## ", lambda m: f"({page.label(next(sections))})=\n{m[0]}", parts[i], flags=re.M)
    return "".join(parts)


def _code(cell, tags, site):
    calls = [(call[1], call[2]) for call in _CALL.finditer(cell.source)]
    slider = "figures.slider(" in cell.source
    code = _CALL.sub("", cell.source).strip("\n")
    if code:
        cell.source = code
    else:
        tags.append("remove-input")
    boxes, outputs = iter(calls), []
    for output in cell.outputs:
        stored = output.get("data", {}).get("text/html", "")
        if output.output_type == "stream":
            output.text = output.text.removeprefix(f"{build.COVER}\n")
        if _BOX.match(stored) and (call := next(boxes, None)):
            stored = _practice(*call, stored)
            if not stored:
                continue
        if stored:
            stored = pictures.move_out(stored.removeprefix(f"<!-- {build.COVER} -->\n"), site)
            note = "<p class='note-of-slider'>In the notebook a slider moves this figure.</p>" if slider else ""
            output.data = nbformat.NotebookNode({"text/html": stored + note})
        outputs.append(output)
    cell.outputs = outputs
    if not outputs:
        tags = [tag for tag in tags if tag != "hide-output"]
    cell.metadata = nbformat.NotebookNode({"tags": tags} if tags else {})


def _practice(name, id, stored):
    """What stands on the page for a call of helpers.practice; nothing for what looks at the learner's progress file."""
    if name == "compare":
        return practice.comparison(bank.items()[id], html.unescape(_CAME_OUT.search(stored)[1]))
    return practice.form(bank.items()[id]) if name in ("question", "predict", "reflect") else ""
