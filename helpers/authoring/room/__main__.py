"""Measure what a class needs: `python -m helpers.authoring.room --learners 1,2,4,8`.

Starts a real JupyterHub on loopback with the configuration of notebooks/instructor/hub. So many simulated learners log
in at once, start their servers, open a notebook and run all its cells, a round for each number. It writes what each
round took to notebooks/instructor/hub/measured.json, and the figure and page from that. It needs Linux, for the sizes
of processes, and configurable-http-proxy. As root, each learner is a user of the system for as long as it runs.

A round stops when the machine's memory is nearly full, all rounds together after --minutes.
"""
from __future__ import annotations

import argparse
import concurrent.futures
import datetime
import json
import os
import sys
import threading
import time

import psutil

from helpers.authoring import source as src
from helpers.authoring.room import page, start_up
from helpers.authoring.room.hub import Hub, HubError
from helpers.authoring.room.learner import Learner, LearnerError
from helpers.authoring.room.memory import Watch

MOST = 32  # learners


def attend(learner: Learner, notebook: str, watch: Watch, together: threading.Barrier) -> dict:
    """What one learner does, and what it took: seconds of clock and processor, whole and by section."""
    learner.log_in()
    together.wait(timeout=120)
    begun = time.monotonic()
    learner.start_server()
    ready = time.monotonic()
    path = f"workbook/notebooks/{notebook}.ipynb"
    cells, kernel, sections, heading = learner.cells(path), learner.open(path), {}, ""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            heading = (src.headings(cell["source"]) or [heading])[-1]
        elif cell["cell_type"] == "code":
            before, used = time.monotonic(), watch.processor_seconds(learner.name)
            kernel.run(cell["source"])
            spent = sections.setdefault(heading, [0.0, 0.0])
            spent[0] += time.monotonic() - before
            spent[1] += watch.processor_seconds(learner.name) - used
    done = time.monotonic()
    kernel.close()
    return {"start": ready - begun, "run": done - ready, "processor": watch.processor_seconds(learner.name),
            "sections": {name: {"clock": clock, "processor": used} for name, (clock, used) in sections.items()}}


def measure(learners: int, notebook: str, end: float) -> dict:
    """One round: so many learners at once, on a hub of their own. end: the time.monotonic() at which all give up."""
    with Hub(learners) as hub, Watch(hub.process.pid, hub.names) as watch:
        def stop():
            return watch.full or time.monotonic() > end

        together = threading.Barrier(learners)
        people = [Learner(hub.address, name, hub.password, stop) for name in hub.names]
        with concurrent.futures.ThreadPoolExecutor(learners) as pool:
            futures = [pool.submit(attend, one, notebook, watch, together) for one in people]
            done, errors = [], []
            for future in futures:
                try:
                    done.append(future.result())
                except (LearnerError, OSError, threading.BrokenBarrierError) as error:
                    errors.append(f"{type(error).__name__}: {error}")
        watch.look()
        return {"learners": learners, "users": hub.users, "errors": errors, "full": watch.full, "people": done,
                "together": watch.peak, "own": list(watch.by_learner.values())}


def rounds(counts: list[int], notebook: str, end: float) -> dict:
    """A round for each number of learners, until one of them does not end well."""
    found = {"measured": f"{datetime.date.today():%B %Y}", "cores": os.cpu_count(), "notebook": notebook,
             "memory": psutil.virtual_memory().total / 1e9, "rounds": []}
    for learners in counts:
        others = psutil.cpu_percent(interval=5) / 100 * found["cores"]  # what the machine does besides
        one = measure(learners, notebook, end) | {"others": others}
        found["rounds"].append(one)
        print(f"{learners} learners: {len(one['people'])} done;", *one["errors"], flush=True)
        if one["errors"]:
            break
    return found


def rounded(value):
    """Numbers with one decimal, inside of whatever holds them."""
    if isinstance(value, float):
        return round(value, 1)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


def counts(text: str) -> list[int]:
    """"1,2,4" -> [1, 2, 4]."""
    numbers = [int(part) for part in text.split(",")]
    if not all(1 <= number <= MOST for number in numbers):
        raise argparse.ArgumentTypeError(f"from 1 to {MOST} learners")
    return numbers


def main(arguments=None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.authoring.room", description=__doc__.split("\n")[0])
    parser.add_argument("--learners", type=counts, default=[1, 2, 4, 8], metavar="1,2,4")
    parser.add_argument("--notebook", default="02_binary_cross_entropy")
    parser.add_argument("--minutes", type=float, default=30, help="all rounds together; default: %(default)s")
    parser.add_argument("--start-up", action="store_true", help="measure only what importing Keras costs a kernel")
    parser.add_argument("--only-page", action="store_true", help="the figure and page from what was measured before")
    parser.add_argument("--try", dest="trial", action="store_true", help="print what was measured; write nothing")
    options = parser.parse_args(arguments)
    found = page.read()
    if options.start_up:
        found["start_up"] = start_up.measure()
    elif not options.only_page:
        found["room"] = rounds(options.learners, options.notebook, time.monotonic() + 60 * options.minutes)
    if options.trial:
        print(json.dumps(rounded(found), indent=1))
        return 0
    page.MEASURED.write_text(json.dumps(rounded(found), indent=1) + "\n", encoding="utf-8", newline="\n")
    page.write()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except HubError as error:
        sys.exit(str(error))
