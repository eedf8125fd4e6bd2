"""What closures do where there is a second port, and their effects summed up by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.network import reliability, route
from geokit.network.detours import DETOURS, close_hauls, sum_effects
from geokit.network.reliability import build_world, measure_reliability

NAN = float("nan")
CORNERS = ["detour_usd_per_t_low", "detour_usd_per_t", "detour_usd_per_t_high"]
CLOSURE = ["closure_id", "name", "link_ids", "port_ids", "lane_column", "months", "window_from", "window_to", "source_id"]
EVENT = ["event", "closure_id", "link_ids", "days_least", "days_most", "source_id"]
END = ("site-end", "Q1", "metal")


def shut(country, **what):
    """Return the country with closures (id to links, or to a port after ``@``), each of one event of 30 days in four years."""
    rows = [
        (name, name, "" if cell[0] == "@" else cell, cell[1:] if cell[0] == "@" else "", "", "", "2001-01-01", "2004-12-31", name)
        for name, cell in what.items()
    ]
    events = [(name, name, "", 30.0, 30.0, name) for name in what]
    return {**country, "closures": pd.DataFrame(rows, columns=CLOSURE), "closure_events": pd.DataFrame(events, columns=EVENT)}


@pytest.fixture
def second_port(country):
    """Let a second port work at Midway, half the way up; its dues are 50 USD/t dearer; empty trucks return to it."""
    ports, charges = country["ports"].copy(), country["port_charges"].assign(pack="")
    ports.loc[ports["port_id"] == "P2", ["role_code", "status_code"]] = ["origin", "operating"]
    dues = charges.assign(port_id="P2", charge_id=charges["charge_id"] + "2")
    dues.loc[dues.index[0], ["usd_per_t_low", "usd_per_t", "usd_per_t_high"]] += 50.0
    lane = country["sea_distances"].iloc[:1].assign(from_port_id="P2")
    rates = country["freight_rates"].replace({"home_port_ids": {"P1": "P2"}})
    more = {"port_charges": pd.concat([charges, dues]), "sea_distances": pd.concat([country["sea_distances"], lane])}
    return {**country, "ports": ports, "freight_rates": rates, **more}


@pytest.fixture
def close(choices, plain):
    def run(layers):
        found = close_hauls(build_world(layers, plain), route(layers, choices, assumptions=plain))
        return found.detours.set_index(["closure_id", "origin_id", "destination_id", "product_id"]).sort_index()

    return run


@pytest.fixture
def measure(choices, plain, monkeypatch):
    monkeypatch.setattr(reliability, "YEARS", 100)

    def run(layers):
        table = measure_reliability(build_world(layers, plain), route(layers, choices, assumptions=plain))
        return table.set_index(["origin_id", "destination_id", "product_id"]).sort_index()

    return run


def test_the_other_port_costs_its_dues_less_the_road_that_it_saves_and_more_closures_are_never_cheaper(second_port, close):
    """From Midway to the harbour is no way home for empty trucks, so 100 km of road pay 2, 4 and 6 USD/t, and only those before it 1.

    By rail they cost 3 + 2, by the old road 5.2: 1 and 1.2 more. The other port takes 50 more and saves the 4 (2, 6).
    """
    chain = {"a": "r1", "b": "r1|t1", "c": "r1|t1|r1-old", "d": "r1|t1|r1-old|r2|t2"}
    found = close(shut(second_port, **chain, strike="@P1")).xs(END, level=[1, 2, 3])
    assert found.loc["strike", CORNERS].tolist() == pytest.approx([44.0, 46.0, 48.0])
    assert found.loc["strike", ["via_port_id", "way_round_port_id", "detour_link_ids", "shared_frac"]].tolist() == ["P1", "P2", "r2", 0.5]
    assert found.loc[["a", "b", "c"], "detour_usd_per_t"].tolist() == pytest.approx([1.0, 1.2, 46.0])
    assert pd.isna(found.loc["d", "detour_usd_per_t"])


def test_a_second_port_ends_the_cut_but_not_the_closed_days(country, second_port, measure):
    """A slide that the railway passes names the way by land; the port is shut about 11 days a year (1.5 events in 4 years of 30)."""
    one, two = (measure(shut(layers, strike="@P1", slide="r1")).loc[END] for layers in (country, second_port))
    assert one["path_closed_days"] == two["path_closed_days"]
    assert 5 < one["cut_days"] < one["path_closed_days"]
    assert (two["cut_days_low"], two["cut_days"], two["cut_days_high"]) == (0, 0, 0)


def effects(ways, months=("", "", "")):
    """Return the effects of closures a, b and c on three plants of two partners, one with a port; a and b were counted."""
    tail = ("P", "P", *(0.0,) * 3, 0.5, "", "")
    rows = [(name, place, "Q", "m", *tail[:2], cost - 1, cost, cost + 3, *tail[5:]) for name, place, cost in ways]
    plants = pd.DataFrame([(f"{one}:s", "plant", one, "m") for one in "xyz"], columns=["alternative", "kind", "place_id", "product_id"])
    names = pd.DataFrame({"closure_id": list("abc"), "window_from": ["2001-01-01"] * 2 + [""], "months": months})
    events = pd.DataFrame([("a", "e", 5.0, 5.0), ("b", "f", 5.0, 5.0)], columns=["closure_id", "event", "days_least", "days_most"])
    partners = pd.DataFrame({"partner_id": ["far", "inland"], "default_port_id": ["Q", ""]})
    layers = {"closures": names.assign(window_to=["2004-12-31"] * 2 + [""]), "closure_events": events, "partners": partners}
    return sum_effects(pd.DataFrame(rows, columns=DETOURS), plants, layers).set_index("closure_id")


def test_a_closure_that_cuts_one_plant_stands_before_one_that_only_costs():
    """Closure b cuts z; closure a adds 100 to each of three: b, a, and last c, which shuts no best path."""
    table = effects([("a", "x", 100.0), ("a", "y", 100.0), ("a", "z", 100.0), ("b", "z", NAN)])
    assert table.index.tolist() == ["b", "a", "c"]
    assert table[["alternatives", "cut"]].to_numpy().tolist() == [[1, 1], [3, 0], [0, 0]]
    assert table.loc[["b", "c"], "detour_usd_per_t"].isna().all()
    assert set(table["partner"]) == {"far"}


def test_the_middle_and_the_dearest_detour_are_told_and_more_dollars_come_first():
    """Of 4, 6 and 20 USD/t the middle is 6 and the most 20; they add 30, closure a adds 29."""
    table = effects([("b", "x", 4.0), ("b", "y", 6.0), ("b", "z", 20.0), ("a", "x", 29.0)])
    assert table.index.tolist() == ["b", "a", "c"]
    assert table.loc["b", [*CORNERS, "detour_usd_per_t_most"]].tolist() == [5.0, 6.0, 9.0, 20.0]


def test_a_season_is_a_share_of_the_calendar_and_what_nobody_counted_has_none():
    """November to February: 30 + 31 + 31 + 28 days of 365."""
    assert effects([], months=("", "", "11-2")).loc["c", "shut_frac"] == pytest.approx(120 / 365)
    assert pd.isna(effects([]).loc["c", "shut_frac"])
