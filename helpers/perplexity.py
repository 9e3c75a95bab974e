"""Perplexity in NumPy, to be read: what cross-entropy of a sequence says in other units.

A language model gives each next token a probability p. The surprise at the token that came is -log p, in *nats*.

    perplexity = exp(mean nats a token)        bits = nats / log 2, so it is also 2 ** (mean bits)

It is as if the model chose among that many equally likely tokens each time. Mean first, exp last: the mean of the
sentences' perplexities is another number, and for sentences of one length never the smaller one.

`nats`: an array (n,), or (n, T) for n padded sequences of T tokens, or a list of arrays of their own lengths.
`weights`: None, or of the shape of the array: 1 for a token that counts, 0 for padding. ValueError where no token
counts, and for nats that are NaN or below 0.

A token is what the model predicts at once: a character, a piece of a word, a word. So perplexities, and nats a token,
of models with different tokens are not comparable. The nats of a whole text are, and so are nats a character:
`compare`. Two conditions. The end of each text is predicted too, and counts as one character in all models. And every
model must spell out the same text: one that may say "unknown" for a rare word has the easier task.

Source: Jelinek, Mercer, Bahl and Baker, Perplexity: a measure of the difficulty of speech recognition tasks (1977).

Keras 3.15 has no perplexity. exp of its mean sparse categorical cross-entropy is one, if padding plays no part:

- Weights of 0 for padding, and nothing else: the loss divides by all positions, padding too, and is too low.
- `Embedding(mask_zero=True)`, or `ignore_class=0` or reduction="mean_with_sample_weight" in the loss: it divides by the
  tokens that count, as here. Over batches, the reported loss is then a mean weighted by their sequences, not by their
  tokens, so that it differs in later digits.
- The metric object, as a weighted metric or with a mask, adds up tokens over the batches: exactly as here. Listed under
  `metrics` it does not see the weights, and counts padding.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from helpers.activations import log_sum_exp
from helpers.probabilities import class_indices

ROUNDING = 1e-6  # float32 may make log p a little more than 0


class Units(NamedTuple):
    """One model's nats on some texts, in every unit."""

    nats: float  # of all texts together
    tokens: int
    characters: int  # the end of each text counts as one
    nats_per_token: float
    bits_per_token: float
    perplexity: float  # a token
    bits_per_character: float
    perplexity_per_character: float


def nats_from_logits(y_true, logits) -> np.ndarray:
    """Return -log softmax(logits) at the token that came. y_true: integers (…,); logits: (…, V) → (…,)."""
    logits = np.asarray(logits)
    if np.shape(y_true) != logits.shape[:-1]:
        raise ValueError(f"y_true has shape {np.shape(y_true)} and logits {logits.shape}, but logits need the shape of "
                         "y_true and one more axis: a number for each token of the vocabulary.")
    y = class_indices(np.ravel(y_true), logits.shape[-1]).reshape(np.shape(y_true))
    return log_sum_exp(logits) - np.take_along_axis(logits, y[..., None], axis=-1)[..., 0]


def mean_nats(nats, weights=None) -> float:
    """Mean surprise a token, over all tokens of all sequences; a longer sequence weighs more."""
    nats, weights = _flat(nats, weights)
    return float(nats[weights > 0] @ weights[weights > 0] / weights.sum())


def perplexity(nats, weights=None) -> float:
    """exp of the mean nats a token: 1 for certainty, V for a uniform guess among V tokens, inf for one p = 0."""
    return _exp(mean_nats(nats, weights))


def bits(nats):
    """nats / log 2: the number of yes-or-no questions that tell as much. A number, or an array of any shape."""
    return np.asarray(nats) / math.log(2) if np.ndim(nats) else float(nats) / math.log(2)


def characters(texts) -> int:
    """Number of characters to predict in these texts: each text's own, and one for its end."""
    if isinstance(texts, str):
        raise ValueError(f"texts must be a list of texts, but {texts!r} is one string: give [{texts!r}].")
    return sum(len(text) + 1 for text in texts)


def units(nats, texts, weights=None) -> Units:
    """Return a model's nats on `texts` in every unit. The tokens' nats: all of them, ends of texts included."""
    flat, weights = _flat(nats, weights)
    tokens, length = int((weights > 0).sum()), characters(texts)
    total = float(flat[weights > 0].sum())
    mean, mean_character = total / tokens, total / length
    return Units(total, tokens, length, mean, bits(mean), _exp(mean), bits(mean_character), _exp(mean_character))


def compare(models: dict, texts) -> dict[str, Units]:
    """Return name → `Units` for models with different tokens on the same texts. models: name → nats.

    Compare the last two of `Units`, or `nats`; the others depend on the tokens. Each value must be a list of arrays,
    one for each text, so that nobody leaves out a text that another model has to pay for.
    """
    for name, nats in models.items():
        if len(nats) != len(texts):
            raise ValueError(f"{name!r} has nats for {len(nats)} texts, but there are {len(texts)}: give one array for "
                             "each text, so that all models pay for the same.")
    return {name: units(nats, texts) for name, nats in models.items()}


def _exp(mean) -> float:
    with np.errstate(over="ignore"):  # inf is the right answer for a model that is certain and wrong
        return float(np.exp(mean))


def _flat(nats, weights) -> tuple[np.ndarray, np.ndarray]:
    """Return nats and weights as float64, shape (tokens,), checked."""
    flat = _row(nats)
    kept = np.ones(len(flat)) if weights is None else _row(weights)
    if kept.shape != flat.shape:
        raise ValueError(f"weights has {len(kept)} numbers and nats {len(flat)}, but one weight for each token is "
                         "needed: 1 where it counts, 0 for padding.")
    if (kept < 0).any() or not kept.sum() > 0:
        raise ValueError("No token counts: there are none, or their weights are not 0 and positive numbers.")
    if np.isnan(flat[kept > 0]).any():
        raise ValueError("nats holds NaN: the model that gave it is broken.")
    if (flat[kept > 0] < -ROUNDING).any():
        lowest = flat[kept > 0].min()
        raise ValueError(f"nats holds {lowest:.3g}, but -log p is never below 0: log p itself has the other sign.")
    return flat, kept


def _row(values) -> np.ndarray:
    """All numbers of an array, or of a list of arrays of their own lengths, in one row."""
    if isinstance(values, list | tuple) and len(values):
        return np.concatenate([np.ravel(np.asarray(part, dtype=np.float64)) for part in values])
    return np.ravel(np.asarray(values, dtype=np.float64))
