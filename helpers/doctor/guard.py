"""Leave no trace: random states, Keras' counters for names and the model's own state are put back afterwards."""

from __future__ import annotations

import contextlib
import random
import sys
import warnings

import numpy as np


@contextlib.contextmanager
def untouched(model):
    """Run a block, and put back what it may have moved, whatever happens in it.

    Covers Python's and NumPy's global generators, Keras' global seed generator and name counters, TensorFlow's eager
    generator, and the model's small untrained state (seeds of dropout, states of recurrent layers, running means).
    Weights, optimizer and metrics need no copy: the doctor never assigns to them. Warnings of the block are not shown.
    """
    restore = [_generators(), _keras_globals(), _tensorflow_context(), _variables(model)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for put_back in restore:
            put_back()


def _generators():
    python, numpy = random.getstate(), np.random.get_state()

    def put_back():
        random.setstate(python)
        np.random.set_state(numpy)

    return put_back


def _keras_globals():
    from keras.src.backend.common import global_state
    from keras.src.random.seed_generator import GLOBAL_SEED_GENERATOR

    uids = global_state.get_global_attribute("object_name_uids")
    counted = None if uids is None else dict(uids)
    generator = global_state.get_global_attribute(GLOBAL_SEED_GENERATOR)
    state = None if generator is None else np.array(generator.state)

    def put_back():
        now = global_state.get_global_attribute("object_name_uids")
        if now is not None:
            now.clear()
            now.update(counted or {})
        if generator is None:
            global_state.set_global_attribute(GLOBAL_SEED_GENERATOR, None)
        else:
            generator.state.assign(state)

    return put_back


def _tensorflow_context():
    """TensorFlow draws the seeds of unseeded operations from one Python generator in its eager context."""
    context = sys.modules.get("tensorflow.python.eager.context")
    current = context and context.context()
    generator = getattr(current, "_rng", None)
    if generator is None:
        return lambda: None
    state = generator.getstate()
    return lambda: generator.setstate(state)


def _variables(model):
    """Copies of small state that a forward pass might change: what is not trained, and seeds."""
    kept = []
    for variable in list(getattr(model, "non_trainable_variables", None) or []):
        with contextlib.suppress(Exception):
            if np.prod(variable.shape) <= 65_536:  # a frozen network of hundreds of megabytes is no state
                kept.append((variable, np.array(variable)))

    def put_back():
        for variable, value in kept:
            with contextlib.suppress(Exception):
                if not np.array_equal(np.array(variable), value, equal_nan=True):
                    variable.assign(value)

    return put_back
