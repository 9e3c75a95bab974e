"""A JupyterHub on loopback, with the configuration of notebooks/instructor/hub, in scratch folders."""
from __future__ import annotations

import contextlib
import functools
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time

import psutil

from helpers.authoring import source as src

CONFIG = src.ROOT / "notebooks" / "instructor" / "hub" / "jupyterhub_config.py"
PROXY = src.ROOT / "build" / "proxy"  # where .ci/run puts it

# What differs from a real room: one password, other ports, and a hub that notices a dead server soon.
CHANGES = """
load_subconfig({config!r})
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = {names!r}
c.DummyAuthenticator.password = {password!r}
c.JupyterHub.bind_url = {address!r}
c.JupyterHub.hub_port = {ports[0]}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[1]}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.JupyterHub.spawner_class = {spawner!r}
c.JupyterHub.cleanup_servers = True
c.Spawner.cmd = [{python!r}, *c.Spawner.cmd[1:]]
c.Spawner.environment = {variables!r}
c.Spawner.poll_interval = 2
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
"""


class HubError(Exception):
    """The hub cannot be started here; the text says why."""


def find_proxy() -> str | None:
    """The path of configurable-http-proxy; None without one (`npm install --prefix build/proxy
    configurable-http-proxy`)."""
    folder = PROXY / "node_modules" / ".bin"
    return shutil.which("configurable-http-proxy", path=os.pathsep.join([os.environ.get("PATH", ""), str(folder)]))


@functools.cache
def python_for_others() -> tuple[str, dict[str, str]] | None:
    """(a Python that every user of this machine may run with these packages, variables for it); None without one.

    The environment's own Python may lie in a closed home folder. Then the system's serves, if it is the same version.
    """
    paths = sysconfig.get_paths()
    packages, prefix = paths["purelib"], pathlib.Path(sys.prefix)
    by_path = {"PYTHONPATH": packages, "JUPYTERLAB_DIR": str(prefix / "share" / "jupyter" / "lab"),
               "JUPYTER_CONFIG_PATH": str(prefix / "etc" / "jupyter")}
    system = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for python, variables in ((sys.executable, {}), (system, by_path)):
        with contextlib.suppress(OSError):
            code = f"import jupyterhub, jupyterlab, ipykernel; open({str(CONFIG)!r})"
            if subprocess.run([python, "-c", code], env={"PATH": os.defpath, "HOME": "/"} | variables, cwd="/",
                              user="nobody", capture_output=True).returncode == 0:
                return python, variables
    return None


def can_be_users() -> str | None:
    """None where learners can be users of the system of their own; otherwise the reason why not, a sentence."""
    if os.name == "nt" or os.geteuid() != 0:
        return "Only root can start servers as other users."
    if not (shutil.which("useradd") and shutil.which("userdel")):
        return "There is no useradd."
    if python_for_others() is None:
        return f"Other users of this machine cannot run {sys.executable} with its packages, or not read {src.ROOT}."
    return None


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody uses."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Hub:
    """`with Hub(3) as hub:` a running hub for three learners. Its `names` are users of the system if that can be.

    address: http://127.0.0.1:PORT. password: the same for all, made anew. homes: the folder with a home folder each.
    Raises HubError.
    """

    def __init__(self, learners: int):
        mark = secrets.token_hex(3)
        self.names = [f"room{mark}{number}" for number in range(1, learners + 1)]
        self.password = secrets.token_urlsafe(16)
        self.users = can_be_users() is None
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="room-")))
            self.folder.chmod(0o711)  # learners pass through it to their homes
            self.homes = self.folder / "homes"
            self.homes.mkdir(mode=0o755)
            for name in self.names:
                self._make_home(stack, name)
            self._start(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _make_home(self, stack, name):
        if not self.users:
            return (self.homes / name).mkdir()
        subprocess.run(["useradd", "--create-home", "--home-dir", self.homes / name, "--shell", "/bin/sh", name],
                       check=True)
        stack.callback(subprocess.run, ["userdel", "--force", name], stderr=subprocess.DEVNULL)

    def _start(self, stack):
        proxy = find_proxy()
        if proxy is None:
            raise HubError(f"There is no configurable-http-proxy: npm install --prefix {PROXY} configurable-http-proxy")
        python, variables = python_for_others() if self.users else (sys.executable, {})
        port, *ports = free_ports(3)
        self.address = f"http://127.0.0.1:{port}"
        spawner = "jupyterhub.spawner." + ("" if self.users else "Simple") + "LocalProcessSpawner"
        config, self.log = self.folder / "config.py", self.folder / "hub.log"
        for file in (config, self.log):  # not for learners: the password is in one of them
            file.touch(mode=0o600)
        config.write_text(CHANGES.format(config=str(CONFIG), names=set(self.names), password=self.password, ports=ports,
                                         address=self.address, proxy=proxy, spawner=spawner, python=python,
                                         variables=variables, homes=str(self.homes)))
        log = stack.enter_context(open(self.log, "wb"))
        quiet = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", config], cwd=self.folder, stdout=log, stderr=subprocess.STDOUT,
            env=quiet | {"WORKBOOK_HUB_STATE": str(self.folder / "state")}, start_new_session=True)
        stack.callback(self._stop)
        self._wait()

    def _wait(self, seconds=60):
        end = time.monotonic() + seconds
        while b"JupyterHub is now running" not in self.log.read_bytes():
            if self.process.poll() is not None or time.monotonic() > end:
                raise HubError(f"JupyterHub did not start:\n{self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.2)

    def _stop(self):
        """End the hub, which ends its servers, and then, by their numbers, what is left of both."""
        started = []
        with contextlib.suppress(psutil.NoSuchProcess):
            started = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=30)
        for one in psutil.wait_procs(started, timeout=3)[1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
