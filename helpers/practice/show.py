"""How practice looks: one box with a title, rows and a sentence, as text, as HTML, and with live buttons."""
from __future__ import annotations

import html
import re
import textwrap

from helpers.display import live

_TAGS = {"*": "em", "**": "strong"}
_MARKED = re.compile(r"`([^`]+)`|(?<![\w*])(\*\*?)(?=[^\s*])((?:`[^`]+`|[^*])+)(?<=\S)\2(?![\w*])")


def show(title, rows, text, *, ask="", widget=None) -> None:
    """Display a box. rows: (label, text) pairs. widget: shown where it can be.

    In any text, backticks mark code and stars mark stress.
    """
    live(widget, as_text(title, rows, text, ask), as_html(title, rows, text, ask))


def as_text(title, rows, text, ask="") -> str:
    """The box as plain text, lines of at most 100 characters."""
    def wrap(line, start):
        return textwrap.fill(line, 100, initial_indent=start, subsequent_indent=" " * len(start))

    parts = [wrap(ask, f"{title}. ") if ask else f"{title}."] + [wrap(line, f"  {label}  ") for label, line in rows]
    return "\n".join(parts + ([wrap(text, "")] if text else []))


def as_html(title, rows, text, ask="") -> str:
    """The box as HTML that takes its colors from the theme; every piece of text is escaped."""
    cells = "".join(f"<tr><th scope='row' style='text-align:left;vertical-align:top'>{inline(label)}</th>"
                    f"<td style='text-align:left'>{inline(line)}</td></tr>" for label, line in rows)
    table = f"<table style='margin:4px 0'>{cells}</table>" if rows else ""
    return (f"<div role='group' style='border-left:4px solid #0072B2;padding:2px 12px'><p><strong>{inline(title)}."
            f"</strong> {inline(ask)}</p>{table}<p>{inline(text)}</p></div>")


def inline(text: str) -> str:
    """Text as HTML: escaped, with code where it has backticks and stress where a word or more stand between stars."""
    return _MARKED.sub(_marked, html.escape(str(text), quote=False))


def _marked(match):
    code, stars, stressed = match.groups()
    if code:
        return f"<code>{code}</code>"
    return f"<{_TAGS[stars]}>{_MARKED.sub(_marked, stressed)}</{_TAGS[stars]}>"


def live_widgets(kind, title, ask, listed, judge, last=""):
    """Buttons or a field for an item, or None without ipywidgets.

    judge: answer -> (title, rows, text). last: a sentence on the last answer, shown until there is a new one.
    """
    try:
        import ipywidgets as widgets
    except ImportError:
        return None
    feedback = widgets.HTML(f"<p>{inline(last)}</p>")

    def answer(value):
        feedback.value = f"<div role='status'>{as_html(*judge(value))}</div>"

    choose = listed and kind != "order"
    head = widgets.HTML(as_html(title, [] if choose else listed, "", ask))
    parts = _buttons(widgets, listed, answer) if choose else _field(widgets, kind, answer)
    return widgets.VBox([head, *parts, feedback])


def _buttons(widgets, listed, answer):
    style = widgets.HTML("<style>.practice-option{white-space:normal;text-align:left;padding:4px 10px}</style>")
    tall = {"width": "auto", "height": "auto"}
    buttons = []
    for letter, line in listed:
        button = widgets.Button(description=f"{letter}. {line.replace('`', '')}", layout=tall)
        button.add_class("practice-option")
        button.on_click(lambda _, letter=letter: answer(letter))
        buttons.append(button)
    return [style, *buttons]


def _field(widgets, kind, answer):
    label = {"order": "Order of the letters, such as BAC:", "reflection": "Your words:"}.get(kind, "Your number:")
    long = kind == "reflection"
    field = (widgets.Textarea if long else widgets.Text)(
        description=label, continuous_update=False, style={"description_width": "initial"},
        layout={"width": "80%" if long else "420px"})
    if not long:  # Enter commits as well
        field.observe(lambda change: answer(change["new"]), names="value")
    commit = widgets.Button(description={"order": "Check", "reflection": "Keep"}.get(kind, "Commit"))
    commit.on_click(lambda _: answer(field.value))
    return [field, commit]
