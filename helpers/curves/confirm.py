"""Is the planted cause really there? Asked with twins: the same patient without the cause.

This looks at what the curves do not show (twins, predictions) and never at what `diagnose` says.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import numpy as np

from helpers.curves import nets, patients

HARM = 0.08  # a cause counts if removing it changes the validation loss by this share of the best constant's loss


def twin(p, **changes) -> tuple[np.ndarray, np.ndarray]:
    """Training and validation loss after each epoch of patient `p` with `changes`."""
    history = patients.train(replace(p, **changes))
    return np.array(history["loss"]), np.nan_to_num(np.array(history["val_loss"]), nan=np.inf)


def confirmed_from(cause: str, family: str, number: int) -> Iterator[tuple[patients.Patient, float]]:
    """Yield the confirmed patients of a cause, from this number on without end, each with its baseline."""
    for each in count(number):
        patient = patients.draw(cause, family, each)
        base = patients.baseline(patient)
        if confirmed(patient, base):
            yield patient, base


def confirmed(p, base: float) -> bool:
    """Whether removing the cause helps, or what it does can be seen in the predictions.

    base: the loss of the best constant. A patient that is not confirmed is not used: a rate that was meant to be too
    high may do no harm.
    """
    history, weights = patients.trained(p)
    loss, val = np.array(history["loss"]), np.array(history["val_loss"])
    if p.cause == "NaN":
        return not np.isfinite(loss).all()
    end, harm = np.nan_to_num(val[-3:].mean(), nan=np.inf), HARM * base
    middle = float(10 ** np.mean(patients.RATES[p.optimizer]))
    if p.cause == "rate too high":
        return end - _best(p, rate=middle) > harm
    if not np.isfinite(val).all():
        return False
    if p.cause == "too few epochs":
        return end - _best(p, epochs=5 * p.epochs) > harm
    if p.cause == "rate too low":
        return end - _best(p, rate=middle) > harm
    if p.cause == "too little capacity":
        return end - _best(p, width=48, depth=2, rate=middle, epochs=max(60, p.epochs)) > harm
    if p.cause == "overfitting":  # more rows without noise would have been better by far, and it learned its own rows
        return end - _best(p, rows=1200, noise=0.0, width=32) > 2 * harm and loss[-1] < end - 2 * harm
    if p.cause == "leak":
        return _best(p, cause="healthy") - end > harm
    if p.cause == "unshuffled tail":
        return end - _best(p, cause="healthy") > 2 * harm
    if p.cause == "collapse":
        return loss[-1] < 0.97 * base and _one_label(p, weights)
    if p.cause in ("healthy", "dropout gap", "validation set too small"):
        shows = (p.cause == "healthy" or p.cause == "dropout gap" and np.median(loss - val) > harm / 2 or
                 p.cause == "validation set too small" and abs(end - _end(replace(p, val_rows=400))) > harm)
        return bool(shows) and _sound(replace(p, dropout=0.0, val_rows=400), base)
    return True  # no signal, dead units: there by construction


def _sound(p, base) -> bool:
    """Whether more epochs, a wider network or earlier stopping would change little, and something was learned."""
    loss, val = twin(p, epochs=2 * p.epochs)
    now, gap = val[:p.epochs], val[p.epochs - 1] - loss[p.epochs - 1]
    if now.min() > 0.85 * base or now[-3:].mean() - val.min() > HARM * base / 2 or gap > 2 * HARM * base:
        return False
    return now.min() - _best(p, width=2 * p.width + 16, depth=p.depth + 1) < HARM * base


def _best(p, **changes) -> float:
    return float(np.min(twin(p, **changes)[1]))


def _end(p) -> float:
    return float(twin(p)[1][-3:].mean())


def _one_label(p, weights) -> bool:
    """Whether every validation row is predicted to be of the same class."""
    _, _, X_val, _, task = patients.rows_of(p)
    guesses = nets.predict(weights, X_val, task, p.activation)
    return len(np.unique(guesses.argmax(axis=1) if task == "multiclass" else guesses > 0.5)) == 1
