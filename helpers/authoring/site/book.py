"""What the site takes from a built notebook: title, minutes, summary, sections, and where a link inside leads."""
from __future__ import annotations

import functools
import re
from dataclasses import dataclass

import nbformat

from helpers.authoring import build
from helpers.authoring import source as src


@dataclass
class Page:
    """One notebook of the learner edition."""

    name: str
    notebook: nbformat.NotebookNode
    title: str
    summary: str  # its first paragraph
    minutes: int
    sections: list[str]  # the headings of the second level

    def label(self, number: int) -> str:
        """The site-wide name of the section with this place in `sections`."""
        return f"{self.name}-{number}"


def pages() -> list[Page]:
    """All notebooks that are built, in order."""
    return [read(path.stem) for path in sorted(build.EDITIONS["learner"].glob("[0-9]*.ipynb"))]


@functools.cache
def read(name: str) -> Page:
    """A notebook by name, as notebooks/<name>.ipynb holds it."""
    notebook = nbformat.read(build.edition_path(name, "learner"), as_version=4)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    title, summary = re.match(r"# (.+)\n\n((?:.+\n)+)", texts[0] + "\n").groups()
    minutes = re.search(r"\*\*Time:\*\* about (\d+) minutes", texts[0])
    if minutes is None:
        raise src.SourceError(f"{name}: the first cell says no **Time:** about … minutes.")
    return Page(name, notebook, title, " ".join(summary.split()), int(minutes[1]),
                [heading for text in texts for heading in src.headings(text)])


def target(page: Page, link: str) -> str:
    """Where a link of a notebook leads on the site: `#0.-Its-section` and `other.ipynb#0.-Its-section` to a label."""
    if link.startswith(("http:", "https:", "mailto:")) or "#" not in link:
        return link
    name, _, anchor = link.partition("#")
    there = read(name.removesuffix(".ipynb")) if name else page
    places = {heading.replace(" ", "-"): number for number, heading in enumerate(there.sections)}
    if anchor not in places:
        raise src.SourceError(f"{page.name}: the link {link} leads to no section of {there.name}.")
    return f"#{there.label(places[anchor])}"
