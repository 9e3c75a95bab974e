"""One training step of one model as a pure function: the state goes in, the new state comes out.

The step is Keras' own code (`model(...)`, `compute_loss`, the optimizer's update, `compute_metrics`), run inside a
`keras.StatelessScope`, so that whatever Keras does with a layer, a loss or a metric is done here too.
"""
from __future__ import annotations

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras.src.optimizers.base_optimizer import BaseOptimizer


class State(NamedTuple):
    """All variables of a model in training, as lists of tensors: weights, other state (batch statistics, the state of
    random generators), the optimizer's variables, and the running sums of loss and metrics."""

    weights: list
    other: list
    optimizer: list
    metrics: list


class Batch(NamedTuple):
    """x, y and sample_weight of one batch, and which rows count: 1, or 0 where they fill up the batch.

    sample_weight and counts may be None: no weights, and all rows.
    """

    x: tf.Tensor
    y: tf.Tensor
    sample_weight: tf.Tensor | None = None
    counts: tf.Tensor | None = None


def stateless(optimizer, weights):
    """A copy of a Keras optimizer that can update tensors. Keras' own TensorFlow optimizers update `tf.Variable`s
    only, so this one takes each method that they override back from the class that all backends share. Not for Nadam,
    which overrides one of them itself."""
    class Stateless(type(optimizer)):
        stateless_apply = BaseOptimizer.stateless_apply
        _backend_update_step = BaseOptimizer._backend_update_step
        _apply_weight_decay = BaseOptimizer._apply_weight_decay
        _clip_by_norm = BaseOptimizer._clip_by_norm
        _var_key = BaseOptimizer._var_key

        def assign(self, variable, value):
            variable.assign(value)

        def assign_add(self, variable, value):
            variable.assign(variable + value)

        def assign_sub(self, variable, value):
            variable.assign(variable - value)

    copy = Stateless.from_config(optimizer.get_config())
    copy.build(weights)
    return copy


def variables_of(model) -> tuple[list, list]:
    """The trainable weights of a model, and its other variables: batch statistics, random state, frozen weights."""
    trainable = {id(v) for v in model.trainable_variables}
    return list(model.trainable_variables), [v for v in model.variables if id(v) not in trainable]


class PureModel:
    """The steps of a compiled and built Keras model as functions of a State and one Batch."""

    def __init__(self, model):
        self.model = model
        self.optimizer = stateless(model.optimizer, model.trainable_variables)
        self.variables = State(*variables_of(model), list(self.optimizer.variables), list(model.metrics_variables))

    def fresh(self) -> tuple[list, list]:
        """The values with which every replicate starts: the optimizer's, and the running sums of loss and metrics."""
        return ([v.numpy() for v in self.variables.optimizer],
                [np.zeros(v.shape, v.dtype) for v in self.variables.metrics])

    def train(self, state: State, batch: Batch) -> State:
        """One step of gradient descent on one batch."""
        with tf.GradientTape() as tape:
            tape.watch(state.weights)
            with self._scope(weights=state.weights, other=state.other, metrics=state.metrics) as scope:
                loss = self._forward(batch, training=True)
        gradients = tape.gradient(loss, state.weights)
        weights, optimizer = self.optimizer.stateless_apply(state.optimizer, gradients, state.weights)
        return State(weights, self._values(scope, "other"), optimizer, self._values(scope, "metrics"))

    def evaluate(self, weights, other, metrics, batch: Batch) -> list:
        """The running sums of loss and metrics with one batch more; nothing else changes."""
        with self._scope(weights=weights, other=other, metrics=metrics) as scope:
            self._forward(batch, training=False)
        return self._values(scope, "metrics")

    def results(self, metrics) -> dict:
        """Loss and metrics from their running sums: name -> tensor."""
        with self._scope(metrics=metrics):
            return self.model.get_metrics_result()

    def predict(self, weights, other, x):
        """Predictions for a batch, as at test time."""
        with self._scope(weights=weights, other=other):
            return self._call(x, training=False)

    def _forward(self, batch, training):
        """Predict, and add this batch to the running loss and metrics, as Keras' train_step does; returns the loss."""
        model, (x, y, sample_weight, counts) = self.model, batch
        y_pred = self._call(x, training)
        loss = model.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, training=training)
        rows = tf.shape(x)[0] if counts is None else tf.reduce_sum(counts)
        model._loss_tracker.update_state(loss, sample_weight=rows)
        if counts is None:
            model.compute_metrics(x, y, y_pred, sample_weight=sample_weight)
        else:
            for metric in model._compile_metrics.metrics if model._compile_metrics else []:
                metric.update_state(y, y_pred, sample_weight=counts)
        return loss

    def _call(self, x, training):
        return self.model(x, training=training) if self.model._call_has_training_arg else self.model(x)

    def _scope(self, **parts):
        """A scope in which the variables of these parts of a State have the values that are given."""
        pairs = [pair for name, values in parts.items()
                 for pair in zip(getattr(self.variables, name), values, strict=True)]
        return keras.StatelessScope(state_mapping=pairs, collect_losses=True)

    def _values(self, scope, part):
        return [scope.get_current_value(v) for v in getattr(self.variables, part)]
