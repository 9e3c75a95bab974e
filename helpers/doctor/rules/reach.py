"""Targets that the head cannot reach, and scales that do not fit."""

from __future__ import annotations

import numpy as np

from helpers.doctor import code
from helpers.doctor.compiled import REGRESSION_LOSSES
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import dense_labels, num


@rule("head-range", "error", unless=("softmax-one-unit", "one-unit-categorical", "shapes", "missing-values"))
def head_range(case, out):
    head, labels = out.head, out.labels
    if out.loss.name not in (*REGRESSION_LOSSES, "poisson", "custom") or not dense_labels(out) or head.low is None \
            or out.loss.custom and labels.shape != out.shape:
        return None
    if out.loss.name == "poisson" and (head.low < 0 or labels.low < 0):
        return None  # its own rule
    values = np.asarray(labels.array, dtype=float)
    outside = (values < head.low - 1e-3) | (values > head.high + 1e-3)
    if not outside.any():
        return None
    share = outside.mean()
    layer = "recurrent layer" if type(head.layer).__name__ in ("LSTM", "GRU", "SimpleRNN") else "head"
    fix = code.layer(out, activation=None)
    if layer == "recurrent layer":
        fix = f"keras.layers.{type(head.layer).__name__}(32),\n{code.layer(out, units=out.units, activation=None)}"
    return say(f"The {layer} ends in {head.activation}: it gives {num(head.low)} to {num(head.high)}, but "
               "targets run from "
               f"{num(labels.low)} to {num(labels.high)}.", severity=_severity(out, share),
               why=f"{num(100 * share)} % of the targets cannot be reached, whatever the model learns.",
               see="The loss falls a little and stops; predictions gather at the edge of what the head can give.",
               fix=fix)


def _severity(out, share) -> str:
    """A loss of one's own may recode its targets; but 0 against 255 on a sigmoid is never meant."""
    if out.loss.custom:
        masks = out.head.probabilities and out.labels.low == 0 and out.labels.num_values == 2
        return "warning" if masks else "note"
    return "error" if share > 0.01 else "warning"


@rule("softmax-amounts", "error", unless=("softmax-one-unit", "head-range", "shapes", "softmax-multilabel"))
def softmax_amounts(case, out):
    if out.head.activation == "softmax" and out.loss.name in REGRESSION_LOSSES and dense_labels(out) \
            and out.labels.kind == "unit" and len(out.shape or ()) == 1 and out.labels.row_sums:
        low, high = out.labels.row_sums
        return say("The head is a softmax, but the targets of a sample do not sum to 1.",
                   why=f"Softmax shares 1 among the units. The rows of y sum to {num(low)} up to {num(high)}.",
                   see="The loss falls a little and stops.", fix=code.layer(out, activation="sigmoid"))


@rule("hinge-head", "error", unless=("softmax-one-unit",))
def hinge_head(case, out):
    if out.loss.name in ("hinge", "squared_hinge") and out.head.known and out.head.low >= 0:
        return say(f"Hinge loss on a head that ends in {out.head.activation}.",
                   why="Hinge wants at least 1 for one class and at most -1 for the other. This head never gives a "
                       "negative value.",
                   see="The loss of one class cannot fall below 1 a sample; the model leans to the other class.",
                   fix=code.layer(out, activation="tanh" if out.loss.name == "squared_hinge" else None))


@rule("cosine-one-unit", "error")
def cosine_one_unit(case, out):
    if out.loss.name == "cosine" and out.units == 1:
        return say("Cosine similarity on one unit.",
                   why="It compares directions. Two single numbers have the same direction or the opposite one.",
                   see="The loss of a sample is -1 or 1 whatever the size of the prediction: there is no gradient.",
                   fix=code.compile_line(case, out, '"mse"'))


@rule("relu-head", "note", unless=("head-range", "shapes"))
def relu_head(case, out):
    if out.head.activation == "relu" and out.loss.name in REGRESSION_LOSSES and dense_labels(out) \
            and out.labels.kind in ("integers", "real", "unit"):
        return say("The head of a regression ends in relu.",
                   why="Where its input is negative, relu gives 0 and has no gradient.",
                   see="If that happens for every sample, predictions are 0 forever. softplus is never below "
                       "0 and never "
                       "stops learning.", fix=code.layer(out, activation="softplus"))


@rule("unscaled-target", "note", unless=("shapes", "head-range"))
def unscaled_target(case, out):
    if out.loss.name not in ("mse", "mae", "huber", "log_cosh") or not dense_labels(out):
        return None
    scale = max(abs(out.labels.mean), out.labels.std)
    if scale < 100 or out.head.activation != "linear" or _already_there(out):
        return None
    return say(f"The targets are large: mean {num(out.labels.mean)}, standard deviation {num(out.labels.std)}.",
               why="A new model starts near 0 and moves in steps of about the learning rate. The squared error of such "
                   "targets is also huge, and with it the gradient.",
               see="With Adam, predictions are still far too small after many epochs. With SGD, the loss turns NaN.",
               fix=f"y_mean, y_std = {out.labels.mean:.6g}, {out.labels.std:.6g}  # of the training targets\n"
                   "y = (y - y_mean) / y_std  # and predictions * y_std + y_mean")


def _already_there(out) -> bool:
    """The model was trained on this scale: its predictions are about as large as the targets."""
    if out.probe is None or not np.isfinite(out.probe.prediction).all():
        return False
    return float(np.abs(out.probe.prediction).max()) > 0.1 * max(abs(out.labels.mean), out.labels.std)


@rule("huber-delta", "note")
def huber_delta(case, out):
    delta = out.loss.arguments.get("delta")
    if out.loss.name == "huber" and delta is None:
        delta = 1.0
    if out.loss.name != "huber" or not dense_labels(out) or not delta or out.labels.std == 0:
        return None
    ratio = out.labels.std / delta
    if 1 / 20 <= ratio <= 20:
        return None
    like = "the absolute error" if ratio > 20 else "half the squared error"
    fitting = float(f"{out.labels.std:.1g}")
    return say(f"delta is {num(delta)}, and the targets spread by {num(out.labels.std)}.",
               why="delta is the size of error from which on a sample counts as an outlier, in the unit of y.",
               see=f"Nothing is wrong with the numbers, but Huber is then just {like}.",
               fix=code.compile_line(case, out, code.loss(out.loss, "huber", delta=fitting)))
