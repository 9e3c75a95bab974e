"""Regression metrics in NumPy, to be read. All arithmetic is float64; each returns one float.

`y_true` and `y_pred` have the same shape: (n,), or (n, k) for k targets a sample. `sample_weight` has shape (n,):
a metric is then a weighted mean, divided by the sum of the weights, as in Keras' metric objects.
No samples, or weights that sum to 0, raise ValueError. Keras then reports 0.0, as if the model were perfect.

Keras' metric objects add up what they need over the batches and divide once, at the end. That gives the value over
all samples also when the last batch is smaller. Give them (n, 1): for shape (n,) its MeanAbsoluteError and
MeanAbsolutePercentageError count each batch as one sample, so a small last batch weighs too much.
"""

from __future__ import annotations

import math

import numpy as np

from helpers import losses
from helpers.reductions import positive_weights

KERAS_EPSILON = 1e-7


def mae(y_true, y_pred, *, sample_weight=None) -> float:
    """Mean absolute error. Unit: that of y."""
    positive_weights(y_true, sample_weight)
    return losses.mae(y_true, y_pred, sample_weight=sample_weight, reduction="mean_with_sample_weight")


def rmse(y_true, y_pred, *, sample_weight=None) -> float:
    """Root mean squared error: the square root of the mean of all squared errors. Unit: that of y.

    The root comes last. Keras' RootMeanSquaredError keeps the running sum of squares and takes the root of its
    mean. The mean of the batches' own RMSEs, which a bare function given to `compile` reports, is never larger
    and mostly smaller. During `fit`, the running mean also covers weights from before the epoch's end.
    """
    positive_weights(y_true, sample_weight)
    return math.sqrt(losses.mse(y_true, y_pred, sample_weight=sample_weight, reduction="mean_with_sample_weight"))


def r2(y_true, y_pred, *, sample_weight=None) -> float:
    """Coefficient of determination: 1 - (sum of squared errors) / (sum of squared distances to the mean of y_true).

    No unit. 1 is perfect, 0 is as good as the mean of these very targets, below 0 is worse. For k targets, the
    mean of their k values.

    A constant y_true makes the quotient x / 0. As in scikit-learn, it counts as 1 if every prediction is right and
    as 0 otherwise; so does a single sample, for which scikit-learn says NaN and warns. Keras says NaN in the first
    case and 0 in the second. Its sum of squared distances is also computed in one pass (sum of squares minus square
    of sum), and in float32 even with dtype="float64". When the spread of y is small against its size, digits cancel:
    for years the value is off in the fourth digit, for years + 100,000 entirely.
    """
    weights = positive_weights(y_true, sample_weight)
    squares = losses.errors(y_true, y_pred) ** 2
    y_true = np.asarray(y_true, dtype=np.float64)
    if y_true.ndim == 1:
        y_true, squares = y_true[:, None], squares[:, None]
    residual = weights @ squares
    total = weights @ (y_true - np.average(y_true, axis=0, weights=weights)) ** 2
    constant = np.all(y_true[weights != 0] == y_true[weights != 0][0], axis=0)  # exact, where total may be 1e-30
    quotient = residual / np.where(constant, 1, total)
    return float(np.where(constant, (residual == 0) + 0 * residual, 1 - quotient).mean())  # 0 * residual keeps a NaN


def mape(y_true, y_pred, *, sample_weight=None) -> float:
    """Mean absolute percentage error: 100 · |y_pred - y_true| / |y_true|, in percent as in Keras.

    Targets smaller than 1e-7 count as 1e-7, as in Keras: an error of 1 at y_true = 0 adds 1,000,000,000 percent.
    scikit-learn gives a fraction (divide this by 100) and bounds the target by 2.2e-16 instead.
    Unbounded for predictions that are too high, at most 100 for 0 ≤ y_pred ≤ y_true: it favors low predictions.
    """
    positive_weights(y_true, sample_weight)
    error = losses.errors(y_true, y_pred)
    share = error / np.maximum(np.abs(np.asarray(y_true, dtype=np.float64)), KERAS_EPSILON)
    zeros = np.zeros_like(share)
    return 100 * losses.mae(zeros, share, sample_weight=sample_weight, reduction="mean_with_sample_weight")


def within_factor(y_true, y_pred, *, factor=2.0, sample_weight=None) -> float:
    """Share of predictions between y_true / factor and y_true · factor, ends included: 0 to 1.

    All y_true must be positive (ValueError). A prediction of 0 or below is outside. `factor` is at least 1.
    """
    if not (factor >= 1 and math.isfinite(factor)):
        raise ValueError(f"factor is {factor}, but must be a number from 1 on (2 means: from half to double).")
    weights = positive_weights(y_true, sample_weight)
    losses.errors(y_true, y_pred)  # for its checks of the shapes
    y_true, y_pred = np.asarray(y_true, dtype=np.float64), np.asarray(y_pred, dtype=np.float64)
    if not (y_true > 0).all():
        raise ValueError("y_true must be positive everywhere: a factor says nothing about 0, negatives or NaN.")
    inside = (y_true / factor <= y_pred) & (y_pred <= y_true * factor)
    per_sample = inside if inside.ndim == 1 else inside.mean(axis=1)
    return float(np.average(per_sample, weights=weights))


def mean_pinball(y_true, y_pred, *, tau, sample_weight=None) -> float:
    """Mean pinball loss as a metric: the cost when a unit too low costs tau and a unit too high costs 1 - tau."""
    positive_weights(y_true, sample_weight)
    return losses.pinball(y_true, y_pred, tau=tau, sample_weight=sample_weight, reduction="mean_with_sample_weight")
