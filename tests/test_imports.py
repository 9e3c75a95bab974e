"""Importing a helper that does not train must not import TensorFlow: that takes seconds and hundreds of megabytes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRAIN = "helpers.replicates"  # this package, and only this, may import TensorFlow

# One fresh process for all modules. TensorFlow and Keras are recorded and refused, and the helpers are forgotten
# before the next one, so that each module is judged alone although the process is started once.
PROBE = """
import importlib, json, sys

asked = []

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "keras", "tf_keras", "jax", "torch"):
            asked.append(name.split(".")[0])
            raise ImportError(name + " is refused here")

sys.meta_path.insert(0, Refuse())
found = {}
for module in json.loads(sys.argv[1]):
    for name in [name for name in sys.modules if name.split(".")[0] == "helpers"]:
        del sys.modules[name]
    asked.clear()
    error = ""
    try:
        importlib.import_module(module)
    except Exception as exception:
        error = f"{type(exception).__name__}: {exception}"
    found[module] = {"asked": sorted(set(asked)), "error": error}
print("\\n" + json.dumps(found))
"""


def all_modules() -> list[str]:
    """The dotted names of all modules and packages below helpers/."""
    files = sorted((ROOT / "helpers").rglob("*.py"))
    parts = [file.relative_to(ROOT).with_suffix("").parts for file in files]
    return [".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts if p[-1] != "__main__"]


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def found() -> dict[str, dict]:
    return json.loads(run("-c", PROBE, json.dumps(all_modules())).splitlines()[-1])


@pytest.mark.parametrize("module", [module for module in all_modules() if not module.startswith(TRAIN)])
def test_import_does_not_need_tensorflow(found, module):
    assert found[module]["asked"] == [], f"{module} imports {found[module]['asked']}: import it where it is used"
    assert found[module]["error"] == ""


def test_the_exception_is_current(found):
    """It also shows that the probe sees TensorFlow where it is imported."""
    assert {"tensorflow", "keras"} & set(found[TRAIN]["asked"]), f"{TRAIN} needs no TensorFlow: no exception is due"


def test_the_tasks_load_without_tensorflow_and_without_pandas():
    script = """
import sys
from helpers import data
data.box_office(), data.oscars(), data.genres(), data.certificates(), data.titles()
print(sorted({"tensorflow", "keras", "pandas", "sklearn"} & set(sys.modules)))
data.films()
data.digits()
print(sorted({"tensorflow", "keras"} & set(sys.modules)))
"""
    assert run("-c", script).split("\n") == ["[]", "[]", ""]
