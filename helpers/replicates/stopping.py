"""Early stopping for each replicate by itself, with Keras' own callback."""
from __future__ import annotations

import copy

import numpy as np


class Replicate:
    """What `EarlyStopping` needs of a model: its metrics, its weights, and `stop_training`."""

    def __init__(self, k, model, values):
        self.metrics, self.optimizer, self.stop_training = model.metrics, model.optimizer, False
        self._k, self._values = k, values
        self.restored = None

    def get_weights(self):
        return {name: [stacked[self._k].copy() for stacked in self._values(name)] for name in ("weights", "other")}

    def set_weights(self, weights):
        self.restored = weights


class Stopping:
    """Follows the replicates of a Stack and keeps the weights of each as they were when it stopped."""

    def __init__(self, callbacks, model, stack, seeds: int):
        self.stack, self.seeds = stack, seeds
        self.running = []  # for each epoch: which replicates trained in it
        self._replicates = [Replicate(k, model, self._values) for k in range(seeds)] if callbacks else []
        self._callbacks = [[copy.deepcopy(c) for c in callbacks] for _ in self._replicates]
        self._kept, self._now = {}, {}
        for replicate, own in zip(self._replicates, self._callbacks, strict=True):
            for callback in own:
                callback.set_model(replicate)
                callback.on_train_begin()

    def _values(self, name):
        """The stacked values after the present epoch, fetched once."""
        if name not in self._now:
            self._now[name] = self.stack.values(name)
        return self._now[name]

    @property
    def watching(self) -> bool:
        """Whether there is anything to ask after each epoch."""
        return bool(self._replicates)

    @property
    def all_stopped(self) -> bool:
        """Whether no replicate is left to train."""
        return self.watching and len(self._kept) == self.seeds

    def after_epoch(self, epoch: int, logs) -> None:
        """Ask the callbacks of each running replicate."""
        running = np.array([k not in self._kept for k in range(self.seeds)])
        self.running.append(running)
        self._now = {}
        for k, replicate in enumerate(self._replicates):
            if running[k]:
                for callback in self._callbacks[k]:
                    callback.on_epoch_end(epoch, {name: values[k] for name, values in logs.items()})
                if replicate.stop_training:
                    self._keep(k)

    def _keep(self, k):
        replicate = self._replicates[k]
        for callback in self._callbacks[k]:
            callback.on_train_end()
        self._kept[k] = replicate.restored or replicate.get_weights()

    def final(self, name: str) -> list[np.ndarray]:
        """The values of each replicate at its own end, one array a variable: (seeds, …)."""
        for k in range(len(self._replicates)):
            if k not in self._kept:
                self._keep(k)
        values = [stacked.copy() for stacked in self._values(name)]
        for k, kept in self._kept.items():
            for stacked, own in zip(values, kept[name], strict=True):
                stacked[k] = own
        return values
