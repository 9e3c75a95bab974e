"""Build the learner and solution editions: `python -m helpers.authoring.build [NOTEBOOK ...]`.

Writes <name>.ipynb in notebooks/ and notebooks/solutions/, practice/<name>.json and instructor/<name>.md, and from all
sources the index of misconceptions, instructor/misconceptions.md, and the paths for a room, instructor/paths.md.
A number in the prose that comes from nowhere stops it (prose.py). Two builds on one machine are equal byte by byte;
`--twice` shows it. Where nothing changed but texts, those of questions and predictions among them, `--texts` asks the
questions again, keeps all other stored outputs, and takes seconds.
"""
from __future__ import annotations

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import sys
import tempfile
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers.authoring import instructor, paths_page, prose
from helpers.authoring import source as src

EDITIONS = {"learner": src.ROOT / "notebooks", "solutions": src.ROOT / "notebooks" / "solutions"}
PRACTICE = src.ROOT / "notebooks" / "practice"
INSTRUCTOR = src.ROOT / "notebooks" / "instructor"
# first lines of cells, calls that need no other cell
_ASKS = re.compile(r'(?:(?:question|predict|reflect)\("[\w-]+"(?:, .+)?\)|compare\("[\w-]+"\))(?=\n|$)')
COVER = "Run this cell to see what comes out:"


def edition_path(name: str, edition: str) -> pathlib.Path:
    """Where an edition of a notebook stands."""
    return EDITIONS[edition] / f"{name}.ipynb"


def practice_json(source: src.Source) -> str:
    """The practice items of a notebook as JSON, as the kernel reads them."""
    return json.dumps(source.items, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def beside(source: src.Source) -> dict[pathlib.Path, str]:
    """The files that a notebook needs beside it: path -> text."""
    return {PRACTICE / f"{source.name}.json": practice_json(source),
            INSTRUCTOR / f"{source.name}.md": instructor.page(source)}


def of_all(sources: list[src.Source]) -> dict[pathlib.Path, str]:
    """The files that are made from all sources together: path -> text."""
    return {INSTRUCTOR / "misconceptions.md": instructor.misconceptions_page(sources),
            INSTRUCTOR / "paths.md": paths_page.page(sources)}


def assemble(source: src.Source, edition: str) -> nbformat.NotebookNode:
    """The notebook of one edition, not yet executed; ids, order and metadata are the same at every build."""
    solved = edition == "solutions"
    cells = []
    for kind, text, tags, item_id in source.cells:
        item = source.items.get(item_id)
        if kind == "markdown":
            cells.append(_markdown(text))
        elif kind == "code":
            cells.append(_code(text, ["nbval-ignore-output" if t == "training" else t for t in tags]))
        elif kind == "exercise":
            cells.append(_code(item["solution"] if solved else item["start"], [], f"exercise-{item_id}"))
            cells.append(_code(f'check("{item_id}", {item["name"]})', [], f"check-{item_id}"))
            if not solved:
                cells.append(_markdown(_folded(item, text), f"help-{item_id}"))
        else:
            call = {"order": "question", "prediction": "predict", "reflection": "reflect"}.get(kind, kind)
            answer = f", {_answer(item)}" if solved and kind != "reflection" else ""
            cells.append(_code(f'{call}("{item_id}"{answer})', [], f"{kind}-{item_id}"))
    _number(cells)
    _contents(cells)
    if not solved:
        _hide_what_is_to_be_predicted(cells)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.nbformat_minor = 5
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                         "language_info": {"name": "python"},
                         "workbook": {"edition": edition, "source": f"notebooks/source/{source.name}.py"}}
    return notebook


def _markdown(text, id="unnamed"):
    return nbformat.v4.new_markdown_cell(text, id=id)


def _code(text, tags, id="unnamed"):
    return nbformat.v4.new_code_cell(text, id=id, metadata={"tags": tags} if tags else {})


def _answer(item):
    """The right answer, as the learner would give it."""
    if item["kind"] == "order":
        return json.dumps(item["right"][0])
    if "options" in item:
        return json.dumps("ABCDEFGH"[next(i for i, o in enumerate(item["options"]) if o.get("right"))])
    return repr(item["right"])


def _folded(item, text):
    parts = [f"<details><summary>Hint {i}</summary>\n\n{hint}\n\n</details>" for i, hint in enumerate(item["hints"], 1)]
    parts.append(f"<details><summary>Solution</summary>\n\n```python\n{src.solution_alone(text)}\n```\n\n</details>")
    return "\n\n".join(parts)


def _number(cells):
    """Ids from the content, so that an edit elsewhere leaves them as they are."""
    seen = set()
    for cell in cells:
        content = hashlib.sha256(f"{cell.cell_type}{cell.source}".encode()).hexdigest()[:10]
        base = content if cell.id == "unnamed" else cell.id
        cell.id, copy = base[:60], 1
        while cell.id in seen:
            copy += 1
            cell.id = f"{base[:56]}-{copy}"
        seen.add(cell.id)


def _hide_what_is_to_be_predicted(cells):
    """Fold stored outputs from a prediction to the text after its comparison; JupyterLab unfolds an output when its
    cell is run."""
    waiting, tells, practice = set(), False, ("check-", "exercise-", "question-", "order-")
    for cell in cells:
        asked = re.match(r'predict\("([^"]+)"', cell.source)
        if asked:
            waiting.add(asked[1])
        elif cell.cell_type == "markdown":
            tells = bool(waiting)
        elif (waiting or tells) and not cell.id.startswith(practice):
            cell.metadata["jupyter"] = {"outputs_hidden": True}
            waiting -= set(re.findall(r'compare\("([^"]+)"', cell.source))
            tells = True


def _contents(cells):
    """Write the list of sections where a source says {{contents}}."""
    headings = [m for c in cells if c.cell_type == "markdown" for m in re.findall(r"^## (.+)$", c.source, re.M)]
    listed = "\n".join(f"- [{h}](#{h.replace(' ', '-')})" for h in headings)
    for cell in cells:
        cell.source = cell.source.replace("{{contents}}", listed)


def execute(notebook: nbformat.NotebookNode, folder: pathlib.Path) -> nbformat.NotebookNode:
    """Run a notebook in `folder` and keep outputs that are the same at every run: no logs, widgets or timings."""
    with tempfile.TemporaryDirectory() as scratch:
        profile = pathlib.Path(scratch, "profile_default")
        profile.mkdir()
        # TensorFlow's C++ log would be stored as stderr, which no other runner of notebooks sees
        (profile / "ipython_kernel_config.py").write_text("c.IPKernelApp.capture_fd_output = False\n")
        environment = os.environ | {"IPYTHONDIR": scratch, "WORKBOOK_PROGRESS": str(pathlib.Path(scratch, "p.jsonl")),
                                    "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONHASHSEED": "0", "TQDM_DISABLE": "1"}
        client = NotebookClient(notebook, timeout=300, kernel_name="python3", record_timing=False,
                                store_widget_state=False, resources={"metadata": {"path": str(folder)}})
        try:
            client.execute(env=environment)
        except CellExecutionError as error:
            where = notebook.metadata.workbook
            raise src.SourceError(f"{where.source} ({where.edition}): {error.ename}: {error.evalue}\n"
                                  f"{_failed(notebook)}") from None
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}  # without the version of this machine's Python
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _steady(cell.outputs)
            if cell.outputs and cell.metadata.get("jupyter", {}).get("outputs_hidden"):
                _cover(cell.outputs[0])
    return notebook


def _cover(output):
    """JupyterLab shows the first line of a folded output: let it give nothing away. nbval takes COVER out again."""
    if output.output_type == "stream":
        output["text"] = f"{COVER}\n{output.text}"
    elif "text/html" in output.get("data", {}):
        output["data"]["text/html"] = f"<!-- {COVER} -->\n{output.data['text/html']}"


def _failed(notebook):
    """The code of the cell that raised."""
    return next(cell.source for cell in notebook.cells for output in cell.get("outputs", [])
                if output.output_type == "error")


def _steady(outputs):
    """Join streams that arrived in pieces, and drop the widgets, whose ids are random; their text stays."""
    kept = []
    for output in outputs:
        if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
            kept[-1]["text"] += output.text
            continue
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
        kept.append(output)
    return kept


def build(name: str, edition: str) -> str:
    """Build and execute one edition; returns its text and writes it, whole or not at all."""
    notebook = assemble(src.read(name), edition)
    EDITIONS[edition].mkdir(exist_ok=True)
    execute(notebook, EDITIONS[edition])
    return _store(notebook, name, edition)


def _store(notebook, name, edition):
    nbformat.validate(notebook)
    text = nbformat.writes(notebook) + "\n"
    _write(edition_path(name, edition), text)
    return text


def with_stored_outputs(source: src.Source, edition: str) -> nbformat.NotebookNode:
    """An edition, not run: with the outputs of the stored one.

    Raises SourceError if more changed than texts and what `ask_again` runs."""
    stored = nbformat.read(edition_path(source.name, edition), as_version=4)
    notebook = assemble(source, edition)
    items = json.loads((PRACTICE / f"{source.name}.json").read_text(encoding="utf-8"))
    if _codes(notebook) != _codes(stored) or _shown_by_code(items) != _shown_by_code(json.loads(practice_json(source))):
        raise src.SourceError(f"{source.name}: more than texts changed. Build it without --texts.")
    before = iter([cell for cell in stored.cells if cell.cell_type == "code"])
    for cell in notebook.cells:
        if cell.cell_type == "code":
            old = next(before)
            cell.update(outputs=old.outputs, execution_count=old.execution_count)
    return notebook


def _codes(notebook):
    return [(cell.id, _ASKS.sub("", cell.source, count=1), cell.metadata)
            for cell in notebook.cells if cell.cell_type == "code"]


def _shown_by_code(items):
    """What outputs that `ask_again` leaves alone can show of the items."""
    asked = ("question", "order", "reflection")
    return {id: {key: value for key, value in item.items() if key != "wrong"} for id, item in items.items()
            if item["kind"] not in asked and not (item["kind"] == "prediction" and "options" in item)}


def ask_again(notebook: nbformat.NotebookNode, folder: pathlib.Path) -> None:
    """Run the lines that need nothing but the practice items, and put their new outputs for the old ones."""
    asking = [cell for cell in notebook.cells if cell.cell_type == "code" and _ASKS.match(cell.source)]
    start = _code(f"import sys\nsys.path.insert(0, {str(src.ROOT)!r})\n"
                  "from helpers.practice import compare, predict, question, reflect", [])
    alone = [nbformat.from_dict(cell | {"source": _ASKS.match(cell.source)[0]}) for cell in asking]
    asked = execute(nbformat.v4.new_notebook(cells=[start, *alone], metadata=notebook.metadata), folder)
    for cell, new in zip(asking, asked.cells[1:], strict=True):
        cell.outputs[:len(new.outputs)] = new.outputs


def _write(path, text):
    """Whole or not at all."""
    half = path.with_suffix(".half")
    half.write_text(text, encoding="utf-8", newline="\n")
    half.replace(path)


def main(arguments=None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.authoring.build", description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="names such as 01_regression_losses; all when left out")
    parser.add_argument("--pages", action="store_true", help="write what stands beside the notebooks; run nothing")
    parser.add_argument("--texts", action="store_true",
                        help="only texts changed: ask the questions again, keep all other outputs")
    parser.add_argument("--twice", action="store_true", help="build a second time and require the same bytes")
    parser.add_argument("--jobs", type=int, default=2, help="editions at a time (default 2)")
    options = parser.parse_args(arguments)
    sources = [src.read(name) for name in options.notebooks or src.names()]
    unproven = [problem for source in sources for problem in prose.check(source)] + prose.check_misconceptions()
    if unproven:
        raise src.SourceError("\n".join([*unproven, prose.ADVICE]))
    # before any file is written, because it compares with the stored practice items
    retold = {(one.name, edition): with_stored_outputs(one, edition)
              for one in (sources if options.texts else []) for edition in EDITIONS}
    everything = [src.read(name) for name in src.names()]
    for files in [*map(beside, sources), of_all(everything)]:
        for path, text in files.items():
            path.parent.mkdir(exist_ok=True)
            _write(path, text)
    if options.texts:
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(lambda one: ask_again(one[1], EDITIONS[one[0][1]]), retold.items()))
        for (name, edition), notebook in retold.items():
            _store(notebook, name, edition)
    if options.pages or options.texts:
        return 0
    work = [(source.name, edition) for source in sources for edition in EDITIONS]
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        first = list(pool.map(lambda job: build(*job), work))
        print(f"Built {len(work)} editions in {time.monotonic() - started:.0f} s.")
        if options.twice:
            second = list(pool.map(lambda job: build(*job), work))
            different = [f"{name} ({edition})" for (name, edition), a, b in zip(work, first, second, strict=True)
                         if a != b]
            print(f"Different at the second build: {', '.join(different) or 'none'}.")
            return bool(different)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except src.SourceError as error:
        sys.exit(str(error))
