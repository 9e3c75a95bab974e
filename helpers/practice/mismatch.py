"""Where an answer differs in form from what is due: in its type or its shape, whatever its content."""

from helpers.practice.compare import numbers
from helpers.practice.values import Value, cut


def mismatch(due: Value, got: Value, came: str) -> tuple[str, str] | None:
    """("type" or "shape", sentence) if the two are not even of one form; None if only their content can differ."""
    many = ("array", "list")
    e, g = numbers(due), numbers(got)
    if due.kind == "number" and got.kind in many and (got.data is None if g is None else g.dtype != bool):
        if got.size == 1:
            return "shape", (f"{came} one number inside {got.what} of shape {_shape(got)}. Take it out, for example "
                             "with `[0]`, or average over it.")
        empty = "is empty" if got.size == 0 else f"has shape {cut(str(_shape(got)), 60)}"
        return "shape", f"{came} {got.what} that {empty}, but one number is due. Did you forget to average or to sum?"
    if due.kind in many and got.kind == "number" and e is not None:
        return "shape", f"{came} one number, but {due.what} of shape {e.shape} is due. Averaged or summed too early?"
    if due.kind in many and got.kind in many:
        return _sequences(due, got, e, g, came)
    if due.kind != got.kind:
        return "type", f"{came} {got.what}, but {due.what} is due."
    if due.kind == "dict":
        return _keys(due, got, came)
    return None


def _sequences(due, got, e, g, came):
    shape, wanted = _shape(got), _shape(due)
    if shape != wanted:
        hint = ""
        if e is None:
            pass  # the elements are no numbers: nothing was averaged or combined
        elif len(wanted) == 1 and sorted(shape) == sorted((*wanted, 1)):
            hint = " One axis is too many: `reshape(-1)` takes it away."
        elif len(wanted) == 1 and shape == wanted * 2:
            hint = (f" A column of shape ({wanted[0]}, 1) met a row of shape ({wanted[0]},), and every pair was "
                    "combined. Give both the same shape.")
        elif shape == wanted[::-1]:
            hint = " Rows and columns are exchanged."
        if len(shape) == len(wanted) == 1:
            return "shape", f"{came} {got.what} of length {shape[0]:,}, but {wanted[0]:,} elements are due."
        return "shape", f"{came} {got.what} of shape {cut(str(shape), 60)}, but shape {wanted} is due.{hint}"
    if e is not None and g is not None:
        if e.size and (e.dtype == bool) != (g.dtype == bool):
            kinds = ("True and False", "numbers") if g.dtype == bool else ("numbers", "True and False")
            return "type", f"{came} {got.what} of {kinds[0]}, but {kinds[1]} are due."
        return None
    if due.kind == "list" and got.kind == "list" and got.data is not None:
        for place, (a, b) in enumerate(zip(due.data, got.data, strict=True)):
            if a.kind != b.kind or a.kind in ("list", "dict"):
                problem = mismatch(a, b, f"{came} {got.what} whose element [{place}] is")
                if problem:
                    return problem
        return None
    return "type", f"{came} {got.what}, but {due.what} is due."


def _keys(due, got, came):
    if got.data is None:
        return "type", f"{came} {got.text}, but {due.text} is due."
    missing, extra = due.data.keys() - got.data.keys(), got.data.keys() - due.data.keys()
    if missing:
        return "shape", f"{came} a dict without the key {cut(repr(sorted(missing, key=str)[0]), 60)}."
    if extra:
        return "shape", f"{came} a dict with the key {cut(repr(sorted(extra, key=str)[0]), 60)}, which is not due."
    problems = (mismatch(a, got.data[key], f"{came} a dict whose entry {key!r} is") for key, a in due.data.items())
    return next((problem for problem in problems if problem), None)


def _shape(value: Value) -> tuple:
    array = numbers(value)
    return value.shape if array is None else array.shape
