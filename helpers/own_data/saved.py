"""Keep a model with its preprocessing, and predict new rows with it: `save` and `load`.

The preprocessing is stored by joblib, which is pickle: load only folders that you made, or trust like a program.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from helpers.own_data.card import card_of
from helpers.own_data.errors import OwnDataError, listed
from helpers.own_data.heads import Head
from helpers.own_data.plans import numbers
from helpers.own_data.reading import Table, checked
from helpers.own_data.report import limits

MODEL, COLUMNS, FACTS, CARD = "model.keras", "columns.joblib", "facts.json", "model_card.txt"


@dataclass(frozen=True, eq=False, repr=False)
class Saved:
    """A model that was saved. features: column -> kind, those that new rows need. facts: what else was kept."""

    model: object
    transformer: object
    head: Head
    features: dict[str, str]
    facts: dict

    def predict(self, rows) -> pd.DataFrame:
        """Predictions for new rows, a Table or a frame that has all feature columns; one row each, in their order.

        Two classes: "p" of the positive class, and "decision" by the threshold. Classes: "decision" and "p of ..." of
        each. Labels: "p of ..." and the decision, 0 or 1, by name. Amounts: in their unit, by the target's name.
        """
        frame = (rows if isinstance(rows, Table) else checked(pd.DataFrame(rows))).frame
        absent = [name for name in self.features if name not in frame.columns]
        if absent:
            raise OwnDataError(f"The new rows have no column {listed(absent)}, which the model was trained on: add it, "
                               "with the same name.")
        raw = self.model.predict(numbers(self.transformer, self.features, frame), verbose=0)
        return self._named(self.head.decode(raw), frame.index)

    def _named(self, p, index):
        kind, classes, target = self.head.kind, self.facts["classes"], self.facts["target"]
        thresholds = self.facts["thresholds"]
        decision = self.head.decide(p, None if thresholds is None else np.array(thresholds))
        if kind == "binary":
            columns = {"p": p, "decision": np.array(classes, dtype=object)[decision]}
        elif kind in ("classes", "order"):
            columns = {"decision": np.array(classes, dtype=object)[decision]}
            columns |= {f"p of {name}": p[:, k] for k, name in enumerate(classes)} if kind == "classes" else {}
        elif kind == "several labels":
            columns = {f"p of {name}": p[:, k] for k, name in enumerate(classes)}
            columns |= {name: decision[:, k] for k, name in enumerate(classes)}
        else:
            columns = dict(zip(target, p.reshape(len(p), -1).T, strict=True))
        return pd.DataFrame(columns, index=index)


def save(result, folder) -> Path:
    """Write the chosen model, its preprocessing, thresholds and card into a new folder, in full or not at all."""
    folder = Path(folder)
    if folder.exists() and not (folder / FACTS).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise OwnDataError(f"{str(folder)!r} exists and is no saved model: name another folder.")
    task = result.plan.task
    facts = {"head": asdict(result.head), "features": task.features, "target": task.target, "classes": task.classes,
             "thresholds": None if result.thresholds is None else result.thresholds[result.chosen].tolist(),
             "seed": result.seeds[result.chosen], "summary": result.summary}
    try:
        beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise OwnDataError(f"{str(folder)!r} cannot be written ({error.strerror}): name a folder inside one that "
                           "exists and is yours.") from error
    try:
        result.runs.model(result.chosen).save(beside / MODEL)
        joblib.dump(result.plan.transformer, beside / COLUMNS)
        (beside / FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
        (beside / CARD).write_text(card_of(result, limits(result)), encoding="utf-8")
        os.chmod(beside, 0o755)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(beside, folder)
    except OSError as error:
        raise OwnDataError(f"{str(folder)!r} cannot be written ({error.strerror}): free some space, or name another "
                           "folder.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def load(folder) -> Saved:
    """Read what `save` wrote. Raises OwnDataError if something is missing there."""
    import keras

    folder = Path(folder)
    absent = [name for name in (FACTS, COLUMNS, MODEL) if not (folder / name).is_file()]
    if absent:
        raise OwnDataError(f"{str(folder)!r} is no saved model: it has no {listed(absent)}; name the folder that save "
                           "wrote.")
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    head = Head(**{name: tuple(value) if isinstance(value, list) else value for name, value in facts["head"].items()})
    model = keras.saving.load_model(folder / MODEL, compile=False)
    return Saved(model, joblib.load(folder / COLUMNS), head, facts["features"], facts)
