"""What is wrong with a person's input, in one sentence that also says what to do."""

from __future__ import annotations


class OwnDataError(ValueError):
    """The table, or what was asked of it, cannot be used. The message says what is wrong and what to do."""


class AskBack(OwnDataError):
    """Whole numbers that could mean several things. `options`: what to pass as `kind` -> what it means."""

    def __init__(self, message: str, options: dict[str, str]):
        super().__init__(message)
        self.options = options


def one_line(value) -> str:
    """What comes from a table, as one line: no line breaks, control characters made visible."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(str(value).split()))


def listed(names, limit: int = 8) -> str:
    """Names in quotes, the first few of many. A name is data: `repr` shows line breaks and control characters."""
    names = list(names)
    return ", ".join(repr(str(name))[:80] for name in names[:limit]) + (", ..." if len(names) > limit else "")
