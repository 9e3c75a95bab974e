"""The slides as a speaker meets them: built anew, opened in a real browser from a folder, turned by keys, printed."""
import os
import pathlib
import re
import subprocess
import sys

import pytest
from real_browser import find_browser

from helpers.authoring import build, paths
from helpers.authoring import source as src
from helpers.authoring.slides import cards, deck
from helpers.authoring.slides.text import inline, markdown

BOOK = paths.book([src.read(name) for name in src.names()])
PATHS = {path.id: path for path in paths.read(BOOK)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    done = subprocess.run([sys.executable, "-m", "helpers.authoring.slides", "--output", str(folder)], cwd=src.ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module", params=list(PATHS))
def deck_of(request, folder):
    """A path and the text of its file."""
    return PATHS[request.param], (folder / f"{request.param}.html").read_text(encoding="utf-8")


def shown(text):
    """The page without the speaker's notes."""
    return re.sub(r"<aside.*?</aside>", "", text, flags=re.S)


def test_there_is_one_file_a_path(folder):
    assert sorted(file.name for file in folder.iterdir()) == sorted(f"{id}.html" for id in PATHS)


def test_a_file_loads_nothing(deck_of):
    text = deck_of[1]
    assert not re.search(r"""(src|href)=["'](?!data:)""", re.sub(r"<a href=\"https?:[^>]+>", "", text))
    assert "url(" not in text and "@import" not in text and len(text.encode()) < 10_000_000


def test_every_figure_is_one_of_the_built_notebooks_and_has_its_alt_text(deck_of):
    path, text = deck_of
    stored = "".join(build.edition_path(name, "learner").read_text(encoding="utf-8")
                     for name in {section.notebook for section in path.sections})
    found = re.findall(r"<img ([^>]*)>", text)
    assert found
    for image in found:
        alt, data = re.fullmatch(r'alt="([^"]+)" src="data:image/png;base64,([^"]+)"', image).groups()
        assert len(alt) > 40 and data.replace("\n", "\\n") in stored


def test_every_section_opens_and_every_vote_has_a_slide_in_order(deck_of):
    path, text = deck_of
    opened = re.findall(r"<section class='slide section'.*?<h2[^>]*>(.*?)</h2>", text, re.S)
    assert opened == [inline(section.title) for section in path.sections]
    asked = re.findall(r"<section class='slide vote'.*?<p class='ask'>(.*?)</p>", text, re.S)
    assert asked == [inline(item["ask"]) for section in path.sections for item in section.votes]


def test_pauses_and_terms_stand_where_the_timetable_has_them(deck_of):
    path, text = deck_of
    stops = re.findall(r"<section class='slide pause'.*?<h2[^>]*>(.*?)</h2>", text, re.S)
    assert stops == [step.name for step in path.steps if isinstance(step, paths.Pause)] + [paths.CLOSING]
    said = re.findall(r"<section class='slide term'.*?<h2[^>]*>(.*?)</h2>", text, re.S)
    assert sorted(said) == sorted(path.said)


def test_answers_stand_in_the_notes_alone(deck_of):
    path, text = deck_of
    visible = shown(text)
    for section in path.sections:
        for item in section.votes:
            whys = [part["why"] for part in (item, *item.get("options", [])) if "why" in part]
            assert whys
            for why in whys:
                told = inline(why)
                assert told not in visible, item["id"]
                assert markdown(why).strip().removeprefix("<p>").removesuffix("</p>") in text, item["id"]


def test_a_figure_comes_after_what_is_predicted_of_it():
    name = "01_regression_losses"
    found = cards.of_section(cards.built(name), "1. One number for five bills", BOOK.sources[name].items)
    assert [card.kind for card in found] == ["section", "ask", "ask", "figure", "exercise", "ask", "figure", "idea"]
    assert found[0].body.count("?") == 1 and found[0].body.strip().endswith("?</p>")
    assert any("Compare with what you wrote" in note for note in found[3].notes)
    assert found[4].heading.startswith("Exercise 1.1") and "a mean of squares" not in found[4].body


def test_a_prediction_without_a_figure_stays_in_the_notebook():
    source = cards.built("01_regression_losses")
    cells = cards.section_cells(source, "2. A pull with a limit")
    assert "huber-delta-10" not in cards.predicted_figures(cells) and cards.predicted_figures(cells)


@pytest.mark.parametrize(("text", "opening"), [
    ("One. Two. Three.\n\nMore.", "One. Two."), ("One. Two? Three.", "One. Two?"),
    ("`delta` is a length.", "is a length."),
    ("- a list\n- of things", ""), ("```\ncode\n```", ""), ("| a | table |", ""), ("", "")])
def test_a_slide_opens_with_a_sentence_or_two_and_the_rest_is_for_the_speaker(text, opening):
    card = cards._with_opening(cards.Card("section", "Notebook", "Title"), text)
    assert opening in card.body and (opening or not card.body)
    words = re.findall(r"\w+", text)
    assert re.findall(r"\w+", re.sub("<[^>]+>", " ", card.body + " ".join(card.notes))) == words


def test_links_inside_the_workbook_become_words():
    text = markdown("See [notebook 01](01_regression_losses.ipynb) and $x^2$.")
    assert text.startswith("<p>See notebook 01 and <span") and "<msup>" in text
    assert 'href="https://example.org"' in markdown("[a page](https://example.org)")


def test_what_cannot_be_made_is_said():
    with pytest.raises(src.SourceError, match="no section 'Nowhere'"):
        cards.section_cells(cards.built("00_start_here"), "Nowhere")
    done = subprocess.run([sys.executable, "-m", "helpers.authoring.slides", "a-week"], cwd=src.ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith("There is no path 'a-week': the paths are 90-minutes")


def test_the_clock_of_a_slide_is_that_of_the_timetable():
    for path in PATHS.values():
        slides = deck.of_path(path, BOOK)
        starts = {}
        for card, at in slides:
            if card.kind == "section":
                starts.setdefault((card.above, card.heading), at)
        page = (build.INSTRUCTOR / "paths.md").read_text(encoding="utf-8").split(f"\n## {path.title}\n")[1]
        listed = re.findall(r"^\| (\d+:\d\d) \| \d+ \| \[\d\d, (.+?)\]\(", page.split("\n## ")[0], re.M)
        assert [(at, title) for (_, title), at in starts.items()] == listed


# in a real browser

@pytest.fixture(scope="module")
def browser():
    path = find_browser()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium, Chrome or Edge found: CI must install one")
        pytest.skip("no Chromium, Chrome or Edge found: install one to run this test")
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, folder):
    """A function that opens the slides of a path from the folder; at the end there was no error, no foreign request."""
    errors, foreign, contexts = [], [], []

    def open_slides(id, width=1280, height=720, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
        context.on("weberror", lambda e: errors.append(str(e.error)))
        context.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else foreign.append(r.url))
        page = context.new_page()
        page.goto((folder / f"{id}.html").as_uri())
        return page

    yield open_slides
    for context in contexts:
        context.close()
    assert errors == [] and foreign == []


def number(page):
    """The number of the one slide that is visible."""
    visible = page.evaluate("slides.flatMap((slide, i) => slide.checkVisibility() ? [i + 1] : [])")
    assert len(visible) == 1
    assert page.locator("#place").inner_text() == f"{visible[0]} of {page.evaluate('slides.length')}"
    assert page.url.endswith(f"#{visible[0]}")
    return visible[0]


def test_keys_and_buttons_turn_the_slides(opened):
    page = opened("90-minutes")
    last = page.evaluate("slides.length")
    for key, place in [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("ArrowLeft", 1), ("ArrowLeft", 1),
                       ("PageDown", 2), ("Space", 3), ("End", last), ("ArrowRight", last), ("Home", 1)]:
        page.keyboard.press(key)
        assert number(page) == place, key
    page.get_by_role("button", name="Next slide").press("Enter")
    assert number(page) == 2
    assert page.evaluate("document.activeElement.matches('.now h2')"), "a screen reader goes on at the new heading"
    page.reload()
    assert number(page) == 2


def test_notes_appear_below_and_scroll_by_keyboard(opened):
    page = opened("90-minutes")
    notes = page.locator(".slide.now .notes")
    assert not notes.is_visible()
    page.keyboard.press("n")
    assert notes.is_visible() and "minutes are planned" in notes.inner_text()
    notes.focus()
    page.keyboard.press("ArrowDown")
    assert number(page) == 1, "in the notes an arrow scrolls"
    page.keyboard.press("n")
    assert not notes.is_visible()


def test_the_speakers_window_goes_along_both_ways(opened):
    page = opened("90-minutes")
    page.keyboard.press("ArrowRight")
    with page.context.expect_page() as new:
        page.keyboard.press("s")
    speaker = new.value
    speaker.wait_for_function("place.textContent.startsWith('2 ')")
    assert speaker.locator(".slide.now .notes").is_visible() and not page.locator(".slide.now .notes").is_visible()
    page.keyboard.press("ArrowRight")
    speaker.wait_for_function("place.textContent.startsWith('3 ')")
    speaker.keyboard.press("ArrowRight")
    page.wait_for_function("place.textContent.startsWith('4 ')")


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768)])
def test_every_slide_fits_its_window_in_readable_letters(opened, size):
    """Nothing is cut off, letters are never below 60% of the usual size, and figures are large."""
    for id in PATHS:
        page = opened(id, *size)
        for index in range(page.evaluate("slides.length")):
            over, letters, width = page.evaluate("""index => {
                show(index);
                const box = slides[index].querySelector('.shown'), image = box.querySelector('img');
                return [Math.max(box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth),
                        parseFloat(box.style.fontSize || 1), image ? image.getBoundingClientRect().width : 9999];
            }""", index)
            assert over <= 1 and letters >= 0.6 and width > 0.4 * size[0], (id, index + 1)


def test_axe_finds_nothing_serious(opened):
    import axe_playwright_python
    axe = next(pathlib.Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
    page = opened("90-minutes")
    page.keyboard.press("n")
    page.evaluate(axe)
    kinds = page.evaluate("Object.values(Object.fromEntries(slides.map((slide, i) => [slide.className, i])))")
    assert len(kinds) >= 7
    for index in kinds:
        page.evaluate("index => show(index)", index)
        found = page.evaluate("axe.run().then(result => result.violations)")
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == [], index
    page.evaluate("document.querySelector('.now h2').style.color = '#ddd'")
    assert "color-contrast" in [one["id"] for one in page.evaluate("axe.run().then(result => result.violations)")]


def test_without_a_script_all_slides_stand_below_each_other(opened):
    page = opened("90-minutes", java_script_enabled=False)
    assert page.locator(".slide h2").first.is_visible() and page.locator(".slide h2").last.is_visible()
    assert page.locator(".notes").first.is_visible() and not page.locator("nav").is_visible()


def test_it_prints_one_slide_a_page(opened):
    page = opened("90-minutes")
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert pages == page.evaluate("slides.length")
