"""Cross-entropy in NumPy: binary, categorical and sparse categorical, from probabilities and from logits. All float64.

Binary: `y_true` and `p` (or `logits`) have the same shape, (n,) or (n, k) for k independent labels. The loss of a
sample is the mean over its labels. Categorical: both have shape (n, K); each row of `y_true` sums to 1. Sparse:
`y_true` holds the class as an integer 0 … K-1, shape (n,). Weights, reductions and gradients: as in
helpers/losses.py. `..._gradient` is for `p` or for `logits`, in their shape.

From probabilities, log(0) must be dealt with. `epsilon` clips p to epsilon … 1 - epsilon. The default 1e-7 is Keras':
no loss exceeds -log(1e-7) = 16.118, and where p is clipped the gradient is 0, so that a model that is certain and wrong
learns nothing. epsilon=0 clips nothing: p = 0 for what happened costs inf. From logits nothing needs to be clipped.

Keras 3.15 on TensorFlow does the same, except:

- It takes any labels. Those outside 0 to 1 make its binary loss negative; here they raise ValueError.
- It takes any p, and clips. Logits given as p train on, silently; here they raise ValueError.
- In float32, 1 - 1e-7 is rounded: the cap of the binary loss is 15.942 for y_true = 0, and 16.118 for 1.
- Its categorical loss divides p by its row's sum and then clips, as here. Its sparse one clips and then divides. For
  rows that sum to 1 the values differ by up to K · 1e-7. At p = 0 for the true class the gradient of the sparse
  one is 0 for that class only. For p beyond 1 (a head without softmax) the values have nothing in common.
- It takes multi-hot rows for `categorical_cross_entropy`. From logits its gradient is then not that of its value.
- What comes straight out of its sigmoid or softmax is taken back to the logits, and the clip never happens.
"""

from __future__ import annotations

import numpy as np

from helpers.activations import (
    log_sigmoid,
    log_sigmoid_gradient,
    log_softmax,
    log_softmax_jacobian,
    log_sum_exp,
    log_sum_exp_gradient,
    sigmoid,
    sigmoid_gradient,
    softmax,
    softmax_jacobian,
)  # fmt: skip
from helpers.class_weights import balanced_class_weight, weights_from_classes
from helpers.focal import (
    binary_focal,
    binary_focal_from_logits,
    binary_focal_from_logits_gradient,
    binary_focal_gradient,
    categorical_focal,
    categorical_focal_from_logits,
    categorical_focal_from_logits_gradient,
    categorical_focal_gradient,
)  # fmt: skip
from helpers.probabilities import (
    KERAS_EPSILON,
    binary_pair,
    categorical_pair,
    clipped,
    label_smoothing,
    one_hot,
    over,
    times_log,
)
from helpers.reductions import DEFAULT, reduce, reduce_gradient

__all__ = [
    "sigmoid", "sigmoid_gradient", "log_sigmoid", "log_sigmoid_gradient", "log_sum_exp", "log_sum_exp_gradient",
    "softmax", "softmax_jacobian", "log_softmax", "log_softmax_jacobian",
    "binary_cross_entropy", "binary_cross_entropy_gradient",
    "binary_cross_entropy_from_logits", "binary_cross_entropy_from_logits_gradient",
    "categorical_cross_entropy", "categorical_cross_entropy_gradient",
    "categorical_cross_entropy_from_logits", "categorical_cross_entropy_from_logits_gradient",
    "sparse_categorical_cross_entropy", "sparse_categorical_cross_entropy_gradient",
    "sparse_categorical_cross_entropy_from_logits", "sparse_categorical_cross_entropy_from_logits_gradient",
    "binary_focal", "binary_focal_gradient", "binary_focal_from_logits", "binary_focal_from_logits_gradient",
    "categorical_focal", "categorical_focal_gradient",
    "categorical_focal_from_logits", "categorical_focal_from_logits_gradient",
    "label_smoothing", "one_hot", "balanced_class_weight", "weights_from_classes", "KERAS_EPSILON",
]  # fmt: skip


def binary_cross_entropy(y_true, p, *, epsilon=KERAS_EPSILON, sample_weight=None, reduction=DEFAULT):
    """-(y_true log p + (1 - y_true) log(1 - p)), in nats: the surprise at what happened.

    p: probability of the positive class (1). y_true may lie between 0 and 1. Source: Good, Rational decisions, Journal
    of the Royal Statistical Society B 14 (1952).
    """
    y_true, p = binary_pair(y_true, p, "p")
    p, _ = clipped(p, epsilon)
    return reduce(-times_log(y_true, p) - times_log(1 - y_true, 1 - p), sample_weight, reduction)


def binary_cross_entropy_gradient(y_true, p, *, epsilon=KERAS_EPSILON, sample_weight=None, reduction=DEFAULT):
    """Slope per label, for p: (1 - y_true) / (1 - p) - y_true / p, and 0 where p is clipped."""
    y_true, p = binary_pair(y_true, p, "p")
    p, inside = clipped(p, epsilon)
    return reduce_gradient((over(1 - y_true, 1 - p) - over(y_true, p)) * inside, sample_weight, reduction)


def binary_cross_entropy_from_logits(y_true, logits, *, sample_weight=None, reduction=DEFAULT):
    """The same for p = sigmoid(logits): max(z, 0) - z y_true + log(1 + exp(-|z|)). Nothing overflows or is clipped.

    Source of the form: log(1 + exp(z)) - z y_true, with exp(z) taken out of the logarithm where z is positive.
    """
    y_true, z = binary_pair(y_true, logits, "logits")
    values = np.maximum(z, 0) - z * y_true + np.log1p(np.exp(-np.abs(z)))
    return reduce(values, sample_weight, reduction)


def binary_cross_entropy_from_logits_gradient(y_true, logits, *, sample_weight=None, reduction=DEFAULT):
    """Slope per label, for the logits: sigmoid(logits) - y_true. It never fades while the prediction is wrong."""
    y_true, z = binary_pair(y_true, logits, "logits")
    return reduce_gradient(sigmoid(z) - y_true, sample_weight, reduction)


def categorical_cross_entropy(y_true, p, *, epsilon=KERAS_EPSILON, sample_weight=None, reduction=DEFAULT):
    """-Σ y_true log p over the classes. For a one-hot row only the probability of the true class counts.

    As in Keras, each row of p is divided by its sum first. p and y_true: (n, K).
    """
    y_true, p, total = categorical_pair(y_true, p, "p")
    q, _ = clipped(p / total, epsilon)
    return reduce(-times_log(y_true, q).sum(axis=1), sample_weight, reduction)


def categorical_cross_entropy_gradient(y_true, p, *, epsilon=KERAS_EPSILON, sample_weight=None, reduction=DEFAULT):
    """Slope for each p: 1 - y_true / p for a row that sums to 1. The 1 comes from the division by the sum."""
    y_true, p, total = categorical_pair(y_true, p, "p")
    q, inside = clipped(p / total, epsilon)
    slope = -over(y_true, q) * inside  # for the shares p / total
    slope = (slope - (slope * p / total).sum(axis=1, keepdims=True)) / total  # for p itself
    return reduce_gradient(slope, sample_weight, reduction, mean_over_targets=False)


def categorical_cross_entropy_from_logits(y_true, logits, *, sample_weight=None, reduction=DEFAULT):
    """The same for p = softmax(logits): -Σ y_true log_softmax(logits), which neither overflows nor is clipped."""
    y_true, z, _ = categorical_pair(y_true, logits, "logits")
    return reduce(-(y_true * log_softmax(z)).sum(axis=1), sample_weight, reduction)


def categorical_cross_entropy_from_logits_gradient(y_true, logits, *, sample_weight=None, reduction=DEFAULT):
    """Slope for each logit: softmax(logits) - y_true."""
    y_true, z, _ = categorical_pair(y_true, logits, "logits")
    return reduce_gradient(softmax(z) - y_true, sample_weight, reduction, mean_over_targets=False)


def sparse_categorical_cross_entropy(y_true, p, **how):
    """-log p of the true class. y_true: integers 0 … K-1, shape (n,); p: (n, K). `how` as for the one-hot form."""
    return categorical_cross_entropy(one_hot(y_true, _count(p, "p")), p, **how)


def sparse_categorical_cross_entropy_gradient(y_true, p, **how):
    """The gradient of the one-hot form: the format of the labels changes nothing."""
    return categorical_cross_entropy_gradient(one_hot(y_true, _count(p, "p")), p, **how)


def sparse_categorical_cross_entropy_from_logits(y_true, logits, **how):
    """log_sum_exp(logits) - the logit of the true class. y_true: integers 0 … K-1, shape (n,); logits: (n, K)."""
    return categorical_cross_entropy_from_logits(one_hot(y_true, _count(logits, "logits")), logits, **how)


def sparse_categorical_cross_entropy_from_logits_gradient(y_true, logits, **how):
    """The gradient of the one-hot form: softmax(logits), less 1 for the true class."""
    return categorical_cross_entropy_from_logits_gradient(one_hot(y_true, _count(logits, "logits")), logits, **how)


def _count(p, name) -> int:
    if np.ndim(p) != 2:
        raise ValueError(f"{name} has shape {np.shape(p)}, but (n, K) is needed: one column for each class.")
    return np.shape(p)[1]
