"""Many replicates of one model, trained side by side: every variable gets a leading seed axis.

A step of all replicates is `tf.vectorized_map` of a step of one. Whole runs of steps are compiled by XLA, which keeps
to one core here; so the replicates are dealt into as many parts as there are cores. XLA draws other random numbers than
TensorFlow does without it, so models with random layers (Dropout) go without it.
"""
from __future__ import annotations

import os

import numpy as np
import tensorflow as tf

from helpers.replicates.pure import Batch, PureModel, State

PREDICT_ELEMENTS = 2**24  # of the widest layer, over all replicates: 64 MB in float32


class Stack:
    """`seeds` replicates of `model`, a compiled and built Keras model.

    data, validation: (X, y, sample_weight) as arrays; sample_weight may be None, and validation too.
    padded: fill a smaller last batch up with rows of weight 0, which saves a second program for it. Sound only where
    each row counts by itself. Otherwise the last batch is what it is in Keras.
    validation_batch: how many validation rows are evaluated at a time. xla: whether to compile with XLA.
    """

    def __init__(self, model, seeds: int, data, batch_size: int, padded: bool, validation, validation_batch: int,
                 xla: bool):
        self.pure = PureModel(model)
        self.parts = next(p for p in range(min(os.cpu_count() or 1, seeds), 0, -1) if seeds % p == 0)
        self.per_part = seeds // self.parts
        self.data, self.validation = _tensors(data), validation and _tensors(validation)
        self.rows, self.batch_size, self.validation_batch = len(data[0]), batch_size, validation_batch
        self.batches, rest = divmod(self.rows, batch_size)
        self.share = None  # of each row of each batch in its loss, times the batch size; None: all equal
        if padded and rest:
            self.batches += 1
            self.share = np.ones((self.batches, batch_size), np.float32)
            self.share[-1] = np.where(np.arange(batch_size) < rest, batch_size / rest, 0)
        self._steps_compiled = tf.function(self._steps, autograph=False, jit_compile=xla)
        self._evaluate_once = tf.function(self._evaluate, autograph=False)
        self._call = tf.function(self._train, autograph=False)
        self._predict_call = tf.function(self._predict, autograph=False, reduce_retracing=True)
        zeros = [[tf.zeros((self.per_part, *v.shape), v.dtype) for v in part] for part in self.pure.variables]
        self.states = [State(*zeros)] * self.parts

    def compile(self):
        """Trace Keras' code, then return a function that lets XLA compile it; that needs no Python, so a thread can."""
        arguments = self._arguments(np.zeros((self.parts * self.per_part, self.rows), np.int32), 0, 1)
        self._call.get_concrete_function(*arguments, finish=True)
        return lambda: self._call(*arguments, finish=True)

    def start(self, values: list[State]) -> None:
        """Begin with one State (of arrays) for each replicate."""
        parts = [values[p * self.per_part:(p + 1) * self.per_part] for p in range(self.parts)]
        self.states = [State(*([tf.constant(np.stack(same)) for same in zip(*each, strict=True)]
                               for each in zip(*part, strict=True))) for part in parts]

    def advance(self, order, start: int, stop: int) -> None:
        """Train on the batches from `start` to `stop`. order: the epoch's rows, (seeds, n) int32."""
        self.states, _ = self._call(*self._arguments(order, start, stop), finish=False)

    def finish_epoch(self, order, start: int) -> dict[str, np.ndarray]:
        """Train on the remaining batches and take stock: loss and metrics by name, (seeds, …) each.

        Those of the validation data have names that begin with "val_".
        """
        self.states, logs = self._call(*self._arguments(order, start, self.batches), finish=True)
        return {name: np.concatenate([log[name].numpy() for log in logs]) for name in logs[0]}

    def values(self, name: str) -> list[np.ndarray]:
        """One part of the state ("weights" or "other"), one array a variable: (seeds, …)."""
        return [np.concatenate([t.numpy() for t in same])
                for same in zip(*(getattr(state, name) for state in self.states), strict=True)]

    def predict(self, weights, other, X) -> np.ndarray:
        """Predictions at test time with these stacked values: (seeds, n, …)."""
        widest = max([64, *(w.shape[-1] for w in weights if w.ndim > 1)])
        rows = max(1, PREDICT_ELEMENTS // (widest * self.parts * self.per_part))
        pieces = [self._predict_call(weights, other, tf.constant(X[i:i + rows])) for i in range(0, len(X), rows)]
        return np.concatenate([piece.numpy() for piece in pieces], axis=1)

    def _arguments(self, order, start, stop):
        if self.share is not None:
            order = np.pad(order, ((0, 0), (0, self.share.size - self.rows)))
        return self.states, [tf.constant(p) for p in np.split(order, self.parts)], tf.constant(start), tf.constant(stop)

    # What TensorFlow traces

    def _train(self, states, order, start, stop, finish):
        whole = self.batches * self.batch_size
        if self.batches:
            shape = (self.per_part, self.batches, self.batch_size)
            states = [self._steps_compiled(state, tf.reshape(part[:, :whole], shape), start, stop)
                      for state, part in zip(states, order, strict=True)]
        if not finish:
            return states, None
        if whole < self.rows:
            states = [self._steps_compiled(state, part[:, None, whole:], tf.constant(0), tf.constant(1))
                      for state, part in zip(states, order, strict=True)]
        logs = [self._evaluate_once(state) for state in states]
        return [_reset(state) for state in states], logs

    def _steps(self, state, rows, start, stop):
        def step(i, state):
            batch, count = _take(self.data, rows[:, i]), None
            if self.share is not None:
                share = tf.constant(self.share)[i]
                count = tf.math.count_nonzero(share, dtype=tf.int32)
                own = tf.ones_like(rows[:, i], tf.float32) if batch.sample_weight is None else batch.sample_weight
                batch = batch._replace(sample_weight=own * share)
            given = [values for values in batch if values is not None]  # vectorized_map takes no None
            one = lambda each: self.pure.train(each[0], Batch(*each[1:])._replace(count=count))  # noqa: E731
            return i + 1, tf.vectorized_map(one, (state, *given))
        return tf.while_loop(lambda i, _: i < stop, step, (start, state))[1]

    def _evaluate(self, state):
        logs = dict(tf.vectorized_map(self.pure.results, state))
        if self.validation is None:
            return logs
        size, n, state = self.validation_batch, len(self.validation[0]), _reset(state)

        def add(state, rows):
            batch = _take(self.validation, rows)
            return tf.vectorized_map(lambda one: self.pure.evaluate(one, batch), state)
        if n // size:
            state = tf.while_loop(lambda i, _: i < n // size, lambda i, s: (i + 1, add(s, i * size + tf.range(size))),
                                  (tf.constant(0), state))[1]
        if n % size:
            state = add(state, tf.range(n - n % size, n))
        return logs | {f"val_{name}": value for name, value in tf.vectorized_map(self.pure.results, state).items()}

    def _predict(self, weights, other, x):
        return tf.vectorized_map(lambda values: self.pure.predict(*values, x), (weights, other))


def _tensors(data):
    return [None if values is None else tf.constant(values) for values in data]


def _take(data, rows) -> Batch:
    return Batch(*(None if values is None else tf.gather(values, rows) for values in data))


def _reset(state):
    return state._replace(metrics=[tf.zeros_like(values) for values in state.metrics])
