"""Display the same thing in a live front end, in a stored output and in a plain terminal."""
import html

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

WIDGET = "application/vnd.jupyter.widget-view+json"


def live(widget, text: str, html_text: str | None = None) -> None:
    """Show a widget (or None) where the front end can, its HTML elsewhere, and its text where there is no HTML."""
    bundle = {"text/plain": text, "text/html": html_text or f"<p>{html.escape(text)}</p>"}
    if widget is not None:  # written out, because ipywidgets 7, which Colab has, can only show a widget alone
        bundle[WIDGET] = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    if InteractiveShell.initialized():
        display(bundle, raw=True)
    else:
        print(text)
