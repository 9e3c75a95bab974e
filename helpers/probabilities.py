"""Checked labels and probabilities for cross-entropy, and the label formats: one-hot, smoothed."""

from __future__ import annotations

import numpy as np

from helpers.reductions import numbers, paired

KERAS_EPSILON = 1e-7  # keras.backend.epsilon()
TOLERANCE = 1e-4  # of a row's sum to 1: float32 rounds


def binary_pair(y_true, p, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return y_true and p as float64, of one shape. ValueError if y_true, or p if so named, leaves 0 to 1."""
    y_true, p = paired(y_true, p, name)
    _check_labels(y_true)
    if name == "p":
        _check_probabilities(p)
    return y_true, p


def categorical_pair(y_true, p, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return y_true, p and the sums of p's rows, shapes (n, K), (n, K), (n, 1). Checked as for `binary_pair`.

    Also ValueError if a row of y_true does not sum to 1, or a row of probabilities sums to 0.
    """
    y_true, p = paired(y_true, p, name)
    if p.ndim != 2:
        raise ValueError(f"y_true and {name} have shape {p.shape}, but (n, K) is needed: one column for each class.")
    _check_labels(y_true)
    if (np.abs(y_true.sum(axis=1) - 1) > TOLERANCE).any():
        raise ValueError("Each row of y_true must sum to 1, as one-hot rows do; for several labels a sample, "
                         "use a sigmoid for each label and the binary loss.")
    total = p.sum(axis=1, keepdims=True)
    if name == "p":
        _check_probabilities(p)
        if (total == 0).any():
            raise ValueError("A row of p sums to 0, so it gives no class a probability: p must come from a softmax.")
    return y_true, p, total


def clipped(p, epsilon) -> tuple[np.ndarray, np.ndarray]:
    """Return p within epsilon … 1 - epsilon, and where it was within already (True), ends included."""
    if not 0 <= epsilon < 0.5:
        raise ValueError(f"epsilon is {epsilon}, but must lie from 0 (no clipping) to below 0.5; Keras' is 1e-7.")
    return np.clip(p, epsilon, 1 - epsilon), (p >= epsilon) & (p <= 1 - epsilon) | np.isnan(p)


def times_log(y, p) -> np.ndarray:
    """y log p, with 0 log 0 = 0: what cannot happen and does not happen costs nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((y == 0) & (p == 0), 0.0, y * np.log(p))


def over(y, p) -> np.ndarray:
    """y / p, with 0 / 0 = 0: minus the slope of -y log p."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((y == 0) & (p == 0), 0.0, y / p)


def one_hot(y_true, classes: int) -> np.ndarray:
    """Integers 0 … classes - 1, shape (n,), as float64 rows with a single 1, shape (n, classes).

    ValueError for other shapes, fractions and integers out of range. Keras cuts fractions off, silently.
    """
    return np.eye(classes)[class_indices(y_true, classes)]


def class_indices(y_true, classes: int, name: str = "y_true") -> np.ndarray:
    """Return y_true as int64, shape (n,), or raise ValueError unless it holds integers 0 … classes - 1."""
    y = numbers(name, y_true)
    if y.ndim != 1:
        hint = "; for one-hot rows, use the categorical form" if y.ndim == 2 else ""
        raise ValueError(f"{name} has shape {y.shape}, but (n,) is needed: the class of each sample{hint}.")
    if not (y == np.floor(y)).all():
        raise ValueError(f"{name} holds {y[y != np.floor(y)][0]}, but a class is a whole number.")
    if len(y) and not (y.min() >= 0 and y.max() < classes):
        wrong = y.min() if y.min() < 0 else y.max()
        raise ValueError(f"{name} holds {wrong:.0f}, but with {classes} classes it must lie between 0 and "
                         f"{classes - 1}: classes are counted from 0.")
    return y.astype(np.int64)


def label_smoothing(y_true, amount: float, *, classes: int) -> np.ndarray:
    """Move labels toward the middle: y_true (1 - amount) + amount / classes, in the shape of y_true.

    classes: K for one-hot rows, and 2 for binary labels, also for several labels a sample. Smoothed targets cannot be
    met with loss 0: the smallest loss is their entropy. amount lies from 0 to 1. Keras' option of this name takes more
    than 1, silently, and its sparse loss has no such option.
    Source: Szegedy et al., Rethinking the Inception architecture for computer vision (2016).
    """
    if not 0 <= amount <= 1:
        raise ValueError(f"amount is {amount}, but must lie from 0 (labels unchanged) to 1 (all classes equal).")
    y_true = numbers("y_true", y_true)
    if classes < 2 or (y_true.ndim == 2 and classes not in (2, y_true.shape[1])):
        raise ValueError(f"classes is {classes}, but must be 2 for binary labels or the number of one-hot columns.")
    _check_labels(y_true)
    return y_true * (1 - amount) + amount / classes


def _check_labels(y_true):
    if (y_true < 0).any() or (y_true > 1).any():
        wrong = y_true[(y_true < 0) | (y_true > 1)][0]
        raise ValueError(f"y_true holds {wrong:g}, but labels must lie between 0 and 1: outside, the loss is below 0.")


def _check_probabilities(p):
    if (p < 0).any() or (p > 1).any():
        wrong = p[(p < 0) | (p > 1)][0]
        raise ValueError(f"p holds {wrong:g}, but probabilities lie between 0 and 1; for logits, "
                         "use the function whose name ends in _from_logits.")
