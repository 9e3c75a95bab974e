"""Run the user's model once, on the first rows, and find its outputs: what they are, their shapes and their heads.

Everything here gets the `Case` and writes to its notes and faults what it could not do.
"""

from __future__ import annotations

import numpy as np

from helpers.doctor import compiled, heads, probe, traces, twin
from helpers.doctor import data as data_module


def size(model) -> int:
    """How many weights the model has; 0 while it is not built."""
    try:
        return model.count_params()
    except Exception:  # noqa: BLE001 - not built
        return 0


def built(case):
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
        copied(as_input(case.data.x))
        return copied
    except Exception as error:  # noqa: BLE001
        _refused(case, error)
        return None


def _is_sequential(model) -> bool:
    import keras

    return isinstance(model, keras.Sequential)


def predict(case, model):
    """(what the model returns, as a list of tensors in the order of its outputs), or (None, None)."""
    if model is None or case.data.x is None or case.data.x_text:
        return None, None
    try:
        x = as_input(case.data.x)
        if getattr(model, "outputs", None):
            predictions = probe.forward(model, x)
        else:
            with traces.recorded_calls() as case.calls:
                predictions = probe.forward(model, x)
            case.inputs = data_module.flatten(x)[0]
        return predictions, in_order(model, predictions)
    except Exception as error:  # noqa: BLE001 - a user's model may raise anything
        _refused(case, error)
        return None, None


def in_order(model, predictions):
    """What the model returned as a list, in the order of its outputs."""
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


def as_input(x):
    """x with its arrays of numbers as tensors."""
    from keras import ops

    parts, pack = data_module.flatten(x)
    return pack([ops.convert_to_tensor(part) if getattr(part, "dtype", None) is not None and part.dtype.kind in "buif"
                 else part for part in parts])


def shapes(model, tensors, names):
    """The shape of one sample of each output; None for a size that varies or that is not known."""
    if tensors is not None:
        seen = [tuple(tensor.shape[1:]) for tensor in tensors]
        declared = _declared(model, names)
        return [tuple(None if d is None else s for s, d in zip(own, known, strict=True))
                if known is not None and len(known) == len(own) else own
                for own, known in zip(seen, declared, strict=True)]
    return _declared(model, names)


def _declared(model, names):
    outputs = getattr(model, "outputs", None) or []
    if len(outputs) == len(names):
        return [tuple(output.shape[1:]) for output in outputs]
    return [None] * len(names)


def heads_of(case, model, names, tensors):
    """The head of each output."""
    source = model if model is not None else case.model
    outputs = getattr(source, "outputs", None) or []
    found = [heads.Head() for _ in names]
    if len(outputs) == len(names):
        found = [case.attempt(lambda o=output: heads.from_keras(o), heads.Head()) for output in outputs]
    elif _is_sequential(source) and source.layers:
        found = [case.attempt(lambda: heads.from_layers(source.layers), heads.Head())]
    elif case.calls and tensors is not None:
        found = [case.attempt(lambda t=tensor: traces.from_calls(t, case.calls, case.inputs), heads.Head())
                 for tensor in tensors]
    if model is not None and case.data.x is not None and any(not head.known for head in found):
        try:
            traced = traces.from_tensorflow(model, as_input(case.data.x))
        except Exception:  # noqa: BLE001 - the head stays unknown
            traced = []
        if len(traced) == len(found):
            order = _traced_order(model, names)
            found = [head if head.known else traces.merge(head, traced[k])
                     for head, k in zip(found, order, strict=True)]
    return found


def _traced_order(model, names):
    """TensorFlow flattens a dict of outputs by sorted keys."""
    import keras

    if isinstance(model, keras.Sequential) or not isinstance(getattr(model, "_outputs_struct", None), dict):
        return range(len(names))
    return [sorted(names).index(name) for name in names]


def probed(case, model, tensors):
    """Put the predictions of the first rows through losses, metrics and one step of the optimizer."""
    losses = [output.loss for output in case.outputs]
    batch = [_batch(output.labels, tensor) for output, tensor in zip(case.outputs, tensors, strict=True)]
    case.probe = probe.run(model, None, tensors, losses, [o.metrics for o in case.outputs], batch)
    for output, found in zip(case.outputs, case.probe.outputs, strict=True):
        output.probe = found
    complete = all(b is not None for b, loss in zip(batch, losses, strict=True) if loss.name != "none")
    failed = any(o.error for o in case.probe.outputs) or any(loss.name == "unknown" for loss in losses)
    if complete and not failed and not case.overrides and any(loss.name != "none" for loss in losses):
        try:
            probe.training(case.probe, model, as_input(case.data.x), losses, batch,
                           lambda predictions: in_order(model, predictions))
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
