"""A copy of a model that is not built yet: running the copy builds the copy, and leaves the model as it was.

Keras copies a model by saving it, which needs every class to be registered, and few of a user's classes are. Here a
layer is copied attribute by attribute. What is built already is shared: running it changes nothing.
"""

from __future__ import annotations

import copy

OWN = ("build", "quantize")  # Keras wraps these for each layer; the copy has its own
SHARED = ("optimizer", "_compile_loss", "_compile_metrics", "_loss_tracker")  # looked at, and never run


def of(model):
    """Return the copy, not built. Raises what copying an attribute raises."""
    import keras

    own = vars(keras.Layer).get("__deepcopy__")
    keras.Layer.__deepcopy__ = _copied
    try:
        return copy.deepcopy(model)
    finally:
        if own is None:
            del keras.Layer.__deepcopy__
        else:
            keras.Layer.__deepcopy__ = own


def _copied(layer, memo):
    if layer.built and all(inner.built for inner in layer._flatten_layers()):
        return layer
    twin = type(layer).__new__(type(layer))
    memo[id(layer)] = twin
    for name, value in vars(layer).items():
        if name not in OWN:
            twin.__dict__[name] = value if name in SHARED else copy.deepcopy(value, memo)
    return twin
