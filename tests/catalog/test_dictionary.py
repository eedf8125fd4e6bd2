"""Every figure of every layer states its unit, its grade and what it means."""

from __future__ import annotations

import re

import pytest

from geokit.io.dictionary import read_columns, read_themes

TABLES = tuple(read_themes())
SPELLED_ONCE = {
    "0-1": "1", "frac": "1", "ratio": "1", "days": "day", "months": "month", "years": "year", "USD per t": "USD/t", "acres": "acre"
}
"""Other spellings of a unit that the dictionary writes in one way."""
GRADES = {"E", "M", "A", "row"}
WORD = re.compile(r"\w+")
QUOTED = re.compile(r"`([^`]+)`")


def figures(table):
    return [column for column in read_columns(table) if column.type in {"number", "integer"}]


@pytest.mark.parametrize("table", TABLES)
def test_every_figure_has_a_unit_and_a_grade(table):
    assert [column.name for column in figures(table) if not column.unit] == []
    assert [column.name for column in figures(table) if column.grade not in GRADES] == []


@pytest.mark.parametrize("table", TABLES)
def test_a_unit_is_spelled_in_one_way(table):
    assert {column.name: SPELLED_ONCE[column.unit] for column in figures(table) if column.unit in SPELLED_ONCE} == {}


@pytest.mark.parametrize("table", TABLES)
def test_a_unit_that_a_column_of_the_row_states_names_that_column(table):
    names = {column.name for column in read_columns(table)}
    pointers = {column.name: column.unit.removeprefix("see ") for column in figures(table) if column.unit.startswith("see ")}
    assert {name: target for name, target in pointers.items() if target not in names} == {}


@pytest.mark.parametrize("table", [table for table in TABLES if any(column.grade == "row" for column in read_columns(table))])
def test_a_grade_that_the_row_states_has_its_column(table):
    """A description that quotes another column of grades means that one; every other figure of the row means `grade`."""
    closed = {column.name: column.allowed for column in read_columns(table) if re.fullmatch(r"(\w+_)?grade", column.name)}
    assert "grade" in closed
    assert {name: words for name, words in closed.items() if not words or not set(words) <= GRADES - {"row"}} == {}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described_in_a_sentence(table):
    said = {column.name: column.description for column in read_columns(table)}
    assert {name: words for name, words in said.items() if not re.fullmatch(r"[A-Z`].{4,}[^,;: ]", words)} == {}


@pytest.mark.parametrize("table", TABLES)
def test_what_a_description_quotes_exists(table):
    columns = read_columns(table)
    known = {column.name for column in columns} | {word for column in columns for word in column.allowed} | set(TABLES)
    assert {column.name: word for column in columns for word in QUOTED.findall(column.description) if word not in known} == {}


@pytest.mark.parametrize("table", TABLES)
def test_shares_and_chances_lie_between_nought_and_one(table):
    """A figure called a fraction that can exceed one is a percentage by another name."""
    fractions = [column for column in figures(table) if column.name.endswith("_frac")]
    assert [column.name for column in fractions if (column.minimum, column.maximum) != (0.0, 1.0)] == []


@pytest.mark.parametrize("table", TABLES)
def test_the_dictionary_and_the_file_have_the_same_columns(layers, table):
    declared = [column.name for column in read_columns(table)]
    assert sorted(layers[table].columns) == sorted(declared)
    assert len(declared) == len(set(declared))


@pytest.mark.parametrize("table", TABLES)
def test_every_figure_column_of_one_kind_keeps_one_unit(table):
    """Low, mode and high of one quantity are figures of one unit and one grade."""
    groups = {}
    for column in figures(table):
        stem = re.sub(r"_?(low|mode|high)$", "", column.name)
        if stem != column.name:
            groups.setdefault(stem, set()).add((column.unit, column.grade))
    assert {stem: kinds for stem, kinds in groups.items() if len(kinds) > 1} == {}
