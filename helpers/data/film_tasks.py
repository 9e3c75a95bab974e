"""Four tasks made from the films: regression, binary, multilabel and multiclass classification."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from helpers.data.film_table import FAME, FILMS_PATH, LATER, LICENSE, ROW, SIBLINGS, SOURCE, read
from helpers.data.task import Task, in_splits, standardized

TOP_GENRES = ("Drama", "Comedy", "Romance", "Action", "Crime", "Thriller",
              "Horror", "Documentary", "Sci-Fi", "Fantasy", "Adventure", "Musical")  # fmt: skip
TOP_LANGUAGES = ("English", "French", "Spanish", "German", "Italian",
                 "Japanese", "Hindi", "Russian", "Arabic", "Hebrew")  # fmt: skip
TOP_COUNTRIES = ("United States", "United Kingdom", "France", "Germany", "Canada",
                 "Italy", "Australia", "Japan", "Spain", "India")  # fmt: skip
CERTIFICATES = ("G", "PG", "PG-13", "R")  # from the youngest audience to the oldest


def box_office(path: Path = FILMS_PATH) -> Task:
    """Return the regression task: predict a film's gross in millions of US dollars from what is known before release.

    Only the 2,760 films whose gross is recorded. y is float32. Raises DataError as `films` does.
    """
    columns = read(path)
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
    columns = read(path)
    features, units = _known_before_release(columns)
    _add_reviews(features, units, columns)
    y = (columns["oscars"] > 0).astype(np.int64)
    leaks = (
        "Reviews were counted years after the awards, and an award brings reviews: the count leaks the answer.",
        "Metacritic, Tomatometer and critics' rating go along with awards, and part of them is later.",
        FAME,
        "Awards on record are incomplete, so some 0 should be 1.",
        SIBLINGS,
    )
    return _task("oscars", columns, features, y, units | {"y": "1 = at least one Oscar, 0 = none recorded"}, leaks)


def genres(path: Path = FILMS_PATH) -> Task:
    """Return the multilabel task: which of the ten most frequent genres does a film have?

    Only the 16,587 films with at least one of the ten: for 443 films no genre is recorded, so a row of zeros would
    mean "unknown" there, and the other 442 have rarer genres only. y is float32, shape (n, 10): 1 where the film has
    the genre of that column, else 0; `classes` names the columns. 1.79 labels a film. Nothing in X is a genre.
    Raises DataError as `films` does.
    """
    columns, classes = read(path), TOP_GENRES[:10]
    y = np.column_stack([_listed(columns, "genres", genre) for genre in classes]).astype(np.float32)
    some = y.any(axis=1)
    columns, y = {name: values[some] for name, values in columns.items()}, y[some]
    features, units = _year_and_runtime(columns)
    _add_lists(features, units, columns, [("languages", TOP_LANGUAGES), ("countries", TOP_COUNTRIES)])
    _add_reviews(features, units, columns)
    for certificate in CERTIFICATES:
        features[certificate] = (columns["certificate"] == certificate).astype(float)
        units[certificate] = f"1 = the film's certificate is {certificate}, 0 = it is another or unknown"
    features["certificate_missing"] = np.array([entry is None for entry in columns["certificate"]], dtype=float)
    units["certificate_missing"] = "1 = no certificate is recorded, 0 = one is"
    leaks = (
        "Films without any of the ten genres are left out, so y never is a row of zeros; a new film's can be.",
        "Genres are recorded unevenly: Psycho (1960) is also Drama and Crime, its remake (1998) is not.",
        "Ratings, reviews and certificates are no genres, but they came after the film: this completes a catalog.",
        FAME,
        SIBLINGS,
    )
    units |= {"y": "1 = has the genre, 0 = has not"}
    return _task("genres", columns, features, y, units, leaks, classes)


def certificates(path: Path = FILMS_PATH) -> Task:
    """Return the multiclass task: which age rating did a film get in the United States: G, PG, PG-13 or R?

    Only the 2,498 films that have one of the four. y is int64, shape (n,): 0 = G, 1 = PG, 2 = PG-13, 3 = R, which is
    the order of `classes`. Imbalanced: R 1,124, PG 644, PG-13 525, G 205. Raises DataError as `films` does.
    """
    columns = read(path)
    some = np.isin(columns["certificate"].astype(str), CERTIFICATES)
    columns = {name: values[some] for name, values in columns.items()}
    y = np.array([CERTIFICATES.index(entry) for entry in columns["certificate"]], dtype=np.int64)
    features, units = _year_and_runtime(columns)
    _add_lists(features, units, columns,
               [("genres", TOP_GENRES), ("languages", ("English",)), ("countries", ("United States",))])
    _add_reviews(features, units, columns)
    leaks = (
        "PG-13 exists only since 1984, G and R since 1968, PG since 1972: the year tells which are possible.",
        "Older films carry the certificate of a later release, so 14 PG-13 films are from before 1984.",
        "A certificate is on record for 15 % of the films, mostly the better known ones.",
        "NC-17 (42 films) and the older GP, M, M/PG and X are left out.",
        "Ratings and reviews came after the certificate: this completes a catalog.",
        SIBLINGS,
    )
    units |= {"y": "0 = G, 1 = PG, 2 = PG-13, 3 = R"}
    return _task("certificates", columns, features, y, units, leaks, CERTIFICATES)


# What the tasks share


def _known_before_release(columns: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Return features (name → values, NaN where missing) and units of what is known before the release."""
    features, units = _year_and_runtime(columns)
    _add_lists(features, units, columns,
               [("genres", TOP_GENRES), ("languages", ("English",)), ("countries", ("United States",))])
    return features, units


def _year_and_runtime(columns):
    features = {"year": columns["year"], "runtime_minutes": columns["runtime_minutes"]}
    return features, {"year": "calendar year", "runtime_minutes": "minutes"}


def _add_reviews(features, units, columns) -> None:
    """Add what critics said, and how many of them."""
    for name, unit in [("metacritic", "points"), ("tomatometer", "percent"), ("critics_rating", "points")]:
        features[name], units[name] = columns[name], unit
    features["log10_reviews"] = np.log10(columns["reviews"])
    units["log10_reviews"] = "log10 of a number of reviews"


def _add_lists(features, units, columns, wanted) -> None:
    """Add a column of 0 and 1 for each name, for wanted = [(column of the table, names), …]."""
    for column, names in wanted:
        for name in names:
            features[name] = _listed(columns, column, name)
            units[name] = f"1 = {name} is among the film's {column}, 0 = it is not"


def _listed(columns, column: str, name: str) -> np.ndarray:
    """1.0 where `name` is in the film's list, else 0.0; shape (films,)."""
    return np.array([name in (entry or "").split("|") for entry in columns[column]], dtype=float)


def _task(name, columns, features, y, units, leaks, classes=()) -> Task:
    ready, scaling, units = standardized(features, columns["split"] == "train", units)
    X = np.column_stack(list(ready.values())).astype(np.float32)
    return Task(name=name, **in_splits(X, y, columns["title"], columns["split"]), feature_names=tuple(ready),
                scaling=scaling, units=units, row=ROW, leaks=leaks, license=LICENSE, source=SOURCE, classes=classes)
