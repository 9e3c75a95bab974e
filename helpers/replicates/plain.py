"""The plain loop: `build()` and `fit` in Keras, one seed after another. Slow, and the measure of the fast way."""
from __future__ import annotations

import copy

import keras
import numpy as np

from helpers.replicates import checks
from helpers.replicates.order import orders
from helpers.replicates.pure import variables_of
from helpers.replicates.runs import Runs


def batches(data, batch_size, order_of_epoch):
    """Yield the training data in batches, epoch after epoch, without end."""
    for (order,) in order_of_epoch:
        for i in range(0, len(order), batch_size):
            yield tuple(values[order[i:i + batch_size]] for values in data if values is not None)


def fit_one_by_one(build, X, y, *, seeds=32, base_seed=0, epochs=1, batch_size=32, validation_data=None,
                   validation_batch_size=None, sample_weight=None, class_weight=None, shuffle=True, callbacks=(),
                   verbose=0) -> Runs:
    """`fit_replicates` for every model that Keras can train, one seed after another; callbacks are copied for each.

    Same arguments, same result up to rounding. Raises ValueError for input that cannot be used.
    """
    seeds = checks.seed_list(seeds, base_seed)
    data, validation = checks.data(X, y, sample_weight, class_weight, validation_data)
    checks.recipe(epochs, batch_size, validation_batch_size)
    models, histories, plan = [], [], None
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        model = checks.compiled(build())
        plan = plan or checks.plan(model)
        history = model.fit(batches(data, batch_size, orders([seed], len(data[0]), shuffle)), epochs=epochs,
                            steps_per_epoch=-(-len(data[0]) // batch_size), verbose=verbose,
                            callbacks=[copy.deepcopy(c) for c in callbacks],
                            validation_data=validation and tuple(v for v in validation if v is not None),
                            shuffle=False,
                            validation_batch_size=(validation_batch_size or batch_size) if validation else None)
        models.append(model)
        histories.append(history.history)
    history = {name: np.stack([_filled(each[name], epochs) for each in histories]) for name in histories[0]}
    weights, other = ([np.stack([v.numpy() for v in same]) for same in zip(*part, strict=True)]
                      for part in zip(*map(variables_of, models), strict=True))
    predict = lambda weights, other, X: np.stack([m.predict(X, verbose=0) for m in models])  # noqa: E731
    return Runs(seeds, history, build, weights, other, predict, plan).report()


def _filled(values, epochs):
    """One replicate's history, with NaN for the epochs after it stopped."""
    values = np.asarray(values, dtype=float)
    return np.concatenate([values, np.full((epochs - len(values), *values.shape[1:]), np.nan)])
