"""What training many replicates gives: their histories, predictions and models."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import keras
import numpy as np

from helpers.replicates import checks
from helpers.replicates.pure import variables_of


@dataclass(frozen=True)
class Runs:
    """What `fit_replicates` returns.

    seeds: the seeds, in order. history: name -> array (seeds, epochs), for "loss", every compiled metric and their
    "val_…"; a metric that has one value a class has shape (seeds, epochs, classes). As in Keras, "loss" and the
    training metrics run along while the weights change, and "val_…" is computed after the epoch. Epochs that a
    replicate did not train, after early stopping, are NaN. partial: whether Ctrl-C stopped the training.
    """

    seeds: list[int]
    history: dict[str, np.ndarray]
    _build: Callable = field(repr=False)
    _weights: list = field(repr=False)
    _other: list = field(repr=False)
    _predict: Callable = field(repr=False)
    _plan: list = field(repr=False)
    partial: bool = False

    def predict(self, X) -> np.ndarray:
        """Predictions of every replicate: (seeds, n, outputs)."""
        X = np.asarray(X)
        return self._predict(self._weights, self._other, X.astype("float32") if X.dtype.kind == "f" else X)

    def model(self, k: int):
        """Replicate k (its place in `seeds`) as an ordinary compiled Keras model with its trained weights.

        The optimizer starts anew. Sets the global random seed, as `keras.utils.set_random_seed` does. Raises
        ValueError if `build` no longer gives the model that was trained.
        """
        keras.utils.set_random_seed(self.seeds[k])
        model = checks.follows(self._build(), self._plan, later=True)
        if not model.built:
            raise ValueError("build() gives a model without an Input: begin it with keras.Input(shape).")
        for variables, values in zip(variables_of(model), (self._weights, self._other), strict=True):
            for variable, stacked in zip(variables, values, strict=True):
                variable.assign(stacked[k])
        return model

    @property
    def diverged(self) -> list[int]:
        """The seeds of the replicates whose weights or last loss are not finite."""
        bad = ~np.all([np.isfinite(w).reshape(len(self.seeds), -1).all(axis=1) for w in self._weights], axis=0)
        if "loss" in self.history:
            bad |= np.isinf(self.history["loss"]).any(axis=1)
        return [seed for seed, is_bad in zip(self.seeds, bad, strict=True) if is_bad]

    def report(self) -> Runs:
        """Say which replicates diverged, if any; returns itself."""
        diverged = self.diverged
        if diverged:
            print(f"{len(diverged)} of {len(self.seeds)} replicates diverged (NaN or infinite): "
                  f"seeds {', '.join(map(str, diverged))}. The others are unharmed.")
        return self
