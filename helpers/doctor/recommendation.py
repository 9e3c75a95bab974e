"""`recommend`: from targets alone to a head, a loss, metrics, and the baseline that any model must beat."""

from __future__ import annotations

import numpy as np

from helpers.doctor import labels, recipes
from helpers.doctor.recipes import Recommendation

KINDS = ("binary", "classes", "order", "amount", "count", "several labels", "share")
MANY = 20  # whole numbers with more distinct values than this are amounts, unless they are exactly 0, 1, ..., K - 1


def recommend(y, column=None, *, kind=None) -> Recommendation:
    """Say which head, loss and metrics fit the targets `y`, and why.

    y: targets, shape (n,), (n, 1) or (n, k): an array, tensor, list or table column; or a table, with the name of its
    target `column`. kind: the answer to an ambiguous case (see `Recommendation.options`): whole numbers such as 1 to 5
    may be classes, an order or an amount, and no code can tell. Raises ValueError with one sentence if y cannot be
    targets, or if `kind` does not fit.
    """
    if column is not None:
        y = y[column]
    if kind is not None and kind not in KINDS:
        raise ValueError(f"kind is {kind!r}, but must be one of {', '.join(map(repr, KINDS))}.")
    facts, notes = _read(y)
    if facts.num_values == 1:
        return Recommendation("", f"all {facts.n} targets are {facts.values[0]}: there is nothing to "
                                  "learn", notes=notes)
    return _choose(facts, kind, notes)


def _read(y):
    """(labels, notes), with text turned into class ids and missing rows left out."""
    array = labels.to_numpy(y)
    if array.ndim == 0 or array.size == 0:
        raise ValueError("y is empty, or a single value: recommend(y) needs the targets of many samples.")
    notes = ()
    if array.dtype.kind in "USO":
        flat = array.reshape(-1)
        missing = np.array([v is None or v != v for v in flat])
        if missing.any():
            notes = (f"{missing.sum()} targets are missing: drop those rows.",)
            array = flat[~missing]
        if not array.size:
            raise ValueError("All targets are missing.")
        unboxed = labels.read(array)
        if unboxed.kind in ("text", "objects"):
            return _text(array.reshape(-1), notes)
        array = unboxed.array
    facts = labels.read(array)
    if not facts.numeric:
        raise ValueError(f"The targets have the type {facts.dtype}: recommend(y) takes numbers, booleans or text.")
    if facts.missing:
        notes += (f"{facts.missing} targets are missing or infinite: drop those rows.",)
        keep = np.isfinite(array.reshape(len(array), -1).astype(float)).all(axis=1)
        if not keep.any():
            raise ValueError("All targets are missing.")
        facts = labels.read(array[keep])
    return facts, notes


def _text(array, notes):
    names, ids = np.unique(array.astype(str), return_inverse=True)
    if len(names) > max(2, len(array) // 2) and len(array) > 4:
        raise ValueError(f"y is text with {len(names)} different values in {len(array)} rows: that is free text or a "
                         "name, not a class. Choose another column.")
    shown = ", ".join(repr(str(name)) for name in names[:4]) + (", ..." if len(names) > 4 else "")
    facts = labels.read(ids)
    facts.names = [str(name) for name in names]
    return facts, (*notes, f"y is text with {len(names)} values ({shown}); the code makes numbers of them.")


def _choose(facts, kind, notes):
    if facts.rows:
        return recipes.rows(facts, notes)
    count, text = facts.num_values, getattr(facts, "names", None)
    if kind == "binary" or kind is None and count == 2:
        if count != 2:
            raise ValueError(f"kind is 'binary', but y has {count} distinct values.")
        return recipes.binary(facts, notes)
    if text:
        return recipes.classes(facts, notes, "text names classes")
    if kind == "classes":
        if not facts.integral or count is None:
            raise ValueError("kind is 'classes', but y holds fractions.")
        return recipes.classes(facts, notes, "you said so")
    if kind == "order":
        if count is None or count > 100:
            raise ValueError("kind is 'order', but y has more than 100 steps: use kind='amount'.")
        return recipes.order(facts, notes)
    if kind == "share" or kind is None and facts.kind == "unit":
        return recipes.share(facts, notes)
    if kind == "count":
        return recipes.count(facts, notes)
    dense = facts.integral and facts.low == 0 and count == facts.high + 1 and facts.n >= 5 * (count or 0)
    if kind is None and facts.integral and count and (count <= MANY or dense and count <= 1000):
        return _ask(facts, notes)
    return recipes.amount(facts, notes, "you said so" if kind == "amount" else "numbers on a scale")


def _ask(facts, notes):
    options = {"classes": "names without an order, such as species: 3 is not more than 2",
               "order": "steps of unknown size, such as stars or grades: 3 is more than 2, but how much more is open",
               "amount": "a quantity: the distance from 1 to 3 is twice that from 1 to 2"}
    if facts.low >= 0:
        options["count"] = "how often something happened"
    return Recommendation("", f"whole numbers from {int(facts.low)} to {int(facts.high)}, {facts.num_values} of them",
                          question="What do these numbers mean? The head and the loss depend on it. Call "
                                   "recommend again "
                                   "with one of:", options=options, notes=notes)
