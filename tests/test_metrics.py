"""The regression metrics, held against Keras' metric objects and scikit-learn."""

from __future__ import annotations

import itertools
import warnings

import keras
import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from helpers import metrics

# name → ours, Keras' metric class, scikit-learn's function and the factor from its unit to ours
METRICS = {
    "mae": (metrics.mae, keras.metrics.MeanAbsoluteError, sklearn_metrics.mean_absolute_error, 1),
    "rmse": (metrics.rmse, keras.metrics.RootMeanSquaredError, None, 1),  # scikit-learn's takes each output's root
    "r2": (metrics.r2, keras.metrics.R2Score, sklearn_metrics.r2_score, 1),
    "mape": (
        metrics.mape,
        keras.metrics.MeanAbsolutePercentageError,
        sklearn_metrics.mean_absolute_percentage_error,
        100,
    ),
}
SHAPES = [(2, 1), (33, 1), (33, 3), (101, 1)]
SCALES = [1e-3, 1.0, 1e3, 1e6, "errors of 1000"]
WEIGHTS = ["none", "random", "some zero"]
BATCHES = [1, 8, 32, 1000]
DTYPES = ["float32", "float64"]
GRID = list(itertools.product(SHAPES, SCALES, WEIGHTS, BATCHES, DTYPES))


def example(shape, scale, weights, dtype="float64"):
    rng = np.random.default_rng(0)
    y_true, noise = rng.normal(size=shape), rng.normal(size=shape)
    y_pred = y_true + 1000 * np.sign(noise) if scale == "errors of 1000" else scale * (y_true + noise / 2)
    y_true = y_true if scale == "errors of 1000" else scale * y_true
    n = len(y_true)
    w = {"none": None, "random": 0.1 + rng.random(n), "some zero": np.where(np.arange(n) % 3 == 2, 0.0, 2.5)}[weights]
    return y_true.astype(dtype), y_pred.astype(dtype), None if w is None else w.astype(dtype)


def keras_over_batches(metric, y_true, y_pred, w, batch_size):
    for start in range(0, len(y_true), batch_size):
        batch = slice(start, start + batch_size)
        metric.update_state(y_true[batch], y_pred[batch], sample_weight=None if w is None else w[batch])
    return float(metric.result())


@pytest.mark.parametrize("name", METRICS)
def test_agrees_with_keras_over_ragged_batches(name):
    metric, keras_metric, _, _ = METRICS[name]
    points, differences = 0, []
    for shape, scale, weights, batch_size, dtype in GRID:
        y_true, y_pred, w = example(shape, scale, weights, dtype)
        if batch_size == 1 and (shape[0] > 33 or scale != 1.0):
            continue  # slow, and no new case
        expected = keras_over_batches(keras_metric(dtype=dtype), y_true, y_pred, w, batch_size)
        found = metric(y_true, y_pred, sample_weight=w)
        # Even with dtype="float64", Keras adds up R2Score in float32, and MAPE's 1e-7 is a float32 number.
        rtol = 3e-5 if dtype == "float32" or name == "r2" else 1e-6 if name == "mape" else 1e-11
        points += 1
        if not np.isclose(found, expected, rtol=rtol, atol=0):
            differences.append((shape, scale, weights, batch_size, dtype, found, expected))
    assert points == 378
    assert not differences, f"{len(differences)} of {points} differ, first: {differences[0]}"


@pytest.mark.parametrize(("weights", "scale"), list(itertools.product(WEIGHTS, SCALES)))
@pytest.mark.parametrize("shape", [(33,), *SHAPES])
@pytest.mark.parametrize("name", ["mae", "r2", "mape"])
def test_agrees_with_scikit_learn(name, shape, scale, weights):
    metric, _, in_sklearn, factor = METRICS[name]
    y_true, y_pred, w = example(shape, scale, weights)
    assert metric(y_true, y_pred, sample_weight=w) == pytest.approx(
        factor * in_sklearn(y_true, y_pred, sample_weight=w), rel=1e-9
    )


@pytest.mark.parametrize(("weights", "scale"), list(itertools.product(WEIGHTS, SCALES)))
@pytest.mark.parametrize("shape", [(33,), (33, 3)])
def test_rmse_and_pinball_agree_with_scikit_learn(shape, scale, weights):
    y_true, y_pred, w = example(shape, scale, weights)
    squares = sklearn_metrics.mean_squared_error(y_true, y_pred, sample_weight=w)
    assert metrics.rmse(y_true, y_pred, sample_weight=w) == pytest.approx(np.sqrt(squares), rel=1e-12)
    for tau in (0.1, 0.5, 0.9):
        expected = sklearn_metrics.mean_pinball_loss(y_true, y_pred, sample_weight=w, alpha=tau)
        assert metrics.mean_pinball(y_true, y_pred, tau=tau, sample_weight=w) == pytest.approx(expected, rel=1e-12)


# By hand


def test_values_by_hand():
    y_true, y_pred = [1.0, 2, 3, 4, 90], [1.0, 4, 3, 4, 10]
    assert metrics.mae(y_true, y_pred) == pytest.approx(82 / 5)
    assert metrics.rmse(y_true, y_pred) == pytest.approx(np.sqrt(6404 / 5))
    assert metrics.r2(y_true, y_pred) == pytest.approx(1 - 6404 / 6130)
    assert metrics.mape(y_true, y_pred) == pytest.approx((100 + 100 * 80 / 90) / 5)
    assert metrics.within_factor(y_true, y_pred) == 4 / 5
    assert metrics.mean_pinball(y_true, y_pred, tau=0.9) == pytest.approx((0.1 * 2 + 0.9 * 80) / 5)


def test_r2_of_the_mean_is_zero():
    y = np.array([1.0, 2, 3, 4, 90])
    assert metrics.r2(y, np.full(5, 20.0)) == pytest.approx(0, abs=1e-12)
    assert metrics.r2(y, np.full(5, 3.0)) < 0


@pytest.mark.parametrize(
    ("y_pred", "factor", "inside"),
    [(5.0, 2, 1), (20.0, 2, 1), (4.99, 2, 0), (20.01, 2, 0), (0.0, 2, 0), (-10.0, 2, 0), (np.nan, 2, 0), (10.0, 1, 1),
     (29.0, 3, 1)],
)  # fmt: skip
def test_within_factor_of_ten_dollars(y_pred, factor, inside):
    assert metrics.within_factor([10.0], [y_pred], factor=factor) == inside


def test_within_factor_counts_weights_and_columns():
    assert metrics.within_factor([1.0, 1.0], [1.0, 9.0], sample_weight=[3, 1]) == 0.75
    assert metrics.within_factor([[1.0, 1.0], [1.0, 1.0]], [[1.0, 9.0], [1.0, 1.0]]) == 0.75


# Where Keras and scikit-learn disagree


@pytest.mark.parametrize(
    ("y_pred", "ours", "in_keras", "in_sklearn"),
    [([2.0, 2.0], 1.0, np.nan, 1.0), ([2.0, 3.0], 0.0, 0.0, 0.0)],
)
def test_r2_of_a_constant_target(y_pred, ours, in_keras, in_sklearn):
    y_true, y_pred = np.array([[2.0], [2.0]]), np.array(y_pred)[:, None]
    metric = keras.metrics.R2Score()
    metric.update_state(y_true, y_pred)
    np.testing.assert_equal(float(metric.result()), in_keras)
    assert sklearn_metrics.r2_score(y_true, y_pred) == in_sklearn
    assert metrics.r2(y_true, y_pred) == ours


def test_r2_of_a_constant_target_that_is_not_exact_in_binary():
    assert metrics.r2(np.full(7, 0.1), np.full(7, 0.1)) == 1
    assert metrics.r2(np.full(7, 0.1), np.full(7, 0.2)) == 0
    assert metrics.r2([0.1, 0.1, 5.0], [0.1, 0.1, 0.0], sample_weight=[1, 1, 0]) == 1


def test_r2_of_one_sample():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(sklearn_metrics.r2_score([2.0], [2.0]))
    assert metrics.r2([2.0], [2.0]) == 1 and metrics.r2([2.0], [3.0]) == 0


def test_keras_r2_loses_digits_when_the_spread_is_small_against_the_size():
    years = np.random.default_rng(0).uniform(1940, 2014, size=(5000, 1))
    shifted = years + 1e5
    exact = metrics.r2(shifted, shifted + 10)
    metric = keras.metrics.R2Score()
    metric.update_state(shifted, shifted + 10)
    assert exact == pytest.approx(sklearn_metrics.r2_score(shifted, shifted + 10), rel=1e-9)
    assert abs(float(metric.result()) - exact) > 0.01


def test_mape_at_zero():
    y_true, y_pred = np.array([[0.0], [1.0]]), np.array([[1.0], [1.0]])
    metric = keras.metrics.MeanAbsolutePercentageError()
    metric.update_state(y_true, y_pred)
    assert metrics.mape(y_true, y_pred) == pytest.approx(100 * 1e7 / 2)
    assert metrics.mape(y_true, y_pred) == pytest.approx(float(metric.result()), rel=1e-6)
    assert sklearn_metrics.mean_absolute_percentage_error(y_true, y_pred) > 1e15


def test_mape_bounds():
    assert metrics.mape([10.0], [0.0]) == 100
    assert metrics.mape([10.0], [100.0]) == pytest.approx(900)
    assert metrics.mape([-10.0], [-5.0]) == pytest.approx(50)


def test_rmse_over_batches_takes_the_root_last():
    y_true, y_pred, _ = example((101, 1), 1.0, "none")
    batches = [slice(start, start + 32) for start in range(0, 101, 32)]
    streaming = keras_over_batches(keras.metrics.RootMeanSquaredError(dtype="float64"), y_true, y_pred, None, 32)
    mean_of_roots = np.average(
        [metrics.rmse(y_true[b], y_pred[b]) for b in batches], weights=[len(y_true[b]) for b in batches]
    )
    assert streaming == pytest.approx(metrics.rmse(y_true, y_pred), rel=1e-12)
    assert mean_of_roots < metrics.rmse(y_true, y_pred) - 1e-4


def test_keras_counts_a_batch_of_shape_n_as_one_sample():
    """The documented trap: errors 0, 0 and then 3 give 1.5 instead of 1."""
    for shape, expected in [((-1, 1), 1.0), ((-1,), 1.5)]:
        y_true, y_pred = np.zeros(3).reshape(shape), np.array([0.0, 0, 3]).reshape(shape)
        assert keras_over_batches(keras.metrics.MeanAbsoluteError(), y_true, y_pred, None, 2) == expected
        assert metrics.mae(y_true, y_pred) == 1.0


# Bad input

ALL = {
    "mae": metrics.mae,
    "rmse": metrics.rmse,
    "r2": metrics.r2,
    "mape": metrics.mape,
    "within_factor": metrics.within_factor,
    "mean_pinball": lambda y_true, y_pred, **how: metrics.mean_pinball(y_true, y_pred, tau=0.5, **how),
}
BAD = {
    "no samples": ([], [], {}, "no samples"),
    "no samples of shape (0, 1)": (np.zeros((0, 1)), np.zeros((0, 1)), {}, "no samples"),
    "weights of 0": ([1.0, 2.0], [1.0, 2.0], {"sample_weight": [0, 0]}, "sum to 0"),
    "(n,) with (n, 1)": ([1.0, 2.0], [[1.0], [2.0]], {}, "give both the same shape"),
    "other lengths": ([1.0, 2.0], [1.0], {}, "must be the same"),
    "weights (n, 1)": ([1.0, 2.0], [1.0, 2.0], {"sample_weight": [[1.0], [2.0]]}, "one weight for each sample"),
    "text": (["a"], ["b"], {}, "must hold numbers"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("name", ALL)
def test_bad_input_gives_one_clear_sentence(name, case):
    y_true, y_pred, how, said = BAD[case]
    with pytest.raises(ValueError) as caught:
        ALL[name](y_true, y_pred, **how)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_keras_reports_zero_for_no_samples():
    assert float(keras.metrics.MeanAbsoluteError().result()) == 0
    metric = keras.metrics.RootMeanSquaredError()
    metric.update_state([[1.0]], [[5.0]], sample_weight=[0.0])
    assert float(metric.result()) == 0


@pytest.mark.parametrize("y_true", [[0.0], [-1.0], [np.nan]])
def test_within_factor_needs_positive_targets(y_true):
    with pytest.raises(ValueError, match="y_true must be positive"):
        metrics.within_factor(y_true, [1.0])


@pytest.mark.parametrize("factor", [0.5, np.inf, np.nan])
def test_within_factor_needs_a_factor_from_one_on(factor):
    with pytest.raises(ValueError, match="must be a number from 1 on"):
        metrics.within_factor([1.0], [1.0], factor=factor)


@pytest.mark.parametrize("name", [name for name in ALL if name != "within_factor"])
def test_nan_is_not_hidden(name):
    assert np.isnan(ALL[name]([1.0, 2.0], [np.nan, 2.0]))
    assert np.isnan(ALL[name]([np.nan, 2.0], [1.0, 2.0]))
    assert np.isnan(ALL[name]([2.0, 2.0], [np.nan, 2.0]))
