"""What the learner has done, in one local file of JSON lines that is only ever added to.

An event is one line: {"t": time in UTC, "kind": ..., "id": ..., "notebook": ..., ...}. It is written by one call, under
a lock and through to the disk, so that two open notebooks do not mix lines, and a killed kernel loses one at most.
Trouble with the file is never an exception: it is one sentence in `notice`. Of a code check only the outcome is
kept, never the learner's code. Nothing leaves the machine.
"""

import hashlib
import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from helpers.practice.files import append, lines_of, plain, read, write_new

_ROOT = Path(__file__).resolve().parents[2]
_KINDS = ("check", "question", "prediction", "reflection")
_RECORDED_AS = {"exercise": "check", "order": "question"}  # what an item of the bank is called once it is done
_OF_A_CHECK = ("state", "correct", "misconception")


def default_path() -> Path:
    """WORKBOOK_PROGRESS if it is set, else the workbook's own folder, else one in the home folder if that is closed."""
    if os.environ.get("WORKBOOK_PROGRESS"):
        return Path(os.environ["WORKBOOK_PROGRESS"])
    path = _ROOT / "progress.jsonl"
    return path if _writable(path) else Path.home() / ".loss-metric-workbook" / "progress.jsonl"


def _writable(path: Path) -> bool:
    try:
        if path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_APPEND))
        else:
            tempfile.TemporaryFile(dir=path.parent).close()  # asking for permissions is no use on Windows
    except OSError:
        return False
    return True


class Progress:
    """The progress file. notice: None, or one sentence on what is wrong with it; each is given once."""

    def __init__(self, path=None):
        self.path = Path(path) if path is not None else default_path()
        self.notice: str | None = None
        self._told: set[str] = set()
        self._waiting: list[dict] = []  # what could not be written yet

    def record(self, kind: str, id: str, notebook: str, **data) -> bool:
        """Add an event; True if it is on disk. What is not is kept in memory and tried again with the next.

        kind: "check", "question", "prediction" or "reflection". data: of a check, only state, correct and misconception
        are kept.
        """
        if kind not in _KINDS:
            raise ValueError(f"{kind!r} is no kind of event: use one of {', '.join(_KINDS)}.")
        if kind == "check":
            data = {key: data[key] for key in _OF_A_CHECK if key in data}
        return self._add({"kind": kind, "id": str(id), "notebook": str(notebook)}, data)

    def _add(self, head: dict, data: dict) -> bool:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._waiting.append({"t": now} | head | {str(key): plain(value) for key, value in data.items()
                                                  if key not in ("t", "kind", "id", "notebook")})
        try:
            append(self.path, "".join(json.dumps(event) + "\n" for event in self._waiting).encode())
        except OSError as error:
            self._tell(f"Your progress is not saved: {self.path} cannot be written ({error.strerror or error}). "
                       "It is kept until this kernel ends; set WORKBOOK_PROGRESS to a file that can be written.")
            return False
        self._waiting.clear()
        return True

    def events(self) -> list[dict]:
        """All events that can be read, oldest first. Damage is set aside and said once; nothing readable is lost."""
        try:
            data = read(self.path)
        except OSError as error:
            self._tell(f"Your progress cannot be read: {self.path} ({error.strerror or error}). Move it away.")
            return list(self._waiting)
        events, bad = lines_of(data)
        if bad:
            self._set_aside(data, events, bad)
        return [event for event in events if event["kind"] in _KINDS] + self._waiting

    def _set_aside(self, data: bytes, events: list[dict], bad: list[bytes]) -> None:
        """Copy the damaged file once. The damage is recorded by its hash, so that nobody hears of it twice."""
        mark = hashlib.sha256(b"\n".join(bad)).hexdigest()[:16]
        if mark in self._told or any(event["kind"] == "damage" and event["id"] == mark for event in events):
            return
        self._told.add(mark)
        many = "1 line" if len(bad) == 1 else f"{len(bad)} lines"
        try:
            copy = write_new(self.path, data)
        except OSError:
            self._tell(f"{many} of your progress file cannot be read; the rest is there. No copy could be made.")
            return
        self._tell(f"{many} of your progress file could not be read; the rest is there. "
                   f"A copy of the file as it was is kept in {copy.name}.")
        self._add({"kind": "damage", "id": mark, "notebook": ""}, {"copy": copy.name})

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self.notice = sentence

    def latest(self, kind: str, id: str) -> dict | None:
        """The last event of this kind for this item, or None."""
        return next((e for e in reversed(self.events()) if e["kind"] == kind and e["id"] == id), None)

    def best(self, id: str) -> bool:
        """Was this question or exercise ever answered rightly?"""
        return any(_right(event) for event in self.events() if event["id"] == id)

    def summary(self, items: list[dict]) -> dict[str, dict[str, list[str]]]:
        """For each notebook of `items` ({id, kind, notebook}) the ids that are "done", to "repeat", and still "open".

        A question counts by its last answer. An exercise that was once correct stays done. A prediction or a
        reflection is done when it is made, right or wrong.
        """
        made: dict[tuple[str, str], list[dict]] = {}
        for event in self.events():
            if event.get("state") != "not attempted":
                made.setdefault((event["kind"], event["id"]), []).append(event)
        found: dict[str, dict[str, list[str]]] = {}
        for item in items:
            kind = _RECORDED_AS.get(item["kind"], item["kind"])
            part = found.setdefault(item["notebook"], {"done": [], "repeat": [], "open": []})
            part[_standing(kind, made.get((kind, item["id"]), []))].append(item["id"])
        return found


def _right(event: dict) -> bool:
    return event.get("correct") is True or event.get("state") == "correct"


def _standing(kind: str, events: list[dict]) -> str:
    if not events:
        return "open"
    if kind == "check":
        return "done" if any(map(_right, events)) else "repeat"
    return "repeat" if kind == "question" and not _right(events[-1]) else "done"
