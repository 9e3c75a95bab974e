"""What Keras does today and notebook 04 relies on. If one of these fails, the sentence that it names is now wrong."""
import numpy as np

from helpers.quiet import quiet

with quiet():
    import keras
    import tensorflow as tf

NOTEBOOK = "notebooks/source/04_multilabel_sigmoid.py"
rng = np.random.default_rng(0)
X = rng.normal(size=(60, 4)).astype("float32")
Y = (rng.random((60, 5)) < 0.4).astype("float32")
Y[Y.sum(axis=1) == 0, 0] = 1


def now_wrong(section, sentence):
    return f"Keras has changed: in section {section} of {NOTEBOOK} this is now wrong: {sentence}"


def model_of(activation, loss, **more):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(5, activation=activation)])
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss=loss, **more)
    return model


def test_accuracy_compares_the_place_of_the_first_one():
    model = model_of("sigmoid", "binary_crossentropy", metrics=["accuracy"])
    reported = model.evaluate(X, Y, verbose=0, return_dict=True)["accuracy"]
    by_hand = np.mean(model.predict(X, verbose=0).argmax(axis=1) == Y.argmax(axis=1))
    assert np.isclose(reported, by_hand), now_wrong(3, "'accuracy' compares the largest probability with the first 1")


def test_the_slope_of_categorical_crossentropy_is_right_for_rows_that_add_up_to_one_alone():
    y, z = np.array([[1.0, 1.0, 0.0]]), tf.Variable([[0.2, -0.4, 0.1]])
    with tf.GradientTape() as tape:
        value = keras.losses.CategoricalCrossentropy(from_logits=True)(y, z)
    p = tf.nn.softmax(z).numpy()
    assert np.isclose(value, -np.sum(y * np.log(p))), now_wrong(6, "Keras' value is the loss of the formula")
    assert np.allclose(tape.gradient(value, z), p - y), now_wrong(6, "Keras returns p − y")


def test_sigmoids_under_categorical_crossentropy_are_read_as_softmax():
    model = model_of("sigmoid", "categorical_crossentropy")
    reported = model.evaluate(X, Y, batch_size=60, verbose=0)
    p = model.predict(X, verbose=0).astype(float)
    logits = np.log(p / (1 - p))
    of_softmax = -np.sum(Y * (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))), axis=1).mean()
    assert np.isclose(reported, of_softmax, rtol=1e-4), now_wrong(6, "Keras takes the logits behind the sigmoids")


def test_class_weight_goes_by_the_first_one_of_a_row():
    model = model_of("sigmoid", "binary_crossentropy")
    p = model.predict(X, verbose=0).astype(float)
    weights = {k: 10.0 if k == 4 else 1.0 for k in range(5)}
    reported = model.fit(X, Y, batch_size=60, class_weight=weights, verbose=0).history["loss"][0]
    cells = -np.log(np.where(Y == 1, p, 1 - p)).mean(axis=1)
    by_hand = np.mean(np.where(Y.argmax(axis=1) == 4, 10, 1) * cells)
    assert np.isclose(reported, by_hand, rtol=1e-4), now_wrong(7, "class_weight goes by the first 1 of a film's row")


def test_f1_without_a_threshold_says_yes_to_one_label_a_row():
    p = rng.random((60, 5)).astype("float32")
    largest = np.eye(5)[p.argmax(axis=1)]
    metric = keras.metrics.F1Score(average="macro")
    metric.update_state(Y, p)
    hits, named, true = (largest * Y).sum(0), largest.sum(0), Y.sum(0)
    assert np.isclose(float(metric.result()), np.mean(2 * hits / (named + true)), atol=1e-6), now_wrong(
        3, "F1Score as it comes says yes to one genre of each film")


def test_plain_accuracy_asks_for_equality():
    metric = keras.metrics.Accuracy()
    metric.update_state(Y, 0.2 + 0.6 * Y)
    assert float(metric.result()) == 0, now_wrong(3, "Accuracy asks whether a probability equals its label")
