"""Cross-entropies, focal losses and their gradients, held against Keras and finite differences."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.metrics import log_loss
from sklearn.utils.class_weight import compute_class_weight

from helpers import cross_entropy as ce

# name → kind of labels, whether it takes logits, our options, Keras' class and its options
LOSSES = {
    "binary_cross_entropy": ("binary", False, {}, keras.losses.BinaryCrossentropy, {}),
    "binary_cross_entropy_from_logits": ("binary", True, {}, keras.losses.BinaryCrossentropy, {}),
    "categorical_cross_entropy": ("one-hot", False, {}, keras.losses.CategoricalCrossentropy, {}),
    "categorical_cross_entropy_from_logits": ("one-hot", True, {}, keras.losses.CategoricalCrossentropy, {}),
    "sparse_categorical_cross_entropy": ("sparse", False, {}, keras.losses.SparseCategoricalCrossentropy, {}),
    "sparse_categorical_cross_entropy_from_logits": (
        "sparse", True, {}, keras.losses.SparseCategoricalCrossentropy, {}),
    "binary_focal": (
        "binary", False, {"alpha": 0.3}, keras.losses.BinaryFocalCrossentropy,
        {"alpha": 0.3, "apply_class_balancing": True}),
    "binary_focal_from_logits": ("binary", True, {"gamma": 3.0}, keras.losses.BinaryFocalCrossentropy, {"gamma": 3.0}),
    "categorical_focal": ("one-hot", False, {"alpha": 0.25}, keras.losses.CategoricalFocalCrossentropy, {}),
    "categorical_focal_from_logits": (
        "one-hot", True, {"gamma": 1.5}, keras.losses.CategoricalFocalCrossentropy, {"gamma": 1.5, "alpha": 1.0}),
}  # fmt: skip
SHAPES = {"binary": [(1, 1), (7, 1), (33, 3)], "one-hot": [(1, 2), (33, 5)], "sparse": [(1, 2), (33, 5)]}
LOGITS = ["mild", "sharp", "±1000"]
WEIGHTS = ["none", "random", "all zero"]
DTYPES = ["float32", "float64"]
REDUCTIONS = ["none", "sum", "sum_over_batch_size", "mean_with_sample_weight"]


def functions(name):
    return getattr(ce, name), getattr(ce, f"{name}_gradient")


def example(kind, shape, logits, weights, dtype, seed=0):
    """Return y_true, logits and sample_weight. The first half of the labels of "±1000" is certain and wrong."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=shape) * {"mild": 1, "sharp": 6, "±1000": 1}[logits]
    if logits == "±1000":
        z = 1000.0 * rng.choice([-1, 1], size=shape)
    if kind == "binary":
        y = (rng.random(shape) < 0.5).astype(dtype)
    else:
        y = rng.integers(shape[1], size=shape[0])
        y = np.eye(shape[1], dtype=dtype)[y] if kind == "one-hot" else y
    n = shape[0]
    w = {"none": None, "random": rng.random(n), "all zero": np.zeros(n)}[weights]
    return y, z.astype(dtype), None if w is None else w.astype(dtype)


def probabilities(kind, z, dtype):
    p = np.asarray(ce.sigmoid(z) if kind == "binary" else ce.softmax(z), dtype=dtype)
    # the documented difference of float32: above 1 - 1e-7, Keras clips to 1 - 1.19e-7
    return np.minimum(p, 1 - np.float32(1.2e-7)) if kind == "binary" and dtype == "float32" else p


def keras_value_and_gradient(loss, y_true, y_pred, sample_weight=None):
    y_pred = tf.Variable(y_pred)
    with tf.GradientTape() as tape:
        value = loss(y_true, y_pred, sample_weight=sample_weight)
    return value.numpy(), tape.gradient(value, y_pred).numpy()


def grid(kind):
    return list(itertools.product(SHAPES[kind], LOGITS, WEIGHTS, REDUCTIONS))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", LOSSES)
def test_value_and_gradient_agree_with_keras_on_the_grid(name, dtype):
    kind, takes_logits, options, keras_class, keras_options = LOSSES[name]
    value_of, gradient_of = functions(name)
    rtol, atol = (2e-5, 1e-6) if dtype == "float32" else (1e-9, 1e-14)
    differences, points = [], grid(kind)
    for shape, logits, weights, reduction in points:
        y_true, z, w = example(kind, shape, logits, weights, dtype)
        if name == "categorical_focal_from_logits" and logits != "mild":
            continue  # Keras clips here: see the test of that name
        x = z if takes_logits else probabilities(kind, z, dtype)
        loss = keras_class(**keras_options, from_logits=takes_logits, reduction=reduction, dtype=dtype)
        expected = keras_value_and_gradient(loss, y_true, x, w)
        found = [f(y_true, x, **options, sample_weight=w, reduction=reduction) for f in (value_of, gradient_of)]
        same = np.ones(len(x), dtype=bool)
        tolerance = atol * len(x)
        if name == "sparse_categorical_cross_entropy":  # clips before it divides: see the test of that name
            tolerance += 1e-7 * 6 * len(x)
            same = ((x >= 1e-7) & (x <= 1 - 1e-7)).all(axis=1)
        if np.shape(found[0]) != np.shape(expected[0]) or found[1].shape != expected[1].shape:
            differences.append(("shape", shape, logits, weights, reduction))
        elif not np.allclose(found[0], expected[0], rtol=rtol, atol=tolerance):
            differences.append(("value", shape, logits, weights, reduction, found[0], expected[0]))
        elif not np.allclose(found[1][same], expected[1][same], rtol=rtol, atol=tolerance):
            differences.append(("gradient", shape, logits, weights, reduction, found[1], expected[1]))
    assert len(points) == {"binary": 108, "one-hot": 72, "sparse": 72}[kind]
    assert not differences, f"{len(differences)} of {len(points)} differ, first: {differences[0]}"


@pytest.mark.parametrize("name", LOSSES)
def test_no_samples_give_an_empty_array_as_in_keras(name):
    kind, takes_logits, options, keras_class, keras_options = LOSSES[name]
    value_of, gradient_of = functions(name)
    y, x = np.zeros(0 if kind == "sparse" else (0, 3)), np.zeros((0, 3))
    for reduction in ("none", "sum_over_batch_size"):
        loss = keras_class(**keras_options, from_logits=takes_logits, reduction=reduction)
        value, gradient = keras_value_and_gradient(loss, y, x)
        assert value_of(y, x, **options, reduction=reduction).shape == value.shape == (0,)
        assert gradient_of(y, x, **options, reduction=reduction).shape == gradient.shape == (0, 3)


@pytest.mark.parametrize("reduction", ["sum", "sum_over_batch_size", "mean_with_sample_weight"])
@pytest.mark.parametrize("epsilon", [1e-7, 0])
@pytest.mark.parametrize("name", LOSSES)
def test_gradient_agrees_with_finite_differences(name, epsilon, reduction):
    kind, takes_logits, options, _, _ = LOSSES[name]
    value_of, gradient_of = functions(name)
    y_true, z, w = example(kind, (6, 1) if kind == "binary" else (6, 4), "mild", "random", "float64")
    x = z if takes_logits else probabilities(kind, z, "float64")
    how = dict(options, sample_weight=w, reduction=reduction) | ({} if takes_logits else {"epsilon": epsilon})
    numeric, step = np.zeros(x.shape), 1e-6
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        numeric[place] = (value_of(y_true, up, **how) - value_of(y_true, down, **how)) / (2 * step)
    np.testing.assert_allclose(gradient_of(y_true, x, **how), numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", [name for name in LOSSES if LOSSES[name][0] == "binary"])
def test_shape_n_means_n_samples(name):
    _, takes_logits, options, _, _ = LOSSES[name]
    y_true, z, w = example("binary", (33, 1), "mild", "random", "float64")
    x = z if takes_logits else probabilities("binary", z, "float64")
    for f, reduction in itertools.product(functions(name), ["none", "sum", "mean_with_sample_weight"]):
        how = dict(options, sample_weight=w, reduction=reduction)
        flat, column = f(y_true[:, 0], x[:, 0], **how), f(y_true, x, **how)
        np.testing.assert_allclose(np.ravel(flat), np.ravel(column))


@pytest.mark.parametrize("weights", ["none", "random"])
@pytest.mark.parametrize("name", LOSSES)
def test_batches_weighted_by_their_size_give_the_whole(name, weights):
    kind, takes_logits, options, _, _ = LOSSES[name]
    y_true, z, w = example(kind, (101, 3), "mild", weights, "float64")
    x = z if takes_logits else probabilities(kind, z, "float64")
    value_of, _ = functions(name)
    batches = [slice(start, start + 32) for start in range(0, 101, 32)]
    parts = [value_of(y_true[b], x[b], **options, sample_weight=None if w is None else w[b]) for b in batches]
    whole = value_of(y_true, x, **options, sample_weight=w)
    assert np.average(parts, weights=[32, 32, 32, 5]) == pytest.approx(whole, rel=1e-12)
    assert np.mean(parts) != pytest.approx(whole, rel=1e-4)


def test_log_loss_of_scikit_learn():
    for kind, shape in [("binary", (33, 1)), ("one-hot", (33, 5))]:
        y_true, z, w = example(kind, shape, "mild", "random", "float64")
        p = probabilities(kind, z, "float64")
        ours = ce.binary_cross_entropy if kind == "binary" else ce.categorical_cross_entropy
        found = ours(y_true, p, epsilon=0, sample_weight=w, reduction="mean_with_sample_weight")
        y, q = (y_true[:, 0], p[:, 0]) if kind == "binary" else (y_true.argmax(axis=1), p)
        assert found == pytest.approx(log_loss(y, q, sample_weight=w), rel=1e-12)


# Activations

Z = np.array([[-1000.0, 0, 1000], [1, 2, 3], [-30, -30, -30], [700, 710, 720]])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(ce.sigmoid, tf.sigmoid), (ce.log_sigmoid, tf.math.log_sigmoid), (ce.softmax, tf.nn.softmax),
     (ce.log_softmax, tf.nn.log_softmax), (ce.log_sum_exp, lambda z: tf.reduce_logsumexp(z, axis=-1))],
)  # fmt: skip
def test_activations_agree_with_tensorflow_at_every_size(ours, theirs):
    for z in (Z, Z / 100, 0 * Z, np.random.default_rng(0).normal(size=(50, 7)) * 20):
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            found = ours(z)
        np.testing.assert_allclose(found, theirs(tf.constant(z)), rtol=1e-11, atol=1e-14)


def test_derivatives_of_the_activations_agree_with_gradient_tape():
    z = tf.Variable(np.vstack([Z / 100, np.random.default_rng(0).normal(size=(5, 3))]))
    with tf.GradientTape(persistent=True) as tape:
        s, log_s, lse = tf.sigmoid(z), tf.math.log_sigmoid(z), tf.reduce_logsumexp(z, axis=-1)
        soft, log_soft = tf.nn.softmax(z), tf.nn.log_softmax(z)
    for found, y in [(ce.sigmoid_gradient, s), (ce.log_sigmoid_gradient, log_s), (ce.log_sum_exp_gradient, lse)]:
        np.testing.assert_allclose(found(z.numpy()), tape.gradient(y, z), rtol=1e-9, atol=1e-15)
    for found, y in [(ce.softmax_jacobian, soft), (ce.log_softmax_jacobian, log_soft)]:
        np.testing.assert_allclose(found(z.numpy()), tape.batch_jacobian(y, z), rtol=1e-9, atol=1e-15)


def test_the_plain_formulas_overflow_where_ours_do_not():
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        assert np.isinf(np.exp(np.float32(89))) and not np.isinf(np.exp(np.float32(88)))
        assert np.isinf(np.exp(710.0)) and not np.isinf(np.exp(709.0))
        assert np.isnan(np.exp([1000.0, 0.0]) / np.exp([1000.0, 0.0]).sum()).any()
        assert np.log(1 / (1 + np.exp(1000.0))) == -np.inf
    assert ce.log_sigmoid(-1000.0) == -1000 and ce.log_sigmoid(1000.0) == 0
    np.testing.assert_array_equal(ce.softmax([1000.0, 0.0]), [1, 0])
    np.testing.assert_array_equal(ce.sigmoid([-1000.0, 0.0, 1000.0]), [0, 0.5, 1])


# By hand


def test_values_by_hand():
    np.testing.assert_allclose(ce.binary_cross_entropy([1, 1, 0], [0.51, 0.99, 0.2], reduction="none"),
                               -np.log([0.51, 0.99, 0.8]))  # fmt: skip
    assert ce.binary_cross_entropy_from_logits([1.0], [0.0]) == pytest.approx(np.log(2))
    rows = [[0.6, 0.39, 0.01], [0.6, 0.2, 0.2]]
    np.testing.assert_allclose(ce.sparse_categorical_cross_entropy([0, 0], rows, reduction="none"), -np.log([0.6, 0.6]))
    assert ce.sparse_categorical_cross_entropy_from_logits([3], np.zeros((1, 10))) == pytest.approx(np.log(10))
    assert ce.binary_focal([1], [0.9]) == pytest.approx(-0.01 * np.log(0.9))
    assert ce.binary_focal([0], [0.9], alpha=0.25) == pytest.approx(-0.75 * 0.81 * np.log(0.1))
    assert ce.categorical_focal([[1, 0]], [[0.9, 0.1]], alpha=[2, 1]) == pytest.approx(-2 * 0.01 * np.log(0.9))


def test_gamma_zero_is_cross_entropy_and_hard_samples_keep_their_weight():
    y, z, _ = example("binary", (33, 1), "sharp", "none", "float64")
    p = ce.sigmoid(z)
    for focal, plain, x in [(ce.binary_focal, ce.binary_cross_entropy, p),
                            (ce.binary_focal_gradient, ce.binary_cross_entropy_gradient, p),
                            (ce.binary_focal_from_logits, ce.binary_cross_entropy_from_logits, z),
                            (ce.binary_focal_from_logits_gradient, ce.binary_cross_entropy_from_logits_gradient, z)]:
        np.testing.assert_allclose(focal(y, x, gamma=0), plain(y, x), rtol=1e-9)
    y, z, _ = example("one-hot", (33, 4), "mild", "none", "float64")
    for focal, plain, x in [
        (ce.categorical_focal_gradient, ce.categorical_cross_entropy_gradient, ce.softmax(z)),
        (ce.categorical_focal_from_logits_gradient, ce.categorical_cross_entropy_from_logits_gradient, z),
    ]:
        np.testing.assert_allclose(focal(y, x, gamma=0), plain(y, x), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("gamma", [0, 0.5, 1, 2])
@pytest.mark.parametrize("z", [-1000.0, 1000.0])
def test_focal_at_extreme_logits_is_finite(gamma, z):
    for y in (0.0, 1.0):
        found = ce.binary_focal_from_logits([y], [z], gamma=gamma)
        slope = ce.binary_focal_from_logits_gradient([y], [z], gamma=gamma)
        wrong = (y == 1) != (z > 0)
        assert found == (1000 if wrong else 0) and slope[0] == (1 - 2 * y if wrong else 0)
        row, one = [[z, 0.0]], [[y, 1 - y]]
        assert np.isfinite(ce.categorical_focal_from_logits(one, row, gamma=gamma))
        assert np.isfinite(ce.categorical_focal_from_logits_gradient(one, row, gamma=gamma)).all()


def test_without_clipping_the_impossible_costs_infinity():
    assert ce.binary_cross_entropy([1], [0.0], epsilon=0) == np.inf
    assert ce.binary_cross_entropy([0, 1], [0.0, 1.0], epsilon=0) == 0
    assert ce.categorical_cross_entropy([[0, 1]], [[1.0, 0.0]], epsilon=0) == np.inf
    assert ce.categorical_cross_entropy([[1, 0]], [[1.0, 0.0]], epsilon=0) == 0
    np.testing.assert_array_equal(ce.binary_cross_entropy_gradient([0, 1], [0.0, 1.0], epsilon=0), [0.5, -0.5])


def test_label_smoothing_and_its_floor():
    rows = ce.label_smoothing(np.eye(3), 0.1, classes=3)
    np.testing.assert_allclose(rows[0], [0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3])
    floor = ce.categorical_cross_entropy(rows, rows)
    assert floor == pytest.approx(0.291, abs=5e-4)
    assert ce.categorical_cross_entropy(rows, ce.softmax(50 * np.eye(3))) > floor  # certainty now costs
    y, z, _ = example("one-hot", (33, 5), "mild", "none", "float64")
    in_keras = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2, dtype="float64")
    smooth = ce.label_smoothing(y, 0.2, classes=5)
    assert ce.categorical_cross_entropy_from_logits(smooth, z) == pytest.approx(float(in_keras(y, z)), rel=1e-12)
    in_keras = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.2, dtype="float64")
    smooth = ce.label_smoothing(y, 0.2, classes=2)
    assert ce.binary_cross_entropy_from_logits(smooth, z) == pytest.approx(float(in_keras(y, z)), rel=1e-12)
    assert float(keras.losses.CategoricalCrossentropy(label_smoothing=3.0)([[1.0, 0]], [[1.0, 0]])) > 16  # takes it


# Class weights


def test_class_weights_agree_with_scikit_learn_and_keras():
    rng = np.random.default_rng(0)
    y = rng.choice(3, p=[0.7, 0.2, 0.1], size=50)
    weight = ce.balanced_class_weight(y)
    np.testing.assert_allclose(list(weight.values()), compute_class_weight("balanced", classes=np.arange(3), y=y))
    w = ce.weights_from_classes(y, weight)
    assert w.sum() == pytest.approx(50) and w[y == 0].sum() == pytest.approx(w[y == 2].sum())
    X = rng.normal(size=(50, 4)).astype("float32")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    logits = model(X).numpy()
    history = model.fit(X, y, batch_size=50, verbose=0, class_weight=weight).history
    expected = ce.sparse_categorical_cross_entropy_from_logits(y, logits, sample_weight=w)
    assert history["loss"][0] == pytest.approx(expected, rel=1e-5)
    logits = model(X).numpy()
    missing = model.fit(X, y, batch_size=50, verbose=0, class_weight={0: weight[0]}).history  # the others count 1
    w = np.where(y == 0, weight[0], 1.0)
    expected = ce.sparse_categorical_cross_entropy_from_logits(y, logits, sample_weight=w)
    assert missing["loss"][0] == pytest.approx(expected, rel=1e-5)
    logits = model(X).numpy()
    strings = {str(k): 100.0 for k in weight}
    ignored = model.fit(X, y, batch_size=50, verbose=0, class_weight=strings).history
    expected = ce.sparse_categorical_cross_entropy_from_logits(y, logits)
    assert ignored["loss"][0] == pytest.approx(expected, rel=1e-5)
    with pytest.raises(Exception):  # noqa: B017  (which error is Keras' affair)
        model.fit(X, y, verbose=0, class_weight="balanced")


# Where Keras does something else


@pytest.mark.parametrize(("dtype", "cap"), [("float32", 15.942), ("float64", 16.118)])
def test_cap_of_the_binary_loss(dtype, cap):
    loss = keras.losses.BinaryCrossentropy(dtype=dtype)
    for y, p, capped in [(1.0, 0.0, 16.118), (0.0, 1.0, cap)]:
        value, slope = keras_value_and_gradient(loss, np.array([[y]], dtype), np.array([[p]], dtype))
        assert value == pytest.approx(capped, abs=1e-3) and slope == 0
        assert ce.binary_cross_entropy([y], [p]) == pytest.approx(16.118, abs=1e-3)
        assert ce.binary_cross_entropy_gradient([y], [p])[0] == 0


def test_sparse_and_categorical_clip_in_another_order():
    categorical = keras.losses.CategoricalCrossentropy(dtype="float64")
    sparse = keras.losses.SparseCategoricalCrossentropy(dtype="float64")
    y, index, p = np.array([[1.0, 0, 0]]), np.array([0]), np.array([[0.0, 0.5, 0.5]])
    value, slope = keras_value_and_gradient(categorical, y, p)
    other, other_slope = keras_value_and_gradient(sparse, index, p)
    assert value == pytest.approx(ce.categorical_cross_entropy(y, p), rel=1e-12)
    assert 0 < other - value < 3e-7
    assert (slope == 0).all() and (ce.sparse_categorical_cross_entropy_gradient(index, p) == 0).all()
    np.testing.assert_allclose(other_slope, [[0, 1, 1]], atol=1e-6)
    beyond = np.array([[3.0, 5.0, 2.0]])  # a head without softmax
    assert float(categorical(y, beyond)) == pytest.approx(-np.log(0.3))
    assert float(sparse(index, beyond)) == pytest.approx(np.log(3), abs=1e-6)


def test_keras_categorical_focal_from_logits_is_clipped():
    y, z = np.array([[1.0, 0, 0]]), np.array([[-30.0, 0, 30]])
    loss = keras.losses.CategoricalFocalCrossentropy(from_logits=True, alpha=1.0, dtype="float64")
    value, slope = keras_value_and_gradient(loss, y, z)
    assert value == pytest.approx(16.118, abs=1e-3) and (slope == 0).all()
    assert ce.categorical_focal_from_logits(y, z) == pytest.approx(60)
    np.testing.assert_allclose(ce.categorical_focal_from_logits_gradient(y, z), [[-1, 0, 1]], atol=1e-10)


def test_alpha_of_keras_focal_losses():
    y, p = np.array([[1.0]]), np.array([[0.6]])
    values = [float(keras.losses.BinaryFocalCrossentropy(alpha=a, dtype="float64")(y, p)) for a in (0.25, 0.9)]
    assert values[0] == values[1] == pytest.approx(ce.binary_focal(y, p))
    y, p = np.array([[1.0, 0]]), np.array([[0.6, 0.4]])
    by_default = float(keras.losses.CategoricalFocalCrossentropy(dtype="float64")(y, p))
    assert by_default == pytest.approx(0.25 * ce.categorical_focal(y, p))


def test_keras_takes_labels_outside_zero_to_one():
    assert float(keras.losses.BinaryCrossentropy()([[2.0]], [[0.99]])) < -4


def test_keras_takes_logits_for_probabilities_and_clips_them():
    loss = keras.losses.BinaryCrossentropy(dtype="float64")
    assert float(loss(np.array([[1.0]]), np.array([[3.0]]))) == pytest.approx(1e-7, rel=1e-6)
    assert float(loss(np.array([[1.0]]), np.array([[-3.0]]))) == pytest.approx(16.118, abs=1e-3)


def test_keras_gradient_for_multi_hot_rows_is_not_that_of_its_value():
    y, z = np.array([[1.0, 1, 0]]), np.array([[1.0, 2, 3]])
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, dtype="float64")
    _, slope = keras_value_and_gradient(loss, y, z)
    step = np.array([[1e-6, 0, 0]])
    numeric = (float(loss(y, z + step)) - float(loss(y, z - step))) / 2e-6
    assert numeric == pytest.approx(2 * ce.softmax(z)[0, 0] - 1, abs=1e-6)
    assert slope[0, 0] == pytest.approx(ce.softmax(z)[0, 0] - 1)


def test_keras_takes_its_own_sigmoid_back_to_the_logits():
    y, z = np.array([[1.0]]), tf.constant([[-50.0]], tf.float64)
    loss = keras.losses.BinaryCrossentropy(dtype="float64")
    assert float(loss(y, keras.activations.sigmoid(z))) == pytest.approx(50)
    assert float(loss(y, keras.activations.sigmoid(z) * 1.0)) == pytest.approx(16.118, abs=1e-3)


def test_keras_cuts_fractions_of_sparse_labels_off():
    loss = keras.losses.SparseCategoricalCrossentropy()
    assert float(loss(np.array([0.9]), np.array([[0.7, 0.3]]))) == pytest.approx(-np.log(0.7))


# Bad input

ROW = [[0.5, 0.5]]
BAD = {
    "(n,) with (n, 1)": ("binary_cross_entropy", [1, 0], [[0.5], [0.5]], {}, "give both the same shape"),
    "labels 0 and 2": ("binary_cross_entropy", [0, 2], [0.5, 0.5], {}, "y_true holds 2"),
    "labels -1 and 1": ("binary_focal_from_logits", [-1, 1], [0.5, 0.5], {}, "y_true holds -1"),
    "logits as p": ("binary_cross_entropy", [1], [1.5], {}, "ends in _from_logits"),
    "negative p": ("categorical_cross_entropy", [[1, 0]], [[-0.5, 1.0]], {}, "ends in _from_logits"),
    "multi-hot": ("categorical_cross_entropy", [[1, 1]], ROW, {}, "must sum to 1"),
    "integers": ("categorical_cross_entropy_from_logits", [1], ROW, {}, "must be the same"),
    "categorical (n,)": ("categorical_cross_entropy", [1.0], [0.5], {}, "(n, K) is needed"),
    "zero row": ("categorical_cross_entropy", [[1, 0]], [[0.0, 0.0]], {}, "sums to 0"),
    "one-hot for sparse": ("sparse_categorical_cross_entropy", [[1, 0]], ROW, {}, "for one-hot rows"),
    "counted from 1": ("sparse_categorical_cross_entropy", [2], ROW, {}, "must lie between 0 and 1: classes are"),
    "class -1": ("sparse_categorical_cross_entropy_from_logits", [-1], ROW, {}, "holds -1"),
    "fraction": ("sparse_categorical_cross_entropy", [0.5], ROW, {}, "a class is a whole number"),
    "sparse p (n,)": ("sparse_categorical_cross_entropy", [0], [0.5], {}, "(n, K) is needed"),
    "epsilon": ("binary_cross_entropy", [1], [0.5], {"epsilon": 0.7}, "epsilon is 0.7"),
    "gamma": ("binary_focal", [1], [0.5], {"gamma": -1}, "gamma is -1"),
    "alpha": ("categorical_focal", [[1, 0]], ROW, {"alpha": -1}, "alpha is -1"),
    "weights": ("binary_cross_entropy", [1], [0.5], {"sample_weight": 1.0}, "one weight for each sample"),
    "reduction": ("binary_cross_entropy", [1], [0.5], {"reduction": "average"}, "must be one of"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_one_clear_sentence(case):
    name, y_true, x, how, said = BAD[case]
    for function in functions(name):
        with pytest.raises(ValueError) as caught:
            function(y_true, x, **how)
        assert said in str(caught.value) and "\n" not in str(caught.value)


def test_bad_input_of_the_small_functions():
    for call, said in [
        (lambda: ce.label_smoothing([0, 1], 1.5, classes=2), "amount is 1.5"),
        (lambda: ce.label_smoothing(np.eye(3), 0.1, classes=4), "classes is 4"),
        (lambda: ce.weights_from_classes([0, 1], {"0": 1, "1": 2}), "no weight for class 0"),
        (lambda: ce.weights_from_classes([0.5], {0: 1}), "whole number"),
        (lambda: ce.balanced_class_weight([]), "no samples"),
        (lambda: ce.softmax(1.0), "last axis"),
        (lambda: ce.sigmoid(["a"]), "must hold numbers"),
    ]:
        with pytest.raises(ValueError, match=said):
            call()


@pytest.mark.parametrize("name", LOSSES)
def test_nan_is_not_hidden_and_inputs_are_not_changed(name):
    kind, takes_logits, options, _, _ = LOSSES[name]
    y, z, w = example(kind, (5, 3), "mild", "random", "float64")
    x = z if takes_logits else probabilities(kind, z, "float64")
    copies = y.copy(), x.copy(), w.copy()
    for function in functions(name):
        function(y, x, **options, sample_weight=w)
        broken = x.copy()
        broken[0] = np.nan
        assert np.isnan(function(y, broken, **options, reduction="none")[0]).all()
    for before, after in zip(copies, (y, x, w), strict=True):
        np.testing.assert_array_equal(before, after)
