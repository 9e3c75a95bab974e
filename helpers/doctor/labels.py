"""What an array of targets is: its kind, shape, range and values. NumPy only; large arrays are sampled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FULL_LOOK = 2_000_000  # values that are looked at one by one; larger arrays are sampled by rows
UNIQUE_LOOK = 200_000  # values among which distinct ones are counted

# kinds of a column (one value a sample or position) and of rows (several values a sample or position)
COLUMN_KINDS = ("binary", "signs", "integers", "unit", "real")
ROW_KINDS = ("one_hot", "multi_hot", "shares", "unit", "real")


@dataclass
class Labels:
    """The targets of one output.

    kind: "binary" (only 0 and 1), "signs" (-1 and 1), "integers", "unit" (between 0 and 1), "real"; for rows
    "one_hot", "multi_hot" (0 and 1), "shares" (rows sum to 1), "unit", "real"; or "text", "objects", "empty".
    shape: of one sample. low, high: smallest and largest finite value. values, counts: distinct values and how often,
    or None if there are too many. integral: no fractions. missing: how many NaN or infinite values.
    row_sums: smallest and largest sum of a row, for rows. sampled: not every value was looked at; every: one row in
    how many.
    """

    kind: str
    shape: tuple
    n: int
    dtype: str
    array: np.ndarray
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    std: float = 0.0
    values: np.ndarray | None = None
    counts: np.ndarray | None = None
    integral: bool = False
    missing: int = 0
    row_sums: tuple = ()
    sampled: bool = False
    every: int = 1
    was_list: bool = False
    boxed: bool = False  # numbers kept as Python objects or in a pandas type of its own: Keras refuses them
    names: list | None = None  # of classes that were given as text

    @property
    def flat(self) -> bool:
        """The shape is (n,): no axis for the outputs."""
        return self.shape == ()

    @property
    def numeric(self) -> bool:
        return self.kind not in ("text", "objects", "empty")

    @property
    def rows(self) -> bool:
        """Several values a sample or position, one for each unit."""
        return bool(self.row_sums)

    @property
    def num_values(self) -> int | None:
        return None if self.values is None else len(self.values)


def read(y, *, positions: int | None = None, sampled=False) -> Labels:
    """Look at `y`, shape (n, ...).

    positions: the rank of the output without its last axis. A y of that rank holds one value per position.
    sampled: `y` itself is only a part of the targets. Raises TypeError or ValueError if y cannot become an array.
    """
    was_list = isinstance(y, (list, tuple))
    array, boxed = to_numpy(y), is_boxed(y)
    if array.dtype == object:
        array = _unboxed(array)
    facts = dict(shape=array.shape[1:], n=len(array) if array.ndim else 0, dtype=str(array.dtype), array=array,
                 was_list=was_list, boxed=boxed, sampled=sampled)
    if array.size == 0 or array.ndim == 0:
        return Labels("empty", **facts)
    if array.dtype.kind in "USO":
        text = array.dtype.kind in "US" or all(isinstance(v, (str, bytes)) for v in array.ravel()[:1000])
        return Labels("text" if text else "objects", **facts)
    if array.dtype.kind not in "buif":
        return Labels("objects", **facts)
    if array.size > FULL_LOOK:
        step = int(np.ceil(array.size / FULL_LOOK))
        array, facts["sampled"], facts["every"] = np.concatenate([array[::step], array[-1:]]), True, step
    values = np.asarray(array, dtype=np.float64)
    finite = np.isfinite(values)
    facts["missing"] = int(values.size - finite.sum())
    good = values[finite]
    if good.size == 0:
        return Labels("real", **facts)
    facts |= dict(low=float(good.min()), high=float(good.max()), mean=float(good.mean()), std=float(good.std()),
                  integral=bool((good == np.round(good)).all()))
    facts["values"], facts["counts"] = _distinct(good)
    column = array.ndim == 1 or array.shape[-1] == 1 or array.ndim == positions
    if not column:
        sums = values.sum(-1)
        facts["row_sums"] = (float(np.nanmin(sums)), float(np.nanmax(sums)))
    return Labels(_kind(facts, column), **facts)


def to_numpy(values) -> np.ndarray:
    """Return values as an array: NumPy, pandas, TensorFlow, or lists of numbers or text."""
    if hasattr(values, "to_numpy"):
        return values.to_numpy()
    if hasattr(values, "numpy"):
        return np.asarray(values.numpy())
    if hasattr(values, "toarray"):
        return values.toarray()
    return np.asarray(values)


def is_boxed(values) -> bool:
    """Whether an array or table has the type object, or columns of a pandas type (category, Int64, string)."""
    if hasattr(values, "dtypes"):
        types = list(values.dtypes) if hasattr(values, "columns") else [values.dtype]
        return any(not isinstance(one, np.dtype) or one.kind == "O" for one in types)
    return getattr(getattr(values, "dtype", None), "kind", "") == "O"


def _unboxed(array):
    """Objects that are all numbers (pandas gives such columns) as numbers; everything else as it was."""
    if array.size and all(isinstance(v, (int, float, bool, np.number)) for v in array.ravel()[:1000]):
        try:
            return array.astype(float)
        except (TypeError, ValueError):
            return array
    return array


def _distinct(good):
    if good.size > UNIQUE_LOOK:
        good = good[:: int(np.ceil(good.size / UNIQUE_LOOK))]
    values, counts = np.unique(good, return_counts=True)
    return (values, counts) if len(values) <= 10_000 else (None, None)


def _kind(facts, column) -> str:
    within = 0 <= facts["low"] and facts["high"] <= 1
    zero_one = within and facts["integral"]
    if column:
        if zero_one:
            return "binary"
        if facts["integral"] and facts["values"] is not None and set(facts["values"]) == {-1.0, 1.0}:
            return "signs"
        return "integers" if facts["integral"] else "unit" if within else "real"
    lowest, highest = facts["row_sums"]
    if abs(lowest - 1) < 1e-3 and abs(highest - 1) < 1e-3 and within:
        return "one_hot" if zero_one else "shares"
    return "multi_hot" if zero_one else "unit" if within else "real"
