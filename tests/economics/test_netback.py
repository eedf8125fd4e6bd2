import pytest

from geokit.economics.netback import export_hauls, list_buyers
from geokit.economics.quotes import quote_products


def exports(world, assumptions, layers=None, hauls=None):
    layers = layers or world.layers
    quotes = quote_products(layers, assumptions=assumptions)
    table = export_hauls(layers, world.alternatives, world.hauls if hauls is None else hauls, quotes=quotes)
    return table.set_index(["stage_id", "partner"])


def test_rivals_tolling_hosts_and_the_partner_bid(world):
    buyers = list_buyers(world.layers, world.alternatives)
    ports = buyers[(buyers["stage_id"] == "smelt") & (buyers["partner"] == "japan")]["port_id"]
    assert sorted(ports) == ["CNBBB", "JPAAA", "OMTTT"]


def test_a_host_bids_only_for_the_feed_of_its_stage(world):
    buyers = list_buyers(world.layers, world.alternatives)
    assert "OMTTT" not in set(buyers[buyers["stage_id"] == "mill"]["port_id"])


def test_a_partner_without_a_port_adds_no_buyer(world):
    buyers = list_buyers(world.layers, world.alternatives)
    assert sorted(buyers[(buyers["stage_id"] == "mill") & (buyers["partner"] == "inland")]["port_id"]) == ["CNBBB"]


def test_a_quote_of_one_market_holds_at_its_ports_only(world, assumptions):
    row = exports(world, assumptions).loc[("smelt", "japan")]
    assert (row["out"], row["buyer_port_id"]) == (40.0, "CNBBB")


def test_a_world_price_is_earned_at_the_nearest_buyer(world, change, assumptions):
    layers = change(world.layers, "prices", "price_id", "conc", market_issuer="", vat_included="no")
    row = exports(world, assumptions, layers).loc[("smelt", "japan")]
    assert (row["out"], row["buyer_port_id"]) == (20.0, "OMTTT")


@pytest.mark.parametrize("corner", ["usd_per_t_low", "usd_per_t", "usd_per_t_high"])
def test_each_corner_is_the_least_of_its_own(world, change, assumptions, corner):
    layers = change(world.layers, "prices", "price_id", "conc", market_issuer="", vat_included="no")
    hauls = world.hauls.assign(**{corner: world.hauls[corner].mask(world.hauls["destination_id"] == "CNBBB", 1.0)})
    row = exports(world, assumptions, layers, hauls).loc[("smelt", "japan")]
    assert row[corner.replace("usd_per_t", "out")] == 1.0
