"""Markdown as HTML for slides: formulas as MathML, links inside the workbook as plain words."""
from __future__ import annotations

import re

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from helpers.practice.show import inline

__all__ = ["inline", "markdown"]
_READER = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=lambda text, options: convert(
    text, display="block" if options["display_mode"] else "inline"))
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)\s]+\)")


def markdown(text: str) -> str:
    """HTML of a Markdown text."""
    return _READER.render(_LINK.sub(r"\1", text)) if text.strip() else ""
