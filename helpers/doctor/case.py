"""Everything the rules may ask about one program, gathered once: model, outputs, data, weights, callbacks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from helpers.doctor import compiled, heads, labels, metric_facts, probe, running
from helpers.doctor import data as data_module


@dataclass
class Output:
    """One output of the model with all that belongs to it. shape: of one sample; None for a size that varies."""

    name: str
    only: bool
    head: heads.Head
    loss: compiled.LossFacts
    metrics: list
    labels: labels.Labels | None
    shape: tuple | None
    probe: probe.OutputProbe | None = None

    @property
    def units(self) -> int | None:
        if self.shape and self.shape[-1] is not None:
            return self.shape[-1]
        return getattr(self.head.layer, "units", getattr(self.head.layer, "filters", None))

    @property
    def shown(self) -> str:
        """The name where it tells outputs apart."""
        return "" if self.only else self.name


@dataclass
class Case:
    """The program as a whole. notes: (code, sentence) for what could not be judged; faults: (code, detail)."""

    model: object
    outputs: list = field(default_factory=list)
    data: data_module.Data = field(default_factory=data_module.Data)
    class_weight: object = None
    sample_weight: object = None
    callbacks: tuple = ()
    validation_data: object = None
    probe: probe.Probe | None = None
    notes: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    compiled: bool = True
    overrides: list = field(default_factory=list)
    calls: list = field(default_factory=list, repr=False)
    inputs: list = field(default_factory=list, repr=False)

    @property
    def several(self) -> bool:
        return len(self.outputs) > 1

    @property
    def n(self) -> int | None:
        """How many samples there are, where that is known."""
        if self.data.n is not None or self.data.sampled:
            return self.data.n
        return next((o.labels.n for o in self.outputs if o.labels is not None), None)

    @property
    def looked_at(self) -> str:
        """One sentence where not all of the targets were looked at."""
        read = next((o.labels for o in self.outputs if o.labels is not None and o.labels.sampled), None)
        if read is None or not read.n:
            return ""
        if self.data.sampled:
            return f"The first {read.n:,} rows of the {self.data.source} were looked at."
        return f"Of the {read.n:,} rows of y, one in {read.every} was looked at."

    def attempt(self, read, otherwise):
        """What `read()` returns; if it raises, `otherwise` and a note."""
        try:
            return read()
        except Exception as error:  # noqa: BLE001 - an unknown Keras, or an odd object
            self.notes.append(("not-judged",
                               f"A part of the model could not be read ({type(error).__name__}: {error})."))
            return otherwise


def gather(model, x, y, class_weight, sample_weight, callbacks, validation_data) -> Case:
    """Read a program. Never raises; what cannot be read stands in the notes of the `Case`."""
    callbacks = tuple(callbacks) if isinstance(callbacks, (list, tuple)) else (callbacks,) if callbacks else ()
    case = Case(model, class_weight=class_weight, sample_weight=sample_weight, callbacks=callbacks,
                validation_data=validation_data)
    case.overrides = compiled.overrides(model)
    case.compiled = bool(getattr(model, "compiled", False))
    if not case.compiled:
        case.notes.append(("not-compiled", "The model is not compiled, so there is no loss and no metric to judge. "
                                           "Call model.compile(...) first."))
    x = _stacked(case, x)
    case.data = data_module.take(x, y, sample_weight, 8 if running.size(model) > probe.LARGE else data_module.BATCH)
    _batched(case)
    case.notes += case.data.notes
    case.faults += case.data.faults
    if case.sample_weight is None:
        case.sample_weight = case.data.weight
    runnable = running.built(case)
    predictions, tensors = running.predict(case, runnable)
    names = compiled.output_names(runnable if runnable is not None else model, predictions)
    if tensors is not None and len(tensors) != len(names):
        names = [f"output_{i}" for i in range(len(tensors))]
    shapes = running.shapes(runnable, tensors, names)
    targets = _targets(case, names, model)
    found = running.heads_of(case, runnable, names, tensors)
    losses = case.attempt(lambda: compiled.losses(model, names), []) if case.compiled else []
    nothing = compiled.LossFacts("none")
    facts = [_labels(case, target, shape, name) for target, shape, name in zip(targets, shapes, names, strict=True)]
    full = [None if s is None else (None, *s) for s in shapes]
    target_shapes = [None if f is None else (None, *f.shape) for f in facts]
    metrics = case.attempt(lambda: compiled.metrics(model, names, target_shapes, full), [[] for _ in names])
    for i, name in enumerate(names):
        loss = losses[i] if losses else nothing
        if loss.name == "crossentropy":
            loss = compiled.read_loss(_meant(target_shapes[i], full[i]), loss.weight)
        case.outputs.append(Output(name, len(names) == 1, found[i], loss, metrics[i] if case.compiled else [],
                                   facts[i], shapes[i]))
    if tensors is not None and case.compiled:
        running.probed(case, runnable, tensors)
    return case


def _stacked(case, x):
    """A list with an array for each sample, which Keras takes for as many inputs, as the array that is meant."""
    wanted = len(getattr(case.model, "inputs", None) or [])
    if wanted != 1 or not isinstance(x, (list, tuple)) or len(x) < 2 or not all(hasattr(part, "shape") for part in x) \
            or len({tuple(part.shape) for part in x}) > 1:
        return x
    case.faults.append(("python-list", "x"))
    return np.stack([labels.to_numpy(part) for part in x])


def _batched(case):
    """A dataset whose features lack exactly the axis of the batch yields single samples."""
    inputs, x = getattr(case.model, "inputs", None) or [], case.data.x
    if case.data.source == "dataset" and len(inputs) == 1 and getattr(x, "ndim", None) == len(inputs[0].shape) - 1:
        case.data.faults.append(("not-batched", ""))
        case.data.x = case.data.y = case.data.weight = None


def _targets(case, names, model):
    y = case.data.y
    if y is None:
        if case.data.source == "arrays" and not case.notes:
            case.notes.append(("no-targets", "There are no targets: hand over y to have labels, loss and metrics "
                                             "looked at together."))
        return [None] * len(names)
    if isinstance(y, dict):
        if set(names) <= set(y):
            return [y[name] for name in names]
        if len(names) == 1 and len(y) == 1:
            return list(y.values())
        case.faults.append(("output-names", ("y", [k for k in y if k not in names])))
        return [y.get(name) for name in names]
    if isinstance(y, (list, tuple)) and y and all(hasattr(part, "shape") for part in y):
        if len(y) == len(names):
            return list(y)
        if len(names) > 1:
            losses = compiled.losses(model, names) if case.compiled else []
            used = [i for i, loss in enumerate(losses) if loss.name != "none"]
            if len(used) == len(y):
                return [y[used.index(i)] if i in used else None for i in range(len(names))]
            case.faults.append(("output-count", (len(y), len(names))))
            return [None] * len(names)
    if len(names) > 1:
        case.faults.append(("output-count", (1, len(names))))
        return [None] * len(names)
    return [y]


def _labels(case, target, shape, name):
    if target is None:
        return None
    try:
        positions = None if shape is None else len(shape)
        found = labels.read(target, positions=positions, sampled=case.data.sampled)
    except Exception as error:  # noqa: BLE001
        case.notes.append(("not-judged", f"The targets of {name!r} could not be read as an array "
                                         f"({type(error).__name__})."))
        return None
    if found.was_list:
        case.faults.append(("python-list", "y"))
    return found


def _meant(target, output):
    """The loss that Keras chooses for "crossentropy"."""
    variant = metric_facts.accuracy_variant(target, output)
    return {"binary_accuracy": "binary_crossentropy",
            "categorical_accuracy": "categorical_crossentropy"}.get(variant, "sparse_categorical_crossentropy")
