"""Why `history["loss"]` is not the number you compute afterwards: the difference, term by term.

>>> history = model.fit(X, y, epochs=5, sample_weight=w)
>>> explain(model, history, X, y, sample_weight=w)
"""
from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np

WHY = {
    "weights": "sample or class weights multiply the loss of a row; what you computed counts every row once",
    "batches": "Keras computes it for each batch and averages; you computed it on all rows at once",
    "logits": "Keras computes it from the logits behind the head; you computed it from what predict returns",
    "regularization": "penalties on weights or activities are part of the loss, and no part of what you computed",
    "dropout": "in training, units are dropped at random; predict drops none",
    "batch normalization": "in training, a batch is normalized by its own mean and spread; predict uses running ones",
    "the epoch": "what is reported is a mean over the epoch, while the weights moved; you computed it after the epoch",
}


@dataclass(frozen=True)
class Gap:
    """What `explain` found: `recomputed` plus all `terms` is `reported`, to rounding.

    name: "loss" or the name of a metric. terms: name of the cause -> how much it adds, in the order in which they were
    switched on; another order would share out differently what two causes do together. A cause that does not occur in
    this model is not listed.
    """

    name: str
    recomputed: float
    terms: dict[str, float]
    reported: float

    def rows(self) -> list[tuple[str, float, str]]:
        """(label, value, reason), from the recomputed number to the reported one."""
        return [("recomputed from predict", self.recomputed, "all rows at once, each counted once, after the epoch"),
                *((f"+ {cause}", value, WHY[cause]) for cause, value in self.terms.items()),
                (f'= history["{self.name}"]', self.reported, "what Keras reported for the last epoch")]

    def __str__(self):
        return "\n".join(f"{label:28}{value:12.6f}   {reason}" for label, value, reason in self.rows())

    def _repr_html_(self):
        cells = "".join(f"<tr><th scope='row' style='text-align:left'>{html.escape(label)}</th><td>{value:.6f}</td>"
                        f"<td style='text-align:left'>{reason}</td></tr>" for label, value, reason in self.rows())
        return f"<table>{cells}</table>"

    def waterfall(self, ax) -> None:
        """Draw the terms as steps from the recomputed number up or down to the reported one."""
        from helpers import figures
        labels, values = zip(*((label, value) for label, value, _ in self.rows()), strict=True)
        level = np.cumsum(values[:-1])
        starts = [0, *level[:-1], 0]
        for i, (start, value) in enumerate(zip(starts, values, strict=True)):
            whole = i in (0, len(values) - 1)
            ax.barh(i, value, left=start, color="lightgray" if whole else figures.COLORS[value < 0], edgecolor="black",
                    hatch="" if whole or value >= 0 else "//")
            ax.annotate(f"{value:.3g}" if whole else f"{value:+.3g}", (max(start, start + value), i), xytext=(4, 0),
                        textcoords="offset points", va="center")
        for i, edge in enumerate(level):
            ax.plot([edge, edge], [i, i + 1], color="black", linewidth=0.8)
        ax.set(yticks=range(len(labels)), yticklabels=labels, xlabel=self.name)
        ax.invert_yaxis()
        ax.margins(x=0.15)


def explain(model, history, X, y, *, name="loss", batch_size=32, sample_weight=None, class_weight=None,
            passes=20) -> Gap:
    """Explain the last value of `history.history[name]` for a model that `fit` has just trained.

    model: compiled, with one input and one output, as `fit` left it. history: what `fit` returned. X: (n, …), y, and
    batch_size, sample_weight, class_weight: what `fit` was given. name: "loss" or a compiled metric. passes: how often
    the data are run through dropout, whose mean effect is shown. Nothing in the model changes.

    Raises ValueError, in one sentence, for a model with several outputs, a name that was not recorded, and weights that
    do not fit.
    """
    import keras

    from helpers.replicates import checks
    (X, y, weights), _ = checks.data(X, y, sample_weight, class_weight, None)
    checks.compiled(model)
    if len(model.outputs or [0]) != 1 or isinstance(model.loss, (dict, list)):
        raise ValueError("The model has several outputs: explain each with a model of its own.")
    if name not in history.history:
        recorded = [key for key in history.history if not key.startswith("val_")]
        raise ValueError(f"{name!r} was not recorded: choose {', '.join(recorded)}.")
    run = _Runs(model, name, X, y, weights, batch_size)
    levels = {"recomputed": run.from_predictions(None, len(X))}
    levels["weights"] = run.from_predictions(run.weights, len(X)) if run.weights is not None else None
    levels["batches"] = run.from_predictions(run.weights, batch_size)
    levels["logits"] = run.model(regularized=False)
    levels["regularization"] = run.model()
    random = any(layer._seed_generators for layer in run.layers)
    if random:
        levels["dropout"] = run.model(training=True, still=keras.layers.BatchNormalization, passes=passes)
    if any(isinstance(layer, keras.layers.BatchNormalization) for layer in run.layers):
        levels["batch normalization"] = run.model(training=True, passes=passes if random else 1)
    levels["the epoch"] = float(history.history[name][-1])
    return _gap(name, {cause: value for cause, value in levels.items() if value is not None})


def _gap(name, levels):
    """Turn the levels into differences. What is only rounding goes into the next difference, so that the sum stays."""
    (_, recomputed), *rest = levels.items()
    terms, before = {}, recomputed
    for cause, level in rest:
        if cause == "the epoch" or abs(level - before) > 1e-6 * max(1.0, abs(before)):
            terms[cause], before = level - before, level
    return Gap(name, recomputed, terms, before)


class _Runs:
    """Passes over the data, with one cause more or less; all in stateless scopes, so that the model stays as it is."""

    def __init__(self, model, name, X, y, weights, batch_size):
        self.net, self.X, self.y, self.batch_size = model, X, y, batch_size
        self.predicted = model.predict(X, batch_size=batch_size, verbose=0)
        self.layers = list(model._flatten_layers(include_self=False))
        self.metric, weighted = (None, True) if name == "loss" else _find(model, name)
        self.weights = weights if weighted else None

    def from_predictions(self, weights, size) -> float:
        """The loss or metric of what `predict` returns, in batches of `size`."""
        batches = list(self._batches(size, weights))
        if self.metric is None:
            losses = [float(_loss(self.net)(y, p, sample_weight=w)) for _, y, p, w in batches]
            return float(np.average(losses, weights=[len(y) for _, y, _, _ in batches]))
        with self._scope():
            for _, y, p, w in batches:
                self.metric.update_state(y, p, sample_weight=w)
            return float(self.metric.result())

    def model(self, *, training=False, regularized=True, still=(), passes=1) -> float:
        """The loss or metric as Keras computes it behind the model. still: layers of this class act as in predict."""
        frozen = [layer for layer in self.layers if still and isinstance(layer, still) and layer.trainable]
        try:
            for layer in frozen:
                layer.trainable = False
            with self._scope(collect_losses=True):
                return float(np.mean([self._pass(training, regularized) for _ in range(passes)]))
        finally:
            for layer in frozen:
                layer.trainable = True

    def _pass(self, training, regularized):
        losses, sizes = [], []
        if self.metric is not None:
            self.metric.reset_state()
        for x, y, _, w in self._batches(self.batch_size, self.weights):
            p = self.net(x, training=training)
            if self.metric is not None:
                self.metric.update_state(y, p, sample_weight=w)
            elif regularized:
                losses.append(float(self.net.compute_loss(x=x, y=y, y_pred=p, sample_weight=w, training=training)))
            else:
                losses.append(float(_loss(self.net)(y, p, sample_weight=w)))
            sizes.append(len(x))
        return float(self.metric.result()) if self.metric is not None else np.average(losses, weights=sizes)

    def _batches(self, size, weights):
        for i in range(0, len(self.X), size):
            rows = slice(i, i + size)
            yield self.X[rows], self.y[rows], self.predicted[rows], None if weights is None else weights[rows]

    def _scope(self, **options):
        """A scope in which the metric begins at zero and whatever changes is forgotten."""
        import keras
        import tensorflow as tf
        sums = [(v, tf.zeros(v.shape, v.dtype)) for v in (self.metric.variables if self.metric is not None else ())]
        return keras.StatelessScope(state_mapping=[*((v, v.value) for v in self.net.variables), *sums], **options)


def _find(model, name):
    """The compiled metric of this name, and whether it is a weighted one."""
    compiled = model._compile_metrics
    for weighted, lists in ((False, compiled._flat_metrics), (True, compiled._flat_weighted_metrics)):
        for metric in (metric for each in lists if each is not None for metric in each.metrics):
            if metric.name == name:
                return metric, weighted
    raise ValueError(f"{name!r} is no metric of this model.")


def _loss(model):
    """The compiled loss as a Keras Loss: per batch, as `fit` computes it, without penalties."""
    import keras
    from keras.src.losses.losses import LossFunctionWrapper
    loss = keras.losses.get(model.loss)
    return loss if isinstance(loss, keras.losses.Loss) else LossFunctionWrapper(loss)
