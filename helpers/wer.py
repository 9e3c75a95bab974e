"""Word error rate in NumPy and plain Python: the fewest edits that turn the reference into the hypothesis.

    WER = (substitutions + insertions + deletions) / words of the reference

From 0, without an upper end: a hypothesis of many words too many has more edits than the reference has words. A text
is a list of words, `text.split()`; lists of characters, `list(text)`, give the character error rate; a string raises
ValueError. Words are equal or not: "Hello," is not "hello". Who lowers and strips decides about the value, so it is
done in sight.

Source of the table: Wagner and Fischer, The string-to-string correction problem (1974). jiwer 4.0 agrees with this
module; tests/test_wer.py says on how many cases. What to know when you compare:

- It takes strings and splits them itself; `cer` strips their ends first. Case and punctuation count there, too.
- **Empty reference.** The formula divides by 0. jiwer gives the number of insertions, and so does this module: 0 for
  an empty hypothesis, 2 for two words. That is no rate. (jiwer's documentation still says that it is an error.)
- **A corpus** is pooled: all edits by all reference words. The mean of the sentences' rates is another number, in which
  a miss in a short sentence weighs more.
- **Ties.** Often several alignments need the same number of edits, and not always the same kinds: WER never differs,
  the numbers of substitutions, insertions and deletions may. `align` chooses as jiwer does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MARKS = {"hit": "=", "substitution": "S", "insertion": "I", "deletion": "D"}


class Step(NamedTuple):
    """One step of an alignment; `reference` is None for an insertion, and `hypothesis` for a deletion."""

    kind: str  # a key of MARKS
    reference: str | None
    hypothesis: str | None


class Edits(NamedTuple):
    """How many steps of each kind."""

    hits: int
    substitutions: int
    insertions: int
    deletions: int

    @property
    def errors(self) -> int:
        return self.substitutions + self.insertions + self.deletions

    @property
    def reference_words(self) -> int:
        return self.hits + self.substitutions + self.deletions


def edit_table(reference, hypothesis) -> np.ndarray:
    """Return D, integers of shape (n + 1, m + 1): D[i, j] edits turn the first i words into the first j.

    The first row and column are all insertions and all deletions. Every other cell is one step from three neighbors.
    """
    n, m = len(reference), len(hypothesis)
    D = np.zeros((n + 1, m + 1), dtype=int)
    D[:, 0], D[0, :] = range(n + 1), range(m + 1)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            differ = reference[i - 1] != hypothesis[j - 1]
            D[i, j] = min(D[i - 1, j - 1] + differ, D[i - 1, j] + 1, D[i, j - 1] + 1)
    return D


def edit_distance(reference, hypothesis) -> int:
    """The fewest substitutions, insertions and deletions that turn one text into the other."""
    _check(reference, hypothesis)
    return int(edit_table(reference, hypothesis)[-1, -1])


def align(reference, hypothesis) -> list[Step]:
    """Return the steps of one alignment with the fewest edits, from the first word to the last.

    What both texts begin and end with is taken as hits. Between, the table is walked back from its last cell, each
    time to a neighbor that explains the cost. The order of the questions decides ties, and it is jiwer's.
    """
    _check(reference, hypothesis)
    start = _common(reference, hypothesis)
    end = _common(reference[start:][::-1], hypothesis[start:][::-1])
    middle = _walk_back(reference[start : len(reference) - end], hypothesis[start : len(hypothesis) - end])
    hits = [Step("hit", *words) for words in zip(reference, hypothesis, strict=False)]
    return hits[:start] + middle + [Step("hit", word, word) for word in reference[len(reference) - end :]]


def count(alignment) -> Edits:
    """Return how many hits, substitutions, insertions and deletions an alignment has."""
    kinds = [step.kind for step in alignment]
    return Edits(*(kinds.count(kind) for kind in MARKS))


def rate(edits: Edits) -> float:
    """Errors by words of the reference; the number of insertions where the reference is empty."""
    return edits.errors / max(edits.reference_words, 1)


def wer(reference, hypothesis) -> float:
    """Word error rate of one pair of texts, each a list of words. 0 is perfect; it can exceed 1."""
    return rate(count(align(reference, hypothesis)))


def corpus_wer(references, hypotheses) -> float:
    """Word error rate of a corpus: all errors by all reference words. Both: a list of texts, of equal length."""
    return rate(pooled(references, hypotheses))


def pooled(references, hypotheses) -> Edits:
    """Return the edits of a corpus, added up over its pairs of texts."""
    if isinstance(references, str) or isinstance(hypotheses, str) or len(references) != len(hypotheses):
        raise ValueError(f"references has {len(references)} texts and hypotheses {len(hypotheses)}, but a list with "
                         "one hypothesis for each reference is needed, each a list of words.")
    if len(references) == 0:
        raise ValueError("There are no texts: an error rate of nothing is not defined.")
    pairs = zip(references, hypotheses, strict=True)
    return Edits(*map(sum, zip(*(count(align(*pair)) for pair in pairs), strict=True)))


def describe(alignment) -> str:
    """Return an alignment in words, for an alt text: "oh inserted; hello; there for their"."""
    said = {"hit": "{1}", "substitution": "{1} for {0}", "insertion": "{1} inserted", "deletion": "{0} deleted"}
    steps = [said[step.kind].format(_seen(step.reference), _seen(step.hypothesis)) for step in alignment]
    return "; ".join(steps) or "both texts are empty"


def draw(ax, alignment, *, columns: int = 56) -> None:
    """Draw an alignment: the reference above, the hypothesis below, a letter for each edit between them.

    Letters and the pattern of the frame tell the edits apart, so that color is not needed. An alignment of more than
    about `columns` letters goes on below; each line takes about 1 inch of height. Alt text: `describe`.
    """
    from helpers import figures  # here, because counting errors needs no matplotlib

    places, lines, widest = _places(alignment, columns)
    for step, x, width, y in places:
        for word, height in ((step.reference, y), (step.hypothesis, y - 2)):
            ax.text(x + width / 2, height, _seen(word), ha="center", va="center_baseline", family="monospace")
        if step.kind != "hit":
            i = list(MARKS).index(step.kind) - 1
            ax.text(x + width / 2, y - 1, MARKS[step.kind], ha="center", va="center_baseline", weight="bold")
            ax.add_patch(figures.plt.Rectangle((x + 0.2, y - 2.6), width - 0.4, 3.2, fill=False, linewidth=2.2,
                                               edgecolor=figures.COLORS[i], linestyle=figures.STYLES[i]))
    ax.set_yticks([y - below for y in lines for below in (0, 2)], ["reference", "hypothesis"] * len(lines))
    ax.set(xticks=[], xlim=(0, max(widest, columns)), ylim=(lines[-1] - 3, 1))
    ax.set_xlabel("S substitution   I insertion   D deletion   no letter: a hit", loc="left")
    ax.grid(visible=False)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def _places(alignment, columns):
    """Return (step, x, width, y) for each step, the y of each line, and the right end of the longest line."""
    places, lines, x, widest = [], [0], 0.0, 0.0
    for step in alignment:
        width = max(len(_seen(step.reference)), len(_seen(step.hypothesis))) + 1.5
        if x and x + width > columns:
            x = 0.0
            lines.append(lines[-1] - 4)
        places.append((step, x, width, lines[-1]))
        x += width
        widest = max(widest, x)
    return places, lines, widest


def _walk_back(reference, hypothesis) -> list[Step]:
    D = edit_table(reference, hypothesis)
    (i, j), steps = (len(reference), len(hypothesis)), []
    while i or j:
        if i and D[i, j] == D[i - 1, j] + 1:
            i -= 1
            steps.append(Step("deletion", reference[i], None))
        elif i == 0 or j and D[i, j - 1] < D[i - 1, j - 1]:
            j -= 1
            steps.append(Step("insertion", None, hypothesis[j]))
        else:
            i, j = i - 1, j - 1
            kind = "hit" if reference[i] == hypothesis[j] else "substitution"
            steps.append(Step(kind, reference[i], hypothesis[j]))
    return steps[::-1]


def _common(one, other) -> int:
    """Number of words at the beginning that are the same in both."""
    same = [a == b for a, b in zip(one, other, strict=False)]
    return same.index(False) if False in same else len(same)


def _seen(word) -> str:
    """A word as it is shown: a blank as ␣, none as nothing, a very long one cut."""
    text = "" if word is None else str(word).replace(" ", "␣")
    return text if len(text) <= 24 else text[:23] + "…"


def _check(*texts):
    for text in texts:
        if isinstance(text, str):
            raise ValueError(f"A text must be a list of words, but {text!r} is a string: give text.split(), or "
                             "list(text) for the character error rate.")
