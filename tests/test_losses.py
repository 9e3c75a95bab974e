"""The regression losses and gradients, held against Keras, scikit-learn and finite differences."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.metrics import mean_pinball_loss

from helpers import losses


class KerasPinball(keras.losses.Loss):
    """Keras has no pinball loss. This is its formula as a Keras loss, so that Keras reduces and differentiates it."""

    def __init__(self, tau, **options):
        super().__init__(**options)
        self.tau = tau

    def call(self, y_true, y_pred):
        excess = y_pred - y_true
        both = self.tau * keras.ops.relu(-excess) + (1 - self.tau) * keras.ops.relu(excess)
        return keras.ops.mean(both, axis=-1)


LOSSES = {
    "mse": (losses.mse, losses.mse_gradient, {}, keras.losses.MeanSquaredError),
    "mae": (losses.mae, losses.mae_gradient, {}, keras.losses.MeanAbsoluteError),
    "huber": (losses.huber, losses.huber_gradient, {}, keras.losses.Huber),
    "huber 0.05": (losses.huber, losses.huber_gradient, {"delta": 0.05}, keras.losses.Huber),
    "log_cosh": (losses.log_cosh, losses.log_cosh_gradient, {}, keras.losses.LogCosh),
    "pinball 0.5": (losses.pinball, losses.pinball_gradient, {"tau": 0.5}, KerasPinball),
    "pinball 0.9": (losses.pinball, losses.pinball_gradient, {"tau": 0.9}, KerasPinball),
}
SHAPES = [(1, 1), (1, 4), (7, 1), (33, 3)]
SCALES = [1e-3, 1.0, 1e3, 1e6, "errors of 1000"]
WEIGHTS = ["none", "random", "some zero", "all zero"]
DTYPES = ["float32", "float64"]
REDUCTIONS = ["none", "sum", "sum_over_batch_size", "mean_with_sample_weight"]  # the other two are other names
GRID = list(itertools.product(SHAPES, SCALES, WEIGHTS, REDUCTIONS))


def example(shape, scale, weights, dtype, seed=0):
    """Return y_true, y_pred and sample_weight. The first error is 0: a kink of MAE and pinball."""
    rng = np.random.default_rng(seed)
    y_true = rng.normal(size=shape)
    y_pred = rng.normal(size=shape)
    if scale == "errors of 1000":
        y_pred = y_true + 1000 * rng.choice([-1, 1], size=shape)
    else:
        y_true, y_pred = scale * y_true, scale * y_pred
    if y_true.size > 1:
        y_pred.flat[0] = y_true.flat[0]
    w = {"none": None, "random": rng.random(len(y_true)), "all zero": np.zeros(len(y_true))}.get(weights)
    if weights == "some zero":
        w = np.where(np.arange(len(y_true)) % 2, 0.0, 2.5)
    return y_true.astype(dtype), y_pred.astype(dtype), None if w is None else w.astype(dtype)


def keras_value_and_gradient(loss, y_true, y_pred, sample_weight):
    y_pred = tf.Variable(y_pred)
    with tf.GradientTape() as tape:
        value = loss(y_true, y_pred, sample_weight=sample_weight)
    return value.numpy(), tape.gradient(value, y_pred).numpy()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", LOSSES)
def test_value_and_gradient_agree_with_keras_on_the_grid(name, dtype):
    value_of, gradient_of, options, keras_loss = LOSSES[name]
    rtol = 2e-5 if dtype == "float32" else 1e-11
    differences = []
    for shape, scale, weights, reduction in GRID:
        y_true, y_pred, w = example(shape, scale, weights, dtype)
        expected = keras_value_and_gradient(keras_loss(**options, reduction=reduction, dtype=dtype), y_true, y_pred, w)
        found = [f(y_true, y_pred, **options, sample_weight=w, reduction=reduction) for f in (value_of, gradient_of)]
        # Keras' log_cosh has an absolute error (see helpers.losses), which the weights multiply.
        unit = {"float32": 5e-7, "float64": 2e-9}[dtype] * 2.5 * len(y_true) if name == "log_cosh" else 0
        for kind, a, b in zip(("value", "gradient"), found, expected, strict=True):
            if np.shape(a) != np.shape(b) or not np.allclose(a, b, rtol=rtol, atol=unit):
                differences.append((kind, shape, scale, weights, reduction, a, b))
    assert len(GRID) == 320
    assert not differences, f"{len(differences)} of {2 * len(GRID)} differ, first: {differences[0]}"


@pytest.mark.parametrize(("alias", "name_of"), [(None, "none"), ("mean", "sum_over_batch_size")])
def test_other_names_of_a_reduction(alias, name_of):
    y_true, y_pred, w = example((7, 1), 1.0, "random", "float64")
    for reduction in (alias, name_of):
        loss = keras.losses.MeanSquaredError(reduction=reduction, dtype="float64")
        value, gradient = keras_value_and_gradient(loss, y_true, y_pred, w)
        how = {"sample_weight": w, "reduction": alias}
        np.testing.assert_allclose(losses.mse(y_true, y_pred, **how), value, rtol=1e-12)
        np.testing.assert_allclose(losses.mse_gradient(y_true, y_pred, **how), gradient, rtol=1e-12)


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("name", LOSSES)
def test_no_samples_give_an_empty_array_as_in_keras(name, k):
    value_of, gradient_of, options, keras_loss = LOSSES[name]
    y = np.zeros((0, k))
    for reduction in losses.REDUCTIONS:
        value, gradient = keras_value_and_gradient(keras_loss(**options, reduction=reduction), y, y, None)
        assert value_of(y, y, **options, reduction=reduction).shape == value.shape == (0,)
        assert gradient_of(y, y, **options, reduction=reduction).shape == gradient.shape == (0, k)
        assert value_of(y[:, 0], y[:, 0], **options, reduction=reduction).shape == (0,)


@pytest.mark.parametrize("name", LOSSES)
def test_shape_n_means_n_samples(name):
    value_of, gradient_of, options, _ = LOSSES[name]
    y_true, y_pred, w = example((33, 1), 1.0, "random", "float64")
    for reduction in losses.REDUCTIONS:
        how = dict(options, sample_weight=w, reduction=reduction)
        np.testing.assert_allclose(value_of(y_true[:, 0], y_pred[:, 0], **how), value_of(y_true, y_pred, **how))
        flat = gradient_of(y_true[:, 0], y_pred[:, 0], **how)
        np.testing.assert_allclose(flat[:, None], gradient_of(y_true, y_pred, **how))


def test_keras_takes_shape_n_for_one_sample():
    """The documented difference: (n,) has one loss in Keras, so weights no longer weigh samples."""
    y_true, y_pred, w = np.array([0.0, 0.0]), np.array([1.0, 3.0]), np.array([1.0, 0.0])
    loss = keras.losses.MeanSquaredError(reduction=None)
    assert loss(y_true, y_pred).numpy() == 5
    np.testing.assert_allclose(loss(y_true, y_pred, sample_weight=w), [5, 0])
    np.testing.assert_allclose(losses.mse(y_true, y_pred, sample_weight=w, reduction="none"), [1, 0])


@pytest.mark.parametrize("weights", ["none", "random"])
@pytest.mark.parametrize("name", LOSSES)
def test_batches_weighted_by_their_size_give_the_whole(name, weights):
    value_of, _, options, _ = LOSSES[name]
    y_true, y_pred, w = example((101, 2), 3.0, weights, "float64")
    batches = [slice(start, start + 32) for start in range(0, 101, 32)]
    parts = [value_of(y_true[b], y_pred[b], **options, sample_weight=None if w is None else w[b]) for b in batches]
    sizes = [len(y_true[b]) for b in batches]
    whole = value_of(y_true, y_pred, **options, sample_weight=w)
    assert sizes == [32, 32, 32, 5]
    assert np.average(parts, weights=sizes) == pytest.approx(whole, rel=1e-12)
    assert np.mean(parts) != pytest.approx(whole, rel=1e-3)


@pytest.mark.parametrize("reduction", ["sum", "sum_over_batch_size", "mean_with_sample_weight"])
@pytest.mark.parametrize("shape", [(6,), (6, 2)])
@pytest.mark.parametrize("name", LOSSES)
def test_gradient_agrees_with_finite_differences(name, shape, reduction):
    value_of, gradient_of, options, _ = LOSSES[name]
    rng = np.random.default_rng(1)
    y_true = rng.normal(size=shape)
    y_pred = y_true + np.where(rng.random(shape) < 0.5, -1, 1) * rng.uniform(0.1, 0.9, size=shape)  # away from kinks
    how = dict(options, sample_weight=rng.random(6), reduction=reduction)
    numeric, step = np.zeros(shape), 1e-6
    for place in np.ndindex(shape):
        up, down = y_pred.copy(), y_pred.copy()
        up[place] += step
        down[place] -= step
        numeric[place] = (value_of(y_true, up, **how) - value_of(y_true, down, **how)) / (2 * step)
    np.testing.assert_allclose(gradient_of(y_true, y_pred, **how), numeric, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("tau", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("shape", [(33,), (33, 3)])
def test_pinball_agrees_with_scikit_learn(shape, tau):
    y_true, y_pred, w = example(shape, 10.0, "random", "float64")
    found = losses.pinball(y_true, y_pred, tau=tau, sample_weight=w, reduction="mean_with_sample_weight")
    assert found == pytest.approx(mean_pinball_loss(y_true, y_pred, sample_weight=w, alpha=tau), rel=1e-12)


# By hand


def test_values_by_hand():
    y_true, y_pred = [0.0, 0.0, 0.0], [0.5, -3.0, 0.0]
    none = {"reduction": "none"}
    np.testing.assert_allclose(losses.mse(y_true, y_pred, **none), [0.25, 9, 0])
    np.testing.assert_allclose(losses.mae(y_true, y_pred, **none), [0.5, 3, 0])
    np.testing.assert_allclose(losses.huber(y_true, y_pred, **none), [0.125, 2.5, 0])
    np.testing.assert_allclose(losses.huber(y_true, y_pred, delta=2, **none), [0.125, 4, 0])
    np.testing.assert_allclose(losses.log_cosh(y_true, y_pred, **none), np.log(np.cosh([0.5, 3, 0])), atol=1e-15)
    np.testing.assert_allclose(losses.pinball(y_true, y_pred, tau=0.9, **none), [0.05, 2.7, 0])
    np.testing.assert_allclose(losses.pinball_gradient(y_true, y_pred, tau=0.9, **none), [0.1, -0.9, 0])
    assert losses.mse(y_true, y_pred) == pytest.approx(9.25 / 3)
    weighted = {"sample_weight": [2, 1, 1], "reduction": "mean_with_sample_weight"}
    assert losses.mse(y_true, y_pred, **weighted) == pytest.approx(9.5 / 4)


@pytest.mark.parametrize(
    ("loss", "options", "best"),
    [(losses.mse, {}, 20.0), (losses.mae, {}, 3.0), (losses.pinball, {"tau": 0.9}, 90.0)],
)
def test_best_constant_of_one_two_three_four_ninety(loss, options, best):
    y = np.array([1.0, 2, 3, 4, 90])
    constants = np.arange(0, 100, 0.5)
    values = [loss(y, np.full(5, c), **options) for c in constants]
    assert constants[np.argmin(values)] == best


def test_log_cosh_neither_overflows_nor_breaks_at_huge_errors():
    with np.errstate(over="raise", invalid="raise"):
        value = losses.log_cosh([0.0, 0.0], [1e4, -1e300], reduction="none")
        slope = losses.log_cosh_gradient([0.0, 0.0], [1e4, -1e300], reduction="none")
    np.testing.assert_allclose(value, [1e4 - np.log(2), 1e300])
    np.testing.assert_allclose(slope, [1, -1])


def test_keras_log_cosh_is_off_at_tiny_errors():
    """The documented difference: float32 leaves nothing of a loss of 5e-11, and float64 makes it negative."""
    exact = 0.5e-10
    assert losses.log_cosh([0.0], [1e-5]) == pytest.approx(exact, rel=1e-4)
    assert abs(float(keras.losses.log_cosh([[0.0]], [[1e-5]])[0]) - exact) > exact / 2
    in_float64 = keras.losses.LogCosh(dtype="float64")
    assert float(in_float64([[0.0]], [[0.0]])) == pytest.approx(-1.9e-9, rel=0.01)


def test_keras_huber_with_delta_zero_or_below():
    """The documented difference: Keras takes such a delta, and the loss is then 0 or negative."""
    assert float(keras.losses.Huber(delta=0.0)([[0.0]], [[5.0]])) == 0
    assert float(keras.losses.Huber(delta=-1.0)([[0.0]], [[5.0]])) == -5.5


@pytest.mark.parametrize("name", LOSSES)
def test_nan_is_not_hidden(name):
    value_of, gradient_of, options, _ = LOSSES[name]
    assert np.isnan(value_of([0.0, 1.0], [np.nan, 1.0], **options))
    assert np.isnan(gradient_of([0.0, 1.0], [np.nan, 1.0], **options)[0])


@pytest.mark.parametrize("name", LOSSES)
def test_inputs_are_not_changed(name):
    value_of, gradient_of, options, _ = LOSSES[name]
    y_true, y_pred, w = example((5, 2), 1.0, "random", "float64")
    copies = y_true.copy(), y_pred.copy(), w.copy()
    value_of(y_true, y_pred, **options, sample_weight=w)
    gradient_of(y_true, y_pred, **options, sample_weight=w)
    for before, after in zip(copies, (y_true, y_pred, w), strict=True):
        np.testing.assert_array_equal(before, after)


# Bad input

BAD = {
    "(n,) with (n, 1)": ([1.0, 2.0], [[1.0], [2.0]], {}, "give both the same shape"),
    "(n, 1) with (n,)": ([[1.0], [2.0]], [1.0, 2.0], {}, "give both the same shape"),
    "other lengths": ([1.0, 2.0], [1.0], {}, "must be the same"),
    "(n, 1) with (n, 3)": ([[1.0]], [[1.0, 2.0, 3.0]], {}, "must be the same"),
    "scalars": (1.0, 2.0, {}, "(n,) or (n, k) is needed"),
    "three axes": (np.zeros((2, 2, 2)), np.zeros((2, 2, 2)), {}, "(n,) or (n, k) is needed"),
    "no targets": (np.zeros((2, 0)), np.zeros((2, 0)), {}, "(n,) or (n, k) is needed"),
    "text": (["a"], ["b"], {}, "y_true must hold numbers"),
    "ragged": ([[1.0], [1.0, 2.0]], [[1.0], [1.0, 2.0]], {}, "y_true must hold numbers"),
    "None": ([1.0], [{}], {}, "y_pred must hold numbers"),
    "weights (n, 1)": ([1.0, 2.0], [1.0, 2.0], {"sample_weight": [[1.0], [2.0]]}, "one weight for each sample"),
    "one weight": ([1.0, 2.0], [1.0, 2.0], {"sample_weight": 1.0}, "one weight for each sample"),
    "reduction": ([1.0], [1.0], {"reduction": "average"}, "must be one of 'none', None, 'sum'"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("name", LOSSES)
def test_bad_input_gives_one_clear_sentence(name, case):
    value_of, gradient_of, options, _ = LOSSES[name]
    y_true, y_pred, how, said = BAD[case]
    for function in (value_of, gradient_of):
        with pytest.raises(ValueError) as caught:
            function(y_true, y_pred, **options, **how)
        assert said in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("delta", [0, -1.0, np.nan, np.inf])
def test_huber_needs_a_positive_delta(delta):
    for function in (losses.huber, losses.huber_gradient):
        with pytest.raises(ValueError, match="delta is .* must be a positive number"):
            function([1.0], [2.0], delta=delta)


@pytest.mark.parametrize("tau", [0, 1, -0.1, 50, np.nan])
def test_pinball_needs_tau_between_zero_and_one(tau):
    for function in (losses.pinball, losses.pinball_gradient):
        with pytest.raises(ValueError, match="tau is .* must lie between 0 and 1"):
            function([1.0], [2.0], tau=tau)
