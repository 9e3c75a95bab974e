"""Train one compiled Keras model under many seeds, so that no figure rests on one lucky run.

Replicate k is what you get from `keras.utils.set_random_seed(k)`, `build()` and training with batches drawn in the
order of `batch_order(k, ...)`. Plain feed-forward models train side by side in one TensorFlow function; every other
model trains in a plain loop over `train_on_batch`, which gives the same numbers and takes longer.
"""
from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

STACKABLE_LAYERS = (keras.layers.InputLayer, keras.layers.Dense, keras.layers.Activation, keras.layers.ReLU,
                    keras.layers.Flatten, keras.layers.Reshape, keras.layers.Rescaling)
STACKABLE_OPTIMIZERS = (keras.optimizers.SGD, keras.optimizers.Adam, keras.optimizers.RMSprop)


@dataclass(frozen=True)
class Runs:
    """What `fit_replicates` returns.

    seeds: the seeds, in order. history: name -> array (seeds, epochs); "loss" is the running mean of an epoch's
    batches, as in Keras; "val_loss" is computed after the epoch. models: one trained Keras model a seed.
    """

    seeds: list[int]
    history: dict[str, np.ndarray]
    models: list

    def predict(self, X) -> np.ndarray:
        """Predictions of every replicate: (seeds, n, outputs)."""
        X = tf.convert_to_tensor(X)
        return np.stack([model(X, training=False).numpy() for model in self.models])

    def model(self, k: int):
        """Replicate k (its place in `seeds`) as an ordinary Keras model."""
        return self.models[k]


def batch_order(seed: int, n: int, epochs: int) -> np.ndarray:
    """The rows in the order in which replicate `seed` meets them: (epochs, n)."""
    rng = np.random.default_rng(seed)
    return np.stack([rng.permutation(n) for _ in range(epochs)])


def fit_replicates(build, X, y, *, seeds=32, base_seed=0, epochs=1, batch_size=32, validation_data=None) -> Runs:
    """Train `build()` once a seed and return histories and models.

    build: a function without arguments that returns a compiled Keras model with one input, one output and no metrics.
    X: (n, features). y: (n,) or (n, outputs). seeds: how many, or a list; `base_seed` is added to each.
    validation_data: (X_val, y_val) or None. Raises ValueError with the remedy when the input cannot be used.
    """
    seeds = [base_seed + s for s in (range(seeds) if isinstance(seeds, int) else seeds)]
    X, y = _checked(X, y, "X", "y")
    validation = None if validation_data is None else _checked(*validation_data, "X_val", "y_val")
    if not seeds:
        raise ValueError("seeds is empty: give a count such as 32, or a list of seeds.")
    models = []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        models.append(build())
    if not getattr(models[0], "compiled", False):
        raise ValueError("build() must return a compiled model: call model.compile(...) before you return it.")
    if models[0]._compile_metrics is not None and models[0]._compile_metrics._user_metrics:
        raise ValueError("build() has metrics: leave them out and compute them from runs.predict(...).")
    orders = np.stack([batch_order(seed, len(X), epochs) for seed in seeds])
    train = _train_stacked if _stackable(models[0]) else _train_one_by_one
    history = train(models, X, y, orders, batch_size, validation)
    return Runs(seeds, history, models)


def _checked(X, y, X_name, y_name):
    X, y = np.asarray(X), np.asarray(y)
    if len(X) != len(y) or not len(X):
        raise ValueError(f"{X_name} has {len(X)} rows and {y_name} has {len(y)}: they must be equal and not zero.")
    if not np.isfinite(X).all() or not np.isfinite(y).all():
        raise ValueError(f"{X_name} or {y_name} holds NaN or infinite values: fill or drop them first.")
    return X.astype("float32"), (y[:, None] if y.ndim == 1 else y).astype("float32")


def _stackable(model) -> bool:
    plain = all(isinstance(layer, STACKABLE_LAYERS) for layer in model.layers) and not model.losses
    optimizer = model.optimizer
    clipped = optimizer.clipnorm or optimizer.global_clipnorm or optimizer.clipvalue or optimizer.use_ema
    known = type(optimizer) in STACKABLE_OPTIMIZERS and (isinstance(model.loss, str) or callable(model.loss))
    return plain and known and not clipped


def _train_stacked(models, X, y, orders, batch_size, validation):
    """All replicates at once: every weight gets a leading seed axis, and one optimizer updates the stack."""
    model, (num_seeds, epochs, n) = models[0], orders.shape
    loss = keras.losses.get(model.loss)
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    weights = [keras.Variable(np.stack([m.trainable_variables[i].numpy() for m in models]))
               for i in range(len(model.trainable_variables))]
    optimizer.build(weights)
    X, y = tf.constant(X), tf.constant(y)

    def losses(values, xb, yb):
        def one(arguments):
            *own, x1, y1 = arguments
            # a loss named by a string comes as a function with one value a row; a Loss object has reduced already
            return tf.reduce_mean(loss(y1, model.stateless_call(own, [], x1, training=True)[0]))
        return tf.vectorized_map(one, (*values, xb, yb))

    def step(rows):
        values = [w.value for w in weights]
        with tf.GradientTape() as tape:
            by_seed = losses(values, tf.gather(X, rows), tf.gather(y, rows))
            total = tf.reduce_sum(by_seed)
        optimizer.apply(tape.gradient(total, values), weights)
        return by_seed

    whole, rest = divmod(n, batch_size)

    @tf.function
    def epoch(order):
        running = tf.zeros(num_seeds)
        for b in tf.range(whole):
            running += step(order[:, b * batch_size:(b + 1) * batch_size]) * float(batch_size)
        if rest:
            running += step(order[:, whole * batch_size:]) * float(rest)
        return running / float(n)

    @tf.function
    def evaluate(x, t):
        values = [w.value for w in weights]
        tile = lambda a: tf.repeat(a[None], num_seeds, axis=0)  # noqa: E731
        return losses(values, tile(x), tile(t))

    history = {"loss": np.empty((num_seeds, epochs))}
    if validation:
        history["val_loss"] = np.empty((num_seeds, epochs))
    for e in range(epochs):
        history["loss"][:, e] = epoch(tf.constant(orders[:, e])).numpy()
        if validation:
            history["val_loss"][:, e] = evaluate(tf.constant(validation[0]), tf.constant(validation[1])).numpy()
    for k, replicate in enumerate(models):
        for variable, stacked in zip(replicate.trainable_variables, weights, strict=True):
            variable.assign(stacked.numpy()[k])
    return history


def _train_one_by_one(models, X, y, orders, batch_size, validation):
    """The plain loop: slower, for every model that cannot be stacked."""
    num_seeds, epochs, n = orders.shape
    history = {"loss": np.empty((num_seeds, epochs))}
    if validation:
        history["val_loss"] = np.empty((num_seeds, epochs))
    for k, model in enumerate(models):
        for e in range(epochs):
            rows = orders[k, e]
            fit = model.fit(X[rows], y[rows], batch_size=batch_size, shuffle=False, verbose=0,
                            validation_data=validation)
            for name in history:
                history[name][k, e] = fit.history[name][0]
    return history
