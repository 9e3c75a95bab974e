"""Curves and areas, held against scikit-learn, Keras' binned AUC and the definition by pairs."""

from __future__ import annotations

import itertools
import warnings

import keras
import numpy as np
import pytest
from sklearn import metrics as sk

from helpers import ranking

SIZES = [2, 33, 101, 1000]
WEIGHTS = ["none", "random", "some zero"]
KINDS = ["distinct", "ties", "all equal", "extreme logits", "float32"]


def example(n, kind, weights="none"):
    rng = np.random.default_rng(n)
    y = (rng.random(n) < 0.3).astype(int)
    y[:2] = 0, 1
    p = 1 / (1 + np.exp(-rng.normal(y, 1.0)))
    p = {"distinct": p, "ties": np.round(p, 1), "all equal": np.full(n, 0.3), "float32": p.astype("float32"),
         "extreme logits": 1000 * np.sign(p - 0.5)}[kind]  # fmt: skip
    w = {"none": None, "random": 0.1 + rng.random(n), "some zero": np.where(np.arange(n) % 3 == 2, 0.0, 2.5)}[weights]
    return y, p, w


def by_pairs(y, p, w):
    """The definition: the weighted share of pairs in which the positive is ahead; a tie counts one half."""
    w = np.ones(len(y)) if w is None else w
    ahead = (p[y == 1][:, None] > p[y == 0]) + 0.5 * (p[y == 1][:, None] == p[y == 0])
    pairs = w[y == 1][:, None] * w[y == 0]
    return (ahead * pairs).sum() / pairs.sum()


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", SIZES)
def test_agrees_with_scikit_learn_and_the_definition(n, kind, weights):
    y, p, w = example(n, kind, weights)
    curve = sk.roc_curve(y, p, sample_weight=w, drop_intermediate=False)
    for found, expected in zip(ranking.roc_curve(y, p, sample_weight=w), curve, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)
    found = ranking.roc_auc(y, p, sample_weight=w)
    assert found == pytest.approx(sk.roc_auc_score(y, p, sample_weight=w), rel=1e-12)
    assert found == pytest.approx(by_pairs(y, p, w), rel=1e-12)
    kept = slice(None) if w is None else w > 0  # scikit-learn makes thresholds of samples without weight
    curve = sk.precision_recall_curve(y[kept], p[kept], sample_weight=None if w is None else w[kept])
    for found, expected in zip(ranking.precision_recall_curve(y, p, sample_weight=w), curve, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)
    expected = sk.average_precision_score(y, p, sample_weight=w)
    assert ranking.average_precision(y, p, sample_weight=w) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("average", ["macro", "micro", None])
@pytest.mark.parametrize("weights", WEIGHTS)
def test_labels_are_averaged_as_in_scikit_learn(weights, average):
    columns = [example(101, kind) for kind in ("distinct", "ties", "all equal")]
    y, p = (np.column_stack([column[i] for column in columns]) for i in (0, 1))
    y[:, 1] = y[::-1, 1]
    w = example(101, "ties", weights)[2]
    for ours, theirs in [(ranking.roc_auc, sk.roc_auc_score), (ranking.average_precision, sk.average_precision_score)]:
        found = ours(y, p, average=average, sample_weight=w)
        np.testing.assert_allclose(found, theirs(y, p, average=average, sample_weight=w), rtol=1e-12)


def keras_auc(y, p, w=None, batch_size=32, **options):
    metric = keras.metrics.AUC(**options)
    for start in range(0, len(y), batch_size):
        batch = slice(start, start + batch_size)
        metric.update_state(y[batch], p[batch], sample_weight=None if w is None else w[batch])
    return float(metric.result())


@pytest.mark.parametrize("weights", WEIGHTS)
def test_agrees_with_keras_where_its_bins_keep_predictions_apart(weights):
    """Predictions at the middle of Keras' bins: what is tied for Keras is tied for us."""
    points = 0
    for n, kind in itertools.product([2, 33, 101], ["distinct", "ties", "all equal"]):
        y, p, w = example(n, kind, weights)
        p = (np.floor(p * 199) + 0.5) / 199
        assert keras_auc(y, p, w) == pytest.approx(ranking.roc_auc(y, p, sample_weight=w), abs=2e-6)
        points += 1
    assert points == 9
    y, p = np.column_stack([y, y[::-1]]), np.column_stack([p, p])
    for options, average in [({"multi_label": True}, "macro"), ({}, "micro")]:
        assert keras_auc(y, p, **options) == pytest.approx(ranking.roc_auc(y, p, average=average), abs=2e-6)


def test_order_and_monotone_transformations_change_nothing():
    y, p, w = example(1000, "ties", "random")
    order = np.random.default_rng(1).permutation(1000)
    for area in (ranking.roc_auc, ranking.average_precision):
        value = area(y, p, sample_weight=w)
        assert area(y[order], p[order], sample_weight=w[order]) == pytest.approx(value, rel=1e-12)
        assert area(y, 100 * p - 50, sample_weight=w) == pytest.approx(value, rel=1e-12)
        assert area(np.repeat(y, 2), np.repeat(p, 2)) == pytest.approx(area(y, p), rel=1e-12)


def test_values_by_hand():
    y, p = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    assert ranking.roc_auc(y, p) == 0.75
    assert ranking.average_precision(y, p) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert ranking.roc_auc(y, [0, 0, 0, 0]) == 0.5 and ranking.average_precision(y, [0, 0, 0, 0]) == 0.5
    assert ranking.roc_auc(y, [0.1, 0.35, 0.35, 0.8]) == 0.875
    fpr, tpr, thresholds = ranking.roc_curve(y, p)
    np.testing.assert_array_equal(fpr, [0, 0, 0.5, 0.5, 1])
    np.testing.assert_array_equal(tpr, [0, 0.5, 0.5, 1, 1])
    np.testing.assert_array_equal(thresholds, [np.inf, 0.8, 0.4, 0.35, 0.1])


# Where Keras and scikit-learn do not agree


def test_keras_bins_hide_the_ranking_of_small_probabilities():
    y, p, _ = example(1000, "distinct")
    exact = ranking.roc_auc(y, p / 1000)
    assert exact == ranking.roc_auc(y, p) == pytest.approx(sk.roc_auc_score(y, p / 1000)) and exact > 0.7
    assert keras_auc(y, p / 1000) == pytest.approx(0.5, abs=1e-6)
    assert keras_auc(y, p / 1000, num_thresholds=400_000) == pytest.approx(exact, abs=1e-3)


def test_keras_needs_from_logits_for_logits():
    y, p, _ = example(1000, "distinct")
    z = np.log(p / (1 - p))
    exact = ranking.roc_auc(y, z)
    assert keras_auc(y, z, from_logits=True) == pytest.approx(exact, abs=2e-3)
    assert keras_auc(y, z) < exact - 0.02


@pytest.mark.parametrize("value", [0, 1])
def test_one_class_only(value):
    y, p = np.full(4, value), np.array([0.1, 0.2, 0.3, 0.3])
    assert np.isnan(ranking.roc_auc(y, p))
    assert keras_auc(y, p) == 0
    with pytest.warns(UserWarning, match="Only one class"):
        assert np.isnan(sk.roc_auc_score(y, p))
    fpr, tpr, _ = ranking.roc_curve(y, p)
    assert np.isnan(tpr if value == 0 else fpr).all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.testing.assert_array_equal(sk.roc_curve(y, p, drop_intermediate=False)[:2], (fpr, tpr))


def test_average_precision_without_a_positive_or_a_negative():
    p = np.array([0.1, 0.2, 0.3, 0.3])
    assert np.isnan(ranking.average_precision(np.zeros(4), p)) and ranking.average_precision(np.ones(4), p) == 1
    assert np.isnan(ranking.precision_recall_curve(np.zeros(4), p)[1][:-1]).all()
    assert keras_auc(np.zeros(4), p, curve="PR") == 0
    with pytest.warns(UserWarning, match="No positive class"):
        assert sk.average_precision_score(np.zeros(4), p) == 0
    labels = np.column_stack([np.zeros(4), [0, 1, 0, 1]])
    assert np.isnan(ranking.roc_auc(labels, np.column_stack([p, p])))
    assert ranking.roc_auc(labels, np.column_stack([p, p]), average=None)[1] == 0.625


def test_keras_area_under_the_precision_recall_curve_is_not_average_precision():
    y, p = np.array([1, 0]), np.array([0.3, 0.7])
    assert ranking.average_precision(y, p) == sk.average_precision_score(y, p) == 0.5
    # between (0 true, 1 false positive) and (1, 1): precision tp / (tp + 1), over tp from 0 to 1
    assert keras_auc(y, p, curve="PR") == pytest.approx(1 - np.log(2), abs=1e-6)


def test_no_samples():
    assert float(keras.metrics.AUC().result()) == 0
    for function in (ranking.roc_auc, ranking.average_precision, ranking.roc_curve, ranking.precision_recall_curve):
        with pytest.raises(ValueError, match="no samples"):
            function([], [])


BAD = {
    "labels": ([0, 2], [0.1, 0.2], {}, "y_true holds 2"),
    "labels -1 and 1": ([-1, 1], [0.1, 0.2], {}, "y_true holds -1"),
    "NaN": ([0, 1], [np.nan, 0.2], {}, "p holds NaN"),
    "shapes": ([0, 1], [[0.1], [0.2]], {}, "with p[:, 0]"),
    "weights": ([0, 1], [0.1, 0.2], {"sample_weight": [0, 0]}, "sum to 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_one_clear_sentence(case):
    y, p, how, said = BAD[case]
    for function in (ranking.roc_auc, ranking.average_precision, ranking.roc_curve, ranking.precision_recall_curve):
        with pytest.raises(ValueError) as caught:
            function(y, p, **how)
        assert said in str(caught.value) and "\n" not in str(caught.value)


def test_bad_input_of_the_averages():
    with pytest.raises(ValueError, match="average is 'samples'"):
        ranking.roc_auc([0, 1], [0, 1], average="samples")
    with pytest.raises(ValueError, match="a curve is for one label"):
        ranking.roc_curve([[0, 1]], [[0, 1]])
