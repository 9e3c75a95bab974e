"""A wrong parameter is a clear sentence before a kernel starts, and a right one reaches the notebook."""
import nbformat
import pytest

from helpers.authoring import parameters, run
from helpers.authoring import source as src

CELL = '''seed: int = 0  # where it starts
rate: float = 0.01
name = "films"
verbose = False
columns: list[str] = ["a",
                      "b"]
limit: int | None = None
free = None
computed = max(1, 2)
'''


def notebook(parameters_cell=CELL, code="print('seed is', seed)"):
    cells = [nbformat.v4.new_code_cell(code)]
    if parameters_cell:
        cells.insert(0, nbformat.v4.new_code_cell(parameters_cell, metadata={"tags": ["parameters"]}))
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture
def path(tmp_path):
    nbformat.write(notebook(), tmp_path / "tiny.ipynb")
    return tmp_path / "tiny.ipynb"


def test_types_come_from_annotations_and_else_from_defaults():
    types = {name: known.types for name, known in parameters.declared(notebook()).items()}
    assert types == {"seed": ("int",), "rate": ("float",), "name": ("str",), "verbose": ("bool",),
                     "columns": ("list",), "limit": ("int", "None"), "free": (), "computed": ()}


@pytest.mark.parametrize("values", [
    {}, {"seed": 7, "rate": 1, "name": "x", "verbose": True, "columns": [], "limit": None},
    {"limit": 3, "free": "anything", "computed": 2.5}])
def test_right_parameters_pass(values):
    parameters.check(notebook(), values)


@pytest.mark.parametrize(("values", "sentence"), [
    ({"sede": 7}, r"no parameter 'sede'. Did you mean 'seed'\? Its parameters: seed \(int, default 0\); rate"),
    ({"zzz": 7}, "no parameter 'zzz'. Its parameters"),
    ({"seed": "7"}, r"'seed' takes int, default 0, but was given '7' \(str\)"),
    ({"seed": 7.0}, "takes int"), ({"seed": True}, "takes int"), ({"seed": None}, "takes int"),
    ({"rate": "1e-2"}, "takes float"), ({"name": 3}, "takes str"), ({"verbose": 1}, "takes bool"),
    ({"columns": "a"}, "takes list"), ({"limit": "3"}, "takes int or None")])
def test_wrong_parameters_are_refused(values, sentence):
    with pytest.raises(parameters.ParameterError, match=sentence):
        parameters.check(notebook(), values)


def test_a_notebook_without_parameters_takes_none():
    parameters.check(notebook(None), {})
    with pytest.raises(parameters.ParameterError, match="Its parameters: none"):
        parameters.check(notebook(None), {"seed": 1})


def test_text_is_read_as_the_type_of_its_parameter():
    texts = {"seed": "-7", "rate": "1e-2", "name": "2014", "verbose": "True", "columns": "['x']", "limit": "None"}
    values = parameters.from_text(notebook(), texts)
    assert values == {"seed": -7, "rate": 0.01, "name": "2014", "verbose": True, "columns": ["x"], "limit": None}
    assert parameters.from_text(notebook(), {"name": "'quoted'"}) == {"name": "'quoted'"}
    with pytest.raises(parameters.ParameterError, match=r"given 'seven' \(str\)"):
        parameters.from_text(notebook(), {"seed": "seven"})


@pytest.mark.parametrize("name", src.names())
def test_every_notebook_declares_its_seed_as_an_int(name):
    assert parameters.declared(run.read(run.find(name)))["seed"].types == ("int",)


@pytest.mark.parametrize("name", src.names())
def test_papermill_knows_every_parameter(name):
    """It reads the cell line by line, and warns of an unknown parameter where an annotation holds a `|`."""
    import papermill
    path = run.find(name)
    assert set(papermill.inspect_notebook(path)) == set(parameters.declared(run.read(path)))


@pytest.mark.parametrize("arguments", [["-p", "sede", "7"], ["-p", "seed", "x"]])
def test_no_kernel_starts_for_a_wrong_parameter(path, monkeypatch, arguments):
    import papermill
    monkeypatch.setattr(papermill, "execute_notebook", lambda *_, **__: pytest.fail("a kernel was to be started"))
    with pytest.raises(parameters.ParameterError):
        run.main([str(path), *arguments])
    with pytest.raises(parameters.ParameterError):
        run.run(path, {"seed": "7"})


def test_a_parameter_reaches_the_notebook(path, capsys):
    kept = path.with_name("kept.ipynb")
    assert run.main([str(path), "-p", "seed", "7", "--output", str(kept)]) == 0
    assert "ran to its end with {'seed': 7}" in capsys.readouterr().out
    assert run.read(kept).cells[-1].outputs[0].text == "seed is 7\n"


def test_a_cell_that_fails_is_one_sentence(path):
    nbformat.write(notebook(code="1 / (seed - 3)"), path)
    with pytest.raises(run.NotebookError, match="tiny.ipynb, cell .*: ZeroDivisionError: "):
        run.run(path, {"seed": 3})


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("99_nothing", None, "no notebook '99_nothing'"), ("none.ipynb", None, "no notebook"),
    ("bad.ipynb", "{", "bad.ipynb is not a notebook")])
def test_what_is_no_notebook_is_one_sentence(tmp_path, monkeypatch, name, content, sentence):
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(run.NotebookError, match=sentence):
        run.main([name])
