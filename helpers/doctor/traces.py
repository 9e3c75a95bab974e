"""Heads of models that Keras' own graph does not explain: seen while the model runs once.

Of a subclassed model the calls of its layers are recorded. What that leaves unknown (a Lambda, or operations in
`call`) is traced and read from TensorFlow's graph.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace

from helpers.doctor.heads import PROBABILITIES, REACH, Head, read

# TensorFlow's operations: the activation that each stands for
TENSORFLOW = {"Softmax": "softmax", "Sigmoid": "sigmoid", "Relu": "relu", "Relu6": "relu6", "LeakyRelu": "leaky_relu",
              "Elu": "elu", "Selu": "selu", "Tanh": "tanh", "Softplus": "softplus", "Softsign": "softsign",
              "Exp": "exponential", "LogSoftmax": "log_softmax", "BiasAdd": "linear", "MatMul": "linear",
              "BatchMatMulV2": "linear", "Einsum": "linear", "Conv2D": "linear"}
PRODUCTS = {"MatMul", "BatchMatMulV2", "Einsum", "Conv2D"}
PASSES = {"Identity", "IdentityN", "Reshape", "Squeeze", "ExpandDims", "Transpose", "Cast", "StopGradient",
          "StridedSlice"}


def from_calls(tensor, calls, inputs) -> Head:
    """Read the head of one output from recorded calls, (layer, arguments, results), innermost first."""
    operations = []
    complete = _follow(tensor, calls, inputs, operations)
    return read(operations, complete)


@contextlib.contextmanager
def recorded_calls():
    """While the block runs, note each call of a layer: yields the list of (layer, argument tensors, result tensors)."""
    import keras
    from keras import tree

    calls, plain = [], keras.Layer.__call__

    def noting(layer, *args, **kwargs):
        results = plain(layer, *args, **kwargs)
        calls.append((layer, [a for a in tree.flatten((args, kwargs)) if hasattr(a, "shape")], tree.flatten(results)))
        return results

    keras.Layer.__call__ = noting
    try:
        yield calls
    finally:
        keras.Layer.__call__ = plain


def from_tensorflow(model, x) -> list[Head]:
    """Trace the model on `x` once and read its heads from TensorFlow's graph. Raises whatever the model raises."""
    import tensorflow as tf
    from keras import tree

    from helpers.doctor.probe import forward

    spec = tree.map_structure(lambda a: tf.TensorSpec((None, *a.shape[1:]), tf.convert_to_tensor(a).dtype), x)
    traced = tf.function(lambda values: forward(model, values)).get_concrete_function(spec)
    return [_read_tensorflow(tensor) for tensor in traced.outputs]


def _follow(tensor, calls, inputs, operations) -> bool:
    for _ in range(len(calls) + 1):
        if any(tensor is one for one in inputs):
            return True
        call = next((c for c in calls if any(result is tensor for result in c[2])
                     and not any(argument is tensor for argument in c[1])), None)
        if call is None:
            return False
        layer, arguments, _ = call
        operations.append(layer)
        if len(arguments) != 1:
            return False
        tensor = arguments[0]
    return False


def _read_tensorflow(tensor) -> Head:
    head, below, moved = None, [], False
    for _ in range(200):
        operation = tensor.op
        kind = operation.type
        if head is None and kind not in PASSES:
            activation = TENSORFLOW.get(kind, "unknown")
            if kind in ("Add", "AddV2") and any(i.op.type in PRODUCTS for i in operation.inputs):
                activation = "linear"  # a product plus its bias
            low, high = REACH.get(activation, (None, None))
            head = Head(activation, None if moved else -1 if activation == "softmax" else None, low, high)
        elif TENSORFLOW.get(kind) in PROBABILITIES:
            below.append(TENSORFLOW[kind])
        if kind in PRODUCTS or kind == "BiasAdd":
            break
        moved = moved or kind == "Transpose"
        inputs = [i for i in operation.inputs if i.op.type not in ("Const", "Pack", "Shape", "ReadVariableOp")]
        if len(inputs) != 1:
            break
        tensor = inputs[0]
    return replace(head or Head(), below=tuple(below))


def merge(head: Head, traced: Head) -> Head:
    """Complete a head that Keras' graph leaves unknown by what TensorFlow's graph shows."""
    if not traced.known:
        return replace(head, below=head.below or traced.below)
    return replace(head, activation=traced.activation, axis=traced.axis, low=traced.low, high=traced.high,
                   below=head.below or traced.below)
