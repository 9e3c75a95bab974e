"""Word error rate held against jiwer, alignments included, and the drawing of an alignment."""

from __future__ import annotations

import itertools
import random
import warnings

import jiwer
import numpy as np
import pytest

from helpers import data, figures, wer

KINDS = {"equal": "hit", "substitute": "substitution", "insert": "insertion", "delete": "deletion"}


def random_pair(seed, longest=15):
    """Two texts as lists of words, often related; each may be empty."""
    rng = random.Random(seed)
    words = "abcdefgh"[: rng.randint(1, 8)]
    reference = [rng.choice(words) for _ in range(rng.choice([0, 1, longest // 3, longest]))]
    if rng.random() < 0.4:
        return reference, [rng.choice(words) for _ in range(rng.randint(0, longest))]
    heard = [rng.choice(words) if rng.random() < 0.25 else word for word in reference if rng.random() < 0.85]
    return reference, [copy for word in heard for copy in [word] * (1 + (rng.random() < 0.15))]


def steps_of_jiwer(found):
    """jiwer's chunks of the first pair, as one step a word."""
    steps = []
    reference, hypothesis = found.references[0], found.hypotheses[0]
    for chunk in found.alignments[0]:
        heard = hypothesis[chunk.hyp_start_idx : chunk.hyp_end_idx]
        said = reference[chunk.ref_start_idx : chunk.ref_end_idx]
        steps += [(KINDS[chunk.type], *words) for words in itertools.zip_longest(said, heard)]
    return steps


# Against jiwer


def test_single_pairs_are_jiwers_with_every_step_of_the_alignment():
    kinds, empty = set(), set()
    for seed in range(3000):
        reference, hypothesis = random_pair(seed)
        expected = jiwer.process_words(" ".join(reference), " ".join(hypothesis))
        alignment = wer.align(reference, hypothesis)
        assert alignment == steps_of_jiwer(expected), seed
        edits = (expected.hits, expected.substitutions, expected.insertions, expected.deletions)
        assert wer.count(alignment) == edits
        assert wer.wer(reference, hypothesis) == expected.wer
        kinds |= {step.kind for step in alignment}
        empty.add((not reference, not hypothesis))
    assert kinds == set(wer.MARKS) and len(empty) == 4, "all kinds of steps; each text empty and not"


def test_corpora_are_jiwers():
    above_1 = 0
    for seed in range(1000):
        pairs = [random_pair(f"{seed} {i}") for i in range(random.Random(seed).randint(1, 6))]
        references, hypotheses = map(list, zip(*pairs, strict=True))
        expected = jiwer.process_words([" ".join(text) for text in references], [" ".join(text) for text in hypotheses])
        found = wer.corpus_wer(references, hypotheses)
        assert found == expected.wer
        edits = (expected.hits, expected.substitutions, expected.insertions, expected.deletions)
        assert wer.pooled(references, hypotheses) == edits
        above_1 += found > 1
    assert above_1 > 10


def test_long_texts_are_jiwers():
    for seed in range(8):
        reference, hypothesis = random_pair(seed, longest=200)
        expected = jiwer.process_words(" ".join(reference), " ".join(hypothesis))
        assert wer.align(reference, hypothesis) == steps_of_jiwer(expected)


def test_character_error_rate_of_film_titles_is_jiwers():
    titles, rng = list(data.films().table["title"]), random.Random(0)
    for _ in range(1000):
        title, other = rng.sample(titles, 2)
        other = rng.choice([other, title.lower(), title[rng.randint(0, 3) :], title.replace("e", "")])
        assert wer.wer(list(title), list(other.strip())) == jiwer.cer(title, other)
    assert jiwer.cer("ab", " ab") == 0 and wer.wer(list("ab"), list(" ab")) == 1 / 2, "jiwer strips the ends"


@pytest.mark.parametrize(("reference", "hypothesis", "expected"),
                         [("", "", 0), ("", "two words", 2), ("two words", "", 1)])
def test_empty_texts(reference, hypothesis, expected):
    assert wer.wer(reference.split(), hypothesis.split()) == jiwer.wer(reference, hypothesis) == expected
    kinds = {"": [], "two words": ["insertion"] * 2}[hypothesis] if not reference else ["deletion"] * 2
    assert [step.kind for step in wer.align(reference.split(), hypothesis.split())] == kinds


# By definition and by hand


def test_no_sequence_of_edits_is_shorter():
    """All texts that one edit reaches, then two, …: the distance is the round in which the hypothesis appears."""
    words = "ab"
    for seed in range(60):
        reference, hypothesis = (tuple(text) for text in random_pair(seed, longest=6))
        hypothesis = tuple(words[word > "d"] for word in hypothesis)
        reference = tuple(words[word > "d"] for word in reference)
        reached, rounds = {reference}, 0
        while hypothesis not in reached:
            rounds += 1
            longest = max(len(reference), len(hypothesis))
            reached |= {new for text in reached for i in range(len(text) + 1)
                        for new in [text[:i] + text[i + 1 :], *(text[:i] + (w,) + text[i + 1 :] for w in words),
                                    *(text[:i] + (w,) + text[i:] for w in words)] if len(new) <= longest}
        assert wer.edit_distance(reference, hypothesis) == rounds == wer.edit_table(reference, hypothesis)[-1, -1]


def test_an_alignment_spells_both_texts_and_costs_the_distance():
    for seed in range(500):
        reference, hypothesis = random_pair(seed)
        alignment = wer.align(reference, hypothesis)
        assert [step.reference for step in alignment if step.reference is not None] == reference
        assert [step.hypothesis for step in alignment if step.hypothesis is not None] == hypothesis
        edits = wer.count(alignment)
        assert edits.errors == wer.edit_distance(reference, hypothesis) and edits.reference_words == len(reference)
        assert wer.edit_distance(hypothesis, reference) == edits.errors, "symmetric"


def test_three_extra_words_are_300_percent():
    """Question 33."""
    assert wer.wer(["hello"], "oh hello there friend".split()) == 3


def test_an_alignment_by_hand():
    alignment = wer.align("put the red ball down".split(), "put a red ball right down now".split())
    assert alignment == [("hit", "put", "put"), ("substitution", "the", "a"), ("hit", "red", "red"),
                         ("hit", "ball", "ball"), ("insertion", None, "right"), ("hit", "down", "down"),
                         ("insertion", None, "now")]  # fmt: skip
    assert wer.count(alignment) == (4, 1, 2, 0) and wer.rate(wer.count(alignment)) == 3 / 5
    np.testing.assert_array_equal(wer.edit_table("ab", "b"), [[0, 1], [1, 1], [2, 1]])


def test_a_corpus_is_pooled_and_not_the_mean_of_its_texts():
    references = ["a b c d e f g h i".split(), ["a"]]
    hypotheses = ["a b c d e f g h i".split(), ["b"]]
    assert wer.corpus_wer(references, hypotheses) == 1 / 10
    assert np.mean([wer.wer(*pair) for pair in zip(references, hypotheses, strict=True)]) == 1 / 2


def test_case_and_punctuation_count_here_and_in_jiwer():
    assert wer.wer(["Hello,"], ["hello"]) == jiwer.wer("Hello,", "hello") == 1


def test_one_distance_can_be_made_of_other_kinds_of_edits():
    """Why `align` must choose as jiwer does: WER is the same, the kinds are not."""
    reference, hypothesis = ["a", "b"], ["b", "a"]
    found = jiwer.process_words("a b", "b a")
    assert wer.count(wer.align(reference, hypothesis)) == (1, 0, 1, 1)
    assert (found.hits, found.substitutions, found.insertions, found.deletions) == (1, 0, 1, 1)
    two_substitutions = [wer.Step("substitution", *words) for words in zip(reference, hypothesis, strict=True)]
    assert wer.rate(wer.count(two_substitutions)) == wer.wer(reference, hypothesis) == found.wer == 1


# The drawing


def drawn(alignment, height=3.0, **how):
    fig, ax = figures.axes(height=height)
    wer.draw(ax, alignment, **how)
    fig.canvas.draw()
    return fig, ax


def long_alignment():
    reference = "the quick brown fox jumps over the lazy dog near the river bank".split()
    return wer.align(reference, "a quick brow fox jump over lazy old dog near near the river".split())


def test_the_drawing_holds_every_word_and_a_letter_for_each_edit():
    alignment = long_alignment()
    fig, ax = drawn(alignment)
    shown = [text.get_text() for text in ax.texts]
    for step in alignment:
        for word in (step.reference, step.hypothesis):
            if word is not None:
                assert word in shown
                shown.remove(word)
    edits = wer.count(alignment)
    assert min(edits) > 0
    assert sorted(text for text in shown if text) == sorted("S" * edits.substitutions + "I" * edits.insertions
                                                            + "D" * edits.deletions)
    assert len(ax.patches) == edits.errors
    assert [label.get_text() for label in ax.get_yticklabels()] == ["reference", "hypothesis"] * 2
    assert all(word in ax.get_xlabel() for word in ("substitution", "insertion", "deletion"))


def test_edits_are_told_apart_without_color():
    fig, ax = drawn(long_alignment())
    frames = {}
    for frame in ax.patches:
        inside = [text.get_text() for text in ax.texts if frame.get_bbox().contains(*text.get_position())]
        letter = next(text for text in inside if text in ("S", "I", "D"))
        frames[letter] = (frame.get_linestyle(), frame.get_edgecolor())
    assert set(frames) == {"S", "I", "D"}
    assert len({style for style, _ in frames.values()}) == len({color for _, color in frames.values()}) == 3
    assert all(figures.plt.matplotlib.colors.to_hex(color).upper() in figures.COLORS for _, color in frames.values())


PAIRS = [
    (["hello"], "oh hello there friend".split()), (list("Star Wars"), list("Stat  War")),
    (["W" * 200, "MMMM"], ["W" * 201]), ([], ["a"]), (["i"] * 40, ["i"]),
]  # fmt: skip


@pytest.mark.parametrize("alignment", [long_alignment(), *(wer.align(*pair) for pair in PAIRS)])
def test_no_text_runs_into_another_or_out_of_the_figure(alignment):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # such as a glyph that the font lacks
        fig, ax = drawn(alignment, height=5)
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text()]
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
    for box in boxes:
        assert ax.bbox.x0 - 1 <= box.x0 and box.x1 <= ax.bbox.x1 + 1 and ax.bbox.y0 <= box.y0 and box.y1 <= ax.bbox.y1


def test_columns_decide_where_an_alignment_goes_on_below():
    words = "one two three four five six".split()
    for columns, lines in [(100, 1), (20, 2), (1, 6)]:
        fig, ax = drawn(wer.align(words, words), columns=columns)
        assert len(ax.get_yticks()) == 2 * lines
        assert ax.get_xlim()[1] >= columns


def test_an_empty_alignment_can_be_drawn_and_described():
    fig, ax = drawn([])
    assert not ax.patches and wer.describe([]) == "both texts are empty"


def test_description_says_each_step():
    alignment = wer.align(["a", " ", "b", "c", "x"], ["a", " ", "b", "d", "d", "x"])
    assert wer.describe(alignment) == "a; ␣; b; d inserted; d for c; x"
    assert wer.describe(wer.align(["a", "b"], ["b"])) == "a deleted; b"


def test_the_same_alignment_is_the_same_bytes():
    assert figures.png(drawn(long_alignment())[0]) == figures.png(drawn(long_alignment())[0])


def test_bad_input_gives_one_clear_sentence():
    for call, said in [
        (lambda: wer.wer("hello", ["hello"]), "'hello' is a string: give text.split()"),
        (lambda: wer.align(["hello"], "hello"), "list(text) for the character error rate"),
        (lambda: wer.edit_distance("a", "b"), "is a string"),
        (lambda: wer.corpus_wer([["a"]], []), "references has 1 texts and hypotheses 0"),
        (lambda: wer.corpus_wer("ab", "ab"), "each a list of words"),
        (lambda: wer.corpus_wer(["a b"], ["a b"]), "'a b' is a string"),
        (lambda: wer.corpus_wer([], []), "no texts"),
    ]:
        with pytest.raises(ValueError) as caught:
            call()
        assert said in str(caught.value) and "\n" not in str(caught.value)
