"""Paths for a room: sections exist, prerequisites are met, minutes add up; a path that breaks this is refused."""
import re
import tomllib

import nbformat
import pytest

from helpers.authoring import build, paths, paths_page, run_times, sections, terms
from helpers.authoring import source as src

TEXT = (src.SOURCES / "paths.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def book():
    return paths.book([src.read(name) for name in src.names()])


@pytest.fixture(scope="module")
def page():
    return (build.INSTRUCTOR / "paths.md").read_text(encoding="utf-8")


def test_the_four_paths_can_be_taught(book):
    found = paths.read(book)
    assert {path.id: path.minutes for path in found} == {"90-minutes": 90, "half-a-day": 210, "a-day": 360,
                                                        "two-days": 720}
    assert [problem for path in found for problem in paths.problems(path, book)] == []


def test_every_term_of_a_path_is_introduced_or_said_before_it_is_used(book):
    """The rule of paths.problems, written the other way around: walk along the path and collect what is known."""
    for path in paths.read(book):
        known = set(path.said)
        for section in path.sections:
            known |= {term for term, home in book.homes.items() if home is section}
            used = {term for term, home in book.homes.items()
                    if terms.says(section, term) and book.place(home) <= book.place(section)}
            assert used <= known, (path.id, section.title, used - known)


def test_the_timetables_add_up_as_printed(book, page):
    """From the page alone: each clock is the sum of the minutes above it, and the whole is what the page says."""
    for path, text in zip(paths.read(book), page.split("\n## ")[1:], strict=True):
        planned, whole, free, waiting = map(int, re.search(
            r"\*\*(\d+) of (\d+) minutes\*\* are planned, (\d+) are free. Waiting for cells: (\d+)", text).groups())
        clock = spent = 0
        for start, minutes, what in re.findall(r"^\| ([\d:]*) \| (\d*) \| (.+?) \|", text, re.M):
            if not start:
                clock = 0  # the next day
                continue
            assert start == f"{clock // 60}:{clock % 60:02}", (path.id, what)
            clock += int(minutes or 0)
            spent += int(minutes or 0)
        said = -(-text.partition("**Short of time")[0].count("\n- ") // 2)  # half a minute each
        assert planned == spent + waiting + said, path.id
        assert whole == path.minutes and free == whole - planned >= 0


def test_minutes_are_those_of_the_notebooks_and_two_a_vote(book):
    for name, parts in book.sections.items():
        assert [part.minutes for part in parts] == src.read(name).instructor["minutes"]
        for part in parts:
            stars = sum(bool(item.get("discuss")) for item in part.items)
            assert paths.spent(part) == part.minutes + 2 * stars


def test_cells_above_a_section_run_too(book, monkeypatch):
    name = "02_binary_cross_entropy"
    parts = book.sections[name]
    monkeypatch.setattr(book, "seconds", {name: {part.title: 30.0 for part in parts}})
    assert book.running([parts[3]]) == {name: 2} and book.running([parts[0], parts[4]]) == {name: 3}


def test_a_notebook_whose_run_time_is_not_known_is_named(book, monkeypatch):
    monkeypatch.setattr(book, "seconds", {name: one for name, one in book.seconds.items() if name[:2] != "01"})
    path = paths.read(book)[0]
    assert paths.problems(path, book) == ["90-minutes: how long the cells of 01_regression_losses run is not known: "
                                          "run helpers.authoring.run_times 01_regression_losses."]


def path_of(book, steps, minutes=90, skip="[]", said="[]"):
    return paths.read(book, f'[trial]\ntitle = "Trial"\nminutes = {minutes}\naim = "Try."\nclosing = 5\nsaid = {said}\n'
                            f'steps = [{", ".join(steps)}]\nskip = {skip}')[0]


ONE = '{notebook = "00_start_here", sections = ["1. Which model would you ship?"]}'
TWO = '{notebook = "00_start_here", sections = ["2. Three words"]}'
PULL = '{notebook = "01_regression_losses", sections = ["2. A pull with a limit"]}'
SHIP = '{notebook = "02_binary_cross_entropy", sections = ["5. Would you ship it?"]}'
WHOLE = ['{notebook = "00_start_here"}', '{notebook = "01_regression_losses"}']


@pytest.mark.parametrize(("steps", "given", "sentence"), [
    ([TWO, ONE], {}, "'1. Which model would you ship\\?' stands before the section above it"),
    ([ONE, ONE], {}, "stands before the section above it"),
    ([ONE, PULL], {}, "'2. A pull with a limit' uses 'pull' before '1. One number for five bills' of 01_regr"),
    ([ONE, SHIP], {}, "stands in 02_binary_cross_entropy, which needs 01_regression_losses"),
    ([ONE, TWO], {"said": '["baseline"]'}, "'baseline' need not be said"),
    ([ONE, TWO], {}, "add up to \\d+ minutes, which does not fit 90"),
    (WHOLE, {}, "add up to \\d+ minutes, which does not fit 90"),
    (WHOLE, {"minutes": 200}, "over 100 minutes without a pause before"),
    ([ONE, '{stop = "Until the next day"}', *WHOLE[1:]], {"minutes": 200}, "day 2 takes 1\\d\\d minutes"),
    ([ONE, TWO], {}, "names nothing to leave out"),
    ([ONE], {"skip": '[{notebook = "00_start_here", section = "2. Three words"}]'}, "is not in the path"),
    ([ONE, TWO], {"skip": '[{notebook = "00_start_here", section = "1. Which model would you ship?"}]'},
     "is skipped: trial: '2. Three words' uses 'log loss' before"),
])
def test_a_path_that_cannot_be_taught_says_why(book, steps, given, sentence):
    found = paths.problems(path_of(book, steps, **given), book)
    assert any(re.search(sentence, one) for one in found), found


@pytest.mark.parametrize(("step", "sentence"), [
    ('{notebook = "00_start_here", sections = ["7. Nowhere"]}', "no section '7. Nowhere' in 00_start_here"),
    ('{notebook = "00_start_here", until = "7. Nowhere"}', "no section '7. Nowhere' in 00_start_here"),
    ('{notebook = "77_nowhere"}', "no notebook '77_nowhere'"),
])
def test_what_does_not_exist_is_refused(book, step, sentence):
    with pytest.raises(src.SourceError, match=sentence):
        path_of(book, [step])


def test_until_and_after_divide_a_notebook(book):
    name, parts = "01_regression_losses", book.sections["01_regression_losses"]
    title = parts[4].title
    found = path_of(book, [f'{{notebook = "{name}", until = "{title}"}}', "{pause = 10}",
                           f'{{notebook = "{name}", after = "{title}"}}'])
    assert found.steps == [*parts[:5], paths.Pause(10), *parts[5:]]


def test_the_page_refuses_a_path_that_cannot_be_taught(monkeypatch, book):
    monkeypatch.setattr(paths, "FILLED", 2)
    with pytest.raises(src.SourceError, match="which does not fit 90"):
        paths_page.page(list(book.sources.values()))


def test_links_of_the_page_lead_to_sections(book, page):
    links = re.findall(r"\]\(\.\./(\w+)\.ipynb#([^\s]+)\) \|", page)
    assert len(links) == sum(len(path.sections) for path in paths.read(book))
    for name, anchor in links:
        assert anchor in [part.title.replace(" ", "-") for part in book.sections[name]]


def test_paths_name_sections_and_no_minutes_of_their_own():
    """Minutes of a section stand in its notebook's source alone."""
    for entry in tomllib.loads(TEXT).values():
        for step in entry["steps"]:
            assert set(step) <= {"notebook", "sections", "until", "after"} or set(step) in ({"pause"}, {"stop"})


def test_every_objective_names_sections_and_every_section_has_a_purpose():
    for name in src.names():
        source = src.read(name)
        parts, aims = sections.of(source), sections.objectives(source)
        served = set().union(*(where for _, where in aims))
        assert 2 <= len(aims) <= 4 and served <= set(range(len(parts)))
        for number, part in enumerate(parts):
            kinds = {item["kind"] for item in part.items}
            assert number in served or number == 0 or kinds == {"reflection"}, part.title


def test_the_minutes_given_are_near_those_of_the_rule():
    """Minutes that were right for an earlier text would drift away from it."""
    for name in src.names():
        parts = sections.of(src.read(name))
        given, reckoned = sum(part.minutes for part in parts), sum(part.reckoned for part in parts)
        assert 0.75 <= given / reckoned <= 1.4, (name, given, round(reckoned))


def test_the_rule_is_what_its_words_say():
    one = sections.Section("90", "Title", 3, [("markdown", "word " * 180 + "\n```\nno word\n```", None),
                                             ("code", "line\n\n" * 40, None)],
                           [{"kind": "exercise"}, {"kind": "reflection", "ask": ""}, {"kind": "question"}])
    assert one.reckoned == 1 + 1 + 4 + 1 + 0.75


def test_an_objective_without_its_checks_is_refused(read):
    with pytest.raises(src.SourceError, match="ends without its"):
        sections.objectives(read("# %% [markdown]\n# # Title\n#\n# 1. know things.\n"))


def test_seconds_go_to_the_section_in_which_a_cell_stands():
    def ran(seconds):
        cell = build._code("1", [])
        cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01T10:00:00Z",
                                      "shell.execute_reply": f"2026-01-01T10:00:{seconds:04.1f}Z"}
        return cell

    text = [build._markdown(one) for one in ("# Title", "## One", "## Two\n\n```\n## no heading\n```")]
    notebook = nbformat.NotebookNode(cells=[text[0], ran(1), text[1], ran(2), text[2], ran(3.5), ran(4)])
    assert run_times.seconds(notebook) == {"One": 3.0, "Two": 7.5}


def test_run_times_are_of_sections_that_exist():
    for name, times in run_times.read().items():
        assert list(times["seconds"]) == [part.title for part in sections.of(src.read(name))], \
            f"measure anew: python -m helpers.authoring.run_times {name}"
        assert all(spent >= 0 for spent in times["seconds"].values()) and sum(times["seconds"].values()) > 1
    assert run_times.tomllib.loads(run_times.written(run_times.read())) == run_times.read()
