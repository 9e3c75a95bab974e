"""Make ``films.csv.gz`` from the film database in the package ``bokeh-sampledata`` 2026.1.

Learners never need this: the extract is part of the repository. To make it again::

    pip download bokeh-sampledata==2026.1 --no-deps
    unzip bokeh_sampledata-2026.1-py3-none-any.whl "bokeh_sampledata/_data/movies.db"
    python -m helpers.data.make_films bokeh_sampledata/_data/movies.db

With no path, an installed ``bokeh_sampledata`` is used if there is one.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import importlib.util
import io
import os
import sqlite3
import sys
from pathlib import Path

from helpers.data import COLUMNS, FILMS_PATH, TEXT_SHA256, DataError, split_of

DATABASE_SHA256 = "1d9c6a02e488d0354b2309e16130c58820a91ac2ce417e814c5964f9579a65ac"
HOW_TO_GET_IT = (
    "Run `pip download bokeh-sampledata==2026.1 --no-deps`, unzip the wheel, and pass the path of "
    "bokeh_sampledata/_data/movies.db: `python -m helpers.data.make_films PATH/movies.db`."
)
QUERY = """
    SELECT o.ID, o.Title, o.Year, o.Released, o.Runtime, o.Genre, o.Language, o.Country, o.Rating,
           o.Metacritic, t.Meter, t.Rating, t.Reviews, t.BoxOffice, o.Oscars
    FROM omdb AS o JOIN tomatoes AS t ON o.ID = t.ID
    ORDER BY o.ID
"""


def month_of(released: str) -> str:
    """Return the month "1" to "12" of a date YYYY-MM-DD, or "" for January 1.

    Two films in three are dated January 1: there the source knows the year only.
    """
    _, month, day = released.split("-")
    return "" if (month, day) == ("01", "01") else str(int(month))


def number(value: float | None) -> str:
    """Write a number as short as it can be without changing it; nothing for a missing one."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(value)


def names(value: str | None) -> str:
    """Turn the source's "Drama, Crime" into "Drama|Crime"."""
    return (value or "").replace(", ", "|")


def extract(database: Path) -> bytes:
    """Return the extract as CSV text in UTF-8: a header and one line for each film, ordered by id.

    Raises DataError if `database` is missing or is not the file from bokeh-sampledata 2026.1.
    """
    try:
        found = hashlib.sha256(database.read_bytes()).hexdigest()
    except OSError as error:
        raise DataError(f"{database} cannot be read ({error.strerror}). {HOW_TO_GET_IT}") from error
    if found != DATABASE_SHA256:
        raise DataError(
            f"{database} is not movies.db of bokeh-sampledata 2026.1: its SHA-256 is {found[:12]}…, "
            f"and {DATABASE_SHA256[:12]}… is needed. {HOW_TO_GET_IT}"
        )
    connection = sqlite3.connect(database)
    try:
        rows = connection.execute(QUERY).fetchall()
    finally:
        connection.close()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for film_id, title, year, released, runtime, genres, languages, countries, certificate, *numbers in rows:
        writer.writerow([
            film_id, title, year, month_of(released), number(runtime), names(genres), names(languages),
            names(countries), certificate or "", *map(number, numbers), split_of(film_id),
        ])  # fmt: skip
    return text.getvalue().encode("utf-8")


def write(text: bytes, path: Path) -> None:
    """Compress `text` to `path` so that the same text gives the same bytes, and never leave half a file."""
    unfinished = path.with_name(path.name + ".part")
    with open(unfinished, "wb") as file, gzip.GzipFile("", "wb", compresslevel=9, fileobj=file, mtime=0) as packed:
        packed.write(text)  # no file name, no time and no operating system in the header
    os.replace(unfinished, path)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, or 1 after one sentence on what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m helpers.data.make_films", description="Make films.csv.gz.")
    parser.add_argument("database", nargs="?", type=Path, help="movies.db of bokeh-sampledata 2026.1")
    parser.add_argument("--output", type=Path, default=FILMS_PATH, help="default: %(default)s")
    options = parser.parse_args(arguments)
    database = options.database
    if database is None:
        # find_spec looks the package up without importing it: its import needs bokeh.
        package = importlib.util.find_spec("bokeh_sampledata")
        if package is None or not package.submodule_search_locations:
            print(f"bokeh-sampledata is not installed here. {HOW_TO_GET_IT}", file=sys.stderr)
            return 1
        database = Path(package.submodule_search_locations[0]) / "_data" / "movies.db"
    try:
        text = extract(database)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    write(text, options.output)
    films, size, digest = text.count(b"\n") - 1, options.output.stat().st_size, hashlib.sha256(text).hexdigest()
    print(f"{options.output}: {films:,} films, {size:,} bytes, SHA-256 of the text {digest}")
    if digest != TEXT_SHA256:
        print("The text has changed: put its SHA-256 into TEXT_SHA256 in helpers/data/film_table.py.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
