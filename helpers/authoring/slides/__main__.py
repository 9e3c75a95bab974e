"""Build the slides: `python -m helpers.authoring.slides [PATH ...]`; then open a file of build/slides in a browser.

One self-contained HTML file a path. Arrow keys turn the slides, S opens a second window with the speaker's notes, N
shows them below the slide, and the browser prints one slide a page.
"""
from __future__ import annotations

import argparse
import pathlib
import sys

from helpers.authoring import paths
from helpers.authoring import source as src
from helpers.authoring.slides import deck

OUTPUT = src.ROOT / "build" / "slides"


def main(arguments=None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.authoring.slides", description=__doc__)
    parser.add_argument("paths", nargs="*", help="names such as half-a-day; all when left out")
    parser.add_argument("--output", type=pathlib.Path, default=OUTPUT, help="a folder (default build/slides)")
    options = parser.parse_args(arguments)
    book = paths.book([src.read(name) for name in src.names()])
    known = {path.id: path for path in paths.read(book)}
    unknown = [name for name in options.paths if name not in known]
    if unknown:
        raise src.SourceError(f"There is no path {unknown[0]!r}: the paths are {', '.join(known)}.")
    options.output.mkdir(parents=True, exist_ok=True)
    for name in options.paths or known:
        text = deck.page(known[name], book)
        file = options.output / f"{name}.html"
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"{file}: {text.count('<section')} slides, {len(text.encode()) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except src.SourceError as error:
        sys.exit(str(error))
