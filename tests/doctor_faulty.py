"""Programs with one planted fault each, of a known kind. Written before the doctor's rules, from keras-pitfalls and
from what people ask about; not tuned to the rules.

`faulty()` yields (kind, number, make): `make()` builds the program. Everything but the planted fault is sound.
"""

from __future__ import annotations

import zlib

import numpy as np
from doctor_programs import (
    Program,
    as_dataset,
    compiled,
    every_class,
    features,
    head,
    loss,
    multi_hot,
    network,
    one_hot,
    start,
)

FAULTS = {}
N, D = 64, 4


def plant(kind, times=3):
    def register(make):
        FAULTS[kind] = (make, times)
        return make

    return register


def faulty():
    for kind, (make, times) in FAULTS.items():
        for number in range(times):
            def build(make=make, kind=kind, number=number):
                rng = start(zlib.crc32(kind.encode()), number)
                program = make(rng, number)
                program.kind = kind
                return program

            yield kind, number, build


def binary(rng):
    """Features and 0/1 labels, of shape (n,) or (n, 1), in a type that people use."""
    y = every_class(rng, N, 2).astype(str(rng.choice(["int64", "float32", "uint8", "bool"])))
    return features(rng, N, D), (y if rng.random() < 0.5 else y[:, None])


def classes(rng, num_classes=None):
    num_classes = num_classes or int(rng.integers(3, 7))
    return features(rng, N, D), every_class(rng, N, num_classes), num_classes


def real(rng, low=None):
    """Features and a target near a linear function of them; above `low` if one is given."""
    x = features(rng, N, D)
    y = (x @ rng.standard_normal(D) + 0.1 * rng.standard_normal(N)).astype("float32")
    if low is not None:
        y = y - y.min() + low
    return x, y[:, None]


# Heads against losses


@plant("softmax on one unit", 6)
def _(rng, i):
    x, y = binary(rng)
    x, y = as_dataset(rng, x, y)
    return Program(compiled(network(rng, head(rng, 1, "softmax")), loss(rng, "bce"), ["accuracy"]), x, y)


@plant("softmax on one unit, regression", 2)
def _(rng, i):
    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, "softmax")), loss(rng, "mse"), ["mae"]), x, y)


@plant("probability loss on a linear head", 6)
def _(rng, i):
    if i % 3 == 0:
        x, y = binary(rng)
        return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "bce")), x, y)
    x, y, k = classes(rng)
    y, name = (one_hot(y, k), "cce") if i % 3 == 1 else (y, "sce")
    x, y = as_dataset(rng, x, y)
    return Program(compiled(network(rng, head(rng, k, None)), loss(rng, name), ["accuracy"]), x, y)


@plant("probability loss on a relu or tanh head", 6)
def _(rng, i):
    activation = ["relu", "tanh"][i % 2]
    if i < 3:
        x, y = binary(rng)
        return Program(compiled(network(rng, head(rng, 1, activation)), loss(rng, "bce")), x, y)
    x, y, k = classes(rng)
    return Program(compiled(network(rng, head(rng, k, activation)), loss(rng, "sce"), ["accuracy"]), x, y)


@plant("sigmoid head with categorical cross-entropy", 4)
def _(rng, i):
    x, y, k = classes(rng)
    y, name = (one_hot(y, k), "cce") if i % 2 else (y, "sce")
    return Program(compiled(network(rng, head(rng, k, "sigmoid")), loss(rng, name), ["accuracy"]), x, y)


@plant("softmax head with binary cross-entropy", 4)
def _(rng, i):
    x, y, k = classes(rng)
    return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, "bce"), ["accuracy"]), x, one_hot(y, k))


@plant("softmax head for multilabel", 4)
def _(rng, i):
    x, k = features(rng, N, D), int(rng.integers(3, 7))
    y = multi_hot(rng, N, k)
    name = ["bce", "cce"][i % 2]
    return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, name)), x, y)


@plant("from_logits on probabilities", 6)
def _(rng, i):
    if i % 3 == 0:
        x, y = binary(rng)
        model = network(rng, head(rng, 1, "sigmoid"))
        return Program(compiled(model, loss(rng, "bce", from_logits=True)), x, y)
    x, y, k = classes(rng)
    y, name = (one_hot(y, k), "cce") if i % 3 == 1 else (y, "sce")
    model = network(rng, head(rng, k, "softmax"))
    return Program(compiled(model, loss(rng, name, from_logits=True), ["accuracy"]), x, y)


@plant("softmax twice", 4)
def _(rng, i):
    import keras

    x, y, k = classes(rng)
    last = head(rng, k, "softmax") + [[keras.layers.Softmax()], [keras.layers.Activation("softmax")],
                                      [keras.layers.Dropout(0.1), keras.layers.Softmax()],
                                      [keras.layers.Reshape((k,)), keras.layers.Softmax()]][i]
    return Program(compiled(network(rng, last), loss(rng, "sce"), ["accuracy"]), x, y)


@plant("from_logits behind a reshape", 3)
def _(rng, i):
    import keras

    x, y, k = classes(rng)
    tail = [keras.layers.Reshape((k,)), keras.layers.Rescaling(1.0), keras.layers.Lambda(lambda p: p * 1.0)][i]
    model = network(rng, [*head(rng, k, "softmax"), tail])
    return Program(compiled(model, loss(rng, "sce", from_logits=True), ["accuracy"]), x, y)


@plant("softmax over the wrong axis", 2)
def _(rng, i):
    import keras

    k = 4
    x = rng.standard_normal((N, 6, 3)).astype("float32")
    y = rng.integers(0, k, (N, 6))
    y[:4, 0] = range(k)
    last = [keras.layers.Dense(k), keras.layers.Softmax(axis=1)]
    return Program(compiled(network(rng, last, d=(6, 3)), loss(rng, "sce"), ["accuracy"]), x, y)


@plant("softmax in a hidden layer", 3)
def _(rng, i):
    import keras

    body = [keras.layers.Dense(16, activation="softmax")]
    if i == 0:
        x, y = binary(rng)
        return Program(compiled(network(rng, head(rng, 1, "sigmoid"), body=body), loss(rng, "bce")), x, y)
    x, y, k = classes(rng)
    body = [keras.layers.Dense(16, activation="relu"), *body]
    return Program(compiled(network(rng, head(rng, k, "softmax"), body=body), loss(rng, "sce"), ["accuracy"]), x, y)


@plant("relu before from_logits", 3)
def _(rng, i):
    x, y, k = classes(rng)
    model = network(rng, head(rng, k, "relu"))
    return Program(compiled(model, loss(rng, "sce", from_logits=True), ["accuracy"]), x, y)


# What the head can reach


@plant("sigmoid head, larger targets", 4)
def _(rng, i):
    x, y = real(rng, low=0.0)
    x, y = as_dataset(rng, x, 5 * y)
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, ["mse", "mae"][i % 2]), ["mae"]), x, y)


@plant("relu head, negative targets", 4)
def _(rng, i):
    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, "relu")), loss(rng, ["mse", "huber"][i % 2])), x, y)


@plant("tanh head, larger targets", 3)
def _(rng, i):
    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, "tanh")), loss(rng, "mse")), x, 4 * y)


@plant("recurrent head, larger targets", 2)
def _(rng, i):
    import keras

    x = rng.standard_normal((N, 5, 2)).astype("float32")
    y = (10 + 3 * x.sum((1, 2))).astype("float32")
    last = [[keras.layers.LSTM, keras.layers.GRU][i](1)]
    return Program(compiled(network(rng, last, d=(5, 2), body=[]), loss(rng, "mse")), x, y)


@plant("hinge on a sigmoid head", 3)
def _(rng, i):
    x, y = binary(rng)
    y = np.where(y.astype(bool), 1.0, -1.0)
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, ["hinge", "squared_hinge"][i % 2])), x, y)


# Labels against losses


@plant("binary cross-entropy, labels outside 0 and 1", 6)
def _(rng, i):
    x, y = binary(rng)
    y = y.astype("float32")
    y = [y + 1, 255 * y, 2 * y - 1, every_class(rng, N, 3), 2 * y, real(rng)[1] * 4][i]
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce")), x, y)


@plant("sparse labels from 1", 4)
def _(rng, i):
    x, y, k = classes(rng)
    x, y = as_dataset(rng, x, y + 1)
    return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, "sce"), ["accuracy"]), x, y)


@plant("sparse labels outside the head", 4)
def _(rng, i):
    x, y, k = classes(rng, 5)
    y = y.copy()
    if i % 2:
        y[3] = -1
        units = k
    else:
        units = k - 2
    return Program(compiled(network(rng, head(rng, units, "softmax")), loss(rng, "sce"), ["accuracy"]), x, y)


@plant("sparse cross-entropy on one unit", 3)
def _(rng, i):
    x, y = binary(rng)
    model = network(rng, head(rng, 1, ["sigmoid", "sigmoid", "softmax"][i]))
    return Program(compiled(model, loss(rng, "sce"), ["accuracy"]), x, y)


@plant("categorical cross-entropy on one unit", 4)
def _(rng, i):
    x, y = binary(rng)
    y = y.reshape(-1, 1)
    model = network(rng, head(rng, 1, ["sigmoid", "softmax"][i % 2]))
    return Program(compiled(model, loss(rng, "cce"), ["accuracy"]), x, y)


@plant("sparse labels scaled", 3)
def _(rng, i):
    x, y, k = classes(rng)
    y = [y / 255, y / (k - 1), (y - y.mean()) / y.std()][i].astype("float32")
    return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, "sce"), ["accuracy"]), x, y)


@plant("one-hot labels with sparse cross-entropy", 4)
def _(rng, i):
    x, y, k = classes(rng)
    return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, "sce"), ["accuracy"]), x, one_hot(y, k))


@plant("integer labels with categorical cross-entropy", 4)
def _(rng, i):
    x, y, k = classes(rng)
    y = y if i % 2 else y[:, None]
    x, y = as_dataset(rng, x, y)
    return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, "cce"), ["accuracy"]), x, y)


@plant("categorical cross-entropy, scaled one-hot", 2)
def _(rng, i):
    x, y, k = classes(rng)
    y = one_hot(y, k) * [255, 0.1][i]
    return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, "cce")), x, y.astype("float32"))


@plant("units differ from one-hot columns", 3)
def _(rng, i):
    x, y, k = classes(rng)
    model = network(rng, head(rng, k + [1, -1, 3][i], "softmax"))
    return Program(compiled(model, loss(rng, "cce"), ["accuracy"]), x, one_hot(y, k))


@plant("two units for 0/1 labels with binary cross-entropy", 3)
def _(rng, i):
    x, y = binary(rng)
    model = network(rng, head(rng, 2, ["softmax", "sigmoid"][i % 2]))
    return Program(compiled(model, loss(rng, "bce"), ["accuracy"]), x, y.reshape(-1))


@plant("one unit for one-hot labels", 3)
def _(rng, i):
    x, y = binary(rng)
    y = one_hot(y.reshape(-1).astype(int), 2)
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce"), ["accuracy"]), x, y)


@plant("text labels", 3)
def _(rng, i):
    x, y, k = classes(rng, 3)
    y = np.array(["cat", "dog", "owl"])[y]
    y = y.astype(object) if i == 1 else y
    y = list(y) if i == 2 else y
    return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, "sce"), ["accuracy"]), x, y)


@plant("a list as y", 2)
def _(rng, i):
    x, y = real(rng)
    y = [y[:, 0].tolist(), y.tolist()][i]
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse")), x, y)


@plant("NaN in the targets", 3)
def _(rng, i):
    x, y = real(rng)
    y[7] = [np.nan, np.inf, np.nan][i]
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse")), x, y)


@plant("NaN in the features", 3)
def _(rng, i):
    x, y = binary(rng)
    x[40, 2] = [np.nan, np.inf, np.nan][i]
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce")), x, y)


@plant("rows of x and y differ", 2)
def _(rng, i):
    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse")), x, y[: N - 5 * (i + 1)])


@plant("poisson with negative predictions or targets", 3)
def _(rng, i):
    x, y = real(rng)
    if i == 0:  # counts, but a linear head
        y = rng.poisson(3.0, (N, 1)).astype("float32")
    return Program(compiled(network(rng, head(rng, 1, [None, "exponential", "softplus"][i])), loss(rng, "poisson")),
                   x, y)


@plant("percentage error with targets of zero", 3)
def _(rng, i):
    x, y = real(rng, low=1.0)
    y[: 10 * (i + 1)] = 0
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mape")), x, rng.permutation(y))


@plant("msle with negative targets", 2)
def _(rng, i):
    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "msle")), x, 3 * y)


# Shapes


@plant("targets broadcast against outputs", 4)
def _(rng, i):
    x, y = real(rng)
    name = ["mse", "mae", "huber", "log_cosh"][i]
    if i % 2:
        return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, name)), x, np.repeat(y, 3, 1))
    return Program(compiled(network(rng, head(rng, 3, None)), loss(rng, name)), x, y)


@plant("missing flatten", 4)
def _(rng, i):
    import keras

    x = rng.standard_normal((N, 5, 3)).astype("float32")
    if i % 2:
        y = every_class(rng, N, 2)
        model = network(rng, head(rng, 1, "sigmoid"), d=(5, 3))
        return Program(compiled(model, loss(rng, "bce")), x, y[:, None])
    y = x.mean((1, 2))
    body = [keras.layers.LSTM(4, return_sequences=True)] if i else None
    model = network(rng, head(rng, 1, None), d=(5, 3), body=body)
    return Program(compiled(model, loss(rng, "mse")), x, y if i else y[:, None])


# Metrics


@plant("accuracy in regression", 4)
def _(rng, i):
    x, y = real(rng)
    metric = ["accuracy", "acc", "binary_accuracy", "accuracy"][i]
    x, y = as_dataset(rng, x, y)
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, ["mse", "mae"][i % 2]), [metric]), x, y)


@plant("accuracy on multilabel", 4)
def _(rng, i):
    x, k = features(rng, N, D), int(rng.integers(3, 7))
    y = multi_hot(rng, N, k)
    return Program(compiled(network(rng, head(rng, k, "sigmoid")), loss(rng, "bce"), ["accuracy"]), x, y)


@plant("threshold metrics on logits", 6)
def _(rng, i):
    import keras

    M = keras.metrics
    metric = ["accuracy", M.Precision(), M.Recall(), M.AUC(), M.BinaryAccuracy(), M.F1Score(threshold=0.5)][i]
    x, y = binary(rng)
    model = compiled(network(rng, head(rng, 1, None)), loss(rng, "bce", from_logits=True), [metric])
    return Program(model, x, y.reshape(-1, 1))


@plant("F1 without a threshold on one unit", 3)
def _(rng, i):
    import keras

    x, y = binary(rng)
    metric = [keras.metrics.F1Score(), "f1_score", keras.metrics.FBetaScore(beta=2.0)][i]
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce"), [metric]), x, y.reshape(-1, 1))


@plant("precision over softmax columns", 5)
def _(rng, i):
    import keras

    M = keras.metrics
    metric = [M.Precision(), M.Recall(), M.AUC(), "precision", "recall"][i]
    x, y, k = classes(rng, [2, 2, 3, 2, 4][i])
    return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, "cce"), [metric]), x, one_hot(y, k))


@plant("precision on integer labels and softmax columns", 3)
def _(rng, i):
    import keras

    M = keras.metrics
    x, y, k = classes(rng)
    model = network(rng, head(rng, k, "softmax"))
    return Program(compiled(model, loss(rng, "sce"), [[M.Precision(), M.AUC(), M.Recall()][i]]), x, y)


@plant("wrong variant of accuracy", 6)
def _(rng, i):
    import keras

    x, y, k = classes(rng)
    if i == 0:
        return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, "sce"), ["categorical_accuracy"]), x,
                       y[:, None])
    if i == 1:
        model = network(rng, head(rng, k, "softmax"))
        return Program(compiled(model, loss(rng, "cce"), [keras.metrics.BinaryAccuracy()]), x, one_hot(y, k))
    if i == 2:
        model = network(rng, head(rng, k, "softmax"))
        return Program(compiled(model, loss(rng, "cce"), [keras.metrics.Accuracy()]), x, one_hot(y, k))
    x, y = binary(rng)
    metric = ["categorical_accuracy", "sparse_categorical_accuracy", keras.metrics.Accuracy()][i - 3]
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce"), [metric]), x, y.reshape(-1, 1))


@plant("MeanIoU on probabilities", 2)
def _(rng, i):
    import keras

    x, y = binary(rng)
    metric = keras.metrics.MeanIoU(num_classes=2)
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce"), [metric]), x, y.reshape(-1, 1))


@plant("accuracy with labels -1 and 1", 3)
def _(rng, i):
    x, y = binary(rng)
    y = np.where(y.astype(bool), 1.0, -1.0).reshape(-1, 1)
    model = network(rng, head(rng, 1, ["tanh", None, "tanh"][i]))
    return Program(compiled(model, loss(rng, ["hinge", "hinge", "mse"][i]), ["accuracy"]), x, y)


@plant("top-k with k of all classes", 3)
def _(rng, i):
    import keras

    x, y, k = classes(rng, 3)
    M = keras.metrics
    model = network(rng, head(rng, k, "softmax"))
    if i == 2:
        metric = M.TopKCategoricalAccuracy(k=3)
        return Program(compiled(model, loss(rng, "cce"), [metric]), x, one_hot(y, k))
    return Program(compiled(model, loss(rng, "sce"), [[M.SparseTopKCategoricalAccuracy()], "x"][0]), x, y)


@plant("R2 or F1 on flat labels", 2)
def _(rng, i):
    import keras

    x, y = real(rng)
    if i:
        x, y = binary(rng)
        model = network(rng, head(rng, 1, "sigmoid"))
        return Program(compiled(model, loss(rng, "bce"), [keras.metrics.F1Score(threshold=0.5)]), x, y.reshape(-1))
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse"), [keras.metrics.R2Score()]), x, y[:, 0])


@plant("a metric that does not exist", 3)
def _(rng, i):
    x, y = binary(rng)
    metric = ["f1", "precison", "rmse"][i]
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce"), [metric]), x, y)


@plant("a loss that does not exist", 4)
def _(rng, i):
    x, y = binary(rng)
    name = ["accuracy", "binary_cross_entropy", "rmse", "crossentropy_binary"][i]
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), name, ["accuracy"]), x, y)


@plant("a metric as a bare function", 2)
def _(rng, i):
    from keras import ops

    def f1(y_true, y_pred):
        y_true, y_pred = ops.cast(y_true, "float32"), ops.round(y_pred)
        hits = ops.sum(y_true * y_pred)
        return 2 * hits / (ops.sum(y_true) + ops.sum(y_pred) + 1e-7)

    def r2(y_true, y_pred):
        y_true = ops.cast(y_true, "float32")
        return 1 - ops.sum((y_true - y_pred) ** 2) / (ops.sum((y_true - ops.mean(y_true)) ** 2) + 1e-7)

    x, y = [binary, real][i](rng)
    model = network(rng, head(rng, 1, ["sigmoid", None][i]))
    return Program(compiled(model, loss(rng, ["bce", "mse"][i]), [[f1, r2][i]]), x, y.reshape(-1, 1))


# Losses of one's own


@plant("custom loss broadcasts flat labels", 3)
def _(rng, i):
    import keras
    from keras import ops

    class MyLoss(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return ops.mean(ops.square(y_true - y_pred), axis=-1)

    class MyMae(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return ops.mean(ops.abs(y_true - y_pred))

    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, None)), [MyLoss(), MyMae(), MyLoss()][i]), x, y[:, 0])


@plant("custom metric broadcasts flat labels", 2)
def _(rng, i):
    import keras
    from keras import ops

    def my_mae(y_true, y_pred):
        return ops.mean(ops.abs(y_true - y_pred))

    class Mae(keras.metrics.Metric):
        def __init__(self, name="own_mae", **kwargs):
            super().__init__(name=name, **kwargs)
            self.total = self.add_weight(name="total", initializer="zeros")
            self.count = self.add_weight(name="count", initializer="zeros")

        def update_state(self, y_true, y_pred, sample_weight=None):
            error = ops.abs(ops.cast(y_true, "float32") - y_pred)
            self.total.assign_add(ops.mean(error))
            self.count.assign_add(1.0)

        def result(self):
            return self.total / self.count

    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse"), [[my_mae, Mae()][i]]), x, y[:, 0])


@plant("custom loss returns one number", 3)
def _(rng, i):
    from keras import ops

    def scalar(y_true, y_pred):
        return ops.mean(ops.square(ops.cast(y_true, "float32") - y_pred))

    x, y = real(rng)
    weights = rng.uniform(0.5, 2, N) if i else None
    return Program(compiled(network(rng, head(rng, 1, None)), scalar), x, y, options={"sample_weight": weights})


@plant("arguments of a custom loss swapped", 3)
def _(rng, i):
    from keras import ops

    def weighted(y_pred, y_true):
        error = ops.square(ops.cast(y_true, "float32") - y_pred)
        return ops.mean(ops.where(y_pred < y_true, 5.0, 1.0) * error, axis=-1)

    def surprise(y_pred, y_true):
        return -ops.sum(ops.cast(y_true, "float32") * ops.log(y_pred + 1e-7), axis=-1)

    if i == 1:
        x, y, k = classes(rng)
        return Program(compiled(network(rng, head(rng, k, "softmax")), surprise), x, one_hot(y, k))
    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, None)), weighted), x, y)


@plant("custom loss with the wrong sign", 3)
def _(rng, i):
    from keras import ops

    def negative_mse(y_true, y_pred):
        return -ops.mean(ops.square(y_true - y_pred), axis=-1)

    def likelihood(y_true, y_pred):
        return ops.sum(y_true * ops.log(y_pred + 1e-7), axis=-1)

    def dice(y_true, y_pred):
        y_true = ops.cast(y_true, "float32")
        return 2 * ops.sum(y_true * y_pred) / (ops.sum(y_true) + ops.sum(y_pred) + 1e-7)

    if i == 0:
        x, y = real(rng)
        return Program(compiled(network(rng, head(rng, 1, None)), negative_mse), x, y)
    if i == 1:
        x, y, k = classes(rng)
        return Program(compiled(network(rng, head(rng, k, "softmax")), likelihood), x, one_hot(y, k))
    x, y = binary(rng)
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), dice), x, y.reshape(-1, 1))


@plant("a loss without a gradient", 3)
def _(rng, i):
    from keras import ops

    def error_rate(y_true, y_pred):
        return ops.mean(ops.abs(ops.cast(y_true, "float32") - ops.round(y_pred)), axis=-1)

    def hard_f1(y_true, y_pred):
        y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred > 0.5, "float32")
        return 1 - 2 * ops.sum(y_true * y_pred) / (ops.sum(y_true) + ops.sum(y_pred) + 1e-7)

    def mistakes(y_true, y_pred):
        return ops.cast(ops.not_equal(y_true, ops.cast(ops.argmax(y_pred, -1), "float32")), "float32")

    if i == 2:
        x, y, k = classes(rng)
        return Program(compiled(network(rng, head(rng, k, "softmax")), mistakes), x, y)
    x, y = binary(rng)
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), [error_rate, hard_f1][i]), x, y.reshape(-1, 1))


@plant("a loss that is NaN", 2)
def _(rng, i):
    from keras import ops

    def logarithm(y_true, y_pred):
        return ops.mean(ops.square(ops.log(y_true) - ops.log(y_pred)), axis=-1)

    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, [None, "exponential"][i])), logarithm), x, y)


# Arguments of losses


@plant("mean squared error for classes", 4)
def _(rng, i):
    if i % 2:
        x, y = binary(rng)
        model = network(rng, head(rng, 1, "sigmoid"))
        return Program(compiled(model, loss(rng, ["mse", "mae"][i // 2]), ["accuracy"]), x, y)
    x, y, k = classes(rng)
    model = network(rng, head(rng, k, "softmax"))
    return Program(compiled(model, loss(rng, ["mse", "mae"][i // 2]), ["accuracy"]), x, one_hot(y, k))


@plant("unscaled target", 3)
def _(rng, i):
    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse"), ["mae"]), x, 200_000 + 80_000 * y)


@plant("reduction sum", 2)
def _(rng, i):
    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, ["mse", "mae"][i], reduction="sum")), x, y)


@plant("focal alpha without class balancing", 2)
def _(rng, i):
    x, y = binary(rng)
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "focal", alpha=[0.75, 0.9][i])), x, y)


@plant("label smoothing out of range", 2)
def _(rng, i):
    x, y, k = classes(rng)
    model = network(rng, head(rng, k, "softmax"))
    return Program(compiled(model, loss(rng, "cce", label_smoothing=[1.5, 10][i])), x, one_hot(y, k))


@plant("huber delta against the scale", 2)
def _(rng, i):
    x, y = real(rng)
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "huber", delta=1.0)), x, y * [1e-3, 500][i])


@plant("imbalance reported by accuracy", 2)
def _(rng, i):
    x, y = features(rng, 400, D), np.zeros(400, int)
    y[:12] = 1
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce"), ["accuracy"]), x,
                   rng.permutation(y))


@plant("labels sorted", 2)
def _(rng, i):
    x, y, k = classes(rng)
    order = np.argsort(y)
    return Program(compiled(network(rng, head(rng, k, "softmax")), loss(rng, "sce"), ["accuracy"]), x[order], y[order])


@plant("only one class in y", 2)
def _(rng, i):
    x = features(rng, N, D)
    y = np.full(N, i)
    return Program(compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce"), ["accuracy"]), x, y)


# Weights and callbacks


@plant("class_weight that does not fit", 6)
def _(rng, i):
    if i == 3:
        x, k = features(rng, N, D), 4
        model = compiled(network(rng, head(rng, k, "sigmoid")), loss(rng, "bce"))
        return Program(model, x, multi_hot(rng, N, k), options={"class_weight": {0: 1.0, 1: 2.0, 2: 1.0, 3: 5.0}})
    if i == 4:
        x, y = real(rng)
        return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse")), x, y,
                       options={"class_weight": {0: 1.0, 1: 2.0}})
    x, y, k = classes(rng, 3)
    weight = [{"cat": 1.0, "dog": 2.0, "owl": 1.0}, {1: 1.0, 2: 2.0, 3: 1.0}, [1.0, 2.0, 1.0], None, None,
              "balanced"][i]
    model = compiled(network(rng, head(rng, k, "softmax")), loss(rng, "sce"), ["accuracy"])
    return Program(model, x, y, options={"class_weight": weight})


@plant("weights missing from the metrics", 2)
def _(rng, i):
    x, y = binary(rng)
    model = compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce"), ["accuracy"])
    return Program(model, x, y, options={"class_weight": {0: 1.0, 1: 9.0}})


@plant("sample_weight that does not fit", 3)
def _(rng, i):
    x, y = real(rng)
    weight = [np.ones(N - 4), -np.ones(N), np.full(N, np.nan)][i]
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse")), x, y,
                   options={"sample_weight": weight})


def validated(rng, metrics, callbacks, activation="sigmoid"):
    x, y = binary(rng)
    model = compiled(network(rng, head(rng, 1, activation)), loss(rng, "bce"), metrics)
    return Program(model, x, y, options={"callbacks": callbacks, "validation_data": (x[:20], y[:20])})


@plant("monitor in the wrong direction", 4)
def _(rng, i):
    import keras

    C = keras.callbacks
    callback = [C.EarlyStopping(monitor="val_loss", mode="max"),
                C.ModelCheckpoint("m.keras", monitor="val_accuracy", mode="min", save_best_only=True),
                C.ReduceLROnPlateau(monitor="val_accuracy", mode="min"),
                C.EarlyStopping(monitor="val_auc", mode="min")][i]
    return validated(rng, ["accuracy", keras.metrics.AUC(name="auc")], [callback])


@plant("monitor of a name that is not there", 4)
def _(rng, i):
    import keras

    C = keras.callbacks
    callback = [C.EarlyStopping(monitor="val_acc"), C.EarlyStopping(monitor="val_f1", mode="max"),
                C.ModelCheckpoint("m.keras", monitor="val_auc", mode="max", save_best_only=True),
                C.ReduceLROnPlateau(monitor="valid_loss")][i]
    return validated(rng, ["accuracy"], [callback])


@plant("monitor without a known direction", 2)
def _(rng, i):
    import keras
    from keras import ops

    def confidence(y_true, y_pred):
        return ops.abs(y_pred - 0.5)

    return validated(rng, [confidence], [keras.callbacks.EarlyStopping(monitor=["val_confidence", "confidence"][i])])


# Training itself


@plant("learning rate far too high", 4)
def _(rng, i):
    import keras

    optimizers = keras.optimizers
    x, y = real(rng)
    optimizer = [optimizers.SGD(10.0), optimizers.Adam(1.0), optimizers.SGD(100.0), optimizers.RMSprop(1.0)][i]
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse"), ["mae"], optimizer), x, y)


@plant("learning rate of zero", 2)
def _(rng, i):
    import keras

    x, y = real(rng)
    optimizer = [keras.optimizers.SGD(0.0), keras.optimizers.Adam(1e-12)][i]
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse"), ["mae"], optimizer), x, y)


@plant("nothing to train", 2)
def _(rng, i):
    x, y = binary(rng)
    model = network(rng, head(rng, 1, "sigmoid"))
    if i:
        for layer in model.layers:
            layer.trainable = False
    else:
        model.trainable = False
    return Program(compiled(model, loss(rng, "bce"), ["accuracy"]), x, y)


@plant("images not scaled", 3)
def _(rng, i):
    import keras

    x = rng.integers(0, 256, (N, 8, 8)).astype(["uint8", "float32", "float64"][i])
    y = every_class(rng, N, 4)
    body = [keras.layers.Flatten(), keras.layers.Dense(8, activation="relu")]
    model = network(rng, head(rng, 4, "softmax"), d=(8, 8), body=body)
    return Program(compiled(model, loss(rng, "sce"), ["accuracy"], ["adam", "sgd", "sgd"][i]), x, y)


@plant("weights all zero", 2)
def _(rng, i):
    import keras

    x, y = binary(rng)
    body = [keras.layers.Dense(8, activation=["relu", "tanh"][i], kernel_initializer=["zeros", "ones"][i])]
    return Program(compiled(network(rng, head(rng, 1, "sigmoid"), body=body), loss(rng, "bce")), x, y)


@plant("hidden layers without an activation", 3)
def _(rng, i):
    import keras

    x, y = binary(rng)
    body = [keras.layers.Dense(16), keras.layers.Dense(8)][: 1 + i % 2]
    return Program(compiled(network(rng, head(rng, 1, "sigmoid"), body=body), loss(rng, "bce")), x, y)


@plant("dropout on the output", 2)
def _(rng, i):
    import keras

    x, y = [binary, real][i](rng)
    last = [*head(rng, 1, ["sigmoid", None][i]), keras.layers.Dropout(0.5)]
    return Program(compiled(network(rng, last), loss(rng, ["bce", "mse"][i])), x, y)


# Several outputs


def two_outputs(rng, **arguments):
    import keras

    x = features(rng, N, D)
    inputs = keras.Input((D,))
    hidden = keras.layers.Dense(8, activation="relu")(inputs)
    price = keras.layers.Dense(1, name="price")(hidden)
    sold = keras.layers.Dense(1, activation="sigmoid", name="sold")(hidden)
    model = keras.Model(inputs, [price, sold])
    y = {"price": x[:, :1] * 3, "sold": every_class(rng, N, 2)[:, None]}
    arguments = {"loss": {"price": "mse", "sold": "binary_crossentropy"}} | arguments
    return compiled(model, **arguments), x, y


@plant("losses of two outputs swapped", 3)
def _(rng, i):
    swapped = [{"price": "binary_crossentropy", "sold": "mse"}, ["binary_crossentropy", "mse"], "bce"][i]
    model, x, y = two_outputs(rng, loss=swapped)
    return Program(model, x, list(y.values()) if i else y)


@plant("targets of two outputs swapped", 2)
def _(rng, i):
    model, x, y = two_outputs(rng)
    y = [y["sold"], y["price"]] if i else {"price": y["sold"], "sold": y["price"]}
    return Program(model, x, y)


@plant("output names that do not match", 3)
def _(rng, i):
    if i == 0:
        model, x, y = two_outputs(rng, loss={"cost": "mse", "sold": "binary_crossentropy"})
    elif i == 1:
        model, x, y = two_outputs(rng)
        y = {"cost": y["price"], "sold": y["sold"]}
    else:
        model, x, y = two_outputs(rng, metrics={"cost": ["mae"]})
    return Program(model, x, y)


@plant("one metric object for two outputs", 2)
def _(rng, i):
    import keras

    shared = [keras.metrics.MeanAbsoluteError(), keras.metrics.MeanSquaredError()][i]
    model, x, y = two_outputs(rng, metrics={"price": [shared], "sold": [shared]})
    return Program(model, x, y)


@plant("accuracy on the regression output", 2)
def _(rng, i):
    model, x, y = two_outputs(rng, metrics={"price": ["accuracy"], "sold": ["accuracy"]})
    return Program(model, x, y)


# Sequences


@plant("padding counted in the metrics", 2)
def _(rng, i):
    import keras

    length, words = 12, 9
    x = rng.integers(1, words, (N, length))
    for row, end in enumerate(rng.integers(3, 6, N)):
        x[row, end:] = 0
    y = x % 4
    y[x == 0] = 0
    body = [keras.layers.Embedding(words, 6)]
    model = network(rng, head(rng, 4, "softmax"), d=(length,), body=body)
    return Program(compiled(model, loss(rng, "sce"), ["accuracy"]), x, y)
