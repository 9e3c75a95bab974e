"""Measure how often each finding is right on the building runs: python -m helpers.curves.measure

Writes measured.json: for each kind of history, finding and cause the number of building runs.
"""
from __future__ import annotations

import json

from helpers.curves import diagnosis, features
from helpers.curves.history import curves_of
from helpers.curves.stored import cases

MODES = {"with baseline": (True, True), "without baseline": (True, False), "training only": (False, False)}


def seen(case, mode: str):
    """The history and the baseline of a case, as far as this mode shows them."""
    validation, base = MODES[mode]
    history = {name: values for name, values in case.history.items() if validation or not name.startswith("val_")}
    return history, case.baseline if base else None


def count(all_cases) -> dict:
    """mode -> finding -> cause -> number of runs."""
    counts = {}
    for mode in MODES:
        for case in all_cases:
            history, base = seen(case, mode)
            code = diagnosis.finding_of(features.measure(curves_of(history, None, base)[0])).code
            by_cause = counts.setdefault(mode, {}).setdefault(code, {})
            by_cause[case.cause] = by_cause.get(case.cause, 0) + 1
    return counts


def main() -> None:
    diagnosis.MEASURED.write_text(json.dumps(count(cases("build")), indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
