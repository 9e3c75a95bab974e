"""What kind of feature each column is, and which columns cannot be one."""

from __future__ import annotations

import re
import warnings

import pandas as pd
from pandas.api import types

DATE = re.compile(r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\b")
LIST = r"[|;]|, "  # between the parts of an entry such as "Drama|Crime" or "Drama, Crime"
LOOK = 5_000  # rows that are looked at where a look at every one would be slow
MANY = 50  # distinct entries above which text must repeat itself often to be a category


def as_dates(column) -> pd.Series:
    """A column as dates; what is none becomes missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return pd.to_datetime(column, errors="coerce", format="mixed", utc=True)


def days_of(dates: pd.Series) -> pd.Series:
    """What `as_dates` gives, as days since 1970; NaN where missing."""
    return (dates - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(days=1)


def tidy(column: pd.Series) -> tuple[pd.Series, str]:
    """(the column, a note or ""): text that is numbers but for a few entries becomes numbers; empty text is missing."""
    if not is_text(column):
        return column, ""
    column = column.where(column.isna() | column.astype(str).str.strip().ne(""), None)
    there = column.dropna().astype(str)
    numbers = pd.to_numeric(there.str.strip(), errors="coerce")
    bad = there[numbers.isna()]
    if len(there) and len(bad) <= 0.1 * len(there):
        note = f"{len(bad):,} entries are not numbers, such as {bad.iloc[0][:40]!r}, and count as missing." if len(
            bad) else ""
        return pd.to_numeric(column.astype(object).where(~column.index.isin(bad.index), None)
                             .astype(str).str.strip(), errors="coerce"), note
    return column, ""


def is_text(column) -> bool:
    """Whether a column holds text or objects, categories of text included."""
    return not (types.is_numeric_dtype(column) or types.is_datetime64_any_dtype(column))


def kind_of(column: pd.Series) -> tuple[str, str]:
    """("number", "date", "category", "list" or "text", ""), or ("", why it cannot be a feature)."""
    there = column.dropna()
    if not len(there):
        return "", "it is empty in every row"
    if column.dtype == object and there.map(type).isin((list, dict, set, bytes)).any():
        return "", "its entries are lists or bytes, not single values"
    distinct = there.astype(str).nunique() if is_text(column) else there.nunique()
    if distinct == 1:
        clue = len(there) < len(column)
        return ("category", "") if clue else ("", "it has the same value in every row")
    if types.is_numeric_dtype(column):
        return "number", ""
    if types.is_datetime64_any_dtype(column):
        return "date", ""
    text = there.astype(str)
    look = text.iloc[:: max(1, len(text) // LOOK)]
    if look.map(lambda entry: bool(DATE.match(entry))).mean() > 0.9 and as_dates(look).notna().mean() > 0.9:
        return "date", ""
    if look.str.contains(LIST).mean() > 0.05 and _lists(look):
        return "list", ""
    if distinct <= MANY and distinct <= 0.5 * len(text) or distinct <= 0.05 * len(text):
        return "category", ""
    if look.str.contains(r"\w").mean() < 0.05:
        return "", "its entries hold no words"
    if look.str.strip().str.contains(r"\s").mean() < 0.3 and distinct > 0.9 * len(text):
        return "", "its entries are names or codes that hardly ever occur twice"
    return "text", ""


def parts_of(entry: str) -> list[str]:
    """The parts of an entry: ["Drama", "Crime"] for "Drama|Crime"."""
    return [part.strip() for part in re.split(LIST, entry) if part.strip()]


def _lists(entries) -> bool:
    """Whether the parts of entries are few, occur again and again, and are combined in many ways."""
    parts = entries.map(parts_of).explode()
    return 3 * parts.nunique() <= len(parts) and parts.nunique() < entries.nunique()


def sort(frame: pd.DataFrame, names) -> tuple[pd.DataFrame, dict[str, str], dict[str, str], list[str]]:
    """(frame with tidy columns, column -> kind, left out column -> why, notes) for the columns `names`.

    Dates are read here, once: reading text as dates is slow, and later uses find them done.
    """
    features, left_out, notes, ready = {}, {}, [], {}
    for name in names:
        ready[name], note = tidy(frame[name])
        notes += [f"{name!r}: {note}"] if note else []
        kind, why = kind_of(ready[name])
        if kind == "date":
            ready[name] = as_dates(ready[name])
        if kind:
            features[name] = kind
        else:
            left_out[name] = why
    return frame.assign(**ready), features, left_out, notes
