"""Perplexity held against Keras' cross-entropy and against arithmetic; what Keras makes of padding."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest

from helpers import perplexity as px

CASES = 1000


def example(seed, dtype="float32"):
    """Return y_true (n, T) of integers, logits (n, T, V) and weights (n, T); y is 0 where padding is."""
    rng = np.random.default_rng(seed)
    n, T, V = rng.integers(1, 6), rng.integers(1, 12), rng.integers(2, 30)
    logits = (rng.normal(size=(n, T, V)) * rng.choice([0.1, 1, 10, 300])).astype(dtype)
    weights = (np.arange(T) < rng.integers(1, T + 1, size=(n, 1))).astype("float32")
    return np.where(weights > 0, rng.integers(0, V, size=(n, T)), 0), logits, weights


def keras_loss(y, logits, weights=None, **how):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, **how)
    return float(loss(y, keras.ops.convert_to_tensor(logits), sample_weight=weights))


def keras_metric(y, logits, weights=None):
    metric = keras.metrics.SparseCategoricalCrossentropy(from_logits=True)
    metric.update_state(y, logits, sample_weight=weights)
    return float(metric.result())


# Against Keras


def test_mean_nats_and_perplexity_are_keras_cross_entropy():
    padded = 0
    for seed in range(CASES):
        y, logits, weights = example(seed)
        nats = px.nats_from_logits(y, logits)
        near = {"rel": 2e-6, "abs": 2e-6}
        assert px.mean_nats(nats) == pytest.approx(keras_loss(y, logits), **near)
        expected = keras_loss(y, logits, weights, reduction="mean_with_sample_weight")
        assert px.mean_nats(nats, weights) == pytest.approx(expected, **near)
        if seed % 10 == 0:
            assert keras_metric(y, logits, weights) == pytest.approx(expected, **near)
        if expected < 80:
            assert px.perplexity(nats, weights) == pytest.approx(math.exp(expected), rel=1e-4)
        padded += (weights == 0).any()
    assert padded > CASES / 2


def test_each_tokens_nats_are_keras_in_float64():
    for seed in range(CASES):
        y, logits, _ = example(seed, "float64")
        expected = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none", dtype="float64")
        np.testing.assert_allclose(px.nats_from_logits(y, logits),
                                   np.asarray(expected(y, keras.ops.convert_to_tensor(logits))), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("padding", [False, True])
def test_mean_nats_and_perplexity_are_keras_in_float64(padding):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight",
                                                      dtype="float64")
    finite = 0
    for seed in range(CASES):
        y, logits, weights = example(seed, "float64")
        weights = weights.astype("float64") if padding else np.ones(y.shape)
        nats = px.nats_from_logits(y, logits)
        expected = float(loss(y, keras.ops.convert_to_tensor(logits), sample_weight=weights))
        assert px.mean_nats(nats, weights) == pytest.approx(expected, rel=1e-9, abs=1e-9)
        if expected < 700:  # exp of more is infinite
            assert px.perplexity(nats, weights) == pytest.approx(math.exp(expected), rel=1e-9)
            finite += 1
    assert finite > CASES * 0.9


def test_ignore_class_divides_by_what_is_not_ignored():
    for seed in range(100):
        y, logits, weights = example(seed)
        if logits.shape[-1] < 3:
            continue
        y = np.where(weights > 0, np.maximum(y, 1), 0)
        nats = px.nats_from_logits(y, logits)
        assert px.mean_nats(nats, weights) == pytest.approx(keras_loss(y, logits, ignore_class=0), rel=2e-6, abs=2e-6)


def test_what_keras_reports_of_padded_sequences():
    """Two batches of three sequences, of very different lengths: what each set-up divides by."""
    V, T, lengths = 7, 9, np.array([1, 2, 1, 9, 8, 9])
    rng = np.random.default_rng(0)
    weights = (np.arange(T) < lengths[:, None]).astype("float32")
    y = np.where(weights > 0, rng.integers(1, V, size=weights.shape), 0)
    table = rng.normal(size=(V, 4)) * 2

    def model(mask_zero):
        tokens = keras.Input((T,))
        made = keras.Model(tokens, keras.layers.Dense(V)(keras.layers.Embedding(V, 4, mask_zero=mask_zero)(tokens)))
        made.set_weights([table, np.arange(4 * V).reshape(4, V) % 5 - 2.0, np.zeros(V)])
        return made

    nats = px.nats_from_logits(y, model(False).predict(y, verbose=0))
    right = px.mean_nats(nats, weights)
    halves = [px.mean_nats(nats[part], weights[part]) for part in (slice(0, 3), slice(3, 6))]
    of_batches, everything = np.mean(halves), px.mean_nats(nats)
    too_low = (nats * weights).sum() / weights.size
    assert len({round(float(x), 2) for x in (right, of_batches, everything, too_low)}) == 4 and too_low < right

    def reported(mask_zero, sample_weight=None, weighted=False, **how):
        metric = [keras.metrics.SparseCategoricalCrossentropy(from_logits=True, name="metric")]
        tried = model(mask_zero)
        tried.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, **how),
                      **{"weighted_metrics" if weighted else "metrics": metric})
        found = tried.evaluate(y, y, sample_weight=sample_weight, batch_size=3, verbose=0, return_dict=True)
        return found["loss"], found["metric"]

    for found, expected in [
        (reported(False), (everything, everything)),
        (reported(False, weights), (too_low, everything)),
        (reported(False, weights, weighted=True), (too_low, right)),
        (reported(False, weights, weighted=True, reduction="mean_with_sample_weight"), (of_batches, right)),
        (reported(False, ignore_class=0), (of_batches, everything)),
        (reported(True), (of_batches, right)),
    ]:
        assert found == pytest.approx(expected, rel=1e-5)


# Arithmetic


def test_perplexity_is_the_number_of_equally_likely_choices():
    assert px.perplexity(np.full(5, math.log(4))) == pytest.approx(4, rel=1e-12)
    assert px.perplexity(px.nats_from_logits(np.zeros((2, 3), int), np.zeros((2, 3, 10)))) == pytest.approx(10)
    assert px.perplexity([0.0, 0.0]) == 1


def test_the_mean_comes_before_exp_and_bits_are_nats_by_log_2():
    """Pitfall 45: nats of 1.386 are a perplexity of 4, and 2 ** nats is none."""
    nats = np.array([math.log(4)] * 3)
    assert 2 ** px.bits(px.mean_nats(nats)) == pytest.approx(4) and 2 ** px.mean_nats(nats) < 2.7
    sentences = [np.array([1.0]), np.array([3.0])]
    assert px.perplexity(sentences) == pytest.approx(math.exp(2))
    assert np.mean([px.perplexity(nats) for nats in sentences]) > 1.5 * px.perplexity(sentences)
    np.testing.assert_allclose(px.bits(nats), 2)
    assert px.bits(math.log(2)) == 1


def test_all_forms_of_nats_are_the_same_tokens():
    ragged = [np.array([1.0, 2.0]), np.array([4.0])]
    padded, weights = np.array([[1.0, 2.0], [4.0, 99.0]]), np.array([[1, 1], [1, 0]])
    for nats, counted in [(ragged, None), (padded, weights), ([1.0, 2.0, 4.0], None), (ragged, [[1, 1], [1]])]:
        assert px.mean_nats(nats, counted) == pytest.approx(7 / 3)
    padded[1, 1] = np.nan  # a token without weight may be anything
    assert px.mean_nats(padded, weights) == pytest.approx(7 / 3)
    assert px.mean_nats(padded, 2.5 * weights) == pytest.approx(7 / 3)


def test_certain_and_wrong_is_infinite():
    assert px.perplexity([math.inf, 0.0]) == math.inf and px.perplexity([800.0]) == math.inf
    assert px.nats_from_logits([1], [[1000.0, 0.0]]) == [1000]
    assert px.nats_from_logits([1], [[0.0, -np.inf]]) == [np.inf]


def test_ten_words_and_twenty_pieces_of_the_same_text():
    """Question 34."""
    text = ["x" * 39]
    words, pieces = px.compare({"words": [np.full(10, 2.0)], "pieces": [np.full(20, 1.0)]}, text).values()
    assert (words.tokens, pieces.tokens, words.characters) == (10, 20, 40)
    assert words.perplexity == pytest.approx(math.exp(2)) and pieces.perplexity == pytest.approx(math.e)
    assert words.nats == pieces.nats == 20
    assert words.bits_per_character == pieces.bits_per_character == pytest.approx(20 / 40 / math.log(2))
    assert words.perplexity_per_character == pieces.perplexity_per_character == pytest.approx(math.exp(1 / 2))
    assert words.bits_per_token == pytest.approx(2 / math.log(2)) and words.nats_per_token == 2


def test_units_of_padded_sequences():
    nats, weights = np.array([[1.0, 2.0, 9.0], [1.0, 1.0, 1.0]]), np.array([[1, 1, 0], [1, 1, 1]])
    found = px.units(nats, ["a", "bc"], weights)
    assert (found.nats, found.tokens, found.characters, found.nats_per_token) == (6, 5, 5, 6 / 5)


def test_bad_input_gives_one_clear_sentence():
    for call, said in [
        (lambda: px.perplexity([]), "No token counts"),
        (lambda: px.perplexity([1.0], [0]), "No token counts"),
        (lambda: px.perplexity([1.0, 2.0], [2, -1]), "No token counts"),
        (lambda: px.perplexity([1.0, math.nan]), "holds NaN"),
        (lambda: px.perplexity([-1.4, -0.2]), "nats holds -1.4, but -log p is never below 0"),
        (lambda: px.perplexity([1.0, 2.0], [1]), "weights has 1 numbers and nats 2"),
        (lambda: px.nats_from_logits([1, 0], np.zeros((3, 4))), "logits need the shape of y_true"),
        (lambda: px.nats_from_logits([4], np.zeros((1, 4))), "between 0 and 3"),
        (lambda: px.units([1.0], "a title"), "give ['a title']"),
        (lambda: px.compare({"words": [np.ones(2)]}, ["a", "b"]), "'words' has nats for 1 texts, but there are 2"),
    ]:
        with pytest.raises(ValueError) as caught:
            call()
        assert said in str(caught.value) and "\n" not in str(caught.value)
