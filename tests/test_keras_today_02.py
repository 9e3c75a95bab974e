"""What Keras does today and notebook 02 relies on. If one of these fails, the sentence that it names is now wrong."""
import warnings

import numpy as np
import pytest

from helpers.quiet import quiet

with quiet():
    import keras
    import tensorflow as tf

from helpers.replicates import fit_replicates

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


HALF = keras.layers.Dense(1, activation="sigmoid", dtype="mixed_float16")
BEHIND = {"p * 1.0": (dense(1, "sigmoid"), keras.layers.Rescaling(1.0)),
          "clipped": (dense(1, "sigmoid"), keras.layers.Lambda(lambda p: keras.ops.clip(p, 0.001, 0.999))),
          "mixed_float16": (HALF,)}


@pytest.mark.parametrize("head", BEHIND.values(), ids=BEHIND)
def test_whatever_stands_behind_the_sigmoid_takes_the_logits_away(head):
    model = model_of(*head, loss=FROM_LOGITS)
    reported, recomputed, warned = reported_and_recomputed(model)
    p = 1 / (1 + np.exp(-model.predict(X, batch_size=64, verbose=0)[:, 0].astype(float)))
    assert not warned and reported == pytest.approx(bce(p), rel=1e-3) != pytest.approx(recomputed, rel=1e-2), now_wrong(
        4, "whatever stands between the sigmoid and the loss takes the logits away")


def test_a_sigmoid_of_keras_is_computed_from_its_logits():
    sure = {"kernel_initializer": "zeros", "bias_initializer": keras.initializers.Constant(30)}
    no = y == 0
    for between, costs in [((), 30), ((keras.layers.Reshape((1,)),), -np.log(1.2e-7))]:
        model = model_of(keras.layers.Dense(1, activation="sigmoid", **sure), *between)
        loss = model.evaluate(X[no], y[no], verbose=0)
        assert loss == pytest.approx(costs, abs=0.1), now_wrong(3, "Keras' sigmoid attaches its logits, BCE reads them")


@pytest.mark.parametrize("optimizer", [keras.optimizers.SGD, keras.optimizers.Adam])
def test_a_softmax_of_two_keeps_step_at_half_the_rate(optimizer):
    start = rng.normal(0, 0.1, (3, 1))

    def p_after(units, rate):
        head = keras.layers.Dense(units, activation="sigmoid" if units == 1 else "softmax")
        model = keras.Sequential([keras.Input((3,)), head])
        loss = "binary_crossentropy" if units == 1 else "sparse_categorical_crossentropy"
        model.compile(optimizer=optimizer(rate), loss=loss)
        head.set_weights([start if units == 1 else np.hstack([0 * start, start]), np.zeros(units)])
        model.fit(X, y, batch_size=16, epochs=5, shuffle=False, verbose=0)
        return model.predict(X, verbose=0)[:, -1]

    one, half, full = p_after(1, 0.1), p_after(2, 0.05), p_after(2, 0.1)
    assert one == pytest.approx(half, abs=1e-4), now_wrong(3, "with Adam, too, half the rate does it")
    assert abs(one - full).max() > 0.01, now_wrong(3, "at the full rate the softmax head is ahead")


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


def test_accuracy_counts_every_label_of_minus_one_as_wrong():
    wrong = says(keras.metrics.BinaryAccuracy(threshold=0), 2 * y[:, None] - 1, LOGITS[:, None])
    assert wrong == pytest.approx(np.mean((P > 0.5) & (y == 1))), now_wrong(
        6, "with labels −1 and 1 every film without an Oscar counts as wrong")


def test_auc_is_too_coarse_for_small_probabilities():
    column, true = y[:, None], np.mean(P[y == 1][:, None] > P[y == 0][None, :])
    coarse = says(keras.metrics.AUC(), column, P[:, None] / 100)
    fine = says(keras.metrics.AUC(num_thresholds=20000), column, P[:, None] / 100)
    assert abs(coarse - true) > 0.05 and fine == pytest.approx(true, abs=0.01), now_wrong(
        6, "for small p 200 thresholds are too coarse")


def test_class_weight_leaves_val_loss_unweighted():
    model = model_of(dense(1, "sigmoid"))
    history = model.fit(X, y, class_weight={0: 1, 1: 24}, validation_data=(X, y), epochs=1, verbose=0).history
    assert history["val_loss"][0] == pytest.approx(bce(model.predict(X, verbose=0)[:, 0]), rel=1e-4), now_wrong(
        8, "val_loss is the plain mean, without weights")
    assert history["loss"][0] > 2 * history["val_loss"][0], now_wrong(8, "class_weight weighs the training loss")


def test_metrics_are_weighted_under_weighted_metrics_only():
    plain, weighted = (keras.metrics.BinaryAccuracy(name=name) for name in ["plain", "weighted"])
    no_to_all = keras.layers.Dense(1, "sigmoid", kernel_initializer="zeros",
                                   bias_initializer=keras.initializers.Constant(-3))
    model = model_of(no_to_all, metrics=[plain], weighted_metrics=[weighted])
    model.optimizer.learning_rate = 0.0
    history = model.fit(X, y, class_weight={0: 1, 1: 24}, epochs=1, verbose=0).history
    hit, w = (model.predict(X, verbose=0)[:, 0] > 0.5) == y, np.where(y == 1, 24, 1)
    assert history["plain"][0] == pytest.approx(hit.mean()), now_wrong(8, "`accuracy` is the plain one")
    assert history["weighted"][0] == pytest.approx(np.average(hit, weights=w)), now_wrong(
        8, "a metric is weighted if it is listed under `weighted_metrics`")


def test_forms_of_class_weight():
    def loss(given):
        return model_of(dense(1, "sigmoid")).fit(X, y, class_weight=given, epochs=1, verbose=0).history["loss"][0]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert loss({1: 24}) == pytest.approx(loss({0: 1, 1: 24})) != pytest.approx(loss(None)), now_wrong(
            8, "a class that is missing counts 1")
        assert loss({"0": 1, "1": 24}) == pytest.approx(loss(None)), now_wrong(8, "string keys are ignored, silently")
    for refused in ([1, 24], "balanced"):
        with pytest.raises(AttributeError):
            loss(refused)
            pytest.fail(now_wrong(8, "lists and names are refused"))


def test_the_keras_wrapper_offers_no_probabilities():
    two_units = lambda X, y: model_of(dense(2, "softmax"), loss="categorical_crossentropy")  # noqa: E731
    wrapper = keras.wrappers.SKLearnClassifier(two_units, fit_kwargs={"verbose": 0})
    assert not hasattr(wrapper, "predict_proba"), now_wrong(7, "SKLearnClassifier offers no predict_proba")


def test_with_half_of_the_rows_positive_f1_does_not_wait():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(4800, 20)).astype("float32")
    hidden = features[:, :5].sum(axis=1) + rng.normal(0, 1, 4800)
    labels = (hidden > np.median(hidden)).astype(int)[:, None]

    def build():
        model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(64, activation="relu"),
                                  keras.layers.Dense(1, activation="sigmoid")])
        model.compile(optimizer="adam", loss="binary_crossentropy", metrics=[keras.metrics.F1Score(threshold=0.5)])
        return model

    history = fit_replicates(build, features[:800], labels[:800], validation_data=(features[800:], labels[800:]),
                             seeds=16, base_seed=0, epochs=4, batch_size=32).history
    f1 = next(values for name, values in history.items() if name.startswith("val_f1")).reshape(16, 4)
    assert f1[:, 0].min() > 0.2 and f1[:, 3].min() > 0.7, now_wrong(
        9, "with half of the rows positive, F1 starts well above 0 and rises")
