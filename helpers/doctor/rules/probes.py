"""What only running one batch can show, when no other rule has an explanation."""

from __future__ import annotations

import numpy as np

from helpers.doctor import code
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import dense_labels, num

EXPLAINED = ("shapes", "sparse-one-hot", "categorical-integers", "one-unit-categorical", "sparse-out-of-range",
             "text-labels", "rows-differ", "unknown-loss", "output-count", "output-names", "sparse-fractions")


@rule("loss-raises", "error", unless=EXPLAINED)
def loss_raises(case, out):
    if out.probe is not None and out.probe.error:
        return say("The loss fails on the first rows.", why=out.probe.error, see="fit(...) raises this error.",
                   fix="print(y.shape, y.dtype, model.output_shape)  # what the loss is given")


@rule("loss-differs", "warning", unless=(
    *EXPLAINED, "logits-expected", "softmax-axis", "sigmoid-categorical", "softmax-binary", "softmax-twice",
    "softmax-one-unit",
    "probabilities-expected", "labels-outside-0-1", "not-a-distribution", "softmax-multilabel", "missing-values"))
def loss_differs(case, out):
    """The last resort: the loss Keras reports is not the loss of what predict returns, and no rule knows why."""
    if out.probe is None or out.probe.loss is None or out.probe.recomputed is None or not dense_labels(out):
        return None
    there, here = out.probe.loss, out.probe.recomputed
    if np.isfinite(there) and abs(there - here) > 2e-2 * max(abs(here), 1e-2):
        return say(f"Keras reports a loss of {num(there)} on the first rows; that of its predictions is {num(here)}.",
                   why="The loss is not computed from what predict returns.",
                   see="Curves that do not describe the predictions you will use.")


@rule("metric-raises", "error", unless=(
    "metric-shape", "metric-flat-labels", "shapes", "sparse-one-hot", "categorical-integers", "accuracy-variant",
    "accuracy-multilabel",
    "accuracy-regression", "one-unit-categorical", "text-labels", "loss-raises", "sparse-out-of-range",
    "micro-average", "rows-differ", "iou-probabilities"))
def metric_raises(case, out):
    for m, found in zip(out.metrics, out.probe.metrics if out.probe is not None else [], strict=False):
        ours = m.object is None or m.name != "custom"
        if found["error"] and m.name != "unknown" and ours and not _cannot_copy(found["error"]):
            return say(f"The metric {m.log} fails on the first rows.", why=found["error"],
                       see="fit(...) raises this error.",
                       fix=code.compile_line(case, out, metric_codes=code.replace_metric(out, m, "")))


def _cannot_copy(error) -> bool:
    return "__init__()" in error or "get_config" in error or "from_config" in error
