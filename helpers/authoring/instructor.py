"""The instructor's page of a notebook: minutes, what to skip, and the wrong answers that people give."""
from __future__ import annotations

import re

from helpers.authoring import source as src


def page(source: src.Source) -> str:
    """The page as Markdown. It needs the source's `instructor` cell: minutes, measured, skip and pause."""
    plan = source.instructor
    sections = [title for kind, text, _, _ in source.cells if kind == "markdown"
                for title in re.findall(r"^## (.+)$", text, re.M)]
    if len(sections) != len(plan["minutes"]):
        raise src.SourceError(f"{source.name}.py: {len(sections)} sections, but minutes for {len(plan['minutes'])}.")
    rows = [f"| {title} | {minutes} |" for title, minutes in zip(sections, plan["minutes"], strict=True)]
    parts = [f"# For instructors: {source.name}", "Built from the notebook's source; do not edit.",
             f"**{sum(plan['minutes'])} minutes** in all. {plan['measured']}",
             "\n".join(["| section | minutes |", "|---|---|", *rows]),
             f"**Break:** {plan['pause']}", f"**Short of time:** {plan['skip']}",
             "**Vote, discuss, vote again:** questions with a ★. Vote by hand, talk with a neighbor for two minutes, "
             "vote again; only then answer in the notebook.",
             "## Answers that people give, and what to say"]
    return "\n\n".join([*parts, *(_item(item) for item in source.items.values() if item["kind"] in _WRITERS)]) + "\n"


def misconceptions_page(sources: list[src.Source]) -> str:
    """The index of misconceptions: what is true, and the questions and exercises that reveal and correct each."""
    places = {}
    for source in sources:
        section = src.sections(source)
        for item in source.items.values():
            for wrong in src.wrong_answers(item):
                place = f"- {source.name}: {section[item['id']]} (`{item['id']}`)"
                places.setdefault(wrong["misconception"], {})[place] = None  # each place once, in order
    parts = ["# Misconceptions", "Built from the sources; do not edit. Each wrong answer in the workbook stands for "
             "one of these. Below it: what is true, and where an answer reveals it and is told so."]
    for key, entry in src.read_misconceptions().items():
        parts += [f"### {entry['name']}", entry["truth"], "\n".join(places.get(key, {}))]
    return "\n\n".join(parts) + "\n"


def _item(item):
    return _WRITERS[item["kind"]](item)


def _choice(item):
    star = "★ " if item.get("discuss") else ""
    lines = [f"### {star}{item['id']}", item["ask"]]
    if "options" in item:
        lines.append("\n".join(f"- {'✓ ' if o.get('right') else ''}**{o['text']}** – "
                               f"{'' if o.get('right') else o['misconception_name'] + '. '}{o['why']}"
                               for o in item["options"]))
    elif item["kind"] == "order":
        lines.append(f"✓ {' or '.join(item['right'])}. {item['why']}")
        lines.append("\n".join(f"- {w['order']} – {w['misconception_name']}. {w['why']}" for w in item["wrong"]))
    else:
        lines.append(f"✓ {item['right']:g}{item.get('unit', '')}. {item['why']}")
        lines.append("\n".join(f"- {n['value']:g} – {n['misconception_name']}. {n['why']}" for n in item["near"]))
    return "\n\n".join(lines)


def _exercise(item):
    wrong = [f"- {w['misconception_name']}: {w['feedback']}\n\n  ```python\n  {_indent(w['code'])}\n  ```"
             for w in item["wrong"]]
    return "\n\n".join([f"### Exercise {item['id']}", *wrong])


def _indent(code):
    return code.strip().replace("\n", "\n  ")


_WRITERS = {"question": _choice, "prediction": _choice, "order": _choice, "exercise": _exercise}
