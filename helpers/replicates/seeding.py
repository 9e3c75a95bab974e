"""Seed everything for one replicate, at the price that this model asks for."""
from __future__ import annotations

from unittest import mock

import keras
import numpy as np


def keep_kernels(seed: int) -> None:
    """`keras.utils.set_random_seed` for a new seed, but TensorFlow keeps what it has compiled.

    `tf.random.set_seed` throws all kernels away, so that random ones begin anew. Under a seed that was not used since
    then they are new anyway: each belongs to its seed. Only what draws by a fixed seed, deep in TensorFlow, would go on
    where it was.
    """
    with mock.patch("tensorflow.python.eager.context.pywrap_tfe.TFE_ContextClearCaches"):
        keras.utils.set_random_seed(seed)


def cheapest(start, seed: int):
    """The function that seeds, and the start that this seed gives: `keep_kernels` where both ways give the same.

    start: a function of (seed, function that seeds) that returns lists of arrays. The seed must be new.
    """
    quick, sure = start(seed, keep_kernels), start(seed, keras.utils.set_random_seed)
    same = all(np.array_equal(a, b) for ours, theirs in zip(quick, sure, strict=True)
               for a, b in zip(ours, theirs, strict=True))
    return (keep_kernels if same else keras.utils.set_random_seed), sure
