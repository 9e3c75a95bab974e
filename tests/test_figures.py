"""Figures: alt text is never missing, colors keep their contrast, and equal figures are equal bytes."""
import numpy as np
import pytest

from helpers import figures


def luminance(color):
    parts = [int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


@pytest.mark.parametrize("color", figures.COLORS)
def test_every_color_has_a_contrast_of_three_to_one_on_white(color):
    assert 1.05 / (luminance(color) + 0.05) >= 3


def test_every_color_has_a_line_style_and_a_marker_of_its_own():
    assert len(figures.COLORS) == len(set(map(str, figures.STYLES))) == len(set(figures.MARKERS))


def test_a_figure_without_alt_text_is_refused():
    fig, _ = figures.axes()
    with pytest.raises(ValueError, match="what kind of figure"):
        figures.show(fig, "a plot")


def test_alt_text_is_shown_where_there_are_no_pictures(capsys):
    fig, _ = figures.axes()
    figures.show(fig, "Line plot, x from 0 to 1, y from 0 to 2.\n   It rises all the way.")
    assert capsys.readouterr().out == "Figure: Line plot, x from 0 to 1, y from 0 to 2. It rises all the way.\n"


def test_numbers_in_alt_text_come_from_code(capsys):
    figures.show(figures.axes()[0], "Line plot, x from 0 to 1, that ends at {end:.1f} on the right.", end=0.25)
    assert "ends at 0.2 on" in capsys.readouterr().out


def drawn(seed):
    fig, ax = figures.axes(xlabel="x", ylabel="y")
    figures.lines(ax, np.arange(9), {"run": np.random.default_rng(seed).normal(size=(16, 9))})
    return figures.png(fig)


def test_the_same_figure_is_the_same_bytes():
    assert drawn(0) == drawn(0) != drawn(1)


def test_a_band_spans_5_to_95_percent_of_the_seeds():
    fig, ax = figures.axes()
    figures.lines(ax, [0, 1], {"run": np.column_stack([np.arange(101), np.arange(101)])})
    band, line = ax.collections[0].get_paths()[0].vertices[:, 1], ax.lines[-1].get_ydata()
    assert band.min() == 5 and band.max() == 95 and list(line) == [50, 50]


def test_the_slider_redraws_and_says_what_it_shows(monkeypatch):
    shown = []
    monkeypatch.setattr(figures, "live", lambda widget, *a: shown.append(widget))

    def draw(value):
        fig, ax = figures.axes()
        ax.plot([0, value])
        return fig, f"The value is {value}."

    figures.slider(draw, [1, 2, 3], label="value", value=1, alt="Line plot from the origin to (1, value). It rises.")
    control, picture = shown[-1].children
    before = picture.value
    assert 'alt="Line plot' in before and "The value is 1." in before
    control.value = 3
    assert 'alt="Line plot from the origin to (1, value). The value is 3."' in picture.value and picture.value != before
