"""The instructor's page of the room, its figure and table, and the sizing rule, from what was measured."""
from __future__ import annotations

import json
import math
import pathlib
import statistics
import textwrap

from helpers import figures
from helpers.authoring import source as src

FOLDER = src.ROOT / "notebooks" / "instructor" / "hub"
MEASURED = FOLDER / "measured.json"
FIGURE = FOLDER / "room.png"
PAGE = FOLDER.parent / "room.md"
TEXT = pathlib.Path(__file__).with_name("page.md")

# What the sizing rule assumes.
SPREAD = 3  # minutes over which a class starts the same section
OPEN = 1.5  # notebooks that a learner has open: every second learner has a second one
SPARE = 1.25  # so much more memory than was measured
SYSTEM = 1.5  # GB for the system, the hub and its proxy
CLASSES = (20, 50, 200)
MISSING = "*Not measured yet: run `python -m helpers.authoring.room`.*"


def read() -> dict:
    """{"room": rounds of learners, "start_up": imports}; what was not measured yet is missing."""
    return json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}


def whole(room: dict) -> list[dict]:
    """The rounds in which every learner came to the end."""
    return [one for one in room["rounds"] if len(one["people"]) == one["learners"]]


def section(room: dict) -> tuple[str, float]:
    """The section of the notebook that takes most processor: (heading, seconds of one learner who is alone)."""
    alone = whole(room)[0]["people"][0]["sections"]
    heading = max(alone, key=lambda name: alone[name]["processor"])
    return heading, alone[heading]["processor"]


def own(room: dict) -> tuple[float, float]:
    """MB of their own that a server and the kernels of one notebook hold at their peak: the largest of all learners."""
    found = [one for round in whole(room) for one in round["own"]]
    return max(one["server"] for one in found), max(one["kernels"] for one in found)


def shared(room: dict) -> float:
    """MB that are there once, however many learners: the pages of files, in the largest round."""
    together = whole(room)[-1]["together"]
    return together["fair"] - together["own"]


def learner_gb(room: dict) -> float:
    """GB for each learner, spare included."""
    server, kernels = own(room)
    return SPARE * (server + OPEN * kernels) / 1024


def size(room: dict, learners: int) -> tuple[int, int]:
    """(processors, GB of memory) for a class. Reckoned, not measured: the assumptions are those above."""
    processors = math.ceil(learners * section(room)[1] / (60 * SPREAD))
    memory = SYSTEM + shared(room) / 1024 + learners * learner_gb(room)
    return processors, math.ceil(memory)


def _of(people, key):
    return [one[key] for one in people]


def table(room: dict) -> str:
    """One row a round."""
    rows = ["| learners at once | server ready, s | notebook run, s: median | slowest | processor, s each "
            "| own memory, MB each | together, GB | sum of resident, GB |", "|---|---|---|---|---|---|---|---|"]
    for one in whole(room):
        people, each = one["people"], [sum(own.values()) for own in one["own"]]
        rows.append(f"| {one['learners']} | {statistics.median(_of(people, 'start')):.0f} "
                    f"| {statistics.median(_of(people, 'run')):.0f} | {max(_of(people, 'run')):.0f} "
                    f"| {statistics.median(_of(people, 'processor')):.0f} | {statistics.median(each):.0f} "
                    f"| {one['together']['fair'] / 1024:.1f} | {one['together']['resident'] / 1024:.1f} |")
    return "\n".join(rows)


def imports(start_up: dict) -> str:
    """One row a variant of importing Keras."""
    rows = ["| environment | processor, s | own memory, MB | resident, MB |", "|---|---|---|---|"]
    for name, one in start_up["imports"].items():
        rows.append(f"| {name} | {one['processor']:.1f} | {one['own']:.0f} | {one['resident']:.0f} |")
    return "\n".join(rows)


def curves(room: dict) -> tuple[list[int], dict, dict]:
    """What the figure shows: learners, and over them seconds and GB by name."""
    rounds = whole(room)
    seconds = {"median": [statistics.median(_of(one["people"], "run")) for one in rounds],
               "slowest": [max(_of(one["people"], "run")) for one in rounds]}
    memory = {name: [one["together"][key] / 1024 for one in rounds]
              for name, key in (("together", "fair"), ("sum of resident sizes", "resident"))}
    return [one["learners"] for one in rounds], seconds, memory


def draw(room: dict) -> None:
    """Write the figure."""
    learners, seconds, memory = curves(room)
    fig, panels = figures.axes(2, xlabel="learners at once")
    for ax, lines, unit in zip(panels, (seconds, memory), ("seconds to run the notebook", "memory, GB"), strict=True):
        figures.lines(ax, learners, lines, label_at="legend")
        ax.set(ylabel=unit, ylim=(0, None), xticks=learners)
    FIGURE.write_bytes(figures.png(fig))


def alt(room: dict) -> str:
    """The figure in words."""
    learners, seconds, memory = curves(room)
    told = [", ".join(f"{name} from {y[0]:.{digits}f} to {y[-1]:.{digits}f}" for name, y in lines.items())
            for lines, digits in ((seconds, 0), (memory, 1))]
    return (f"Two line plots over learners at once, from {learners[0]} to {learners[-1]}. Left, seconds to run the "
            f"notebook: {told[0]}. Right, memory in GB: {told[1]}")


def sizes(room: dict) -> str:
    """One row a class."""
    rows = ["| learners | processors | memory, GB |", "|---|---|---|"]
    return "\n".join(rows + ["| {} | {} | {} |".format(n, *size(room, n)) for n in CLASSES])


def values(found: dict) -> dict:
    """What the text of the page takes: name -> a number or a piece of Markdown."""
    room, start_up = found.get("room"), found.get("start_up")
    assumed = {"spread": SPREAD, "open": OPEN, "spare": round(100 * (SPARE - 1)), "system": SYSTEM}
    if room:
        server, kernels = own(room)
        heading, seconds = section(room)
        worst = max(one["others"] for one in whole(room))
        measured = (f"Measured in {room['measured']} on {room['cores']} processors and {room['memory']:.0f} GB of "
                    f"memory, with notebook {room['notebook'][:2]}. Other work took at most {worst:.1f} processors.")
        rule = (f"A server holds up to {server:.0f} MB of its own, the kernel of a notebook {kernels:.0f} MB. "
                f"{shared(room):.0f} MB are pages of files, there once for all. Alone, a learner needs most in "
                f"*{heading}*: {seconds:.0f} seconds of processor. A learner counts {learner_gb(room):.1f} GB:")
        assumed |= {"measured": measured, "table": table(room), "rule": rule, "sizes": sizes(room),
                    "figure": f"![{alt(room)}](hub/{FIGURE.name})"}
    else:
        assumed |= dict.fromkeys(("measured", "table", "rule", "sizes", "figure"), MISSING)
    if start_up:
        compiled, never, once = (start_up["imports"][name]["processor"] for name in list(start_up["imports"])[:3])
        took = start_up["compile"]
        words = (f"Without it a kernel needs {never:.1f} seconds of processor for the imports, with it {compiled:.1f}. "
                 "Each kernel of each learner would pay the difference. To compile all packages takes "
                 f"{took['processor']:.0f} seconds of processor, once. On one's own computer that does not pay: there "
                 f"the first import writes what it needs on the way and takes {once:.1f} seconds, later ones "
                 f"{compiled:.1f}. So `start.py` leaves it to the installer: pip compiles, uv does not.")
        held = [one["own"] for one in start_up["imports"].values()]
        assumed |= {"imports": imports(start_up), "bytecode": words, "rounds": start_up["rounds"],
                    "held": f"Own memory is {min(held):.0f} to {max(held):.0f} MB in all of them: neither fewer arenas "
                            "of malloc nor fewer threads save any that is worth a setting."}
    else:
        assumed |= dict.fromkeys(("imports", "bytecode", "held"), MISSING) | {"rounds": "several"}
    return assumed


def _wrapped(line):
    """A sentence in lines of a file's width; a row of a table, or a figure, as it is."""
    return textwrap.fill(line, 118) if line[:1].isalnum() else line


def text(found: dict) -> str:
    """The page as Markdown."""
    filled = {name: "\n".join(_wrapped(line) for line in str(value).split("\n"))
              for name, value in values(found).items()}
    return TEXT.read_text(encoding="utf-8").format(**filled)


def write() -> None:
    """Write the page, and the figure if there is something to draw."""
    found = read()
    if "room" in found:
        draw(found["room"])
    PAGE.write_text(text(found), encoding="utf-8", newline="\n")
