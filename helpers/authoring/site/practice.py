"""Questions, predictions and reflections as forms of the page. What an answer is told comes from helpers.practice; the
page's script only picks it, by the keys of `_said_of_order` and `_cases_of_number`."""
from __future__ import annotations

import html
import itertools
import json
import re

from helpers.practice import questions
from helpers.practice.show import as_html, inline

BUTTONS = {"question": "Check", "order": "Check", "prediction": "Commit", "reflection": "Keep"}
_FEEDBACK = "<div class='feedback' role='status' aria-live='polite'>{}</div>"


def anchor(item: dict) -> str:
    """The id of an item's form."""
    return f"{item['kind']}-{item['id']}"


def form(item: dict) -> str:
    """The form of a question, an order task, a prediction or a reflection."""
    name, kind = anchor(item), item["kind"]
    fields = _lines(item) if kind == "order" else _radios(item) if "options" in item else _field(item)
    room = f"<p class='room'>{inline(questions.ROOM)}</p>" if item.get("discuss") else ""
    said = {"question": _said_of_choice, "order": _said_of_order}.get(kind, lambda item: {})(item)
    return (f"<form class='practice' id='{name}' data-kind='{kind}' data-id='{item['id']}'>"
            f"<fieldset><legend><strong>{questions.TITLES[kind]}.</strong> {inline(item['ask'])}</legend>{room}{fields}"
            f"</fieldset><button type='submit'>{BUTTONS[kind]}</button>{_FEEDBACK.format('')}"
            f"{_data({'said': said} | _limits(item))}</form>")


def comparison(item: dict, outcome: str) -> str:
    """The box that holds a prediction against what came out. outcome: that, as the notebook has stored it."""
    if "options" in item:
        actual, cases = None, {letter: letter for letter, _ in _options(item)}
    else:
        actual = number(outcome)
        cases = _cases_of_number(item, actual)
    said = {key: _box(item, made, actual) for key, made in cases.items()}
    data = {"said": said, "actual": actual, "unit": item.get("unit", ""), "tolerance": item.get("tolerance", 0.1),
            "near": [near["value"] for near in item.get("near", [])]}
    rows, text = questions.comparison(item, None, actual)
    unasked = as_html("Compare", rows[1:], re.sub(r"; next time, do: `[^`]*`\.", ".", text, count=1))
    return (f"<div class='comparison' data-id='{item['id']}'>{_FEEDBACK.format(unasked)}"
            f"{_data(data)}</div>")


def number(text: str) -> float:
    """The number at the start of a stored outcome such as "1,234 dollars"."""
    return float(re.match(r"-?[\d,.]+(e[+-]?\d+)?", text)[0].replace(",", ""))


def _options(item):
    return list(zip(questions.LETTERS, item["options"], strict=False))


def _radios(item):
    return "".join(f"<label class='option'><input type='radio' name='{anchor(item)}' value='{letter}'> <span>"
                   f"<b>{letter}.</b> {inline(option['text'])}</span></label>" for letter, option in _options(item))


def _lines(item):
    rows = "".join(
        f"<li data-letter='{letter}'><span class='line'>{inline(line)}</span><span class='moves'>"
        f"<button type='button' data-move='-1' aria-label='Move up: {_plain(line)}'>↑</button>"
        f"<button type='button' data-move='1' aria-label='Move down: {_plain(line)}'>↓</button></span></li>"
        for letter, line in zip(questions.LETTERS, item["lines"], strict=False))
    return f"<ol class='lines'>{rows}</ol>"


def _plain(line):
    return html.escape(line.replace("`", "").strip(), quote=True)


def _field(item):
    name = f"{anchor(item)}-field"
    if item["kind"] == "reflection":
        return f"<label for='{name}'>Your words</label><textarea id='{name}' rows='3'></textarea>"
    unit = f" in{item['unit']}" if item.get("unit") else ""
    return f"<label for='{name}'>Your number{unit}</label><input id='{name}' type='text' inputmode='decimal' size='12'>"


def _limits(item):
    return {"range": item["range"]} if "range" in item else {}


def _said_of_choice(item):
    return {letter: as_html(*questions.verdict(item, letter)[2:]) for letter, _ in _options(item)}


def _said_of_order(item):
    """Each right and each known wrong order has its own key; any other order the number of lines that are in place and
    the first line that is not, as in "2C"."""
    said = {}
    for letters in itertools.permutations(questions.LETTERS[:len(item["lines"])]):
        order = "".join(letters)
        in_place = max(next((i for i, (a, b) in enumerate(zip(order, right, strict=True)) if a != b), len(order))
                       for right in item["right"])
        known = order in item["right"] or any(order == wrong["order"] for wrong in item["wrong"])
        key = order if known else f"{in_place}{order[in_place]}"
        if key not in said:
            said[key] = as_html(*questions.verdict(item, order)[2:])
    return said | {"right": item["right"]}


def _cases_of_number(item, actual):
    """What is told of a number: for each case its key and a number of this case. `practice.js` finds the case."""
    tolerance = item.get("tolerance", 0.1)
    cases = {"right": actual, "close": actual + (0.005 + tolerance) / 2 * abs(actual), "low": -1e300, "high": 1e300}
    return cases | {f"near{i}": near["value"] for i, near in enumerate(item["near"])}


def _box(item, made, actual):
    rows, text = questions.comparison(item, made, actual)
    if "options" not in item:
        rows[0] = (rows[0][0], "{made}")  # the page's script puts the number there
    return as_html("Compare", rows, text)


def _data(values):
    text = json.dumps(values, ensure_ascii=False).replace("</", "<\\/")  # no end tag inside a script
    return f"<script type='application/json'>{text}</script>"
