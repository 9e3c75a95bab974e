"""Focal loss in NumPy: cross-entropy that is turned down for samples already classified well. All float64.

(1 - p_t)^gamma · cross-entropy, with p_t the probability of what happened. gamma = 0 is cross-entropy.
Weights, reductions, `epsilon` and shapes: as in helpers/cross_entropy.py.
Source: Lin et al., Focal loss for dense object detection (2017).

Keras 3.15 on TensorFlow does the same, except:

- `alpha` of its binary focal loss is ignored unless apply_class_balancing=True; here None means no balancing.
- `alpha` of its categorical focal loss is 0.25 unless told otherwise and multiplies the whole loss; here it is 1.
- From logits, its categorical focal loss takes the softmax and clips it: it is capped at 16.118 · alpha, and a model
  that is certain and wrong gets no gradient. Here nothing is clipped.
"""

from __future__ import annotations

import numpy as np

from helpers.activations import log_sigmoid, log_softmax, sigmoid, sigmoid_gradient, softmax
from helpers.probabilities import KERAS_EPSILON, binary_pair, categorical_pair, clipped, over, times_log
from helpers.reductions import DEFAULT, reduce, reduce_gradient


def binary_focal(
    y_true, p, *, gamma=2.0, alpha=None, epsilon=KERAS_EPSILON, sample_weight=None, reduction=DEFAULT
):
    """Binary focal loss. alpha: None, or the weight of the positive class (1); the negative class gets 1 - alpha."""
    y, p, m, slope, cross_entropy, _ = _binary_parts(y_true, p, gamma, alpha, epsilon)
    return reduce(_balance(y, alpha) * m**gamma * cross_entropy, sample_weight, reduction)


def binary_focal_gradient(
    y_true, p, *, gamma=2.0, alpha=None, epsilon=KERAS_EPSILON, sample_weight=None, reduction=DEFAULT
):
    """Slope per label, for p, by the product rule."""
    y, p, m, slope, cross_entropy, steepness = _binary_parts(y_true, p, gamma, alpha, epsilon)
    slopes = _power_slope(m, gamma) * slope * cross_entropy + m**gamma * steepness
    return reduce_gradient(_balance(y, alpha) * slopes, sample_weight, reduction)


def binary_focal_from_logits(y_true, logits, *, gamma=2.0, alpha=None, sample_weight=None, reduction=DEFAULT):
    """Binary focal loss for p = sigmoid(logits), without clipping."""
    y, z = _checked(binary_pair(y_true, logits, "logits"), gamma, alpha)
    m = y * sigmoid(-z) + (1 - y) * sigmoid(z)
    cross_entropy = -y * log_sigmoid(z) - (1 - y) * log_sigmoid(-z)
    return reduce(_balance(y, alpha) * m**gamma * cross_entropy, sample_weight, reduction)


def binary_focal_from_logits_gradient(y_true, logits, *, gamma=2.0, alpha=None, sample_weight=None, reduction=DEFAULT):
    """Slope per label, for the logits."""
    y, z = _checked(binary_pair(y_true, logits, "logits"), gamma, alpha)
    m = y * sigmoid(-z) + (1 - y) * sigmoid(z)
    cross_entropy = -y * log_sigmoid(z) - (1 - y) * log_sigmoid(-z)
    slopes = _power_slope(m, gamma) * (1 - 2 * y) * sigmoid_gradient(z) * cross_entropy + m**gamma * (sigmoid(z) - y)
    return reduce_gradient(_balance(y, alpha) * slopes, sample_weight, reduction)


def categorical_focal(
    y_true, p, *, gamma=2.0, alpha=1.0, epsilon=KERAS_EPSILON, sample_weight=None, reduction=DEFAULT
):
    """Categorical focal loss: -Σ alpha (1 - p)^gamma y_true log p. alpha: a number, or one for each class, (K,)."""
    y, p, total = _checked(categorical_pair(y_true, p, "p"), gamma, alpha)
    q, _ = clipped(p / total, epsilon)
    return reduce(-(alpha * (1 - q) ** gamma * times_log(y, q)).sum(axis=1), sample_weight, reduction)


def categorical_focal_gradient(
    y_true, p, *, gamma=2.0, alpha=1.0, epsilon=KERAS_EPSILON, sample_weight=None, reduction=DEFAULT
):
    """Slope for each p. As in Keras, p is divided by its row's sum first."""
    y, p, total = _checked(categorical_pair(y_true, p, "p"), gamma, alpha)
    q, inside = clipped(p / total, epsilon)
    slopes = (1 - q) ** gamma * over(y, q) - _power_slope(1 - q, gamma) * times_log(y, q)
    slopes = -alpha * slopes * inside
    slopes = (slopes - (slopes * p / total).sum(axis=1, keepdims=True)) / total
    return reduce_gradient(slopes, sample_weight, reduction, mean_over_targets=False)


def categorical_focal_from_logits(y_true, logits, *, gamma=2.0, alpha=1.0, sample_weight=None, reduction=DEFAULT):
    """Categorical focal loss for p = softmax(logits), without clipping."""
    y, z, _ = _checked(categorical_pair(y_true, logits, "logits"), gamma, alpha)
    return reduce(-(alpha * (1 - softmax(z)) ** gamma * y * log_softmax(z)).sum(axis=1), sample_weight, reduction)


def categorical_focal_from_logits_gradient(
    y_true, logits, *, gamma=2.0, alpha=1.0, sample_weight=None, reduction=DEFAULT
):
    """Slope for each logit, by the chain rule through the softmax."""
    y, z, _ = _checked(categorical_pair(y_true, logits, "logits"), gamma, alpha)
    q = softmax(z)
    times_q = -alpha * y * ((1 - q) ** gamma - q * _power_slope(1 - q, gamma) * log_softmax(z))  # slope for q, times q
    slopes = times_q - q * times_q.sum(axis=1, keepdims=True)
    return reduce_gradient(slopes, sample_weight, reduction, mean_over_targets=False)


def _binary_parts(y_true, p, gamma, alpha, epsilon):
    """Return y, p, m = 1 - p_t, the slope of m, the cross-entropy and its slope; as in Keras, m of p unclipped."""
    y, p = _checked(binary_pair(y_true, p, "p"), gamma, alpha)
    q, inside = clipped(p, epsilon)
    cross_entropy = -times_log(y, q) - times_log(1 - y, 1 - q)
    steepness = (over(1 - y, 1 - q) - over(y, q)) * inside
    return y, p, y * (1 - p) + (1 - y) * p, 1 - 2 * y, cross_entropy, steepness


def _power_slope(m, gamma):
    """Derivative of m^gamma for m; 0 at m = 0, where below gamma = 1 there is none."""
    if gamma == 0:
        return np.zeros_like(m)
    with np.errstate(divide="ignore"):
        return np.where(m == 0, 0.0 if gamma != 1 else 1.0, gamma * m ** (gamma - 1))


def _balance(y, alpha):
    return 1.0 if alpha is None else alpha * y + (1 - alpha) * (1 - y)


def _checked(parts, gamma, alpha):
    if not 0 <= gamma < np.inf:
        raise ValueError(f"gamma is {gamma}, but must be 0 (plain cross-entropy) or a positive number.")
    if alpha is not None and not (np.asarray(alpha) >= 0).all():
        raise ValueError(f"alpha is {alpha}, but must not be negative: it weighs the classes.")
    return parts
