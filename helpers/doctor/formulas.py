"""Losses of predictions, recomputed in NumPy (float64), to hold against what Keras reports for the same batch.

Only where both must agree: shapes that fit, targets that the loss is defined for, and no prediction so close to 0 or 1
that Keras' clipping at 1e-7, or its use of hidden logits, gives another number for a good reason.
"""

from __future__ import annotations

import numpy as np

from helpers.activations import log_softmax

SAFE = 1e-5  # probabilities nearer to 0 or 1 are not compared


def loss(facts, target, prediction) -> float | None:
    """Return the mean loss of a batch, or None where it cannot be compared."""
    formula = FORMULAS.get(facts.name)
    if formula is None or facts.reduction not in ("sum_over_batch_size", "mean", "mean_with_sample_weight"):
        return None
    if facts.arguments.get("label_smoothing") or facts.arguments.get("axis", -1) != -1:
        return None
    y, p = np.asarray(target), np.asarray(prediction, dtype=np.float64)
    if y.dtype.kind not in "buif" or p.ndim == 0 or not p.size or prediction.dtype == np.float16:
        return None
    y = y.astype(np.float64)
    if not (np.isfinite(y).all() and np.isfinite(p).all()):
        return None
    if facts.name == "sce":
        y = _one_hot(y, p, facts)
    elif y.ndim == p.ndim - 1 and p.shape[-1] == 1:
        y = y[..., None]
    if y is None or y.shape != p.shape:
        return None
    if facts.name in ("bce", "cce", "sce") and not facts.from_logits:
        if p.min() < SAFE or p.max() > 1 - SAFE:
            return None
    return formula(y, p, facts)


def _one_hot(y, p, facts):
    if facts.arguments.get("ignore_class") is not None:
        return None
    if y.ndim == p.ndim and y.shape[-1] == 1:
        y = y[..., 0]
    if y.shape != p.shape[:-1] or y.min() < 0 or y.max() >= p.shape[-1] or (y != np.round(y)).any():
        return None
    return np.eye(p.shape[-1])[y.astype(int)]


def _binary(y, p, facts):
    if facts.from_logits:
        return float((np.logaddexp(0, p) - y * p).mean())
    return float(-(y * np.log(p) + (1 - y) * np.log1p(-p)).mean())


def _categorical(y, p, facts):
    if facts.from_logits:
        log = log_softmax(p)
    else:
        log = np.log(p / p.sum(-1, keepdims=True))
    return float(-(y * log).sum(-1).mean())


FORMULAS = {
    "bce": _binary, "cce": _categorical, "sce": _categorical,
    "mse": lambda y, p, facts: float(((y - p) ** 2).mean()),
    "mae": lambda y, p, facts: float(np.abs(y - p).mean()),
}


def accuracy(target, prediction, out) -> float | None:
    """Return the share of right decisions on the probed rows: argmax for several units, 0.5 or logit 0 for one."""
    p = np.asarray(prediction, dtype=np.float64)
    y = np.asarray(target)[: len(p)]
    if y.dtype.kind not in "buif" or p.ndim != 2 or not p.size or not np.isfinite(p).all():
        return None
    cut = 0.0 if out.loss.from_logits or out.head.known and out.head.low is not None and out.head.low < 0 else 0.5
    if p.shape[1] == 1:
        return float(((p[:, 0] > cut) == (y.reshape(len(y), -1)[:, 0] > 0)).mean()) if y.size == len(p) else None
    if y.shape == p.shape:
        if out.labels.kind == "multi_hot":
            return float(((p > cut) == (y > 0)).mean())
        return float((p.argmax(1) == y.argmax(1)).mean())
    return float((p.argmax(1) == y.reshape(-1)).mean()) if y.size == len(p) else None


def metric(facts, out) -> float | None:
    """Return a metric of the probed rows counted in NumPy, or None where there is nothing sure to compare."""
    p = np.asarray(out.probe.prediction, dtype=np.float64)
    y = np.asarray(out.labels.array)[: len(p)]
    if y.dtype.kind not in "buif" or p.ndim != 2 or not p.size or not np.isfinite(p).all() \
            or out.probe.prediction.dtype != np.float32:
        return None
    if y.ndim == 1:
        y = y[:, None]
    y = y.astype(np.float64)
    if not np.isfinite(y).all():
        return None
    if facts.name in ("mse", "mae", "rmse") and y.shape == p.shape:
        square = float(np.mean((y - p) ** 2))
        return {"mse": square, "mae": float(np.abs(y - p).mean()), "rmse": square**0.5}[facts.name]
    labels_fit = out.labels.kind in ("binary", "one_hot", "integers")
    if facts.name in ("binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy") and labels_fit:
        return None if _ties(p) or facts.arguments.get("threshold", 0.5) not in (0.5, 0.0) else accuracy(y, p, out)
    return None


def _ties(p) -> bool:
    """A decision hangs on the last digit."""
    if p.shape[1] == 1:
        return bool(min(np.abs(p - 0.5).min(), np.abs(p).min()) < 1e-6)
    top = np.sort(p, axis=1)[:, -2:]
    return bool((top[:, 1] - top[:, 0]).min() < 1e-6)
