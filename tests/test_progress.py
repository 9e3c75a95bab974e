"""The progress file: two writers, a killed writer, damage, and places where nothing can be written."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from helpers.practice import files
from helpers.practice.progress import Progress

MODULE = sys.modules["helpers.practice.progress"]  # the package has a function of the same name
ROOT = Path(__file__).resolve().parents[1]
WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from helpers.practice.progress import Progress
progress = Progress(sys.argv[2])
print("ready", flush=True)
for i in range(int(sys.argv[4])):
    assert progress.record("prediction", f"{sys.argv[3]}-{i}", "01", value="x" * 300)
"""
GOOD = '{"t": "2026-01-01T00:00:00+00:00", "kind": "question", "id": "q1", "notebook": "01", "correct": true}'


def writer(path, name, number):
    return subprocess.Popen([sys.executable, "-c", WRITER, str(ROOT), str(path), name, str(number)],
                            stdout=subprocess.PIPE, text=True)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "progress.jsonl"


def test_what_is_recorded_is_read_again(path):
    first = Progress(path)
    assert first.events() == [] and first.latest("question", "q1") is None
    first.record("question", "q1", "01", answer="B", correct=False, misconception="mean")
    first.record("prediction", "p1", "01", value=np.float32(2.5))
    first.record("question", "q1", "01", answer="A", correct=True, misconception=None)
    again = Progress(path)
    assert [event["id"] for event in again.events()] == ["q1", "p1", "q1"]
    assert again.latest("question", "q1")["answer"] == "A"
    assert again.latest("prediction", "p1")["value"] == 2.5
    assert again.latest("prediction", "q1") is None
    assert again.notice is None
    assert again.latest("question", "q1")["t"].endswith("+00:00")


def test_a_check_keeps_its_outcome_and_never_code(path):
    Progress(path).record("check", "e1", "01", state="not yet", misconception="m", code="secret", got="1")
    assert "secret" not in path.read_text() and '"got"' not in path.read_text()
    assert Progress(path).latest("check", "e1")["misconception"] == "m"


def test_an_unknown_kind_is_refused(path):
    with pytest.raises(ValueError, match="'chek' is no kind of event"):
        Progress(path).record("chek", "e1", "01")


@pytest.mark.parametrize("value", [
    float("nan"), np.arange(5000), np.array([1.0]), {1, 2}, object(), b"x", "a\nb\ud800", 10**5000, [[[[[[[1]]]]]]],
    {("a",): 1}, np.bool_(True), np.datetime64("2020"), "x" * 10**6], ids=lambda value: type(value).__name__)
def test_any_value_can_be_recorded_on_one_line(path, value):
    recorded = Progress(path)
    assert recorded.record("reflection", "r1", "01", value=value)
    assert path.read_bytes().count(b"\n") == 1 and path.stat().st_size < 50_000
    assert json.loads(path.read_text(), parse_constant=pytest.fail)["id"] == "r1"
    assert Progress(path).latest("reflection", "r1") is not None


def test_best_and_summary(path):
    progress = Progress(path)
    for id, answers in {"q-wrong": [False], "q-mended": [False, True], "q-lost": [True, False]}.items():
        for correct in answers:
            progress.record("question", id, "01", correct=correct)
    for id, state in [("e-done", "correct"), ("e-done", "not yet"), ("e-not", "not yet"), ("e-open", "not attempted")]:
        progress.record("check", id, "02", state=state)
    progress.record("prediction", "p", "02", value=3.0)
    progress.record("question", "order", "02", correct=True)
    items = [{"id": id, "kind": kind, "notebook": notebook} for id, kind, notebook in [
        ("q-wrong", "question", "01"), ("q-mended", "question", "01"), ("q-lost", "question", "01"),
        ("q-new", "question", "01"), ("e-done", "exercise", "02"), ("e-not", "exercise", "02"),
        ("e-open", "check", "02"), ("p", "prediction", "02"), ("r", "reflection", "02"), ("order", "order", "02")]]
    assert progress.summary(items) == {
        "01": {"done": ["q-mended"], "repeat": ["q-wrong", "q-lost"], "open": ["q-new"]},
        "02": {"done": ["e-done", "p", "order"], "repeat": ["e-not"], "open": ["e-open", "r"]}}
    assert progress.best("q-lost") and progress.best("e-done")
    assert not any(map(progress.best, ("q-wrong", "e-not", "unknown")))


def test_two_notebooks_lose_nothing(path):
    writers = [writer(path, name, 200) for name in "ab"]
    assert [w.wait(60) for w in writers] == [0, 0]
    progress = Progress(path)
    assert {e["id"] for e in progress.events()} == {f"{name}-{i}" for name in "ab" for i in range(200)}
    assert len(progress.events()) == 400 and progress.notice is None


def test_a_killed_writer_loses_at_most_the_event_it_was_writing(path):
    for attempt in range(2):
        victim = writer(path, f"v{attempt}", 10**6)
        victim.stdout.readline()
        time.sleep(0.1 + 0.03 * attempt)
        victim.kill()
        victim.wait(30)
        progress = Progress(path)
        assert progress.record("question", f"after-{attempt}", "01", correct=True)
        ids = [event["id"] for event in progress.events()]
        assert ids[-1] == f"after-{attempt}"
        numbers = [int(id.split("-")[1]) for id in ids if id.startswith(f"v{attempt}-")]
        assert numbers and numbers == list(range(len(numbers)))


def test_a_line_torn_by_a_kill_costs_only_itself(path):
    progress = Progress(path)
    progress.record("question", "before", "01", correct=True)
    with open(path, "ab") as file:
        file.write(b'{"t": "2026-01-01", "kind": "question", "id": "to')
    progress.record("question", "after", "01", correct=True)
    assert [e["id"] for e in progress.events()] == ["before", "after"]
    assert "1 line of your progress file could not be read" in progress.notice
    assert "progress.damaged-1.jsonl" in progress.notice
    assert b'"id": "to\n' in (path.parent / "progress.damaged-1.jsonl").read_bytes()


def test_damage_is_set_aside_and_said_once(path):
    path.parent.mkdir()
    path.write_text(GOOD + "\nnot JSON\n[1, 2]\n" + GOOD.replace("q1", "q2") + "\n")
    first = Progress(path)
    assert [e["id"] for e in first.events()] == ["q1", "q2"]
    assert first.notice.startswith("2 lines of your progress file")
    first.notice = None
    assert [e["id"] for e in first.events()] == ["q1", "q2"] and first.notice is None
    second = Progress(path)
    assert [e["id"] for e in second.events()] == ["q1", "q2"] and second.notice is None
    assert [p.name for p in sorted(path.parent.iterdir())] == ["progress.damaged-1.jsonl", "progress.jsonl"]
    with open(path, "ab") as file:
        file.write(b"more damage\n")
    assert len(second.events()) == 2 and "progress.damaged-2.jsonl" in second.notice


@pytest.mark.parametrize("damage", [
    b"", b"\n\n\r\n", b"\xef\xbb\xbf", b"\x00" * 5000, bytes(range(256)) * 50, b"[" * 10**5, b"null\n3\n\"x\"\n{}\n",
    b'{"kind": 3, "id": "x"}\n', b'{"kind": "question", "id": ["x"]}\n', b"\xff\xfe{\x00}\x00", b"9" * 10**5],
    ids=lambda d: repr(d[:8]))
def test_nothing_readable_is_lost_whatever_stands_around_it(path, damage):
    path.parent.mkdir()
    path.write_bytes(damage + GOOD.encode() + b"\r\n" + damage + b"\n" + GOOD.replace("q1", "q2").encode())
    progress = Progress(path)
    assert {e["id"] for e in progress.events()} == {"q1", "q2"}
    assert progress.record("question", "q3", "01", correct=True)
    assert progress.best("q1") and progress.best("q3")
    assert bool(progress.notice) == bool(damage.strip(b"\r\n\xef\xbb\xbf"))


def test_an_empty_file_is_no_damage(path):
    path.parent.mkdir()
    path.touch()
    progress = Progress(path)
    assert progress.events() == [] and progress.notice is None and progress.record("question", "q", "01", correct=True)


def test_a_folder_in_its_place_is_said_and_the_session_goes_on(path):
    path.mkdir(parents=True)
    progress = Progress(path)
    assert progress.events() == []
    assert "cannot be read" in progress.notice and "folder" in progress.notice
    progress.notice = None
    assert progress.record("question", "q", "01", correct=True) is False
    assert "not saved" in progress.notice
    assert progress.best("q")
    progress.notice = None
    progress.record("question", "q2", "01", correct=False)
    assert progress.notice is None  # said once
    path.rmdir()
    assert progress.record("question", "q3", "01", correct=True)
    assert [e["id"] for e in Progress(path).events()] == ["q", "q2", "q3"]


def refuse(name):
    def refused(*args, **more):
        raise PermissionError(13, "Permission denied")
    return refused


def test_a_folder_that_cannot_be_written(path, monkeypatch):
    monkeypatch.setattr(os, "open", refuse("open"))
    progress = Progress(path)
    assert progress.record("question", "q", "01", correct=True) is False
    assert "not saved" in progress.notice and "Permission denied" in progress.notice and progress.best("q")


def test_damage_where_no_copy_can_be_made(path, monkeypatch):
    path.parent.mkdir()
    path.write_text("junk\n" + GOOD + "\n")
    monkeypatch.setattr(MODULE, "write_new", refuse("copy"))
    progress = Progress(path)
    assert [e["id"] for e in progress.events()] == ["q1"]
    assert "No copy could be made" in progress.notice


@pytest.mark.parametrize("half", [True, False])
def test_a_full_disk_leaves_no_half_line(path, monkeypatch, half):
    progress, write = Progress(path), os.write
    progress.record("question", "before", "01", correct=True)
    before = path.read_bytes()

    def full(handle, data):
        if half:
            return write(handle, data[:20])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        assert progress.record("question", "lost?", "01", correct=True) is False
    assert path.read_bytes() == before
    assert "not saved" in progress.notice
    progress.record("question", "after", "01", correct=True)
    assert [e["id"] for e in Progress(path).events()] == ["before", "lost?", "after"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
def test_a_device_that_is_always_full():
    progress = Progress("/dev/full")
    assert progress.record("question", "q", "01", correct=True) is False and "not saved" in progress.notice


@pytest.mark.parametrize("error", [PermissionError(13, "locked"), OSError(95, "no locks here")])
def test_a_lock_that_cannot_be_had_does_not_stop_the_learner(path, monkeypatch, error):
    def refused(*args):
        raise error

    monkeypatch.setattr(files, "_WAIT", 0.1)
    monkeypatch.setattr(files, "_lock", refused)
    assert Progress(path).record("question", "q", "01", correct=True) and Progress(path).best("q")


def test_without_locks_another_notebook_is_not_overwritten(path, monkeypatch):
    progress, read = Progress(path), os.read
    progress.record("question", "mine", "01", correct=True)

    def just_before(handle, number):  # the other notebook writes while this one looks at the end of the file
        with open(path, "ab") as file:
            file.write(GOOD.encode() + b"\n")
        return read(handle, number)

    monkeypatch.setattr(os, "read", just_before)
    progress.record("question", "mine too", "01", correct=True)
    assert [e["id"] for e in progress.events()] == ["mine", "q1", "mine too"]


def test_a_writer_waits_for_another(path):
    progress = Progress(path)
    progress.record("question", "q", "01", correct=True)
    with open(path, "rb+") as file, files._locked(file.fileno()):
        other = threading.Thread(target=lambda: progress.record("question", "q2", "01", correct=True))
        other.start()
        time.sleep(0.2)
        size = os.fstat(file.fileno()).st_size
        assert size < 200
    other.join(5)
    assert progress.best("q2")


def test_a_reader_waits_for_a_writer_and_sees_whole_lines(path):
    progress, seen = Progress(path), []
    progress.record("question", "q", "01", correct=True)
    with open(path, "rb+", buffering=0) as file, files._locked(file.fileno()):
        file.seek(0, os.SEEK_END)
        file.write(GOOD[:30].encode())
        other = threading.Thread(target=lambda: seen.extend(progress.events()))
        other.start()
        time.sleep(0.2)
        file.seek(0, os.SEEK_END)
        file.write(GOOD[30:].encode() + b"\n")
    other.join(5)
    assert [e["id"] for e in seen] == ["q", "q1"] and progress.notice is None


def test_what_could_not_be_written_still_counts(path, monkeypatch):
    progress = Progress(path)
    progress.record("question", "before", "01", correct=True)
    monkeypatch.setattr(MODULE, "append", refuse("append"))
    assert progress.record("question", "later", "01", correct=True) is False
    assert progress.best("before") and progress.best("later")


def test_where_the_file_is(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "mine.jsonl"))
    assert Progress().path == tmp_path / "mine.jsonl"
    monkeypatch.delenv("WORKBOOK_PROGRESS")
    monkeypatch.setattr(MODULE, "_ROOT", tmp_path)
    assert Progress().path == tmp_path / "progress.jsonl"
    assert list(tmp_path.iterdir()) == []  # looking leaves nothing behind
    monkeypatch.setattr(MODULE, "_ROOT", tmp_path / "not-there")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    progress = Progress()
    assert progress.path == tmp_path / "home" / ".loss-metric-workbook" / "progress.jsonl"
    assert progress.record("question", "q", "01", correct=True)
