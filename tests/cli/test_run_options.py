"""What ``geokit run`` hands on: criteria, cells and where freight is kept; nothing is computed here."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from geokit import cli
from geokit.study.kept import VARIABLE


class StoppedError(Exception):
    """Raised instead of running."""


@pytest.fixture
def handed(monkeypatch):
    """Return a function from the words after ``geokit run`` to what the library is asked."""
    asked = {}

    def catch(*_args, **options):
        asked.update(options)
        raise StoppedError

    monkeypatch.setattr("geokit.outputs.run.run_all", catch)

    def start(*words):
        done = CliRunner().invoke(cli.app, ["run", "--out", "x", *map(str, words)])
        assert isinstance(done.exception, StoppedError), done.output
        return asked

    return start


def test_nothing_is_kept_unless_asked(handed, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert handed()["store"] is None


def test_the_environment_names_the_folder_and_the_option_leaves_it_out_once(handed, monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert handed()["store"].folder == tmp_path
    assert handed("--no-cache")["store"] is None
    assert handed("--cache")["store"].folder == tmp_path


def test_the_option_alone_takes_the_folder_of_the_user(handed, monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert handed("--cache")["store"].folder.is_relative_to(tmp_path)


def test_files_of_the_user_reach_the_library_as_they_were_named(handed, tmp_path):
    asked = handed("--criteria", tmp_path / "c.csv", "--cells", tmp_path / "d.csv", "--partner", "japan")
    assert (asked["criteria"], asked["cells"]) == (tmp_path / "c.csv", tmp_path / "d.csv")
    assert asked["partners"] == ["japan"]
    assert handed()["closures"] is False
