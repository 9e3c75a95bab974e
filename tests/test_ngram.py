"""The n-gram model held against counting by brute force, in fractions."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from helpers import data, perplexity
from helpers.ngram import BOS, EOS, UNK, NGram


def brute_force(texts, n, k, smoothing, outcomes):
    """p(token | context) by its definition: every place of every text is looked at each time."""
    padded = [[BOS] * (n - 1) + list(text) + [EOS] for text in texts]
    places = [(tuple(text[i - n + 1 : i]), text[i]) for text in padded for i in range(n - 1, len(text))]
    V = len(outcomes)

    def p(token, context):
        fits = [following for before, following in places if before[len(before) - len(context) :] == context]
        q = p(token, context[1:]) if context and smoothing == "interpolated" else Fraction(1, V)
        return (fits.count(token) + k * V * q) / (len(fits) + k * V)

    return p


@pytest.mark.parametrize("smoothing", ["interpolated", "add-k"])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_probabilities_are_those_of_brute_force(n, smoothing):
    points = 0
    for seed in range(12):
        rng = random.Random(seed)
        texts = ["".join(rng.choice("abc") for _ in range(rng.randint(0, 6))) for _ in range(rng.randint(1, 6))]
        k = Fraction(rng.randint(1, 20), 10)
        model = NGram(n, smoothing=smoothing, k=float(k), vocabulary="abcd").fit(texts)
        assert model.outcomes == ("a", "b", "c", "d", EOS, UNK)
        p = brute_force(texts, n, k, smoothing, model.outcomes)
        contexts = [*itertools.product("abd", repeat=n - 1)][:20] + [(BOS,) * (n - 1), (UNK,) * (n - 1)]
        for context in contexts:
            found = model.probabilities(context)
            np.testing.assert_allclose(found, [float(p(token, context)) for token in model.outcomes], rtol=1e-12)
            assert found.sum() == pytest.approx(1, rel=1e-12)
            points += len(found)
        text = "".join(rng.choice("abcd") for _ in range(5))
        events = [(BOS,) * (n - 1) + tuple(text[:i]) for i in range(6)]
        expected = [-np.log(float(p(token, before[len(before) - n + 1 :])))
                    for token, before in zip([*text, EOS], events, strict=True)]
        np.testing.assert_allclose(model.nats([text])[0], expected, rtol=1e-12)
    assert points > 150


def test_a_bigram_model_by_hand():
    model = NGram(2, smoothing="add-k", k=1).fit(["ab", "ab", "aa"])
    assert model.outcomes == ("a", "b", EOS, UNK)
    assert model.probability("b", "a") == (2 + 1) / (4 + 4)  # after four a came: b, b, a, end
    assert model.probability("a", (BOS,)) == (3 + 1) / (3 + 4)
    assert model.probability(EOS, "b") == (2 + 1) / (2 + 4)
    assert model.probability("b", "xyza") == model.probability("b", "a"), "only the last n - 1 count"
    assert model.probability("a", "x") == 1 / 4, "after what never came, nothing is known"
    interpolated = NGram(2, k=1).fit(["ab", "ab", "aa"])
    assert interpolated.probability("b", "a") == (2 + 4 * (2 + 1) / (9 + 4)) / (4 + 4)


def test_unknown_tokens_are_one_outcome_and_the_end_is_an_event():
    model = NGram(3).fit(["abc", "abd"])
    assert model.probability("é", "ab") == model.probability("ü", "ab") == model.probability(UNK, "ab")
    np.testing.assert_array_equal(model.probabilities("aé"), model.probabilities("aü"))
    assert [len(nats) for nats in model.nats(["", "abc", "é"])] == [1, 4, 2]
    counted = NGram(2, smoothing="add-k", k=1, vocabulary="a").fit(["ab", "ac"])  # b and c are read as UNK, and counted
    assert counted.outcomes == ("a", EOS, UNK) and counted.probability("b", "a") == (2 + 1) / (2 + 3)
    assert counted.probability(EOS, "z") == counted.probability(EOS, "b") == (2 + 1) / (2 + 3)


def test_words_are_tokens_like_characters():
    model = NGram(2, k=1, smoothing="add-k").fit([["the", "end"], ["the", "road"]])
    assert model.outcomes == ("end", "road", "the", EOS, UNK)
    assert model.probability("end", ["the"]) == (1 + 1) / (2 + 5)


def test_fit_forgets_what_was_fitted_before():
    again = NGram(3).fit(["xyz"]).fit(["abc", "abd"])
    fresh = NGram(3).fit(["abc", "abd"])
    assert again.outcomes == fresh.outcomes
    np.testing.assert_array_equal(again.probabilities("ab"), fresh.probabilities("ab"))


def test_longer_contexts_help_on_film_titles_and_every_title_is_paid_for():
    titles = data.titles()
    bits = []
    for n in (1, 2, 3, 4):
        model = NGram(n, vocabulary=titles.characters).fit(titles.titles_train)
        assert len(model.outcomes) == len(titles.vocabulary) - 2, "all but <pad> and <bos>, which never come next"
        nats = model.nats(titles.titles_val)
        assert sum(map(len, nats)) == titles.weights(titles.y_val).sum() == perplexity.characters(titles.titles_val)
        bits.append(perplexity.units(nats, titles.titles_val).bits_per_character)
    assert np.log2(len(model.outcomes)) > bits[0] and (np.diff(bits) < -0.2).all()


def test_titles_in_pieces_of_two_characters_are_comparable_by_character_only():
    titles = data.titles(longest=20)

    def pieces(title):
        return [title[i : i + 2] for i in range(0, len(title), 2)]

    train, val = [[pieces(title) for title in some] for some in (titles.titles_train, titles.titles_val)]
    by_character = NGram(3).fit(titles.titles_train).nats(titles.titles_val)
    models = {"characters": by_character, "pieces": NGram(2).fit(train).nats(val)}
    characters, two = perplexity.compare(models, titles.titles_val).values()
    assert characters.characters == two.characters and characters.tokens > 1.5 * two.tokens
    assert two.perplexity > 3 * characters.perplexity
    assert two.perplexity_per_character < 1.5 * characters.perplexity_per_character


def test_bad_input_gives_one_clear_sentence():
    for call, said in [
        (lambda: NGram(0), "from 1 on"),
        (lambda: NGram(2.5), "from 1 on"),
        (lambda: NGram(2, smoothing="backoff"), "choose 'interpolated' or 'add-k'"),
        (lambda: NGram(2, k=0), "must be positive"),
        (lambda: NGram(2).nats(["a"]), "call fit(texts) first"),
        (lambda: NGram(2).probabilities(), "call fit(texts) first"),
        (lambda: NGram(2).fit("a title"), "must be a list of texts"),
        (lambda: NGram(2).fit([]), "at least one"),
        (lambda: NGram(2).fit(["a"]).nats("a"), "must be a list of texts"),
    ]:
        with pytest.raises(ValueError) as caught:
            call()
        assert said in str(caught.value) and "\n" not in str(caught.value)
