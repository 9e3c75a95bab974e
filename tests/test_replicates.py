"""Replicates trained together equal replicates trained one by one; what cannot be used is refused before training."""
import keras
import numpy as np
import pytest

from helpers import replicates

rng = np.random.default_rng(0)
X = rng.normal(size=(103, 5)).astype("float32")  # 103 rows: the last batch of 32 is ragged
y = X[:, 0] - 2 * X[:, 1] + rng.normal(size=103).astype("float32")
OPTIMIZERS = {"sgd": lambda: keras.optimizers.SGD(0.05, momentum=0.9), "adam": lambda: keras.optimizers.Adam(0.01),
              "rmsprop": lambda: keras.optimizers.RMSprop(0.01)}
LOSSES = {"mse": (lambda: "mse", y), "mae": (lambda: "mae", y), "huber": (lambda: keras.losses.Huber(0.5), y),
          "bce": (lambda: "binary_crossentropy", (y > 0).astype("float32"))}


def builder(loss, optimizer, *extra, head=None):
    def build():
        model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(8, activation="relu"), *[e() for e in extra],
                                  keras.layers.Dense(1, activation=head)])
        model.compile(optimizer=optimizer(), loss=loss())
        return model
    return build


@pytest.mark.parametrize(("loss", "optimizer"),
                         [("mse", "adam"), ("mae", "sgd"), ("huber", "rmsprop"), ("bce", "adam")])
def test_together_equals_one_by_one(loss, optimizer, monkeypatch):
    make, target = LOSSES[loss]
    build = builder(make, OPTIMIZERS[optimizer], head="sigmoid" if loss == "bce" else None)
    recipe = dict(seeds=[3, 5], epochs=5, batch_size=32, validation_data=(X[:40], target[:40]))
    together = replicates.fit_replicates(build, X, target, **recipe)
    monkeypatch.setattr(replicates, "_stackable", lambda model: False)
    alone = replicates.fit_replicates(build, X, target, **recipe)
    for name in ("loss", "val_loss"):
        assert together.history[name].shape == (2, 5)
        np.testing.assert_allclose(together.history[name], alone.history[name], atol=2e-6)
    np.testing.assert_allclose(together.predict(X), alone.predict(X), atol=5e-6)
    assert not np.allclose(together.history["loss"][0], together.history["loss"][1])


def test_one_by_one_equals_plain_keras():
    build = builder(LOSSES["mse"][0], OPTIMIZERS["adam"])
    runs = replicates.fit_replicates(build, X, y, seeds=[7], epochs=1, batch_size=32)
    keras.utils.set_random_seed(7)
    model = build()
    rows = replicates.batch_order(7, len(X), 1)[0]
    history = model.fit(X[rows], y[rows], batch_size=32, shuffle=False, verbose=0).history
    np.testing.assert_allclose(runs.history["loss"][0], history["loss"], atol=2e-6)
    np.testing.assert_allclose(runs.predict(X)[0], model(X).numpy(), atol=5e-6)


@pytest.mark.parametrize("layer", [lambda: keras.layers.Dropout(0.5), keras.layers.BatchNormalization,
                                   lambda: keras.layers.Dense(4, kernel_regularizer="l2")])
def test_what_cannot_be_stacked_is_trained_in_the_plain_loop(layer):
    build = builder(LOSSES["mse"][0], OPTIMIZERS["adam"], layer)
    assert not replicates._stackable(build())
    assert np.isfinite(replicates.fit_replicates(build, X, y, seeds=2, epochs=1).history["loss"]).all()


def test_base_seed_shifts_all_seeds():
    build = builder(LOSSES["mse"][0], OPTIMIZERS["sgd"])
    assert replicates.fit_replicates(build, X, y, seeds=2, base_seed=40, epochs=1).seeds == [40, 41]


def uncompiled():
    return keras.Sequential([keras.Input((5,)), keras.layers.Dense(1)])


def with_metrics():
    model = uncompiled()
    model.compile(loss="mse", metrics=["mae"])
    return model


good = builder(LOSSES["mse"][0], OPTIMIZERS["sgd"])


@pytest.mark.parametrize(("build", "features", "target", "seeds", "sentence"), [
    (good, X, y[:-1], 2, "103 rows and y has 102"), (good, X[:0], y[:0], 2, "0 rows"),
    (good, X, y, [], "seeds is empty"), (good, np.full_like(X, np.nan), y, 2, "NaN"),
    (uncompiled, X, y, 2, "compiled"), (with_metrics, X, y, 2, "metrics")])
def test_bad_input_is_refused_in_a_sentence(build, features, target, seeds, sentence):
    with pytest.raises(ValueError, match=sentence):
        replicates.fit_replicates(build, features, target, seeds=seeds)
