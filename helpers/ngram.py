"""An n-gram model in plain Python, to be read: the next token from counts of what followed the n - 1 tokens before it.

The baseline that a trained sequence model must beat. With h for those n - 1 tokens, V for the number of outcomes:

    p(token | h) = (count(h, token) + k V q(token)) / (count(h) + k V)

So k V tokens are added that nobody saw, k for each outcome on average, because what was never seen is not impossible.
q says how they are spread:

"add-k"         evenly: q = 1 / V. With k = 1, Laplace's rule
"interpolated"  as the same model with one token less of h spreads them, and so on, down to 1 / V. With less evidence
                for h, the shorter one counts more
Source: MacKay and Peto, A hierarchical Dirichlet language model (1995); for add-k: Lidstone, Note on the general case
of the Bayes-Laplace formula (1920).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np

BOS, EOS, UNK = "<bos>", "<eos>", "<unk>"  # before a text's first token, after its last, and any unknown token
SMOOTHINGS = ("interpolated", "add-k")


class NGram:
    """p(next token | the n - 1 before it). A text is a string (its tokens are characters) or a list of tokens.

    n: 1 counts tokens alone, 2 pairs, … k: pseudo-counts an outcome, positive. vocabulary: the tokens it knows, for
    example `data.titles().characters`; None: those seen in `fit`. Every other token is read as UNK.
    `outcomes` are what it predicts: the vocabulary, EOS (the end of the text is an event, too) and UNK.
    """

    def __init__(self, n: int, *, smoothing: str = "interpolated", k: float = 0.1, vocabulary=None):
        if n != int(n) or n < 1:
            raise ValueError(f"n is {n}, but must be a whole number from 1 on: the number of tokens counted together.")
        if smoothing not in SMOOTHINGS:
            raise ValueError(f"There is no smoothing {smoothing!r}: choose {' or '.join(map(repr, SMOOTHINGS))}.")
        if not 0 < k < math.inf:
            raise ValueError(f"k is {k}, but must be positive: with 0, one unseen token makes the perplexity infinite.")
        self.n, self.smoothing, self.k = int(n), smoothing, k
        self.outcomes: tuple = ()
        self._vocabulary = vocabulary

    def fit(self, texts) -> NGram:
        """Count what follows what in the texts, anew: earlier texts are forgotten. Returns itself."""
        _check(texts)
        seen = {token for text in texts for token in text} if self._vocabulary is None else self._vocabulary
        self.outcomes = (*sorted(seen), EOS, UNK)
        self._known = frozenset(self.outcomes)
        self._counts = defaultdict(Counter)  # context → next token → how often; contexts of every length up to n - 1
        for text in texts:
            for context, token in self._events(text):
                for start in range(self.n):
                    self._counts[context[start:]][token] += 1
        self._totals = {context: following.total() for context, following in self._counts.items()}
        return self

    def probability(self, token, context=()) -> float:
        """p(token | the last n - 1 tokens of context). At the start of a text, the context is (BOS,) · (n - 1)."""
        self._check_fitted()
        context = tuple(self._read(one) for one in context)
        return self._p(self._read(token), context[max(len(context) - self.n + 1, 0):])

    def probabilities(self, context=()) -> np.ndarray:
        """p of each of `outcomes`, in their order, shape (V,). They sum to 1."""
        self._check_fitted()
        return np.array([self.probability(token, context) for token in self.outcomes])

    def nats(self, texts) -> list[np.ndarray]:
        """-log p of each token of each text and of its end: one array a text, of len(text) + 1 numbers."""
        self._check_fitted()
        _check(texts)
        return [np.array([-math.log(self._p(token, context)) for context, token in self._events(text)])
                for text in texts]

    def _p(self, token, context) -> float:
        added = self.k * len(self.outcomes)
        q = 1 / len(self.outcomes)
        if context and self.smoothing == "interpolated":
            q = self._p(token, context[1:])
        if context not in self._totals:  # never seen: all that is left is q
            return q
        return (self._counts[context][token] + added * q) / (self._totals[context] + added)

    def _events(self, text):
        """Yield (the n - 1 tokens before it, token) for each token of the text and for its end."""
        tokens = (BOS,) * (self.n - 1) + tuple(self._read(token) for token in text) + (EOS,)
        for i in range(self.n - 1, len(tokens)):
            yield tokens[i - self.n + 1 : i], tokens[i]

    def _read(self, token):
        return token if token in self._known or token == BOS else UNK

    def _check_fitted(self):
        if not self.outcomes:
            raise ValueError("The model has counted nothing yet: call fit(texts) first.")


def _check(texts):
    if isinstance(texts, str) or len(texts) == 0:
        raise ValueError("texts must be a list of texts, at least one: strings, or lists of tokens.")
