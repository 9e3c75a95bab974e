"""Replicates trained side by side equal plain Keras, one seed at a time; what cannot be used is refused beforehand."""
import signal
import threading
import time

import keras
import numpy as np
import pytest
import tensorflow as tf
import tqdm.notebook

from helpers import replicates
from helpers.replicates import batch_order, fit_one_by_one, fit_replicates

L, Opt, M = keras.layers, keras.optimizers, keras.metrics
rng = np.random.default_rng(0)
X = rng.normal(size=(71, 5)).astype("float32")  # 71 rows: the last batch of 32 is smaller
y = (X[:, :1] - 2 * X[:, 1:2] + rng.normal(size=(71, 1))).astype("float32")
binary, ids = (y > 0).astype("float32"), np.digitize(y[:, 0], [-1, 1])
one_hot, words = np.eye(3, dtype="float32")[ids], rng.integers(0, 9, size=(71, 4))


def builder(loss, optimizer=lambda: Opt.Adam(0.01), *, middle=(), units=1, head=None, metrics=None, first=None):
    def build():
        first_layers = first() if first else [keras.Input((5,)), L.Dense(8, activation="relu")]
        model = keras.Sequential([*first_layers, *(layer() for layer in middle), L.Dense(units, activation=head)])
        model.compile(optimizer=optimizer(), loss=loss(), metrics=metrics and metrics())
        return model
    return build


def own_function(y_true, y_pred):
    return tf.reduce_mean(tf.abs(y_true - y_pred) ** 1.5, axis=-1)


def own_scalar(y_true, y_pred):
    return tf.sqrt(tf.reduce_mean((y_true - y_pred) ** 2))  # of the batch: a smaller batch counts as it is


class OwnLoss(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return tf.reduce_mean(tf.abs(y_true - y_pred), axis=-1) + 0.1 * tf.reduce_max(y_pred)


def streaming():
    return ["accuracy", M.AUC(name="auc"), M.Precision(name="precision"), M.F1Score(threshold=0.5, name="f1")]


MSE, BCE = (lambda: "mse"), (lambda: "binary_crossentropy")
decay = lambda: Opt.Adam(keras.optimizers.schedules.ExponentialDecay(0.02, 20, 0.5))  # noqa: E731
CASES = {
    "mse, SGD with momentum": (builder(MSE, lambda: Opt.SGD(0.01, momentum=0.9)), y, {}),
    "mae, Adam": (builder(lambda: "mae"), y, {}),
    "Huber, AdamW": (builder(lambda: keras.losses.Huber(0.5), lambda: Opt.AdamW(0.01)), y, {}),
    "mse, RMSprop, clipnorm": (builder(MSE, lambda: Opt.RMSprop(0.01, clipnorm=0.5)), y, {}),
    "mse, Adam, global_clipnorm": (builder(MSE, lambda: Opt.Adam(0.01, global_clipnorm=0.5)), y, {}),
    "mse, learning-rate schedule": (builder(MSE, decay), y, {}),
    "mse, targets (n,), Adagrad": (builder(MSE, lambda: Opt.Adagrad(0.05), metrics=lambda: ["mae"]), y[:, 0], {}),
    "binary crossentropy, streaming metrics": (builder(BCE, head="sigmoid", metrics=streaming), binary, {}),
    "binary crossentropy on logits, class weights": (
        builder(lambda: keras.losses.BinaryCrossentropy(from_logits=True)), binary,
        {"class_weight": {0: 1.0, 1: 3.0}}),
    "categorical crossentropy, F1 by class": (
        builder(lambda: "categorical_crossentropy", units=3, head="softmax", metrics=lambda: [M.F1Score(name="f1")]),
        one_hot, {}),
    "sparse crossentropy, sample weights": (
        builder(lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True), units=3,
                metrics=lambda: ["accuracy"]), ids, {"sample_weight": rng.random(71)}),
    "own loss function": (builder(lambda: own_function), y, {}),
    "own loss of a whole batch": (builder(lambda: own_scalar, metrics=lambda: [own_scalar]), y, {}),
    "own loss of a whole batch, validated in one": (
        builder(lambda: own_scalar), y, {"validation_batch_size": 41}),
    "own Loss class": (builder(OwnLoss), y, {}),
    "reduction sum": (builder(lambda: keras.losses.MeanSquaredError(reduction="sum"), lambda: Opt.Adam(0.003)), y, {}),
    "L2": (builder(MSE, middle=[lambda: L.Dense(4, kernel_regularizer="l2")]), y, {}),
    "an activity regularizer": (builder(MSE, middle=[lambda: L.Dense(4, activity_regularizer="l2")]), y, {}),
    "Dropout": (builder(MSE, middle=[lambda: L.Dropout(0.3)]), y, {}),
    "BatchNormalization": (builder(MSE, middle=[L.BatchNormalization]), y, {}),
    "a frozen layer, Adamax": (
        builder(MSE, lambda: Opt.Adamax(0.01), middle=[lambda: L.Dense(8, trainable=False)]), y, {}),
    "no shuffling, Lion": (builder(MSE, lambda: Opt.Lion(0.001)), y, {"shuffle": False}),
}


@pytest.mark.parametrize("name", CASES)
def test_side_by_side_equals_plain_keras(name):
    build, target, more = CASES[name]
    recipe = dict(epochs=30, batch_size=32, validation_data=(X[:41], target[:41]), **more)
    together = fit_replicates(build, X, target, seeds=[3, 5], **recipe)
    alone = fit_one_by_one(build, X, target, seeds=[5], **recipe)
    assert set(together.history) == set(alone.history)
    worst = 0.0
    for key, expected in alone.history.items():
        found = together.history[key]
        assert found.shape == (2, *expected.shape[1:]) and np.isfinite(expected).all()
        worst = max(worst, float(np.max(np.abs(found[1] - expected[0]) / np.maximum(1, np.abs(expected[0])))))
    predicted, expected = together.predict(X)[1], alone.predict(X)[0]
    worst = max(worst, float(np.max(np.abs(predicted - expected) / np.maximum(1, np.abs(expected)))))
    print(f"{name:45} largest difference {worst:.1e}")
    assert worst < 2e-6
    assert not np.allclose(together.history["loss"][0], together.history["loss"][1])


def test_whole_numbers_stay_whole_numbers():
    build = builder(MSE, first=lambda: [keras.Input((4,), dtype="int32"), L.Embedding(9, 3), L.Flatten()])
    recipe = dict(seeds=[2], epochs=3, batch_size=16)
    together, alone = (fit(build, words, y, **recipe) for fit in (fit_replicates, fit_one_by_one))
    np.testing.assert_allclose(together.history["loss"], alone.history["loss"], rtol=1e-5)


@pytest.mark.parametrize("restore", [True, False])
def test_each_replicate_stops_by_itself_as_in_keras(restore):
    build = builder(MSE, lambda: Opt.Adam(0.05))
    stop = keras.callbacks.EarlyStopping("val_loss", patience=3, restore_best_weights=restore)
    recipe = dict(seeds=3, epochs=40, batch_size=32, validation_data=(X[:20], y[:20]), callbacks=[stop])
    together, alone = (fit(build, X[20:], y[20:], **recipe) for fit in (fit_replicates, fit_one_by_one))
    trained = np.isfinite(together.history["loss"]).sum(axis=1)
    assert len(set(trained)) > 1 and trained.max() < 40
    longest = together.history["loss"].shape[1]
    assert np.isnan(alone.history["loss"][:, longest:]).all()
    for key in alone.history:
        np.testing.assert_allclose(together.history[key], alone.history[key][:, :longest], atol=1e-5)
    np.testing.assert_allclose(together.predict(X), alone.predict(X), atol=1e-5)


@pytest.mark.parametrize("draw", [
    lambda shape: tf.random.normal(shape),
    lambda shape: np.random.normal(size=shape),
    lambda shape: tf.raw_ops.RandomStandardNormal(shape=shape, dtype=tf.float32, seed=1, seed2=2),  # TensorFlow's reset
], ids=["TensorFlow", "NumPy", "a seed of its own"])
def test_a_build_may_draw_as_it_likes(draw):
    def build():
        model = keras.Sequential([keras.Input((5,)), L.Dense(1)])
        model.layers[-1].set_weights([draw((5, 1)), np.zeros(1)])
        model.compile("sgd", "mse")
        return model
    together, alone = (f(build, X, y, seeds=4, epochs=1).predict(X) for f in (fit_replicates, fit_one_by_one))
    np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-6)


def test_a_replicate_is_an_ordinary_model():
    runs = fit_replicates(builder(MSE, metrics=lambda: ["mae"]), X, y, seeds=2, epochs=2)
    model = runs.model(1)
    np.testing.assert_allclose(model.predict(X, verbose=0), runs.predict(X)[1], atol=1e-6)
    assert model.evaluate(X, y, verbose=0)[1] > 0


def test_a_base_seed_shifts_all_seeds():
    build, recipe = builder(MSE), dict(epochs=1)
    shifted = fit_replicates(build, X, y, seeds=2, base_seed=40, **recipe)
    listed = fit_replicates(build, X, y, seeds=[40, 41], **recipe)
    assert shifted.seeds == [40, 41]
    np.testing.assert_array_equal(shifted.history["loss"], listed.history["loss"])


def test_the_number_of_seeds_does_not_change_a_replicate():
    build = builder(MSE)
    few, many = (fit_replicates(build, X, y, seeds=s, epochs=3).history["loss"] for s in (3, 8))
    np.testing.assert_allclose(few, many[:3], rtol=1e-6)


def test_a_diverging_replicate_is_reported_and_harms_no_other(capsys):
    weights = np.ones((71, 1), "float32")

    def build():
        model = keras.Sequential([keras.Input((5,)), L.Dense(1)])
        model.compile(optimizer=Opt.SGD(0.05), loss="mse")
        if np.random.get_state()[1][0] == 1:  # the seed
            model.layers[0].kernel.assign(weights[:5] * 3e38)
        return model

    runs = fit_replicates(build, X, y, seeds=3, epochs=3)
    assert runs.diverged == [1] and "1 of 3 replicates diverged" in capsys.readouterr().out
    assert np.isfinite(runs.history["loss"][[0, 2]]).all()


def test_ctrl_c_returns_what_is_there(capsys):
    big = np.tile(X, (400, 1))

    def pressed_after(seconds):
        """(what fit_replicates returned, seconds from the key to the return); None where nothing was trained yet."""
        traced, pressed = threading.Event(), []

        def loss(y_true, y_pred):
            traced.set()  # Python runs this while the step is traced, and not in training
            return tf.square(y_true - y_pred)

        def press():
            traced.wait()
            time.sleep(seconds)
            pressed.append(time.monotonic())
            signal.raise_signal(signal.SIGINT)

        threading.Thread(target=press, daemon=True).start()
        try:
            runs = fit_replicates(builder(lambda: loss), big, np.tile(y, (400, 1)), seeds=4, epochs=100_000)
            return runs, time.monotonic() - pressed[0]
        except KeyboardInterrupt:  # still compiling, on a busy machine
            return None

    runs, waited = next(filter(None, map(pressed_after, (5, 20, 60))))
    assert waited < 3
    assert runs.partial and 1 <= runs.history["loss"].shape[1] < 100_000 and "partial" in capsys.readouterr().out
    assert np.isfinite(runs.predict(X)).all()


@pytest.mark.parametrize("silent", ["", "1"])
def test_the_bar_of_a_notebook_heeds_tqdms_variable(monkeypatch, silent):
    """Otherwise a built notebook would hold how far a slow machine had come after five seconds."""
    shown = []
    monkeypatch.setattr(replicates, "tqdm", tqdm.notebook.tqdm)
    monkeypatch.setattr(tqdm.notebook, "display", shown.append)
    monkeypatch.setenv("TQDM_DISABLE", silent)
    fit_replicates(builder(MSE), X, y, seeds=1, epochs=2, verbose=1)
    assert bool(shown) is not bool(silent)


@pytest.mark.parametrize("fit", [fit_replicates, fit_one_by_one])
def test_a_build_that_changes_after_training_is_noticed(fit):
    runs = [fit(lambda: builder(MSE, head=head)(), X, y, seeds=2) for head in (None, "relu")]  # noqa: B023
    assert runs[1].model(0).layers[-1].activation is keras.activations.relu
    with pytest.raises(ValueError, match="now returns another model.*lambda head=head"):
        runs[0].model(0)


def test_batch_order_is_a_permutation_of_its_seed():
    order = batch_order(7, 10, 3)
    assert order.shape == (3, 10) and (np.sort(order) == np.arange(10)).all()
    assert (order == batch_order(7, 10, 3)).all() and (order != batch_order(8, 10, 3)).any()


def uncompiled():
    return keras.Sequential([keras.Input((5,)), L.Dense(1)])


def other_each_time():
    other_each_time.units += 1
    return builder(MSE, middle=[lambda: L.Dense(other_each_time.units)])()


other_each_time.units = 1


class OwnStep(keras.Sequential):
    def train_step(self, data):
        return super().train_step(data)


def with_own_step():
    model = OwnStep([keras.Input((5,)), L.Dense(1)])
    model.compile(loss="mse")
    return model


good, bad_X = builder(MSE), np.full_like(X, np.nan)
averaging, nadam = (builder(MSE, o) for o in (lambda: Opt.SGD(0.01, use_ema=True), lambda: Opt.Nadam(0.01)))


@pytest.mark.parametrize(("build", "more", "sentence"), [
    (good, {"y": y[:-1]}, "71 rows and y has 70"), (good, {"X": X[:0], "y": y[:0]}, "0 rows"),
    (good, {"seeds": []}, "There are no seeds"), (good, {"seeds": 0}, "There are no seeds"),
    (good, {"seeds": "many"}, "seeds is 'many'"), (good, {"seeds": [-1]}, "from 0 on"),
    (good, {"X": bad_X}, "X holds NaN"),
    (good, {"y": y * np.inf}, "y holds NaN"), (good, {"X": X.astype(str)}, "array of numbers"),
    (good, {"epochs": 0}, "epochs is 0"), (good, {"batch_size": 1.5}, "batch_size is 1.5"),
    (good, {"validation_batch_size": 0}, "validation_batch_size is 0"),
    (good, {"validation_data": (X[:5, :3], y[:5])}, "row of X"), (good, {"validation_data": X}, "X_val, y_val"),
    (good, {"sample_weight": [1, 2]}, "one weight a row"),
    (good, {"sample_weight": np.ones(71), "class_weight": {0: 1}}, "not both"),
    (good, {"callbacks": [keras.callbacks.TerminateOnNaN()]}, "TerminateOnNaN.*fit_one_by_one"),
    (uncompiled, {}, "compiled"), (lambda: None, {}, "return model"), (other_each_time, {}, "different model"),
    (with_own_step, {}, "OwnStep.*fit_one_by_one"), (averaging, {}, "use_ema.*fit_one_by_one"),
    (nadam, {}, "Nadam.*fit_one_by_one"),
    (builder(MSE, middle=[lambda: L.SpectralNormalization(L.Dense(2))]), {}, "spectral.*fit_one_by_one")])
def test_bad_input_is_refused_in_a_sentence_before_training(build, more, sentence, monkeypatch):
    monkeypatch.setattr(replicates, "_train", lambda *a: pytest.fail("training had started"))
    arguments = {"X": X, "y": y, "seeds": 2} | more
    with pytest.raises(ValueError, match=f"(?s){sentence}"):
        fit_replicates(build, arguments.pop("X"), arguments.pop("y"), **arguments)
