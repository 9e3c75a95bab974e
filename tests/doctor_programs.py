"""What the generators of sound and of faulty programs share: small models and data, written in the ways people write.

Keras is imported inside functions: pytest collects these files without paying for TensorFlow.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np

LOSSES = {  # name: (class, the strings people use)
    "bce": ("BinaryCrossentropy", ["binary_crossentropy", "bce"]),
    "cce": ("CategoricalCrossentropy", ["categorical_crossentropy"]),
    "sce": ("SparseCategoricalCrossentropy", ["sparse_categorical_crossentropy"]),
    "mse": ("MeanSquaredError", ["mse", "mean_squared_error", "MSE"]),
    "mae": ("MeanAbsoluteError", ["mae", "mean_absolute_error"]),
    "huber": ("Huber", ["huber"]),
    "log_cosh": ("LogCosh", ["log_cosh"]),
    "hinge": ("Hinge", ["hinge"]),
    "squared_hinge": ("SquaredHinge", ["squared_hinge"]),
    "categorical_hinge": ("CategoricalHinge", ["categorical_hinge"]),
    "poisson": ("Poisson", ["poisson"]),
    "kld": ("KLDivergence", ["kl_divergence"]),
    "mape": ("MeanAbsolutePercentageError", ["mape"]),
    "msle": ("MeanSquaredLogarithmicError", ["msle"]),
    "cosine": ("CosineSimilarity", ["cosine_similarity"]),
    "focal": ("BinaryFocalCrossentropy", ["binary_focal_crossentropy"]),
}


@dataclass
class Program:
    """What a person would hand to `examine`: a compiled model, its data, and what else goes to `fit`."""

    model: object
    x: object
    y: object
    kind: str = ""
    options: dict = field(default_factory=dict)


def start(*seed):
    """A generator for the data of a program; its weights are drawn from the same seed."""
    random.seed(sum(seed))  # Keras draws the seed of each initializer here; set_random_seed empties TensorFlow's caches
    return np.random.default_rng(seed if len(seed) > 1 else seed[0])


def features(rng, n=64, d=4):
    return rng.standard_normal((n, d)).astype("float32")


def every_class(rng, n, num_classes):
    """n class ids from 0 on, in random order, each class among them."""
    return rng.permutation(np.arange(n) % num_classes)


def one_hot(ids, num_classes, dtype="float32"):
    return np.eye(num_classes, dtype=dtype)[ids]


def multi_hot(rng, n, num_labels):
    """0/1 rows with none, one or several labels; some rows surely hold two, and some none."""
    labels = (rng.random((n, num_labels)) < 0.4).astype("float32")
    labels[0], labels[1, :2] = 0, 1
    return labels


def loss(rng, name, **arguments):
    """The loss as a string, a function, a class or an object; an object where there are arguments."""
    import keras

    class_name, strings = LOSSES[name]
    if arguments:
        return getattr(keras.losses, class_name)(**arguments)
    form = rng.integers(4)
    if form == 0:
        return getattr(keras.losses, class_name)()
    if form == 1:
        return keras.losses.get(strings[0])
    return str(rng.choice(strings))


def head(rng, units, activation):
    """The last layers: the activation inside Dense or as a layer of its own."""
    import keras

    L = keras.layers
    if activation in (None, "linear"):
        return [L.Dense(units, activation=activation)]
    form = rng.integers(3)
    if form == 0:
        return [L.Dense(units), L.Activation(activation)]
    if form == 1 and activation in ("softmax", "relu"):
        return [L.Dense(units), {"softmax": L.Softmax, "relu": L.ReLU}[activation]()]
    return [L.Dense(units, activation=activation)]


def network(rng, last, d=4, body=None, style=None):
    """One hidden layer and `last`, a list of layers: Sequential, functional, or a subclass that is built."""
    import keras

    shape = (d,) if isinstance(d, int) else d
    body = [keras.layers.Dense(8, activation="relu")] if body is None else body
    style = style or rng.choice(["sequential", "sequential", "functional", "subclass"])
    if style == "sequential":
        return keras.Sequential([keras.Input(shape), *body, *last])
    if style == "functional":
        inputs = tensor = keras.Input(shape)
        for layer in (*body, *last):
            tensor = layer(tensor)
        return keras.Model(inputs, tensor)
    model = _chain_class()(body + last)
    model(np.zeros((2, *shape), "float32"))
    return model


def compiled(model, loss, metrics=None, optimizer="adam", **arguments):
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics, **arguments)
    return model


def as_dataset(rng, x, y, probability=0.2):
    """(x, y), or now and then a batched tf.data.Dataset and None."""
    if rng.random() >= probability:
        return x, y
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((x, y)).batch(32), None


_chain = None


def _chain_class():
    global _chain
    if _chain is None:
        import keras

        class Chain(keras.Model):
            def __init__(self, parts):
                super().__init__()
                self.parts = parts

            def call(self, x):
                for part in self.parts:
                    x = part(x)
                return x

        _chain = Chain
    return _chain
