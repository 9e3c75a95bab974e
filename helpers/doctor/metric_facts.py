"""One compiled metric: its name, its arguments, and what Keras makes of "accuracy"."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field

from helpers.doctor.code import snake


@dataclass
class MetricFacts:
    """One metric of one output. name: "binary_accuracy", "auc", "mse", ..., "custom" or "unknown".

    written: what the user passed. object: a keras Metric or None. function: of a function or of a Keras metric that
    is a mean of one. log: its name in the logs. weighted: it stood in weighted_metrics.
    """

    name: str
    written: object
    object: object = None
    function: object = None
    arguments: dict = field(default_factory=dict)
    log: str = ""
    weighted: bool = False

    @property
    def direction(self) -> str:
        """"up" or "down" as Keras knows it, "" where it does not."""
        return getattr(self.object, "_direction", "") or ""


def read_metric(written, target, output, weighted=False) -> MetricFacts:
    import keras

    facts = MetricFacts("unknown", written, weighted=weighted, log=str(written))
    known = written
    if isinstance(written, str):
        name = written
        if name.lower() in ("accuracy", "acc"):
            name = accuracy_variant(target, output)
        try:
            known = keras.metrics.get(name)
        except Exception:  # noqa: BLE001
            return facts
    elif inspect.isclass(written):
        known = written()
    if isinstance(known, keras.metrics.Metric):
        facts.object = known
        facts.function = getattr(known, "_fn", None)
        facts.arguments = _arguments(known)
        ours = type(known).__module__.split(".")[0] in ("keras", "tensorflow")
        facts.name = snake(type(known).__name__) if ours and type(known).__name__ != "MeanMetricWrapper" else "custom"
        if facts.name == "custom" and ours and facts.function is not None:
            facts.name = _metric_function(facts.function)
        facts.log = written if isinstance(written, str) else known.name
    else:
        facts.function = known
        facts.name = _metric_function(known)
        facts.log = written if isinstance(written, str) else getattr(known, "__name__", type(known).__name__)
    facts.name = {"mean_squared_error": "mse", "mean_absolute_error": "mae", "mean_absolute_percentage_error": "mape",
                  "root_mean_squared_error": "rmse", "mean_squared_logarithmic_error": "msle"}.get(facts.name,
                                                                                                   facts.name)
    return facts


def accuracy_variant(target, output) -> str:
    """Return what Keras makes of "accuracy", from the shapes of a batch of targets and outputs."""
    if output and output[-1] == 1:
        return "binary_accuracy"
    if target is None or output is None:
        return "categorical_accuracy"
    sparse = len(target) < len(output) or (target[-1] == 1 and output[-1] > 1)
    return "sparse_categorical_accuracy" if sparse else "categorical_accuracy"


def _metric_function(function) -> str:
    name, module = getattr(function, "__name__", ""), getattr(function, "__module__", "") or ""
    return name if module.startswith(("keras.", "tensorflow.")) else "custom"


def _arguments(metric) -> dict:
    arguments = dict(getattr(metric, "_fn_kwargs", {}) or {})
    for name in ("class_id", "top_k", "multi_label", "_from_logits", "threshold", "average", "k", "sparse_y_pred",
                 "sparse_y_true", "num_classes", "num_labels", "init_thresholds"):
        if hasattr(metric, name):
            arguments[name.lstrip("_")] = getattr(metric, name)
    return arguments
