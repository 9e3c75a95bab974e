"""Numbers in prose: find them, tell which look measured, and read the marks that say where one comes from.

Left out are formulas (code, LaTeX, placeholders), addresses, numbers of notebooks, sections and exercises, list
numbers, versions and years.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

DOZEN = 12  # whole numbers up to here, without a unit, are the text's own counts
_UNIT = (r"percent(?:age points?)?|per cent|dollars?|cents?|thousand|million|billion|times|fold"
         r"|milliseconds?|ms|seconds?|s|minutes?|hours?|[kMG]B|bits?|nats?")
_ABOUT = re.compile(r"(?:\b(?:about|around|roughly|nearly|almost|approximately|circa|close to)|[≈~])\s*$", re.I)
_NUMBER = re.compile(r"(?<![\w.])(?P<digits>[−-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?(?:e[−-]?\d+)?)"
                     rf"(?:(?P<percent>\s?%)|(?P<unit>[\s-]?(?:{_UNIT})\b|×|[kMB]\b)|(?(decimals)|(?!\w)))")
_ONE = r"\d+(?:\.\d+)?"
_LIST = rf"{_ONE}(?:(?:,\s+{_ONE})*,?\s+(?:and|or|to)\s+{_ONE}|–{_ONE})?"
_LEFT_OUT = [re.compile(pattern, flags) for pattern, flags in [
    (r"```.*?```|<!--.*?-->", re.S), (r"`[^`]*`", 0),
    (r"\$\$.+?\$\$|\\\[.+?\\\]|\\\(.+?\\\)", re.S), (r"\$(?=\S)[^$]*?(?<=\S)\$(?!\d)", 0),  # $x$, not $3 and $4
    (r"\{[^{}]*\}", 0), (r"(?<=\])\([^)]*\)|https?://\S+", 0),
    (r"^#+\s+(?:Exercise )?\d+(?:\.\d+)?(?=[.:]| ·)", re.M), (r"^\s*\d+\.(?=\s)", re.M),
    (rf"\b(?:notebook|section|exercise|question|prediction|objective|example|figure|table|hint)s?(?: in)?\s+{_LIST}",
     re.I),
    (r"(?<![\w.,])0\d\b(?![.,]\d)", 0), (r"\b(?:Keras|TensorFlow|Python|NumPy|scikit-learn|Colab)\s+\d+(?:\.\d+)+", 0),
    (rf"\b(?:1[5-9]|20)\d\d\b(?![.,]\d|\s?%|\s(?:{_UNIT})\b)", 0), (r"\*\*Time:\*\*\s+about \d+ minutes", 0)]]


@dataclass(frozen=True)
class Number:
    """A number in a text: as written, its value (that of 5% is 5), whether it looks measured, and whether nothing
    but its size speaks for that: no decimals, percent, unit, or "about"."""

    written: str
    value: float
    percent: bool
    measured: bool
    plain: bool = False
    context: str = ""

    @property
    def key(self):
        """Equal for the same number in another spelling: 1,600 and 1600, −2 and -2, 5 % and 5%."""
        return self.value, self.percent

    @property
    def whole(self):
        """Whether it is a plain whole number below a thousand, as settings are; `about 16` and `16 dollars` are not."""
        return self.plain and abs(self.value) < 1000

    def equals(self, literal: float) -> bool:
        """Whether it is `literal` (a share where this is a percentage) to the digits that are written."""
        decimals = len(self.written.rstrip("% ").partition(".")[2])
        candidates = (literal, 100 * literal) if self.percent else (literal,)
        return any(round(abs(c), decimals) == abs(self.value) for c in candidates)


@dataclass(frozen=True)
class Mark:
    """`number: reason` in the source: the number may stand there, and the reason says why."""

    number: Number
    reason: str


def find(text: str) -> list[Number]:
    """The numbers of a prose text in order, without those of formulas, addresses, references, versions and years."""
    for pattern in _LEFT_OUT:
        text = pattern.sub(lambda m: " " * len(m[0]), text)
    return [_number(m, text) for m in _NUMBER.finditer(text)]


def _number(match, text):
    digits, percent = match["digits"], bool(match["percent"])
    value = float(digits.replace(",", "").replace("−", "-"))
    plain = not ("." in digits or "e" in digits or percent or match["unit"] or _ABOUT.search(text[:match.start()]))
    around = " ".join(text[max(0, match.start() - 30):match.end() + 30].split())
    return Number(digits + "%" * percent, value, percent, not plain or abs(value) > DOZEN, plain, around)


def marks(given: str | list[str]) -> list[Mark]:
    """Read `0.5: the default threshold; 1 2: premises`, or a list of such. Raises ValueError with one sentence."""
    found = []
    for one in filter(None, map(str.strip, given.split(";") if isinstance(given, str) else given)):
        numbers, colon, reason = one.partition(":")
        known = [Number(m[0], float(m["digits"].replace(",", "").replace("−", "-")), bool(m["percent"]), True)
                 for m in map(_NUMBER.fullmatch, numbers.split()) if m]
        if not known or len(known) != len(numbers.split()):
            raise ValueError(f"the mark {one!r} must be a number, a colon and a reason, such as "
                             "`0.5: the default threshold`.")
        if not colon or len(reason.strip()) < 3:
            raise ValueError(f"the mark {one!r} lacks its reason: say where the number comes from.")
        found += [Mark(number, reason.strip()) for number in known]
    return found
