"""The sweep: one table over base seeds, whatever goes wrong on the way, and no run lost or counted twice."""
import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time

import nbformat
import pytest

from helpers.authoring import run, runs, sweep, sweep_table
from helpers.authoring import source as src

# Claims as helpers/claims.py records them, without its imports: these kernels start in a second.
TINY = '''
import json, os, time
with open(os.environ["TINY_LOG"], "a") as log:
    log.write(f"{seed}\\n")
def claim(sentence, holds):
    record = dict(sentence=sentence, order=">", bound=1.0, share=1.0, seeds=16, held=16 if holds else 12, holds=holds,
                  median=2.0, worst=1.5 if holds else 0.5)
    with open(os.environ["WORKBOOK_CLAIMS"], "a") as file:
        file.write(json.dumps(record) + "\\n")
'''


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Write a notebook with this code after its parameter `seed`; returns its path."""
    monkeypatch.setenv("TINY_LOG", str(tmp_path / "log.txt"))

    def write(code, name="tiny"):
        cells = [nbformat.v4.new_code_cell("seed: int = 0", id="p", metadata={"tags": ["parameters"]}),
                 nbformat.v4.new_code_cell(TINY, id="t"), nbformat.v4.new_code_cell(code, id="c")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
        return str(tmp_path / f"{name}.ipynb")
    return write


def executed(tmp_path):
    """The base seeds whose notebook was started, in order of size."""
    return sorted(map(int, (tmp_path / "log.txt").read_text().split()))


def table(folder):
    with open(folder / "claims.csv", newline="", encoding="utf-8") as file:
        return {row["claim"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(("text", "seeds"), [("101-103", [101, 102, 103]), ("3,5,9", [3, 5, 9]), ("7", [7]),
                                             ("9, 1-3,2", [1, 2, 3, 9]), ("0-0", [0])])
def test_seeds_are_a_range_a_list_or_both(text, seeds):
    assert sweep.read_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "a", "1-", "-3", "1.5", "1,,2", "3-1", "1-2-3"])
def test_other_seeds_are_refused(text):
    with pytest.raises(sweep.SweepError, match="--seeds"):
        sweep.read_seeds(text)


def test_one_table_of_all_claims_and_all_that_is_wrong(tiny, tmp_path, capsys):
    path = tiny('claim("Always.", True); claim("Not from 2.", seed != 2)\n'
                'claim("Twice.", True); claim("Twice.", True)\n'
                'if seed == 4: raise OSError("disk full")\nif seed != 3: claim("Not always made.", True)')
    assert sweep.main([path, "--seeds", "1-4", "--out", str(tmp_path / "out")]) == 1
    found, said = table(tmp_path / "out"), capsys.readouterr().out
    assert [(found[c]["held"], found[c]["of"], found[c]["missing"]) for c in ("Always.", "Not from 2.", "Twice.")] == [
        ("4", "4", "0"), ("3", "4", "0"), ("4", "4", "0")]
    assert (found["Not from 2."]["worst_seed"], found["Not from 2."]["worst_held"]) == ("2", "12")
    assert float(found["Not from 2."]["low"]) == pytest.approx(0.194, abs=0.001)  # exact interval of 3 in 4
    assert found["Not always made."]["missing"] == "1"
    assert "tiny stopped from base seed 4: tiny.ipynb, cell 4: OSError: disk full" in said  # the third, and parameters
    assert "held on 3 of 4 base seeds only: Not from 2." in said and "missing in 1 runs: Not always made." in said
    assert (tmp_path / "out" / "claims.md").read_text(encoding="utf-8") in said
    kept = json.loads((tmp_path / "out" / "claims.json").read_text(encoding="utf-8"))
    assert len(kept["claims"]) == 5 and sorted(r["seed"] for r in kept["runs"]) == [1, 2, 3, 4]


def test_finished_runs_are_kept_until_the_notebook_changes_and_failed_ones_are_tried_again(tiny, tmp_path, capsys):
    out = ["--out", str(tmp_path / "out")]
    path = tiny('claim("Always.", True)\nif seed == 2: raise OSError("disk full")')
    assert sweep.main([path, "--seeds", "1,2", *out]) == 1
    assert sweep.main([path, "--seeds", "1,2", *out]) == 1
    assert executed(tmp_path) == [1, 2, 2] and "1 of 2 runs were finished before" in capsys.readouterr().out
    path = tiny('claim("Always.", True)')
    assert sweep.main([path, "--seeds", "1,2", *out]) == 0
    assert executed(tmp_path) == [1, 1, 2, 2, 2]
    assert "Every claim held on every one of 2 base seeds." in capsys.readouterr().out


def test_a_real_claim_that_fails_does_not_hide_the_next_one(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(src.ROOT))
    code = ('import numpy as np\nfrom helpers.claims import claim\n'
            'print(claim("Fails.", np.ones(16), ">", 1))\nprint(claim("Holds.", np.ones(16), "<", 2))')
    cells = [nbformat.v4.new_code_cell("seed = 0", id="p", metadata={"tags": ["parameters"]}),
             nbformat.v4.new_code_cell(code, id="c")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "real.ipynb")
    assert sweep.main([str(tmp_path / "real.ipynb"), "--seeds", "5", "--out", str(tmp_path / "out")]) == 1
    found = table(tmp_path / "out")
    assert (found["Fails."]["held"], found["Fails."]["worst_held"]) == ("0", "0") and found["Holds."]["held"] == "1"
    with pytest.raises(run.NotebookError, match=r"ClaimError: Fails\. It must be > 1 on 100%"):
        run.run(tmp_path / "real.ipynb", {})  # without the sweep the notebook stops


def record(sentence, seeds=16, held=16, worst=2.0, order=">", bound=1.0):
    return {"sentence": sentence, "order": order, "bound": bound, "share": 1.0, "seeds": seeds, "held": held,
            "holds": held == seeds, "median": 3.0, "worst": worst}


def result(seed, *claims, error=None, notebook="n"):
    return {"notebook": notebook, "seed": seed, "digest": "d", "seconds": 1, "error": error, "claims": list(claims)}


def test_the_worst_base_seed_is_the_one_that_speaks_most_against_the_claim():
    above = sweep_table.rows([result(1, record("A.", worst=1.5)), result(2, record("A.", worst=1.2)),
                              result(3, record("A.", worst=1.8))])
    below = sweep_table.rows([result(s, record("A.", worst=w, order="<")) for s, w in [(1, 0.2), (2, 0.9), (3, 0.1)]])
    fewer = sweep_table.rows([result(1, record("A.", worst=-5, held=15)), result(2, record("A.", worst=0.9, held=14))])
    broken = sweep_table.rows([result(1, record("A.", worst=-5, held=1)), result(2, record("A.", worst=None, held=15))])
    assert [rows[0].worst_seed for rows in (above, below, fewer, broken)] == [2, 2, 2, 2]


def test_a_share_of_base_seeds_may_be_enough():
    results = [result(s, record("A.", held=16 - (s == 1))) for s in range(20)]
    assert sweep.verdict(results, sweep_table.rows(results)) == ["n: held on 19 of 20 base seeds only: A."]
    assert sweep.verdict(results, sweep_table.rows(results, share=0.95)) == []


def test_a_notebook_without_claims_is_not_a_success():
    assert sweep.verdict([result(1)], sweep_table.rows([result(1)])) == ["n made no claim at all."]


def test_a_claim_that_a_stopped_run_did_not_reach_is_not_missing_elsewhere():
    results = [result(1, record("A."), record("B.")), result(2, record("A."), error="stopped")]
    assert [row.missing for row in sweep_table.rows(results)] == [0, 0]
    assert len(sweep.verdict(results, sweep_table.rows(results))) == 1


def test_a_damaged_file_in_the_store_is_run_again(tmp_path):
    store, job = runs.Store(tmp_path), runs.Job("a/n.ipynb", 3, "d")
    store.put(job, result(3, record("A.")))
    assert store.get(job) == result(3, record("A."))
    store.path(job).write_text(store.path(job).read_text()[:40])
    assert store.get(job) is None
    store.put(job, result(3, error="stopped"))
    assert store.get(job) is None and len(list(tmp_path.rglob("*.json"))) == 1


def test_what_decides_a_result_is_in_the_digest(tiny, tmp_path, monkeypatch):
    path = run.find(tiny("claim('A.', True)"))
    first = runs.digest(path)
    notebook = run.read(path)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="shown")]
    nbformat.write(notebook, path)
    notebook.cells.append(nbformat.v4.new_markdown_cell("Prose."))
    nbformat.write(notebook, path)
    assert runs.digest(path) == first  # outputs and prose decide nothing
    tiny("claim('A.', False)")
    assert runs.digest(path) != first
    tiny("claim('A.', True)")
    (tmp_path / "helpers").mkdir()
    monkeypatch.setattr(src, "ROOT", tmp_path)
    other = runs.digest(path)
    (tmp_path / "helpers" / "new.py").write_text("x = 1")
    third = runs.digest(path)
    (tmp_path / "notebooks" / "practice").mkdir(parents=True)
    (tmp_path / "notebooks" / "practice" / f"{path.stem}.json").write_text(
        '{"a": {"id": "a", "kind": "alt", "text": "{x:.2f}"}}')
    assert len({first, other, third, runs.digest(path)}) == 4


def test_a_machine_with_another_workbook_says_so(tiny):
    job = runs.Job(tiny("claim('A.', True)"), 1, "another")
    assert "is not the same" in runs.execute(job)["error"]


def test_a_notebook_that_takes_no_seed_is_refused_before_anything_runs(tmp_path):
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", id="c")]), tmp_path / "none.ipynb")
    with pytest.raises(ValueError, match="no parameter 'seed'"):
        sweep.main([str(tmp_path / "none.ipynb"), "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def start(arguments):
    """The sweep in a process of its own, as from a shell."""
    return subprocess.Popen([sys.executable, "-m", "helpers.authoring.sweep", *arguments], cwd=src.ROOT,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def running(path):
    """Whether a process runs this notebook."""
    import psutil
    return any(path in (process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"]))


def wait_for(condition, seconds=120):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


@pytest.mark.parametrize("end", [signal.SIGINT, getattr(signal, "SIGKILL", signal.SIGTERM)])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals between processes")
def test_interrupted_it_resumes(tiny, tmp_path, end):
    code = f'claim("Always.", True); time.sleep(90 * (seed > 2 and not os.path.exists({str(tmp_path / "go on")!r})))'
    path, store = tiny(code), tmp_path / "out" / "runs"
    arguments = [path, "--seeds", "1-4", "--jobs", "2", "--out", str(tmp_path / "out")]
    process = start(arguments)
    wait_for(lambda: len(list(store.rglob("*.json"))) == 2 and executed(tmp_path) == [1, 2, 3, 4])
    asked = time.monotonic()
    process.send_signal(end)
    said = process.communicate(timeout=30)[0]
    assert time.monotonic() - asked < 5
    assert sorted(int(file.stem) for file in store.rglob("*.json")) == [1, 2]
    if end == signal.SIGINT:
        assert process.returncode == 130 and "the same command resumes" in said
    wait_for(lambda: not running(path), seconds=10)  # nothing goes on behind its back
    (tmp_path / "go on").touch()
    assert sweep.main(arguments) == 0
    found = table(tmp_path / "out")["Always."]
    assert (found["held"], found["of"], found["missing"]) == ("4", "4", "0")
    assert executed(tmp_path) == [1, 2, 3, 3, 4, 4]  # what was kept did not run again


@pytest.mark.skipif(os.name == "nt", reason="killing a process and its children works otherwise on Windows")
def test_on_a_cluster_nothing_is_lost_or_counted_twice_when_a_worker_dies(tiny, tmp_path):
    pytest.importorskip("distributed", reason="tests/requirements.lock brings Dask")
    path = tiny('time.sleep(1); claim("Always.", True); claim("From odd seeds.", seed % 2 == 1)')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    dask = [sys.executable, "-m", "dask"]
    quiet = dict(cwd=src.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    scheduler = subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2],
                                  "--no-dashboard"], **quiet)
    workers = [subprocess.Popen([*dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                                 "--local-directory", str(tmp_path / f"worker-{k}")], **quiet) for k in range(2)]
    try:
        # nine: more than are given out at once, four for each worker
        process = start([path, "--seeds", "1-9", "--scheduler", address, "--out", str(tmp_path / "out")])
        wait_for(lambda: (tmp_path / "log.txt").exists() and len(executed(tmp_path)) >= 3)
        workers[0].kill()
        said = process.communicate(timeout=180)[0]
    finally:
        for one in [*workers, scheduler]:
            one.kill()
            one.wait()
    found = table(tmp_path / "out")
    assert (found["Always."]["held"], found["Always."]["of"], found["Always."]["missing"]) == ("9", "9", "0"), said
    assert (found["From odd seeds."]["held"], found["From odd seeds."]["of"]) == ("5", "9")
    kept = json.loads((tmp_path / "out" / "claims.json").read_text(encoding="utf-8"))["runs"]
    assert sorted(r["seed"] for r in kept) == list(range(1, 10)) and process.returncode == 1
    assert len(list((tmp_path / "out" / "runs").rglob("*.json"))) == 9
    assert set(executed(tmp_path)) == set(range(1, 10))


def test_a_scheduler_without_workers_is_one_sentence(monkeypatch):
    distributed = pytest.importorskip("distributed", reason="tests/requirements.lock brings Dask")
    monkeypatch.setattr(sweep, "WAIT", 1)
    with distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as cluster:
        with pytest.raises(sweep.SweepError, match="has no workers: start some with"):
            list(sweep.finished([runs.Job("n.ipynb", 1, "d")], 1, cluster.scheduler_address))


def test_without_a_scheduler_at_the_address_there_is_one_sentence(tiny, tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="tests/requirements.lock brings Dask")
    monkeypatch.setattr(sweep, "WAIT", 1)
    with pytest.raises(sweep.SweepError, match="No Dask scheduler answers at tcp://127.0.0.1:9"):
        sweep.main([tiny("claim('A.', True)"), "--seeds", "1", "--scheduler", "tcp://127.0.0.1:9",
                    "--out", str(tmp_path / "out")])


def test_without_dask_there_is_one_sentence(tiny, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(sweep.SweepError, match="--scheduler needs Dask: install"):
        sweep.main([tiny("claim('A.', True)"), "--seeds", "1", "--scheduler", "tcp://127.0.0.1:9",
                    "--out", str(tmp_path / "out")])


@pytest.mark.parametrize("name", src.names())
def test_base_seeds_share_no_seed(name):
    """Base seeds 101 and 102 must not train 15 of 16 models from the same seeds: their runs would be one evidence."""
    for code in src.read(name).code:
        assert "base_seed=seed" not in code, "write base_seed=1000 * seed"
