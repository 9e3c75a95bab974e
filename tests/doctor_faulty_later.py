"""A second set of planted faults, in other words: written after the rules, run once, and not tuned to them.

`later()` yields (name, codes of which one must be found, make). Where the first set varies one fault, this one mixes in
what surrounds it in real programs: other layers, `tf.nn` activations, operations in `call`, tables, data sets.
"""

from __future__ import annotations

import numpy as np
from doctor_programs import Program, every_class, features, multi_hot, one_hot, start

N, D = 80, 5
LATER = []


def later():
    for name, codes, make in LATER:
        yield name, set(codes.split()), lambda name=name, make=make: make(start(len(name)))


def plant(name, codes):
    def register(make):
        LATER.append((name, codes, make))
        return make

    return register


def net(*last, shape=(D,), body=None):
    from keras import Input, Sequential, layers

    return Sequential([Input(shape), *(body if body is not None else [layers.Dense(12, activation="relu")]), *last])


def program(model, x, y, loss, metrics=None, options=None, **arguments):
    model.compile(optimizer=arguments.pop("optimizer", "adam"), loss=loss, metrics=metrics, **arguments)
    return Program(model, x, y, options=options or {})


def dense(*args, **kwargs):
    from keras import layers

    return layers.Dense(*args, **kwargs)


def ids(rng, k=3):
    return every_class(rng, N, k)


def own(call, *parts):
    """A subclassed model, built, that computes call(x, *parts)."""
    import keras

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.parts = list(parts)

        def call(self, x):
            return call(x, *self.parts)

    model = Own()
    model(np.zeros((2, D), "float32"))
    return model


def simple(name, codes, units, activation, loss, y, metrics=None, **more):
    """Register a program with one Dense head; y(rng) and loss() make their parts."""
    def make(rng):
        made = loss() if callable(loss) else loss
        chosen = metrics() if callable(metrics) else metrics
        return program(net(dense(units, activation=activation)), features(rng, N, D), y(rng), made, chosen, **more)

    LATER.append((name, codes, make))


def L(name, **arguments):  # noqa: N802
    def make():
        import keras

        return getattr(keras.losses, name)(**arguments)

    return make


def M(name, **arguments):  # noqa: N802
    def make():
        import keras

        return [getattr(keras.metrics, name)(**arguments)]

    return make


def yes(rng):
    return ids(rng, 2)


def column(rng):
    return ids(rng, 2)[:, None].astype("float32")


def rows(rng):
    return one_hot(ids(rng), 3)


def real(rng):
    return rng.standard_normal((N, 1)).astype("float32")


def many(rng):
    return multi_hot(rng, N, 4)


simple("focal loss on a linear head", "probabilities-expected", 1, None, L("BinaryFocalCrossentropy"), column)
simple("categorical focal on sigmoids", "sigmoid-categorical", 3, "sigmoid", L("CategoricalFocalCrossentropy"), rows)
simple("categorical loss on softplus", "probabilities-expected", 3, "softplus", "categorical_crossentropy", rows)
simple("selu head, sparse loss", "probabilities-expected", 3, "selu", "sparse_categorical_crossentropy", ids)
simple("KLD on a linear head", "probabilities-expected", 3, None, "kl_divergence", rows)
simple("signs with BCE on logits", "labels-outside-0-1", 1, None, L("BinaryCrossentropy", from_logits=True),
       lambda r: 2 * yes(r) - 1)
simple("percent with BCE", "labels-outside-0-1", 1, "sigmoid", "bce", lambda r: 100 * r.random(N))
simple("float ids from 1 in a column", "sparse-out-of-range", 3, "softmax", "sparse_categorical_crossentropy",
       lambda r: (ids(r) + 1.0)[:, None])
simple("ids from 1 with categorical loss", "categorical-integers", 3, "softmax", "categorical_crossentropy",
       lambda r: ids(r) + 1)
simple("to_categorical of ids from 1", "shapes", 3, "softmax", "categorical_crossentropy",
       lambda r: one_hot(ids(r) + 1, 4))
simple("scores 3 to 8 as classes", "sparse-out-of-range", 6, "softmax", "sparse_categorical_crossentropy",
       lambda r: ids(r, 6) + 3)
simple("regression targets with categorical loss", "one-unit-categorical", 1, None, "categorical_crossentropy", real)
simple("one softmax unit for regression", "softmax-one-unit", 1, "softmax", "mae", real)
simple("Huber on two units, one target", "shapes", 2, None, L("Huber"), real)
simple("flat targets on seven units", "shapes", 7, None, "mae", lambda r: real(r)[:, 0])
simple("hinge on relu", "hinge-head", 1, "relu", "hinge", lambda r: 2 * yes(r) - 1)
simple("cosine on one unit", "cosine-one-unit", 1, None, "cosine_similarity", real)
simple("negative counts", "negative-counts", 1, "exponential", "poisson", real)
simple("MAPE as metric, zeros in y", "zero-percent", 1, None, "mse", lambda r: real(r) * (r.random((N, 1)) > 0.3),
       ["mape"])
simple("hard sigmoid, targets to 10", "head-range", 1, "hard_sigmoid", "mse", lambda r: 10 * r.random(N))
simple("softsign, targets to 3", "head-range", 1, "softsign", "log_cosh", lambda r: 3 * np.sign(r.standard_normal(N)))
simple("accuracy with Huber", "accuracy-regression", 1, None, L("Huber"), real, ["accuracy"])
simple("accuracy of star ratings", "accuracy-regression", 1, None, "mse", lambda r: ids(r, 5) + 1, ["accuracy"])
simple("accuracy on shares of gray", "accuracy-regression", 1, "sigmoid", "bce", lambda r: r.random(N), ["accuracy"])
simple("recall at precision on logits", "metric-on-logits", 1, None, L("BinaryCrossentropy", from_logits=True), column,
       M("RecallAtPrecision", precision=0.5))
simple("true positives on logits", "metric-on-logits", 1, None, L("BinaryCrossentropy", from_logits=True), column,
       M("TruePositives"))
simple("binary accuracy on multilabel "
       "logits", "metric-on-logits", 4, None, L("BinaryCrossentropy", from_logits=True), many,
       ["binary_accuracy"])
simple("accuracy on hinge margins", "metric-on-logits", 1, "tanh", "hinge", yes, ["accuracy"])
simple("macro F1 on multilabel without "
       "threshold", "f1-threshold", 4, "sigmoid", "bce", many, M("F1Score", average="macro"))
simple("recall on three softmax columns", "micro-average", 3, "softmax", "categorical_crossentropy", rows, M("Recall"))
simple("AUC with ids on two softmax units", "metric-shape", 2, "softmax", "sparse_categorical_crossentropy", yes,
       M("AUC"))
simple("binary accuracy by name on softmax", "accuracy-variant", 3, "softmax", "categorical_crossentropy", rows,
       ["binary_accuracy"])
simple("sparse accuracy on rows", "accuracy-variant", 3, "softmax", "categorical_crossentropy", rows,
       ["sparse_categorical_accuracy"])
simple("exact accuracy on a softmax", "accuracy-variant", 3, "softmax", "sparse_categorical_crossentropy", ids,
       M("Accuracy"))
simple("categorical accuracy for 0/1", "accuracy-variant", 1, "sigmoid", "bce", yes, M("CategoricalAccuracy"))
simple("IoU of probabilities", "iou-probabilities", 1, "sigmoid", "bce", column, M("IoU", num_classes=2,
                                                                                  target_class_ids=[1]))
simple("top 5 of 4", "top-k", 4, "softmax", "sparse_categorical_crossentropy", lambda r: ids(r, 4),
       ["sparse_top_k_categorical_accuracy"])
simple("roc_auc by name", "unknown-metric", 1, "sigmoid", "bce", yes, ["roc_auc"])
simple("misspelled loss", "unknown-loss", 3, "softmax", "categorical_cross_entropy", rows)
simple("mean square error", "unknown-loss", 1, None, "mean_square_error", real)
simple("AUC as loss", "unknown-loss", 1, "sigmoid", "auc", yes)
simple("too much smoothing", "label-smoothing", 3, "softmax", L("CategoricalCrossentropy", label_smoothing=2), rows)
simple("alpha without effect", "focal-alpha", 1, "sigmoid", L("BinaryFocalCrossentropy", alpha=0.9), column)
simple("summed loss", "reduction-sum", 1, None, L("MeanAbsoluteError", reduction="sum"), real)
simple("prices", "unscaled-target", 1, None, "mae", lambda r: 300_000 + 1e5 * r.standard_normal(N))
simple("tiny delta", "huber-delta", 1, None, L("Huber", delta=0.001), real)
simple("squared error for three classes", "classes-as-numbers", 3, "softmax", "mse", rows, ["accuracy"])
simple("sorted classes", "sorted-labels", 3, "softmax", "sparse_categorical_crossentropy", lambda r: np.sort(ids(r)))
simple("always 1", "one-class", 1, "sigmoid", "bce", lambda r: np.ones(N))
simple("text in an object column", "text-labels", 1, "sigmoid", "bce", lambda r: np.array(["n", "y"], object)[yes(r)])
simple("None among the targets", "text-labels", 1, "sigmoid", "bce",
       lambda r: np.array([None if i == 3 else float(v) for i, v in enumerate(yes(r))], object))
simple("class weights from 1", "class-weight-keys", 3, "softmax", "sparse_categorical_crossentropy", ids, None,
       options={"class_weight": {1: 1.0, 2: 2.0, 3: 3.0}})
simple("class weight misses a class", "class-weight-keys", 3, "softmax", "sparse_categorical_crossentropy", ids, None,
       options={"class_weight": {0: 1.0, 2: 3.0}})
simple("class weights as an array", "class-weight-form", 1, "sigmoid", "bce", yes, None,
       options={"class_weight": np.array([1.0, 9.0])})
simple("class weights for amounts", "class-weight-labels", 1, None, "mse", real, None,
       options={"class_weight": {0: 1.0, 1: 5.0}})
simple("too few sample weights", "sample-weight", 1, "sigmoid", "bce", yes, None,
       options={"sample_weight": np.ones(N - 1)})


@plant("convolution, pooling, one softmax unit", "softmax-one-unit")
def _(rng):
    from keras import layers

    body = [layers.Conv1D(4, 3, activation="relu"), layers.GlobalAveragePooling1D()]
    model = net(dense(1), layers.Activation("softmax"), shape=(12, 2), body=body)
    return program(model, rng.standard_normal((N, 12, 2)), yes(rng), "binary_crossentropy", ["accuracy"])


@plant("tf.nn.softmax with from_logits", "logits-expected")
def _(rng):
    import tensorflow as tf

    return program(net(dense(3, activation=tf.nn.softmax)), features(rng, N, D), ids(rng),
                   L("SparseCategoricalCrossentropy", from_logits=True)(), ["accuracy"])


@plant("softmax in call with from_logits", "logits-expected")
def _(rng):
    import tensorflow as tf

    model = own(lambda x, a, b: tf.nn.softmax(b(a(x))), dense(8, activation="relu"), dense(3))
    return program(model, features(rng, N, D), ids(rng), L("SparseCategoricalCrossentropy", from_logits=True)())


@plant("sigmoid in call, larger targets", "head-range")
def _(rng):
    import tensorflow as tf

    model = own(lambda x, a, b: tf.sigmoid(b(tf.nn.relu(a(x)))), dense(8), dense(1))
    return program(model, features(rng, N, D), 5 + real(rng), "mse")


@plant("linear output of call with BCE", "probabilities-expected")
def _(rng):
    model = own(lambda x, a, b: b(a(x)), dense(8, activation="relu"), dense(1))
    return program(model, features(rng, N, D), yes(rng), "binary_crossentropy")


@plant("softmax of a softmax in a nested model", "softmax-twice")
def _(rng):
    import keras

    inner = keras.Sequential([keras.Input((D,)), dense(8, activation="relu"), dense(3, activation="softmax")])
    inputs = keras.Input((D,))
    return program(keras.Model(inputs, keras.layers.Softmax()(inner(inputs))), features(rng, N, D), ids(rng),
                   "sparse_categorical_crossentropy", ["accuracy"])


@plant("keras.ops.sigmoid with a sparse loss", "sigmoid-categorical")
def _(rng):
    import keras

    inputs = keras.Input((D,))
    out = keras.ops.sigmoid(dense(3)(dense(8, activation="relu")(inputs)))
    return program(keras.Model(inputs, out), features(rng, N, D), ids(rng), "sparse_categorical_crossentropy")


@plant("softmax on one unit at every step", "softmax-one-unit")
def _(rng):
    from keras import layers

    model = net(layers.TimeDistributed(dense(1, activation="softmax")), shape=(6, 2), body=[layers.GRU(4,
                return_sequences=True)])
    return program(model, rng.standard_normal((N, 6, 2)), rng.integers(0, 2, (N, 6, 1)), "binary_crossentropy")


@plant("a bidirectional LSTM at the end, large targets", "head-range shapes")
def _(rng):
    from keras import layers

    model = net(layers.Bidirectional(layers.LSTM(1), merge_mode="ave"), shape=(6, 2), body=[])
    return program(model, rng.standard_normal((N, 6, 2)), 50 + real(rng), "mse")


@plant("masks of 0 and 255 as classes", "sparse-out-of-range")
def _(rng):
    from keras import layers

    model = net(layers.Conv2D(2, 1, activation="softmax"), shape=(6, 6, 1), body=[layers.Conv2D(4, 3, padding="same",
                activation="relu")])
    return program(model, rng.random((N, 6, 6, 1)), 255 * rng.integers(0, 2, (N, 6, 6)),
                   "sparse_categorical_crossentropy")


@plant("dummies of a table with a sparse loss", "sparse-one-hot")
def _(rng):
    import pandas as pd

    y = pd.get_dummies(pd.Series(np.array(["a", "b", "c"])[ids(rng)]))
    return program(net(dense(3, activation="softmax")), pd.DataFrame(features(rng, N, D)), y,
                   "sparse_categorical_crossentropy")


@plant("an infinite feature in a data set", "missing-values")
def _(rng):
    import tensorflow as tf

    x = features(rng, N, D)
    x[50, 1] = np.inf
    pairs = tf.data.Dataset.from_tensor_slices((x, yes(rng))).batch(16)
    return program(net(dense(1, activation="sigmoid")), pairs, None, "bce")


@plant("a data set of single samples", "not-batched")
def _(rng):
    import tensorflow as tf

    return program(net(dense(1, activation="sigmoid")), tf.data.Dataset.from_tensor_slices((features(rng, N, D),
                   yes(rng))), None, "bce")


@plant("convolution without pooling", "shapes")
def _(rng):
    from keras import layers

    model = net(dense(1), shape=(8, 2), body=[layers.Conv1D(4, 3, activation="relu")])
    return program(model, rng.standard_normal((N, 8, 2)), real(rng), "mae")


@plant("AUC on logits among weighted metrics", "metric-on-logits")
def _(rng):
    return program(net(dense(1)), features(rng, N, D), column(rng), L("BinaryCrossentropy", from_logits=True)(),
                   weighted_metrics=M("AUC")())


@plant("cross-entropy metric on logits", "metric-on-logits")
def _(rng):
    return program(net(dense(3)), features(rng, N, D), rows(rng), L("CategoricalCrossentropy", from_logits=True)(),
                   ["categorical_crossentropy"])


@plant("a Loss class with swapped arguments", "arguments-swapped")
def _(rng):
    import keras

    class Asymmetric(keras.losses.Loss):
        def call(self, y_pred, y_true):
            error = y_true - y_pred
            return keras.ops.mean(keras.ops.maximum(0.9 * error, -0.1 * error), axis=-1)

    return program(net(dense(1)), features(rng, N, D), real(rng), Asymmetric())


@plant("IoU as loss", "loss-rewards-errors")
def _(rng):
    from keras import ops

    def iou(y_true, y_pred):
        both = ops.sum(y_true * y_pred, axis=-1)
        return both / (ops.sum(y_true + y_pred, axis=-1) - both + 1e-7)

    return program(net(dense(4, activation="sigmoid")), features(rng, N, D), many(rng), iou)


@plant("log likelihood without the minus", "loss-rewards-errors")
def _(rng):
    from keras import ops

    def likelihood(y_true, y_pred):
        return ops.mean(y_true * ops.log(y_pred + 1e-7) + (1 - y_true) * ops.log(1 - y_pred + 1e-7), axis=-1)

    return program(net(dense(1, activation="sigmoid")), features(rng, N, D), column(rng), likelihood)


@plant("accuracy as a loss of one's own", "no-gradient")
def _(rng):
    import tensorflow as tf

    def accuracy(y_true, y_pred):
        return 1 - tf.reduce_mean(tf.cast(tf.equal(tf.cast(y_true, tf.float32), tf.round(y_pred)), tf.float32))

    return program(net(dense(1, activation="sigmoid")), features(rng, N, D), column(rng), accuracy)


@plant("a ratio of sums broadcasts flat targets", "loss-broadcasts")
def _(rng):
    import keras

    class Relative(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return keras.ops.abs(y_true - y_pred) / (keras.ops.abs(y_true) + 1.0)

    return program(net(dense(1)), features(rng, N, D), real(rng)[:, 0], Relative())


@plant("R2 by hand, averaged over batches", "metric-averaged")
def _(rng):
    from keras import ops

    def r2(y_true, y_pred):
        return 1 - ops.sum((y_true - y_pred) ** 2) / ops.sum((y_true - ops.mean(y_true)) ** 2)

    return program(net(dense(1)), features(rng, N, D), real(rng), "mse", [r2])


@plant("stops on accuracy falling", "monitor-direction")
def _(rng):
    import keras

    x = features(rng, N, D)
    return program(net(dense(1, activation="sigmoid")), x, yes(rng), "bce", ["accuracy"],
                   {"callbacks": [keras.callbacks.EarlyStopping(monitor="accuracy", mode="min")]})


@plant("saves by a metric that has another name", "monitor-name")
def _(rng):
    import keras

    x, y = features(rng, N, D), yes(rng)
    best = keras.callbacks.ModelCheckpoint("best.keras", monitor="val_binary_accuracy", save_best_only=True)
    return program(net(dense(1, activation="sigmoid")), x, y, "bce", ["accuracy"],
                   {"callbacks": [best], "validation_data": (x, y)})


@plant("watches one output's metric", "monitor-direction")
def _(rng):
    import keras

    model, x, y = pair(rng)
    model.compile("adam", ["mse", "bce"], metrics=[["mae"], ["accuracy"]])
    stop = keras.callbacks.EarlyStopping(monitor="val_sold_accuracy")
    return Program(model, x, y, options={"callbacks": [stop], "validation_data": (x, y)})


@plant("Adam at 10", "learning-rate first-step-explodes")
def _(rng):
    import keras

    return program(net(dense(1)), features(rng, N, D), real(rng), "mse", optimizer=keras.optimizers.Adam(10.0))


@plant("SGD on raw columns", "first-step-explodes unscaled-features")
def _(rng):
    x = features(rng, N, D) * np.array([1, 30, 1000, 2, 50_000], "float32")
    return program(net(dense(1)), x, real(rng), "mse", optimizer="sgd")


@plant("gray images as bytes", "unscaled-features")
def _(rng):
    from keras import layers

    model = net(dense(3, activation="softmax"), shape=(10, 10, 1), body=[layers.Conv2D(4, 3, activation="relu"),
                layers.Flatten()])
    return program(model, rng.integers(0, 256, (N, 10, 10, 1)), ids(rng), "sparse_categorical_crossentropy")


@plant("a convolution of zeros", "equal-weights")
def _(rng):
    from keras import layers

    body = [layers.Conv1D(4, 3, activation="relu", kernel_initializer="zeros"), layers.Flatten()]
    return program(net(dense(1), shape=(8, 2), body=body), rng.standard_normal((N, 8, 2)), real(rng), "mse")


@plant("three linear layers", "no-activation")
def _(rng):
    return program(net(dense(1, activation="sigmoid"), body=[dense(16), dense(16), dense(8)]), features(rng, N, D),
                   yes(rng), "bce")


@plant("dropout behind the softmax", "dropout-output")
def _(rng):
    from keras import layers

    return program(net(dense(3), layers.Softmax(), layers.Dropout(0.3)), features(rng, N, D), ids(rng),
                   "sparse_categorical_crossentropy")


@plant("a frozen model", "nothing-to-train")
def _(rng):
    model = net(dense(1, activation="sigmoid"))
    model.trainable = False
    return program(model, features(rng, N, D), yes(rng), "bce", ["accuracy"])


def pair(rng):
    import keras

    inputs = keras.Input((D,))
    hidden = dense(8, activation="relu")(inputs)
    model = keras.Model(inputs, [dense(1, name="price")(hidden), dense(1, activation="sigmoid", name="sold")(hidden)])
    return model, features(rng, N, D), [3 * real(rng), column(rng)]


@plant("a target is missing for one of two outputs", "output-count")
def _(rng):
    model, x, y = pair(rng)
    model.compile("adam", ["mse", "bce"])
    return Program(model, x, y[0])


@plant("class weights for two outputs", "class-weight-form")
def _(rng):
    model, x, y = pair(rng)
    model.compile("adam", ["mse", "bce"])
    return Program(model, x, y, options={"class_weight": {0: 1.0, 1: 2.0}})


@plant("one loss for two kinds of output", "probabilities-expected labels-outside-0-1")
def _(rng):
    model, x, y = pair(rng)
    model.compile("adam", "binary_crossentropy")
    return Program(model, x, y)


@plant("padded targets", "padding")
def _(rng):
    from keras import layers

    x = rng.integers(1, 7, (N, 10))
    x[np.arange(10) >= rng.integers(2, 6, (N, 1))] = 0
    model = net(dense(7, activation="softmax"), shape=(10,), body=[layers.Embedding(7, 4), layers.LSTM(4,
                return_sequences=True)])
    return program(model, x, x, "sparse_categorical_crossentropy", ["accuracy"])


@plant("one in fifty, and accuracy alone", "imbalance")
def _(rng):
    y = rng.permutation(np.arange(500) < 10)
    return program(net(dense(1, activation="sigmoid")), features(rng, 500, D), y, "bce", ["accuracy"])


@plant("metrics where loss_weights stands", "loss-weights")
def _(rng):
    model, x, y = pair(rng)
    model.compile("adam", ["mse", "bce"], [["mae"], ["accuracy"]])
    return Program(model, x, y)
