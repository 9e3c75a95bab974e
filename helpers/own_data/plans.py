"""Split the rows, and make numbers of the columns with what the training rows alone say: `prepare`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from helpers.own_data.columns import as_dates, days_of, parts_of, tidy
from helpers.own_data.errors import OwnDataError
from helpers.own_data.reading import free_memory
from helpers.own_data.tasks import Task

PARTS = ("train", "validation", "test")
SHARES = (0.6, 0.2, 0.2)
MOST = 30  # columns of X that one category or list column may give; the rarer entries share one, or have none
WORDS = 100  # columns of X that one text column may give
BYTES = 20  # of memory for each number of X, at the time of the most: once as float64 and twice as float32, and air
FARTHEST = 10  # standard deviations: a value farther out is pulled in, so that one entry cannot rule a training


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """What is trained on. X, y: dicts from "train", "validation" and "test" to arrays; see the package's docstring."""

    task: Task
    split: np.ndarray
    transformer: ColumnTransformer
    names: tuple[str, ...]
    X: dict[str, np.ndarray]
    y: dict[str, np.ndarray]
    notes: tuple[str, ...]
    seed: int

    def __str__(self) -> str:
        sizes = ", ".join(f"{len(self.y[part]):,} {part}" for part in PARTS)
        return "\n".join([f"rows: {sizes}; {len(self.names)} columns of X from {len(self.task.features)} features",
                          *self.notes])

    __repr__ = __str__


def prepare(task: Task, seed: int = 0) -> Plan:
    """Split 60/20/20 and fit the preprocessing on the training rows alone.

    Classes keep their shares in each part, where they are frequent enough. Rows that are equal in all features, or in
    the column `group`, stay together, so that no test row was seen in training.
    """
    split, notes = _split(task, seed)
    rows = {part: np.flatnonzero(split == part) for part in PARTS}
    transformer = _transformer(task, task.frame.iloc[rows["train"]])
    try:
        transformer.fit(tidied(task.frame.iloc[rows["train"]], task.features))
    except ValueError as error:
        raise OwnDataError(f"The columns cannot be turned into numbers ({error}): name the column in question in "
                           "drop.") from error
    names = tuple(transformer.get_feature_names_out())
    if BYTES * len(task.frame) * len(names) > free_memory():
        raise OwnDataError(f"{len(task.frame):,} rows of {len(names)} columns of X do not fit into memory: take a "
                           "random part of the rows, or leave out columns of text and categories with drop.")
    X = {part: numbers(transformer, task.features, task.frame.iloc[rows[part]]) for part in PARTS}
    if not X["train"].shape[1]:
        raise OwnDataError("No column of numbers is left of the features in the training rows: add columns.")
    return Plan(task, split, transformer, names, X,
                {part: task.y[rows[part]] for part in PARTS}, tuple(notes), seed)


def numbers(transformer, features, frame) -> np.ndarray:
    """The frame as X: float32, (n, columns), standardized; no value is missing or farther out than FARTHEST."""
    return np.clip(np.asarray(transformer.transform(tidied(frame, features)), dtype="float32"), -FARTHEST, FARTHEST)


def tidied(frame: pd.DataFrame, features: dict[str, str]) -> pd.DataFrame:
    """Each feature in the type of its kind: float, text, or a date; missing is NaN, or "" for lists and text."""
    ready = {}
    for name, kind in features.items():
        column = frame[name]
        if kind == "number":
            values = pd.to_numeric(tidy(column)[0], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
            # beyond a float32 it cannot be told from infinite
            ready[name] = np.where(np.abs(values) < 1e30, values, np.nan)
        elif kind == "date":
            ready[name] = as_dates(column).to_numpy()
        else:
            missing = "missing" if kind == "category" else ""
            ready[name] = column.astype(object).where(column.notna(), missing).astype(str).to_numpy(dtype=object)
    return pd.DataFrame(ready)


def _split(task, seed):
    labels, notes = task.y, []
    if task.group:
        groups = task.frame[task.group].astype(object).where(task.frame[task.group].notna(), "missing")
        groups, _ = pd.factorize(groups.astype(str))
    else:
        hashes = pd.util.hash_pandas_object(tidied(task.frame, task.features).astype(str), index=False)
        groups, _ = pd.factorize(hashes)
    first = np.unique(groups, return_index=True)[1]  # one row of each group
    if len(first) < 5:
        raise OwnDataError(f"There are only {len(first)} different rows or groups, too few to split: collect more, or "
                           "choose another group.")
    if len(first) < len(groups):
        what = f"the groups of {task.group!r}" if task.group else "rows that are equal in all features"
        notes.append(f"{what[0].upper()}{what[1:]} stay in one part: {len(groups):,} rows, {len(first):,} groups.")
    if any(kind == "date" for kind in task.features.values()):
        notes.append("The split is random, and there are dates: the result holds for rows of the same time, not for "
                     "later ones.")
    even = labels[first] if task.kind in ("binary", "classes", "order") else None
    if even is not None and np.unique(even, return_counts=True)[1].min() < 5:
        even = None
        notes.append("A class is too rare to keep its share in each part.")
    places = np.arange(len(first))
    train, rest = train_test_split(places, train_size=SHARES[0], random_state=seed, stratify=even)
    validation, test = train_test_split(rest, test_size=0.5, random_state=seed,
                                        stratify=_halves(even, rest))
    of_group = np.empty(len(first), dtype="U10")
    for part, members in zip(PARTS, (train, validation, test), strict=True):
        of_group[members] = part
    split = of_group[groups]
    _check(task, split)
    return split, notes


def _halves(even, rest):
    """The classes of the rows that are halved, unless one stands there once."""
    return None if even is None or np.unique(even[rest], return_counts=True)[1].min() < 2 else even[rest]


def _check(task, split):
    seen = task.y[split == "train"].reshape((split == "train").sum(), -1)
    if (seen == seen[0]).all(axis=0).any():
        raise OwnDataError("In the training rows a target has one value only: collect more rows of the rarer one, or "
                           "try another seed.")


def _transformer(task, train):
    """A ColumnTransformer for the features, by kind."""
    by_kind = {kind: [name for name, own in task.features.items() if own == kind] for kind in
               ("number", "category", "date")}
    steps = [("number", make_pipeline(SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
                                      StandardScaler()), by_kind["number"]),
             ("category", OneHotEncoder(max_categories=MOST, min_frequency=max(1, min(10, len(train) // 100)),
                                        handle_unknown="infrequent_if_exist", sparse_output=False),
              by_kind["category"]),
             ("date", make_pipeline(FunctionTransformer(date_parts, feature_names_out=date_names),
                                    SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
                                    StandardScaler()), by_kind["date"])]
    for place, (name, kind) in enumerate(task.features.items()):
        if kind == "list":
            steps.append((f"list{place}", CountVectorizer(tokenizer=parts_of, token_pattern=None, binary=True,
                                                          max_features=MOST, lowercase=False), name))
        elif kind == "text":
            steps.append((f"text{place}", TfidfVectorizer(max_features=WORDS, token_pattern=r"\b\w+\b"), name))
    return ColumnTransformer([step for step in steps if len(step[2])], sparse_threshold=0)


def date_parts(frame) -> np.ndarray:
    """(n, 4 · dates): days since 1970, month, weekday and hour of each date; NaN where missing."""
    parts = []
    for name in frame:
        date = as_dates(frame[name])
        parts += [days_of(date), date.dt.month, date.dt.day_of_week, date.dt.hour]
    return np.column_stack([np.asarray(part, dtype=float) for part in parts])


def date_names(_, names) -> list[str]:
    """What `date_parts` gives, by name."""
    return [f"{name}: {part}" for name in names for part in ("day", "month", "weekday", "hour")]
