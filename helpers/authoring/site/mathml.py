"""Formulas as MathML, made while the site is built: browsers draw it and screen readers read it, without a script."""
from __future__ import annotations

from latex2mathml.converter import convert


def _inline(translator, node):
    translator.body.append(convert(node.astext()))


def _block(translator, node):
    translator.body.append(f'<div class="math" id="{node["ids"][0]}">' if node["ids"] else '<div class="math">')
    translator.body.append(convert(node.astext(), display="block") + "</div>")


def _leave(translator, node):
    pass


def _visit(write):
    def visit(translator, node):
        from docutils.nodes import SkipNode
        write(translator, node)
        raise SkipNode
    return visit


def setup(app):
    """Register the renderer with Sphinx."""
    app.add_html_math_renderer("mathml", (_visit(_inline), _leave), (_visit(_block), _leave))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
