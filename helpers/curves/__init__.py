"""Read a history of losses and metrics: what is seen, what it may come from, how sure that is, what to try next.

>>> from helpers.curves import diagnose
>>> print(diagnose(model.fit(...)))

`cases("held-out")` gives training runs with known causes, `unseen(seed)` a new one. Modules: `history` (what comes in) ·
`features` (measures) · `rules` (decides) · `diagnosis`, `reading` (what comes out) · `measure` (how sure) · `scenes`,
`nets`, `patients`, `confirm`, `make_cases`, `stored` (training runs with a planted cause).
"""
from helpers.curves.diagnosis import diagnose
from helpers.curves.reading import Reading
from helpers.curves.stored import Case, cases, unseen

__all__ = ["Case", "Reading", "cases", "diagnose", "unseen"]
