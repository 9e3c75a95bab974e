"""What is reported, for each kind of target, and the best constant that a model must beat."""

from __future__ import annotations

import numpy as np
from sklearn import metrics as sk

from helpers import cross_entropy, ranking
from helpers import metrics as of_amounts
from helpers.own_data.errors import OwnDataError


def _macro_pr_auc(y, p, d, costs):
    """The mean over labels, of those that occur."""
    there = y.any(axis=0)
    return float(np.mean(ranking.average_precision(y[:, there], p[:, there], average=None))) if there.any() else np.nan


def _auc(y, p, d, costs):
    return ranking.roc_auc(y, p)


def _pr_auc(y, p, d, costs):
    return ranking.average_precision(y, p)


def _cost(y, p, d, costs):
    """Mean cost a row and label: costs = (of a miss, of a false alarm)."""
    return float(costs[0] * ((y == 1) & (d == 0)).mean() + costs[1] * ((y == 0) & (d == 1)).mean())


def _log_loss(y, p, d, costs):
    classes = p.ndim == 2 and y.ndim == 1
    return (cross_entropy.sparse_categorical_cross_entropy if classes else cross_entropy.binary_cross_entropy)(y, p)


def _right(y, p, d, costs):
    return float((y == d).mean())


def _f1(average):
    return lambda y, p, d, costs: sk.f1_score(y, d, average=average, zero_division=0)


def _recall(y, p, d, costs):
    return sk.recall_score(y, d, zero_division=0)


def _precision(y, p, d, costs):
    return sk.precision_score(y, d, zero_division=0)


def _mae(y, p, d, costs):
    return of_amounts.mae(y, p)


def _rmse(y, p, d, costs):
    return of_amounts.rmse(y, p)


def _steps(y, p, d, costs):
    return float(np.abs(y - d).mean())


# kind -> name -> (function of y, p, decisions and costs; whether larger is better)
METRICS = {
    "binary": {"roc_auc": (_auc, True), "pr_auc": (_pr_auc, True), "accuracy": (_right, True),
               "f1": (_f1("binary"), True), "precision": (_precision, True), "recall": (_recall, True),
               "cost": (_cost, False), "log_loss": (_log_loss, False)},
    "classes": {"accuracy": (_right, True), "macro_f1": (_f1("macro"), True), "log_loss": (_log_loss, False)},
    "order": {"mean_steps": (_steps, False), "accuracy": (_right, True)},
    "several labels": {"macro_pr_auc": (_macro_pr_auc, True), "binary_accuracy": (_right, True),
                       "micro_f1": (_f1("micro"), True), "macro_f1": (_f1("macro"), True), "cost": (_cost, False),
                       "log_loss": (_log_loss, False)},
    "amount": {"mae": (_mae, False), "rmse": (_rmse, False)},
    "several amounts": {"mae": (_mae, False), "rmse": (_rmse, False)},
}
METRICS |= {"count": METRICS["amount"], "share": METRICS["amount"]}


def metrics_for(kind: str) -> tuple[str, ...]:
    """The names of the metrics that are reported for targets of this kind."""
    return tuple(METRICS[kind])


def choose(kind: str, metric: str | None, y, costs_given: bool) -> str:
    """The metric that decides: the one asked for; else the cost if costs were stated, or one that fits rare labels."""
    if metric is not None and metric not in METRICS[kind]:
        raise OwnDataError(f"There is no metric {metric!r} for targets of the kind {kind!r}: choose one of "
                           f"{', '.join(METRICS[kind])}.")
    if metric is None and costs_given and "cost" in METRICS[kind]:
        return "cost"
    if metric is None and kind == "binary" and min(y.mean(), 1 - y.mean()) < 0.1:
        return "pr_auc"
    return metric or metrics_for(kind)[0]


def evaluate(kind, name, y, p, decisions, costs) -> float:
    """One metric of one model. y, p, decisions: (n,) or (n, k); p of classes is (n, classes)."""
    return float(METRICS[kind][name][0](y, p, decisions, costs))


def constant(kind, name, y, costs):
    """(p, decision) of one row: what a rule that looks at no feature says, chosen for this metric on y, training rows.

    For several labels or amounts each column has a constant of its own.
    """
    if kind in ("amount", "count", "share", "several amounts"):
        return (np.median(y, axis=0) if name == "mae" else y.mean(axis=0)), 0
    if kind in ("classes", "order"):
        shares = np.bincount(y) / len(y)
        if kind == "order":
            return 0.0, int(np.median(y)) if name == "mean_steps" else int(shares.argmax())
        return shares, int(shares.argmax())
    shares = y.mean(axis=0)
    if name in ("f1", "micro_f1", "macro_f1", "precision", "recall"):
        yes = np.ones_like(shares)  # never saying yes would give 0
    elif name == "cost":
        yes = shares * costs[0] > (1 - shares) * costs[1]
    else:
        yes = shares > 0.5
    return shares, np.asarray(yes, dtype=int)


def baseline(kind, name, y_train, y, costs) -> float:
    """The metric of the best constant on the rows of y."""
    p, decision = constant(kind, name, y_train, costs)
    shape = (len(y), *np.shape(p))
    decisions = np.broadcast_to(decision, (len(y), *np.shape(decision)))
    return evaluate(kind, name, y, np.broadcast_to(p, shape), decisions, costs)
