"""Checks of the checks: every kind of answer gets the verdict and the message that it should."""

import json
import os
import sys
import threading
import time

import numpy as np
import pytest
from hostile_answers import hostile_answers

from helpers.practice.checks import ExerciseError, Verdict, evaluate, render, validate
from helpers.practice.limits import run_limited

NUMBER = {
    "kind": "exercise", "id": "huber-pull", "notebook": "01", "name": "huber_pull", "preamble": "import numpy as np",
    "start": 'def huber_pull(y_true, y_pred, delta):\n    """The pull."""\n    ...  # your code here',
    "solution": "def huber_pull(y_true, y_pred, delta):\n"
                "    return np.mean(np.clip(y_pred - y_true, -delta, delta))",
    "cases": "bills = np.array([1.0, 2.0, 3.0, 4.0, 90.0])\n"
             "cases = [(bills, 10.0, 5.0), (bills, 3.0, 2.0), (np.array([0.0, 7.0]), 0.5, 0.25), (bills, -4.0, 1.5)]",
    "hints": ["Near a bill the pull is the error itself.", "`np.clip` cuts an array off."],
    "right": ["def huber_pull(y_true, y_pred, delta):\n    e = y_pred - np.asarray(y_true, np.float32)\n"
              "    return np.float32(np.where(abs(e) <= delta, e, delta * np.sign(e)).mean())",
              "def huber_pull(t, p, d):\n    return sum(max(-d, min(d, float(p - x))) for x in t) / len(t)",
              "huber_pull = lambda t, p, d: np.array(np.minimum(np.maximum(p - t, -d), d).sum() / t.size)"],
    "wrong": [{"code": "def huber_pull(y_true, y_pred, delta):\n    e = y_pred - y_true\n"
                       "    return np.mean(e[np.abs(e) <= delta])",
               "misconception": "outlier-deleted", "feedback": "Robust does not mean: throw it away."},
              {"code": "def huber_pull(y_true, y_pred, delta):\n"
                       "    return np.mean(np.minimum(np.abs(y_pred - y_true), delta))",
               "misconception": "sign-lost", "feedback": "A pull has a direction."},
              {"code": "def huber_pull(y_true, y_pred, delta):\n    return np.clip(y_pred - y_true, -delta, delta)",
               "misconception": "not-averaged", "feedback": "One pull for each bill; average them."},
              {"code": "def huber_pull(y_true, y_pred, delta):\n"
                       "    return 'big' if delta > 2 else np.mean(np.clip(y_pred - y_true, -delta, delta))",
               "misconception": "text", "feedback": "Words do not pull."}],
}
ARRAY = {
    "kind": "exercise", "id": "softmax", "notebook": "03", "name": "softmax", "preamble": "import numpy as np",
    "start": "def softmax(logits):\n    return np.exp(logits) / np.exp(logits).sum()  # planted: overflows\n",
    "solution": "def softmax(logits):\n    e = np.exp(logits - logits.max())\n    return e / e.sum()",
    "cases": "cases = [(np.array([1.0, 2.0, 4.0]),), (np.array([1000.0, 0.0, 999.0]),), (np.array([0.0, 0.5]),)]\n"
             "labels = ['logits']",
    "hints": ["What is exp(1000)?", "Subtract the largest."],
    "right": ["def softmax(z):\n    z = [float(x) - max(z) for x in z]\n"
              "    return [np.exp(x) / sum(np.exp(y) for y in z) for x in z]"],
    "wrong": [{"code": "def softmax(z):\n    return z / z.sum()", "misconception": "no-exp", "feedback": "No exp."}],
}
VALUE = {
    "kind": "exercise", "id": "tau", "notebook": "01", "name": "tau", "preamble": "", "start": "tau = ...",
    "solution": "tau = 0.75", "cases": "cases = [()]", "hints": ["a", "b"], "right": ["tau = 3 / 4"],
    "wrong": [{"code": "tau = 0.25", "misconception": "wrong-side", "feedback": "That is the other side."}],
}
SAMPLES = [NUMBER, ARRAY, VALUE]


def define(code, name, **space):
    space |= {"np": np}
    exec(code, space)
    return space[name]


def simple(solution, cases, start="def f(x):\n    ...", **more):
    return {"id": "f", "name": "f", "notebook": "01", "preamble": "import numpy as np", "start": start,
            "solution": solution, "cases": cases, "hints": ["a", "b"], "right": [], "wrong": []} | more


MEAN = simple("def f(x):\n    return np.mean(x)", "cases = [(np.arange(1.0, 5.0),), (np.array([2.0, 8.0, 9.5]),)]")
RESIDUALS = simple("def f(x):\n    return x - 1.5",
                   "cases = [(np.arange(1.0, 4.0),), (np.array([2.0, 8.0, 3.0, 9.5]),)]")


@pytest.mark.parametrize("exercise", SAMPLES, ids=lambda e: e["id"])
def test_a_sample_exercise_holds_what_it_promises(exercise):
    validate(json.loads(json.dumps(exercise)))


@pytest.mark.parametrize("exercise", SAMPLES, ids=lambda e: e["id"])
def test_no_hostile_answer_is_accepted_or_does_harm(exercise, capsys):
    streams, count, began = (sys.stdout, sys.stderr, sys.stdin), 0, time.monotonic()
    for label, answer in hostile_answers(exercise):
        start = time.monotonic()
        verdict = evaluate(exercise, answer, seconds=0.3)
        took = time.monotonic() - start
        count += 1
        assert verdict.state == "not yet", (label, verdict)
        assert verdict.message.strip() and verdict.message.isprintable(), (label, verdict)
        assert "Traceback" not in str(verdict) and len(str(verdict)) < 2500, (label, verdict)
        assert "cannot make sense" not in verdict.message, (label, verdict)
        assert took < 2, (label, took)
        assert (sys.stdout, sys.stderr, sys.stdin) == streams, label
        assert all(part.isprintable() for part in render(verdict, exercise)[0].splitlines()), label
    assert count >= 200
    assert time.monotonic() - began < 30
    assert capsys.readouterr() == ("", "")
    assert evaluate(exercise, define(exercise["solution"], exercise["name"])).state == "correct"
    assert evaluate(exercise, ...).state == "not attempted"


def f_untouched_in_a_file(y_true, y_pred, delta):
    # a comment and another docstring do not count
    ...


def test_untouched_code_is_not_attempted():
    assert evaluate(NUMBER, define(NUMBER["start"], "huber_pull")).state == "not attempted"  # without its source
    renamed = NUMBER | {"start": NUMBER["start"].replace("huber_pull", "f_untouched_in_a_file"),
                        "solution": NUMBER["solution"].replace("huber_pull", "f_untouched_in_a_file"),
                        "name": "f_untouched_in_a_file"}
    assert evaluate(renamed, f_untouched_in_a_file).state == "not attempted"
    assert evaluate(ARRAY, define(ARRAY["start"], "softmax")).state == "not attempted"
    assert evaluate(VALUE, ...).state == "not attempted"
    listed = simple("f = [1, 2]", "", start="f = [2, 1]  # mend me")
    assert evaluate(listed, [2, 1]).state == "not attempted"
    assert evaluate(listed, [1, 3]).state == "not yet"


def test_a_changed_planted_bug_is_attempted():
    changed = define(ARRAY["start"].replace(".sum()", ".max()"), "softmax")
    assert evaluate(ARRAY, changed).state == "not yet"
    other_constant = define(ARRAY["start"].replace(".sum()", ".sum() * 1.0"), "softmax")
    assert evaluate(ARRAY, other_constant).state == "not yet"


@pytest.mark.parametrize("other", ["3", "2.0", "True"])
def test_another_constant_is_an_attempt_also_where_the_source_is_not_at_hand(other):
    bug = simple("def f(x):\n    return x + 2", "cases = [(1,), (5,)]", start="def f(x):\n    return x * 2")
    assert evaluate(bug, define("def f(x):\n    return x * 2", "f")).state == "not attempted"
    assert evaluate(bug, define(f"def f(x):\n    return x * {other}", "f")).state == "not yet"


def test_a_class_can_be_asked_for():
    exercise = simple(
        "class f:\n    def call(self, x):\n        return 2 * x", "def probe(answer, x):\n    return answer().call(x)\n"
        "cases = [(1.0,), (2.0,)]", start="class f:\n    def call(self, x):\n        ...")
    validate(exercise)
    assert evaluate(exercise, define("class f:\n    def call(self, x):\n        return x + x", "f")).state == "correct"
    verdict = evaluate(exercise, define("class f:\n    def call(self, x):\n        return 3 * x", "f"))
    assert verdict.message.startswith("It is always 1.5 times")
    assert "a class is due" in evaluate(exercise, lambda x: x).message


WORDS = {
    "def f(x):\n    return 1 / 0": "raised ZeroDivisionError: division by zero",
    "def f(x):\n    return nobody": "has the cell that defines it been run?",
    "def f(x, y):\n    return x": "It is called with (x) but takes (x, y).",
    "def f():\n    return 1": "It is called with (x) but takes ().",
    "def f(x):\n    raise NotImplementedError": "Put your own code in the place",
    "def f(x):\n    while True: pass": "Is there a loop that never ends?",
    "class f:\n    pass": "`f` is a class, but a function is due",
    "f = 3.0": "`f` is a number, but a function is due",
    "def f(x):\n    return np.mean": "Did you forget the parentheses",
    "def f(x):\n    return int": "the class int itself",
    "def f(x):\n    print(np.mean(x))": "Use `return`, not `print`",
    "def f(x):\n    np.mean(x)": "Did you forget `return`?",
    "def f(x):\n    yield np.mean(x)": "a generator, but a number is due",
    "def f(x):\n    return str(np.mean(x))": "returned a string, but a number is due",
    "def f(x):\n    return np.mean(x) > 2": "returned True or False, but a number is due",
    "def f(x):\n    return x": "Did you forget to average or to sum?",
    "def f(x):\n    return [np.mean(x)]": "Take it out",
    "def f(x):\n    return np.mean(x, keepdims=True)": "Take it out",
    "def f(x):\n    x -= 1\n    return np.mean(x + 1)": "changed its input `x`",
    "def f(x):\n    return np.mean(x) * float('nan')": "NaN (not a number)",
    "def f(x):\n    return np.mean(x) / np.zeros(1)[0]": "infinite",
    "def f(x):\n    return -np.mean(x)": "the sign is the other way round",
    "def f(x):\n    return 2 * np.mean(x)": "twice what is expected",
    "def f(x):\n    return np.mean(x) / 2": "half of what is expected",
    "def f(x):\n    return np.sum(x)": "a sum where a mean is due?",
    "def f(x):\n    return np.mean(x) / len(x)": "a mean where a sum is due?",
    "def f(x):\n    return 3 * np.mean(x)": "It is always 3 times",
    "def f(x):\n    return np.mean(x) ** 2": "did you forget the square root?",
    "def f(x):\n    return np.mean(x) + 1": "It is always 1 too large",
    "def f(x):\n    return 17.5": "Does the code use its arguments?",
    "def f(x):\n    return np.mean(x) if len(x) == 4 else 1.25": "It is right on 1 of 2 inputs",
}


@pytest.mark.parametrize("code", WORDS)
def test_not_yet_names_the_likely_mistake(code):
    verdict = evaluate(MEAN, define(code, "f"), seconds=0.3)
    assert verdict.state == "not yet"
    assert WORDS[code] in verdict.message
    if "is due. Define" not in verdict.message:
        assert verdict.case.startswith("x=array([") and verdict.got and verdict.expected in ("2.5", "6.5")


ARRAY_WORDS = {
    "def f(x):\n    return float(np.mean(x))": "one number, but an array of shape (3,) is due",
    "def f(x):\n    return (x - 1.5)[:, None]": "One axis is too many",
    "def f(x):\n    return x[:, None] - x": "every pair was combined",
    "def f(x):\n    return x[1:] - 1.5": "of length 2, but 3 elements are due",
    "def f(x):\n    return (x - 1.5)[::-1]": "not in the right order",
    "def f(x):\n    return np.abs(x - 1.5)": "the sign is lost",
    "def f(x):\n    return np.where(x == 2, 7, x - 1.5)": "1 of 3 values differ, the first at [1]: 7",
    "def f(x):\n    return x > 1.5": "True and False, but numbers are due",
    "def f(x):\n    return {'a': 1}": "a dict, but an array is due",
    "def f(x):\n    return np.ma.array(x - 1.5, mask=x > 1)": "masked values, but an array is due",
}


@pytest.mark.parametrize("code", ARRAY_WORDS)
def test_not_yet_names_the_likely_mistake_in_an_array(code):
    verdict = evaluate(RESIDUALS, define(code, "f"))
    assert (verdict.state, ARRAY_WORDS[code] in verdict.message) == ("not yet", True), verdict


def test_recorded_wrong_answers_win_over_generic_messages():
    squares = simple("def f(x):\n    return np.mean(x)", MEAN["cases"], wrong=[
        {"code": "def f(x):\n    return np.sum(x)", "misconception": "sum", "feedback": "Summed."},
        {"code": "def f(x):\n    return x", "misconception": "all", "feedback": "All of them."},
        {"code": "def f(x):\n    return 1 / 0", "misconception": "zero", "feedback": "Nothing there."}])
    validate(squares)
    verdict = evaluate(squares, lambda x: float(sum(x)))
    assert (verdict.misconception, verdict.message, verdict.got) == ("sum", "Summed.", "19.5")
    assert evaluate(squares, lambda x: list(x)).misconception == "all"
    assert evaluate(squares, lambda x: sum(x) if len(x) == 4 else 0.0).misconception is None


def test_a_recorded_print_is_not_any_missing_return():
    code = "def f(x):\n    print(np.mean(x))"
    prints = MEAN | {"wrong": [{"code": code, "misconception": "print", "feedback": "Shown, not given."}]}
    validate(prints)
    assert evaluate(prints, lambda x: print("7")).misconception == "print"
    assert "Did you forget `return`?" in evaluate(prints, lambda x: None).message


def test_a_recorded_mistake_needs_agreement_only_where_it_gives_something():
    exercise = simple("def f(x):\n    return max(x, default=0)", "cases = [([3, 1],), ([],), ([5, 9, 2],)]", wrong=[
        {"code": "def f(x):\n    return x[0]", "misconception": "first", "feedback": "The first, not the largest."}])
    validate(exercise)
    assert evaluate(exercise, lambda x: x[0] if x else -1).misconception == "first"
    assert evaluate(exercise, lambda x: x[-1] if x else 0).misconception is None


def test_the_smallest_failing_input_is_shown():
    assert evaluate(MEAN, lambda x: x[0] - 1).case == "x=array([2. , 8. , 9.5])"


ACCEPTED = [0.75, np.float64(0.75), np.float32(0.75), np.array(0.75), 3 / 4 + 1e-10, np.float16(0.75)]
REFUSED = [[0.75], np.array([0.75]), "0.75", 0.75 + 1e-4, True, 0.75 + 0j, np.array(0.75, object), None]


def test_what_counts_as_the_same_number():
    assert [evaluate(VALUE, answer).state for answer in ACCEPTED] == ["correct"] * len(ACCEPTED)
    assert [evaluate(VALUE, answer).state for answer in REFUSED] == ["not yet"] * len(REFUSED)


def test_low_precision_is_forgiven_only_where_it_was_used():
    off = 0.75 * (1 + 5e-5)
    assert [evaluate(VALUE, x).state for x in (np.float32(off), np.float64(off))] == ["correct", "not yet"]
    assert evaluate(VALUE, np.float32(0.75 * (1 + 5e-4))).state == "not yet"


def test_what_an_object_holds_counts_and_not_what_it_says_of_itself():
    class Number(float):
        __float__ = lambda self: 0.75  # noqa: E731

    class Numbers(list):
        __iter__ = lambda self: iter([1.0, 2.0])  # noqa: E731
        __len__ = lambda self: 10**12  # noqa: E731

    class Array(np.ndarray):
        shape, size = property(lambda self: (2,)), property(lambda self: 2)
        __array__ = astype = copy = lambda self, *a, **k: np.array([1.0, 2.0])

    assert evaluate(VALUE, Number(0.5)).got == "0.5"
    two = simple("f = [1.0, 2.0]", "", start="f = ...")
    assert evaluate(two, Numbers([1.0, 2.5])).got == "[1.0, 2.5]"
    assert evaluate(two, Numbers([1.0, 2.0, 3.0])).message.endswith("a list of length 3, but 2 elements are due.")
    assert evaluate(two, np.zeros(2).view(Array)).got == "array([0., 0.])"
    assert "shape (1000000, 1000000)" in evaluate(two, np.broadcast_to(1.0, (10**6, 10**6)).view(Array)).message


def test_the_largest_answers_are_named_by_their_shape():
    assert "has shape (7, 7, 7" in evaluate(MEAN, lambda x: np.broadcast_to(1.0, (7,) * 20)).message
    assert evaluate(MEAN, lambda x: [0.0] * 10**6).got == "a list of 1,000,000 elements"


@pytest.mark.parametrize("solution, right, wrong", [
    ("'sigmoid'", ["sigmoid ", np.str_("sigmoid")], ["Sigmoid", "softmax", b"sigmoid", ["sigmoid"]]),
    ("['a', 'b']", [("a", "b"), np.array(["a", "b"])], [["b", "a"], ["a"], ["a", "b", "c"], {"a", "b"}, "ab", ["a", 1],
                                                       [["a"], "b"], np.array(["a", "c"])]),
    ("{'mean': 20.0, 'n': 5}", [{"n": 5.0, "mean": np.float32(20)}], [{"mean": 20.0}, {"mean": 5.0, "n": 20}, [20.0, 5],
                                                                     {"mean": 20.0, "n": 5, "x": 1}]),
    ("True", [np.True_], [1, 1.0, "True", False]),
    ("1000000", [1000000.0, np.int32(1000000)], [1000001, 999999.5, True]),
    ("[1.0, 2.0]", [np.array([1, 2]), (1, 2), range(1, 3), np.float32([1, 2])],
     [[2, 1], [1, 2, 3], [[1, 2]], [True, 2], {1.0, 2.0}, iter([1.0, 2.0])]),
    ("np.eye(2)", [[[1, 0], [0, 1]]], [np.eye(3), [1, 0, 0, 1], np.eye(2)[::-1], np.eye(2, dtype=bool)]),
    ("[[1.0, 2.0], [3.0]]", [[[1, 2], (3,)]], [[[1, 2], [4]], [[1, 2], [3, 4]], [[1], [2], [3]]]),
    ("float('nan')", [np.nan], [0.0, np.inf]),
    ("np.float32(0.1) * 3", [0.3, 0.1 + 0.2], [0.3001]),
])
def test_values_of_each_kind(solution, right, wrong):
    exercise = simple(f"f = {solution}", "", start="f = ...")
    for answer in right:
        assert evaluate(exercise, answer).state == "correct", answer
    for answer in wrong:
        assert evaluate(exercise, answer).state == "not yet", answer


def test_text_and_lists_say_how_they_differ():
    order = simple("f = ['load', 'split', 'scale']", "", start="f = []")
    assert "not in the right order" in evaluate(order, ["load", "scale", "split"]).message
    assert "1 of 3 elements differ, the first at [2]" in evaluate(order, ["load", "split", "fit"]).message
    assert "capital" in evaluate(simple("f = 'sigmoid'", "", start="f = ''"), "Sigmoid").message
    assert "without the key 'n'" in evaluate(simple("f = {'n': 1}", "", start="f = {}"), {"m": 1}).message


class Tensor:
    """As a tensor of TensorFlow or Keras looks from outside."""

    def __init__(self, data):
        self.data = np.asarray(data, np.float32)

    def numpy(self):
        return self.data


def test_a_tensor_is_read_without_its_library():
    assert evaluate(MEAN, lambda x: Tensor(np.mean(x))).state == "correct"
    assert evaluate(MEAN, lambda x: Tensor(x)).state == "not yet"
    assert evaluate(RESIDUALS, lambda x: Tensor(x - 1.5)).state == "correct"
    assert evaluate(VALUE, Tensor(0.75)).state == "correct"


def test_a_probe_decides_what_is_compared_and_cannot_be_lied_to():
    exercise = simple("f = [0.9, 0.2]", "def probe(answer):\n    return bool(sum(answer) == 1.1)\ncases = [()]",
                      start="f = []")
    validate(exercise)
    assert evaluate(exercise, np.array([1.0, 0.1])).state == "correct"

    class Yes(float):
        __radd__ = lambda self, other: self  # noqa: E731
        __eq__ = lambda self, other: True  # noqa: E731

    assert evaluate(exercise, [Yes(4)]).state == "not yet"
    assert "an object of type" in evaluate(exercise, [object(), 1.0]).message
    assert "a string, but a list is due" in evaluate(exercise, "0.9").message
    calls = simple("def f(x):\n    return x",
                   "def probe(answer, x):\n    return bool(answer(x) == x)\ncases = [(1,), (2,)]")
    assert evaluate(calls, lambda x: Yes(7)).state == "not yet"
    pairs = simple("def f(x):\n    return 'linear', x",
                   "def probe(answer, x):\n    head, y = answer(x)\n    return head or 'linear', y\n"
                   "cases = [(1,), (2,)]")
    assert evaluate(pairs, lambda x: (None, x)).state == "correct"
    assert "a tuple with an object of type object in it" in evaluate(pairs, lambda x: (object(), x)).message


def test_tolerances_can_be_set():
    loose = simple("f = 10.0", "rtol = 0.1", start="f = ...")
    assert [evaluate(loose, x).state for x in (10.9, 11.1)] == ["correct", "not yet"]


def recorded(result, misconception, feedback="No."):
    return {"code": f"def f(x):\n    return {result}", "misconception": misconception, "feedback": feedback}


@pytest.mark.parametrize("change, why", [
    ({"cases": "cases = []"}, "at least one tuple"), ({"cases": "cases = [1.0]"}, "at least one tuple"),
    ({"cases": "cases = [(1 / 0,)]"}, "cases does not run: ZeroDivisionError"),
    ({"solution": "def f(x):\n    return x +"}, "solution does not run: SyntaxError"),
    ({"solution": "g = 1"}, "does not define 'f'"),
    ({"solution": "def f(x):\n    return 1 / 0"}, "raises ZeroDivisionError"),
    ({"solution": "def f(x):\n    return None"}, "gives `None`"),
    ({"solution": "def f(x):\n    return np.random.default_rng().random()"}, "is it random?"),
    ({"cases": "cases = [(np.arange(3.0),)]"}, "at least 2 cases"), ({"hints": ["one"]}, "at least 2 hints"),
    ({"start": "def f(x):\n    return np.mean(x)"}, "start is right already"),
    ({"start": "def f(x):\n    while True: pass"}, "start does harm"), ({"start": "g = 1"}, "start does not define"),
    ({"right": ["def f(x):\n    return 0.0"]}, "right answer 1 is not yet"),
    ({"wrong": [recorded("x.mean()", "m")]}, "gets correct"), ({"wrong": [recorded("0.0", "m", " ")]}, "needs a"),
    ({"wrong": [recorded("0.0", "a"), recorded("0.0", "b")]}, "(b) gets not yet, a"),
])
def test_a_broken_exercise_is_the_author_s_error(change, why):
    with pytest.raises(ExerciseError) as error:
        validate(MEAN | change)
    assert why in str(error.value)


def test_an_endless_loop_is_stopped_and_does_not_go_on():
    steps = []

    def stubborn(x):
        while True:
            try:
                while True:
                    steps.append(1)
                    time.sleep(0.001)
            except:  # noqa: E722  (this is what is being tested)
                pass

    verdict = evaluate(MEAN, stubborn, seconds=0.2)
    assert "so it was stopped" in verdict.message
    seen = len(steps)
    time.sleep(0.1)
    assert len(steps) == seen


def test_no_further_input_is_tried_once_the_time_is_up():
    calls = []

    def loop(x):
        calls.append(len(x))
        while True:
            pass

    verdict = evaluate(MEAN, loop, seconds=0.2)
    assert calls == [4] and verdict.case == "x=array([1., 2., 3., 4.])"


def test_nothing_is_asked_at_the_keyboard(monkeypatch):
    class Keyboard:
        def readline(self, *args):
            pytest.fail("somebody was asked")

    monkeypatch.setattr(sys, "stdin", Keyboard())
    assert "raised EOFError" in evaluate(MEAN, lambda x: input()).message


def test_what_cannot_be_interrupted_is_left_behind_in_time():
    start = time.monotonic()
    verdict = evaluate(MEAN, lambda x: time.sleep(1.5), seconds=0.2)
    assert time.monotonic() - start < 1.2
    assert "Restart the kernel" in verdict.message and "your progress is saved" in verdict.message


def test_output_of_other_threads_is_not_swallowed(capsys):
    go, done = threading.Event(), threading.Event()

    def other():
        go.wait()
        print("from outside")
        done.set()

    threading.Thread(target=other, daemon=True).start()
    run_limited(lambda run: (print("from inside"), go.set(), done.wait(2)), 3)
    assert capsys.readouterr().out == "from outside\n"


def test_a_stop_that_strikes_in_a_destructor_is_not_reported(monkeypatch):
    class Slow:
        def __del__(self):
            for _ in range(10_000):
                pass

    def endless(run):
        while True:
            Slow()

    seen = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)
    run = run_limited(endless, 0.2)
    assert run.expired and run.stopped and seen == []


def test_a_keyboard_interrupt_of_the_user_goes_through():
    if os.name == "nt":
        pytest.skip("no signal can be sent to a running test on Windows")
    import signal
    timer = threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT))
    stdout = sys.stdout
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        evaluate(MEAN, define("def f(x):\n    while True: pass", "f"))
    assert sys.stdout is stdout


def test_inputs_are_fresh_for_every_call_and_every_check():
    shared = simple("def f(x):\n    return x[0]", "data = [1.0, 2.0]\ncases = [(data,), (data,), ([5.0],)]")

    def destroys(x):
        first = x[0]
        x.clear()
        return first

    assert "changed its input `x`" in evaluate(shared, destroys).message
    assert evaluate(shared, lambda x: x[0]).state == "correct"


def test_rendering_says_the_state_in_words_and_escapes():
    verdict = evaluate(MEAN, lambda x: "<script>alert(1)</script>")
    text, page = render(verdict, MEAN)
    assert text.startswith("Not yet: exercise f") and "Expected" in text and "6.5" in text
    assert "<script" not in page and "&lt;script&gt;" in page and "Not yet" in page
    assert render(Verdict("correct", "That is right."), MEAN)[0].startswith("Correct: exercise f")
    assert render(evaluate(MEAN, ...), MEAN)[0].startswith("Not attempted yet: exercise f")
    named = NUMBER | {"wrong": [w | {"misconception_name": "The sign is lost"} for w in NUMBER["wrong"]]}
    found = evaluate(named, define(NUMBER["wrong"][1]["code"], "huber_pull"))
    assert "Likely mistake: The sign is lost." in render(found, named)[0]


def test_a_mistake_in_the_check_itself_is_no_traceback(monkeypatch):
    monkeypatch.setattr("helpers.practice.checks.diagnose", lambda *args: 1 / 0)
    assert "cannot make sense of this answer (its own ZeroDivisionError)" in evaluate(MEAN, lambda x: 0.0).message


def test_the_line_that_failed_is_shown():
    def f(x):
        y = x.nothing
        return y

    assert "in the line `y = x.nothing`" in evaluate(MEAN, f).message
