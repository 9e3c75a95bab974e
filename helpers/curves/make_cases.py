"""Make the stored training runs: python -m helpers.curves.make_cases

Draws patients of each cause until enough are confirmed, trains them, and writes helpers/data/curves.csv.gz: one row a
run, with its settings, the loss of the best constant, and four curves of four significant digits.
"""
from __future__ import annotations

import csv
import gzip
import io
import sys
from dataclasses import asdict, fields
from itertools import islice

from helpers.curves import confirm, patients, scenes
from helpers.curves.stored import PATH

RUNS = 30  # of each cause in each family
CURVES = ("loss", "metric", "val_loss", "val_metric")


def rows(family: str, how_many: int = RUNS):
    """Yield the runs of a family as dicts of strings, as they are stored."""
    for cause in patients.CAUSES:
        for patient, base in islice(confirm.confirmed_from(cause, family, 0), how_many):
            history = patients.train(patient)
            metric = next(name for name in history if name not in ("loss", "val_loss"))
            names = ("loss", metric, "val_loss", f"val_{metric}")
            curves = {c: " ".join(f"{v:.4g}" for v in history[n]) for c, n in zip(CURVES, names, strict=True)}
            yield {**asdict(patient), "baseline": f"{base:.4g}", "name": metric, **curves}
        print(f"{family}, {cause}: {how_many} confirmed of {patient.number + 1} drawn", file=sys.stderr, flush=True)


def write(all_rows, path=PATH) -> None:
    """Write the rows; the same rows give the same bytes."""
    text = io.StringIO()
    columns = [*(f.name for f in fields(patients.Patient)), "baseline", "name", *CURVES]
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(all_rows)
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.getvalue().encode())


def main() -> None:
    write([row for family in scenes.FAMILIES for row in rows(family)])


if __name__ == "__main__":
    main()
