"""Names and arguments of losses, and losses of one's own."""

from __future__ import annotations

import difflib

from helpers.doctor import code
from helpers.doctor.rules.registry import rule, say
from helpers.doctor.rules.words import num

PREDICTED = {"y_pred", "pred", "preds", "prediction", "predictions", "y_hat", "yhat", "output", "outputs", "predicted",
             "logits", "ypred", "y_predicted"}
TRUE = {"y_true", "true", "y", "target", "targets", "label", "labels", "actual", "gt", "ground_truth", "ytrue", "truth"}


@rule("unknown-loss", "error")
def unknown_loss(case, out):
    if out.loss.name != "unknown":
        return None
    written = str(out.loss.written)
    name, why = _meant(written)
    return say(f"{written!r} is not a loss that Keras knows.", why=why,
               see="compile(...) takes it; fit(...) raises: Could not interpret loss identifier.",
               fix=code.compile_line(case, out, f'"{name}"'))


def _meant(written):
    import keras

    low = written.lower()
    if low in ("accuracy", "acc", "auc", "f1", "f1_score", "precision", "recall"):
        return "binary_crossentropy", "It is a metric: it counts, and a count has no gradient to follow."
    if "rmse" in low or "root_mean" in low:
        return "mse", "The root changes nothing about where the minimum lies: minimize MSE, and report RMSE."
    names = [n for n in dir(keras.losses) if n.islower() and n not in ("get", "serialize", "deserialize")]
    near = difflib.get_close_matches(low.replace("cross_entropy", "crossentropy"), names, 1, 0.4)
    if not near and "binary" in low:
        near = ["binary_crossentropy"]
    return (near or ["mse"])[0], "The name is misspelled, or it needs an object, such as keras.losses.Huber(delta=2.0)."


@rule("label-smoothing", "error")
def label_smoothing(case, out):
    amount = out.loss.arguments.get("label_smoothing") or 0
    if not isinstance(amount, (int, float)) or 0 <= amount <= 0.5:
        return None
    return say(f"label_smoothing is {num(amount)}.", severity="warning" if 0 < amount < 1 else "error",
               why="It is the share of each target that is spread evenly over the classes: usually 0.05 to 0.2.",
               see="Keras takes any number. From 1 on the true class is pushed down, not up.",
               fix=code.compile_line(case, out, code.loss(out.loss, label_smoothing=0.1)))


@rule("reduction-sum", "note")
def reduction_sum(case, out):
    if out.loss.object is not None and out.loss.reduction == "sum" and not out.loss.custom:
        return say('The loss is summed over the batch (reduction="sum").',
                   why="Its size then depends on the batch size, and so does the step that the optimizer takes.",
                   see="Twice the batch size reports twice the loss, for the same model on the same data.",
                   fix=code.compile_line(case, out, code.loss(out.loss, reduction=None)))


@rule("focal-alpha", "note")
def focal_alpha(case, out):
    arguments = out.loss.arguments
    if out.loss.name == "focal" and arguments.get("alpha", 0.25) != 0.25 and not arguments.get("apply_class_balancing"):
        return say(f"alpha is {num(arguments['alpha'])}, but it is not used.",
                   why="Keras applies alpha only with apply_class_balancing=True.",
                   see="The same loss for every alpha.",
                   fix=code.compile_line(case, out, code.loss(out.loss, apply_class_balancing=True)))


@rule("loss-broadcasts", "error")
def loss_broadcasts(case, out):
    found = out.probe
    if found is None or found.column_loss is None or found.loss is None or not out.loss.custom:
        return None
    if abs(found.loss - found.column_loss) <= 1e-4 * max(abs(found.loss), abs(found.column_loss), 1e-9):
        return None
    return say("Your own loss compares y of shape (n,) with outputs of shape (n, 1): every target with every "
               "prediction.",
               why="(n,) minus (n, 1) is (n, n). Built-in losses add the missing axis; a subclass of Loss does not.",
               see=f"No error. The loss is {num(found.loss)} on the first rows where "
                   f"{num(found.column_loss)} is meant; "
                   "the model learns to predict the mean.", fix="y = y[:, None]  # or reshape(-1, 1)")


@rule("loss-scalar", "note")
def loss_scalar(case, out):
    if out.probe is None or out.probe.shape != () or not out.loss.custom:
        return None
    weighted = case.sample_weight is not None or case.class_weight is not None
    return say("Your own loss returns one number for the batch, not one a sample.",
               severity="warning" if weighted else "note",
               why="Weights and masks are applied to what the loss returns. There is only one number left to weigh.",
               see=("The weights that you give only rescale the whole loss: no sample counts more than another."
                    if weighted else "Nothing, until you use sample_weight, class_weight or masks: they would only "
                    "rescale the loss. The last, smaller batch also counts as much as a full one."),
               fix="return keras.ops.mean(..., axis=-1)  # one value a sample, not keras.ops.mean(...)")


@rule("arguments-swapped", "warning")
def arguments_swapped(case, out):
    names = [name.lower() for name in out.loss.parameters]
    if len(names) == 2 and names[0] in PREDICTED and names[1] in TRUE and _matters(out):
        first, second = out.loss.parameters
        return say(f"Your own loss takes ({first}, {second}), but Keras passes the targets first.",
                   why="Keras calls loss(y_true, y_pred), by position, whatever the names are.",
                   see="Targets and predictions trade places. It may still train, on another loss than the one that "
                       "is written.", fix=f"def {getattr(out.loss.written, '__name__', 'call')}({second}, "
                                          f"{first}): ...")


def _matters(out) -> bool:
    """False if the loss is symmetric on the probed rows, so that the order makes no difference."""
    import numpy as np
    from keras import ops

    if out.probe is None or out.labels is None:
        return True
    p = out.probe.prediction.astype("float32")
    y = np.asarray(out.labels.array[: len(p)])
    if y.dtype.kind not in "buif" or y.size != p.size:
        return True
    y = y.astype("float32").reshape(p.shape)
    there = np.asarray(out.loss.function(ops.convert_to_tensor(y), ops.convert_to_tensor(p)))
    back = np.asarray(out.loss.function(ops.convert_to_tensor(p), ops.convert_to_tensor(y)))
    return not np.allclose(there, back, rtol=1e-4, atol=1e-6, equal_nan=True)


@rule("loss-rewards-errors", "warning", unless=("loss-broadcasts", "arguments-swapped", "loss-raises", "shapes"))
def loss_rewards_errors(case, out):
    """Hold perfect predictions against wrong ones: the loss must prefer the perfect ones."""
    pair = _right_and_wrong(out)
    if pair is None:
        return None
    import numpy as np

    from helpers.doctor import probe

    target, right, wrong = pair
    good, bad = (float(np.asarray(probe.value(out.loss, target, p)).mean()) for p in (right, wrong))
    if not (np.isfinite(good) and np.isfinite(bad)) or good <= bad + 1e-6 * max(abs(good), abs(bad), 1):
        return None
    sure = out.head.probabilities or out.labels.kind in ("one_hot", "real")
    return say("Your own loss is lower for wrong predictions than for right ones.", severity="warning" if sure else
               "note", why=f"On the first rows: {num(good)} for predictions that are right, {num(bad)} for wrong ones. "
               "Training makes it as low as it can.",
               see="The loss falls, and the model gets worse.", fix="return -...  # or 1 - ..., for what "
                                                                    "should be high")


def _right_and_wrong(out):
    import numpy as np
    from keras import ops

    if not out.loss.custom or out.probe is None or out.probe.loss is None or out.labels is None:
        return None
    p = out.probe.prediction
    y = np.asarray(out.labels.array[: len(p)])
    if y.dtype.kind not in "buif" or y.size != p.size or out.labels.std == 0:
        return None
    y = y.astype("float32").reshape(p.shape)
    if out.labels.kind in ("one_hot", "binary", "multi_hot"):
        wrong = np.roll(y, 1, -1) if out.labels.kind == "one_hot" else 1 - y
        if out.head.probabilities:
            right, wrong = np.clip(y, 0.01, 0.99), np.clip(wrong, 0.01, 0.99)
        else:
            right, wrong = 10 * y - 5, 10 * wrong - 5
    elif out.labels.kind == "real" and out.head.activation == "linear":
        right, wrong = y, y + 3 * out.labels.std * np.where(np.arange(y.size).reshape(y.shape) % 2, 1, -1)
    else:
        return None
    return y, ops.convert_to_tensor(right.astype("float32")), ops.convert_to_tensor(wrong.astype("float32"))
