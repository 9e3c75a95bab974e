"""Many replicates of one model, trained side by side: every variable gets a leading seed axis.

A step of all replicates is `tf.vectorized_map` of a step of one. Long trainings are compiled by XLA, which keeps to one
core here; so with XLA the replicates are dealt into as many parts as there are cores. XLA draws other random numbers
than TensorFlow does without it, so models with random layers (Dropout) go without it.
"""
from __future__ import annotations

import functools
import os
import time

import numpy as np
import tensorflow as tf

from helpers.replicates.pure import Batch, PureModel, State

EPOCHS_AT_ONCE = 8  # at most in one call to TensorFlow: a call for each short epoch costs more than the epoch
_map = functools.partial(tf.vectorized_map, warn=False)  # what it maps in a loop is slower, with the same result
PREDICT_ELEMENTS = 2**24  # of the widest layer, over all replicates: 64 MB in float32


class Stack:
    """`seeds` replicates of `model`, a compiled and built Keras model.

    data, validation: (X, y, sample_weight) as arrays; sample_weight may be None, and validation too.
    padded: fill a smaller last batch up with rows of weight 0, which saves a second program for it. Sound only where
    each row counts by itself and no metric is weighted. Otherwise the last batch is what it is in Keras.
    validation_batch: how many validation rows are evaluated at a time. xla: whether to compile with XLA.
    """

    def __init__(self, model, seeds: int, data, batch_size: int, padded: bool, validation, validation_batch: int,
                 xla: bool):
        self.pure = PureModel(model)
        cores = os.cpu_count() or 1 if xla else 1  # without XLA, TensorFlow uses all of them by itself
        self.parts = next(p for p in range(min(cores, seeds), 0, -1) if seeds % p == 0)
        self.per_part = seeds // self.parts
        self.data, self.validation = _tensors(data), validation and _tensors(validation)
        self.rows, self.batch_size, self.validation_batch = len(data[0]), batch_size, validation_batch
        self.batches, rest = divmod(self.rows, batch_size)
        self.share = None  # of each row of each batch in its loss, times the batch size; None: all equal
        self.cut = None  # to so many rows the last batch, when it goes through the program of the others
        if rest and (padded or not xla):  # XLA takes no batch of another length
            self.batches += 1
            if padded:
                self.share = np.ones((self.batches, batch_size), np.float32)
                self.share[-1] = np.where(np.arange(batch_size) < rest, batch_size / rest, 0)
            else:
                self.cut = rest
        self._evaluate_call, self._predict_call, self._batches_call, self._epochs_call = map(
            _function, (self._evaluate, self._predict, self._batches, self._epochs))
        # where XLA does not compile them, functions of their own would only be more graphs to trace
        self._steps_call = _function(self._steps, jit_compile=True) if xla else self._steps
        self._part_call = _function(self._epochs_of_part) if xla else self._epochs_of_part
        zeros = [[tf.zeros((self.per_part, *v.shape), v.dtype) for v in part] for part in self.pure.variables]
        self.states = [State(*zeros)] * self.parts

    def compile(self):
        """Trace Keras' code, then return a function that compiles it and gives the seconds of one batch at most.

        What it returns needs no Python, so a thread can call it.
        """
        rows = np.zeros((self.parts * self.per_part, self.rows), np.int32)
        arguments = self._arguments([rows], max(0, self.batches - 2))  # one of the two is whole
        self._epochs_call.get_concrete_function(*arguments)

        def compiled():
            self._epochs_call(*arguments)
            started = time.perf_counter()
            self._epochs_call(*arguments)
            return time.perf_counter() - started
        return compiled

    def start(self, values: list[State]) -> None:
        """Begin with one State (of arrays) for each replicate."""
        parts = [values[p * self.per_part:(p + 1) * self.per_part] for p in range(self.parts)]
        self.states = [State(*([tf.constant(np.stack(same)) for same in zip(*each, strict=True)]
                               for each in zip(*part, strict=True))) for part in parts]

    def advance(self, order, start: int, stop: int) -> None:
        """Train on the batches from `start` to `stop`. order: the epoch's rows, (seeds, n) int32."""
        self.states = self._batches_call(self.states, self._parted(order), tf.constant(start), tf.constant(stop))

    def finish_epochs(self, orders, start: int = 0) -> list[dict[str, np.ndarray]]:
        """Train up to `EPOCHS_AT_ONCE` whole epochs, the first of them from batch `start` on; returns their logs.

        A log has loss and metrics, and those of the validation data as "val_…": name -> (seeds, …).
        """
        self.states, logs = self._epochs_call(*self._arguments(orders, start))
        return [{name: np.concatenate([part[name][e].numpy() for part in logs]) for name in logs[0]}
                for e in range(len(orders))]

    def _arguments(self, orders, start):
        room = [orders[0]] * (EPOCHS_AT_ONCE - len(orders))
        parted = [tf.stack(part) for part in zip(*map(self._parted, [*orders, *room]), strict=True)]
        return self.states, parted, tf.constant(start), tf.constant(len(orders))

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

    def _parted(self, order):
        order = np.pad(order, ((0, 0), (0, max(0, self.batches * self.batch_size - self.rows))))
        return [tf.constant(part) for part in np.split(order, self.parts)]

    # What TensorFlow traces

    def _batches(self, states, order, start, stop):
        return [self._full_batches(*each, start, stop) for each in zip(states, order, strict=True)]

    def _full_batches(self, state, order, start, stop):
        shape = (self.per_part, self.batches, self.batch_size)
        return self._steps_call(state, tf.reshape(order[:, :self.batches * self.batch_size], shape), start, stop)

    def _epochs(self, states, orders, start, count):
        """Each part by itself, so that no core need wait for another; logs: name -> (EPOCHS_AT_ONCE, seeds, …)."""
        parts = [self._part_call(*each, start, count) for each in zip(states, orders, strict=True)]
        return [state for state, _ in parts], [logs for _, logs in parts]

    def _epochs_of_part(self, state, orders, start, count):
        logs = {name: tf.TensorArray(spec.dtype, EPOCHS_AT_ONCE, element_shape=spec.shape)
                for name, spec in self._evaluate_call.get_concrete_function(state).structured_outputs.items()}

        def epoch(e, state, logs):
            order, whole = orders[e], self.batches * self.batch_size
            if self.batches:
                state = self._full_batches(state, order, tf.where(e == 0, start, 0), tf.constant(self.batches))
            if whole < self.rows:
                state = self._steps_call(state, order[:, None, whole:], tf.constant(0), tf.constant(1))
            log = self._evaluate_call(state)
            return e + 1, _reset(state), {name: array.write(e, log[name]) for name, array in logs.items()}

        _, state, logs = tf.while_loop(lambda e, *_: e < count, epoch, (tf.constant(0), state, logs))
        return state, {name: array.stack() for name, array in logs.items()}

    def _steps(self, state, rows, start, stop):
        def step(i, state):
            now, counts = rows[:, i], None
            if self.cut is not None:
                now = now[:, :tf.where(i < self.batches - 1, self.batch_size, self.cut)]
            batch = _take(self.data, now)
            if self.share is not None:
                share = tf.constant(self.share)[i]
                counts = tf.cast(share > 0, tf.float32)
                own = tf.ones_like(now, tf.float32) if batch.sample_weight is None else batch.sample_weight
                batch = batch._replace(sample_weight=own * share)
            given = [values for values in batch if values is not None]  # vectorized_map takes no None
            one = lambda each: self.pure.train(each[0], Batch(*each[1:])._replace(counts=counts))  # noqa: E731
            return i + 1, _map(one, (state, *given))
        return tf.while_loop(lambda i, _: i < stop, step, (start, state))[1]

    def _evaluate(self, state):
        logs = dict(_map(self.pure.results, state.metrics))
        if self.validation is None:
            return logs
        size, n, sums = self.validation_batch, len(self.validation[0]), _reset(state).metrics

        def add(sums, rows):
            batch = _take(self.validation, rows)
            # each tensor in a map takes time to trace, so what evaluation does not use is left out
            return _map(lambda one: self.pure.evaluate(*one, batch), (state.weights, state.other, sums))
        if n // size == 1:
            sums = add(sums, tf.range(size))
        elif n // size:
            sums = tf.while_loop(lambda i, _: i < n // size, lambda i, s: (i + 1, add(s, i * size + tf.range(size))),
                                 (tf.constant(0), sums))[1]
        if n % size:
            sums = add(sums, tf.range(n - n % size, n))
        return logs | {f"val_{name}": value for name, value in _map(self.pure.results, sums).items()}

    def _predict(self, weights, other, x):
        return _map(lambda values: self.pure.predict(*values, x), (weights, other))


def _function(python_function, **options):
    made = tf.function(python_function, autograph=False, **options)
    made._omit_frequent_tracing_warning = True  # every Stack traces functions of its own, once each
    return made


def _tensors(data):
    return [None if values is None else tf.constant(values) for values in data]


def _take(data, rows) -> Batch:
    return Batch(*(None if values is None else tf.gather(values, rows) for values in data))


def _reset(state):
    return state._replace(metrics=[tf.zeros_like(values) for values in state.metrics])
