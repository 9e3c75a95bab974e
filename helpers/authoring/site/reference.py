"""The pages that belong to no notebook: the start page, the glossary and the index of misconceptions."""
from __future__ import annotations

import re

from helpers.authoring import source as src
from helpers.authoring.site import book, practice
from helpers.practice.show import inline


def start(pages: list[book.Page], readme: str) -> str:
    """The start page: the README's first words, the notebooks, and how to run them. It holds the table of contents."""
    title, words = re.match(r"# (.+?)\n(.+?)(?=^## )", readme, re.M | re.S).groups()
    run = re.search(r"^## Two commands\n(.+?)(?=^## )", readme, re.M | re.S)[1]
    listed = [f"[{page.title}]({page.name}.ipynb) ({page.minutes} minutes)\n: {page.summary}" for page in pages]
    contents = [("Notebooks", [page.name for page in pages]), ("To look up", ["glossary", "misconceptions"])]
    trees = [f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(names) + "\n```"
             for caption, names in contents]
    return "\n\n".join([
        f"# {title}", words.strip(), "## The notebooks", *listed,
        "To look things up: the [glossary](glossary.md) and the [index of misconceptions](misconceptions.md). "
        "To search: the field beside each page, or the <a href='search.html'>search page</a>.",
        "(run)=\n## Run it on your computer\n\nYou need the folder of the workbook, and in it one command.",
        run.strip(),
        "## Your answers", "They stay in this browser, and nobody else sees them.",
        "<p><button type='button' id='forget'>Forget my answers</button> "
        "<span role='status' aria-live='polite'></span></p>", *trees]) + "\n"


def glossary(pages: list[book.Page]) -> str:
    """The terms that the sources name in their `instructor` cell (`terms`), each as its notebook puts it."""
    entries = []
    for page in pages:
        for term in src.read(page.name).instructor.get("terms", []):
            number, text = definition(page, term)
            place = f"[{page.title}, section {page.sections[number]}](#{page.label(number)})"
            entries.append((term[0].upper() + term[1:], f"{text}\n\n{place}"))
    listed = "\n\n".join(f"{term}\n  " + text.replace("\n", "\n  ") for term, text in
                         sorted(entries, key=lambda entry: entry[0].lower()))
    return ("# Glossary\n\nEach term in the words of the notebook that introduces it.\n\n"
            f":::{{glossary}}\n{listed}\n:::\n")


def definition(page: book.Page, term: str) -> tuple[int, str]:
    """(number of the section, the passage) where a notebook defines a term: where it stands in bold.

    A row of a table that begins with the term comes first, then a passage that says what it is, then any other. Raises
    SourceError when the term stands nowhere in bold.
    """
    bold = re.compile(r"\*\*" + r"\s+".join(map(re.escape, term.split())) + r"\*\*")
    found, section = [], -1
    for cell in page.notebook.cells:
        if cell.cell_type != "markdown":
            continue
        for block in re.split(r"\n\s*\n|\n(?=- |\d+\. |\|)", cell.source):
            section += len(re.findall(r"^## ", block, re.M))
            match = bold.search(block)
            if match and section >= 0:
                row = re.match(r"\|\s*\*\*", block) is not None
                says = (re.match(r"\s*(:|is\b|says\b|takes\b|compares\b|tells\b|if\b)", block[match.end():])
                        or re.search(r"(is (called )?(the |a )?|: )$", block[:match.start()]))
                found.append((2 if row else 1 if says else 0, section, block, match))
    if not found:
        raise src.SourceError(f"{page.name}: the term {term!r} of its instructor cell stands nowhere in **bold**.")
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
    first = here - (here > 0 and re.match(r"(That|This|It|Its|The second|So|There) ", sentences[here]) is not None)
    after = sentences[here + 1:here + 2]
    if after and (after[0].rstrip().endswith("?") or after[0].startswith(("Section", "Suppose", "Write", "**"))):
        after = []
    return " ".join("".join(sentences[first:here + 1] + after).removeprefix("- ").split())


def misconceptions(pages: list[book.Page]) -> str:
    """Each misconception of the bank: what is true, and the questions and exercises that reveal it, as links.

    It stands under the notebook in which it comes up first.
    """
    places, first = {}, {}
    for page in pages:
        source = src.read(page.name)
        section = src.sections(source)
        for item in source.items.values():
            for wrong in src.wrong_answers(item):
                where = f"{section[item['id']]} ({item['id'].replace('-', ' ')})"
                link = f"<a href='{page.name}.html#{practice.anchor(item)}'>{inline(where)}</a>"
                first.setdefault(wrong["misconception"], page.name)
                places.setdefault(wrong["misconception"], {}).setdefault(page.name, {})[link] = None
    parts = ["# Misconceptions", "What wrong answers in this workbook stand for. Under each: what is true, and where a "
             "question, a prediction or an exercise brings it to light. Answer these first: their answers stand here."]
    bank_of_names = src.read_misconceptions()
    for page in pages:
        entries = [(key, entry) for key, entry in bank_of_names.items() if first.get(key) == page.name]
        listed = "\n".join(_entry(key, entry, places[key]) for key, entry in entries)
        parts += [f"## {page.title}", f"<dl class='misconceptions'>\n{listed}\n</dl>"]
    return "\n\n".join(parts) + "\n"


def _entry(key, entry, places):
    where = "; ".join(f"{name[:2]}: {', '.join(links)}" for name, links in places.items())
    return (f"<dt id='misconception-{key}'>{inline(entry['name'])}</dt>"
            f"<dd><p>{inline(entry['truth'])}</p><p class='where'>{where}</p></dd>")
