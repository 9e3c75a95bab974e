"""Write the corrected line: a layer, or the call of `compile`, for this model."""

from __future__ import annotations

import re

CLASSES = {"bce": "BinaryCrossentropy", "cce": "CategoricalCrossentropy", "sce": "SparseCategoricalCrossentropy",
           "focal": "BinaryFocalCrossentropy", "categorical_focal": "CategoricalFocalCrossentropy", "mse":
           "MeanSquaredError", "mae": "MeanAbsoluteError", "huber": "Huber"}
STRINGS = {"bce": "binary_crossentropy", "cce": "categorical_crossentropy", "sce": "sparse_categorical_crossentropy",
           "focal": "binary_focal_crossentropy", "categorical_focal": "categorical_focal_crossentropy",
           "mape": "mape", "msle": "msle", "kld": "kl_divergence", "cosine": "cosine_similarity"}
RATES = {"SGD": 0.01, "Adam": 0.001, "AdamW": 0.001, "RMSprop": 0.001, "Nadam": 0.001, "Adamax": 0.001,
         "Adagrad": 0.001, "Adadelta": 0.001, "Ftrl": 0.001, "Lion": 0.001}


def layer(output, units=None, activation="same") -> str:
    """Return the line of the last layer with weights, with other units or another activation (None: linear)."""
    head = output.head
    units = units or output.units or 1
    activation = head.activation if activation == "same" else activation
    arguments = [str(units)]
    kind = type(head.layer).__name__
    if kind.startswith("Conv") and hasattr(head.layer, "kernel_size"):
        arguments.append(repr(tuple(head.layer.kernel_size)))
    else:
        kind = "Dense"
    if activation not in (None, "linear", "unknown"):
        arguments.append(f'activation="{activation}"')
    if not output.only:
        arguments.append(f'name="{output.name}"')
    return f"keras.layers.{kind}({', '.join(arguments)})"


def loss(facts, name=None, **changes) -> str:
    """Return a loss as it is written in `compile`, with another name or other arguments (None removes one)."""
    name = name or facts.name
    kept = {k: v for k, v in facts.arguments.items() if k in ARGUMENTS.get(name, ())} | changes
    if facts.reduction not in ("sum_over_batch_size", None) and "reduction" not in changes:
        kept["reduction"] = facts.reduction
    kept = {k: v for k, v in kept.items() if v is not None and v != DEFAULTS.get(k)}
    if not kept or name not in CLASSES:
        return f'"{STRINGS.get(name, name)}"' if name != "custom" else _own(facts)
    return f"keras.losses.{CLASSES[name]}({', '.join(f'{k}={v!r}' for k, v in kept.items())})"


ARGUMENTS = {"bce": ("from_logits", "label_smoothing"), "cce": ("from_logits", "label_smoothing"),
             "sce": ("from_logits", "ignore_class"), "huber": ("delta",),
             "focal": ("from_logits", "alpha", "gamma", "apply_class_balancing", "label_smoothing"),
             "categorical_focal": ("from_logits", "alpha", "gamma", "label_smoothing")}
DEFAULTS = {"from_logits": False, "label_smoothing": 0.0, "delta": 1.0, "ignore_class": None, "alpha": 0.25,
            "gamma": 2.0, "apply_class_balancing": False, "reduction": "sum_over_batch_size"}


def metric(facts) -> str:
    """Return a metric as it is written in `compile`."""
    if isinstance(facts.written, str):
        return f'"{facts.written}"'
    if facts.name == "custom" or facts.object is None:
        return getattr(facts.written, "__name__", None) or _instance(facts.written)
    kind, config = type(facts.object), facts.object.get_config()
    plain = _defaults(kind)
    changed = [f"{k}={v!r}" for k, v in config.items()
               if k in plain and k not in ("dtype", "name") and v != plain[k] and _literal(v)]
    return f"keras.metrics.{kind.__name__}({', '.join(changed)})"


def compile_line(case, output, loss_code=None, metric_codes=None, optimizer_code=None, weighted=None) -> str:
    """Return `model.compile(...)` of this model with one output's loss or metrics replaced."""
    losses = {o.name: loss_code if o is output and loss_code else loss(o.loss) for o in case.outputs
              if o.loss.name != "none"}
    metrics = {o.name: metric_codes if o is output and metric_codes is not None
               else [metric(m) for m in o.metrics if not m.weighted] for o in case.outputs}
    heavy = {o.name: weighted if o is output and weighted is not None
             else [metric(m) for m in o.metrics if m.weighted] for o in case.outputs}
    parts = [f"optimizer={optimizer_code or optimizer(case.model)}"]
    if case.several:
        parts.append(f"loss={_dict(losses)}")
    else:
        parts += [f"loss={code}" for code in losses.values()]
    for argument, codes in (("metrics", metrics), ("weighted_metrics", heavy)):
        codes = {name: "[" + ", ".join(own) + "]" for name, own in codes.items() if own}
        if codes:
            parts.append(f"{argument}={_dict(codes) if case.several else next(iter(codes.values()))}")
    return f"model.compile({', '.join(parts)})"


def replace_metric(output, old, new) -> list[str]:
    """Return the codes of an output's metrics with one replaced; None or "" drops it."""
    codes = [new if m is old else metric(m) for m in output.metrics if not m.weighted or m is old]
    return list(dict.fromkeys(code for code in codes if code))


def optimizer(model) -> str:
    own = getattr(model, "optimizer", None)
    if own is None:
        return '"adam"'
    name = type(own).__name__
    inner = getattr(own, "inner_optimizer", None)
    if inner is not None:
        own, name = inner, type(inner).__name__
    rate = getattr(own, "_learning_rate", None)
    if name not in RATES or not hasattr(rate, "assign"):
        return "model.optimizer"
    rate = float(f"{float(own.learning_rate):.6g}")
    return f'"{name.lower()}"' if rate == RATES[name] else f"keras.optimizers.{name}({rate!r})"


def _dict(codes) -> str:
    return "{" + ", ".join(f'"{name}": {code}' for name, code in codes.items()) + "}"


def _own(facts) -> str:
    written = facts.written
    return getattr(written, "__name__", None) or _instance(written)


def _instance(written) -> str:
    name = type(written).__name__
    return f"{name}()" if name.isidentifier() and not re.match("function|method|partial", name) else "your_function"


def _defaults(kind) -> dict:
    import inspect

    return {k: p.default for k, p in inspect.signature(kind.__init__).parameters.items()
            if p.default is not inspect.Parameter.empty or k not in ("self", "kwargs")}


def _literal(value) -> bool:
    return isinstance(value, (int, float, str, bool, list, tuple, type(None)))


def snake(name) -> str:
    """CamelCase as Keras writes it in strings: BinaryAccuracy -> binary_accuracy."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
