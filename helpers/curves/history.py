"""Read a history, however it comes, into one `Curves` a seed; refuse in one sentence what is none."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

SMALLER_IS_BETTER = re.compile("loss|error|mae|mse|mape|msle|entropy|hinge|poisson|divergence|perplexity|brier|wer$")
NOT_CURVES = ("epoch", "learning_rate", "lr")


@dataclass(frozen=True)
class Curves:
    """The curves of one run, each of shape (epochs,) or None if it was not recorded.

    metric_name: the name of `metric` and of its twin `val_metric`. baseline: the loss of the best constant, or None.
    """

    loss: np.ndarray
    val_loss: np.ndarray | None = None
    metric: np.ndarray | None = None
    val_metric: np.ndarray | None = None
    metric_name: str = ""
    baseline: float | None = None

    @property
    def epochs(self) -> int:
        return len(self.loss)

    @property
    def counts_rows(self) -> bool:
        """Whether the metric is an accuracy: a count of right rows over all rows."""
        return "acc" in self.metric_name

    @property
    def larger_is_better(self) -> bool:
        return not SMALLER_IS_BETTER.search(self.metric_name)


def curves_of(history, metric: str | None = None, baseline: float | None = None) -> list[Curves]:
    """One `Curves` for each seed of the history. Raises ValueError, in one sentence, for what cannot be read.

    history: what `diagnose` takes. metric: the name of the metric to read; None takes the first accuracy that was
    recorded for validation too, or else the first metric.
    """
    series = _series(history)
    if "loss" not in series:
        raise ValueError(f"The history has no \"loss\", only {', '.join(map(repr, series))}: give what `fit` returns.")
    if baseline is not None and (isinstance(baseline, (bool, str)) or not np.isfinite(baseline) or baseline <= 0):
        raise ValueError(f"baseline is {baseline!r}: it is the loss of the best constant, a number above 0, or None.")
    seeds, epochs = series["loss"].shape
    for name, values in series.items():
        if values.shape != (seeds, epochs):
            raise ValueError(f"{name!r} has {values.shape[1]} epochs and \"loss\" has {epochs}, for {values.shape[0]} and "
                             f"{seeds} seeds: all curves must be equally long (validation_freq=1).")
    name = _metric_name(series, metric)
    wanted = {"loss": "loss", "val_loss": "val_loss", "metric": name, "val_metric": f"val_{name}"}
    picked = {field: series[key] for field, key in wanted.items() if key in series}
    all_runs = []
    for k in range(seeds):
        run = {field: values[k] for field, values in picked.items()}
        last = _trained(run) if seeds > 1 else epochs
        all_runs.append(Curves(**{field: values[:last] for field, values in run.items()}, metric_name=name,
                               baseline=None if baseline is None else float(baseline)))
    return all_runs


def _series(history) -> dict[str, np.ndarray]:
    """name -> (seeds, epochs). Curves with one value a class are left out."""
    history = getattr(history, "history", history)
    if hasattr(history, "to_dict") and hasattr(history, "columns"):  # a table, as CSVLogger writes it
        history = history.to_dict("list")
    if not isinstance(history, Mapping):
        raise ValueError(f"A history is what `fit` returns, or a dict of lists, not {type(history).__name__}.")
    series = {}
    for name, values in history.items():
        if name in NOT_CURVES:
            continue
        try:
            values = np.asarray(values)
        except ValueError:
            raise ValueError(f"{name!r} holds lists of different lengths: one value an epoch is needed.") from None
        if values.dtype.kind not in "fiub" or values.ndim == 0:
            raise ValueError(f"{name!r} must be a list of numbers, one an epoch, not {_kind(values)}.")
        if values.ndim < 3:
            series[name] = np.atleast_2d(values.astype(float))
    if not series or not any(values.size for values in series.values()):
        raise ValueError("The history is empty: train at least two epochs, and give what `fit` returns.")
    return series


def _kind(values) -> str:
    if values.ndim == 0:
        return f"the single value {values.item()!r}"
    if values.dtype.kind in "US":
        return "text"
    return f"values such as {values.ravel()[0]!r}" if values.size else "nothing"


def _metric_name(series, metric) -> str:
    names = [name for name in series if name not in ("loss", "val_loss") and not name.startswith("val_")]
    if metric is None:
        both = [name for name in names if f"val_{name}" in series]
        return next((name for name in both if "acc" in name), (both or names or [""])[0])
    if metric not in names:
        recorded = ", ".join(names) or "another run, this one has no metric"
        raise ValueError(f"{metric!r} was not recorded: choose {recorded}.")
    return metric


def _trained(run) -> int:
    """How many epochs this seed trained: early stopping leaves NaN in every curve, after a loss that had not risen."""
    there = ~np.all([np.isnan(values) for values in run.values()], axis=0)
    last = int(np.flatnonzero(there)[-1]) + 1 if there.any() else len(there)
    stopped = last >= 2 and np.isfinite(run["loss"][:last]).all() and run["loss"][last - 1] <= run["loss"][0]
    return last if stopped else len(there)
