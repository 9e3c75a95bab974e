"""The model card: one page of text that goes with a saved model. `card_of`."""

from __future__ import annotations

from helpers.own_data.errors import listed, one_line

OPEN = ("used for", "not to be used for", "a prediction is due", "who answers for it")  # no program can know
NOBODY = "(to be filled in)"


def card_of(result, limits) -> str:
    """The card of a `Result` as text, one line an entry. limits: sentences on what was not tested."""
    plan, task = result.plan, result.plan.task
    rows = [*((label, NOBODY) for label in OPEN), ("predicts", f"{listed(task.target)}, {task.kind}")]
    if task.kind == "binary":
        rows.append(("positive class", repr(task.classes[1])))
    rows += [("from the columns", listed(task.features, 100)),
             *([("not used", listed(task.left_out, 100))] if task.left_out else []),
             *([("kept together", f"rows of one {task.group!r}")] if task.group else []),
             ("rows", ", ".join(f"{len(y):,} {part}" for part, y in plan.y.items())),
             *(("tested", sentence) for sentence in result.summary), *(("mind", sentence) for sentence in limits)]
    return "\n".join(["Model card", "", *(f"{label + ':':22}{one_line(text)}" for label, text in rows), ""])
