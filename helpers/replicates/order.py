"""The order in which a replicate meets the rows."""
from __future__ import annotations

import numpy as np


def orders(seeds, n: int, shuffle: bool):
    """Yield, epoch by epoch, the rows in the order in which each seed meets them: (seeds, n) int32."""
    generators = [np.random.default_rng(seed) for seed in seeds]
    while True:
        yield np.stack([rng.permutation(n) if shuffle else np.arange(n) for rng in generators]).astype(np.int32)


def batch_order(seed: int, n: int, epochs: int) -> np.ndarray:
    """The rows in the order in which replicate `seed` meets them: (epochs, n)."""
    each = orders([seed], n, shuffle=True)
    return np.stack([next(each)[0] for _ in range(epochs)])
