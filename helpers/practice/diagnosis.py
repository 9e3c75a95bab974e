"""The likeliest mistake behind an answer that is not right, in one plain sentence or two."""

import numpy as np

from helpers.practice.compare import Tolerance, close, equal, numbers
from helpers.practice.exercises import Setup
from helpers.practice.mismatch import mismatch
from helpers.practice.trial import Failure, Outcome, Trial
from helpers.practice.values import Value, cut

_RANK = ["raised", "late", "uncalled", "printed", "none", "generator", "type", "shape", "changed", "nan", "differs"]
_FACTORS = {2: "twice what is expected", 0.5: "half of what is expected",
            100: "100 times what is expected: a percentage where a share is due?",
            0.01: "a hundredth of what is expected: a share where a percentage is due?"}


def agrees(expected: Outcome, got: Outcome, tolerance: Tolerance) -> bool:
    """Is this case right: the value, and no input changed that the solution leaves alone?"""
    return (got.failure is None and got.misfit is None and set(got.changed) <= set(expected.changed)
            and equal(expected.value, got.value, tolerance))


def diagnose(setup: Setup, expected: list[Outcome], trial: Trial, seconds: float) -> tuple[int, str]:
    """(index of the case to show, what is wrong): the most telling kind of mistake, on the smallest input."""
    found = []
    for index, (due, got) in enumerate(zip(expected, trial.outcomes, strict=False)):
        if not agrees(due, got, setup.tolerance):
            rank, sentence = _case(setup, due, got, index)
            found.append((_RANK.index(rank), sum(v.size for v in setup.inputs[index]), index, sentence))
    if trial.ended:
        found.append((_RANK.index("late"), 0, min(len(trial.outcomes), len(expected) - 1), _late(trial, seconds)))
    _, _, index, sentence = min(found)
    if sentence:
        return index, sentence
    right = len(expected) - len(found)
    some = f" It is right on {right} of {len(expected)} inputs, but not on this one." if right else ""
    return index, (_pattern(setup, expected, trial.outcomes) or _difference(expected[index], trial.outcomes[index],
                                                                           setup, "")) + some


def _late(trial: Trial, seconds: float) -> str:
    late = f"It had not finished after {seconds:g} second{'' if seconds == 1 else 's'}"
    if trial.ended == "late":
        return f"{late}, so it was stopped. Is there a loop that never ends?"
    return f"{late}, and it cannot be stopped. Restart the kernel (menu Kernel, Restart); your progress is saved."


def _came(setup: Setup) -> str:
    if setup.probe is not None:
        return f"The check used your {'answer' if setup.wants == 'value' else setup.wants} and got"
    return "Your answer is" if setup.wants == "value" else "Your function returned"


def _case(setup: Setup, due: Outcome, got: Outcome, index: int) -> tuple[str, str]:
    if got.failure:
        return "raised", raised(got.failure, setup)
    value, want = got.value, got.misfit or due.value
    came = "Your answer is" if got.misfit else _came(setup)
    if value.kind == "class":
        return "uncalled", f"{came} {value.text} itself, but {want.what} is due. Call it, with parentheses."
    if value.kind == "function":
        return "uncalled", f"{came} a function, but {want.what} is due. Did you forget the parentheses that call it?"
    if value.kind == "none" and got.printed:
        return "printed", f"{came} `None`: it printed a result instead of returning it. Use `return`, not `print`."
    if value.kind == "none":
        forgot = "Give it a value." if setup.wants == "value" else "Did you forget `return`?"
        return "none", f"{came} `None`, but {want.what} is due. {forgot}"
    if value.kind == "ellipsis":
        return "none", f"{came} `...`, the placeholder. Put your own code in its place."
    if value.kind == "generator":
        return "generator", (f"{came} {value.text}, but {want.what} is due. Turn it into {want.what}, for example with "
                             "`sum(...)` or `list(...)`; in a function, write `return` instead of `yield`.")
    problem = mismatch(want, value, came)
    if problem:
        return problem
    changed = [i for i in got.changed if i not in due.changed]
    if changed:
        names = [f"`{setup.labels[i]}`" if setup.labels and i < len(setup.labels) else f"argument {i + 1}"
                 for i in changed]
        return "changed", (f"Your function changed its input {', '.join(names)}. Work on a copy: whoever calls the "
                           "function still needs the data as they were.")
    g, e = numbers(value), numbers(want)
    if g is not None and e is not None and np.any(~np.isfinite(g.astype(float)) & np.isfinite(e)):
        return "nan", _not_finite(g.astype(float), came)
    return "differs", ""


def raised(failure: Failure, setup: Setup) -> str:
    """What an answer raised, as a sentence with a hint where there is one."""
    whose = "Your answer" if setup.wants == "value" else f"Your {setup.wants}"
    what = f"{whose} raised {failure.type}" + (f": {failure.message.rstrip('.')}" if failure.message else "")
    what += f", in the line `{failure.line.replace('`', chr(39))}`." if failure.line else "."
    if failure.call is not None:
        names = ", ".join(setup.labels or [])
        called = f"It is called with ({names})" if names != failure.call else "It is called with other arguments"
        return f"{what} {called} but takes ({failure.call}). Keep the first line of the exercise."
    hints = {"NotImplementedError": "Put your own code in the place of the line that raises it.",
             "NameError": "Is the name spelled right, and has the cell that defines it been run?",
             "UnboundLocalError": "Give the name a value before it is used.",
             "RecursionError": "The function calls itself without an end.",
             "SystemExit": "Leave out `exit` and `quit`: a function ends with `return`.",
             "KeyboardInterrupt": "A function ends with `return`.",
             "MemoryError": "It asks for more memory than there is."}
    return f"{what} {hints[failure.type]}" if failure.type in hints else what


def _not_finite(g: np.ndarray, came: str) -> str:
    nan, count = int(np.isnan(g).sum()), int((~np.isfinite(g)).sum())
    name = "NaN (not a number)" if nan == count else "infinite" if nan == 0 else "NaN or infinite"
    many = f" in {count} of {g.size} places" if g.ndim else ""
    return (f"{came} something {name}{many}. Look for a division by zero, a log or root of something not positive, "
            "or an exp of a large number.")


@np.errstate(all="ignore")
def _pattern(setup: Setup, expected: list[Outcome], outcomes: list[Outcome]) -> str:
    """What the difference has in common over all cases, or ""."""
    pairs = [(numbers(due.value), numbers(got.value) if got.value else None)
             for due, got in zip(expected, outcomes, strict=False)]
    if any(e is None or g is None or e.shape != g.shape or e.dtype == bool or g.dtype == bool for e, g in pairs):
        return ""
    coarse = any(v.coarse for o in (*expected, *outcomes) for v in [o.value])
    e, g = (np.concatenate([np.ravel(pair[side]).astype(float) for pair in pairs]) for side in (0, 1))
    same = lambda a, b: bool(np.all(close(a, b, Tolerance(1e-6, 1e-9), coarse)))  # noqa: E731
    if not e.size or not np.isfinite(g).all() or not np.isfinite(e).all():
        return ""
    if same(-e, g):
        return "The size is right, but the sign is the other way round."
    if same(np.abs(e), g):
        return "The size is right, but the sign is lost: an absolute value where the sign matters?"
    lengths = [_length(inputs) for inputs in setup.inputs]
    each = np.concatenate([np.full(pair[0].size, n, float) for pair, n in zip(pairs, lengths, strict=True)])
    if each.min() > 1 and same(e * each, g):
        return "It is n times what is expected, where n is the number of values: a sum where a mean is due?"
    if each.min() > 1 and same(e / each, g):
        return "It is what is expected, divided by n, the number of values: a mean where a sum is due?"
    nonzero = e != 0
    if nonzero.any():
        factor = float(g[nonzero][0] / e[nonzero][0])
        if abs(factor) > 1e-6 and same(e * factor, g):  # smaller: the answer is 0 but for rounding
            for known, text in _FACTORS.items():
                if abs(factor / known - 1) < 1e-4:
                    return f"It is {text}" if text.endswith("?") else f"It is {text}."
            if len(set(e[nonzero])) > 1:
                return f"It is always {factor:.4g} times what is expected."
    if not same(e, e * e) and same(e * e, g):
        return "It is the square of what is expected: did you forget the square root?"
    if not same(e, e * e) and (g >= 0).all() and same(e, g * g):
        return "It is the square root of what is expected."
    if len(set(e)) > 1 and same(e + (g[0] - e[0]), g):
        return f"It is always {abs(g[0] - e[0]):.4g} too {'large' if g[0] > e[0] else 'small'}."
    if len(set(e)) > 1 and len(pairs) > 1 and all(np.array_equal(pairs[0][1], pair[1]) for pair in pairs):
        return "It is the same for every input. Does the code use its arguments?"
    return ""


def _length(inputs: tuple[Value, ...]) -> int:
    """How many values the first array or list among the inputs holds; 0 without one."""
    return next((value.shape[0] for value in inputs if value.kind in ("array", "list") and value.shape), 0)


def _difference(expected: Outcome, outcome: Outcome, setup: Setup, where: str) -> str:
    due, got = expected.value, outcome.value
    e, g = numbers(due), numbers(got)
    if e is not None and e.ndim and e.dtype != bool:
        wrong = np.flatnonzero(~close(e, g, setup.tolerance, due.coarse or got.coarse))
        if np.allclose(np.sort(e, axis=None), np.sort(g, axis=None), 1e-6, 1e-9):
            return "The numbers are the right ones, but not in the right order."
        place = np.unravel_index(wrong[0], e.shape)
        at = ", ".join(str(int(i)) for i in place)
        return (f"{len(wrong)} of {e.size} values differ, the first at [{at}]: {g[place]:.6g} came back, "
                f"{e[place]:.6g} is expected.")
    if due.kind == "text" and due.data.strip().lower() == got.data.strip().lower():
        return "Only capital and small letters differ."
    if due.kind == "list" and e is None:
        wrong = [i for i, (a, b) in enumerate(zip(due.data, got.data, strict=True)) if not equal(a, b, setup.tolerance)]
        if sorted(part.text for part in due.data) == sorted(part.text for part in got.data):
            return f"The elements are the right ones, but not in the right order: look at place [{wrong[0]}]."
        return f"{len(wrong)} of {len(due.data)} elements differ, the first at [{wrong[0]}]: {got.data[wrong[0]].text}."
    if due.kind == "dict":
        wrong = [key for key, part in due.data.items() if not equal(part, got.data[key], setup.tolerance)]
        return f"{len(wrong)} of {len(due.data)} entries differ, the first under {cut(repr(wrong[0]), 60)}."
    return f"{_came(setup)} {cut(got.text, 60)}, but {cut(due.text, 60)} is expected."
