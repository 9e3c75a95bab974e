"""What `recommend` returns, and one recipe for each kind of target: head, loss, metrics, baseline and code."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np

from helpers.doctor import baselines


@dataclass(frozen=True)
class Recommendation:
    """What to build for some targets.

    kind: one of recommendation.KINDS, "several amounts", "shares of one whole", or "" if it is asked back or nothing
    can be learned. reason: why. head, loss, metrics: as text. baseline: what a rule without a model achieves.
    code: a snippet that compiles, for features x in a table (n, features) and targets y. question: what must be
    answered first, with `options`, a dict from the `kind` to pass to what it means. notes: sentences to mind.
    """

    kind: str
    reason: str
    head: str = ""
    loss: str = ""
    metrics: str = ""
    baseline: str = ""
    code: str = ""
    question: str = ""
    options: dict | None = None
    notes: tuple = ()

    def _rows(self):
        names = ("head", "loss", "metrics", "baseline", "code")
        rows = [("targets", f"{self.kind or 'not decided'}: {self.reason}")]
        rows += [(name, getattr(self, name)) for name in names if getattr(self, name)]
        if self.question:
            choices = "\n".join(f'kind="{kind}": {meaning}' for kind, meaning in self.options.items())
            rows.append(("question", f"{self.question}\n{choices}"))
        return rows + [("mind", note) for note in self.notes]

    def __str__(self) -> str:
        return "\n".join(f"{name}: {text}" if "\n" not in text else f"{name}:\n    " + text.replace("\n", "\n    ")
                         for name, text in self._rows())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        cell = '<td style="text-align:left"><pre style="white-space:pre-wrap;margin:0">{}</pre></td>'
        return "<table><tbody>" + "".join(
            f'<tr><th scope="row" style="text-align:left">{name}</th>{cell.format(html.escape(text))}</tr>'
            for name, text in self._rows()) + "</tbody></table>"


def _snippet(head, loss, metrics, prepare=""):
    return (f"{prepare}model = keras.Sequential([\n    keras.Input(x.shape[1:]),\n"
            f'    keras.layers.Dense(64, activation="relu"),   # your hidden layers\n    {head},\n])\n'
            f'model.compile(optimizer="adam", loss="{loss}", metrics=[{metrics}])\n')


def binary(facts, notes):
    values, counts = facts.values, facts.counts
    if getattr(facts, "names", None):
        low, high = facts.names
        prepare = f"y = (y == {high!r}).astype(\"float32\")   # 1 means {high!r}: the positive class\n"
    elif set(values) == {0.0, 1.0}:
        low, high, prepare = "0", "1", ""
    else:
        low, high = (f"{v:g}" for v in values)
        prepare = f"y = (y == {high}).astype(\"float32\")   # 1 means {high}: the positive class\n"
    rare = counts.min() / counts.sum() < 0.1
    metrics = '"accuracy", keras.metrics.AUC(' + ('curve="PR", name="pr_auc")' if rare else 'name="auc")')
    if rare:
        notes += (f"Only {100 * counts.min() / counts.sum():.1f} % belong to the smaller class: accuracy says little. "
                  "Choose a threshold from what each kind of error costs.",)
    if facts.shape not in ((), (1,)):
        notes += ("There are several targets a sample: the snippet is for one.",)
    head = 'keras.layers.Dense(1, activation="sigmoid")'
    return Recommendation("binary", f"two values, {low} and {high}; {high} is taken for the positive class",
                          head, "binary_crossentropy", metrics, baselines.classes(counts),
                          _snippet(head, "binary_crossentropy", metrics, prepare), notes=notes)


def classes(facts, notes, reason):
    count = facts.num_values
    prepare = ""
    if getattr(facts, "names", None) or facts.low != 0 or facts.high != count - 1:
        prepare = "names, y = np.unique(y, return_inverse=True)   # class k is names[k]\n"
    head = f'keras.layers.Dense({count}, activation="softmax")'
    return Recommendation("classes", f"{count} classes, one a sample: "
                                     f"{reason}", head, "sparse_categorical_crossentropy",
                          '"accuracy"', baselines.classes(facts.counts),
                          _snippet(head, "sparse_categorical_crossentropy", '"accuracy"', prepare), notes=notes)


def order(facts, notes):
    count = facts.num_values
    prepare = ("levels = np.unique(y)\n"
               "y = (np.reshape(y, (-1, 1)) > levels[:-1]).astype(\"float32\")   # column k: is it more than "
               "levels[k]?\n")
    head = f'keras.layers.Dense({count - 1}, activation="sigmoid")'
    notes += ("The predicted level is levels[(p > 0.5).sum(axis=1)]; report its distance in steps.",)
    return Recommendation("order", f"{count} ordered steps: one yes-or-no question between each two neighbors", head,
                          "binary_crossentropy", '"binary_accuracy"', baselines.classes(facts.counts),
                          _snippet(head, "binary_crossentropy", '"binary_accuracy"', prepare), notes=notes)


def amount(facts, notes, reason):
    values = np.asarray(facts.array, dtype=float)
    skewed = facts.low > 0 and facts.mean > 1.5 * np.median(values)
    if skewed:
        notes += ("The targets are skewed: MSE aims at the mean, MAE at the median. The code takes "
                  "logarithms, so that an "
                  "error means a factor.",)
        prepare = "y = np.log(y)\ny = (y - y.mean()) / y.std()   # keep both numbers to turn predictions back\n"
    else:
        prepare = "y = (y - y.mean()) / y.std()   # keep both numbers to turn predictions back\n"
    head = "keras.layers.Dense(1)"
    return Recommendation("amount", f"{reason}, from {facts.low:g} to {facts.high:g}", head, "mse", '"mae"',
                          baselines.amount(values), _snippet(head, "mse", '"mae"', prepare), notes=notes)


def count(facts, notes):
    if facts.low < 0 or not facts.integral:
        raise ValueError("kind is 'count', but y holds negative values or fractions.")
    head = 'keras.layers.Dense(1, activation="exponential")'
    return Recommendation("count", f"whole numbers from {int(facts.low)} on: how often something happened", head,
                          "poisson", '"mae"', baselines.amount(np.asarray(facts.array, dtype=float)),
                          _snippet(head, "poisson", '"mae"'), notes=notes)


def share(facts, notes):
    if facts.low < 0 or facts.high > 1:
        raise ValueError("kind is 'share', but y holds values outside of 0 to 1.")
    head = 'keras.layers.Dense(1, activation="sigmoid")'
    return Recommendation("share", "fractions between 0 and 1", head, "mse", '"mae"',
                          baselines.amount(np.asarray(facts.array, dtype=float)), _snippet(head, "mse", '"mae"'),
                          notes=notes)


def rows(facts, notes):
    k = facts.shape[-1]
    if facts.kind == "one_hot" or facts.kind == "shares":
        head = f'keras.layers.Dense({k}, activation="softmax")'
        one = facts.kind == "one_hot"
        metrics = '"accuracy"' if one else '"kl_divergence"'
        reason = f"{k} classes in one-hot rows" if one else f"rows of {k} shares that sum to 1"
        return Recommendation("classes" if one else "shares of one whole", reason, head, "categorical_crossentropy",
                              metrics, baselines.classes(np.asarray(facts.array, dtype=float).sum(0)),
                              _snippet(head, "categorical_crossentropy", metrics), notes=notes)
    if facts.kind == "multi_hot":
        head = f'keras.layers.Dense({k}, activation="sigmoid")'
        metrics = '"binary_accuracy", keras.metrics.AUC(multi_label=True, name="auc")'
        return Recommendation("several labels", f"rows of {k} labels, of which any number can hold", head,
                              "binary_crossentropy", metrics, baselines.several(np.asarray(facts.array, dtype=float)),
                              _snippet(head, "binary_crossentropy", metrics), notes=notes)
    head = f"keras.layers.Dense({k})"
    prepare = "y = (y - y.mean(axis=0)) / y.std(axis=0)   # keep both to turn predictions back\n"
    return Recommendation("several amounts", f"rows of {k} numbers", head, "mse", '"mae"',
                          baselines.amount(np.asarray(facts.array, dtype=float)),
                          _snippet(head, "mse", '"mae"', prepare), notes=notes)
