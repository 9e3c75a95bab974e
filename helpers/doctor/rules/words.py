"""Small phrases that several rules need: numbers, and what fits the labels of an output."""

from __future__ import annotations

from helpers.doctor import code


def num(value) -> str:
    """A number for a sentence: three significant digits, whole numbers as they are."""
    if value is None:
        return "?"
    value = float(value)
    if value in (float("inf"), float("-inf")):
        return "infinity" if value > 0 else "minus infinity"
    if value != value:
        return "NaN"
    return f"{value:,.0f}" if value == round(value) and abs(value) < 1e12 else f"{value:.3g}"


def several(values, most=5) -> str:
    shown = ", ".join(num(v) for v in values[:most])
    return shown + (", ..." if len(values) > most else "")


def shape(of_sample) -> str:
    """The shape of a batch: (n, 3) for (3,)."""
    inner = ", ".join("any" if d is None else str(d) for d in of_sample)
    return f"(n, {inner})" if of_sample else "(n,)"


def classes(out) -> int:
    """How many classes the labels of an output name: columns of rows, or the largest id plus one."""
    if out.labels.rows:
        return int(out.labels.shape[-1])
    return max(int(out.labels.high) + 1, 2)


def fitting(case, out, from_logits=None) -> str:
    """The last layer and the `compile` that fit the labels of this output, as two lines of code."""
    logits = out.loss.from_logits if from_logits is None else from_logits
    kind = out.labels.kind if out.labels is not None else "real"
    activation, loss, units = {
        "binary": ("sigmoid", "bce", 1), "signs": ("sigmoid", "bce", 1), "multi_hot": ("sigmoid", "bce", None),
        "one_hot": ("softmax", "cce", None), "shares": ("softmax", "cce", None), "integers": ("softmax", "sce", None),
        "text": ("softmax", "sce", None),
    }.get(kind, (None, "mse", None))
    if units is None and out.labels is not None and out.labels.numeric:
        units = classes(out) if kind == "integers" or out.labels.rows else (out.units or 1)
    arguments = {"from_logits": True if logits and loss != "mse" else None}
    line = code.layer(out, units=units, activation=None if logits else activation)
    return f"{line}\n{code.compile_line(case, out, code.loss(out.loss, loss, reduction=None, **arguments))}"


def dense_labels(out) -> bool:
    """The labels are numbers that the rules can reason about."""
    return out.labels is not None and out.labels.numeric and out.labels.n > 0
