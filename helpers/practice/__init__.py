"""Predict, answer, check, repeat: what a learner calls in a notebook. Nothing leaves the machine."""
from __future__ import annotations

from helpers.practice import bank
from helpers.practice.checks import evaluate, render
from helpers.practice.questions import compare, predict, question, reflect
from helpers.practice.show import show
from helpers.practice.store import progress, remember, tell_notice

__all__ = ["check", "compare", "my_progress", "predict", "question", "reflect", "repeat"]


def check(id: str, answer) -> None:
    """Check an exercise: not attempted, not yet (with what went wrong), or correct."""
    from helpers.figures import live
    exercise = bank.find(id, "exercise")
    verdict = evaluate(exercise, answer)
    if verdict.state != "not attempted":
        remember(exercise, "check", correct=verdict.state == "correct", misconception=verdict.misconception)
    text, html = render(verdict, exercise)
    live(None, text, html)


def my_progress() -> None:
    """What is done, what to repeat and what is open, by notebook."""
    summary = progress().summary(list(bank.items().values()))
    rows = [(name, f"{len(part['done'])} done, {len(part['repeat'])} to repeat, {len(part['open'])} open")
            for name, part in summary.items()]
    show("Your progress", rows, "`repeat()` asks again what went wrong.")
    tell_notice()


def repeat(notebook: str | None = None, at_most: int = 3) -> None:
    """Ask again the questions that were last answered wrongly, from one notebook or from all."""
    summary = progress().summary([i for i in bank.items().values() if i["kind"] in ("question", "order")])
    wrong = [id for name, part in summary.items() if notebook in (None, name) for id in part["repeat"]]
    for id in wrong[:at_most]:
        question(id)
    if not wrong:
        show("Nothing to repeat", [], "No question was last answered wrongly.")
