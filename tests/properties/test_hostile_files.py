"""Whatever bytes stand in a layer or a user's file, the answer is a frame or problems of ours, never another exception."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geokit.catalog.check_file import check_rows
from geokit.check.finding import Rows
from geokit.check.inspection import inspect_rows
from geokit.check.reference import Reference
from geokit.check.words import CONTROL
from geokit.core.columns import Column
from geokit.core.errors import Problem
from geokit.io.dictionary import read_columns
from geokit.io.foreign import FORMATS, read_foreign
from geokit.io.read import type_columns
from geokit.io.table import parse_table
from tests.io.formats import WRITERS

FULLWIDTH_TWO = "\uff12"
WORDS = ["", " ", "north", "30", " 7 ", "-1", "1e400", "0x1f", FULLWIDTH_TWO, "nan", "a|b;;", "2026-13-01", "9999999-01", "=1+1"]
NAMES = [column.name for column in read_columns("nodes")]
CELL = st.one_of(st.sampled_from(WORDS), st.text(max_size=8))
HONEST = st.text(st.characters(exclude_categories=["C"], include_characters="\n"), min_size=1,
    max_size=12).filter(lambda word: word.strip() == word)
"""Text that every format can hold: no control signs but the line feed, and no blanks round it."""
MAGIC = (b"PK\x03\x04", b"SQLite format 3\0", b"PAR1", b'{"type": "FeatureCollection", "features": [', b"id,word\n")
TOUCHED = ("deposit_id", "name", "alt_names", "province_id", "district_ids", "lat", "lon", "commodity_id", "parent_id", "grade_value",
    "grade_unit",
           "tonnage_million_t_low", "tonnage_million_t_mode", "source_id", "date")  # fmt: skip


@pytest.fixture(scope="module")
def whole_files(tmp_path_factory):
    """Return the bytes of a small table in each format."""
    folder = tmp_path_factory.mktemp("whole")
    frame = pd.DataFrame({"id": ["a", "b"], "word": ["x", "y"], "lat": ["30", "31"], "lon": ["66", "67"]})
    for kind, write in WRITERS.items():
        write(frame, folder / f"rows.{kind}")
    return {kind: (folder / f"rows.{kind}").read_bytes() for kind in WRITERS}


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_parsed_or_told(data):
    frame, problems = parse_table(data, "x.csv")
    assert isinstance(frame, pd.DataFrame)
    assert all(isinstance(problem, Problem) and problem.place.startswith("x.csv") for problem in problems)
    if not problems:
        assert frame.columns.is_unique
        assert frame.map(lambda cell: isinstance(cell, str)).all(axis=None)


@settings(max_examples=60, deadline=None)
@given(st.lists(CELL, min_size=len(NAMES), max_size=len(NAMES)))
def test_any_row_is_checked_without_an_exception(cells):
    frame = pd.DataFrame([cells], columns=NAMES, dtype=str)
    problems = inspect_rows(Rows(frame, "nodes"), Reference({}, {"sources.source_id": frozenset({"a", "b"})}), place="nodes.csv")
    assert all(problem.place.startswith("nodes.csv, row 2") for problem in problems)
    assert len({problem.column for problem in problems}) == len(problems)


@settings(max_examples=60, deadline=None)
@given(st.lists(CELL, min_size=1, max_size=5))
def test_what_passes_the_check_can_be_typed(cells):
    column = Column("points", type="number", minimum=0.0, maximum=100.0)
    frame = pd.DataFrame({"points_low": cells}, dtype=str)
    problems = inspect_rows(Rows(frame, "institution_scores"), Reference({}, {}), place="x.csv")
    broken = {problem.row for problem in problems if problem.row > 1}
    sound = frame[[row + 2 not in broken for row in range(len(cells))]]
    typed = type_columns(sound.rename(columns={"points_low": column.name}), [column])
    assert typed["points"].between(0.0, 100.0).all()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FORMATS), st.sampled_from([b"", *MAGIC]), st.binary(max_size=300))
def test_any_bytes_in_any_format_are_read_or_told(tmp_path, suffix, beginning, data):
    path = tmp_path / f"rows{suffix}"
    path.write_bytes(beginning + data)
    found = read_foreign(path, ["rows"])
    assert found.problems or found.frame.map(lambda cell: isinstance(cell, str)).all(axis=None)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    path.unlink()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_with_any_byte_changed_is_read_or_told(tmp_path, whole_files, data):
    suffix = data.draw(st.sampled_from(sorted(whole_files)))
    content = bytearray(whole_files[suffix])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=20)):
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path / f"rows.{suffix}"
    path.write_bytes(content)
    found = read_foreign(path, ["rows"])
    assert all(isinstance(problem, Problem) for problem in found.problems)
    path.unlink()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(HONEST, HONEST), min_size=1, max_size=4))
def test_every_format_gives_the_same_cells_for_any_text(tmp_path, rows):
    frame = pd.DataFrame(rows, columns=["id", "word"]).assign(lat="30", lon="66")
    for kind, write in WRITERS.items():
        path = tmp_path / f"rows.{kind}"
        write(frame, path)
        found = read_foreign(path, ["rows"])
        assert found.problems == ()
        assert found.frame[list(frame)].to_numpy().tolist() == frame.to_numpy().tolist(), kind
        path.unlink()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(TOUCHED, CELL)), min_size=1, max_size=5))
def test_any_cells_of_a_deposit_are_checked_without_an_exception(layers, changes):
    base = layers.texts["deposits"].head(len(changes)).reset_index(drop=True)
    frame = base.assign(**{name: [change[name] for change in changes] for name in TOUCHED})
    problems = check_rows(frame, "deposits", layers, place="mine.csv")
    assert all(2 <= problem.row <= len(frame) + 1 for problem in problems if problem.file == "mine.csv")
    assert all(problem.rule and problem.remedy for problem in problems)
    assert all(len(str(problem)) < 2000 and not CONTROL.search(f"{problem.value}{problem.rule}{problem.remedy}") for problem in problems)
