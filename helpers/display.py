"""Display the same thing in a live front end, in a stored output and in a plain terminal."""
import html

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display


def live(widget, text: str, html_text: str | None = None) -> None:
    """Show a widget (or None) where the front end can, its HTML elsewhere, and its text where there is no HTML."""
    bundle = {"text/plain": text, "text/html": html_text or f"<p>{html.escape(text)}</p>"}
    if widget is not None:
        bundle |= {kind: data for kind, data in widget._repr_mimebundle_().items() if kind.startswith("application/")}
    if InteractiveShell.initialized():
        display(bundle, raw=True)
    else:
        print(text)
