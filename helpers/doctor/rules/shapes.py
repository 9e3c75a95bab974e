"""Shapes of targets against shapes of outputs, and label formats against losses: who needs ids, who needs rows."""

from __future__ import annotations

from helpers.doctor import code
from helpers.doctor.compiled import ONE_HOT_LOSSES, PROBABILITY_LOSSES
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import classes, dense_labels, fitting, num, shape

NEEDS_ROWS = (*ONE_HOT_LOSSES, "categorical_hinge")


@rule("one-unit-categorical", "error")
def one_unit_categorical(case, out):
    if out.units != 1 or out.loss.name not in (*NEEDS_ROWS, "sce", "kld"):
        return None
    if out.loss.name == "sce":
        see = "Class 0 always gets the probability 1, and a label of 1 is out of range: an error, or NaN on a GPU."
    else:
        see = "The loss is 0.0, or does not depend on the classes: nothing is learned. Keras only gives a warning."
    return say(f"A categorical loss on one unit: {_name(out)} compares several units.",
               why="With one unit there is one class, and its share is always 1.", see=see, fix=fitting(case, out))


@rule("sparse-one-hot", "error", unless=("one-unit-categorical",))
def sparse_one_hot(case, out):
    if out.loss.name == "sce" and dense_labels(out) and out.labels.rows and out.shape is not None \
            and len(out.labels.shape) == len(out.shape) and out.labels.shape[-1] == out.units:
        if out.labels.kind in ("one_hot", "shares"):
            wrong, name, fix = "one-hot rows", "cce", None
        elif out.labels.kind == "multi_hot":
            wrong, name, fix = "rows with several labels", "bce", fitting(case, out)
        else:
            return None
        logits = True if out.loss.from_logits else None
        fix = fix or code.compile_line(case, out, code.loss(out.loss, name, from_logits=logits, ignore_class=None))
        return say(f"Sparse categorical cross-entropy needs class ids, but y holds {wrong} of shape "
                   f"{shape(out.labels.shape)}.",
                   why="'Sparse' means: one integer for each sample, such as 2, not [0, 0, 1].",
                   see="fit(...) raises: Argument `output` must have rank (ndim) `target.ndim - 1`. That states the "
                       "relation backwards.", fix=fix)


@rule("categorical-integers", "error", unless=("one-unit-categorical",))
def categorical_integers(case, out):
    if out.loss.name in NEEDS_ROWS and dense_labels(out) and not out.labels.rows and (out.units or 0) > 1 \
            and out.labels.kind in ("binary", "integers", "signs") and out.shape is not None \
            and out.labels.shape in (out.shape[:-1], (*out.shape[:-1], 1)):
        if out.loss.name == "cce":
            fix = code.compile_line(case, out, code.loss(out.loss, "sce", label_smoothing=None,
                                                         from_logits=True if out.loss.from_logits else None))
        else:
            fix = f"y = keras.utils.to_categorical(y, {out.units})"
        return say(f"Categorical cross-entropy needs one-hot rows, but y holds class ids of shape "
                   f"{shape(out.labels.shape)}.",
                   why="It compares each unit with a target of its own; an id is one number for all units.",
                   see="fit(...) raises an error about the rank or the shape of target and output. With shape (n, 1) "
                       "some versions of Keras train on nonsense instead.", fix=fix)


@rule("shapes", "error", unless=("one-unit-categorical", "sparse-one-hot", "categorical-integers", "rows-differ",
                                 "text-labels"))
def shapes(case, out):
    if not dense_labels(out) or out.shape is None or out.loss.name in ("none", "unknown", "ctc", "circle"):
        return None
    wanted, given = out.shape, out.labels.shape
    if out.loss.name == "sce":
        fits = _same(given, wanted[:-1]) or _same(given, (*wanted[:-1], 1))
    else:
        fits = _same(given, wanted) or _same((*given, 1), wanted) or _same(given, (*wanted, 1))
    if fits:
        return None
    raised = out.probe is not None and out.probe.error
    if out.loss.custom and not raised:
        return say(f"y has shape {shape(given)} and the output has shape {shape(wanted)}.", severity="note",
                   why="Your own loss may want this. If not, NumPy's rules stretch one over the other silently.",
                   see="Nothing: it trains, perhaps on the wrong pairs.")
    see = (f"fit(...) raises: {out.probe.error}" if raised else
           "No error: the smaller one is stretched over the larger one, and the model trains on wrong pairs. Its "
           "loss settles at a value that looks like a model that cannot learn.")
    return say(f"y has shape {shape(given)}, but the output has shape {shape(wanted)}.",
               why=_reason(out, given, wanted), see=see, fix=_repair(case, out, given, wanted))


def _reason(out, given, wanted):
    if len(wanted) > max(len(given), 1):
        return ("The model gives an answer for every step or place, and there is one target a sample: a Flatten or "
                "pooling layer is missing, or the last recurrent layer has return_sequences=True.")
    if out.loss.name == "sce":
        return "Sparse categorical cross-entropy wants the shape of the output without its last axis."
    return "Each output unit needs a target of its own."


def _repair(case, out, given, wanted):
    if len(wanted) > max(len(given), 1):
        recurrent = next((o for o, _ in out.head.hidden if getattr(o, "return_sequences", False)), None)
        if recurrent is not None:
            kind = type(recurrent).__name__
            return f"keras.layers.{kind}({getattr(recurrent, 'units', '...')})  # without return_sequences=True"
        return f"keras.layers.Flatten(),  # before the next line\n{code.layer(out, units=_units(out))}"
    if out.labels.kind in ("binary", "integers") and not out.labels.rows and (out.units or 0) >= classes(out) > 1 \
            and out.loss.name in PROBABILITY_LOSSES:
        head = code.layer(out, activation=None if out.loss.from_logits else "softmax")
        loss = code.loss(out.loss, "sce", from_logits=True if out.loss.from_logits else None, label_smoothing=None)
        return f"{head}\n{code.compile_line(case, out, loss)}"
    if out.labels.kind == "one_hot" and out.loss.name not in ("mse", "mae", "huber"):
        return fitting(case, out)
    return code.layer(out, units=_units(out))


def _units(out):
    if out.loss.name == "sce":
        return classes(out)
    return out.labels.shape[-1] if out.labels.shape else 1


def _same(a, b) -> bool:
    return len(a) == len(b) and all(i is None or j is None or i == j for i, j in zip(a, b, strict=True))


def _name(out):
    return {"sce": "sparse categorical cross-entropy", "cce": "categorical cross-entropy",
            "kld": "the KL divergence"}.get(out.loss.name, out.loss.name)


@rule("unused-units", "note", unless=("shapes", "sparse-one-hot"))
def unused_units(case, out):
    if out.loss.name == "sce" and dense_labels(out) and out.labels.integral and not out.labels.sampled \
            and out.labels.low >= 0 and (out.units or 0) > out.labels.high + 1:
        count = int(out.labels.high) + 1
        return say(f"The head has {out.units} units, but the largest label is {num(out.labels.high)}: "
                   f"{out.units - count} unit{'s' * (out.units - count > 1)} never meet a sample.",
                   why="A head needs as many units as there are classes, counted from 0.",
                   see="Those units learn to stay near 0. No harm, unless the labels should reach further.",
                   fix=code.layer(out, units=count))
