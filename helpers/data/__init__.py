"""The films: one table, and two prediction tasks made from it. No network, no TensorFlow.

>>> from helpers import data
>>> films = data.films()            # 17,472 films: films.table, films.fields, films.leaks, ...
>>> task = data.box_office()        # regression: task.X_train, task.y_train, ...
>>> task = data.oscars()            # binary classification, 4.1 % positive

README.md beside this file says where the data come from and what is wrong with them.
"""

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
TOP_GENRES = ("Drama", "Comedy", "Romance", "Action", "Crime", "Thriller",
              "Horror", "Documentary", "Sci-Fi", "Fantasy", "Adventure", "Musical")  # fmt: skip

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


@dataclass(frozen=True, eq=False, repr=False)
class Task:
    """Features and one target for three splits of the films.

    X_*: float32, shape (films, features). Numbers are standardized with the mean and the standard
    deviation of the training films (`scaling`); columns of 0 and 1 stay as they are.
    y_*: shape (films,). `units` gives the unit of every feature before scaling, and of "y".
    """

    name: str
    X_train: np.ndarray
    y_train: np.ndarray
    X_val: np.ndarray
    y_val: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    titles_train: np.ndarray
    titles_val: np.ndarray
    titles_test: np.ndarray
    feature_names: tuple[str, ...]
    scaling: dict[str, tuple[float, float]]
    units: dict[str, str]
    row: str
    leaks: tuple[str, ...]
    license: str = LICENSE
    source: str = SOURCE

    def __repr__(self) -> str:
        sizes = f"{len(self.y_train):,} + {len(self.y_val):,} + {len(self.y_test):,}"
        return f"<{self.name}: {sizes} films, {len(self.feature_names)} features; y: {self.units['y']}>"


def films(path: Path = FILMS_PATH) -> Films:
    """Return all 17,472 films. Raises DataError if the file is missing or damaged."""
    import pandas as pd  # here, because the two tasks need no pandas and its import takes most of a second

    leaks = (f"{LATER}: they cannot serve a prediction made before it.", FAME, SIBLINGS)
    return Films(pd.DataFrame(_read(path)), dict(FIELDS), ROW, leaks)


def box_office(path: Path = FILMS_PATH) -> Task:
    """Return the regression task: predict a film's gross in millions of US dollars from what is known before release.

    Only the 2,760 films whose gross is recorded. y is float32. Raises DataError as `films` does.
    """
    columns = _read(path)
    known = ~np.isnan(columns["box_office_usd"])
    columns = {name: values[known] for name, values in columns.items()}
    features, units = _known_before_release(columns)
    y = (columns["box_office_usd"] / 1e6).astype(np.float32)
    leaks = (
        f"{LATER}, so they are left out.",
        "The month is left out: the source knows it for 56 % of these films, and more often for famous ones.",
        "The certificate is left out: where it is recorded, the median gross is almost three times as large.",
        "Only films with a recorded gross are here, and those are mostly the better known ones.",
        "Six gross values are below 800 dollars, surely recorded in another unit; they are kept as they are.",
        "Some gross values are worldwide and some are not.",
        "Dollars of the day: part of the trend over the years is inflation.",
        SIBLINGS,
    )
    return _task("box office", columns, features, y, units | {"y": "millions of US dollars"}, leaks)


def oscars(path: Path = FILMS_PATH) -> Task:
    """Return the binary task: has the film won any Oscar? All 17,472 films, 4.1 % of them positive.

    y is int64: 1 (the positive class) for at least one recorded Oscar, else 0. Raises DataError as `films` does.
    """
    columns = _read(path)
    features, units = _known_before_release(columns)
    for name, unit in [("metacritic", "points"), ("tomatometer", "percent"), ("critics_rating", "points")]:
        features[name], units[name] = columns[name], unit
    features["log10_reviews"] = np.log10(columns["reviews"])
    units["log10_reviews"] = "log10 of a number of reviews"
    y = (columns["oscars"] > 0).astype(np.int64)
    leaks = (
        "Reviews were counted years after the awards, and an award brings reviews: the count leaks the answer.",
        "Metacritic, Tomatometer and critics' rating go along with awards, and part of them is later.",
        FAME,
        "Awards on record are incomplete, so some 0 should be 1.",
        SIBLINGS,
    )
    return _task("oscars", columns, features, y, units | {"y": "1 = at least one Oscar, 0 = none recorded"}, leaks)


def _known_before_release(columns: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Return the features (name → values, NaN where missing) and their units that both tasks share."""
    features = {"year": columns["year"], "runtime_minutes": columns["runtime_minutes"]}
    units = {"year": "calendar year", "runtime_minutes": "minutes"}
    listed = [("genres", genre) for genre in TOP_GENRES]
    listed += [("languages", "English"), ("countries", "United States")]
    for column, name in listed:
        features[name] = np.array([name in (entry or "").split("|") for entry in columns[column]], dtype=float)
        units[name] = f"1 = {name} is among the film's {column}, 0 = it is not"
    return features, units


def _task(name, columns, features, y, units, leaks) -> Task:
    """Fill in, standardize and split: every statistic comes from the training films alone."""
    train = columns["split"] == "train"
    ready, scaling, units = {}, {}, dict(units)
    for feature, values in features.items():
        values = values.astype(float)
        missing = np.isnan(values)
        values = np.where(missing, np.nanmedian(values[train]), values)
        if not np.isin(values, (0, 1)).all():
            mean, std = float(values[train].mean()), float(values[train].std())
            values, scaling[feature] = (values - mean) / std, (mean, std)
        ready[feature] = values
        if missing.any():
            ready[f"{feature}_missing"] = missing.astype(float)
            units[f"{feature}_missing"] = f"1 = {feature} is missing and the training median stands in, 0 = it is known"
    X = np.column_stack(list(ready.values())).astype(np.float32)
    parts = {}
    for split, short in [("train", "train"), ("validation", "val"), ("test", "test")]:
        here = columns["split"] == split
        parts |= {f"X_{short}": X[here], f"y_{short}": y[here], f"titles_{short}": columns["title"][here]}
    return Task(name=name, **parts, feature_names=tuple(ready), scaling=scaling, units=units, row=ROW, leaks=leaks)


def _read(path: Path) -> dict[str, np.ndarray]:
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
