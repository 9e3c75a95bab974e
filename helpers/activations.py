"""From logits to probabilities in NumPy: sigmoid, softmax and their logarithms, with derivatives. All float64.

A logit is any real number. Each function here is written so that no logit overflows: exp is only ever taken of
numbers up to 0. The plain formulas fail: exp(710) overflows in float64 and exp(89) in float32.
"""

from __future__ import annotations

import numpy as np

from helpers.reductions import numbers


def sigmoid(z) -> np.ndarray:
    """1 / (1 + exp(-z)) for each logit; any shape. 0 gives 0.5, and sigmoid(-z) = 1 - sigmoid(z)."""
    z = numbers("z", z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def sigmoid_gradient(z) -> np.ndarray:
    """Derivative of the sigmoid: sigmoid(z) (1 - sigmoid(z)). At most 1/4, at 0; next to nothing far from 0."""
    e = np.exp(-np.abs(numbers("z", z)))
    return e / (1 + e) ** 2


def log_sigmoid(z) -> np.ndarray:
    """log(sigmoid(z)) = min(z, 0) - log(1 + exp(-|z|)). At -1000 it is -1000, where log(sigmoid(z)) is -inf."""
    z = numbers("z", z)
    return np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))


def log_sigmoid_gradient(z) -> np.ndarray:
    """Derivative of the log-sigmoid: 1 - sigmoid(z), computed as sigmoid(-z)."""
    return sigmoid(-numbers("z", z))


def log_sum_exp(z) -> np.ndarray:
    """log(Σ exp(z)) over the last axis, with the largest logit taken out: (…, K) → (…). A smooth maximum."""
    z = _classes(z)
    top = z.max(axis=-1, keepdims=True)
    return top[..., 0] + np.log(np.exp(z - top).sum(axis=-1))


def log_sum_exp_gradient(z) -> np.ndarray:
    """Derivative of log-sum-exp for each logit: the softmax. (…, K) → (…, K)."""
    return softmax(z)


def softmax(z) -> np.ndarray:
    """exp(z) / Σ exp(z) over the last axis: (…, K) → (…, K), each row sums to 1. Adding a constant changes nothing."""
    z = _classes(z)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_jacobian(z) -> np.ndarray:
    """Derivative of probability i for logit j: p_i (1 if i = j else 0) - p_i p_j. (…, K) → (…, K, K)."""
    p = softmax(z)
    return p[..., :, None] * (np.eye(p.shape[-1]) - p[..., None, :])


def log_softmax(z) -> np.ndarray:
    """log(softmax(z)) over the last axis, without taking the log of a tiny number: (…, K) → (…, K)."""
    z = _classes(z)
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_jacobian(z) -> np.ndarray:
    """Derivative of log-probability i for logit j: (1 if i = j else 0) - p_j. (…, K) → (…, K, K)."""
    p = softmax(z)
    return np.eye(p.shape[-1]) - p[..., None, :]


def _classes(z) -> np.ndarray:
    z = numbers("z", z)
    if z.ndim == 0 or z.shape[-1] == 0:
        raise ValueError(f"z has shape {z.shape}, but a last axis with one logit for each class is needed.")
    return z
