"""Columns that may tell the answer: they are named, with the reason, and never dropped without the person's word."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import r2_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from helpers import ranking
from helpers.own_data.columns import as_dates, days_of

ROWS = 10_000  # at most, that one column is tried on
LEAVES = 8  # of the tree: few, so that a rare class is not learned by heart
NEARLY = 0.95  # a single column that predicts so well is hardly an honest one
STANDS_OUT, TELLING = 2.0, 0.3  # so many times more telling than the next column, and at least so telling


@dataclass(frozen=True)
class Suspect:
    """A column that may leak. kind: "tells all", "stands out", "id" or "date". why: one sentence."""

    column: str
    kind: str
    why: str

    def __str__(self) -> str:
        return f"{self.column!r}: {self.why}"


def alone(frame: pd.DataFrame, features: dict[str, str], y: np.ndarray, classes: bool, seed: int = 0) -> dict:
    """column -> how well a small decision tree on it alone predicts y on rows that the tree has not seen.

    0: like the best constant. 1: perfectly. For classes and labels 2 AUC - 1 (Gini's coefficient), the mean over
    classes or the largest over labels; for amounts R2 of the ranks of y, which a few huge values cannot rule.
    y: (n,) of class ids or amounts, or (n, k) of labels or amounts. Text is not tried.
    """
    rows = np.random.default_rng(seed).permutation(len(frame))[:ROWS]
    halves = rows[: len(rows) // 2], rows[len(rows) // 2:]
    targets = [y] if y.ndim == 1 else list(y.T)
    if not classes:
        targets = [pd.Series(target).rank(pct=True).to_numpy() for target in targets]
    found = {}
    for name, kind in features.items():
        if kind != "text":
            x = np.clip(as_numbers(frame[name], kind), -1e30, 1e30)  # a tree takes float32
            # whether a value is missing is a clue as well, and older trees do not ask it of a column with one value
            x = np.column_stack([np.nan_to_num(x), np.isnan(x)])
            found[name] = max(0.0, *(np.mean([_skill(x, target, classes, *halves), _skill(x, target, classes,
                              *halves[::-1])]) for target in targets))
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def as_numbers(column: pd.Series, kind: str) -> np.ndarray:
    """A column as numbers for a tree, NaN where missing: days for dates, the rank of its frequency for a category."""
    if kind == "number":
        return column.to_numpy(dtype=float, na_value=np.nan)
    if kind == "date":
        return days_of(as_dates(column)).to_numpy(dtype=float, na_value=np.nan)
    text = column.astype(object).where(column.notna(), None)
    order = {entry: place for place, entry in enumerate(text.value_counts().index)}
    return text.map(order).to_numpy(dtype=float, na_value=np.nan)


def _skill(x, y, classes, fit, judge):
    options = dict(max_leaf_nodes=LEAVES, min_samples_leaf=max(3, len(fit) // 50), random_state=0)
    if not classes:
        tree = DecisionTreeRegressor(**options).fit(x[fit], y[fit])
        return r2_score(y[judge], tree.predict(x[judge])) if len(judge) > 1 else 0.0
    tree = DecisionTreeClassifier(**options).fit(x[fit], y[fit])
    p = tree.predict_proba(x[judge])
    areas = [ranking.roc_auc(y[judge] == c, p[:, k]) for k, c in enumerate(tree.classes_)
             if 0 < np.mean(y[judge] == c) < 1]
    return 2 * float(np.mean(areas)) - 1 if areas else 0.0


def suspects(frame: pd.DataFrame, features: dict[str, str], strength: dict[str, float]) -> list[Suspect]:
    """All suspects, the most telling first."""
    found = [Suspect(name, "tells all", f"it alone predicts the target nearly perfectly ({value:.2f} of 1). Is it "
                     "known when a prediction is due, or is it the answer under another name?")
             for name, value in strength.items() if value >= NEARLY]
    ranked = list(strength.items())
    if len(ranked) > 1 and not found:
        (name, first), (_, second) = ranked[:2]
        if first >= TELLING and first >= STANDS_OUT * second:
            found.append(Suspect(name, "stands out", f"it alone is worth {first:.2f} of 1, and the next column "
                                 f"{second:.2f}. Is it known when a prediction is due?"))
    found += [Suspect(name, "id", "it looks like the number of a row: it differs in every row. What it says about "
                      "these rows it cannot say about new ones.") for name in features if is_id(name, frame[name])]
    return found + later_dates(frame, [name for name, kind in features.items() if kind == "date"])


def is_id(name: str, column: pd.Series) -> bool:
    """Whether a column of whole numbers differs in every row, and is named as an id or counts up."""
    if not pd.api.types.is_integer_dtype(column) or not column.is_unique or len(column) < 10:
        return False
    named = re.search(r"(^|[_\W])(id|nr|no|number|index|key)$|(?<=[a-z])I[Dd]$", str(name), re.I)
    steps = np.diff(np.sort(column.to_numpy()))
    return bool(named or str(name).startswith("column ") or (steps == 1).all())


def later_dates(frame, names) -> list[Suspect]:
    """Date columns that are never before another one, and mostly later: at the other one's time they are unknown."""
    dates = {name: as_dates(frame[name]) for name in names}
    found = []
    for name, late in dates.items():
        for other, early in dates.items():
            both = late.notna() & early.notna()
            if other != name and both.sum() > 10 and (late >= early)[both].all() and (late > early)[both].mean() > 0.5:
                found.append(Suspect(name, "date", f"it is later than {other!r}. If a prediction is due at that time, "
                                     "this date is not known yet."))
                break
    return found
