"""The stored training runs with known causes, and new ones on request."""
from __future__ import annotations

import csv
import gzip
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

PATH = Path(__file__).parents[1] / "data" / "curves.csv.gz"
FAMILIES = ("build", "held-out")
UNSEEN_FROM = 100_000  # numbers of patients from here on are not stored


@dataclass(frozen=True)
class Case:
    """A training run with one planted cause.

    history: name -> list, one value an epoch, as `fit` records it. baseline: the loss of the best constant. `cause`
    and `settings` are not shown by `repr`, so that a case can be a riddle; `reveal()` tells them.
    """

    history: dict[str, list[float]] = field(repr=False)
    baseline: float
    cause: str = field(repr=False)
    settings: dict = field(repr=False)

    def reveal(self) -> str:
        """One sentence: the cause, and the settings of the run."""
        s = self.settings
        return (f"{self.cause}: {s['scene'].replace('_', ' ')}, {s['rows']} rows for training and validation, "
                f"{s['depth']} hidden layers of {s['width']}, {s['optimizer']} at {float(s['rate']):.2g}, "
                f"batches of {s['batch_size']}, {s['epochs']} epochs.")


def cases(family: str) -> list[Case]:
    """The stored runs of a family: "build" (the rules were made on these) or "held-out" (other data, other settings).

    Raises ValueError for another name, and for a file that is missing.
    """
    if family not in FAMILIES:
        raise ValueError(f"There is no family {family!r}: choose \"build\" or \"held-out\".")
    return [case for case in _all() if case.settings["family"].startswith(family)]


def unseen(seed: int, cause: str | None = None) -> Case:
    """A new training run that nobody has seen, on held-out data, with a cause that the seed draws. Takes seconds.

    The same seed gives the same case. cause: one of `CAUSES`, if you do not want it drawn.
    """
    import numpy as np

    from helpers.curves import confirm, patients

    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"seed is {seed!r}: it must be a whole number from 0 on.")
    if cause is not None and cause not in patients.CAUSES:
        raise ValueError(f"There is no cause {cause!r}: choose {', '.join(patients.CAUSES)}.")
    cause = cause or str(np.random.default_rng(seed).choice(list(patients.CAUSES)))
    patient, base = next(confirm.confirmed_from(cause, "held-out", UNSEEN_FROM + 1000 * int(seed)))
    return Case(patients.train(patient), base, cause, asdict(patient))


@cache
def _all() -> tuple[Case, ...]:
    try:
        with gzip.open(PATH, "rt", encoding="utf-8", newline="") as file:
            return tuple(_case(row) for row in csv.DictReader(file))
    except FileNotFoundError:
        raise ValueError(f"The stored runs are missing: there is no file {PATH}. Run "
                         f"`git checkout -- helpers/data/{PATH.name}`, or download the project again.") from None


def _case(row: dict) -> Case:
    names = {"loss": "loss", "metric": row["name"], "val_loss": "val_loss", "val_metric": f"val_{row['name']}"}
    history = {name: [float(v) for v in row[column].split()] for column, name in names.items()}
    settings = {key: value for key, value in row.items() if key not in (*names, "name", "baseline")}
    return Case(history, float(row["baseline"]), row["cause"], settings)
