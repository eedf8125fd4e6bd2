"""Files are read as text first, then typed."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from geokit.core.columns import Column
from geokit.core.errors import LayerError
from geokit.io.read import hash_bytes, read_package, read_text_table, type_columns
from geokit.io.table import parse_table, read_bytes


def parse(text):
    """Parse a text as a table."""
    return parse_table(text.encode(), "t.csv")


def test_every_cell_is_text_and_blank_is_blank(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('id,figure,word\na,1.50,NA\nb,,"x, y"\n', encoding="utf8")
    frame = read_text_table(path)
    assert frame.to_dict("list") == {"id": ["a", "b"], "figure": ["1.50", ""], "word": ["NA", "x, y"]}


def test_figures_become_floats_and_words_stay():
    frame, problems = parse("id,figure,word\n1,1.5,2\n2,,\n")
    assert problems == []
    typed = type_columns(frame, [Column("id"), Column("figure", type="number"), Column("word"), Column("more", type="integer")])
    assert list(typed["id"]) == ["1", "2"]
    assert typed["figure"].iloc[0] == 1.5
    assert np.isnan(typed["figure"].iloc[1])
    assert typed["more"].isna().all()
    assert "more" not in frame


def test_ids_with_leading_zeros_survive():
    frame, _ = parse("id\n007\n")
    assert frame["id"].item() == "007"


def test_a_quoted_line_break_is_one_row():
    frame, problems = parse('id,note\na,"one\ntwo"\nb,three\n')
    assert problems == []
    assert list(frame["id"]) == ["a", "b"]


def test_trailing_blank_lines_are_nothing_but_one_inside_is_a_fault():
    assert parse("id,note\na,b\n\n\n")[1] == []
    (problem,) = parse("id,note\na,b\n\nc,d\n")[1]
    assert problem.place == "t.csv, row 3"


def test_a_ragged_table_keeps_the_ids_of_all_rows():
    frame, problems = parse("id,note\na\nb,c,d\ne,f\n")
    assert [problem.place for problem in problems] == ["t.csv, row 2", "t.csv, row 3"]
    assert list(frame["id"]) == ["a", "b", "e"]


def test_a_header_alone_is_a_table_without_rows():
    frame, problems = parse("id,note\n")
    assert problems == []
    assert list(frame.columns) == ["id", "note"]
    assert frame.empty


def test_bad_bytes_name_their_line():
    _, (problem,) = parse_table("id\na\ncafé\n".encode("latin-1"), "t.csv")
    assert problem.place == "t.csv, row 3"
    assert problem.value == "byte 0xe9"


@pytest.mark.parametrize("content", ["", "id;note\na;b\n", "id,note\na\n"])
def test_a_broken_file_raises(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf8")
    with pytest.raises(LayerError, match=r"t\.csv"):
        read_text_table(path)


def test_a_missing_file_is_a_problem(tmp_path):
    with pytest.raises(LayerError, match="cannot be read"):
        read_text_table(tmp_path / "nothing.csv")
    data, problems = read_bytes(tmp_path, "here")
    assert data == b""
    assert "folder" in problems[0].rule


def test_a_data_package_that_says_enough_is_read(tmp_path):
    path = tmp_path / "datapackage.json"
    path.write_text('{"version": "1", "verified_on": "2026-11-22", "resources": []}', encoding="utf8")
    assert read_package(path) == ({"version": "1", "verified_on": "2026-11-22", "resources": []}, [])


def test_the_hash_is_that_of_the_bytes():
    assert hash_bytes(b"abc") == hashlib.sha256(b"abc").hexdigest()


def test_reading_never_changes_what_it_was_handed():
    frame = pd.DataFrame({"figure": ["1", ""]})
    type_columns(frame, [Column("figure", type="number")])
    assert list(frame["figure"]) == ["1", ""]


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf\n", b"\xef\xbb\xbf\r\n\r\n"])
def test_a_file_that_holds_only_a_mark_has_no_header(data):
    frame, problems = parse_table(data, "a.csv")
    assert frame.empty
    assert [problem.rule for problem in problems] == ["holds no header row"]
