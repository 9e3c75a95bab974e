"""Everything the rules may ask about one program, gathered once: model, outputs, data, weights, callbacks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from helpers.doctor import compiled, heads, labels, probe, twin
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
    case.data = data_module.take(x, y, sample_weight, 8 if _weights(model) > probe.LARGE else data_module.BATCH)
    _batched(case)
    case.notes += case.data.notes
    case.faults += case.data.faults
    if case.sample_weight is None:
        case.sample_weight = case.data.weight
    runnable = _built(case)
    predictions, tensors = _predict(case, runnable)
    names = compiled.output_names(runnable if runnable is not None else model, predictions)
    if tensors is not None and len(tensors) != len(names):
        names = [f"output_{i}" for i in range(len(tensors))]
    shapes = _shapes(runnable, tensors, names)
    targets = _targets(case, names, model)
    found = _heads(case, runnable, names, tensors)
    losses = _read(case, lambda: compiled.losses(model, names), []) if case.compiled else []
    nothing = compiled.LossFacts("none")
    facts = [_labels(case, target, shape, name) for target, shape, name in zip(targets, shapes, names, strict=True)]
    full = [None if s is None else (None, *s) for s in shapes]
    target_shapes = [None if f is None else (None, *f.shape) for f in facts]
    metrics = _read(case, lambda: compiled.metrics(model, names, target_shapes, full), [[] for _ in names])
    for i, name in enumerate(names):
        loss = losses[i] if losses else nothing
        if loss.name == "crossentropy":
            loss = compiled.read_loss(_meant(target_shapes[i], full[i]), loss.weight)
        case.outputs.append(Output(name, len(names) == 1, found[i], loss, metrics[i] if case.compiled else [],
                                   facts[i], shapes[i]))
    if tensors is not None and case.compiled:
        _probe(case, runnable, tensors)
    return case


def _stacked(case, x):
    """A list with an array for each sample, which Keras takes for as many inputs, as the array that is meant."""
    wanted = len(getattr(case.model, "inputs", None) or [])
    if wanted != 1 or not isinstance(x, (list, tuple)) or len(x) < 2 or not all(hasattr(part, "shape") for part in x):
        return x
    case.faults.append(("python-list", "x"))
    return np.stack([labels.to_numpy(part) for part in x])


def _batched(case):
    """A dataset whose features lack exactly the axis of the batch yields single samples."""
    inputs, x = getattr(case.model, "inputs", None) or [], case.data.x
    if case.data.source == "dataset" and len(inputs) == 1 and getattr(x, "ndim", None) == len(inputs[0].shape) - 1:
        case.data.faults.append(("not-batched", ""))
        case.data.x = case.data.y = case.data.weight = None


def _weights(model) -> int:
    try:
        return model.count_params()
    except Exception:  # noqa: BLE001 - not built
        return 0


def _built(case):
    """The model, or a built copy of it; None if it cannot be run."""
    model = case.model
    if model.built and (getattr(model, "_functional", None) is not None or not _is_sequential(model)):
        return model
    if case.data.x is None:
        case.notes.append(("not-built", "The model is not built yet: without x it is only known in part. "
                                        "Begin it with keras.Input(shape), or hand over x."))
        return None
    try:
        copied = twin.of(model)
        copied(_as_input(case.data.x))
        return copied
    except Exception as error:  # noqa: BLE001
        _refused(case, error)
        return None


def _is_sequential(model) -> bool:
    import keras

    return isinstance(model, keras.Sequential)


def _predict(case, model):
    """(what the model returns, as a list of tensors in the order of its outputs), or (None, None)."""
    if model is None or case.data.x is None or case.data.x_text:
        return None, None
    try:
        x = _as_input(case.data.x)
        if getattr(model, "outputs", None):
            predictions = probe.forward(model, x)
        else:
            with heads.recorded_calls() as case.calls:
                predictions = probe.forward(model, x)
            case.inputs = data_module.flatten(x)[0]
        return predictions, _in_order(model, predictions)
    except Exception as error:  # noqa: BLE001 - a user's model may raise anything
        _refused(case, error)
        return None, None


def _in_order(model, predictions):
    if isinstance(predictions, dict):
        return [predictions[name] for name in compiled.output_names(model, predictions)]
    return list(predictions) if isinstance(predictions, (list, tuple)) else [predictions]


def _refused(case, error):
    message = (str(error).strip().splitlines() or [""])[0][:300]
    told = ("incompatible with the layer", "expected shape", "invalid input shape", "incompatible shape",
            "dimensions must be equal", "is not in [0,", "size-incompatible")
    if any(part in str(error).lower() for part in told):
        case.faults.append(("model-refuses-x", message))
    else:
        case.notes.append(("not-judged", f"The model could not be run on the first rows of x "
                                         f"({type(error).__name__}: {message})"))


def _as_input(x):
    from keras import ops

    parts, pack = data_module.flatten(x)
    return pack([ops.convert_to_tensor(part) if getattr(part, "dtype", None) is not None and part.dtype.kind in "buif"
                 else part for part in parts])


def _shapes(model, tensors, names):
    if tensors is not None:
        shapes = [tuple(tensor.shape[1:]) for tensor in tensors]
        declared = _declared(model, names)
        return [tuple(None if d is None else s for s, d in zip(own, known, strict=True))
                if known is not None and len(known) == len(own) else own
                for own, known in zip(shapes, declared, strict=True)]
    return _declared(model, names)


def _declared(model, names):
    outputs = getattr(model, "outputs", None) or []
    if len(outputs) == len(names):
        return [tuple(output.shape[1:]) for output in outputs]
    return [None] * len(names)


def _heads(case, model, names, tensors):
    source = model if model is not None else case.model
    outputs = getattr(source, "outputs", None) or []
    found = [heads.Head() for _ in names]
    if len(outputs) == len(names):
        found = [_read(case, lambda o=output: heads.from_keras(o), heads.Head()) for output in outputs]
    elif _is_sequential(source) and source.layers:
        found = [_read(case, lambda: heads.from_layers(source.layers), heads.Head())]
    elif case.calls and tensors is not None:
        found = [_read(case, lambda t=tensor: heads.from_calls(t, case.calls, case.inputs), heads.Head())
                 for tensor in tensors]
    if model is not None and case.data.x is not None and any(not head.known for head in found):
        try:
            traced = heads.from_tensorflow(model, _as_input(case.data.x))
        except Exception:  # noqa: BLE001 - the head stays unknown
            traced = []
        if len(traced) == len(found):
            order = _traced_order(model, names)
            found = [head if head.known else heads.merge(head, traced[k])
                     for head, k in zip(found, order, strict=True)]
    return found


def _traced_order(model, names):
    """TensorFlow flattens a dict of outputs by sorted keys."""
    import keras

    if isinstance(model, keras.Sequential) or not isinstance(getattr(model, "_outputs_struct", None), dict):
        return range(len(names))
    return [sorted(names).index(name) for name in names]


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
    variant = compiled.accuracy_variant(target, output)
    return {"binary_accuracy": "binary_crossentropy",
            "categorical_accuracy": "categorical_crossentropy"}.get(variant, "sparse_categorical_crossentropy")


def _read(case, read, otherwise):
    try:
        return read()
    except Exception as error:  # noqa: BLE001 - an unknown Keras, or an odd object
        case.notes.append(("not-judged", f"A part of the model could not be read ({type(error).__name__}: {error})."))
        return otherwise


def _probe(case, model, tensors):
    losses = [output.loss for output in case.outputs]
    batch = [_batch(output.labels, tensor) for output, tensor in zip(case.outputs, tensors, strict=True)]
    case.probe = probe.run(model, None, tensors, losses, [o.metrics for o in case.outputs], batch)
    for output, found in zip(case.outputs, case.probe.outputs, strict=True):
        output.probe = found
    complete = all(b is not None for b, loss in zip(batch, losses, strict=True) if loss.name != "none")
    failed = any(o.error for o in case.probe.outputs) or any(loss.name == "unknown" for loss in losses)
    if complete and not failed and not case.overrides and any(loss.name != "none" for loss in losses):
        try:
            probe.training(case.probe, model, _as_input(case.data.x), losses, batch,
                           lambda predictions: _in_order(model, predictions))
        except Exception as error:  # noqa: BLE001
            case.notes.append(("not-judged", f"No gradient could be taken ({type(error).__name__})."))


def _batch(found, tensor):
    """The targets of the probed rows, in the type that `fit` would use; None if they are no numbers."""
    if found is None or not found.numeric:
        return None
    rows = np.asarray(found.array[: int(tensor.shape[0])])
    if len(rows) != int(tensor.shape[0]) or rows.dtype.kind not in "buif":
        return None
    return rows.astype("float32") if rows.dtype == np.float64 else rows
