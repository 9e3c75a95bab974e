"""BLEU in plain Python, to be read: n-grams of the hypothesis that a reference has too, and a penalty for brevity.

    BLEU = BP · exp((log p_1 + … + log p_N) / N), from 0 to 1, with N = `max_n` = 4 unless told otherwise

p_n: of all n-grams of the hypothesis, the share that a reference has too, each counted at most as often as in the
reference that has most of it. BP: `brevity_penalty`. A text is a list of tokens; who makes the tokens decides about
the value, so it is done in sight: `text.split()`, or `tokenize_13a(text)`. A string instead raises ValueError.

`references`, one sentence: a list of texts, each right. A corpus: a list of such lists, one for each hypothesis; their
lengths may differ. As everywhere in this workbook, what is true comes first.

Source: Papineni et al., BLEU: a method for automatic evaluation of machine translation (2002). sacrebleu 2.6 agrees
with this module; tests/test_bleu.py says on how many cases. What to know when you compare:

- It gives 100 times the value. It takes hypotheses first, and references as streams: the first reference of every
  sentence, then the second of every sentence. Lists for each sentence, as here, it takes too, and misreads them.
- Unless told otherwise it tokenizes ("13a") and smooths ("exp"); its `sentence_bleu` also sets `effective_order`.
- **No n-gram in common, not even a word.** It says 0 whatever the smoothing, and so does this module. The paper's
  "floor" and "exp" would give more than 0.
- **Shorter than N tokens.** There is no N-gram to count, and BLEU is 0 even for identical texts. Not so under
  "add-k": it makes 0 / 0 a precision of k / k = 1, so that the missing n-grams count as all right.
- **Effective order** leaves out the n that the hypothesis is too short for. Its documentation speaks of precisions of
  0; those stay in.
- **Two references equally close in length.** The paper leaves it open; the shorter one counts, as here.
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from typing import NamedTuple

SMOOTHINGS = {"none": None, "add-k": 1.0, "exp": None, "floor": 0.1}  # name → the value it uses unless given one


class Counts(NamedTuple):
    """All that BLEU needs to know of a sentence, or of a corpus. Place n - 1 of the lists is for n-grams."""

    matches: list[int]  # n-grams of the hypothesis that a reference has too, clipped
    totals: list[int]  # all n-grams of the hypothesis
    length: int  # tokens of the hypothesis
    reference_length: int  # tokens of the reference that is closest in length


def ngrams(tokens, n: int) -> Counter:
    """Return how often each run of n tokens occurs: "a b a b" has the 2-grams (a, b) twice and (b, a) once."""
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def clipped_matches(references, hypothesis, n: int) -> int:
    """Number of n-grams of the hypothesis that are in a reference, each at most as often as in any one reference."""
    allowed = Counter()
    for reference in references:
        allowed |= ngrams(reference, n)  # the larger of the two counts
    return (ngrams(hypothesis, n) & allowed).total()  # the smaller of the two counts


def closest_length(references, hypothesis) -> int:
    """Number of tokens of the reference that is closest in length to the hypothesis; of two, the shorter."""
    return min((len(reference) for reference in references), key=lambda r: (abs(r - len(hypothesis)), r))


def brevity_penalty(length: int, reference_length: int) -> float:
    """1 for a hypothesis at least as long as its reference, else exp(1 - reference_length / length); 0 for length 0.

    Precision alone would be perfect for the one word that is surely right. Too long needs no penalty: precision falls.
    """
    if length >= reference_length:
        return 1.0
    return math.exp(1 - reference_length / length) if length else 0.0


def count(references, hypothesis, *, max_n: int = 4) -> Counts:
    """Return the counts of one sentence. references: a list of texts; hypothesis: a text."""
    _check_sentence(references, hypothesis, max_n)
    orders = range(1, max_n + 1)
    matches = [clipped_matches(references, hypothesis, n) for n in orders]
    totals = [max(len(hypothesis) - n + 1, 0) for n in orders]
    return Counts(matches, totals, len(hypothesis), closest_length(references, hypothesis))


def pooled(counts) -> Counts:
    """Return the sums of the counts of many sentences: corpus BLEU adds first and divides once, at the end."""
    matches, totals, lengths, reference_lengths = zip(*counts, strict=True)
    return Counts([sum(column) for column in zip(*matches, strict=True)],
                  [sum(column) for column in zip(*totals, strict=True)], sum(lengths), sum(reference_lengths))


def precisions(counts: Counts, *, smoothing: str = "none", smooth_value: float | None = None) -> list[float]:
    """Return p_1 … p_N, smoothed where asked. NaN where the hypothesis is too short for any n-gram.

    "none"   matches / totals
    "floor"  a match of 0 counts as smooth_value, 0.1 unless given (Chen and Cherry's smoothing 1)
    "add-k"  from n = 2 on, smooth_value is added to matches and totals, 1 unless given (their 2; Lin and Och 2004)
    "exp"    the first match of 0 counts as 1/2, the next as 1/4, then 1/8, … (their 3; NIST's mteval)
    Source: Chen and Cherry, A systematic comparison of smoothing techniques for sentence-level BLEU (2014).
    """
    value = _smooth_value(smoothing, smooth_value)
    found, zeros = [], 0
    for n, (match, total) in enumerate(zip(counts.matches, counts.totals, strict=True), start=1):
        if smoothing == "add-k" and n > 1:
            match, total = match + value, total + value
        if match == 0:
            zeros += 1
            match = {"floor": value, "exp": 1 / 2**zeros}.get(smoothing, 0)
        found.append(match / total if total else math.nan)
    return found


def from_counts(counts: Counts, *, smoothing: str = "none", smooth_value: float | None = None,
                effective_order: bool = False) -> float:
    """Return BLEU of these counts. effective_order: leave out the n that the hypothesis is too short for."""
    p = precisions(counts, smoothing=smoothing, smooth_value=smooth_value)
    if effective_order:
        p = [value for value in p if not math.isnan(value)]
    if not any(counts.matches) or not all(value > 0 for value in p):  # NaN is not above 0 either
        return 0.0
    return brevity_penalty(counts.length, counts.reference_length) * math.exp(sum(map(math.log, p)) / len(p))


def sentence_bleu(references, hypothesis, *, max_n: int = 4, **how) -> float:
    """BLEU of one sentence. references: a list of texts; hypothesis: a text. `how`: as for `from_counts`.

    Unsmoothed it is 0 as soon as no n-gram of one length is shared: most good short paraphrases. The paper meant BLEU
    for a corpus.
    """
    return from_counts(count(references, hypothesis, max_n=max_n), **how)


def corpus_bleu(references, hypotheses, *, max_n: int = 4, **how) -> float:
    """BLEU of a corpus, from pooled counts: not the mean of its sentences' BLEU. `how`: as for `from_counts`.

    references: for each hypothesis, a list of texts; hypotheses: a list of texts. Source of the advice to report how
    it was tokenized: Post, A call for clarity in reporting BLEU scores (2018).
    """
    _check_corpus(references, hypotheses)
    pairs = zip(references, hypotheses, strict=True)
    return from_counts(pooled([count(*pair, max_n=max_n) for pair in pairs]), **how)


# Signs that always become a token. The other four, ' , - . also stand inside words and numbers: don't, 1,000, 3.5
SIGNS = re.escape("".join(sign for sign in string.punctuation if sign not in "',-."))
RULES = [
    (re.compile(f"([{SIGNS}])"), r" \1 "),
    (re.compile(r"([^0-9])([.,])"), r"\1 \2 "),  # a period or comma that comes after no digit
    (re.compile(r"([.,])([^0-9])"), r" \1 \2"),  # … or before no digit
    (re.compile(r"([0-9])-"), r"\1 - "),  # a hyphen after a digit: 10-year
]  # fmt: skip


def tokenize_13a(text: str) -> list[str]:
    """Return the tokens of a text by the rules of NIST's mteval-v13a, which BLEU is mostly reported with.

    Punctuation becomes tokens of its own: "It's $1,000." → It's $ 1,000 . Case is kept. Written for English and its
    neighbors: signs outside ASCII, such as ¿ or –, stay where they are, and Chinese is not cut at all.
    The rules run one after the other, and a sign that one match has used up is not seen by the next: of "1...2" the
    last period stays with the 2. Part of the standard, so kept.
    """
    text = text.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    for entity, sign in [("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")]:
        text = text.replace(entity, sign)
    text = f" {text} "
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text.split()


def _smooth_value(smoothing, value):
    if smoothing not in SMOOTHINGS:
        raise ValueError(f"There is no smoothing {smoothing!r}: choose {', '.join(map(repr, SMOOTHINGS))}.")
    if value is None:
        return SMOOTHINGS[smoothing]
    if SMOOTHINGS[smoothing] is None:
        raise ValueError(f"smooth_value is {value}, but smoothing {smoothing!r} takes none: leave it out.")
    if not 0 < value < math.inf:
        raise ValueError(f"smooth_value is {value}, but must be a positive number; to smooth nothing, say 'none'.")
    return value


def _check_sentence(references, hypothesis, max_n):
    if max_n != int(max_n) or max_n < 1:
        raise ValueError(f"max_n is {max_n}, but must be a whole number from 1 on: the longest n-grams to count.")
    if len(references) == 0:
        raise ValueError("There is no reference: BLEU needs at least one right text to compare with.")
    for text in (references, *references, hypothesis):
        if isinstance(text, str):
            raise ValueError(f"A text must be a list of tokens, but {text!r} is a string: give text.split(), and "
                             "references as a list of such lists, also if there is only one: [reference].")


def _check_corpus(references, hypotheses):
    if isinstance(hypotheses, str) or len(hypotheses) == 0:
        raise ValueError("hypotheses must be a list of texts, at least one, and each text a list of tokens.")
    if len(references) != len(hypotheses):
        raise ValueError(f"references has {len(references)} entries for {len(hypotheses)} hypotheses, but one list of "
                         "references for each hypothesis is needed; from streams as sacrebleu takes them: "
                         "list(zip(*streams)).")
