"""What a model was compiled with, output by output: the one place that knows how Keras keeps it."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass, field

from helpers.doctor.metric_facts import MetricFacts, read_metric

ALIASES = {  # Keras' names: ours
    "binary_crossentropy": "bce", "categorical_crossentropy": "cce", "sparse_categorical_crossentropy": "sce",
    "binary_focal_crossentropy": "focal", "categorical_focal_crossentropy": "categorical_focal",
    "mean_squared_error": "mse", "mean_absolute_error": "mae", "mean_absolute_percentage_error": "mape",
    "mean_squared_logarithmic_error": "msle", "kl_divergence": "kld", "cosine_similarity": "cosine",
    "huber": "huber", "log_cosh": "log_cosh", "hinge": "hinge", "squared_hinge": "squared_hinge",
    "categorical_hinge": "categorical_hinge", "poisson": "poisson", "dice": "dice", "tversky": "tversky",
    "circle": "circle", "ctc": "ctc",
}
BINARY_LOSSES = ("bce", "focal")
ONE_HOT_LOSSES = ("cce", "categorical_focal")
PROBABILITY_LOSSES = (*BINARY_LOSSES, *ONE_HOT_LOSSES, "sce")
REGRESSION_LOSSES = ("mse", "mae", "huber", "log_cosh", "mape", "msle")


@dataclass
class LossFacts:
    """One output's loss. name: "bce", "cce", ..., "custom", "unknown" (a string Keras does not know) or "none".

    written: what the user passed. object: a keras Loss, or None. function: called with (y_true, y_pred), before any
    reduction. arguments: from_logits, delta and so on. parameters: the names of a custom function's parameters.
    """

    name: str
    written: object = None
    object: object = None
    function: object = None
    arguments: dict = field(default_factory=dict)
    reduction: str = "sum_over_batch_size"
    weight: float | None = None

    @property
    def from_logits(self) -> bool:
        return bool(self.arguments.get("from_logits", False))

    @property
    def custom(self) -> bool:
        return self.name == "custom"

    @property
    def parameters(self) -> list[str]:
        target = self.function
        try:
            return list(inspect.signature(target).parameters)[:2] if self.custom and target else []
        except (TypeError, ValueError):
            return []


def losses(model, names) -> list[LossFacts]:
    """Return the loss of each output, in the order of `names`. [] if the model was compiled without a loss."""
    container = getattr(model, "_compile_loss", None)
    written = getattr(container, "_user_loss", None) if container is not None else None
    written = getattr(model, "loss", None) if written is None else written
    if written is None:
        return []
    weights = _spread(getattr(container, "_user_loss_weights", None), names)
    return [read_loss(one, weight) for one, weight in zip(_spread(written, names), weights, strict=True)]


def metrics(model, names, targets, outputs) -> list[list[MetricFacts]]:
    """Return the metrics of each output. targets, outputs: shapes, which decide what "accuracy" stands for."""
    container = getattr(model, "_compile_metrics", None)
    found = [[] for _ in names]
    for written, weighted in ((getattr(container, "_user_metrics", None), False),
                              (getattr(container, "_user_weighted_metrics", None), True)):
        if not written:
            continue
        per_output = [written] if len(names) == 1 and not isinstance(written, dict) else _spread(written, names)
        for i, own in enumerate(per_output):
            for one in _flat(own):
                metric = read_metric(one, targets[i], outputs[i], weighted)
                metric.log = metric.log if len(names) == 1 else f"{names[i]}_{metric.log}"
                found[i].append(metric)
    return found


def keys(model) -> dict[str, list]:
    """Return the output names that were used as keys, by argument: {"loss": [...], "metrics": [...]}."""
    metric, loss = getattr(model, "_compile_metrics", None), getattr(model, "_compile_loss", None)
    used = {"loss": getattr(loss, "_user_loss", None), "loss_weights": getattr(loss, "_user_loss_weights", None),
            "metrics": getattr(metric, "_user_metrics", None),
            "weighted_metrics": getattr(metric, "_user_weighted_metrics", None)}
    return {argument: list(value) for argument, value in used.items() if isinstance(value, dict)}


def read_loss(written, weight=None) -> LossFacts:
    import keras

    facts = LossFacts("none", written, weight=weight)
    if written is None:
        return facts
    if isinstance(written, str):
        if written.lower() in ("crossentropy", "ce"):
            return _shortcut(facts)
        try:
            known = keras.losses.get(written)
        except Exception:  # noqa: BLE001 - Keras raises ValueError or TypeError by version
            known = None
        if known is None:
            facts.name = "unknown"
            return facts
    else:
        known = written() if inspect.isclass(written) else written
    if isinstance(known, functools.partial):
        facts.arguments = dict(known.keywords)
        inner = read_loss(known.func)
        facts.name, facts.function = inner.name, known
        return facts
    if isinstance(known, keras.losses.Loss):
        facts.object, facts.reduction = known, getattr(known, "reduction", facts.reduction)
        facts.arguments = dict(getattr(known, "_fn_kwargs", {}))
        function = getattr(known, "fn", None)
        own_call = type(known).call is not _wrapper_call()
        facts.function = known.call if function is None or own_call else functools.partial(function, **facts.arguments)
        facts.name = _loss_name(function) if function is not None and not own_call else "custom"
        facts.arguments |= {k: getattr(known, k) for k in ("from_logits", "label_smoothing") if hasattr(known, k)}
        return facts
    facts.function, facts.name = known, _loss_name(known)
    return facts


def overrides(model) -> list[str]:
    """Return which steps of training the model's class defines itself: what they do is not visible from outside."""
    import keras

    steps = ("train_step", "test_step", "compute_loss", "compute_metrics")
    return [name for name in steps if getattr(type(model), name, None) is not getattr(keras.Model, name, None)]


def output_names(model, y_pred=None) -> list[str]:
    """Return the names of the outputs, in Keras' order; keys of a dict where the model returns one."""
    if isinstance(y_pred, dict):
        own = list(getattr(model, "output_names", None) or [])
        return own if set(own) == set(y_pred) else sorted(y_pred)
    names = getattr(model, "output_names", None)
    if names:
        return list(names)
    return [f"output_{i}" for i in range(len(y_pred))] if isinstance(y_pred, (list, tuple)) else ["output"]


def _shortcut(facts):
    facts.name = "crossentropy"
    return facts


def _spread(value, names) -> list:
    """One value for each output, from one for all, a list, or a dict by name."""
    if isinstance(value, dict):
        return [value.get(name) for name in names]
    if isinstance(value, (list, tuple)) and len(value) == len(names):
        return list(value)
    if isinstance(value, (list, tuple)) and len(names) == 1:
        return [value[0]] if value else [None]
    return [value] * len(names)


def _flat(own) -> list:
    if own is None:
        return []
    if isinstance(own, dict):
        return [m for value in own.values() for m in _flat(value)]
    return [m for value in own for m in _flat(value)] if isinstance(own, (list, tuple)) else [own]


def _wrapper_call():
    from keras.src.losses.losses import LossFunctionWrapper

    return LossFunctionWrapper.call


def _loss_name(function) -> str:
    name, module = getattr(function, "__name__", ""), getattr(function, "__module__", "") or ""
    if module.startswith(("keras.", "tensorflow.")) and name in ALIASES:
        return ALIASES[name]
    return "custom"
