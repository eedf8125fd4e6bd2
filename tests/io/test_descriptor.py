"""Descriptors of tables: what the data dictionary says is what a reader of the format enforces."""

from __future__ import annotations

import hashlib
import re

import pytest

from geokit.core.columns import Column
from geokit.io.descriptor import PARTIAL_DATE, describe_field, describe_resource


@pytest.mark.parametrize(("kind", "told"), [
    ("text", "string"), ("number", "number"), ("integer", "integer"), ("boolean", "boolean"), ("date", "string"), ("ids", "string"),
    ("slug", "string"), ("code", "string"),
])  # fmt: skip
def test_each_kind_of_column_has_a_type_of_the_format(kind, told):
    assert describe_field(Column("a", kind))["type"] == told


def test_a_plain_column_carries_nothing_that_it_does_not_state():
    assert describe_field(Column("a")) == {"name": "a", "type": "string"}


def test_words_unit_and_grade_are_told():
    told = describe_field(Column("haul_km", "number", unit="km", grade="E", description="Length."))
    assert told == {"name": "haul_km", "type": "number", "description": "Length.", "unit": "km", "grade": "E"}


def test_bounds_are_constraints_and_nought_is_a_bound():
    told = describe_field(Column("share_frac", "number", required=True, minimum=0.0, maximum=1.0))
    assert told["constraints"] == {"required": True, "minimum": 0.0, "maximum": 1.0}


def test_a_closed_vocabulary_is_an_enumeration():
    assert describe_field(Column("mode", allowed=("road", "rail")))["constraints"] == {"enum": ["road", "rail"]}


@pytest.mark.parametrize("column", [
    Column("modes", "ids", allowed=("road", "rail")),
    Column("port_id", "slug", refers_to="ports.port_id", allowed=("none",)),
])  # fmt: skip
def test_words_that_stand_beside_ids_close_no_vocabulary(column):
    assert "constraints" not in describe_field(column)


@pytest.mark.parametrize(("cell", "fits"), [
    ("2026", True), ("2026-11", True), ("2026-11-22", True), ("", False), ("26", False), ("2026-1", False), ("2026-11-22T00:00", False),
    ("22.11.2026", False),
])  # fmt: skip
def test_a_date_may_be_a_year_or_a_month(cell, fits):
    assert describe_field(Column("on", "date"))["constraints"]["pattern"] == PARTIAL_DATE
    assert bool(re.fullmatch(PARTIAL_DATE, cell)) is fits


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "stage_costs.csv"
    path.write_bytes(b"case_id,cost\nx,1\n")
    return path


def test_a_resource_carries_the_size_and_the_hash_of_its_file(table):
    told = describe_resource(table, [Column("case_id", key=True), Column("cost", "number")], {})
    assert (told["name"], told["path"], told["bytes"]) == ("stage-costs", "stage_costs.csv", 17)
    assert told["hash"] == f"sha256:{hashlib.sha256(table.read_bytes()).hexdigest()}"
    assert told["schema"]["primaryKey"] == ["case_id"]
    assert told["schema"]["missingValues"] == [""]
    assert "foreignKeys" not in told["schema"]


def test_a_column_that_names_a_row_of_another_table_is_a_foreign_key(table):
    told = describe_resource(table, [Column("case_id", key=True), Column("cost", "number")], {"case_id": "cases"})
    assert told["schema"]["foreignKeys"] == [{"fields": "case_id", "reference": {"resource": "cases", "fields": "case_id"}}]


def test_a_table_does_not_refer_to_itself(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_bytes(b"case_id\n")
    assert "foreignKeys" not in describe_resource(path, [Column("case_id", key=True)], {"case_id": "cases"})["schema"]
