"""Ranking metrics in NumPy: ROC and precision-recall curves and the areas under them. No threshold is chosen.

`y_true`: 0 or 1 (the positive class), shape (n,). `p`: any numbers that rank, larger for the positive class, shape
(n,): probabilities or logits. Equal p are one step: their order in the data plays no part. `sample_weight`: (n,).
The areas also take (n, k) for k labels. Without a positive or without a negative the area is NaN: there is no pair to
compare. No samples raise ValueError.

Where Keras 3.15 and scikit-learn differ from each other:

- **Bins.** Keras' AUC counts at 200 fixed thresholds from 0 to 1. All p in one bin are tied: when every p is below
  0.005 it says 0.5 whatever the ranking. It needs probabilities; logits need from_logits=True. scikit-learn and this
  module use every distinct p.
- **One class only.** ROC AUC: Keras says 0.0, scikit-learn NaN and a warning. Average precision without a
  positive: Keras' AUC(curve="PR") says 0.0, scikit-learn 0.0 and a warning. Here NaN, no warning.
- **Area under the precision-recall curve.** Keras' AUC(curve="PR") interpolates between the thresholds (Davis and
  Goadrich 2006). Average precision is the plain step sum, and the two differ.
- **Several labels.** Keras' AUC pools all labels into one ranking ("micro") unless multi_label=True ("macro").
"""

from __future__ import annotations

import numpy as np

from helpers.reductions import paired, positive_weights, quotient


def roc_curve(y_true, p, *, sample_weight=None):
    """Return fpr, tpr, thresholds: a point for each distinct p, from (0, 0) to (1, 1); thresholds fall from inf.

    fpr: share of the negatives with p >= threshold; tpr (recall): of the positives. NaN where there are none.
    As scikit-learn's `roc_curve(drop_intermediate=False)`.
    """
    tp, fp, thresholds = _counts_down(y_true, p, sample_weight)
    return _share(fp), _share(tp), thresholds


def roc_auc(y_true, p, *, average="macro", sample_weight=None):
    """Chance that a random positive has a larger p than a random negative; a tie counts one half. 0.5: no ranking.

    For (n, k): average "macro" is the mean over the labels, None their values, "micro" pools all labels' pairs.
    Source: Hanley and McNeil, The meaning and use of the area under a ROC curve (1982).
    """
    return _per_label(_roc_auc, y_true, p, average, sample_weight)


def precision_recall_curve(y_true, p, *, sample_weight=None):
    """Return precision, recall, thresholds: a point for each distinct p, from recall 1 to the end point (1, 0).

    As scikit-learn's: thresholds rise, and the arrays of precision and recall are longer by the end point.
    Without a positive, recall is NaN (scikit-learn: 1, and a warning).
    """
    tp, fp, thresholds = _counts_down(y_true, p, sample_weight)
    tp, fp, thresholds = tp[1:][::-1], fp[1:][::-1], thresholds[1:][::-1]
    precision = quotient(tp, tp + fp, 0.0)  # weights may be 0
    recall = tp / tp[0] if tp[0] else np.full(len(tp), np.nan)
    return np.append(precision, 1.0), np.append(recall, 0.0), thresholds


def average_precision(y_true, p, *, average="macro", sample_weight=None):
    """Σ (gain in recall) · precision over the thresholds, from high to low. A ranking by chance gives the base rate.

    Averages over labels as for `roc_auc`. Source: scikit-learn, `average_precision_score`.
    """
    return _per_label(_average_precision, y_true, p, average, sample_weight)


def _roc_auc(y_true, p, sample_weight) -> float:
    fpr, tpr, _ = roc_curve(y_true, p, sample_weight=sample_weight)
    return float(np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2))  # a tie is a slope: half of its pairs count


def _average_precision(y_true, p, sample_weight) -> float:
    precision, recall, _ = precision_recall_curve(y_true, p, sample_weight=sample_weight)
    return float(-np.sum(np.diff(recall) * precision[:-1]))


def _counts_down(y_true, p, sample_weight):
    """Return weighted counts of positives and negatives with p >= threshold, and the thresholds, from inf down."""
    weights = positive_weights(y_true, sample_weight)
    y_true, p = paired(y_true, p, "p")
    if y_true.ndim != 1:
        raise ValueError(f"y_true and p have shape {p.shape}, but a curve is for one label: give one column, (n,).")
    _check(y_true, p)
    kept = weights != 0  # a sample without weight is no threshold
    y_true, p, weights = y_true[kept], p[kept], weights[kept]
    order = np.argsort(-p, kind="stable")
    y_true, p, weights = y_true[order], p[order], weights[order]
    last = np.append(np.flatnonzero(np.diff(p)), len(p) - 1)  # the last of each run of equal p
    tp, all_of_them = np.cumsum(weights * y_true)[last], np.cumsum(weights)[last]
    fp = np.cumsum(weights * (1 - y_true))[last] if sample_weight is not None else all_of_them - tp
    return np.append(0.0, tp), np.append(0.0, fp), np.append(np.inf, p[last])


def _share(counts):
    return counts / counts[-1] if counts[-1] else np.full(len(counts), np.nan)


def _per_label(area, y_true, p, average, sample_weight):
    if average not in ("macro", "micro", None):
        raise ValueError(f"average is {average!r}, but must be 'macro', 'micro' or None.")
    y_true, p = paired(y_true, p, "p")
    if y_true.ndim == 1:
        return area(y_true, p, sample_weight)
    if average == "micro":
        if sample_weight is not None:
            sample_weight = np.repeat(sample_weight, y_true.shape[1])
        return area(y_true.ravel(), p.ravel(), sample_weight)
    values = np.array([area(y, q, sample_weight) for y, q in zip(y_true.T, p.T, strict=True)])
    return values if average is None else float(values.mean())


def _check(y_true, p):
    if not np.isin(y_true, (0, 1)).all():
        wrong = y_true[~np.isin(y_true, (0, 1))][0]
        raise ValueError(f"y_true holds {wrong:g}, but only 0 and 1 (the positive class) are allowed here.")
    if np.isnan(p).any():
        raise ValueError("p holds NaN, which has no place in a ranking: the model that gave it is broken.")
