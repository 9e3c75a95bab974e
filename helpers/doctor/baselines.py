"""What a rule without a model achieves on the targets: in words, with numbers computed here."""

from __future__ import annotations

import numpy as np


def classes(counts) -> str:
    """Always the most frequent class; and always the shares of the classes, for the loss. counts: (k,)."""
    shares = np.asarray(counts, dtype=float) / np.sum(counts)
    positive = shares[shares > 0]
    entropy = float(-(positive * np.log(positive)).sum())
    return (f"always the most frequent class: accuracy {shares.max():.3f}; always the shares of the classes: "
            f"loss {entropy:.3f}")


def several(rows) -> str:
    """Never any label; and always the share of each label. rows: (n, k) of 0 and 1."""
    shares = np.clip(rows.mean(axis=0), 1e-12, 1 - 1e-12)
    loss = float(-(shares * np.log(shares) + (1 - shares) * np.log(1 - shares)).mean())
    return f"never any label: binary accuracy {1 - rows.mean():.3f}; always the share of each label: loss {loss:.3f}"


def amount(values) -> str:
    """Always the mean, for the squared error; always the median, for the absolute one. values: (n,) or (n, k)."""
    rmse = float(np.sqrt(((values - values.mean(axis=0)) ** 2).mean()))
    mae = float(np.abs(values - np.median(values, axis=0)).mean())
    return (f"always the mean: RMSE {rmse:.4g}; always the median: MAE {mae:.4g} (in the unit of y, before "
            "any scaling)")
