"""The values of the labels against the loss."""

from __future__ import annotations

import numpy as np

from helpers.doctor import code
from helpers.doctor.compiled import BINARY_LOSSES, ONE_HOT_LOSSES, REGRESSION_LOSSES
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import classes, dense_labels, fitting, num, several


@rule("labels-outside-0-1", "error", unless=("shapes",))
def labels_outside(case, out):
    if out.loss.name not in BINARY_LOSSES or not dense_labels(out) or out.labels.kind == "one_hot":
        return None
    low, high = out.labels.low, out.labels.high
    if low >= -1e-6 and high <= 1 + 1e-6:
        return None
    labels = out.labels
    if labels.kind == "signs":
        fix = "y = (y + 1) / 2"
    elif labels.num_values == 2:
        fix = f"y = (y == {num(high).replace(',', '')}).astype(\"float32\")  # 1 for the positive class"
    elif labels.integral and not labels.rows and labels.num_values and labels.num_values <= 1000:
        shift = f"y = y - {int(low)}\n" if low > 0 else ""
        units, logits = int(high - max(low, 0)) + 1, out.loss.from_logits
        fix = shift + code.layer(out, units=units, activation=None if logits else "softmax") + "\n"
        fix += code.compile_line(case, out, code.loss(out.loss, "sce", from_logits=True if logits else None))
    elif high > 1 and low >= 0:
        fix = f"y = y / {num(high).replace(',', '')}  # if they are shares; if they are amounts, use a regression loss"
    else:
        fix = fitting(case, out)
    return say(f"Binary cross-entropy takes targets from 0 to 1, but y runs from {num(low)} to {num(high)}.",
               why="Outside of 0 and 1 the formula has no lowest value: being wrong in the right direction pays "
                   "without end.",
               see="The loss becomes negative and keeps falling, and accuracy stays poor. Keras says nothing.", fix=fix)


@rule("sparse-fractions", "error", unless=("shapes", "sparse-one-hot"))
def sparse_fractions(case, out):
    if out.loss.name == "sce" and dense_labels(out) and not out.labels.integral and not out.labels.rows:
        count = out.labels.num_values
        few = count is not None and count <= max(out.units or 0, 20)
        fix = "names, y = np.unique(y, return_inverse=True)  # classes from 0 on" if few else fitting(case, out)
        return say(f"The labels hold fractions ({several(_some(out))}), but the loss takes them as class ids.",
                   why="Class ids are whole numbers. Labels must not be scaled, only features.",
                   see="Fractions are cut off without a word: 0.9 counts as class 0. The model learns class "
                       "0.", fix=fix)


@rule("sparse-out-of-range", "error", unless=("shapes", "sparse-one-hot", "sparse-fractions", "one-unit-categorical"))
def sparse_out_of_range(case, out):
    if out.loss.name != "sce" or not dense_labels(out) or not out.labels.integral or not out.units \
            or out.labels.rows or out.labels.values is None:
        return None
    ignored = out.loss.arguments.get("ignore_class")
    wrong = [v for v in out.labels.values if not 0 <= v < out.units and v != ignored]
    if not wrong:
        return None
    low, high = out.labels.low, out.labels.high
    if low >= 1 and high == out.units:
        fix = "y = y - 1  # classes from 0 on"
    elif low < 0 and high < out.units:
        fix = (f"keep = y != {num(low)}\nx, y = x[keep], y[keep]\n# or, if it marks what shall not count:\n"
               + code.compile_line(case, out, code.loss(out.loss, ignore_class=int(low))))
    elif len(out.labels.values) <= out.units:
        fix = "names, y = np.unique(y, return_inverse=True)  # classes from 0 on, without gaps"
    else:
        fix = code.layer(out, units=classes(out))
    return say(f"The head has {out.units} units, for the classes 0 to {out.units - 1}, but y holds {several(wrong)}.",
               why="A label names the unit that should be high. There is no such unit.",
               see="On a CPU: an error, as soon as a batch holds such a label. On a GPU or with jit_compile: the loss "
                   "is NaN.", fix=fix)


@rule("not-a-distribution", "warning", unless=("shapes", "categorical-integers", "softmax-multilabel",
                                               "sigmoid-categorical", "one-unit-categorical"))
def not_a_distribution(case, out):
    if out.loss.name not in (*ONE_HOT_LOSSES, "kld") or not dense_labels(out) or not out.labels.rows:
        return None
    least, most = out.labels.row_sums
    if out.labels.kind in ("one_hot", "shares"):
        return None
    if out.labels.kind == "multi_hot" and most <= 1:
        return say("Some rows of y are all 0: they name no class.", severity="note",
                   why="Their loss is 0 whatever the model says.", see="They count in the mean as if they were right.")
    severe = out.labels.low < 0 or most > 1.01
    return say(f"The rows of y sum to {num(least)} up to {num(most)}, not to 1.",
               severity="error" if severe and out.labels.kind != "multi_hot" else "warning",
               why="A categorical loss takes each row as shares of one whole.",
               see="It trains. The loss is too large or too small by that factor, and so is the learning rate.",
               fix="y = y / y.sum(axis=-1, keepdims=True)")


@rule("negative-counts", "error")
def negative_counts(case, out):
    if out.loss.name != "poisson":
        return None
    negative = dense_labels(out) and out.labels.low < 0
    if not negative and (not out.head.known or out.head.low >= 0):
        return None
    what = (f"y goes down to {num(out.labels.low)}" if negative else
            f"the head ({out.head.activation}) can give negative values")
    fix = code.compile_line(case, out, '"mse"') if negative else code.layer(out, activation="exponential")
    return say(f"The Poisson loss is for counts, but {what}.", why="It takes the logarithm of the prediction.",
               see="The loss turns NaN when a prediction reaches 0 or less, or has no lowest value.", fix=fix)


@rule("zero-percent", "warning")
def zero_percent(case, out):
    if not dense_labels(out) or out.labels.kind in ("one_hot", "multi_hot"):
        return None
    metrics = [m for m in out.metrics if m.name == "mape"]
    if out.loss.name != "mape" and not metrics:
        return None
    size = np.abs(np.asarray(out.labels.array, dtype=float))
    zeros = int((size < 1e-7).sum())
    if not zeros:
        return None
    fix = (code.compile_line(case, out, '"mae"') if out.loss.name == "mape" else
           code.compile_line(case, out, metric_codes=code.replace_metric(out, metrics[0], '"mae"')))
    return say(f"A percentage error is asked for, and {zeros} targets are 0.",
               severity="error" if out.loss.name == "mape" else "warning",
               why="It divides by the target. Keras uses 0.0000001 where that is 0.",
               see="Values in the hundreds of millions; those few samples decide everything.", fix=fix)


@rule("log-of-negative", "error")
def log_of_negative(case, out):
    if out.loss.name != "msle" or not dense_labels(out):
        return None
    if out.labels.low < 0:
        return say(f"MSLE takes logarithms, but targets go down to {num(out.labels.low)}.",
                   why="Keras replaces everything below 0 by 0 before it takes log(1 + y).",
                   see="No error. All negative targets count as 0, and every negative prediction fits them.",
                   fix=code.compile_line(case, out, '"mse"'))
    if out.head.known and out.head.low < 0:
        return say("MSLE on a head that can give negative values.", severity="note",
                   why="Below 0 the prediction is replaced by 0, and there is no gradient.",
                   see="Samples whose prediction starts below 0 may never be learned.",
                   fix=code.layer(out, activation="softplus"))


@rule("classes-as-numbers", "note", unless=("shapes", "head-range"))
def classes_as_numbers(case, out):
    if out.loss.name in REGRESSION_LOSSES and dense_labels(out) and out.labels.kind in (
            "binary", "one_hot", "multi_hot") and len(out.shape or ()) == 1 and (out.labels.num_values or 0) == 2:
        return say(f"{out.loss.name.upper()} on 0/1 labels: they look like classes.",
                   why="Cross-entropy is the loss for classes: its gradient does not vanish where the model is "
                       "confidently wrong.", see="It trains, more slowly, and its loss reads as smaller.",
                   fix=fitting(case, out, from_logits=False))


@rule("padding", "note")
def padding(case, out):
    if not dense_labels(out) or len(out.shape or ()) != 2 or out.loss.arguments.get("ignore_class") == 0:
        return None
    y = np.asarray(out.labels.array)
    y = y.argmax(axis=-1) if out.labels.kind == "one_hot" else y[..., 0] if y.ndim == 3 and y.shape[-1] == 1 else y
    if out.loss.name not in ("sce", *ONE_HOT_LOSSES) or y.ndim != 2 or y.shape[1] < 4:
        return None
    weight = getattr(case.sample_weight, "ndim", 0)
    if weight > 1 or any(getattr(layer, "mask_zero", False) or type(layer).__name__ == "Masking"
                         for layer in case.model.layers):
        return None
    tail = np.cumsum((y != 0)[:, ::-1], axis=1)[:, ::-1] == 0  # zeros up to the end of the row
    share = float(tail.mean())
    if share > 0.1 and (tail.any(axis=1).mean() > 0.5):
        return say(f"{num(100 * share)} % of the positions of y are 0 at the ends of rows: padding?",
                   why="Without a mask or weights, padding counts in the loss and in every metric.",
                   see="A good accuracy before anything is learned, all from predicting padding.",
                   fix="sample_weight = (y != 0).astype(\"float32\")  # and weighted_metrics=[...] in compile")


def _some(out):
    values = out.labels.values
    fractions = [] if values is None else [v for v in values if v != round(v)]
    return fractions[:3]
