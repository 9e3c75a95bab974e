"""A prediction task: features and one target in three splits, standardized with the training samples alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

SPLITS = (("train", "train"), ("validation", "val"), ("test", "test"))  # the name in the table, the ending in Task


@dataclass(frozen=True, eq=False, repr=False)
class Splits:
    """What is given (X), what is due (y), and the titles of the samples, in three splits; n is the size of a split."""

    X_train: np.ndarray
    y_train: np.ndarray
    X_val: np.ndarray
    y_val: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    titles_train: np.ndarray
    titles_val: np.ndarray
    titles_test: np.ndarray

    @property
    def sizes(self) -> str:
        """Training + validation + test, for `repr`."""
        return f"{len(self.y_train):,} + {len(self.y_val):,} + {len(self.y_test):,}"


@dataclass(frozen=True, eq=False, repr=False)
class Task(Splits):
    """Features and one target for three splits of the samples (films, or images of digits).

    X_*: float32, shape (n, features). Numbers of films are standardized with the mean and the standard deviation of
    the training films (`scaling`); columns of 0 and 1 stay as they are. Digits are not standardized.
    y_*: shape (n,), or (n, len(classes)) where a film may belong to several. `units` gives the unit of every feature
    before scaling, and of "y".
    classes: the names in the order of the columns of y (multilabel) or of its integers (multiclass); otherwise empty.
    titles_*: the films' titles, or the images' places in scikit-learn's set; shape (n,).
    """

    name: str
    feature_names: tuple[str, ...]
    scaling: dict[str, tuple[float, float]]
    units: dict[str, str]
    row: str
    leaks: tuple[str, ...]
    license: str
    source: str
    classes: tuple[str, ...] = ()
    samples: str = "films"

    def __repr__(self) -> str:
        return f"<{self.name}: {self.sizes} {self.samples}, {len(self.feature_names)} features; y: {self.units['y']}>"


def split_of(number: int) -> str:
    """Return "train", "validation" or "test" (60, 20 and 20 %) for one sample: a film's id or an image's place.

    The first 8 bytes of SHA-256 of the decimal number, read as a big-endian integer u, give the place
    u / 2**64 in [0, 1). So a sample keeps its split whatever the order, the task or the other samples.
    """
    place = int.from_bytes(hashlib.sha256(str(number).encode()).digest()[:8], "big") / 2**64
    return "train" if place < 0.6 else "validation" if place < 0.8 else "test"


def standardized(features: dict[str, np.ndarray], train: np.ndarray, units: dict[str, str]):
    """Return features (name → float64 values), scaling and units, ready for a model.

    features: name → values with NaN where missing. train: bool, True for training samples. Every statistic comes
    from those alone. A missing number becomes the training median, with a column `…_missing` beside it.
    """
    ready, scaling, units = {}, {}, dict(units)
    for feature, values in features.items():
        values = values.astype(float)
        missing = np.isnan(values)
        values = np.where(missing, np.nanmedian(values[train]), values)
        if not np.isin(values, (0, 1)).all():
            mean, std = float(values[train].mean()), float(values[train].std())
            values, scaling[feature] = (values - mean) / std, (mean, std)
        ready[feature] = values
        if missing.any():
            ready[f"{feature}_missing"] = missing.astype(float)
            units[f"{feature}_missing"] = f"1 = {feature} is missing and the training median stands in, 0 = it is known"
    return ready, scaling, units


def in_splits(X: np.ndarray, y: np.ndarray, titles: np.ndarray, split: np.ndarray) -> dict[str, np.ndarray]:
    """Return X_train, y_train, titles_train, X_val, … for `split`, an array of the three names, shape (n,)."""
    parts = {}
    for name, short in SPLITS:
        here = split == name
        parts |= {f"X_{short}": X[here], f"y_{short}": y[here], f"titles_{short}": titles[here]}
    return parts
