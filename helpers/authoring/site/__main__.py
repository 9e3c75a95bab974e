"""Build the web site: `python -m helpers.authoring.site [--output build/site]`; then open its index.html."""
from __future__ import annotations

import argparse
import pathlib
import re
import shutil
import sys
import tempfile
import time

import nbformat
from sphinx.cmd.build import main as sphinx

from helpers.authoring import source as src
from helpers.authoring.site import book, cells, reference

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = src.ROOT / "build" / "site"


def write_pages(folder: pathlib.Path, site: pathlib.Path) -> None:
    """Write what Sphinx reads into `folder`, and the files that it need not read into `site`."""
    pages = book.pages()
    for page in pages:
        nbformat.write(cells.convert(page, site), folder / f"{page.name}.ipynb")
    readme = (src.ROOT / "README.md").read_text(encoding="utf-8")
    for picture in re.findall(r"\]\((\.github/[^)]+)\)", readme):
        shutil.copy(src.ROOT / picture, folder)
        readme = readme.replace(f"]({picture})", f"]({pathlib.Path(picture).name})")
    texts = {"index": reference.start(pages, readme), "glossary": reference.glossary(pages),
             "misconceptions": reference.misconceptions(pages)}
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


# what the theme lacks: a level for the headings of its menu, names for its two side bars, a heading on the search page
MENDED = {'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"',
          '<aside class="sidebar-drawer"': '<aside aria-label="Site" class="sidebar-drawer"',
          '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
          '<div id="search-results">': '<h1>Search</h1>\n<div id="search-results">'}
# names, punctuation and space in code: in the style of conf.py they have the color of plain text
PLAIN = re.compile(r'<span class="[npw]">([^<]*)</span>')


def mend(site: pathlib.Path) -> None:
    """Give every page what the theme lacks for screen readers; take away half of the tags in its code."""
    for path in site.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        text = PLAIN.sub(r"\1", text)
        for old, new in MENDED.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")


def build(output: pathlib.Path) -> int:
    """Build the site anew in `output`; returns Sphinx's exit code. A warning, such as a dead link, is an error."""
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch, "pages")
        folder.mkdir()
        write_pages(folder, output)
        failed = sphinx(["-q", "-W", "--keep-going", "-b", "html", "-c", str(HERE),
                         "-d", str(pathlib.Path(scratch, "trees")), str(folder), str(output)])
    mend(output)
    return failed


def main(arguments=None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.authoring.site", description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, default=OUTPUT, help="a folder, made anew (default build/site)")
    output = parser.parse_args(arguments).output.resolve()
    started = time.monotonic()
    failed = build(output)
    if not failed:
        size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
        print(f"{len(list(output.glob('*.html')))} pages, {size / 1e6:.1f} MB, in {time.monotonic() - started:.0f} s: "
              f"{output / 'index.html'}")
    return failed


if __name__ == "__main__":
    try:
        sys.exit(main())
    except src.SourceError as error:
        sys.exit(str(error))
