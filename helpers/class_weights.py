"""Class weights: how much a sample counts, by its class."""

from __future__ import annotations

import numpy as np

from helpers.reductions import numbers


def balanced_class_weight(y_true) -> dict[int, float]:
    """Return class → n / (number of classes · size of the class), ready for Keras' `class_weight`.

    y_true: classes as integers, shape (n,). The weights of all samples then sum to n, and each class to the same sum.
    Keras itself refuses the word "balanced". Source: scikit-learn, `compute_class_weight("balanced")`.
    """
    y = _integers(y_true)
    if len(y) == 0:
        raise ValueError("There are no samples in y_true, so no class has a size.")
    classes, counts = np.unique(y, return_counts=True)
    return {int(c): len(y) / (len(classes) * int(count)) for c, count in zip(classes, counts, strict=True)}


def weights_from_classes(y_true, class_weight: dict[int, float]) -> np.ndarray:
    """Return the weight of each sample, float64 of shape (n,), which losses and metrics take as `sample_weight`.

    Every class needs its weight, under an integer (ValueError). Keras takes 1 for a class that is missing, and so
    ignores keys that are strings. It divides the weighted losses by n, not by the sum of the weights.
    """
    y = _integers(y_true)
    missing = sorted({int(c) for c in np.unique(y)} - set(class_weight))
    if missing:
        raise ValueError(f"class_weight has no weight for class {missing[0]}: its keys must be the integers in y_true.")
    return np.array([class_weight[int(c)] for c in y], dtype=np.float64)


def _integers(y_true) -> np.ndarray:
    y = numbers("y_true", y_true)
    if y.ndim != 1 or not (y == np.floor(y)).all():
        raise ValueError("y_true must hold the class of each sample as a whole number, shape (n,).")
    return y.astype(np.int64)
