"""What can be measured on the curves of one run. Every feature is one number, small functions, no thresholds.

Losses are measured in *units*, so that the scale of the loss does not matter: one unit is the loss of the best constant
(`baseline`), or where that is not known the larger one of the two losses in the first epoch. Stretches of training are
measured as shares of all epochs, so that their number matters little.
"""
from __future__ import annotations

import numpy as np

from helpers.curves.history import Curves


def unit(c: Curves) -> float:
    """What one unit of loss is: the baseline, or else the larger first loss."""
    if c.baseline is not None:
        return c.baseline
    first = [x[0] for x in (c.loss, c.val_loss) if x is not None and np.isfinite(x[0])]
    top = max(first, default=1.0)
    spread = np.ptp(c.loss[np.isfinite(c.loss)]) if np.isfinite(c.loss).any() else 1.0
    return float(top if top > 0 else spread or 1.0)


def smooth(x: np.ndarray) -> np.ndarray:
    """Running median over about an eighth of the epochs (at least three): the course without the jitter."""
    half = max(1, round(len(x) / 16))
    return np.array([np.median(x[max(0, i - half):i + half + 1]) for i in range(len(x))])


def end(x: np.ndarray) -> float:
    """The level at the end: the median of the last tenth, at least three epochs."""
    return float(np.median(x[-max(3, len(x) // 10):]))


def middle(x: np.ndarray, share: float) -> float:
    """The level when this share of the epochs is over: the median of a tenth of the epochs around it."""
    at, half = share * (len(x) - 1), max(1, len(x) // 20)
    return float(np.median(x[max(0, round(at) - half):round(at) + half + 1]))


def broke_at(c: Curves) -> float:
    """The first epoch (from 1) in which a loss is NaN or infinite, as a share of all; 2 if there is none."""
    bad = ~np.isfinite(c.loss) | (~np.isfinite(c.val_loss) if c.val_loss is not None else False)
    return float((np.argmax(bad) + 1) / c.epochs) if bad.any() else 2.0


def train_start(c):
    """Training loss of the first epoch, in units."""
    return c.loss[0] / unit(c)


def train_end(c):
    """Training loss at the end, in units."""
    return end(c.loss) / unit(c)


def train_fall(c):
    """How far the training loss fell from its first epoch to its end, in units."""
    return (c.loss[0] - end(c.loss)) / unit(c)


def late_fall(c):
    """How much of the whole fall of the training loss came in the last third."""
    whole = max(c.loss[0] - end(c.loss), 1e-12)
    return float(np.clip((middle(c.loss, 2 / 3) - end(c.loss)) / whole, -1, 1)) if train_fall(c) > 0 else 0.0


def early_fall(c):
    """How much of the whole fall of the training loss came in the first sixth."""
    whole = max(c.loss[0] - end(c.loss), 1e-12)
    return float(np.clip((c.loss[0] - middle(c.loss, 1 / 6)) / whole, -1, 2)) if train_fall(c) > 0 else 0.0


def train_jumps(c):
    """The largest rise of the training loss from one epoch to the next, in units."""
    return float(np.diff(c.loss).max() / unit(c))


def train_jitter(c):
    """How much the training loss jumps about its own course, in units: median distance after the first fifth."""
    late = slice(c.epochs // 5, None)
    return float(np.median(np.abs(c.loss - smooth(c.loss))[late]) / unit(c))


def val_start(c):
    """Validation loss of the first epoch, in units."""
    return c.val_loss[0] / unit(c)


def val_end(c):
    """Validation loss at the end, in units."""
    return end(c.val_loss) / unit(c)


def val_best(c):
    """The lowest validation loss of the smoothed curve, in units."""
    return float(smooth(c.val_loss).min() / unit(c))


def val_best_at(c):
    """When the smoothed validation loss was lowest, as a share of all epochs."""
    return float((np.argmin(smooth(c.val_loss)) + 1) / c.epochs)


def val_rise(c):
    """How far the validation loss stands above its lowest at the end, in units."""
    return val_end(c) - val_best(c)


def val_late_fall(c):
    """How far the validation loss fell in the last third, as a share of its whole fall."""
    whole = max(c.val_loss[0] - end(c.val_loss), 1e-12)
    share = (middle(c.val_loss, 2 / 3) - end(c.val_loss)) / whole
    return float(np.clip(share, -1, 1)) if val_start(c) > val_end(c) else 0.0


def val_jitter(c):
    """How much the validation loss jumps about its own course, in units: median distance after the first fifth."""
    late = slice(c.epochs // 5, None)
    return float(np.median(np.abs(c.val_loss - smooth(c.val_loss))[late]) / unit(c))


def gap(c):
    """Validation loss minus training loss at the end, in units."""
    return val_end(c) - train_end(c)


def first_gap(c):
    """Validation loss minus training loss, median of the first sixth of the epochs (at least two), in units."""
    early = slice(0, max(2, c.epochs // 6))
    return float(np.median((c.val_loss - c.loss)[early]) / unit(c))


def below(c):
    """In which share of the epochs after the first fifth the validation loss is below the training loss."""
    late = slice(c.epochs // 5, None)
    return float((c.val_loss < c.loss)[late].mean())


def below_by(c):
    """How far validation loss is below training loss: median after the first fifth, as a share of the training loss."""
    late = slice(c.epochs // 5, None)
    return float(np.median((c.loss - c.val_loss)[late] / np.maximum(c.loss[late], 1e-12)))


def val_frozen(c):
    """In which share of the epochs after the first tenth the validation metric keeps its most frequent value."""
    late = c.val_metric[c.epochs // 10:]
    return float(max(np.mean(np.abs(late - v) < 1e-6) for v in np.unique(late)))


def rows_at_least(c):
    """The fewest validation rows that explain every value of the validation accuracy (a count over rows); 0 unknown."""
    values = np.unique(c.val_metric[np.isfinite(c.val_metric)])
    for n in range(1, 41):
        if np.all(np.abs(values * n - np.round(values * n)) < 2e-3 * np.sqrt(n)) and len(values) > 1:
            return float(n)
    return 0.0


def metric_start(c):
    """Validation metric after the first epoch."""
    return float(c.val_metric[0])


def metric_end(c):
    """Validation metric at the end."""
    return end(c.val_metric)


TRAINING = (train_start, train_end, train_fall, late_fall, early_fall, train_jumps, train_jitter)
VALIDATION = (val_start, val_end, val_best, val_best_at, val_rise, val_late_fall, val_jitter, gap, first_gap, below,
              below_by)
METRIC = (val_frozen, rows_at_least, metric_start, metric_end)


def measure(c: Curves) -> dict[str, float]:
    """All features that these curves allow, by name. If a loss is not finite, only `broke_at` and what came before."""
    found = {"broke_at": broke_at(c)}
    if found["broke_at"] <= 1:
        return found
    found |= {f.__name__: float(f(c)) for f in TRAINING}
    if c.val_loss is not None:
        found |= {f.__name__: float(f(c)) for f in VALIDATION}
    if c.val_metric is not None:
        found |= {f.__name__: float(f(c)) for f in METRIC}
    return found
