"""Fixtures that several test files share."""
import pytest

from helpers.authoring import source as src


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Write a source of its own and parse it."""
    bank = (src.SOURCES / "misconceptions.toml").read_text(encoding="utf-8")
    monkeypatch.setattr(src, "SOURCES", tmp_path)
    (tmp_path / "misconceptions.toml").write_text(bank, encoding="utf-8")

    def parse(text):
        (tmp_path / "90_trial.py").write_text(text, encoding="utf-8")
        return src.read("90_trial")
    return parse
