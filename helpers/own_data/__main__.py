"""The command: a table in, a report and a model out, without a browser.

    python -m helpers.own_data my_table.csv --target my_column
    python -m helpers.own_data new_rows.csv --predict own_model      # prints predictions as CSV

Exit code 0: done. 2: the input cannot be used, and one sentence on standard error says why and what to do.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from helpers.own_data.errors import OwnDataError

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a text that begins so


def main(arguments=None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        _predict(options) if options.predict else _report(options)
    except OwnDataError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2
    return 0


def _report(options):
    from helpers.quiet import quiet

    with quiet():
        import keras  # noqa: F401 - TensorFlow's start-up log is silenced here
    from helpers import own_data

    if not options.target:
        raise OwnDataError("No target is named: say --target with the column that is to be predicted.")
    for place in (Path(options.report), Path(options.model)):
        if not place.parent.is_dir():
            raise OwnDataError(f"There is no folder {str(place.parent)!r} to write into: make it first.")
    table = own_data.read(options.table, sep=options.sep)
    task = own_data.describe(table, options.target, options.kind, options.positive, options.drop, options.group)
    print(task, flush=True)
    plan = own_data.prepare(task, options.seed)
    print(plan, flush=True)
    result = own_data.train(plan, options.seeds, options.seed, options.epochs, options.metric, options.miss,
                            options.false_alarm)
    print(result)
    own_data.save(result, options.model)
    own_data.write_report(result, options.report)
    print(f"Report: {options.report}\nModel: {options.model}")


def _predict(options):
    from helpers.quiet import quiet

    with quiet():
        import keras  # noqa: F401
    from helpers import own_data

    found = own_data.load(options.predict).predict(own_data.read(options.table, sep=options.sep))
    for name in found.select_dtypes(exclude="number"):
        found[name] = found[name].map(harmless)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(map(harmless, found.columns))
    writer.writerows(found.itertuples(index=False))


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before one that begins like one."""
    return f"'{text}" if str(text).startswith(FORMULA) else text


def _parser():
    parser = argparse.ArgumentParser(prog="python -m helpers.own_data", description="From a table to a report and a "
                                     "model; or, with --predict, predictions for new rows.")
    parser.add_argument("table", help="a CSV file in UTF-8 (also .gz), or a Parquet file")
    parser.add_argument("--target", action="append", help="the column to predict; again for several labels or amounts")
    parser.add_argument("--kind", default="ask", help="what the targets are, where numbers could mean several things")
    parser.add_argument("--positive", help="of two classes, the one that is looked for")
    parser.add_argument("--drop", action="append", default=[], help="a column to leave out; again for more")
    parser.add_argument("--group", help="a column whose equal rows stay together in the split, such as a patient")
    parser.add_argument("--metric", help="the metric that matters")
    parser.add_argument("--miss", type=float, help="what a miss costs")
    parser.add_argument("--false-alarm", type=float, help="what a false alarm costs")
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0, help="the first seed, of split and training")
    parser.add_argument("--epochs", type=int, help="at most so many")
    parser.add_argument("--sep", default=",", help="what stands between the fields of a CSV file")
    parser.add_argument("--report", default="report.html", help="where the report goes")
    parser.add_argument("--model", default="own_model", help="the folder where the model goes")
    parser.add_argument("--predict", metavar="FOLDER", help="predict the table's rows with the model in this folder")
    return parser


if __name__ == "__main__":
    sys.exit(main())
