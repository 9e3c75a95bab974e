"""What stops a program before any loss is computed: rows, text, missing values, names of outputs."""

from __future__ import annotations

import difflib

import numpy as np

from helpers.doctor import compiled
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import num, several


@rule("not-judged", "note", scope="model")
def what_could_not_be_judged(case):
    said = [say(sentence, code=code) for code, sentence in case.notes]
    if case.overrides:
        said.append(say(f"The model defines its own {', '.join(case.overrides)}: the losses and metrics computed there "
                        "cannot be seen from outside, and are not judged."))
    return said


@rule("python-list", "error", scope="model")
def python_list(case):
    names = dict.fromkeys(detail for code, detail in case.faults if code == "python-list")
    return [say(f"{name} is a Python list.", why="Keras takes arrays, tensors and datasets, not lists of numbers.",
                see="fit(...) raises ValueError: Unrecognized data type.", fix=f"{name} = np.array({name})")
            for name in names]


@rule("not-batched", "error", scope="model")
def not_batched(case):
    if any(code == "not-batched" for code, _ in case.faults):
        return say("The dataset yields single samples, not batches.",
                   why="fit(...) takes what a dataset yields as one batch; batch_size is not used for datasets.",
                   see="An error about a shape, or every number of a sample is taken for a sample of its own.",
                   fix="dataset = dataset.batch(32)")


@rule("model-refuses-x", "error", scope="model")
def model_refuses_x(case):
    for code, message in case.faults:
        if code == "model-refuses-x":
            return say("The model cannot be run on x: the shapes do not fit.", why=message,
                       see="fit(...) raises this error.", fix="print(x.shape, model.input_shape)  # must agree after n")


@rule("rows-differ", "error")
def rows_differ(case, out):
    n = case.data.n
    if out.labels is not None and n is not None and out.labels.n != n and out.labels.shape is not None:
        return say(f"x has {n} rows and y has {out.labels.n}.", why="Row i of y must be the target of row i of x.",
                   see="fit(...) raises ValueError: Data cardinality is ambiguous. If you cut the longer one to length "
                       "without looking, targets may belong to other rows, and nothing is raised any more.",
                   fix="assert len(x) == len(y)")


@rule("text-labels", "error")
def text_labels(case, out):
    if out.labels is None or out.labels.kind not in ("text", "objects") and not out.labels.boxed:
        return None
    if out.labels.kind == "text":
        return say("The labels are text.", why="A loss computes with numbers; each class needs a number from 0 on.",
                   see="fit(...) raises an error about the dtype of y.",
                   fix="names, y = np.unique(y, return_inverse=True)  # names[k] is the class with number k\n"
                       + _for_ids(case, out))
    if out.labels.numeric:
        return say("The targets are numbers, but not kept as numbers: their type is object, or one of pandas' own.",
                   why="This comes from columns that once held text or missing entries, or from category and Int64.",
                   see="fit(...) raises ValueError: Invalid dtype.", fix='y = y.astype("float32")')
    return say("The targets are Python objects (dtype object), not numbers.",
               why="This comes from mixed columns, rows of unequal length or missing entries.",
               see="fit(...) raises ValueError: Invalid dtype: object.",
               fix='y = np.asarray(y.tolist(), dtype="float32")  # it names the entry that is no number')


def _for_ids(case, out):
    from helpers.doctor import code

    count = len(np.unique(out.labels.array.astype(str)))
    if count == 2:
        return f"{code.layer(out, 1, 'sigmoid')}\n" + code.compile_line(case, out, '"binary_crossentropy"')
    return (f"{code.layer(out, count, 'softmax')}\n"
            + code.compile_line(case, out, '"sparse_categorical_crossentropy"'))


@rule("missing-values", "error")
def missing_targets(case, out):
    if out.labels is not None and out.labels.missing:
        return say(f"The targets hold {out.labels.missing} NaN or infinite value{'s' * (out.labels.missing > 1)}.",
                   why="One of them makes the loss of its batch NaN, and with it every weight.",
                   see="The loss turns NaN within the first epoch and stays so; predictions are NaN from then on.",
                   fix="keep = np.isfinite(y).reshape(len(y), -1).all(axis=1)\nx, y = x[keep], y[keep]")


@rule("missing-values", "error", scope="model")
def missing_features(case):
    if case.data.x_missing:
        return say(f"The features hold {case.data.x_missing} NaN or infinite value"
                   f"{'s' * (case.data.x_missing > 1)}.",
                   why="They make weights NaN: one step is enough.",
                   see="Mostly a loss of NaN. Behind a relu it can stay a number on a CPU: the first layer is NaN, "
                       "relu makes 0 of that, and every prediction is the same. Keras says nothing.",
                   fix="x = np.where(np.isfinite(x), x, np.nanmedian(x, axis=0))  # and say so where you report")


@rule("text-features", "error", scope="model")
def text_features(case):
    if case.data.x_text and not any(type(layer).__name__ in ("TextVectorization", "StringLookup", "Hashing",
                                                             "FeatureSpace") for layer in case.model.layers):
        return say("The features are text or Python objects.",
                   why="Layers compute with numbers. A column of type object, category or Int64 counts as text too.",
                   see="fit(...) raises an error about the dtype of x.",
                   fix='x = x.astype("float32")  # after text columns are encoded, or dropped')


@rule("output-names", "error", scope="model")
def output_names(case):
    names = [out.name for out in case.outputs]
    said = []
    if case.several:
        used = {k: [key for key in v if key not in names] for k, v in compiled.keys(case.model).items()}
        used["y"] = next((detail[1] for code, detail in case.faults if code == "output-names"), [])
        for argument, unknown in used.items():
            if unknown:
                near = difflib.get_close_matches(str(unknown[0]), names, 1, 0)[0]
                said.append(say(f"{argument} names {unknown[0]!r}, but the outputs are called "
                                f"{', '.join(map(repr, names))}.",
                                why="Keys must be names of outputs: the names of the last layers, or the keys of the "
                                    "dict that the model returns.",
                                see="fit(...) raises an error about the structure, or that output is left out.",
                                fix=f'{argument} = {{"{near}": ..., }}  # in place of {unknown[0]!r}'))
        said += _counted(case, names)
    for code, detail in case.faults:
        if code == "output-count":
            said.append(say(f"The model has {detail[1]} outputs ({', '.join(map(repr, names))}), but y has "
                            f"{detail[0]}.", why="Each output needs its own targets.",
                            see="fit(...) raises an error about the structure of y.", code="output-count",
                            fix="y = {" + ", ".join(f'"{name}": ...' for name in names) + "}"))
    return said


def _counted(case, names):
    """A list of metrics or losses with another length than there are outputs."""
    written = {"metrics": getattr(getattr(case.model, "_compile_metrics", None), "_user_metrics", None),
               "loss": getattr(getattr(case.model, "_compile_loss", None), "_user_loss", None)}
    return [say(f"{argument} is a list of {len(own)} for {len(names)} outputs.",
                why="Keras takes the first entry for the first output, and so on.",
                see="fit(...) raises an error about the structure.", code="output-count",
                fix=f"{argument} = {{" + ", ".join(f'"{name}": ...' for name in names) + "}")
            for argument, own in written.items() if isinstance(own, (list, tuple)) and own and len(own) != len(names)]


@rule("embedding-range", "error", scope="model")
def embedding_range(case):
    inputs = list(getattr(case.model, "inputs", None) or [])
    for layer in case.model.layers:
        if type(layer).__name__ != "Embedding" or not getattr(layer, "_inbound_nodes", None):
            continue
        tensor = layer._inbound_nodes[0].arguments.keras_tensors[0]
        place = next((i for i, known in enumerate(inputs) if known is tensor), None)
        if place is None or len(case.data.ranges) != len(inputs) or case.data.ranges[place] is None:
            continue
        low, high = case.data.ranges[place]
        if low < 0 or high >= layer.input_dim:
            return say(f"Embedding({layer.input_dim}, ...) has rows 0 to {layer.input_dim - 1}, but x runs from "
                       f"{num(low)} to {num(high)}.", why="Each number in x names a row of its table.",
                       see="On a CPU: an error that an index is out of range. On a GPU, or for negative numbers: "
                           "nothing, and zeros or another row are used.",
                       fix=f"keras.layers.Embedding({int(high) + 1}, {layer.output_dim})" if low >= 0 else
                           "x = x - x.min()  # and the number of rows to match")


@rule("output-without-loss", "note")
def output_without_loss(case, out):
    if case.compiled and not case.overrides and out.loss.name == "none" and case.outputs:
        if case.several and any(o.loss.name != "none" for o in case.outputs):
            return say(f"The output {out.name!r} has no loss.", why="Nothing trains it directly.",
                       see="It is predicted, and no training signal comes from it.")
        if not case.several and not getattr(case.model, "losses", None):
            return say("The model was compiled without a loss.", why="There is nothing to minimize.",
                       see="fit(...) raises ValueError: No loss to compute.",
                       fix='model.compile(optimizer="adam", loss=...)')


@rule("loss-weights", "error")
def loss_weights(case, out):
    if out.loss.weight is None:
        return None
    if not isinstance(out.loss.weight, (int, float, np.number)):
        return say(f"loss_weights holds {out.loss.weight!r}, which is no number.",
                   why="The third argument of compile is loss_weights, not metrics as it was in older "
                       "versions of Keras.",
                   see="fit(...) raises an error about the multiplication of the loss, and no metric is reported.",
                   fix="model.compile(optimizer=..., loss=..., metrics=[...])  # always by name")
    if float(out.loss.weight) < 0:
        return say(f"The loss weight is {several([out.loss.weight])}.",
                   why="A negative weight rewards errors at this output.",
                   see="The total loss falls without end while this output gets worse.",
                   fix=f'loss_weights={{"{out.name}": {abs(float(out.loss.weight))}}}')
