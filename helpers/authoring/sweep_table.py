"""The table of a sweep: claim × share of base seeds on which it held × interval × worst base seed."""
from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass

from helpers.claims import interval_of_share

COLUMNS = ["notebook", "claim", "required", "held", "of", "share", "low", "high", "worst_seed", "worst_held",
           "worst_of", "worst_median", "worst_value", "few", "missing"]


@dataclass
class Row:
    """One claim over all base seeds. held, of: base seeds on which it held, and on which it was made. share, with its
    exact 95% interval low to high (Clopper and Pearson). worst_…: the base seed that speaks most against it: how many
    of its seeds held, and their median and worst evidence. few: whether it held on too few base seeds. missing: the
    number of runs that ended without making it.
    """

    notebook: str
    claim: str
    required: str
    held: int
    of: int
    share: float
    low: float
    high: float
    worst_seed: int
    worst_held: int
    worst_of: int
    worst_median: float | None
    worst_value: float | None
    few: bool
    missing: int


def rows(results: list[dict], share: float = 1.0) -> list[Row]:
    """One row for each claim of each notebook, in their order; `share` of the base seeds must hold.

    results: as `runs.execute` returns them. Sentences that a notebook claims twice are told apart by their place.
    """
    by_claim: dict[tuple, dict] = {}
    ended: dict[str, set] = {}
    for result in sorted(results, key=lambda r: (r["notebook"], r["seed"])):
        notebook, seed = result["notebook"], result["seed"]
        ended.setdefault(notebook, set()).update([seed] if result["error"] is None else [])
        places: dict[str, int] = {}
        for record in result["claims"]:
            place = places[record["sentence"]] = places.get(record["sentence"], 0) + 1
            by_claim.setdefault((notebook, record["sentence"], place), {})[seed] = record
    return [_row(notebook, sentence, made, len(ended[notebook] - set(made)), share)
            for (notebook, sentence, _), made in by_claim.items()]


def _row(notebook, sentence, made, missing, share):
    held, of = sum(record["holds"] for record in made.values()), len(made)
    seed = min(made, key=lambda seed: _for_it(made[seed]))
    worst = made[seed]
    low, high = interval_of_share(held, of)
    required = f"{worst['order']} {worst['bound']:g}" + ("" if worst["share"] == 1 else f" on {worst['share']:.0%}")
    return Row(notebook, sentence, required, held, of, held / of, low, high, seed, worst["held"], worst["seeds"],
               worst["median"], worst["worst"], held < share * of - 1e-9, missing)


def _for_it(record):
    """How well a base seed speaks for the claim: by the share of its seeds, then by its worst evidence."""
    if record["worst"] is None:  # NaN or infinite evidence
        return (-1.0, 0.0)
    margin = record["worst"] - record["bound"]
    return (record["held"] / record["seeds"], margin if record["order"] in (">", ">=") else -margin)


def markdown(table: list[Row]) -> str:
    """The table to read."""
    lines = ["| notebook | claim | must be | held on base seeds | share, 95% interval | worst base seed |",
             "|---|---|---|---|---|---|"]
    for row in table:
        numbers = ("evidence not finite" if row.worst_value is None else
                   f"median {row.worst_median:.3g}, worst {row.worst_value:.3g}")
        held = f"{row.held} of {row.of}" + " **too few**" * row.few
        held += f" **missing in {row.missing}**" if row.missing else ""
        lines.append(f"| {row.notebook} | {row.claim.replace('|', '/')} | {row.required} | {held} "
                     f"| {row.share:.0%}, {row.low:.0%} to {row.high:.0%} "
                     f"| {row.worst_seed}: {row.worst_held} of {row.worst_of} seeds, {numbers} |")
    return "\n".join(lines) + "\n"


def as_csv(table: list[Row]) -> str:
    """The table for a spreadsheet."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in table)
    return text.getvalue()


def as_json(table: list[Row], results: list[dict]) -> str:
    """The table with every record of every run behind it."""
    return json.dumps({"claims": [asdict(row) for row in table], "runs": results}, indent=1) + "\n"
