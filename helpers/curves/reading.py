"""What `diagnose` returns: what is seen, what it may come from, how sure that is, and what to try next."""
from __future__ import annotations

import html
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reading:
    """A reading of curves.

    finding: a code for what is seen, such as "still falling"; "cannot tell" if no cause can be named. sentence: the
    same in words. evidence: sentences with the numbers it rests on. causes: the causes that the finding names; curves
    like these do not tell them apart. sure: from 0 to 1, the measured share of building runs with this finding whose
    cause was among `causes`; it takes for granted that all causes are equally frequent. 0 where nothing is named.
    could_be: other causes that occurred among the building runs with this finding, the most frequent first. next: what
    to try, and what each outcome would mean. shares: cause -> its share among those building runs.
    """

    finding: str
    sentence: str
    evidence: list[str]
    sure: float
    causes: tuple[str, ...]
    could_be: tuple[str, ...]
    next: str
    shares: dict[str, float] = field(default_factory=dict, repr=False)

    @property
    def cause(self) -> str | None:
        """The likeliest single cause, or None if it cannot be told."""
        return max(self.causes, key=lambda cause: self.shares.get(cause, 0.0)) if self.causes else None

    def rows(self) -> list[tuple[str, str]]:
        """(label, text), in the order in which they are shown."""
        named = " or ".join(self.causes) or "cannot be told from these curves"
        rows = [("seen", self.sentence), *(("evidence", text) for text in self.evidence), ("cause", named)]
        if self.causes:
            rows.append(("how sure", f"{self.sure:.0%} of the training runs with known causes that looked like this"))
        if self.could_be:
            rows.append(("could also be", ", ".join(self.could_be)))
        return [*rows, ("try next", self.next)]

    def __str__(self):
        return "\n".join(f"{label + ':':15}{text}" for label, text in self.rows())

    def _repr_html_(self):
        cells = "".join(f"<tr><th scope='row' style='text-align:left;vertical-align:top'>{html.escape(label)}</th>"
                        f"<td style='text-align:left'>{html.escape(text)}</td></tr>" for label, text in self.rows())
        return f"<table>{cells}</table>"
