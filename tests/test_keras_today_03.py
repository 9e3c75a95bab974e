"""What Keras does today and notebook 03 relies on. If one of these fails, the sentence that it names is now wrong."""
import warnings

import numpy as np
import pytest

from helpers.quiet import quiet

with quiet():
    import keras

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
    (y.astype(str), SPARSE, "Invalid dtype"), (y + 1, SPARSE, "outside the valid range"),
    (np.where(np.arange(48) == 5, -1, y), SPARSE, "outside the valid range")],
    ids=["integers to categorical", "one-hot to sparse", "a list", "strings", "from 1", "a -1"])
def test_these_pairs_are_loud(labels, loss, message):
    with pytest.raises(Exception, match=message):
        model_of(loss=loss).fit(X, labels, verbose=0)
        pytest.fail(now_wrong(3, f"this pair raises an error that speaks of {message!r}"))


def test_one_hot_and_integers_are_one_loss():
    losses = [reported_and_predicted(model_of(loss=loss), labels)[0]
              for labels, loss in [(y, SPARSE), (y[:, None], SPARSE), (y.astype(float), SPARSE), (ROWS, CATEGORICAL)]]
    assert np.ptp(losses) < 1e-6, now_wrong(3, "integers flat, in a column or as floats, and one-hot rows are one loss")


def test_fractions_are_cut_off_without_a_word():
    reported, p, said = reported_and_predicted(model_of(loss=SPARSE), y / 3)
    assert np.isclose(reported, cross_entropy(ROWS[np.zeros(48, int)], p)) and not said, now_wrong(
        3, "the sparse loss cuts the fraction off")


def test_scaled_rows_scale_the_loss_without_a_word():
    (plain, _, _), (scaled, _, said) = (reported_and_predicted(model_of(loss=CATEGORICAL), rows)
                                        for rows in (ROWS, 255 * ROWS))
    assert np.isclose(scaled / plain, 255) and not said, now_wrong(3, "the loss is 255 times as large")


def test_the_flag_behind_a_plain_softmax_warns_and_is_repaired():
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    reported, p, said = reported_and_predicted(model_of(loss=loss), ROWS)
    assert np.isclose(reported, cross_entropy(ROWS, p)), now_wrong(4, "the loss finds the logits and uses them")
    assert "from_logits" in said, now_wrong(4, "there is a warning")


def test_the_flag_behind_a_reshaped_softmax_is_a_true_second_softmax():
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    reported, p, said = reported_and_predicted(model_of(keras.layers.Reshape((3,)), loss=loss), ROWS)
    assert np.isclose(reported, cross_entropy(ROWS, softmax(p))) and "from_logits" not in said, now_wrong(
        4, "when something stands between softmax and loss, it is applied twice, silently")


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
