"""Answers that no check may accept and none may be hurt by: `hostile_answers(exercise)` makes them for any exercise."""

import asyncio
import collections
import copy
import datetime
import decimal
import enum
import functools
import itertools
import time

import numpy as np


def _raiser(error):
    def hostile(*args):
        raise error
    return hostile


class _Liar:
    """Says yes to everything, and nothing that is true."""

    __hash__ = None
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = lambda self, other: True
    __bool__ = lambda self: True  # noqa: E731
    __len__ = lambda self: 1  # noqa: E731
    __sub__ = __rsub__ = __abs__ = __add__ = __radd__ = __mul__ = lambda self, *other: self
    __float__ = lambda self: 0.0  # noqa: E731


def _breaks_in(*names, error=None):
    return type("Breaks", (), dict.fromkeys(names, _raiser(error or RuntimeError("hostile"))))()


def _hangs_in(name):
    def loop(self, *args, **more):
        while True:
            pass
    return type("Hangs", (), {name: loop})()


class _LyingFloat(float):
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = lambda self, other: True
    __hash__ = float.__hash__
    __float__ = __abs__ = __sub__ = __rsub__ = lambda self, *other: 0.0
    __repr__ = lambda self: "exactly right"  # noqa: E731


class _LyingInt(int):
    __eq__ = lambda self, other: True  # noqa: E731
    __hash__ = int.__hash__


class _LyingText(str):
    __eq__ = lambda self, other: True  # noqa: E731
    __hash__ = str.__hash__
    strip = lambda self, *a: self  # noqa: E731


class _LyingArray(np.ndarray):
    __eq__ = __le__ = __lt__ = lambda self, other: True
    __array_function__ = __array_ufunc__ = lambda self, *a, **k: np.bool_(True)


class _LyingList(list):
    __len__ = lambda self: 10**12  # noqa: E731
    __iter__ = lambda self: itertools.repeat(0.0)  # noqa: E731
    __eq__ = lambda self, other: True  # noqa: E731


class _Meta(type):
    __instancecheck__ = __subclasscheck__ = __eq__ = lambda cls, other: True
    __hash__ = type.__hash__
    __name__ = property(_raiser(RuntimeError("no name")))


class _Enum(enum.Enum):
    A = 1


class _HostileError(Exception):
    def __str__(self):
        raise RuntimeError("hostile")


class _Loud(Exception):
    def __str__(self):
        return "Traceback (most recent call last):\n  File x\nValueError: a\nb"


def _recursive_list():
    x = []
    x.append(x)
    return x


def _recursive_array():
    x = np.empty(1, object)
    x[0] = x
    return x


def _values():
    """(label, factory): results that are of no use anywhere."""
    yield "None", lambda: None
    yield "Ellipsis inside", lambda: [...]
    yield "NotImplemented", lambda: NotImplemented
    for text in ("", " ", "\x00\n\r\x1b[31m", "<script>alert(1)</script>", "nan", "é" * 10_000, "x" * 10**7, "\ud800"):
        yield f"str {text[:9]!r}", lambda text=text: text
    for data in (b"", b"\xff" * 10**6, bytearray(5), memoryview(b"abc")):
        yield f"{type(data).__name__} {len(data)}", lambda data=data: data
    for number in (float("nan"), float("inf"), -float("inf"), 1e308, -12345.678, 10**4000, -(10**4000), 2**63, 1j,
                   complex("nan"), -987654321, 5e-324 - 77):
        yield f"number {str(number)[:12] if not isinstance(number, int) else number.bit_length()}", lambda n=number: n
    for scalar in (np.float16(np.nan), np.float32(np.inf), np.float64(-8.5e7), np.int8(-113), np.uint64(2**64 - 3),
                   np.complex128(3j), np.longdouble(-71077.5), np.datetime64("2020-01-01"), np.timedelta64(3, "D"),
                   np.str_("x"), np.bytes_(b"x"), np.void(b"abc")):
        yield f"numpy {scalar.dtype}", lambda scalar=scalar: scalar
    yield "Decimal NaN", lambda: decimal.Decimal("NaN")
    yield "Decimal sNaN", lambda: decimal.Decimal("sNaN")
    yield "Decimal huge", lambda: decimal.Decimal("1e999999")
    yield "date", lambda: datetime.date(2020, 1, 1)
    for empty in ([], (), {}, set(), frozenset(), range(0), collections.deque(), collections.OrderedDict()):
        yield f"empty {type(empty).__name__}", lambda empty=empty: empty
    yield "set", lambda: {1.5, "a"}
    yield "large set", lambda: set(range(10**5))
    yield "nested dict", lambda: {"a": {"b": {"c": [1, {2}]}}}
    yield "large dict", lambda: dict.fromkeys(range(10**5))
    yield "dict of odd keys", lambda: {(1, 2): 3, None: 4, 1.5: 5}
    yield "ragged", lambda: [[1.0], [2.0, 3.0], 4.0]
    yield "mixed list", lambda: [1, "a", None, 2.5]
    yield "list of None", lambda: [None] * 5
    yield "huge list", lambda: [0.0] * 10**7
    yield "list of huge lists", lambda: [[0.0] * 10**6] * 5
    yield "huge range", lambda: range(10**15)
    yield "recursive list", _recursive_list
    yield "deep list", lambda: functools.reduce(lambda inner, _: [inner], range(900), 1.0)
    for shape in ((0,), (0, 3), (1,), (1, 1), (3, 1), (1, 3), (7,), (2, 3, 4), (1,) * 32, (17, 17)):
        yield f"filled {shape}", lambda shape=shape: np.full(shape, -765.4321)
    for shape in ((), (1,), (3,), (5,), (2, 2)):
        yield f"NaN {shape}", lambda shape=shape: np.full(shape, np.nan)
        yield f"inf {shape}", lambda shape=shape: np.full(shape, np.inf, np.float32)
    for dtype in ("i1", "u8", "f2", "f4", "c16", "S3", "U3", "M8[D]", "m8[s]", object, "V4", [("a", "f8"), ("b", "i4")],
                  "f8,(2,3)i4", ">f8"):
        yield f"dtype {dtype}", lambda dtype=dtype: np.zeros(6, dtype)
    yield "recursive array", _recursive_array
    yield "object array of liars", lambda: np.array([_Liar(), _Liar()], dtype=object)
    yield "masked", lambda: np.ma.array([1.0, 2.0, 3.0], mask=[False, True, False])
    yield "all masked", lambda: np.ma.masked
    yield "matrix-like", lambda: np.arange(4.0).reshape(2, 2).T[::-1] - 99
    yield "record array", lambda: np.rec.array([(1, 2.0)], dtype=[("a", int), ("b", float)])
    yield "broadcast", lambda: np.broadcast_to(1.0, (10**6, 10**6))
    yield "broadcast 20 axes", lambda: np.broadcast_to(1.0, (7,) * 20)
    yield "lazy gigabytes", lambda: np.zeros(10**9, np.int8)
    yield "lying array", lambda: np.full(3, -55.5).view(_LyingArray)
    yield "lying float", lambda: _LyingFloat(-4321.5)
    yield "lying int", lambda: _LyingInt(-4321)
    yield "lying text", lambda: _LyingText("-4321")
    yield "lying list", lambda: _LyingList([-4321.5])
    yield "liar", _Liar
    yield "list of liars", lambda: [_Liar()] * 3
    yield "lying metaclass", lambda: _Meta("X", (), {})
    yield "object of lying metaclass", lambda: _Meta("X", (), {})()
    yield "enum", lambda: _Enum.A
    yield "named <b>", lambda: type("<script>alert(1)</script>", (), {})()
    yield "long name", lambda: type("x" * 10**5, (), {})()
    everything = ("__repr__", "__str__", "__eq__", "__len__", "__iter__", "__bool__", "__float__", "__array__",
                  "__getattr__", "__getattribute__", "__hash__", "__getitem__", "__index__", "__format__", "__next__",
                  "__del__", "__class_getitem__", "numpy", "__array_interface__", "__deepcopy__", "__reduce__", "shape")
    for name in everything:
        if name != "__del__":
            yield f"breaks in {name}", lambda name=name: _breaks_in(name)
    yield "breaks everywhere", lambda: _breaks_in(*(n for n in everything if n != "__del__"))
    yield "__array__ exits", lambda: _breaks_in("__array__", error=SystemExit(3))
    yield "__array__ interrupts", lambda: _breaks_in("numpy", error=KeyboardInterrupt())
    for result in ("text", None, 5, [1.0], np.array(["a"])):
        yield f"__array__ gives {result!r}", lambda r=result: type("A", (), {"__array__": lambda self, *a, **k: r})()
    yield "huge repr", lambda: type("R", (), {"__repr__": lambda self: "x" * 10**8})()
    for thing in (len, np.mean, np.add, print, "".join, functools.partial(max, 1), lambda: 1, int, list, dict,
                  np.ndarray, Exception, type, object(), np, ValueError("x"), NotImplementedError, slice(1),
                  property(), iter([1])):
        yield f"thing {str(thing)[:24]}", lambda thing=thing: thing
    yield "generator", lambda: (x for x in [1.0])
    yield "endless generator", lambda: itertools.count()
    yield "map", lambda: map(float, [1])
    yield "zip", lambda: zip([1], [2], strict=True)
    yield "dict view", lambda: {1: 2}.keys()
    yield "coroutine", lambda: asyncio.sleep(1)


def _loop(*args):
    while True:
        pass


def _stubborn(*args):
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722  (this is what is being tested)
            pass


def _sleeps(*args):
    while True:
        time.sleep(0.01)


def _recursion(*args):
    return _recursion(*args)


def _prints_for_ever(*args):
    while True:
        print("x" * 1000)


async def _coroutine(*args):
    return args


def _generator(*args):
    yield 1.0


def _deletes(*args):
    for x in args:
        if isinstance(x, np.ndarray):
            x[...] = 0
        elif isinstance(x, list | dict | set):
            x.clear()


def _behaviors():
    """(label, function): what only something that is called can do."""
    errors = [ValueError("bad\nnews"), ZeroDivisionError(), KeyError("k"), IndexError("i"), TypeError("t" * 10**6),
              NameError("n"), NotImplementedError(), AssertionError(), StopIteration(1), GeneratorExit(), SystemExit(0),
              KeyboardInterrupt(), MemoryError(), RecursionError("r"), OSError(5, "io"), UnicodeError("\ud800"),
              BaseException("base"), ExceptionGroup("group", [ValueError(1)]), _HostileError(), _Loud(), Warning("w"),
              ImportError("no module"), SyntaxError("s"), EOFError(), BrokenPipeError(), asyncio.CancelledError()]
    for error in errors:
        yield f"raises {type(error).__name__}", _raiser(error)
    yield "loop", _loop
    yield "stubborn loop", _stubborn
    yield "short sleeps", _sleeps
    yield "endless recursion", _recursion
    yield "prints for ever", _prints_for_ever
    yield "async def", _coroutine
    yield "yields", _generator
    yield "destroys its input", _deletes
    yield "prints", lambda *args: print(1.0)
    yield "reads the keyboard", lambda *args: input("? ")
    yield "quits", lambda *args: quit()
    yield "no arguments", lambda: 1.0
    yield "too many arguments", lambda a, b, c, d, e, f, g, h: 1.0
    yield "keywords only", lambda *, a=1: 1.0
    yield "returns Ellipsis", lambda *args: ...
    yield "returns its input", lambda *args: args
    yield "returns itself", lambda *args: _recursion
    yield "partial of nothing", functools.partial(lambda: 1)
    yield "hanging __array__", lambda *args: _hangs_in("__array__")
    yield "class with arguments", lambda *args: type("Result", (), {"value": args})()
    yield "closes stdout", lambda *args: __import__("sys").stdout.close()
    yield "replaces stdout", lambda *args: setattr(__import__("sys"), "stdout", None)


def _perturbed(right, seed, room):
    """(label, call that makes it): a right value, changed by more than its tolerance."""
    if isinstance(right, str):
        yield from (("more", lambda: right + "x"), ("reversed", lambda: right[::-1] + "!"), ("list", lambda: [right]))
    elif isinstance(right, bool | np.bool_):
        yield from (("negated", lambda: not right), ("number", lambda: float(right)), ("as text", lambda: str(right)))
    elif isinstance(right, dict):
        yield "one key more", lambda: right | {"one key more": 0}
        for key in right:
            yield f"without {key}", lambda key=key: {k: v for k, v in right.items() if k != key}
            for label, make in itertools.islice(_perturbed(right[key], seed, room), 6):
                yield f"{key}: {label}", lambda key=key, make=make: right | {key: make()}
    elif isinstance(right, list | tuple) and any(isinstance(x, str | list | tuple | dict) for x in right):
        yield "one element more", lambda: [*right, right[0]]
        yield "one element less", lambda: right[:-1]
        for i, part in enumerate(right):
            for label, make in itertools.islice(_perturbed(part, seed, room), 6):
                yield f"[{i}]: {label}", lambda i=i, make=make: [*right[:i], make(), *right[i + 1:]]
    elif np.asarray(right).dtype == bool:
        x = np.asarray(right)
        yield "one negated", lambda: np.logical_xor(x, np.arange(x.size).reshape(x.shape) == 0)
        yield "as numbers", lambda: x.astype(float)
    else:
        yield from _perturbed_numbers(right, np.asarray(right).astype(float), seed, room)


def _perturbed_numbers(right, x, seed, room):
    step = 20 * room(x) + 1e-3 * (np.abs(x) + 1)

    def noise(i):
        rng = np.random.default_rng([seed, i])
        return x + step * rng.choice([-1.0, 1.0], x.shape) * rng.uniform(1, 10 ** (i % 5), x.shape)

    def one(i):
        rng, wrong = np.random.default_rng([seed, i]), np.array(x)
        if x.size:
            place = tuple(rng.integers(0, n) for n in x.shape)
            wrong[place] += step[place] * rng.choice([-1, 1])
        return wrong

    for i in range(30):
        yield f"noise {i}", lambda i=i: noise(i)
    for i in range(10):
        yield f"one wrong {i}", lambda i=i: one(i)
    yield from (("shifted float32", lambda: (x + step).astype(np.float32)), ("in a list", lambda: [right]),
                ("extra axis", lambda: x[..., None]), ("complex", lambda: x + 0j), ("as text", lambda: str(right)),
                ("as objects", lambda: x.astype(object)), ("twice", lambda: 2 * x + step),
                ("negated", lambda: -x - step), ("squared", lambda: x * x + 2 * step + np.abs(x)),
                ("lying", lambda: np.asarray(x + step).view(_LyingArray)))
    if x.ndim:
        first = np.arange(x.size).reshape(x.shape) == 0
        yield from (("one longer", lambda: np.append(x, 0.0)), ("one shorter", lambda: x.ravel()[:-1]),
                    ("stacked", lambda: np.stack([x, x])), ("mean", lambda: float(x.mean()) + 0.5),
                    ("with NaN", lambda: np.where(first, np.nan, x)), ("masked", lambda: np.ma.array(x, mask=first)),
                    ("outer", lambda: np.subtract.outer(x.ravel(), x.ravel())))


def hostile_answers(exercise: dict, seed: int = 0):
    """Yield (label, answer): over 200 answers, none of them right, made from nothing but the exercise's own code.

    An exercise with a `probe` may have many right answers; its right ones are not perturbed. Four of them never end:
    give the check a short time limit.
    """
    space = {}
    for part in ("preamble", "solution", "cases"):
        exec(exercise.get(part, ""), space)
    solution = space[exercise["name"]]
    rtol, atol = space.get("rtol") or 1e-6, space.get("atol", 1e-9)

    def room(x):
        return rtol * np.abs(x) + atol

    if callable(solution):
        yield from _as_functions(isinstance(solution, type))
    else:
        started = dict(space)
        exec(exercise["start"], started)
        yield from _as_values(solution, started[exercise["name"]])
    if "probe" in space or isinstance(solution, type):
        return
    if not callable(solution):
        for label, make in _perturbed(solution, seed, room):
            yield label, make()
        return
    case = space["cases"][0]
    for label, _ in _perturbed(solution(*copy.deepcopy(case)), seed, room):
        yield label, lambda *args, label=label: dict(_perturbed(solution(*args), seed, room))[label]()
    yield from _misused(solution, case)


def _as_functions(is_class):
    for label, make in _values():
        yield f"returns {label}", lambda *args, make=make: make()
    yield from _behaviors()
    for name in ("__array__", "numpy"):
        yield f"returns what hangs in {name}", lambda *args, name=name: _hangs_in(name)
    for value in (None, 3.0, "text", np.zeros(3), [], object(), _Liar(), _breaks_in("__call__")):
        yield f"no function but {type(value).__name__}", value
    if not is_class:
        yield "a class", type("Answer", (), {})


def _as_values(solution, started):
    for label, make in _values():
        value = make()
        known = type(value) in (str, int, float, list, dict, tuple) and type(value) is type(solution)
        if known and value == solution or value is None and started is None or _blank(started) and _blank(value):
            continue  # right, or not attempted
        yield label, value
    yield from _behaviors()
    for name in ("__array__", "numpy"):
        yield f"hangs in {name}", _hangs_in(name)


def _blank(value):
    if type(value) is str:
        return not value.strip()
    plain = type(value) in (list, tuple, dict, collections.OrderedDict, range)  # asks no hostile object
    return plain and not value or type(value) is np.ndarray and not value.size


def _misused(solution, case):
    if any(isinstance(x, np.ndarray | list) and len(x) for x in case):
        yield "right, but changes its input", _spoils(solution)
    yield "right, but prints it", lambda *args: print(solution(*args))
    yield "right in a tuple", lambda *args: (solution(*args),)
    yield "right in a dict", lambda *args: {"answer": solution(*args)}
    yield "right, later", lambda *args: (lambda: solution(*args))
    yield "right, as a generator", lambda *args: (x for x in [solution(*args)])
    yield "right once", _once(solution)


def _spoils(solution):
    def spoiling(*args):
        result = copy.deepcopy(solution(*args))
        for x in args:
            if isinstance(x, np.ndarray) and x.size:
                x[...] = x + 1
            elif isinstance(x, list):
                x.append(0)
        return result
    return spoiling


def _once(solution):
    calls = []

    def function(*args):
        calls.append(1)
        return solution(*args) if len(calls) == 1 else None
    return function
