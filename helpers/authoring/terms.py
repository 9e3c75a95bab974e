"""The terms that a notebook introduces: where each is at home, and the passage that defines it."""
from __future__ import annotations

import re

from helpers.authoring import sections
from helpers.authoring import source as src


def definition(source: src.Source, term: str) -> tuple[int, str]:
    """(number of the section, the passage) where a notebook defines a term: where it stands in bold.

    A row of a table that begins with the term comes first, then a passage that says what it is, then any other. Raises
    SourceError when the term stands nowhere in bold.
    """
    bold, found, section = _bold(term), [], -1
    for text in (text for kind, text, _, _ in source.cells if kind == "markdown"):
        for block in re.split(r"\n\s*\n|\n(?=- |\d+\. |\|)", text):
            section += len(re.findall(r"^## ", block, re.M))
            match = bold.search(block)
            if match and section >= 0:
                row = re.match(r"\|\s*\*\*", block) is not None
                says = (re.match(r"\s*(:|is\b|says\b|takes\b|compares\b|tells\b|if\b)", block[match.end():])
                        or re.search(r"(is (called )?(the |a )?|: )$", block[:match.start()]))
                found.append((2 if row else 1 if says else 0, section, block, match))
    if not found:
        raise _nowhere(source, term)
    _, section, block, match = max(found, key=lambda one: one[0])
    return section, _passage(block, match)


def _passage(block, match):
    """A row of a table as a sentence; else the sentence that holds the term, with the one before it where it only
    points back, and the one after it where that goes on explaining."""
    if block.startswith("|"):
        cells = [cell.strip() for cell in block.strip("|").split("|")]
        return f"{cells[1]}, such as: {'; '.join(cells[2:])}."
    ends = [found.end() for found in re.finditer(r"[.?!]\s+(?=[\"“*`]*[A-Z0-9])", block)]
    starts = [0, *ends]
    sentences = [block[start:end] for start, end in zip(starts, [*ends, len(block)], strict=True)]
    here = max(i for i, start in enumerate(starts) if start <= match.start())
    back = re.match(r"(That|This|It|Its|The second|So|There|Their) ", sentences[here]) is not None
    first = here - (here > 0 and back)
    after = sentences[here + 1:here + 2]
    if after and (after[0].rstrip().endswith("?") or after[0].startswith(("Section", "Suppose", "Write", "**"))):
        after = []
    return " ".join("".join(sentences[first:here + 1] + after).removeprefix("- ").split())


def homes(source: src.Source, parts: list[sections.Section]) -> dict[str, sections.Section]:
    """Each new term of a notebook, and which of its sections has it in bold for the first time. Raises SourceError."""
    found = {}
    for term in source.instructor.get("terms", []):
        home = next((one for one in parts if _bold(term).search(one.prose)), None)
        if home is None:
            raise _nowhere(source, term)
        found[term] = home
    return found


def says(section: sections.Section, term: str) -> bool:
    """Whether a term occurs in what a learner reads there, in singular or plural, in upper or lower case."""
    return re.search(rf"(?<!\w){_spaced(term)}(s|es)?(?!\w)", section.prose, re.I) is not None


def _bold(term):
    return re.compile(rf"\*\*{_spaced(term)}\*\*")


def _spaced(term):
    """The term, wherever the author broke the line."""
    return r"\s+".join(map(re.escape, term.split()))


def _nowhere(source, term):
    return src.SourceError(f"{source.name}: the term {term!r} of its instructor cell stands nowhere in **bold**.")
