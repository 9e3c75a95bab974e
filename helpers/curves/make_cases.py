"""Make the stored training runs: python -m helpers.curves.make_cases

Draws patients of each cause until enough are confirmed, trains them, and writes helpers/data/curves.csv.gz: one row a
run, with its settings, the loss of the best constant, and four curves of four significant digits.
"""
from __future__ import annotations

import csv
import gzip
import io
import os
import sys
from dataclasses import asdict, fields
from pathlib import Path

PATH = Path(__file__).parents[1] / "data" / "curves.csv.gz"
RUNS = 30  # of each cause in each family
CURVES = ("loss", "metric", "val_loss", "val_metric")


def confirmed_patients(family: str, cause: str, how_many: int):
    """Yield (patient, baseline, history) for the first confirmed patients of a cause."""
    from helpers.curves import confirm, patients

    number, found = 0, 0
    while found < how_many:
        patient = patients.draw(cause, family, number)
        number += 1
        base = patients.baseline(patient)
        if confirm.confirmed(patient, base):
            found += 1
            yield patient, base, patients.train(patient)
    print(f"{family}, {cause}: {how_many} confirmed of {number} drawn", file=sys.stderr, flush=True)


def rows(family: str, how_many: int = RUNS):
    """Yield the runs of a family as dicts of strings, as they are stored."""
    from helpers.curves import patients

    for cause in patients.CAUSES:
        for patient, base, history in confirmed_patients(family, cause, how_many):
            metric = next(name for name in history if name not in ("loss", "val_loss"))
            names = ("loss", metric, "val_loss", f"val_{metric}")
            curves = {c: " ".join(f"{v:.4g}" for v in history[n]) for c, n in zip(CURVES, names, strict=True)}
            yield {**asdict(patient), "baseline": f"{base:.4g}", "name": metric, **curves}


def write(all_rows, path=PATH) -> None:
    """Write the rows; the same rows give the same bytes."""
    from helpers.curves.patients import Patient

    text = io.StringIO()
    columns = [*(f.name for f in fields(Patient)), "baseline", "name", *CURVES]
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(all_rows)
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.getvalue().encode())


def main() -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices this small are faster on one core
    write([row for family in ("build", "held-out") for row in rows(family)])


if __name__ == "__main__":
    main()
