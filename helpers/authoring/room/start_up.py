"""What a kernel pays before the first cell of a notebook that trains: importing Keras, with and without bytecode.

An environment that learners share and cannot write to has the bytecode that its maker compiled, or none for ever: a
kernel that cannot write it compiles again at each start. Each variant runs in a process of its own, `rounds` times.
"""
from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time

IMPORTS = "import keras, sklearn, pandas, matplotlib.pyplot"
CODE = f"""{IMPORTS}
import json, os, resource
from helpers.authoring.room.memory import memory
times = os.times()
print(json.dumps({{"processor": times.user + times.system, **memory(os.getpid())}}))"""
# name -> (options of Python, variables); {empty} is a folder in which Python looks for bytecode and finds none
VARIANTS = {
    "compiled": ([], {}),
    "not compiled, and cannot be written": (["-X", "pycache_prefix={empty}"], {"PYTHONDONTWRITEBYTECODE": "1"}),
    "not compiled, written on the way": (["-X", "pycache_prefix={empty}"], {}),
    "compiled, at most 2 arenas of malloc": ([], {"MALLOC_ARENA_MAX": "2"}),
    "compiled, 1 thread for TensorFlow": ([], {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
                                               "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}),
}


def once(options: list[str], variables: dict[str, str]) -> dict[str, float]:
    """Import in a new process: seconds of processor, and MB own, fair and resident."""
    with tempfile.TemporaryDirectory() as empty:
        options = [option.format(empty=empty) for option in options]
        done = subprocess.run([sys.executable, *options, "-c", CODE], capture_output=True, text=True, check=True,
                              env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"} | variables)
    return json.loads(done.stdout.splitlines()[-1])


def compile_all() -> dict[str, float]:
    """Compile all installed packages, into a scratch folder: seconds of processor and of clock."""
    with tempfile.TemporaryDirectory() as scratch:
        before, begun = os.times(), time.monotonic()
        subprocess.run([sys.executable, "-X", f"pycache_prefix={scratch}", "-m", "compileall", "-q", "-j", "0",
                        sysconfig.get_paths()["purelib"]], stdout=subprocess.DEVNULL)
        after = os.times()
    return {"processor": after.children_user + after.children_system - before.children_user - before.children_system,
            "clock": time.monotonic() - begun}


def measure(rounds: int = 5) -> dict:
    """Medians of each variant, in turns: {"imports": {variant: {...}}, "compile": {...}}."""
    runs = {name: [] for name in VARIANTS}
    once(*VARIANTS["compiled"])  # the files are in memory from here on
    for _ in range(rounds):
        for name, variant in VARIANTS.items():
            runs[name].append(once(*variant))
    medians = {name: {key: statistics.median(run[key] for run in found) for key in found[0]}
               for name, found in runs.items()}
    return {"rounds": rounds, "imports": medians, "compile": compile_all()}
