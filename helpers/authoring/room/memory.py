"""What the processes of each learner hold and have used: /proc of Linux, by way of psutil."""
from __future__ import annotations

import contextlib
import pathlib
import threading
from collections import defaultdict

import psutil

MB = 1024  # kB


class Watch:
    """Looks once a second at all processes that a hub has started, until it is closed.

    peak: {"own", "fair", "resident"}: MB of all learners together, at the moment when they held most of their own.
    by_learner: name -> {"server", "kernels"}: own MB at their own peak. See `memory`.
    """

    def __init__(self, hub_pid: int, names: list[str], enough: float = 1500):
        self.hub, self.names, self.enough = psutil.Process(hub_pid), set(names), enough
        self.peak = {"own": 0.0, "fair": 0.0, "resident": 0.0}
        self.by_learner = {name: {"server": 0.0, "kernels": 0.0} for name in names}
        self.full = False  # whether less than `enough` MB were left to the machine
        self._owner: dict[int, str | None] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Learner -> the processes of the server and its kernels, the server first."""
        found = defaultdict(list)
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in self.hub.children(recursive=True):
                owner = self._owner_of(process)
                if owner in self.names:
                    found[owner].append(process)
        # by age and not by number: numbers start anew when the highest has been given
        return {name: sorted(group, key=lambda one: one.create_time()) for name, group in found.items()}

    def _owner_of(self, process):
        """The learner of a process, as JupyterHub writes it into the server's variables, which kernels inherit."""
        if not self._owner.get(process.pid):
            with contextlib.suppress(psutil.Error, OSError):
                self._owner[process.pid] = process.environ().get("JUPYTERHUB_USER")
        return self._owner.get(process.pid)

    def processor_seconds(self, name: str) -> float:
        """Seconds of processor, of user and system, that a learner's processes and their ended children have used."""
        total = 0.0
        for process in self.processes().get(name, []):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += sum(process.cpu_times()[:4])
        return total

    def _look(self):
        while not self._end.wait(1.0):
            self.look()

    def look(self) -> None:
        """Take one look."""
        together = dict.fromkeys(self.peak, 0.0)
        for name, group in self.processes().items():
            own = []
            for process in group:
                sizes = memory(process.pid)
                own.append(sizes["own"])
                for key in together:
                    together[key] += sizes[key]
            best = self.by_learner[name]
            best["server"] = max(best["server"], own[0])
            best["kernels"] = max(best["kernels"], sum(own[1:]))
        if together["own"] > self.peak["own"]:
            self.peak = together
        self.full = self.full or psutil.virtual_memory().available / 1e6 < self.enough


def memory(pid: int) -> dict[str, float]:
    """{"own", "fair", "resident"} of a process in MB; zeros once it has ended.

    own: anonymous memory, which nobody shares. fair: own, and of each page of a file its share among the processes that
    have it (PSS), so that the sum over processes is what they hold together. resident: all pages, shared or not (RSS).
    """
    try:
        lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        lines = []
    size = {line.split(":")[0]: int(line.split()[1]) / MB for line in lines}
    return {"own": size.get("Anonymous", 0), "fair": size.get("Pss", 0), "resident": size.get("Rss", 0)}
