"""The bank of questions, predictions and exercises: every answer that it knows gets the feedback that it should."""
import sys
import types

import ipywidgets
import pytest
from hostile_answers import hostile_answers

from helpers import bank, display, practice
from helpers.authoring import instructor
from helpers.authoring import source as src
from helpers.practice import questions
from helpers.practice.checks import evaluate, validate
from helpers.practice.show import inline

ITEMS = list(bank.items().values())
EXERCISES = [item for item in ITEMS if item["kind"] == "exercise"]
ASKED = [item for item in ITEMS if item["kind"] in ("question", "order")]
PREDICTIONS = [item for item in ITEMS if item["kind"] == "prediction"]
by_id = {"ids": lambda item: item["id"]}


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))
    practice.progress.cache_clear()
    yield
    practice.progress.cache_clear()


def test_the_bank_is_not_empty():
    assert len(EXERCISES) >= 8 and len(ASKED) >= 10 and len(PREDICTIONS) >= 10


@pytest.mark.parametrize("text, shown", [
    ("a *word*, **two words**", "a <em>word</em>, <strong>two words</strong>"),
    ("`p*q*r` and *`y`*", "<code>p*q*r</code> and <em><code>y</code></em>"), ("2 * 3 * 4", "2 * 3 * 4"),
    ("y*log(p) + z*log(q)", "y*log(p) + z*log(q)"), ("a ` and *b*", "a ` and <em>b</em>"),
    ("*<b>*", "<em>&lt;b&gt;</em>")])
def test_a_text_shows_code_and_stress_and_nothing_else(text, shown):
    assert inline(text) == shown


@pytest.mark.parametrize("exercise", EXERCISES, **by_id)
def test_exercise_tells_right_from_wrong(exercise):
    validate(exercise)
    assert len(exercise["wrong"]) >= 3 and exercise["right"]


@pytest.mark.parametrize("exercise", EXERCISES, **by_id)
def test_hostile_answers_are_refused_in_a_sentence(exercise):
    count = 0
    for label, answer in hostile_answers(exercise):
        verdict = evaluate(exercise, answer, seconds=0.1)
        assert verdict.state == "not yet" or answer is Ellipsis, f"{label}: {verdict}"
        assert verdict.message.strip() and "Traceback" not in verdict.message, label
        count += 1
    assert count >= 200
    namespace = {}
    exec(exercise["preamble"] + "\n" + exercise["solution"], namespace)
    assert evaluate(exercise, namespace[exercise["name"]]).state == "correct"


@pytest.mark.parametrize("item", [i for i in ASKED if i["kind"] == "question"], **by_id)
def test_every_option_has_its_own_feedback(item, capsys):
    assert sum(bool(o.get("right")) for o in item["options"]) == 1 and len(item["options"]) >= 3
    for letter, option in zip(questions.LETTERS, item["options"], strict=False):
        practice.question(item["id"], letter)
        shown = " ".join(capsys.readouterr().out.split())
        assert shown.startswith("Correct" if option.get("right") else "Not yet")
        assert " ".join(option["why"].split()).replace("`", "") in shown.replace("`", "")
        if option.get("right"):
            for other in item["options"]:
                assert " ".join(other["why"].split()).replace("`", "") in shown.replace("`", "")
        else:
            assert option["misconception_name"] in shown
    assert len({o["why"] for o in item["options"]}) == len(item["options"])


@pytest.mark.parametrize("item", [i for i in ASKED if i["kind"] == "order"], **by_id)
def test_an_order_names_what_is_too_early(item, capsys):
    practice.question(item["id"], item["right"][0])
    assert capsys.readouterr().out.startswith("Correct")
    for wrong in item["wrong"]:
        practice.question(item["id"], wrong["order"])
        assert wrong["misconception_name"] in " ".join(capsys.readouterr().out.split())
    practice.question(item["id"], item["right"][0][::-1])
    assert "Too early" in capsys.readouterr().out
    practice.question(item["id"], "AAB")
    assert "once" in capsys.readouterr().out


@pytest.mark.parametrize("item", PREDICTIONS, **by_id)
def test_a_prediction_is_kept_and_compared(item, capsys):
    guesses = ([(letter, option) for letter, option in zip(questions.LETTERS, item["options"], strict=False)]
               if "options" in item else [(near["value"], near) for near in item["near"]])
    actual = None if "options" in item else item["right"]
    practice.compare(item["id"], actual)
    assert "had not committed" in capsys.readouterr().out
    for value, option in guesses:
        practice.predict(item["id"], value)
        practice.compare(item["id"], actual)
        shown = " ".join(capsys.readouterr().out.split())
        assert (option.get("misconception_name") or "As you said") in shown
    if "options" not in item:
        practice.predict(item["id"], item["right"])
        practice.compare(item["id"], actual)
        assert "Right." in capsys.readouterr().out
        practice.predict(item["id"], item["right"] * 1.02)
        practice.compare(item["id"], actual)
        assert "Close." in capsys.readouterr().out


@pytest.mark.parametrize(("written", "value"),
                         [("3.5", 3.5), ("3,5", 3.5), ("$3.50", 3.5), ("75 %", 75), ("1,000", 1000)])
def test_numbers_are_read_as_people_write_them(written, value):
    numeric = next(i for i in PREDICTIONS if "options" not in i and "range" not in i)
    practice.predict(numeric["id"], written)
    assert practice.progress().latest("prediction", numeric["id"])["value"] == value


def test_whoever_comes_back_sees_the_last_answer(capsys):
    item = next(i for i in ASKED if i["kind"] == "question")
    practice.question(item["id"])
    assert "last answer" not in capsys.readouterr().out
    practice.question(item["id"], "A")
    practice.question(item["id"])
    assert "Your last answer: A" in capsys.readouterr().out


@pytest.mark.parametrize("bad", [None, "many", float("nan"), [1], "Z"])
def test_a_useless_prediction_is_not_recorded(bad, capsys):
    numeric = next(i for i in PREDICTIONS if "options" not in i)
    if bad is not None:
        practice.predict(numeric["id"], bad)
        assert "Not recorded" in capsys.readouterr().out
    assert practice.progress().latest("prediction", numeric["id"]) is None


def test_an_unknown_id_names_the_nearest_one():
    with pytest.raises(bank.BankError, match="name-the-three"):
        practice.question("name-the-tree")


def test_wrong_answers_come_back_until_they_are_right(capsys):
    item = next(i for i in ASKED if i["kind"] == "question")
    letters = {bool(o.get("right")): letter for letter, o in zip(questions.LETTERS, item["options"], strict=False)}
    practice.repeat()
    assert "Nothing to repeat" in capsys.readouterr().out
    practice.question(item["id"], letters[False])
    capsys.readouterr()
    practice.repeat()
    asked = capsys.readouterr().out
    assert item["ask"].split()[0] in asked and "last answer" not in asked
    for waiting in (True, False):
        practice.question(item["id"], letters[True])
        capsys.readouterr()
        practice.repeat()
        assert ("Nothing to repeat" not in capsys.readouterr().out) == waiting


def test_buttons_answer_like_calls(monkeypatch):
    shown = []
    monkeypatch.setattr(questions, "show", lambda *a, **k: shown.append(k.get("widget")))
    item = next(i for i in ASKED if i["kind"] == "question")
    practice.question(item["id"])
    buttons = [w for w in shown[0].children if isinstance(w, ipywidgets.Button)]
    assert len(buttons) == len(item["options"])
    for button, option in zip(buttons, item["options"], strict=True):
        button.click()
        assert ("Correct" if option.get("right") else "Not yet") in shown[0].children[-1].value


@pytest.mark.parametrize("widget", [types.SimpleNamespace(model_id="m"), ipywidgets.HTML("x")], ids=["7", "now"])
def test_a_widget_is_shown_beside_its_text_with_any_ipywidgets(monkeypatch, widget):
    """ipywidgets 7, which Colab has, gives no bundle to add to: only the id of the widget is common to all versions."""
    shown = []
    monkeypatch.setattr(display.InteractiveShell, "initialized", lambda: True)
    monkeypatch.setattr(display, "display", lambda bundle, raw: shown.append(bundle))
    display.live(widget, "text", "<p>html</p>")
    assert shown[0]["text/html"] == "<p>html</p>" and shown[0]["text/plain"] == "text"
    assert shown[0][display.WIDGET] == {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}


def test_without_widgets_a_question_is_text(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    item = next(i for i in ASKED if i["kind"] == "question")
    practice.question(item["id"])
    shown = capsys.readouterr().out
    assert all(f"\n  {letter}  " in shown for letter in "ABC") and f'question("{item["id"]}"' in shown


def test_every_misconception_of_the_bank_is_revealed_somewhere():
    revealed = {wrong["misconception"] for item in ITEMS for wrong in src.wrong_answers(item)}
    known = src.read_misconceptions()
    assert set(known) == revealed
    for key, entry in known.items():
        assert entry["name"] and entry["truth"].endswith("."), key


def test_the_index_of_misconceptions_names_the_section_of_each_answer():
    page = instructor.misconceptions_page([src.read(name) for name in src.names()])
    entry = page[page.index("### taking the probability itself for the loss"):].split("###")[1]
    assert "00_start_here: 1. Which model would you ship?" in entry and "log-loss-of-one-film" in entry
    assert page.count("### ") == len(src.read_misconceptions())
