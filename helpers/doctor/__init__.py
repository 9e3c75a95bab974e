"""The doctor: examine a model together with its labels, loss and metrics, and say what does not fit.

    from helpers.doctor import examine, recommend

    findings = examine(model, x, y)      # before fit; shown as a table in a notebook
    recommend(y)                         # before there is a model: head, loss, metrics, baseline

It changes nothing: weights, optimizer, metrics and random states are as before. It runs one batch. It never raises on a
model; what it cannot judge is a note. Silence means that no rule applies, not that the model is good.

Modules: `examination` (the order of events) · `case`, `data`, `labels`, `heads`, `traces`, `compiled`, `metric_facts`
(facts) · `running`, `twin`, `probe`, `formulas` (one batch) · `rules` (what does not fit; see `rules.registry` to add
one) · `code` (the corrected line) · `learn` (which notebook explains it) · `findings` (the result) · `recommendation`,
`recipes`, `baselines` · `guard` (leaves no trace).
"""

from helpers.doctor.examination import examine
from helpers.doctor.findings import Finding, Findings
from helpers.doctor.recommendation import recommend

__all__ = ["Finding", "Findings", "examine", "recommend"]
