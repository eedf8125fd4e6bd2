"""Laws of the money room on the real layers (model rules M5, M6, M7, M13, M14, M19)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.economics import estimate

KEYS = ["partner", "alternative"]
RIVAL_QUOTES = ["chromite_sa_conc_42", "chromite_turkey_lump_42", "graphite_flake_94_100", "manganese_ore_44"]


@pytest.fixture(scope="module")
def hauls(real_freight):
    return real_freight.hauls


@pytest.fixture(scope="module")
def base(real_economics):
    return real_economics


@pytest.fixture(scope="module")
def rerun(layers, alternatives, hauls, assumptions):
    def run(changed=None, roads=None):
        return estimate({**layers, **(changed or {})}, alternatives, hauls if roads is None else roads, assumptions=assumptions)

    return run


def margins(economics, end=""):
    return economics.table.set_index(KEYS)[f"margin_usd_per_t{end}"]


def grown(prices, names, factor):
    figures = ["low", "mode", "high", "latest_value"]
    return prices.assign(**{name: prices[name].mask(prices["price_id"].isin(names), prices[name] * factor) for name in figures})


@pytest.fixture(scope="module")
def dearer(layers, rerun):
    """The rival pays more for the same feed."""
    return rerun({"prices": grown(layers["prices"], RIVAL_QUOTES, 1.3)})


@pytest.fixture(scope="module")
def closer(layers, hauls, rerun):
    """The rival's ports come nearer, so that he leaves more at the mine gate."""
    rivals = layers["ports"].loc[layers["ports"]["role_code"] == "counterfactual", "port_id"]
    near = hauls["destination_id"].isin(rivals) & (hauls["kind"] == "delivered")
    corners = ["usd_per_t_low", "usd_per_t", "usd_per_t_high"]
    return rerun(roads=hauls.assign(**{name: hauls[name].mask(near, hauls[name] * 0.5) for name in corners}))


@pytest.mark.parametrize("scenario", ["dearer", "closer"])
def test_raising_the_rival_bid_never_raises_a_margin(base, scenario, request):
    change = (margins(request.getfixturevalue(scenario)) - margins(base)).dropna()
    assert (change <= 1e-9).all()
    assert (change < -1.0).any()


@pytest.mark.parametrize("end", ["_low", "_high"])
@pytest.mark.parametrize("scenario", ["dearer", "closer"])
def test_nor_does_it_raise_an_end_while_the_supplier_stays(base, scenario, end, request):
    """A plant changes its supplier at the mode; only then may an end move the other way."""
    raised = request.getfixturevalue(scenario)
    supplier = [economics.table.set_index(KEYS)["supplier_deposit_id"] for economics in (base, raised)]
    change = (margins(raised, end) - margins(base, end))[supplier[0] == supplier[1]].dropna()
    assert len(change) > 100
    assert (change <= 1e-9).all()
    assert (change < 0).any()


def test_ends_are_in_order(base):
    table = base.table
    for name in ("margin_usd_per_t", "product_usd_per_t", "feed_price_usd_per_t", "feed_free_t", "feed_t_per_product_t", "npv_million_usd"):
        known = table.dropna(subset=[f"{name}_low", name, f"{name}_high"])
        assert (known[f"{name}_low"] <= known[name] + 1e-9).all(), name
        assert (known[name] <= known[f"{name}_high"] + 1e-9).all(), name


def test_cells_are_in_order_and_bounded(base):
    known = base.cells.dropna(subset=["value"])
    assert (known["value_low"] <= known["value"] + 1e-12).all()
    assert (known["value"] <= known["value_high"] + 1e-12).all()
    assert known.loc[known["criterion_id"] == "F2", "value"].between(0, 1).all()
    assert (known.loc[known["criterion_id"].isin(["F1", "L1"]), "value"] >= 0).all()


def test_captive_and_committed_feed_never_supplies(layers, base):
    held = layers["deposits"].loc[layers["deposits"]["feed_available"].isin(["captive", "committed"]), "deposit_id"]
    assert len(held) > 0
    assert not base.table["supplier_deposit_id"].isin(held).any()


def test_taking_free_feed_away_never_adds_feed(layers, base, rerun):
    deposits = layers["deposits"]
    shut = rerun({"deposits": deposits.assign(feed_available=deposits["feed_available"].replace("free", "captive"))})
    for end in ("_low", "", "_high"):
        name = f"feed_free_t{end}"
        before, after = (economics.table.set_index(KEYS)[name].fillna(0) for economics in (base, shut))
        assert (after <= before + 1e-9).all()
    assert (shut.table["feed_free_t"].fillna(0) == 0).all()


def test_a_value_exists_only_for_a_plant_alone_with_its_own_price(base):
    valued = base.table.dropna(subset=["npv_million_usd"])
    assert (valued["battery_limit"] == "plant_only").all()
    assert valued["opex_usd_per_t"].notna().all()
    assert valued["capex_usd_per_tpa"].notna().all()


def test_cost_of_the_mine_never_meets_purchased_feed(base):
    mixed = base.table["battery_limit"].isin(["mine_included", "mixed"])
    assert mixed.any()
    assert base.table.loc[mixed, ["capex_usd_per_tpa", "opex_usd_per_t", "npv_million_usd"]].isna().all(axis=None)


def test_margin_at_the_inside_quote_is_never_above_the_margin_at_a_dearer_one(base):
    table = base.table.dropna(subset=["domestic_margin_usd_per_t", "margin_usd_per_t"])
    premium = table["product_usd_per_t"] > table["domestic_usd_per_t"]
    assert premium.any()
    assert (table.loc[premium, "domestic_margin_usd_per_t"] < table.loc[premium, "margin_usd_per_t"]).all()


def test_the_break_even_feed_price_leaves_nothing(base):
    table = base.table.dropna(subset=["break_even_feed_usd_per_t"])
    paid = table["feed_t_per_product_t"] * (table["break_even_feed_usd_per_t"] + table["feed_freight_usd_per_t"])
    assert np.allclose(table["product_usd_per_t"] - table["product_freight_usd_per_t"], paid)


def test_every_blank_carries_its_reason(base):
    table, cells = base.table, base.cells
    assert (table["reason"] != "").all()
    assert table.loc[table["margin_usd_per_t"].isna(), "reason"].str.contains("No margin").all()
    assert table.loc[table["npv_million_usd"].isna(), "reason"].str.contains("No net present value").all()
    missing = cells["value"].isna()
    assert ((cells["note"] != "") & (~missing | (cells["holder"] != ""))).all()
    assert not cells.loc[~missing, ["value_low", "value_high"]].isna().any(axis=None)


def test_no_row_is_repeated(layers, alternatives, base):
    assert len(base.table) == len(alternatives) * len(layers["partners"])
    assert not base.table.duplicated(KEYS).any()
    keys = ["criterion_id", "site_id", "stage_id", "profile", "partner", "track"]
    assert not base.cells.duplicated(keys).any()


def test_sources_exist(layers, base):
    known = set(layers["sources"]["source_id"])
    for frame in (base.table, base.cells, base.feeds):
        named = frame["source_ids"].str.split(";").explode()
        assert set(named.dropna()) - {""} <= known


def test_the_order_of_the_rows_in_the_layers_does_not_matter(layers, base, rerun):
    shuffled = {
        name: layers[name].iloc[::-1].reset_index(drop=True) for name in ("deposits", "deposit_feeds", "prices", "products", "partners")
    }
    again = rerun(shuffled)
    pd.testing.assert_frame_equal(base.table, again.table)
    pd.testing.assert_frame_equal(base.cells, again.cells)
