"""Check a learner's answer to an exercise: not attempted, not yet (with the likely mistake), or correct.

An exercise is a dict, built from a notebook's source: id, notebook, name (what the learner defines), preamble, start,
solution, cases (code that defines `cases`, a list of argument tuples, and if need be `probe(answer, *case)`, `labels`,
`rtol`, `atol`, `seconds`), hints, right (other right answers) and wrong (code, misconception, feedback).
"""

from dataclasses import dataclass

from helpers.practice.compare import equal
from helpers.practice.diagnosis import agrees, diagnose, raised
from helpers.practice.exercises import ExerciseError, Setup, named, prepare, run_code
from helpers.practice.trial import Outcome, Trial, reference, run_trial

__all__ = ["ExerciseError", "Verdict", "evaluate", "render", "validate"]
NOT_ATTEMPTED, NOT_YET, CORRECT = "not attempted", "not yet", "correct"


@dataclass(frozen=True)
class Verdict:
    """What is to be said about an answer. state: "not attempted", "not yet" or "correct".

    message: plain sentences on one line. case, got, expected: the input that was used, what came back and what was
    expected, in words. misconception: the id of the recorded wrong answer that this one behaves like.
    """

    state: str
    message: str
    misconception: str | None = None
    case: str | None = None
    got: str | None = None
    expected: str | None = None


def evaluate(exercise: dict, answer, seconds: float | None = None) -> Verdict:
    """Judge an answer. seconds: the time limit for all of it, instead of the exercise's own (5 by default).

    Whatever the answer is or does, no exception of its making leaves this call. ExerciseError says that the exercise
    itself is broken; KeyboardInterrupt is the user's.
    """
    setup = prepare(exercise)
    expected = reference(setup)
    try:
        return _judge(setup, expected, answer, setup.seconds if seconds is None else seconds)
    except ExerciseError:
        raise
    except Exception as error:  # a mistake of ours, or no memory left: the learner's notebook goes on all the same
        return Verdict(NOT_YET, f"The check cannot make sense of this answer (its own {type(error).__name__}).")


def _judge(setup: Setup, expected: list[Outcome], answer, seconds: float) -> Verdict:
    trial = run_trial(setup, answer, seconds, expected)
    if trial.untouched:
        return Verdict(NOT_ATTEMPTED, "Write your answer in the cell above, run it, and then run this cell again.")
    if trial.unfit is not None:
        return _unfit(setup, trial)
    if trial.failure is not None:
        return Verdict(NOT_YET, raised(trial.failure, setup), got=f"an exception, {trial.failure.type}")
    if not trial.ended and all(map(_agree(setup), expected, trial.outcomes)):
        number = len(expected)
        inputs = "" if setup.wants == "value" else f" on {number} inputs" if number > 1 else " on 1 input"
        return Verdict(CORRECT, f"That is right{inputs}.")
    for wrong in setup.exercise.get("wrong", []) if not trial.ended else []:
        index = _reproduced(setup, expected, trial.outcomes, wrong, seconds)
        if index is not None:
            return _shown(setup, expected, trial, index, wrong["feedback"], wrong["misconception"])
    index, message = diagnose(setup, expected, trial, seconds)
    return _shown(setup, expected, trial, index, message)


def _agree(setup: Setup):
    return lambda due, got: agrees(due, got, setup.tolerance)


def _unfit(setup: Setup, trial: Trial) -> Verdict:
    name, given = setup.exercise["name"], trial.unfit
    due = f"a {setup.wants}"
    if given.kind == "class":
        message = f"`{name}` is a class, but {due} is due. Define it with `def {name}(...)`."
    elif setup.wants == "class":
        message = f"`{name}` is {given.what}, but {due} is due. Define it with `class {name}`, and do not call it."
    else:
        message = (f"`{name}` is {given.what}, but {due} is due. Define it with `def {name}(...)`, and hand over the "
                   "function itself, without calling it.")
    return Verdict(NOT_YET, message, got=given.text, expected=due)


def _shown(setup, expected, trial, index, message, misconception=None) -> Verdict:
    outcome = trial.outcomes[index] if index < len(trial.outcomes) else None
    if outcome is None:
        got = "nothing before the time was up"
    elif outcome.failure:
        got = f"an exception, {outcome.failure.type}"
    else:
        got = outcome.value.text
    due = (outcome.misfit.what if outcome and outcome.misfit else expected[index].value.text)
    return Verdict(NOT_YET, message, misconception, setup.shown(index), got, due)


def _reproduced(setup: Setup, expected: list[Outcome], outcomes: list[Outcome], wrong: dict, seconds) -> int | None:
    """The smallest case that shows the recorded mistake, if the answer behaves like it on every case; else None."""
    namespace = run_code(setup.exercise, "wrong answer", wrong["code"])
    recorded = run_trial(setup, named(setup.exercise, namespace, "wrong answer"), seconds, expected, trusted=True)
    if recorded.ended:
        return None
    shows = []
    for index, (due, got, theirs) in enumerate(zip(expected, outcomes, recorded.outcomes, strict=True)):
        if theirs.failure is None and not _alike(setup, theirs, got):
            return None
        if theirs.failure is not None and not _same_failure(theirs, got):
            continue  # nothing to compare: the recorded mistake has no outcome here
        if not agrees(due, theirs, setup.tolerance):
            shows.append(index)
    shows = [i for i in shows if not agrees(expected[i], outcomes[i], setup.tolerance)]
    return min(shows, key=lambda i: (sum(v.size for v in setup.inputs[i]), i), default=None)


def _alike(setup: Setup, recorded: Outcome, got: Outcome) -> bool:
    if got.failure or bool(got.misfit) != bool(recorded.misfit) or recorded.changed != got.changed:
        return False
    if recorded.value.kind == "none" and recorded.printed != got.printed:
        return False
    return equal(recorded.value, got.value, setup.tolerance)


def _same_failure(recorded: Outcome, got: Outcome) -> bool:
    a, b = recorded.failure, got.failure
    return b is not None and (a.type, a.message) == (b.type, b.message)


def validate(exercise: dict) -> None:
    """Does the exercise hold what it promises? Raises ExerciseError with everything that it does not."""
    setup = prepare(exercise)
    reference(setup)
    problems = []
    if setup.wants != "value" and len(setup.cases) < 2:
        problems.append("it needs at least 2 cases")
    if len(exercise.get("hints", [])) < 2:
        problems.append("it needs at least 2 hints")
    if evaluate(exercise, setup.solution).state != CORRECT:
        problems.append("its solution is not accepted: is it random?")
    problems += _start_problems(exercise)
    for number, code in enumerate(exercise.get("right", []), 1):
        verdict = _verdict(exercise, f"right answer {number}", code)
        if verdict.state != CORRECT:
            problems.append(f"right answer {number} is {verdict.state}: {verdict.message} ({verdict.got})")
    for number, wrong in enumerate(exercise.get("wrong", []), 1):
        label = f"wrong answer {number} ({wrong.get('misconception')})"
        if not wrong.get("misconception") or not wrong.get("feedback", "").strip():
            problems.append(f"{label} needs a misconception and a feedback")
            continue
        verdict = _verdict(exercise, label, wrong["code"])
        due = NOT_YET, wrong["misconception"], wrong["feedback"]
        if (verdict.state, verdict.misconception, verdict.message) != due:
            problems.append(f"{label} gets {verdict.state}, {verdict.misconception}: {verdict.message}")
    if problems:
        raise ExerciseError(f"Exercise {exercise['id']}: " + "; ".join(problems))


def _verdict(exercise: dict, label: str, code: str) -> Verdict:
    return evaluate(exercise, named(exercise, run_code(exercise, label, code), label))


def _start_problems(exercise: dict) -> list[str]:
    start = named(exercise, run_code(exercise, "start"), "start")
    problems = [] if evaluate(exercise, start).state == NOT_ATTEMPTED else ["its start does not count as not attempted"]
    setup = prepare(exercise)
    if setup.wants != "value":
        trial = run_trial(setup, start, 2.0, trusted=True)
        exits = {o.failure.type for o in trial.outcomes if o.failure} & {"SystemExit", "KeyboardInterrupt"}
        if trial.ended or exits:
            problems.append("its start does harm when it is called: it never ends, or leaves Python")
        elif all(map(_agree(setup), reference(setup), trial.outcomes)):
            problems.append("its start is right already")
    return problems


def render(verdict: Verdict, exercise: dict) -> tuple[str, str]:
    """(text, html) for a notebook: the state in words, what is wrong, and the case that shows it; all of it escaped."""
    from helpers.practice.show import as_html, as_text  # late: it draws in the plotting library

    state = {NOT_ATTEMPTED: "Not attempted yet", NOT_YET: "Not yet", CORRECT: "Correct"}[verdict.state]
    title = f"{state}: exercise {exercise['id']}"
    rows = [(label, text) for label, text in [("Input", verdict.case), ("Came back", verdict.got),
                                              ("Expected", verdict.expected)] if text is not None]
    text = verdict.message
    names = {w["misconception"]: w.get("misconception_name") for w in exercise.get("wrong", [])}
    if names.get(verdict.misconception):
        text += f" Likely mistake: {names[verdict.misconception]}."
    return as_text(title, rows, text), as_html(title, rows, text)
