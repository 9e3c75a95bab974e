"""Sound programs in many combinations: head x label format x loss x metrics x from_logits x weights, and the rest.

`sound()` yields (name, make): `make()` builds the program. On every one of them the doctor must give no error and no
warning. The combinations are enumerated; how each is written (string or object, type of the labels, kind of model,
arrays or dataset) is drawn.
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

N, D = 64, 4
SOUND = []


def sound():
    for name, make in SOUND:
        def build(name=name, make=make):
            program = make(start(zlib.crc32(name.encode())))
            program.kind = name
            return program

        yield name, build


def add(name, make):
    SOUND.append((name, make))


def metric(spec):
    """A metric from its spec: a string, or (class, arguments)."""
    import keras

    return spec if isinstance(spec, str) else getattr(keras.metrics, spec[0])(**spec[1])


def weights_for(rng, kind, y):
    if kind == "class":
        return {"class_weight": {int(c): float(rng.uniform(0.5, 3)) for c in np.unique(y)}}
    return {"sample_weight": rng.uniform(0.5, 2, len(y)).astype("float32")} if kind == "sample" else {}


# Binary: one unit

BINARY_METRICS = {
    "accuracy": ["accuracy"], "none": None, "several": ["binary_accuracy", ("AUC", {}), ("Precision", {})],
    "f1": [("F1Score", {"threshold": 0.5}), ("Recall", {})], "loss": ["binary_crossentropy", "mse"],
    "iou": [("BinaryIoU", {"target_class_ids": [0, 1]})],
}
LOGIT_METRICS = {
    "accuracy": [("BinaryAccuracy", {"threshold": 0.0})], "none": None,
    "several": [("AUC", {"from_logits": True}), ("Precision", {"thresholds": 0.0}), ("Recall", {"thresholds": 0.0})],
    "loss": [("BinaryCrossentropy", {"from_logits": True})],
}


def binary(logits, shape, metrics, weight, loss_name):
    def make(rng):
        x = features(rng, N, D)
        y = every_class(rng, N, 2).astype(str(rng.choice(["int64", "float32", "uint8", "bool", "int32"])))
        y = y if shape == "flat" else y[:, None]
        table = LOGIT_METRICS if logits else BINARY_METRICS
        chosen = None if table[metrics] is None else [metric(m) for m in table[metrics]]
        model = network(rng, head(rng, 1, None if logits else "sigmoid"))
        options = weights_for(rng, weight, y)
        lossed = loss(rng, loss_name, from_logits=True) if logits else loss(rng, loss_name)
        compiled(model, lossed, None if options else chosen, weighted_metrics=chosen if options else None)
        x, y = (x, y) if options else as_dataset(rng, x, y)
        return Program(model, x, y, options=options)

    return make


for logits in (False, True):
    for shape in ("flat", "column"):
        for metrics in LOGIT_METRICS if logits else BINARY_METRICS:
            if shape == "flat" and metrics in ("f1", "loss"):
                continue  # these metrics want (n, 1)
            for weight in ("none", "class", "sample"):
                add(f"binary logits={logits} {shape} {metrics} weight={weight}",
                    binary(logits, shape, metrics, weight, "bce"))
        add(f"focal logits={logits} {shape}", binary(logits, shape, "none", "none", "focal"))

# Multiclass: softmax or logits, ids or rows

ID_METRICS = {"accuracy": ["accuracy"], "sparse": ["sparse_categorical_accuracy"], "none": None,
              "topk": [("SparseTopKCategoricalAccuracy", {"k": 2})]}
ROW_METRICS = {"accuracy": ["accuracy"], "categorical": ["categorical_accuracy"],
               "class": [("Precision", {"class_id": 1}), ("Recall", {"class_id": 1}), ("AUC", {"multi_label": True})],
               "f1": [("F1Score", {"average": "macro"})], "topk": [("TopKCategoricalAccuracy", {"k": 2})]}


def multiclass(logits, form, metrics, weight, k):
    def make(rng):
        x, ids = features(rng, N, D), every_class(rng, N, k)
        y = {"ids": ids, "column": ids[:, None], "rows": one_hot(ids, k)}[form]
        if form != "rows":
            y = y.astype(str(rng.choice(["int64", "int32", "uint8", "float32"])))
        table = ROW_METRICS if form == "rows" else ID_METRICS
        chosen = None if table[metrics] is None else [metric(m) for m in table[metrics]]
        name = "cce" if form == "rows" else "sce"
        model = network(rng, head(rng, k, None if logits else "softmax"))
        options = weights_for(rng, weight, ids)
        compiled(model, loss(rng, name, from_logits=True) if logits else loss(rng, name), chosen)
        x, y = (x, y) if options else as_dataset(rng, x, y)
        return Program(model, x, y, options=options)

    return make


for logits in (False, True):
    for form in ("ids", "column", "rows"):
        for number, metrics in enumerate(ROW_METRICS if form == "rows" else ID_METRICS):
            if logits and metrics == "class":
                continue  # their thresholds are for probabilities
            for weight in ("none", "class") if number % 2 else ("none", "sample"):
                add(f"multiclass logits={logits} {form} {metrics} weight={weight}",
                    multiclass(logits, form, metrics, weight, 3 + number % 3))

# Multilabel


def multilabel(logits, metrics):
    def make(rng):
        k = int(rng.integers(3, 7))
        x, y = features(rng, N, D), multi_hot(rng, N, k).astype(str(rng.choice(["float32", "int64", "bool"])))
        chosen = [metric(m) for m in metrics]
        model = network(rng, head(rng, k, None if logits else "sigmoid"))
        compiled(model, loss(rng, "bce", from_logits=True) if logits else loss(rng, "bce"), chosen)
        x, y = as_dataset(rng, x, y)
        return Program(model, x, y)

    return make


for number, chosen in enumerate(([], ["binary_accuracy"], [("AUC", {"multi_label": True})], [("Precision", {})],
                                 [("F1Score", {"average": "macro", "threshold": 0.5})])):
    add(f"multilabel metrics={number}", multilabel(False, chosen))
for number, chosen in enumerate(([], [("BinaryAccuracy", {"threshold": 0.0})],
                                 [("AUC", {"multi_label": True, "from_logits": True})])):
    add(f"multilabel logits metrics={number}", multilabel(True, chosen))

# Regression: what the head can reach, in any shape


def regression(loss_name, activation, target, metrics, shape, dtype="float32"):
    def make(rng):
        x = features(rng, N, D)
        y = x @ rng.standard_normal(D) + 0.1 * rng.standard_normal(N)
        y = {"real": y, "positive": np.exp(y / 2), "unit": 1 / (1 + np.exp(-y)), "tanh": np.tanh(y),
             "counts": rng.poisson(2.0, N)}[target].astype(dtype)
        y = {"flat": y, "column": y[:, None], "three": np.stack([y, y, y], 1)}[shape]
        model = network(rng, head(rng, 3 if shape == "three" else 1, activation))
        compiled(model, loss(rng, loss_name), [metric(m) for m in metrics])
        x, y = as_dataset(rng, x, y)
        return Program(model, x, y)

    return make


for loss_name in ("mse", "mae", "huber", "log_cosh"):
    for shape in ("flat", "column", "three"):
        for metrics in ([], ["mae", ("RootMeanSquaredError", {})]):
            add(f"regression {loss_name} {shape} metrics={len(metrics)}",
                regression(loss_name, None, "real", metrics, shape, "float64" if metrics else "float32"))
for activation, target in (("sigmoid", "unit"), ("tanh", "tanh"), ("softplus", "positive"), ("relu", "positive"),
                           ("exponential", "counts"), (None, "counts"), ("linear", "unit"), ("elu", "positive")):
    for loss_name in ("mse", "mae"):
        add(f"regression {loss_name} {activation} {target}", regression(loss_name, activation, target, ["mse"], "flat"))
for loss_name, activation, target in (("poisson", "exponential", "counts"), ("poisson", "softplus", "counts"),
                                      ("msle", "softplus", "positive"), ("mape", None, "positive"),
                                      ("bce", "sigmoid", "unit")):
    add(f"{loss_name} {activation} {target}", regression(loss_name, activation, target, [], "column"))
add("regression r2", regression("mse", None, "real", [("R2Score", {})], "column"))
add("regression pearson", regression("mse", None, "real", [("CosineSimilarity", {})], "three"))


def register(name, times=1):
    def keep(make):
        for number in range(times):
            add(f"{name} {number}" if times > 1 else name, lambda rng, number=number: make(rng, number))
        return make

    return keep


@register("hinge", 4)
def _(rng, i):
    import keras

    x, y = features(rng, N, D), every_class(rng, N, 2)
    if i % 2:
        y = 2 * y - 1
    model = network(rng, head(rng, 1, ["tanh", None][i // 2]))
    metrics = None if i % 2 else [keras.metrics.BinaryAccuracy(threshold=0.0)]
    return Program(compiled(model, loss(rng, ["hinge", "squared_hinge"][i % 2]), metrics), x, y.astype("float32"))


@register("categorical hinge", 2)
def _(rng, i):
    x, y = features(rng, N, D), one_hot(every_class(rng, N, 3), 3)
    model = network(rng, head(rng, 3, [None, "softmax"][i]))
    return Program(compiled(model, loss(rng, "categorical_hinge"), ["accuracy"]), x, y)


@register("shares of one whole", 3)
def _(rng, i):
    x, y = features(rng, N, D), rng.dirichlet(np.ones(4), N).astype("float32")
    return Program(compiled(network(rng, head(rng, 4, "softmax")), loss(rng, ["cce", "kld", "mse"][i])), x, y)


@register("label smoothing", 2)
def _(rng, i):
    x, y = features(rng, N, D), one_hot(every_class(rng, N, 4), 4)
    model = network(rng, head(rng, 4, ["softmax", None][i]))
    return Program(compiled(model, loss(rng, "cce", label_smoothing=0.1, from_logits=bool(i)), ["accuracy"]), x, y)


@register("the shortcut crossentropy", 3)
def _(rng, i):
    x = features(rng, N, D)
    ids = every_class(rng, N, 2 if i == 0 else 4)
    y = [ids, ids, one_hot(ids, 4)][i]
    model = network(rng, head(rng, 1 if i == 0 else 4, "sigmoid" if i == 0 else "softmax"))
    return Program(compiled(model, "crossentropy", ["accuracy"]), x, y)


@register("two softmax units for 0/1", 3)
def _(rng, i):
    x, ids = features(rng, N, D), every_class(rng, N, 2)
    y, name = (one_hot(ids, 2), "cce") if i else (ids, "sce")
    return Program(compiled(network(rng, head(rng, 2, "softmax")), loss(rng, name), ["accuracy"]), x, y)


@register("autoencoder", 3)
def _(rng, i):
    import keras

    x = rng.random((N, 16)).astype("float32")
    body = [keras.layers.Dense(4, activation=["relu", None, "tanh"][i])]
    name, activation = [("bce", "sigmoid"), ("mse", None), ("mse", "sigmoid")][i]
    return Program(compiled(network(rng, head(rng, 16, activation), d=16, body=body), loss(rng, name)), x, x)


@register("image classifier", 4)
def _(rng, i):
    import keras

    L = keras.layers
    x = rng.random((N, 8, 8, 1)).astype("float32")
    y = every_class(rng, N, 4)
    body = [L.Conv2D(4, 3, activation="relu"), L.BatchNormalization(), L.MaxPooling2D(), L.Flatten(), L.Dropout(0.2)]
    if i % 2:
        x = (255 * x).astype("uint8")
        body = [L.Rescaling(1 / 255), *body]
    model = network(rng, head(rng, 4, "softmax" if i < 2 else None), d=(8, 8, 1), body=body)
    return Program(compiled(model, loss(rng, "sce", from_logits=i >= 2), ["accuracy"]), x, y)


@register("segmentation", 4)
def _(rng, i):
    import keras

    x = rng.random((16, 8, 8, 3)).astype("float32")
    y = (x[..., :1] > 0.5).astype("float32")
    body = [keras.layers.Conv2D(4, 3, padding="same", activation="relu")]
    if i == 3:
        last = [keras.layers.Conv2D(3, 1, activation="softmax")]
        y = rng.integers(0, 3, (16, 8, 8))
        y[0, 0, :3] = [0, 1, 2]
        return Program(compiled(network(rng, last, d=(8, 8, 3), body=body), loss(rng, "sce"), ["accuracy"]), x, y)
    last = [keras.layers.Conv2D(1, 1, activation="sigmoid")]
    model = network(rng, last, d=(8, 8, 3), body=body)
    return Program(compiled(model, loss(rng, "bce"), ["accuracy"]), x, y[..., 0] if i == 1 else y)


@register("recurrent", 4)
def _(rng, i):
    import keras

    L = keras.layers
    x = rng.standard_normal((N, 6, 3)).astype("float32")
    if i < 2:
        body = [[L.LSTM, L.GRU][i](4)]
        return Program(compiled(network(rng, head(rng, 1, None), d=(6, 3), body=body), loss(rng, "mse")), x,
                       x.mean((1, 2)))
    body = [L.LSTM(4, return_sequences=True)]
    y = rng.integers(0, 3, (N, 6))
    y[0, :3] = [0, 1, 2]
    last = [L.TimeDistributed(L.Dense(3, activation="softmax"))] if i == 2 else head(rng, 3, "softmax")
    return Program(compiled(network(rng, last, d=(6, 3), body=body), loss(rng, "sce"), ["accuracy"]), x, y)


@register("masked sequences", 3)
def _(rng, i):
    import keras

    L = keras.layers
    x = rng.integers(1, 9, (N, 8))
    for row, end in enumerate(rng.integers(3, 8, N)):
        x[row, end:] = 0
    body = [L.Embedding(9, 5, mask_zero=True), L.GRU(4, return_sequences=i > 0)]
    if i == 0:
        y = every_class(rng, N, 2)
        return Program(compiled(network(rng, head(rng, 1, "sigmoid"), d=(8,), body=body, style="functional"),
                                loss(rng, "bce"), ["accuracy"]), x, y)
    y = x % 4
    last = [L.Dense(4, activation="softmax")]  # a Softmax layer would take the mask for its own, and fail
    model = network(rng, last, d=(8,), body=body, style=["", "sequential", "functional"][i])
    return Program(compiled(model, loss(rng, "sce"), weighted_metrics=["accuracy"]), x, y)


@register("bag of words", 2)
def _(rng, i):
    import keras

    x = rng.integers(0, 50, (N, 10))
    body = [keras.layers.Embedding(50, 6), keras.layers.GlobalAveragePooling1D()]
    k = [1, 3][i]
    y = every_class(rng, N, max(k, 2))
    model = network(rng, head(rng, k, ["sigmoid", "softmax"][i]), d=(10,), body=body)
    return Program(compiled(model, loss(rng, ["bce", "sce"][i]), ["accuracy"]), x, y)


@register("mixed precision", 4)
def _(rng, i):
    import keras

    k, activation, name = [(1, "sigmoid", "bce"), (3, "softmax", "sce"), (1, None, "mse"), (3, None, "sce")][i]
    inputs = keras.Input((D,))
    hidden = keras.layers.Dense(8, activation="relu", dtype="mixed_float16")(inputs)
    out = keras.layers.Dense(k, dtype="mixed_float16")(hidden)
    if activation:
        out = keras.layers.Activation(activation, dtype="float32")(out)
    else:
        out = keras.layers.Activation("linear", dtype="float32")(out)
    x = features(rng, N, D)
    y = x[:, 0] if name == "mse" else every_class(rng, N, max(k, 2))
    lossed = loss(rng, name, from_logits=True) if i == 3 else loss(rng, name)
    return Program(compiled(keras.Model(inputs, out), lossed), x, y)


@register("several outputs", 8)
def _(rng, i):
    import keras

    L = keras.layers
    x = features(rng, N, D)
    inputs = keras.Input((D,))
    hidden = L.Dense(8, activation="relu")(inputs)
    price = L.Dense(1, name="price")(hidden)
    sold = L.Dense(1, activation="sigmoid", name="sold")(hidden)
    kind = L.Dense(3, activation="softmax", name="kind")(hidden)
    outputs = [price, sold, kind]
    if i in (2, 3, 5, 6):
        outputs = {"price": price, "sold": sold, "kind": kind}
    y = {"price": x[:, :1] * 3, "sold": every_class(rng, N, 2)[:, None], "kind": every_class(rng, N, 3)}
    losses = {"price": "mse", "sold": "binary_crossentropy", "kind": "sparse_categorical_crossentropy"}
    metrics = {"price": ["mae"], "sold": ["accuracy", keras.metrics.AUC()], "kind": ["accuracy"]}
    options = {}
    if i == 1:
        losses, y = list(losses.values()), list(y.values())
        metrics = list(metrics.values())
    arguments = {"loss_weights": {"price": 0.1, "sold": 1.0, "kind": 1.0}} if i in (3, 4) else {}
    if i == 5:
        options["sample_weight"] = {name: np.ones(N, "float32") for name in losses}
    if i == 7:
        import tensorflow as tf

        model = compiled(keras.Model(inputs, outputs), losses, metrics)
        return Program(model, tf.data.Dataset.from_tensor_slices((x, y)).batch(16), None)
    return Program(compiled(keras.Model(inputs, outputs), losses, metrics, **arguments), x, y, options=options)


@register("several inputs", 3)
def _(rng, i):
    import keras

    L = keras.layers
    left, right = keras.Input((3,), name="left"), keras.Input((2,), name="right")
    hidden = L.Concatenate()([L.Dense(4, activation="relu")(left), L.Dense(4, activation="relu")(right)])
    model = keras.Model([left, right], L.Dense(1, activation="sigmoid")(hidden))
    x = [features(rng, N, 3), features(rng, N, 2)]
    x = {"left": x[0], "right": x[1]} if i else x
    return Program(compiled(model, loss(rng, "bce"), ["accuracy"]), x, every_class(rng, N, 2))


@register("pandas", 3)
def _(rng, i):
    import pandas as pd

    x = pd.DataFrame(features(rng, N, D), columns=list("abcd"))
    if i == 2:
        y = pd.get_dummies(pd.Series(np.array(["r", "g", "b"])[every_class(rng, N, 3)]))
        return Program(compiled(network(rng, head(rng, 3, "softmax")), loss(rng, "cce"), ["accuracy"]), x, y)
    y = pd.Series(every_class(rng, N, 2)) if i else pd.DataFrame({"y": x["a"] - x["b"]})
    model = network(rng, head(rng, 1, "sigmoid" if i else None))
    return Program(compiled(model, loss(rng, "bce" if i else "mse")), x, y)


@register("own losses", 5)
def _(rng, i):
    import keras
    from keras import ops

    def pinball(y_true, y_pred):
        error = ops.cast(y_true, y_pred.dtype) - y_pred
        return ops.mean(ops.maximum(0.9 * error, -0.1 * error), axis=-1)

    def soft_dice(y_true, y_pred):
        hits = ops.sum(y_true * y_pred)
        return 1 - 2 * hits / (ops.sum(y_true) + ops.sum(y_pred) + 1e-7)

    def weighted_bce(y_true, y_pred):
        p = ops.clip(y_pred, 1e-7, 1 - 1e-7)
        return -ops.mean(3 * y_true * ops.log(p) + (1 - y_true) * ops.log(1 - p), axis=-1)

    class Squared(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return ops.mean(ops.square(y_true - y_pred), axis=-1)

    def gaussian(y_true, y_pred):
        mean, log_variance = y_pred[:, :1], y_pred[:, 1:]
        return ops.mean(log_variance + ops.square(y_true - mean) / ops.exp(log_variance), axis=-1)

    x = features(rng, N, D)
    real, yes = (x[:, :1] * 2).astype("float32"), every_class(rng, N, 2)[:, None].astype("float32")
    y = [real, yes, yes, real, real][i]
    own = [pinball, soft_dice, weighted_bce, Squared(), gaussian][i]
    model = network(rng, head(rng, 2 if i == 4 else 1, "sigmoid" if i in (1, 2) else None))
    return Program(compiled(model, own), x, y)


@register("own metrics", 2)
def _(rng, i):
    from keras import ops

    def within_one(y_true, y_pred):
        return ops.cast(ops.abs(ops.reshape(y_true, (-1, 1)) - y_pred) < 1, "float32")

    x = features(rng, N, D)
    y = x[:, 0] if i else x[:, :1]
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse"), [within_one]), x, y)


@register("callbacks", 5)
def _(rng, i):
    import keras

    C = keras.callbacks
    x, y = features(rng, N, D), every_class(rng, N, 2)
    chosen = [[C.EarlyStopping(patience=3, restore_best_weights=True)],
              [C.EarlyStopping(monitor="val_accuracy", mode="max"), C.ReduceLROnPlateau()],
              [C.ModelCheckpoint("m.keras", monitor="val_auc", mode="max", save_best_only=True)],
              [C.EarlyStopping(monitor="val_accuracy"), C.ModelCheckpoint("m.keras")],
              [C.TerminateOnNaN(), C.LearningRateScheduler(lambda epoch: 1e-3), C.EarlyStopping(monitor="loss")]][i]
    metrics = ["accuracy", keras.metrics.AUC(name="auc")]
    model = compiled(network(rng, head(rng, 1, "sigmoid")), loss(rng, "bce"), metrics)
    return Program(model, x, y, options={"callbacks": chosen, "validation_data": (x[:20], y[:20])})


@register("optimizers", 6)
def _(rng, i):
    import keras

    optimizers, schedules = keras.optimizers, keras.optimizers.schedules
    chosen = [optimizers.SGD(0.1, momentum=0.9), optimizers.Adam(0.01), optimizers.RMSprop(), "adagrad",
              optimizers.Adam(schedules.ExponentialDecay(0.01, 100, 0.9)), optimizers.Adam(clipnorm=1.0)][i]
    x = features(rng, N, D)
    return Program(compiled(network(rng, head(rng, 1, None)), loss(rng, "mse"), optimizer=chosen), x, x[:, 0])


@register("not built before", 4)
def _(rng, i):
    import keras

    L = keras.layers
    k, activation, name = [(1, "sigmoid", "bce"), (3, "softmax", "sce"), (1, None, "mse"), (3, None, "sce")][i]
    model = keras.Sequential([L.Dense(8, activation="relu"), L.Dense(k, activation=activation)])
    x = features(rng, N, D)
    y = x[:, 0] if name == "mse" else every_class(rng, N, max(k, 2))
    return Program(compiled(model, loss(rng, name, from_logits=True) if i == 3 else loss(rng, name)), x, y)


@register("a model in a model", 3)
def _(rng, i):
    import keras

    L = keras.layers
    body = keras.Sequential([keras.Input((D,)), L.Dense(8, activation="relu"), L.Dense(6, activation="relu")])
    inputs = keras.Input((D,))
    tail = keras.Sequential([keras.Input((6,)), L.Dense(3, activation="softmax")])
    if i == 1:
        body.trainable = False
    outputs = tail(body(inputs)) if i != 2 else L.Dense(3, activation="softmax")(body(inputs))
    return Program(compiled(keras.Model(inputs, outputs), loss(rng, "sce"), ["accuracy"]), features(rng, N, D),
                   every_class(rng, N, 3))


@register("trained", 3)
def _(rng, i):
    import keras

    x = features(rng, N, D)
    k, activation, name = [(1, None, "mse"), (1, "sigmoid", "bce"), (3, "softmax", "sce")][i]
    y = [x[:, 0] * 3 + 100, (x[:, 0] > 0).astype(int), np.digitize(x[:, 0], [-0.5, 0.5])][i]
    body = [keras.layers.Dense(8, activation="relu")]
    model = compiled(network(rng, head(rng, k, activation), body=body, style="sequential"), loss(rng, name),
                     optimizer=keras.optimizers.Adam(0.05))
    for _ in range(60):
        model.train_on_batch(x, y)
    return Program(model, x, y)


@register("attention gates", 2)
def _(rng, i):
    import keras

    L = keras.layers
    inputs = keras.Input((D,))
    hidden = L.Dense(6, activation="relu")(inputs)
    gated = L.Multiply()([hidden, L.Dense(6, activation="softmax")(inputs)])
    out = L.Dense(1, activation="sigmoid" if i else None)(gated)
    x = features(rng, N, D)
    return Program(compiled(keras.Model(inputs, out), loss(rng, "bce" if i else "mse")), x,
                   every_class(rng, N, 2) if i else x[:, 0])


@register("softmax through an operation", 3)
def _(rng, i):
    import keras
    from keras import ops

    L = keras.layers
    inputs = keras.Input((D,))
    logits = L.Dense(3)(L.Dense(8, activation="relu")(inputs))
    out = [L.Lambda(lambda z: ops.softmax(z))(logits), ops.softmax(logits),
           L.Lambda(lambda z: z / 2.0)(logits)][i]  # the last: logits with a temperature
    lossed = loss(rng, "sce", from_logits=True) if i == 2 else loss(rng, "sce")
    model = compiled(keras.Model(inputs, out), lossed, ["accuracy"])
    return Program(model, features(rng, N, D), every_class(rng, N, 3))


@register("own training step")
def _(rng, i):
    import keras

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, x):
            return self.dense(x)

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return keras.ops.mean(keras.ops.square(keras.ops.reshape(y, (-1, 1)) - y_pred))

    x = features(rng, N, D)
    model = Own()
    model(x[:2])
    model.compile(optimizer="adam")
    return Program(model, x, x[:, 0])


@register("variational", 1)
def _(rng, i):
    import keras

    class Sampling(keras.layers.Layer):
        def call(self, inputs):
            mean, spread = inputs
            self.add_loss(keras.ops.mean(keras.ops.square(mean)) * 0.1)
            return mean + spread * keras.random.normal(keras.ops.shape(mean))

    L = keras.layers
    inputs = keras.Input((8,))
    hidden = L.Dense(6, activation="relu")(inputs)
    code = Sampling()([L.Dense(2)(hidden), L.Dense(2)(hidden)])
    out = L.Dense(8, activation="sigmoid")(code)
    x = rng.random((N, 8)).astype("float32")
    return Program(compiled(keras.Model(inputs, out), "binary_crossentropy"), x, x)
