"""start.py and the locks it installs, without a real install: a fake uv or pip stands where the real one is called."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
posix_only = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")

# Lines that change the Python in which start.py finds itself, see Checkout.command.
NETWORK = "import socket\nsocket.create_connection = lambda *a, **k: socket.socket()"
NO_NETWORK = "import socket\ndef fail(*a, **k): raise OSError('no route')\nsocket.create_connection = fail"
DISK = "import shutil, types\nfree = {}\nshutil.disk_usage = lambda folder: types.SimpleNamespace(free=free.pop(0))"
LITTLE_DISK = DISK.format([1e9])
FULL_DISK = DISK.format([9e9, 1e8])  # when asked before and after the install

# Makes a real (empty) environment and "installs" modules that only report how they were started.
FAKE_UV = r"""
import os, pathlib, signal, subprocess, sys, sysconfig, time
args = sys.argv[1:]
if args == ["--version"]:
    sys.exit(0)
with open(os.environ["FAKE_LOG"], "a") as log:
    print(*args, file=log)
if args[0] == "venv":
    sys.exit(subprocess.call([args[args.index("--python") + 1], "-m", "venv", "--without-pip", args[-1]]))
base = str(pathlib.Path(os.environ["FAKE_VENV"]))
site = pathlib.Path(sysconfig.get_path("purelib", "venv", {"base": base, "platbase": base}))
site.joinpath("half.py").write_text("")
mode = os.environ.get("FAKE_MODE")
if mode == "fails":
    sys.exit("fake: failed")
if mode == "killed":
    os.kill(os.getppid(), signal.SIGKILL)
    sys.exit(1)
if mode == "hangs":
    print("fake: downloading", flush=True)
    time.sleep(60)
site.joinpath("half.py").unlink()
for name in ["jupyterlab"] + ["pytest"] * ("tests" in args[-1]):
    site.joinpath(name + ".py").write_text(
        "import json, os, sys\n"
        "print(json.dumps({'module': %r, 'args': sys.argv[1:], 'cwd': os.getcwd(), 'prefix': sys.prefix}))\n"
        "sys.exit(3 if 'fail' in sys.argv else 0)" % name)
"""


class Checkout:
    """A copy of start.py with tiny locks in a folder of its own, whose name has a space."""

    def __init__(self, tmp_path: Path):
        tmp_path = tmp_path.resolve()  # short names on Windows and links on macOS would not compare equal
        self.root = tmp_path / "work book"
        self.venv = self.root / ".venv"
        self.log = tmp_path / "uv.log"
        self.bin = tmp_path / "bin"
        (self.root / "tests").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy(ROOT / "start.py", self.root)
        self.lock("learn 1")
        self.lock("test 1", "tests/requirements.lock")
        self.fake_uv(FAKE_UV)

    def lock(self, text: str, name: str = "requirements.lock") -> None:
        (self.root / name).write_text(text)

    def fake_uv(self, source: str) -> None:
        program = self.bin / "fake_uv.py"
        program.write_text(source)
        if os.name == "nt":
            (self.bin / "uv.bat").write_text(f'@"{sys.executable}" "{program}" %*\n')
        else:
            (self.bin / "uv").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{program}" "$@"\n')
            (self.bin / "uv").chmod(0o755)

    def command(self, *arguments: str, first: str = "") -> list[str]:
        """start.py as it is, or, with `first`, after some lines that change the Python it finds itself in."""
        script = str(self.root / "start.py")
        if not first:
            return [sys.executable, script, *arguments]
        lines = ["import runpy, sys", f"sys.argv = {[script, *arguments]!r}", first,
                 f"runpy.run_path({script!r}, None, '__main__')"]
        return [sys.executable, "-c", "\n".join(lines)]

    def environment(self, **changes: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy") and k != "PYTHONPATH"}
        return kept | {"PATH": str(self.bin), "FAKE_LOG": str(self.log), "FAKE_VENV": str(self.venv)} | changes

    def start(self, *arguments: str, first: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(self.command(*arguments, first=first), env=self.environment(**changes), text=True,
                              cwd=self.bin, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def opens(self, *arguments: str, **changes: str) -> dict:
        """Start, require success, and return what the started module reported."""
        done = self.start(*arguments, **changes)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def installs(self) -> list[str]:
        """What the installer was called for since the last time this was asked."""
        calls = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return ["venv" if call.startswith("venv") else Path(call.split(" -r ")[1]).relative_to(self.root).as_posix()
                for call in calls]


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


def last_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-1]


# What a start does


def test_learn_opens_the_first_notebook_in_the_new_environment(checkout):
    seen = checkout.opens("--no-browser", "--port", "8890")
    assert seen["module"] == "jupyterlab"
    assert Path(seen["prefix"]) == checkout.venv
    assert Path(seen["cwd"]) == checkout.root
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in seen["args"]
    assert f"--ServerApp.root_dir={checkout.root}" in seen["args"]
    assert seen["args"][-3:] == ["--no-browser", "--port", "8890"]
    assert checkout.installs() == ["venv", "requirements.lock"]


def test_help_installs_nothing(checkout):
    assert "python3 start.py test" in checkout.start("--help").stdout
    assert checkout.installs() == []


def test_the_notebook_that_it_opens_exists():
    assert (ROOT / "notebooks" / "00_start_here.ipynb").is_file()


def test_packages_are_installed_by_hash_and_never_built(checkout):
    checkout.start()
    install = checkout.log.read_text().splitlines()[-1]
    assert "--require-hashes --only-binary :all:" in install


def test_jupyterlab_asks_nothing_and_fetches_nothing(checkout):
    arguments = checkout.opens()["args"]
    for argument in ("news_url=None", "check_for_updates_class=jupyterlab.NeverCheckForUpdate",
                     "extension_manager=readonly"):
        assert f"--LabApp.{argument}" in arguments
    settings = json.loads((checkout.venv / "etc/jupyter/labconfig/default_setting_overrides.json").read_text())
    notification = settings["@jupyterlab/apputils-extension:notification"]
    assert notification["fetchNews"] == "false"
    assert notification["checkForUpdates"] is False


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no root user")
@pytest.mark.parametrize("user, allowed", [(0, True), (1000, False)])
def test_only_root_is_told_to_allow_root(checkout, user, allowed):
    assert ("--allow-root" in checkout.opens(first=f"import os; os.geteuid = lambda: {user}")["args"]) is allowed


def test_a_second_start_needs_no_network_and_no_time(checkout):
    checkout.opens()
    checkout.installs()
    began = time.perf_counter()
    checkout.opens(first="import socket\nsocket.socket.connect = socket.create_connection = None")
    assert time.perf_counter() - began < 2
    assert checkout.installs() == []


def test_test_passes_options_and_the_exit_code_on(checkout):
    seen = checkout.opens("test", "-k", "films")
    assert (seen["module"], seen["args"]) == ("pytest", ["-k", "films"])
    assert Path(seen["cwd"]) == checkout.root
    assert checkout.start("test", "fail").returncode == 3


def test_the_test_environment_serves_learning_too(checkout):
    checkout.opens("test")
    assert checkout.installs() == ["venv", "tests/requirements.lock"]
    assert checkout.opens()["module"] == "jupyterlab"
    assert checkout.installs() == []


def test_test_adds_to_a_complete_environment(checkout):
    checkout.opens()
    checkout.installs()
    checkout.opens("test")
    assert checkout.installs() == ["tests/requirements.lock"]
    checkout.opens("test")
    assert checkout.installs() == []


# When the environment is not what it should be


@pytest.mark.parametrize("mode", ["fails", pytest.param("killed", marks=posix_only)])
def test_a_half_install_is_never_used(checkout, mode):
    assert checkout.start(FAKE_MODE=mode, first=NETWORK).returncode != 0
    half = list(checkout.venv.rglob("half.py"))
    assert half
    checkout.installs()
    checkout.opens()
    assert checkout.installs() == ["venv", "requirements.lock"]
    assert not half[0].exists()


def test_an_addition_that_fails_is_not_used_either(checkout):
    checkout.opens()
    checkout.start("test", FAKE_MODE="fails", first=NETWORK)
    checkout.installs()
    checkout.opens()
    assert checkout.installs() == ["venv", "requirements.lock"]


def test_a_changed_lock_is_installed_afresh(checkout):
    checkout.opens()
    (checkout.venv / "old").write_text("")
    checkout.installs()
    checkout.lock("learn 2")
    checkout.opens()
    assert checkout.installs() == ["venv", "requirements.lock"]
    assert not (checkout.venv / "old").exists()


def test_a_changed_test_lock_does_not_concern_a_learner(checkout):
    checkout.opens("test")
    checkout.installs()
    checkout.lock("test 2", "tests/requirements.lock")
    checkout.opens()
    assert checkout.installs() == []
    checkout.opens("test")
    assert checkout.installs() == ["tests/requirements.lock"]


def test_an_environment_whose_python_vanished_is_remade(checkout):
    checkout.opens()
    checkout.installs()
    for python in checkout.venv.glob("Scripts/python*.exe" if os.name == "nt" else "bin/python*"):
        python.unlink()
    checkout.opens()
    assert checkout.installs() == ["venv", "requirements.lock"]


def test_an_environment_of_another_python_version_is_remade(checkout):
    checkout.opens()
    checkout.installs()
    other = (3, 12) if sys.version_info[:2] != (3, 12) else (3, 13)
    checkout.opens(first=f"sys.version_info = {other + (0, 'final', 0)}")
    assert checkout.installs()[0] == "venv"


@pytest.mark.skipif(os.name == "nt", reason="Windows does not remove a running program; start.py says so")
def test_the_environments_own_python_can_remake_it(checkout):
    checkout.opens()
    checkout.lock("learn 2")
    checkout.installs()
    command = [checkout.venv / "bin" / "python", checkout.root / "start.py"]
    done = subprocess.run(command, env=checkout.environment(), text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert checkout.installs() == ["venv", "requirements.lock"]


@pytest.mark.parametrize("uv", ["absent", "broken"])
def test_pip_serves_where_uv_does_not(checkout, uv):
    checkout.fake_uv("import sys; sys.exit('uv: command not found in this version')")
    if uv == "absent":
        shutil.rmtree(checkout.bin)
        checkout.bin.mkdir()
    (checkout.root / "pip.py").write_text(FAKE_UV)  # `python -m pip` looks in the current folder first
    assert checkout.opens()["module"] == "jupyterlab"
    call = checkout.log.read_text()
    assert call.startswith("install ") and "--require-hashes" in call and str(checkout.root) in call


# What cannot be served is said in one sentence


@pytest.mark.parametrize("first, wrong, remedy", [
    ("sys.version_info = (3, 10, 9, 'final', 0)", "needs Python 3.11 to 3.13, not 3.10", "get 3.13 from https://"),
    ("sys.version_info = (3, 14, 0, 'final', 0)", "needs Python 3.11 to 3.13, not 3.14", "get 3.13 from https://"),
    ("import platform; platform.system = lambda: 'Darwin'; platform.machine = lambda: 'x86_64'", "Intel Mac", "Colab"),
    ("sys.maxsize = 2**31 - 1", "32-bit", "get the 64-bit 3.13"),
    (LITTLE_DISK, "about 4 GB of disk", "free some space"),
], ids=["python 3.10", "python 3.14", "intel mac", "32-bit", "little disk"])
def test_refused_before_anything_is_made(checkout, first, wrong, remedy):
    done = checkout.start(first=first)
    sentence = last_sentence(done)
    assert wrong in sentence and remedy in sentence
    assert len(done.stderr.strip().splitlines()) == 1 and not done.stdout
    assert not checkout.venv.exists()


def test_apple_silicon_is_not_refused(checkout):
    checkout.opens(first="import platform; platform.system = lambda: 'Darwin'; platform.machine = lambda: 'arm64'")


def test_a_python_without_venv_is_refused(checkout, tmp_path):
    shutil.rmtree(checkout.bin)
    checkout.bin.mkdir()
    broken = tmp_path / "debian"
    broken.mkdir()
    (broken / "ensurepip.py").write_text("raise ImportError")  # as on Debian without python3-venv
    sentence = last_sentence(checkout.start(PYTHONPATH=str(broken)))
    assert "sudo apt install python3." in sentence
    assert not checkout.venv.exists()


GENERAL = "C:\\workbook" if os.name == "nt" else "reason printed above"


@pytest.mark.parametrize("first, sentence", [(FULL_DISK, "is full: free about 4 GB"),
                                             (NO_NETWORK, "connect to the internet and run the same command again"),
                                             (NETWORK, GENERAL)], ids=["disk full", "no network", "else"])
def test_a_failed_install_is_explained(checkout, first, sentence):
    assert sentence in last_sentence(checkout.start(FAKE_MODE="fails", first=first))


def test_a_proxy_is_not_mistaken_for_no_network(checkout):
    done = checkout.start(FAKE_MODE="fails", first=NO_NETWORK, HTTPS_PROXY="http://127.0.0.1:9")
    assert GENERAL in last_sentence(done)


def test_a_folder_that_cannot_be_changed_is_said(checkout):
    checkout.venv.write_text("a file where the environment should be")
    assert "The set-up stopped" in last_sentence(checkout.start())


@posix_only
def test_ctrl_c_stops_with_a_sentence_and_goes_on_later(checkout):
    process = subprocess.Popen(checkout.command(), env=checkout.environment(FAKE_MODE="hangs"), text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    while "downloading" not in process.stdout.readline():
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    ours = errors[errors.index("Stopped."):]
    assert ours.strip() == "Stopped. Run the same command again; it goes on where it stopped."
    checkout.opens()


# start.py and the locks as files


def test_start_is_read_by_old_pythons_and_needs_no_package():
    tree = ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {name.split(".")[0] for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))
                for name in ([node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])}
    assert imported <= sys.stdlib_module_names


def read_lock(name: str) -> dict[str, dict[str, set[str]]]:
    """Package → pinned version → hashes."""
    pins: dict[str, dict[str, set[str]]] = {}
    for entry in (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        requirement, *hashes = entry.split("--hash=")
        parsed = Requirement(requirement)
        version = re.fullmatch(r"==([\w.]+)", str(parsed.specifier))
        assert version, f"not a pin: {entry}"
        pins.setdefault(canonicalize_name(parsed.name), {})[version[1]] = {h.strip() for h in hashes}
    return pins


def read_ranges(name: str) -> list[Requirement]:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-r")]


@pytest.mark.parametrize("name", ["requirements.lock", "tests/requirements.lock"])
def test_each_lock_holds_names_versions_and_hashes_only(name):
    for package, versions in read_lock(name).items():
        for hashes in versions.values():
            assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in hashes), package
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text


def test_the_test_lock_is_the_learner_lock_and_more():
    learn, test = read_lock("requirements.lock"), read_lock("tests/requirements.lock")
    assert {package: test.get(package) for package in learn} == learn
    assert {"pytest", "nbval", "playwright"} <= test.keys() - learn.keys()


@pytest.mark.parametrize("folder", ["", "tests/"])
def test_each_lock_satisfies_its_ranges(folder):
    pins = read_lock(folder + "requirements.lock")
    ranges = read_ranges(folder + "requirements.txt")
    assert ranges
    for wanted in ranges:
        versions = pins[canonicalize_name(wanted.name)]
        assert all(wanted.specifier.contains(version) for version in versions), wanted


def test_the_ranges_admit_colab():
    """A version of each package that Colab pins, such as 2.20.0 for ==2.20.*."""
    ranges = {canonicalize_name(r.name): r for r in read_ranges("requirements.txt")}
    pins = {canonicalize_name(r.name): str(r.specifier).removeprefix("==").replace("*", "0")
            for r in read_ranges("tests/requirements-colab.txt") if r.specifier}
    assert {"tensorflow", "keras", "numpy", "ipython", "ipywidgets"} <= set(pins)
    assert [name for name, version in pins.items() if not ranges[name].specifier.contains(version)] == []


def test_binder_and_the_dev_container_install_what_start_installs():
    binder = [line for line in (ROOT / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
              if not line.startswith("#")]
    assert binder == ["-r ../requirements.lock"]
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert container["postCreateCommand"] == "python3 start.py --version"  # sets up, prints JupyterLab's version, ends
    assert all((ROOT / name).is_file() for name in container["customizations"]["codespaces"]["openFiles"])
    pythons = [(ROOT / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip(), container["image"]]
    for text in pythons:  # what the matrix of test.yml tests
        version = re.search(r"python[-:](3\.\d+)$", text)[1]
        assert f'"{version}"' in (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")


def test_ci_runs_the_documented_command():
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("\nexec python3 start.py test")
    assert "run: python start.py test\n" in (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    assert "python3 start.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
