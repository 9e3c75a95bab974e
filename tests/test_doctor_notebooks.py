"""On the models that the notebooks train, the doctor says what was planted there, and no more."""

import json

import pytest
from doctor_notebooks import NOTEBOOKS, findings_of

PLANTED = {  # the errors and warnings that a notebook shows on purpose; a notebook that is not listed has none
    "01_regression_losses": {"accuracy-regression", "head-range"},
    "02_binary_cross_entropy": {"softmax-one-unit", "probabilities-expected", "logits-expected", "labels-outside-0-1",
                                "shapes", "categorical-integers", "one-unit-categorical", "text-labels",
                                "python-list", "accuracy-signs"},
    "03_multiclass_cross_entropy": {"sparse-one-hot", "python-list", "text-labels", "sparse-out-of-range", "shapes",
                                    "sparse-fractions", "softmax-multilabel", "categorical-integers", "softmax-twice",
                                    "not-a-distribution", "sigmoid-categorical", "probabilities-expected",
                                    "softmax-binary"},
    "04_multilabel_sigmoid": {"softmax-multilabel", "accuracy-multilabel", "class-weight-labels", "class-weight-form",
                              "sample-weight", "learning-rate"},
    "05_metric_versus_loss": {"no-gradient", "unknown-loss", "learning-rate"},  # loss-scalar: evaluated, not trained
    "07_reading_curves": {"missing-values", "first-step-explodes"},
}
TRAINING = ("fit(", "fit_replicates(")
WITH_MODELS = [path.stem for path in sorted((NOTEBOOKS / "solutions").glob("[0-9]*.ipynb"))
               if any(call in path.read_text(encoding="utf-8") for call in TRAINING)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", WITH_MODELS)
def test_the_doctor_agrees_with_the_notebook(name):
    found = findings_of(name)
    cells = json.loads((NOTEBOOKS / "solutions" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    calls = sum(code.count(call) for call in TRAINING)
    assert calls and len(found) >= calls / 2, f"{len(found)} models were met, but training is called {calls} times"
    said = {f.code for _, findings in found for f in findings.of("error", "warning")}
    assert said == PLANTED.get(name, set())
    assert any(not findings.of("error", "warning") for _, findings in found), "not one sound model?"
