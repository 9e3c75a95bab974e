"""The report: one HTML file with its figures inside, which can be sent to someone. `write_report`.

Everything that comes from the table is escaped; the page forbids scripts and foreign files by its own policy.
"""

from __future__ import annotations

import base64
import html
import os
import tempfile
from pathlib import Path

import numpy as np

from helpers.own_data.errors import OwnDataError, one_line

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE = ("body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;"
         "background:#fff;overflow-wrap:anywhere}table{border-collapse:collapse;margin:1rem 0}"
         "th,td{border:1px solid #767676;padding:.3rem .6rem;text-align:left;vertical-align:top}"
         "caption{text-align:left;font-weight:bold}img{max-width:100%;height:auto}")


def text(value) -> str:
    """A value as HTML text: escaped, one line, at most 1000 characters, control characters made visible."""
    value = one_line(value)
    return html.escape(value if len(value) <= 1000 else value[:1000] + " ...")


def table_of(rows, caption: str = "", head: tuple = ()) -> str:
    """Rows as an HTML table; the first cell of each row is its header."""
    parts = [f"<caption>{text(caption)}</caption>"] if caption else []
    if head:
        parts.append("<thead><tr>" + "".join(f'<th scope="col">{text(name)}</th>' for name in head) + "</tr></thead>")
    body = "".join(f'<tr><th scope="row">{text(row[0])}</th>' + "".join(f"<td>{text(cell)}</td>" for cell in row[1:])
                   + "</tr>" for row in rows)
    return f"<table>{''.join(parts)}<tbody>{body}</tbody></table>"


def paragraphs_of(sentences) -> str:
    """Sentences as HTML paragraphs."""
    return "".join(f"<p>{text(sentence)}</p>" for sentence in sentences)


def write_report(result, path) -> Path:
    """Write the report of a `Result`. The file is there in full or not at all. Raises OwnDataError if it cannot be."""
    return write_whole(path, page(result).encode("utf-8"))


def write_whole(path, content: bytes) -> Path:
    """Write a file so that nobody ever sees half of it: beside its place first, then moved there."""
    path = Path(path)
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise OwnDataError(f"{str(path)!r} cannot be written ({error.strerror}): name a file in a folder that exists "
                           "and is yours.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except OSError as error:
        raise OwnDataError(f"{str(path)!r} cannot be written ({error.strerror}): free some space, or name another "
                           "file.") from error
    finally:
        Path(beside).unlink(missing_ok=True)
    return path


def page(result) -> str:
    """The whole report as HTML."""
    plan, task = result.plan, result.plan.task
    names = ", ".join(task.target)
    findings = result.findings.of("error", "warning")
    parts = [
        f"<h1>What can be predicted of {text(names)}</h1>", paragraphs_of(result.summary),
        "<h2>The metric, over all seeds</h2>", _values(result), _scores(result),
        "<h2>The table</h2>", table_of(task.rows()), paragraphs_of([str(plan)]),
        "<h2>How far each column predicts alone</h2>",
        table_of([(name, f"{value:.2f}") for name, value in list(task.alone.items())[:20]],
                 "A small decision tree on one column, on rows it has not seen: 0 = like the best constant, 1 = "
                 "perfectly",
                 ("column", "worth")),
        "<h2>Training</h2>", _curves(result), table_of(result.reading.rows(), "What the curves show"),
        paragraphs_of([str(finding.title) for finding in findings]
                      or ["Head, loss, labels and metrics fit: the doctor found no error and no warning."]),
        "<h2>How far this can be trusted</h2>", paragraphs_of(limits(result)),
    ]
    return ('<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Report on {text(names)}</title><style>{STYLE}</style></head><body><main>{''.join(parts)}"
            "</main></body></html>\n")


def limits(result) -> list[str]:
    """What was tested on which rows, and what was not: sentences."""
    plan = result.plan
    return [f"{len(plan.y['train']):,} rows were trained on, {len(plan.y['validation']):,} served to stop the training "
            f"and to choose thresholds, and {len(plan.y['test']):,} were looked at once, at the end.",
            "The interval says what other rows of the same kind would give. It says nothing about rows from another "
            "place or a later time.",
            "Nobody but you can know whether each column is known when a prediction is due.",
            f"The saved model is the one with the median validation loss, seed {result.seeds[result.chosen]}: neither "
            "the luckiest nor the unluckiest.", *plan.notes]


def _scores(result):
    rows = [(name, f"{np.nanmedian(values):.4g}", f"{np.nanmin(values):.4g} to {np.nanmax(values):.4g}",
             f"{result.baselines[name]:.4g}") for name, values in result.scores.items()]
    return table_of(rows, "All metrics on the test rows", ("metric", "median of the seeds", "range of the seeds",
                                                           "best constant"))


def _figure(draw, alt):
    from helpers import figures

    fig, axis = figures.axes()
    draw(axis)
    source = base64.b64encode(figures.png(fig)).decode()
    return f'<p><img alt="{text(alt)}" src="data:image/png;base64,{source}"></p>'


def _values(result):
    values = result.values[np.isfinite(result.values)]

    def draw(axis):
        axis.plot(values, np.zeros(len(values)), "o", alpha=0.6)
        axis.axvline(result.baseline, color="black", linestyle="--")
        axis.annotate("best constant", (result.baseline, 0.8), xycoords=("data", "axes fraction"))
        axis.set(xlabel=f"{result.metric} on the test rows", yticks=[])

    return _figure(draw, f"Dot plot, {result.metric} on the test rows of {len(values)} seeds: from {values.min():.4g} "
                         f"to {values.max():.4g}. A dashed line marks the best constant, {result.baseline:.4g}.")


def _curves(result):
    loss, later = result.runs.history["loss"], result.runs.history["val_loss"]
    epochs = np.arange(1, loss.shape[1] + 1)

    def draw(axis):
        for values, label, style in ((loss, "training", "-"), (later, "validation", "--")):
            low, middle, high = np.nanquantile(values, (0.1, 0.5, 0.9), axis=0)
            axis.plot(epochs, middle, style, label=label)
            axis.fill_between(epochs, low, high, alpha=0.2)
        axis.set(xlabel="epoch", ylabel="loss")
        axis.legend()

    first, last = np.nanmedian(later[:, 0]), np.nanmedian(np.nanmin(later, axis=1))
    return _figure(draw, f"Line plot, loss over epochs 1 to {len(epochs)}, median and 80 % band of {len(loss)} seeds, "
                         f"training and validation. The validation loss goes from {first:.4g} to {last:.4g} at "
                         "its best.")
