"""Whatever bytes stand in a layer, the answer is a frame or an error of ours, never another exception."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.catalog import check_table
from geokit.core.columns import Column
from geokit.core.errors import Problem
from geokit.io.dictionary import read_columns
from geokit.io.read import type_columns
from geokit.io.table import parse_table

FULLWIDTH_TWO = "\uff12"
WORDS = ["", " ", "north", "30", " 7 ", "-1", "1e400", "0x1f", FULLWIDTH_TWO, "nan", "a|b;;", "2026-13-01", "9999999-01", "=1+1"]
CELL = st.one_of(st.sampled_from(WORDS), st.text(max_size=8))


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
@given(st.lists(CELL, min_size=15, max_size=15))
def test_any_row_is_checked_without_an_exception(cells):
    names = [column.name for column in read_columns("nodes")]
    frame = pd.DataFrame([cells], columns=names, dtype=str)
    problems = check_table(frame, "nodes", place="nodes.csv", known_ids={"sources.source_id": frozenset({"a", "b"})})
    assert all(problem.place.startswith("nodes.csv, row 2, column ") for problem in problems)
    assert len(problems) <= len(names) + 2


@settings(max_examples=60, deadline=None)
@given(st.lists(CELL, min_size=1, max_size=5))
def test_what_passes_the_check_can_be_typed(cells):
    column = Column("points", type="number", minimum=0.0, maximum=100.0)
    frame = pd.DataFrame({"points_low": cells}, dtype=str)
    problems = check_table(frame, "institution_scores", place="x.csv", known_ids={})
    in_cells = [problem for problem in problems if "column points_low" in problem.place and "row 1," not in problem.place]
    if not in_cells:
        typed = type_columns(frame.rename(columns={"points_low": column.name}), [column])
        assert typed["points"].between(0.0, 100.0).all()
