"""The rules, in the order in which they are asked: data, labels, heads, losses, metrics, weights, callbacks, training.

Importing this package registers them all.
"""

from helpers.doctor.rules import (  # noqa: F401, I001 - the order is the order of the questions
    program,
    shapes,
    heads,
    reach,
    labels,
    balance,
    losses,
    metrics,
    own_metrics,
    accuracy,
    weights,
    callbacks,
    training,
    layers,
    probes,
)
from helpers.doctor.rules.registry import RULES, run  # noqa: F401
