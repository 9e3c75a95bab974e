"""Take one batch of features and the targets out of what people hand to `fit`, without using anything up.

Arrays, tensors, tables, dicts and lists of them are sliced. From a tf.data.Dataset the first few batches are read,
from a keras PyDataset the first one. A Python generator is not touched: what is read from it would be gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from helpers.doctor import labels

BATCH = 32
DATASET_ROWS = 512
DATASET_BATCHES = 16


@dataclass
class Data:
    """x: features of one batch in the structure that the model takes, or None. y: targets, whole where they are
    arrays. weight: sample weights or None. n: rows of x, None if unknown. sampled: y is only a part.
    notes: (code, sentence) for what could not be read. faults: the same, for what Keras would refuse. x_missing: NaN
    and infinite values in x. x_text: x is no array of numbers. ranges: (low, high) of each part of x."""

    x: object = None
    y: object = None
    weight: object = None
    n: int | None = None
    sampled: bool = False
    source: str = "arrays"
    notes: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    x_missing: int = 0
    x_text: bool = False
    ranges: list = field(default_factory=list)


def take(x, y, weight=None, batch=BATCH) -> Data:
    """Return a `Data`; what cannot be read is said in its notes. Never raises."""
    try:
        return _take(x, y, weight, batch)
    except Exception as error:  # noqa: BLE001 - whatever a user's container raises, the rest can still be judged
        note = f"The data could not be read ({type(error).__name__}: {_first_line(error)})."
        return Data(notes=[("not-judged", note)])


def _take(x, y, weight, batch) -> Data:
    if x is None:
        return Data(y=y, weight=weight)
    if hasattr(x, "element_spec"):
        return _from_dataset(x)
    if type(x).__name__ in ("DataFrameIterator", "DirectoryIterator", "NumpyArrayIterator") or (
            hasattr(x, "__getitem__") and hasattr(x, "__len__") and not hasattr(x, "shape")
            and not isinstance(x, (list, tuple, dict, str))):
        return _from_sequence(x)
    if hasattr(x, "__next__"):
        return Data(source="generator", notes=[("not-judged", "x is a generator: reading from it would use up its "
                                                              "items. Hand over one batch as arrays instead.")])
    return _from_arrays(x, y, weight, batch)


def _from_arrays(x, y, weight, batch) -> Data:
    data = Data(y=y, weight=weight)
    if isinstance(x, (list, tuple)) and not any(_array_like(part) for part in x):
        data.faults.append(("python-list", "x"))
        x = np.asarray(x)
    parts, pack = flatten(x)
    arrays = [part if hasattr(part, "shape") and not hasattr(part, "iloc") else labels.to_numpy(part)
              for part in parts]
    data.n = int(arrays[0].shape[0]) if arrays and len(arrays[0].shape) else None
    _survey(data, arrays)
    heads = [_dense(array[:batch]) for array in arrays]
    data.x_text = any(labels.is_boxed(part) for part in parts) or any(head.dtype.kind in "US" for head in heads)
    data.x = pack([head.astype("float32") if head.dtype.kind == "O" and _unboxable(head) else head for head in heads])
    return data


def _from_dataset(dataset) -> Data:
    data = Data(source="dataset", sampled=True)
    spec = dataset.element_spec
    if not isinstance(spec, tuple) or len(spec) == 1:
        data.notes.append(("not-judged", "The dataset yields features without targets: fit(...) needs pairs (x, y)."))
    ys, weights, rows = [], [], 0
    for number, element in enumerate(dataset.take(DATASET_BATCHES)):
        x, y, weight = (element + (None, None))[:3] if isinstance(element, tuple) else (element, None, None)
        parts, pack = flatten(x)
        if number == 0:
            if any(len(getattr(part, "shape", ())) == 0 for part in (*parts, *flatten(y)[0]) if part is not None):
                data.faults.append(("not-batched", ""))
                return data
            data.x = pack([_dense(part[:BATCH]) for part in parts])
        _survey(data, parts)
        if y is not None:
            ys.append(y)
        if weight is not None:
            weights.append(weight)
        rows += int(parts[0].shape[0] or 0)
        if rows >= DATASET_ROWS:
            break
    data.y = _joined(ys)
    data.weight = _joined(weights)
    data.n = None
    return data


def _from_sequence(sequence) -> Data:
    element = sequence[0]
    data = Data(source="sequence", sampled=True)
    x, y, weight = (tuple(element) + (None, None))[:3] if isinstance(element, (tuple, list)) else (element, None, None)
    parts, pack = flatten(x)
    data.x, data.y, data.weight = pack([_dense(part[:BATCH]) for part in parts]), y, weight
    _survey(data, parts)
    return data


def flatten(tree):
    """Return (leaves, pack) of a dict, list or tuple of arrays, or of one array; pack(leaves) rebuilds it."""
    if isinstance(tree, dict):
        return list(tree.values()), lambda leaves: dict(zip(tree, leaves, strict=True))
    if isinstance(tree, (list, tuple)):
        return list(tree), list
    return [tree], lambda leaves: leaves[0]


def _survey(data, parts):
    """Count NaN and infinite values, and widen the ranges; of a large array a sample of its rows is looked at."""
    data.ranges = data.ranges or [None] * len(parts)
    for place, array in enumerate(parts):
        if len(getattr(array, "shape", ())) == 0:
            continue
        size = int(np.prod(array.shape))
        if size > labels.FULL_LOOK:
            array = array[:: int(np.ceil(size / labels.FULL_LOOK))]
        array = _dense(array)
        if array.dtype.kind == "f":
            finite = np.isfinite(array)
            data.x_missing += int(array.size - finite.sum())
            array = array[finite]
        if array.dtype.kind in "uif" and array.size:
            low, high = data.ranges[place] or (np.inf, -np.inf)
            data.ranges[place] = (min(low, float(array.min())), max(high, float(array.max())))


def _joined(elements):
    if not elements:
        return None
    parts = [flatten(element) for element in elements]
    pack = parts[0][1]
    return pack([np.concatenate([_dense(p[0][i]) for p in parts]) for i in range(len(parts[0][0]))])


def _dense(array):
    array = labels.to_numpy(array)
    return array if isinstance(array, np.ndarray) else np.asarray(array)


def _unboxable(array) -> bool:
    return all(isinstance(v, (int, float, bool, np.number)) for v in array.ravel()[:1000])


def _array_like(part) -> bool:
    return hasattr(part, "shape") or hasattr(part, "iloc")


def _first_line(error) -> str:
    return (str(error).strip().splitlines() or [""])[0][:200]
