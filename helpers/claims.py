"""A claim: a sentence, its evidence over seeds, and the share of seeds on which it must hold.

Two environment variables serve the sweep (helpers/authoring/sweep.py). WORKBOOK_CLAIMS names a file to which each
claim, held or not, is added as a line of JSON. WORKBOOK_CLAIMS_GO_ON lets a notebook run on after a claim that does
not hold, so that one failing claim does not hide the later ones.
"""
from __future__ import annotations

import json
import operator
import os
from dataclasses import dataclass

import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

MIN_SEEDS = 16
CONFIDENCE = 0.95  # of every interval here
_made: list[str] = []  # what has held, in order
_ORDER = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


class ClaimError(AssertionError):
    """A sentence of the workbook that does not hold on the evidence it was given."""


@dataclass(frozen=True)
class Claim:
    """A sentence with its evidence, one number a seed; shown in a notebook as the sentence with its numbers."""

    sentence: str
    evidence: np.ndarray
    order: str
    bound: float
    share: float = 1.0

    @property
    def held(self) -> int:
        """The number of seeds on which the evidence lies on the claimed side of the bound; NaN never does."""
        return int(_ORDER[self.order](self.evidence, self.bound).sum())

    @property
    def holds(self) -> bool:
        """Whether it held on the required share of the seeds, and no evidence is NaN or infinite."""
        enough = self.held >= self.share * len(self.evidence) - 1e-9  # 0.55 * 20 is 11.000000000000002
        return bool(enough and np.isfinite(self.evidence).all())

    @property
    def worst(self) -> float:
        """The evidence of the seed that speaks most against the sentence."""
        return float(self.evidence.min() if self.order in (">", ">=") else self.evidence.max())

    @property
    def median_interval(self) -> tuple[float, float]:
        """Where the median over all seeds lies, with 95% confidence: see `interval_of_median`."""
        return interval_of_median(self.evidence)

    @property
    def required(self) -> str:
        """What the evidence had to be."""
        return f"{self.order} {self.bound:g}" + ("" if self.share == 1 else f" on {self.share:.0%} of the seeds")

    def record(self) -> dict:
        """The claim as plain JSON values, for the sweep; numbers that are not finite become None."""
        finite = np.isfinite(self.evidence).all()
        return {"sentence": self.sentence, "order": self.order, "bound": float(self.bound), "share": float(self.share),
                "seeds": len(self.evidence), "held": self.held, "holds": self.holds,
                "share_interval": interval_of_share(self.held, len(self.evidence)),
                "median": float(np.median(self.evidence)) if finite else None,
                "median_interval": self.median_interval if finite else None,
                "worst": self.worst if finite else None,
                "evidence": [float(e) if np.isfinite(e) else None for e in self.evidence]}

    def __str__(self):
        if not self.holds:
            return f"Claim that does not hold: {_why(self)}"
        (low, high), (p5, p95) = self.median_interval, np.percentile(self.evidence, [5, 95])
        return (f"Claim: {self.sentence}\n"
                f"       Held on {self.held} of {len(self.evidence)} seeds (it had to be {self.required}). Median "
                f"{_two_digits(np.median(self.evidence))}, its 95% interval {_two_digits(low)} to "
                f"{_two_digits(high)}; 90% of seeds from {_two_digits(p5)} to {_two_digits(p95)}.")

    __repr__ = __str__


def claim(sentence: str, evidence, order: str, bound: float, *, share: float = 1.0) -> Claim:
    """Check that `evidence order bound` holds on at least `share` of the seeds; `order` is ">", ">=", "<" or "<=".

    evidence: one number a seed, at least 16 of them. The margin stands in `bound`: claim that a ratio is > 1.2, not
    that a difference is > 0. Raises ClaimError with the numbers when the sentence does not hold, and ValueError when
    it is no claim: too little evidence, an unknown order, a bound that is no number, a share that is no share.
    """
    evidence = np.asarray(evidence, dtype=float)
    if evidence.ndim != 1 or len(evidence) < MIN_SEEDS:
        raise ValueError(f"A claim needs one number for each of at least {MIN_SEEDS} seeds, not {evidence.shape}.")
    if order not in _ORDER:
        raise ValueError(f"order must be one of {', '.join(_ORDER)}, not {order!r}.")
    if np.ndim(bound) or not np.isfinite(bound):
        raise ValueError(f"bound must be one number, the margin that the evidence must keep, not {bound!r}.")
    if not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, such as 0.9 for nine seeds in ten, not {share!r}.")
    made = Claim(sentence, evidence, order, float(bound), share)
    if os.environ.get("WORKBOOK_CLAIMS"):
        with open(os.environ["WORKBOOK_CLAIMS"], "a", encoding="utf-8") as file:
            file.write(json.dumps(made.record(), allow_nan=False) + "\n")
    if made.holds:
        _made.append(sentence)
    elif not os.environ.get("WORKBOOK_CLAIMS_GO_ON"):
        raise ClaimError(_why(made))
    return made


def _why(made: Claim) -> str:
    if not np.isfinite(made.evidence).all():
        return f"{made.sentence} The evidence holds NaN or infinite values: {made.evidence}."
    return (f"{made.sentence} It must be {made.order} {made.bound:g} on {made.share:.0%} of the seeds, but it is on "
            f"{made.held} of {len(made.evidence)}: {np.array2string(np.sort(made.evidence), precision=3)}")


def interval_of_median(values) -> tuple[float, float]:
    """Two of the sorted values that enclose the median with at least 95% confidence, whatever the distribution.

    values: (n,), independent. The ranks follow from the binomial distribution (scipy.stats.quantile_test; Conover,
    Practical nonparametric statistics, 1999, section 3.2).
    """
    from scipy.stats import quantile_test
    low, high = quantile_test(values, p=0.5).confidence_interval(CONFIDENCE)
    return float(low), float(high)


def interval_of_share(count: int, of: int) -> tuple[float, float]:
    """The exact interval of a share with at least 95% confidence (Clopper and Pearson 1934; scipy.stats.binomtest)."""
    from scipy.stats import binomtest
    low, high = binomtest(count, of).proportion_ci(CONFIDENCE, method="exact")
    return float(low), float(high)


def tell(text: str, **values) -> None:
    """Show a sentence (Markdown) whose numbers come from code: `tell("It is {share:.2f} of the truth.", share=...)`.

    Two significant digits are enough: late digits differ between processors.
    """
    text = text.format(**values)
    if InteractiveShell.initialized():
        display({"text/plain": text, "text/markdown": text}, raw=True)
    else:
        print(text)


def list_claims() -> None:
    """Print every sentence that has been claimed and held since the kernel started, once each."""
    for number, sentence in enumerate(dict.fromkeys(_made), 1):
        print(f"{number:2}. {sentence}")


def _two_digits(value: float) -> str:
    """Two significant digits, without an exponent for everyday sizes: late digits differ between processors."""
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 10 else f"{rounded:g}"
