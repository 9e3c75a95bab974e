"""Figures in one style: Okabe–Ito colors with a line style each, direct labels, and alt text that is never missing."""
from __future__ import annotations

import base64
import html
import io

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt  # noqa: E402  (the backend is chosen first: figures are shown by `show` alone)
import numpy as np  # noqa: E402

from helpers import bank  # noqa: E402
from helpers.display import live  # noqa: E402

# The colors of Okabe & Ito (2008) that keep a contrast of 3:1 on white; each goes with its own line style and marker.
# Labels are black: as text, two of the colors would miss 4.5:1.
COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"]
STYLES = ["-", "--", "-.", (0, (1, 1)), (0, (5, 1, 1, 1, 1, 1))]
MARKERS = ["o", "s", "^", "D", "v"]
plt.rcParams.update({
    "figure.figsize": (8, 4.2), "figure.dpi": 100, "savefig.facecolor": "white", "font.size": 13,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 13, "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD", "lines.linewidth": 2.2, "legend.frameon": False, "svg.hashsalt": "workbook",
})


def png(fig) -> bytes:
    """The figure as PNG, without a time stamp, so that two builds are equal byte by byte."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", bbox_inches="tight", metadata={"Software": None})
    plt.close(fig)
    return buffer.getvalue()


def show(fig, alt: str, **values) -> None:
    """Show a figure with its alt text: what kind of figure, its axes with their range, and what to see in it.

    alt: the text, or the id of an `alt` cell of the notebook's source, so that the text does not give away what the
    reader is to predict. Measured numbers stand in it as `{name:.2f}` and are given here by name.
    """
    alt = _alt(alt).format(**values)
    live(None, f"Figure: {alt}", _img(fig, alt))


def _alt(alt):
    alt = " ".join((alt if " " in alt else bank.find(alt, "alt")["text"]).split())
    if len(alt) < 40:
        raise ValueError("Say in `alt` what kind of figure it is, its axes with their range, and what to see in it.")
    return alt


def _img(fig, alt):
    source = base64.b64encode(png(fig)).decode()
    return f'<img alt="{html.escape(alt)}" style="max-width:100%" src="data:image/png;base64,{source}">'


def axes(panels: int = 1, xlabel: str = "", ylabel: str = "", height: float = 4.2):
    """(fig, ax) for one panel, (fig, array of ax) for several beside each other."""
    fig, ax = plt.subplots(1, panels, figsize=(8 if panels == 1 else 11, height), layout="constrained")
    for one in np.atleast_1d(ax):
        one.set(xlabel=xlabel, ylabel=ylabel)
    return fig, ax


def lines(ax, x, series: dict, *, label_at: str = "end") -> None:
    """Lines by name. A value of shape (seeds, len(x)) is drawn as its median with a band from 5 % to 95 %."""
    for i, (name, y) in enumerate(series.items()):
        y = np.asarray(y, dtype=float)
        if y.ndim == 2:
            low, mid, high = np.percentile(y, [5, 50, 95], axis=0)
            ax.fill_between(x, low, high, color=COLORS[i], alpha=0.2, linewidth=0)
            ax.plot(x, low, x, high, color=COLORS[i], linestyle=STYLES[i], linewidth=0.8)  # edges that can be seen
        else:
            mid = y
        ax.plot(x, mid, color=COLORS[i], linestyle=STYLES[i], label=name)
        if label_at == "end":
            ax.annotate(name, (x[-1], mid[-1]), xytext=(6, 0), textcoords="offset points", va="center",
                        annotation_clip=False)
    if label_at == "legend":
        ax.legend(handlelength=3)


def strip(ax, groups: dict, *, reference: float | None = None, reference_label: str = "") -> None:
    """One dot a seed, one row a group, with the median as a bar; a vertical line marks the reference value."""
    for i, values in enumerate(groups.values()):
        values = np.asarray(values, dtype=float)
        height = i + np.linspace(-0.16, 0.16, len(values))
        ax.plot(values, height, MARKERS[i % 5], color=COLORS[i % 5], markersize=6, markerfacecolor="none")
        ax.plot([np.median(values)] * 2, [i - 0.3, i + 0.3], color="black", linewidth=2)
    ax.set_yticks(range(len(groups)), list(groups))
    ax.set_ylim(-0.6, len(groups) - 0.4)
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    if reference is not None:
        ax.axvline(reference, color="black", linestyle=":", linewidth=1.5)
        ax.annotate(reference_label, (reference, 1.01), xycoords=("data", "axes fraction"), ha="center")


def mark(ax, x: float, y: float, text: str, offset=(8, 12)) -> None:
    """A ringed point with its label beside it."""
    ax.plot([x], [y], "o", color="black", markersize=9, markerfacecolor="white", markeredgewidth=2, zorder=5)
    ax.annotate(text, (x, y), xytext=offset, textcoords="offset points")


def slider(draw, values, *, label: str, value, alt: str, **values_of_alt) -> None:
    """A slider over `values` that redraws `draw(value)`; without widgets, and in stored outputs, the figure of `value`.

    draw: value -> (fig, sentence). alt: as for `show`. Its first sentence holds at every value: there it begins the alt
    text, which goes on with the sentence that `draw` gives; that is also text under the figure.
    """
    fig, sentence = draw(value)
    alt = _alt(alt).format(**values_of_alt)
    always, picture = alt.split(". ")[0], f"{_img(fig, alt)}<p>{html.escape(sentence)}</p>"
    try:
        import ipywidgets as widgets
    except ImportError:
        live(None, f"Figure: {alt}\n{sentence}", picture)
        return
    control = widgets.SelectionSlider(options=list(values), value=value, description=label, continuous_update=False,
                                      style={"description_width": "initial"}, layout={"width": "70%"})
    shown = widgets.HTML(picture)

    def moved(change):
        fig, sentence = draw(change["new"])
        shown.value = f"{_img(fig, f'{always}. {sentence}')}<p>{html.escape(sentence)}</p>"

    control.observe(moved, names="value")
    live(widgets.VBox([control, shown]), f"Figure: {alt}\n{sentence}", picture)
