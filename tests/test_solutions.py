"""The solution editions, run by papermill from another base seed: every check and every claim must pass."""
import re

import pytest

from helpers.authoring import build, run
from helpers.authoring import source as src

OTHER_SEED = 1000


def text_of(cell):
    return "\n".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)


@pytest.mark.parametrize("name", src.names())
def test_every_check_and_claim_passes_from_another_seed(name, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))
    path = build.edition_path(name, "solutions")
    ran = run.run(path, {"seed": OTHER_SEED}, tmp_path / "ran.ipynb")
    source = src.read(name)
    outputs = {cell.id: text_of(cell) for cell in ran.cells if cell.cell_type == "code"}
    for id, item in source.items.items():
        if item["kind"] == "exercise":
            assert "correct" in outputs[f"check-{id}"].lower(), outputs[f"check-{id}"]
        elif item["kind"] in ("question", "order"):
            assert outputs[f"{item['kind']}-{id}"].startswith("Correct."), outputs[f"{item['kind']}-{id}"]
        elif item["kind"] == "prediction":
            assert outputs[f"prediction-{id}"].startswith("Recorded."), outputs[f"prediction-{id}"]
            looked_back = next(text_of(cell) for cell in ran.cells if f'compare("{id}"' in cell.source)
            assert re.search(r"As you said\.|Right\.|Close\.", looked_back), looked_back  # close: within its tolerance
    claims = sum(len(re.findall(r"\bclaim\(", text)) for kind, text, _, _ in source.cells if kind == "code")
    shown = "\n".join(outputs.values()).count("Claim: ")
    assert shown >= claims > 0  # more, where a loop claims the same of several models


@pytest.mark.parametrize("name", src.names())
def test_every_prediction_is_compared(name):
    source = src.read(name)
    code = "\n".join(text for kind, text, _, _ in source.cells if kind == "code")
    for id, item in source.items.items():
        if item["kind"] == "prediction":
            assert f'compare("{id}"' in code, f"{name}: nobody looks back at the prediction {id!r}"
