"""Tables that nobody here made: from scikit-learn, bokeh-sampledata and statsmodels. For tests and a table of results.

    PYTHONPATH=. python tests/own_data_tables.py            # what happens to each of them, in full size
"""
from __future__ import annotations

import sqlite3
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import bokeh_sampledata
import numpy as np
import pandas as pd
import statsmodels.datasets
from sklearn import datasets

from helpers import own_data

BOKEH = Path(bokeh_sampledata.__file__).parent / "_data"
MOST = 800  # rows in tests, where the size is not the point


def sklearn_set(name):
    return lambda: getattr(datasets, f"load_{name}")(as_frame=True).frame


def bokeh_set(name):
    return lambda: own_data.read(BOKEH / name)


def statsmodels_set(name):
    return lambda: getattr(statsmodels.datasets, name).load_pandas().data


def omdb():
    with sqlite3.connect(BOKEH / "movies.db") as connection:
        return pd.read_sql("select * from omdb", connection)


def population():
    table = own_data.read(BOKEH / "population.csv.gz").frame
    return table.sample(200_000, random_state=0)


@dataclass(frozen=True)
class Case:
    """A table, what is asked of it, and what it shows. expect: the kind of targets, or words of the refusal."""

    name: str
    load: object
    target: object
    expect: str
    shows: str
    options: dict = field(default_factory=dict)
    training: dict = field(default_factory=dict)
    refused: bool = False


CASES = [
    Case("diabetes", sklearn_set("diabetes"), "target", "amount", "numbers alone", {"kind": "amount"}),
    Case("breast cancer", sklearn_set("breast_cancer"), "target", "binary", "30 numbers"),
    Case("wine", sklearn_set("wine"), "target", "classes", "whole numbers that are classes", {"kind": "classes"}),
    Case("linnerud", sklearn_set("linnerud"), ["Weight", "Waist", "Pulse"], "several amounts", "20 rows"),
    Case("titanic", bokeh_set("titanic_all.csv"), "survived", "binary", "missing ages, names as text"),
    Case("penguins", bokeh_set("penguins.csv"), "species", "classes", "missing values, categories"),
    Case("auto-mpg", bokeh_set("auto-mpg.csv"), "mpg", "amount", "names of cars as text"),
    Case("superstore", bokeh_set("SampleSuperstore.csv.gz"), "Profit", "amount", "a constant column, many categories"),
    Case("glass", bokeh_set("forensic_glass.csv"), "type", "classes", "six classes, some rare"),
    Case("films of omdb", omdb, "Genre", "several labels",
         "labels in lists, dates, text, empty columns, an id"),
    Case("population", population, "Value", "amount", "200,000 rows"),
    Case("stocks", bokeh_set("stocks.csv.gz"), "Close", "amount", "dates, near-copies of the target"),
    Case("weather", bokeh_set("lincoln_weather.csv"), "TMAX", "amount", "dates, constant columns", {"kind": "amount"}),
    Case("doctor visits", statsmodels_set("randhie"), "mdvis", "count", "a count", {"kind": "count"}),
    Case("party", statsmodels_set("anes96"), "PID", "order", "seven steps, near-copies", {"kind": "order"}),
    Case("travel", statsmodels_set("modechoice"), "choice", "binary", "four rows a person",
         {"group": "individual"}, {"miss": 3.0}),
    Case("longley", statsmodels_set("longley"), "TOTEMP", "16 rows", "too few rows", refused=True),
    Case("airports", bokeh_set("airports.csv"), "Type", "binary", "an id, names, a class with 3 rows"),
    Case("airports, a constant", bokeh_set("airports.csv"), "source", "one value only", "a constant target",
         refused=True),
    Case("ratings", omdb, "imdbRating", "missing in every row", "an empty target", refused=True),
]


def main():
    """Print a Markdown table: what happened to each table, with 16 seeds and the training of the command."""
    from helpers.quiet import quiet

    with quiet():
        import keras  # noqa: F401
    print("| table | rows | targets | metric | model (median of 16 seeds) | best constant | "
          "95 % interval of the gain | better? | suspects | seconds |\n|---|---|---|---|---|---|---|---|---|---|")
    for case in CASES:
        if len(sys.argv) > 1 and case.name not in sys.argv[1:]:
            continue
        started, rows = time.perf_counter(), "?"
        try:
            table = case.load()
            rows = f"{len(getattr(table, 'frame', table)):,}"
            task = own_data.describe(table, case.target, **case.options)
            result = own_data.train(own_data.prepare(task), **case.training)
            names = ", ".join(dict.fromkeys(s.column for s in task.suspects)) or "none"
            cells = [task.kind, result.metric, f"{np.nanmedian(result.values):.4g}", f"{result.baseline:.4g}",
                     "{:.3g} to {:.3g}".format(*result.interval), "yes" if result.better else "not shown", names]
        except own_data.OwnDataError as error:
            cells = [f"refused: {error}", *["–"] * 6]
        print("|", " | ".join([case.name, rows, *cells, f"{time.perf_counter() - started:.0f}"]), "|", flush=True)


if __name__ == "__main__":
    main()
