"""Time `fit_replicates` beside one `model.fit`, the plain loop and JAX: `python -m helpers.authoring.bench`.

The recipe: 400 rows, a network 2-64-64-1, batches of 32, Adam, 200 epochs with validation. Each figure is the median
of at least 5 rounds; the rounds go through all contestants in turn, each in a process of its own, and count everything
from the first call on: building, tracing and compiling, but not the import of TensorFlow or JAX.

    python -m helpers.authoring.bench                      the recipe: fit, 32 seeds, and JAX where it is installed
    python -m helpers.authoring.bench --growth FIGURE.png  cost from 1 to 256 seeds and from 100 to 100,000 rows

JAX is no requirement of the workbook: `pip install jax` before, or leave it out.
"""
from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys

ROWS, SEEDS, EPOCHS, BATCH = 400, 32, 200, 32


def run(contestant: str, rows=ROWS, seeds=SEEDS, epochs=EPOCHS) -> dict:
    """Run one contestant in a fresh process: {"seconds": …, "megabytes": …, "loss": …}."""
    command = [sys.executable, "-m", "helpers.authoring.bench", "--child", contestant, str(rows), str(seeds),
               str(epochs)]
    out = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"})
    if out.returncode:
        raise SystemExit(f"{contestant} failed:\n{out.stderr[-2000:]}")
    return json.loads(out.stdout.splitlines()[-1])


def child(contestant, rows, seeds, epochs):
    """What the fresh process does."""
    import resource
    import time

    import numpy as np
    rng = np.random.default_rng(0)
    X = rng.normal(size=(rows, 2)).astype("float32")
    y = (X[:, :1] ** 2 - X[:, 1:]).astype("float32")
    train = {"fit": _fit, "replicates": _replicates, "jax": _jax}[contestant]()
    started = time.perf_counter()
    loss = train(X, y, seeds, epochs)
    seconds = time.perf_counter() - started
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "megabytes": kilobytes / 1024, "loss": float(loss)}))


def _keras_model():
    import keras
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(64, activation="relu"),
                              keras.layers.Dense(64, activation="relu"), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(), loss="mse")
    return model


def _fit():
    import keras

    def train(X, y, seeds, epochs):
        keras.utils.set_random_seed(0)
        history = _keras_model().fit(X, y, batch_size=BATCH, epochs=epochs, validation_data=(X, y), verbose=0)
        return history.history["val_loss"][-1]
    return train


def _replicates():
    from helpers.replicates import fit_replicates

    def train(X, y, seeds, epochs):
        runs = fit_replicates(_keras_model, X, y, seeds=seeds, epochs=epochs, batch_size=BATCH, validation_data=(X, y))
        return runs.history["val_loss"][:, -1].mean()
    return train


def _jax():
    """The same recipe as JAX people write it: `vmap` over seeds, `scan` over batches, one `jit` for an epoch."""
    import jax
    import jax.numpy as jnp
    import numpy as np
    sizes, rate, b1, b2, eps = (2, 64, 64, 1), 1e-3, 0.9, 0.999, 1e-7

    def start(key):
        keys = jax.random.split(key, 3)
        limits = [(6 / (a + b)) ** 0.5 for a, b in zip(sizes, sizes[1:], strict=False)]
        return [(jax.random.uniform(k, (a, b), minval=-m, maxval=m), jnp.zeros(b))
                for k, a, b, m in zip(keys, sizes, sizes[1:], limits, strict=False)]

    def loss(weights, x, y):
        for w, b in weights[:-1]:
            x = jax.nn.relu(x @ w + b)
        w, b = weights[-1]
        return jnp.mean((x @ w + b - y) ** 2)

    def step(state, x, y):
        weights, m, v, t = state
        value, g = jax.value_and_grad(loss)(weights, x, y)
        t = t + 1
        m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, g)
        v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, g)
        size = rate * jnp.sqrt(1 - b2**t) / (1 - b1**t)
        weights = jax.tree.map(lambda w, m, v: w - size * m / (jnp.sqrt(v) + eps), weights, m, v)
        return (weights, m, v, t), value * len(x)

    def train(X, y, seeds, epochs):
        n, whole = len(X), len(X) // BATCH * BATCH
        X, y = jnp.asarray(X), jnp.asarray(y)

        def epoch(state, order):
            full = order[:whole].reshape(-1, BATCH)
            state, sums = jax.lax.scan(lambda s, rows: step(s, X[rows], y[rows]), state, full)
            total = sums.sum()
            if whole < n:
                state, last = step(state, X[order[whole:]], y[order[whole:]])
                total += last
            return state, total / n, loss(state[0], X, y)

        weights = jax.vmap(start)(jax.random.split(jax.random.key(0), seeds))
        zeros = jax.tree.map(jnp.zeros_like, weights)
        state, run_epoch = (weights, zeros, zeros, jnp.zeros(seeds)), jax.jit(jax.vmap(epoch))
        generators = [np.random.default_rng(seed) for seed in range(seeds)]
        for _ in range(epochs):
            order = np.stack([rng.permutation(n) for rng in generators]).astype(np.int32)
            state, _, val = run_epoch(state, order)
            val = np.asarray(val)
        return val.mean()
    return train


def recipe(rounds: int) -> None:
    """Print the table of the recipe."""
    contestants = ["fit", "replicates"] + ["jax"] * bool(importlib.util.find_spec("jax"))
    results = {name: [] for name in contestants}
    for _ in range(rounds):
        for name in contestants:
            results[name].append(run(name))
    median = {name: statistics.median(r["seconds"] for r in results[name]) for name in contestants}
    titles = {"fit": "one model.fit", "replicates": f"fit_replicates, {SEEDS} seeds", "jax": f"JAX, {SEEDS} seeds"}
    print(f"| {ROWS} rows, {EPOCHS} epochs, {rounds} rounds | median, s | least to most | fit / this | memory, MB |")
    print("|---|---|---|---|---|")
    for name in contestants:
        seconds = sorted(r["seconds"] for r in results[name])
        print(f"| {titles[name]} | {median[name]:.1f} | {seconds[0]:.1f} to {seconds[-1]:.1f} | "
              f"{median['fit'] / median[name]:.1f} | {max(r['megabytes'] for r in results[name]):.0f} |")


def growth(path: str) -> None:
    """Print how the cost grows with seeds and with rows, and draw it."""
    from helpers import figures
    by_seeds = {seeds: run("replicates", seeds=seeds) for seeds in (1, 4, 16, 32, 64, 128, 256)}
    one = run("fit")["seconds"]
    epochs = {100: 200, 1_000: 50, 10_000: 10, 100_000: 3}  # fewer epochs for more rows, so that it ends
    by_rows = {rows: (run("replicates", rows=rows, epochs=n), run("fit", rows=rows, epochs=n))
               for rows, n in epochs.items()}
    print("| seeds | seconds | plain loop, seconds (one fit, times seeds) | memory, MB |\n|---|---|---|---|")
    for seeds, result in by_seeds.items():
        print(f"| {seeds} | {result['seconds']:.1f} | {seeds * one:.0f} | {result['megabytes']:.0f} |")
    print(f"\n| rows | epochs | {SEEDS} seeds, seconds | one fit, seconds | plain loop of {SEEDS}, seconds |")
    print("|---|---|---|---|---|")
    for rows, (many, fit) in by_rows.items():
        print(f"| {rows:,} | {epochs[rows]} | {many['seconds']:.1f} | {fit['seconds']:.1f} | "
              f"{SEEDS * fit['seconds']:.0f} |")
    fig, (left, right) = figures.axes(2, ylabel="seconds (logarithmic axis)")
    seeds = list(by_seeds)
    figures.lines(left, seeds, {"side by side": [r["seconds"] for r in by_seeds.values()],
                                "plain loop": [s * one for s in seeds]}, label_at="legend")
    left.set(xlabel="seeds (logarithmic axis)", xscale="log", yscale="log", xticks=seeds, xticklabels=seeds,
             title=f"{ROWS} rows, {EPOCHS} epochs")
    rows = list(by_rows)
    figures.lines(right, rows, {f"{SEEDS} seeds": [m["seconds"] / epochs[r] for r, (m, _) in by_rows.items()],
                                "one fit": [f["seconds"] / epochs[r] for r, (_, f) in by_rows.items()]},
                  label_at="legend")
    right.set(xlabel="rows (logarithmic axis)", xscale="log", yscale="log", title="per epoch, start-up included")
    with open(path, "wb") as file:
        file.write(figures.png(fig))


def main(arguments=None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m helpers.authoring.bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth", metavar="FIGURE.png")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        child(options.child[0], *map(int, options.child[1:]))
    elif options.growth:
        growth(options.growth)
    else:
        recipe(options.rounds)


if __name__ == "__main__":
    main()
