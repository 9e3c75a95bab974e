"""Rules of thumb as they are commonly taught, to compare `diagnose` with. Each names the causes that it allows.

Every rule takes a history (name -> list) and returns a tuple of causes, the first one first. They are written as
generously as their texts allow: where a text says "underfitting", all its causes count.
"""
from __future__ import annotations

import numpy as np

UNDERFITTING = ("too little capacity", "too few epochs", "rate too low", "no signal", "dead units")
OVERFITTING = ("overfitting",)
HEALTHY = ("healthy",)


def by_the_gap(history) -> tuple[str, ...]:
    """Validation loss more than a fifth above training loss: overfitting. Both still above half of the first loss:
    underfitting. Else: a good fit."""
    loss, val = history["loss"][-1], history["val_loss"][-1]
    if val > 1.2 * loss:
        return OVERFITTING
    return UNDERFITTING if loss > 0.5 * history["loss"][0] else HEALTHY


def by_the_minimum(history) -> tuple[str, ...]:
    """Validation loss lowest before the last epoch: overfitting. Lowest in the last one: underfitting, train longer."""
    val = history["val_loss"]
    return OVERFITTING if int(np.argmin(np.nan_to_num(val, nan=np.inf))) < len(val) - 1 else UNDERFITTING


def by_the_chart(history) -> tuple[str, ...]:
    """The chart that courses print: NaN or a loss that ends above its start, rate too high; a zigzag, rate too high;
    flat, rate too low; still going down, train longer; validation up again or far above, overfitting; validation below
    training, dropout; both high, too little capacity; else a good fit."""
    loss, val = np.array(history["loss"]), np.array(history["val_loss"])
    if not np.isfinite(loss).all() or loss[-1] > loss[0]:
        return ("rate too high", "NaN")
    if np.mean(np.diff(loss) > 0) > 0.4:
        return ("rate too high",)
    if loss[-1] > 0.95 * loss[0]:
        return ("rate too low", "no signal", "dead units")
    if val[-1] > 1.1 * val.min() or val[-1] > 1.2 * loss[-1]:
        return OVERFITTING
    if loss[-len(loss) // 5] - loss[-1] > 0.05 * loss[0]:
        return ("too few epochs", "rate too low")
    if val[-1] < 0.9 * loss[-1]:
        return ("dropout gap",)
    return ("too little capacity",) if loss[-1] > 0.5 * loss[0] else HEALTHY


THUMBS = {"gap": by_the_gap, "minimum": by_the_minimum, "chart": by_the_chart}
