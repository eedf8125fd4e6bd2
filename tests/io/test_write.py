"""Files are written whole or not at all, and harmless for spreadsheets."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from geokit.core.columns import Column
from geokit.core.errors import OutputError
from geokit.io.write import write_table, write_text

COLUMNS = (Column("name"), Column("tonnes_t", type="number"))


def read(path):
    return path.read_bytes().decode("utf8")


def test_text_is_written_with_missing_folders(tmp_path):
    path = write_text(tmp_path / "a" / "b.txt", "one\ntwo\n")
    assert path.read_bytes() == b"one\ntwo\n"


def test_text_replaces_what_was_there_and_leaves_no_part(tmp_path):
    path = tmp_path / "x.txt"
    write_text(path, "old")
    write_text(path, "new")
    assert read(path) == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.txt"]


def test_a_folder_in_the_way_is_told_and_left_alone(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="taken"):
        write_text(tmp_path / "taken", "text")
    assert [entry.name for entry in tmp_path.iterdir()] == ["taken"]


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot be written"):
        write_text(tmp_path / "file" / "x.txt", "text")


def test_a_failure_half_way_keeps_the_old_file(tmp_path, monkeypatch):
    path = write_text(tmp_path / "x.txt", "old")

    def fail(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(KeyboardInterrupt):
        write_text(path, "new")
    assert read(path) == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.txt"]


def test_table_has_declared_columns_first_and_nine_digits(tmp_path):
    frame = pd.DataFrame({"extra": ["e"], "tonnes_t": [1 / 3], "name": ["a"]})
    assert read(write_table(frame, tmp_path / "t.csv", COLUMNS)) == "name,tonnes_t,extra\na,0.333333333,e\n"


@pytest.mark.parametrize(
    ("value", "text"), [(np.nan, ""), (-0.0, "0"), (5.0, "5"), (-2.5, "-2.5"), (1e12, "1e+12"), (123456789012.0, "1.23456789e+11")]
)
def test_figures(tmp_path, value, text):
    frame = pd.DataFrame({"name": ["a"], "tonnes_t": [value]})
    assert read(write_table(frame, tmp_path / "t.csv", COLUMNS)).splitlines()[1] == f"a,{text}"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(tmp_path, text):
    frame = pd.DataFrame({"name": [text], "tonnes_t": [-1.0]})
    written = read(write_table(frame, tmp_path / "t.csv", COLUMNS)).removeprefix("name,tonnes_t\n")
    assert next(csv.reader(io.StringIO(written, newline=""))) == [f"'{text}".replace("\r", "\n"), "-1"]


def test_missing_text_and_truths(tmp_path):
    frame = pd.DataFrame({"name": pd.Series([None, "a"], dtype=object), "tonnes_t": [1.0, 2.0], "flag": [True, False]})
    assert read(write_table(frame, tmp_path / "t.csv", COLUMNS)) == "name,tonnes_t,flag\n,1,true\na,2,false\n"


def test_a_lacking_column_is_named(tmp_path):
    with pytest.raises(OutputError, match="tonnes_t"):
        write_table(pd.DataFrame({"name": ["a"]}), tmp_path / "t.csv", COLUMNS)
    assert not list(tmp_path.iterdir())


def test_a_figure_among_words_is_written_as_a_figure(tmp_path):
    frame = pd.DataFrame({"name": pd.Series([1 / 3, "a", np.nan, np.float32(0.5)], dtype=object), "tonnes_t": 1.0})
    lines = read(write_table(frame, tmp_path / "t.csv", COLUMNS)).splitlines()[1:]
    assert [line.partition(",")[0] for line in lines] == ["0.333333333", "a", "", "0.5"]
