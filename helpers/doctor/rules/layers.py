"""Layers that cannot do their work: without an activation, with equal weights, with dropout after the head."""

from __future__ import annotations

import numpy as np

from helpers.doctor import code
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import num

LINEAR = ("Dense", "Conv1D", "Conv2D", "Conv3D")
WEIGHTLESS = ("Dropout", "Flatten", "Reshape", "SpatialDropout1D", "ActivityRegularization", "Identity")


def _chain(head):
    """Layers from input to output, if they form one chain without branches; else []."""
    return list(reversed(head.operations)) if head.complete else []


@rule("no-activation", "warning")
def no_activation(case, out):
    from helpers.doctor.heads import activation_of

    previous, said = None, []
    for layer in _chain(out.head):
        name = type(layer).__name__
        if name in WEIGHTLESS or name.startswith("AveragePooling"):
            continue
        if name in LINEAR and previous is not None and _adds_nothing(previous, layer):
            said.append(previous)
        linear = name in LINEAR and activation_of(layer) == "linear"
        previous = layer if linear and all(layer is not o.head.layer for o in case.outputs) else None
    if said:
        units = ", ".join(f"{type(layer).__name__}({_width(layer)})" for layer in said)
        dense = all(type(layer).__name__ == "Dense" for layer in said)
        return say(f"{units} {'has' if len(said) == 1 else 'have'} no activation, and another such layer follows.",
                   severity="warning" if dense or len(said) > 1 else "note",
                   why="Two linear layers in a row are one linear layer: the first adds nothing that the "
                       "second could not "
                       "do.", see="The model is as good as without it: it cannot bend.",
                   fix="\n".join(f'keras.layers.{type(layer).__name__}({_size(layer)}, activation="relu")'
                                 for layer in said))


def _adds_nothing(first, second) -> bool:
    """A narrow linear layer is a bottleneck, which is a choice; a wide one is none."""
    kernel = getattr(first, "kernel", None)
    if kernel is None:
        return False
    return _width(first) >= min(int(np.prod(kernel.shape[:-1])), _width(second))


def _width(layer) -> int:
    return layer.units if hasattr(layer, "units") else layer.filters


def _size(layer) -> str:
    return str(layer.units) if hasattr(layer, "units") else f"{layer.filters}, {tuple(layer.kernel_size)}"


@rule("frozen-head", "note")
def frozen_head(case, out):
    head, before = out.head.layer, [layer for layer, _ in out.head.hidden if getattr(layer, "weights", None)]
    if head is None or not getattr(head, "weights", None) or head.trainable or not before or not before[0].trainable:
        return None
    return say(f"The last layer {head.name!r} is frozen, and the layer before it is not.",
               why="Usually it is the other way round: a new head learns on top of a frozen base.",
               see="The layers before learn to serve random weights in the head.",
               fix=f'model.get_layer("{head.name}").trainable = True\n{code.compile_line(case, out)}')


@rule("equal-weights", "warning")
def equal_weights(case, out):
    for layer, _ in out.head.hidden if out.head.complete else ():
        kernel = getattr(layer, "kernel", None)
        if kernel is None or len(kernel.shape) < 2 or kernel.shape[-1] < 2 or not layer.trainable:
            continue
        values = np.asarray(kernel[:256] if np.prod(kernel.shape) > 1_000_000 else kernel)
        if np.ptp(values.reshape(-1, values.shape[-1]), axis=1).max() == 0:
            return say(f"All units of the hidden layer {layer.name!r} have the same weights.",
                       why="They compute the same, get the same gradient, and stay equal: the layer is one unit wide.",
                       see="It trains, as badly as a model with a single hidden unit. With zeros and relu, not at all.",
                       fix=f"keras.layers.{type(layer).__name__}({getattr(layer, 'units', '...')}, ...)  "
                           "# without kernel_initializer")


@rule("dropout-output", "warning")
def dropout_output(case, out):
    dropout = out.head.dropout
    if dropout is not None and getattr(dropout, "rate", 0) > 0:
        return say(f"Dropout({num(dropout.rate)}) comes after the last layer: it erases outputs.",
                   why="During training a share of the predictions is set to 0 and the others are made larger.",
                   see="A training loss that stays high and jumps, beside a validation loss that looks better.",
                   fix=f"keras.layers.Dropout({dropout.rate}),  # before the last layer\n{code.layer(out)}")


@rule("train-against-evaluate", "note", scope="model")
def train_against_evaluate(case):
    """A penalty is in loss and in val_loss, so it parts them from metrics, not from each other."""
    found, penalty = [], False
    for layer in case.model._flatten_layers() if hasattr(case.model, "_flatten_layers") else []:
        name = type(layer).__name__
        if name.endswith("Dropout") and getattr(layer, "rate", 0) > 0 or name.startswith("Gaussian"):
            found.append("dropout or noise (off in evaluation)")
        elif name == "BatchNormalization":
            found.append("BatchNormalization (other statistics in evaluation)")
        penalty |= any(getattr(layer, f"{part}_regularizer", None) for part in ("kernel", "bias", "activity"))
    of_penalty = "A penalty (regularization) is part of loss and of val_loss, and of no metric."
    if found:
        return say("The training loss will not be comparable with the validation loss: "
                   f"{', '.join(dict.fromkeys(found))}.",
                   why="fit reports training numbers as a running mean over the epoch, in training mode."
                       + f" {of_penalty}" * penalty,
                   see="A gap between loss and val_loss on the very same data.",
                   fix="model.evaluate(x_train, y_train)  # the training data, judged like validation data")
    if penalty:
        return say(of_penalty, why="It is added to the loss in training and in evaluation alike.",
                   see="loss and val_loss lie above what you compute from the predictions.",
                   fix="model.compile(model.optimizer, model.loss, metrics=[model.loss])  # the metric has no penalty")
