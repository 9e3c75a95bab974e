"""What Keras does today and notebook 03 relies on. If one of these fails, the sentence that it names is now wrong."""
import warnings

import numpy as np
import pytest

from helpers.quiet import quiet

with quiet():
    import keras
    import tensorflow as tf

NOTEBOOK = "notebooks/source/03_multiclass_cross_entropy.py"
rng = np.random.default_rng(0)
X = rng.normal(size=(48, 4)).astype("float32")
y = np.arange(48) % 3
ROWS = np.eye(3, dtype="float32")[y]
SPARSE, CATEGORICAL = "sparse_categorical_crossentropy", "categorical_crossentropy"


def now_wrong(section, sentence):
    return f"Keras has changed: in section {section} of {NOTEBOOK} this is now wrong: {sentence}"


def model_of(*tail, loss, activation="softmax", **more):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation=activation), *tail])
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss=loss, **more)
    return model


def reported_and_predicted(model, labels):
    """(reported loss, predicted probabilities, the warnings as one text); the optimizer moves nothing."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        reported = model.fit(X, labels, batch_size=48, verbose=0).history["loss"][0]
    return reported, model.predict(X, verbose=0).astype(float), " ".join(str(one.message) for one in said)


def cross_entropy(rows, p):
    return -np.sum(rows * np.log(p), axis=1).mean()


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(("labels", "loss", "message"), [
    (y, CATEGORICAL, "same rank"), (ROWS, SPARSE, "must have rank"), (y.tolist(), SPARSE, "Unrecognized data type"),
    (y.astype(str), SPARSE, "Invalid dtype"), (y.astype(object), SPARSE, "Invalid dtype: object"),
    (y + 1, SPARSE, "outside the valid range"),
    (np.where(np.arange(48) == 5, -1, y), SPARSE, "outside the valid range")],
    ids=["integers to categorical", "one-hot to sparse", "a list", "text", "objects", "from 1", "a -1"])
def test_these_pairs_are_loud(labels, loss, message):
    with pytest.raises(Exception, match=message):
        model_of(loss=loss).fit(X, labels, verbose=0)
        pytest.fail(now_wrong(3, f"this pair raises an error that speaks of {message!r}"))


def test_one_hot_and_integers_are_one_loss():
    losses = [reported_and_predicted(model_of(loss=loss), labels)[0]
              for labels, loss in [(y, SPARSE), (y[:, None], SPARSE), (y.astype(float), SPARSE),
                                   (y.astype("uint8"), SPARSE), (ROWS, CATEGORICAL), (ROWS.astype(bool), CATEGORICAL)]]
    assert np.ptp(losses) < 1e-6, now_wrong(3, "right pairs train, in a column or as bytes too")


def test_fractions_are_cut_off_before_the_range_is_checked():
    for labels in (y / 3, y - 0.5):  # -0.5 is cut to class 0 as well
        reported, p, said = reported_and_predicted(model_of(loss=SPARSE), labels)
        assert np.isclose(reported, cross_entropy(np.eye(3)[labels.astype(int)], p)) and not said, now_wrong(
            3, "Keras cuts a float label to a whole number before it looks whether it is in range")


def test_keras_compares_the_prediction_with_a_fraction_as_it_is():
    model = model_of(loss=SPARSE, metrics=["accuracy"])
    hits = model.predict(X, verbose=0).argmax(axis=1) == y / 2
    assert np.isclose(model.evaluate(X, y / 2, verbose=0)[1], hits.mean()), now_wrong(
        3, "Keras compares the prediction with the label as it is, and a fraction equals no class")


def test_compiled_code_gives_nan_for_a_label_out_of_range():
    one_bad = np.where(np.arange(48) == 5, 3, y)
    reported, _, said = reported_and_predicted(model_of(loss=SPARSE, jit_compile=True), one_bad)
    assert np.isnan(reported) and not said, now_wrong(3, "with jit_compile=True there is no message for a bad label")


@pytest.mark.parametrize("rows", [255 * ROWS, np.clip(ROWS + np.roll(ROWS, 1, axis=1), 0, 1)], ids=["255", "two ones"])
def test_the_pull_of_rows_that_do_not_add_up_to_1_is_not_the_slope_of_the_loss(rows):
    logits = rng.normal(size=ROWS.shape).astype("float32")
    with tf.GradientTape() as tape:
        z = tf.Variable(logits)
        value = keras.losses.CategoricalCrossentropy(from_logits=True)(rows, z)
    pull = tape.gradient(value, z).numpy() * len(rows)
    assert np.isclose(value, cross_entropy(rows, softmax(logits)), rtol=1e-5)
    assert np.allclose(pull, softmax(logits) - rows, atol=1e-3), now_wrong(3, "TensorFlow takes p minus the label")
    slope = rows.sum(axis=1, keepdims=True) * softmax(logits) - rows
    assert not np.allclose(pull, slope, atol=0.1), now_wrong(3, "that is the slope only if a row adds up to 1")


def test_scaled_rows_scale_the_loss_without_a_word():
    (plain, _, _), (scaled, _, said) = (reported_and_predicted(model_of(loss=CATEGORICAL), rows)
                                        for rows in (ROWS, 255 * ROWS))
    assert np.isclose(scaled / plain, 255) and not said, now_wrong(
        3, "rows times 255 are silent")


def test_from_logits_behind_a_plain_softmax_warns_and_is_repaired():
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    reported, p, said = reported_and_predicted(model_of(loss=loss), ROWS)
    assert np.isclose(reported, cross_entropy(ROWS, p)), now_wrong(4, "the loss finds the logits and uses them")
    assert "from_logits" in said, now_wrong(4, "there is a warning")


@pytest.mark.parametrize("behind", [keras.layers.Reshape((3,)), keras.layers.Rescaling(1.0),
                                    keras.layers.Lambda(lambda p: keras.ops.clip(p, 1e-7, 1))],
                         ids=["reshape", "times 1", "clip"])
def test_from_logits_behind_anything_after_a_softmax_is_a_true_second_softmax(behind):
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    reported, p, said = reported_and_predicted(model_of(behind, loss=loss), ROWS)
    assert np.isclose(reported, cross_entropy(ROWS, softmax(p))) and "from_logits" not in said, now_wrong(
        4, "behind anything else Keras does not find the logits, does the second softmax, and says nothing")


@pytest.mark.parametrize("dtype", ["mixed_float16", "float32"])
def test_the_cast_of_mixed_float16_loses_the_logits_unless_the_last_layer_is_float32(dtype):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, dtype="mixed_float16"),
                              keras.layers.Dense(3, activation="softmax", dtype=dtype)])
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss=keras.losses.CategoricalCrossentropy(from_logits=True))
    reported, p, said = reported_and_predicted(model, ROWS)
    twice = dtype == "mixed_float16"
    assert np.isclose(reported, cross_entropy(ROWS, softmax(p) if twice else p), rtol=2e-3), now_wrong(
        4, "with mixed_float16 the plain head is enough, unless the last layer is told dtype='float32'")
    assert ("from_logits" in said) != twice, now_wrong(4, "with mixed_float16 no word is said")


@pytest.mark.parametrize(("activation", "loss", "sentence"), [
    ("sigmoid", CATEGORICAL, "the reported loss of sigmoids under categorical cross-entropy is not that of predict"),
    ("softmax", "binary_crossentropy", "the reported loss of a softmax under BCE is not that of predict")])
def test_the_wrong_pair_of_head_and_loss_reports_another_loss_than_predict_gives(activation, loss, sentence):
    reported, p, _ = reported_and_predicted(model_of(loss=loss, activation=activation), ROWS)
    shares = p / p.sum(axis=1, keepdims=True)
    recomputed = (cross_entropy(ROWS, shares) if loss == CATEGORICAL
                  else -np.mean(ROWS * np.log(p) + (1 - ROWS) * np.log(1 - p)))
    assert abs(reported - recomputed) > 1e-3, now_wrong(4, sentence)


def test_label_smoothing_belongs_to_the_categorical_loss_alone():
    with pytest.raises(TypeError):
        keras.losses.SparseCategoricalCrossentropy(label_smoothing=0.1)
        pytest.fail(now_wrong(7, "the sparse loss has no label_smoothing"))


def test_categorical_accuracy_on_integers_takes_the_largest_label_of_the_batch():
    model = model_of(loss=SPARSE, metrics=["categorical_accuracy"])
    said = model.predict(X, verbose=0).argmax(axis=1)
    for size in (5, 16):
        hits = np.concatenate([said[i:i + size] == y[i:i + size].argmax() for i in range(0, 48, size)])
        shown = model.evaluate(X, y, batch_size=size, verbose=0)[1]
        assert np.isclose(shown, hits.mean()), now_wrong(5, "it is the place, within the batch, of the largest label")


def test_top_k_counts_ties_as_hits_and_takes_any_k():
    flat = np.full((3, 3), 1 / 3, dtype="float32")
    metric = keras.metrics.SparseTopKCategoricalAccuracy
    assert float(metric(k=1)(np.arange(3), flat)) == 1.0, now_wrong(5, "in a tie Keras counts no class as ahead")
    assert float(metric()(np.arange(3), 1 - ROWS[:3])) == 1.0, now_wrong(5, "nobody checks k")


def test_precision_pools_cells_and_f1_takes_the_largest_column():
    p = np.array([[0.45, 0.4, 0.15], [0.2, 0.7, 0.1]], dtype="float32")
    rows = np.eye(3, dtype="float32")[[0, 0]]
    assert float(keras.metrics.Recall()(rows, p)) == 0.0, now_wrong(6, "they pool all cells, cut at 0.5")
    assert np.isclose(float(keras.metrics.F1Score(average="micro")(rows, p)), 0.5), now_wrong(
        6, "F1Score takes the largest column of each row")


def test_a_smoothing_above_1_is_taken():
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=1.5)
    sure, unsure = np.array([[0.98, 0.01, 0.01]]), np.array([[0.4, 0.3, 0.3]])
    assert float(loss(ROWS[:1], sure)) > float(loss(ROWS[:1], unsure)), now_wrong(7, "the loss punishes what is right")
