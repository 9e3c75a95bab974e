"""Measure how long the cells of each section run: `python -m helpers.authoring.run_times [NOTEBOOK ...]`.

Runs each learner edition as it is, from top to bottom, and keeps the seconds by section in
notebooks/instructor/run_times.toml, which the instructor's pages and the paths read. Afterwards, build anew.
"""
from __future__ import annotations

import argparse
import datetime
import json
import os
import pathlib
import sys
import tempfile
import tomllib

import nbformat
from nbclient import NotebookClient

from helpers.authoring import source as src

NOTEBOOKS = src.ROOT / "notebooks"
FILE = NOTEBOOKS / "instructor" / "run_times.toml"
HEAD = "# Seconds that the cells of each section run, loading TensorFlow included. Measured by\n" \
       "# `python -m helpers.authoring.run_times`; do not edit.\n"


def read() -> dict[str, dict]:
    """What was measured: notebook -> {"measured": when and on what, "seconds": {heading: seconds}}."""
    return tomllib.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def seconds(notebook: nbformat.NotebookNode) -> dict[str, float]:
    """Seconds by section of a notebook that was run with its timing recorded. Cells above the first section count
    with it."""
    found, heading, before = {}, None, 0.0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for heading in src.headings(cell.source):
                found[heading] = before
                before = 0.0
            continue
        times = cell.metadata.get("execution", {})
        if "iopub.execute_input" in times:
            start, end = (datetime.datetime.fromisoformat(times[key].replace("Z", "+00:00"))
                          for key in ("iopub.execute_input", "shell.execute_reply"))
            spent = (end - start).total_seconds()
            if heading is None:
                before += spent
            else:
                found[heading] += spent
    return found


def measure(name: str) -> dict[str, float]:
    """Run a learner edition and return its seconds by section."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {"WORKBOOK_PROGRESS": str(pathlib.Path(scratch, "p.jsonl")), "TQDM_DISABLE": "1"}
        NotebookClient(notebook, timeout=600, kernel_name="python3",
                       resources={"metadata": {"path": str(NOTEBOOKS)}}).execute(env=environment)
    return seconds(notebook)


def written(times: dict[str, dict]) -> str:
    """The file's text."""
    parts = [HEAD]
    for name, one in sorted(times.items()):
        rows = [f"{json.dumps(heading, ensure_ascii=False)} = {spent:.1f}" for heading, spent in one["seconds"].items()]
        parts.append("\n".join([f"[{name}]", f"measured = {json.dumps(one['measured'], ensure_ascii=False)}",
                                f"[{name}.seconds]", *rows]) + "\n")
    return "\n".join(parts)


def main(arguments=None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.authoring.run_times", description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="names such as 01_regression_losses; all when left out")
    times = read()
    for name in parser.parse_args(arguments).notebooks or src.names():
        found = measure(name)
        where = f"{datetime.date.today():%B %Y}, {os.cpu_count()} cores"
        times[name] = {"measured": where, "seconds": found}
        FILE.write_text(written(times), encoding="utf-8", newline="\n")
        print(f"{name}: {sum(found.values()):.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
