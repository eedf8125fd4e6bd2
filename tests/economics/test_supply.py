import math

import pandas as pd
import pytest

from geokit.economics.balance import feed_ratios
from geokit.economics.balance_table import ore_needs
from geokit.economics.quotes import quote_products
from geokit.economics.supply import choose_supplier


def offer(deposit, cost, available="free", *, proven=True):
    ends = {"in_low": cost, "in": cost, "in_high": cost}
    return {
        "place_id": "zone",
        "stage_id": "smelt",
        "siting": "free",
        "deposit_id": deposit,
        "feed_product_id": "conc",
        "feed_available": available,
        "proven": proven,
        **ends,
    }


@pytest.fixture
def supplier(world, assumptions):
    ratios = feed_ratios(world.layers, assumptions=assumptions)
    quotes = quote_products(world.layers, assumptions=assumptions)

    ores = ore_needs(world.layers, assumptions=assumptions)

    def chosen(*offers, out=40.0, feed=None):
        names = [lot["deposit_id"] for lot in offers]
        exports = pd.DataFrame({"deposit_id": names}).assign(
            stage_id="smelt", feed_product_id="conc", partner="japan", out_low=out, out=out, out_high=out
        )
        return choose_supplier(
            pd.DataFrame(offers), exports=exports.assign(buyer_port_id="CNBBB"), ratios=ratios, ores=ores, quotes=quotes,
            partners=pd.Series(["japan"]), given=assumptions.feed if feed is None else feed,
        ).iloc[0]  # fmt: skip

    return chosen


def test_the_cheapest_free_lot_supplies(supplier):
    assert supplier(offer("far", 9.0), offer("near", 3.0))["deposit_id"] == "near"


def test_free_feed_goes_before_cheaper_feed_of_an_unknown_holder(supplier):
    assert supplier(offer("free", 9.0), offer("unknown", 3.0, ""))["deposit_id"] == "free"


def test_a_running_mine_goes_before_a_nearer_prospect(supplier):
    assert supplier(offer("prospect", 1.0, proven=False), offer("mine", 9.0))["deposit_id"] == "mine"


def test_a_tie_is_broken_by_the_id(supplier):
    assert supplier(offer("b", 3.0), offer("a", 3.0))["deposit_id"] == "a"


def test_the_gate_price_is_the_netback(supplier):
    assert supplier(offer("pit", 3.0))["gate_usd_per_t"] == pytest.approx(60.0)


def test_an_owner_never_pays_to_be_rid_of_ore(supplier):
    assert supplier(offer("pit", 3.0), out=250.0)["gate_usd_per_t"] == 0.0


def test_without_a_way_to_a_buyer_the_gate_price_is_unknown_and_the_nearest_supplies(supplier):
    row = supplier(offer("far", 9.0), offer("near", 3.0), out=math.nan)
    assert row["deposit_id"] == "near"
    assert math.isnan(row["gate_usd_per_t"])
