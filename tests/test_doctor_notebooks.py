"""On the models that the notebooks train, the doctor says what was planted there, and no more."""

import json

import pytest
from doctor_notebooks import NOTEBOOKS, findings_of

PLANTED = {  # the errors and warnings that a notebook shows on purpose; a notebook that is not listed has none
    "01_regression_losses": {"accuracy-regression"},
}
TRAINED_WITH_FIT = [path.stem for path in sorted((NOTEBOOKS / "solutions").glob("[0-9]*.ipynb"))
                    if path.stem in ("00_start_here", "01_regression_losses")]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TRAINED_WITH_FIT)
def test_the_doctor_agrees_with_the_notebook(name):
    found = findings_of(name)
    cells = json.loads((NOTEBOOKS / "solutions" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    calls = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code").count("fit(")
    assert found and calls, "no model was met: does the notebook still train one?"
    said = {f.code for _, findings in found for f in findings.of("error", "warning")}
    assert said == PLANTED.get(name, set())
