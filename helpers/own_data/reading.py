"""Read a CSV or Parquet file into a table, or refuse it in one sentence. Nothing in a file is ever executed."""

from __future__ import annotations

import csv
import gzip
import warnings
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from helpers.own_data.errors import OwnDataError, listed

SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
# Bytes of memory at most, for a byte of text: measured at the peak, 6 for fractions, 9 for digits, 16 to 17 for text;
# and for a cell of Parquet, where a byte of the file may stand for one value or for thousands: 25 to 100.
BYTES_OF_TEXT, BYTES_OF_CELL = 18, 100
MAGIC = {b"PK": "an Excel or zip file: open it in a spreadsheet and save it as CSV (UTF-8)",
         b"\xd0\xcf": "an old Excel file: open it in a spreadsheet and save it as CSV (UTF-8)",
         b"%PDF": "a PDF: copy its table into a spreadsheet and save it as CSV (UTF-8)"}


@dataclass(frozen=True)
class Table:
    """A table as it was read: frame (a DataFrame), notes (sentences on what was changed), path ("" for a frame)."""

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    path: str = ""

    def __str__(self) -> str:
        rows, columns = self.frame.shape
        return "\n".join([f"{Path(self.path).name or 'table'}: {rows:,} rows, {columns} columns "
                          f"({listed(self.frame.columns, 12)})", *self.notes])

    __repr__ = __str__


def read(path, sep: str = ",") -> Table:
    """Read a file: CSV in UTF-8 (plain or .gz) with `sep` between the fields and a line of names, or Parquet.

    Infinite numbers become missing ones, with a note. Raises OwnDataError for everything that is no such table.
    """
    path = Path(path)
    if not path.exists():
        raise OwnDataError(f"There is no file {str(path)!r}: check the spelling, and the folder you are in "
                           f"({Path.cwd()}).")
    if not path.is_file():
        raise OwnDataError(f"{str(path)!r} is a folder, not a file: name the CSV or Parquet file in it.")
    try:
        with path.open("rb") as file:
            start = file.read(4)
        kind = "parquet" if start == b"PAR1" else "packed" if start[:2] == b"\x1f\x8b" else "csv"
        _refuse_strange(path, start, kind)
        frame = _parquet(path) if kind == "parquet" else _csv(path, sep, kind == "packed")
    except OSError as error:  # gzip's BadGzipFile is one
        raise OwnDataError(f"{str(path)!r} cannot be read ({error.strerror or error}): check that it is complete and "
                           "that you may open it.") from error
    except MemoryError:
        raise OwnDataError(f"{str(path)!r} does not fit into memory: cut out a random part of its rows, or leave out "
                           "columns.") from None
    except (EOFError, zlib.error):
        raise OwnDataError(f"{str(path)!r} is a packed file that is damaged or breaks off: get it anew.") from None
    return checked(frame, str(path))


def checked(frame: pd.DataFrame, path: str = "") -> Table:
    """A frame as a Table: named columns, at least one row, no infinite numbers. Raises OwnDataError."""
    doubled = [name for name, times in Counter(map(str, frame.columns)).items() if times > 1]
    if doubled:
        raise OwnDataError(f"Two columns have the same name, {listed(doubled)}: rename one of each pair.")
    if not len(frame) or not len(frame.columns):
        raise OwnDataError("The table has no rows: it needs a line of names and at least 20 rows of data.")
    frame, notes = frame.rename(columns=str), []
    for name in frame.select_dtypes("number"):
        infinite = np.isinf(frame[name].to_numpy(dtype=float, na_value=np.nan))
        if infinite.any():
            frame = frame.assign(**{name: frame[name].astype(float).mask(infinite)})
            notes.append(f"{name!r}: {infinite.sum():,} infinite values count as missing.")
    return Table(frame, tuple(notes), path)


def free_memory() -> int:
    """Bytes that a program can still take."""
    return psutil.virtual_memory().available


def _refuse_strange(path, start, kind):
    if not path.stat().st_size:
        raise OwnDataError(f"{str(path)!r} is empty: export the table again.")
    for magic, meaning in MAGIC.items():
        if start.startswith(magic):
            raise OwnDataError(f"{str(path)!r} is {meaning}.")
    needed, free = needed_memory(path, kind), free_memory()
    if needed > free:
        raise OwnDataError(f"Reading {str(path)!r} can take {needed / 1e6:,.0f} MB of memory, but {free / 1e6:,.0f} MB "
                           "are free: cut out a random part of its rows, or leave out columns.")


def needed_memory(path, kind) -> int:
    """Bytes that reading a file can take; of a packed or a Parquet file by what it says of itself."""
    size = path.stat().st_size
    if kind == "parquet":
        try:
            from pyarrow.parquet import read_metadata

            facts = read_metadata(path)
        except Exception:  # reading it will say what is wrong
            return 0
        return facts.num_rows * facts.num_columns * BYTES_OF_CELL
    if kind == "packed":  # the last four bytes: the size before packing, modulo 2 ** 32
        with path.open("rb") as file:
            file.seek(-min(4, size), 2)
            size = max(size, int.from_bytes(file.read(), "little"))
    return size * BYTES_OF_TEXT


def _parquet(path):
    try:
        return pd.read_parquet(path)
    except ImportError:
        raise OwnDataError(f"{str(path)!r} is a Parquet file, which needs one more package: run `pip install "
                           "pyarrow`, or save the table as CSV.") from None
    except Exception as error:  # whatever the engine raises on a damaged file
        raise OwnDataError(f"{str(path)!r} is a damaged Parquet file ({type(error).__name__}): write it "
                           "anew.") from error


def _csv(path, sep, packed):
    names = _header(path, sep, packed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # says that fields would be lost
            frame = pd.read_csv(path, sep=sep, encoding="utf-8-sig", compression="gzip" if packed else None,
                                index_col=False, low_memory=False, header=0)
    except UnicodeDecodeError as error:
        raise _encoding(path, error) from None
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        reason = str(error).strip().removeprefix("Error tokenizing data. C error: ").splitlines()[0]
        raise OwnDataError(f"Not all lines of {str(path)!r} have {len(names)} fields as the first one has ({reason}): "
                           f"put quotes around fields that hold {SEPARATORS.get(sep, repr(sep))} or a line "
                           "break.") from None
    except pd.errors.EmptyDataError:
        raise OwnDataError(f"{str(path)!r} holds no table: export it again.") from None
    frame.columns = names
    return frame


def _header(path, sep, packed):
    """The names in the first line, before pandas renames those that occur twice."""
    opened = gzip.open if packed else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file, delimiter=sep), [])
    except UnicodeDecodeError as error:
        raise _encoding(path, error) from None
    except (csv.Error, TypeError) as error:
        raise OwnDataError(f"The first line of {str(path)!r} is no line of column names ({error}): save the table as "
                           "CSV, and give one character as the separator.") from None
    if any("\0" in name for name in names):
        raise OwnDataError(f"{str(path)!r} is not text: save the table as CSV (UTF-8).")
    if len(names) == 1:
        other = max((s for s in SEPARATORS if s != sep), key=names[0].count)
        if other in names[0]:
            raise OwnDataError(f"{str(path)!r} has {SEPARATORS[other]} between its fields, not "
                               f"{SEPARATORS.get(sep, repr(sep))}: read it with sep={other!r} (in the command: "
                               f"--sep {other!r}).")
    return [name if name.strip() else f"column {place}" for place, name in enumerate(names, 1)]


def _encoding(path, error):
    return OwnDataError(f"{str(path)!r} is not UTF-8 text (it holds the byte {error.object[error.start]:#04x}): open "
                        "it in a spreadsheet or an editor and save it as CSV (UTF-8).")
