"""Hold `diagnose` against rules of thumb and a learned tree on runs with known causes: python -m helpers.curves.compare

An answer is a tuple of causes, empty for "cannot tell". It is right if the planted cause is in it. Counted strictly, a
right answer of two causes is worth half.
"""
from __future__ import annotations

import sys

import numpy as np

from helpers.curves import features
from helpers.curves.diagnosis import diagnose
from helpers.curves.measure import MODES, features_of, seen
from helpers.curves.stored import Case, cases
from helpers.curves.thumbs import THUMBS

SURE = 0.8  # an answer at least this sure is called sure


def right(all_cases: list[Case], answers, strict: bool = False) -> float:
    """The share of the cases whose planted cause is among the causes named."""
    worth = [(case.cause in named) / (len(named) if strict else 1) if named else 0.0
             for case, named in zip(all_cases, answers, strict=True)]
    return float(np.mean(worth))


def readings(all_cases: list[Case], mode: str = "with baseline") -> list:
    """The readings of the cases, shown what the mode shows."""
    found = []
    for case in all_cases:
        history, base = seen(case, mode)
        found.append(diagnose(history, baseline=base))
    return found


def tree_answers(build: list[Case], other: list[Case], mode: str = "with baseline", causes: int = 1) -> list:
    """The likeliest causes by a decision tree that was grown on `build` from the same features."""
    from sklearn.tree import DecisionTreeClassifier

    names = ["broke_at", *(f.__name__ for f in (*features.TRAINING, *features.VALIDATION, *features.METRIC))]

    def table(some):
        rows = [features_of(case, mode) for case in some]
        return np.clip([[row.get(name, -9.0) for name in names] for row in rows], -1e6, 1e6)

    tree = DecisionTreeClassifier(min_samples_leaf=6, random_state=0).fit(table(build), [case.cause for case in build])
    order = np.argsort(-tree.predict_proba(table(other)), axis=1)[:, :causes]
    return [tuple(tree.classes_[row]) for row in order]


def reliability(all_cases: list[Case], found, edges=(0.5, 0.7, 0.8, 0.9, 1.0)) -> list[tuple[int, float, float]]:
    """For each range of `sure`: how many readings, their mean `sure`, and the share of them that is right."""
    rows = []
    for low, high in zip(edges, edges[1:], strict=False):
        here = [(r.sure, case.cause in r.causes) for case, r in zip(all_cases, found, strict=True)
                if r.causes and (low <= r.sure < high or r.sure == high == edges[-1])]
        if here:
            rows.append((len(here), *map(float, np.mean(here, axis=0))))
    return rows


def wrong_but_sure(all_cases: list[Case], found) -> float:
    """The share of all cases whose reading is at least SURE and does not name the planted cause."""
    pairs = zip(all_cases, found, strict=True)
    return float(np.mean([r.sure >= SURE and case.cause not in r.causes for case, r in pairs]))


def report(family: str = "held-out") -> str:
    """Everything that was measured on a family, as text."""
    build, some, lines = cases("build"), cases(family), []
    for mode in MODES:
        found = readings(some, mode)
        named = [r.causes for r in found]
        answers = {"diagnose": named, "diagnose, first cause": [(r.cause,) if r.cause else () for r in found]}
        if mode != "training only":
            answers |= {f"thumb: {name}": [rule(case.history) for case in some] for name, rule in THUMBS.items()}
        answers |= {f"tree, {k} cause{'s' * (k > 1)}": tree_answers(build, some, mode, k) for k in (1, 2)}
        lines += [f"\n{family}, {mode}: {len(some)} runs", f"{'':24}right  strictly  cannot tell  causes named"]
        lines += [f"{name:24}{right(some, a):5.0%} {right(some, a, True):8.0%} {np.mean([not x for x in a]):11.0%} "
                  f"{np.mean([len(x) for x in a if x] or [0]):12.1f}" for name, a in answers.items()]
        lines.append(f"wrong but sure (at least {SURE:.0%}): {wrong_but_sure(some, found):.1%}")
        lines += [f"  sure {mean:.2f} on average, right {share:.2f}, {n} runs"
                  for n, mean, share in reliability(some, found)]
    return "\n".join(lines + [""] + confusion(some, readings(some)))


def confusion(some, found) -> list[str]:
    """Lines of a table: planted cause by finding."""
    codes = list(dict.fromkeys(r.finding for r in found))
    counts = {(case.cause, r.finding): 0 for case in some for r in found}
    for case, r in zip(some, found, strict=True):
        counts[case.cause, r.finding] += 1
    lines = [" " * 26 + " ".join(f"{chr(97 + i):>3}" for i in range(len(codes)))]
    lines += [f"{cause:26}" + " ".join(f"{counts[cause, code] or '.':>3}" for code in codes)
              for cause in dict.fromkeys(case.cause for case in some)]
    return [*lines, *(f"  {chr(97 + i)} {code}" for i, code in enumerate(codes))]


if __name__ == "__main__":
    print(report(*sys.argv[1:]))
