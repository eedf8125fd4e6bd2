import math

import pandas as pd
import pytest

from geokit.economics.cells import economics_cells, feed_spread, feed_years, freight_cells

ROW = {
    "kind": "plant",
    "site_id": "zone",
    "stage_id": "smelt",
    "siting": "free",
    "partner": "japan",
    "partner_port_id": "JPAAA",
    "deposit_id": "pit",
    "price_role": "direct",
    "n_stage": 3,
    "n_rows": 3,
    "n_reach": 2,
    "n_known": 1,
    "n_free": 1,
    "n_offered": 1,
    "n_open": 1,
    "free_t_low": 10.0,
    "free_t": 20.0,
    "free_t_high": 50.0,
    "plant_t_per_y": 10.0,
    "hhi": 1.0,
    "historical": True,
    "names": "Hill",
    "ratio_note": "",
    "cost_note": "no operating cost of the plant was found",
    "reach_source_ids": "dep-pit",
    "price_source_ids": "prc-metal",
    "cost_source_ids": "cst-smelt",
}
FIGURES = {"feed_t": 2.0, "in": 5.0, "freight": 50.0, "usd_per_t": 1000.0}


def rows(**changes):
    figures = {name: changes.pop(name, value) for name, value in FIGURES.items()}
    ends = {f"{name}{end}": value for name, value in figures.items() for end in ("_low", "", "_high")}
    return pd.DataFrame([{**ROW, **ends, **changes}])


def one(table):
    return table.iloc[0]


def test_years_are_tonnes_over_output():
    years = one(feed_years(rows()))
    assert (years["value_low"], years["value"], years["value_high"]) == (1.0, 2.0, 5.0)
    counted, blind, label = years["note"].split("; ")
    assert counted == "1 free deposit(s) of 2 in reach with tonnage and grade"
    assert blind == "without tonnage or grade: Hill"
    assert label == "historical estimate, not a mineral resource"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n_stage": 0, "n_rows": 0, "n_reach": 0, "n_known": 0}, "import or toll feed only"),
        ({"n_rows": 1, "n_reach": 0, "n_known": 0}, "no deposit within reach; 2 have no known place or no way here"),
        ({"n_known": 0}, "2 deposit(s) in reach, none with tonnage and grade"),
        ({"plant_t_per_y": math.nan}, "the size of a plant is not known"),
    ],
)
def test_years_that_nobody_knows_are_missing_with_a_holder(changes, words):
    years = one(feed_years(rows(**changes)))
    assert math.isnan(years["value"])
    assert words in years["note"]
    assert years["grade"] == years["source_ids"] == ""
    assert "mine operators" in years["holder"]


def test_all_deposits_beyond_the_cutoff_is_nil_and_an_assumption():
    years = one(
        feed_years(rows(n_reach=0, n_known=0, n_free=0, n_offered=0, n_open=0, free_t_low=math.nan, free_t=math.nan, free_t_high=math.nan))
    )
    assert (years["value_low"], years["value"], years["value_high"], years["grade"]) == (0.0, 0.0, 0.0, "A")
    assert "none of 3 deposit(s) lies within the freight cut-off" in years["note"]


NO_FREE = {"n_free": 0, "n_offered": 0, "free_t_low": 0.0, "free_t": 0.0}


def test_feed_of_holders_nobody_named_leaves_the_years_unknown_with_their_range():
    years = one(feed_years(rows(**NO_FREE)))
    assert math.isnan(years["value_low"])
    assert math.isnan(years["value"])
    assert math.isnan(years["value_high"])
    assert years["note"].startswith("0 to 5.0 years, depending on who holds it: 1 of 2 deposit(s) in reach with tonnage and grade")
    assert years["grade"] == years["source_ids"] == ""
    assert "mine operators" in years["holder"]


def test_nil_where_every_sized_feed_is_captive_or_committed():
    years = one(feed_years(rows(**NO_FREE, n_open=0, free_t_high=0.0)))
    assert (years["value_low"], years["value"], years["value_high"], years["grade"]) == (0.0, 0.0, 0.0, "M")
    assert "all captive or committed" in years["note"]


def test_free_feed_of_unknown_size_beside_captive_feed_is_not_nil():
    years = one(feed_years(rows(**{**NO_FREE, "n_offered": 2}, n_open=0, free_t_high=0.0)))
    assert math.isnan(years["value"])
    assert "all captive or committed; 2 free deposit(s) in reach have none" in years["note"]


def test_concentration_is_known_where_all_free_deposits_are_sized():
    spread = one(feed_spread(rows(hhi=0.5, n_free=2, n_offered=2)))
    assert (spread["value_low"], spread["value"], spread["value_high"], spread["grade"]) == (0.5, 0.5, 0.5, "M")
    assert spread["note"] == "shares of the 2 free deposit(s) in reach, all with tonnage and grade"


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"hhi": 1.0, "n_free": 1, "n_offered": 4}, "1 of 4 free deposits have a tonnage; the shares cannot be told"),
        ({"hhi": math.nan, "n_free": 0, "n_offered": 2}, "0 of 2 free deposits have a tonnage; the shares cannot be told"),
        ({"hhi": math.nan, "n_free": 0, "n_offered": 0}, "no deposit within reach is known to be free, so there are no shares"),
    ],
)
def test_concentration_is_missing_while_a_free_deposit_may_hold_any_share(changes, note):
    spread = one(feed_spread(rows(**changes)))
    assert math.isnan(spread["value"])
    assert (spread["grade"], spread["note"]) == ("", note)
    assert spread["holder"] != ""


def test_freight_share_of_a_plant():
    cell = one(freight_cells(rows()))
    assert cell["value"] == pytest.approx(0.06)
    assert (cell["partner"], cell["grade"], cell["source_ids"]) == ("japan", "M", "prc-metal")


@pytest.mark.parametrize("changes", [{"siting": "at_ore"}, {"kind": "export"}])
def test_at_the_ore_and_for_export_only_the_way_out_counts(changes):
    assert one(freight_cells(rows(feed_t=math.nan, **{"in": math.nan}, **changes)))["value"] == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"partner_port_id": "", "freight": math.nan}, "name no port"),
        ({"usd_per_t": math.nan}, "no price of the product"),
        ({"freight": math.nan}, "no open way"),
        ({"deposit_id": "", "in": math.nan}, "no free or unclaimed feed"),
        ({"feed_t": math.nan, "ratio_note": "the content of the feed was not found"}, "the content of the feed was not found"),
    ],
)
def test_a_freight_share_without_a_part_is_missing(changes, words):
    cell = one(freight_cells(rows(**changes)))
    assert math.isnan(cell["value"])
    assert words in cell["note"]
    assert cell["holder"] != ""


def values(index, loss, npv):
    ends = {f"profitability_index{end}": [index] for end in ("_low", "", "_high")}
    return pd.DataFrame({**ends, "loss_chance": [loss], "npv_million_usd": [npv], "missing_inputs": [""]})


def test_value_cells_exist_where_a_value_does():
    cells = economics_cells(rows(), values(0.4, 0.1, 12.0)).set_index("criterion_id")
    assert (cells.loc["E1", "value"], cells.loc["E2", "value"]) == (0.4, 0.1)
    assert cells.loc["E1", "source_ids"] == "cst-smelt;prc-metal"
    assert set(cells.index) == {"F1", "F2", "L1", "E1", "E2", "E3"}


def test_value_cells_without_a_value_say_why():
    cells = economics_cells(rows(), values(math.nan, math.nan, math.nan)).set_index("criterion_id")
    assert cells.loc["E1", "note"] == cells.loc["E2", "note"] == "no operating cost of the plant was found"


def test_what_stays_in_the_province_is_unknown_until_royalties_are():
    cell = economics_cells(rows(), values(0.4, 0.1, 12.0)).set_index("criterion_id").loc["E3"]
    assert math.isnan(cell["value"])
    assert "royalty" in cell["note"]


def test_feed_cells_come_once_a_site_and_freight_once_a_partner():
    both = pd.concat([rows(), rows(partner="korea")], ignore_index=True)
    found = pd.concat([values(0.4, 0.1, 12.0)] * 2, ignore_index=True)
    assert economics_cells(both, found)["criterion_id"].value_counts().to_dict() == {"F1": 1, "F2": 1, "L1": 2, "E1": 2, "E2": 2, "E3": 1}
