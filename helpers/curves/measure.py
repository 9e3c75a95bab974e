"""Measure how often each finding is right on the building runs: python -m helpers.curves.measure

Writes measured.json: for each kind of history, finding, data set and cause the number of building runs.
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


def features_of(case, mode: str) -> dict[str, float]:
    """The features of a case, as far as this mode shows it."""
    history, base = seen(case, mode)
    return features.measure(curves_of(history, None, base)[0])


def count(all_cases) -> dict:
    """mode -> finding -> data set -> cause -> number of runs."""
    counts = {}
    for mode in MODES:
        for case in all_cases:
            code = diagnosis.finding_of(features_of(case, mode)).code
            by_cause = counts.setdefault(mode, {}).setdefault(code, {}).setdefault(case.settings["scene"], {})
            by_cause[case.cause] = by_cause.get(case.cause, 0) + 1
    return counts


def main() -> None:
    text = json.dumps(count(cases("build")), sort_keys=True, separators=(",", ":"))
    diagnosis.MEASURED.write_text(text.replace("}},", "}},\n") + "\n", encoding="utf-8")  # a line for each finding


if __name__ == "__main__":
    main()
