"""Where each finding is explained: one table, so that headings can be checked against the notebooks.

code -> (notebook, heading of the section without "## "; "" while the section is not known).
"""

from __future__ import annotations

REGRESSION = "01_regression_losses"
BINARY = "02_binary_cross_entropy"
MULTICLASS = "03_multiclass_cross_entropy"
MULTILABEL = "04_multilabel_sigmoid"
METRIC = "05_metric_versus_loss"
GAP = "06_closing_the_gap"
CURVES = "07_reading_curves"
SEQUENCES = "08_sequence_metrics"

SECTIONS = {
    # heads and losses
    "softmax-one-unit": (BINARY, "4. When head, loss and labels do not fit"),
    "probabilities-expected": (BINARY, "4. When head, loss and labels do not fit"),
    "logits-expected": (BINARY, "4. When head, loss and labels do not fit"),
    "softmax-twice": (MULTICLASS, "4. The loss that sticks"),
    "sigmoid-categorical": (MULTICLASS, "4. The loss that sticks"),
    "softmax-binary": (MULTICLASS, "4. The loss that sticks"),
    "softmax-multilabel": (MULTILABEL, "6. A softmax from a template"),
    "softmax-axis": (MULTICLASS, ""),
    "softmax-hidden": (MULTICLASS, "4. The loss that sticks"),
    "bounded-logits": (MULTICLASS, ""),
    "head-range": (REGRESSION, "7. Dollars, millions, or something near one?"),
    "hinge-head": (GAP, "2. Another loss"),
    "one-unit-categorical": (MULTICLASS, ""),
    "one-hot-sigmoid": (MULTICLASS, ""),
    "softmax-amounts": (REGRESSION, "7. Dollars, millions, or something near one?"),
    "cosine-one-unit": (REGRESSION, ""),
    "relu-head": (REGRESSION, "7. Dollars, millions, or something near one?"),
    # labels
    "labels-outside-0-1": (BINARY, "4. When head, loss and labels do not fit"),
    "sparse-out-of-range": (MULTICLASS, "3. Which loss for which labels?"),
    "sparse-fractions": (MULTICLASS, "3. Which loss for which labels?"),
    "sparse-one-hot": (MULTICLASS, "3. Which loss for which labels?"),
    "categorical-integers": (MULTICLASS, "3. Which loss for which labels?"),
    "not-a-distribution": (MULTICLASS, "3. Which loss for which labels?"),
    "classes-as-numbers": (BINARY, ""),
    "unused-units": (MULTICLASS, ""),
    "text-labels": (MULTICLASS, "3. Which loss for which labels?"),
    "text-features": ("", ""),
    "python-list": ("", ""),
    "missing-values": (CURVES, "4. Flat"),
    "rows-differ": ("", ""),
    "one-class": (BINARY, ""),
    "sorted-labels": (CURVES, "6. Too good, too bad"),
    "imbalance": (BINARY, "5. Would you ship it?"),
    "negative-counts": (REGRESSION, ""),
    "zero-percent": (REGRESSION, "6. Is that a good model?"),
    "log-of-negative": (REGRESSION, ""),
    "shapes": (REGRESSION, "8. Accuracy, and shapes"),
    "unscaled-target": (REGRESSION, "7. Dollars, millions, or something near one?"),
    "huber-delta": (REGRESSION, "7. Dollars, millions, or something near one?"),
    "padding": (SEQUENCES, ""),
    # metrics
    "accuracy-multilabel": (MULTILABEL, "3. How many answers are right?"),
    "accuracy-regression": (REGRESSION, "8. Accuracy, and shapes"),
    "accuracy-variant": (MULTICLASS, "5. Which digits?"),
    "accuracy-signs": (GAP, "2. Another loss"),
    "metric-on-logits": (BINARY, "6. Ranking without a threshold"),
    "f1-threshold": (BINARY, "6. Ranking without a threshold"),
    "micro-average": (MULTICLASS, "6. Four age ratings, one of them rare"),
    "iou-probabilities": (MULTICLASS, ""),
    "top-k": (MULTICLASS, "5. Which digits?"),
    "metric-shape": (MULTICLASS, ""),
    "metric-flat-labels": (BINARY, ""),
    "metric-broadcasts": (REGRESSION, "8. Accuracy, and shapes"),
    "metric-averaged": (METRIC, "6. A metric that comes in batches"),
    "unknown-metric": ("00_start_here", "2. Three words"),
    "shared-metric": (METRIC, ""),
    "metric-raises": ("", ""),
    "metric-classes": (MULTICLASS, "6. Four age ratings, one of them rare"),
    "metric-differs": (METRIC, "7. Two numbers that should be one"),
    # losses: arguments, and losses of one's own
    "unknown-loss": ("00_start_here", "2. Three words"),
    "label-smoothing": (MULTICLASS, "7. What if a label is not quite sure?"),
    "reduction-sum": (METRIC, "7. Two numbers that should be one"),
    "focal-alpha": (GAP, "2. Another loss"),
    "loss-broadcasts": (REGRESSION, "8. Accuracy, and shapes"),
    "loss-scalar": (METRIC, "8. The gap accountant"),
    "arguments-swapped": (METRIC, ""),
    "loss-rewards-errors": (METRIC, ""),
    "no-gradient": (METRIC, "5. Why not train on accuracy?"),
    "not-finite": (CURVES, "4. Flat"),
    "loss-raises": ("", ""),
    "loss-differs": (METRIC, "7. Two numbers that should be one"),
    # weights and callbacks
    "class-weight-keys": (BINARY, "8. Weights or a threshold?"),
    "class-weight-form": (BINARY, "8. Weights or a threshold?"),
    "class-weight-labels": (MULTILABEL, "7. More weight for a rare genre"),
    "sample-weight": (METRIC, "7. Two numbers that should be one"),
    "unweighted-metrics": (METRIC, "7. Two numbers that should be one"),
    "monitor-direction": (GAP, "5. Stop when the metric is best"),
    "monitor-name": (GAP, "5. Stop when the metric is best"),
    "monitor-validation": (GAP, "5. Stop when the metric is best"),
    # training
    "learning-rate": (CURVES, "5. Jumpy"),
    "first-step-explodes": (CURVES, "4. Flat"),
    "nothing-to-train": (CURVES, ""),
    "dead-output": (CURVES, "4. Flat"),
    "constant-features": (CURVES, ""),
    "vanishing-gradient": (CURVES, ""),
    "frozen-head": (CURVES, ""),
    "unscaled-features": (CURVES, "4. Flat"),
    "equal-weights": (CURVES, ""),
    "no-activation": (CURVES, ""),
    "dropout-output": (CURVES, ""),
    "train-against-evaluate": (METRIC, "7. Two numbers that should be one"),
    # several outputs
    "output-names": (METRIC, ""),
    "output-count": (METRIC, ""),
    "output-without-loss": (METRIC, ""),
    "loss-weights": (METRIC, "8. The gap accountant"),
    # the program as a whole: no notebook needed
    "model-refuses-x": ("", ""),
    "embedding-range": ("", ""),
    "not-batched": ("", ""),
    "not-judged": ("", ""),
    "not-compiled": ("", ""),
    "not-built": ("", ""),
    "no-targets": ("", ""),
}


# where a head of several units makes another notebook the better one
SEVERAL_UNITS = {
    "probabilities-expected": (MULTICLASS, "4. The loss that sticks"),
    "logits-expected": (MULTICLASS, "4. The loss that sticks"),
}


def pointer(code: str, units: int | None = None) -> str:
    """Return "notebook 01_regression_losses, section 8. ...", or "" for a finding that needs no notebook.

    units: of the head that the finding is about, if it has any.
    """
    sections = SECTIONS | SEVERAL_UNITS if (units or 1) > 1 else SECTIONS
    notebook, section = sections.get(code, ("", ""))
    return notebook and f"notebook {notebook}" + (f", section {section}" if section else "")
