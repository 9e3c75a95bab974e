"""What all losses share: checked inputs, and the way from a loss per target to one number. All float64.

Per target → per sample (the mean over its k targets) → times its weight → reduced. helpers/losses.py lists the
reductions; they follow Keras 3.15.
"""

from __future__ import annotations

import numpy as np

REDUCTIONS = ("none", None, "sum", "sum_over_batch_size", "mean", "mean_with_sample_weight")
DEFAULT = "sum_over_batch_size"


def paired(y_true, y_pred, name: str = "y_pred") -> tuple[np.ndarray, np.ndarray]:
    """Return both as float64. ValueError unless they have the same shape, (n,) or (n, k).

    name: what the message calls the second, for example "p" or "logits".
    """
    y_true, y_pred = numbers("y_true", y_true), numbers(name, y_pred)
    if y_true.shape != y_pred.shape:
        sizes = f"y_true has shape {y_true.shape} and {name} has shape {y_pred.shape}"
        if {y_true.ndim, y_pred.ndim} == {1, 2} and y_true.size == y_pred.size:
            raise ValueError(f"{sizes}: NumPy would compare every target with every prediction; "
                             f"give both the same shape, for example with {name}[:, 0].")
        raise ValueError(f"{sizes}: they must be the same, so that each prediction meets its own target.")
    if y_true.ndim not in (1, 2) or y_true.shape[1:] == (0,):
        raise ValueError(f"y_true and {name} have shape {y_true.shape}, but (n,) or (n, k) is needed.")
    return y_true, y_pred


def weights_of(sample_weight, n: int) -> np.ndarray:
    """Return the weights of n samples as float64, shape (n,); ones for None. ValueError for another shape."""
    if sample_weight is None:
        return np.ones(n)
    weights = numbers("sample_weight", sample_weight)
    if weights.shape != (n,):
        raise ValueError(f"sample_weight has shape {weights.shape}, but one weight for each sample is needed: ({n},).")
    return weights


def positive_weights(y_true, sample_weight) -> np.ndarray:
    """Return the weights of the samples of a metric, shape (n,). ValueError if there is nothing to take a mean of."""
    n = np.shape(y_true)[0] if np.ndim(y_true) else 0
    if n == 0:
        raise ValueError("There are no samples in y_true: a metric of nothing is not defined.")
    weights = weights_of(sample_weight, n)
    if weights.sum() == 0:
        raise ValueError("The sample weights sum to 0: no sample counts, so the metric is not defined.")
    return weights


def reduce(values, sample_weight, reduction):
    """Reduce losses per target, shape (n, k), or per sample, shape (n,): a float, or (n,) for "none"."""
    per_sample = values if values.ndim == 1 else values.mean(axis=1)
    weights = weights_of(sample_weight, len(per_sample))
    weighted = weights * per_sample
    divisor = _divisor(weights, reduction)
    if divisor is None or len(weighted) == 0:
        return weighted
    return float(weighted.sum() / divisor) if divisor else 0.0


def reduce_gradient(slopes, sample_weight, reduction, *, mean_over_targets=True):
    """Take slopes, shape (n,) or (n, k), through the same steps, by the chain rule.

    mean_over_targets: True where a sample's loss is the mean over its k targets, and the slopes are those per target.
    False where they are the slopes of the sample's loss itself, as for k classes.
    """
    weights = weights_of(sample_weight, len(slopes))
    divisor = _divisor(weights, reduction)
    if divisor == 0:
        return np.zeros_like(slopes)
    if slopes.ndim == 2:
        weights, slopes = weights[:, None], slopes / (slopes.shape[1] if mean_over_targets else 1)
    return weights * slopes / (1 if divisor is None else divisor)


def quotient(top, bottom, otherwise) -> np.ndarray:
    """top / bottom, and `otherwise` where bottom is 0; without a warning. Arrays of one shape, or numbers."""
    return np.where(bottom == 0, otherwise, top / np.where(bottom == 0, 1, bottom))


def numbers(name: str, values) -> np.ndarray:
    """Return `values` as a float64 array, or raise ValueError that names them."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must hold numbers in rows of equal length ({error}).") from error


def _divisor(weights, reduction):
    """Return what the sum of the samples' losses is divided by; None where they are not summed."""
    if reduction in ("none", None):
        return None
    if reduction == "sum":
        return 1
    if reduction in ("sum_over_batch_size", "mean"):
        return len(weights)
    if reduction == "mean_with_sample_weight":
        return weights.sum()
    raise ValueError(f"reduction is {reduction!r}, but must be one of {', '.join(map(repr, REDUCTIONS))}.")
