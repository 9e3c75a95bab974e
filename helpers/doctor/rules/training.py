"""Whether training can move at all, and whether its first step flies apart."""

from __future__ import annotations

import numpy as np

from helpers.doctor import code
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import num

SIGN_LIKE = ("Adam", "AdamW", "Nadam", "Adamax", "RMSprop", "Lion")


@rule("nothing-to-train", "warning", scope="model")
def nothing_to_train(case):
    model = case.model
    if case.compiled and getattr(model, "built", False) and model.weights and not model.trainable_variables:
        return say("Nothing can be trained: every layer is frozen.",
                   why="trainable=False on a model or on all its layers leaves no weight to update.",
                   see="fit(...) runs, and the loss stays where it is.",
                   fix=f"model.trainable = True\n{code.compile_line(case, case.outputs[0])}")


@rule("learning-rate", "warning", scope="model")
def learning_rate(case):
    optimizer = getattr(case.model, "optimizer", None)
    rate = getattr(optimizer, "_learning_rate", None)
    if not hasattr(rate, "assign") or not case.outputs:
        return None
    rate, name = float(optimizer.learning_rate), type(optimizer).__name__
    if name not in code.RATES:
        return None
    usual = code.RATES[name]
    fix = code.compile_line(case, case.outputs[0], optimizer_code=f"keras.optimizers.{name}({usual})")
    if 0 <= rate < 1e-9:
        return say(f"The learning rate is {num(rate)}.", why="Every step is the gradient times this number.",
                   see="The loss does not move.", fix=fix)
    high, odd = (0.5, 0.1) if name in SIGN_LIKE else (5, 1) if name == "SGD" else (np.inf, np.inf)
    if rate >= odd and name in SIGN_LIKE or rate > odd:
        step = ("Every weight moves by about that much in the first steps, whatever the gradient."
                if name in SIGN_LIKE else "Every step is the gradient times this number.")
        return say(f"The learning rate of {name} is {num(rate)}; the usual start is {num(usual)}.", why=step,
                   severity="warning" if rate >= high else "note",
                   see="A loss that jumps, grows, turns NaN, or sticks at a constant prediction.", fix=fix)


@rule("dead-output", "error", scope="model", unless=("softmax-one-unit", "one-unit-categorical"))
def dead_output(case):
    if case.probe is None or not case.probe.zero_gradient or case.probe.no_gradient:
        return None
    p = [o.prediction for o in case.probe.outputs]
    if all(len(one) >= 8 and np.ptp(one, axis=0).max() == 0 for one in p) and not _constant(case.data.x):
        out = case.outputs[0]
        fresh = out.head.activation == "relu" and not int(getattr(case.model.optimizer, "iterations", 0) or 0)
        return say(f"The output is the same for every sample ({num(float(p[0].flat[0]))}), and its gradient is 0.",
                   severity="note" if fresh else "error",  # built again, it may start otherwise
                   why=f"The head ({out.head.activation}) or a layer before it is stuck where it has no slope.",
                   see="The loss stays constant from the first epoch on.",
                   fix=code.layer(out, activation=None if out.head.activation == "relu" else "same"))


@rule("constant-features", "warning", scope="model")
def constant_features(case):
    if not _constant(case.data.x):
        return None
    for out in case.outputs:
        y = None if out.labels is None or not out.labels.numeric else np.asarray(out.labels.array)[: len(_first(case))]
        if y is not None and len(y) >= 8 and (y != y[:1]).any():
            return say(f"The first {len(y)} rows of x are all the same, but their targets differ.",
                       why="Whole numbers that are divided as whole numbers (// or a cast to int) all become 0.",
                       see="One prediction for everything; the loss stays where always saying the shares of the "
                           "classes, or the mean, would put it.",
                       fix='print(x.dtype, x.min(), x.max())  # then x = x.astype("float32") / 255.0, or alike')


@rule("vanishing-gradient", "note", scope="model", unless=("no-gradient", "dead-output", "nothing-to-train"))
def vanishing_gradient(case):
    sizes = case.probe.gradients if case.probe is not None else []
    if len(sizes) > 2 and np.isfinite(sizes).all() and 0 <= sizes[0] < 1e-6 * sizes[-1] and not _constant(case.data.x):
        return say("Almost no gradient reaches the first layer: its largest is "
                   f"{num(sizes[0])}, that of the last layer {num(sizes[-1])}.",
                   why="Many saturated layers (sigmoid, tanh) shrink it step by step, or a relu gives 0 for every row.",
                   see="The last layers learn; the first ones stay as they were at the start.",
                   fix='keras.layers.Dense(..., activation="relu", kernel_initializer="he_normal")')


@rule("no-gradient", "error", scope="model", unless=("nothing-to-train",))
def no_gradient(case):
    if case.probe is not None and case.probe.no_gradient:
        own = next((o for o in case.outputs if o.loss.custom), case.outputs[0])
        return say("No weight gets a gradient from this loss.",
                   why="round, argmax, a comparison or a cast has no slope: a small change of the weights "
                       "changes nothing.",
                   see="fit(...) only warns, because the weight penalty has a slope: the loss falls, and nothing is "
                       "learned." if case.model.losses else
                       "fit(...) raises: No gradients provided for any variable.",
                   fix=_smooth(case, own))


def _smooth(case, out):
    from helpers.doctor.rules.words import dense_labels, fitting

    return fitting(case, out) if dense_labels(out) else code.compile_line(case, out, '"mse"')


@rule("not-finite", "error", scope="model", unless=("missing-values", "negative-counts", "sample-weight"))
def not_finite(case):
    if case.probe is None:
        return None
    for out in case.outputs:
        found = out.probe
        if found is None or found.error:
            continue
        if not np.isfinite(found.prediction).all():
            return say("The model predicts NaN or infinite values on the first rows.",
                       why="Its weights are broken already, or the features are far too large.",
                       see="The loss is NaN.", fix="print([np.isfinite(w).all() for w in model.get_weights()])")
        if found.loss is not None and not np.isfinite(found.loss):
            return say(f"The loss is {num_or_name(found.loss)} on the first rows.",
                       why="A logarithm of 0 or less, a division by 0, or a root of a negative number.",
                       see="Every weight is NaN after the first step.",
                       fix="keras.ops.log(keras.ops.maximum(values, 1e-7))  # in the loss, before the logarithm"
                       if out.loss.custom else code.compile_line(case, out))
    if case.probe.bad_gradient:
        return say("The gradient holds NaN or infinite values on the first rows, although the loss does not.",
                   why="A root or a norm has no slope at 0; a logarithm or a division is near its limit.",
                   see="Every weight is NaN after the first step.", fix="keras.ops.sqrt(values + 1e-7)")


def num_or_name(value) -> str:
    return "NaN" if np.isnan(value) else "infinite" if np.isinf(value) else num(value)


@rule("first-step-explodes", "warning", scope="model", unless=(
    "learning-rate", "not-finite", "labels-outside-0-1", "missing-values", "probabilities-expected", "loss-weights"))
def first_step_explodes(case):
    probe = case.probe
    if probe is None or probe.after_step is None or probe.total is None or not np.isfinite(probe.total):
        return None
    floor = sum(max(out.labels.std, out.labels.std**2) for out in case.outputs if out.labels is not None)
    if np.isfinite(probe.after_step) and probe.after_step <= 100 * max(abs(probe.total), floor, 0.1):
        return None
    big = max((float(np.abs(np.asarray(part, dtype=float)).max()) for part in _parts(case.data.x)), default=0)
    targets = max((max(abs(o.labels.mean), o.labels.std) for o in case.outputs if o.labels is not None), default=0)
    if big >= 20:
        why, fix = f"The features reach {num(big)}: large features make large gradients.", _scale_x(case)
    elif targets >= 20:
        why, fix = "The targets are large, and so are their gradients.", "y = (y - y.mean()) / y.std()"
    else:
        why = "The learning rate is too high for these gradients."
        fix = code.compile_line(case, case.outputs[0], optimizer_code='"adam"')
    shown = f"from {num(probe.total)} to {num_or_name(probe.after_step)}"
    return say(f"One step of training makes the loss of the same rows explode: {shown}.", why=why,
               see="The loss grows or turns NaN in the first epoch, or the model sticks at a constant prediction.",
               fix=fix)


@rule("unscaled-features", "note", scope="model")
def unscaled_features(case):
    x = case.data.x
    if not hasattr(x, "dtype") or x.dtype.kind not in "uif" or not _straight_into_weights(case):
        return None
    values = np.asarray(x, dtype=float)
    if not values.ndim or not values.size or not np.isfinite(values).all():
        return None
    low, high = values.min(), values.max()
    image = low >= 0 and 100 < high <= 255 and (values == values.round()).all() and np.prod(values.shape[1:]) >= 49
    if not image and np.abs(values).max() < 100:
        return None
    return say(f"The features run from {num(low)} to {num(high)}, straight into the first layer.",
               severity="warning" if image else "note",
               why="Weights start for inputs near 1. Larger ones saturate units, make gradients huge, and "
                   "let one column "
                   "drown the others.", see="A loss that starts high, jumps or sticks; with SGD often NaN.",
               fix="x = x / 255.0  # also for validation and test data" if image else _scale_x(case))


def _scale_x(case) -> str:
    return ("normalize = keras.layers.Normalization()\nnormalize.adapt(x_train)  # and put it first in the model")


def _straight_into_weights(case) -> bool:
    """The first layer that does anything is Dense, a convolution or recurrent: nothing scales the features."""
    chain = case.outputs[0].head if case.outputs else None
    if chain is None or not chain.complete:
        return False
    for operation in reversed(chain.operations):
        name = type(operation).__name__
        if name.startswith(("Dense", "Conv", "SeparableConv", "LSTM", "GRU", "SimpleRNN", "TimeDistributed")):
            return True
        if name not in ("Flatten", "Reshape", "Dropout", "ZeroPadding2D", "Masking", "MaxPooling2D"):
            return False
    return False


def _parts(x):
    from helpers.doctor.data import flatten

    return [p for p in flatten(x)[0] if getattr(getattr(p, "dtype", None), "kind", "") in ("f", "i", "u")]


def _first(case):
    return _parts(case.data.x)[0]


def _constant(x) -> bool:
    parts = [p for p in _parts(x) if np.ndim(p)] if x is not None else []
    return bool(parts) and all(np.ptp(np.asarray(p, dtype=float), axis=0).max() == 0 for p in parts if np.size(p))
