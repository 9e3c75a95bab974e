"""Figures for classification that draw on an `ax`: curves with bands over seeds, and the confusion matrix.

`y_true`: 0 or 1 (the positive class), shape (n,). `p`: probabilities of the positive class, shape (n,) for one model,
(seeds, n) for several; or a dict name → such an array, to compare models. Over seeds a line is the median, and its
band spans 5 % to 95 %. Each figure is shown with `figures.show(fig, alt)`.

>>> fig, ax = figures.axes(panels=2)
>>> roc(ax[0], task.y_val, runs.predict(task.X_val)[..., 0])
"""

from __future__ import annotations

import warnings

import matplotlib as mpl
import numpy as np

from helpers import calibration, figures, ranking, thresholds
from helpers.classification import confusion_matrix

GRID = np.linspace(0, 1, 201)
WHITE_TO_BLUE = mpl.colors.LinearSegmentedColormap.from_list("white_to_blue", ["#FFFFFF", figures.COLORS[0]])


def confusion(ax, y_true, y_pred, *, names=None, colors="row") -> None:
    """Confusion matrix: rows are the true classes, columns the decisions, with the count in each cell.

    y_true: integers, (n,); y_pred: decisions, (n,), or (seeds, n): then the median count, with 5 % to 95 % below it.
    names: of the classes. A cell's color is its share of the row; colors="none" leaves all cells white.
    """
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    classes = int(max(y_true.max(), y_pred.max(), 1)) + 1 if names is None else len(names)
    many = np.stack([confusion_matrix(y_true, row, classes=classes) for row in np.atleast_2d(y_pred)])
    low, mid, high = np.percentile(many, [5, 50, 95], axis=0)
    share = mid / np.maximum(mid.sum(axis=1, keepdims=True), 1) * (colors != "none")
    ax.imshow(share, cmap=WHITE_TO_BLUE, vmin=0, vmax=1)
    for i, j in np.ndindex(mid.shape):
        text = f"{mid[i, j]:,.0f}"
        if y_pred.ndim == 2 and classes <= 5:
            text += f"\n{low[i, j]:,.0f}–{high[i, j]:,.0f}"
        ax.text(j, i, text, ha="center", va="center", fontsize=11,
                color=_readable(WHITE_TO_BLUE(share[i, j])))
    names = range(classes) if names is None else names
    ax.set_xticks(range(classes), names)
    ax.set_yticks(range(classes), names)
    ax.set(xlabel="decided", ylabel="true")
    ax.set_xticks(np.arange(classes + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(classes + 1) - 0.5, minor=True)
    ax.grid(visible=False)
    ax.grid(which="minor", color="#767676", linewidth=0.8)  # borders, so that white cells are cells too
    ax.tick_params(which="minor", length=0)


def roc(ax, y_true, p) -> None:
    """ROC: recall (true positive rate) over the false positive rate, with the diagonal of a ranking by chance."""
    curves = {}
    for name, rows in _named(y_true, p, both_classes=True).items():
        found = [ranking.roc_curve(y_true, row)[:2] for row in rows]
        curves[name] = [np.interp(GRID, fpr, tpr) for fpr, tpr in found]
    ax.plot([0, 1], [0, 1], color="black", linewidth=1, linestyle=":")
    _lines(ax, GRID, curves)
    ax.set(xlabel="false positive rate", ylabel="recall", xlim=(0, 1), ylim=(0, 1.01))
    ax.annotate("chance", (0.62, 0.56), fontsize=11)


def precision_recall(ax, y_true, p) -> None:
    """Precision over recall, in steps as average precision counts them, with the base rate as the line of chance."""
    curves = {}
    for name, rows in _named(y_true, p, both_classes=True).items():
        found = [ranking.precision_recall_curve(y_true, row)[:2] for row in rows]
        # for each recall of the grid, the precision at the highest threshold that reaches it
        curves[name] = [precision[::-1][np.searchsorted(recall[::-1], GRID[1:] - 1e-12)] for precision, recall in found]
    base = float(np.mean(y_true))
    ax.axhline(base, color="black", linewidth=1, linestyle=":")
    _lines(ax, GRID[1:], curves)
    ax.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.01))
    ax.annotate("chance: the base rate", (0.02, base), xytext=(0, 4), textcoords="offset points", fontsize=11)


def reliability(ax, y_true, p, *, bins=10, strategy="uniform") -> None:
    """How often a prediction comes true, over what it says; on the diagonal it is calibrated.

    A point a bin: the median over the seeds, with a bar from 5 % to 95 %. The bins of all seeds are the same
    ("quantile": of all their predictions together). A bin that is empty for a seed leaves that seed out.
    """
    named = _named(y_true, p)
    ax.plot([0, 1], [0, 1], color="black", linewidth=1, linestyle=":")
    for i, (name, rows) in enumerate(named.items()):
        edges = calibration.bin_edges(rows.ravel(), bins, strategy)
        found = [calibration.reliability(y_true, row, bins=edges) for row in rows]
        x, share = np.stack([one.p for one in found]), np.stack([one.share for one in found])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a bin that is empty for every seed is not drawn
            x, (low, mid, high) = np.nanmedian(x, axis=0), np.nanpercentile(share, [5, 50, 95], axis=0)
        style = {"color": figures.COLORS[i], "linestyle": figures.STYLES[i], "marker": figures.MARKERS[i]}
        if len(rows) > 1:
            ax.fill_between(x, low, high, color=figures.COLORS[i], alpha=0.2, linewidth=0)
            ax.vlines(x, low, high, color=figures.COLORS[i], linewidth=1.2)
        ax.plot(x, mid, **style, markersize=7, markerfacecolor="white", label=name)
    ax.set(xlabel="predicted probability", ylabel="share that came true", xlim=(0, 1), ylim=(0, 1))
    _legend(ax, named)


def threshold(ax, y_true, p, *, show=("precision", "recall", "F1"), at=None, grid=None) -> None:
    """Metrics of the decisions over the threshold. A curve ends where its metric has no value (0 / 0).

    show: names in `thresholds.METRICS`, also counts such as "false positives"; or a dict name → function of Counts.
    at: a threshold to mark. grid: the thresholds, 201 from 0 to 1 unless given. p: one model, not a dict.
    """
    grid = GRID if grid is None else np.asarray(grid)
    show = show if isinstance(show, dict) else {name: name for name in show}
    figures.lines(ax, grid, {name: thresholds.metric_at(metric, y_true, p, grid) for name, metric in show.items()},
                  label_at="legend")
    ax.set(xlabel="threshold", xlim=(grid[0], grid[-1]))
    if at is not None:
        _mark_threshold(ax, at, f"{at:.2g}")


def cost(ax, y_true, p, *, miss, false_alarm, grid=None) -> None:
    """Mean cost a sample over the threshold, and the threshold that is best where p is calibrated.

    miss: cost of a false negative; false_alarm: of a false positive, in the same unit. grid: as in `threshold`.
    """
    grid = GRID if grid is None else np.asarray(grid)
    curves = {name: thresholds.cost_at(y_true, rows, grid, miss=miss, false_alarm=false_alarm)
              for name, rows in _named(y_true, p).items()}  # fmt: skip
    _lines(ax, grid, curves)
    ax.set(xlabel="threshold", ylabel="mean cost a sample", xlim=(grid[0], grid[-1]))
    ax.set_ylim(bottom=0)
    best = thresholds.cost_threshold(miss=miss, false_alarm=false_alarm)
    _mark_threshold(ax, best, f"best if calibrated: {best:.2g}")


def _named(y_true, p, both_classes=False) -> dict[str, np.ndarray]:
    """Return name → (seeds, n), checked."""
    named = p if isinstance(p, dict) else {"": p}
    if not 1 <= len(named) <= len(figures.COLORS):
        raise ValueError(f"p names {len(named)} models, but a figure holds 1 to {len(figures.COLORS)} that can be told "
                         "apart.")
    checked = {name: np.atleast_2d(thresholds.pair(y_true, rows)[1]) for name, rows in named.items()}
    if both_classes and not 0 < np.mean(y_true) < 1:
        raise ValueError("y_true holds one class only: a curve needs a positive and a negative.")
    return checked


def _lines(ax, x, curves) -> None:
    """Draw name → a curve for each seed; a single seed has no band."""
    drawn = {name: np.asarray(rows)[0] if len(rows) == 1 else np.asarray(rows) for name, rows in curves.items()}
    figures.lines(ax, x, drawn, label_at="none")
    _legend(ax, curves)


def _legend(ax, named) -> None:
    if list(named) != [""]:
        ax.legend(handlelength=3)


def _mark_threshold(ax, at, text) -> None:
    ax.axvline(at, color="black", linestyle=":", linewidth=1.5)
    ax.annotate(text, (at, 1.01), xycoords=("data", "axes fraction"), ha="center")


def _readable(color) -> str:
    """Black or white, whichever has the higher contrast on this color: always 4.5:1 or more (WCAG 2.1)."""
    parts = np.array(color[:3])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    return "black" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "white"
