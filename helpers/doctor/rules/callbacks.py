"""What callbacks watch: does the name exist, and is more better or less?"""

from __future__ import annotations

import difflib
import inspect

from helpers.doctor.rules.registry import rule, say

LOWER = {"loss", "mse", "mae", "rmse", "mape", "msle", "huber", "log_cosh", "hinge", "squared_hinge",
         "mean_squared_error", "mean_absolute_error", "root_mean_squared_error", "binary_crossentropy",
         "categorical_crossentropy", "sparse_categorical_crossentropy", "kl_divergence", "poisson", "kullback_leibler",
         "false_positives", "false_negatives"}


def watched(case):
    """(callback, name without val_, full name) of each callback that follows one number."""
    for callback in case.callbacks:
        monitor = getattr(callback, "monitor", None)
        if isinstance(monitor, str) and getattr(callback, "save_best_only", True):
            yield callback, monitor.removeprefix("val_"), monitor


def logged(case) -> dict[str, str]:
    """name in the logs -> "up", "down" or "" as Keras can tell it."""
    names = {"loss": "down"}
    for out in case.outputs:
        if case.several:
            names[f"{out.name}_loss"] = ""
        for m in out.metrics:
            names[m.log] = m.direction
    return names


def _better(name, direction, m) -> str:
    """Which way is better, also where Keras does not know; "" if it cannot be told."""
    if name.endswith("loss") or m in LOWER:
        return "down"
    if "accuracy" in name or m in ("auc", "precision", "recall", "f1_score", "f_beta_score", "r2_score"):
        return "up"
    return direction


@rule("monitor-name", "error", scope="model")
def monitor_name(case):
    if case.overrides or not case.outputs or not case.compiled or any(
            m.name == "unknown" for out in case.outputs for m in out.metrics):
        return None
    names, said = logged(case), []
    for callback, name, full in watched(case):
        if name in names or name in ("lr", "learning_rate"):
            continue
        alias = {"acc": "accuracy", "accuracy": "acc"}.get(name)
        near = alias if alias in names else (difflib.get_close_matches(name, names, 1, 0.3) or ["loss"])[0]
        prefix = "val_" if full.startswith("val") else ""
        said.append(say(f"{type(callback).__name__} watches {full!r}, but no such number is logged.",
                        why=f"Logged are: {', '.join(sorted(names))}, and each with val_ in front if there "
                            "is validation "
                            "data.", see="A warning in each epoch, or an error after the first one; the callback never "
                                         "acts: no stop, no saved model.",
                        fix=_written(callback, f"{prefix}{near}", getattr(callback, "mode", "auto"))))
    return said


@rule("monitor-direction", "error", scope="model")
def monitor_direction(case):
    if case.overrides:
        return None
    names, said = logged(case), []
    by_log = {m.log: m.name for out in case.outputs for m in out.metrics}
    for callback, name, full in watched(case):
        if name not in names:
            continue
        mode, better = getattr(callback, "mode", "auto"), _better(name, names[name], by_log.get(name, ""))
        right = {"up": "max", "down": "min"}.get(better)
        kind = type(callback).__name__
        fix = _written(callback, full, right or "max")
        if mode in ("min", "max") and right and mode != right:
            said.append(say(f'{kind} takes {"less" if mode == "min" else "more"} {full} for better (mode="{mode}").',
                            why=f"{name} is better when it is {'higher' if right == 'max' else 'lower'}.",
                            see="The first epoch stays the best one: training stops early, or the worst model is kept.",
                            fix=fix))
        elif mode == "auto" and name != "loss" and (case.several or not names[name]) and _known_here(callback):
            said.append(say(f"{kind} cannot tell whether more or less {full} is better.",
                            why="Keras knows it for its own metrics on a single output only.",
                            see="fit(...) raises ValueError, after the first epoch.", fix=fix))
    return said


@rule("monitor-validation", "note", scope="model")
def monitor_validation(case):
    if case.validation_data is not None:
        return None
    names = [full for _, name, full in watched(case) if full.startswith("val_")]
    if names:
        return say(f"{names[0]} is watched, and no validation data were handed to examine.",
                   why="Without validation_data or validation_split in fit(...) there is no such number.",
                   see="A warning in each epoch, and the callback never acts.",
                   fix="model.fit(x, y, validation_data=(x_val, y_val), callbacks=[...])")


def _known_here(callback) -> bool:
    import keras

    return isinstance(callback, (keras.callbacks.EarlyStopping, keras.callbacks.ModelCheckpoint,
                                 keras.callbacks.ReduceLROnPlateau))


def _written(callback, monitor, mode) -> str:
    """The callback as it is written, with this number to watch and this mode, and what else was set."""
    import keras

    kind = type(callback)
    arguments = [f'monitor="{monitor}"'] + [f'mode="{mode}"'] * (mode in ("min", "max"))
    if kind in (keras.callbacks.EarlyStopping, keras.callbacks.ModelCheckpoint, keras.callbacks.ReduceLROnPlateau):
        for name, parameter in inspect.signature(kind).parameters.items():
            value = getattr(callback, name, parameter.default)
            if name not in ("monitor", "mode", "verbose") and value != parameter.default:
                arguments.append(f"{name}={value!r}")
    elif getattr(callback, "filepath", None):
        arguments.append(f"filepath={callback.filepath!r}")
    return f"keras.callbacks.{kind.__name__}({', '.join(arguments)})"
