"""Calibration in NumPy: do predicted probabilities come true as often as they say?

Binary: `y_true` is 0 or 1 (the positive class), `p` the probability of 1; both of shape (n,). Multiclass: `y_true`
holds integers 0 … K-1, shape (n,), and `p` has shape (n, K). `sample_weight` has shape (n,).
No samples, or weights that sum to 0, raise ValueError.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers import cross_entropy
from helpers.probabilities import binary_pair, one_hot
from helpers.reductions import numbers, positive_weights


@dataclass(frozen=True, eq=False)
class Reliability:
    """Bins of predictions. All of shape (bins,), except `edges`, (bins + 1,). An empty bin has count 0 and NaN.

    p: mean prediction. share: how often it came true. count: samples, or the sum of their weights.
    """

    p: np.ndarray
    share: np.ndarray
    count: np.ndarray
    edges: np.ndarray


def nll(y_true, p, *, epsilon=0.0, sample_weight=None) -> float:
    """Negative log-likelihood a sample, in nats: cross-entropy as a metric. 0 for what happened costs inf.

    epsilon=1e-7 clips as Keras does. scikit-learn's log_loss clips p to the rounding error of its dtype
    (2.2e-16 in float64, so at most 36.04), and so never says inf.
    """
    positive_weights(y_true, sample_weight)
    how = {"epsilon": epsilon, "sample_weight": sample_weight, "reduction": "mean_with_sample_weight"}
    if np.ndim(p) == 2:
        return cross_entropy.sparse_categorical_cross_entropy(y_true, p, **how)
    return cross_entropy.binary_cross_entropy(y_true, p, **how)


def brier(y_true, p, *, sample_weight=None) -> float:
    """Mean squared distance between what was predicted and what happened. Binary: (p - y_true)², 0 to 1.

    Multiclass: the sum over the classes of (p - one-hot)², 0 to 2: twice the binary value for K = 2. scikit-learn's
    brier_score_loss(scale_by_half=False) for several classes. Source: Brier, Monthly Weather Review 78 (1950).
    """
    weights = positive_weights(y_true, sample_weight)
    if np.ndim(p) == 2:
        y, p = binary_pair(one_hot(y_true, np.shape(p)[1]), p, "p")
        return float(np.average(((p - y) ** 2).sum(axis=1), weights=weights))
    y, p = _binary(y_true, p)
    return float(np.average((p - y) ** 2, weights=weights))


def reliability(y_true, p, *, bins=10, strategy="uniform", sample_weight=None) -> Reliability:
    """Sort predictions into bins, and compare each bin's mean prediction with how often it came true.

    bins: how many, or their edges, rising from 0 or below to 1 or above.
    strategy: "uniform" for bins of equal width from 0 to 1; "quantile" for about equal counts, whose edges may
    coincide: then there are fewer bins. A bin holds its upper edge, and the first also 0. The same as scikit-learn's
    calibration_curve, which leaves empty bins out and knows no weights. Binary; for several classes pass hits and
    probabilities from `top_label`.
    """
    weights = positive_weights(y_true, sample_weight)
    y, p = _binary(y_true, p)
    edges = bin_edges(p, bins, strategy) if np.ndim(bins) == 0 else numbers("bins", bins)
    if len(edges) < 2 or (np.diff(edges) < 0).any() or edges[0] > p.min() or edges[-1] < p.max():
        raise ValueError("bins must be a count, or edges that rise and enclose every p.")
    place = np.clip(np.searchsorted(edges, p, side="left") - 1, 0, len(edges) - 2)
    summed = [weights, weights * p, weights * y]
    count, sum_p, sum_y = (np.bincount(place, weights=values, minlength=len(edges) - 1) for values in summed)
    known = np.where(count == 0, np.nan, count)
    return Reliability(sum_p / known, sum_y / known, count, edges)


def bin_edges(p, bins: int, strategy: str = "uniform") -> np.ndarray:
    """Return the edges that `reliability` uses for these p, at most bins + 1 of them."""
    if bins < 1:
        raise ValueError(f"bins is {bins}, but at least one is needed.")
    if strategy not in ("uniform", "quantile"):
        raise ValueError(f"strategy is {strategy!r}, but must be 'uniform' or 'quantile'.")
    edges = np.linspace(0, 1, bins + 1)
    if strategy == "quantile":
        edges = np.unique(np.quantile(p, edges))
        edges = edges if len(edges) > 1 else np.append(edges, edges)  # all p equal: one bin without width
    return edges


def expected_calibration_error(y_true, p, *, bins=10, strategy="uniform", sample_weight=None) -> float:
    """Mean distance between prediction and share over the bins, weighted by their counts: 0 to 1.

    Binary: of the probability of the positive class. Multiclass: of the largest probability, against how often that
    class is right. It depends on the bins, and noise alone makes it positive: compare models with equal bins.
    Neither Keras nor scikit-learn has it. Source: Naeini, Cooper and Hauskrecht, AAAI (2015).
    """
    if np.ndim(p) == 2:
        y_true, p = top_label(y_true, p)
    found = reliability(y_true, p, bins=bins, strategy=strategy, sample_weight=sample_weight)
    some = found.count > 0
    return float(np.average(np.abs(found.p - found.share)[some], weights=found.count[some]))


def top_label(y_true, p) -> tuple[np.ndarray, np.ndarray]:
    """Return hits (1 where the most probable class is right, else 0) and its probability, both (n,), for (n, K)."""
    y, p = binary_pair(one_hot(y_true, np.shape(p)[1]), p, "p")
    return (y.argmax(axis=1) == p.argmax(axis=1)).astype(np.int64), p.max(axis=1)


def _binary(y_true, p):
    y, p = binary_pair(y_true, p, "p")
    if y.ndim != 1:
        raise ValueError(f"y_true and p have shape {y.shape}, but (n,) is needed: one event at a time.")
    if not np.isin(y, (0, 1)).all():
        wrong = y[~np.isin(y, (0, 1))][0]
        raise ValueError(f"y_true holds {wrong:g}, but only 0 and 1 are allowed; the positive class is 1.")
    if np.isnan(numbers("p", p)).any():
        raise ValueError("p holds NaN, which belongs into no bin: the model that gave it is broken.")
    return y, p
