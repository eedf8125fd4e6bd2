"""Reliability of a route: a figure where a link states months, else an honest blank."""

import pandas as pd
import pytest

from geokit.io.dictionary import read_columns
from geokit.network import route, route_cells
from geokit.network.cells import UNKNOWN


@pytest.fixture
def cells(country, choices, plain):
    hauls = route(country, choices, assumptions=plain)
    return route_cells(hauls, choices, country).set_index(["site_id", "partner"])


def test_stated_months_make_a_figure_with_its_source(cells):
    row = cells.loc[("site-far", "one")]
    assert (row["value_low"], row["value"], row["value_high"]) == (182, 182, 182)
    assert (row["grade"], row["source_ids"], row["holder"]) == ("E", "src", "")


def test_a_path_without_statistics_is_missing_and_says_who_might_know(cells):
    row = cells.loc[("site-end", "one")]
    assert pd.isna(row["value"])
    assert (row["grade"], row["note"]) == ("", UNKNOWN)
    assert row["holder"]


def test_one_product_with_an_unknown_path_makes_the_site_unknown(country, choices, plain):
    hauls = route(country, choices, assumptions=plain)
    known = hauls.query("kind == 'delivered' and origin_id == 'site-far' and destination_id == 'Q1'")
    unknown = known.assign(product_id="ore", closed_days=float("nan"))
    for table, expected in ((hauls, 182), (pd.concat([hauls, unknown]), None)):
        value = route_cells(table, choices, country).set_index(["site_id", "partner"]).loc[("site-far", "one"), "value"]
        assert pd.isna(value) if expected is None else value == expected


def test_passages_are_named(cells):
    assert cells.loc[("site-far", "two"), "note"].endswith("assumed open: The gorge, The strait")


def test_a_partner_without_a_port_is_missing(cells):
    assert cells.loc[("site-end", "landlocked"), "note"] == "the partner has no port in the layers"


def test_ways_of_doing_less_are_missing(cells):
    assert cells.loc[("export", "one"), "note"].startswith("not looked up")
    assert pd.isna(cells.loc[("toll-q1", "one"), "value"])


def test_a_site_without_a_haul_says_why(country, choices, plain):
    hauls = route(country, choices, assumptions=plain).query("origin_id != 'site-far'")
    row = route_cells(hauls, choices, country).set_index(["site_id", "partner"]).loc[("site-far", "one")]
    assert row["note"].startswith("no haul")


def test_there_is_one_cell_a_site_and_partner(layers, alternatives, assumptions):
    cells = route_cells(route(layers, alternatives, assumptions=assumptions), alternatives, layers)
    assert len(cells) == alternatives["site_id"].nunique() * len(layers["partners"])
    assert not cells.duplicated(["site_id", "partner"]).any()
    assert list(cells.columns) == [column.name for column in read_columns("cells")]
    assert set(cells["criterion_id"]) == {"L2"}
    assert (cells["value"].isna() == (cells["grade"] == "")).all()
    assert (cells["note"] != "").all()
