"""The questions, predictions and exercises that a notebook's source holds, as built into notebooks/practice/."""
from __future__ import annotations

import functools
import json
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "notebooks" / "practice"


class BankError(Exception):
    """The practice files are missing or damaged, or an id does not exist; the sentence says what to do."""


@functools.cache
def _load(stamps) -> dict:
    items = {}
    for path, _ in stamps:
        try:
            items |= json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BankError(f"{path} cannot be read ({error}): fetch it again, for example with "
                            f"`git checkout -- notebooks/practice`.") from None
    return items


def items() -> dict:
    """Every item by its id; read again when a file has changed."""
    paths = sorted(FOLDER.glob("*.json"))
    if not paths:
        raise BankError(f"No practice files in {FOLDER}: fetch the workbook again; the folder belongs to it.")
    return _load(tuple((str(p), p.stat().st_mtime_ns) for p in paths))


def find(id: str, *kinds: str) -> dict:
    """The item called `id`, which must be of one of `kinds`. Raises BankError with near names."""
    import difflib
    known = {name: item for name, item in items().items() if item["kind"] in kinds}
    if id not in known:
        near = difflib.get_close_matches(str(id), known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise BankError(f"There is no {' or '.join(kinds)} called {id!r}.{hint}")
    return known[id]
