"""Metrics against head and labels: thresholds, columns, and what a name stands for."""

from __future__ import annotations

import difflib

from helpers.doctor import code
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import classes, dense_labels, num

COUNTS = ("precision", "recall", "true_positives", "true_negatives", "false_positives", "false_negatives")
CURVES = ("auc", "precision_at_recall", "recall_at_precision", "sensitivity_at_specificity",
          "specificity_at_sensitivity")
F_SCORES = ("f1_score", "f_beta_score")
SPELLED = {"f1": "f1_score", "f1score": "f1_score", "r2": "r2_score", "rmse": "root_mean_squared_error",
           "accurracy": "accuracy", "acuracy": "accuracy", "roc_auc": "auc", "topk": "top_k_categorical_accuracy"}


@rule("unknown-metric", "error")
def unknown_metric(case, out):
    said = []
    for m in out.metrics:
        if m.name == "unknown":
            from keras import metrics

            names = [n for n in dir(metrics) if n.islower()] + [code.snake(n) for n in dir(metrics) if n[0].isupper()]
            written = str(m.written)
            near = SPELLED.get(written.lower()) or (difflib.get_close_matches(written.lower(), names, 1, 0.4)
                                                    or ["accuracy"])[0]
            new = "keras.metrics.F1Score(threshold=0.5)" if near == "f1_score" and out.units == 1 else f'"{near}"'
            said.append(say(f"{written!r} is not a metric that Keras knows.",
                            why="Strings are names of Keras' own metrics, in lower case with underscores.",
                            see="compile(...) takes it; fit(...) raises: Could not interpret metric identifier.",
                            fix=code.compile_line(case, out, metric_codes=code.replace_metric(out, m, new))))
    return said


@rule("metric-flat-labels", "error")
def metric_flat_labels(case, out):
    for m in out.metrics:
        strict = m.name in (*F_SCORES, "r2_score") or m.name == "binary_crossentropy" and m.object is not None
        if strict and dense_labels(out) and out.labels.flat:
            one = (out.units or 1) == 1
            return say(f"{m.log} needs two axes, but y has shape (n,).",
                       why="F1Score, FBetaScore, R2Score and the metric BinaryCrossentropy want one column for each "
                           "output; the losses are not as strict.",
                       see="fit(...) raises an error about 2D inputs or about the rank of target and output.",
                       fix="y = y[:, None]  # or reshape(-1, 1)" if one else
                           f"y = keras.utils.to_categorical(y, {out.units})")


@rule("metric-on-logits", "warning")
def metric_on_logits(case, out):
    """The model gives logits, and a metric cuts them as if they were probabilities."""
    hinge = out.loss.name in ("hinge", "squared_hinge") and out.head.known and out.head.low < 0
    if not (out.loss.from_logits and not out.head.probabilities or hinge):
        return None
    if dense_labels(out) and out.labels.kind == "signs":
        return None  # accuracy-signs says it
    said = []
    for m in out.metrics:
        if _cuts_at_half(m, out):
            line = _for_logits(case, out, m)
            said.append(say(f"{m.log} reads the outputs as probabilities, but they are "
                            f"{'margins' if hinge else 'logits'}.",
                            why="A probability of 0.5 is a logit of 0. The metric cuts at 0.5, or looks "
                                "between 0 and 1 "
                                "only.",
                            see="A wrong number, without a word: "
                                + ("all outputs below 0 count as equal, and all above 1" if m.name == "auc" else
                                   "too few positives are counted") + ". The loss is fine.",
                            fix=line))
    return said


def _cuts_at_half(m, out) -> bool:
    if m.name == "binary_accuracy":
        return m.arguments.get("threshold", 0.5) == 0.5
    if m.name in COUNTS:
        return m.arguments.get("init_thresholds") is None and m.arguments.get("top_k") is None
    if m.name == "auc":
        return not m.arguments.get("from_logits")
    if m.name in CURVES or m.name == "binary_io_u":
        return True
    if m.name in F_SCORES:
        return m.arguments.get("threshold") is not None
    return m.name in ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy") \
        and out.loss.from_logits and not m.arguments.get("from_logits")


def _for_logits(case, out, m):
    """The call of `compile` in which this metric, and each other one that cuts at one half, reads logits."""
    if not _on_logits(m):
        head = code.layer(out, activation="sigmoid" if (out.units or 1) == 1 or out.loss.name == "bce" else "softmax")
        return f"{head}\n{code.compile_line(case, out, code.loss(out.loss, from_logits=None))}"
    codes = [_cuts_at_half(one, out) and _on_logits(one) or code.metric(one)
             for one in out.metrics if not one.weighted or one is m]
    return code.compile_line(case, out, metric_codes=list(dict.fromkeys(filter(None, codes))))


def _on_logits(m) -> str:
    """A metric on logits as it is written in `compile`, or "" where Keras has none."""
    kind = type(m.object).__name__ if m.object is not None else ""
    if m.name in COUNTS:
        return f"keras.metrics.{kind}(thresholds=0.0)"
    if m.name.endswith("crossentropy"):
        return f"keras.metrics.{kind or code.CLASSES.get(m.name, 'BinaryCrossentropy')}(from_logits=True)"
    return {"binary_accuracy": "keras.metrics.BinaryAccuracy(threshold=0.0)",
            "auc": "keras.metrics.AUC(from_logits=True)"}.get(m.name, "")


@rule("f1-threshold", "warning")
def f1_threshold(case, out):
    for m in out.metrics:
        if m.name not in F_SCORES or m.arguments.get("threshold") is not None:
            continue
        several = dense_labels(out) and out.labels.kind == "multi_hot" and out.labels.row_sums[1] > 1
        if out.units == 1 or several:
            kind = type(m.object).__name__
            beta = f"beta={m.object.beta}, " if m.name == "f_beta_score" else ""
            new = f"keras.metrics.{kind}({beta}threshold=0.5)"
            return say(f"{m.log} has no threshold.",
                       why="Without one it takes the largest unit of each sample as the only positive. "
                           + ("With one unit that is every sample." if out.units == 1 else
                              "With several labels a sample, the others count as missed."),
                       see="A plausible number. " + ("It is the same for a model that always says no."
                                                     if out.units == 1 else "It is far below the real one."),
                       fix=code.compile_line(case, out, metric_codes=code.replace_metric(out, m, new)))


@rule("metric-shape", "error", unless=("shapes", "categorical-integers", "sparse-one-hot", "text-labels"))
def metric_shape(case, out):
    said = []
    for m in out.metrics:
        if dense_labels(out) and (m.name in (*COUNTS, *CURVES) or m.name in F_SCORES and not out.labels.flat) \
                and not out.labels.rows and (out.units or 0) > 1 and len(out.shape or ()) == 1:
            said.append(say(f"{m.log} needs one-hot labels here, but y holds class ids.",
                            why=f"It compares each of the {out.units} columns with a target of its own.",
                            see="fit(...) raises an error about shapes inside TensorFlow, which does not "
                                "name the metric.",
                            fix=f"y = keras.utils.to_categorical(y, {out.units})\n"
                                + code.compile_line(case, out, code.loss(
                                    out.loss, "cce", ignore_class=None,
                                    from_logits=True if out.loss.from_logits else None))))
    return said


@rule("micro-average", "warning", unless=("metric-shape", "shapes"))
def micro_average(case, out):
    exclusive = out.head.activation == "softmax" or out.loss.name in ("cce", "sce")
    if not exclusive or (out.units or 0) < 2 or not dense_labels(out) or out.labels.kind not in ("one_hot", "shares"):
        return None
    said = []
    for m in out.metrics:
        if m.name in (*COUNTS, *CURVES) and m.arguments.get("class_id") is None and not m.arguments.get("top_k") \
                and not m.arguments.get("multi_label"):
            kind = type(m.object).__name__
            new = f"keras.metrics.{kind}(class_id=1)" if m.name != "auc" else (
                "keras.metrics.AUC(multi_label=True" + (", from_logits=True)" if out.loss.from_logits else ")"))
            two = " With two classes, precision and recall are then both the accuracy." if out.units == 2 else ""
            said.append(say(f"{m.log} takes all {out.units} softmax columns as separate yes-or-no answers.",
                            why=f"It counts over all classes at once (micro average).{two}",
                            see="A number that looks fine and hides the class you care about. Name that class first: "
                                "class_id=1 makes class 1 the positive one.",
                            fix=code.compile_line(case, out, metric_codes=code.replace_metric(out, m, new))))
    return said


@rule("iou-probabilities", "warning")
def iou_probabilities(case, out):
    for m in out.metrics:
        if m.name in ("mean_io_u", "io_u") and m.arguments.get("sparse_y_pred", True):
            if (out.units or 1) == 1:
                new = "keras.metrics.BinaryIoU(target_class_ids=[0, 1], threshold=0.5)"
            else:
                sparse = dense_labels(out) and not out.labels.rows
                new = f"keras.metrics.OneHotMeanIoU(num_classes={out.units}, sparse_y_true={sparse})"
            return say(f"{m.log} needs class ids, but the model gives probabilities.",
                       why="It cuts each probability down to a whole number: 0.9 becomes class 0.",
                       see="A constant, such as 0.33, whatever the model learns.",
                       fix=code.compile_line(case, out, metric_codes=code.replace_metric(out, m, new)))


@rule("top-k", "warning")
def top_k(case, out):
    for m in out.metrics:
        k = m.arguments.get("k", 5)
        if m.name.endswith("top_k_categorical_accuracy") and out.units and k >= out.units:
            best = max(1, min(3, out.units - 1))
            kind = "SparseTopK" if m.name.startswith("sparse") else "TopK"
            new = f"keras.metrics.{kind}CategoricalAccuracy(k={best})" if best > 1 else '"accuracy"'
            return say(f"{m.log} asks whether the true class is among the best {k} of {out.units}.",
                       why="It always is." + (" The default is k=5." if k == 5 else ""), see="A constant 1.0.",
                       fix=code.compile_line(case, out, metric_codes=code.replace_metric(out, m, new)))


@rule("metric-classes", "error")
def metric_classes(case, out):
    for m in out.metrics:
        count = m.arguments.get("num_classes")
        if m.name.endswith("io_u") and isinstance(count, int) and dense_labels(out) and not out.labels.rows \
                and out.labels.integral and out.labels.high >= count:
            return say(f"{m.log} counts {count} classes, but the labels go up to {num(out.labels.high)}.",
                       why="It keeps a table of num_classes by num_classes.", see="An error, or counts that are lost.",
                       fix=f"keras.metrics.{type(m.object).__name__}(num_classes={classes(out)})")
