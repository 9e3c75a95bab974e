"""The table of films: what its columns mean, and reading it with one clear sentence for every kind of damage."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

FILMS_PATH = Path(__file__).with_name("films.csv.gz")
# Of the decompressed text: compressed bytes may differ with the zlib version.
TEXT_SHA256 = "382167d560e1c06d4449b3b74dccc193b5f965cb65ab5c0fe3e58c50822764d8"
SOURCE = "Wikidata contributors, snapshot of 2026-10-18, by way of movies.db in bokeh-sampledata 2026.1"
LICENSE = "CC0-1.0"
ROW = "One film released from 1940 through 2014 that has a Rotten Tomatoes statement in Wikidata."

FIELDS = {
    "id": "number of the film's Wikidata item: 44578 is https://www.wikidata.org/wiki/Q44578",
    "title": "title in English, or in another language where Wikidata has no English one",
    "year": "calendar year of the first release on record",
    "month": "month of that release, 1 to 12; missing where only the year is known (dated January 1)",
    "runtime_minutes": "running time in minutes",
    "genres": 'kinds of film, separated by "|", in no known order',
    "languages": 'original languages, separated by "|", in alphabetical order: the first is not the main one',
    "countries": 'countries of origin, separated by "|", in alphabetical order: the first is not the main one',
    "certificate": "age rating in the United States: G, PG, PG-13, R, NC-17, or an older one",
    "metacritic": "Metacritic's weighted mean of reviews, 0 to 100 points",
    "tomatometer": "share of critics' reviews that are positive, 0 to 100 percent",
    "critics_rating": "Rotten Tomatoes' mean of critics' ratings, 0 to 10 points",
    "reviews": "number of critics' reviews behind the Tomatometer",
    "box_office_usd": "largest gross on record, in US dollars of the day (not adjusted for inflation)",
    "oscars": "number of Academy Award categories recorded as won; 0 where none is recorded",
    "split": "train, validation or test (60, 20 and 20 %), from a hash of the id: the same in every task",
}
COLUMNS = tuple(FIELDS)
TEXT_COLUMNS = {"title", "genres", "languages", "countries", "certificate", "split"}
WHOLE_COLUMNS = {"id", "year", "oscars"}  # never missing, so they can be integers

LATER = "Reviews, ratings, Tomatometer, Metacritic and Oscars come after the release"
FAME = "Whether a field is filled in depends on how famous the film became: a missing value is itself a clue."
SIBLINGS = "Sequels and re-edited versions are rows of their own and may stand in different splits."


class DataError(Exception):
    """The data file is missing or damaged. The message says what is wrong and what to do."""


@dataclass(frozen=True, eq=False, repr=False)
class Films:
    """All films. `table` has one row a film and the columns that `fields` explains; missing is NaN."""

    table: pd.DataFrame
    fields: dict[str, str]
    row: str
    leaks: tuple[str, ...]
    license: str = LICENSE
    source: str = SOURCE

    def __repr__(self) -> str:
        return f"<{len(self.table):,} films, {len(self.fields)} fields, {self.license}>"


def films(path: Path = FILMS_PATH) -> Films:
    """Return all 17,472 films. Raises DataError if the file is missing or damaged."""
    import pandas as pd  # here, because the tasks need no pandas and its import takes most of a second

    leaks = (f"{LATER}: they cannot serve a prediction made before it.", FAME, SIBLINGS)
    return Films(pd.DataFrame(read(path)), dict(FIELDS), ROW, leaks)


def read(path: Path) -> dict[str, np.ndarray]:
    """Return column name → array, in the order of the file: numbers with NaN, text with None where missing."""
    lines = csv.reader(io.StringIO(_text(Path(path)), newline=""))
    header = next(lines)
    columns = dict(zip(header, zip(*lines, strict=True), strict=True))
    for name, values in columns.items():
        if name in TEXT_COLUMNS:
            columns[name] = np.array([value or None for value in values], dtype=object)
        elif name in WHOLE_COLUMNS:
            columns[name] = np.array(values, dtype=np.int64)
        else:
            columns[name] = np.array([value or "nan" for value in values], dtype=np.float64)
    return columns


def _text(path: Path) -> str:
    """Return the decompressed text of the extract, or raise DataError with one clear sentence."""
    remedy = f"Run `git checkout -- helpers/data/{FILMS_PATH.name}`, or download the project again."
    try:
        packed = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"The films are missing: there is no file {path}. {remedy}") from None
    except OSError as error:
        raise DataError(f"The films cannot be read from {path}: {error.strerror}. {remedy}") from error
    if not packed:
        raise DataError(f"The file of films is empty: {path}. {remedy}")
    try:
        text = gzip.decompress(packed)
    except EOFError:
        raise DataError(f"The file of films breaks off before its end: {path}. {remedy}") from None
    except (OSError, zlib.error):
        raise DataError(f"The file of films is damaged: {path} is not the compressed table. {remedy}") from None
    if hashlib.sha256(text).hexdigest() != TEXT_SHA256:
        raise DataError(f"The file of films has been changed: {path} is not the table of this project. {remedy}")
    return text.decode("utf-8")
