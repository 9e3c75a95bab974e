"""Predict, answer, check, repeat: what a learner calls in a notebook. Nothing leaves the machine."""
from __future__ import annotations

from helpers import bank
from helpers.display import live
from helpers.practice.checks import evaluate, render
from helpers.practice.questions import ask_anew, compare, predict, question, reflect
from helpers.practice.show import show
from helpers.practice.store import progress, remember, tell_notice

__all__ = ["check", "compare", "my_progress", "predict", "question", "reflect", "repeat"]


def check(id: str, answer) -> None:
    """Check an exercise: not attempted, not yet (with what went wrong), or correct."""
    exercise = bank.find(id, "exercise")
    verdict = evaluate(exercise, answer)
    if verdict.state != "not attempted":
        remember(exercise, "check", correct=verdict.state == "correct", misconception=verdict.misconception)
    text, html = render(verdict, exercise)
    live(None, text, html)


def my_progress() -> None:
    """What is done, what to repeat and what is open, by notebook."""
    summary = progress().summary([item for item in bank.items().values() if item["kind"] != "alt"])
    due, rows = set(_due()), []
    for name, part in summary.items():
        again = len(part["repeat"]) + len(due & set(part["done"]))
        rows.append((name, f"{len(part['done']) - len(due & set(part['done']))} done, {again} to repeat, "
                           f"{len(part['open'])} open"))
    show("Your progress", rows, "`repeat()` asks again what went wrong, until it was right twice.")
    tell_notice()


def repeat(notebook: str | None = None, at_most: int = 3) -> None:
    """Ask again the questions that went wrong, from one notebook or from all, until each was right twice in a row."""
    due = _due(notebook)
    for id in due[:at_most]:
        ask_anew(id)
    if not due:
        show("Nothing to repeat", [], "No question that went wrong is waiting.")


def _due(notebook=None) -> list[str]:
    """The questions that went wrong and were not right twice in a row since."""
    streaks: dict[str, int] = {}  # right answers in a row since the last wrong one
    for event in progress().events():
        if event["kind"] == "question" and notebook in (None, event["notebook"]):
            if not event.get("correct"):
                streaks[event["id"]] = 0
            elif event["id"] in streaks:
                streaks[event["id"]] += 1
    return [id for id, streak in streaks.items() if streak < 2 and id in bank.items()]
