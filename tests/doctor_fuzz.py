"""Random programs, most of them nonsense: the doctor must say something or nothing, and never raise."""

from __future__ import annotations

import numpy as np
from doctor_programs import LOSSES, Program, network

ACTIVATIONS = [None, "sigmoid", "softmax", "relu", "tanh", "softplus", "elu", "exponential", "selu", "gelu"]
METRICS = ["accuracy", "acc", "mae", "mse", "auc", "f1", "precision", "Recall", "binary_accuracy", "mape",
           "categorical_accuracy", "sparse_categorical_accuracy", "cosine_similarity", "top_k_categorical_accuracy",
           "mean_io_u", "nonsense", "binary_crossentropy", "kl_divergence"]
METRIC_OBJECTS = [("AUC", {}), ("Precision", {}), ("Recall", {"thresholds": [0.2, 0.7]}), ("F1Score", {}),
                  ("F1Score", {"threshold": 0.3}), ("R2Score", {}), ("MeanIoU", {"num_classes": 2}), ("Accuracy", {}),
                  ("AUC", {"multi_label": True}), ("Precision", {"class_id": 7}), ("SpecificityAtSensitivity",
                                                                                {"sensitivity": 0.5}),
                  ("OneHotIoU", {"num_classes": 3, "target_class_ids": [0]}), ("Mean", {}), ("Sum", {}),
                  ("TopKCategoricalAccuracy", {}), ("CategoricalHinge", {}), ("FBetaScore", {"beta": 2.0}),
                  ("BinaryIoU", {}), ("PearsonCorrelation", {}), ("SensitivityAtSpecificity", {"specificity": 0.5})]
N, D = 24, 3


def program(number) -> Program:
    """The random program with this number."""
    import keras

    rng = np.random.default_rng([20260, number])
    shape = D if rng.random() < 0.8 else (4, D)
    layers = last(rng)
    model = network(rng, layers, d=shape, body=None if rng.random() < 0.7 else [])
    if rng.random() < 0.06:
        model = keras.Sequential([keras.layers.Dense(2), keras.layers.Dense(1)])
    x = rng.standard_normal((N, D) if shape == D else (N, 4, D)).astype("float32")
    if rng.random() > 0.05:
        try:
            model.compile(optimizer=optimizer(rng), loss=any_loss(rng), metrics=any_metrics(rng),
                          weighted_metrics=any_metrics(rng) if rng.random() < 0.1 else None,
                          loss_weights=pick(rng, [None, None, None, 0.5, [1.0], {"a": 1.0}]))
        except Exception:  # noqa: BLE001 - what compile itself refuses is no program
            model.compile(loss="mse")
    y = targets(rng)
    x, y = disguised(rng, x, y)
    return Program(model, x, y, options=options(rng))


def pick(rng, values):
    return values[int(rng.integers(len(values)))]


def last(rng):
    from keras import layers as L

    units = int(pick(rng, [1, 1, 2, 3, 5]))
    out = [L.Dense(units, activation=pick(rng, ACTIVATIONS))]
    extra = [L.Softmax, lambda: L.Activation("sigmoid"), lambda: L.Dropout(0.3), lambda: L.Reshape((-1,)), L.Flatten,
             lambda: L.Rescaling(2.0), lambda: L.Lambda(lambda z: z * 2.0), L.BatchNormalization, L.ReLU, L.LeakyReLU,
             lambda: L.Softmax(axis=1)]
    while rng.random() < 0.3:
        out.append(pick(rng, extra)())
    return out


def optimizer(rng):
    import keras

    O = keras.optimizers  # noqa: E741, N806
    return pick(rng, [O.Adam, O.SGD, lambda: O.SGD(100.0), lambda: O.Adam(0.0), O.Adadelta, O.Ftrl, O.RMSprop,
                      lambda: O.Adam(clipvalue=1.0), lambda: O.SGD(O.schedules.CosineDecay(0.1, 10))])()


def any_loss(rng):
    import keras
    from keras import ops

    name = pick(rng, list(LOSSES))
    odd = [None, "nonsense", "accuracy", "crossentropy", lambda a, b: ops.mean(b),
           lambda y_pred, y_true: y_true - y_pred,
           lambda a, b: 1 / 0, lambda a, b: ops.sum(a), keras.losses.Dice(), keras.losses.Tversky(),
           keras.losses.CategoricalFocalCrossentropy(), {"output": "mse"}, ["mse"], {"wrong": "mse"},
           ["mse", "mae"], lambda a, b: "text", keras.losses.Huber(delta=0.0), keras.losses.MeanSquaredError("none"),
           keras.losses.SparseCategoricalCrossentropy(ignore_class=-1), keras.losses.CTC(), keras.losses.Circle()]
    form = rng.random()
    if form < 0.45:
        return pick(rng, LOSSES[name][1])
    if form < 0.6:
        return getattr(keras.losses, LOSSES[name][0])()
    if form < 0.8:
        chosen = pick(rng, ["BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy"])
        return getattr(keras.losses, chosen)(from_logits=True)
    return pick(rng, odd)


def any_metrics(rng):
    import keras
    from keras import ops

    odd = [lambda a, b: ops.mean(b), lambda a, b: 1 / 0, lambda y_pred, y_true: ops.abs(y_true - y_pred),
           keras.losses.mean_absolute_error,
           keras.metrics.AUC, keras.metrics.MeanMetricWrapper(lambda a, b: a)]
    chosen = []
    for _ in range(int(rng.integers(0, 4))):
        form = rng.random()
        if form < 0.5:
            chosen.append(pick(rng, METRICS))
        elif form < 0.9:
            kind, arguments = pick(rng, METRIC_OBJECTS)
            chosen.append(getattr(keras.metrics, kind)(**arguments))
        else:
            chosen.append(pick(rng, odd))
    return pick(rng, [chosen, chosen, chosen, None, {"output": chosen}, [chosen]])


def targets(rng):
    k = int(rng.integers(2, 5))
    ids = rng.integers(0, k, N)
    return pick(rng, [
        ids, ids[:, None], ids + 1, -ids, ids / 255, np.eye(k)[ids], (rng.random((N, k)) < 0.5).astype(int),
        rng.standard_normal(N), rng.standard_normal((N, k)) * 1e6, np.full(N, np.nan), np.zeros(N), np.ones((N, 2)),
        np.array(["a", "b"])[ids % 2], ids.astype(object), np.array([None] * N, object), ids.tolist(), None,
        rng.standard_normal((N, 4, 1)), ids.astype(bool), ids.astype("int8"), np.where(ids > 0, 1, -1), ids[:-3],
        np.empty((0,)), np.array(3.0), rng.random(N).astype("float16"), np.array([1 + 2j] * N), {"output": ids}, [ids],
        {"wrong": ids, "more": ids}, [ids, ids], "text", 7, np.full(N, np.inf), rng.integers(0, 300, (N, 4)),
        np.array(["2020-01-01"] * N, "datetime64[D]"), np.eye(k, dtype=bool)[ids], [[1, 2], [3]], (ids, ids),
        1e300 * rng.standard_normal(N), np.ma.masked_array(ids, ids > 0)])


def disguised(rng, x, y):
    """x and y as they are, or as tensors, tables, datasets, generators, lists, or nothing at all."""
    form = rng.random()
    if form < 0.6:
        return x, y
    import pandas as pd
    import tensorflow as tf

    odd = [lambda: None, x.tolist, lambda: x.astype(object), lambda: x * 1e30, lambda: np.full_like(x, np.nan),
           lambda: x[:5], lambda: x.astype("float64"), lambda: tf.constant(x), lambda: (row for row in x),
           lambda: x[:0],
           lambda: "text", lambda: {"a": x}, lambda: [x], lambda: [x, x], lambda: x[..., :2], lambda: x.astype(str),
           lambda: 7, lambda: np.zeros_like(x), lambda: pd.DataFrame(x.reshape(N, -1))]
    if form < 0.9 or not isinstance(y, np.ndarray) or y.dtype.kind not in "if" or len(np.shape(y)) == 0 or len(y) != N:
        return pick(rng, odd)(), y
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    slices = tf.data.Dataset.from_tensor_slices
    return pick(rng, [lambda: (dataset.batch(8), None), lambda: (dataset, None),
                      lambda: (dataset.batch(8).repeat(), None),
                      lambda: (slices(x).batch(4), None), lambda: (dataset.batch(8), y), lambda: (x, tf.constant(y)),
                      lambda: (slices((x, y, np.ones(N))).batch(4), None), lambda: (dataset.take(0).batch(2), None),
                      lambda: (x, pd.Series(y.reshape(N, -1)[:, 0]))])()


def options(rng):
    import keras

    C = keras.callbacks  # noqa: N806
    if rng.random() < 0.6:
        return {}
    return pick(rng, [
        {"class_weight": {0: 1.0, 1: 2.0}}, {"class_weight": "balanced"}, {"class_weight": [1, 2]},
        {"class_weight": {"a": 1}}, {"class_weight": {None: 2}}, {"class_weight": {}}, {"class_weight": 3},
        {"sample_weight": np.ones(N)}, {"sample_weight": np.ones(3)}, {"sample_weight": -np.ones(N)},
        {"sample_weight": "x"}, {"sample_weight": {"output": np.ones(N)}}, {"sample_weight": [1] * N},
        {"callbacks": C.EarlyStopping()}, {"callbacks": [C.EarlyStopping(monitor="val_nothing")]},
        {"callbacks": [C.EarlyStopping(monitor="val_accuracy", mode="min"), "no callback", None]},
        {"callbacks": [C.ReduceLROnPlateau(monitor="loss", mode="max")]}, {"callbacks": 5},
        {"callbacks": [C.ModelCheckpoint("a.keras", monitor="accuracy", save_best_only=True)]},
        {"validation_data": (np.ones((2, 2)), None)}, {"validation_data": 3},
        {"class_weight": {0: 1.0}, "sample_weight": np.ones(N)}])
