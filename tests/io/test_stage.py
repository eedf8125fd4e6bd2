"""A folder is filled in one move or not at all."""

from __future__ import annotations

import pytest

from geokit.core.errors import OutputError
from geokit.io.stage import stage_folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_files_appear_together_and_the_draft_is_gone(tmp_path):
    with stage_folder(tmp_path / "deep" / "out") as draft:
        (draft / "a.csv").write_text("a", encoding="utf8")
        assert not (tmp_path / "deep" / "out").exists()
    assert names(tmp_path / "deep") == ["out"]
    assert names(tmp_path / "deep" / "out") == ["a.csv"]


def test_what_else_lies_there_stays(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf8")
    with stage_folder(tmp_path) as draft:
        (draft / "a.csv").write_text("new", encoding="utf8")
    assert names(tmp_path) == ["a.csv", "notes.txt"]


def _stop_halfway(folder, stop):
    with stage_folder(folder) as draft:
        (draft / "a.csv").write_text("new", encoding="utf8")
        raise stop


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_a_run_that_stops_changes_nothing(tmp_path, stop):
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.csv").write_text("old", encoding="utf8")
    with pytest.raises(stop):
        _stop_halfway(out, stop)
    assert (out / "a.csv").read_text(encoding="utf8") == "old"
    assert names(tmp_path) == ["out"]


def test_a_file_in_the_way_is_an_error_of_ours(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf8")
    for wanted in (tmp_path / "file" / "out", tmp_path / "file"):
        with pytest.raises(OutputError, match="choose a folder"), stage_folder(wanted):
            pass
