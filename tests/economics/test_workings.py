"""The steps behind a figure: what they print, what they leave out, and that they lead to it (model rule M14)."""

from __future__ import annotations

import re

import pytest

from geokit.economics import estimate
from geokit.economics.entries import name_source, write_entry, write_figure
from tests.economics.conftest import frame, plan

FLAT = {"low": 100.0, "mode": 100.0, "high": 100.0}
OWN = {"finance__opex_usd_per_t": {"smelt": FLAT}, "finance__capex_usd_per_tpa": {"smelt": FLAT}}


def ledger(world, assumptions, layers=None, **given):
    """Return the entries of the smelter of the country by name: figure with unit, mark, and what stands behind it."""
    asked = assumptions.replace(**(OWN | given))
    found = estimate(layers or world.layers, world.alternatives, world.hauls, assumptions=asked).table
    cell = found.set_index(["partner", "alternative"]).loc[("japan", "zone:smelt"), "value_inputs"]
    told = [re.fullmatch(r"([^:]+): (.+) \[(\w+)(?:: (.+))?\]", entry) for entry in cell.split("; ")]
    return {one[1]: (one[2], one[3], one[4]) for one in told}


@pytest.mark.parametrize(
    ("figure", "text"),
    [(2231.0780911, "2231.078"), (0.000012345678, "0.00001234568"), (75_000.0, "75000"), (-3.5, "-3.5"), (1e9, "1000000000")],
)
def test_a_figure_has_seven_digits_and_no_exponent(figure, text):
    assert write_figure(figure) == text


def test_an_entry_names_its_figure_its_unit_and_what_stands_behind_it():
    assert write_entry("capacity", 75_000.0, "t/y", behind=("evidence", "flo-omfc")) == "capacity: 75000 t/y [evidence: flo-omfc]"
    assert write_entry("share", 0.5, "", behind=("assumption", "")) == "share: 0.5 [assumption]"
    assert write_entry("ramp", "0.5, then 1", "", behind=("assumption", "x")) == "ramp: 0.5, then 1 [assumption: x]"


@pytest.mark.parametrize(
    ("mark", "by"), [("evidence", "a, b"), ("assumption", "finance.key"), ("missing", "finance.key")]
)  # fmt: skip
def test_sources_stand_behind_evidence_and_a_key_behind_all_else(mark, by):
    assert name_source("a;b", "finance.key", mark) == (mark, by)


def test_a_taxed_quote_of_the_feed_leads_to_its_price_at_the_gate(world, assumptions):
    """By hand: 113 with 13 % tax inside is 100 USD/t at the rival port, less 40 of haul is 60 at the gate."""
    told = ledger(world, assumptions)
    (quote,) = (name for name in told if name.startswith("quote of the feed, of a near grade"))
    assert told[quote][0].split(" ")[0] == "113"
    assert told["tax inside the quote of the feed"] == ("0.13", "assumption", "finance.vat_frac.cn")
    assert told["haul of the feed to its best buyer"] == ("40 USD/t", "assumption", "freight to CNBBB")
    assert told["price of the feed at the mine gate"][0] == "60 USD/t"
    assert not [name for name in told if name.startswith(("rate of", "units in", "content that the quote", "share of it paid"))]


def test_a_price_abroad_in_another_money_and_unit_shows_both(world, change, assumptions):
    """By hand: 7 CNY a kilogram at 7 CNY for a dollar is 1000 USD/t."""
    layers = change(world.layers, "prices", "price_id", "metal", currency="CNY", per_unit="kg", low=7.0, mode=7.0, high=7.0)
    told = ledger(world, assumptions, layers)
    assert told["rate of the quote of the product"] == ("7 per USD", "assumption", "finance.fx_per_usd.CNY")
    assert told["units in a tonne of the product"] == ("1000 kg", "evidence", "by definition")
    assert told["price of the product"][0] == "1000 USD/t"


def test_a_ratio_shows_the_contents_the_recovery_and_the_factor(world, assumptions):
    """By hand: a tonne of pure metal from concentrate of 50 %, nothing lost, takes two tonnes."""
    told = ledger(world, assumptions)
    assert told["content of a tonne of product"] == ("1 t Mm/t", "evidence", "src-metal")
    assert told["content of a tonne of feed"] == ("0.5 t/t", "evidence", "src-conc")
    assert told["recovery"][:2] == ("1", "evidence")
    assert told["content of the product in that of the feed"][0] == "1 t/t"
    assert told["feed of a tonne of product"][0] == "2 t"


def test_a_recovery_that_nobody_states_is_named_as_ours(world, change, assumptions):
    layers = change(world.layers, "stages", "stage_id", "smelt", recovery_frac=float("nan"))
    told = ledger(world, assumptions, layers)
    assert told["recovery"][1:] == ("assumption", "feed.recovery_frac")
    assert told["feed of a tonne of product"][1:] == ("assumption", "feed.recovery_frac")
    assert float(told["feed of a tonne of product"][0].split(" ")[0]) == pytest.approx(2.0 / float(told["recovery"][0]), rel=1e-6)


def test_a_sourced_capital_cost_shows_reference_index_size_and_place(world, change, assumptions):
    """By hand: 500 USD of 2010 x 1.6 x 0.5^(0.66 - 1) x 1.2."""
    costs = {"capex_usd_per_tpa_mode": 500.0, "price_year": 2010.0, "escalation_factor": 1.6}
    layers = change(world.layers, "cost_models", "stage_id", "smelt", **costs)
    spread = {"low": 1.2, "mode": 1.2, "high": 1.2}
    told = ledger(
        world, assumptions, layers, finance__capex_usd_per_tpa={}, finance__plant_scale_frac=0.5, finance__location_factor=spread
    )  # fmt: skip
    assert told["capital cost of the reference plant"][0] == "500 USD of 2010 per t/y"
    assert told["cost index since then"][0] == "1.6"
    assert told["size over that of the reference plant"][0] == "0.5"
    assert told["location factor"] == ("1.2", "assumption", "finance.location_factor")
    assert float(told["capital cost"][0].split(" ")[0]) == pytest.approx(500.0 * 1.6 * 0.5**-0.34 * 1.2, rel=1e-6)


def test_counted_ore_leads_to_the_feed_in_sight(world, assumptions):
    """By hand: 40 kt of ore of 10 % at a recovery of a half is 2 kt of metal, which is 4 kt of concentrate of 50 %."""
    layers = world.layers | {"feed_plans": frame("feed_plans", plan("pit", 40.0))}
    told = ledger(world, assumptions, layers)
    assert told["ore of the first year at Pit (observed)"] == ("40000 t/y", "evidence", "src-plan")
    assert told["ore for a tonne of feed at Pit"][0] == "10 t"
    assert told["feed in sight, by year of operation"][0].split(" ")[1] == "4000"


def test_feed_that_the_user_states_has_no_ore_behind_it(world, assumptions):
    layers = world.layers | {"feed_plans": frame("feed_plans", plan("pit", 40.0))}
    told = ledger(world, assumptions, layers, supply_t_per_y={"smelt": FLAT})
    assert not [name for name in told if name.startswith("ore ")]
    assert told["feed in sight, by year of operation"][1:] == ("assumption", "feed.supply_t_per_y.smelt")
