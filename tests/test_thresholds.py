"""What every threshold decides, held against deciding one threshold after the other."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk

from helpers import classification as c
from helpers import thresholds

GRID = np.linspace(0, 1, 21)


def example(n=200, seeds=3):
    rng = np.random.default_rng(0)
    y = (rng.random(n) < 0.3).astype(int)
    p = np.clip(np.round(rng.normal(0.4 + 0.2 * y, 0.2, size=(seeds, n)), 2), 0, 1)  # ties, also with thresholds
    return y, p


def test_counts_are_those_of_the_decisions_at_each_threshold():
    y, p = example()
    counts = thresholds.counts_at(y, p, GRID)
    assert counts.tp.shape == (3, 21)
    for s, t in np.ndindex(3, 21):
        expected = c.binary_counts(y, c.decide(p[s], GRID[t]))
        assert tuple(count[s, t] for count in counts) == expected
    for many, one in zip(counts, thresholds.counts_at(y, p[1], GRID), strict=True):
        np.testing.assert_array_equal(many[1], one)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [("precision", sk.precision_score), ("recall", sk.recall_score), ("F1", sk.f1_score),
     ("accuracy", sk.accuracy_score)],
)  # fmt: skip
def test_metrics_agree_with_scikit_learn(name, theirs):
    y, p = example()
    found = thresholds.metric_at(name, y, p[0], GRID)
    options = {} if name == "accuracy" else {"zero_division": np.nan}
    expected = [theirs(y, c.decide(p[0], t), **options) for t in GRID]
    np.testing.assert_allclose(found, expected)
    assert np.isnan(found[-1]) == (name == "precision")


def test_a_function_of_counts_and_the_named_counts():
    y, p = example()
    counts = thresholds.counts_at(y, p, GRID)
    cost = thresholds.metric_at(lambda c: c.fp + 9 * c.fn, y, p, GRID)
    np.testing.assert_array_equal(cost, counts.fp + 9 * counts.fn)
    np.testing.assert_allclose(thresholds.cost_at(y, p, GRID, miss=9, false_alarm=1), cost / 200)
    for name, count in zip(["true positives", "false positives", "false negatives", "true negatives"], counts,
                           strict=True):
        np.testing.assert_array_equal(thresholds.metric_at(name, y, p, GRID), count)


def test_the_best_threshold_is_missed_by_no_grid():
    y, p = example()
    best = thresholds.best_threshold("F1", y, p)
    assert best.shape == (3,)
    for s in range(3):
        assert best[s] == thresholds.best_threshold("F1", y, p[s])
        found = thresholds.metric_at("F1", y, p[s], best[s])[0]
        assert found >= max(c.f1(y, c.decide(p[s], t)) for t in np.linspace(0, 1, 1001))
    assert thresholds.best_threshold("F1", [0, 1, 1], [0.1, 0.2, 0.3]) == 0.1
    errors = {"metric": lambda c: c.fp + c.fn, "largest": False, "thresholds": [0.9, 0.5]}
    assert thresholds.best_threshold(y_true=[0, 1], p=[0.2, 0.8], **errors) == 0.5


def test_the_threshold_from_costs_is_best_where_p_is_calibrated():
    assert thresholds.cost_threshold(miss=9, false_alarm=1) == pytest.approx(0.1)
    rng = np.random.default_rng(0)
    p = rng.random(400_000)
    y = (rng.random(400_000) < p).astype(int)
    costs = thresholds.cost_at(y, p, GRID, miss=9, false_alarm=1)
    assert GRID[np.argmin(costs)] == pytest.approx(0.1, abs=0.001)


BAD = {
    "outputs (seeds, n, 1)": ([0, 1], np.zeros((3, 2, 1)), "take p[..., 0]"),
    "lengths": ([0, 1], [0.5], "are needed"),
    "no samples": ([], [], "no samples"),
    "labels": ([0, 2], [0.5, 0.5], "y_true holds 2"),
    "NaN": ([0, 1], [0.5, np.nan], "p holds NaN"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_one_clear_sentence(case):
    y, p, said = BAD[case]
    for call in (lambda: thresholds.counts_at(y, p, GRID), lambda: thresholds.best_threshold("F1", y, p)):
        with pytest.raises(ValueError) as caught:
            call()
        assert said in str(caught.value) and "\n" not in str(caught.value)


def test_bad_names_and_costs():
    with pytest.raises(ValueError, match="no metric 'f1': choose precision"):
        thresholds.metric_at("f1", [0, 1], [0.1, 0.2], GRID)
    with pytest.raises(ValueError, match="costs are not negative"):
        thresholds.cost_threshold(miss=0, false_alarm=0)
