"""`diagnose`: from a history to a reading."""
from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

from helpers.curves.features import measure
from helpers.curves.history import Curves, curves_of
from helpers.curves.reading import Reading
from helpers.curves.rules import FINDINGS, Finding

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
    shares = _mean([measured(mode_of(run), finding.code) for run, finding in zip(runs, found, strict=True)])
    code, times = Counter(finding.code for finding in found).most_common(1)[0]
    finding = next(f for f in found if f.code == code)
    example = features[found.index(finding)]
    evidence = [text.format(**example) for text in finding.evidence]
    if len(runs) > 1:
        evidence.insert(0, f"Seen in {times} of {len(runs)} seeds.")
    sure = sum(shares.get(cause, 0.0) for cause in finding.causes)
    named = finding.causes if sure >= TRUSTED else ()
    others = tuple(cause for cause, share in sorted(shares.items(), key=lambda item: -item[1])
                   if cause not in named and share >= WORTH_NAMING)
    return Reading(finding.code if named else "cannot tell", finding.sentence, evidence,
                   round(sure, 2) if named else 0.0, named, others, finding.next, shares)


def finding_of(features: dict[str, float]) -> Finding:
    """The first finding that is seen."""
    broken = features["broke_at"] <= 1
    return next(f for f in FINDINGS if (broken or set(f.needs) <= set(features)) and f.seen(features))


def mode_of(c: Curves) -> str:
    """What there is to read: "with baseline", "without baseline", or "training only"."""
    return "training only" if c.val_loss is None else "without baseline" if c.baseline is None else "with baseline"


def measured(mode: str, code: str) -> dict[str, float]:
    """cause -> share among the building runs with this finding; the named causes share two runs that never were."""
    finding = next(f for f in FINDINGS if f.code == code)
    counts = _measured().get(mode, {}).get(code, {})
    total = sum(counts.values()) + 2
    return {cause: (counts.get(cause, 0) + (1 / len(finding.causes) if cause in finding.causes else 0)) / total
            for cause in {*counts, *finding.causes}}


def _mean(all_shares):
    causes = {cause for shares in all_shares for cause in shares}
    return {cause: sum(shares.get(cause, 0.0) for shares in all_shares) / len(all_shares) for cause in causes}


@cache
def _measured() -> dict:
    return json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}
