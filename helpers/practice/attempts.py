"""Has the learner written anything yet, or is the cell still what the exercise started with?"""

import ast
import inspect
import textwrap
import types

from helpers.practice.compare import equal
from helpers.practice.values import snapshot


def untouched(answer, start: str, started) -> bool:
    """Is `answer` still what the code `start` defines? started: what it defined, or None if it does not run."""
    if answer is Ellipsis:
        return True
    if started is None:
        return False
    if isinstance(started, type):
        return issubclass(type(answer), type) and _same_methods(answer, started, start)
    if type(started) is types.FunctionType:
        return type(answer) is types.FunctionType and _same_code(answer, started, start)
    return equal(snapshot(started), snapshot(answer))


def _same_methods(answer, started, start):
    functions = [{name: f for name, f in type.__dict__["__dict__"].__get__(cls).items() if inspect.isfunction(f)}
                 for cls in (answer, started)]
    return functions[0].keys() == functions[1].keys() and all(
        _same_code(f, functions[1][name], start) for name, f in functions[0].items())


def _same_code(answer: types.FunctionType, started: types.FunctionType, start: str) -> bool:
    """By the source if it can be had, so that comments, docstrings and layout do not count; else by the bytecode."""
    try:
        source = textwrap.dedent(inspect.getsource(answer.__code__))
        return _tree(source, answer.__name__) == _tree(start, started.__name__)
    except Exception:  # no source, or a stale or broken one: inspect and ast raise a dozen different things
        return _signature(answer.__code__, answer.__doc__) == _signature(started.__code__, started.__doc__)


def _tree(source: str, name: str) -> str:
    """The last function called `name`, without docstrings, as text that shows only the syntax."""
    functions = [node for node in ast.walk(ast.parse(source))
                 if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name]
    documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    for node in ast.walk(functions[-1]):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return ast.dump(functions[-1])


def _signature(code: types.CodeType, doc: str | None) -> tuple:
    constants = [_signature(c, None) if isinstance(c, types.CodeType) else (type(c), repr(c))
                 for c in code.co_consts if c is not doc]
    return code.co_name, code.co_code, constants, code.co_names, code.co_varnames, code.co_argcount
