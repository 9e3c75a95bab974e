"""What every test run shares: notebooks run by nbval must not touch a learner's progress file."""
import os
import pathlib
import signal
import tempfile

# set before any kernel starts; each worker of pytest-xdist has a file of its own
os.environ["WORKBOOK_PROGRESS"] = str(pathlib.Path(tempfile.mkdtemp(prefix="workbook-"), "progress.jsonl"))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TQDM_DISABLE"] = "1"  # a progress bar is no output to compare

# A run in the background may have been started with Ctrl-C ignored, and what it starts would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    """The longest files first, so that no worker is left with one of them at the end while the others are idle."""
    items.sort(key=lambda item: ("test_solutions" not in item.nodeid, ".ipynb" not in item.nodeid))
