"""A claim: a sentence, its evidence over seeds, and the share of seeds on which it must hold."""
from __future__ import annotations

import operator
from dataclasses import dataclass

import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

MIN_SEEDS = 16
_made: list[str] = []  # what has held, in order
_ORDER = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


class ClaimError(AssertionError):
    """A sentence of the workbook that does not hold on the evidence it was given."""


@dataclass(frozen=True)
class Claim:
    """A claim that holds; shown in a notebook as its sentence with its numbers."""

    sentence: str
    evidence: np.ndarray
    condition: str
    held: int

    def __str__(self):
        low, median, high = np.percentile(self.evidence, [5, 50, 95])
        return (f"Claim: {self.sentence}\n"
                f"       Held on {self.held} of {len(self.evidence)} seeds ({self.condition}). "
                f"Median {_two_digits(median)}, 90% of seeds from {_two_digits(low)} to {_two_digits(high)}.")

    __repr__ = __str__


def claim(sentence: str, evidence, order: str, bound: float, *, share: float = 1.0) -> Claim:
    """Check that `evidence order bound` holds on at least `share` of the seeds; `order` is ">", ">=", "<" or "<=".

    evidence: one number a seed, at least 16 of them. The margin stands in `bound`: claim that a ratio is > 1.2, not
    that a difference is > 0. Raises ClaimError with the numbers when the sentence does not hold.
    """
    evidence = np.asarray(evidence, dtype=float)
    if evidence.ndim != 1 or len(evidence) < MIN_SEEDS:
        raise ValueError(f"A claim needs one number for each of at least {MIN_SEEDS} seeds, not {evidence.shape}.")
    if not np.isfinite(evidence).all():
        raise ClaimError(f"{sentence} The evidence holds NaN or infinite values: {evidence}.")
    if order not in _ORDER:
        raise ValueError(f"order must be one of {', '.join(_ORDER)}, not {order!r}.")
    held = int(_ORDER[order](evidence, bound).sum())
    if held < share * len(evidence):
        raise ClaimError(f"{sentence} It must be {order} {bound:g} on {share:.0%} of the seeds, but it is on "
                         f"{held} of {len(evidence)}: {np.array2string(np.sort(evidence), precision=3)}")
    _made.append(sentence)
    return Claim(sentence, evidence, f"it had to be {order} {bound:g}", held)


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
