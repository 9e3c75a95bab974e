"""Run one notebook with parameters: `python -m helpers.authoring.run 01_regression_losses -p seed 7`.

Runs the solved edition of a notebook, or any .ipynb by its path, with papermill. Parameters of a wrong name or type are
refused before a kernel starts. With --output the executed notebook is kept.
"""
from __future__ import annotations

import argparse
import os
import pathlib
import sys
import tempfile
import threading

import nbformat

from helpers.authoring import build, parameters
from helpers.authoring import source as src

CELL_TIMEOUT = 600  # seconds


class NotebookError(Exception):
    """A notebook that is not there, cannot be read, or stopped with an error; the text says where."""


def find(name: str, edition: str = "solutions") -> pathlib.Path:
    """The path of a notebook: of a file as it is given, otherwise of an edition of the workbook's notebook."""
    path = pathlib.Path(name) if name.endswith(".ipynb") else build.edition_path(name, edition)
    if not path.is_file():
        raise NotebookError(f"There is no notebook {name!r}: give the path of an .ipynb, or one of "
                            f"{', '.join(src.names())}.")
    return path.resolve()


def read(path: pathlib.Path) -> nbformat.NotebookNode:
    """The notebook of a file. Raises NotebookError when it is none."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat has no common base for what can be wrong with a file
        raise NotebookError(f"{path.name} is not a notebook ({type(error).__name__}: {error}).") from None


def run(path: pathlib.Path, values: dict, output: pathlib.Path | None = None) -> nbformat.NotebookNode:
    """Check `values` (parameter -> value), execute the notebook in its folder, and return it.

    Raises ParameterError before a kernel starts, and NotebookError when a cell fails.
    """
    parameters.check(read(path), values)
    import papermill  # only here: it takes a second
    from papermill.exceptions import PapermillExecutionError
    with tempfile.TemporaryDirectory() as scratch:
        output = output or pathlib.Path(scratch, "ran.ipynb")
        try:
            return papermill.execute_notebook(path, output, parameters=values, kernel_name="python3", language="python",
                                              cwd=path.parent, progress_bar=False, log_output=False,
                                              execution_timeout=CELL_TIMEOUT)
        except PapermillExecutionError as error:
            raise NotebookError(f"{path.name}, cell {error.cell_index + 1}: {error.ename}: {error.evalue}") from None
        except Exception as error:  # a dead kernel, a cell that never ends: nbclient has a class for each
            raise NotebookError(f"{path.name}: {type(error).__name__}: {error}") from None


def main(arguments=None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.authoring.run", description=__doc__.split("\n")[0])
    parser.add_argument("notebook", help="a name such as 01_regression_losses, or the path of an .ipynb")
    parser.add_argument("-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"))
    parser.add_argument("--edition", choices=build.EDITIONS, default="solutions")
    parser.add_argument("--output", type=pathlib.Path, help="where to keep the executed notebook")
    parser.add_argument("--leash", action="store_true", help="end when standard input does: with whoever holds it")
    options = parser.parse_args(arguments)
    if options.leash:
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(1)), daemon=True).start()
    path = find(options.notebook, options.edition)
    values = parameters.from_text(read(path), dict(options.parameter))
    with tempfile.TemporaryDirectory() as scratch:  # answers of a solved edition are nobody's progress
        os.environ.setdefault("WORKBOOK_PROGRESS", str(pathlib.Path(scratch, "progress.jsonl")))
        os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TQDM_DISABLE": "1"}
        run(path, values, options.output)
    print(f"{path.name} ran to its end with {values or 'its default parameters'}.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (parameters.ParameterError, NotebookError) as error:
        sys.exit(str(error))
