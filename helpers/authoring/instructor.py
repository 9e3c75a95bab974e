"""The instructor's page of a notebook: what sections are for, minutes, what to skip, answers that people give."""
from __future__ import annotations

from helpers.authoring import run_times, sections
from helpers.authoring import source as src


def page(source: src.Source) -> str:
    """The page as Markdown. It needs the source's `instructor` cell: minutes, measured, skip and pause."""
    plan, parts_of_it = source.instructor, sections.of(source)
    aims = sections.objectives(source)
    goals = [f"{number}. {text}" for number, (text, _) in enumerate(aims, 1)]
    votes = sum(len(section.votes) for section in parts_of_it)
    parts = [f"# For instructors: {source.name}", "Built from the notebook's source; do not edit.",
             f"**{sum(plan['minutes'])} minutes** in all. {plan['measured']}",
             f"Reckoned by one rule for all notebooks ({sections.RULE}): "
             f"{sum(section.reckoned for section in parts_of_it):.0f} minutes.", _timing(source.name),
             "**What it is for.** Afterwards learners can", "\n".join(goals), _table(source, parts_of_it, aims),
             f"**Break:** {plan['pause']}", f"**Short of time:** {plan['skip']}",
             f"**Vote, discuss, vote again:** the {votes} questions and predictions with a ★. Vote by hand, talk with "
             "a neighbor for two minutes, vote again; only then answer in the notebook.",
             "## Answers that people give, and what to say"]
    for section in parts_of_it:
        written = [_item(item) for item in section.items if item["kind"] in _WRITTEN]
        parts += [f"### {section.title}", *written] if written else []
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(source, parts_of_it, aims):
    """One row a section: minutes, seconds of its cells, the objectives that it serves, its new terms, its practice."""
    seconds = run_times.read().get(source.name, {}).get("seconds", {})
    rows = ["| section | minutes | cells, s | for | new terms | practice |", "|---|---|---|---|---|---|"]
    said = set()
    for number, section in enumerate(parts_of_it):
        served = ", ".join(str(aim) for aim, (_, where) in enumerate(aims, 1) if number in where)
        new = [term for term in source.instructor.get("terms", []) if f"**{term}**" in " ".join(section.prose.split())]
        spent = f"{seconds[section.title]:.0f}" if section.title in seconds else ""
        rows.append(f"| {section.title} | {section.minutes} | {spent} | {served or _purpose(section)} | "
                    f"{', '.join(term for term in new if term not in said)} | {_practice(section)} |")
        said |= set(new)
    return "\n".join(rows)


def _purpose(section):
    """What a section is for that serves no objective of its notebook."""
    kinds = {item["kind"] for item in section.items}
    return "recall" if "question" in kinds else "looking back" if "reflection" in kinds else "set-up"


def _practice(section):
    """How many of each kind of task, as `2 predictions, ★★ of 3 questions`."""
    found = []
    for kind, name in (("prediction", "prediction"), ("question", "question"), ("order", "order task"),
                       ("exercise", "exercise"), ("reflection", "reflection")):
        some = [item for item in section.items if item["kind"] == kind]
        if some:
            stars = "★" * sum(bool(item.get("discuss")) for item in some)
            found.append(f"{len(some)} {name}{'s' * (len(some) > 1)}{' ' * bool(stars)}{stars}")
    return ", ".join(found)


def _timing(name):
    """When the run time of the cells was measured, and how long they take in all."""
    times = run_times.read().get(name)
    return f"The cells run for {sum(times['seconds'].values()):.0f} s in all ({times['measured']})." if times else ""


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
    if item["kind"] == "exercise":
        return f"#### Exercise {item['id']}\n\n{answers(item)}"
    star = "★ " if item.get("discuss") else ""
    return f"#### {star}{item['id']}\n\n{item['ask']}\n\n{answers(item)}"


def answers(item: dict, code: bool = True) -> str:
    """The answers that people give to an item, and what to say to each, as Markdown. code: with that of exercises."""
    if item["kind"] == "exercise":
        return "\n".join(f"- {w['misconception_name']}: {w['feedback']}"
                         + (f"\n\n  ```python\n  {_indent(w['code'])}\n  ```\n" if code else "")
                         for w in item["wrong"]).rstrip("\n")
    if "options" in item:
        return "\n".join(f"- {letter}. {'✓ ' if o.get('right') else ''}**{o['text']}** – "
                         f"{'' if o.get('right') else o['misconception_name'] + '. '}{o['why']}"
                         for letter, o in zip("ABCDEFGH", item["options"], strict=False))
    if item["kind"] == "order":
        right = f"✓ {' or '.join(item['right'])}. {item['why']}"
        return "\n".join([f"{right}\n", *(f"- {w['order']} – {w['misconception_name']}. {w['why']}"
                                          for w in item["wrong"])])
    right = f"✓ {item['right']:g}{item.get('unit', '')}. {item['why']}"
    return "\n".join([f"{right}\n", *(f"- {n['value']:g} – {n['misconception_name']}. {n['why']}"
                                      for n in item["near"])])


def _indent(code):
    return code.strip().replace("\n", "\n  ")


_WRITTEN = ("question", "prediction", "order", "exercise")
