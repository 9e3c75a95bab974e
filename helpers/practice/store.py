"""The learner's progress file, shared by everything in one kernel."""
from __future__ import annotations

import functools

from helpers.practice.progress import Progress


@functools.cache
def progress() -> Progress:
    """The one progress file of this kernel."""
    return Progress()


def remember(item: dict, kind: str, **data) -> None:
    """Record what the learner did with `item`; if the file makes trouble, say so in one sentence and go on."""
    progress().record(kind, item["id"], item["notebook"], **data)
    tell_notice()


def tell_notice() -> None:
    """Say once what is wrong with the progress file, if anything is."""
    if progress().notice:
        print(progress().notice)
        progress().notice = None
