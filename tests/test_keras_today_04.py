"""What Keras does today and notebook 04 relies on. If one of these fails, the sentence that it names is now wrong."""
import numpy as np
import pytest

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
    assert np.isclose(reported, by_hand), now_wrong(
        3, "'accuracy' asks whether the largest probability stands where the row has its first 1")


def test_the_slope_of_categorical_crossentropy_is_right_for_rows_that_add_up_to_one_alone():
    y, z = np.array([[1.0, 1.0, 0.0]]), tf.Variable([[0.2, -0.4, 0.1]])
    with tf.GradientTape() as tape:
        value = keras.losses.CategoricalCrossentropy(from_logits=True)(y, z)
    p = tf.nn.softmax(z).numpy()
    assert np.isclose(value, -np.sum(y * np.log(p))), now_wrong(6, "Keras' value is the loss of the formula")
    assert np.allclose(tape.gradient(value, z), p - y), now_wrong(6, "Keras' slope for each logit is p − y")


def test_sigmoids_under_categorical_crossentropy_are_read_as_softmax():
    model = model_of("sigmoid", "categorical_crossentropy")
    reported = model.evaluate(X, Y, batch_size=60, verbose=0)
    p = model.predict(X, verbose=0).astype(float)
    logits = np.log(p / (1 - p))
    of_softmax = -np.sum(Y * (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))), axis=1).mean()
    assert np.isclose(reported, of_softmax, rtol=1e-4), now_wrong(
        9, "this loss reads the logits behind sigmoids as those of a softmax")


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


def test_auc_of_the_base_rates_is_one_half_within_labels_only():
    many = (rng.random((2000, 3)) < [0.6, 0.3, 0.05]).astype("float32")
    same = np.tile(many.mean(axis=0), (2000, 1))
    heap, by_label = keras.metrics.AUC(), keras.metrics.AUC(multi_label=True)
    heap.update_state(many, same)
    by_label.update_state(many, same)
    assert float(heap.result()) > 0.65, now_wrong(3, "AUC() as it comes puts all cells into one heap")
    assert np.isclose(float(by_label.result()), 0.5), now_wrong(3, "multi_label=True says 0.5 for the base rates")


@pytest.fixture(scope="module")
def weighted():
    """class_weight -> the loss that fit reports, for a model that does not move."""
    model = model_of("sigmoid", "binary_crossentropy")
    return lambda weight: model.fit(X, Y, batch_size=60, class_weight=weight, verbose=0).history["loss"][0]


def test_class_weight_knows_no_names_and_gives_1_to_a_missing_class(weighted):
    assert np.isclose(weighted({"Fantasy": 10.0}), weighted(None)), now_wrong(7, "names are ignored")
    full = {k: 10.0 if k == 4 else 1.0 for k in range(5)}
    assert np.isclose(weighted({4: 10.0}), weighted(full)), now_wrong(7, "a class without a key gets 1")
    assert not np.isclose(weighted({4: 10.0}), weighted(None)), "no row has its first 1 in the last column: other data"


@pytest.mark.parametrize("form", [[1.0] * 4 + [10.0], "balanced"])
def test_other_forms_of_class_weight_are_refused_with_a_message_about_something_else(weighted, form):
    with pytest.raises(AttributeError, match="get"):
        weighted(form)
        pytest.fail(now_wrong(7, "a list or 'balanced' is refused, with a message that speaks of something else"))


def test_fractions_in_one_column_are_rounded_to_a_class():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss="binary_crossentropy")
    y = np.where(Y[:, :1] == 1, 0.6, 0.4)
    p = model.predict(X, verbose=0).astype(float)
    loss = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    reported = model.fit(X, y, batch_size=60, class_weight={1: 10.0}, verbose=0).history["loss"][0]
    assert np.isclose(reported, np.mean(np.where(y > 0.5, 10, 1) * loss), rtol=1e-4), now_wrong(
        7, "labels that are fractions are rounded to a class first")


def test_weights_for_cells_are_refused_as_sample_weight():
    model = model_of("sigmoid", "binary_crossentropy")
    with pytest.raises(Exception):  # noqa: B017 - which one is not what the notebook relies on
        model.fit(X, Y, sample_weight=np.where(Y == 1, 10.0, 1.0), verbose=0)
        pytest.fail(now_wrong(7, "a weight for each cell was refused"))


def test_the_reported_loss_of_a_softmax_on_rows_with_several_ones_is_that_of_predict():
    model = model_of("softmax", "categorical_crossentropy")
    reported = model.evaluate(X, Y, batch_size=60, verbose=0)
    by_hand = -np.mean(np.sum(Y * np.log(model.predict(X, verbose=0).astype(float)), axis=1))
    assert np.isclose(reported, by_hand, rtol=1e-4), now_wrong(
        6, "reported and recomputed loss agree, while no probability is cut off")
