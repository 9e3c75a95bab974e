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


TRAIN = "Training loss: {train_start:.3g} in the first epoch, {train_end:.3g} at the end, in units of the reference."
VAL = "Validation loss: {val_start:.3g}, at its lowest {val_best:.3g}, at the end {val_end:.3g}."
LATE = "The last third brings {late_fall:.0%} of the whole fall; {falling_steps:.0%} of its steps go down."
JITTER = "About its own course it jumps by {val_jitter:.2g}, the training loss by {train_jitter:.2g}."


def broken(f):
    return f["broke_at"] <= 1


def unstable(f):
    rough = f["train_jumps"] > 0.2 or f["train_jitter"] > 0.015
    return rough or (f["train_end"] > 1.05 and f["train_jitter"] > 0.003 and f["falling_steps"] < 0.8)


def validation_apart(f):
    return f["first_gap"] > 0.32 and f["val_start"] > f["train_start"] + 0.2


def validation_in_steps(f):
    return f["rows_at_least"] > 0


def almost_zero(f):
    return f["train_end"] < 0.04 and f["val_end"] < 0.04


def metric_frozen(f):
    floor = 0.4 if f["knows_baseline"] else 0.05  # far below the best constant, outputs cannot all be alike
    return f["val_frozen"] > 0.95 and floor < f["train_end"] < 0.95 and f["metric_end"] < 0.999


def nothing_learned(f):
    return f["train_end"] > 0.95 and not still_falling(f)


def output_constant(f):
    return f["train_end"] > 0.95 and f["val_frozen"] > 0.95


def still_falling(f):
    down = f["falling_steps"] >= 0.9 and f["late_fall"] > 0.06
    return down and f.get("val_rise", 0) < 0.03 * max(1, f.get("val_start", 1)) and f.get("val_best_at", 1) > 0.9


def straight(f):
    return still_falling(f) and f["early_fall"] < 0.24


def never_below_the_reference(f):
    return f["val_best"] > 0.96


def turned_up(f):
    return f["val_rise"] > 0.08 or f["gap"] > 0.25


def validation_below(f):
    return f["below"] > 0.9 and f["below_by"] > 0.1


def validation_jumpy(f):
    return f["val_jitter"] > 3 * f["train_jitter"] + 0.01


def low(f):
    return f.get("val_end", f["train_end"]) < 0.3


FINDINGS = (
    Finding("not a number", broken, (), ("NaN", "rate too high"),
            "A loss is NaN or infinite.", ("It breaks when {broke_at:.0%} of the epochs are over.",),
            "Look at the loss for a logarithm, a root or a division without a guard, and at the data for NaN. If there "
            "is none, divide the learning rate by 10: if the NaN goes away, it was the rate."),
    Finding("unstable", unstable, (), ("rate too high",),
            "The training loss itself jumps up and down.",
            ("Its largest rise from one epoch to the next is {train_jumps:.3g}, in units of the reference.",
             "About its own course it jumps by {train_jitter:.2g}.", TRAIN),
            "Divide the learning rate by 10: if the training loss becomes smooth and ends lower, it was the rate."),
    Finding("validation apart", validation_apart, ("first_gap",), ("unshuffled tail",),
            "Validation is far above training from the first epochs on.",
            ("In the first epochs validation stands {first_gap:.3g} above training, in units of the reference.", TRAIN,
             VAL),
            "Shuffle before you split: if the two curves come together, the validation rows were of another kind."),
    Finding("validation in steps", validation_in_steps, ("rows_at_least",), ("validation set too small",),
            "The validation metric moves in coarse steps: a few rows decide.",
            ("Every value it takes is a whole number of {rows_at_least:.0f}ths.", VAL),
            "Validate on ten times as many rows, or by cross-validation: if the level changes, the set was too small."),
    Finding("almost zero", almost_zero, ("val_end",), ("leak", "healthy"),
            "Both losses go to almost zero.", (TRAIN, VAL),
            "Leave out the features one at a time. If a single one carries nearly everything, ask when it becomes "
            "known; if none does, the task is easy."),
    Finding("metric frozen", metric_frozen, ("val_frozen",), ("collapse",),
            "The loss falls, and the validation metric does not move at all.",
            ("In the second half {val_frozen:.0%} of its values are the same, {metric_end:.3g}.", TRAIN),
            "Print the predicted classes. If there is only one, it is the majority: lower the threshold, or report a "
            "metric that ranks, such as AUC."),
    Finding("output constant", output_constant, ("val_frozen",), ("dead units",),
            "The training loss does not get below the reference, and the validation metric does not move at all.",
            (TRAIN, "In the second half {val_frozen:.0%} of the metric's values are the same, {metric_end:.3g}."),
            "Predict two very different rows. If the outputs are equal, look for units that are always zero: a lower "
            "learning rate, another initializer, or LeakyReLU in place of ReLU."),
    Finding("nothing learned", nothing_learned, (), ("no signal", "dead units", "too little capacity"),
            "The training loss does not get below the reference.", (TRAIN, LATE),
            "Train a wider network on 20 rows only, without validation. If it learns them by heart and the full data "
            "still give nothing, the features say nothing about the labels. If it cannot, look for units that are "
            "always zero."),
    Finding("falling in a line", straight, (), ("rate too low", "too few epochs"),
            "The training loss falls almost in a straight line, as if training had just begun.",
            ("The first sixth of the epochs brought {early_fall:.0%} of the fall.", LATE, TRAIN),
            "Multiply the learning rate by 10. If the loss then bends and settles, the rate was too low; if it jumps, "
            "go back and train several times as long."),
    Finding("still falling", still_falling, (), ("too few epochs", "rate too low"),
            "The training loss is still falling steadily at the end.", (LATE, TRAIN),
            "Multiply the learning rate by 3 to 10, for as many epochs: that costs no time. If the loss then falls "
            "faster and settles, go on with it; if it jumps, go back to the rate, and train three times as long."),
    Finding("no better than a constant", never_below_the_reference, ("val_best",), ("no signal", "overfitting"),
            "The training loss falls, and the validation loss never gets clearly below the reference.", (TRAIN, VAL),
            "Shuffle the labels and train again. If the curves look the same, the features say nothing about them; if "
            "they were better before, there is a signal, and the network learned the noise."),
    Finding("validation turned up", turned_up, ("val_rise",), ("overfitting",),
            "Training goes on falling while validation turns up or stays far above.",
            (VAL, TRAIN, "The lowest validation loss is reached when {val_best_at:.0%} of the epochs are over."),
            "Stop at the lowest validation loss; then more rows, cleaner labels, or a smaller network. If the gap "
            "closes, it was overfitting."),
    Finding("validation below", validation_below, ("below",), ("dropout gap",),
            "The validation loss is below the training loss all the way.",
            ("It is lower in {below:.0%} of the epochs, by {below_by:.0%} in the middle.", TRAIN, VAL),
            "Evaluate on the training rows after training: dropout is off then. If that loss is below validation, the "
            "gap came from dropout."),
    Finding("validation jumpy", validation_jumpy, ("val_jitter",), ("validation set too small",),
            "The training loss is smooth and the validation loss jumps.", (VAL, JITTER),
            "Validate on ten times as many rows: if the jumps go away, the set was too small."),
    Finding("leveled off low", low, (), ("healthy",),
            "The curves have leveled off close together, far below the reference.", (TRAIN, LATE),
            "Nothing in the curves calls for a change. Check the metric that you care about on test data."),
    Finding("leveled off high", lambda f: True, (), ("too little capacity", "healthy"),
            "The curves have leveled off close together, and much of the reference is left.", (TRAIN, LATE),
            "Double the width. If the training loss ends clearly lower, it was capacity; if not, the rest is noise or "
            "not in the features."),
)
