"""Brier, log loss, reliability and calibration error, held against scikit-learn, Keras and plain loops."""

from __future__ import annotations

import warnings

import keras
import numpy as np
import pytest
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

from helpers import calibration

WEIGHTS = ["none", "random", "some zero"]
SIZES = [2, 33, 1000]


def binary(n, weights="none"):
    rng = np.random.default_rng(n)
    p = rng.beta(0.7, 1.5, size=n)
    y = (rng.random(n) < p**1.5).astype(int)
    y[:2] = 0, 1
    w = {"none": None, "random": 0.1 + rng.random(n), "some zero": np.where(np.arange(n) % 3 == 2, 0.0, 2.5)}[weights]
    return y, p, w


def multiclass(n, weights="none"):
    rng = np.random.default_rng(n)
    p = rng.dirichlet(np.ones(4), size=n)
    return rng.integers(4, size=n), p, binary(n, weights)[2]


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("n", SIZES)
def test_nll_and_brier_agree_with_scikit_learn(n, weights):
    y, p, w = binary(n, weights)
    assert calibration.nll(y, p, sample_weight=w) == pytest.approx(sk.log_loss(y, p, sample_weight=w), rel=1e-12)
    assert calibration.brier(y, p, sample_weight=w) == pytest.approx(
        sk.brier_score_loss(y, p, sample_weight=w), rel=1e-12)
    both = np.column_stack([1 - p, p])
    assert calibration.brier(y, both, sample_weight=w) == pytest.approx(2 * calibration.brier(y, p, sample_weight=w))
    y, p, w = multiclass(n, weights)
    expected = sk.log_loss(y, p, sample_weight=w, labels=range(4))
    assert calibration.nll(y, p, sample_weight=w) == pytest.approx(expected, rel=1e-12)
    distance = np.average(((p - np.eye(4)[y]) ** 2).sum(axis=1), weights=w)
    assert calibration.brier(y, p, sample_weight=w) == pytest.approx(distance, rel=1e-12)


def test_brier_of_several_classes_is_that_of_scikit_learn_unhalved():
    y, p, w = multiclass(33, "random")
    try:
        expected = sk.brier_score_loss(y, p, sample_weight=w, labels=range(4), scale_by_half=False)
    except (TypeError, ValueError):
        pytest.skip("scikit-learn before 1.7 has no Brier value for several classes")
    assert calibration.brier(y, p, sample_weight=w) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_nll_agrees_with_keras_over_ragged_batches(weights):
    y, p, w = binary(101, weights)
    metric = keras.metrics.BinaryCrossentropy()
    for start in range(0, 101, 32):
        batch = slice(start, start + 32)
        metric.update_state(y[batch, None], p[batch, None], sample_weight=None if w is None else w[batch])
    assert calibration.nll(y, p, epsilon=1e-7, sample_weight=w) == pytest.approx(float(metric.result()), rel=1e-5)


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("bins", [1, 5, 10])
def test_reliability_agrees_with_scikit_learn(bins, strategy):
    for n in SIZES:
        y, p, _ = binary(n)
        share, mean = calibration_curve(y, p, n_bins=bins, strategy=strategy)
        found = calibration.reliability(y, p, bins=bins, strategy=strategy)
        some = found.count > 0
        np.testing.assert_allclose(found.p[some], mean, rtol=1e-12)
        np.testing.assert_allclose(found.share[some], share, rtol=1e-12, atol=1e-15)
        assert found.count.sum() == n and np.isnan(found.p[~some]).all() and np.isnan(found.share[~some]).all()


def test_a_prediction_at_an_edge_belongs_to_the_lower_bin():
    y, p = np.array([0, 1, 1, 0]), np.array([0.0, 0.5, 0.5, 1.0])
    ours = calibration.reliability(y, p, bins=2)
    np.testing.assert_array_equal(ours.count, [3, 1])
    np.testing.assert_allclose(ours.share, [2 / 3, 0])
    share, _ = calibration_curve(y, p, n_bins=2)
    np.testing.assert_allclose(share, ours.share)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_reliability_and_error_agree_with_a_plain_loop(weights):
    y, p, w = binary(1000, weights)
    v = np.ones(1000) if w is None else w
    found, error = calibration.reliability(y, p, sample_weight=w), 0.0
    for i in range(10):
        here = (p > i / 10) & (p <= (i + 1) / 10)
        assert found.count[i] == pytest.approx(v[here].sum())
        assert found.p[i] == pytest.approx(np.average(p[here], weights=v[here]))
        assert found.share[i] == pytest.approx(np.average(y[here], weights=v[here]))
        error += v[here].sum() / v.sum() * abs(found.p[i] - found.share[i])
    assert calibration.expected_calibration_error(y, p, sample_weight=w) == pytest.approx(error, rel=1e-12)


def test_error_of_several_classes_looks_at_the_largest_probability():
    y, p, w = multiclass(1000, "random")
    hits, top = calibration.top_label(y, p)
    np.testing.assert_array_equal(hits, y == p.argmax(axis=1))
    np.testing.assert_array_equal(top, p.max(axis=1))
    expected = calibration.expected_calibration_error(hits, top, sample_weight=w)
    assert calibration.expected_calibration_error(y, p, sample_weight=w) == expected > 0.1


def test_the_base_rate_is_calibrated_and_useless():
    y, _, _ = binary(1000)
    base = np.full(1000, y.mean())
    assert calibration.expected_calibration_error(y, base) == pytest.approx(0, abs=1e-12)
    assert calibration.brier(y, base) == pytest.approx(y.mean() * (1 - y.mean()))
    assert len(calibration.reliability(y, base, strategy="quantile").count) == 1


def test_values_by_hand():
    y, p = [1, 0, 1, 1], [0.9, 0.9, 0.2, 0.2]
    assert calibration.brier(y, p) == pytest.approx((0.01 + 0.81 + 0.64 + 0.64) / 4)
    assert calibration.expected_calibration_error(y, p) == pytest.approx((0.4 + 0.8) / 2)
    assert calibration.nll([1, 0], [0.5, 0.25]) == pytest.approx(-np.log([0.5, 0.75]).mean())


def test_what_was_impossible_and_happened():
    y, p = np.array([1, 0]), np.array([0.0, 0.0])
    assert calibration.nll(y, p) == np.inf
    assert calibration.nll(y, p, epsilon=1e-7) == pytest.approx(16.118 / 2, abs=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert sk.log_loss(y, p) == pytest.approx(36.04 / 2, abs=0.01)


def test_all_of_one_class():
    for value in (0, 1):
        y, p = np.full(4, value), np.array([0.1, 0.2, 0.3, 0.3])
        assert calibration.brier(y, p) == pytest.approx(np.mean((p - value) ** 2))
        assert calibration.expected_calibration_error(y, p) == pytest.approx(abs(p.mean() - value))
        assert np.isfinite(calibration.nll(y, p))


ALL = [calibration.nll, calibration.brier, calibration.reliability, calibration.expected_calibration_error]
BAD = {
    "no samples": ([], [], {}, "no samples"),
    "weights of 0": ([1], [0.5], {"sample_weight": [0]}, "sum to 0"),
    "logits": ([1], [1.5], {}, "p holds 1.5"),
    "labels": ([2], [0.5], {}, "y_true holds 2"),
    "one-hot": ([[1, 0]], [[0.5, 0.5]], {}, "but (n,) is needed"),
    "shapes": ([0, 1], [0.5], {}, "must be the same"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("function", ALL)
def test_bad_input_gives_one_clear_sentence(function, case):
    y, p, how, said = BAD[case]
    with pytest.raises(ValueError) as caught:
        function(y, p, **how)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_bins_may_be_given_as_edges():
    y, p, w = binary(1000, "random")
    for strategy in ("uniform", "quantile"):
        edges = calibration.bin_edges(p, 7, strategy)
        found = calibration.reliability(y, p, bins=edges, sample_weight=w)
        expected = calibration.reliability(y, p, bins=7, strategy=strategy, sample_weight=w)
        for a, b in [(found.p, expected.p), (found.share, expected.share), (found.count, expected.count)]:
            np.testing.assert_array_equal(a, b)


def test_bad_bins():
    for how, said in [({"bins": 0}, "bins is 0"), ({"bins": [0.15, 1]}, "enclose every p"),
                      ({"bins": [0, 1, 0.5]}, "edges that rise"), ({"strategy": "even"}, "strategy is 'even'")]:
        with pytest.raises(ValueError, match=said):
            calibration.reliability([0, 1], [0.1, 0.2], **how)
    with pytest.raises(ValueError, match="p holds NaN"):
        calibration.brier([0, 1], [0.1, np.nan])
    with pytest.raises(ValueError, match="but only 0 and 1"):
        calibration.brier([0.5], [0.1])
