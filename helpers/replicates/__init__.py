"""Train one compiled Keras model under many seeds, so that no figure rests on one lucky run.

>>> runs = fit_replicates(build, X, y, seeds=32, epochs=200, batch_size=32, validation_data=(X_val, y_val))
>>> runs.history["val_loss"]        # array (32, 200)
>>> runs.predict(X_test)            # array (32, n, outputs)
>>> runs.model(3)                   # replicate 3 as an ordinary Keras model

Replicate k is what you get from `keras.utils.set_random_seed(k)`, `build()` and `fit` with batches in the order of
`batch_order(k, ...)`, up to rounding. `fit_one_by_one` does just that, in plain Keras; `fit_replicates` trains all of
them side by side, which takes a fraction of the time.
"""
from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
from tqdm.auto import tqdm

from helpers.replicates import checks, seeding
from helpers.replicates.order import batch_order, orders
from helpers.replicates.plain import fit_one_by_one
from helpers.replicates.pure import State, variables_of
from helpers.replicates.runs import Runs
from helpers.replicates.stack import EPOCHS_AT_ONCE, Stack
from helpers.replicates.stopping import Stopping

__all__ = ["Runs", "batch_order", "fit_one_by_one", "fit_replicates"]

XLA_FROM = 700  # steps of training: compiling takes one to two seconds, which fewer steps do not win back
CALL_SECONDS = 0.5  # at most about this long in one call to TensorFlow, so that Ctrl-C is heard
BAR_AFTER = 5  # seconds without a progress bar


def fit_replicates(build, X, y, *, seeds=32, base_seed=0, epochs=1, batch_size=32, validation_data=None,
                   validation_batch_size=None, sample_weight=None, class_weight=None, shuffle=True, callbacks=(),
                   verbose=0) -> Runs:
    """Train `build()` once a seed, all seeds side by side, and return histories, predictions and models.

    build: a function without arguments that returns a compiled Keras model with one input and one output.
    X: (n, …). y: (n,) or (n, …). seeds: how many, or a list; `base_seed` is added to each.
    epochs, batch_size, validation_data, validation_batch_size, sample_weight (n,), class_weight, shuffle: as in `fit`.
    callbacks: of Keras' own only `EarlyStopping`, which stops each replicate by itself. verbose: 1 shows a progress bar
    at once, 0 only after 5 seconds. Ctrl-C returns what is there, with `partial` set; before the end of the first epoch
    there is nothing, and KeyboardInterrupt is raised.

    Raises ValueError, in one sentence, for what cannot be used, and for a model that cannot be trained side by side;
    for that one, `fit_one_by_one` takes the same arguments.
    """
    seeds = checks.seed_list(seeds, base_seed)
    data, validation = checks.data(X, y, sample_weight, class_weight, validation_data)
    checks.recipe(epochs, batch_size, validation_batch_size, callbacks)
    keras.utils.set_random_seed(seeds[0])
    model = checks.built(build(), data)
    checks.side_by_side(model)
    alone = checks.rows_count_alone(model, data)
    fill = alone and not checks.weighted_metrics(model)
    at_test = validation and checks.rows_count_alone(model, data, checks.ROW_BY_ROW_AT_TEST)
    xla = epochs * len(data[0]) // batch_size >= XLA_FROM and not checks.is_random(model)
    stack = Stack(model, len(seeds), data, batch_size, fill, validation,
                  min(len(validation[0]), 4096) if at_test else validation_batch_size or batch_size, xla)
    plan, fresh = checks.plan(model), stack.pure.fresh()

    def start(seed, set_seed):
        set_seed(seed)
        return _values(checks.follows(checks.built(build(), data, compiled_parts=False), plan), fresh)

    values, set_seed = [_values(model, fresh)], keras.utils.set_random_seed
    if len(set(seeds)) == len(seeds) > 1:
        set_seed, second = seeding.cheapest(start, seeds[1])
        values.append(second)
    with ThreadPoolExecutor(1) as pool:
        compiling = pool.submit(checks.traced(stack))
        values += [start(seed, set_seed) for seed in seeds[len(values):]]
        batch_seconds = compiling.result()
    stack.start(values)
    stopping = Stopping(callbacks, model, stack, len(seeds))
    history, partial = _train(stack, stopping, orders(seeds, len(data[0]), shuffle), epochs,
                              _batches_in_a_call(batch_seconds), verbose)
    weights, other = stopping.final("weights"), stopping.final("other")
    return Runs(seeds, history, build, weights, other, stack.predict, plan, partial).report()


def _batches_in_a_call(batch_seconds):
    return max(1, int(CALL_SECONDS / batch_seconds))


def _values(model, fresh):
    """What a replicate starts from: the weights of its own `build()`, and a fresh optimizer and metrics."""
    return State(*([v.numpy() for v in part] for part in variables_of(model)), *fresh)


def _train(stack, stopping, order_of_epoch, epochs, per_call, verbose):
    """Returns the history, name -> (seeds, epochs, …), and whether Ctrl-C cut it short."""
    logs, at_once, partial = [], 1, False
    # said here, because tqdm's bar for notebooks does not heed the variable
    bar = tqdm(total=epochs, desc="epochs", leave=False, delay=0 if verbose else BAR_AFTER,
               disable=bool(os.environ.get("TQDM_DISABLE")))
    try:
        while len(logs) < epochs and not stopping.all_stopped:
            upcoming = [next(order_of_epoch) for _ in range(min(at_once, epochs - len(logs)))]
            done, started = 0, time.perf_counter()
            while stack.batches - done > per_call:
                stack.advance(upcoming[0], done, done + per_call)
                done += per_call
                per_call = _batches_in_a_call((time.perf_counter() - started) / done)
            for log in stack.finish_epochs(upcoming, done):
                stopping.after_epoch(len(logs), log)
                logs.append(log)
            if logs[1:] and not stopping.watching:
                short = (time.perf_counter() - started) / len(upcoming) < CALL_SECONDS / EPOCHS_AT_ONCE
                at_once = EPOCHS_AT_ONCE if short else 1
            bar.update(len(upcoming))
    except KeyboardInterrupt:
        if not logs:
            raise
        print(f"Stopped after {len(logs)} of {epochs} epochs: the result is partial.")
        partial = True
    finally:
        bar.close()
    history = {name: np.stack([np.where(_shaped(running, log[name]), log[name], np.nan)
                               for log, running in zip(logs, stopping.running, strict=False)], axis=1)
               for name in logs[0]}
    return history, partial


def _shaped(running, values):
    return running.reshape(-1, *[1] * (values.ndim - 1))
