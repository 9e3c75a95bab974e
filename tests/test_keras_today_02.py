"""What Keras does today and notebook 02 relies on. If one of these fails, the sentence that it names is now wrong."""
import warnings

import numpy as np
import pytest

from helpers.quiet import quiet

with quiet():
    import keras
    import tensorflow as tf

NOTEBOOK = "notebooks/source/02_binary_cross_entropy.py"
rng = np.random.default_rng(0)
X = rng.normal(size=(64, 3)).astype("float32")
y = (X[:, 0] + 0.5 * rng.normal(size=64) > 0.8).astype(int)
ROWS = np.eye(2)[y]
P = np.clip(rng.beta(1, 6, 64) + 0.4 * y, 0.001, 0.97).astype("float32")   # most p are small, as for the Oscars
LOGITS = np.log(P / (1 - P))
FROM_LOGITS = keras.losses.BinaryCrossentropy(from_logits=True)


def now_wrong(section, sentence):
    return f"Keras has changed: in section {section} of {NOTEBOOK} this is now wrong: {sentence}"


def model_of(*head, loss="binary_crossentropy", **more):
    model = keras.Sequential([keras.Input((3,)), *head])
    model.compile(optimizer="sgd", loss=loss, **more)
    return model


def dense(units, activation=None):
    keras.utils.set_random_seed(0)  # a layer draws its seed when it is made
    return keras.layers.Dense(units, activation=activation)


def bce(p):
    p = np.clip(np.asarray(p, float), 1e-7, 1 - 1e-7)
    return -np.mean(np.where(y == 1, np.log(p), np.log(1 - p)))


def reported_and_recomputed(model, labels=y):
    """(loss that Keras reports, BCE recomputed from predict, the warnings as one text)."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        reported = model.evaluate(X, labels, batch_size=64, verbose=0)
        p = model.predict(X, batch_size=64, verbose=0)[:, -1]
    return reported, bce(p), " ".join(str(one.message) for one in said)


def says(metric, labels, out):
    metric.update_state(labels, out)
    return float(np.squeeze(metric.result()))


def test_probability_loss_is_cut_at_16():
    one = np.ones((1, 1), "float32")
    cut = float(keras.losses.BinaryCrossentropy()(one, 0 * one))
    assert cut == pytest.approx(-np.log(1e-7), rel=1e-5), now_wrong(1, "no film can cost more than 16.12")
    assert float(FROM_LOGITS(one, -120 * one)) == pytest.approx(120), now_wrong(1, "from logits it is right everywhere")


def test_beyond_the_cut_the_slope_is_zero():
    z = tf.Variable([[-50.0]])
    with tf.GradientTape() as tape:
        loss = keras.losses.BinaryCrossentropy()(tf.ones((1, 1)), tf.sigmoid(z))
    assert float(tape.gradient(loss, z)[0, 0]) == 0, now_wrong(1, "beyond the cut its slope is 0")


def test_softmax_on_one_unit_trains_as_a_sigmoid_and_predicts_ones():
    reported, recomputed, warned = reported_and_recomputed(model_of(dense(1, "softmax")))
    as_sigmoid, _, _ = reported_and_recomputed(model_of(dense(1, "sigmoid")))
    assert reported == pytest.approx(as_sigmoid), now_wrong(4, "the loss is that of the sigmoid")
    assert recomputed > 10 * reported and "size 1" in warned, now_wrong(4, "there is a warning, and predict returns 1")


def test_a_linear_head_without_the_flag_is_silent_and_cut():
    below_zero = keras.initializers.Constant(-1)
    model = model_of(keras.layers.Dense(1, kernel_initializer="zeros", bias_initializer=below_zero))
    reported, _, warned = reported_and_recomputed(model)
    assert not warned, now_wrong(4, "for a head without activation Keras says nothing")
    assert reported == pytest.approx(-np.log(1e-7) * y.mean(), rel=1e-4), now_wrong(4, "every winner costs 16.1")
    before = model.get_weights()
    model.fit(X, y, epochs=1, verbose=0)
    same = [np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
    assert all(same), now_wrong(4, "a seed whose outputs all fall below 0 is dead")


def test_the_flag_behind_a_sigmoid_is_repaired_with_a_warning():
    reported, recomputed, warned = reported_and_recomputed(model_of(dense(1, "sigmoid"), loss=FROM_LOGITS))
    assert reported == pytest.approx(recomputed, rel=1e-4) and "from_logits=True" in warned, now_wrong(
        4, "Keras warns, and uses the logits behind the sigmoid")


def test_the_flag_behind_a_reshape_is_a_real_second_sigmoid():
    model = model_of(dense(1, "sigmoid"), keras.layers.Reshape((1,)), loss=FROM_LOGITS)
    reported, recomputed, warned = reported_and_recomputed(model)
    p = 1 / (1 + np.exp(-model.predict(X, batch_size=64, verbose=0)[:, 0].astype(float)))
    assert not warned and reported == pytest.approx(bce(p), rel=1e-4) != pytest.approx(recomputed), now_wrong(
        4, "after Reshape there is no warning, and the second sigmoid is real")


@pytest.mark.parametrize("labels", [y + 1, 2 * y - 1, 255 * y])
def test_labels_outside_0_and_1_are_taken_without_a_word(labels):
    model = model_of(dense(1, "sigmoid"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.optimizer.learning_rate = 1.0
        losses = model.fit(X, labels, epochs=30, verbose=0).history["loss"]
    assert losses[-1] < 0, now_wrong(4, "labels outside 0 and 1: a loss far below 0, and no message")


@pytest.mark.parametrize(("head", "loss", "labels", "message"), [
    (dense(1, "sigmoid"), "binary_crossentropy", ROWS, "same shape"),
    (dense(2, "softmax"), "binary_crossentropy", y, "same rank"),
    (dense(2, "softmax"), "categorical_crossentropy", y, "same rank"),
    (dense(1, "sigmoid"), "sparse_categorical_crossentropy", y, "outside the valid range"),
    (dense(1, "sigmoid"), "binary_crossentropy", np.where(y == 1, "yes", "no"), "Invalid dtype"),
    (dense(1, "sigmoid"), "binary_crossentropy", y.tolist(), "Unrecognized data type"),
], ids=["rows", "0/1 two units", "0/1 categorical", "sparse one unit", "text", "list"])
def test_what_keras_refuses(head, loss, labels, message):
    with pytest.raises(Exception, match=message):
        model_of(head, loss=loss).fit(X, labels, verbose=0)
        pytest.fail(now_wrong(4, "six of the eight set-ups raise an error"))


def test_categorical_on_one_unit_warns_and_is_zero():
    reported, _, warned = reported_and_recomputed(model_of(dense(1, "sigmoid"), loss="categorical_crossentropy"), y)
    assert reported == pytest.approx(0, abs=1e-5) and "num_classes" in warned, now_wrong(
        4, "with one unit, categorical cross-entropy only warns, and the loss is 0")


def test_bce_on_two_softmax_units_reports_another_loss_than_predict_has():
    reported, recomputed, warned = reported_and_recomputed(model_of(dense(2, "softmax")), ROWS)
    assert not warned and abs(reported - recomputed) > 1e-3, now_wrong(4, "BCE on two softmax units says nothing")


def test_metrics_cut_logits_at_one_half_unless_told():
    column = y[:, None]
    for metric in (keras.metrics.Recall, keras.metrics.Precision):
        out = LOGITS[:, None]
        assert says(metric(), column, out) == says(metric(thresholds=0.5), column, out), now_wrong(6, "cut at 0.5")
        assert says(metric(thresholds=0), column, out) == pytest.approx(says(metric(), column, P[:, None])), now_wrong(
            6, "thresholds=0 is the remedy")
    true = says(keras.metrics.AUC(), column, P[:, None])
    low = says(keras.metrics.AUC(), column, LOGITS[:, None])
    assert low < true - 0.05, now_wrong(6, "AUC is far too low on logits")
    remedied = says(keras.metrics.AUC(from_logits=True), column, LOGITS[:, None])
    assert remedied == pytest.approx(true, abs=0.01), now_wrong(6, "AUC(from_logits=True) is the remedy")
    assert keras.metrics.AUC().num_thresholds == 200, now_wrong(6, "Keras estimates AUC at 200 thresholds")


def test_precision_and_recall_of_two_columns_are_the_accuracy():
    shares = np.column_stack([1 - P, P])
    values = [says(metric(), ROWS, shares) for metric in (keras.metrics.Precision, keras.metrics.Recall)]
    accuracy = np.mean((P > 0.5) == y)
    assert values == pytest.approx([accuracy, accuracy]), now_wrong(6, "precision and recall both show the accuracy")
    assert says(keras.metrics.Recall(class_id=1), ROWS, shares) == pytest.approx(np.mean(P[y == 1] > 0.5)), now_wrong(
        6, "class_id=1 gives the winners' column")


def test_f1_as_it_comes_flags_everything_and_wants_a_column():
    flag_all = 2 * y.sum() / (len(y) + y.sum())
    for p in (P, rng.random(64).astype("float32")):
        assert says(keras.metrics.F1Score(), y[:, None], p[:, None]) == pytest.approx(flag_all, rel=1e-4), now_wrong(
            6, "without a threshold F1Score is the F1 of flagging every film")
    with pytest.raises(ValueError, match="expects 2D inputs"):
        model_of(dense(1, "sigmoid"), metrics=["F1Score"]).fit(X, y, verbose=0)
        pytest.fail(now_wrong(9, "F1Score needs labels of shape (n, 1)"))


def test_hinge_recodes_and_accuracy_does_not():
    out, signed = LOGITS[:, None], 2.0 * y[:, None] - 1
    hinge = keras.losses.Hinge()
    same = float(hinge(signed, out)) == pytest.approx(float(hinge(y[:, None], out)))
    assert same, now_wrong(6, "hinge takes both codes")
    model = model_of(dense(1), loss="hinge", metrics=["accuracy"])
    wrong = model.evaluate(X, signed, verbose=0)[1]
    says_yes = model.predict(X, verbose=0)[:, 0] > 0.5
    assert wrong == pytest.approx(np.mean(says_yes & (y == 1))), now_wrong(
        6, "with labels −1 and 1 the accuracy is wrong")


def test_class_weight_leaves_val_loss_unweighted():
    model = model_of(dense(1, "sigmoid"))
    history = model.fit(X, y, class_weight={0: 1, 1: 24}, validation_data=(X, y), epochs=1, verbose=0).history
    assert history["val_loss"][0] == pytest.approx(bce(model.predict(X, verbose=0)[:, 0]), rel=1e-4), now_wrong(
        8, "val_loss is the plain mean, without weights")
    assert history["loss"][0] > 2 * history["val_loss"][0], now_wrong(8, "class_weight weighs the training loss")


def test_the_keras_wrapper_does_not_fit_the_threshold_search():
    from sklearn.model_selection import TunedThresholdClassifierCV
    two_units = lambda X, y: model_of(dense(2, "softmax"), loss="categorical_crossentropy")  # noqa: E731
    wrapper = keras.wrappers.SKLearnClassifier(two_units, fit_kwargs={"verbose": 0})
    assert not hasattr(wrapper, "predict_proba"), now_wrong(7, "SKLearnClassifier offers no predict_proba")
    with pytest.raises(ValueError):
        TunedThresholdClassifierCV(wrapper, scoring="f1", cv=2).fit(X, y)
        pytest.fail(now_wrong(7, "its predictions do not fit this search"))
