"""Rows are handed out with the sources that they name, none forgotten and none added."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from geokit.catalog import select_rows
from geokit.catalog.cite import count_sources, list_sources, nest_sources
from geokit.core.columns import split_ids

SOURCES = pd.DataFrame(
    {
        "source_id": ["a", "b", "c"], "title": ["First", "Second", "Third"], "publisher": ["P", "", "R"], "date": ["2020", "", "2021"],
        "url": ["https://a", "", ""], "licence": ["facts, cited"] * 3,
    }
)
ROWS = pd.DataFrame({"deposit_id": ["x", "y", "z"], "source_id": ["b;a", "b", ""], "feed_source_id": ["", "b", ""]}, index=[4, 7, 9])


def test_each_source_is_listed_once_in_the_order_in_which_it_is_first_named():
    listed = list_sources({"sources": SOURCES}, ROWS, "deposits")
    assert listed["source_id"].tolist() == ["b", "a"]
    assert listed["rows"].tolist() == [2, 1]
    assert listed["title"].tolist() == ["Second", "First"]


def test_a_row_that_names_a_source_twice_counts_once():
    assert count_sources(ROWS.loc[[7]], "deposits") == {"b": 1}


def test_a_source_that_nobody_knows_is_shown_blank():
    listed = list_sources({"sources": SOURCES}, ROWS.assign(source_id="d"), "deposits").set_index("source_id")
    assert listed.loc["d"].tolist() == ["", "", "", "", "", 3]


def test_rows_carry_their_own_sources_and_no_others():
    nested = nest_sources({"sources": SOURCES}, ROWS, "deposits")
    assert [[source["source_id"] for source in cell] for cell in nested["sources"]] == [["b", "a"], ["b"], []]
    assert nested["sources"].loc[7][0]["title"] == "Second"
    assert "sources" not in ROWS
    assert json.loads(nested.to_json(orient="records"))[2]["sources"] == []


@pytest.mark.parametrize("table", ["item_operations", "sources"])
def test_a_table_that_names_no_sources_has_none(layers, table):
    assert list_sources(layers, layers[table].head(3), table).empty


def test_the_rows_of_one_commodity_name_sources_that_can_be_looked_up(layers):
    rows = select_rows(layers, "deposits", ["commodity=antimony"])
    listed = list_sources(layers, rows, "deposits")
    assert {one for cell in rows["source_id"] for one in split_ids(cell)} <= set(listed["source_id"])
    assert (listed["title"] != "").all()
    assert (listed["licence"] != "").all()
