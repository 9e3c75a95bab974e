"""What is to be predicted, from which columns: `describe`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.doctor import recommend
from helpers.doctor.recipes import Recommendation
from helpers.own_data import columns, leaks
from helpers.own_data.errors import AskBack, OwnDataError, listed
from helpers.own_data.reading import Table, checked

FEWEST = 20  # rows below which no split leaves anything to judge by
FEW = 200  # rows below which a note says how little can be told
LARGEST = 1e15  # its square still fits into a float32
RARE = 5  # rows that a class needs, to stand in all three parts
MOST_LABELS = 20  # of a list column, the most frequent ones
YES_OR_NO = ("binary", "several labels")  # kinds with a threshold


@dataclass(frozen=True, eq=False, repr=False)
class Task:
    """What is to be predicted. See the package's docstring; y is (n,) class ids, 0/1 or amounts, or (n, k)."""

    frame: pd.DataFrame
    target: tuple[str, ...]
    kind: str
    classes: tuple[str, ...]
    recommendation: Recommendation
    features: dict[str, str]
    left_out: dict[str, str]
    suspects: list
    alone: dict[str, float]
    notes: tuple[str, ...]
    y: np.ndarray
    group: str | None = None

    def rows(self) -> list[tuple[str, str]]:
        """(label, text), in the order in which they are shown."""
        told = [(kind, [name for name, own in self.features.items() if own == kind])
                for kind in ("number", "category", "list", "text", "date")]
        best = [f"{name!r} {value:.2f}" for name, value in list(self.alone.items())[:5]]
        return [("rows", f"{len(self.frame):,}"), ("target", listed(self.target)),
                ("targets are", f"{self.kind}: {self.recommendation.reason}"),
                *([("positive class", repr(self.classes[1]))] if self.kind == "binary" else []),
                ("head", self.recommendation.head), ("loss", self.recommendation.loss),
                *((f"features: {kind}", listed(names, 30)) for kind, names in told if names),
                *(("left out", f"{name!r}: {why}") for name, why in self.left_out.items()),
                ("alone", ", ".join(best) + " (0 = like the best constant, 1 = perfectly)"),
                *(("suspect", str(suspect)) for suspect in self.suspects), *(("mind", note) for note in self.notes)]

    def __str__(self) -> str:
        return "\n".join(f"{label + ':':20}{text}" for label, text in self.rows())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from helpers.own_data.report import table_of

        return table_of(self.rows())


def describe(table, target, kind: str = "ask", positive=None, drop=(), group: str | None = None) -> Task:
    """Say what the targets are and why, what each column is, and which columns may leak. See the package's docstring.

    Raises OwnDataError, or AskBack if whole numbers could mean several things and kind is "ask".
    """
    table = table if isinstance(table, Table) else checked(pd.DataFrame(table))
    targets = _names(table.frame, [target] if isinstance(target, str) else list(dict.fromkeys(target)),
                     "target")
    drop = _names(table.frame, [drop] if isinstance(drop, str) else list(drop), "drop", some=False)
    _names(table.frame, [group] if group else [], "group", some=False)
    twice = [name for name in targets if name in (*drop, group)]
    if twice:
        raise OwnDataError(f"The target {listed(twice)} is also named in drop or group: name it in one place only.")
    frame, notes = table.frame, list(table.notes)
    frame = frame.assign(**{name: columns.tidy(frame[name])[0] for name in targets})
    missing = frame[targets].isna().any(axis=1)
    if missing.all():
        raise OwnDataError(f"The target {listed(targets)} is missing in every row: choose another column.")
    if missing.any():
        notes.append(f"{missing.sum():,} rows are left out, because their target is missing.")
        frame = frame[~missing]
    frame = frame.reset_index(drop=True)
    _enough(frame)
    y, classes, recommendation, keep, more = _targets(frame, targets, kind, positive)
    notes += more
    if np.abs(y).max() > LARGEST:
        raise OwnDataError(f"The target {listed(targets)} holds values up to {np.abs(y).max():.3g}, too large to "
                           "compute with: look for wrong entries, or use a larger unit.")
    if not keep.all():
        frame, y = frame[keep].reset_index(drop=True), y[keep]
    _enough(frame)
    if len(frame) < FEW:
        notes.append(f"With {len(frame)} rows, {len(frame) // 5} are left to judge by: the interval will be wide.")
    others = [name for name in frame if name not in (*targets, *drop, group)]
    frame, features, left_out, more = columns.sort(frame, others)
    left_out |= {name: "you said so" for name in drop} | ({group: "it groups the rows"} if group else {})
    if not features:
        raise OwnDataError("No column is left to predict from: each one is the target, or is left out "
                           f"({'; '.join(f'{name!r}: {why}' for name, why in list(left_out.items())[:5])}).")
    told = leaks.alone(frame, features, y, recommendation.kind in (*YES_OR_NO, "classes", "order"))
    return Task(frame, tuple(targets), recommendation.kind, classes, recommendation, features, left_out,
                leaks.suspects(frame, features, told), told, (*notes, *more, *recommendation.notes), y, group)


def _enough(frame):
    if len(frame) < FEWEST:
        raise OwnDataError(f"{len(frame)} rows have a target that can be used, but at least {FEWEST} are needed, to "
                           "train on some and judge by others: collect more.")


def _names(frame, names, what, some=True):
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise OwnDataError(f"There is no column {listed(absent)} ({what}): the table has {listed(frame.columns, 30)}.")
    if some and not names:
        raise OwnDataError(f"No {what} is named: choose one or more of {listed(frame.columns, 30)}.")
    return names


def _targets(frame, targets, kind, positive):
    """(y, classes, recommendation, rows to keep, notes)."""
    keep = np.ones(len(frame), bool)
    if len(targets) > 1:
        rows, classes = _numbers(frame, targets), tuple(targets)
        found = _recommend(rows, None, targets)
        if found.loss == "categorical_crossentropy" and found.kind == "classes":
            return rows.argmax(axis=1), classes, found, keep, []
        if found.kind == "shares of one whole":
            raise OwnDataError(f"The targets {listed(targets)} are shares of one whole, which this tool does not "
                               "train: predict one of them.")
        return rows, classes if found.kind == "several labels" else (), found, keep, []
    column = frame[targets[0]]
    if columns.is_text(column):
        _refuse_text(column, targets[0], kind)
        if kind in ("ask", "several labels") and columns.kind_of(column)[0] == "list":
            return _labels(column, keep)
    elif pd.api.types.is_datetime64_any_dtype(column):
        raise OwnDataError(f"The target {targets[0]!r} is a date: make a number of it, such as the days since another "
                           "date.")
    values = column.astype(str).to_numpy(dtype=object) if columns.is_text(column) else column.to_numpy(dtype=float)
    found = _recommend(values, None if kind == "ask" else kind, targets)
    if found.kind not in ("binary", "classes", "order"):
        return values.astype(float), (), found, keep, []
    names, counts = np.unique(values, return_counts=True)
    notes, rare = [], names[counts < RARE]
    if len(rare):
        keep = ~np.isin(values, rare)
        shown = [_shown(name) for name in rare]
        notes.append(f"{(~keep).sum():,} rows are left out: their class occurs fewer than {RARE} times "
                     f"({listed(shown)}).")
        if len(names) - len(rare) < 2:
            raise OwnDataError(f"The target {targets[0]!r} has fewer than two classes with {RARE} rows or more: "
                               "collect more rows, or merge classes.")
        found = _recommend(values[keep], found.kind if len(names) - len(rare) > 2 else "binary", targets)
        names = names[counts >= RARE]
    if positive is not None:
        shown = [_shown(name) for name in names]
        if found.kind != "binary" or str(positive) not in shown:
            raise OwnDataError(f"The positive class {positive!r} must be one of two classes, but the target "
                               f"{targets[0]!r} has {listed(shown)}.")
        if shown.index(str(positive)) == 0:
            names = names[::-1]
            notes.append(f"You chose the positive class: wherever the text says 1, it means {positive!r}.")
    ids = {name: place for place, name in enumerate(names)}
    y = np.array([ids.get(value, -1) for value in values])
    return y, tuple(_shown(name) for name in names), found, keep, notes


def _recommend(values, kind, targets):
    try:
        found = recommend(values, kind=kind)
    except ValueError as error:
        raise OwnDataError(f"The target {listed(targets)} cannot be used as asked: {error}") from None
    if found.question:
        options = "; ".join(f"{option} ({meaning})" for option, meaning in found.options.items())
        raise AskBack(f"The target {listed(targets)} holds {found.reason}, and no code can tell what they mean: say "
                      f"kind=... (in the command: --kind ...) with one of {options}.", found.options)
    if not found.kind:
        raise OwnDataError(f"The target {listed(targets)} has one value only, so there is nothing to learn: choose "
                           "another column.")
    return found


def _refuse_text(column, name, kind):
    numbers = pd.to_numeric(column.astype(str).str.strip(), errors="coerce")
    bad = column[numbers.isna()]
    if not len(bad):
        return
    first = f"{str(bad.iloc[0])[:40]!r} in row {bad.index[0] + 1} of those with a target"
    if kind in ("amount", "count", "share", "order"):
        raise OwnDataError(f"The target {name!r} must hold numbers for kind={kind!r}, but {len(bad):,} of "
                           f"{len(column):,} entries are text, such as {first}: clean that column, or choose another "
                           "kind.")
    if kind == "ask" and numbers.notna().mean() > 0.5:
        raise OwnDataError(f"Most entries of the target {name!r} are numbers, but {len(bad):,} are text, such as "
                           f"{first}: clean that column, or say kind=\"classes\" if they name classes.")


def _numbers(frame, targets):
    text = [name for name in targets if columns.is_text(frame[name])]
    if text:
        raise OwnDataError(f"Several targets must be numbers (0 and 1 for labels), but {listed(text)} holds text: "
                           "choose one target, or turn the text into 0 and 1.")
    rows = frame[targets].to_numpy(dtype=float)
    same = [name for name, values in zip(targets, rows.T, strict=True) if (values == values[0]).all()]
    if same:
        raise OwnDataError(f"The target {listed(same)} has one value only: there is nothing to learn; leave it out.")
    return rows


def _labels(column, keep):
    """A column of entries such as "Drama|Crime" as rows of 0 and 1, one column for each frequent label."""
    parts = column.astype(str).map(lambda entry: set(columns.parts_of(entry)))
    counts = parts.map(list).explode().value_counts()
    names = [name for name in counts.index if max(RARE, 0.01 * len(column)) <= counts[name] < len(column)]
    names = names[:MOST_LABELS]
    if len(names) < 2:
        raise OwnDataError(f"The target {column.name!r} has fewer than two labels that occur in 1 % of the rows: "
                           "choose another column.")
    y = np.array([[name in entry for name in names] for entry in parts], dtype=float)
    notes = [f"Each entry lists labels: {len(names)} of {len(counts)} occur often enough and are predicted; the others "
             "are not."] if len(names) < len(counts) else []
    return y, tuple(names), _recommend(y, None, [column.name]), keep, notes


def _shown(value) -> str:
    return f"{value:g}" if isinstance(value, (float, np.floating)) else str(value)
