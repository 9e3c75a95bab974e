"""Put an answer through the cases of an exercise, under a time limit."""

import copy
import linecache
import types
from dataclasses import dataclass, field

from helpers.practice import attempts
from helpers.practice.compare import equal, numbers
from helpers.practice.exercises import ExerciseError, Setup
from helpers.practice.limits import Run, run_limited
from helpers.practice.values import Value, cut, snapshot, type_name

_KINDS = ("number", "bool", "text", "array", "list", "dict")
_LIBRARIES = ("tensorflow", "keras", "torch", "jax", "jaxlib", "pandas", "sklearn", "matplotlib")


@dataclass(frozen=True)
class Failure:
    """What an answer raised: the type's name, its message on one line, the line of code.

    call: the function's own parameters, where it does not take the arguments that it was given.
    """

    type: str
    message: str
    line: str = ""
    call: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What one case gave: a value or a failure, whether it printed, and the places of the inputs that were changed.

    misfit: what the answer should have been like, where it is not of a kind that the probe can take.
    """

    value: Value | None
    failure: Failure | None = None
    misfit: Value | None = None
    printed: bool = False
    changed: tuple[int, ...] = ()


@dataclass
class Trial:
    """An answer's outcomes, one a case as far as it came. ended: "", "late", or "stuck" if it cannot be stopped.

    unfit: the answer, where a function or a class is due and it is none.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    untouched: bool = False
    unfit: Value | None = None
    ended: str = ""
    failure: Failure | None = None


def reference(setup: Setup) -> list[Outcome]:
    """What the solution gives, case by case. Raises ExerciseError if it gives nothing that can be compared."""
    trial = run_trial(setup, setup.solution, seconds=max(30.0, setup.seconds), trusted=True)
    label = f"Exercise {setup.exercise['id']}: its solution"
    if trial.ended or len(trial.outcomes) < len(setup.cases):
        raise ExerciseError(f"{label} does not come to an end on case {len(trial.outcomes)}.")
    for number, outcome in enumerate(trial.outcomes):
        if outcome.failure:
            raise ExerciseError(f"{label} raises {outcome.failure.type} on case {number}: {outcome.failure.message}")
        if not _comparable(outcome.value):
            raise ExerciseError(f"{label} gives {outcome.value.what} on case {number}: nothing that can be compared.")
    return trial.outcomes


def _comparable(value: Value) -> bool:
    return value.kind in _KINDS and value.data is not None and all(map(_comparable, _parts(value)))


def _parts(value: Value) -> tuple:
    return tuple(value.data.values()) if isinstance(value.data, dict) else value.data if value.kind == "list" else ()


def _strange(value: Value) -> Value | None:
    """What a probe cannot be given, the value itself or a part of it; `None` among the parts is fine."""
    if value.kind not in _KINDS or value.data is None:
        return value
    return next(filter(None, (_strange(part) for part in _parts(value) if part.kind != "none")), None)


def run_trial(setup: Setup, answer, seconds: float, expected: list[Outcome] = (), trusted: bool = False) -> Trial:
    """Put an answer through all cases in one thread and under one time limit. Inputs are copied for each call.

    expected: the solution's outcomes, whose size decides how much of an answer is looked at.
    trusted: an author's code, which counts as attempted even where it equals the start.
    """
    limit = max([10_000] + [4 * outcome.value.size for outcome in expected]) if expected else 1_000_000
    trial = Trial()

    def work(run: Run):
        if not trusted and attempts.untouched(answer, setup.exercise.get("start", ""), setup.started):
            trial.untouched = True
        elif not trusted and not _fits(setup, answer):
            trial.unfit = snapshot(answer, limit)
        else:
            for index in range(len(setup.cases)):
                trial.outcomes.append(_one_case(setup, answer, index, limit, run))

    run = run_limited(work, seconds, grace=min(2.0, 2 * seconds))
    if run.expired and not run.finished:
        trial.ended = "late" if run.stopped else "stuck"
    elif run.error is not None:  # raised by looking at the answer, not by calling it
        trial.failure = Failure(type_name(type(run.error)), "")
    return trial


def _fits(setup: Setup, answer) -> bool:
    """Is it a class, or something to call, where the solution is? A value may be anything."""
    if setup.wants == "value":
        return True
    return callable(answer) and issubclass(type(answer), type) == (setup.wants == "class")


def _one_case(setup: Setup, answer, index: int, limit: int, run: Run) -> Outcome:
    arguments = copy.deepcopy(setup.cases[index])
    before = run.printed
    value, failure, misfit = None, None, None
    try:
        if setup.wants == "value" and setup.probe is not None:
            solution, seen = snapshot(setup.solution), snapshot(answer, limit)
            if not _same_family(solution, seen):
                value, misfit = seen, solution
            else:
                value = snapshot(setup.probe(plain(seen, like=solution), *arguments), limit)
        else:
            value = snapshot(_give(setup, answer, arguments, limit), limit)
    except BaseException as error:  # an answer may also raise SystemExit or KeyboardInterrupt: neither is the user's
        if run.expired:
            raise
        failure = _describe(error, answer)
    changed = tuple(i for i, (argument, was) in enumerate(zip(arguments, setup.inputs[index], strict=True))
                    if was.data is not None and not equal(was, snapshot(argument, max(limit, 10_000))))
    return Outcome(value, failure, misfit, run.printed > before, changed)


def _give(setup: Setup, answer, arguments: tuple, limit: int):
    """What is compared: the call of a function, the answer itself, or what the probe makes of either."""
    if setup.probe is None:
        return answer if setup.wants == "value" else answer(*arguments)
    return setup.probe(answer if setup.wants == "class" else _laundered(answer, limit), *arguments)


def _same_family(solution: Value, seen: Value) -> bool:
    sequences = ("array", "list")
    return _comparable(seen) and (solution.kind == seen.kind or {solution.kind, seen.kind} <= set(sequences))


def plain(value: Value, like: Value | None = None):
    """The value as fresh objects of built-in and NumPy types: what it says is what it is."""
    if like is not None and {like.kind, value.kind} == {"array", "list"}:
        array = numbers(value)
        if array is not None:
            return array.copy() if like.kind == "array" else array.tolist()
    if value.kind == "list":
        return [plain(part) for part in value.data]
    if value.kind == "dict":
        return {key: plain(part) for key, part in value.data.items()}
    return value.data.copy() if value.kind == "array" else value.data


def _laundered(answer, limit: int):
    """The function, with results whose methods could lie to a probe replaced by plain ones."""
    def call(*arguments, **named_arguments):
        result = answer(*arguments, **named_arguments)
        if result is None or str(type(result).__module__).split(".")[0] in _LIBRARIES:
            return result
        seen = snapshot(result, limit)
        strange = _strange(seen)
        if strange is not None:
            inside = "" if strange is seen else f" with {strange.what} in it"
            raise TypeError(f"your function returned {seen.what}{inside}")
        return plain(seen)
    return call


def _describe(error: BaseException, answer) -> Failure:
    """A failure in words, without its traceback."""
    try:
        message = str.__str__(str(error))
    except Exception:  # an exception of the learner's own that cannot even say what it is
        message = ""
    if "Traceback (most recent call last)" in message:
        message = message.split("Traceback (most recent call last)")[0]
    if message.startswith("in user code:"):  # TensorFlow puts a traceback of its own before the sentence
        message = message.strip().splitlines()[-1]
    code = answer.__code__ if type(answer) is types.FunctionType else None
    line, place, last = "", error.__traceback__, None
    while place is not None and code is not None:
        last = place.tb_frame.f_code
        if last.co_filename == code.co_filename:
            line = linecache.getline(code.co_filename, place.tb_lineno).strip()
        place = place.tb_next
    call = None
    if code is not None and isinstance(error, TypeError) and "argument" in message and last is not code:
        call, line = cut(", ".join(code.co_varnames[: code.co_argcount]), 80), ""
    return Failure(type_name(type(error)), cut(message), cut(line, 80), call)
