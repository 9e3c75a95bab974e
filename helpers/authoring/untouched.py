"""Run learner notebooks as they are, on other packages: `OTHER/PYTHON -m helpers.authoring.untouched [NOTEBOOK ...]`.

It tells whether the workbook runs on other versions than the pinned ones, such as Google Colab's
(tests/requirements-colab.txt). It needs nbclient and ipykernel there, and nothing else of the authors' tools. Each cell
is run even after an error; the exit code is 1 when one raised.
"""
from __future__ import annotations

import importlib.metadata
import json
import os
import pathlib
import sys
import tempfile
import time

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = pathlib.Path(__file__).resolve().parents[2] / "notebooks"
PACKAGES = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "scikit-learn", "matplotlib", "pandas", "ipython",
            "ipywidgets")


def versions() -> str:
    """The versions of what the notebooks use, in one line."""
    found = [f"Python {'.'.join(map(str, sys.version_info[:3]))}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            pass
    return ", ".join(found)


def run(path: pathlib.Path) -> list[str]:
    """Run a notebook, and describe each cell that raised."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as scratch:
        kernel = pathlib.Path(scratch, "kernels", "python3")
        kernel.mkdir(parents=True)  # this Python, whatever kernels are registered on the machine
        (kernel / "kernel.json").write_text(json.dumps(
            {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
             "display_name": "Python 3", "language": "python"}))
        settings = {"JUPYTER_PATH": scratch, "WORKBOOK_PROGRESS": str(pathlib.Path(scratch, "progress.jsonl")),
                    "TF_CPP_MIN_LOG_LEVEL": "3", "TQDM_DISABLE": "1"}
        before = dict(os.environ)
        os.environ.update(settings)
        try:
            NotebookClient(notebook, timeout=600, kernel_name="python3", allow_errors=True,
                           resources={"metadata": {"path": str(path.parent)}}).execute()
        finally:
            os.environ.clear()
            os.environ.update(before)
    return [f"cell {number}: {output.ename}: {output.evalue}\n    {cell.source.splitlines()[0]}"
            for number, cell in enumerate(notebook.cells) for output in cell.get("outputs", [])
            if output.output_type == "error"]


def main(arguments: list[str]) -> int:
    """The command line; returns the exit code."""
    failed = 0
    print(versions(), flush=True)
    for path in [NOTEBOOKS / f"{name}.ipynb" for name in arguments] or sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        started = time.monotonic()
        errors = run(path)
        failed += len(errors)
        print(f"{path.stem}: {len(errors)} errors, {time.monotonic() - started:.0f} s", *errors, sep="\n  ", flush=True)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
