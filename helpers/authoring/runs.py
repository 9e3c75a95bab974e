"""One run of a notebook from one base seed, and the store of finished runs that lets a sweep resume."""
from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from helpers.authoring import run
from helpers.authoring import source as src

_PACKAGES = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "scipy", "scikit-learn")


@dataclass(frozen=True)
class Job:
    """A notebook (its path, relative to the workbook where it lies inside), a base seed, and what is to be run.

    digest: see `digest`. threads: how many TensorFlow may use.
    """

    path: str
    seed: int
    digest: str
    threads: int = 1

    @property
    def notebook(self) -> str:
        """The notebook's name."""
        return pathlib.Path(self.path).stem


def digest(path: pathlib.Path) -> str:
    """A hash of everything that decides a run's result: the notebook's code, the helpers and data that it may import,
    its alt texts (their numbers are filled in), and the versions of the packages that compute. Prose and outputs do not
    count.
    """
    cells = [(cell.source, cell.metadata.get("tags", [])) for cell in run.read(path).cells if cell.cell_type == "code"]
    parts = [json.dumps(cells).encode()]
    helpers = src.ROOT / "helpers"
    files = [file for file in helpers.rglob("*") if file.is_file() and file.suffix != ".pyc"
             and file.relative_to(helpers).parts[0] != "authoring"]
    for file in sorted(files):
        parts += [file.relative_to(src.ROOT).as_posix().encode(), file.read_bytes()]
    practice = src.ROOT / "notebooks" / "practice" / f"{path.stem}.json"
    if practice.is_file():
        items = json.loads(practice.read_text(encoding="utf-8")).values()
        parts.append(json.dumps([(item["id"], item["kind"], item.get("text")) for item in items]).encode())
    for package in _PACKAGES:
        try:
            parts.append(f"{package} {importlib.metadata.version(package)}".encode())
        except importlib.metadata.PackageNotFoundError:
            pass
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:16]


def execute(job: Job) -> dict:
    """Run a notebook in a process of its own and return its claims: {notebook, seed, digest, seconds, error, claims}.

    error: None, or one sentence when the notebook did not run to its end. It runs anywhere that has this workbook.
    """
    path, started = src.ROOT / job.path, time.monotonic()
    result = {"notebook": job.notebook, "seed": job.seed, "digest": job.digest, "seconds": 0.0, "error": None,
              "claims": []}
    if not path.is_file() or digest(path) != job.digest:
        return result | {"error": "this machine's copy of the workbook, or of its packages, is not the same"}
    with tempfile.TemporaryDirectory() as scratch:
        claims = pathlib.Path(scratch, "claims.jsonl")
        environment = os.environ | {
            "WORKBOOK_CLAIMS": str(claims), "WORKBOOK_CLAIMS_GO_ON": "1", "PYTHONHASHSEED": "0", "PYTHONPATH":
            str(src.ROOT), "PYTHONUTF8": "1", "WORKBOOK_PROGRESS": str(pathlib.Path(scratch, "progress.jsonl")),
            "TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": str(job.threads),
            "TF_NUM_INTEROP_THREADS": str(job.threads), "OMP_NUM_THREADS": str(job.threads)}
        command = [sys.executable, "-m", "helpers.authoring.run", str(path), "-p", "seed", str(job.seed), "--leash"]
        # a session of its own: Ctrl-C is for the sweep, and the end of the sweep pulls the leash
        with subprocess.Popen(command, cwd=src.ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
                              start_new_session=True) as process:
            said = process.stderr.read().strip()
        if process.returncode:
            result["error"] = said.split("\n")[-1] or f"the process ended with code {process.returncode}"
        if claims.exists():
            result["claims"] = [json.loads(line) for line in claims.read_text(encoding="utf-8").splitlines()]
    return result | {"seconds": round(time.monotonic() - started, 1)}


class Store:
    """Finished runs as files, one for each notebook, digest and base seed; each is written whole or not at all."""

    def __init__(self, folder: pathlib.Path):
        self.folder = pathlib.Path(folder)

    def path(self, job: Job) -> pathlib.Path:
        """Where the run of a job is kept."""
        return self.folder / job.notebook / job.digest / f"{job.seed}.json"

    def get(self, job: Job) -> dict | None:
        """The kept run of a job; None when there is none that can be read."""
        try:
            return json.loads(self.path(job).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def put(self, job: Job, result: dict) -> None:
        """Keep a run. One that did not end is not kept, so that it is tried again."""
        if result["error"] is None:
            path = self.path(job)
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(f".{os.getpid()}.tmp")
            half.write_text(json.dumps(result, indent=1), encoding="utf-8")
            half.replace(path)
