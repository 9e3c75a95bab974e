"""A room on a real JupyterHub: learners are kept apart, a killed server loses nothing, the set-up can be read.

One hub serves all tests. Cells of these tests import no TensorFlow.
"""
from __future__ import annotations

import concurrent.futures
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest

if sys.platform == "win32":
    pytest.skip("JupyterHub does not run on Windows.", allow_module_level=True)

import nbformat  # noqa: E402
import yaml  # noqa: E402

from helpers.authoring import source as src  # noqa: E402
from helpers.authoring.room import __main__ as command  # noqa: E402
from helpers.authoring.room import hub as room  # noqa: E402
from helpers.authoring.room import page  # noqa: E402
from helpers.authoring.room.learner import Learner, LearnerError  # noqa: E402
from helpers.authoring.room.memory import Watch, memory  # noqa: E402

FOLDER = src.ROOT / "notebooks" / "instructor" / "hub"
NOTEBOOK = "workbook/notebooks/00_start_here.ipynb"
needs_proxy = pytest.mark.skipif(room.find_proxy() is None, reason="There is no configurable-http-proxy, which the hub "
                                 "needs: npm install --prefix build/proxy configurable-http-proxy")
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Sizes come from /proc of Linux.")
needs_users = pytest.mark.skipif(room.can_be_users() is not None, reason=str(room.can_be_users()))


@pytest.fixture(scope="module")
def hub():
    with room.Hub(2) as running:
        yield running


@pytest.fixture(scope="module")
def people(hub):
    """Two learners whose servers run, with a notebook open each: [(learner, kernel), ...]."""
    def come(name):
        learner = Learner(hub.address, name, hub.password)
        learner.log_in()
        learner.start_server()
        return learner, learner.open(NOTEBOOK)

    with concurrent.futures.ThreadPoolExecutor() as pool:
        found = list(pool.map(come, hub.names))
    yield found
    for _, kernel in found:
        kernel.close()


def running(hub, name):
    """The processes of a learner."""
    found = []
    for process in psutil.Process(hub.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if process.environ().get("JUPYTERHUB_USER") == name:
                found.append(process)
    return found


# A learner's server


@needs_proxy
def test_a_learner_gets_a_workbook_of_their_own_without_what_is_for_instructors(hub, people):
    own = hub.homes / hub.names[0] / "workbook"
    assert sorted(path.name for path in own.iterdir()) == ["helpers", "notebooks"]
    assert sorted(path.name for path in (own / "notebooks").iterdir()) == \
        sorted([f"{name}.ipynb" for name in src.names()] + ["practice"])
    assert not (own / "helpers" / "authoring").exists()
    learner, kernel = people[0]
    cells = [cell["source"] for cell in learner.cells(NOTEBOOK) if cell["cell_type"] == "code"]
    kernel.run(cells[0])
    assert kernel.run("import helpers; print(helpers.__path__[0])").strip() == str(own / "helpers")


@needs_proxy
def test_settings_of_the_servers_are_those_of_the_folder(people):
    learner, kernel = people[0]
    settings = learner.request("GET", "lab/api/settings/@jupyterlab/apputils-extension:notification").json()
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert kernel.run("import json; from ipykernel import get_connection_info\n"
                      "print(json.loads(get_connection_info())['transport'])").strip() == "ipc"


def test_a_second_start_keeps_what_was_written_and_brings_back_what_was_deleted(tmp_path):
    target = tmp_path / "home"
    give = f"import pathlib, start_learner; start_learner.give_copy(pathlib.Path({str(target)!r}))"
    command = [sys.executable, "-c", give]
    subprocess.run(command, cwd=FOLDER, check=True)
    kept, deleted = (target / "workbook" / "notebooks" / f"{name}.ipynb" for name in src.names()[:2])
    before = deleted.read_bytes()
    kept.write_text("mine")
    deleted.unlink()
    subprocess.run(command, cwd=FOLDER, check=True)
    assert kept.read_text() == "mine" and deleted.read_bytes() == before


@needs_users
def test_a_home_that_belongs_to_root_is_no_reason_not_to_start():
    """A volume in Kubernetes: the learner may write into it and not change its permissions."""
    python, variables = room.python_for_others()
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o777)
        code = ("import os, pathlib, start_learner as start\nhome = pathlib.Path.home()\nstart.close(home)\n"
                "print(start.give_copy(home), oct(os.stat(home / 'workbook').st_mode)[-3:])")
        done = subprocess.run([python, "-c", code], cwd=FOLDER, user="nobody", text=True, capture_output=True,
                              env={"PATH": os.defpath, "HOME": home} | variables, check=True)
        assert done.stdout.split() == [f"{home}/workbook", "700"] and "belongs to somebody else" in done.stderr


# Learners are kept apart


@needs_proxy
def test_nobody_is_let_in_without_the_password_or_with_another_name(hub):
    for name, password in ((hub.names[0], "guess"), ("stranger", hub.password)):
        with pytest.raises(LearnerError, match="not let in: 403"):
            Learner(hub.address, name, password).log_in()


@needs_proxy
def test_a_learner_cannot_use_the_server_of_another(people):
    (first, _), (second, _) = people
    for path in ("api/contents", "api/sessions", f"files/{NOTEBOOK}"):
        assert first.request("GET", path).status_code == 200
        assert first.request("GET", path, of=second.name).status_code in (403, 404)
    answer = first.request("POST", "api/kernels", of=second.name, data={"name": "python3"})
    assert answer.status_code in (403, 404)


# what a kernel may do with the files of a home folder: list it, read a file, write one, list the sockets of the kernels
TRY = """
import os, pathlib
def attempt(do):
    try:
        do()
        return "done"
    except PermissionError:
        return "refused"
home = pathlib.Path({home!r})
print(*map(attempt, [lambda: os.listdir(home), lambda: (home / "workbook/notebooks/00_start_here.ipynb").read_text(),
                     lambda: (home / "note.txt").write_text("x"), lambda: os.listdir(home / ".run")]))
"""


@needs_proxy
@needs_users
def test_a_learner_cannot_read_or_write_the_files_of_another(hub, people):
    kernels = [kernel for _, kernel in people]
    for me, kernel in enumerate(kernels):
        for other, name in enumerate(hub.names):
            expected = "done" if me == other else "refused"
            assert kernel.run(TRY.format(home=str(hub.homes / name))).split() == [expected] * 4


@needs_proxy
@needs_users
def test_a_learner_reads_neither_the_hubs_secrets_nor_the_variables_of_another(hub, people):
    (_, kernel), (second, _) = people
    pids = [process.pid for process in running(hub, second.name)]
    assert len(pids) >= 2
    files = [hub.folder / "state" / name for name in ("cookie_secret", "jupyterhub.sqlite")]
    files += [f"/proc/{pid}/environ" for pid in [hub.process.pid, *pids]]
    for file in files:
        with open(file, "rb") as there:
            assert there.read()
    said = kernel.run(f"for file in {[str(file) for file in files]}:\n    try:\n        open(file, 'rb').read()\n"
                      "        print(file)\n    except PermissionError:\n        print('refused')")
    assert said.split() == ["refused"] * len(files)


@needs_proxy
@needs_users
def test_a_learner_cannot_change_what_all_share(people):
    said = people[0][1].run("import importlib.util, os, pathlib\n"
                            "packages = pathlib.Path(importlib.util.find_spec('keras').origin).parents[1]\n"
                            f"for folder in (packages, {str(src.ROOT / 'helpers')!r}, pathlib.Path.home()):\n"
                            "    print(os.access(folder, os.R_OK), os.access(folder, os.W_OK))")
    assert said.split() == ["True", "False"] * 2 + ["True", "True"]


# What a simulated learner does, and what the measurement sees


@needs_proxy
@linux_only
def test_what_a_learner_took_is_told_by_section(hub, people):
    name = hub.names[1]
    cells = [nbformat.v4.new_markdown_cell("## Asleep"), nbformat.v4.new_code_cell("import time; time.sleep(1)"),
             nbformat.v4.new_markdown_cell("## Busy"), nbformat.v4.new_code_cell(
                 "a = bytearray(200 * 2**20)\nend = time.process_time() + 1\nwhile time.process_time() < end: pass"),
             nbformat.v4.new_code_cell("time.sleep(3)")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), hub.homes / name / "workbook/notebooks/90_trial.ipynb")
    learner = Learner(hub.address, name, hub.password)
    with Watch(hub.process.pid, hub.names) as watch:
        took = command.attend(learner, "90_trial", watch, threading.Barrier(1))
        parts = took["sections"]
    assert 1 <= parts["Asleep"]["clock"] and parts["Asleep"]["processor"] < 0.7
    assert 1 <= parts["Busy"]["processor"] <= parts["Busy"]["clock"] - 3 + 0.5
    assert took["run"] >= 5 and took["processor"] >= parts["Busy"]["processor"]
    assert watch.by_learner[name]["kernels"] > 200 > watch.by_learner[hub.names[0]]["kernels"] > 0
    assert watch.peak["own"] <= watch.peak["fair"] <= watch.peak["resident"]


@needs_proxy
def test_a_learner_whose_cell_fails_or_hangs_says_which(people):
    _, kernel = people[1]
    with pytest.raises(LearnerError, match="ZeroDivisionError.*1 / 0"):
        kernel.run("1 / 0")
    with pytest.raises(LearnerError, match="not done in time.*sleep"):
        kernel.run("import time; time.sleep(2)", seconds=1)
    assert kernel.run("print('goes on')") == "goes on\n"


@linux_only
def test_own_memory_is_what_a_process_has_written():
    code = "import sys; a = bytearray({}); print('ready', flush=True); sys.stdin.read()"

    def held(megabytes):
        command = [sys.executable, "-c", code.format(megabytes * 2**20)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            sizes = memory(process.pid)
            process.communicate()
        return sizes

    small, large = held(1), held(65)
    assert large["own"] - small["own"] == pytest.approx(64, abs=2)
    assert large["own"] <= large["fair"] <= large["resident"]
    assert memory(2**22 + 1) == {"own": 0, "fair": 0, "resident": 0}


# A server that is killed


def kill(hub, name):
    """End a learner's server and kernels at once, without a chance to save anything."""
    found = running(hub, name)
    for process in found:
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs(found, timeout=10)
    return found


FIND = "import sys; sys.path.insert(0, '..')\n"


@needs_proxy
def test_a_killed_server_loses_no_progress(hub, people):
    learner, kernel = people[0]
    kernel.run(FIND + "from helpers.practice import question, reflect\nquestion('always-no', 'B')\n"
               "reflect('summary-00', 'A loss is what training minimizes.')")
    assert len(kill(hub, learner.name)) >= 2
    time.sleep(3)  # the hub looks every 2 s
    assert not running(hub, learner.name)
    learner.start_server()
    again = learner.open(NOTEBOOK)
    told = again.run(FIND + "from helpers.practice.store import progress\n"
                     "print(*[(event['kind'], event['id']) for event in progress().events()], sep='\\n')")
    again.close()
    assert told.splitlines() == ["('question', 'always-no')", "('reflection', 'summary-00')"]


# The files of the set-up


@needs_proxy
def test_the_hub_runs_with_the_configuration_of_the_folder(hub):
    log = hub.log.read_text(errors="replace")
    assert "JupyterHub is now running" in log and "jupyterhub_idle_culler" in log
    assert re.search(r"200 GET /hub/api/users\S* \(idle-culler@", log), log  # its role lets it look
    assert not re.search("not recognized|Did you mean", log), log


def test_jupyterhub_reads_each_configuration(tmp_path, monkeypatch):
    from jupyterhub.app import JupyterHub  # only here: it takes a second
    monkeypatch.setenv("WORKBOOK_HUB_STATE", str(tmp_path / "state"))
    read = {}
    for name in ("jupyterhub_config.py", "tljh.py"):
        app = JupyterHub()
        app.raise_config_file_errors = True
        app.load_config_file(str(FOLDER / name))
        read[name] = app.config
        command = app.config.Spawner.cmd[1].replace("/srv/workbook/", f"{src.ROOT}/")
        assert FOLDER.samefile(command.removesuffix("/start_learner.py"))
        opened = app.config.Spawner.default_url.removeprefix("/lab/tree/workbook/")
        assert (src.ROOT / opened).is_file()
    own = read["jupyterhub_config.py"]
    assert own.JupyterHub.authenticator_class == "pam" and own.PAMAuthenticator.allowed_groups == {"learners"}
    assert own.JupyterHub.bind_url.startswith("http://127.0.0.1:") and own.Spawner.mem_limit == "2G"
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0


def test_the_values_are_yaml_and_start_what_the_image_holds():
    values = yaml.safe_load((FOLDER / "values.yaml").read_text(encoding="utf-8"))
    command = values["singleuser"]["cmd"]
    dockerfile = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    assert f'CMD ["{command[0]}", "{command[1]}"]' in dockerfile
    copies = dict(re.findall(r"^COPY (\S+) (\S+)$", dockerfile, re.M))
    assert set(copies) == {"requirements.lock", "helpers", "notebooks"}
    folder = next(source for source, target in copies.items() if command[1].startswith(target + "/"))
    assert (src.ROOT / command[1].replace(copies[folder], folder)).is_file()
    assert all((src.ROOT / source).exists() for source in copies)


def test_ranges_of_the_set_up_are_those_that_are_tested():
    asked = (FOLDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    tested = (src.ROOT / "tests" / "requirements.txt").read_text(encoding="utf-8")
    for name in ("jupyterhub", "jupyterhub-idle-culler"):
        line = next(line for line in asked if re.match(rf"{name}[<>=]", line))
        assert f"{line}; " in tested
    assert f'"{asked[1]}"' in (FOLDER / "Dockerfile").read_text(encoding="utf-8")


# The page and its numbers


def person(run, processor):
    parts = {"1. Light": {"clock": 1.0, "processor": 1.0}, "2. Heavy": {"clock": run - 1, "processor": processor - 1}}
    return {"start": 3.0, "run": run, "processor": processor, "sections": parts}


@pytest.fixture
def measured():
    """Two rounds by hand: a learner alone, and two. Kernels hold 400 and 500 MB of their own, files 600 MB together."""
    def round(people, own, files):
        total = sum(sum(one.values()) for one in own)
        return {"learners": len(people), "users": True, "errors": [], "full": False, "others": 0.2, "people": people,
                "own": own, "together": {"own": total, "fair": total + files, "resident": total + len(own) * files}}

    one, two = {"server": 100.0, "kernels": 400.0}, {"server": 120.0, "kernels": 500.0}
    return {"measured": "a month", "cores": 2, "memory": 24.0, "notebook": "02_trial", "rounds": [
        round([person(40.0, 61.0)], [one], 600.0), round([person(70.0, 62.0), person(90.0, 64.0)], [one, two], 600.0)]}


def test_the_sizing_rule_by_hand(measured):
    assert page.section(measured) == ("2. Heavy", 60.0)
    assert page.own(measured) == (120.0, 500.0) and page.shared(measured) == 600.0
    processors, memory = page.size(measured, 50)
    assert processors == 17  # 50 learners, 60 s each, in 180 s: 16.7
    assert memory == 56  # 1.5 + 600 / 1024 + 50 * 1.25 * (120 + 1.5 * 500) / 1024: 55.2


def test_a_round_that_did_not_end_counts_for_nothing(measured):
    before = page.size(measured, 50), page.table(measured)
    lost = {"learners": 4, "errors": ["LearnerError: late"], "people": [person(900.0, 900.0)], "others": 0.0,
            "own": [{"server": 9e9, "kernels": 9e9}], "together": {"own": 1.0, "fair": 9e9, "resident": 9e9}}
    measured["rounds"].append(lost)
    assert (page.size(measured, 50), page.table(measured)) == before


def test_the_page_takes_its_numbers_from_what_was_measured(measured):
    start = {"processor": 5.0, "own": 290.0, "fair": 500.0, "resident": 700.0}
    found = {"room": measured, "start_up": {"rounds": 3, "imports": {"compiled": start, "never": start | {
        "processor": 17.5}, "once": start | {"processor": 13.5}}, "compile": {"processor": 42.0, "clock": 21.0}}}
    text = page.text(found)
    assert "| 2 | 3 | 80 | 90 | 63 | 560 | 1.7 | 2.3 |" in text and "17.5 seconds of processor" in text
    assert "from 40 to 90" in text and page.MISSING not in text
    assert page.MISSING in page.text({})


def test_the_page_is_what_was_measured_makes_of_it():
    assert page.PAGE.read_text(encoding="utf-8") == page.text(page.read())


def test_links_of_the_page_lead_somewhere():
    text = page.PAGE.read_text(encoding="utf-8")
    titles = re.findall("^## (.+)$", text, re.M)
    headings = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert target[1:] in headings if target.startswith("#") else (page.PAGE.parent / target).exists(), target
    assert "notebooks/instructor/room.md" in (src.ROOT / "README.md").read_text(encoding="utf-8")


@linux_only
def test_the_server_comes_first_however_processes_are_numbered(monkeypatch):
    """After the highest number the lowest free one is next: a kernel can have a lower number than its server."""
    class Process:
        def __init__(self, pid, born):
            self.pid, self.born = pid, born

        def environ(self):
            return {"JUPYTERHUB_USER": "anna"}

        def create_time(self):
            return self.born

        def children(self, recursive):
            return [Process(300, born=2.0), Process(32000, born=1.0)]

    monkeypatch.setattr(psutil, "Process", lambda pid: Process(pid, born=0.0))
    assert [one.pid for one in Watch(1, ["anna"]).processes()["anna"]] == [32000, 300]
