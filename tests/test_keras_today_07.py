"""What Keras does today and notebook 07 relies on. If one of these fails, the sentence that it names is now wrong."""
import numpy as np
import pytest

from helpers.quiet import quiet

with quiet():
    import keras
    import tensorflow as tf

NOTEBOOK = "notebooks/source/07_reading_curves.py"
rng = np.random.default_rng(0)
X = rng.normal(size=(64, 3)).astype("float32")
y = X.sum(axis=1)


def now_wrong(section, sentence):
    return f"Keras has changed: in section {section} of {NOTEBOOK} this is now wrong: {sentence}"


def model_of(*hidden, rate=0.01, loss="mse", **more):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), *hidden, keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, **more)
    return model


def stops_at(values, patience, monitor="val_loss"):
    """(epoch it stops in, epoch it keeps), from 1 on; the callback is shown the values one by one."""
    stopper, model = keras.callbacks.EarlyStopping(monitor, patience=patience, restore_best_weights=True), model_of()
    stopper.set_model(model)
    stopper.on_train_begin()
    for epoch, value in enumerate(values):
        if not model.stop_training:
            stopper.on_epoch_end(epoch, {monitor: value})
    return stopper.stopped_epoch + 1 if model.stop_training else len(values), stopper.best_epoch + 1


@pytest.mark.parametrize(("values", "patience", "expected"), [
    ([0.9, 0.7, 0.6, 0.65, 0.7, 0.8], 2, (5, 3)),           # stops in the second epoch without a better one
    ([0.5, 0.5, 0.5, 0.4], 2, (3, 1)),                      # an equal loss is no better
    ([0.9, 0.7, 0.8, 0.75, 0.6, 0.7, 0.65], 2, (4, 2)),     # it never sees the 0.6
    ([0.9, 0.7, 0.75, 0.6, 0.65, 0.5, 0.55, 0.58, 0.6, 0.4], 3, (9, 6)),  # a lower loss starts the waiting anew
    ([0.9, 0.8, 0.7], 2, (3, 3))])
def test_early_stopping_stops_and_keeps(values, patience, expected):
    assert stops_at(values, patience) == expected, now_wrong(3, "it waits `patience` epochs for a lower loss, stops")


def test_a_stop_keeps_the_weights_of_the_best_epoch():
    model, seen = model_of(rate=0.5), []
    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append((logs["val_loss"], [w.copy() for w in self.model.get_weights()]))
    stopper = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    model.fit(X[:32], y[:32], validation_data=(X[32:], y[32:]), epochs=60, verbose=0, callbacks=[Watch(), stopper])
    best = min(range(len(seen)), key=lambda epoch: seen[epoch][0])
    assert best < len(seen) - 1, "it never stopped, so nothing is tested"
    same = all(np.array_equal(a, b) for a, b in zip(model.get_weights(), seen[best][1], strict=True))
    assert same, now_wrong(3, "it stops, and goes back to the best epoch it has seen")


def test_validation_split_takes_the_last_rows_before_shuffling():
    class Kept(keras.losses.Loss):  # the labels that reach the loss in evaluation
        def call(self, y_true, y_pred):
            return tf.reduce_max(y_true, axis=-1) + 0 * tf.reduce_mean(y_pred, axis=-1)
    labels = np.where(np.arange(64) < 51, 0.0, 1.0)
    history = model_of(loss=Kept()).fit(X, labels, validation_split=0.2, epochs=1, verbose=0).history
    expected = now_wrong(6, "`validation_split` takes the last 20% of the rows as they stand, before any shuffling")
    assert history["val_loss"] == [1.0] and history["loss"] == [0.0], expected


def test_one_missing_label_makes_every_weight_nan():
    labels = y.copy()
    labels[7] = np.nan
    model = model_of(keras.layers.Dense(4, activation="relu"))
    losses = model.fit(X, labels, epochs=2, verbose=0).history["loss"]
    gone = all(np.isnan(w).all() for w in model.get_weights())
    assert np.isnan(losses).all() and gone, now_wrong(4, "NaN, and every weight is NaN from then on")


def test_the_slope_of_a_root_at_0_is_nan():
    w = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        value = tf.sqrt(tf.square(w - 0.0))
    assert float(value) == 0 and np.isnan(float(tape.gradient(value, w))), now_wrong(
        4, "a value can even be fine while its slope is not")


def test_dropout_is_at_work_in_the_reported_training_loss_only():
    model = model_of(keras.layers.Dense(64, activation="relu"), keras.layers.Dropout(0.9), rate=1e-9)
    reported = model.fit(X, y, batch_size=64, epochs=1, verbose=0).history["loss"][0]
    alike = model.evaluate(X, y, verbose=0)
    by_hand = np.mean((model.predict(X, verbose=0)[:, 0] - y) ** 2)
    assert np.isclose(alike, by_hand, rtol=1e-4) and abs(reported / alike - 1) > 0.01, now_wrong(
        3, "the training loss is measured with units switched off")


def test_dead_units_leave_only_the_last_biases_to_learn():
    dead = keras.layers.Dense(4, activation="relu", bias_initializer=keras.initializers.Constant(-1e4))
    model = model_of(dead, rate=0.1)
    before = [w.copy() for w in model.get_weights()]
    model.fit(X, y + 3, epochs=3, verbose=0)
    moved = [not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
    assert moved == [False, False, False, True], now_wrong(
        4, "the last layer still learns its biases, so the loss sinks to the baseline first")
