"""Notebooks on other packages: each cell that raised is told, and the notebook and the progress stay as they are."""
import pathlib
import subprocess
import sys

import nbformat
import pytest

from helpers.authoring import untouched

ROOT = pathlib.Path(__file__).resolve().parents[1]


@pytest.fixture
def notebook(tmp_path):
    def write(*code):
        path = tmp_path / "90_trial.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in code]), path)
        return path
    return write


def test_a_notebook_that_runs_has_no_errors_and_is_left_as_it_is(notebook):
    path = notebook("import os\nassert 'progress.jsonl' in os.environ['WORKBOOK_PROGRESS']",
                    "import pathlib, sys\nassert pathlib.Path.cwd() == pathlib.Path(" + repr("{}") + ")")
    path = notebook(*[cell.source.replace("{}", str(path.parent.resolve()))
                      for cell in nbformat.read(path, as_version=4).cells])
    before = path.read_bytes()
    assert untouched.run(path) == []
    assert path.read_bytes() == before


def test_each_cell_that_raises_is_told_and_the_rest_runs_too(notebook):
    told = untouched.run(notebook("a = 1", "a.missing\nmore", "1 / 0", "import sys; assert sys.executable == 'no'"))
    assert [one.split(":")[0] for one in told] == ["cell 1", "cell 2", "cell 3"]
    assert "'int' object has no attribute 'missing'" in told[0] and told[0].endswith("\n    a.missing")


def test_the_kernel_is_this_python(notebook):
    assert untouched.run(notebook(f"import sys\nassert sys.executable == {sys.executable!r}")) == []


def test_the_command_names_the_versions_and_fails_when_a_cell_raised(notebook, monkeypatch, capsys):
    monkeypatch.setattr(untouched, "NOTEBOOKS", notebook("1 / 0").parent)
    assert untouched.main([]) == 1
    out = capsys.readouterr().out
    assert out.startswith("Python 3.") and "numpy" in out and "90_trial: 1 errors" in out and "ZeroDivisionError" in out
    notebook("1")
    assert untouched.main(["90_trial"]) == 0


def test_it_needs_none_of_the_authors_tools():
    """Colab's environment has no jupytext, sphinx or pytest."""
    code = ("import sys\nfor name in ('jupytext', 'sphinx', 'pytest', 'ruff', 'papermill'): sys.modules[name] = None\n"
            "import helpers.authoring.untouched")
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
