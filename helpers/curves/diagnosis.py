"""`diagnose`: from a history to a reading."""
from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

from helpers.curves.features import measure
from helpers.curves.history import Curves, curves_of
from helpers.curves.reading import Reading
from helpers.curves.rules import FINDINGS, Finding, broken

MEASURED = Path(__file__).with_name("measured.json")
ENOUGH = 5  # epochs below which nothing is said
TRUSTED = 0.5  # below this measured share no cause is named
WORTH_NAMING = 0.07  # other causes are named from this share of the building runs on


def diagnose(history, *, metric: str | None = None, baseline: float | None = None) -> Reading:
    """Say what a history shows, with the evidence, the causes that fit, how sure that is, and what to try next.

    history: what `fit` returns, a dict of lists, a table as CSVLogger writes it, or what `fit_replicates` returns (then
    one reading over all seeds). It needs "loss"; without "val_loss" only the training loss is read. metric: the name
    of the metric to read. baseline: the loss of the best constant (entropy of the labels in nats, variance of y).
    With it, "learned nothing" can be told from "starts well".

    Raises ValueError, in one sentence, for what is no history. A history that is too short gives a
    reading that says so.
    """
    runs = curves_of(history, metric, baseline)
    shortest = min(run.epochs for run in runs)
    if shortest < ENOUGH:
        return Reading("cannot tell", f"cannot tell: only {shortest} epoch{'s' * (shortest != 1)}.", [], 0.0, (), (),
                       f"Train at least {ENOUGH} epochs; ten or more say much more.")
    features = [measure(run) for run in runs]
    found = [finding_of(f) for f in features]
    mode = mode_of(runs[0])
    shares = _mean([shares_of(mode, finding) for finding in found])
    code, times = Counter(finding.code for finding in found).most_common(1)[0]
    finding = next(f for f in found if f.code == code)
    example = features[found.index(finding)]
    evidence = [text.format(**example) for text in finding.evidence]
    if len(runs) > 1:
        evidence.insert(0, f"Seen in {times} of {len(runs)} seeds.")
    sure = max(0.0, sum(shares.get(cause, 0.0) for cause in finding.causes) - doubt(mode, finding))
    named = finding.causes if sure >= TRUSTED else ()
    others = tuple(cause for cause, share in sorted(shares.items(), key=lambda item: -item[1])
                   if cause not in named and share >= WORTH_NAMING)
    return Reading(finding.code if named else "cannot tell", finding.sentence, evidence,
                   round(sure, 2) if named else 0.0, named, others, finding.next, shares)


def finding_of(features: dict[str, float]) -> Finding:
    """The first finding that is seen."""
    return next(f for f in FINDINGS if (broken(features) or set(f.needs) <= set(features)) and f.seen(features))


def mode_of(c: Curves) -> str:
    """What there is to read: "with baseline", "without baseline", or "training only"."""
    return "training only" if c.val_loss is None else "without baseline" if c.baseline is None else "with baseline"


def counted(mode: str, code: str) -> dict[str, dict[str, int]]:
    """data set -> cause -> number of building runs with this finding."""
    return _measured().get(mode, {}).get(code, {})


def shares_of(mode: str, finding: Finding) -> dict[str, float]:
    """cause -> share among the building runs with this finding; one run that never was is shared by the others."""
    by_cause = Counter()
    for counts in counted(mode, finding.code).values():
        by_cause.update(counts)
    total = sum(by_cause.values()) + 1
    return {cause: n / total for cause, n in by_cause.items()}


def doubt(mode: str, finding: Finding) -> float:
    """The standard error of the share of runs whose cause is named, with the data set as the unit that was drawn.

    Runs on one data set resemble each other, so they say less about the next data set than their number suggests.
    """
    pairs = [(sum(n for cause, n in counts.items() if cause in finding.causes), sum(counts.values()))
             for counts in counted(mode, finding.code).values()]
    if len(pairs) < 2:
        return 0.5
    share, total = sum(h for h, _ in pairs) / sum(n for _, n in pairs), sum(n for _, n in pairs)
    spread = sum((h - share * n) ** 2 for h, n in pairs) * len(pairs) / (len(pairs) - 1)
    return spread ** 0.5 / total


def _mean(all_shares):
    causes = {cause for shares in all_shares for cause in shares}
    return {cause: sum(shares.get(cause, 0.0) for shares in all_shares) / len(all_shares) for cause in causes}


@cache
def _measured() -> dict:
    return json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}
