"""Days without a way for who does less: the deposits of the stage, to the partner's port or to that of the host."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.network import route_cells
from geokit.network.reliability import RELIABILITY

NONE = "no deposit of the stage has closure statistics on its path"


@pytest.fixture
def cells(country):
    """Return the cells of an export and a toll at Q1 from (origin, destination, product, low, mode, high days), the plant aside."""

    def run(*rows):
        table = pd.DataFrame(rows, columns=["origin_id", "destination_id", "product_id", "cut_days_low", "cut_days", "cut_days_high"])
        hauls = table[["origin_id", "destination_id", "product_id"]].assign(kind="delivered", assumed_open="")
        sources = [f"src{len(rows) - place}" for place in range(len(rows))]
        known = table.assign(path_closed_days=table["cut_days"], closures="slide", unknown="", source_ids=sources)
        less = [("export", "export", "", ""), ("toll-q1", "toll", "Q1", "Q1")]
        asked = pd.DataFrame(less, columns=["site_id", "kind", "place_id", "port_id"]).assign(stage_id="smelt", product_id="metal")
        found = route_cells(hauls, asked, country, reliability=known.reindex(columns=RELIABILITY))
        return found.set_index(["site_id", "partner"])

    return run


TWO = (("dep-far", "Q1", "ore", 3.0, 4.0, 6.0), ("dep-remote", "Q1", "ore", 7.0, 10.0, 20.0))


def test_the_middle_the_best_and_the_worst_deposit_make_the_figure(cells):
    """4 and 10 days: 7 in the middle, 3 at best and 20 at worst; with a third of 100, 10 in the middle."""
    row = cells(*TWO).loc[("export", "one")]
    assert row[["value_low", "value", "value_high"]].tolist() == [3.0, 7.0, 20.0]
    third = cells(*TWO, ("dep-lost", "Q1", "ore", 5.0, 100.0, 120.0)).loc[("export", "one")]
    assert third[["value_low", "value", "value_high"]].tolist() == [3.0, 10.0, 120.0]
    assert (row["stage_id"], row["grade"], row["source_ids"], row["holder"]) == ("smelt", "E", "src1;src2", "")
    assert row["note"].endswith("deposits with statistics: 2")


def test_an_export_ends_at_the_partners_port_and_a_toll_at_that_of_the_host(cells):
    table = cells(*TWO, ("dep-far", "Q2", "ore", 50.0, 60.0, 70.0))
    assert table.loc[("export", "two"), "value"] == 60.0
    assert table.loc[("toll-q1", "two"), ["value_low", "value", "value_high"]].tolist() == [3.0, 7.0, 20.0]
    beyond = table["note"].str.endswith("the way by sea beyond the host's port is not counted")
    assert beyond.to_dict() == {key: key[0] == "toll-q1" and key[1] != "landlocked" for key in table.index}


def test_a_partner_without_a_port_has_no_figure_though_the_host_has_one(cells):
    rows = cells(*TWO).xs("landlocked", level="partner")
    assert rows[["value_low", "value", "value_high"]].isna().all(axis=None)
    assert set(rows["note"]) == {"the partner has no port in the layers"}
    assert (rows["holder"] != "").all()


def test_of_several_products_the_worst_counts_and_an_unknown_one_drops_the_deposit(cells):
    worse = cells(*TWO, ("dep-far", "Q1", "conc", 8.0, 9.0, 11.0)).loc[("export", "one")]
    assert worse[["value_low", "value"]].tolist() == [7.0, 9.5]
    dropped = cells(*TWO, ("dep-far", "Q1", "conc", float("nan"), float("nan"), float("nan"))).loc[("export", "one")]
    assert dropped[["value_low", "value", "value_high"]].tolist() == [7.0, 10.0, 20.0]
    assert dropped["note"].endswith(": 1")


def test_a_place_that_feeds_no_ore_to_the_stage_says_nothing(cells):
    row = cells(("site-end", "Q1", "metal", 1.0, 2.0, 3.0)).loc[("export", "one")]
    assert pd.isna(row["value"])
    assert (row["note"], row["grade"], row["source_ids"]) == (NONE, "", "")


def test_a_sub_body_does_not_count_beside_the_whole(cells, country):
    country["deposit_feeds"].loc[country["deposit_feeds"]["deposit_id"] == "dep-far", "aggregate"] = "no"
    assert cells(*TWO).loc[("export", "one"), "value"] == 10.0
