"""Run code that may never end, print, or exit, without harm to the notebook that called it.

The code runs in a thread of its own. Past the time limit an exception is raised inside that thread, again and
again, until it ends. Two things cannot be interrupted from Python: one long call in C that lets other threads run
(`time.sleep(1000)`; the thread is then left behind, `stopped` is False), and one that does not
(`sum(itertools.count())`; it blocks the whole kernel, whatever is tried).
"""

import ctypes
import io
import sys
import threading
from time import monotonic

_POLL = 0.05  # seconds; short, because Windows cannot interrupt a longer wait
_STACK = 32 * 2**20  # bytes; threads get far less than the main thread on some systems, and recursion would crash


class Run:
    """One call under a time limit: what it returned or raised, how much it printed, whether it came to its end."""

    def __init__(self):
        self.finished = False
        self.stopped = True
        self.expired = False  # set before the thread is interrupted: code that catches everything can look here
        self.value = None
        self.error: BaseException | None = None
        self.printed = 0  # characters written to stdout; what was written is dropped


class _Routed:
    """Stands in for a stream: what the watched thread writes is counted, what others write goes where it belongs."""

    def __init__(self, original, owner: threading.Thread, count):
        self._original, self._owner, self._count = original, owner, count

    def write(self, text):
        if threading.get_ident() != self._owner.ident:
            return self._original.write(text)
        self._count(len(text))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def close(self):
        """Nothing is closed: the stream behind belongs to the notebook."""

    def __getattr__(self, name):
        return getattr(self._original, name)


class _Worker(threading.Thread):
    """Calls the function. `over` is set when no code of the function runs any more, whatever ended it."""

    def __init__(self, function, result: Run):
        super().__init__(daemon=True, name="check")
        self.function, self.result, self.over = function, result, False

    # Not a `target`: an interruption that strikes just after a target has returned would be reported as a crash.
    def run(self):
        result = self.result
        try:
            result.value = self.function(result)
            result.finished = not result.expired
        except BaseException as error:  # also SystemExit and KeyboardInterrupt: they are the function's, not the user's
            result.error = error
            result.finished = not result.expired
        self.over = True


def run_limited(function, seconds: float = 5.0, grace: float = 2.0) -> Run:
    """Call `function(run)` in a thread for at most `seconds`, then try for `grace` seconds to stop it.

    Nothing that the function raises leaves this call; a KeyboardInterrupt of the user does, with the thread stopped.
    stdout, stderr and stdin are the caller's own again on return.
    """
    run = Run()
    thread = _Worker(function, run)

    def count(length):
        run.printed += length

    streams = sys.stdout, sys.stderr, sys.stdin
    try:
        sys.stdout = _Routed(streams[0], thread, count)
        sys.stderr = _Routed(streams[1], thread, lambda length: None)  # a warning is not an answer printed
        sys.stdin = io.StringIO()  # a question to the user would wait for ever
        _start(thread)
        end = monotonic() + seconds
        while thread.is_alive() and monotonic() < end:
            thread.join(_POLL)
    finally:
        try:
            if thread.is_alive():
                run.expired = True
                run.stopped = _stop(thread, grace)
        finally:
            sys.stdout, sys.stderr, sys.stdin = streams
    return run


def _start(thread: threading.Thread) -> None:
    try:
        before = threading.stack_size(_STACK)
    except (ValueError, RuntimeError):  # the system does not let us choose
        thread.start()
        return
    try:
        thread.start()
    finally:
        threading.stack_size(before)


class _Park(SystemExit):
    """Raised inside a thread that will not end: the thread makes the instance itself, and never comes back from it."""

    reached: set[int] = set()
    _forever = threading.Lock()

    def __new__(cls, *args):
        cls.reached.add(threading.get_ident())
        cls._forever.acquire()  # held by nobody who would release it


_Park._forever.acquire()


def _stop(thread: _Worker, grace: float) -> bool:
    """End the thread, or at least halt it for good, within `grace` seconds; True if no line of its code runs any more.

    First SystemExit, again and again, so that the thread cleans up and ends; the interpreter drops it without a word
    if it strikes after the function has returned. An endless loop with a bare `except:` may swallow them all.
    Then `_Park`, which halts the thread where it is: a silent thread is better than one that computes and prints.
    """
    interval, unraisable = sys.getswitchinterval(), sys.unraisablehook
    sys.setswitchinterval(1e-5)  # strike often: one of the exceptions falls outside the `try`
    # An exception that strikes in a destructor cannot be raised; that it was ours is nobody's news.
    sys.unraisablehook = lambda what: None if threading.get_ident() == thread.ident else unraisable(what)
    _Park.reached.discard(thread.ident)  # idents come back
    try:
        start = monotonic()
        while not _ended(thread) and monotonic() < start + grace:
            kind = SystemExit if monotonic() < start + min(0.2, grace / 2) else _Park
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(kind))
            thread.join(0.0005)
    finally:
        sys.setswitchinterval(interval)
        sys.unraisablehook = unraisable
    return _ended(thread)


def _ended(thread: _Worker) -> bool:
    return thread.over or thread.ident in _Park.reached or not thread.is_alive()
