import pandas as pd
import pytest

from geokit.economics.balance import feed_ratios
from geokit.economics.feed import feed_sources
from geokit.economics.merit import COLUMNS, order_merit
from geokit.economics.netback import export_hauls
from geokit.economics.quotes import quote_products
from geokit.economics.years import feed_years
from geokit.io.dictionary import read_columns
from tests.economics.conftest import frame, haul, plan


def with_twin(layers, **cells):
    """Give the pit a twin, the hole, whose cells differ."""
    twin = layers["deposits"].assign(deposit_id="hole", name="Hole", **cells)
    feeds = layers["deposit_feeds"].assign(deposit_id="hole", feed_id="hole-1")
    return {
        **layers,
        "deposits": pd.concat([layers["deposits"], twin], ignore_index=True),
        "deposit_feeds": pd.concat([layers["deposit_feeds"], feeds], ignore_index=True),
        "feed_plans": frame("feed_plans", plan("pit", 20.0), plan("hole", 40.0)),
    }


@pytest.fixture
def merit(world, assumptions):
    sold = [haul("hole", port, "delivered", usd, "conc") for port, usd in (("CNBBB", 40.0), ("JPAAA", 60.0))]
    more = frame("hauls", haul("hole", "zone", "feed", 9.0), *sold)

    def ordered(layers, hauls=None, assumed=assumptions):
        hauls = pd.concat([world.hauls, more], ignore_index=True) if hauls is None else hauls
        quotes = quote_products(layers, assumptions=assumed)
        return order_merit(
            layers, feed_sources(layers, hauls, assumptions=assumed), feed_years(layers, assumptions=assumed),
            exports=export_hauls(layers, world.alternatives, hauls, quotes=quotes), ratios=feed_ratios(layers, assumptions=assumed),
            quotes=quotes, assumptions=assumed,
        )  # fmt: skip

    return ordered


def at_zone(table):
    return table[(table["place_id"] == "zone") & (table["stage_id"] == "smelt")].set_index("deposit_id")


def test_columns_are_the_declared_ones(world, merit):
    assert list(merit(with_twin(world.layers))) == [column.name for column in read_columns("merit")] == COLUMNS


def test_the_curve_by_hand(world, merit):
    """Concentrate at 100 without tax, 40 to the rival: 60 at the gate; two tonnes a tonne of metal; 5 and 9 to the zone."""
    rows = at_zone(merit(with_twin(world.layers)))
    assert rows["usd_per_payable_t"].to_dict() == pytest.approx({"pit": 2 * 65.0, "hole": 2 * 69.0})
    assert rows["rank"].to_dict() == {"pit": 1, "hole": 2}
    assert rows["cumulative_t_per_y"].to_dict() == pytest.approx({"pit": 1_000.0, "hole": 3_000.0})
    assert set(rows["gate_basis"]) == {"best export netback"}


def test_a_cheaper_haul_never_lowers_the_place_in_the_order(world, merit):
    layers = with_twin(world.layers)
    near = frame("hauls", haul("hole", "zone", "feed", 2.0), haul("hole", "CNBBB", "delivered", 40.0, "conc"))
    rows = at_zone(merit(layers, pd.concat([world.hauls, near], ignore_index=True)))
    assert rows["rank"].to_dict() == {"hole": 1, "pit": 2}


def test_a_higher_bid_of_the_rival_makes_feed_dearer(world, change, merit):
    layers = with_twin(world.layers)
    dearer = change(layers, "prices", "price_id", "conc", low=226.0, mode=226.0, high=226.0)
    assert (at_zone(merit(dearer))["usd_per_payable_t"] > at_zone(merit(layers))["usd_per_payable_t"]).all()


def test_nobody_sells_below_his_cost(world, merit, assumptions):
    costly = assumptions.replace(feed__mining_usd_per_t={"conc": {"low": 70.0, "mode": 80.0, "high": 90.0}})
    rows = at_zone(merit(with_twin(world.layers), assumed=costly))
    assert rows["gate_usd_per_t"].tolist() == [80.0, 80.0]
    assert set(rows["gate_basis"]) == {"cost of mining and milling"}


def test_water_is_carried_and_not_paid_for(world, change, merit):
    layers = change(with_twin(world.layers), "products", "product_id", "conc", moisture_frac=0.2)
    row = at_zone(merit(layers)).loc["pit"]
    assert row["haul_usd_per_t"] == pytest.approx(5.0 / 0.8)
    assert row["gate_usd_per_t"] == pytest.approx(100.0 - 40.0 / 0.8)


@pytest.mark.parametrize(("held", "rank"), [("captive", None), ("committed", None), ("contested", 2), ("", 2)])
def test_held_feed_has_no_place_and_free_feed_goes_first(world, merit, held, rank):
    layers = with_twin(world.layers, feed_available=held)
    near = frame("hauls", haul("hole", "zone", "feed", 1.0), haul("hole", "CNBBB", "delivered", 40.0, "conc"))
    found = at_zone(merit(layers, pd.concat([world.hauls, near], ignore_index=True))).loc["hole", "rank"]
    assert pd.isna(found) if rank is None else found == rank


def test_the_curve_ends_where_tonnes_are_unknown_and_known_ones_go_first(world, merit):
    layers = {**with_twin(world.layers), "feed_plans": frame("feed_plans", plan("hole", 40.0))}
    rows = at_zone(merit(layers))
    assert rows["rank"].to_dict() == {"hole": 1, "pit": 2}
    assert rows.loc["hole", "cumulative_t_per_y"] == pytest.approx(2_000.0)
    assert pd.isna(rows.loc["pit", "cumulative_t_per_y"])


def test_the_order_of_the_rows_changes_nothing(world, merit):
    layers = with_twin(world.layers)
    turned = {name: table.iloc[::-1].reset_index(drop=True) for name, table in layers.items()}
    pd.testing.assert_frame_equal(merit(turned), merit(layers))
