"""What every threshold would decide, for one model or for many seeds at once. In NumPy, by sorting once.

`y_true`: 0 or 1 (the positive class), shape (n,). `p`: probabilities of the positive class, shape (n,) for one model
or (seeds, n). A sample is called positive where p > threshold, as `classification.decide` and Keras do it.
"""

from __future__ import annotations

import numpy as np

from helpers.classification import PARTS, Counts
from helpers.reductions import numbers, quotient

# name → metric of Counts; NaN for 0 / 0, so that a curve ends where the metric has no value
METRICS = {
    **{name: lambda c, parts=parts: quotient(*parts(c), np.nan) for name, parts in PARTS.items()},
    "true positives": lambda c: c.tp,
    "false positives": lambda c: c.fp,
    "false negatives": lambda c: c.fn,
    "true negatives": lambda c: c.tn,
}


def counts_at(y_true, p, thresholds) -> Counts:
    """Return tp, fp, fn, tn as integers, each of shape (thresholds,), or (seeds, thresholds) for p of (seeds, n)."""
    y_true, p = pair(y_true, p)
    thresholds = np.atleast_1d(numbers("thresholds", thresholds))
    found = []
    for row in np.atleast_2d(p):
        above = [np.sum(y_true == k) - np.searchsorted(np.sort(row[y_true == k]), thresholds, "right") for k in (1, 0)]
        found.append(above)
    tp, fp = np.moveaxis(np.array(found), 1, 0)
    counts = Counts(tp, fp, np.sum(y_true == 1) - tp, np.sum(y_true == 0) - fp)
    return counts if p.ndim == 2 else Counts(*(count[0] for count in counts))


def metric_at(metric, y_true, p, thresholds) -> np.ndarray:
    """Return a metric at each threshold: (thresholds,) or (seeds, thresholds). metric: a name in METRICS.

    Or a function of `Counts`, such as `lambda c: c.fp + 9 * c.fn`.
    """
    if isinstance(metric, str) and metric not in METRICS:
        raise ValueError(f"There is no metric {metric!r}: choose {', '.join(METRICS)}, or give a function of Counts.")
    return (METRICS[metric] if isinstance(metric, str) else metric)(counts_at(y_true, p, thresholds))


def cost_at(y_true, p, thresholds, *, miss: float, false_alarm: float) -> np.ndarray:
    """Return the mean cost a sample at each threshold: (miss · fn + false_alarm · fp) / n. Shape as `metric_at`."""
    counts = counts_at(y_true, p, thresholds)
    return (miss * counts.fn + false_alarm * counts.fp) / len(np.asarray(y_true))


def cost_threshold(*, miss: float, false_alarm: float) -> float:
    """The best threshold for calibrated p: false_alarm / (false_alarm + miss). Source: Elkan, IJCAI (2001)."""
    if not (miss >= 0 and false_alarm >= 0 and miss + false_alarm > 0):
        raise ValueError(f"miss is {miss} and false_alarm is {false_alarm}, but costs are not negative, nor both 0.")
    return false_alarm / (false_alarm + miss)


def best_threshold(metric, y_true, p, *, thresholds=None, largest: bool = True):
    """Return the threshold with the best value of the metric, a float, or (seeds,) for p of (seeds, n).

    thresholds: those to try; unless given, 0 and every distinct p of a seed, so none is missed. Of equal values the
    lowest threshold counts. largest=False for a cost. Use validation data, not those that the metric is reported on.
    """
    y_true, p = pair(y_true, p)
    best = []
    for row in np.atleast_2d(p):
        tried = np.unique(np.append(row, 0.0)) if thresholds is None else np.sort(np.atleast_1d(thresholds))
        values = metric_at(metric, y_true, row, tried) * (1 if largest else -1)
        best.append(tried[np.argmax(np.where(np.isnan(values), -np.inf, values))])
    return np.array(best) if p.ndim == 2 else float(best[0])


def pair(y_true, p) -> tuple[np.ndarray, np.ndarray]:
    """Return both checked, as float64: y_true (n,) of 0 and 1, p (n,) or (seeds, n). ValueError otherwise."""
    y_true, p = numbers("y_true", y_true), numbers("p", p)
    if y_true.ndim != 1 or p.ndim not in (1, 2) or p.shape[-1] != len(y_true):
        raise ValueError(f"y_true has shape {y_true.shape} and p has shape {p.shape}, but (n,) and (n,) or (seeds, n) "
                         "are needed; from an output of shape (seeds, n, 1), take p[..., 0].")
    if len(y_true) == 0:
        raise ValueError("There are no samples in y_true: there is nothing to decide.")
    if not np.isin(y_true, (0, 1)).all():
        wrong = y_true[~np.isin(y_true, (0, 1))][0]
        raise ValueError(f"y_true holds {wrong:g}, but only 0 and 1 are allowed; the positive class is 1.")
    if np.isnan(p).any():
        raise ValueError("p holds NaN, which is on no side of a threshold: the model that gave it is broken.")
    return y_true, p
