"""Examine every model that a notebook trains, without training it: what would the doctor say there?

    PYTHONPATH=. python tests/doctor_notebooks.py 01_regression_losses

runs the code of the solved notebook with no epoch in place of all, and lists the findings before each `fit`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


class Untrained:
    """What a notebook reads from `Runs`, of two replicates that are as they were built."""

    def __init__(self, built):
        self.built, self.seeds, self.diverged = built, [0, 1], []
        self.history = defaultdict(lambda: np.zeros((2, 2)))

    def predict(self, X):
        return np.stack(2 * [np.asarray(self.built(np.asarray(X)))])

    def model(self, k):
        return self.built


def findings_of(name) -> list[tuple[str, object]]:
    """(what is trained, findings) for each `fit` and `fit_replicates` of the solved notebook, in order."""
    import keras
    from matplotlib import pyplot

    from helpers import figures, replicates
    from helpers.doctor import examine

    found, fit, many, png = [], keras.Model.fit, replicates.fit_replicates, figures.png

    def no_fit(model, x=None, y=None, *args, **kwargs):
        asked = ("class_weight", "sample_weight", "callbacks", "validation_data")
        told = {name: kwargs[name] for name in asked if kwargs.get(name) is not None}
        if sys._getframe(1).f_globals is not space:  # what a helper trains, such as the check of the set-up
            return fit(model, x, y, *args, **kwargs)
        found.append((f"fit {model.loss!r}", examine(model, x, y, **told)))
        model.history = keras.callbacks.History()
        model.history.history = defaultdict(lambda: [0.0, 0.0])
        return model.history

    def none_of_many(build, X, y, **kwargs):
        model = build()
        found.append((f"fit_replicates {model.loss!r}", examine(model, X, y, class_weight=kwargs.get("class_weight"))))
        return Untrained(model)

    cells = json.loads((NOTEBOOKS / "solutions" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    space, here = {"__name__": "__main__"}, os.getcwd()
    keras.Model.fit, replicates.fit_replicates = no_fit, none_of_many
    figures.png = lambda fig: b""  # nobody looks at them here
    os.chdir(NOTEBOOKS)
    try:
        for cell in cells:
            if cell["cell_type"] == "code":
                # later cells may miss what training would have given; their models are what counts
                with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                    exec(compile("".join(cell["source"]), name, "exec"), space)  # noqa: S102
    finally:
        keras.Model.fit, replicates.fit_replicates, figures.png = fit, many, png
        pyplot.close("all")
        os.chdir(here)
    return found


if __name__ == "__main__":
    for what, findings in findings_of(sys.argv[1]):
        print(what, ":", ", ".join(f"{f.severity} {f.code}" for f in findings) or "nothing")
