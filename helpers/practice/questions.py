"""Questions, predictions and reflections: buttons where the front end has them, text and a call everywhere else."""
from __future__ import annotations

import math

from helpers import bank
from helpers.practice.show import live_widgets, show
from helpers.practice.store import progress, remember

LETTERS = "ABCDEFGH"
TITLES = {"question": "Question", "order": "Put in order", "prediction": "Predict first",
          "reflection": "In your own words"}
ROOM = "In a room: vote by hand, talk with a neighbor for two minutes, vote again, and only then answer here."


def question(id: str, answer: str | None = None) -> None:
    """Ask a question, or answer it: `question("id", "B")`; lines to be put in order: `question("id", "CABD")`."""
    item = bank.find(id, "question", "order")
    if answer is None:
        _ask_question(item, _last(item))
    else:
        show(*_judge(item, answer))


def ask_anew(id: str) -> None:
    """Ask a question as if it were new: without the learner's last answer."""
    _ask_question(bank.find(id, "question", "order"), "")


def _ask_question(item, last):
    _ask(item, "question", item.get("options") or item["lines"], lambda letter: _judge(item, letter), last)


def predict(id: str, value=None) -> None:
    """Ask for a prediction, or commit to one: `predict("id", 20)`, `predict("id", "B")`. `compare` looks back at it."""
    item = bank.find(id, "prediction")
    if value is None:
        _ask(item, "predict", item.get("options"), lambda given: _commit(item, given), _last(item))
    else:
        show(*_commit(item, value))


def compare(id: str, actual: float | None = None) -> None:
    """Hold the prediction against what came out. actual: the measured number, where a number was asked for."""
    item = bank.find(id, "prediction")
    made = progress().latest("prediction", id)
    show("Compare", *comparison(item, made and made.get("value"), actual))


def comparison(item: dict, made, actual: float | None = None) -> tuple[list, str]:
    """What `compare` says of the prediction `made` (None: there was none): rows of (label, text), and a verdict."""
    if "options" in item:
        outcome, said = _choice_outcome(item, made)
    else:
        outcome, said = _number_outcome(item, made, actual)
    if made is None:
        said = f'You had not committed to a prediction; next time, do: {_call("predict", item)}. {said}'
    options = zip(LETTERS, item.get("options", []), strict=False)
    others = [(f"Why not {letter}", f'{o["text"]} – {o["why"]}') for letter, o in options
              if letter != made and not o.get("right")]
    return [("You predicted", _spoken(item, made)), ("What came out", outcome), *others], said


def reflect(id: str, text=None) -> None:
    """Ask for a few words of the learner's own, or keep them: `reflect("id", "…")`. Nobody judges them."""
    item = bank.find(id, "reflection")
    if text is not None:
        show(*_keep(item, text))
        return
    kept = progress().latest("reflection", id)
    if kept:
        show("You wrote", [], str(kept.get("value")))
    _ask(item, "reflect", None, lambda words: _keep(item, words), "")


def _ask(item, function, options, judge, last):
    names = [option["text"] if isinstance(option, dict) else option for option in options or []]
    listed = [(LETTERS[i], name) for i, name in enumerate(names)]
    how = f"Answer with {_call(function, item)}. {last}".strip()
    title = TITLES[item["kind"]]
    ask = f'{item["ask"]} {ROOM}' if item.get("discuss") else item["ask"]
    show(title, listed, how, ask=ask, widget=live_widgets(item["kind"], title, ask, listed, judge, last))


def _last(item):
    """What the learner answered last, for whoever comes back: "Your last answer: B, correct."; else nothing."""
    kind = "question" if item["kind"] in ("question", "order") else item["kind"]
    event = progress().latest(kind, item["id"])
    if event is None:
        return ""
    if kind == "prediction":
        return f'Your prediction: {_spoken(item, event.get("value"))}.'
    return f'Your last answer: {event.get("answer")}, {"correct" if event.get("correct") else "not yet"}.'


def _judge(item, answer):
    """(title, rows, text) for an answer to a question; the answer is recorded."""
    if not isinstance(answer, str) or not answer.strip():
        return "Not an answer", [], f"Answer with letters in quotes: {_call('question', item)}."
    answer = answer.strip().upper().replace(" ", "").replace(",", "")
    correct, misconception, title, rows, text = verdict(item, answer)
    if correct is None:
        return title, rows, text
    remember(item, "question", answer=answer, correct=correct, misconception=misconception)
    return title, rows, text


def verdict(item: dict, answer: str) -> tuple:
    """What an answer in capitals is told: (correct, misconception, title, rows, text); correct is None for none."""
    return _judge_order(item, answer) if item["kind"] == "order" else _judge_choice(item, answer)


def _judge_choice(item, answer):
    options = dict(zip(LETTERS, item["options"], strict=False))
    if answer not in options:
        return None, None, "Not an answer", [], f"Choose one of {', '.join(options)}."
    chosen = options[answer]
    if chosen.get("right"):
        rows = [(f"Why not {letter}", f'{o["text"]} – {o["why"]}') for letter, o in options.items() if letter != answer]
        return True, None, "Correct", rows, chosen["why"]
    text = f'{chosen["why"]} Likely mistake: {chosen["misconception_name"]}. Choose again.'
    return False, chosen["misconception"], "Not yet", [(answer, chosen["text"])], text


def _judge_order(item, answer):
    letters = LETTERS[:len(item["lines"])]
    if sorted(answer) != sorted(letters):
        return None, None, "Not an answer", [], f"Use each of the letters {', '.join(letters)} once, as in {letters!r}."
    if answer in item["right"]:
        return True, None, "Correct", [], item["why"]
    for wrong in item["wrong"]:
        if answer == wrong["order"]:
            text = f'{wrong["why"]} Likely mistake: {wrong["misconception_name"]}. Try another order.'
            return False, wrong["misconception"], "Not yet", [], text
    good = max(_common(answer, right) for right in item["right"])
    line = item["lines"][letters.index(answer[good])].strip()
    placed = {0: "", 1: "The first is in place. "}.get(good, f"The first {good} are in place. ")
    text = f"{placed}Too early: `{line}`. What must be there before it?"
    return False, None, "Not yet", [], text


def _common(a, b):
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y), len(a))


def _commit(item, value):
    options = item.get("options")
    if options:
        value = str(value).strip().upper()
        if value not in LETTERS[:len(options)]:
            return "Not recorded", [], f"Choose one of {', '.join(LETTERS[:len(options)])}."
    else:
        try:
            value = float(_bare(value))
        except (TypeError, ValueError):
            value = math.nan
        if not math.isfinite(value):
            return "Not recorded", [], f"A number is asked for, as in {_call('predict', item)}."
        low, high = item.get("range", (-math.inf, math.inf))
        if not low <= value <= high:
            return "Not recorded", [], f"A number between {low:g} and {high:g} is asked for."
    remember(item, "prediction", value=value)
    return "Recorded", [("You predict", _spoken(item, value))], "Now run on, and compare."


def _bare(value):
    """A number as people write it: "$3.50", "75 %", "1,000" or "3,5"."""
    if not isinstance(value, str):
        return value
    value = value.strip().strip("$€% ")
    return value.replace(",", ".") if value.count(",") == 1 and "." not in value and len(value.split(",")[1]) != 3 \
        else value.replace(",", "")


def _keep(item, text):
    text = str(text).strip()
    if not text:
        return "Not recorded", [], f"Write a few words: {_call('reflect', item)}."
    remember(item, "reflection", value=text)
    return "Kept", [], "Your words are in your progress file."


def _choice_outcome(item, made):
    options = dict(zip(LETTERS, item["options"], strict=False))
    letter, right = next((k, o) for k, o in options.items() if o.get("right"))
    if made is None:
        return f'{letter}: {right["text"]}', right["why"]
    if made == letter:
        return f'{letter}: {right["text"]}', f'As you said. {right["why"]}'
    chosen = options[made]
    mistake = f'{chosen["why"]} Likely mistake: {chosen["misconception_name"]}.'
    return f'{letter}: {right["text"]}', f'{mistake} {right["why"]}'


def _number_outcome(item, made, actual):
    if actual is None:
        raise bank.BankError(f'compare({item["id"]!r}, …) needs the number that came out as its second argument.')
    outcome = f'{float(f"{actual:.3g}"):,g}{item.get("unit", "")}'
    if made is None:
        return outcome, item["why"]
    if _near(made, actual, 0.005):
        return outcome, f'Right. {item["why"]}'
    if _near(made, actual, item.get("tolerance", 0.1)):
        return outcome, f'Close. {item["why"]}'
    for near in sorted(item["near"], key=lambda near: abs(made - near["value"])):
        if _near(made, near["value"], 0.1):
            return outcome, f'{near["why"]} Likely mistake: {near["misconception_name"]}. {item["why"]}'
    return outcome, f'Your number is too {"high" if made > actual else "low"}. {item["why"]}'


def _near(a, b, tolerance):
    return abs(a - b) <= tolerance * max(abs(b), 1e-9)


def _spoken(item, value):
    if value is None:
        return "nothing yet"
    if "options" in item:
        return f'{value}: {item["options"][LETTERS.index(value)]["text"]}'
    return f'{value:,g}{item.get("unit", "")}'


def _call(function, item):
    example = {"order": "the letters in order", "reflection": "your words"}.get(item["kind"])
    example = f'"{example}"' if example else '"letter"' if "options" in item else "your number"
    return f'`{function}("{item["id"]}", {example})`'
