"""Import Keras without TensorFlow's start-up log: red lines in the first cell that mean nothing to a learner."""
import contextlib
import os


@contextlib.contextmanager
def quiet():
    """Silence what libraries write past Python to the process's standard error. Exceptions still come through."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow reads it once, and goes on logging later
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
