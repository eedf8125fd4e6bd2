"""The hauls table, first in the country of four towns, then on the real layers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geokit.core.chain import trace_feeds
from geokit.core.columns import split_ids
from geokit.io.dictionary import read_columns
from geokit.network import route
from geokit.network.rates import origin_ports

KEY = ["origin_id", "destination_id", "kind", "product_id"]
COSTS = ["usd_per_t_low", "usd_per_t", "usd_per_t_high"]


@pytest.fixture
def small(country, choices, plain):
    return route(country, choices, assumptions=plain).set_index(KEY).sort_index()


@pytest.fixture(scope="module")
def hauls(real_freight):
    return real_freight.hauls


def test_feed_goes_from_located_deposits_to_plants_of_their_stage(small):
    feed = small.xs("feed", level="kind").reset_index()
    assert list(zip(feed["origin_id"], feed["destination_id"], strict=True)) == [("dep-far", "site-end"), ("dep-far", "site-far")]


def test_port_hauls_start_at_plants_and_deposits(small):
    assert set(small.xs("port", level="kind").index.get_level_values("origin_id")) == {"dep-far", "site-end", "site-far"}


def test_products_go_to_partners_and_feed_to_rivals_too(small):
    delivered = small.xs("delivered", level="kind").reset_index()
    ways = set(zip(delivered["origin_id"], delivered["product_id"], delivered["destination_id"], strict=True))
    assert {("site-end", "metal", "Q1"), ("site-end", "metal", "Q2"), ("dep-far", "conc", "Q1"), ("dep-far", "ore", "Q2")} <= ways
    assert not any(destination == "Q3" for _, _, destination in ways), "the rival's port has no lane"


def test_the_rival_is_served_once_there_is_a_lane(country, choices, plain):
    country["sea_distances"].loc[9] = ("P1", "Q3", 100.0, 100.0, 100.0, 90.0)
    delivered = route(country, choices, assumptions=plain).query("kind == 'delivered' and destination_id == 'Q3'")
    assert set(delivered["origin_id"]) == {"dep-far"}


def test_a_partner_without_a_port_has_no_row(small):
    assert "" not in small.index.get_level_values("destination_id")


def test_delivered_is_land_plus_handling_plus_sea(small):
    row, land = small.loc[("dep-far", "Q2", "delivered", "ore")], small.loc[("dep-far", "P1", "port", "")]
    sea = (10000 * (2000 / 300 + 12) + 500 * (20 * 2000 / 300 + 3 * 12) + 100000) / 25000
    assert row["usd_per_t"] == pytest.approx(land["usd_per_t"] + 2.5 + sea)
    assert row["hours"] == pytest.approx(land["hours"] + 2000 / 12.5)
    assert (row["via_port_id"], row["sea_km"], row["rail_km"]) == ("P1", 2000 * 1.852, land["rail_km"])


def test_passages_by_land_and_sea_are_both_named(small):
    assert small.loc[("dep-far", "Q2", "delivered", "ore"), "assumed_open"] == "The gorge;The strait"


def test_missing_charges_are_noted(small):
    assert small.loc[("site-end", "Q2", "delivered", "metal"), "note"].endswith("charges of P1 not found")
    assert "charges" not in small.loc[("dep-far", "Q2", "delivered", "ore"), "note"]


def test_a_toll_plant_ships_its_product_to_partners(small):
    sea = small.xs("sea", level="kind")
    assert sea.loc[("Q1", "Q1", "metal"), "usd_per_t"] == 0.0
    assert ("Q1", "Q2", "metal") not in sea.index


def test_the_cheaper_of_two_origin_ports_is_taken_whatever_is_known_of_charges(country, choices, plain):
    country["ports"].loc[country["ports"]["port_id"] == "P2", ["role_code", "status_code"]] = ["origin", "operating"]
    country["sea_distances"].loc[9] = ("P2", "Q1", 4000.0, 4000.0, 4000.0, 3600.0)
    table = route(country, choices, assumptions=plain).query("kind == 'delivered' and destination_id == 'Q1'")
    assert set(table["via_port_id"]) == {"P2"}, "nearer by land, equally far by sea"
    country["sea_distances"].loc[9, "nm"] = 40000.0
    table = route(country, choices, assumptions=plain).query("kind == 'delivered' and destination_id == 'Q1'")
    assert set(table["via_port_id"]) == {"P1"}


def test_a_terminal_loads_the_cargo_of_its_contract_only(country, choices, plain):
    at = country["ports"]["port_id"] == "P2"
    country["ports"].loc[at, ["role_code", "status_code", "takes_product_ids"]] = ["origin", "operating", "conc"]
    country["sea_distances"].loc[9] = ("P2", "Q1", 40.0, 40.0, 40.0, 36.0)
    table = route(country, choices, assumptions=plain).query("kind == 'delivered'").set_index(["product_id", "destination_id"])
    to_first = table.xs("Q1", level="destination_id")["via_port_id"]
    assert to_first.groupby(level=0).agg(set).to_dict() == {"conc": {"P2"}, "metal": {"P1"}, "ore": {"P1"}}
    assert set(table[table.index == ("conc", "Q2")]["via_port_id"]) == {"P1"}, "no lane leads from the terminal to the second buyer"


def test_no_port_for_a_product_is_no_row(country, choices, plain):
    country["ports"]["takes_product_ids"] = country["ports"]["takes_product_ids"].mask(country["ports"]["port_id"] == "P1", "conc")
    delivered = route(country, choices, assumptions=plain).query("kind == 'delivered'")
    assert set(delivered["product_id"]) == {"conc"}


def test_inputs_are_left_alone(country, choices, plain):
    before = {name: table.copy() for name, table in country.items()}
    route(country, choices, assumptions=plain)
    for name, table in country.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_hauls_are_of_a_tonne_as_carried_whatever_its_water(country, choices, plain):
    dry = route(country, choices, assumptions=plain)
    country["products"]["moisture_frac"] = 0.1
    pd.testing.assert_frame_equal(route(country, choices, assumptions=plain), dry)


def test_a_plant_that_takes_the_product_is_reached_by_its_port_and_the_leg_behind_it(country, choices, plain, degree_km):
    """The mill lies two degrees behind Q1 and takes metal; the works, one degree behind Q2, names no port and takes concentrate."""
    rate = {"low": 0.01, "mode": 0.02, "high": 0.05}
    abroad = plain.replace(transport__inland_abroad_tortuosity=1.5, transport__inland_abroad_usd_per_t_km=rate)
    table = route(country, choices, assumptions=abroad).set_index(KEY).sort_index()
    for origin, plant, port, product, km in [
        ("site-end", "mill", "Q1", "metal", 3 * degree_km), ("dep-far", "works", "Q2", "conc", 1.5 * degree_km)
    ]:  # fmt: skip
        there, before = table.loc[(origin, plant, "plant", product)], table.loc[(origin, port, "delivered", product)]
        assert there[COSTS].tolist() == pytest.approx([before[cost] + km * end for cost, end in zip(COSTS, rate.values(), strict=True)])
        assert (there["via_port_id"], there["sea_km"], there["hours"]) == (before["via_port_id"], before["sea_km"], before["hours"])
        assert f"from {port} {km:,.0f} km inland to the plant at an assumed rate (grade A)" in there["note"]
    plants = table.xs("plant", level="kind").reset_index()
    assert set(zip(plants["destination_id"], plants["product_id"], strict=True)) == {("mill", "metal"), ("works", "conc")}
    assert plants.loc[plants["destination_id"] == "works", "note"].str.contains("no port of the plant is stated").all()
    assert table.loc[("Q1", "mill", "plant", "metal"), "usd_per_t"] == pytest.approx(3 * degree_km * 0.02), "from the toll plant"


def test_every_named_taker_has_a_haul_from_every_place_that_makes_its_product(hauls, layers):
    taken = set(map(tuple, layers["accepts"].query("accepts == 'yes'")[["destination_id", "product_id"]].to_numpy()))
    delivered = hauls.query("kind == 'delivered'").groupby("product_id")["origin_id"].agg(set)
    plants = hauls.query("kind == 'plant' and via_port_id != ''")
    reached = plants.groupby(["destination_id", "product_id"])["origin_id"].agg(set).to_dict()
    assert set(reached) == {(plant, product) for plant, product in taken if product in delivered}
    assert all(origins == delivered[product] for (_, product), origins in reached.items())


def test_columns_are_those_of_the_dictionary_in_order(hauls):
    assert list(hauls.columns) == [column.name for column in read_columns("hauls")]


def test_keys_are_unique_and_sorted(hauls):
    assert not hauls.duplicated(KEY).any()
    pd.testing.assert_frame_equal(hauls, hauls.sort_values(KEY, ignore_index=True))


def test_no_figure_is_missing_but_closed_days(hauls):
    figures = hauls.select_dtypes("number").drop(columns="closed_days")
    assert np.isfinite(figures.to_numpy()).all()
    assert (figures >= 0).all(axis=None)


def test_low_mode_high_are_ordered(hauls):
    assert (hauls["usd_per_t_low"] <= hauls["usd_per_t"] + 1e-9).all()
    assert (hauls["usd_per_t"] <= hauls["usd_per_t_high"] + 1e-9).all()


def test_every_plant_reaches_every_partner_port(hauls, alternatives, layers):
    plants = alternatives.query("kind == 'plant'")[["place_id", "product_id"]].drop_duplicates()
    ports = set(layers["partners"]["default_port_id"]) - {""}
    delivered = hauls.query("kind == 'delivered'").groupby(["origin_id", "product_id"])["destination_id"].agg(set)
    assert all(ports <= delivered[(row.place_id, row.product_id)] for row in plants.itertuples())


def test_feed_rows_are_those_of_the_chain(hauls, alternatives, layers):
    feeds = trace_feeds(layers).merge(alternatives.query("kind == 'plant'")[["stage_id", "place_id"]], on="stage_id")
    asked = set(zip(feeds["deposit_id"], feeds["place_id"], strict=True))
    feed = hauls.query("kind == 'feed'")
    assert set(zip(feed["origin_id"], feed["destination_id"], strict=True)) <= asked


def test_deposits_without_coordinates_appear_nowhere(hauls, layers):
    lost = set(layers["deposits"][layers["deposits"]["lat"].isna()]["deposit_id"])
    assert lost
    assert not lost & set(hauls["origin_id"])


def test_only_operating_origin_ports_are_used(hauls, layers):
    assert set(hauls["via_port_id"]) - {""} <= set(origin_ports(layers["ports"])["port_id"])


def test_the_bulk_terminal_whose_charges_are_known_ships_nothing_that_another_ships_cheaper(hauls, layers):
    lists = layers["ports"].query("takes_product_ids != ''").set_index("port_id")["takes_product_ids"]
    assert lists.to_dict() == {"PKBQM": "copper-concentrate"}
    assert not (hauls["via_port_id"] == "PKBQM").any(), "handling of concentrate there is a later plan (model rule M17)"
    assert not hauls["assumed_open"].str.contains("PIBT").any()


def test_with_no_other_port_the_bulk_terminal_ships_concentrate_as_assumed_open_and_nothing_else(layers, alternatives, assumptions):
    hauls = route(layers, alternatives, assumptions=assumptions, closed=frozenset({"PKKHI", "PKGWD"})).query("kind == 'delivered'")
    assert set(hauls["via_port_id"]) == {"PKBQM"}
    assert set(hauls["product_id"]) == {"copper-concentrate"}
    assert hauls["assumed_open"].str.contains("PIBT at Port Qasim").all()


@pytest.mark.parametrize("place", ["port-qasim", "dhabeji-sez"])
def test_places_beside_the_bulk_terminal_leave_by_the_next_port(hauls, place):
    delivered = hauls[(hauls["kind"] == "delivered") & (hauls["origin_id"] == place) & (hauls["product_id"] != "copper-concentrate")]
    assert len(delivered) > 50
    assert set(delivered["via_port_id"]) == {"PKKHI"}
    assert delivered["note"].str.endswith("charges of PKKHI not found").all()


def test_time_and_length_of_a_delivery_are_those_of_its_port(hauls, layers):
    """The high end may go another way; hours, kilometres and the passages assumed open are those of the mode."""
    land = hauls.query("kind == 'port'").set_index(["origin_id", "destination_id"])
    delivered = hauls.query("kind == 'delivered'")
    inland = land.loc[pd.MultiIndex.from_frame(delivered[["origin_id", "via_port_id"]])]
    nm = layers["sea_distances"].set_index(["from_port_id", "to_port_id"])["nm"]
    lane = nm.loc[pd.MultiIndex.from_frame(delivered[["via_port_id", "destination_id"]])].to_numpy()
    np.testing.assert_allclose(delivered["sea_km"], lane * 1.852)
    np.testing.assert_allclose(delivered["hours"].to_numpy(), inland["hours"].to_numpy() + lane * 1.05 / 12.5)
    for name in ("road_km", "rail_km", "gap_km", "transfers"):
        np.testing.assert_allclose(delivered[name].to_numpy(), inland[name].to_numpy())


def test_assumed_open_names_passages_of_the_layer(hauls, layers):
    named = {name for cell in set(hauls["assumed_open"]) for name in split_ids(cell)}
    assert named
    assert named <= set(layers["passages"]["passage_or_site"])


def test_an_ore_plant_at_its_deposit_pays_nothing_for_its_own_ore(hauls):
    own = hauls.query("kind == 'feed' and origin_id == destination_id")
    assert len(own) > 20
    assert (own[COSTS] == 0).all(axis=None)


def test_the_result_does_not_depend_on_the_order_of_the_layers(hauls, layers, alternatives, assumptions):
    shuffled = {name: layers[name].sample(frac=1, random_state=1).reset_index(drop=True) for name in ("links", "deposits", "sea_distances")}
    again = route(replace(layers, tables={**layers, **shuffled}), alternatives.sample(frac=1, random_state=2), assumptions=assumptions)
    pd.testing.assert_frame_equal(again[[*KEY, *COSTS]], hauls[[*KEY, *COSTS]], rtol=1e-9)
