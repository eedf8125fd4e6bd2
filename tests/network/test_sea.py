"""The voyage formula, lanes, passages at sea, dues and port charges."""

import pandas as pd
import pytest

from geokit.core.errors import GeokitError
from geokit.network.packing import pack_of
from geokit.network.passages import lane_detours, lane_dues, sea_passages
from geokit.network.sea import PROXY, Voyage, port_charges, read_voyage, sea_hauls, voyage_usd_per_t

EASY = Voyage(
    rate=1000,
    bunker=0,
    fuel=10,
    fuel_port=1,
    speed=10,
    load_rate=1000,
    disch_rate=1000,
    turn=0,
    position=0,
    sea_margin=1,
    port_costs=0,
    commission=0,
)


def lanes(*rows):
    return pd.DataFrame(rows, columns=["from_port_id", "to_port_id", "product_id"])


@pytest.fixture
def ship(country, plain):
    return lambda *rows: sea_hauls(lanes(*rows), country, plain.transport)


def test_a_day_at_sea_and_two_in_port_cost_three_days_of_hire():
    assert voyage_usd_per_t(240, EASY, parcel_t=1000) == pytest.approx(3000 / 1000)


def test_fuel_is_burned_at_sea_and_in_port():
    burning = Voyage(**{**EASY.__dict__, "bunker": 100})
    assert voyage_usd_per_t(240, burning, parcel_t=1000) - 3.0 == pytest.approx(100 * (10 * 1 + 1 * 2) / 1000)


def test_the_commission_is_taken_from_the_freight():
    assert voyage_usd_per_t(240, Voyage(**{**EASY.__dict__, "commission": 0.5}), parcel_t=1000) == pytest.approx(6.0)


def test_canal_dues_are_shared_by_the_cargo():
    assert voyage_usd_per_t(240, EASY, parcel_t=1000, dues_usd=500) == pytest.approx(3.5)


def test_low_cost_takes_the_fast_ship_and_the_cheap_hire(country):
    low, high = (read_voyage(country["ocean_freight"], "handysize", corner) for corner in ("low", "high"))
    assert (low.rate, low.speed, low.load_rate) == (9000, 15, 10000)
    assert (high.rate, high.speed, high.load_rate) == (20000, 10, 4000)
    assert low.sea_margin == high.sea_margin == 1


def test_a_row_named_for_the_ship_goes_before_the_general_one(country):
    own = pd.DataFrame([("rate_supramax", "parameter", 1.0, 2.0, 3.0)], columns=["freight_id", "kind", "low", "mode", "high"])
    table = pd.concat([country["ocean_freight"], own])
    assert read_voyage(table, "supramax", "mode").rate == 2.0
    assert read_voyage(table, "handysize", "mode").rate == 10000


def test_a_missing_parameter_is_named(country):
    table = country["ocean_freight"].query("freight_id != 'bunker'")
    with pytest.raises(GeokitError, match="'bunker' of class 'handysize'"):
        read_voyage(table, "handysize", "mode")


def test_lanes_hold_in_both_directions(ship):
    there, back = ship(("P1", "Q1", "ore"), ("Q1", "P1", "ore"))["usd_per_t"]
    assert there == back


def test_a_port_without_a_lane_has_no_row(ship):
    assert ship(("P1", "Q3", "ore")).empty


def test_sea_km_and_hours(ship):
    row = ship(("P1", "Q1", "ore")).iloc[0]
    assert row["sea_km"] == pytest.approx(4000 * 1.852)
    assert row["hours"] == pytest.approx(4000 / 12.5)


def test_within_a_port_nothing_is_shipped(ship):
    row = ship(("Q2", "Q2", "metal")).iloc[0]
    assert (row["usd_per_t_high"], row["hours"], row["sea_km"], row["assumed_open"], row["note"]) == (0, 0, 0, "", "")


def test_a_lane_that_ends_without_the_strait_passes_it(ship):
    rows = ship(("P1", "Q1", "ore"), ("P1", "Q2", "ore"))
    assert rows["assumed_open"].tolist() == ["", "The strait"]


def test_a_lane_that_is_longer_without_the_canal_passes_it(country, ship):
    country["passages"]["state_code"] = country["passages"]["state_code"].where(
        country["passages"]["passage_or_site"] != "The canal", "closed"
    )
    assert ship(("P1", "Q1", "ore"))["assumed_open"].tolist() == ["The canal"]


def shut(country, passage, state="closed"):
    states = country["passages"]
    states.loc[(states["passage_or_site"] == passage) & (states["valid_to"] == ""), "state_code"] = state


def test_only_the_high_end_goes_round_a_shut_canal(country, ship):
    before = ship(("P1", "Q1", "ore")).iloc[0]
    shut(country, "The canal")
    after = ship(("P1", "Q1", "ore")).iloc[0]
    dear = read_voyage(country["ocean_freight"], "handysize", "high")
    assert before["usd_per_t_high"] == pytest.approx(float(voyage_usd_per_t(4000, dear, parcel_t=25000)))
    assert after["usd_per_t_high"] == pytest.approx(float(voyage_usd_per_t(9000, dear, parcel_t=25000)))
    same = ["usd_per_t_low", "usd_per_t", "hours", "sea_km"]
    assert after[same].tolist() == before[same].tolist()
    assert before["note"] == "dues of The canal not found"
    assert after["note"] == "dues of The canal not found; high end by the long way"
    assert after["assumed_open"] == "The canal"


def test_other_lanes_and_other_passages_have_no_way_round(country, ship):
    before = ship(("P1", "Q2", "ore"))
    shut(country, "The canal")
    pd.testing.assert_frame_equal(ship(("P1", "Q2", "ore")), before)
    assert ship(("Q2", "Q2", "ore"))["note"].tolist() == [""]


def test_a_canal_without_any_way_round_keeps_its_own_high_end(country, ship):
    before = ship(("P1", "Q1", "ore"))["usd_per_t_high"].iloc[0]
    shut(country, "The canal")
    country["sea_distances"]["nm_no_canal"] = float("nan")
    row = ship(("P1", "Q1", "ore")).iloc[0]
    assert (row["usd_per_t_high"], row["note"]) == (before, "dues of The canal not found")


def test_the_way_round_pays_no_dues_but_is_no_excuse_for_a_lower_high_end(country, ship):
    shut(country, "The canal")
    table = country["ocean_freight"]
    around = ship(("P1", "Q1", "ore"))["usd_per_t_high"].iloc[0]
    for dues, extra in ((250000.0, False), (1e8, True)):
        table.loc[table["freight_id"] == "canal", "mode"] = dues
        assert (ship(("P1", "Q1", "ore"))["usd_per_t_high"].iloc[0] > around + 1e-9) == extra


def test_the_longest_of_two_ways_round_counts(country):
    shut(country, "The canal")
    joins = country["passage_links"]
    joins.loc[joins["passage_link_id"] == "strait", "detour"] = "the pass"
    table = lanes(("P1", "Q1", "ore")).assign(nm=4000.0, nm_no_canal=9000.0, nm_no_strait=5000.0)
    assert lane_detours(table, country).iloc[0].tolist() == [9000.0, "; high end by the long way; high end by the pass"]


def test_a_terminal_counts_for_its_own_product(country):
    row = ("terminal", "The gorge", "", "", "P1", "conc", "", "")
    country["passage_links"].loc[9] = row
    table = lanes(("P1", "Q1", "conc"), ("P1", "Q1", "ore"), ("Q1", "P1", "conc")).assign(nm=1.0, nm_no_strait=1.0, nm_no_canal=1.0)
    assert sea_passages(table, country).tolist() == ["The gorge", "", ""]


def test_dues_that_nobody_states_are_named_not_priced(country):
    table = lanes(("P1", "Q1", "ore")).assign(nm=4000.0, nm_no_canal=9000.0)
    assert lane_dues(table, country).iloc[0].tolist() == [0.0, "; dues of The canal not found"]


def test_dues_that_are_stated_are_priced(country, ship):
    before = ship(("P1", "Q1", "ore"))["usd_per_t"].iloc[0]
    table = country["ocean_freight"]
    table.loc[table["freight_id"] == "canal", "mode"] = 250000.0
    after = ship(("P1", "Q1", "ore")).iloc[0]
    assert after["usd_per_t"] - before == pytest.approx(250000 / 25000)
    assert after["note"] == ""


def insured(country, plain, *rows, value=1e7):
    """Ship rows in a ship of a given value; 0.25 % of 10 million USD over 25,000 t is 1 USD/t."""
    table = country["ocean_freight"]
    table = table.assign(mode=table["mode"].where(table["freight_id"] != "ship_value", value))
    war = {"low": 0.001, "mode": 0.0025, "high": 0.015}
    return sea_hauls(lanes(*rows), country | {"ocean_freight": table}, plain.replace(transport__war_risk_frac=war).transport)


def test_war_risk_is_paid_on_the_ship_and_its_high_end_only_where_the_passage_is_not_open(country, plain):
    """The strait is restricted, the canal open; the lane to the second buyer takes the first, that to the first buyer the second."""
    rows = (("P1", "Q1", "ore"), ("P1", "Q2", "ore"))
    extra = insured(country, plain, *rows)[["usd_per_t_low", "usd_per_t", "usd_per_t_high"]]
    extra -= insured(country, plain, *rows, value=0.0)[extra.columns]
    assert extra.to_numpy().ravel() == pytest.approx([0.4, 1.0, 1.0, 0.4, 1.0, 6.0])


def test_a_lane_of_the_open_sea_and_a_stay_in_port_pay_no_war_risk(country, plain):
    country["sea_distances"] = country["sea_distances"].assign(nm_no_canal=4000.0, nm_no_strait=4000.0, nm=4000.0)
    rows = (("P1", "Q1", "ore"), ("Q2", "Q2", "ore"))
    pd.testing.assert_frame_equal(insured(country, plain, *rows), insured(country, plain, *rows, value=0.0))


def test_two_passages_are_paid_for_twice(country, plain):
    country["sea_distances"] = country["sea_distances"].assign(nm_no_canal=9000.0, nm_no_strait=5000.0, nm=4000.0)
    costs = [insured(country, plain, ("P1", "Q1", "ore"), value=value)["usd_per_t"].iloc[0] for value in (0.0, 1e7)]
    assert costs[1] - costs[0] == pytest.approx(2.0)


def test_the_way_round_pays_no_war_risk(country, plain):
    shut(country, "The canal")
    costs = [insured(country, plain, ("P1", "Q1", "ore"), value=value)["usd_per_t_high"].iloc[0] for value in (0.0, 1e7)]
    assert costs[0] == costs[1]


def test_the_premium_lies_between_what_was_paid_in_peace_and_in_war(layers, assumptions):
    paid = layers["ocean_freight"].query("kind == 'insurance'")
    spread = assumptions.transport.war_risk_frac
    assert spread.low == paid["mode"].min()
    assert spread.high == paid[["mode", "high"]].max(axis=None)
    assert spread.mode in set(paid["mode"])
    assert set(paid["route"]) <= set(layers["passages"]["passage_or_site"])


def test_boxed_goods_are_told_to_be_a_proxy(ship):
    notes = ship(("P1", "Q1", "metal"), ("P1", "Q2", "ore"))["note"].tolist()
    assert notes == [f"{PROXY}; dues of The canal not found", ""]


def test_a_large_parcel_sails_by_supramax(country, plain):
    own = pd.DataFrame([("rate_supramax", "parameter", 9e4, 1e5, 2e5)], columns=["freight_id", "kind", "low", "mode", "high"])
    country["ocean_freight"] = pd.concat([country["ocean_freight"], own])
    small, large = (
        sea_hauls(lanes(("P1", "Q1", "ore")), country, plain.replace(transport__parcel_t=parcel).transport)["usd_per_t"].iloc[0]
        for parcel in (40000, 40001)
    )
    assert large > 2 * small


def test_unstated_packing_is_bulk(country):
    assert pack_of(pd.Series(["ore", "metal", "", "never heard of"]), country["products"]).tolist() == ["bulk", "container", "bulk", "bulk"]


def test_charges_of_a_port_add_up(country):
    found = port_charges(pd.DataFrame({"via_port_id": ["P1"], "product_id": ["ore"]}), country).iloc[0]
    assert found.tolist() == [1.5, 2.5, 3.5, True]


def test_charges_that_were_not_found_are_marked(country):
    asked = pd.DataFrame({"via_port_id": ["P9", "P1"], "product_id": ["ore", "metal"]})
    assert port_charges(asked, country)["found"].tolist() == [False, False]


def test_charges_without_packing_hold_for_all(country):
    country["port_charges"]["pack"] = ""
    assert port_charges(pd.DataFrame({"via_port_id": ["P1"], "product_id": ["metal"]}), country)["usd_per_t"].tolist() == [2.5]
