"""Taxes by site, royalty, what is known of the operating cost, and the exact list of what is missing."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest

from geokit.economics.capacity import plant_costs, scale_cost
from geokit.economics.plant import FEED_PARTS, plant_inputs
from geokit.economics.rows import lay_basis, lay_rows

ON = dt.date(2027, 1, 1)
COSTS = {"capex_usd_per_tpa_mode": 1000.0, "opex_usd_per_t_mode": 100.0}


@pytest.fixture
def ask(world, change, assumptions):
    """Return the inputs of the plant in the zone for the partner with a port."""

    def asked(layers=None, site="zone", assumed=assumptions, **cells):
        layers = layers or change(world.layers, "cost_models", "stage_id", "smelt", **COSTS)
        basis = lay_basis(layers, world.alternatives, world.hauls, assumptions=assumed)
        rows = lay_rows(layers, world.alternatives, world.hauls, basis=basis, assumptions=assumed)
        rows = rows[(rows["partner"] == "japan") & (rows["alternative"] == "zone:smelt")].reset_index(drop=True)
        return plant_inputs(layers, rows.assign(site_id=site, **cells), assumptions=assumed, on=ON).iloc[0]

    return asked


def test_a_site_without_privilege_pays_on_income_and_least_on_sales(ask):
    row = ask()
    assert [row[f"income_tax_frac{end}"] for end in ("_low", "", "_high")] == pytest.approx([0.37, 0.38, 0.40])
    assert (row["turnover_tax_frac"], row["turnover_tax_final"], row["holiday_years"]) == (0.01, 0.0, 0.0)
    assert (row["tax_regime"], row["tax_source_ids"]) == ("income_tax", "tax-income;tax-sales;tax-super")


def test_a_zone_with_a_final_tax_pays_that_alone(ask):
    row = ask(site="gate")
    assert (row["turnover_tax_frac"], row["turnover_tax_final"]) == (0.02, 1.0)
    assert (row["tax_regime"], row["tax_source_ids"]) == ("final_tax", "tax-final")


@pytest.mark.parametrize(("months", "left"), [(0, 8.0), (12, 7.0)])
def test_a_holiday_counts_from_the_decision(ask, assumptions, months, left):
    row = ask(site="park", assumed=assumptions.replace(months_to_fid=months))
    assert (row["tax_regime"], row["holiday_years"]) == ("holiday", 10.0)
    assert row["holiday_ends_years"] == pytest.approx(left)


def test_the_day_of_the_decision_that_the_user_names_counts(ask, assumptions):
    assert ask(site="park", assumed=assumptions.replace(fid_on="2030-01-01"))["holiday_ends_years"] == pytest.approx(5.0)


def test_a_holiday_without_an_end_counts_from_its_beginning(ask, world, change):
    cells = {"effective_to": "", "effective_from": "2020-03-01", "high": math.nan, "mode": 23.0}
    row = ask(change(world.layers, "royalties_taxes", "levy_id", "years", **cells), site="park")
    assert row["holiday_ends_years"] == pytest.approx(2043.0 - 2028.0)


def test_a_site_that_is_named_counts_whatever_its_kind(ask, world, change):
    layers = change(world.layers, "royalties_taxes", "levy_id", "final", site_kinds="", site_ids="zone|park")
    assert ask(layers)["tax_regime"] == "final_tax"
    assert ask(layers, site="gate")["tax_regime"] == "income_tax"


def test_without_a_tax_on_income_it_is_missing_and_not_nil(ask, world, change):
    layers = change(world.layers, "cost_models", "stage_id", "smelt", **COSTS)
    layers = layers | {"royalties_taxes": layers["royalties_taxes"].query("enters_as != 'income_tax'")}
    row = ask(layers)
    assert math.isnan(row["income_tax_frac"])
    assert row["missing_inputs"] == "tax on income"


def test_who_buys_feed_pays_no_royalty(ask):
    row = ask()
    assert (row["royalty_frac"], row["royalty_mark"]) == (0.0, "assumption")


def test_the_royalty_of_own_ore_is_missing_until_somebody_gives_one(ask, world, change, assumptions):
    row = ask(siting="at_ore")
    assert math.isnan(row["royalty_frac"])
    assert row["royalty_mark"] == "missing"
    own = ask(siting="at_ore", assumed=assumptions.replace(royalty_frac={"low": 0.01, "mode": 0.03, "high": 0.05}))
    assert (own["royalty_frac_low"], own["royalty_frac"], own["royalty_mark"]) == (0.01, 0.03, "assumption")
    layers = change(world.layers, "royalties_taxes", "levy_id", "north-mm", mode=5.0)
    sourced = ask(layers, siting="at_ore")
    assert (sourced["royalty_frac"], sourced["royalty_mark"]) == (0.05, "evidence")


def test_output_and_the_known_part_of_the_operating_cost(ask, world, change):
    layers = change(world.layers, "cost_models", "stage_id", "smelt", **COSTS)
    layers = change(layers, "operations", "operation_id", "smelt-1", energy_kwh_per_t=1000.0)
    row = ask(layers)
    assert row["output_t_per_y"] == pytest.approx(5000.0 * 0.92)
    assert row["kwh_per_t"] == 1000.0
    assert row["known_opex_usd_per_t"] == pytest.approx(1000.0 * 0.1 + 0.03 * 1000.0)


def test_nothing_missing_is_said_by_a_blank(ask):
    assert ask()["missing_inputs"] == ""


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"opex": math.nan}, "operating cost: power, labour, reagents, water"),
        ({"opex": math.nan, "power": 3.0}, "operating cost: labour, reagents, water"),
        ({"capex": math.nan, "freight": math.nan}, "freight to the buyer; capital cost of the plant"),
        ({"price_role": "proxy"}, "price of the product itself, not of a near grade"),
        ({"usd_per_t": math.nan}, "price of the product"),
        ({"feed_product_id": ""}, "feed within reach"),
        ({"out": math.nan}, "price of the feed"),
        ({"siting": "at_ore", "gate_usd_per_t": math.nan}, "cost of mining"),
        ({"kind": "toll", "capex": math.nan}, ""),
    ],
)
def test_what_is_missing_is_named_exactly(ask, cells, told):
    assert ask(**cells)["missing_inputs"] == told


def test_the_users_cost_takes_the_place_of_the_sourced_one_and_is_marked(world, change, assumptions):
    layers = change(world.layers, "cost_models", "stage_id", "smelt", capex_usd_per_tpa_mode=1000.0)
    layers = change(layers, "stages", "stage_id", "smelt", cost_battery_limit="mixed")
    given = {"smelt": {"low": 50.0, "mode": 60.0, "high": 90.0}}
    half = plant_costs(layers, assumptions=assumptions.replace(opex_usd_per_t=given)).loc["smelt"]
    assert (half["opex"], half["opex_mark"], half["capex_mark"], half["battery_limit"]) == (60.0, "assumption", "missing", "mixed")
    assert "more than the plant" in half["cost_note"]
    own = assumptions.replace(opex_usd_per_t=given, capex_usd_per_tpa=given, plant_scale_frac=0.5)
    both = plant_costs(layers, assumptions=own).loc["smelt"]
    assert (both["capex_low"], both["capex_mark"], both["battery_limit"], both["cost_note"]) == (50.0, "assumption", "plant_only", "")


def test_a_dearer_place_makes_a_sourced_plant_dearer(world, change, assumptions):
    layers = change(world.layers, "cost_models", "stage_id", "smelt", **COSTS)
    dear = assumptions.replace(location_factor={"low": 1.0, "mode": 1.2, "high": 1.5})
    row = plant_costs(layers, assumptions=dear).loc["smelt"]
    assert [row["capex_low"], row["capex"], row["capex_high"]] == pytest.approx([1000.0, 1200.0, 1500.0])
    assert row["capex_mark"] == "evidence"


def test_the_law_of_scale_at_six_tenths_makes_ten_times_the_size_four_times_as_dear():
    assert scale_cost(1.0, 10.0, exponent=0.6) == pytest.approx(3.98, abs=0.01)


def test_every_site_of_the_layers_has_a_tax_and_holidays_that_end(layers, assumptions):
    blank = dict.fromkeys(["price_id", "feed_price_id", "product_id", "feed_product_id"], "")
    words = {"kind": "plant", "siting": "free", "price_role": "direct", **blank}
    numbers = ["plant_t_per_y", "usd_per_t", "freight", "feed_t", "gate_usd_per_t", "capex", "opex", "power", *FEED_PARTS]
    rows = pd.DataFrame({"site_id": layers["sites"]["site_id"]}).assign(stage_id="", deposit_id="x", **words, **dict.fromkeys(numbers, 1.0))
    found = plant_inputs(layers, rows, assumptions=assumptions, on=dt.date(2026, 11, 22))
    assert (found["income_tax_frac"] == 0.37).all()
    assert set(found["tax_regime"]) == {"income_tax", "final_tax", "holiday"}
    assert (found.loc[found["tax_regime"] == "holiday", "holiday_ends_years"] < 15.0).all()
    assert (found["tax_source_ids"] != "").all()
