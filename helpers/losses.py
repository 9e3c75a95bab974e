"""Regression losses and their gradients in NumPy, to be read. All arithmetic is float64.

Each loss compares `y_true` with `y_pred`, two arrays of the same shape:

- shape (n,): n samples with one target each;
- shape (n, k): n samples with k targets each. The loss of a sample is the mean over its k targets, as in Keras.

`sample_weight` has shape (n,) and multiplies the losses of the samples. `reduction` then makes one number of them:

=========================  =================================================================
"none" or None             no reduction: shape (n,)
"sum"                      their sum
"sum_over_batch_size"      their sum divided by n, whatever the weights (Keras' default)
"mean"                     another name for "sum_over_batch_size"
"mean_with_sample_weight"  their sum divided by the sum of the weights; 0 if that sum is 0
=========================  =================================================================

`<loss>_gradient` is the gradient of the reduced loss with respect to `y_pred`, in the shape of `y_pred`.
For "none" it is the gradient of each sample's own loss.

The reductions follow Keras 3.15. Where Keras does something else:

- Shapes (n,) and (n, 1) raise ValueError here. Keras' own losses add the missing axis, but a loss written by
  hand broadcasts them to (n, n), silently.
- For two arrays of shape (n,) Keras takes the mean over n: one sample with n targets, so that sample weights no
  longer weigh samples. Give Keras (n, 1).
- Keras computes in float32 unless told otherwise. Its `log_cosh` is then off by about 1e-7, which is more than
  the loss itself when errors are below 1e-4. Asked for float64, it still takes log 2 in float32: off by 1.9e-9.
- Keras takes any `delta`. At 0 its Huber loss is 0 for every error, and below 0 it is negative.
- No samples, shape (0,) or (0, k): the answer is an empty array whatever the reduction, here as in Keras.
"""

from __future__ import annotations

import math

import numpy as np

from helpers.reductions import DEFAULT, REDUCTIONS, paired, reduce, reduce_gradient, weights_of

__all__ = [
    "mse", "mse_gradient", "mae", "mae_gradient", "huber", "huber_gradient", "log_cosh", "log_cosh_gradient",
    "pinball", "pinball_gradient", "errors", "weights_of", "DEFAULT", "REDUCTIONS",
]  # fmt: skip


def mse(y_true, y_pred, *, sample_weight=None, reduction=DEFAULT):
    """Mean squared error: (y_pred - y_true)². Unit: that of y, squared. The best constant is the mean.

    Source: Gauss, Theoria combinationis observationum erroribus minimis obnoxiae (1823).
    """
    error = errors(y_true, y_pred)
    return reduce(error**2, sample_weight, reduction)


def mse_gradient(y_true, y_pred, *, sample_weight=None, reduction=DEFAULT):
    """Slope per target: 2 (y_pred - y_true). It grows with the error, so one gross error outvotes many small ones."""
    error = errors(y_true, y_pred)
    return reduce_gradient(2 * error, sample_weight, reduction)


def mae(y_true, y_pred, *, sample_weight=None, reduction=DEFAULT):
    """Mean absolute error: |y_pred - y_true|. Unit: that of y. The best constant is the median.

    Source: Laplace, Mémoire sur la probabilité des causes par les événements (1774).
    """
    error = errors(y_true, y_pred)
    return reduce(np.abs(error), sample_weight, reduction)


def mae_gradient(y_true, y_pred, *, sample_weight=None, reduction=DEFAULT):
    """Slope per target: the sign of y_pred - y_true. At error 0, where there is no slope, 0 as in Keras."""
    error = errors(y_true, y_pred)
    return reduce_gradient(np.sign(error), sample_weight, reduction)


def huber(y_true, y_pred, *, delta=1.0, sample_weight=None, reduction=DEFAULT):
    """Huber loss: error²/2 up to |error| = delta, and delta |error| - delta²/2 beyond.

    `delta` is in the unit of y and must be positive: errors above it count as outliers.
    Source: Huber, Robust estimation of a location parameter, Annals of Mathematical Statistics 35 (1964).
    """
    _check_delta(delta)
    error = errors(y_true, y_pred)
    square, line = error**2 / 2, delta * np.abs(error) - delta**2 / 2
    return reduce(np.where(np.abs(error) <= delta, square, line), sample_weight, reduction)


def huber_gradient(y_true, y_pred, *, delta=1.0, sample_weight=None, reduction=DEFAULT):
    """Slope per target: y_pred - y_true, but never beyond ±delta."""
    _check_delta(delta)
    error = errors(y_true, y_pred)
    return reduce_gradient(np.clip(error, -delta, delta), sample_weight, reduction)


def log_cosh(y_true, y_pred, *, sample_weight=None, reduction=DEFAULT):
    """Log-cosh loss: log(cosh(y_pred - y_true)). About error²/2 near 0 and |error| - log 2 far away.

    cosh overflows at an error of 711. With a = |error|, log(cosh(a)) = a + log(1 + exp(-2a)) - log 2 does not.
    Source of the formula: cosh(a) = (exp(a) + exp(-a)) / 2, with exp(a) taken out.
    """
    size = np.abs(errors(y_true, y_pred))
    return reduce(size + np.log1p(np.exp(-2 * size)) - math.log(2), sample_weight, reduction)


def log_cosh_gradient(y_true, y_pred, *, sample_weight=None, reduction=DEFAULT):
    """Slope per target: tanh(y_pred - y_true), a smooth step from -1 to 1."""
    error = errors(y_true, y_pred)
    return reduce_gradient(np.tanh(error), sample_weight, reduction)


def pinball(y_true, y_pred, *, tau, sample_weight=None, reduction=DEFAULT):
    """Pinball (quantile) loss: tau · shortfall where y_pred is too low, (1 - tau) · excess where it is too high.

    The best constant is the tau-quantile; tau = 0.5 is half the MAE. `tau` lies between 0 and 1, ends excluded.
    Unit: that of y. Not in Keras; scikit-learn calls it `mean_pinball_loss(alpha=tau)`.
    Source: Koenker and Bassett, Regression quantiles, Econometrica 46 (1978).
    """
    _check_tau(tau)
    error = errors(y_true, y_pred)
    return reduce(np.where(error < 0, -tau * error, (1 - tau) * error), sample_weight, reduction)


def pinball_gradient(y_true, y_pred, *, tau, sample_weight=None, reduction=DEFAULT):
    """Slope per target: -tau where y_pred is too low, 1 - tau where too high. At error 0, which has no slope, 0."""
    _check_tau(tau)
    error = errors(y_true, y_pred)
    slope = np.where(error < 0, -tau, np.where(error > 0, 1 - tau, 0.0)) + 0 * error  # 0 * error keeps a NaN
    return reduce_gradient(slope, sample_weight, reduction)


def errors(y_true, y_pred) -> np.ndarray:
    """Return y_pred - y_true as float64. ValueError unless both have the same shape, (n,) or (n, k)."""
    y_true, y_pred = paired(y_true, y_pred)
    return y_pred - y_true


def _check_delta(delta):
    if not (delta > 0 and math.isfinite(delta)):
        raise ValueError(f"delta is {delta}, but must be a positive number in the unit of y.")


def _check_tau(tau):
    if not 0 < tau < 1:
        raise ValueError(f"tau is {tau}, but must lie between 0 and 1, ends excluded (0.5 is the median).")
