"""How `diagnose` decides: a list of findings, asked from the top; the first that is seen is the reading.

Each finding says what is seen, which causes fit (curves like these do not tell them apart), and what to try next.
Losses are in units of the loss of the best constant, see `features`.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Features = dict[str, float]


@dataclass(frozen=True)
class Finding:
    """code: its name. seen: whether the features show it. needs: features without which it is not asked.

    causes: what fits. sentence: what is seen, in words. evidence: templates over the features. next: what to try.
    """

    code: str
    seen: Callable[[Features], bool]
    needs: tuple[str, ...]
    causes: tuple[str, ...]
    sentence: str
    evidence: tuple[str, ...]
    next: str


TRAIN = "The training loss goes from {train_start:.3g} to {train_end:.3g} of the reference loss."
VAL = "The validation loss goes from {val_start:.3g} to {val_end:.3g}; its lowest smoothed value is {val_best:.3g}."
FLAT = 0.07  # a fall of less than this many units is no fall


FINDINGS = (
    Finding("not a number", lambda f: f["broke_at"] <= 1, (), ("NaN", "rate too high"),
            "A loss is NaN or infinite.", ("It breaks when {broke_at:.0%} of the epochs are over.",),
            "Look at the loss for a logarithm, a root or a division without a guard, and at the data for NaN. If there is "
            "none, divide the learning rate by 10: if the NaN goes away, it was the rate."),
    Finding("unstable", lambda f: f["train_jumps"] > 0.25 or f["train_jitter"] > 0.04, (), ("rate too high",),
            "The training loss itself jumps up and down.",
            ("Its largest rise from one epoch to the next is {train_jumps:.3g} of the reference loss.",
             "After the first fifth it jumps about its own course by {train_jitter:.3g}."),
            "Divide the learning rate by 10: if the training loss becomes smooth and lower, it was the rate."),
    Finding("validation frozen", lambda f: f["val_frozen"] > 0.9 and f["train_end"] < 0.93 and f["metric_end"] < 0.999,
            ("val_frozen",), ("collapse",),
            "The loss falls, but the validation metric does not move.",
            (TRAIN, "{val_frozen:.0%} of its values after the first tenth are the same."),
            "Print the predicted classes: if there is only one, lower the threshold or look at a metric that ranks."),
    Finding("nothing learned", lambda f: f["train_fall"] < FLAT and f["train_end"] > 0.9, (),
            ("no signal", "dead units"),
            "The training loss is flat from the start, at the level of the best constant.", (TRAIN,),
            "Train on 20 rows only: a sound network learns 20 rows by heart. If it cannot, look at the activations; if it "
            "can, the features say little about the labels."),
    Finding("too good", lambda f: f["train_end"] < 0.03 and f["val_end"] < 0.03, ("val_end",), ("leak", "healthy"),
            "Both losses go to almost zero.", (TRAIN, VAL),
            "Leave out the features one at a time: if one of them carries nearly everything, ask when it is known."),
    Finding("validation apart", lambda f: f["val_best"] > 1.05 and f["first_gap"] > 0.3, ("val_end",),
            ("unshuffled tail",), "Validation is far off from the first epoch on.", (TRAIN, VAL),
            "Shuffle before you split: if the two curves come together, the tail was different."),
    Finding("never generalized", lambda f: f["val_best"] > 0.93 and f["gap"] > 0.05, ("val_end",), ("no signal",),
            "The training loss falls, but the validation loss never gets below that of the best constant.", (TRAIN, VAL),
            "Shuffle the labels and train again: if the curves look the same, there was no signal."),
    Finding("validation turned up", lambda f: f["val_rise"] > 0.1 or f["gap"] > 0.3, ("val_end",), ("overfitting",),
            "The validation loss turned up while the training loss went on falling.", (TRAIN, VAL),
            "More rows, a smaller network, or stop at the lowest validation loss."),
    Finding("validation jumpy", lambda f: f["val_jitter"] > 3 * f["train_jitter"] + 0.01 or
            0 < f.get("rows_at_least", 0) < 25, ("val_end",), ("validation set too small",),
            "The training loss is smooth and the validation loss jumps.", (TRAIN, VAL),
            "Validate on more rows: if the jumps go away, the set was too small."),
    Finding("validation below", lambda f: f["below"] > 0.9 and f["below_by"] > 0.12, ("val_end",), ("dropout gap",),
            "The validation loss is below the training loss throughout.", (TRAIN, VAL),
            "Evaluate on the training rows after training: without dropout, that loss is the one to compare."),
    Finding("still falling", lambda f: f["late_fall"] > 0.15, (), ("too few epochs", "rate too low"),
            "The training loss is still falling at the end.", (TRAIN,),
            "Train three times as long. If the loss then settles, it was too few epochs; if it creeps on, raise the rate."),
    Finding("leveled off", lambda f: True, (), ("healthy", "too little capacity"),
            "The curves have leveled off, close together.", (TRAIN,),
            "Double the width: if the training loss falls well below, it was capacity; if not, nothing is wrong."),
)
