"""The last activation against the loss: who expects probabilities, who expects logits."""

from __future__ import annotations

import numpy as np

from helpers.doctor import code
from helpers.doctor.compiled import BINARY_LOSSES, ONE_HOT_LOSSES, PROBABILITY_LOSSES
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import dense_labels, fitting, num

SQUASHED = ("relu", "relu6", "tanh", "hard_tanh", "softplus", "softsign", "exponential")


@rule("softmax-one-unit", "error", unless=("one-unit-categorical",))
def softmax_one_unit(case, out):
    if out.head.activation != "softmax" or _axis_size(out) != 1:
        return None
    regression = dense_labels(out) and out.labels.kind == "real"
    fix = code.layer(out, activation=None) if regression else code.layer(out, activation="sigmoid")
    return say("Softmax on one unit: every prediction is 1.0.",
               why="Softmax shares 1 among the units. One unit always gets all of it.",
               see="In TensorFlow the loss may fall as if nothing were wrong, because Keras computes it from "
                   "the logits "
                   "behind the softmax. Every prediction is 1.0, and accuracy stays at the share of the positive "
                   "class. Keras gives one warning.", fix=fix)


@rule("probabilities-expected", "error", unless=("softmax-one-unit", "one-unit-categorical"))
def probabilities_expected(case, out):
    if out.loss.name not in (*PROBABILITY_LOSSES, "kld") or out.loss.from_logits:
        return None
    seen = _seen_as_no_probabilities(out)
    if not (out.head.unbounded or seen):
        return None
    activation = "sigmoid" if out.loss.name in BINARY_LOSSES else "softmax"
    line = code.layer(out, activation=activation)
    linear = out.head.activation == "linear" and out.loss.name in code.CLASSES
    if linear:
        line += "\n# or keep the linear head, and say so to the loss:\n"
        line += code.compile_line(case, out, code.loss(out.loss, from_logits=True))
    what = f"The head is {out.head.activation}" if out.head.known else "The outputs are no probabilities"
    return say(f"{what}, but the loss expects probabilities.",
               why=f"The outputs are not between 0 and 1{_sum(out)}. Keras clips what is outside to almost 0 or 1, "
                   "where there is no gradient.",
               see=f"Training starts at a high loss{_reported(out)}, stalls or jumps, and may turn NaN. Sometimes it "
                   "recovers and only learns more slowly, so nobody looks. Keras says nothing.", fix=line)


@rule("logits-expected", "error", unless=("softmax-one-unit",))
def logits_expected(case, out):
    if not out.loss.from_logits or out.loss.name not in PROBABILITY_LOSSES:
        return None
    below = out.head.below if not out.head.known else ()
    if not (out.head.probabilities or below or _seen_as_rows_of_shares(out)):
        return None
    activation = out.head.activation if out.head.probabilities else (below or ("softmax",))[0]
    hidden = "" if out.head.known else " behind another operation"
    fix = code.layer(out, activation=None)
    fix += "\n# or keep it, and tell the loss:\n" + code.compile_line(case, out, code.loss(out.loss, from_logits=None))
    return say(f"from_logits=True, but the head ends in {activation}{hidden}.",
               why=f"The loss applies {activation} to what is already a probability.",
               see="If the activation is the very last step, TensorFlow's Keras repairs this with a warning, and the "
                   "loss is right: do not rely on it. Otherwise the squashing is real: the loss sticks far above 0 and "
                   "probabilities stay close together.", fix=fix)


@rule("softmax-twice", "error", unless=("logits-expected",))
def softmax_twice(case, out):
    if not out.head.probabilities or not out.head.below:
        return None
    below, last, k = out.head.below[0], out.head.activation, out.units or 2
    if last == "softmax":
        most = f"The largest probability it can give is {num(np.e / (np.e + k - 1))} for {k} classes."
    else:
        most = "Its outputs stay between 0.5 and 0.73."
    return say(f"The output passes {below} and then {last}: squashed twice.",
               why=f"The second one gets numbers between 0 and 1 and can hardly tell them apart. {most}",
               see="The loss sticks far above 0 while accuracy may look fine. Where the second follows the first "
                   "directly, TensorFlow's Keras hides a part of this in the reported loss.",
               fix=f"{code.layer(out, activation=last)}  # and no further activation after it")


@rule("softmax-axis", "error")
def softmax_axis(case, out):
    axis, rank = out.head.axis, len(out.shape or ()) + 1
    if out.head.activation != "softmax" or not isinstance(axis, int) or rank < 3:
        return None
    if out.loss.name in (*ONE_HOT_LOSSES, "sce") and axis % rank != out.loss.arguments.get("axis", -1) % rank:
        return say(f"Softmax runs over axis {axis}, but the loss looks for classes on the last axis.",
                   why="The shares sum to 1 over the wrong axis.",
                   see="No error. The probabilities of one sample do not sum to 1, and the loss compares them as if.",
                   fix="keras.layers.Softmax(axis=-1)")


@rule("sigmoid-categorical", "error", unless=("one-unit-categorical", "logits-expected", "shapes"))
def sigmoid_categorical(case, out):
    if out.head.activation in ("sigmoid", "hard_sigmoid") and (out.units or 0) > 1 and not out.loss.from_logits \
            and out.loss.name in (*ONE_HOT_LOSSES, "sce"):
        several = dense_labels(out) and out.labels.kind == "multi_hot" and out.labels.row_sums[1] > 1
        fix = fitting(case, out) if several else code.layer(out, activation="softmax")
        return say(f"{out.units} sigmoid units with a categorical loss.",
                   why="A categorical loss needs shares that sum to 1. Sigmoids are independent: their sum "
                       "is anything.",
                   see="In TensorFlow Keras trains it as if the head were softmax, and reports that loss"
                       f"{_pair(out)}. What predict returns are still sigmoids: they are not the probabilities that "
                       "were trained.", fix=fix)


@rule("softmax-multilabel", "error")
def softmax_multilabel(case, out):
    if not dense_labels(out) or out.labels.kind != "multi_hot" or out.labels.row_sums[1] <= 1:
        return None
    categorical = out.loss.name in ONE_HOT_LOSSES
    if out.head.activation == "softmax" or categorical and out.head.activation != "sigmoid":
        return say("Several labels can hold at once, but the head makes them compete (softmax).",
                   why=f"Some rows of y hold {num(out.labels.row_sums[1])} labels. Under softmax two labels "
                       "cannot both "
                       "pass 0.5.", severity="warning" if categorical else "error",
                   see="It trains without complaint. The more labels a sample has, the lower each probability.",
                   fix=fitting(case, out, from_logits=False))


@rule("softmax-binary", "warning", unless=("softmax-multilabel", "softmax-one-unit", "logits-expected", "shapes"))
def softmax_binary(case, out):
    if out.head.activation == "softmax" and out.loss.name in BINARY_LOSSES and (out.units or 0) > 1 \
            and dense_labels(out) and out.labels.kind in ("one_hot", "shares"):
        fix = code.compile_line(case, out, code.loss(out.loss, "cce"))
        return say(f"Softmax over {out.units} classes with binary cross-entropy.",
                   severity="note" if out.units == 2 else "warning",
                   why="Binary cross-entropy judges each unit by itself, as if several classes could hold at once.",
                   see=f"It learns. The loss{_pair(out)} looks small, because it is averaged over the units, and it "
                       "cannot be compared with that of other models. A binary accuracy beside it looks too good.",
                   fix=fix)


@rule("one-hot-sigmoid", "note", unless=("shapes", "softmax-binary", "probabilities-expected", "logits-expected"))
def one_hot_sigmoid(case, out):
    if out.loss.name in BINARY_LOSSES and (out.units or 0) > 1 and dense_labels(out) and out.labels.kind == "one_hot" \
            and out.head.activation in ("sigmoid", "linear"):
        return say(f"Each row of y names one of {out.units} classes, but the model answers yes or no {out.units} "
                   "times.",
                   why="Sigmoid units with binary cross-entropy are for labels that can hold together.",
                   see="It learns. Probabilities do not sum to 1, and a binary accuracy looks too good: saying no to "
                       f"everything gives {num(1 - 1 / out.units)}.", fix=fitting(case, out))


@rule("bounded-logits", "warning")
def bounded_logits(case, out):
    if out.loss.from_logits and out.loss.name in PROBABILITY_LOSSES and out.head.activation in SQUASHED:
        return say(f"from_logits=True, but the head ends in {out.head.activation}.",
                   why=f"Logits may be any number; {out.head.activation} only gives values from {num(out.head.low)} to "
                       f"{num(out.head.high)}, so some probabilities cannot be reached.",
                   see="It trains, and stays less sure than it could be. With relu, units whose input is negative for "
                       "every sample never learn again.", fix=code.layer(out, activation=None))


@rule("softmax-hidden", "warning")
def softmax_hidden(case, out):
    if not out.head.complete or not dense_labels(out) or out.labels.kind not in (
            "binary", "integers", "one_hot", "real", "unit") or len(out.labels.shape) > 1:
        return None
    for layer, activation in out.head.hidden:
        if activation == "softmax" and type(layer).__name__ in ("Dense", "Activation", "Softmax"):
            return say(f"The hidden layer {layer.name!r} ends in softmax.",
                       why="Its units share 1 among them, so they grow weaker the more there are, and compete.",
                       see="It trains slowly and settles early; nothing is reported.",
                       fix=f'keras.layers.Dense({getattr(layer, "units", "...")}, activation="relu")')


def _axis_size(out):
    axis = out.head.axis
    if out.shape and isinstance(axis, int) and -len(out.shape) <= axis < 0:
        return out.shape[axis]
    return out.units if axis in (-1, None) else None


def _seen_as_no_probabilities(out) -> bool:
    """The head is unknown, and what it gave cannot be probabilities."""
    p = out.probe.prediction if out.probe is not None else None
    if out.head.known or p is None or p.dtype.kind != "f" or not np.isfinite(p).all() or not p.size:
        return False
    return bool(p.min() < -1e-3 or p.max() > 1 + 1e-3)


def _seen_as_rows_of_shares(out) -> bool:
    p = out.probe.prediction if out.probe is not None else None
    if out.head.known or p is None or p.ndim < 2 or p.shape[-1] < 2 or p.dtype.kind != "f" or len(p) < 4:
        return False
    return bool(np.isfinite(p).all() and p.min() >= 0 and np.abs(p.sum(-1) - 1).max() < 1e-3)


def _sum(out):
    return "" if out.loss.name in BINARY_LOSSES else ", and do not sum to 1"


def _reported(out):
    value = out.probe.loss if out.probe is not None else None
    return f" ({num(value)} on the first rows)" if value is not None and np.isfinite(value) else ""


def _pair(out):
    if out.probe is None or out.probe.loss is None or out.probe.recomputed is None:
        return ""
    if abs(out.probe.loss - out.probe.recomputed) <= 1e-3 * abs(out.probe.recomputed):
        return ""
    return f" ({num(out.probe.loss)} on the first rows; that of the predictions is {num(out.probe.recomputed)})"
