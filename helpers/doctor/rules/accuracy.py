"""Accuracy where it has no meaning, and the wrong variant of it."""

from __future__ import annotations

import numpy as np

from helpers.doctor import code, formulas
from helpers.doctor.compiled import REGRESSION_LOSSES
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import dense_labels, num

ACCURACIES = ("accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy")


def accuracies(out):
    return [m for m in out.metrics if m.name in ACCURACIES]


def _first(case, out, m, new):
    return code.compile_line(case, out, metric_codes=code.replace_metric(out, m, new))


@rule("accuracy-regression", "warning", unless=("labels-outside-0-1", "sparse-fractions"))
def accuracy_regression(case, out):
    if not accuracies(out) or not dense_labels(out):
        return None
    kind, m = out.labels.kind, accuracies(out)[0]
    amounts = kind in ("real", "unit") and not out.labels.integral
    numbers = kind == "integers" and out.loss.name in (*REGRESSION_LOSSES, "poisson") and not out.labels.rows
    if (amounts or numbers) and out.loss.name not in ("sce", "cce"):
        fix = _first(case, out, m, '"mae"' if out.loss.name != "mae" else '"mse"')
        return say(f"{m.log} is reported, but the targets are amounts ({num(out.labels.low)} to "
                   f"{num(out.labels.high)}).",
                   why="Accuracy counts exact hits. A prediction of 3.99 for 4 is a miss.",
                   see="About 0.0 from the first epoch to the last, however good the model is.", fix=fix)


@rule("accuracy-multilabel", "warning")
def accuracy_multilabel(case, out):
    if not dense_labels(out) or out.labels.kind != "multi_hot" or out.labels.row_sums[1] <= 1:
        return None
    for m in accuracies(out):
        if m.name == "categorical_accuracy":
            logits = ", from_logits=True" if out.loss.from_logits else ""
            asked = " That is what 'accuracy' stands for here." if str(m.written).lower() in ("accuracy", "acc") else ""
            return say(f"{m.log} only looks at the largest output of each sample, but several labels can hold.",
                       why=f"Categorical accuracy: does the largest output stand at the first 1 of the row?{asked}",
                       see=f"A low, meaningless number{_shown(out, m)}, even for a good model.",
                       fix=_first(case, out, m, f"keras.metrics.AUC(multi_label=True{logits})"))


@rule("accuracy-signs", "warning")
def accuracy_signs(case, out):
    if not dense_labels(out) or out.labels.kind != "signs":
        return None
    for m in accuracies(out):
        fix = "y = (y + 1) / 2  # 0 and 1; Keras' hinge losses take them too\n"
        threshold = "(threshold=0.0)" if out.head.known and out.head.low < 0 else "()"
        return say(f"{m.log} cannot count labels of -1 and 1.",
                   why="It turns predictions into 0 and 1 and looks for equality. -1 is never met.",
                   see=f"About half of the true accuracy{_shown(out, m)}; the loss is fine.",
                   fix=fix + _first(case, out, m, f"keras.metrics.BinaryAccuracy{threshold}"))


@rule("accuracy-variant", "warning", unless=("accuracy-regression", "accuracy-multilabel", "accuracy-signs", "shapes",
                                             "one-unit-categorical", "categorical-integers", "sparse-one-hot"))
def accuracy_variant(case, out):
    if not dense_labels(out) or out.units is None:
        return None
    for m in out.metrics:
        why = _misfit(m, out)
        if why:
            logits = out.units == 1 and out.loss.from_logits
            new = "keras.metrics.BinaryAccuracy(threshold=0.0)" if logits else '"accuracy"'
            return say(f"{m.log} is the wrong kind of accuracy for this output.", why=why,
                       see=f"A wrong number{_shown(out, m)}, often a constant, without a word.",
                       fix=_first(case, out, m, new))


def _misfit(m, out) -> str:
    rows, units = out.labels.rows, out.units
    if str(m.written).lower() in ("accuracy", "acc"):
        return ""  # Keras chooses by shape; other rules judge the choice
    if m.name == "accuracy":
        return "Accuracy() looks for outputs that equal the label exactly; probabilities never do."
    if m.name in ("categorical_accuracy", "top_k_categorical_accuracy"):
        if units == 1:
            return "It compares which unit is largest. With one unit that is always unit 0: it always says 1.0."
        return "" if rows else "It takes one-hot rows. Of class ids it sees one column, whose largest is always 0."
    if m.name in ("sparse_categorical_accuracy", "sparse_top_k_categorical_accuracy"):
        if units == 1:
            return ("It compares the label with the number of the largest unit. With one unit that is always "
                    "0.")
        return "It takes class ids, but y holds rows." if rows else ""
    if m.name == "binary_accuracy" and units > 1:
        if not rows:
            return "It cuts each unit by itself, and compares it with the class id."
        if out.labels.kind == "one_hot" and out.head.activation == "softmax":
            return ("It counts each of the units as an answer. Most of them are rightly 0, so it looks too good: "
                    f"saying nothing at all gives {num(1 - 1 / units)}.")
    return ""


def _shown(out, metric) -> str:
    """What the metric shows on the probed rows, and what it should show."""
    if out.probe is None or len(out.probe.metrics) != len(out.metrics):
        return ""
    value = out.probe.metrics[out.metrics.index(metric)]["value"]
    meant = formulas.accuracy(out.labels.array, out.probe.prediction, out)
    if not isinstance(value, float) or meant is None or abs(value - meant) < 5e-4 or not np.isfinite(value):
        return ""
    return f" ({num(value)} on the first rows, where {num(meant)} of the decisions are right)"


@rule("metric-differs", "warning", unless=(
    "accuracy-variant", "accuracy-signs", "accuracy-multilabel", "accuracy-regression", "metric-on-logits", "shapes",
    "metric-broadcasts", "micro-average", "f1-threshold", "metric-raises", "logits-expected", "missing-values",
    "probabilities-expected", "labels-outside-0-1", "sparse-out-of-range", "softmax-multilabel"))
def metric_differs(case, out):
    """The last resort: what the metric shows is not what NumPy counts on the same rows, and no rule knows why."""
    if out.probe is None or not dense_labels(out):
        return None
    for m, found in zip(out.metrics, out.probe.metrics, strict=False):
        meant = formulas.metric(m, out)
        value = found["value"]
        if meant is None or not isinstance(value, float) or not np.isfinite(value):
            continue
        if abs(value - meant) > 1e-3 * max(1, abs(meant)):
            return say(f"{m.log} shows {num(value)} on the first rows; recomputed from the predictions it is "
                       f"{num(meant)}.",
                       why="Head, labels and metric do not speak of the same thing.",
                       see="This number in every epoch's report.", fix=_first(case, out, m, '"accuracy"')
                       if m.name in ACCURACIES else "")
