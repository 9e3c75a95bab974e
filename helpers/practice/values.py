"""What a learner's code returned, as plain and bounded data that can be compared and shown without running it again.

An object may lie in every method it has, or be far too large to print. So values are read through the methods of the
exact built-in type, are copied at once and only up to a limit, and an object's own `repr` is never called.
"""

import decimal
import fractions
import functools
import types
from dataclasses import dataclass

import numpy as np

_CUT = 200
_LOW_PRECISION = 4  # bytes; float32 and below
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, np.ufunc, type(np.mean),
              functools.partial)
_GENERATORS = (types.GeneratorType, types.AsyncGeneratorType)


@dataclass(frozen=True, eq=False)
class Value:
    """A value by its kind: number, bool, text, array, list, dict, none, ellipsis, function, class, generator, other.

    data: float, int, bool, str, array, tuple of Values or dict of Values; None for the other kinds, and where there
    is more of it than anyone needs. what: a noun phrase ("a number"). text: short, one line. shape: of an array, or
    (length,). size: numbers inside. coarse: computed in float32 or less.
    """

    kind: str
    what: str
    text: str
    data: object = None
    shape: tuple = ()
    size: int = 1
    coarse: bool = False


def cut(text: str, length: int = _CUT) -> str:
    """The text on one line, without control characters, at most `length` characters."""
    text = " ".join(text[: 20 * length].split())
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= length else text[: length - 4].rstrip() + " ..."


def type_name(cls: type) -> str:
    """The name of a class, whatever its metaclass answers."""
    return cut(type.__dict__["__name__"].__get__(cls), 60)


def has_method(cls: type, name: str) -> bool:
    """Does the class define `name`, itself or through a base? Asks no object."""
    return any(name in type.__dict__["__dict__"].__get__(base) for base in type.__dict__["__mro__"].__get__(cls))


def snapshot(value, limit: int = 10_000) -> Value:
    """Read `value` into a Value, looking at no more than `limit` elements. Runs foreign code only for tensors."""
    return _Reader(limit).read(value, 0)


class _Reader:
    def __init__(self, limit):
        self.limit = self.left = limit

    def read(self, x, depth) -> Value:
        cls = type(x)
        self.left -= 1
        if x is None:
            return Value("none", "`None`", "None")
        if x is Ellipsis:
            return Value("ellipsis", "`...`", "...")
        if issubclass(cls, type):
            return Value("class", "a class", f"the class {type_name(x)}")
        if issubclass(cls, np.ndarray):
            return self.array(x)
        if issubclass(cls, np.generic):
            return self.array(np.generic.__array__(x))
        if issubclass(cls, bool):
            return Value("bool", "True or False", str(x), x)
        if issubclass(cls, str):
            return _text(str.__str__(x))
        if issubclass(cls, int):
            return _number(int.__int__(x))
        if issubclass(cls, float):
            return _number(float.__float__(x))
        if issubclass(cls, complex):
            return _other("a complex number", "a complex number")
        if cls in (fractions.Fraction, decimal.Decimal):
            return self.guarded(lambda: _number(float(x)), x)
        if cls is range or issubclass(cls, (list, tuple)):
            return self.sequence(x, depth)
        if issubclass(cls, dict):
            return self.mapping(x, depth)
        return self.remaining(x, cls)

    def remaining(self, x, cls) -> Value:
        if issubclass(cls, _FUNCTIONS):
            return Value("function", "a function", "a function")
        if issubclass(cls, _GENERATORS):
            return Value("generator", "a generator", "a generator")
        if issubclass(cls, types.CoroutineType):
            x.close()  # or Python warns, later and elsewhere, that nobody awaited it
            return Value("generator", "a coroutine", "a coroutine (from `async def`)")
        if has_method(cls, "__array__"):
            return self.guarded(lambda: self.tensor(x.__array__()), x)
        if has_method(cls, "numpy"):
            return self.guarded(lambda: self.tensor(x.numpy()), x)
        if has_method(cls, "__next__"):
            return Value("generator", "an iterator", f"an iterator ({type_name(cls)})")
        return _object(cls)

    def guarded(self, read, x) -> Value:
        try:
            return read()
        except Exception:  # foreign code: whatever it raises, the object is of no use as a value
            return _object(type(x))

    def tensor(self, array) -> Value:
        if not issubclass(type(array), (np.ndarray, np.generic)):
            raise TypeError("not an array")
        return self.read(array, 0)

    def array(self, x) -> Value:
        masked = issubclass(type(x), np.ma.MaskedArray) and bool(np.any(np.ma.MaskedArray.mask.__get__(x)))
        x = np.ndarray.view(x, np.ndarray)  # a subclass may redefine everything, comparison included
        where = f"shape {cut(str(x.shape), 80)}"
        if masked:
            return _other("an array with masked values", f"an array with masked values, {where}", x)
        if x.dtype.kind == "U" and x.ndim < 2 and x.size <= max(self.left, 1):
            return _text(str(x)) if x.ndim == 0 else self.sequence(x.tolist(), 0)
        coarse = x.dtype.kind not in "iub" and x.dtype.itemsize <= _LOW_PRECISION
        if x.dtype.name == "bfloat16" or x.dtype.name.startswith("float8"):
            x = x.astype(np.float32) if x.size <= max(self.left, 1) else x
        elif x.dtype.kind not in "fiub":
            what = {"O": "an array of Python objects", "c": "an array of complex numbers", "m": "an array of times",
                    "M": "an array of dates", "S": "an array of bytes", "U": "an array of strings"}
            what = what.get(x.dtype.kind, "an array of records")
            return _other(what, f"{what}, {where}", x)
        if x.ndim == 0:
            if x.dtype.kind == "b":
                return Value("bool", "True or False", str(bool(x)), bool(x))
            return _number(int(x) if x.dtype.kind in "iu" else float(x), coarse)
        keep = x.size <= max(self.left, 1)
        self.left -= x.size if keep else 0
        text = f"array({_elements(x)})" if x.ndim <= 3 else "an array"
        if x.ndim != 1 or x.size > 8:
            text += f", {where}"
        what = "an array of True and False" if x.dtype.kind == "b" else "an array"
        return Value("array", what, text, np.array(x) if keep else None, x.shape, x.size, coarse)

    def sequence(self, x, depth) -> Value:
        base = list if issubclass(type(x), list) else tuple if issubclass(type(x), tuple) else range
        length = base.__len__(x)
        what = {list: "a list", tuple: "a tuple", range: "a range"}[base]
        if length > self.left or depth > 8:
            return Value("list", what, f"{what} of {length:,} elements", None, (length,), length)
        parts = tuple(self.read(part, depth + 1) for part in base.__iter__(x))
        few = ", ".join(part.text for part in parts[:6]) + (f", ... ({length} elements)" if length > 6 else "")
        text = f"[{few}]" if base is not tuple else f"({few}{',' if length == 1 else ''})"
        return Value("list", what, cut(text), parts, (length,), sum(part.size for part in parts),
                     any(part.coarse for part in parts))

    def mapping(self, x, depth) -> Value:
        length = dict.__len__(x)
        large = Value("dict", "a dict", f"a dict of {length:,} entries", None, (length,), length)
        if length > self.left or depth > 8:
            return large
        entries = {}
        for key, part in list(dict.items(x)):
            key = str.__str__(key) if type(key) is np.str_ else key
            if type(key) not in (str, int, float, bool, type(None)):
                return large
            entries[key] = self.read(part, depth + 1)
        text = ", ".join(f"{cut(repr(key), 40)}: {part.text}" for key, part in list(entries.items())[:6])
        return Value("dict", "a dict", cut(f"{{{text}{', ...' if length > 6 else ''}}}"), entries, (length,),
                     sum(part.size for part in entries.values()), any(part.coarse for part in entries.values()))


def _text(x: str) -> Value:
    return Value("text", "a string", cut(repr(x[: 2 * _CUT])), x)


def _number(x, coarse=False) -> Value:
    if isinstance(x, int) and x.bit_length() > 1000:
        return Value("number", "a number", f"a whole number of about {int(x.bit_length() * 0.30103):,} digits",
                     float("inf") if x > 0 else float("-inf"))
    text = str(x) if isinstance(x, int) else f"{x:.10g}"
    whole = isinstance(x, float) and text.lstrip("-").isdigit()
    return Value("number", "a number", text + ".0" * whole, x, coarse=coarse)


def _other(what, text, array=None) -> Value:
    return Value("other", what, cut(text), shape=() if array is None else array.shape)


def _object(cls) -> Value:
    return _other(f"an object of type {type_name(cls)}", f"an object of type {type_name(cls)}")


def _elements(x: np.ndarray) -> str:
    """The array's elements, those in the middle of a long one left out; does not follow the learner's print options."""
    with np.printoptions(precision=8, threshold=12, edgeitems=3, linewidth=10_000, suppress=False, floatmode="maxprec",
                         sign="-", formatter=None):
        return cut(np.array2string(x, separator=", "))
