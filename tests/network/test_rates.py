"""Which links carry freight, and what a tonne-kilometre on them costs."""

import pandas as pd
import pytest

from geokit.core.errors import GeokitError
from geokit.network.rates import backhaul_provinces, dear_rate, open_links, origin_ports, price_traversals, takes_product


def traversal(table, tail, head, mode="road", link_id=None):
    rows = table[(table["tail_id"] == tail) & (table["head_id"] == head) & (table["mode"] == mode)]
    return rows[rows["link_id"] == link_id].iloc[0] if link_id else rows.iloc[0]


def test_only_open_and_seasonal_links_for_trucks_are_used(country):
    assert set(open_links(country["links"])["link_id"]) == {"r1", "r1-old", "r2", "r3", "t1", "t2"}


@pytest.mark.parametrize("status", ["construction", "planned", "closed", "concept", ""])
def test_any_other_status_is_out(country, status):
    links = country["links"]
    links.loc[links["link_id"] == "r2", "status_code"] = status
    assert "r2" not in set(open_links(links)["link_id"])


def test_only_operating_origin_ports_load_freight(country):
    assert list(origin_ports(country["ports"])["port_id"]) == ["P1"]


def test_a_port_with_a_list_takes_what_is_on_it_and_no_cargo_without_a_name():
    ports = pd.DataFrame({"port_id": ["ANY", "JETTY"], "takes_product_ids": ["", "conc|coal"]})
    asked = pd.DataFrame(
        [("ANY", "metal"), ("ANY", ""), ("JETTY", "conc"), ("JETTY", "coal"), ("JETTY", "metal"), ("JETTY", ""), ("JETTY", "con")],
        columns=["port_id", "product_id"],
        index=range(10, 17),
    )
    taken = takes_product(ports, asked["port_id"], asked["product_id"])
    assert taken.tolist() == [True, True, True, True, False, False, False]
    assert taken.index.equals(asked.index)
    assert takes_product(ports, asked["port_id"].head(0), asked["product_id"].head(0)).dtype == bool


def test_each_open_link_is_priced_both_ways(country):
    table = price_traversals(country, backhaul=False)
    assert (table["link_id"].value_counts() == 2).all()
    assert len(table) == 12


def test_cost_is_rate_times_km_and_time_is_km_over_speed(country):
    row = traversal(price_traversals(country, backhaul=False), "HARB", "MID", link_id="r1")
    assert (row["usd_per_t_low"], row["usd_per_t"], row["usd_per_t_high"], row["hours"]) == pytest.approx((2.0, 4.0, 6.0, 2.0))


def test_direction_points_to_the_port(country):
    table = price_traversals(country, backhaul=False)
    assert traversal(table, "END", "MID")["direction"] == "port_bound"
    assert traversal(table, "MID", "END")["direction"] == "up_country"


def test_closing_a_road_does_not_turn_the_trucks_round(country):
    links = country["links"]
    links.loc[links["link_id"].isin(["r1", "r1-old"]), "status_code"] = "closed"
    assert traversal(price_traversals(country, backhaul=False), "END", "MID")["direction"] == "port_bound"


def test_without_a_quote_the_port_bound_truck_pays_the_dear_rate(country):
    table = price_traversals(country, backhaul=False)
    assert traversal(table, "END", "MID")["usd_per_t"] == traversal(table, "MID", "END")["usd_per_t"] == pytest.approx(4.0)


def test_the_empty_truck_is_cheap_towards_the_port_only(country):
    table = price_traversals(country, backhaul=True)
    assert traversal(table, "END", "MID")["usd_per_t"] == pytest.approx(1.0)
    assert traversal(table, "MID", "END")["usd_per_t"] == pytest.approx(4.0)


def test_the_empty_truck_needs_both_ends_of_the_link_in_its_provinces(country):
    assert traversal(price_traversals(country, backhaul=True), "FAR", "END")["usd_per_t"] == pytest.approx(50 * 0.04)


def test_rail_has_one_rate_both_ways(country):
    table = price_traversals(country, backhaul=True)
    assert traversal(table, "END", "MID", "rail")["usd_per_t"] == traversal(table, "MID", "END", "rail")["usd_per_t"] == pytest.approx(2.0)


def test_tracks_are_priced_at_the_up_country_road_rate(country):
    assert list(dear_rate(country["freight_rates"])) == [0.02, 0.04, 0.06]


def test_back_haul_provinces_are_those_of_the_origin(country):
    assert backhaul_provinces(country["freight_rates"]) == {"inland"}


@pytest.mark.parametrize(("table", "column", "word"), [("freight_rates", "mode", "'t1'"), ("link_speeds", "surface_code", "'t1'")])
def test_a_link_without_rate_or_speed_is_refused_by_name(country, table, column, word):
    country[table] = country[table][~country[table][column].isin(["rail", "track"])]
    with pytest.raises(GeokitError, match=word):
        price_traversals(country, backhaul=False)
