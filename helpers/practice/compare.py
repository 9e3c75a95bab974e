"""Are two values the same, as far as an exercise is concerned? Works on `values.Value` only, never on raw answers."""

from dataclasses import dataclass

import numpy as np

from helpers.practice.values import Value

_COARSE_RTOL = 1e-4  # for float32 and below, whichever side computed in it
_COARSE_ATOL = 1e-6  # float32 sums that should cancel to zero do so only to about here
_WHOLE_ATOL = 1e-6


@dataclass(frozen=True)
class Tolerance:
    """|got - expected| <= atol + rtol * |expected|. Unless rtol is given, a whole number must be met exactly."""

    rtol: float | None = None
    atol: float = 1e-9

    def allowed(self, expected: np.ndarray, coarse: bool) -> np.ndarray:
        """How far off each element may be. expected: any shape; the same shape comes back."""
        size = np.abs(expected.astype(float))
        if self.rtol is None and expected.dtype.kind in "iu":
            return max(self.atol, _WHOLE_ATOL) + 1e-12 * size  # floats that add up to a count may miss it by rounding
        rtol = 1e-6 if self.rtol is None else self.rtol
        if not coarse:
            return self.atol + rtol * size
        room = self.atol + max(rtol, _COARSE_RTOL) * size
        return np.where(size <= self.atol, np.maximum(room, _COARSE_ATOL), room)


EXACT = Tolerance(0.0, 0.0)


def numbers(value: Value) -> np.ndarray | None:
    """The value as one array of numbers (or of booleans), or None: text, a ragged list, too much of it."""
    if value.kind in ("number", "bool"):
        return np.asarray(value.data) if not _beyond_int64(value.data) else np.asarray(float(value.data))
    if value.kind == "array":
        return value.data
    if value.kind != "list" or value.data is None:
        return None
    parts = [numbers(part) for part in value.data]
    if any(part is None for part in parts):
        return None
    if len({(part.shape, part.dtype == bool) for part in parts}) > 1:
        return None
    return np.stack(parts) if parts else np.zeros(0)


def _beyond_int64(x) -> bool:
    return type(x) is int and abs(x) >= 2**62


def close(expected: np.ndarray, got: np.ndarray, tolerance: Tolerance, coarse: bool = False) -> np.ndarray:
    """Element by element, for equal shapes; NaN agrees with NaN, an infinity with the same infinity."""
    with np.errstate(all="ignore"):
        e, g = expected.astype(float), got.astype(float)
        near = np.abs(g - e) <= tolerance.allowed(expected, coarse)
        finite = np.isfinite(e) & np.isfinite(g)
        return np.where(finite, near, (e == g) | (np.isnan(e) & np.isnan(g)))


def equal(expected: Value, got: Value, tolerance: Tolerance = EXACT) -> bool:
    """The same kind, shape and content. A list, a tuple and an array of the same numbers count as the same."""
    e, g = numbers(expected), numbers(got)
    if e is not None and g is not None:
        if e.shape != g.shape or e.size and (e.dtype == bool) != (g.dtype == bool):
            return False
        return bool(np.all(close(e, g, tolerance, expected.coarse or got.coarse)))
    if expected.kind != got.kind or expected.shape != got.shape:
        return False
    if expected.kind == "text":
        return expected.data.strip() == got.data.strip()
    if expected.kind in ("none", "ellipsis"):
        return True
    if expected.data is None or got.data is None:
        return False
    if expected.kind == "list":
        return all(equal(a, b, tolerance) for a, b in zip(expected.data, got.data, strict=True))
    if expected.kind == "dict":
        return expected.data.keys() == got.data.keys() and all(
            equal(part, got.data[key], tolerance) for key, part in expected.data.items())
    return False
