"""What Keras does today and notebooks 00 and 01 rely on. If one fails, the sentence that it names is now wrong."""
import numpy as np
import pytest

from helpers.doctor import examine
from helpers.quiet import quiet

with quiet():
    import keras

NOTEBOOK = "notebooks/source/01_regression_losses.py"
rng = np.random.default_rng(0)
X = rng.normal(size=(64, 3)).astype("float32")
y = (3 + 2 * X[:, 0] + rng.normal(size=64)).astype("float32")


def now_wrong(section, sentence, notebook=NOTEBOOK):
    return f"Keras has changed: in section {section} of {notebook} this is now wrong: {sentence}"


def model_of(loss="mse", activation=None, rate=0.01, **more):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation=activation)])
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, **more)
    return model


def squares(y_true, y_pred):
    return keras.ops.mean((y_true - y_pred) ** 2, axis=-1)


class OwnMSE(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return squares(y_true, y_pred)


def judged_by_itself(flat, loss, metric):
    """(loss, metric) of a model whose targets are its own predictions: 0 wherever the shapes are aligned."""
    model = model_of(loss, metrics=[metric])
    own = model.predict(X, verbose=0)
    return model.evaluate(X, own[:, 0] if flat else own, verbose=0)


def test_a_metric_changes_no_weight():
    plain, measured = model_of(), model_of(metrics=["mae"])
    for model in (plain, measured):
        keras.utils.set_random_seed(1)
        model.fit(X, y, epochs=3, verbose=0)
    same = all(np.array_equal(a, b) for a, b in zip(plain.get_weights(), measured.get_weights(), strict=True))
    assert same, now_wrong(2, "a metric touches no weight", "notebooks/source/00_start_here.py")


def test_accuracy_of_a_perfect_regression_is_zero():
    loss, accuracy = judged_by_itself(False, "mse", "accuracy")
    assert loss < 1e-6 and accuracy == 0, now_wrong(8, "Keras' accuracy of a perfect model is 0, without a word")
    assert keras.metrics.BinaryAccuracy().threshold == 0.5, now_wrong(8, "cut at 0.5")


@pytest.mark.parametrize("loss, metric, aligned", [
    ("mse", "mse", (True, True)), (squares, squares, (True, False)), (OwnMSE(), "mse", (False, True))])
def test_shapes_are_aligned_for_some_ways_of_writing_a_loss(loss, metric, aligned):
    assert max(judged_by_itself(False, loss, metric)) < 1e-6, now_wrong(8, "with (n, 1) all of them agree")
    found = tuple(value < 1e-6 for value in judged_by_itself(True, loss, metric))
    assert found == aligned, now_wrong(8, "Keras aligns shapes for its own losses and metrics, and for a function "
                                          "given as loss; not for a function given as metric, nor for a Loss subclass")


def test_defaults_that_the_text_names():
    far = keras.losses.Huber()([[0.0]], [[9.0]])
    assert far == keras.losses.Huber(delta=1.0)([[0.0]], [[9.0]]), now_wrong(2, "Keras takes a delta of 1.0")
    assert np.isclose(keras.optimizers.Adam().learning_rate, 0.001), now_wrong(7, "Adam's default rate is 0.001")


def test_keras_has_no_pinball_loss():
    named = [name for name in dir(keras.losses) if "pinball" in name.lower() or "quantile" in name.lower()]
    assert not named, now_wrong(5, f"Keras has no pinball loss (it has {named})")


def test_mape_of_a_true_zero_is_finite_and_silent():
    value = float(keras.losses.MeanAbsolutePercentageError()([[0.0]], [[0.1]]))
    assert np.isfinite(value) and value > 1e6, now_wrong(6, "MAPE where 0 is right is a huge percentage")


def test_a_step_of_adam_has_the_size_of_its_rate_whatever_the_gradient():
    for scale in (1.0, 1e8):
        model = model_of(rate=0.001)
        before = model.get_weights()[1].copy()
        model.fit(X, scale * y, batch_size=64, epochs=1, verbose=0)
        step = abs(model.get_weights()[1] - before).max()
        assert np.isclose(step, 0.001, rtol=0.01), now_wrong(7, "Adam moves a weight by about its rate in each step")


def test_the_rmse_of_an_epoch_is_the_root_of_its_running_mean():
    model = model_of(metrics=[keras.metrics.RootMeanSquaredError(name="rmse")])
    history = model.fit(X, y, batch_size=8, epochs=1, verbose=0).history
    after = model.evaluate(X, y, verbose=0)
    sentence = now_wrong(9, "Keras takes the root of the epoch's squared errors at its end")
    assert np.isclose(history["rmse"][0] ** 2, history["loss"][0], rtol=1e-4), sentence
    assert history["rmse"][0] > 1.001 * after[1], sentence


def test_the_doctor_sees_what_the_notebook_lets_it_confirm():
    assert examine(model_of(activation="sigmoid"), X, y).codes == ["head-range"]
    assert examine(model_of(OwnMSE()), X, y).codes == ["loss-broadcasts"]
    assert not examine(model_of(), X, y)
