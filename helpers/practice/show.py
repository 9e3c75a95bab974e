"""How practice looks: one box with a title, rows and a sentence, as text, as HTML, and with buttons in a live front end."""
from __future__ import annotations

import html
import os
import re
import textwrap

from helpers.figures import live


def show(title, rows, text, *, ask="", code=False, widget=None) -> None:
    """Display a box. rows: (label, text) pairs. Backticks in any text mark code. widget: shown where it can be."""
    live(widget, as_text(title, rows, text, ask), as_html(title, rows, text, ask, code))


def as_text(title, rows, text, ask="") -> str:
    """The box as plain text, lines of at most 100 characters."""
    wrap = lambda s, by: textwrap.fill(s, 100, initial_indent=by, subsequent_indent=" " * len(by))  # noqa: E731
    parts = [wrap(ask, f"{title}. ")] if ask else [f"{title}."]
    parts += [f"  {label}  {line}" if line.startswith(" ") else wrap(line, f"  {label}  ") for label, line in rows]
    return "\n".join(parts + ([wrap(text, "")] if text else []))


def as_html(title, rows, text, ask="", code=False) -> str:
    """The box as HTML that takes its colors from the theme; every piece of text is escaped."""
    cells = "".join(f"<tr><th scope='row' style='text-align:left;vertical-align:top'>{_inline(label)}</th>"
                    f"<td style='text-align:left'>{_block(line, code)}</td></tr>" for label, line in rows)
    table = f"<table style='margin:4px 0'>{cells}</table>" if rows else ""
    return (f"<div role='group' style='border-left:4px solid #0072B2;padding:2px 12px'><p><strong>{_inline(title)}."
            f"</strong> {_inline(ask)}</p>{table}<p>{_inline(text)}</p></div>")


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(str(text), quote=False))


def _block(text: str, code: bool) -> str:
    return f"<code style='white-space:pre'>{html.escape(text, quote=False)}</code>" if code else _inline(text)


def live_widgets(item, listed, judge, long=False):
    """Buttons or a field for an item, or None without ipywidgets. judge: answer -> (title, rows, text)."""
    if os.environ.get("WORKBOOK_WIDGETS") == "0":
        return None
    try:
        import ipywidgets as widgets
    except ImportError:
        return None
    feedback = widgets.HTML()

    def answer(value):
        feedback.value = f"<div role='status'>{as_html(*judge(value))}</div>"

    head = widgets.HTML(as_html({"question": "Question", "order": "Put in order", "prediction": "Predict first",
                                 "reflection": "In your own words"}[item["kind"]],
                                listed if item["kind"] == "order" else [], "", item["ask"], item["kind"] == "order"))
    wide = widgets.Layout(width="auto", height="auto")
    if listed and item["kind"] != "order":
        buttons = [widgets.Button(description=f"{letter}. {_plain(line)}", layout=wide,
                                  style={"text_align": "left"}) for letter, line in listed]
        for (letter, _), button in zip(listed, buttons, strict=True):
            button.add_class("practice-option")
            button.on_click(lambda _, letter=letter: answer(letter))
        css = widgets.HTML("<style>.practice-option{white-space:normal;text-align:left;padding:4px 10px}</style>")
        return widgets.VBox([css, head, *buttons, feedback])
    label = {"order": "Order of the letters:", "reflection": "Your words:"}.get(item["kind"], "Your number:")
    field = (widgets.Textarea if long else widgets.Text)(description=label, style={"description_width": "initial"},
                                                         layout={"width": "80%" if long else "360px"})
    commit = widgets.Button(description={"order": "Check", "reflection": "Keep"}.get(item["kind"], "Commit"))
    commit.on_click(lambda _: answer(field.value))
    return widgets.VBox([head, field, commit, feedback])


def _plain(text):
    return text.replace("`", "")
