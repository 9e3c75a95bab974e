"""Train over seeds, choose thresholds on validation rows, and look at the test rows once: `train`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from helpers.own_data import heads, metrics
from helpers.own_data.errors import OwnDataError
from helpers.own_data.heads import Head
from helpers.own_data.plans import Plan
from helpers.own_data.tasks import YES_OR_NO
from helpers.thresholds import cost_at, cost_threshold

RESAMPLES = 200  # of the test rows, for the interval


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What training gave; see the package's docstring. values, thresholds: one a seed, first axis seeds."""

    plan: Plan
    head: Head
    runs: object
    findings: list
    reading: object
    metric: str
    larger_is_better: bool
    baseline: float
    values: np.ndarray
    thresholds: np.ndarray | None
    interval: tuple[float, float]
    better: bool
    chosen: int
    scores: dict[str, np.ndarray]
    baselines: dict[str, float]
    costs: tuple[float, float]
    summary: tuple[str, ...]
    seeds: list[int]
    p_test: np.ndarray = field(default=None)

    def __str__(self) -> str:
        return "\n".join(self.summary)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from helpers.own_data.report import paragraphs_of

        return paragraphs_of(self.summary)


def train(plan: Plan, seeds: int = 16, base_seed: int = 0, epochs: int | None = None, metric: str | None = None,
          miss: float | None = None, false_alarm: float | None = None, hidden: int = 32, verbose: int = 0) -> Result:
    """Train one small network from many seeds, and compare it with the best constant on the test rows.

    seeds: how many, from base_seed on. epochs: at most so many, None takes a number that suits the rows; training
    stops early when the validation loss no longer falls. miss, false_alarm: what the two errors cost, 1 each unless
    given; thresholds make the cost smallest on the validation rows. The test rows are used once, after all choices.
    """
    from helpers.curves import diagnose
    from helpers.doctor import examine

    kind, rows = plan.task.kind, len(plan.y["train"])
    costs = _costs(kind, miss, false_alarm)
    name = metrics.choose(kind, metric, plan.y["train"], costs_given=costs[0] != costs[1])
    if isinstance(seeds, bool) or not isinstance(seeds, int) or seeds < 2:
        raise OwnDataError(f"seeds is {seeds!r}: it must be a whole number from 2 on, because one seed may be luck.")
    if epochs is not None and (isinstance(epochs, bool) or not isinstance(epochs, int) or epochs < 1):
        raise OwnDataError(f"epochs is {epochs!r}: it must be a whole number from 1 on, or None.")
    head = heads.head_for(plan.task, plan.y["train"])
    encoded = {part: head.encode(y) for part, y in plan.y.items()}

    def build():
        return head.build(plan.X["train"].shape[1], hidden)

    findings = examine(build(), plan.X["train"], encoded["train"])
    batch_size = heads.for_rows(heads.BATCHES, rows, 1024)
    runs = _fit(build, plan, encoded, seeds, base_seed, epochs or heads.for_rows(heads.EPOCHS, rows, 12), batch_size,
                verbose)
    reading = diagnose(runs, baseline=heads.constant_loss(head, encoded["train"]))
    p = {part: head.decode(runs.predict(plan.X[part])) for part in ("validation", "test")}
    good = np.flatnonzero([np.isfinite(p["validation"][k]).all() and np.isfinite(p["test"][k]).all()
                           for k in range(seeds)])
    if not len(good):
        raise OwnDataError("Training diverged for every seed: look for huge values in the table, and leave their "
                           "columns out with drop.")
    thresholds = _thresholds(kind, plan.y["validation"], p["validation"], costs)
    losses = np.nanmin(runs.history["val_loss"], axis=1)
    chosen = int(good[np.argsort(losses[good])[(len(good) - 1) // 2]])
    return _judge(plan, head, runs, findings, reading, name, costs, thresholds, p["test"], chosen, good)


def _costs(kind, miss, false_alarm):
    if kind not in YES_OR_NO and (miss, false_alarm) != (None, None):
        raise OwnDataError(f"miss and false_alarm are costs of yes-or-no decisions, but the targets are {kind}: leave "
                           "them out.")
    costs = tuple(1.0 if cost is None else cost for cost in (miss, false_alarm))
    for cost in costs:
        if isinstance(cost, (bool, str)) or not np.isfinite(cost) or cost <= 0:
            raise OwnDataError(f"A cost is {cost!r}: miss and false_alarm must be numbers above 0.")
    return tuple(map(float, costs))


def _fit(build, plan, encoded, seeds, base_seed, epochs, batch_size, verbose):
    import keras

    from helpers.replicates import fit_replicates

    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=heads.PATIENCE, restore_best_weights=True)
    try:
        return fit_replicates(build, plan.X["train"], encoded["train"], seeds=seeds, base_seed=base_seed, epochs=epochs,
                              batch_size=batch_size, validation_data=(plan.X["validation"], encoded["validation"]),
                              callbacks=[stop], verbose=verbose)
    except ValueError as error:
        raise OwnDataError(f"The table cannot be trained on ({error}) Leave out the columns in question with "
                           "drop.") from error


def _thresholds(kind, y, p, costs):
    """(seeds,) for two classes, (seeds, labels) for several labels; None for the other kinds."""
    if kind not in YES_OR_NO:
        return None
    if kind == "binary":
        return np.array([cheapest(y, row, costs) for row in p])
    return np.array([[cheapest(y[:, k], row[:, k], costs) for k in range(y.shape[1])] for row in p])


def cheapest(y, p, costs) -> float:
    """The threshold above which saying yes makes the cost smallest. y, p: (n,); costs: (of a miss, of a false alarm).

    Half-way between two neighboring probabilities. Of equal costs, the one nearest to what calibrated probabilities
    ask for (`cost_threshold`). NaN if p is not finite.
    """
    if not np.isfinite(p).all():
        return np.nan  # training diverged: there is nothing to decide
    costs = dict(zip(("miss", "false_alarm"), costs, strict=True))
    levels = np.unique(np.asarray(p, dtype=float))
    levels = np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2, [1.0]])
    total = cost_at(y, p, levels, **costs) * len(y)
    best = levels[total <= total.min() + 1e-9]
    return float(best[np.abs(best - cost_threshold(**costs)).argmin()])


def _judge(plan, head, runs, findings, reading, name, costs, thresholds, p, chosen, good):
    """The only place where test rows are looked at."""
    kind, y, y_train = plan.task.kind, plan.y["test"], plan.y["train"]
    larger = metrics.METRICS[kind][name][1]
    if kind == "several amounts":  # columns in units of their own have no common mean
        scale = y_train.std(axis=0)
        y, y_train, p = y / scale, y_train / scale, p / scale
    decisions = [head.decide(p[k], None if thresholds is None else thresholds[k]) for k in range(len(p))]
    scores = {each: np.array([metrics.evaluate(kind, each, y, p[k], decisions[k], costs) if k in good else np.nan
                              for k in range(len(p))]) for each in metrics.METRICS[kind]}
    baselines = {each: metrics.baseline(kind, each, y_train, y, costs) for each in metrics.METRICS[kind]}
    gains, rng = [], np.random.default_rng(plan.seed)
    for _ in range(RESAMPLES):
        rows, k = rng.integers(len(y), size=len(y)), rng.choice(good)
        model = metrics.evaluate(kind, name, y[rows], p[k][rows], decisions[k][rows], costs)
        gains.append((model - metrics.baseline(kind, name, y_train, y[rows], costs)) * (1 if larger else -1))
    gains = np.array(gains)[np.isfinite(gains)]
    interval = tuple(map(float, np.quantile(gains, (0.025, 0.975)))) if len(gains) else (np.nan, np.nan)
    better = bool(interval[0] > 0)
    summary = _summary(plan, name, larger, scores, baselines, good, interval, better, costs, thresholds, chosen)
    return Result(plan, head, runs, findings, reading, name, larger, baselines[name], scores[name], thresholds,
                  interval, better, chosen, scores, baselines, costs, summary, list(runs.seeds), p)


def _summary(plan, name, larger, scores, baselines, good, interval, better, costs, thresholds, chosen):
    task, rows = plan.task, len(plan.y["test"])
    values, baseline = scores[name][good], baselines[name]
    unit = {"several amounts": ", in standard deviations of each target"}.get(task.kind, "")
    gain = f"{interval[0]:.4g} to {interval[1]:.4g}"
    lines = [f"On {rows:,} test rows, {name}{unit} ({'more' if larger else 'less'} is better) is "
             f"{np.median(values):.4g} for the median of {len(values)} seeds, from {values.min():.4g} to "
             f"{values.max():.4g}; the best constant gives {baseline:.4g}."]
    if better:
        lines.append(f"Better than the baseline: with other test rows and seeds of this kind, the gain would mostly be "
                     f"{gain} (95 % interval).")
    else:
        lines.append(f"Not shown to be better than the baseline: the 95 % interval of the gain over other test rows "
                     f"and seeds, {gain}, reaches to 0 or below.")
        if name == "mae" and np.nanmedian(scores["rmse"]) < baselines["rmse"]:
            lines.append(f"By rmse the model has {np.nanmedian(scores['rmse']):.4g} and the best constant "
                         f"{baselines['rmse']:.4g}: the loss aims at the mean, and mae rewards the median.")
    if thresholds is not None:
        said = f"{thresholds[chosen]:.3g}" if task.kind == "binary" else "one for each label"
        lines.append(f"The threshold ({said}) makes the cost smallest on the validation rows, where a miss costs "
                     f"{costs[0]:g} and a false alarm {costs[1]:g}.")
    if task.kind == "binary":
        lines.append(f"The positive class is {task.classes[1]!r}.")
    if task.suspects:
        names = ", ".join(dict.fromkeys(repr(suspect.column) for suspect in task.suspects))
        lines.append(f"Columns that may leak are used: {names}. If they are not known when a prediction is due, this "
                     "result will not hold: leave them out with drop.")
    return tuple(lines)
