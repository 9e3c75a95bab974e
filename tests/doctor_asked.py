"""A third set: situations that people asked about, on models of their own. Written before the doctor saw any of them.

Only the facts were taken from what they wrote (what the model ends in, the loss, what the labels look like); every
program is new, and small. `asked()` yields (name, codes of which one must be found, make); `fine()` yields (name, make)
for set-ups in which people suspected a fault and there is none: no error and no warning may be given there. The name
ends in where the question stands: k keras-team/keras, tf tensorflow/tensorflow, so a Stack Overflow number, other
projects by name, or "often" for what is asked again and again.
"""

from __future__ import annotations

import zlib

import numpy as np
from doctor_programs import Program, every_class, multi_hot, one_hot, start

N = 48
ASKED, FINE = [], []


def asked():
    for name, codes, make in ASKED:
        yield name, set(codes.split()), lambda name=name, make=make: make(_rng(name))


def fine():
    for name, make in FINE:
        yield name, lambda name=name, make=make: make(_rng(name))


def _rng(name):
    return start(zlib.crc32(name.encode()))


def ask(name, codes):
    def register(make):
        ASKED.append((name, codes, make))
        return make

    return register


def sound(name):
    def register(make):
        FINE.append((name, make))
        return make

    return register


class _Keras:
    """keras, imported when it is first used: pytest collects this file without paying for TensorFlow."""

    def __getattr__(self, name):
        import keras

        return getattr(keras, name)


K = _Keras()


def fit(layers, x, y, loss, metrics=None, optimizer="adam", weighted=None, **options):
    """A Sequential model of these layers, compiled, with its data and what else would go to `fit`."""
    model = K.Sequential([K.Input(np.shape(x)[1:]), *layers])
    model.compile(optimizer, loss, metrics=metrics, weighted_metrics=weighted)
    return Program(model, x, y, options=options)


def dense(units, activation=None, **more):
    return K.layers.Dense(units, activation=activation, **more)


def conv(filters, size=3, activation="relu", **more):
    return K.layers.Conv2D(filters, size, activation=activation, padding="same", **more)


def flat():
    return K.layers.Flatten()


def lstm(units, **more):
    return K.layers.LSTM(units, **more)


def words_in(vocabulary=20, **more):
    return K.layers.Embedding(vocabulary, 4, **more)


def table(rng, d=6, n=N):
    return rng.standard_normal((n, d)).astype("float32")


def images(rng, size=8, channels=1, n=N):
    return rng.random((n, size, size, channels)).astype("float32")


def bytes_(rng, *shape):
    return rng.integers(0, 256, (N, *shape)).astype("uint8")


def series(rng, t=6, f=2):
    return rng.standard_normal((N, t, f)).astype("float32")


def words(rng, t=8, vocabulary=20, padded=False):
    x = rng.integers(1, vocabulary, (N, t))
    if padded:
        x[np.arange(t) >= rng.integers(2, t - 2, (N, 1))] = 0
    return x


def ids(rng, k=3, n=N):
    return every_class(rng, n, k)


def yes(rng):
    return ids(rng, 2)


def column(rng):
    return yes(rng)[:, None].astype("float32")


def rows(rng, k=3):
    return one_hot(ids(rng, k), k)


def real(rng, scale=1.0, shift=0.0):
    return (shift + scale * rng.standard_normal((N, 1))).astype("float32")


def pixels(rng, k=2, size=8):
    y = rng.integers(0, k, (N, size, size))
    y[0, 0, :k] = range(k)
    return y


def once(name, codes, make):
    """`make(rng)` gives the arguments of `fit`."""
    ask(name, codes)(lambda rng: fit(*make(rng)))


# The head and the loss, in tables and on images

once("a diagnosis from a table, categorical loss on one unit (k14729)", "one-unit-categorical", lambda r: (
    [dense(16, "relu"), dense(16, "relu"), dense(1, "sigmoid")], table(r, 30), yes(r), "categorical_crossentropy",
    ["accuracy"]))
once("loss does not move, all predictions one (k126)", "softmax-one-unit", lambda r: (
    [dense(16, "tanh"), K.layers.Dropout(0.5), dense(1, "softmax")], table(r, 2), yes(r).astype("int32"),
    "mean_squared_error"))
once("air quality with a sparse loss (k14851)", "one-unit-categorical softmax-one-unit", lambda r: (
    [dense(32, "relu"), dense(1, "softmax")], table(r, 12), 40 + 10 * table(r, 12), "sparse_categorical_crossentropy",
    ["accuracy"]))
once("twenty newsgroups, accuracy 0.95 from the start (k4994)", "softmax-binary", lambda r: (
    [words_in(), lstm(8), dense(1), K.layers.Activation("sigmoid"), dense(20, "softmax")], words(r), rows(r, 20),
    "binary_crossentropy", ["accuracy"]))
once("a sigmoid for each of 30 exclusive topics (k5210)", "one-hot-sigmoid", lambda r: (
    [words_in(), lstm(8), dense(30, "sigmoid")], words(r), rows(r, 30), "binary_crossentropy", ["accuracy"]))
once("three kinds of picture, one sigmoid (so accuracy not improving)", "labels-outside-0-1", lambda r: (
    [conv(4), K.layers.MaxPooling2D(), flat(), dense(8, "relu"), dense(1, "sigmoid")], images(r, channels=3), ids(r),
    "binary_crossentropy", ["accuracy"]))
once("one unit for a one-hot pair, cats and dogs (k13006)", "shapes", lambda r: (
    [conv(4), flat(), dense(1, "sigmoid")], images(r, channels=3), rows(r, 2), "binary_crossentropy", ["accuracy"]))
once("places, expected shape 3 but got 1 (so49392972)", "categorical-integers", lambda r: (
    [conv(4), conv(4), flat(), dense(3, "softmax")], images(r, channels=3), ids(r), "categorical_crossentropy",
    ["accuracy"]))
once("class mode binary with two softmax units (k12041)", "categorical-integers", lambda r: (
    [conv(4), flat(), dense(2, "softmax")], images(r), yes(r).astype("float32"), "categorical_crossentropy",
    ["accuracy"]))
once("classes 1, 2, 3 made one-hot: four columns (so expected dense_1)", "shapes", lambda r: (
    [words_in(), lstm(8), dense(3, "softmax")], words(r), one_hot(ids(r) + 1, 4), "categorical_crossentropy",
    ["accuracy"]))
once("one-hot folders with a sparse loss and no softmax (k14341)", "sparse-one-hot", lambda r: (
    [conv(4), K.layers.GlobalAveragePooling2D(), dense(4)], images(r, channels=3), rows(r, 4),
    "sparse_categorical_crossentropy", ["sparse_categorical_accuracy"]))
once("0/1 labels and a relu at the end (k4784)", "probabilities-expected", lambda r: (
    [dense(8, "relu"), dense(8, "relu"), dense(1, "relu")], table(r), yes(r), "binary_crossentropy", ["accuracy"]))
once("batch normalization behind the sigmoid (often)", "probabilities-expected", lambda r: (
    [dense(8, "relu"), dense(1, "sigmoid"), K.layers.BatchNormalization()], table(r), yes(r), "binary_crossentropy"))
once("an image classifier without flatten (often)", "shapes", lambda r: (
    [dense(16, "relu"), dense(10, "softmax")], images(r)[..., 0], ids(r, 10), "sparse_categorical_crossentropy",
    ["accuracy"]))
once("the same, one-hot (k17368)", "shapes", lambda r: (
    [conv(4), dense(10, "softmax")], images(r), rows(r, 10), "categorical_crossentropy", ["accuracy"]))
once("seven categories numbered from 1 (k11786)", "sparse-out-of-range", lambda r: (
    [conv(4), flat(), dense(16, "relu"), dense(7, "softmax")], images(r, channels=3), ids(r, 7) + 1,
    "sparse_categorical_crossentropy", ["accuracy"]))
once("ten digits on five units (tf56979)", "sparse-out-of-range", lambda r: (
    [flat(), dense(16, "relu"), dense(5, "softmax")], images(r), ids(r, 10), "sparse_categorical_crossentropy",
    ["accuracy"]))
once("activity recognition: softmax and from_logits (dana 1)", "logits-expected", lambda r: (
    [K.layers.Conv1D(4, 3, activation="relu"), lstm(6, return_sequences=True), lstm(6), dense(5, "softmax")],
    series(r, 8, 3), rows(r, 5), K.losses.CategoricalCrossentropy(from_logits=True), ["accuracy"]))
once("cats and dogs: sigmoid and from_logits (lovedlim 2)", "logits-expected", lambda r: (
    [conv(4), K.layers.GlobalAveragePooling2D(), dense(1, "sigmoid")], images(r, channels=3), column(r),
    K.losses.BinaryCrossentropy(from_logits=True), ["accuracy"]))
once("two softmax units with binary cross-entropy (tf forum 11073)", "softmax-binary", lambda r: (
    [dense(16, "relu"), dense(2, "softmax")], table(r, 1), rows(r, 2), "binary_crossentropy"))
once("1 and 2 as the two classes (often)", "labels-outside-0-1", lambda r: (
    [dense(8, "relu"), dense(1, "sigmoid")], table(r), yes(r) + 1, "binary_crossentropy", ["accuracy"]))
once("a support vector machine in Keras (often)", "hinge-head", lambda r: (
    [dense(8, "relu"), dense(1, "sigmoid")], table(r), 2 * yes(r) - 1, "hinge", ["accuracy"]))
once("softmax in the hidden layers (libsdae 3)", "softmax-hidden", lambda r: (
    [dense(32, "softmax"), dense(32, "softmax"), dense(3, "softmax")], table(r), ids(r),
    "sparse_categorical_crossentropy", ["accuracy"]))
once("mean squared error on a softmax (often)", "classes-as-numbers", lambda r: (
    [dense(8, "relu"), dense(3, "softmax")], table(r), rows(r), "mse", ["accuracy"]))
once("loss written with one underscore too many (often)", "unknown-loss", lambda r: (
    [dense(8, "relu"), dense(3, "softmax")], table(r), rows(r), "categorical_cross_entropy", ["accuracy"]))
once("a metric named f1 (often)", "unknown-metric", lambda r: (
    [dense(8, "relu"), dense(1, "sigmoid")], table(r), column(r), "binary_crossentropy", ["accuracy", "f1"]))


@ask("a text classifier of one's own class gives logits (keras-hub 1008)", "probabilities-expected")
def _(rng):
    class Classifier(K.Model):
        def __init__(self):
            super().__init__()
            self.embed, self.pool, self.head = words_in(), K.layers.GlobalAveragePooling1D(), dense(4)

        def call(self, x, training=False):
            return self.head(self.pool(self.embed(x)))

    model = Classifier()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return Program(model, words(rng), ids(rng, 4))


# Regression


once("accuracy of a regression, 0.97 (so48775305)", "accuracy-regression", lambda r: (
    [dense(13, "relu"), dense(1), K.layers.Activation("linear")], table(r, 13), real(r, 9, 22), "mean_squared_error",
    ["accuracy"]))
once("ratings 1 to 5 on a linear unit with accuracy (so14126136)", "accuracy-regression", lambda r: (
    [dense(8, "relu"), dense(1)], table(r), ids(r, 5) + 1, "mse", ["accuracy"]))
once("standardized targets, predictions only from 0 to 1 (so60306255)", "head-range", lambda r: (
    [lstm(8), dense(1, "sigmoid")], series(r), real(r), "mse"))
once("four levels out of a tanh (ansaurus 3644795)", "head-range", lambda r: (
    [dense(8, "tanh"), dense(1, "tanh")], table(r), (ids(r, 4) + 1.0)[:, None], "mse"))
once("age from a portrait with a sigmoid (often)", "head-range", lambda r: (
    [conv(4), flat(), dense(1, "sigmoid")], images(r), r.integers(1, 90, N), "mae", ["mae"]))
once("boxes in pixels out of a sigmoid (often)", "head-range", lambda r: (
    [conv(4), flat(), dense(4, "sigmoid")], images(r), r.integers(0, 200, (N, 4)), "mse"))
once("share prices in dollars (often)", "unscaled-target", lambda r: (
    [lstm(8, return_sequences=True), lstm(8), dense(1)], series(r, 10, 1), real(r, 300, 2500), "mean_squared_error"))
once("x to the fourth (so52800582)", "unscaled-target unscaled-features first-step-explodes", lambda r: (
    [dense(16, "sigmoid"), dense(16, "elu"), dense(1)], np.linspace(-100, 100, N)[:, None],
    np.linspace(-100, 100, N)[:, None] ** 4, "mse"))
once("houses with SGD: NaN (often)", "first-step-explodes", lambda r: (
    [dense(16, "relu"), dense(1)], r.uniform(500, 60_000, (N, 5)), real(r, 80_000, 200_000), "mse", None, "sgd"))
once("an LSTM with one unit for the price (often)", "head-range", lambda r: (
    [lstm(1)], series(r), real(r, 5, 40), "mse"))
once("percentage error with zeros among the sales (k2908)", "zero-percent", lambda r: (
    [dense(8, "relu"), dense(1)], table(r), r.poisson(1.0, N).astype("float32"), "mape"))
once("logarithmic error of temperatures (often)", "log-of-negative", lambda r: (
    [dense(8, "relu"), dense(1)], table(r), real(r, 10, 2), "mean_squared_logarithmic_error"))
once("goals of a match with a linear head (often)", "negative-counts", lambda r: (
    [dense(8, "relu"), dense(1)], table(r), r.poisson(1.4, N), "poisson"))
once("several targets for one unit (tf30822)", "shapes", lambda r: (
    [dense(8, "relu"), dense(1)], table(r), table(r, 4), "mse"))
once("key points with missing ones (often)", "missing-values", lambda r: (
    [conv(4), flat(), dense(6)], images(r), np.where(r.random((N, 6)) < 0.2, np.nan, r.random((N, 6))), "mse"))
once("a ratio that divides by zero (often)", "missing-values", lambda r: (
    [dense(8, "relu"), dense(1)], table(r), np.where(np.arange(N) == 30, np.inf, r.random(N)), "mse"))


@ask("stars from 1 to 5 by a recommender that ends in a sigmoid (often)", "head-range")
def _(rng):
    user, item = K.Input((1,), name="user"), K.Input((1,), name="item")
    both = K.layers.Dot(axes=1)([flat()(words_in()(user)), flat()(words_in()(item))])
    model = K.Model([user, item], dense(1, "sigmoid")(both))
    model.compile("adam", "mse", metrics=["mae"])
    x = [rng.integers(0, 20, (N, 1)), rng.integers(0, 20, (N, 1))]
    return Program(model, x, rng.integers(1, 6, N).astype("float32"))


# Autoencoders and images as targets

once("a convolutional autoencoder of standardized images (k2841)", "labels-outside-0-1", lambda r: (
    [conv(4), conv(3, activation="sigmoid")], *2 * [r.standard_normal((N, 8, 8, 3)).astype("float32")],
    "binary_crossentropy", ["accuracy"]))
once("pictures from -1 to 1 with a tanh and binary cross-entropy (k6476)",
     "probabilities-expected labels-outside-0-1", lambda r: (
         [dense(8, "relu"), dense(16, "tanh")], *2 * [(2 * r.random((N, 16)) - 1).astype("float32")],
         "binary_crossentropy"))
once("digits as bytes through an autoencoder (k3642)", "labels-outside-0-1", lambda r: (
    [dense(8, "relu"), dense(64, "sigmoid")], *2 * [bytes_(r, 64)], "binary_crossentropy"))
once("bytes through an autoencoder, squared error (often)", "head-range", lambda r: (
    [dense(8, "relu"), dense(64, "sigmoid")], *2 * [bytes_(r, 64)], "mse"))
once("accuracy of an autoencoder (k1476)", "accuracy-regression", lambda r: (
    [dense(8, "relu"), dense(16, "sigmoid")], *2 * [r.random((N, 16)).astype("float32")], "mse", ["accuracy"]))
once("a density map with a KL divergence, relu at the end (k1917)", "probabilities-expected", lambda r: (
    [conv(4), conv(1), flat()], images(r, channels=3), r.random((N, 64)).astype("float32"), "kld", ["accuracy"]))
once("a density map with softmax, not normalized (k1917b)", "not-a-distribution", lambda r: (
    [conv(4), conv(1), flat(), K.layers.Activation("softmax")], images(r, channels=3),
    r.random((N, 64)).astype("float32"), "kld"))

# Segmentation

once("masks of 0 and 255 (segmentation_models 95)", "labels-outside-0-1", lambda r: (
    [conv(4), conv(1, 1, "sigmoid")], images(r, channels=3), 255.0 * pixels(r)[..., None], "binary_crossentropy"))


@ask("masks of 0 and 255 with a loss of one's own (segmentation_models 95b)", "labels-outside-0-1 head-range")
def _(rng):
    from keras import ops

    def overlap_and_entropy(y_true, y_pred):
        shared = ops.sum(y_true * y_pred, axis=(1, 2, 3))
        whole = ops.sum(y_true + y_pred, axis=(1, 2, 3)) - shared
        return ops.mean(K.losses.binary_crossentropy(y_true, y_pred), axis=(1, 2)) + 1 - shared / (whole + 1.0)

    return fit([conv(4), conv(1, 1, "sigmoid")], images(rng), 255.0 * pixels(rng)[..., None], overlap_and_entropy)


once("a softmax over one channel of pixels (ultrasound 18)", "softmax-one-unit one-unit-categorical", lambda r: (
    [conv(4), conv(1, 1, None), K.layers.Reshape((64, 1)), K.layers.Activation("softmax")], images(r),
    pixels(r).reshape(N, 64, 1), "categorical_crossentropy"))
once("class numbers for each pixel with a categorical loss (often)", "categorical-integers", lambda r: (
    [conv(4), conv(3, 1, "softmax")], images(r), pixels(r, 3)[..., None], "categorical_crossentropy"))
once("a color mask for one channel (often)", "shapes", lambda r: (
    [conv(4), conv(1, 1, "sigmoid")], images(r), np.repeat(pixels(r)[..., None], 3, -1).astype("float32"), "mse"))
once("mean IoU stays at 0.25 (tf39173)", "iou-probabilities", lambda r: (
    [conv(4), conv(1, 1, "sigmoid")], images(r), pixels(r)[..., None], "binary_crossentropy",
    [K.metrics.MeanIoU(num_classes=2)]))
once("mean IoU of four classes does not improve (tf55565)", "iou-probabilities", lambda r: (
    [conv(4), conv(4, 1, "softmax")], images(r), one_hot(pixels(r, 4), 4), "categorical_crossentropy",
    ["accuracy", K.metrics.MeanIoU(num_classes=4)]))
once("mean IoU with a sparse loss (tf32875)", "iou-probabilities", lambda r: (
    [conv(4), conv(3, 1, "softmax")], images(r), pixels(r, 3), "sparse_categorical_crossentropy",
    [K.metrics.MeanIoU(num_classes=3)]))


@ask("weights for road and background pixels (k3653)", "class-weight-form class-weight-labels")
def _(rng):
    return fit([conv(4), conv(1, 1, "sigmoid")], images(rng), pixels(rng)[..., None], "binary_crossentropy",
               class_weight={0: 0.05, 1: 0.95})


@ask("weights for one-hot pixels (k8009)", "class-weight-form class-weight-labels")
def _(rng):
    return fit([conv(4), conv(2, 1, "softmax"), K.layers.Reshape((64, 2))], images(rng),
               one_hot(pixels(rng).reshape(N, 64), 2), "categorical_crossentropy", class_weight={0: 1.0, 1: 9.0})


@ask("a sample weight for each pixel and class (k8009b)", "sample-weight")
def _(rng):
    y = one_hot(pixels(rng).reshape(N, 64), 2)
    return fit([conv(4), conv(2, 1, "softmax"), K.layers.Reshape((64, 2))], images(rng), y, "categorical_crossentropy",
               sample_weight=y * np.array([1.0, 9.0]))


@ask("dice without a minus on volumes (3d-mri 7)", "loss-rewards-errors")
def _(rng):
    from keras import ops

    def dice(y_true, y_pred):
        y_true = ops.cast(y_true, y_pred.dtype)
        shared = ops.sum(y_true * y_pred)
        return 2 * shared / (ops.sum(ops.square(y_true)) + ops.sum(ops.square(y_pred)) + 1e-8)

    return fit([conv(4), conv(1, 1, "sigmoid")], images(rng), pixels(rng)[..., None].astype("float32"), dice)


@ask("dice of rounded predictions (k2994)", "no-gradient")
def _(rng):
    from keras import ops

    def dice(y_true, y_pred):
        y_true, hard = ops.cast(y_true, "float32"), ops.round(ops.clip(y_pred, 0.3, 1.0))
        return 1 - 2 * ops.sum(y_true * hard) / (ops.sum(y_true) + ops.sum(hard) + 1.0)

    return fit([conv(4), conv(1, 1, "sigmoid")], images(rng), pixels(rng)[..., None].astype("float32"), dice)


# Sequences

once("the next word as a number (k2009)", "labels-outside-0-1 probabilities-expected", lambda r: (
    [words_in(50), lstm(8, return_sequences=True), lstm(8), dense(1)], words(r, vocabulary=50), r.integers(1, 50, N),
    "binary_crossentropy"))
once("word tags with softmax and a binary loss (k1539)", "softmax-binary", lambda r: (
    [lstm(8, return_sequences=True), K.layers.TimeDistributed(dense(4)), K.layers.Activation("softmax")],
    series(r, 8, 5), one_hot(r.integers(0, 4, (N, 8)), 4), "binary_crossentropy", ["accuracy"]))


@ask("padded word tags, one-hot, without a mask (k4196)", "padding")
def _(rng):
    x = words(rng, padded=True)
    return fit([words_in(), lstm(8, return_sequences=True), dense(5, "softmax")], x, one_hot(np.where(x, x % 4 + 1, 0),
               5), "categorical_crossentropy", ["accuracy"])


once("tags for all steps, a model for the last one (k197)", "shapes", lambda r: (
    [lstm(8), dense(10, "softmax")], series(r, 7, 10), one_hot(r.integers(0, 10, (N, 7)), 10),
    "categorical_crossentropy"))
once("one answer a series, return_sequences left on (often)", "shapes", lambda r: (
    [lstm(8, return_sequences=True), dense(1)], series(r), real(r), "mse"))
once("forecast of 24 steps out of one unit (often)", "shapes", lambda r: (
    [lstm(8), dense(1)], series(r), r.standard_normal((N, 24, 1)), "mae"))
once("sparse loss on every step, one label a series (so logits and labels)", "shapes", lambda r: (
    [words_in(), lstm(8, return_sequences=True), dense(3, "softmax")], words(r), ids(r),
    "sparse_categorical_crossentropy", ["accuracy"]))
once("trigger words 0, 1, 2 with a sigmoid (k14085)", "labels-outside-0-1", lambda r: (
    [K.layers.GRU(6, return_sequences=True), K.layers.TimeDistributed(dense(1, "sigmoid"))], series(r),
    r.integers(0, 3, (N, 6, 1)), "binary_crossentropy"))
once("a label of -100 for what shall not count (often)", "sparse-out-of-range", lambda r: (
    [words_in(), lstm(8, return_sequences=True), dense(5, "softmax")], words(r),
    np.where(r.random((N, 8)) < 0.3, -100, r.integers(0, 5, (N, 8))), "sparse_categorical_crossentropy"))

# Metrics

once("accuracy of several tags a picture (keras-io 1133)", "accuracy-multilabel", lambda r: (
    [conv(4), flat(), dense(6, "sigmoid")], images(r), multi_hot(r, N, 6), "binary_crossentropy", ["accuracy"]))
once("precision of a model that ends in logits (tf42182)", "metric-on-logits", lambda r: (
    [dense(8, "relu"), dense(1)], table(r), column(r), K.losses.BinaryCrossentropy(from_logits=True),
    [K.metrics.Precision()]))
once("accuracy, precision and recall are all the same (k5400)", "micro-average", lambda r: (
    [dense(8, "relu"), dense(2, "softmax")], table(r), rows(r, 2), "categorical_crossentropy",
    ["accuracy", K.metrics.Precision(), K.metrics.Recall()]))
once("recall of seven classes differs from scikit-learn (keras-metrics 45)", "micro-average", lambda r: (
    [conv(4), flat(), dense(7, "softmax")], images(r), rows(r, 7), "categorical_crossentropy", [K.metrics.Recall()]))
once("accuracy 0 with the class Accuracy (often)", "accuracy-variant", lambda r: (
    [dense(8, "relu"), dense(1, "sigmoid")], table(r), column(r), "binary_crossentropy", [K.metrics.Accuracy()]))
once("categorical accuracy of class numbers (often)", "accuracy-variant", lambda r: (
    [dense(8, "relu"), dense(3, "softmax")], table(r), ids(r), "sparse_categorical_crossentropy",
    [K.metrics.CategoricalAccuracy()]))
once("binary accuracy of ten classes (k3098)", "accuracy-variant", lambda r: (
    [flat(), dense(10, "softmax")], images(r), rows(r, 10), "categorical_crossentropy", ["binary_accuracy"]))
once("XOR with -1 and 1 (often)", "accuracy-signs", lambda r: (
    [dense(4, "tanh"), dense(1, "tanh")], np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]] * 6, "float32"),
    np.array([-1, 1, 1, -1] * 6, "float32"), "mse", ["accuracy"]))
once("top five of five (often)", "top-k", lambda r: (
    [flat(), dense(5, "softmax")], images(r), rows(r, 5), "categorical_crossentropy", ["top_k_categorical_accuracy"]))
once("AUC with class numbers (often)", "metric-shape", lambda r: (
    [dense(8, "relu"), dense(3, "softmax")], table(r), ids(r), "sparse_categorical_crossentropy", [K.metrics.AUC()]))


@ask("F1 by hand differs from scikit-learn (k5794)", "metric-averaged")
def _(rng):
    from keras import ops

    def f1(y_true, y_pred):
        hits = ops.sum(ops.round(ops.clip(y_true * y_pred, 0, 1)))
        possible, predicted = ops.sum(ops.round(ops.clip(y_true, 0, 1))), ops.sum(ops.round(ops.clip(y_pred, 0, 1)))
        precision, recall = hits / (predicted + 1e-7), hits / (possible + 1e-7)
        return 2 * precision * recall / (precision + recall + 1e-7)

    return fit([dense(8, "relu"), dense(1, "sigmoid")], table(rng), column(rng), "binary_crossentropy", [f1])


@ask("macro F1 by hand (k11705)", "metric-averaged")
def _(rng):
    from keras import ops

    def macro(y_true, y_pred):
        hard = ops.one_hot(ops.argmax(y_pred, axis=-1), 4)
        hits = ops.sum(hard * y_true, axis=0)
        return ops.mean(2 * hits / (ops.sum(hard, axis=0) + ops.sum(y_true, axis=0) + 1e-7))

    return fit([dense(8, "relu"), dense(4, "softmax")], table(rng), rows(rng, 4), "categorical_crossentropy", [macro])


# Losses of one's own


@ask("a root that starts at zero (k6644)", "not-finite")
def _(rng):
    from keras import ops

    def rmse(y_true, y_pred):
        return ops.sqrt(ops.mean(ops.square(y_pred - y_true), axis=-1))

    return fit([dense(8, "relu"), dense(1, kernel_initializer="zeros")], table(rng),
               real(rng) * (np.arange(N)[:, None] % 3 > 0), rmse)


@ask("the square root of a relu (k13203)", "not-finite")
def _(rng):
    from keras import ops

    return fit([dense(16, "relu"), K.layers.Lambda(lambda z: ops.sqrt(z)), dense(3, "softmax")], table(rng), ids(rng),
               "sparse_categorical_crossentropy")


@ask("a focal loss without an epsilon (focal-loss-keras 17)", "not-finite")
def _(rng):
    from keras import ops

    def focal(y_true, y_pred):
        return -ops.mean(0.25 * y_true * (1 - y_pred) ** 2 * ops.log(y_pred)
                         + 0.75 * (1 - y_true) * y_pred**2 * ops.log(1 - y_pred), axis=-1)

    return fit([dense(8, "relu"), dense(1, "hard_sigmoid")], 40 * table(rng), column(rng), focal)


@ask("a policy loss with the predictions first (k5733)", "arguments-swapped")
def _(rng):
    from keras import ops

    def policy(y_pred, y_true):
        return -ops.sum(ops.log(y_pred + 1e-7) * y_true, axis=-1)

    return fit([dense(8, "relu"), dense(2, "softmax")], table(rng), rows(rng, 2) * rng.random((N, 1)), policy)


@ask("own squared error of flat targets in a class (k14627)", "loss-broadcasts")
def _(rng):
    from keras import ops

    class Weighted(K.losses.Loss):
        def call(self, y_true, y_pred):
            return ops.where(y_true > y_pred, 3.0, 1.0) * ops.square(y_true - y_pred)

    return fit([dense(8, "relu"), dense(1)], table(rng), real(rng)[:, 0], Weighted())


# Weights


@ask("the array of compute_class_weight (often)", "class-weight-form")
def _(rng):
    return fit([dense(8, "relu"), dense(3, "softmax")], table(rng), ids(rng), "sparse_categorical_crossentropy",
               ["accuracy"], class_weight=np.array([0.7, 1.9, 1.2]))


@ask("weights by name of class (often)", "class-weight-keys")
def _(rng):
    return fit([dense(8, "relu"), dense(1, "sigmoid")], table(rng), yes(rng), "binary_crossentropy", ["accuracy"],
               class_weight={"no": 1.0, "yes": 8.0})


def two_heads(rng, outputs=None):
    inputs = K.Input((6,))
    hidden = dense(8, "relu")(inputs)
    place = dense(2, name="location")(hidden)
    kind = dense(3, "softmax", name="class")(hidden)
    model = K.Model(inputs, {"location": place, "class": kind} if outputs == "dict" else [place, kind])
    return model, table(rng), {"location": table(rng, 2), "class": rows(rng)}


@ask("weights of one output's classes (k6826)", "class-weight-form")
def _(rng):
    model, x, y = two_heads(rng)
    model.compile("adam", {"location": "mse", "class": "categorical_crossentropy"})
    return Program(model, x, y, options={"class_weight": {"class": {0: 1.0, 1: 1.6, 2: 3.0}}})


# Several outputs


@ask("two outputs, one array with an axis for them (tf36116)", "output-count")
def _(rng):
    inputs = K.Input((6,))
    first = dense(3, name="a")(inputs)
    model = K.Model(inputs, [first, dense(3, name="b")(first)])
    model.compile("adam", ["mse", "mse"], loss_weights=[0.2, 1.0])
    return Program(model, table(rng), rng.random((N, 2, 3)))


@ask("a data set names the outputs otherwise (tf34713)", "output-names")
def _(rng):
    import tensorflow as tf

    model, x, y = two_heads(rng)
    model.compile("adam", {"location": "mse", "class": "categorical_crossentropy"})
    y = {"place": y["location"], "class": y["class"]}
    return Program(model, tf.data.Dataset.from_tensor_slices((x, y)).batch(16), None)


@ask("a class of one's own returns a dict, losses by other names (tf48511)", "output-names")
def _(rng):
    class Both(K.Model):
        def __init__(self):
            super().__init__()
            self.a, self.b = dense(2), dense(3, "softmax")

        def call(self, x):
            return {"A": self.a(x), "B": self.b(x)}

    model = Both()
    model.compile("adam", {"output_1": "mse", "output_2": "categorical_crossentropy"})
    return Program(model, table(rng), {"A": table(rng, 2), "B": rows(rng)})


@ask("the head of one output is wrong, in a dict (often)", "probabilities-expected")
def _(rng):
    model, x, y = two_heads(rng, "dict")
    model.compile("adam", {"location": "binary_crossentropy", "class": "categorical_crossentropy"})
    return Program(model, x, {**y, "location": (y["location"] > 0).astype("float32")})


@ask("accuracy asked for both outputs, one is a place (often)", "accuracy-regression")
def _(rng):
    model, x, y = two_heads(rng)
    model.compile("adam", {"location": "mse", "class": "categorical_crossentropy"},
                  metrics={"location": ["accuracy"], "class": ["accuracy"]})
    return Program(model, x, y)


# Callbacks


def watching(rng, callbacks, metrics=("accuracy",), validation=True):
    x, y = table(rng), column(rng)
    return fit([dense(8, "relu"), dense(1, "sigmoid")], x, y, "binary_crossentropy", list(metrics), callbacks=callbacks,
               validation_data=(x[:9], y[:9]) if validation else None)


ask("val_acc is not available (kaggle_public 5)", "monitor-name")(
    lambda r: watching(r, [K.callbacks.EarlyStopping(monitor="val_acc", patience=3)]))
ask("val_accuracy, but the metric is called acc (people_relation_extract 24)", "monitor-name")(
    lambda r: watching(r, [K.callbacks.EarlyStopping(monitor="val_accuracy")], ["acc"]))
ask("val_binary_accuracy beside accuracy (k13689)", "monitor-name")(
    lambda r: watching(r, [K.callbacks.ReduceLROnPlateau(monitor="val_binary_accuracy")]))
ask("val_loss without validation data (PhishBench 158)", "monitor-validation")(
    lambda r: watching(r, [K.callbacks.EarlyStopping()], validation=False))
ask("the best model by accuracy, mode min (often)", "monitor-direction")(
    lambda r: watching(r, [K.callbacks.ModelCheckpoint("b.keras", monitor="val_accuracy", mode="min",
                                                       save_best_only=True)]))
ask("the AUC was given another name (often)", "monitor-name")(
    lambda r: watching(r, [K.callbacks.EarlyStopping(monitor="val_auc", mode="max")], [K.metrics.AUC(name="roc")]))


@ask("saves by a precision of one's own, mode auto (k10863)", "monitor-direction")
def _(rng):
    from keras import ops

    def my_precision(y_true, y_pred):
        return ops.sum(y_true * ops.round(y_pred)) / (ops.sum(ops.round(y_pred)) + 1e-7)

    return watching(rng, [K.callbacks.ModelCheckpoint("b.keras", monitor="val_my_precision", save_best_only=True)],
                    [my_precision])


# Data in other containers


@ask("text labels in a column of a table (often)", "text-labels")
def _(rng):
    import pandas as pd

    return fit([dense(8, "relu"), dense(1, "sigmoid")], pd.DataFrame(table(rng)), pd.Series(np.array(["no", "yes"])[
               yes(rng)]), "binary_crossentropy", ["accuracy"])


@ask("text labels in a data set (often)", "text-labels")
def _(rng):
    import tensorflow as tf

    program = fit([dense(8, "relu"), dense(3, "softmax")], table(rng), None, "sparse_categorical_crossentropy")
    labels = np.array(["red", "green", "blue"])[ids(rng)]
    return Program(program.model, tf.data.Dataset.from_tensor_slices((program.x, labels)).batch(8), None)


@ask("ages are missing on the Titanic (often)", "missing-values")
def _(rng):
    import pandas as pd

    x = pd.DataFrame(table(rng), columns=list("abcdef"))
    x.loc[5:9, "c"] = np.nan
    return fit([dense(8, "relu"), dense(1, "sigmoid")], x, pd.Series(yes(rng)), "binary_crossentropy", ["accuracy"])


@ask("a text column among the features (keras tf unsupported object type)", "text-features")
def _(rng):
    import pandas as pd

    x = pd.DataFrame(table(rng), columns=list("abcdef"))
    x["a"] = np.where(x["b"] > 0, "male", "female")
    return fit([dense(8, "relu"), dense(1, "sigmoid")], x, yes(rng), "binary_crossentropy")


@ask("sentences of unequal length as features (securitai 5)", "text-features python-list")
def _(rng):
    x = np.empty(N, object)
    x[:] = [list(range(1 + i % 5)) for i in range(N)]
    model = fit([words_in(), lstm(4), dense(1, "sigmoid")], words(rng), None, "binary_crossentropy").model
    return Program(model, x, yes(rng))


@ask("targets that are objects although they are numbers (often)", "text-labels")
def _(rng):
    return fit([dense(8, "relu"), dense(1, "sigmoid")], table(rng), yes(rng).astype(object), "binary_crossentropy")


@ask("one array for each sample in a list (often)", "python-list model-refuses-x")
def _(rng):
    program = fit([dense(8, "relu"), dense(1, "sigmoid")], table(rng), yes(rng), "binary_crossentropy")
    return Program(program.model, list(program.x), program.y)


@ask("labels in one row, not in one column (often)", "rows-differ")
def _(rng):
    program = fit([dense(8, "relu"), dense(1, "sigmoid")], table(rng), yes(rng)[None], "binary_crossentropy")
    return program


@ask("a directory of pictures, class numbers and a sigmoid (often)", "labels-outside-0-1")
def _(rng):
    import tensorflow as tf

    program = fit([K.layers.Rescaling(1 / 255), conv(4), flat(), dense(1, "sigmoid")], 255 * images(rng, channels=3),
                  None, "binary_crossentropy", ["accuracy"])
    return Program(program.model, tf.data.Dataset.from_tensor_slices((program.x, ids(rng, 5))).batch(16).prefetch(1),
                   None)


class Batches:
    """What a keras PyDataset is to `fit`, made when it is needed."""

    @staticmethod
    def of(x, y, size=16):
        class Parts(K.utils.PyDataset):
            def __len__(self):
                return len(x) // size

            def __getitem__(self, number):
                part = slice(number * size, (number + 1) * size)
                return x[part], y[part]

        return Parts()


@ask("a sequence of batches, one-hot, with a sparse loss (k5034)", "sparse-one-hot")
def _(rng):
    program = fit([conv(4), flat(), dense(3, "softmax")], images(rng), None, "sparse_categorical_crossentropy")
    return Program(program.model, Batches.of(program.x, rows(rng)), None)


# Training

once("digits as bytes, accuracy 0.1 (k6914)", "unscaled-features", lambda r: (
    [flat(), dense(32, "relu"), dense(10, "softmax")], bytes_(r, 12, 12), rows(r, 10), "categorical_crossentropy",
    ["accuracy"], "sgd"))
once("color pictures as bytes into a convolution (tf32899)", "unscaled-features", lambda r: (
    [conv(4), flat(), dense(10, "softmax")], bytes_(r, 8, 8, 3).astype("float32"), ids(r, 10),
    "sparse_categorical_crossentropy", ["accuracy"]))
once("constant loss, learning rate 10 (k8799)", "learning-rate", lambda r: (
    [conv(4), flat(), dense(5, "softmax")], images(r), rows(r, 5), "categorical_crossentropy", ["accuracy"],
    K.optimizers.SGD(10.0)))
once("Adam at 1, stuck at once (k2711)", "learning-rate", lambda r: (
    [dense(8, "relu"), dense(1, "sigmoid")], table(r), yes(r), "binary_crossentropy", ["accuracy"],
    K.optimizers.Adam(1.0)))
once("a learning rate that was divided once too often (often)", "learning-rate", lambda r: (
    [dense(8, "relu"), dense(1, "sigmoid")], table(r), yes(r), "binary_crossentropy", ["accuracy"],
    K.optimizers.Adam(1e-11)))
once("weights start at zero (often)", "equal-weights", lambda r: (
    [dense(8, "relu", kernel_initializer="zeros"), dense(1, "sigmoid")], table(r), yes(r), "binary_crossentropy"))
once("convolutions without an activation (k1597)", "no-activation", lambda r: (
    [conv(4, activation=None), conv(4, activation=None), flat(), dense(3, "softmax")], images(r), ids(r),
    "sparse_categorical_crossentropy"))
once("dropout behind the last layer (often)", "dropout-output", lambda r: (
    [dense(8, "relu"), dense(1), K.layers.Dropout(0.5)], table(r), real(r), "mse"))
once("sorted by class, val_accuracy 0 (often)", "sorted-labels", lambda r: (
    [dense(8, "relu"), dense(4, "softmax")], table(r), np.sort(ids(r, 4)), "sparse_categorical_crossentropy",
    ["accuracy"]))
once("98 % accuracy, always the same answer (often)", "imbalance", lambda r: (
    [dense(8, "relu"), dense(1, "sigmoid")], table(r, n=100), (np.arange(100) % 50 == 7).astype(int),
    "binary_crossentropy", ["accuracy"]))
once("only one class arrived (often)", "one-class", lambda r: (
    [conv(4), flat(), dense(1, "sigmoid")], images(r), np.zeros(N), "binary_crossentropy", ["accuracy"]))
once("all pixels are 0 after dividing whole numbers (k255)", "constant-features", lambda r: (
    [flat(), dense(8, "relu"), dense(2, "softmax")], bytes_(r, 8, 8) // 255 * 0, yes(r),
    "sparse_categorical_crossentropy", ["accuracy"]))


@ask("everything is frozen, the new head too (nsfw_model 33)", "nothing-to-train")
def _(rng):
    base = K.Sequential([K.Input((8, 8, 3)), conv(4), K.layers.GlobalAveragePooling2D()])
    model = K.Sequential([base, dense(3, "softmax")])
    model.trainable = False
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return Program(model, images(rng, channels=3), ids(rng))


@ask("the last layer is frozen (k2395)", "frozen-head")
def _(rng):
    return fit([dense(32, "relu"), dense(10, "softmax", trainable=False)], table(rng), rows(rng, 10),
               "categorical_crossentropy", ["accuracy"])


# Sound: people suspected a fault where the set-up has none


def also(name, make):
    """`make(rng)` gives the arguments of `fit`."""
    sound(name)(lambda rng: fit(*make(rng)))


also("XOR by two sigmoids and a squared error (k112)", lambda r: (
    [dense(2, "sigmoid"), dense(1, "sigmoid")], np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "uint8"),
    np.array([0, 1, 1, 0], "uint8"), "mean_squared_error", None, "sgd"))
also("XOR with tanh, does not always converge (k14213)", lambda r: (
    [dense(2, "tanh"), dense(1, "sigmoid")], np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32"),
    np.array([[0], [1], [1], [0]], "float32"), "binary_crossentropy", ["accuracy"]))
also("validation loss below training loss, with dropout (k472)", lambda r: (
    [conv(4), K.layers.Dropout(0.5), flat(), dense(30)], images(r), r.standard_normal((N, 30)), "mse"))
also("a stock LSTM that converges to a constant (so multilayer)", lambda r: (
    [lstm(8, activation="relu", return_sequences=True, dropout=0.5), lstm(6, activation="relu"),
     dense(16, "linear"), K.layers.BatchNormalization(), K.layers.Dropout(0.5), dense(1, "linear")], series(r), real(r),
    "mean_squared_error", None, "rmsprop"))
also("an LSTM that echoes the last value, relu at the end (so51432661)", lambda r: (
    [lstm(8), dense(1, "relu")], r.random((N, 1, 8)).astype("float32"), r.random(N).astype("float32"), "mse"))
also("ranges scaled to 1 by the largest, linear head (so62886297)", lambda r: (
    [dense(10, "sigmoid"), dense(5)], r.random((N, 10)), np.clip(r.random((N, 5)), 0, 1), "mse", ["mae"]))
also("network traffic, accuracy at 60 % (k15727)", lambda r: (
    [dense(16, "relu"), dense(8, "relu"), dense(1, "sigmoid")], r.random((N, 20)), yes(r), "binary_crossentropy",
    ["accuracy"]))
also("digits, convolutions and RMSprop (k5239)", lambda r: (
    [conv(4), K.layers.MaxPooling2D(), K.layers.Dropout(0.25), flat(), dense(16, "relu"), K.layers.Dropout(0.5),
     dense(10, "softmax")], images(r, channels=3), rows(r, 10), "categorical_crossentropy", ["accuracy"],
    K.optimizers.RMSprop(1e-4)))
also("two classes of pixels, two softmax channels (image-segmentation-keras 131)", lambda r: (
    [conv(4), conv(2, 1, "softmax")], images(r), pixels(r), "sparse_categorical_crossentropy", ["accuracy"]))
also("masks without their last axis (often)", lambda r: (
    [conv(4), conv(1, 1, "sigmoid")], images(r), pixels(r).astype("float32"), "binary_crossentropy", ["accuracy"]))
also("one-hot masks of four classes (often)", lambda r: (
    [conv(4), conv(4, 1, "softmax")], images(r), one_hot(pixels(r, 4), 4), "categorical_crossentropy",
    ["accuracy", K.metrics.OneHotMeanIoU(num_classes=4)]))
also("a label for each of 128 steps (k2878)", lambda r: (
    [lstm(6, return_sequences=True), dense(7, "softmax")], series(r, 9), one_hot(r.integers(0, 7, (N, 9)), 7),
    "categorical_crossentropy", ["accuracy"]))
also("a forecast of 24 steps, targets with one more axis (often)", lambda r: (
    [lstm(8), dense(24)], series(r), r.standard_normal((N, 24, 1)), "mae"))
also("a forecast for every step, targets without the last axis (often)", lambda r: (
    [lstm(8, return_sequences=True), K.layers.TimeDistributed(dense(1))], series(r), r.standard_normal((N, 6)), "mse"))
also("multivariate series, next values of all (often)", lambda r: (
    [K.layers.GRU(8), dense(2)], series(r), r.standard_normal((N, 2)), "mse", ["mae"]))
also("sequence to sequence, class numbers in a column (often)", lambda r: (
    [words_in(), lstm(8, return_sequences=True), dense(12, "softmax")], words(r), r.integers(0, 12, (N, 8, 1)),
    "sparse_categorical_crossentropy", ["accuracy"]))
also("labels of -100, told to the loss (often)", lambda r: (
    [words_in(), lstm(8, return_sequences=True), dense(5, "softmax")], words(r),
    np.where(r.random((N, 8)) < 0.3, -100, r.integers(0, 5, (N, 8))),
    K.losses.SparseCategoricalCrossentropy(ignore_class=-100)))
also("boxes as shares of the picture (often)", lambda r: (
    [conv(4), flat(), dense(4, "sigmoid")], images(r), r.random((N, 4)).astype("float32"), "mse", ["mae"]))
also("an autoencoder of pictures between 0 and 1 (k1604)", lambda r: (
    [dense(8, "relu"), dense(32, "sigmoid")], *2 * [r.random((N, 32)).astype("float32")], "binary_crossentropy", None,
    K.optimizers.SGD(0.001, momentum=0.1)))
also("Q values, one for each action (often)", lambda r: (
    [dense(8, "relu"), dense(8, "relu"), dense(3, "linear")], table(r, 4), 8 * r.standard_normal((N, 3)), "mse", None,
    K.optimizers.Adam(0.001)))
also("labels of type bool (often)", lambda r: (
    [dense(8, "relu"), dense(1, "sigmoid")], table(r), yes(r).astype(bool), "binary_crossentropy", ["accuracy"]))
also("a hundred classes, few samples (often)", lambda r: (
    [dense(32, "relu"), dense(100, "softmax")], table(r), r.integers(0, 100, N), "sparse_categorical_crossentropy",
    ["accuracy", "sparse_top_k_categorical_accuracy"]))
also("bytes that the first layer scales (often)", lambda r: (
    [K.layers.Rescaling(1 / 127.5, offset=-1), conv(4), flat(), dense(3, "softmax")], bytes_(r, 8, 8, 3), ids(r),
    "sparse_categorical_crossentropy", ["accuracy"]))
also("bytes behind a batch normalization (often)", lambda r: (
    [K.layers.BatchNormalization(), conv(4), flat(), dense(3, "softmax")], bytes_(r, 8, 8, 3).astype("float32"), ids(r),
    "sparse_categorical_crossentropy", ["accuracy"]))


@sound("dice with a minus: the loss is negative, and that is right (ultrasound 8)")
def _(rng):
    from keras import ops

    def dice(y_true, y_pred, smooth=1.0):
        return (2 * ops.sum(y_true * y_pred) + smooth) / (ops.sum(y_true) + ops.sum(y_pred) + smooth)

    def dice_loss(y_true, y_pred):
        return -dice(y_true, y_pred)

    return fit([conv(4), conv(1, 1, "sigmoid")], images(rng), pixels(rng)[..., None].astype("float32"), dice_loss,
               [dice])


@sound("word tags with a mask and weights for each step (k3554)")
def _(rng):
    x = words(rng, padded=True)
    y = one_hot(np.where(x, x % 4, 0), 4)
    return fit([words_in(mask_zero=True), lstm(8, return_sequences=True),
                K.layers.TimeDistributed(dense(4, "softmax"))],
               x, y, "categorical_crossentropy", weighted=["accuracy"], sample_weight=(x > 0).astype("float32"))


@sound("tables for features and targets (k1195)")
def _(rng):
    import pandas as pd

    return fit([dense(16, "relu"), dense(2), K.layers.Activation("softmax")], pd.DataFrame(table(rng)),
               pd.DataFrame(rows(rng, 2)), "categorical_crossentropy")


@sound("a column of a table for the target (often)")
def _(rng):
    import pandas as pd

    frame = pd.DataFrame({"a": real(rng)[:, 0], "b": real(rng)[:, 0], "sold": yes(rng)})
    return fit([dense(8, "relu"), dense(1, "sigmoid")], frame[["a", "b"]], frame["sold"], "binary_crossentropy",
               ["accuracy", K.metrics.AUC(name="auc")])


@sound("weights by dict(enumerate(...)) for one-hot labels (often)")
def _(rng):
    return fit([dense(8, "relu"), dense(3, "softmax")], table(rng), rows(rng), "categorical_crossentropy",
               weighted=["accuracy"], class_weight=dict(enumerate(np.array([0.7, 1.9, 1.2]))))


@sound("two outputs by dict, a data set with weights (tf72679)")
def _(rng):
    import tensorflow as tf

    model, x, y = two_heads(rng, "dict")
    model.compile("adam", {"location": "mse", "class": "categorical_crossentropy"},
                  metrics={"location": ["mae"], "class": ["accuracy"]})
    return Program(model, tf.data.Dataset.from_tensor_slices((x, y)).batch(16).repeat(), None)


@sound("a class of one's own with two outputs by dict (tf34199)")
def _(rng):
    class Both(K.Model):
        def __init__(self):
            super().__init__()
            self.a, self.b = dense(3), dense(4, "softmax")

        def call(self, inputs):
            return {"A": self.a(inputs["F"]), "B": self.b(inputs["F"])}

    model = Both()
    model.compile("adam", {"A": K.losses.SparseCategoricalCrossentropy(from_logits=True),
                           "B": "sparse_categorical_crossentropy"})
    return Program(model, {"F": table(rng)}, {"A": ids(rng), "B": ids(rng, 4)})


@sound("a new head on a frozen base (deep-learning-with-python 75)")
def _(rng):
    base = K.Sequential([K.Input((8, 8, 3)), conv(4), K.layers.BatchNormalization(), conv(4)])
    base.trainable = False
    inputs = K.Input((8, 8, 3))
    hidden = K.layers.GlobalAveragePooling2D()(base(inputs, training=False))
    model = K.Model(inputs, dense(1, "sigmoid")(hidden))
    model.compile(K.optimizers.Adam(1e-5), "binary_crossentropy", metrics=["accuracy"])
    return Program(model, images(rng, channels=3), yes(rng))


@sound("a recommender by the product of two embeddings (often)")
def _(rng):
    user, item = K.Input((1,), name="user"), K.Input((1,), name="item")
    model = K.Model([user, item], K.layers.Dot(axes=1)([flat()(words_in()(user)), flat()(words_in()(item))]))
    model.compile("adam", "mse", metrics=["mae"])
    x = [rng.integers(0, 20, (N, 1)), rng.integers(0, 20, (N, 1))]
    return Program(model, x, rng.integers(1, 6, N).astype("float32"))


@sound("twins with a contrastive loss (often)")
def _(rng):
    from keras import ops

    def contrastive(y_true, y_pred):
        y_true = ops.cast(y_true, y_pred.dtype)
        return ops.mean(y_true * ops.square(y_pred) + (1 - y_true) * ops.square(ops.maximum(1 - y_pred, 0)), axis=-1)

    left, right = K.Input((6,)), K.Input((6,))
    tower = K.Sequential([K.Input((6,)), dense(8, "relu"), dense(4)])
    distance = K.layers.Lambda(lambda pair: ops.sqrt(ops.sum(ops.square(pair[0] - pair[1]), -1, keepdims=True) + 1e-7))
    model = K.Model([left, right], distance([tower(left), tower(right)]))
    model.compile("adam", contrastive)
    return Program(model, [table(rng), table(rng)], column(rng))


@sound("a triplet loss with targets that nobody reads (often)")
def _(rng):
    from keras import ops

    def triplet(y_true, y_pred):
        anchor, near, far = ops.split(y_pred, 3, axis=-1)
        gap = ops.sum(ops.square(anchor - near), -1) - ops.sum(ops.square(anchor - far), -1)
        return ops.maximum(gap + 0.2, 0.0)

    return fit([dense(8, "relu"), dense(12)], table(rng), np.zeros(N), triplet)


@sound("a critic of a Wasserstein GAN (often)")
def _(rng):
    from keras import ops

    def wasserstein(y_true, y_pred):
        return ops.mean(ops.cast(y_true, y_pred.dtype) * y_pred, axis=-1)

    return fit([conv(4), flat(), dense(1)], images(rng), (2 * column(rng) - 1), wasserstein, None,
               K.optimizers.RMSprop(5e-5))


@sound("actions between -2 and 2 by a stretched tanh (often)")
def _(rng):
    return fit([dense(8, "relu"), dense(1, "tanh"), K.layers.Lambda(lambda a: 2.0 * a)], table(rng, 3),
               2 * np.tanh(real(rng)), "mse")


@sound("a quantile for each of three columns (often)")
def _(rng):
    from keras import ops

    def pinball(y_true, y_pred):
        gap, share = y_true - y_pred, np.array([0.1, 0.5, 0.9], "float32")
        return ops.mean(ops.maximum(share * gap, (share - 1) * gap), axis=-1)

    return fit([dense(8, "relu"), dense(3)], table(rng), real(rng), pinball)


@sound("mean and spread of a normal distribution (often)")
def _(rng):
    from keras import ops

    def likelihood(y_true, y_pred):
        mean, spread = y_pred[:, :1], ops.softplus(y_pred[:, 1:]) + 1e-3
        return ops.mean(ops.log(spread) + 0.5 * ops.square((y_true - mean) / spread), axis=-1)

    return fit([dense(8, "relu"), dense(2)], table(rng), real(rng), likelihood)


@sound("EarlyStopping and a checkpoint by the F1 of Keras (k11440)")
def _(rng):
    return watching(rng, [K.callbacks.EarlyStopping(monitor="val_f1_score", mode="max", patience=5),
                          K.callbacks.ModelCheckpoint("{epoch:02d}.keras", monitor="val_loss", save_best_only=True)],
                    [K.metrics.F1Score(threshold=0.5)])


@sound("a generator: nothing can be read from it without using it up (often)")
def _(rng):
    program = fit([dense(8, "relu"), dense(1, "sigmoid")], table(rng), yes(rng), "binary_crossentropy", ["accuracy"])
    return Program(program.model, ((program.x[i: i + 8], program.y[i: i + 8]) for i in range(0, N, 8)), None)


@sound("a sequence of batches (often)")
def _(rng):
    program = fit([conv(4), flat(), dense(3, "softmax")], images(rng), None, "categorical_crossentropy", ["accuracy"])
    return Program(program.model, Batches.of(program.x, rows(rng)), None)


@sound("a transformer block with two heads and a mask (often)")
def _(rng):
    inputs = K.Input((8,))
    embedded = words_in(mask_zero=True)(inputs)
    attended = K.layers.LayerNormalization()(embedded + K.layers.MultiHeadAttention(2, 4)(embedded, embedded))
    model = K.Model(inputs, dense(1, "sigmoid")(K.layers.GlobalAveragePooling1D()(attended)))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return Program(model, words(rng, padded=True), column(rng))


@sound("a residual block, labels from a file in a column (often)")
def _(rng):
    inputs = K.Input((8, 8, 3))
    first = conv(4)(inputs)
    merged = K.layers.ReLU()(K.layers.Add()([first, conv(4, activation=None)(first)]))
    model = K.Model(inputs, dense(5)(K.layers.GlobalAveragePooling2D()(merged)))
    model.compile("adam", K.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return Program(model, images(rng, channels=3), ids(rng, 5)[:, None])
