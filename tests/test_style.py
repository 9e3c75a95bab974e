"""The code is lint-free, sources included."""
import subprocess
import sys

from helpers.authoring import source as src


def test_ruff_finds_nothing():
    found = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache", "."], cwd=src.ROOT,
                           capture_output=True, text=True)
    assert found.returncode == 0, found.stdout
