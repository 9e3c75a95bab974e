"""Metrics of decisions in NumPy: confusion matrix, accuracy, precision, recall, F1, Hamming loss. Each a float.

Forms of `y_true` and `y_pred` (decisions, not probabilities; `decide` makes them):

- binary: 0 and 1, shape (n,); the positive class is 1;
- multiclass: integers 0 … K-1, shape (n,);
- multilabel: 0 and 1, shape (n, k): a column for each label.

Only the accuracies named as in Keras, and top-k, take probabilities `p`. `sample_weight` has shape (n,).
No samples, or weights that sum to 0, raise ValueError; Keras then reports 0.0. In its streaming metrics Keras adds up
counts over the batches, so a smaller last batch counts as it should. A bare function given to `compile` is averaged.

Where Keras 3.15 and scikit-learn differ from each other:

- **The threshold itself.** Keras decides p > threshold, scikit-learn's classifiers p >= threshold. `decide` is Keras'.
- **0 / 0**, precision without a positive decision, recall without a positive sample: Keras says 0, scikit-learn
  `zero_division` (0 and a warning unless told otherwise). Here `zero_division`, 0 unless told otherwise, no warning.
- **F1.** Keras adds 1e-7 to each denominator, so that a perfect F1 is 0.9999999. Its `F1Score` decides by the largest
  output of a row unless given threshold=0.5: with one output unit everything is positive.
- **Precision and recall of two softmax columns.** Without class_id Keras pools both columns: it then gives accuracy.
- **Ties in top-k.** Keras counts a class that is tied for place k: equal outputs give 1.0 for every k. scikit-learn
  breaks ties by the order of the classes, and the last class wins. `top_k_accuracy` is Keras'. On TensorFlow,
  Keras' own refuses float64.
- **Macro averages.** scikit-learn leaves out classes that occur neither in y_true nor in y_pred; Keras counts them
  as 0.
- **Accuracy of several labels.** Keras' BinaryAccuracy is the share of right labels, 1 - `hamming_loss`.
  scikit-learn's accuracy_score is the share of samples with all labels right, `subset_accuracy`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from helpers.probabilities import class_indices
from helpers.reductions import numbers, paired, positive_weights, quotient

AVERAGES = ("binary", "micro", "macro", "samples", None)


class Counts(NamedTuple):
    """Four counts: true and false positives, false and true negatives. Floats, or arrays of shape (k,)."""

    tp: float
    fp: float
    fn: float
    tn: float


# name → numerator and denominator from Counts
PARTS = {
    "precision": lambda c: (c.tp, c.tp + c.fp),
    "recall": lambda c: (c.tp, c.tp + c.fn),
    "F1": lambda c: (2 * c.tp, 2 * c.tp + c.fp + c.fn),
    "accuracy": lambda c: (c.tp + c.tn, c.tp + c.fp + c.fn + c.tn),
}


def decide(p, threshold=0.5) -> np.ndarray:
    """1 where p > threshold, else 0; int64 in the shape of p. threshold: a number, or one for each label, (k,)."""
    return (numbers("p", p) > numbers("threshold", threshold)).astype(np.int64)


def confusion_matrix(y_true, y_pred, *, classes=None, sample_weight=None) -> np.ndarray:
    """Counts, shape (K, K): the row is the true class, the column the decision. Sums of weights if there are any.

    classes: K; unless given, the largest class that occurs + 1, and at least 2.
    """
    weights = positive_weights(y_true, sample_weight)
    y_true, y_pred, classes = _class_pair(y_true, y_pred, classes)
    counts = np.bincount(y_true * classes + y_pred, weights=weights, minlength=classes**2).reshape(classes, classes)
    return counts if sample_weight is not None else counts.astype(np.int64)


def binary_counts(y_true, y_pred, *, sample_weight=None) -> Counts:
    """True positives, false positives, false negatives, true negatives; for each label if the shape is (n, k)."""
    weights = positive_weights(y_true, sample_weight)
    return _counts(*_labels(y_true, y_pred), weights, axis=0)


def binary_accuracy(y_true, p, *, threshold=0.5, sample_weight=None) -> float:
    """Share of labels decided right, with p > threshold as positive: Keras' BinaryAccuracy. Shape (n,) or (n, k)."""
    weights = positive_weights(y_true, sample_weight)
    y_true, p = paired(y_true, p, "p")
    right = (p > threshold) == y_true
    return float(np.average(right if right.ndim == 1 else right.mean(axis=1), weights=weights))


def categorical_accuracy(y_true, p, *, sample_weight=None) -> float:
    """Share of rows whose largest p is where y_true (one-hot, (n, K)) has its 1. Of equal outputs the first counts."""
    weights = positive_weights(y_true, sample_weight)
    y_true, p = paired(y_true, p, "p")
    if p.ndim != 2:
        raise ValueError(f"y_true and p have shape {p.shape}, but one-hot rows are needed: (n, K).")
    return float(np.average(y_true.argmax(axis=1) == p.argmax(axis=1), weights=weights))


def sparse_categorical_accuracy(y_true, p, *, sample_weight=None) -> float:
    """Share of rows whose largest p is at y_true: integers, (n,). p: (n, K). Of equal outputs the first counts."""
    weights = positive_weights(y_true, sample_weight)
    y_true, p = _rows(y_true, p)
    return float(np.average(y_true == p.argmax(axis=1), weights=weights))


def top_k_accuracy(y_true, p, *, k=5, sample_weight=None) -> float:
    """Share of rows in which fewer than k classes have a larger p than the true one. y_true: integers; p: (n, K).

    With k >= K it is 1 for every model. Ties count as hits, as in Keras.
    """
    weights = positive_weights(y_true, sample_weight)
    y_true, p = _rows(y_true, p)
    if k < 1:
        raise ValueError(f"k is {k}, but must be at least 1: the number of guesses that a row has.")
    own = p[np.arange(len(p)), y_true][:, None]
    hits = ((p > own).sum(axis=1) < k) & ~np.isnan(p).any(axis=1)
    return float(np.average(hits, weights=weights))


def precision(y_true, y_pred, *, average="binary", classes=None, sample_weight=None, zero_division=0.0):
    """tp / (tp + fp): the share of positive decisions that are right.

    average: "binary" for the class 1; "micro" pools the counts of all classes or labels; "macro" is the mean over
    them; "samples" the mean over the rows of multilabel data; None returns one value for each, shape (K,).
    classes: K for multiclass; unless given, "macro" and None cover the classes that occur, as in scikit-learn.
    zero_division: the value of 0 / 0. With NaN, "macro" and "samples" leave such a class or row out.
    """
    return _ratio("precision", y_true, y_pred, average, classes, sample_weight, zero_division)


def recall(y_true, y_pred, *, average="binary", classes=None, sample_weight=None, zero_division=0.0):
    """tp / (tp + fn): the share of positive samples that are found. Arguments as for `precision`."""
    return _ratio("recall", y_true, y_pred, average, classes, sample_weight, zero_division)


def f1(y_true, y_pred, *, average="binary", classes=None, sample_weight=None, zero_division=0.0):
    """2 tp / (2 tp + fp + fn): the harmonic mean of precision and recall. Arguments as for `precision`.

    Source: van Rijsbergen, Information retrieval (1979).
    """
    return _ratio("F1", y_true, y_pred, average, classes, sample_weight, zero_division)


def hamming_loss(y_true, y_pred, *, sample_weight=None) -> float:
    """Share of labels decided wrong, over all samples and labels: (n,) or (n, k)."""
    weights = positive_weights(y_true, sample_weight)
    y_true, y_pred = paired(y_true, y_pred)
    wrong = y_true != y_pred
    return float(np.average(wrong if wrong.ndim == 1 else wrong.mean(axis=1), weights=weights))


def subset_accuracy(y_true, y_pred, *, sample_weight=None) -> float:
    """Share of samples with every label right: (n, k). For shape (n,) the plain accuracy."""
    weights = positive_weights(y_true, sample_weight)
    y_true, y_pred = paired(y_true, y_pred)
    right = y_true == y_pred
    return float(np.average(right if right.ndim == 1 else right.all(axis=1), weights=weights))


def _ratio(name, y_true, y_pred, average, classes, sample_weight, zero_division):
    """Count, pool as `average` says, divide, and take the mean where there are several ratios."""
    if average not in AVERAGES:
        raise ValueError(f"average is {average!r}, but must be one of {', '.join(map(repr, AVERAGES))}.")
    weights = positive_weights(y_true, sample_weight)
    if average == "binary" or np.ndim(y_true) == 2:
        y_true, y_pred = _labels(y_true, y_pred)
        if (average == "binary") != (y_true.ndim == 1):
            raise ValueError(f"average is {average!r} and y_true has shape {y_true.shape}: "
                             'use "binary" for (n,), and another average for several labels, (n, k).')
    else:
        if average == "samples":
            raise ValueError('average is "samples", which needs several labels for each sample: shape (n, k).')
        y_true, y_pred = _indicators(y_true, y_pred, classes)
    counts = _counts(y_true, y_pred, weights, axis=1 if average == "samples" else 0)
    if average == "micro":
        counts = Counts(*(np.sum(count) for count in counts))
    values = quotient(*PARTS[name](counts), zero_division)
    if average in ("macro", "samples"):
        known = ~np.isnan(values)
        rows = weights if average == "samples" else np.ones(len(values))
        return float(np.average(values[known], weights=rows[known])) if (rows * known).any() else float("nan")
    return values if average is None else float(values)


def _counts(y_true, y_pred, weights, axis) -> Counts:
    """Weighted counts down the samples (axis 0), or unweighted along the labels of each sample (axis 1)."""
    w = 1 if axis == 1 else weights if y_true.ndim == 1 else weights[:, None]
    cells = ((y_true == a) & (y_pred == b) for a, b in [(1, 1), (0, 1), (1, 0), (0, 0)])
    return Counts(*((w * cell).sum(axis=axis) for cell in cells))


def _labels(y_true, y_pred):
    """Return both checked: one shape, and nothing but 0 and 1."""
    y_true, y_pred = paired(y_true, y_pred)
    for name, y in [("y_true", y_true), ("y_pred", y_pred)]:
        if not np.isin(y, (0, 1)).all():
            wrong = y[~np.isin(y, (0, 1))][0]
            hint = "turn probabilities into decisions with `decide`" if name == "y_pred" else "the positive class is 1"
            raise ValueError(f"{name} holds {wrong:g}, but only 0 and 1 are allowed here: {hint}; for integers of "
                             'several classes choose average="micro", "macro" or None.')
    return y_true, y_pred


def _indicators(y_true, y_pred, classes):
    """Return multiclass integers as columns of True and False, one for each class that counts."""
    present, given = np.union1d(y_true, y_pred), classes
    y_true, y_pred, classes = _class_pair(y_true, y_pred, classes)
    kept = np.arange(classes) if given else present.astype(np.int64)
    return (y_true[:, None] == kept).astype(float), (y_pred[:, None] == kept).astype(float)


def _class_pair(y_true, y_pred, classes):
    paired(y_true, y_pred)
    if classes is None:
        classes = int(max(np.max(y_true), np.max(y_pred), 1)) + 1
    return class_indices(y_true, classes), class_indices(y_pred, classes, "y_pred"), classes


def _rows(y_true, p):
    p = numbers("p", p)
    if p.ndim != 2 or len(p) != len(y_true):
        raise ValueError(f"p has shape {p.shape}, but ({len(y_true)}, K) is needed: a row for each sample.")
    return class_indices(y_true, p.shape[1]), p
