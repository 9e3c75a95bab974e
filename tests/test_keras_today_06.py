"""What Keras does today and notebook 06 relies on. If one of these fails, the sentence that it names is now wrong."""
import warnings

import numpy as np
import pytest

from helpers.quiet import quiet

with quiet():
    import keras
from keras import ops

from helpers.replicates import fit_replicates

NOTEBOOK = "notebooks/source/06_closing_the_gap.py"
rng = np.random.default_rng(0)
X = rng.normal(size=(64, 4)).astype("float32")
y = (X[:, :1] + rng.normal(size=(64, 1)) > 0.5).astype("float32")


def now_wrong(section, sentence):
    return f"Keras has changed: in section {section} of {NOTEBOOK} this is now wrong: {sentence}"


def model_of(metrics=(), loss="binary_crossentropy", head="sigmoid"):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation=head)])
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss=loss, metrics=list(metrics), jit_compile=False)
    return model


def watched(monitor, mode="auto", metrics=(), validation=True):
    """What was said, the callback and the epochs, for a model that is trained for four epochs at most."""
    model = model_of(metrics)
    stop = keras.callbacks.EarlyStopping(monitor=monitor, mode=mode, patience=1, restore_best_weights=True)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model.fit(X, y, epochs=4, verbose=0, callbacks=[stop], validation_data=(X, y) if validation else None)
    return [str(one.message) for one in said], stop, model.history.epoch


def test_alpha_of_the_focal_loss_needs_its_switch():
    def of(alpha, switch):
        loss = keras.losses.BinaryFocalCrossentropy(apply_class_balancing=switch, alpha=alpha, from_logits=True)
        return float(loss(y, X[:, :1]))
    assert np.isclose(of(0.25, False), of(0.9, False)), now_wrong(2, "without the switch alpha is ignored")
    assert not np.isclose(of(0.25, True), of(0.9, True)), now_wrong(2, "with the switch alpha weighs the classes")


def test_hinge_takes_both_codes_and_the_accuracy_one():
    hinge, values = keras.losses.Hinge(), {}
    for name, labels in [("0 and 1", y), ("signs", 2 * y - 1)]:
        accuracy = keras.metrics.BinaryAccuracy(threshold=0)
        accuracy.update_state(labels, X[:, :1])
        values[name] = float(hinge(labels, X[:, :1])), float(accuracy.result())
    own = np.mean(np.maximum(0, 1 - (2 * y - 1) * X[:, :1]))
    assert np.isclose(values["0 and 1"][0], own), now_wrong(2, "Hinge turns a code of 0 into −1")
    assert np.isclose(values["signs"][0], own), now_wrong(2, "Hinge takes −1 as it stands")
    positives = np.mean((X[:, :1] > 0) & (y == 1))
    assert np.isclose(values["signs"][1], positives), now_wrong(2, "with −1 every negative counts as wrong")


def test_the_wrong_direction_is_silent_and_keeps_the_first_epoch():
    said, stop, epochs = watched("val_auc", "min", [keras.metrics.AUC(name="auc")])
    assert not said and stop.best_epoch == 0 and len(epochs) == 2, now_wrong(
        5, "mode='min' on a metric that rises stops early, without a word, and keeps the first epoch")


def test_keras_knows_the_direction_of_f1_and_auc():
    for metric in [keras.metrics.F1Score(threshold=0.5, name="f1"), keras.metrics.AUC(name="auc")]:
        said, stop, _ = watched(f"val_{metric.name}", "auto", [metric])
        assert not said and stop.monitor_op is ops.greater, now_wrong(
            5, f"mode='auto' knows that more {metric.name} is better")


def test_a_name_that_is_not_there_warns_and_never_stops():
    said, _, epochs = watched("val_f1", "max", [keras.metrics.F1Score(threshold=0.5)])
    assert said and len(epochs) == 4, now_wrong(5, "F1Score without a name is not called val_f1; Keras warns")
    said, _, epochs = watched("val_loss", validation=False)
    assert said and len(epochs) == 4, now_wrong(5, "without validation data Keras warns, and nothing is stopped")


def test_a_second_auc_has_another_name_and_the_message_speaks_of_the_direction():
    keras.backend.clear_session()
    watched("val_auc", "auto", [keras.metrics.AUC()])
    assert keras.metrics.AUC().name != "auc", now_wrong(5, "names are numbered within a session")
    with pytest.raises(ValueError, match="automatically determine"):
        watched("val_auc", "auto", [keras.metrics.AUC()])
        pytest.fail(now_wrong(5, "Keras cannot tell the direction of a name that it does not find"))


def test_a_function_of_ones_own_needs_a_direction():
    def share_right(y, p):
        return ops.mean(ops.cast(ops.equal(y, ops.cast(p > 0.5, "float32")), "float32"), axis=-1)
    with pytest.raises(ValueError, match="automatically determine"):
        watched("val_share_right", "auto", [share_right])
        pytest.fail(now_wrong(5, "a metric that is a function raises unless the direction is said"))


def test_a_layer_draws_other_numbers_in_each_replicate_and_each_step():
    class Draw(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.generator = keras.random.SeedGenerator()

        def call(self, z):
            return ops.concatenate([z, keras.random.uniform((ops.shape(z)[0], 1), seed=self.generator)], axis=1)

    def build():
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1), Draw()])
        model.compile(optimizer=keras.optimizers.SGD(0.0), loss=lambda y, out: ops.mean(out[:, 1:], axis=-1))
        return model
    drawn = fit_replicates(build, X, y, seeds=3, epochs=2, batch_size=64).history["loss"]
    assert len(np.unique(drawn.round(6))) == 6, now_wrong(3, "layers may draw random numbers")


def test_a_metric_may_return_a_table_of_counts():
    class Counts(keras.metrics.Metric):
        def __init__(self, name="counts"):
            super().__init__(name=name)
            self.counts = self.add_weight(shape=(2, 3), initializer="zeros", name="counts")

        def update_state(self, y, z, sample_weight=None):
            self.counts.assign_add(ops.ones((2, 3)) * ops.sum(y))

        def result(self):
            return self.counts + 0

    def build():
        return model_of([Counts()], head=None, loss="mse")
    counts = fit_replicates(build, X, y, seeds=2, epochs=3, validation_data=(X, y)).history["val_counts"]
    assert counts.shape == (2, 3, 2, 3) and np.all(counts == y.sum()), now_wrong(6, "the counts of each epoch are kept")
