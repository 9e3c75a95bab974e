"""class_weight and sample_weight."""

from __future__ import annotations

import numpy as np

from helpers.doctor import code, labels
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import dense_labels, num, several, shape

_LOSS_BY_LABEL = """weights = np.array([...], "float32")  # one for each label; and no class_weight

def weighted_bce(y_true, p):
    cells = -(weights * y_true * keras.ops.log(p + 1e-7) + (1 - y_true) * keras.ops.log(1 - p + 1e-7))
    return keras.ops.mean(cells, axis=-1)"""


def _balanced(out):
    values, counts = out.labels.values, out.labels.counts
    if values is None or not out.labels.integral or len(values) > 20:
        return "{0: 1.0, 1: 1.0}"
    weights = counts.sum() / (len(values) * counts)
    return "{" + ", ".join(f"{int(v)}: {w:.2f}" for v, w in zip(values, weights, strict=True)) + "}"


def _with_numbers_for_keys(weight) -> str:
    """The weights as they were given, with class ids for keys; "" if a key is no whole number."""
    try:
        return repr({int(key): value for key, value in weight.items()})
    except (TypeError, ValueError):
        return ""


@rule("class-weight-form", "error", scope="model")
def class_weight_form(case):
    weight = case.class_weight
    if weight is None:
        return None
    if case.several:
        return say("class_weight is given, but the model has several outputs.",
                   why="Keras would not know which output's classes are meant.", see="fit(...) raises ValueError.",
                   fix="sample_weight = {" + ", ".join(f'"{o.name}": ...' for o in case.outputs)
                       + "}  # one array each")
    if not isinstance(weight, dict):
        out = case.outputs[0] if case.outputs else None
        fix = f"class_weight = {_balanced(out)}" if out is not None and dense_labels(out) else ""
        return say(f"class_weight is {'the text ' + repr(weight) if isinstance(weight, str) else 'no dict'}.",
                   why="Keras wants a dict from class id to weight. 'balanced' is scikit-learn's word.",
                   see="fit(...) raises an error.", fix=fix)
    if case.sample_weight is not None:
        return say("class_weight and sample_weight are both given.", why="Keras takes one of them.",
                   see="fit(...) raises ValueError.",
                   fix="sample_weight = sample_weight * np.vectorize(class_weight.get)(y)  # and no class_weight")


@rule("class-weight-labels", "warning", unless=("class-weight-form",))
def class_weight_labels(case, out):
    if not isinstance(case.class_weight, dict) or not dense_labels(out):
        return None
    kind, places = out.labels.kind, out.labels.shape if out.labels.shape[-1:] != (1,) else out.labels.shape[:-1]
    if len(places[:-1] if out.labels.rows else places) > 0:
        return say(f"class_weight, but each sample has a target at many places: y has shape {shape(out.labels.shape)}.",
                   severity="error", why="Keras looks up one class a sample. A class of each step or pixel needs a "
                                         "weight of each step or pixel.",
                   see="fit(...) raises an error that does not name class_weight, such as: only 0-dimensional arrays "
                       "can be converted.",
                   fix="weights = np.array([...])  # one for each class\n" + (
                       "sample_weight = weights[y.argmax(axis=-1)]" if out.labels.rows else
                       f"sample_weight = weights[y.reshape({('len(y)', *places)!r}).astype(int)]".replace("'", "")))
    if kind == "multi_hot" and out.labels.row_sums[1] > 1:
        return say("class_weight with several labels a sample.",
                   why="Keras takes the first 1 of each row for the class of the sample, and weighs the whole sample "
                       "by it.",
                   see="Some labels never count with their own weight. Nothing is reported.",
                   fix=_LOSS_BY_LABEL)
    if not out.labels.rows and not out.labels.integral:
        return say("class_weight with targets that are amounts.",
                   why="Keras rounds each target to a whole number and looks that up as a class.",
                   see="Samples are weighted by where they happen to be rounded to.",
                   fix="sample_weight = ...  # one weight a sample")


@rule("class-weight-keys", "error", unless=("class-weight-form", "class-weight-labels"))
def class_weight_keys(case, out):
    weight = case.class_weight
    if not isinstance(weight, dict) or not dense_labels(out):
        return None
    if any(isinstance(key, str) for key in weight):
        return say(f"class_weight has text for keys ({', '.join(map(repr, list(weight)[:3]))}).",
                   why="Keras looks up the class id, a number. It finds none, and uses 1.",
                   see="Training as if there were no weights. Nothing is reported.",
                   fix=f"class_weight = {_with_numbers_for_keys(weight) or _balanced(out)}")
    keys = {float(key) for key in weight if isinstance(key, (int, float, np.number))}
    if out.labels.rows:
        present = set(range(out.labels.shape[-1]))
    elif out.labels.integral and out.labels.values is not None:
        present = set(map(float, out.labels.values))
    else:
        return None
    missing = sorted(present - keys)
    if missing:
        known = not keys & present
        return say(f"class_weight says nothing for the class{'es' * (len(missing) > 1)} {several(missing)}.",
                   severity="error" if known or min(keys, default=0) == 1 and 0 in missing else "warning",
                   why="A class without a weight counts 1." + (" The keys look as if they began at 1; "
                                                               "classes begin at 0."
                                                               if 0 in missing and min(keys, default=0) == 1 else ""),
                   see="Other weights than you meant. Nothing is reported.", fix=f"class_weight = {_balanced(out)}"
                   if not out.labels.rows else f"class_weight = {{k: ... for k in range({len(present)})}}")


@rule("sample-weight", "error")
def sample_weight(case, out):
    weight = case.sample_weight
    if weight is None or isinstance(weight, (dict, list, tuple)):
        weight = weight.get(out.name) if isinstance(weight, dict) else None
    if weight is None or out.labels is None:
        return None
    values = labels.to_numpy(weight)
    if values.dtype.kind not in "buif" or values.ndim == 0:
        return say("sample_weight is no array of numbers.", why="There must be one weight a sample.",
                   see="fit(...) raises an error.", fix="sample_weight = np.asarray(sample_weight, dtype=\"float32\")")
    places = (out.shape or ())[:-1]
    if len(values) == out.labels.n and out.shape is not None and not _fits(values.shape[1:], places):
        return say(f"sample_weight has shape {shape(values.shape[1:])}, but the loss has shape {shape(places)}.",
                   why="The loss is one number for each sample" + (", and each step or pixel" if places else "") + ". "
                       "Its last axis, the units, is gone before weights are applied.",
                   see="fit(...) raises an error about dimensions. If two sizes happen to agree, weights meet the "
                       "wrong numbers without a word.",
                   fix="sample_weight = sample_weight.reshape(" + ("-1" if not places else
                       f"-1, {', '.join('1' * len(places))}") + ")  # one weight a sample"
                   if values.ndim == 1 or not places else "sample_weight = sample_weight.max(axis=-1)  # one a place")
    if len(values) != out.labels.n:
        return say(f"sample_weight has {len(values)} entries for {out.labels.n} samples.",
                   why="There must be one weight a sample.", see="fit(...) raises an error about the cardinality.",
                   fix="assert len(sample_weight) == len(y)")
    values = values.astype(float)
    if not np.isfinite(values).all():
        return say("sample_weight holds NaN or infinite values.", why="One is enough to make the loss NaN.",
                   see="The loss turns NaN.", fix="sample_weight = np.nan_to_num(sample_weight, posinf=0.0)")
    if values.min() < 0:
        return say(f"sample_weight goes down to {num(values.min())}.",
                   why="A negative weight rewards errors on that sample.", see="The loss falls without end.",
                   fix="sample_weight = np.maximum(sample_weight, 0)")
    if values.max() == 0:
        return say("All sample weights are 0.", why="No sample counts.", see="The loss is 0.0 and nothing is learned.",
                   fix="sample_weight = None")


def _fits(given, places) -> bool:
    """Weights of this shape (of one sample) can be multiplied with losses of this shape."""
    if len(given) == len(places) + 1 and given[-1] == 1:
        given = given[:-1]
    return len(given) == len(places) and all(a in (1, b) or b is None for a, b in zip(given, places, strict=True))


@rule("unweighted-metrics", "note", unless=("class-weight-form", "sample-weight"))
def unweighted_metrics(case, out):
    if case.class_weight is None and case.sample_weight is None:
        return None
    plain = [m for m in out.metrics if not m.weighted]
    if plain and len(plain) == len(out.metrics):
        codes = [code.metric(m) for m in plain]
        return say("The loss is weighted; the metrics are not.",
                   why="metrics= ignores weights; weighted_metrics= uses them. class_weight is also not used on "
                       "validation data.",
                   see="loss and val_loss differ on the very same data, and accuracy does not follow the loss.",
                   fix=code.compile_line(case, out, metric_codes=[], weighted=codes))
