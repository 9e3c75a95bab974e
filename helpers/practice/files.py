"""Files of JSON lines that survive two writers, a killed writer, a full disk and damage."""

import errno
import json
import math
import os
import time
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import numpy as np

if os.name == "nt":
    import msvcrt
else:
    import fcntl

_WAIT = 5.0  # seconds for the lock; a stopped process may hold it for ever, and one write is nearly safe without it
_FAR = 2**30  # Windows locks bytes against everyone, so lock one that nobody reads
_LONGEST = 20_000  # characters of one text


@contextmanager
def _locked(handle: int):
    held, end = False, time.monotonic() + _WAIT
    while not held and time.monotonic() < end:
        try:
            _lock(handle, True)
            held = True
        except (BlockingIOError, PermissionError):
            time.sleep(0.01)
        except OSError:
            break  # a file system without locks
    try:
        yield
    finally:
        if held:
            with suppress(OSError):
                _lock(handle, False)


def _lock(handle: int, take: bool) -> None:
    if os.name == "nt":
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK if take else msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB if take else fcntl.LOCK_UN)


def append(path: Path, lines: bytes) -> None:
    """Add whole lines by one write, through to the disk; all of them or none. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o644)
    try:
        with _locked(handle):
            size = os.lseek(handle, 0, os.SEEK_END)
            if size:
                os.lseek(handle, size - 1, os.SEEK_SET)
                if os.read(handle, 1) != b"\n":  # a writer was killed in the middle of a line: leave that line alone
                    lines = b"\n" + lines
            try:
                if os.write(handle, lines) < len(lines):
                    raise OSError(errno.ENOSPC, "the disk is full")
                _sync(handle)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(handle, size)
                raise
    finally:
        os.close(handle)


def _sync(handle: int) -> None:
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a device or file system that cannot, not a failure
            raise


def read(path: Path) -> bytes:
    """The whole file, b"" if there is none yet. Waits for a writer. Raises OSError."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return b""
    with open(handle, "rb") as file, _locked(handle):
        file.seek(0)
        return file.read()


def write_new(path: Path, data: bytes) -> Path:
    """Write `data` beside `path` as <stem>.damaged-<n><suffix>, n the first free number, unless it is there already."""
    for number in count(1):
        copy = path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")
        try:
            with open(copy, "xb") as file:
                file.write(data)
            return copy
        except FileExistsError:
            if copy.is_file() and copy.read_bytes() == data:
                return copy


def lines_of(data: bytes) -> tuple[list[dict], list[bytes]]:
    """(events, lines that are damaged). A whole event inside a damaged line is still found."""
    events, bad = [], []
    for line in data.split(b"\n"):
        line = line.strip().removeprefix(b"\xef\xbb\xbf")  # which editors on Windows put in front
        if not line:
            continue
        event = _event(line)
        if event is not None:
            events.append(event)
            continue
        bad.append(line)
        starts = line.split(b'{"t":')[1:]
        events += [event for event in (_event(b'{"t":' + part, cut=True) for part in starts) if event is not None]
    return events, bad


def _event(line: bytes, cut: bool = False) -> dict | None:
    try:
        text = line.decode("utf-8", "replace" if cut else "strict")
        event = json.JSONDecoder().raw_decode(text)[0] if cut else json.loads(text)
    except (ValueError, RecursionError):
        return None
    known = isinstance(event, dict) and isinstance(event.get("kind"), str) and isinstance(event.get("id"), str)
    return event if known else None


def plain(value, depth: int = 0):
    """The value as what JSON can hold, whatever it is; what it cannot is replaced by the name of its type."""
    if value is None or type(value) is bool:
        return value
    if isinstance(value, np.generic) or isinstance(value, np.ndarray) and value.size <= 1000:
        value = value.tolist()
    if type(value) is int and value.bit_length() < 1000:
        return value
    if type(value) is float:
        return value if math.isfinite(value) else str(value)
    if type(value) is str:
        return value[:_LONGEST]
    if type(value) in (list, tuple) and depth < 5:
        return [plain(part, depth + 1) for part in value[:1000]]
    if type(value) is dict and depth < 5:
        return {str(key)[:100]: plain(part, depth + 1) for key, part in list(value.items())[:1000]}
    return value if type(value) is bool else f"({type(value).__name__})"
