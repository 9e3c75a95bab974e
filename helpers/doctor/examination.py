"""`examine`: gather the facts, ask the rules, put everything back."""

from __future__ import annotations

from helpers.doctor.findings import Finding, Findings, in_order
from helpers.doctor.guard import untouched


def examine(model, x=None, y=None, class_weight=None, sample_weight=None, callbacks=(), validation_data=None, *,
            _failures=None) -> Findings:
    """Say what does not fit between a model, its labels, its loss, its metrics and what goes to `fit`.

    model: a compiled Keras model: Sequential, functional or subclassed, with one output or several.
    x, y: what you would hand to `fit`: arrays, tensors, tables, dicts or lists of them; or x alone, a tf.data.Dataset
    or PyDataset of (x, y) or (x, y, sample_weight). With y alone, examine(model, y=y), nothing is run.
    class_weight, sample_weight, callbacks, validation_data: as for `fit`; leave them out if you do not use them.

    Returns a `Findings` list, errors first. Nothing is changed and nothing is raised. One batch is run. Targets are
    read whole up to 2 million values and sampled above; of a dataset, the first 512 rows or 16 batches are read. The
    result says so. A dataset that shuffles draws its order anew for each pass; this is one pass.
    """
    try:
        return _examine(model, x, y, class_weight, sample_weight, callbacks, validation_data, _failures)
    except Exception as error:  # noqa: BLE001 - a tool that helps with broken programs must not break on them
        if _failures is not None:
            _failures.append(("examine", error))
        return Findings([Finding("not-judged", "note", f"The model could not be examined ({type(error).__name__}: "
                                 f"{(str(error).strip().splitlines() or [''])[0][:200]}).")])


def _examine(model, x, y, class_weight, sample_weight, callbacks, validation_data, failures):
    import keras

    if not isinstance(model, keras.Model):
        return Findings([Finding("not-judged", "note", "This is no Keras model: examine(model, x, y) takes the model "
                                 f"first, and got {type(model).__name__}.")])
    from helpers.doctor import rules
    from helpers.doctor.case import gather

    with untouched(model):
        case = gather(model, x, y, class_weight, sample_weight, callbacks, validation_data)
        found = rules.run(case, failures)
    return in_order(dict.fromkeys(found), case.looked_at)
