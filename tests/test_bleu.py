"""BLEU held against sacrebleu, with every smoothing, and its parts against hand-made values."""

from __future__ import annotations

import itertools
import logging
import math
import random
from collections import Counter

import pytest
import sacrebleu
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

from helpers import bleu, data

TOLERANCE = 1e-9  # on the scale from 0 to 1
HOW = list(itertools.product(bleu.SMOOTHINGS, [False, True]))
logging.getLogger("sacrebleu").setLevel(logging.ERROR)  # it advises effective_order at each sentence


def random_text(rng, words, longest):
    return [rng.choice(words) for _ in range(rng.randint(0, longest))]


def changed(rng, text, words):
    """The text with some words replaced, dropped, doubled or moved: what a fair translation looks like."""
    text = [rng.choice(words) if rng.random() < 0.2 else word for word in text if rng.random() < 0.9]
    text = [copy for word in text for copy in [word] * (1 + (rng.random() < 0.1))]
    cut = rng.randint(0, len(text))
    return text[cut:] + text[:cut] if rng.random() < 0.2 else text


def random_corpus(seed):
    """Return references (one to three for each sentence) and hypotheses; some are empty, short, equal or foreign."""
    rng = random.Random(seed)
    words = [f"w{i}" for i in range(rng.choice([2, 5, 30]))]
    references, hypotheses = [], []
    for _ in range(rng.randint(1, 5)):
        text = random_text(rng, words, rng.choice([3, 12, 30]))
        kind = rng.choice(["changed", "changed", "changed", "same", "random", "foreign", "empty"])
        hypotheses.append({"changed": changed(rng, text, words), "same": list(text), "empty": [],
                           "random": random_text(rng, words, 12), "foreign": ["x"] * rng.randint(1, 6)}[kind])
        more = rng.randint(0, 2)
        references.append([text] + [changed(rng, text, words) for _ in range(more)])
    return references, hypotheses


def streams(references):
    """As sacrebleu takes them: the first reference of every sentence, then the second …; None where there is none."""
    return [[None if text is None else " ".join(text) for text in stream]
            for stream in itertools.zip_longest(*references)]


def of_sacrebleu(references, hypotheses, smoothing, effective_order, *, smooth_value=None, max_n=4, tokenize="none"):
    metric = sacrebleu.BLEU(smooth_method=smoothing, smooth_value=smooth_value, effective_order=effective_order,
                            max_ngram_order=max_n, tokenize=tokenize)
    return metric.corpus_score([" ".join(text) for text in hypotheses], streams(references))


# Against sacrebleu


@pytest.mark.parametrize(("smoothing", "effective_order"), HOW)
def test_corpus_bleu_is_sacrebleus(smoothing, effective_order):
    above_0 = several = short = 0
    for seed in range(1000):
        references, hypotheses = random_corpus(seed)
        expected = of_sacrebleu(references, hypotheses, smoothing, effective_order)
        found = bleu.corpus_bleu(references, hypotheses, smoothing=smoothing, effective_order=effective_order)
        assert found == pytest.approx(expected.score / 100, abs=TOLERANCE), seed
        above_0 += found > 0
        several += any(len(texts) > 1 for texts in references)
        short += expected.bp < 1
    assert min(above_0, several, short) > 250, "the cases must be more than zeros, one reference and long hypotheses"


@pytest.mark.parametrize(("smoothing", "effective_order"), HOW)
def test_sentence_bleu_is_sacrebleus(smoothing, effective_order):
    metric = sacrebleu.BLEU(smooth_method=smoothing, effective_order=effective_order, tokenize="none")
    sentences = above_0 = 0
    for seed in range(400):
        for references, hypothesis in zip(*random_corpus(seed), strict=True):
            expected = metric.sentence_score(" ".join(hypothesis), [" ".join(text) for text in references]).score / 100
            found = bleu.sentence_bleu(references, hypothesis, smoothing=smoothing, effective_order=effective_order)
            assert found == pytest.approx(expected, abs=TOLERANCE), (seed, references, hypothesis)
            sentences, above_0 = sentences + 1, above_0 + (found > 0)
    assert sentences > 1000 and above_0 > 100


def test_counts_precisions_and_brevity_penalty_are_sacrebleus():
    for seed, (smoothing, _) in itertools.product(range(1000), HOW[::2]):
        references, hypotheses = random_corpus(seed)
        expected = of_sacrebleu(references, hypotheses, smoothing, False)
        found = bleu.pooled([bleu.count(*pair) for pair in zip(references, hypotheses, strict=True)])
        assert (found.length, found.reference_length) == (expected.sys_len, expected.ref_len)
        assert bleu.brevity_penalty(found.length, found.reference_length) == pytest.approx(expected.bp, abs=TOLERANCE)
        if smoothing == "none":
            assert (found.matches, found.totals) == (expected.counts, expected.totals)
        if any(found.matches):  # otherwise sacrebleu computes no precisions
            p = [0 if math.isnan(p) else p for p in bleu.precisions(found, smoothing=smoothing)]
            assert p == pytest.approx([p / 100 for p in expected.precisions], abs=TOLERANCE)


@pytest.mark.parametrize("max_n", [1, 2, 3, 6])
@pytest.mark.parametrize(("smoothing", "smooth_value"), [("none", None), ("exp", None), ("floor", 0.5), ("add-k", 0.3)])
def test_other_orders_and_smoothing_values_are_sacrebleus(max_n, smoothing, smooth_value):
    for seed, effective_order in itertools.product(range(150), [False, True]):
        references, hypotheses = random_corpus(seed)
        expected = of_sacrebleu(references, hypotheses, smoothing, effective_order, smooth_value=smooth_value,
                                max_n=max_n)
        found = bleu.corpus_bleu(references, hypotheses, max_n=max_n, smoothing=smoothing, smooth_value=smooth_value,
                                 effective_order=effective_order)
        assert found == pytest.approx(expected.score / 100, abs=TOLERANCE)


# Tokens

PIECES = [
    *"abzé ü–¿«日", *"0159", *".,-'", *"!?:;()[]{}<>@#$%^&*_+=/\\|~`\"", *"  \n\t\u00a0",
    "-\n", "<skipped>", "&quot;", "&amp;", "&lt;", "&gt;", "&amp;lt;", "...", "1,000.50", "don't", "10-year", "U.S.",
]  # fmt: skip


def test_tokens_are_sacrebleus_on_random_text():
    theirs, rng = Tokenizer13a(), random.Random(0)
    seen = Counter()
    for _ in range(20_000):
        text = "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 20)))
        assert bleu.tokenize_13a(text) == theirs(text.rstrip()).split(), repr(text)
        seen.update(text)
    assert all(seen[character] for piece in PIECES for character in piece)


def test_tokens_are_sacrebleus_on_film_titles():
    theirs = Tokenizer13a()
    titles = data.films().table["title"]
    assert len(titles) == 17_472
    cut_further = 0
    for title in titles:
        tokens = bleu.tokenize_13a(title)
        assert tokens == theirs(title).split()
        cut_further += tokens != title.split()
    assert cut_further > 500


def test_bleu_of_raw_text_is_sacrebleus_with_its_own_tokenizer():
    """Sentences of film titles, punctuation included, so that the whole way from text to value is compared."""
    titles, rng = list(data.films().table["title"]), random.Random(0)
    moved = 0
    for _ in range(1000):
        texts = [" – ".join(rng.sample(titles, 3)) + rng.choice(["", ".", "!", " (1999)"]) for _ in range(2)]
        hypotheses = [" ".join(changed(rng, text.split(), ["the", "of", "1,000."])) for text in texts]
        expected = sacrebleu.corpus_bleu(hypotheses, [texts])  # smoothing "exp" and tokens "13a" unless told otherwise
        values = [bleu.corpus_bleu([[tokens(text)] for text in texts], [tokens(text) for text in hypotheses],
                                   smoothing="exp") for tokens in (bleu.tokenize_13a, str.split)]
        assert values[0] == pytest.approx(expected.score / 100, abs=TOLERANCE)
        moved += abs(values[0] - values[1]) > 0.01
    assert moved > 500, "tokenization moves BLEU"


def test_tokens_by_hand():
    for text, tokens in [("It's $1,000.", "It's $ 1,000 ."), ("3.5%", "3.5 %"), ("U.S.", "U . S ."), ("1-2", "1 - 2"),
                         ("well-known, yes", "well-known , yes"), ("a &amp; b", "a & b"), ("¿Qué?", "¿Qué ?"),
                         ("1...2", "1 . . .2"), ("", ""), ("line-\nbreak", "linebreak")]:  # fmt: skip
        assert bleu.tokenize_13a(text) == tokens.split()


# By hand


def test_clipping_counts_a_word_no_more_often_than_one_reference_has_it():
    references = ["the cat is on the mat".split(), "there is a cat on the mat".split()]
    assert bleu.clipped_matches(references, ["the"] * 7, 1) == 2
    assert bleu.precisions(bleu.count(references, ["the"] * 7, max_n=1)) == [2 / 7]
    assert bleu.ngrams("a b a b".split(), 2) == {("a", "b"): 2, ("b", "a"): 1}
    assert bleu.ngrams(["a"], 2) == {}


def test_a_sentence_by_hand():
    reference, hypothesis = "a b c d e f".split(), "a b c d x".split()
    counts = bleu.count([reference], hypothesis)
    assert counts == ([4, 3, 2, 1], [5, 4, 3, 2], 5, 6)
    value = math.exp(1 - 6 / 5) * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** (1 / 4)
    assert bleu.sentence_bleu([reference], hypothesis) == pytest.approx(value, rel=1e-12)
    assert bleu.sentence_bleu([reference], reference) == 1


def test_brevity():
    assert bleu.brevity_penalty(5, 5) == bleu.brevity_penalty(9, 5) == bleu.brevity_penalty(0, 0) == 1
    assert bleu.brevity_penalty(5, 10) == pytest.approx(math.exp(-1)) and bleu.brevity_penalty(0, 5) == 0
    assert bleu.closest_length([["a"] * 4, ["a"] * 6, ["a"] * 9], ["a"] * 5) == 4, "of two, the shorter"


def test_no_shared_four_gram_gives_0_unsmoothed_only():
    """Question 32: a good paraphrase."""
    reference, hypothesis = "he was very happy about the new house".split(), "he felt glad about the new home".split()
    assert bleu.count([reference], hypothesis).matches == [4, 2, 1, 0]
    assert bleu.sentence_bleu([reference], hypothesis) == 0
    for smoothing in ("add-k", "exp", "floor"):
        assert 0 < bleu.sentence_bleu([reference], hypothesis, smoothing=smoothing) < 1


def test_smoothing_by_hand():
    counts = bleu.Counts([2, 1, 0, 0], [5, 4, 3, 2], 5, 5)
    for smoothing, expected in [("none", [2 / 5, 1 / 4, 0, 0]), ("floor", [2 / 5, 1 / 4, 0.1 / 3, 0.1 / 2]),
                                ("add-k", [2 / 5, 2 / 5, 1 / 4, 1 / 3]), ("exp", [2 / 5, 1 / 4, 1 / 6, 1 / 8])]:
        assert bleu.precisions(counts, smoothing=smoothing) == pytest.approx(expected)


def test_corpus_bleu_is_not_the_mean_of_the_sentences():
    references = [["a b c d e f g h".split()], ["a b c d".split()]]
    hypotheses = ["a b c d e f g h".split(), "a b c x".split()]
    sentences = [bleu.sentence_bleu(*pair) for pair in zip(references, hypotheses, strict=True)]
    corpus = bleu.corpus_bleu(references, hypotheses)
    assert sentences == [1, 0] and corpus == pytest.approx((11 / 12 * 9 / 10 * 7 / 8 * 5 / 6) ** (1 / 4))


# Where the library and the paper, or its documentation, say different things


def test_identical_texts_of_two_words():
    text = ["two", "words"]
    for smoothing, effective_order, expected in [("none", False, 0), ("exp", False, 0), ("floor", False, 0),
                                                 ("add-k", False, 1), ("none", True, 1)]:
        how = {"smoothing": smoothing, "effective_order": effective_order}
        assert bleu.sentence_bleu([text], text, **how) == expected
        assert of_sacrebleu([[text]], [text], smoothing, effective_order).score == pytest.approx(100 * expected)


def test_without_any_match_smoothing_gives_nothing_although_the_formula_would():
    reference, hypothesis = "a b c d".split(), "w x y z".split()
    counts = bleu.count([reference], hypothesis)
    for smoothing in ("floor", "exp"):
        assert bleu.from_counts(counts, smoothing=smoothing) == 0
        assert of_sacrebleu([[reference]], [hypothesis], smoothing, False).score == 0
        assert all(p > 0 for p in bleu.precisions(counts, smoothing=smoothing)), "by Chen and Cherry's formula"


def test_effective_order_keeps_precisions_of_0():
    reference, hypothesis = "a b c d".split(), "a x c y".split()
    assert bleu.sentence_bleu([reference], hypothesis, effective_order=True) == 0
    assert of_sacrebleu([[reference]], [hypothesis], "none", True).score == 0


def test_sacrebleu_misreads_references_listed_for_each_sentence():
    references = [[text.split()] for text in ("the cat is on the mat", "a dog ran in the park today", "she reads it")]
    hypotheses = [text.split() for text in ("the cat is on the mat", "a dog runs in the park today", "he reads it")]
    right = bleu.corpus_bleu(references, hypotheses)
    as_strings = [" ".join(text) for text in hypotheses]
    assert sacrebleu.corpus_bleu(as_strings, streams(references)).score == pytest.approx(100 * right)
    misread = sacrebleu.corpus_bleu(as_strings, [[" ".join(text) for text in texts] for texts in references]).score
    assert misread == pytest.approx(100) and right < 0.8
    with pytest.raises(ValueError, match="one list of references for each hypothesis"):
        bleu.corpus_bleu([[texts[0] for texts in references]], hypotheses)  # sacrebleu's streams given to this module


def test_bad_input_gives_one_clear_sentence():
    text = ["a", "b"]
    for call, said in [
        (lambda: bleu.sentence_bleu(["a b"], text), "'a b' is a string: give text.split()"),
        (lambda: bleu.sentence_bleu("a b", text), "'a b' is a string: give text.split()"),
        (lambda: bleu.sentence_bleu([text], "a b"), "'a b' is a string: give text.split()"),
        (lambda: bleu.sentence_bleu(text, text), "[reference]"),
        (lambda: bleu.corpus_bleu([text], [text]), "[reference]"),
        (lambda: bleu.sentence_bleu([], text), "no reference"),
        (lambda: bleu.corpus_bleu([], []), "at least one"),
        (lambda: bleu.corpus_bleu(["a b"], "a b"), "must be a list of texts"),
        (lambda: bleu.corpus_bleu([[text]], [text, text]), "has 1 entries for 2 hypotheses"),
        (lambda: bleu.sentence_bleu([text], text, smoothing="laplace"), "no smoothing 'laplace'"),
        (lambda: bleu.sentence_bleu([text], text, smoothing="exp", smooth_value=1), "takes none"),
        (lambda: bleu.sentence_bleu([text], text, smoothing="add-k", smooth_value=0), "positive number"),
        (lambda: bleu.sentence_bleu([text], text, max_n=0), "from 1 on"),
        (lambda: bleu.sentence_bleu([text], text, max_n=2.5), "from 1 on"),
    ]:
        with pytest.raises(ValueError) as caught:
            call()
        assert said in str(caught.value) and "\n" not in str(caught.value)
