"""Training runs with one planted cause, drawn at random: how they are drawn and trained.

>>> patient = draw("overfitting", "build", 3)     # settings, drawn from the cause, the family and the number
>>> history = train(patient)                      # a real training run, by Keras' recipe
"""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from helpers.curves import nets, scenes

CAUSES = {
    "healthy": "nothing is wrong",
    "too few epochs": "training stopped while it was still getting better",
    "rate too low": "a learning rate so small that nothing much happens",
    "rate too high": "a learning rate so large that steps overshoot",
    "overfitting": "few rows, noisy labels and a large network: it learns them by heart",
    "too little capacity": "a network too small for the pattern",
    "validation set too small": "a handful of validation rows",
    "no signal": "the labels have nothing to do with the features",
    "leak": "a feature that gives the label away",
    "unshuffled tail": "rows sorted by the label, and the last ones kept for validation",
    "dead units": "a layer of ReLU units that are all zero for every row",
    "NaN": "a loss that divides by zero or takes the logarithm of it",
    "collapse": "every prediction is the majority class",
    "dropout gap": "dropout in training only, so that the training loss looks worse than it is",
}
RATES = {"adam": (-2.7, -2.0), "rmsprop": (-3.0, -2.3), "sgd": (-1.7, -0.9)}  # sound learning rates, log10


@dataclass(frozen=True)
class Patient:
    """The settings of one run. rate: learning rate. noise: share of wrong labels, or standard deviation added to y."""

    cause: str
    family: str
    number: int
    scene: str
    rows: int
    val_rows: int
    width: int
    depth: int
    activation: str
    optimizer: str
    rate: float
    batch_size: int
    epochs: int
    noise: float = 0.0
    dropout: float = 0.0
    l2: float = 0.0
    how: str = ""  # which of several ways to plant the cause


def draw(cause: str, family: str, number: int) -> Patient:
    """Draw the settings of patient `number`: sound ones first, then those that the cause spoils."""
    rng = np.random.default_rng([list(CAUSES).index(cause), scenes.FAMILIES.index(family), number])
    where = {"build": {}, "held-out": {"top": 5.8, "tall": 3}}[family]
    optimizer = str(rng.choice(list(RATES)))
    sound = Patient(
        cause, family, number, scene=str(rng.choice([s.__name__ for s in scenes.SCENES[family]])),
        rows=int(rng.integers(250, 1000)), val_rows=int(rng.integers(150, 400)),
        width=int(2 ** rng.uniform(4, where.get("top", 6.2))), depth=int(rng.integers(1, where.get("tall", 2) + 1)),
        activation=str(rng.choice(["relu", "tanh"])), optimizer=optimizer,
        rate=float(10 ** rng.uniform(*RATES[optimizer])), batch_size=int(rng.choice([32, 64, 128])),
        epochs=int(20 * 4 ** rng.random()), noise=float(rng.choice([0, 0, 0.05])))
    return replace(sound, **_spoiled(sound, rng))


def _spoiled(p: Patient, rng) -> dict:
    """The settings that the cause changes."""
    names = [s.__name__ for s in scenes.SCENES[p.family]]
    if p.cause == "too few epochs":
        return {"epochs": int(rng.integers(10, 26)), "batch_size": int(rng.choice([128, 256])),
                "rows": int(rng.integers(300, 900)), "rate": p.rate * 10 ** rng.uniform(-0.9, -0.2)}
    if p.cause == "rate too low":
        return {"rate": p.rate * 10 ** rng.uniform(-3, -1.3)}
    if p.cause == "rate too high":
        return {"rate": p.rate * 10 ** rng.uniform(1, 2.2)}
    if p.cause == "overfitting":
        return {"rows": int(rng.integers(40, 250)), "noise": float(rng.uniform(0.05, 0.4)),
                "width": int(2 ** rng.uniform(6, 8)), "depth": int(rng.integers(2, 4)),
                "epochs": int(rng.integers(30, 81)), "batch_size": int(rng.choice([16, 32]))}
    if p.cause == "too little capacity":
        return {"depth": int(rng.integers(0, 2)), "width": int(rng.integers(1, 3))}
    if p.cause == "validation set too small":
        return {"val_rows": int(rng.integers(4, 17))}
    if p.cause == "dead units":
        return {"activation": "relu", "how": str(rng.choice(["first layer", "last layer"]))}
    if p.cause == "NaN":
        regression = [n for n in names if n in ("waves", "box_office", "products")]
        how = str(rng.choice(["log of zero", "root of a negative", "log of a negative"]))
        return {"how": how, "scene": str(rng.choice(regression)) if how != "log of zero" else
                str(rng.choice([n for n in names if n not in regression])),
                "rate": p.rate * 10 ** rng.uniform(0, 0.7)}
    if p.cause == "collapse":
        few = [n for n in names if n in ("oscars", "moons", "blobs", "one_genre", "certificates", "rings", "checkers")]
        return {"scene": str(rng.choice(few)), "how": str(rng.uniform(0.03, 0.12)),
                "noise": float(rng.uniform(0, 0.03)), "l2": float(rng.choice([0, 10 ** rng.uniform(-3, -1.5)]))}
    if p.cause == "dropout gap":
        return {"dropout": float(rng.uniform(0.3, 0.6)), "width": int(2 ** rng.uniform(5, 7))}
    if p.cause == "leak":
        return {"how": str(10 ** rng.uniform(-2, -0.7))}
    return {}


def rows_of(p: Patient):
    """X, y, X_val, y_val and the task, with the cause planted where it lies in the data."""
    rng = np.random.default_rng([p.number, scenes.FAMILIES.index(p.family), 7])
    scene = scenes.BY_NAME[p.scene](rng)
    X, y = scene.X, scene.y
    if p.cause == "collapse":
        X, y = _rare(X, y, float(p.how), rng)
    order = rng.permutation(len(X))[:p.rows + p.val_rows]
    X, y = X[order], _noisy(y[order], scene.task, p.noise, rng)
    if p.cause == "no signal":
        y = y[rng.permutation(len(y))]
    if p.cause == "leak":
        given = np.eye(y.max() + 1)[y] if y.ndim == 1 else y
        X = np.concatenate([X, given + rng.normal(scale=float(p.how), size=given.shape)], axis=1).astype("float32")
    if p.cause == "unshuffled tail":
        by = np.argsort(y if y.ndim == 1 else y @ 2.0 ** -np.arange(y.shape[1]), kind="stable")
        X, y = X[by], y[by]
    n = len(X) - min(p.val_rows, len(X) // 3)  # the last rows are for validation, as validation_split takes them
    return X[:n], y[:n], X[n:], y[n:], scene.task


def train(p: Patient) -> dict[str, list[float]]:
    """Train the patient in NumPy and return its history: name -> list, one value an epoch. A fraction of a second."""
    return trained(p)[0]


def trained(p: Patient):
    """History and weights of the patient."""
    X, y, X_val, y_val, task = rows_of(p)
    rng = np.random.default_rng([p.number, scenes.FAMILIES.index(p.family), 11])
    outputs = max(y.max(), y_val.max()) + 1 if task == "multiclass" else y.shape[1]
    weights = nets.start([X.shape[1], *[p.width] * p.depth, int(outputs)], rng)
    if p.cause == "dead units":
        weights[1 if p.how == "first layer" else 2 * p.depth - 1] -= np.float32(50)
    orders = [rng.permutation(len(X)) for _ in range(p.epochs)]
    return nets.fit(weights, X, y, X_val, y_val, task=task, activation=p.activation, optimizer=p.optimizer, rate=p.rate,
                    batch_size=p.batch_size, orders=orders, dropout=p.dropout, l2=p.l2,
                    faulty=p.how if p.cause == "NaN" else "", rng=rng), weights


def baseline(p: Patient) -> float:
    """The loss of the best constant on the patient's rows, training and validation together."""
    X, y, X_val, y_val, task = rows_of(p)
    return scenes.entropy(np.concatenate([y, y_val]), task)


def _rare(X, y, share, rng):
    """Class 0 and few rows of class 1, so that class 1 makes up `share`; the task stays what it was."""
    flat = y.ravel()
    common, rare = np.flatnonzero(flat == 0), rng.permutation(np.flatnonzero(flat == 1))
    keep = np.concatenate([common, rare[:int(len(common) * share / (1 - share))]])
    return X[keep], y[keep]


def _noisy(y, task, noise, rng):
    """y with a share of labels drawn anew, or for regression with `noise` times a standard deviation added."""
    if not noise:
        return y
    if task == "regression":
        return (y + rng.normal(scale=2 * noise, size=y.shape)).astype("float32")
    wrong = rng.random(len(y)) < noise
    return np.where(wrong if y.ndim == 1 else wrong[:, None], y[rng.permutation(len(y))], y)
