"""Figures for classification: what is drawn is what the metrics say, with bands, and text that can be read."""

from __future__ import annotations

import numpy as np
import pytest

from helpers import calibration, classification, figures, ranking, thresholds
from helpers import classification_figures as cf
from helpers.activations import sigmoid

SEEDS = 16


def example(n=400):
    rng = np.random.default_rng(0)
    z = rng.normal(size=n)
    y = (rng.random(n) < sigmoid(2 * z - 1)).astype(int)
    return y, sigmoid(2 * z - 1 + rng.normal(0, 0.5, size=(SEEDS, n)))


def contrast(text, background):
    def luminance(color):
        parts = np.array(color[:3])
        return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    low, high = sorted([luminance(text), luminance(background)])
    return (high + 0.05) / (low + 0.05)


def band(ax):
    low_high = ax.collections[0].get_paths()[0].vertices
    return low_high[:, 0], low_high[:, 1]


def solid(ax):
    """The line that is a curve and not a band's edge, chance or a mark."""
    return next(line for line in ax.lines if line.get_linewidth() == 2.2)


# The confusion matrix


def test_confusion_shows_the_counts():
    y, p = example()
    fig, ax = figures.axes()
    cf.confusion(ax, y, classification.decide(p[0]), names=("no", "yes"))
    shown = np.array([int(text.get_text()) for text in ax.texts]).reshape(2, 2)
    np.testing.assert_array_equal(shown, classification.confusion_matrix(y, classification.decide(p[0])))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["no", "yes"]
    assert ax.get_xlabel() == "decided" and ax.get_ylabel() == "true"
    np.testing.assert_allclose(ax.images[0].get_array().sum(axis=1), 1)


def test_confusion_of_seeds_shows_medians_with_an_interval():
    y, p = example()
    fig, ax = figures.axes()
    cf.confusion(ax, y, classification.decide(p))
    many = [classification.confusion_matrix(y, classification.decide(row)) for row in p]
    low, mid, high = np.percentile(many, [5, 50, 95], axis=0)
    assert ax.texts[1].get_text() == f"{mid[0, 1]:.0f}\n{low[0, 1]:.0f}–{high[0, 1]:.0f}"


def test_confusion_of_many_classes_and_of_a_class_that_never_occurs():
    k = np.arange(10).repeat(3)
    fig, ax = figures.axes()
    cf.confusion(ax, k[:-3], k[:-3], names=range(10))
    assert len(ax.texts) == 100 and ax.texts[-1].get_text() == "0"
    fig, ax = figures.axes()
    cf.confusion(ax, k, k, colors="none")
    assert (ax.images[0].get_array() == 0).all()


@pytest.mark.parametrize("share", np.linspace(0, 1, 101))
def test_text_in_a_cell_has_a_contrast_of_4_5_to_1(share):
    background = cf.WHITE_TO_BLUE(share)
    text = {"black": (0, 0, 0), "white": (1, 1, 1)}[cf._readable(background)]
    assert contrast(text, background) >= 4.5


# Curves


@pytest.mark.parametrize("draw", [cf.roc, cf.precision_recall, cf.reliability])
def test_curves_take_one_model_many_seeds_or_several_models_and_name_their_axes(draw):
    y, p = example()
    for what in (p, p[0], {"one": p, "other": p[0]}):
        fig, ax = figures.axes()
        draw(ax, y, what)
        assert ax.get_xlabel() and ax.get_ylabel() and len(ax.lines) > 1
        assert bool(ax.get_legend()) == isinstance(what, dict)


def test_roc_draws_the_curve_and_its_band():
    y, p = example()
    fig, ax = figures.axes()
    cf.roc(ax, y, p)
    x, _ = band(ax)
    assert x.min() == 0 and x.max() == 1
    rows = [np.interp(cf.GRID, *ranking.roc_curve(y, row)[:2]) for row in p]
    np.testing.assert_allclose(solid(ax).get_ydata(), np.median(rows, axis=0))
    area = np.trapezoid(solid(ax).get_ydata(), cf.GRID)
    assert area == pytest.approx(np.median([ranking.roc_auc(y, row) for row in p]), abs=0.01)
    assert ax.get_legend() is None


def test_precision_recall_draws_steps_whose_area_is_average_precision():
    y, p = example()
    fig, ax = figures.axes()
    cf.precision_recall(ax, y, p[0])
    line = solid(ax)
    assert line.get_ydata().mean() == pytest.approx(ranking.average_precision(y, p[0]), abs=0.005)
    assert line.get_ydata()[-1] == pytest.approx(np.mean(y) * len(y) / (p[0] >= p[0][y == 1].min()).sum())
    assert ax.lines[0].get_ydata()[0] == np.mean(y)
    fig, ax = figures.axes()
    cf.precision_recall(ax, [0, 1, 0, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5])
    at = dict(zip(np.round(cf.GRID[1:], 3), solid(ax).get_ydata(), strict=True))
    assert at[0.33] == at[0.665] == 1 and at[0.67] == at[1.0] == 0.75


def test_several_models_get_a_legend_and_styles_of_their_own():
    y, p = example()
    for draw in (cf.roc, cf.precision_recall, cf.reliability):
        fig, ax = figures.axes()
        draw(ax, y, {"plain": p, "weighted": sigmoid(np.log(p / (1 - p)) + 2)})
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["plain", "weighted"]
        assert len({line.get_linestyle() for line in ax.lines if line.get_label() in ("plain", "weighted")}) == 2


def test_reliability_draws_the_bins():
    y, p = example()
    fig, ax = figures.axes()
    cf.reliability(ax, y, p[0])
    found = calibration.reliability(y, p[0])
    line = ax.lines[-1]
    np.testing.assert_allclose(line.get_xdata(), found.p)
    np.testing.assert_allclose(line.get_ydata(), found.share)
    assert not ax.collections, "one model has no band"
    fig, ax = figures.axes()
    cf.reliability(ax, y, p, bins=4, strategy="quantile")
    edges = np.quantile(p, np.linspace(0, 1, 5))
    shares = [calibration.reliability(y, row, bins=edges).share for row in p]
    np.testing.assert_allclose(ax.lines[-1].get_ydata(), np.median(shares, axis=0))
    assert ax.collections


def test_reliability_leaves_bins_out_that_are_always_empty():
    fig, ax = figures.axes()
    cf.reliability(ax, [0, 1, 1], np.array([[0.05, 0.9, 0.95], [0.05, 0.35, 0.95]]))
    assert np.flatnonzero(~np.isnan(ax.lines[-1].get_ydata())).tolist() == [0, 3, 8, 9]


def test_threshold_draws_metrics_and_marks_one():
    y, p = example()
    fig, ax = figures.axes()
    cf.threshold(ax, y, p[0], at=0.25)
    drawn = {line.get_label(): line.get_ydata() for line in ax.lines}
    for name in ("precision", "recall", "F1"):
        np.testing.assert_array_equal(drawn[name], thresholds.metric_at(name, y, p[0], cf.GRID))
    assert ax.texts[-1].get_text() == "0.25"
    fig, ax = figures.axes()
    cf.threshold(ax, y, p, show={"false alarms": lambda c: c.fp}, grid=[0, 0.5])
    np.testing.assert_array_equal(solid(ax).get_ydata(),
                                  np.median(thresholds.counts_at(y, p, [0, 0.5]).fp, axis=0))


def test_cost_marks_the_threshold_of_the_costs():
    y, p = example()
    fig, ax = figures.axes()
    cf.cost(ax, y, p[0], miss=9, false_alarm=1)
    np.testing.assert_array_equal(solid(ax).get_ydata(), thresholds.cost_at(y, p[0], cf.GRID, miss=9, false_alarm=1))
    assert ax.texts[-1].get_text() == "best if calibrated: 0.1"


def test_the_same_figure_is_the_same_bytes():
    def drawn(p):
        fig, ax = figures.axes(panels=3)
        cf.roc(ax[0], y, p)
        cf.reliability(ax[1], y, p)
        cf.confusion(ax[2], y, classification.decide(p))
        return figures.png(fig)

    y, p = example()
    assert drawn(p) == drawn(p) != drawn(p[:8])


def test_bad_input_gives_one_clear_sentence():
    y, p = example()
    fig, ax = figures.axes()
    for call, said in [
        (lambda: cf.roc(ax, np.zeros(400), p), "one class only"),
        (lambda: cf.precision_recall(ax, np.ones(400), p), "one class only"),
        (lambda: cf.roc(ax, y, p[..., None]), "take p[..., 0]"),
        (lambda: cf.reliability(ax, y, {}), "names 0 models"),
        (lambda: cf.cost(ax, y, {str(i): p for i in range(6)}, miss=1, false_alarm=1), "names 6 models"),
        (lambda: cf.threshold(ax, y, p, show=["f1"]), "no metric 'f1'"),
        (lambda: cf.confusion(ax, y, y, names=["only one"]), "must lie between 0 and 0"),
    ]:
        with pytest.raises(ValueError) as caught:
            call()
        assert said in str(caught.value) and "\n" not in str(caught.value)
