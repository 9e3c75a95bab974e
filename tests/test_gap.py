"""The gap between what `fit` reports and what is recomputed: the terms add up, and each planted cause gets its own."""
import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers import figures
from helpers.gap import explain

L = keras.layers
rng = np.random.default_rng(0)
X = rng.normal(size=(150, 4)).astype("float32")  # 32 does not divide 150
y = X[:, :1] + 0.3 * rng.normal(size=(150, 1)).astype("float32")
binary = (y > 0).astype("float32")
heavy = rng.uniform(0.5, 3, 150)


def trained(*layers, target=y, rate=0.0, loss="mse", head=None, metrics=None, weighted=None, units=1, **fit):
    """A model after two epochs; at rate 0 its weights do not move, so that the last term must vanish."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), L.Dense(8, "relu"), *layers, L.Dense(units, head)])
    model.compile(keras.optimizers.SGD(rate), loss, metrics=metrics, weighted_metrics=weighted)
    return model, model.fit(X, target, epochs=2, shuffle=False, verbose=0, **fit)


def scalar(y_true, y_pred):
    return tf.sqrt(tf.reduce_mean((y_true - y_pred) ** 2))


PLANTED = {
    "weights": dict(sample_weight=heavy),
    "batches": dict(loss=scalar),
    "logits": dict(target=np.eye(3, dtype="float32")[rng.integers(0, 3, 150)], units=3, head="sigmoid",
                   loss="categorical_crossentropy"),
    "regularization": dict(layers=[L.Dense(4, kernel_regularizer="l2")]),
    "batch normalization": dict(layers=[L.BatchNormalization()]),
}


@pytest.mark.parametrize("cause", PLANTED)
def test_a_planted_cause_is_the_only_term(cause):
    recipe = dict(PLANTED[cause])
    model, history = trained(*recipe.pop("layers", ()), **recipe)
    more = {k: v for k, v in recipe.items() if k == "sample_weight"}
    gap = explain(model, history, X, recipe.get("target", y), **more)
    assert list(gap.terms) == [cause, "the epoch"]
    assert abs(gap.terms[cause]) > 1e-3 and abs(gap.terms["the epoch"]) < 1e-6
    assert gap.recomputed + sum(gap.terms.values()) == pytest.approx(gap.reported, abs=1e-6)


def test_without_a_cause_nothing_is_left():
    gap = explain(*trained(), X, y)
    assert list(gap.terms) == ["the epoch"] and abs(gap.terms["the epoch"]) < 1e-6


def test_moving_weights_are_the_term_of_the_epoch():
    gap = explain(*trained(rate=0.02), X, y)
    assert list(gap.terms) == ["the epoch"] and gap.terms["the epoch"] > 0.01  # an improving loss lags behind


def test_dropout_is_its_mean_effect():
    model, history = trained(L.Dropout(0.5))
    few, many = (explain(model, history, X, y, passes=n).terms for n in (1, 200))
    assert abs(many["dropout"]) > 0.02 and set(many) == {"dropout", "the epoch"}
    assert few["dropout"] != many["dropout"]
    assert few["dropout"] + few["the epoch"] == pytest.approx(many["dropout"] + many["the epoch"], abs=1e-6)


def test_all_causes_at_once_add_up():
    model, history = trained(L.Dense(4, kernel_regularizer="l2"), L.BatchNormalization(), L.Dropout(0.2), rate=0.02,
                             target=binary, loss="binary_crossentropy", head="sigmoid", class_weight={0: 1.0, 1: 5.0})
    gap = explain(model, history, X, binary, class_weight={0: 1.0, 1: 5.0})
    assert set(gap.terms) == {"weights", "regularization", "dropout", "batch normalization", "the epoch"}
    assert gap.recomputed + sum(gap.terms.values()) == pytest.approx(history.history["loss"][-1], abs=1e-6)


@pytest.mark.parametrize("metrics, weighted, expected", [
    (["mae"], None, []), (None, ["mae"], ["weights"]), ([scalar], None, ["batches"])])
def test_a_metric_is_weighted_only_where_it_was_asked(metrics, weighted, expected):
    model, history = trained(metrics=metrics, weighted=weighted, sample_weight=heavy)
    gap = explain(model, history, X, y, name="mae" if metrics != [scalar] else "scalar", sample_weight=heavy)
    assert list(gap.terms) == [*expected, "the epoch"] and abs(gap.terms["the epoch"]) < 1e-6


def test_the_model_is_left_as_it_was():
    model, history = trained(L.BatchNormalization(), L.Dropout(0.3), metrics=["mae"])
    state = lambda: [v.numpy().copy() for v in [*model.variables, *model.metrics_variables]]  # noqa: E731
    before, trainable = state(), [layer.trainable for layer in model.layers]
    explain(model, history, X, y, passes=2)
    explain(model, history, X, y, name="mae", passes=2)
    assert all(np.array_equal(a, b) for a, b in zip(before, state(), strict=True))
    assert trainable == [layer.trainable for layer in model.layers]


def test_it_reads_as_text_and_as_a_picture():
    gap = explain(*trained(rate=0.02, sample_weight=heavy), X, y, sample_weight=heavy)
    lines = str(gap).splitlines()
    assert lines[0].startswith("recomputed from predict") and lines[-1].startswith('= history["loss"]')
    assert f"{gap.terms['weights']:.6f}" in gap._repr_html_()
    fig, ax = figures.axes()
    gap.waterfall(ax)
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches]
    assert ends[0] == pytest.approx(gap.recomputed) and ends[-2] == pytest.approx(gap.reported, rel=1e-5)
    assert [t.get_text() for t in ax.get_yticklabels()] == [label for label, _, _ in gap.rows()]


def test_bad_input_is_said_in_a_sentence():
    model, history = trained()
    with pytest.raises(ValueError, match="'auc' was not recorded: choose loss"):
        explain(model, history, X, y, name="auc")
    with pytest.raises(ValueError, match="sample_weight has shape"):
        explain(model, history, X, y, sample_weight=np.ones(3))
