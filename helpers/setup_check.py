"""Does this machine have what the workbook needs? One line a point, then PASS or what to do."""
from __future__ import annotations

import importlib.metadata
import platform
import sys

from helpers.quiet import quiet

NEEDED = {"tensorflow": (2, 20), "keras": (3, 13), "numpy": (2, 1), "scikit-learn": (1, 6), "matplotlib": (3, 10)}


def versions() -> list[str]:
    """What is missing or too old, a sentence each; imports nothing heavy."""
    problems = []
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        problems.append(f"Python {platform.python_version()} is not 3.11, 3.12 or 3.13: start with one of these.")
    for name, least in NEEDED.items():
        wanted = ".".join(map(str, least))
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            # a build of TensorFlow for one kind of machine has a name of its own; the import below decides
            if name != "tensorflow":
                problems.append(f"{name} is missing: {wanted} or later is needed.")
            continue
        if tuple(int(part) for part in found.split(".")[:2]) < least:
            problems.append(f"{name} {found} is too old: {wanted} or later is needed.")
    return problems


def run() -> None:
    """Print PASS, or FAIL with each problem and its remedy. Raises nothing."""
    problems = versions()
    if not problems:
        problems = _train_one_step()
    try:
        from helpers import data
        data.films()
    except data.DataError as error:
        problems.append(str(error))
    for problem in problems:
        print("FAIL ", problem)
    print("Then choose Kernel, Restart. `python3 start.py` in the workbook's folder installs what is needed."
          if problems else "PASS: everything is here. Read on.")


def _train_one_step() -> list[str]:
    try:
        with quiet():
            import keras
        import numpy as np
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile(optimizer="sgd", loss="mse")
        loss = model.fit(np.ones((8, 1)), np.ones(8), verbose=0).history["loss"][0]
        return [] if np.isfinite(loss) else [f"A first training step gave the loss {loss}: install TensorFlow again."]
    except Exception as error:  # whatever a broken installation raises is the finding
        return [f"TensorFlow or Keras does not run here ({type(error).__name__}: {error})."]
