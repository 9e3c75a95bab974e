"""The slides of a path, and their page: one HTML file that holds everything it shows."""
from __future__ import annotations

import html
import pathlib
from string import Template

from helpers.authoring import paths, terms
from helpers.authoring import source as src
from helpers.authoring.paths import Book, Path, Pause
from helpers.authoring.slides import cards
from helpers.authoring.slides.cards import Card
from helpers.authoring.slides.text import inline, markdown

BOOK = (src.ROOT / "README.md").read_text(encoding="utf-8").split("\n")[0].removeprefix("# ")  # the workbook's name
STATIC = pathlib.Path(__file__).resolve().parent / "static"


def of_path(path: Path, book: Book) -> list[tuple[Card, str]]:
    """Each slide of a path with the clock at which its section begins, as `0:42`."""
    notebooks = {name: cards.built(name) for name in dict.fromkeys(section.notebook for section in path.sections)}
    title = Card("title", BOOK, path.title, markdown(path.aim), [_plan(path, book)])
    found, unsaid = [(title, "")], list(path.said)
    for day in paths.days(path):
        clock = 0
        if len(found) > 1:
            found.append((Card("pause", path.title, paths.NIGHT), ""))
        for step in day:
            at = paths.clock(clock)
            clock += paths.lasts(step)
            if isinstance(step, Pause):
                minutes = f"<p>{step.minutes} minutes</p>" if step.minutes else ""
                found.append((Card("pause", path.title, step.name, minutes), at))
                continue
            for term in [one for one in unsaid if one in paths.needs(step, book)]:
                unsaid.remove(term)
                home = book.sources[book.homes[term].notebook]
                found.append((Card("term", step.title, term, markdown(terms.definition(home, term)[1])), at))
            found += [(card, at) for card in
                      cards.of_section(notebooks[step.notebook], step.title, book.sources[step.notebook].items)]
    found.append((Card("pause", path.title, paths.CLOSING, f"<p>{path.closing} minutes</p>"), ""))
    return found


def _plan(path, book):
    """The first notes: which sections there are, and what to leave out when time is short."""
    rows = "".join(f"<li>{inline(step.name if isinstance(step, Pause) else f'{step.notebook[:2]}, {step.title}')}: "
                   f"{paths.lasts(step)}</li>" for step in path.steps if paths.lasts(step))
    skipped = "".join(f"<li>{inline(section.title)}: {paths.spent(section)}</li>" for section in path.skip)
    return (f"<p>{paths.total(path, book)} of {path.minutes} minutes are planned.</p><ul>{rows}</ul>"
            f"<p>Short of time: leave out, in this order</p><ol>{skipped}</ol>")


def page(path: Path, book: Book) -> str:
    """The HTML file of a path."""
    slides = of_path(path, book)
    written = [_slide(number, card, at, len(slides)) for number, (card, at) in enumerate(slides, 1)]
    static = {name: (STATIC / f"slides.{name}").read_text(encoding="utf-8") for name in ("css", "js", "html")}
    return Template(static["html"]).substitute(title=html.escape(f"{path.title} · {BOOK}"), css=static["css"],
                                               js=static["js"], slides="\n".join(written))


def _slide(number, card, at, count):
    level = "h1" if number == 1 else "h2"
    start = f"<span class='at' title='planned start of the section'>{at}</span>" if at else ""
    notes = "\n".join(card.notes) or "<p>No notes.</p>"
    return (f"<section class='slide {card.kind}' id='{number}' aria-label='Slide {number} of {count}'>\n"
            f"<div class='shown'><p class='above'>{inline(card.above)}{start}</p>\n"
            f"<{level} tabindex='-1'>{inline(card.heading)}</{level}>\n{card.body}</div>\n"
            f"<aside class='notes' aria-label='Speaker&#39;s notes'>{notes}</aside>\n</section>")
