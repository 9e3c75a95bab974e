"""The model's last layer and its loss, for each kind of target: what `helpers.doctor.recommend` says, as a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BATCHES = ((2_000, 32), (20_000, 128))  # rows up to which a batch has this size; 1024 above
EPOCHS = ((2_000, 100), (20_000, 40))  # rows up to which training takes at most this many epochs; 12 above
PATIENCE = 5


@dataclass(frozen=True)
class Head:
    """Head and loss, and how targets are turned into what the head predicts, and back.

    kind: of `recommend`. units: outputs. center, scale: of the targets in training (of their logarithms if log), for
    amounts. Plain numbers and text alone, so that it can be stored.
    """

    kind: str
    units: int
    activation: str
    loss: str
    log: bool = False
    center: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()

    def encode(self, y) -> np.ndarray:
        """Targets for `fit`: (n, units) float32, or (n,) class ids."""
        if self.kind == "classes":
            return np.asarray(y)
        if self.kind == "order":
            return (np.asarray(y)[:, None] > np.arange(self.units)).astype("float32")
        y = np.asarray(y, dtype=float).reshape(len(y), -1)
        if self.center:
            y = (np.log(y) if self.log else y) - self.center
            y = y / self.scale
        return y.astype("float32")

    def decode(self, raw) -> np.ndarray:
        """What the model gives, (..., n, units), in the form of the targets: amounts in their unit, or probabilities.

        (..., n) where there is one target, else (..., n, k).
        """
        raw = np.asarray(raw, dtype=float)
        if self.center:
            raw = raw * self.scale + self.center
            raw = np.exp(np.minimum(raw, 700)) if self.log else raw
        return raw[..., 0] if self.units == 1 and self.kind not in ("classes", "order", "several labels") else raw

    def decide(self, p, thresholds=None) -> np.ndarray:
        """Decisions from what `decode` gives: 0 or 1, class ids or steps; the amounts themselves."""
        if self.kind in ("binary", "several labels"):
            return (p > thresholds).astype(int)
        if self.kind == "classes":
            return p.argmax(axis=-1)
        return (p > 0.5).sum(axis=-1) if self.kind == "order" else p

    def build(self, features: int, hidden: int):
        """A compiled Keras model: one hidden layer, and this head."""
        import keras

        model = keras.Sequential([keras.Input((features,)), keras.layers.Dense(hidden, activation="relu"),
                                  keras.layers.Dense(self.units, activation=self.activation)])
        model.compile(optimizer=keras.optimizers.Adam(0.003), loss=self.loss)
        return model


def head_for(task, y_train) -> Head:
    """The head for a task; scales are those of the training rows."""
    kind, recommended = task.kind, task.recommendation
    if kind in ("amount", "several amounts"):
        y = np.asarray(y_train, dtype=float).reshape(len(y_train), -1)
        log = "np.log(y)" in recommended.code
        y = np.log(y) if log else y
        return Head(kind, y.shape[1], "linear", "mse", log, tuple(map(float, y.mean(0))), tuple(map(float, y.std(0))))
    units = {"classes": len(task.classes), "order": len(task.classes) - 1, "several labels": len(task.classes)}
    activation = {"classes": "softmax", "count": "exponential"}.get(kind, "sigmoid")
    loss = recommended.loss if kind != "classes" else "sparse_categorical_crossentropy"
    return Head(kind, units.get(kind, 1), activation, loss)


def constant_loss(head: Head, y) -> float | None:
    """The loss of the best constant on encoded targets, for `diagnose`: entropy or variance; None where it is 0."""
    if head.loss == "sparse_categorical_crossentropy":
        shares = np.bincount(y) / len(y)
        value = -(shares[shares > 0] * np.log(shares[shares > 0])).sum()
    elif head.loss == "binary_crossentropy":
        shares = np.clip(y.mean(0), 1e-7, 1 - 1e-7)
        value = -(shares * np.log(shares) + (1 - shares) * np.log(1 - shares)).mean()
    elif head.loss == "poisson":
        value = (y.mean(0) - y * np.log(y.mean(0))).mean()
    else:
        value = y.var(axis=0).mean()
    return float(value) if value > 0 else None


def for_rows(table, rows: int, most: int) -> int:
    """The entry of BATCHES or EPOCHS for a number of training rows."""
    return next((value for limit, value in table if rows <= limit), most)
