"""What thresholds decide, counted by sorting, against counting one by one; and the figures that show it."""
import numpy as np
import pytest
from sklearn import metrics as sk

from helpers import classification_figures as draw
from helpers import figures, thresholds

rng = np.random.default_rng(0)
y = (rng.random(300) < 0.2).astype(int)
p = np.round(np.clip(0.2 + 0.3 * (y - 0.2) + rng.normal(scale=0.2, size=(4, 300)), 0, 1), 2)  # rounded: with ties
GRID = np.array([0.0, 0.1, 0.15, 0.37, 0.5, 1.0])


def test_counts_are_those_of_the_confusion_matrix():
    counts = thresholds.counts_at(y, p, GRID)
    assert counts.tp.shape == (4, 6)
    for k, row in enumerate(p):
        for j, threshold in enumerate(GRID):
            tn, fp, fn, tp = sk.confusion_matrix(y, row > threshold, labels=[0, 1]).ravel()
            assert (counts.tn[k, j], counts.fp[k, j], counts.fn[k, j], counts.tp[k, j]) == (tn, fp, fn, tp)


@pytest.mark.parametrize(("name", "of"), [("F1", sk.f1_score), ("recall", sk.recall_score),
                                          ("precision", sk.precision_score), ("accuracy", sk.accuracy_score)])
def test_metrics_over_thresholds_agree_with_scikit_learn(name, of):
    found = thresholds.metric_at(name, y, p[0], GRID[:-1])
    np.testing.assert_allclose(found, [of(y, p[0] > threshold) for threshold in GRID[:-1]])


def test_cost_and_the_threshold_that_costs_imply():
    flagged = p[0] > 0.1
    by_hand = np.mean(np.where(y == 1, 9.0 * ~flagged, 1.0 * flagged))
    assert thresholds.cost_at(y, p[0], [0.1], miss=9, false_alarm=1)[0] == pytest.approx(by_hand)
    assert thresholds.cost_threshold(miss=9, false_alarm=1) == pytest.approx(0.1)


def test_no_threshold_is_better_than_the_best():
    best = thresholds.best_threshold("F1", y, p[0])
    reached = sk.f1_score(y, p[0] > best)
    assert reached == pytest.approx(max(sk.f1_score(y, p[0] > t) for t in np.unique(p[0])[:-1]))


def test_an_unknown_metric_is_refused():
    with pytest.raises(ValueError, match="choose precision, recall"):
        thresholds.metric_at("beauty", y, p, GRID)


@pytest.mark.parametrize("curve", [draw.roc, draw.precision_recall, draw.reliability])
@pytest.mark.parametrize("what", [p, p[0], {"one": p, "other": p[0]}])
def test_curves_take_one_model_or_many_seeds_and_name_their_axes(curve, what):
    fig, ax = figures.axes()
    curve(ax, y, what)
    assert ax.get_xlabel() and ax.get_ylabel() and len(ax.lines) > 1
    assert bool(ax.get_legend()) == isinstance(what, dict)


def test_a_threshold_figure_draws_its_metric():
    fig, ax = figures.axes()
    draw.threshold(ax, y, p[0], show=["recall"], at=0.3, grid=GRID)
    drawn = next(line for line in ax.lines if line.get_label() == "recall")
    np.testing.assert_allclose(drawn.get_ydata(), thresholds.metric_at("recall", y, p[0], GRID))
    fig, ax = figures.axes()
    draw.cost(ax, y, p, miss=9, false_alarm=1, grid=GRID)
    assert any("0.1" in text.get_text() for text in ax.texts)


def test_a_confusion_figure_shows_its_counts():
    fig, ax = figures.axes()
    draw.confusion(ax, y, (p[0] > 0.5).astype(int), names=["no", "yes"])
    shown = [text.get_text() for text in ax.texts]
    assert shown == [f"{n:,.0f}" for n in sk.confusion_matrix(y, p[0] > 0.5).ravel()]
