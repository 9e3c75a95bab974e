"""The parameters of a notebook, checked by name and type before a kernel starts.

papermill only warns of an unknown name and never looks at types. Here the `parameters` cell is read as Python: a
parameter has the type of its annotation (`seed: int = 0`), or else that of its default value.
"""
from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass

_TYPES = {"int": (int,), "float": (int, float), "str": (str,), "bool": (bool,), "list": (list, tuple), "dict": (dict,),
          "tuple": (list, tuple), "None": (type(None),)}


class ParameterError(ValueError):
    """A parameter that the notebook does not have, or of another type; the sentence says which there are."""


@dataclass(frozen=True)
class Parameter:
    """What a notebook says of one parameter: the names of the types it takes (all when empty), and its default."""

    types: tuple[str, ...]
    default: str

    def __str__(self):
        return f"{' or '.join(self.types) or 'any type'}, default {self.default}"


def declared(notebook) -> dict[str, Parameter]:
    """The parameters of a notebook (an nbformat node) by name, from its cell tagged `parameters`."""
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    found = {}
    for node in ast.parse(cells[0].source).body if cells else []:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            found[node.target.id] = Parameter(_annotated(node.annotation), ast.unparse(node.value))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                found[target.id] = Parameter(_type_of_default(node.value), ast.unparse(node.value))
    return found


def _annotated(annotation):
    """The types of an annotation such as int, list[str], float | None; none when it names another type."""
    parts = ast.unparse(annotation).strip("'\"").replace("Optional[", "None | ").split("|")
    names = tuple(part.strip(" ]").split("[")[0] for part in parts)
    return names if set(names) <= set(_TYPES) else ()


def _type_of_default(value):
    try:
        value = ast.literal_eval(value)
    except ValueError:
        return ()  # an expression: its type is known only when it has run
    return () if value is None else (type(value).__name__,)


def check(notebook, values: dict) -> None:
    """Raise ParameterError unless every value is for a parameter of the notebook and of its type."""
    known = declared(notebook)
    for name, value in values.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            there = "; ".join(f"{key} ({parameter})" for key, parameter in known.items()) or "none"
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ParameterError(f"The notebook has no parameter {name!r}.{hint} Its parameters: {there}.")
        if not _fits(value, known[name].types):
            raise ParameterError(f"The parameter {name!r} takes {known[name]}, but was given {value!r} "
                                 f"({type(value).__name__}).")


def _fits(value, types):
    if isinstance(value, bool):  # an int for Python, and a mistake where a number is due
        return not types or "bool" in types
    return not types or any(isinstance(value, _TYPES[name]) for name in types)


def from_text(notebook, texts: dict[str, str]) -> dict:
    """Values from a command line, each read as the type that its parameter takes; checked as in `check`."""
    known, values = declared(notebook), {}
    for name, text in texts.items():
        types = known[name].types if name in known else ()
        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            value = text
        # 7 for a name or a path is the text "7"
        values[name] = text if types == ("str",) or "str" in types and not _fits(value, types) else value
    check(notebook, values)
    return values
