"""Run the solved notebooks over fresh base seeds and table every claim: `python -m helpers.authoring.sweep`

    python -m helpers.authoring.sweep --seeds 101-120                          all notebooks, all cores of this machine
    python -m helpers.authoring.sweep 01_regression_losses --seeds 3,5,9-12
    python -m helpers.authoring.sweep --scheduler tcp://host:8786              on a Dask cluster

The exit code is not 0 when a claim falls short on any base seed, a notebook stops with an error, or a claim is missing
in some run. Finished runs are kept, so that the same command resumes after an interruption; a run is made anew when its
notebook, the helpers or the packages have changed. On a cluster each worker needs this workbook and its packages:
start it with `python -m dask worker tcp://host:8786 --nthreads 1` in the workbook's folder.
"""
from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import sys
from collections.abc import Iterator

import joblib

from helpers.authoring import parameters, run, runs, sweep_table
from helpers.authoring import source as src

OUT = src.ROOT / "build" / "sweep"
WAIT = 10  # seconds for a scheduler to answer and for its first worker


class SweepError(Exception):
    """A sweep that cannot be started or finished; the sentence says what to do."""


def read_seeds(text: str) -> list[int]:
    """`101-120`, `3,5,9` or a mix of both, as a sorted list without repetition. Raises SweepError."""
    seeds = set()
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not first.isdecimal() or dash and not last.isdecimal():
            raise SweepError(f"--seeds takes base seeds such as 101-120 or 3,5,9, not {text!r}.")
        if int(last or first) < int(first):
            raise SweepError(f"--seeds has the range {part}, which is empty: write the lower end first.")
        seeds.update(range(int(first), int(last or first) + 1))
    return sorted(seeds)


def jobs_for(notebooks: list[str], seeds: list[int], threads: int) -> list[runs.Job]:
    """One job for each notebook and base seed; raises ParameterError when a notebook takes no seed."""
    jobs = []
    for path in map(run.find, notebooks):
        parameters.check(run.read(path), {"seed": seeds[0]})
        inside = path.is_relative_to(src.ROOT)
        where, digest = path.relative_to(src.ROOT).as_posix() if inside else str(path), runs.digest(path)
        jobs += [runs.Job(where, seed, digest, threads) for seed in seeds]
    return jobs


def finished(jobs: list[runs.Job], workers: int, scheduler: str | None) -> Iterator[dict]:
    """The results of the jobs as they come: here, `workers` at a time, or on the Dask cluster of `scheduler`."""
    calls = [joblib.delayed(runs.execute)(job) for job in jobs]
    if scheduler is None:
        # threads are enough: each waits for the process of its notebook
        yield from joblib.Parallel(workers, backend="threading", return_as="generator_unordered", batch_size=1)(calls)
        return
    with _cluster(scheduler) as client:
        done = 0
        while done < len(calls):
            # joblib returns what the cluster did all at once, so work is given out in portions that are then kept
            portion = 4 * max(1, sum(client.ncores().values()))
            with joblib.parallel_config("dask", client=client, wait_for_workers_timeout=WAIT):
                yield from joblib.Parallel(batch_size=1)(calls[done:done + portion])
            done += portion


@contextlib.contextmanager
def _cluster(scheduler):
    try:
        import distributed
    except ImportError:
        raise SweepError("--scheduler needs Dask: install tests/requirements.lock, or `dask[distributed]`.") from None
    try:
        client = distributed.Client(scheduler, timeout=WAIT)
    except (OSError, ValueError) as error:
        raise SweepError(f"No Dask scheduler answers at {scheduler}: start one with `python -m dask scheduler`, and "
                         f"give its address ({error}).") from None
    try:
        yield client
    except TimeoutError:
        raise SweepError(f"The scheduler at {scheduler} has no workers: start some with `python -m dask worker "
                         f"{scheduler} --nthreads 1` in the workbook's folder.") from None
    except distributed.KilledWorker as error:
        raise SweepError(f"Several workers died over one run ({error}): look at their memory, and give the same "
                         "command again; finished runs are kept.") from None
    finally:
        client.close()


def sweep(jobs: list[runs.Job], store: runs.Store, workers: int, scheduler: str | None = None) -> list[dict]:
    """The results of all jobs: those kept in the store, and the others run now and kept as they come."""
    kept = {job: result for job in jobs if (result := store.get(job))}
    to_do = [job for job in jobs if job not in kept]
    by_run = {(job.notebook, job.digest, job.seed): job for job in to_do}
    if kept:
        print(f"{len(kept)} of {len(jobs)} runs were finished before.", flush=True)
    results = list(kept.values())
    for result in finished(to_do, workers, scheduler) if to_do else ():
        store.put(by_run[result["notebook"], result["digest"], result["seed"]], result)
        results.append(result)
        failed = sum(not record["holds"] for record in result["claims"])
        said = result["error"] or f"{len(result['claims'])} claims" + (f", {failed} do not hold" if failed else "")
        print(f"[{len(results)}/{len(jobs)}] {result['notebook']}, base seed {result['seed']}: {said} "
              f"({result['seconds']:.0f} s)", flush=True)
    return results


def verdict(results: list[dict], table: list[sweep_table.Row]) -> list[str]:
    """One sentence for each thing that is wrong; none when every claim held everywhere."""
    wrong = [f"{r['notebook']} stopped from base seed {r['seed']}: {r['error']}" for r in results if r["error"]]
    wrong += [f"{row.notebook}: missing in {row.missing} runs: {row.claim}" for row in table if row.missing]
    wrong += [f"{row.notebook}: held on {row.held} of {row.of} base seeds only: {row.claim}"
              for row in table if row.few]
    silent = {result["notebook"] for result in results if not result["error"]} - {row.notebook for row in table}
    return wrong + [f"{notebook} made no claim at all." for notebook in sorted(silent)]


def main(arguments=None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.authoring.sweep", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", help="names such as 01_regression_losses, or paths; all when left out")
    parser.add_argument("--seeds", default="101-120", help="base seeds: a range, a list, or both (default 101-120)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="notebooks at a time (default: all cores)")
    parser.add_argument("--scheduler", help="address of a Dask scheduler, such as tcp://host:8786")
    parser.add_argument("--share", type=float, default=1.0, help="share of base seeds that must hold (default 1)")
    parser.add_argument("--out", type=pathlib.Path, default=OUT, help="folder of the tables (default build/sweep)")
    options = parser.parse_args(arguments)
    seeds, workers = read_seeds(options.seeds), max(1, options.jobs)
    threads = 1 if options.scheduler else max(1, os.cpu_count() // workers)
    jobs = jobs_for(options.notebooks or src.names(), seeds, threads)
    try:
        results = sweep(jobs, runs.Store(options.out / "runs"), workers, options.scheduler)
    except KeyboardInterrupt:
        print(f"\nStopped. Finished runs are kept in {options.out}; the same command resumes.", file=sys.stderr)
        return 130
    table = sweep_table.rows(results, options.share)
    text = sweep_table.markdown(table)
    for name, content in [("claims.md", text), ("claims.csv", sweep_table.as_csv(table)),
                          ("claims.json", sweep_table.as_json(table, results))]:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / name).write_text(content, encoding="utf-8", newline="\n")
    wrong = verdict(results, table)
    print(f"\n{text}")
    print("\n".join(wrong) or f"Every claim held on every one of {len(seeds)} base seeds.")
    print(f"Tables: {options.out / 'claims.md'}, claims.csv, claims.json")
    return bool(wrong)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (SweepError, run.NotebookError, parameters.ParameterError) as error:
        sys.exit(str(error))
