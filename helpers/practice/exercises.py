"""An exercise made ready to run, from the code strings that it consists of."""

import inspect
import types
from dataclasses import dataclass

from helpers.practice.compare import Tolerance
from helpers.practice.values import Value, cut, snapshot


class ExerciseError(Exception):
    """The exercise itself is broken (not the answer): the author must mend it. The sentence names it and says why."""


@dataclass(frozen=True)
class Setup:
    """An exercise ready to run: nothing in it is shared with another evaluation."""

    exercise: dict
    solution: object
    started: object
    cases: list[tuple]
    probe: object
    labels: list[str] | None
    tolerance: Tolerance
    seconds: float
    inputs: list[tuple[Value, ...]]

    @property
    def wants(self) -> str:
        """What the answer has to be: "class", "function" or "value"."""
        return "class" if isinstance(self.solution, type) else "function" if callable(self.solution) else "value"

    def shown(self, index: int) -> str | None:
        """The input of a case in words, or None if there is none."""
        case = self.inputs[index]
        labels = self.labels if self.labels and len(self.labels) == len(case) else None
        parts = [f"{labels[i]}={value.text}" if labels else value.text for i, value in enumerate(case)]
        return cut(", ".join(parts), 300) or None


def prepare(exercise: dict) -> Setup:
    """Run the exercise's own code in fresh namespaces. Raises ExerciseError."""
    namespace = run_code(exercise, "preamble")
    try:
        beside = dict(namespace)
        run_into(beside, exercise, "start")
        started = beside.get(exercise.get("name"))
    except ExerciseError:
        started = None
    run_into(namespace, exercise, "solution")
    solution = named(exercise, namespace, "solution")
    run_into(namespace, exercise, "cases")
    cases = namespace.get("cases", [()] if not callable(solution) else [])
    if not isinstance(cases, list) or not cases or not all(isinstance(case, tuple) for case in cases):
        raise ExerciseError(f"Exercise {exercise['id']}: `cases` must be a list of at least one tuple of arguments.")
    labels = namespace.get("labels") or _parameters(solution)
    return Setup(exercise, solution, started, cases, namespace.get("probe"), labels,
                 Tolerance(namespace.get("rtol"), namespace.get("atol", 1e-9)), float(namespace.get("seconds", 5.0)),
                 [tuple(snapshot(argument) for argument in case) for case in cases])


def run_code(exercise: dict, part: str, code: str | None = None) -> dict:
    """A fresh namespace in which the preamble and then a part of the exercise (or `code`) have run."""
    namespace = {"__name__": "exercise"}
    run_into(namespace, exercise, "preamble")
    if part != "preamble":
        run_into(namespace, exercise, part, code)
    return namespace


def run_into(namespace: dict, exercise: dict, part: str, code: str | None = None) -> None:
    """Run one part in a namespace that exists. Raises ExerciseError."""
    label = f"Exercise {exercise.get('id')}"
    if code is None and part not in exercise and part in ("solution", "start"):
        raise ExerciseError(f"{label} has no {part!r}.")
    try:
        exec(compile(code if code is not None else exercise.get(part, ""), f"<{part}>", "exec"), namespace)
    except Exception as error:
        raise ExerciseError(f"{label}: its {part} does not run: {type(error).__name__}: {error}") from error


def named(exercise: dict, namespace: dict, part: str):
    """What a part of the exercise defines under the exercise's name. Raises ExerciseError."""
    if exercise.get("name") not in namespace:
        raise ExerciseError(f"Exercise {exercise['id']}: its {part} does not define {exercise.get('name')!r}.")
    return namespace[exercise["name"]]


def _parameters(solution) -> list[str] | None:
    if not isinstance(solution, types.FunctionType):
        return None
    return list(inspect.signature(solution).parameters)
