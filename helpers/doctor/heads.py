"""What stands at the end of a model: the last activation of each output, and what is below it.

Functional and Sequential models are read from Keras' own graph, here; what that does not explain, in `traces`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

INF = math.inf
REACH = {  # activation: smallest and largest value it can give
    "sigmoid": (0, 1), "hard_sigmoid": (0, 1), "softmax": (0, 1), "relu": (0, INF), "relu6": (0, 6),
    "tanh": (-1, 1), "hard_tanh": (-1, 1), "softsign": (-1, 1), "softplus": (0, INF), "exponential": (0, INF),
    "elu": (-1, INF), "selu": (-1.7582, INF), "log_softmax": (-INF, 0), "log_sigmoid": (-INF, 0),
    "linear": (-INF, INF), "leaky_relu": (-INF, INF), "prelu": (-INF, INF), "swish": (-0.2785, INF),
    "silu": (-0.2785, INF), "gelu": (-0.17, INF), "mish": (-0.3089, INF),
}
PROBABILITIES = ("sigmoid", "hard_sigmoid", "softmax")
# operations that move or drop values but do not change them
KEEPS = {"reshape", "flatten", "permute", "repeatvector", "identity", "dropout", "spatialdropout1d",
         "spatialdropout2d", "spatialdropout3d", "activityregularization", "expanddims", "squeeze", "cast", "transpose",
         "getitem", "cropping1d", "cropping2d", "zeropadding1d", "zeropadding2d", "masking", "copy"}
RECURRENT = ("LSTM", "GRU", "SimpleRNN", "ConvLSTM2D")


@dataclass(frozen=True)
class Head:
    """The end of one output.

    activation: its name, "linear" for none, "unknown" where it cannot be told. axis: of a softmax, None if unknown.
    low, high: what it can reach; None if unknown. below: probability activations further down with no weights
    between. layer: the Keras layer with the units, or None. hidden: (layer, activation) of the chain of layers before,
    last first; complete: that chain reaches the input without branching. dropout: a Dropout after the last weights.
    """

    activation: str = "unknown"
    axis: int | None = None
    low: float | None = None
    high: float | None = None
    below: tuple = ()
    layer: object = None
    hidden: tuple = ()
    complete: bool = False
    dropout: object = None
    operations: tuple = field(default=(), repr=False)

    @property
    def known(self) -> bool:
        return self.activation != "unknown"

    @property
    def probabilities(self) -> bool:
        return self.activation in PROBABILITIES

    @property
    def unbounded(self) -> bool:
        """It surely gives values that are no probabilities."""
        return self.known and not self.probabilities and (self.high > 1 or self.low < 0)


def from_keras(tensor) -> Head:
    """Read the head of one output of a functional model, given its KerasTensor."""
    operations = []
    complete = _walk(tensor, operations)
    return read(operations, complete)


def from_layers(layers) -> Head:
    """Read the head of a chain of layers, first to last: a Sequential model that is not built yet."""
    operations = []
    for layer in reversed(layers):
        nested = getattr(layer, "layers", None)
        operations += reversed(nested) if nested else [layer]
    return read(operations, True)


def activation_of(operation) -> str:
    """Return the name of a layer's own activation, "linear" for none, "unknown" for a function of one's own."""
    kind = type(operation).__name__
    if kind == "Softmax":
        return "softmax"
    if kind == "ReLU":
        top, slope = getattr(operation, "max_value", None), getattr(operation, "negative_slope", 0)
        return "leaky_relu" if slope else "relu" if top is None else "relu6" if top == 6 else "unknown"
    if kind in ("LeakyReLU", "PReLU", "ELU"):
        return {"LeakyReLU": "leaky_relu", "PReLU": "prelu", "ELU": "elu"}[kind]
    if kind in ("TimeDistributed", "Bidirectional"):
        return activation_of(getattr(operation, "layer", None) or operation.forward_layer)
    if kind in RECURRENT or hasattr(operation, "activation"):
        return _name_of(operation.activation)
    name = kind.lower()
    if type(operation).__module__.startswith("keras.") and name in REACH:
        return name  # an operation such as keras.ops.softmax in a functional model
    return "unknown"


def _name_of(function) -> str:
    if function is None:
        return "linear"
    if isinstance(function, type) or hasattr(function, "get_config"):
        return activation_of(function)
    name, module = getattr(function, "__name__", ""), getattr(function, "__module__", "") or ""
    name = name.removesuffix("_v2")
    ours = module.split(".")[0] in ("keras", "tensorflow", "tf_keras", "jax")
    return {"silu": "swish", "exp": "exponential"}.get(name, name) if ours and name in REACH | {"exp": 0} else "unknown"


def _walk(tensor, operations) -> bool:
    """Collect operations from an output down to the input; False where the graph branches or cannot be read."""
    for _ in range(10_000):
        history = getattr(tensor, "_keras_history", None)
        operation = history and history.operation
        if operation is None:
            return False
        if type(operation).__name__ == "InputLayer":
            return True
        inner = getattr(operation, "outputs", None) if hasattr(operation, "layers") else None
        if inner:
            if not _walk(inner[min(history.tensor_index, len(inner) - 1)], operations):
                return False
        else:
            operations.append(operation)
        inputs = operation._inbound_nodes[history.node_index].arguments.keras_tensors
        if len(inputs) != 1:
            return False
        tensor = inputs[0]
    return False


def read(operations, complete) -> Head:
    """Read the head from its operations, last first; complete: they lead down to the input."""
    head, dropout, depth = None, None, 0
    for depth, operation in enumerate(operations):  # noqa: B007
        name = type(operation).__name__.lower().removeprefix("gaussian").removeprefix("alpha")
        if name in KEEPS:
            if name.endswith("dropout") and dropout is None and depth + 1 < len(operations):
                dropout = operation
            continue
        head = _one(operation)
        if head.activation == "linear" and not _weights(operation):
            continue  # Activation("linear"): look further
        break
    if head is None:
        return Head(operations=tuple(operations))
    below, layer, hidden = [], None, []
    for operation in operations[depth:]:
        if layer is None and _weights(operation):
            layer = operation
        elif layer is not None:
            hidden.append((operation, activation_of(operation)))
            continue
        if operation is not operations[depth] and activation_of(operation) in PROBABILITIES:
            below.append(activation_of(operation))
    return replace(head, below=tuple(below), layer=layer, hidden=tuple(hidden), complete=complete, dropout=dropout,
                   operations=tuple(operations))


def _one(operation) -> Head:
    activation = activation_of(operation)
    if "BatchNormalization" in type(operation).__name__ or "LayerNormalization" in type(operation).__name__:
        activation = "linear"
    low, high = REACH.get(activation, (None, None))
    if type(operation).__name__ == "Bidirectional" and getattr(operation, "merge_mode", "") == "sum" and high:
        low, high = 2 * low, 2 * high
    axis = None
    if activation == "softmax":
        axis = getattr(operation, "axis", -1) if type(operation).__name__ == "Softmax" else -1
    return Head(activation, axis, low, high)


def _weights(operation) -> bool:
    if getattr(operation, "weights", None):
        return True
    return hasattr(operation, "units") or hasattr(operation, "filters")  # a layer that is not built yet
