"""The built notebooks: equal to their sources, complete, and readable by everybody. nbval runs the learner editions."""
import json
import re
from html.parser import HTMLParser

import nbformat
import pytest

from helpers.authoring import build
from helpers.authoring import source as src

EDITIONS = [(name, edition) for name in src.names() for edition in build.EDITIONS]
MAX_CODE_LINES = 15


@pytest.fixture(params=EDITIONS, ids=lambda p: f"{p[0]}-{p[1]}")
def built(request):
    name, edition = request.param
    return name, edition, nbformat.read(build.edition_path(name, edition), as_version=4)


def test_there_are_notebooks():
    assert len(src.names()) >= 2


def test_cells_are_what_the_source_builds_to(built):
    name, edition, notebook = built
    fresh = build.assemble(src.read(name), edition)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    assert notebook.cells == fresh.cells, f"build it again: python -m helpers.authoring.build {name}"
    assert notebook.metadata == fresh.metadata


@pytest.mark.parametrize("name", src.names())
def test_files_beside_a_notebook_are_what_the_source_builds_to(name):
    for path, text in build.beside(src.read(name)).items():
        assert path.read_text(encoding="utf-8") == text, f"build it again: python -m helpers.authoring.build {name}"


def test_files_made_from_all_notebooks_are_what_the_sources_build_to():
    for path, text in build.of_all([src.read(name) for name in src.names()]).items():
        assert path.read_text(encoding="utf-8") == text, "build it again: python -m helpers.authoring.build"


def test_every_code_cell_has_run_in_order_and_without_stderr(built):
    code = [cell for cell in built[2].cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    for cell in code:
        for output in cell.outputs:
            assert output.output_type != "error" and output.get("name") != "stderr", f"{cell.id}: {output}"


@pytest.mark.parametrize("name", src.names())
def test_the_solved_edition_is_told_that_it_is_right(name):
    notebook = nbformat.read(build.edition_path(name, "solutions"), as_version=4)
    shown = [output.get("text") or output.get("data", {}).get("text/plain", "")
             for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum(text.startswith("Correct") for text in shown) >= 10
    assert not [text[:200] for text in shown if text.startswith(("Not yet", "Not attempted"))]


def test_an_id_belongs_to_one_notebook():
    owner = {}
    for name in src.names():
        for path, text in build.beside(src.read(name)).items():
            for id in json.loads(text) if path.suffix == ".json" else ():
                assert owner.setdefault(id, name) == name, f"{id} stands in {owner[id]} and in {name}"


class Images(HTMLParser):
    """Collects the alt texts of the images in HTML, None for an image without one."""

    def __init__(self):
        super().__init__()
        self.alts = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.alts.append(dict(attrs).get("alt"))


def test_every_figure_says_what_it_shows(built):
    figures = 0
    for cell in built[2].cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            assert not any(kind.startswith("image/") for kind in data), f"{cell.id}: use figures.show(fig, alt)"
            images = Images()
            images.feed("".join(data.get("text/html", "")))
            for alt in images.alts:
                assert alt and len(alt) > 40, f"{cell.id}: alt text {alt!r}"
                figures += 1
    assert figures


def headings(notebook):
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    return re.findall(r"^(#+) (.+)$", re.sub(r"```.*?```", "", text, flags=re.S), re.M)


def test_headings_start_with_one_h1_and_skip_no_level(built):
    levels = [len(marks) for marks, _ in headings(built[2])]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_links_lead_somewhere(built):
    name, edition, notebook = built
    anchors = {title.replace(" ", "-") for _, title in headings(notebook)}
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        for text, target in re.findall(r"\[([^\]]+)\]\(([^)]+)\)", cell.source):
            assert text.lower() not in ("here", "link", "this"), f"{cell.id}: say where the link {target} leads"
            if target.startswith("#"):
                assert target[1:] in anchors, f"{cell.id}: no heading for {target}"
            elif not target.startswith("https://"):
                file = (build.edition_path(name, edition).parent / target.split("#")[0])
                assert file.exists(), f"{cell.id}: {target} does not exist"


def test_code_cells_are_short(built):
    for cell in built[2].cells:
        if cell.cell_type == "code":
            lines = [ln for ln in cell.source.splitlines() if ln.strip() and not ln.strip().startswith("#")]
            assert len(lines) <= MAX_CODE_LINES, f"{cell.id} has {len(lines)} lines of code"
            assert max(map(len, cell.source.splitlines())) <= 120, f"{cell.id} has a line that does not fit the page"


def test_nothing_of_one_machine_is_stored(built):
    text = json.dumps(built[2])
    for trace in (str(src.ROOT), "ipykernel_", "widget-view+json", "object at 0x"):
        assert trace not in text


@pytest.mark.parametrize("name", src.names())
def test_assembling_twice_gives_the_same_bytes(name):
    for edition in build.EDITIONS:
        first, second = (nbformat.writes(build.assemble(src.read(name), edition)) for _ in range(2))
        assert first == second
