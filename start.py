#!/usr/bin/env python3
"""Set up the workbook in its own environment, .venv, and open it.

    python3 start.py [options of jupyter lab]    opens notebooks/00_start_here.ipynb in JupyterLab
    python3 start.py test [options of pytest]    runs every test

The first start downloads the packages; later ones need no network. Only the standard library is used, in words
that an old Python understands too, so that it can say which Python is needed.
"""

import hashlib
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "complete.txt"  # written last: without it an environment is half made, and never used
LOCKS = [ROOT / "requirements.lock", ROOT / "tests" / "requirements.lock"]  # the second holds the first too
VERSION = ".".join(map(str, sys.version_info[:2]))
AGAIN = "run the same command again"
# JupyterLab asks whether to fetch news and looks for updates unless told otherwise; nothing here phones home.
QUIET = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
LAB = ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
LAB += ["--LabApp.extension_manager=readonly", "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"]
LAB += [f"--ServerApp.root_dir={ROOT}"] + ["--allow-root"] * (hasattr(os, "geteuid") and os.geteuid() == 0)


def refuse_unsupported():
    """Leave, with one sentence, if TensorFlow has no package for this Python."""
    get, start = "from https://www.python.org/downloads/", "py -3.13" if os.name == "nt" else "python3.13"
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(f"The workbook needs Python 3.11 to 3.13, not {VERSION}: get 3.13 {get} and run `{start} start.py`.")
    if platform.system() == "Darwin" and platform.machine() == "x86_64":
        sys.exit("TensorFlow no longer supports Intel Macs: open the notebooks in Google Colab or on another computer "
                 f"(if this Mac has an Apple processor, its Python is the wrong one: get 3.13 {get}).")
    if sys.maxsize < 2**32:
        sys.exit(f"TensorFlow needs a 64-bit Python and this one is 32-bit: get the 64-bit 3.13 {get} and start again.")


def works(*command):
    """Whether a command runs and succeeds (a pyenv shim, or a .venv whose Python is gone, exists but may not)."""
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def fingerprint(locks):
    return {hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks}


def is_ready(locks):
    same_python = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return STAMP.exists() and fingerprint(locks) <= set(STAMP.read_text().split()) and works(PYTHON, "-c", same_python)


def make_environment(uv):
    """An empty .venv in place of whatever is there."""
    base = getattr(sys, "_base_executable", sys.executable)  # this Python may be the one in .venv
    if not uv and not works(base, "-c", "import ensurepip, venv"):
        sys.exit(f"This Python cannot make environments: run `sudo apt install python{VERSION}-venv` (Debian, Ubuntu) "
                 "or install Python from https://www.python.org/downloads/, and start again.")
    if VENV.exists():
        print("Removing the incomplete or outdated .venv.", flush=True)
        shutil.rmtree(VENV)
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < 4:
        sys.exit(f"The set-up needs about 4 GB of disk and {ROOT} has {free:.1f}: free some space and {AGAIN}.")
    print("First set-up of .venv: 0.8 GB to download, 2.7 GB on disk. On a fast line it takes "
          f"{'half a minute' if uv else '1 to 3 minutes'}.", flush=True)
    if subprocess.run([uv, "venv", "-q", "--python", base, VENV] if uv else [base, "-m", "venv", VENV]).returncode:
        explain_failure()


def install(locks):
    uv = shutil.which("uv")
    uv = uv if uv and works(uv, "--version") else None
    if len(locks) == 1 or not is_ready(locks[:1]):
        make_environment(uv)
    STAMP.unlink(missing_ok=True)
    pip = [uv, "pip", "install", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install"]
    options = [] if uv else ["--disable-pip-version-check"]
    options += ["--require-hashes", "--only-binary", ":all:", "-r", locks[-1]]
    if subprocess.run(pip + options, cwd=ROOT).returncode:
        explain_failure()
    settings = VENV / "etc" / "jupyter" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"@jupyterlab/apputils-extension:notification": QUIET}))
    STAMP.write_text("\n".join(fingerprint(locks)))


def explain_failure():
    """Leave with one sentence on the likely reason; the installer has printed its own."""
    for folder in filter(os.path.exists, (ROOT, tempfile.gettempdir(), os.path.expanduser("~"))):
        if shutil.disk_usage(folder).free < 1e9:
            sys.exit(f"The disk of {folder} is full: free about 4 GB and {AGAIN}.")
    try:
        if not urllib.request.getproxies():
            socket.create_connection(("pypi.org", 443), timeout=10).close()
    except OSError:
        sys.exit(f"The packages come from pypi.org, which cannot be reached: connect to the internet and {AGAIN}.")
    if os.name == "nt" and len(str(ROOT)) > 45:  # TensorFlow's longest file name inside .venv has about 210 letters
        sys.exit(f"Windows may have refused a path of over 260 letters: move {ROOT} to a short one, like C:\\workbook.")
    sys.exit(f"The set-up failed for the reason printed above: {AGAIN}, and report those lines if it stays.")


def hand_over(command):
    """Become the command. Windows cannot: there it runs below this process, which leaves Ctrl-C to it."""
    os.chdir(ROOT)
    if os.name != "nt":
        os.execv(command[0], command)
    signal.signal(signal.SIGINT, lambda *_: None)
    sys.exit(subprocess.run(command).returncode)


def main(arguments):
    if arguments[:1] in (["-h"], ["--help"]):
        return print(__doc__)
    testing = arguments[:1] == ["test"]
    locks = LOCKS if testing else LOCKS[:1]
    refuse_unsupported()
    if not is_ready(locks):
        install(locks)
    if testing:
        hand_over([PYTHON, "-m", "pytest", *arguments[1:]])
    print("Opening JupyterLab; Ctrl-C in this window ends it.", flush=True)
    hand_over([PYTHON, "-m", "jupyterlab", *LAB, *arguments])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again; it goes on where it stopped.")
    except OSError as problem:
        sys.exit(f"The set-up stopped ({problem}): close what uses .venv, see that {ROOT} can be written, and {AGAIN}.")
