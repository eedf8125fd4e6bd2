"""By-products in money: only with an amount, a price and a share that are all known (model rule M14)."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest

from geokit.economics import estimate
from geokit.economics.balance_table import lay_balance
from geokit.economics.by_products import price_by_products, sum_by_products
from geokit.economics.plant import plant_inputs
from tests.economics.conftest import frame, price

MINED = {"low": 1.0, "mode": 2.0, "high": 3.0}


def by_product(name, **more):
    """Make a row of the layer: what the mill gives beside its concentrate."""
    keys = {"by_product_id": f"mill:{name}", "stage_id": "mill", "by_product": name, "counted": "yes", "per_t_unit": "g/t"}
    return {**keys, "source_id": f"src-{name}", **more}


GOLD = by_product("Au", per_t=10.0, per_t_low=8.0, per_t_high=12.0, price_id="gold", charge_id="take")
LEAD = by_product("lead-concentrate", per_t=0.2, per_t_unit="t/t", content_frac=0.5, price_id="lead", charge_id="take")
SLAG = by_product("slag", counted="no")


def add(world, *rows, **levels):
    """Return the layers of the country with by-products; gold stands at 3110.34768 USD/oz, which is 100 USD/g, lead at 2000 USD/t."""
    quotes = [price("gold", 3110.34768, "oz", **levels), price("lead", 2000.0)]
    prices = world.layers["prices"]
    added = frame("prices", *prices.to_dict("records"), *quotes)
    return {**world.layers, "by_products": frame("by_products", *rows), "prices": added}


def solve(world, assumptions, *rows, **given):
    """Return the mill of the country with by-products, as the money sees it."""
    asked = assumptions.replace(mining_usd_per_t={"ore": MINED}, **given)
    found = estimate(add(world, *rows), world.alternatives, world.hauls, assumptions=asked)
    return found.table.set_index(["partner", "alternative"]).loc[("japan", "pit:mill")]


def test_gold_in_a_concentrate_brings_in_its_price_less_what_the_buyer_keeps(world, assumptions):
    """By hand: 10 g at 100 USD/g, of which the buyer keeps 10 %, is 900 USD a tonne of concentrate beside its own 100."""
    row = solve(world, assumptions, GOLD)
    assert row["by_product_usd_per_t"] == pytest.approx(900.0)
    assert row["product_usd_per_t"] == pytest.approx(1000.0)
    assert row["product_usd_per_t_low"] == pytest.approx(100.0 + 720.0)
    assert row["product_usd_per_t_high"] == pytest.approx(100.0 + 1080.0)
    assert {"src-Au", "prc-gold"} <= set(row["source_ids"].split(";"))


def test_a_concentrate_of_its_own_pays_its_freight(world, assumptions):
    """By hand: 0.2 t of 50 % at 2000 USD/t less 10 % is 180, less 0.2 t at 60 USD/t to the port is 168 USD."""
    assert solve(world, assumptions, LEAD)["by_product_usd_per_t"] == pytest.approx(168.0)


def test_by_products_add_up_and_raise_the_margin_by_what_they_bring(world, assumptions):
    bare, rich = solve(world, assumptions), solve(world, assumptions, GOLD, LEAD)
    assert rich["by_product_usd_per_t"] == pytest.approx(1068.0)
    assert rich["margin_usd_per_t"] - bare["margin_usd_per_t"] == pytest.approx(1068.0)
    assert bare["by_product_usd_per_t"] == 0.0


@pytest.mark.parametrize(
    "lack", [{"price_id": ""}, {"charge_id": ""}, {"per_t": math.nan, "per_t_low": math.nan, "per_t_high": math.nan}, {"counted": "no"}]
)
def test_without_amount_price_or_share_it_is_named_and_brings_nothing(world, assumptions, lack):
    row = solve(world, assumptions, GOLD | lack, SLAG)
    assert row["by_product_usd_per_t"] == 0.0
    assert row["product_usd_per_t"] == pytest.approx(100.0)
    assert row["by_products_uncounted"] == "Au, slag"


def test_where_the_way_to_the_port_is_unknown_what_is_sold_apart_does_not_count_and_the_product_keeps_its_price():
    """Gold in the concentrate pays no freight of its own and counts; lead sold apart does, and then nothing of the plant is counted."""
    keys = {"stage_id": ["mill", "mill"], "deposit_id": ["pit", "pit"]}
    figures = {f"value{end}": [900.0, 180.0] for end in ("_low", "", "_high")}
    same = {"ratio": 1.0, "is_counted": True, "steps": "", "source_ids": "s"}
    priced = pd.DataFrame({**keys, **figures, **same, "output": ["Au", "lead"], "carried": [0.0, 0.2]})
    rows = pd.DataFrame({"kind": ["plant"], "stage_id": ["mill"], "deposit_id": ["pit"], "price_mark": [""], "freight": [math.nan]})
    gold = sum_by_products(priced.iloc[:1], rows).iloc[0]
    assert (gold["by_product_usd_per_t"], gold["by_products_uncounted"]) == (900.0, "")
    both = sum_by_products(priced, rows).iloc[0]
    assert (both["by_product_usd_per_t"], both["by_product_ratio"], both["by_products"]) == (0.0, 1.0, "")
    assert both["by_products_uncounted"] == "Au, lead"
    near = sum_by_products(priced, rows.assign(freight=60.0)).iloc[0]
    assert near["by_product_usd_per_t"] == pytest.approx(900 + 180 - 0.2 * 60)


def test_a_quote_without_a_long_run_price_moves_nothing(world, assumptions):
    """Where nobody gave the price to come back to, the by-product keeps the price of today."""
    layers = add(world, GOLD, regime_change="yes", latest_value=3110.34768)
    quotes = layers["prices"].set_index("price_id")
    quotes.loc["gold", ["low", "mode", "high"]] = math.nan
    layers = {**layers, "prices": quotes.reset_index()}
    priced = price_by_products(layers, lay_balance(layers, assumptions=assumptions), assumptions=assumptions)
    assert (priced["ratio"] == 1.0).all()


def test_what_is_counted_is_not_named_as_left_out(world, assumptions):
    assert solve(world, assumptions, GOLD, SLAG)["by_products_uncounted"] == "slag"


def test_a_price_of_the_user_holds_all_that_a_tonne_brings_in(world, assumptions):
    row = solve(world, assumptions, GOLD, price_usd_per_t={"conc": {"low": 500.0, "mode": 500.0, "high": 500.0}})
    assert row["product_usd_per_t"] == 500.0
    assert row["by_product_usd_per_t"] == 0.0


def test_a_row_for_the_deposit_wins_over_one_for_any(world, assumptions):
    own = GOLD | {"by_product_id": "mill:own", "deposit_id": "pit", "per_t": 1.0, "per_t_low": 1.0, "per_t_high": 1.0}
    assert solve(world, assumptions, GOLD | {"charge_id": "", "price_id": ""}, own)["by_product_usd_per_t"] == pytest.approx(90.0)


def test_an_amount_from_the_assay_needs_a_recovery_of_its_own(world, assumptions):
    """By hand: 2 % in the ore, 10 t of ore a tonne of concentrate, half won, 50 % in the by-product: 0.2 t, worth 168 USD as above."""
    found = LEAD | {"per_t": math.nan, "constituent": "Pb", "recovery_frac": 0.5}
    layers = add(world, found)
    assay = {"deposit_id": "pit", "constituent": "Pb", "basis": "ore", "grade_value": 2.0, "unit": "%", "source_id": "src-assay"}
    layers |= {"other_grades": frame("other_grades", assay)}
    asked = assumptions.replace(mining_usd_per_t={"ore": MINED})
    table = estimate(layers, world.alternatives, world.hauls, assumptions=asked).table
    row = table.set_index(["partner", "alternative"]).loc[("japan", "pit:mill")]
    assert row["by_product_usd_per_t"] == pytest.approx(168.0)


def test_exporting_the_feed_sells_no_by_product_of_the_plant(world, assumptions):
    table = estimate(add(world, GOLD), world.alternatives, world.hauls, assumptions=assumptions).table
    others = table[table["alternative"] != "pit:mill"]
    assert (others["by_product_usd_per_t"] == 0.0).all()


def test_the_long_run_price_weighs_product_and_by_product(world, assumptions):
    """Gold at twice its long-run level brings 900 of 1000 USD: the whole falls to 100 + 450 in the long run, a ratio of 0.55."""
    layers = add(world, GOLD, regime_change="yes", latest_value=6220.69536)
    priced = price_by_products(layers, lay_balance(layers, assumptions=assumptions), assumptions=assumptions)
    assert priced["ratio"].tolist() == [0.5]
    assert priced["value"].tolist() == pytest.approx([1800.0])
    rows = frame("alternatives", {"kind": "plant", "stage_id": "mill", "site_id": "pit"}).assign(
        deposit_id="pit", price_mark="evidence", freight=60.0, usd_per_t=2000.0, price_id="metal", feed_price_id="", siting="at_ore",
        price_role="direct", plant_t_per_y=1.0, feed_product_id="ore", feed_t=1.0, gate_usd_per_t=1.0, power=1.0, opex=1.0, capex=1.0,
        feed_quote_usd_per_t=1.0, feed_paid_frac=1.0, out=1.0,
    )  # fmt: skip
    rows = rows.assign(**{"in": 1.0}).join(sum_by_products(priced, rows))
    moves = plant_inputs(layers, rows, assumptions=assumptions, on=dt.date(2026, 1, 1))
    assert moves["price_ratio"].iloc[0] == pytest.approx((200.0 + 900.0) / 2000.0)


def test_the_ledger_prints_what_the_by_products_bring(world, assumptions):
    flat = {"low": 5.0, "mode": 5.0, "high": 5.0}
    own = {"finance__opex_usd_per_t": {"mill": flat}, "finance__capex_usd_per_tpa": {"mill": flat}, "plant_t_per_y": {"mill": 100.0}}
    asked = assumptions.replace(mining_usd_per_t={"ore": MINED}, supply_t_per_y={"mill": {"low": 1e6, "mode": 1e6, "high": 1e6}}, **own)
    layers = add(world, GOLD, LEAD)
    products = layers["products"].assign(price_role=layers["products"]["price_role"].replace("proxy", "direct"))
    table = estimate({**layers, "products": products}, world.alternatives, world.hauls, assumptions=asked).table
    told = table.set_index(["partner", "alternative"]).loc[("japan", "pit:mill"), "value_inputs"].split("; ")
    assert "by-product Au of a tonne of product: 10 g/t [evidence: prc-gold, src-Au]" in told
    assert "share of it paid for Au: 0.9 [evidence: prc-gold, src-Au]" in told
    assert "content of lead-concentrate: 0.5 t/t [evidence: prc-lead, src-lead-concentrate]" in told
    assert "by-products, less their freight: 1068 USD/t [evidence: Au, lead-concentrate]" in told
    assert any(entry.startswith("price of the product: 1168 USD/t [evidence: ") for entry in told)


def test_the_lead_of_a_real_mine_brings_in_what_a_calculator_says(layers, alternatives, real_hauls, assumptions):
    """Gunga: 1.4 % Pb, recovery 0.8132, lead at its middle of 2081.9 USD/t less 17 %, and 0.6524 Pb in a concentrate that pays freight."""
    here = alternatives[alternatives["alternative"] == "gunga-mine-site:lead-zinc-concentrate"]
    economics = estimate(layers, here, real_hauls, assumptions=assumptions)
    row = economics.table.set_index("partner").loc["japan"]
    steps = economics.balance.set_index(["stage_id", "deposit_id", "output"]).loc[("lead-zinc-concentrate", "gunga")]
    ore = steps.loc["zinc-concentrate", "feed_t_per_t"]
    lead = ore * 0.014 * 0.8132
    worth = lead * 2081.9 * 0.83 - lead / 0.6524 * row["product_freight_usd_per_t"]
    assert row["by_product_usd_per_t"] == pytest.approx(worth, rel=1e-6)
