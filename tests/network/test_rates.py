"""Which links carry freight, and what a tonne-kilometre on them costs."""

import pandas as pd
import pytest

from geokit.core.errors import GeokitError
from geokit.network.build import build_network
from geokit.network.rates import (
    RATES,
    backhaul_provinces,
    dear_rate,
    index_layers,
    index_rates,
    open_links,
    origin_ports,
    price_traversals,
    rail_extras,
    takes_product,
)


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


def add_port(country, node_id):
    """Return the country with a second origin port."""
    new = country["ports"].query("port_id == 'P1'").assign(port_id="P9", node_id=node_id)
    return country | {"ports": pd.concat([country["ports"], new], ignore_index=True)}


@pytest.mark.parametrize("node_id", ["MID", "END", "FAR"])
def test_another_port_takes_no_empty_truck_from_the_first(country, node_id):
    before, after = (price_traversals(layers, backhaul=True) for layers in (country, add_port(country, node_id)))
    assert (after["usd_per_t"] <= before["usd_per_t"] + 1e-9).all()


def test_empty_trucks_go_home_to_the_ports_of_their_quotes_alone(country):
    """The truck of the quote goes home to the harbour; one whose quote names no port goes home to any."""
    twice = add_port(country, "END")
    assert traversal(price_traversals(twice, backhaul=True), "MID", "END")["usd_per_t"] == pytest.approx(4.0)
    free = twice | {"freight_rates": twice["freight_rates"].assign(home_port_ids="")}
    assert traversal(price_traversals(free, backhaul=True), "MID", "END")["usd_per_t"] == pytest.approx(1.0)
    assert traversal(price_traversals(free, backhaul=True), "END", "MID")["usd_per_t"] == pytest.approx(1.0)


def test_a_promised_road_does_not_turn_the_trucks_round(country, plain):
    """A road of 10 km from the coast to END would make MID the farther town."""
    links = country["links"].copy()
    links.loc[links["link_id"] == "x1", "open_from"] = "2030-01-01"
    layers = country | {"links": links.fillna({"open_from": ""})}
    edges = (build_network(layers, plain, year=year).edges[True].query("mode == 'road'") for year in (None, 2030))
    now, later = (table.set_index(["link_id", "tail"])["usd_per_t"] for table in edges)
    assert later.index.difference(now.index).get_level_values("link_id").tolist() == ["x1", "x1"]
    assert (later.loc[now.index] == now).all()


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


@pytest.fixture
def dated(country):
    road = country["freight_rates"]["mode"] == "road"
    load, fuel = (road.map({True: figure, False: float("nan")}) for figure in (25.0, 1.0))
    return country | {"freight_rates": country["freight_rates"].assign(payload_t=load, diesel_usd_per_l=fuel)}


def transport(assumptions, **fields):
    share = {"low": 0.2, "mode": 0.5, "high": 0.6}
    own = {f"transport__{name}": value for name, value in ({"diesel_share_frac": share} | fields).items()}
    return assumptions.replace(**own).transport


@pytest.mark.parametrize(("diesel", "factors"), [(None, (1, 1, 1)), (1.0, (1, 1, 1)), (2.0, (1.2, 1.5, 1.6)), (0.5, (0.7, 0.75, 0.9))])
def test_road_rates_follow_diesel_by_its_share_and_rail_does_not(dated, assumptions, diesel, factors):
    rates = dated["freight_rates"]
    after = index_rates(rates, transport(assumptions, diesel_usd_per_l=diesel))
    for name, factor in zip(RATES, factors, strict=True):
        expected = rates[name] * (rates["mode"] == "road").map({True: factor, False: 1.0})
        assert after[name].tolist() == pytest.approx(expected.tolist())


def test_a_heavier_load_makes_the_tonne_cheaper(dated, assumptions):
    after = index_rates(dated["freight_rates"], transport(assumptions, truck_payload_t=50))
    assert after["usd_per_t_km"].tolist() == pytest.approx([0.02, 0.02, 0.005, 0.02])


def test_a_link_has_its_own_factor_before_that_of_its_surface(dated, assumptions):
    moved = index_layers(dated, transport(assumptions, link_cost_factor={"gravel": 1.5, "r2": 2.0, "r3-jeep": 3.0, "paved": 1.1}))
    before, after = (price_traversals(layers, backhaul=True).set_index(["link_id", "tail_id"])["usd_per_t"] for layers in (dated, moved))
    ratio = (after / before).groupby(level=0).first()
    assert ratio.to_dict() == pytest.approx({"r1": 1.1, "r1-old": 1.1, "r2": 2.0, "r3": 1.5, "t1": 1.0, "t2": 1.0})


def test_without_a_word_of_the_user_the_rates_stand_as_quoted(layers, assumptions):
    indexed = index_layers(layers, assumptions.transport)
    pd.testing.assert_frame_equal(indexed["freight_rates"], layers["freight_rates"])
    assert (indexed["links"]["cost_factor"] == 1.0).all()


def test_the_quotes_are_dated_by_the_price_of_their_day(layers):
    """272.98 rupees a litre on 1 July 2025 and 11.37 more from the 16th (press), at the exchange rate of the layers."""
    rupees = layers["finance"].set_index("finance_id").loc["fx_pkr", "mode"]
    road = layers["freight_rates"].query("mode == 'road'")
    assert road["diesel_usd_per_l"].tolist() == pytest.approx([(272.98 + 11.37) / rupees] * 3, abs=5e-4)
    assert (road["payload_t"] == 25).all()


def test_scaling_all_rates_scales_all_costs(country):
    twice = country | {"freight_rates": country["freight_rates"].assign(**{name: 2 * country["freight_rates"][name] for name in RATES})}
    before, after = (price_traversals(layers, backhaul=True) for layers in (country, twice))
    for name in ("usd_per_t_low", "usd_per_t", "usd_per_t_high"):
        assert after[name].tolist() == pytest.approx((2 * before[name]).tolist())


def test_short_hauls_by_rail_pay_the_kilometres_they_do_not_run(country, assumptions):
    fee = {"low": 1.0, "mode": 2.0, "high": 4.0}
    own = transport(assumptions, rail_minimum_km=250, rail_terminal_usd_per_t=fee)
    extra = rail_extras(pd.Series([0.0, 150.0, 400.0]), country["freight_rates"], own)
    assert extra["usd_per_t"].tolist() == pytest.approx([0.0, 100 * 0.02 + 2, 2])
    assert extra.loc[1].tolist() == pytest.approx([100 * 0.01 + 1, 100 * 0.02 + 2, 100 * 0.03 + 4])
    assert (rail_extras(pd.Series([10.0]), country["freight_rates"], assumptions.transport) == 0).all(axis=None)


def test_the_rate_by_rail_is_what_the_railway_earned(layers):
    """31.5 billion rupees in fiscal year 2024-25; 5,816 million tonne-kilometres from July to March (press on official figures)."""
    rupees = layers["finance"].set_index("finance_id").loc["fx_pkr", "mode"]
    rail = layers["freight_rates"].set_index("rate_id").loc["rail"]
    assert rail["usd_per_t_km"] == pytest.approx(31.5e9 / (5816e6 * 12 / 9) / rupees, rel=0.005)
    assert rail["usd_per_t_km"] < layers["freight_rates"].set_index("rate_id").loc["road-up-country", "usd_per_t_km"]
