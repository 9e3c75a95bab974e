"""The site as a reader meets it: built anew, then read by a real browser, with axe-core, by keyboard and on a phone."""
import functools
import http.server
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import urllib.parse
from html.parser import HTMLParser

import pytest
from real_browser import find_browser

from helpers import bank
from helpers.authoring import source as src
from helpers.authoring import terms
from helpers.authoring.site import book, practice
from helpers.practice import questions
from helpers.practice.show import as_html

LIMIT = 2_000_000  # bytes of a page with everything that it loads


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site").resolve()
    done = subprocess.run([sys.executable, "-m", "helpers.authoring.site", "--output", str(folder)], cwd=src.ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


class Parsed(HTMLParser):
    """The ids, links, sources, alt texts and visible text of a page."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loads, self.alts, self.text, self._inside = set(), [], [], [], [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "img":
            self.alts.append(given.get("alt"))
        if tag in ("img", "script") and "src" in given:
            self.loads.append(given["src"])
        if tag == "link" and given.get("rel") in ("stylesheet", "shortcut icon"):
            self.loads.append(given["href"])
        if tag in ("script", "style", "details"):
            self._inside.append(tag)

    def handle_endtag(self, tag):
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            self.text.append(data)


@pytest.fixture(scope="module")
def parsed(site):
    return {path.name: Parsed(path) for path in sorted(site.glob("*.html"))}


def test_every_notebook_is_a_page_and_holds_its_practice(parsed):
    assert len(book.pages()) == len(src.names()) >= 5
    for item in bank.items().values():
        if item["kind"] != "alt":
            assert practice.anchor(item) in parsed[f"{item['notebook']}.html"].ids, item["id"]


def test_no_link_is_dead(site, parsed):
    for name, page in parsed.items():
        for link in page.links:
            address, _, anchor = link.partition("#")
            if address.startswith("https://"):
                continue
            there = urllib.parse.unquote(address) or name
            assert (site / there).is_file(), f"{name}: {link}"
            assert not anchor or urllib.parse.unquote(anchor) in parsed[there].ids, f"{name}: {link}"


def test_pages_are_small_and_load_only_files_of_the_site(site, parsed):
    for name, page in parsed.items():
        files = {(site / load.partition("?")[0]).resolve() for load in page.loads}
        assert all(file.is_file() and site in file.parents for file in files), name
        assert (site / name).stat().st_size + sum(file.stat().st_size for file in files) < LIMIT, name
        assert "base64" not in (site / name).read_text(encoding="utf-8"), name


def test_every_figure_has_its_alt_text(parsed):
    notebooks = [page for name, page in parsed.items() if name[0].isdigit()]
    assert all(page.alts for page in notebooks)
    assert all(alt and len(alt) > 40 for page in notebooks for alt in page.alts)


def test_no_answer_is_visible_before_it_is_given(parsed):
    """What an answer is told stands in no visible text: only in scripts and in what is folded."""
    visible = {name: " ".join(" ".join(page.text).split()) for name, page in parsed.items()}
    for item in bank.items().values():
        if item["kind"] in ("question", "prediction", "order"):
            whys = [part["why"] for part in (item, *item.get("options", [])) if "why" in part]
            assert whys and not any(why in visible[f"{item['notebook']}.html"] for why in whys), item["id"]


def test_every_misconception_leads_somewhere(parsed):
    ids = parsed["misconceptions.html"].ids
    assert {f"misconception-{key}" for key in src.read_misconceptions()} <= ids


def test_terms_are_defined_where_they_are_bold():
    found = [(source, term) for source in map(src.read, src.names()) for term in source.instructor.get("terms", [])]
    assert len(found) > 20
    for source, term in found:
        assert len(terms.definition(source, term)[1]) > 20, term
    with pytest.raises(src.SourceError, match="nowhere in"):
        terms.definition(src.read(src.names()[0]), "surely no term")


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


@pytest.fixture(scope="module")
def address(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def opened(browser, address):
    """A function that opens a page of the site; at the end there was no error and no foreign request."""
    errors, foreign, contexts = [], [], []

    def open_page(name, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: errors.append(f"{name}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: errors.append(f"{name}: {e}"))
        page.on("request", lambda r: None if r.url.startswith((address, "data:")) else foreign.append(r.url))
        page.goto(f"{address}/{name}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == [] and foreign == []


# A page has thousands of pieces of text in a few dozen styles: of each style and background axe judges one piece.
# Judging all takes a minute a page.
ONE_OF_EACH_STYLE = """() => {
    const kinds = new Map(), grounds = new Map([[null, '']]);
    const ground = box => {  // the backgrounds behind an element
        if (!grounds.has(box)) {
            const { backgroundColor: color, opacity } = getComputedStyle(box);
            grounds.set(box, ground(box.parentElement) + (color === 'rgba(0, 0, 0, 0)' ? '' : color)
                             + (opacity === '1' ? '' : opacity));
        }
        return grounds.get(box);
    };
    for (const one of document.body.querySelectorAll('*')) {
        if (![...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
        const style = getComputedStyle(one);
        const kind = [style.color, style.fontSize, style.fontWeight, ground(one)].join();
        if (!kinds.has(kind) && one.checkVisibility()) kinds.set(kind, one);
    }
    return [...kinds.values()];
}"""
WITHOUT_TOKENS = "document.querySelectorAll('.highlight span').forEach(one => one.replaceWith(...one.childNodes))"
CONTRAST = "{runOnly: ['color-contrast']}"
ALL_BUT_CONTRAST = "{rules: {'color-contrast': {enabled: false}}}"
OF_NARROW_PAGES = "{runOnly: ['scrollable-region-focusable', 'target-size', 'button-name', 'label', 'link-name']}"


def violations(page, options):
    """What axe-core calls serious or critical: (rule, places). Everything folded is opened first."""
    import axe_playwright_python
    axe = next(pathlib.Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.wait_for_timeout(100)  # the page hears of what was unfolded
    page.evaluate(axe.read_text(encoding="utf-8"))
    what = f"{{include: ({ONE_OF_EACH_STYLE})()}}" if options == CONTRAST else "document"
    found = page.evaluate(f"axe.run({what}, Object.assign({{resultTypes: ['violations']}}, {options}))"
                          ".then(result => result.violations)")
    return [(one["id"], [node["target"] for node in one["nodes"]][:5]) for one in found
            if one["impact"] in ("serious", "critical")]


NAMES = [f"{name}.html" for name in ("index", "glossary", "misconceptions", "search", *src.names())]
DESK, PHONE = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_serious(opened, name):
    page = opened(name, viewport=DESK)
    assert violations(page, CONTRAST) == []
    page.evaluate("document.body.dataset.theme = 'dark'")
    assert violations(page, CONTRAST) == []
    page.evaluate(WITHOUT_TOKENS)  # thousands of elements that are text in a color, and nothing else
    assert violations(page, ALL_BUT_CONTRAST) == []
    page = opened(name, viewport=PHONE, is_mobile=True, has_touch=True)
    page.evaluate(WITHOUT_TOKENS)
    assert violations(page, OF_NARROW_PAGES) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_axe_would_find_something(opened):
    page = opened("index.html", viewport=DESK)
    page.evaluate("document.querySelector('article p').style.color = '#ddd'")
    assert [rule for rule, _ in violations(page, CONTRAST)] == ["color-contrast"]


def test_the_page_says_what_the_notebook_says(opened):
    """Every option, and for numbers a grid around every bound: the script picks what helpers.practice says."""
    for name in src.names():
        page, cases = opened(f"{name}.html"), []
        for item in (one for one in bank.items().values() if one["notebook"] == name):
            if item["kind"] in ("question", "order"):
                cases += [(practice.anchor(item), answer, as_html(*questions.verdict(item, answer)[2:]))
                          for answer in answers_to(item)]
        assert cases and page.evaluate(ANSWERED_OTHERWISE, cases) == []


def answers_to(item):
    if "options" in item:
        return "ABCDEFGH"[:len(item["options"])]
    orders = itertools.permutations("ABCDEFGH"[:len(item["lines"])])
    return ["".join(order) for order in itertools.islice(orders, 0, 720, 3)] + item["right"]


# the answers to which the page says something else than what is expected
ANSWERED_OTHERWISE = """cases => cases.filter(([id, answer, expected]) => {
    const form = document.getElementById(id), box = document.createElement('div');
    putBack(form, answer);
    form.requestSubmit();
    box.innerHTML = expected;
    return form.querySelector('.feedback').innerHTML !== box.innerHTML;
})"""


def test_the_page_judges_numbers_as_the_notebook_does(opened):
    found = 0
    for name in src.names():
        page = opened(f"{name}.html")
        for item in (one for one in bank.items().values() if one["notebook"] == name):
            if item["kind"] == "prediction" and "options" not in item:
                box = f"dataOf(document.querySelector('.comparison[data-id=\"{item['id']}\"]'))"
                actual = page.evaluate(f"{box}.actual")
                made = numbers_around(item, actual)
                told = page.evaluate(f"made => {{ const data = {box}; "
                                     "return made.map(one => data.said[keyOfNumber(one, data)]); }", made)
                for one, html in zip(made, told, strict=True):
                    _, text = questions.comparison(item, one, actual)
                    assert as_html("", [], text).split("</p>")[1] in html, item["id"]
                    found += 1
    assert found > 100


def numbers_around(item, actual):
    bounds = [actual, *(near["value"] for near in item["near"])]
    shares = (0.004, 0.006, 0.09, 0.11, 0.25, 0.35, 0.9, 3)
    return [bound + sign * share * (abs(bound) or 1) for bound in bounds for share in (0, *shares) for sign in (-1, 1)]


def test_numbers_are_read_as_in_the_notebook(opened):
    page = opened("01_regression_losses.html")
    for text in ("$3.50", "75 %", "1,000", "3,5", "1,234,567", "-2", "1e3", " 7 ", ".5"):
        assert page.evaluate("numberFrom", text) == float(questions._bare(text)), text
    assert page.evaluate("Number.isNaN(numberFrom('many'))") and page.evaluate("Number.isNaN(numberFrom('3 or 4'))")


def test_a_reader_predicts_by_keyboard_and_comes_back(opened):
    item = bank.items()["lower-loss-better-f1"]
    wrong = next(i for i, option in enumerate(item["options"]) if not option.get("right"))
    page = opened("00_start_here.html", viewport=DESK)
    form, box = page.locator("#prediction-lower-loss-better-f1"), page.locator(f".comparison[data-id={item['id']}]")
    assert not box.is_visible(), "what came out is folded before the prediction"
    form.get_by_role("button", name="Commit").press("Enter")
    assert "Choose an answer first" in form.get_by_role("status").inner_text()
    form.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for _ in range(wrong):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "Recorded" in form.get_by_role("status").inner_text()
    assert box.is_visible() and item["options"][wrong]["why"] in box.inner_text()
    page.reload()
    assert box.is_visible() and item["options"][wrong]["misconception_name"] in box.inner_text()


def test_lines_are_put_in_order_by_keyboard(opened):
    item = next(one for one in bank.items().values() if one["kind"] == "order")
    page = opened(f"{item['notebook']}.html")
    form = page.locator(f"#{practice.anchor(item)}")
    letters = "ABCDEFGH"[:len(item["lines"])]
    for place, letter in enumerate(item["right"][0]):
        for _ in range(letters.index(letter) - place):
            form.locator(f"[data-letter={letter}] [data-move='-1']").press("Enter")
        letters = letters[:place] + letter + letters[place:].replace(letter, "", 1)
    form.get_by_role("button", name="Check").press("Enter")
    assert "Correct" in form.get_by_role("status").inner_text()


def test_the_menu_of_a_phone_takes_the_keyboard_and_search_finds(opened):
    page = opened("index.html", viewport=PHONE)
    page.get_by_role("checkbox", name="Toggle site navigation sidebar").press("Space")
    page.get_by_role("textbox", name="Search").fill("pinball")
    page.keyboard.press("Enter")
    page.locator("#search-results li a").first.wait_for()
    assert "01_regression_losses.html" in json.dumps(page.locator("#search-results li a").evaluate_all(
        "links => links.map(link => link.href)"))


def test_formulas_are_drawn_without_a_script(tmp_path):
    (tmp_path / "index.md").write_text("# A page\n\nThe mean, $\\frac{1}{n}$, and {eq}`square`.\n\n"
                                       "$$\nx^2\n$$ (square)\n")
    done = subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "-c", str(src.ROOT / "helpers/authoring/site"),
                           str(tmp_path), str(tmp_path / "out")], cwd=src.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<math[^>]*display="inline">.*<mfrac>', page) and re.search(r'<math[^>]*display="block"', page)
    assert 'href="#equation-square"' in page and 'id="equation-square"' in page and "MathJax" not in page
