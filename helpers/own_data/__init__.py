"""From a person's own table to a report and a model: what the labels are, what leaks, what a model adds to a baseline.

>>> from helpers import own_data
>>> table = own_data.read("my_table.csv")                    # a Table: frame, notes; CSV, .csv.gz or Parquet
>>> task = own_data.describe(table, target="price")          # a Task: what the labels are and why; suspects of leaks
>>> plan = own_data.prepare(task, seed=0)                    # a Plan: split, and preprocessing fitted on training rows
>>> result = own_data.train(plan, seeds=16)                  # a Result: baseline, all seeds, threshold, test rows once
>>> own_data.write_report(result, "report.html")             # one HTML file that can be sent to someone
>>> own_data.save(result, "my_model")                        # a folder, with model_card.txt
>>> own_data.load("my_model").predict(new_rows)

Every object prints as text (`str`) and shows as a table in a notebook. In full:

read(path) -> Table(path, frame, notes)
describe(table, target, kind="ask", positive=None, drop=(), group=None) -> Task
    table: a Table or a DataFrame. target: a column, or a list of them (several labels, several amounts); a text column
    such as "Drama|Crime" is several labels. kind: "ask", or one of helpers.doctor.recommendation.KINDS; where whole
    numbers could mean several things, "ask" raises OwnDataError that lists the answers. positive: the value of the
    target that counts as the positive class. drop: columns that the model must not see. group: a column whose rows
    stay together in the split, such as a patient.
    Task: frame (rows whose target is known), target, kind, classes, recommendation, features (column -> "number",
    "category", "list", "text" or "date"), left_out (column -> why), suspects (list of Suspect: column, kind, why),
    alone (column -> how well it alone predicts the target, 0 = like the best constant, 1 = perfectly), notes, y.
prepare(task, seed=0) -> Plan
    Plan: task, split (array of "train", "validation", "test", one a row), transformer (scikit-learn), names (of the
    columns of X), X and y (dicts from split to array), notes.
train(plan, seeds=16, base_seed=0, epochs=None, metric=None, miss=None, false_alarm=None, hidden=32) -> Result
    metric: a name in own_data.metrics_for(kind); None takes "cost" where the two costs differ, "pr_auc" where the rarer
    of two classes has less than a tenth of the rows, and otherwise the first. miss, false_alarm: what the two errors
    cost, 1 unless given; the threshold always follows them, on validation rows, whatever the metric is.
    Result: plan, runs (helpers.replicates.Runs), findings (doctor), reading (curves), metric, larger_is_better,
    baseline (the metric on test rows of the best constant, which training rows choose), values (seeds,) on test rows,
    thresholds (seeds,) or (seeds, labels) or None, interval (95 %, over test rows and seeds, of the gain over the
    baseline), better (True only if the whole interval is on the good side), chosen (place of the seed that is saved:
    its validation loss is the median), scores (metric -> values (seeds,)), baselines (metric -> float), costs, seeds,
    p_test ((seeds, rows) or (seeds, rows, outputs): predictions on test rows), summary (sentences).
write_report(result, path) -> path. save(result, folder) -> folder. load(folder) -> Saved, with predict(frame) -> table.
example(path) writes the table of films as a CSV: target "won_oscar".

Whatever is wrong with the input raises OwnDataError, one sentence that says what is wrong and what to do.

As one command, without a browser: python -m helpers.own_data my_table.csv --target my_column
"""

from helpers.own_data.errors import AskBack, OwnDataError
from helpers.own_data.films import example
from helpers.own_data.leaks import Suspect
from helpers.own_data.metrics import metrics_for
from helpers.own_data.plans import Plan, prepare
from helpers.own_data.reading import Table, read
from helpers.own_data.report import write_report
from helpers.own_data.saved import Saved, load, save
from helpers.own_data.tasks import Task, describe
from helpers.own_data.training import Result, train

__all__ = ["AskBack", "OwnDataError", "Plan", "Result", "Saved", "Suspect", "Table", "Task", "describe", "example",
           "load", "metrics_for", "prepare", "read", "save", "train", "write_report"]
