"""What Keras does today and notebook 05 relies on. If one of these fails, the sentence that it names is now wrong."""
import warnings

import numpy as np
import pytest

from helpers.quiet import quiet

with quiet():
    import keras
    import tensorflow as tf  # noqa: F401  (its start-up log belongs to the silence)

ops = keras.ops
NOTEBOOK = "notebooks/source/05_metric_versus_loss.py"
rng = np.random.default_rng(0)
X = rng.normal(size=(100, 4)).astype("float32")  # batches of 32: the last one has 4
y = (rng.random((100, 1)) < 0.4).astype("float32")
y[96:] = 1
SIZES = [32, 32, 32, 4]


def now_wrong(section, sentence):
    return f"Keras has changed: in section {section} of {NOTEBOOK} this is now wrong: {sentence}"


def model_of(loss="binary_crossentropy", rate=0.0, penalty=None, **more):
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dense(8, activation="relu", kernel_regularizer=penalty),
              keras.layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile(optimizer=keras.optimizers.SGD(rate), loss=loss, **more)
    return model


def fitted(model, **more):
    history = model.fit(X, y, batch_size=32, shuffle=False, verbose=0, **more).history
    return {name: float(np.squeeze(values[-1])) for name, values in history.items()}


def costs(model):
    p = model.predict(X, verbose=0).astype(float)
    return -np.log(np.where(y == 1, p, 1 - p))[:, 0]


def by_batch(values):
    return np.split(values, np.cumsum(SIZES)[:-1])


def test_metrics_change_no_bit_of_a_weight():
    without, with_metrics = model_of(rate=0.1), model_of(
        rate=0.1, metrics=["accuracy", "AUC", keras.metrics.F1Score(threshold=0.5)], weighted_metrics=["mse"])
    fitted(without, epochs=3), fitted(with_metrics, epochs=3)
    assert all(np.array_equal(a, b) for a, b in zip(without.get_weights(), with_metrics.get_weights(), strict=True)), \
        now_wrong(1, "Programs 1, 2 and 3 agree to the last bit")


def compared(y_true, p):
    return ops.mean(ops.cast(ops.not_equal(y_true, ops.cast(p > 0.5, "float32")), "float32"), axis=-1)


def rounded(y_true, p):
    return ops.mean(ops.abs(y_true - ops.round(p)), axis=-1)


def by_sign(y_true, p):
    return ops.mean(ops.abs(y_true - (ops.sign(p - 0.5) + 1) / 2), axis=-1)


@pytest.mark.parametrize("loss", [compared, rounded])
def test_accuracy_as_a_loss_is_refused(loss):
    with pytest.raises(ValueError, match="No gradients provided for any variable"):
        fitted(model_of(loss, rate=0.1))


def test_sign_has_a_slope_of_zero_and_nobody_says_so():
    model = model_of(by_sign, rate=0.1)
    before = [w.copy() for w in model.get_weights()]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted(model)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)), now_wrong(
        5, "sign has a slope in TensorFlow, and it is 0. So a gradient arrives, and nothing ever moves")


def test_with_a_penalty_accuracy_as_a_loss_only_warns():
    model = model_of(compared, rate=0.1, penalty="l2")
    before = np.abs(model.layers[0].kernel.numpy()).sum()
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        fitted(model)
    assert np.abs(model.layers[0].kernel.numpy()).sum() < before, now_wrong(
        5, "Training makes small what it can: the weights")


def test_a_function_is_averaged_over_batches_and_an_object_is_not():
    def mean_squared(y_true, p):
        return ops.sqrt(ops.mean((ops.cast(y_true, "float32") - p) ** 2))
    model = model_of(metrics=[mean_squared, keras.metrics.RootMeanSquaredError(name="rmse")])
    reported = fitted(model)
    errors = (y - model.predict(X, verbose=0)).astype(float)[:, 0]
    roots = [np.sqrt(np.mean(part**2)) for part in by_batch(errors)]
    assert np.isclose(reported["mean_squared"], np.mean(roots), atol=1e-5), now_wrong(
        6, "If it returns one number, Keras takes the plain mean of these numbers")
    assert np.isclose(reported["rmse"], np.sqrt(np.mean(errors**2)), atol=1e-5), now_wrong(
        6, "It adds up the counts of each batch, and divides only when it is asked")


def test_recall_pools_its_counts():
    recall = keras.metrics.Recall()
    recall.update_state(np.zeros(4), np.array([0.0, 1.0, 0.0, 0.0]))
    recall.update_state(np.array([1, 1, 0, 1, 1]), np.array([1.0, 0.0, 0.0, 1.0, 0.0]))
    assert np.isclose(float(recall.result()), 0.5), now_wrong(6, "Keras' Recall keeps counts")


def test_the_reported_loss_is_noted_before_each_step_and_weighted_by_size():
    by_hand, by_fit = model_of(rate=0.5), model_of(rate=0.5)
    losses = []
    for rows in (slice(0, 32), slice(32, 64), slice(64, 96), slice(96, 100)):
        p = by_hand(X[rows]).numpy().astype(float)
        losses.append(np.mean(-np.log(np.where(y[rows] == 1, p, 1 - p))))
        by_hand.train_on_batch(X[rows], y[rows])
    reported = fitted(by_fit)["loss"]
    assert np.isclose(reported, np.average(losses, weights=SIZES), atol=1e-6), now_wrong(
        7, "Our mean is what fit reports, if each batch counts by its size")
    assert not np.isclose(reported, np.mean(losses), atol=1e-4)


def test_reduction_sum_is_summed_in_a_batch_and_averaged_over_batches():
    model = model_of(keras.losses.BinaryCrossentropy(reduction="sum"))
    sums = [part.sum() for part in by_batch(costs(model))]
    assert np.isclose(fitted(model)["loss"], np.average(sums, weights=SIZES), rtol=1e-4), now_wrong(
        7, "Keras sums within a batch and averages over batches")


def test_the_loss_divides_by_the_rows_and_a_weighted_metric_by_the_weights():
    name = keras.metrics.BinaryCrossentropy
    model = model_of(metrics=[name(name="plain")], weighted_metrics=[name(name="weighted")])
    cost, w = costs(model), np.where(y[:, 0] == 1, 3, 1)
    reported = fitted(model, class_weight={0: 1, 1: 3}, validation_data=(X, y))
    found = [reported[part] for part in ("loss", "plain", "weighted", "val_loss")]
    due = [np.mean(w * cost), cost.mean(), np.sum(w * cost) / w.sum(), cost.mean()]
    assert np.allclose(found, due, atol=1e-4), now_wrong(
        7, "the loss divides by the number of films, the weighted metric by the sum of the weights")


def test_a_penalty_is_in_loss_and_val_loss_and_in_no_metric():
    model = model_of(penalty=keras.regularizers.L2(0.1), metrics=[keras.metrics.BinaryCrossentropy(name="bce")])
    reported = fitted(model, validation_data=(X, y))
    penalty = 0.1 * np.sum(model.layers[0].kernel.numpy() ** 2)
    assert np.allclose([reported[part] for part in ("loss", "val_loss", "bce")],
                       costs(model).mean() + np.array([penalty, penalty, 0]), atol=1e-5), now_wrong(
        7, "The weight penalty of section 5 is part of loss, and of val_loss, and of no metric")


def test_batch_normalization_begins_with_mean_zero_and_spread_one():
    layer = keras.layers.BatchNormalization()
    layer.build((None, 3))
    assert np.all(layer.moving_mean.numpy() == 0) and np.all(layer.moving_variance.numpy() == 1), now_wrong(
        7, "the running ones start at 0 and 1")


def test_losses_of_outputs_are_plain_means_over_batches():
    inputs = keras.Input((4,))
    model = keras.Model(inputs, {name: keras.layers.Dense(1, name=name)(inputs) for name in "ab"})
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss={"a": "mse", "b": "mse"})
    far = y + 30 * (np.arange(100)[:, None] >= 96)
    history = model.fit(X, {"a": far, "b": far}, batch_size=32, shuffle=False, verbose=0).history
    errors = {name: ((far - p) ** 2)[:, 0] for name, p in model.predict(X, verbose=0).items()}
    plain = {name: np.mean([part.mean() for part in by_batch(values)]) for name, values in errors.items()}
    assert np.isclose(history["a_loss"][0], plain["a"], rtol=1e-3), now_wrong(
        8, "For the outputs, Keras takes the plain mean over batches")
    assert np.isclose(history["loss"][0], sum(values.mean() for values in errors.values()), rtol=1e-3), now_wrong(
        8, "The total agrees with the sum of the recomputed ones")


def test_weights_only_stretch_a_loss_that_returns_one_number():
    def scalar(y_true, p):
        return ops.mean((ops.cast(y_true, "float32") - p) ** 2)
    model = model_of(scalar)
    w = rng.uniform(0.5, 3, 100)
    errors = ((y - model.predict(X, verbose=0)) ** 2)[:, 0]
    stretched = [part.mean() * weights.mean() for part, weights in zip(by_batch(errors), by_batch(w), strict=True)]
    assert np.isclose(fitted(model, sample_weight=w)["loss"], np.average(stretched, weights=SIZES), rtol=1e-4), \
        now_wrong(8, "With one number for all, the weights only stretch it by their mean")
