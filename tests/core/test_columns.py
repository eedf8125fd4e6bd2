"""The data dictionary keeps its own rules."""

from __future__ import annotations

import re

import pytest

from geokit.core.columns import join_ids, split_ids
from geokit.io.dictionary import list_dictionary, read_columns, read_themes

TYPES = {"text", "number", "integer", "boolean", "date", "ids", "slug", "code"}
PLAIN_FIGURES = {"p1", "p2", "p3", "low", "mode", "high"}


@pytest.mark.parametrize("table", list_dictionary())
def test_a_table_is_declared_in_full(table):
    columns = read_columns(table)
    names = [column.name for column in columns]
    assert len(names) == len(set(names))
    assert any(column.key for column in columns)
    for column in columns:
        assert column.type in TYPES, column
        assert len(column.description) > 5, column
        assert column.grade in {"", "E", "M", "A", "row"}, column
        if column.minimum is not None and column.maximum is not None:
            assert column.minimum < column.maximum, column


@pytest.mark.parametrize("table", list_dictionary())
def test_foreign_keys_point_at_columns_that_exist(table):
    for column in read_columns(table):
        if column.refers_to:
            target, _, name = column.refers_to.partition(".")
            assert name in {other.name for other in read_columns(target)}, column


@pytest.mark.parametrize("table", sorted(read_themes()))
def test_units_stand_on_figures_with_a_dimension(table):
    for column in read_columns(table):
        if column.type == "number" and re.search(r"_(km|frac|t|tpa|usd_per_t|mw|days|months)$", column.name):
            assert column.unit, (table, column.name)
        if column.type == "number" and column.name.endswith("_frac"):
            assert (column.minimum, column.maximum) == (0.0, 1.0), (table, column.name)


def test_coordinates_have_a_box():
    for table in ("deposits", "sites", "nodes", "ports", "destinations"):
        box = {column.name: column for column in read_columns(table)}
        assert box["lat"].minimum is not None
        assert box["lon"].maximum is not None


def test_ids_split_and_join():
    assert split_ids(" a;b|c | ") == ("a", "b", "c")
    assert split_ids(float("nan")) == ()
    assert split_ids("") == ()
    assert join_ids(["b;a", "a", ""]) == "a;b"


def test_an_unknown_table_is_an_error():
    with pytest.raises(FileNotFoundError):
        read_columns("no-such-table")
