"""The data on which patients are trained. Two families that share no data set: one to build on, one held out.

A scene is a data set with a task: "binary", "multiclass", "multilabel" or "regression".
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from helpers import data

FAMILIES = ("build", "held-out")


@dataclass(frozen=True)
class Scene:
    """X: (n, features) float32. y: (n, 1) for binary and regression, (n,) for multiclass, (n, labels) for multilabel.

    Regression targets have mean 0 and standard deviation 1.
    """

    X: np.ndarray
    y: np.ndarray
    task: str


def digits(rng) -> Scene:
    """scikit-learn's digits, the first 4 to 10 of the ten classes."""
    task = _task("digits")
    keep = task.y_train < rng.integers(4, 11)
    return Scene(task.X_train[keep], task.y_train[keep], "multiclass")


def oscars(rng) -> Scene:
    """Films: any Oscar or none, from 4 % to 30 % positive (by leaving negatives out)."""
    task = _task("oscars")
    return _with_share(task.X_train, task.y_train, rng.choice([0.041, 0.1, 0.3]), rng)


def blobs(rng) -> Scene:
    """Two to six round clouds in 2 to 10 dimensions, from far apart to overlapping."""
    classes, features = rng.integers(2, 7), rng.integers(2, 11)
    centers = rng.normal(size=(classes, features)) * rng.uniform(1, 3.5)
    y = rng.integers(classes, size=2400)
    return Scene((centers[y] + rng.normal(size=(2400, features))).astype("float32") / 2, y, "multiclass")


def moons(rng) -> Scene:
    """Two half circles that reach into each other."""
    y, angle = rng.integers(2, size=2400), rng.uniform(0, np.pi, 2400)
    X = np.where(y[:, None], np.c_[1 - np.cos(angle), 0.5 - np.sin(angle)], np.c_[np.cos(angle), np.sin(angle)])
    X = (X - [0.5, 0.25]) * 1.5 + rng.normal(scale=rng.uniform(0.1, 0.5), size=X.shape)
    return Scene(X.astype("float32"), y.astype("float32")[:, None], "binary")


def waves(rng) -> Scene:
    """A sum of waves in 2 to 5 features, with noise."""
    features = rng.integers(2, 6)
    X = rng.uniform(-2, 2, size=(2400, features))
    y = np.sin(X * rng.uniform(0.8, 2.2, features)).sum(axis=1) + 0.5 * X[:, 0] * X[:, 1]
    return _regression(X, y, rng)


def certificates(rng) -> Scene:
    """Films: G, PG, PG-13 or R."""
    task = _task("certificates")
    return Scene(task.X_train, task.y_train, "multiclass")


def genres(rng) -> Scene:
    """Films: the 4 to 10 most frequent genres, several a film."""
    task = _task("genres")
    return Scene(task.X_train, task.y_train[:, :rng.integers(4, 11)], "multilabel")


def one_genre(rng) -> Scene:
    """Films: one genre against all others."""
    task = _task("genres")
    return Scene(task.X_train, task.y_train[:, [rng.integers(10)]], "binary")


def box_office(rng) -> Scene:
    """Films: the logarithm of the gross."""
    task = _task("box_office")
    y = np.log10(task.y_train + 0.01)
    return Scene(task.X_train, ((y - y.mean()) / y.std()).astype("float32")[:, None], "regression")


def rings(rng) -> Scene:
    """Two to four rings around one center, with blur."""
    classes = rng.integers(2, 5)
    y, angle = rng.integers(classes, size=2400), rng.uniform(0, 2 * np.pi, 2400)
    radius = (y + 0.5) * 2 / classes + rng.normal(scale=rng.uniform(0.03, 0.5) / classes, size=2400)
    return Scene((np.c_[np.cos(angle), np.sin(angle)] * radius[:, None]).astype("float32"), y, "multiclass")


def checkers(rng) -> Scene:
    """Four quarters of a square with two colors, and 0 to 4 features that say nothing."""
    X = rng.uniform(-1.5, 1.5, size=(2400, 2 + rng.integers(5)))
    y = X[:, 0] * X[:, 1] + rng.normal(scale=rng.uniform(0.05, 0.4), size=2400) > 0
    return Scene(X.astype("float32"), y.astype("float32")[:, None], "binary")


def products(rng) -> Scene:
    """A product inside a sine, a square and two straight terms (Friedman 1991), with noise."""
    X = rng.uniform(size=(2400, 5 + rng.integers(4)))
    y = 10 * np.sin(np.pi * X[:, 0] * X[:, 1]) + 20 * (X[:, 2] - 0.5) ** 2 + 10 * X[:, 3] + 5 * X[:, 4]
    return _regression(2 * X - 1, y, rng)


SCENES = {"build": (digits, oscars, blobs, moons, waves),
          "held-out": (certificates, genres, one_genre, box_office, rings, checkers, products)}
BY_NAME = {scene.__name__: scene for scenes in SCENES.values() for scene in scenes}


def entropy(y: np.ndarray, task: str) -> float:
    """The loss of the best constant, in nats: entropy of the classes (a mean over labels), or variance of y."""
    if task == "regression":
        return float(np.var(y))
    if task == "multiclass":
        p = np.bincount(y) / len(y)
        return float(-(p[p > 0] * np.log(p[p > 0])).sum())
    p = np.clip(y.mean(axis=0), 1e-7, 1 - 1e-7)
    return float(np.mean(-p * np.log(p) - (1 - p) * np.log(1 - p)))


@cache
def _task(name: str):
    """A task of helpers.data, read once. Nobody writes into it."""
    return getattr(data, name)()


def _regression(X, y, rng) -> Scene:
    y = y / y.std() + rng.normal(scale=rng.uniform(0.05, 0.6), size=len(y))
    return Scene(X.astype("float32"), ((y - y.mean()) / y.std()).astype("float32")[:, None], "regression")


def _with_share(X, y, share, rng) -> Scene:
    """All positive rows and as many negatives as make `share` of the rows positive, in random order."""
    positive, negative = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    some = rng.permutation(negative)[:int(len(positive) * (1 - share) / share)]
    rows = rng.permutation(np.concatenate([positive, some]))
    return Scene(X[rows], y[rows].astype("float32")[:, None], "binary")
