"""The pages that belong to no notebook: the start page, the glossary and the index of misconceptions."""
from __future__ import annotations

import re

from helpers.authoring import source as src
from helpers.authoring.site import book, practice
from helpers.authoring.terms import definition
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
        source = src.read(page.name)
        for term in source.instructor.get("terms", []):
            number, text = definition(source, term)
            place = f"[{page.title}, section {page.sections[number]}](#{page.label(number)})"
            entries.append((term[0].upper() + term[1:], f"{text}\n\n{place}"))
    listed = "\n\n".join(f"{term}\n  " + text.replace("\n", "\n  ") for term, text in
                         sorted(entries, key=lambda entry: entry[0].lower()))
    return ("# Glossary\n\nEach term in the words of the notebook that introduces it.\n\n"
            f":::{{glossary}}\n{listed}\n:::\n")


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
