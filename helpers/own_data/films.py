"""The table that is used where a person gives none: the films, as one CSV."""

from __future__ import annotations

from pathlib import Path

from helpers.data import films

LEFT_OUT = ["id", "split", "oscars"]  # the number of the item, a split of our own, and the target under another name


def example(path) -> Path:
    """Write the films as CSV: their columns (see `helpers.data.FIELDS`) and "won_oscar", "yes" or "no"."""
    table = films().table
    won = table["oscars"].gt(0).map({True: "yes", False: "no"})
    table.drop(columns=LEFT_OUT).assign(won_oscar=won).to_csv(path, index=False, encoding="utf-8")
    return Path(path)
