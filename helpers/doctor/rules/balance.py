"""How often each label occurs, and in which order the labels stand."""

from __future__ import annotations

import numpy as np

from helpers.doctor import code
from helpers.doctor.compiled import PROBABILITY_LOSSES
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import dense_labels, num


@rule("one-class", "warning", unless=("missing-values",))
def one_class(case, out):
    if not dense_labels(out) or out.labels.num_values != 1 or out.labels.n < 2 or out.labels.kind == "one_hot":
        return None
    return say(f"All targets are {num(out.labels.values[0])}.",
               severity="note" if case.data.sampled or out.labels.n < 8 or out.loss.custom else "warning",
               why="There is nothing to tell apart" + (" in the part of the data that was looked at."
                                                       if case.data.sampled else "."),
               see="The loss falls to 0 and accuracy to 1 at once: the model always says the same.",
               fix="print(np.unique(y, return_counts=True))  # look where the other values were lost")


@rule("sorted-labels", "note")
def sorted_labels(case, out):
    if not dense_labels(out) or out.labels.rows or len(out.labels.shape) > 1 or case.data.sampled \
            or out.labels.n < 20 or out.labels.kind not in ("binary", "integers") \
            or not 2 <= (out.labels.num_values or 0) <= 1000 or case.validation_data is not None:
        return None
    steps = np.diff(out.labels.array.reshape(-1).astype(float))
    if (steps >= 0).all() or (steps <= 0).all():
        return say("The labels are sorted.",
                   why="validation_split takes the last rows: the last classes only. It does not shuffle before.",
                   see="Validation accuracy near 0 while training accuracy is high.",
                   fix="order = np.random.default_rng(0).permutation(len(y))\nx, y = x[order], y[order]")


@rule("imbalance", "note")
def imbalance(case, out):
    if not dense_labels(out) or out.loss.name not in PROBABILITY_LOSSES or not out.metrics \
            or not all("accuracy" in m.name for m in out.metrics):
        return None
    labels, share = out.labels, 1.0
    if labels.kind in ("binary", "multi_hot") and labels.num_values == 2:
        share = float(labels.counts.min() / labels.counts.sum())
    if labels.kind in ("integers", "one_hot") and (labels.num_values or 0) > 1:
        counts = labels.counts if labels.kind == "integers" else np.asarray(labels.array).reshape(
            -1, labels.shape[-1]).sum(axis=0)
        if counts.max() > 0.9 * counts.sum():
            return say(f"Class {num(labels.values[counts.argmax()] if labels.kind == 'integers' else counts.argmax())} "
                       f"has {num(100 * counts.max() / counts.sum())} % of the labels, and accuracy is all that is "
                       "reported.", why="A model that always says this class has that accuracy.",
                       see="A high accuracy from the first epoch on, whatever was learned.",
                       fix="print(keras.ops.argmax(model.predict(x), axis=-1))  # look at each class by itself")
    if share >= 0.1:
        return None
    rare = num(out.labels.values[int(out.labels.counts.argmin())])
    metrics = [code.metric(m) for m in out.metrics] + [
        f'keras.metrics.AUC(curve="PR"{", from_logits=True" if out.loss.from_logits else ""}, name="pr_auc")']
    return say(f"Only {num(100 * share)} % of the labels are {rare}, and accuracy is all that is reported.",
               why=f"A model that never says {rare} has an accuracy of {num(1 - share)}.",
               see="A high accuracy from the first epoch on, whatever was learned.",
               fix=code.compile_line(case, out, metric_codes=metrics))
