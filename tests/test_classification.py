"""The metrics of decisions, held against Keras' metric objects over ragged batches, and against scikit-learn."""

from __future__ import annotations

import itertools
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn import metrics as sk
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier

from helpers import classification as c

SIZES = [1, 33, 101]
WEIGHTS = ["none", "random", "some zero"]
BATCHES = [32, 1000]
DTYPES = ["float32", "float64"]
SHARES = [0.0, 0.3, 1.0]  # of positives: the ends are the single-class cases
RATIOS = {
    "precision": (c.precision, sk.precision_score),
    "recall": (c.recall, sk.recall_score),
    "f1": (c.f1, sk.f1_score),
}


def weights_for(kind, n, dtype="float64"):
    rng = np.random.default_rng(1)
    w = {"none": None, "random": 0.1 + rng.random(n), "some zero": np.where(np.arange(n) % 3 == 2, 0.0, 2.5)}[kind]
    return None if w is None else w.astype(dtype)


def binary(n, share, shape=()):
    """Labels and probabilities of which many are tied, and some are exactly 0, 0.5 or 1."""
    rng = np.random.default_rng(n)
    y = (rng.random((n, *shape)) < share).astype(int)
    return y, np.clip(np.round(rng.normal(0.4 + 0.2 * y, 0.3), 1), 0, 1)


def multiclass(n, classes=4):
    rng = np.random.default_rng(n)
    p = rng.dirichlet(np.ones(classes), size=n)
    y = np.array([rng.choice(classes, p=(row + 0.1) / (1 + 0.1 * classes)) for row in p])
    return y, p


def keras_over_batches(metric, y_true, y_pred, w, batch_size):
    for start in range(0, len(y_true), batch_size):
        batch = slice(start, start + batch_size)
        metric.update_state(y_true[batch], y_pred[batch], sample_weight=None if w is None else w[batch])
    return np.array(metric.result())


def quiet(function, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **options)


# Against Keras


def keras_cases(n, share, dtype):
    """name → what Keras says through a metric object, and what we say."""
    y, p = binary(n, share)
    column, p_column = y[:, None].astype(dtype), p[:, None].astype(dtype)
    y_many, p_many = (a.astype(dtype) for a in binary(n, share, (3,)))
    k, q = multiclass(n)
    q, q32 = q.astype(dtype), q.astype("float32")
    one_hot = np.eye(4, dtype=dtype)[k]
    decided, decided_many = c.decide(p_column[:, 0]), c.decide(p_many)
    m = keras.metrics
    return {
        "binary_accuracy": (m.BinaryAccuracy(dtype=dtype), column, p_column,
                            lambda w: c.binary_accuracy(column, p_column, sample_weight=w)),
        "binary_accuracy 0.3": (m.BinaryAccuracy(threshold=0.3, dtype=dtype), y_many, p_many,
                                lambda w: c.binary_accuracy(y_many, p_many, threshold=np.array(0.3, dtype),
                                                            sample_weight=w)),
        "hamming": (m.BinaryAccuracy(dtype=dtype), y_many, p_many,
                    lambda w: 1 - c.hamming_loss(y_many, decided_many, sample_weight=w)),
        "categorical_accuracy": (m.CategoricalAccuracy(dtype=dtype), one_hot, q,
                                 lambda w: c.categorical_accuracy(one_hot, q, sample_weight=w)),
        "sparse_categorical_accuracy": (m.SparseCategoricalAccuracy(dtype=dtype), k, q,
                                        lambda w: c.sparse_categorical_accuracy(k, q, sample_weight=w)),
        "top_k": (m.SparseTopKCategoricalAccuracy(k=2, dtype=dtype), k, q32,
                  lambda w: c.top_k_accuracy(k, q32, k=2, sample_weight=w)),
        "top_k tied": (m.TopKCategoricalAccuracy(k=2, dtype=dtype), np.eye(4)[k], np.round(q32, 1),
                       lambda w: c.top_k_accuracy(k, np.round(q32, 1), k=2, sample_weight=w)),
        "precision": (m.Precision(dtype=dtype), column, p_column,
                      lambda w: c.precision(y, decided, sample_weight=w)),
        "recall": (m.Recall(dtype=dtype), column, p_column, lambda w: c.recall(y, decided, sample_weight=w)),
        "f1": (m.F1Score(threshold=0.5, dtype=dtype), column, p_column,
               lambda w: c.f1(y[:, None], decided[:, None], average=None, sample_weight=w)),
        "f1 macro": (m.F1Score(threshold=0.5, average="macro", dtype=dtype), y_many, p_many,
                     lambda w: c.f1(y_many, decided_many, average="macro", sample_weight=w)),
        "f1 micro": (m.F1Score(threshold=0.5, average="micro", dtype=dtype), y_many, p_many,
                     lambda w: c.f1(y_many, decided_many, average="micro", sample_weight=w)),
        "f1 classes": (m.F1Score(dtype=dtype), one_hot, q,
                       lambda w: c.f1(k, q.argmax(axis=1), average=None, classes=4, sample_weight=w)),
    }  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES)
def test_agrees_with_keras_over_ragged_batches(dtype):
    points, differences = 0, []
    for n, share, weights, batch_size in itertools.product(SIZES, SHARES, WEIGHTS, BATCHES):
        if n <= batch_size and batch_size != 1000:
            continue  # one batch: no new case
        for name, (metric, y, p, ours) in keras_cases(n, share, dtype).items():
            w = weights_for(weights, n, dtype)
            expected, found = keras_over_batches(metric, y, p, w, batch_size), ours(w)
            points += 1
            # F1 has 1e-7 in its denominators, and with one rare class they multiply
            if not np.allclose(found, expected, rtol=2e-6, atol=1e-6):
                differences.append((name, n, share, weights, batch_size, found, expected))
    assert points == 13 * 45
    assert not differences, f"{len(differences)} of {points} differ, first: {differences[0]}"


# Against scikit-learn


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("n", SIZES)
def test_binary_ratios_agree_with_scikit_learn(n, weights):
    w = weights_for(weights, n)
    for share, threshold in itertools.product(SHARES, [-1, 0.5, 2]):  # all positive, some, none
        y, p = binary(n, share)
        decided = c.decide(p, threshold)
        np.testing.assert_allclose(
            c.confusion_matrix(y, decided, sample_weight=w),
            sk.confusion_matrix(y, decided, sample_weight=w, labels=[0, 1]))  # fmt: skip
        counts = c.binary_counts(y, decided, sample_weight=w)
        matrix = c.confusion_matrix(y, decided, sample_weight=w)
        np.testing.assert_allclose([counts.tn, counts.fp, counts.fn, counts.tp], matrix.ravel())
        assert c.subset_accuracy(y, decided, sample_weight=w) == pytest.approx(
            sk.accuracy_score(y, decided, sample_weight=w))
        for (name, (ours, theirs)), zero in itertools.product(RATIOS.items(), [0.0, 1.0, np.nan]):
            expected = theirs(y, decided, sample_weight=w, zero_division=zero)
            np.testing.assert_allclose(ours(y, decided, sample_weight=w, zero_division=zero), expected, err_msg=name)


@pytest.mark.parametrize("average", ["micro", "macro", "samples", None])
@pytest.mark.parametrize("weights", WEIGHTS)
def test_multilabel_ratios_agree_with_scikit_learn(weights, average):
    for n, share in itertools.product(SIZES, SHARES):
        w = weights_for(weights, n)
        y, p = binary(n, share, (4,))
        decided = c.decide(p, [0.3, 0.5, 2, -1])
        for name, (ours, theirs) in RATIOS.items():
            for zero in (0.0, 1.0):
                expected = theirs(y, decided, average=average, sample_weight=w, zero_division=zero)
                found = ours(y, decided, average=average, sample_weight=w, zero_division=zero)
                np.testing.assert_allclose(found, expected, err_msg=f"{name} {n} {share}")
        expected = sk.hamming_loss(y, decided, sample_weight=w)
        assert c.hamming_loss(y, decided, sample_weight=w) == pytest.approx(expected)
        expected = sk.accuracy_score(y, decided, sample_weight=w)
        assert c.subset_accuracy(y, decided, sample_weight=w) == pytest.approx(expected)


@pytest.mark.parametrize("average", ["micro", "macro", None])
@pytest.mark.parametrize("weights", WEIGHTS)
def test_multiclass_ratios_agree_with_scikit_learn(weights, average):
    for n in SIZES:
        w = weights_for(weights, n)
        y, p = multiclass(n, 5)
        decided = p.argmax(axis=1) % 4  # the last class is never decided, and absent from y for the smallest n
        for name, (ours, theirs) in RATIOS.items():
            for classes in (None, 5):
                labels = None if classes is None else range(5)
                expected = theirs(y, decided, average=average, sample_weight=w, zero_division=0.0, labels=labels)
                found = ours(y, decided, average=average, classes=classes, sample_weight=w)
                np.testing.assert_allclose(found, expected, err_msg=f"{name} {n} {classes}")
        np.testing.assert_allclose(c.confusion_matrix(y, decided, classes=5, sample_weight=w),
                                   sk.confusion_matrix(y, decided, labels=range(5), sample_weight=w))


@pytest.mark.parametrize("k", [1, 2, 4])
@pytest.mark.parametrize("weights", WEIGHTS)
def test_top_k_agrees_with_scikit_learn_where_there_are_no_ties(weights, k):
    y, p = multiclass(101, 5)
    w = weights_for(weights, 101)
    expected = sk.top_k_accuracy_score(y, p, k=k, sample_weight=w, labels=range(5))
    assert c.top_k_accuracy(y, p, k=k, sample_weight=w) == pytest.approx(expected)


def test_nan_for_zero_division_is_left_out_of_the_mean_as_in_scikit_learn():
    y, decided = np.array([[1, 0], [1, 0], [0, 0]]), np.array([[1, 0], [0, 0], [0, 0]])
    for average in ("macro", "samples"):
        for name, (ours, theirs) in RATIOS.items():
            expected = quiet(theirs, y, decided, average=average, zero_division=np.nan)
            found = ours(y, decided, average=average, zero_division=np.nan)
            np.testing.assert_allclose(found, expected, err_msg=f"{name} {average}")
    assert np.isnan(c.f1([[0]], [[0]], average="macro", zero_division=np.nan))


# By hand


def test_values_by_hand():
    y, decided = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0], [1, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    assert c.binary_counts(y, decided) == (2, 1, 1, 6)
    np.testing.assert_array_equal(c.confusion_matrix(y, decided), [[6, 1], [1, 2]])
    assert c.confusion_matrix(y, decided).dtype == np.int64
    assert c.precision(y, decided) == c.recall(y, decided) == c.f1(y, decided) == pytest.approx(2 / 3)
    assert c.hamming_loss(y, decided) == 0.2 and c.subset_accuracy(y, decided) == 0.8
    y, decided = np.array([[1, 1], [0, 0]]), np.array([[1, 0], [0, 0]])
    assert c.subset_accuracy(y, decided) == 0.5 and c.hamming_loss(y, decided) == 0.25
    assert c.f1(y, decided, average="micro") == pytest.approx(2 / 3)
    assert c.f1(y, decided, average="macro") == 0.5
    assert c.f1(y, decided, average="samples") == pytest.approx(1 / 3)
    np.testing.assert_array_equal(c.f1(y, decided, average=None), [1, 0])
    np.testing.assert_array_equal(c.confusion_matrix([0, 2], [1, 2]), [[0, 1, 0], [0, 0, 0], [0, 0, 1]])


def test_recall_of_two_batches_is_that_of_the_pooled_counts():
    """A batch without positives, then one with recall 1/2: 1/2, and not the mean 1/4."""
    y, decided = [0, 0, 1, 1], [0, 1, 1, 0]
    metric = keras.metrics.Recall()
    assert keras_over_batches(metric, np.array(y), np.array(decided), None, 2) == c.recall(y, decided) == 0.5


def test_micro_averages_of_multiclass_decisions_are_the_accuracy():
    y, p = multiclass(101)
    accuracy = c.sparse_categorical_accuracy(y, p)
    for ours, _ in RATIOS.values():
        assert ours(y, p.argmax(axis=1), average="micro") == pytest.approx(accuracy)


# Where Keras and scikit-learn do not agree


def test_a_probability_at_the_threshold():
    assert list(c.decide([0.5, np.nextafter(0.5, 1)])) == [0, 1]
    metric = keras.metrics.BinaryAccuracy()
    assert keras_over_batches(metric, np.array([[0.0]]), np.array([[0.5]]), None, 1) == 1
    X = np.array([[-1.0], [1.0], [0.0]])  # symmetric, so that p(0) is 0.5
    model = LogisticRegression().fit(X[:2], [0, 1])
    at = float(model.predict_proba(X[2:])[0, 1])
    fixed = FixedThresholdClassifier(model, threshold=at).fit(X[:2], [0, 1])
    assert fixed.predict(X[2:]) == [1] and c.decide([at], at) == [0]


def test_zero_divided_by_zero():
    y, decided = np.array([0, 1]), np.array([0, 0])
    assert c.precision(y, decided) == 0 and c.precision(y, decided, zero_division=1) == 1
    assert keras_over_batches(keras.metrics.Precision(), y, decided, None, 2) == 0
    with pytest.warns(UserWarning, match="ill-defined"):
        assert sk.precision_score(y, decided) == 0


def test_keras_f1_by_default_calls_everything_positive_with_one_unit():
    y, _ = binary(101, 0.3)
    everything = c.f1(y, np.ones(101))
    perfect = 0.01 + 0.98 * y
    for outputs in (perfect, np.full(101, 0.01)):
        found = keras_over_batches(keras.metrics.F1Score(), y[:, None], outputs[:, None], None, 32)
        assert found[0] == pytest.approx(everything, abs=1e-6)
    assert c.f1(y, c.decide(perfect)) == 1 and everything < 0.5


def test_keras_f1_of_perfect_decisions_is_below_one():
    y = np.array([[1.0], [0.0]])
    metric = keras.metrics.F1Score(threshold=0.5, dtype="float64")
    assert 0 < 1 - keras_over_batches(metric, y, y, None, 2)[0] < 3e-7
    assert c.f1(y[:, 0], y[:, 0]) == 1


def test_keras_precision_of_two_softmax_columns_is_accuracy():
    y, p = binary(101, 0.3)
    rows, columns = np.eye(2)[y], np.column_stack([1 - p, p + 1e-6])
    accuracy = c.categorical_accuracy(rows, columns)
    pooled = keras_over_batches(keras.metrics.Precision(), rows, columns, None, 32)
    one_class = keras_over_batches(keras.metrics.Precision(class_id=1), rows, columns, None, 32)
    assert pooled == pytest.approx(accuracy, abs=1e-6)
    assert one_class == pytest.approx(c.precision(y, c.decide(p + 1e-6)), abs=1e-6)
    assert abs(one_class - accuracy) > 0.05


@pytest.mark.parametrize("k", [1, 2])
def test_ties_in_top_k(k):
    y, p = np.array([0, 1, 2]), np.full((3, 3), 1 / 3, dtype="float32")
    metric = keras.metrics.SparseTopKCategoricalAccuracy(k=k)
    assert keras_over_batches(metric, y, p, None, 3) == c.top_k_accuracy(y, p, k=k) == 1
    assert sk.top_k_accuracy_score(y, p, k=k) == pytest.approx(k / 3)
    assert sk.top_k_accuracy_score([2, 1, 0], p, k=1, sample_weight=[1, 0, 0]) == 1  # the last class wins
    assert c.sparse_categorical_accuracy([0], [[0.5, 0.5]]) == 1  # in argmax the first one wins
    assert c.top_k_accuracy(y, np.eye(3)[[1, 2, 0]], k=3) == 1 and c.top_k_accuracy([0], [[np.nan, 1]], k=1) == 0


def test_keras_top_k_refuses_float64():
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected to be a float tensor"):
        keras.metrics.sparse_top_k_categorical_accuracy([0], np.full((1, 3), 1 / 3))


def test_macro_average_with_a_class_that_does_not_occur():
    y, decided = np.array([0, 1]), np.array([0, 1])
    metric = keras.metrics.F1Score(average="macro")
    in_keras = keras_over_batches(metric, np.eye(3)[y], np.eye(3)[decided], None, 2)
    assert in_keras == pytest.approx(2 / 3) == c.f1(y, decided, average="macro", classes=3)
    assert sk.f1_score(y, decided, average="macro") == c.f1(y, decided, average="macro") == 1


def test_accuracy_of_several_labels():
    y, p = binary(33, 0.3, (3,))
    share_of_labels = keras_over_batches(keras.metrics.BinaryAccuracy(), y, p, None, 8)
    assert share_of_labels == pytest.approx(1 - c.hamming_loss(y, c.decide(p)), abs=1e-6)
    assert sk.accuracy_score(y, c.decide(p)) == c.subset_accuracy(y, c.decide(p)) < share_of_labels


def test_keras_reports_zero_for_no_samples():
    for metric in (keras.metrics.Precision(), keras.metrics.BinaryAccuracy(), keras.metrics.TopKCategoricalAccuracy()):
        assert float(metric.result()) == 0


# Bad input

P = np.full((2, 3), 1 / 3)
BAD = {
    "no samples": (lambda: c.f1([], []), "no samples"),
    "no samples, accuracy": (lambda: c.binary_accuracy([], []), "no samples"),
    "weights of 0": (lambda: c.recall([1], [1], sample_weight=[0]), "sum to 0"),
    "weights (n, 1)": (lambda: c.hamming_loss([1], [1], sample_weight=[[1]]), "one weight for each sample"),
    "probabilities": (lambda: c.precision([1, 0], [0.7, 0.2]), "with `decide`"),
    "several classes": (lambda: c.f1([0, 2], [0, 1]), 'average="micro", "macro" or None'),
    "shapes": (lambda: c.f1([1, 0], [[1], [0]]), "give both the same shape"),
    "binary of (n, k)": (lambda: c.f1([[1, 0]], [[1, 0]]), "and another average for several labels"),
    "samples of (n,)": (lambda: c.f1([1, 0], [1, 0], average="samples"), "needs several labels"),
    "average": (lambda: c.f1([1], [1], average="weighted"), "must be one of 'binary'"),
    "class beyond K": (lambda: c.confusion_matrix([0, 3], [0, 1], classes=3), "between 0 and 2"),
    "decision beyond K": (lambda: c.confusion_matrix([0, 1], [0, 3], classes=3), "y_pred holds 3"),
    "one-hot for sparse": (lambda: c.sparse_categorical_accuracy([[1, 0, 0], [0, 1, 0]], P), "for one-hot rows"),
    "sparse for one-hot": (lambda: c.categorical_accuracy([0, 1], P), "must be the same"),
    "one column": (lambda: c.categorical_accuracy([0, 1], [0.1, 0.2]), "one-hot rows are needed"),
    "rows": (lambda: c.top_k_accuracy([0], P), "a row for each sample"),
    "k": (lambda: c.top_k_accuracy([0, 1], P, k=0), "k is 0"),
    "text": (lambda: c.decide(["a"]), "must hold numbers"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_one_clear_sentence(case):
    call, said = BAD[case]
    with pytest.raises(ValueError) as caught:
        call()
    assert said in str(caught.value) and "\n" not in str(caught.value)
