"""What the probe shows of metrics: shapes that broadcast, means of means, one object for two outputs."""

from __future__ import annotations

from helpers.doctor import code
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import dense_labels, num


@rule("metric-broadcasts", "warning", unless=("shapes",))
def metric_broadcasts(case, out):
    said = []
    for m, found in zip(out.metrics, out.probe.metrics if out.probe is not None else [], strict=False):
        value, column = found["value"], found["column"]
        compared = isinstance(value, float) and isinstance(column, float)
        if compared and abs(value - column) > 1e-4 * max(abs(column), 1e-9):
            said.append(say(f"Your own metric {m.log} compares every target with every prediction.",
                            why="y has shape (n,) and the outputs (n, 1); their difference is (n, n).",
                            see=f"{num(value)} on the first rows where {num(column)} is meant. The loss is fine.",
                            fix="y = y[:, None]  # or reshape(-1, 1)"))
        elif m.name in ("mse", "mae", "rmse", "mape") and dense_labels(out) and not out.labels.rows \
                and (out.units or 0) > 1 and out.loss.name == "sce":
            said.append(say(f"{m.log} compares class ids with {out.units} probabilities.",
                            why="An id is no amount: class 4 is not twice class 2.",
                            see="A number without meaning, or an error about shapes.",
                            fix=code.compile_line(case, out,
                                                  metric_codes=code.replace_metric(out, m, "") or ['"accuracy"'])))
    return said


@rule("metric-averaged", "note")
def metric_averaged(case, out):
    said = []
    for m, found in zip(out.metrics, out.probe.metrics if out.probe is not None else [], strict=False):
        if m.name == "custom" and found["scalar"]:
            said.append(say(f"Your own metric {m.log} gives one number a batch, and Keras averages these.",
                            why="That is right for a mean over samples, and wrong for F1, precision, R² or RMSE.",
                            see="Another value for another batch size, and a small last batch that counts in full.",
                            fix="class MyMetric(keras.metrics.Metric): ...  # add up counts, divide in result()"))
    return said


@rule("shared-metric", "warning", scope="model")
def shared_metric(case):
    seen = {}
    for out in case.outputs:
        for m in out.metrics:
            if m.object is not None and not isinstance(m.written, (str, type)):
                seen.setdefault(id(m.object), []).append((out.name, m))
    for users in seen.values():
        if len({name for name, _ in users}) > 1:
            name = code.metric(users[0][1])
            return say(f"One metric object ({users[0][1].log}) serves the outputs "
                       f"{' and '.join(repr(n) for n, _ in users)}.",
                       why="A metric object keeps one running total, here of both outputs together.",
                       see="Both outputs report the same number.",
                       fix="metrics={" + ", ".join(f'"{n}": [{name}]' for n, _ in users) + "}  # one object each")
