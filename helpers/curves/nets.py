"""A small network trained in NumPy by the recipe that Keras follows, so that a run takes a fraction of a second.

Dense layers with ReLU or tanh, dropout, L2; sigmoid, softmax or linear head; SGD with momentum, Adam, RMSprop; "loss"
as the mean over an epoch while the weights move, "val_loss" after it. A test starts Keras from the same weights with
the same batches and gets the same history to rounding.
"""
from __future__ import annotations

import numpy as np

METRICS = {"binary": "accuracy", "multiclass": "accuracy", "multilabel": "binary_accuracy", "regression": "mae"}


def start(sizes, rng) -> list[np.ndarray]:
    """Glorot's uniform kernels and zero biases for layers of these sizes: [W, b, W, b, …], float32."""
    weights = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        limit = np.sqrt(6 / (n_in + n_out))
        weights += [rng.uniform(-limit, limit, size=(n_in, n_out)).astype("float32"), np.zeros(n_out, "float32")]
    return weights


def fit(weights, X, y, X_val, y_val, *, task, activation, optimizer, rate, batch_size, orders, dropout=0.0, l2=0.0,
        faulty="", rng=None) -> dict[str, list[float]]:
    """Train `weights` in place and return the history.

    X: (n, features), y as in `scenes.Scene`. orders: for each epoch the order of the rows. faulty: a loss without a
    guard, see FAULTY. rng: draws the dropout masks.
    """
    update = OPTIMIZERS[optimizer](weights, rate)
    metric = METRICS[task]
    history = {name: [] for name in ("loss", metric, "val_loss", f"val_{metric}")}
    args = (task, activation, l2, faulty)
    with np.errstate(all="ignore"):
        for order in orders:
            sums = np.zeros(2)
            for i in range(0, len(order), batch_size):
                rows = order[i:i + batch_size]
                loss, reported, gradients = _step(weights, X[rows], y[rows], *args, dropout, rng)
                update(gradients)
                sums += len(rows) * np.array([loss, reported])
            after = _step(weights, X_val, y_val, *args, 0.0, None)[:2]
            for name, value in zip(history, [*(sums / len(order)), *after], strict=True):
                history[name].append(float(value))
    return history


def predict(weights, X, task, activation) -> np.ndarray:
    """What the head returns: probabilities, or numbers for regression. (n, outputs)."""
    return _head(_forward(weights, X, activation)[0], task)


def _forward(weights, X, activation, dropout=0.0, rng=None):
    """The values before the head, and for each hidden layer its input, its output and the dropout mask."""
    tape, a = [], X
    for W, b in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        z = a @ W + b
        h = np.maximum(z, 0) if activation == "relu" else np.tanh(z)
        mask = (rng.random(h.shape, dtype="float32") >= dropout) / np.float32(1 - dropout) if dropout else None
        tape.append((a, h, mask))
        a = h if mask is None else h * mask
    return a @ weights[-2] + weights[-1], [*tape, (a, None, None)]


def _head(z, task):
    if task == "regression":
        return z
    if task == "multiclass":
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    return 1 / (1 + np.exp(-z))


def _step(weights, X, y, task, activation, l2, faulty, dropout, rng):
    """Loss, metric and gradients for one batch."""
    z, tape = _forward(weights, X, activation, dropout, rng)
    p, n = _head(z, task), len(X)
    target = np.eye(z.shape[1], dtype="float32")[y] if task == "multiclass" else y
    loss, slope = FAULTY[faulty](p, target) if faulty else _sound(z, p, target, task)
    if faulty and task != "regression":  # slope is that of the probabilities: take it back through the head
        slope = p * (slope - (slope * p).sum(axis=1, keepdims=True)) if task == "multiclass" else slope * p * (1 - p)
    gradients, back = [], slope / np.float32(n)
    for i in range(len(tape) - 1, -1, -1):
        a, W = tape[i][0], weights[2 * i]
        gradients = [a.T @ back + (np.float32(2 * l2) * W if l2 and i < len(tape) - 1 else 0), back.sum(axis=0),
                     *gradients]
        if i:
            _, h, mask = tape[i - 1]
            back = back @ W.T if mask is None else (back @ W.T) * mask
            back = back * (h > 0) if activation == "relu" else back * (1 - h * h)
    penalty = l2 * sum(float((W * W).sum()) for W in weights[:-2:2]) if l2 else 0.0
    return float(loss) + penalty, _metric(p, y, task), gradients


def _sound(z, p, target, task):
    """The usual loss, a mean over rows, and its gradient by z for each row."""
    if task == "regression":
        return ((z - target) ** 2).mean(), 2 * (z - target) / np.float32(z.shape[1])
    if task == "multiclass":
        top = z.max(axis=1, keepdims=True)
        logs = z - top - np.log(np.exp(z - top).sum(axis=1, keepdims=True))
        return -(target * logs).sum(axis=1).mean(), p - target
    loss = np.maximum(z, 0) - z * target + np.log1p(np.exp(-np.abs(z)))
    return loss.mean(), (p - target) / np.float32(z.shape[1])


def _metric(p, y, task):
    if task == "regression":
        return np.abs(p - y).mean()
    if task == "multiclass":
        return (p.argmax(axis=1) == y).mean()
    return ((p > 0.5) == (y > 0.5)).mean()


def _log_of_zero(p, t):
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean(), (-t / p + (1 - t) / (1 - p)) / np.float32(p.shape[1])


def _root_of_a_negative(p, t):
    root = np.sqrt(p + np.float32(2.5))
    off = root - np.sqrt(np.maximum(t, -2.5) + np.float32(2.5))
    return (off ** 2).mean(), off / root


def _log_of_a_negative(p, t):
    off = np.log(p + np.float32(2)) - np.log(np.maximum(t, -1.9) + np.float32(2))
    return (off ** 2).mean(), 2 * off / (p + np.float32(2))


FAULTY = {"log of zero": _log_of_zero, "root of a negative": _root_of_a_negative,
          "log of a negative": _log_of_a_negative}


def _sgd(weights, rate):
    speeds = [np.zeros_like(w) for w in weights]

    def update(gradients):
        for w, v, g in zip(weights, speeds, gradients, strict=True):
            v *= np.float32(0.9)
            v -= np.float32(rate) * g
            w += v
    return update


def _adam(weights, rate):
    first, second = ([np.zeros_like(w) for w in weights] for _ in range(2))
    steps = 0

    def update(gradients):
        nonlocal steps
        steps += 1
        size = np.float32(rate * np.sqrt(1 - 0.999 ** steps) / (1 - 0.9 ** steps))
        for w, m, v, g in zip(weights, first, second, gradients, strict=True):
            m += (g - m) * np.float32(0.1)
            v += (g * g - v) * np.float32(0.001)
            w -= size * m / (np.sqrt(v) + np.float32(1e-7))
    return update


def _rmsprop(weights, rate):
    squares = [np.zeros_like(w) for w in weights]

    def update(gradients):
        for w, v, g in zip(weights, squares, gradients, strict=True):
            v += (g * g - v) * np.float32(0.1)
            w -= np.float32(rate) * g / np.sqrt(v + np.float32(1e-7))
    return update


OPTIMIZERS = {"sgd": _sgd, "adam": _adam, "rmsprop": _rmsprop}
