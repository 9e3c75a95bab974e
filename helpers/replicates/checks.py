"""What can be trained, and what is refused in one sentence before training starts."""
from __future__ import annotations

import keras
import numpy as np
from keras.src.trainers.data_adapters.data_adapter_utils import class_weight_to_sample_weights

PLAIN = "use fit_one_by_one(...) instead: it takes the same arguments and trains in plain Keras"
OPTIMIZERS = (keras.optimizers.SGD, keras.optimizers.Adam, keras.optimizers.AdamW, keras.optimizers.RMSprop,
              keras.optimizers.Adagrad, keras.optimizers.Adamax, keras.optimizers.Lion)
# Layers that treat each row of a batch by itself: no batch statistics, no random numbers.
ROW_BY_ROW = (keras.layers.InputLayer, keras.layers.Dense, keras.layers.Activation, keras.layers.ReLU,
              keras.layers.LeakyReLU, keras.layers.Softmax, keras.layers.Flatten, keras.layers.Reshape,
              keras.layers.Rescaling, keras.layers.Normalization, keras.layers.Embedding,
              keras.layers.LayerNormalization, keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.MaxPooling1D,
              keras.layers.MaxPooling2D, keras.layers.GlobalAveragePooling1D, keras.layers.GlobalAveragePooling2D)
# Those that do so when the model is evaluated, but not in training.
ROW_BY_ROW_AT_TEST = (*ROW_BY_ROW, keras.layers.BatchNormalization, keras.layers.Dropout, keras.layers.AlphaDropout,
                      keras.layers.SpatialDropout1D, keras.layers.SpatialDropout2D, keras.layers.GaussianDropout,
                      keras.layers.GaussianNoise)


def seed_list(seeds, base_seed) -> list[int]:
    """The seeds as a list of whole numbers from 0 on."""
    if isinstance(seeds, (bool, str, float)):
        raise ValueError(f"seeds is {seeds!r}: give a count such as 32, or a list of whole numbers.")
    found = [int(base_seed) + int(s) for s in (range(seeds) if isinstance(seeds, (int, np.integer)) else seeds)]
    if not found:
        raise ValueError("There are no seeds: give a count such as 32, or a list of seeds.")
    if min(found) < 0:
        raise ValueError(f"A seed is {min(found)}: seeds are whole numbers from 0 on.")
    return found


def recipe(epochs, batch_size, validation_batch_size=None, callbacks=()) -> None:
    """Refuse epochs and batch sizes that are no counts, and callbacks other than EarlyStopping."""
    for name, value in (("epochs", epochs), ("batch_size", batch_size),
                        ("validation_batch_size", 1 if validation_batch_size is None else validation_batch_size)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"{name} is {value!r}: it must be a whole number from 1 on.")
    for callback in callbacks:
        if type(callback) is not keras.callbacks.EarlyStopping:
            raise ValueError(f"The callback {type(callback).__name__} acts on one model at a time: {PLAIN}.")


def data(X, y, sample_weight, class_weight, validation_data):
    """((X, y, weights), validation or None) as arrays in the types that `fit` would give the model."""
    training = _arrays(X, y, sample_weight, "X", "y")
    if class_weight is not None:
        if sample_weight is not None:
            raise ValueError("Give sample_weight or class_weight, not both: Keras refuses them together as well.")
        training = (*training[:2], class_weight_to_sample_weights(training[1], class_weight).astype("float32"))
    if validation_data is None:
        return training, None
    if not isinstance(validation_data, (tuple, list)) or len(validation_data) not in (2, 3):
        raise ValueError("validation_data must be (X_val, y_val), or with weights (X_val, y_val, sample_weight).")
    validation = _arrays(*validation_data, *[None] * (3 - len(validation_data)), "X_val", "y_val")
    for ours, theirs, name in zip(training[:2], validation[:2], ("X", "y"), strict=True):
        if ours.shape[1:] != theirs.shape[1:]:
            raise ValueError(f"A row of {name} has shape {ours.shape[1:]} and a row of {name}_val {theirs.shape[1:]}: "
                             "they must be the same.")
    return training, validation


def _arrays(X, y, weights, X_name, y_name):
    X, y = _array(X, X_name), _array(y, y_name)
    if len(X) != len(y) or not len(X):
        raise ValueError(f"{X_name} has {len(X)} rows and {y_name} has {len(y)}: they must be equal and not zero.")
    if weights is not None:
        weights = _array(weights, "sample_weight").astype("float32")
        if weights.shape != (len(X),):
            raise ValueError(f"sample_weight has shape {weights.shape}, but one weight a row is needed: ({len(X)},).")
    return X, y, weights


def _array(values, name):
    try:
        values = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must hold rows of equal length ({error}).") from None
    if values.ndim == 0 or values.dtype.kind not in "fiub":
        raise ValueError(f"{name} must be an array of numbers, one row a sample, not {values.dtype} {values.shape}.")
    if values.dtype.kind == "f":
        if not np.isfinite(values).all():
            raise ValueError(f"{name} holds NaN or infinite values: fill or drop them first.")
        values = values.astype(keras.config.floatx())
    return values


def compiled(model):
    """The model, if it is a compiled Keras model."""
    if not isinstance(model, keras.Model):
        raise ValueError(f"build() must return a compiled Keras model, not {type(model).__name__}: "
                         "does it end with `return model`?")
    if not model.compiled or model.optimizer is None:
        raise ValueError("build() must return a compiled model: call model.compile(...) before you return it.")
    return model


def built(model, data, compiled_parts=True):
    """The model with all its variables; those of its loss and metrics too, if compiled_parts."""
    if compiled_parts or not compiled(model).built:
        compiled(model)._symbolic_build(data_batch=tuple(values if values is None else values[:1] for values in data))
    return model


def side_by_side(model) -> None:
    """Refuse what cannot be trained with a seed axis, by name, and say what to use instead."""
    optimizer, own = model.optimizer, type(model)
    if len(model.inputs or [0]) != 1 or isinstance(model.loss, (dict, list)):
        problem = "The model has several inputs or outputs"
    elif own.train_step is not keras.Model.train_step or model.run_eagerly:
        problem = f"The model ({own.__name__}) has a train_step of its own or runs eagerly"
    elif type(optimizer) not in OPTIMIZERS:
        problem = f"The optimizer {type(optimizer).__name__} is not one that has been tried with many seeds"
    elif optimizer.use_ema or optimizer.gradient_accumulation_steps:
        problem = "The optimizer averages weights or gradients over steps (use_ema, gradient_accumulation_steps)"
    else:
        layers = [layer for layer in model._flatten_layers(include_self=False) if _keeps_python_state(layer)]
        if not layers:
            return
        problem = f"The layer {layers[0].name!r} ({type(layers[0]).__name__}) keeps state between batches"
    raise ValueError(f"{problem}, which cannot be trained side by side: {PLAIN}.")


def _keeps_python_state(layer) -> bool:
    return bool(getattr(layer, "stateful", False)) or isinstance(layer, keras.layers.SpectralNormalization)


def is_random(model) -> bool:
    """Whether a layer draws random numbers in training, as Dropout does."""
    return any(layer._seed_generators for layer in model._flatten_layers())


def traced(stack):
    """What `stack.compile()` returns. ValueError if a layer, loss or metric cannot take a seed axis."""
    try:
        return stack.compile()
    except Exception as error:  # whatever Keras, TensorFlow or the user's own function raise
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ValueError(f"The model cannot be trained side by side ({type(error).__name__}: {reason}). If `fit` can, "
                         f"{PLAIN}.") from error


def rows_count_alone(model, data, kinds=ROW_BY_ROW) -> bool:
    """Whether each row counts by itself: layers of these kinds, Keras' own losses and metrics.

    Then it does not matter in which batches rows are evaluated. A sum over the batch, as an activity regularizer is,
    or targets of shape (n,) with metrics, do depend on the batches, and nothing is known about a user's function.
    """
    layers = all(type(layer) in kinds and layer.activity_regularizer is None
                 for layer in model._flatten_layers(include_self=False))
    metrics = model._compile_metrics.metrics if model._compile_metrics is not None else []
    own_metrics = all(type(m).__module__.startswith("keras.src.metrics") and not _wraps_users_function(m)
                      for m in metrics)
    own_loss = isinstance(model.loss, str) or (type(model.loss).__module__.startswith("keras.src.losses")
                                               and model.loss.reduction == "sum_over_batch_size"
                                               and not _wraps_users_function(model.loss))
    return layers and own_loss and own_metrics and (not metrics or data[1].ndim > 1)


def weighted_metrics(model) -> bool:
    """Whether the compiled model has `weighted_metrics`."""
    return model._compile_metrics is not None and any(model._compile_metrics._flat_weighted_metrics)


def _wraps_users_function(wrapper) -> bool:
    """Whether a loss or metric object wraps a function that is not Keras' own."""
    function = getattr(wrapper, "_fn", getattr(wrapper, "fn", None))
    return function is not None and not function.__module__.startswith("keras.")


def follows(model, first_plan: list, *, later=False):
    """The model, if it differs from that of the plan in nothing but its random numbers. later: after the training."""
    ours = plan(model)
    if ours != first_plan:
        different = next((a for a, b in zip(ours, first_plan, strict=False) if a != b), "the number of layers")
        if later:
            raise ValueError(f"build() now returns another model than the one that was trained (see {different}). If "
                             "it is a `lambda` made in a loop, it sees the loop's last value: write `lambda head=head: "
                             "build(head)`.")
        raise ValueError(f"build() returns a different model at each call (see {different}): it must depend on nothing "
                         "but the random seed.")
    return model


def plan(model) -> list:
    """What must be the same at each call of `build()`: layers, shapes, optimizer, loss and kinds of metric."""
    parts = [layer for layer in model._flatten_layers(include_self=False) if not isinstance(layer, keras.Model)]
    loss = model.loss if isinstance(model.loss, str) else getattr(model.loss, "__name__", type(model.loss).__name__)
    shapes = [tuple(v.shape) for v in model.variables]
    return [*((type(part).__name__, _settings(part)) for part in [*parts, model.optimizer]), shapes, loss,
            [type(m).__name__ for m in model.metrics]]


def _settings(part):
    """The settings of a layer or optimizer without names and seeds, which are new at each call."""
    def strip(config):
        if isinstance(config, dict):
            return {key: strip(value) for key, value in config.items() if key not in ("name", "seed")}
        return config
    try:
        return strip(part.get_config())
    except NotImplementedError:
        return None
