"""Run one batch through the model and through what it was compiled with; nothing is assigned to the model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from helpers.doctor import formulas

LARGE = 5_000_000  # weights; above, fewer rows are run
STEPS = {"SGD", "Adam", "AdamW", "Nadam", "RMSprop", "Adamax", "Adagrad", "Lion"}


@dataclass
class OutputProbe:
    """One output on one batch.

    prediction: as `predict` gives it. loss: what Keras reports for the batch; recomputed: the same loss of the
    predictions themselves, in NumPy; both None where not available. shape: of the loss before it is reduced.
    column_loss: the loss when flat targets get a second axis. error: the message when the loss raised.
    metrics: by position, {"value", "column", "scalar", "error"}.
    """

    prediction: np.ndarray
    loss: float | None = None
    recomputed: float | None = None
    shape: tuple | None = None
    column_loss: float | None = None
    error: str = ""
    metrics: list = field(default_factory=list)


@dataclass
class Probe:
    """outputs: one `OutputProbe` each. no_gradient: no weight gets one. bad_gradient: some are not finite.
    gradients: the largest of each kernel that is trained, first layer first.
    after_step: the loss of the batch after one step of the optimizer, total: before; None where not tried."""

    outputs: list
    no_gradient: bool = False
    bad_gradient: bool = False
    zero_gradient: bool = False
    gradients: list = field(default_factory=list)
    total: float | None = None
    after_step: float | None = None


def forward(model, x):
    """Return what the model predicts for x, without any side effect on its variables."""
    values = [variable.value for variable in model.trainable_variables]
    return forward_with(model, values, x)


def forward_with(model, values, x):
    others = [variable.value for variable in model.non_trainable_variables]
    mode = {"training": False} if getattr(model, "_call_has_training_arg", False) else {}
    return model.stateless_call(values, others, x, **mode)[0]


def run(model, x, outputs, losses, metrics, targets, weights=None) -> Probe:
    """Probe every output. outputs: tensors in the order of `losses`; targets: arrays or None."""
    probes = []
    for tensor, loss, own, target in zip(outputs, losses, metrics, targets, strict=True):
        probe = OutputProbe(np.asarray(tensor))
        if target is not None and probe.prediction.dtype.kind == "f":
            _loss(probe, tensor, loss, target)
            probe.metrics = [_metric(metric, probe.prediction, target) for metric in own]
        probes.append(probe)
    return Probe(probes)


def value(loss, target, prediction):
    """Return the loss of a batch as Keras computes it, as a tensor. Raises what the loss raises."""
    keras_loss = loss.object if loss.object is not None else _wrapped(loss)
    return keras_loss(_tensor(target), prediction)


def training(probe, model, x, losses, targets, pick) -> None:
    """Take the gradient of the batch's loss, and look where one step of the optimizer would lead.

    pick(outputs): the outputs as a list, in the order of `losses`. TensorFlow only; elsewhere nothing is said.
    """
    import keras
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow" or not model.trainable_variables:
        return
    values = [tf.convert_to_tensor(variable.value) for variable in model.trainable_variables]

    def total(weights):
        outputs = pick(forward_with(model, weights, x))
        parts = [(1.0 if loss.weight is None else float(loss.weight)) * tf.reduce_sum(value(loss, y, out))
                 for loss, y, out in zip(losses, targets, outputs, strict=True) if loss.name != "none"]
        return tf.add_n(parts)

    with tf.GradientTape() as tape:
        tape.watch(values)
        before = total(values)
    gradients = tape.gradient(before, values)
    probe.total = float(before)
    probe.no_gradient = all(gradient is None for gradient in gradients)
    dense = [None if g is None else tf.convert_to_tensor(g) for g in gradients]
    sizes = [float(tf.reduce_max(tf.abs(g))) for g in dense if g is not None and g.shape.num_elements()]
    probe.gradients = [float(tf.reduce_max(tf.abs(g))) for g, v in zip(dense, values, strict=True)
                       if g is not None and g.shape.num_elements() and len(v.shape) > 1]
    probe.bad_gradient = not np.isfinite(sizes).all()
    probe.zero_gradient = bool(sizes) and max(sizes) == 0
    step = _first_step(model.optimizer)
    if step and sizes and not probe.bad_gradient:
        moved = [v if g is None else v - tf.cast(step(g), v.dtype) for v, g in zip(values, dense, strict=True)]
        probe.after_step = float(total(moved))


def _first_step(optimizer):
    """The first update of an optimizer that has not moved yet, from its gradient alone; None if it is not known."""
    import tensorflow as tf

    name = type(optimizer).__name__
    if name not in STEPS or optimizer.clipnorm or optimizer.clipvalue or optimizer.global_clipnorm:
        return None
    rate = float(optimizer.learning_rate)
    if name == "SGD":
        return lambda g: rate * g
    if name == "RMSprop":
        return lambda g: rate * tf.sign(g) / np.sqrt(1 - optimizer.rho)
    return lambda g: rate * tf.sign(g)  # Adam and its relatives: the first step has the size of the rate


def _loss(probe, tensor, loss, target):
    if loss.name in ("none", "unknown") or loss.function is None and loss.name != "crossentropy":
        return
    try:
        reported = np.asarray(value(loss, target, tensor))
        probe.loss = float(reported.sum()) if reported.size == 1 else float(reported.mean())
        probe.shape = _unreduced_shape(loss, target, tensor)
    except Exception as error:  # noqa: BLE001 - a user's loss may raise anything; a rule reports it
        probe.error = f"{type(error).__name__}: " + (str(error).strip().splitlines() or [""])[0][:300]
        return
    if loss.custom and np.ndim(target) == 1 and probe.prediction.shape[1:] == (1,):
        try:
            probe.column_loss = float(np.asarray(value(loss, target[:, None], tensor)).mean())
        except Exception:  # noqa: BLE001
            probe.column_loss = None
    recomputed = formulas.loss(loss, target, probe.prediction)
    probe.recomputed = recomputed


def _unreduced_shape(loss, target, tensor):
    if not loss.custom:
        return None
    target = _tensor(target, tensor.dtype) if loss.object is not None else _tensor(target)
    return tuple(np.shape(loss.function(target, tensor)))


def _metric(metric, prediction, target) -> dict:
    found = {"value": None, "column": None, "scalar": False, "error": ""}
    try:
        found["value"], found["scalar"] = _evaluate(metric, target, prediction)
    except Exception as error:  # noqa: BLE001
        found["error"] = f"{type(error).__name__}: " + (str(error).strip().splitlines() or [""])[0][:300]
    if metric.name == "custom" and np.ndim(target) == 1 and prediction.shape[1:] == (1,):
        try:
            found["column"] = _evaluate(metric, target[:, None], prediction)[0]
        except Exception:  # noqa: BLE001
            found["column"] = None
    return found


def _evaluate(metric, target, prediction):
    """Return (value, whether the function gave one number for the whole batch), on a copy of the metric."""
    target, prediction = _tensor(target), _tensor(prediction)
    if metric.object is None:
        raw = np.asarray(metric.function(target, prediction))
        return float(raw.mean()), raw.ndim == 0
    copy = type(metric.object).from_config(metric.object.get_config())
    copy.update_state(target, prediction)
    raw = np.asarray(copy.result())
    scalar = metric.function is not None and metric.name == "custom" and np.ndim(
        metric.function(target, prediction, **metric.arguments.get("fn", {}))) == 0
    return (float(raw) if raw.ndim == 0 else raw), scalar


def _wrapped(loss):
    from keras.src.losses.losses import LossFunctionWrapper

    return LossFunctionWrapper(loss.function, name="doctor")


def _tensor(array, dtype=None):
    from keras import ops

    return ops.convert_to_tensor(array, dtype=dtype)
