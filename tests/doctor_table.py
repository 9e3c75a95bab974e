"""Recall and false alarms of the doctor, by rule.

    PYTHONPATH=. python tests/doctor_table.py

examines every planted fault and every sound program and prints, for each rule: how many programs of the first set
(tests/doctor_faulty.py, written before the rules) plant its fault and how many of them it finds, the same for the
second set (tests/doctor_faulty_later.py, written after them) and the third (tests/doctor_asked.py, after questions that
people asked), and how many errors and warnings, and how many notes, it gives on the sound programs of
tests/doctor_sound.py and tests/doctor_asked.py. `EXPECTED` says which code names each fault of the first set; it is the
only link between the faults and the rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict

EXPECTED = {
    "softmax on one unit": "softmax-one-unit",
    "softmax on one unit, regression": "softmax-one-unit",
    "probability loss on a linear head": "probabilities-expected",
    "probability loss on a relu or tanh head": "probabilities-expected",
    "sigmoid head with categorical cross-entropy": "sigmoid-categorical",
    "softmax head with binary cross-entropy": "softmax-binary",
    "softmax head for multilabel": "softmax-multilabel",
    "from_logits on probabilities": "logits-expected",
    "softmax twice": "softmax-twice",
    "from_logits behind a reshape": "logits-expected",
    "softmax over the wrong axis": "softmax-axis",
    "softmax in a hidden layer": "softmax-hidden",
    "relu before from_logits": "bounded-logits",
    "sigmoid head, larger targets": "head-range",
    "relu head, negative targets": "head-range",
    "tanh head, larger targets": "head-range",
    "recurrent head, larger targets": "head-range",
    "hinge on a sigmoid head": "hinge-head",
    "binary cross-entropy, labels outside 0 and 1": "labels-outside-0-1",
    "sparse labels from 1": "sparse-out-of-range",
    "sparse labels outside the head": "sparse-out-of-range",
    "sparse cross-entropy on one unit": "one-unit-categorical",
    "categorical cross-entropy on one unit": "one-unit-categorical",
    "sparse labels scaled": "sparse-fractions",
    "one-hot labels with sparse cross-entropy": "sparse-one-hot",
    "integer labels with categorical cross-entropy": "categorical-integers",
    "categorical cross-entropy, scaled one-hot": "not-a-distribution",
    "units differ from one-hot columns": "shapes",
    "two units for 0/1 labels with binary cross-entropy": "shapes",
    "one unit for one-hot labels": "shapes",
    "text labels": "text-labels",
    "a list as y": "python-list",
    "NaN in the targets": "missing-values",
    "NaN in the features": "missing-values",
    "rows of x and y differ": "rows-differ",
    "poisson with negative predictions or targets": "negative-counts",
    "percentage error with targets of zero": "zero-percent",
    "msle with negative targets": "log-of-negative",
    "targets broadcast against outputs": "shapes",
    "missing flatten": "shapes",
    "accuracy in regression": "accuracy-regression",
    "accuracy on multilabel": "accuracy-multilabel",
    "threshold metrics on logits": "metric-on-logits",
    "F1 without a threshold on one unit": "f1-threshold",
    "precision over softmax columns": "micro-average",
    "precision on integer labels and softmax columns": "metric-shape",
    "wrong variant of accuracy": "accuracy-variant",
    "MeanIoU on probabilities": "iou-probabilities",
    "accuracy with labels -1 and 1": "accuracy-signs",
    "top-k with k of all classes": "top-k",
    "R2 or F1 on flat labels": "metric-flat-labels",
    "a metric that does not exist": "unknown-metric",
    "a loss that does not exist": "unknown-loss",
    "a metric as a bare function": "metric-averaged",
    "custom loss broadcasts flat labels": "loss-broadcasts",
    "custom metric broadcasts flat labels": "metric-broadcasts",
    "custom loss returns one number": "loss-scalar",
    "arguments of a custom loss swapped": "arguments-swapped",
    "custom loss with the wrong sign": "loss-rewards-errors",
    "a loss without a gradient": "no-gradient",
    "a loss that is NaN": "not-finite",
    "mean squared error for classes": "classes-as-numbers",
    "unscaled target": "unscaled-target",
    "reduction sum": "reduction-sum",
    "focal alpha without class balancing": "focal-alpha",
    "label smoothing out of range": "label-smoothing",
    "huber delta against the scale": "huber-delta",
    "imbalance reported by accuracy": "imbalance",
    "labels sorted": "sorted-labels",
    "only one class in y": "one-class",
    "class_weight that does not fit": "class-weight-form class-weight-keys class-weight-labels",
    "weights missing from the metrics": "unweighted-metrics",
    "sample_weight that does not fit": "sample-weight",
    "monitor in the wrong direction": "monitor-direction",
    "monitor of a name that is not there": "monitor-name",
    "monitor without a known direction": "monitor-direction",
    "learning rate far too high": "learning-rate",
    "learning rate of zero": "learning-rate",
    "nothing to train": "nothing-to-train",
    "images not scaled": "unscaled-features",
    "weights all zero": "equal-weights",
    "hidden layers without an activation": "no-activation",
    "dropout on the output": "dropout-output",
    "losses of two outputs swapped": "probabilities-expected",
    "targets of two outputs swapped": "labels-outside-0-1",
    "output names that do not match": "output-names",
    "one metric object for two outputs": "shared-metric",
    "accuracy on the regression output": "accuracy-regression",
    "padding counted in the metrics": "padding",
}


def accepted(kind) -> set[str]:
    return set(EXPECTED[kind].split())


def measure():
    """Return (rows, missed, alarms). rows: {code: Counter}; missed, alarms: what to look at."""
    import doctor_asked
    import doctor_faulty
    import doctor_faulty_later
    import doctor_sound

    from helpers.doctor import examine

    rows, missed, alarms = defaultdict(Counter), [], []
    first = ((f"{kind} #{i}", accepted(kind), make) for kind, i, make in doctor_faulty.faulty())
    for order, programs in (("first", first), ("second", doctor_faulty_later.later()),
                            ("third", doctor_asked.asked())):
        for name, wanted, make in programs:
            program = make()
            codes = examine(program.model, program.x, program.y, **program.options).codes
            hit = wanted & set(codes)
            code = min(hit) if hit else min(wanted)
            rows[code][order, "planted"] += 1
            rows[code][order, "found"] += bool(hit)
            if not hit:
                missed.append((name, codes))
    for name, make in (*doctor_sound.sound(), *doctor_asked.fine()):
        program = make()
        for finding in examine(program.model, program.x, program.y, **program.options):
            rows[finding.code]["notes" if finding.severity == "note" else "alarms"] += 1
            if finding.severity != "note":
                alarms.append((name, finding))
    return rows, missed, alarms


def table(rows) -> str:
    from helpers.doctor.rules import RULES

    severity = {}
    for one in RULES:
        severity.setdefault(one.code, one.severity)
    total = sum(rows.values(), Counter())
    lines = ["rule                    severity    first set  second set   third set  false alarms  notes on sound"]
    for code in [*severity, *(code for code in rows if code not in severity), "all"]:
        c = total if code == "all" else rows[code]
        found = [f"{c[order, 'found']} of {c[order, 'planted']}" if c[order, "planted"] else "-"
                 for order in ("first", "second", "third")]
        counts = f"{found[0]:>11}{found[1]:>12}{found[2]:>12}{c['alarms']:>14}{c['notes']:>16}"
        lines.append(f"{code:<24}{severity.get(code, ''):<10}{counts}")
    return "\n".join(lines)


if __name__ == "__main__":
    rows, missed, alarms = measure()
    print(table(rows))
    for name, codes in missed:
        print(f"missed: {name}, found {', '.join(codes) or 'nothing'}")
    for name, finding in alarms:
        print(f"false alarm: {name}: {finding.code}")
