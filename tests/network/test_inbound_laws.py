"""Needs from the coast, legs abroad, loads and lengths: laws, and figures that can be done in the head."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.network.capacity import judge_capacity, name_upgrade
from geokit.network.destinations import carry_inland, tell_inland
from geokit.network.inbound import COSTS, NEEDS, inbound_usd_per_t, price_inbound, up_country_hauls
from geokit.network.land import build_land
from geokit.network.lengths import compare_lengths, confirm_links, trace_nodes
from geokit.network.payload import legal_payload_t

NAN = float("nan")
HAUL = ["destination_id", "product_id", "kind", *COSTS, "note"]
few = settings(max_examples=15, deadline=None)
km = st.integers(1, 400).map(float)


def needs(*rows):
    return {"inbound_consumables": pd.DataFrame(rows, columns=["stage_id", "consumable", *NEEDS])}


def chain(lengths):
    """Return a road from town 0 to the last, every other row pointing backwards."""
    ends = [(f"n{one}", f"n{one + 1}")[:: 1 if one % 2 else -1] for one in range(len(lengths))]
    rows = [(f"l{one}", *ends[one], "road", length) for one, length in enumerate(lengths)]
    return pd.DataFrame(rows, columns=["link_id", "from", "to", "mode", "length_km"])


def printed(*rows):
    columns = ["length_id", "mode", "from_node_id", "to_node_id", "via_node_ids", "km", "source_id"]
    return pd.DataFrame(rows, columns=columns).assign(part="")


@few
@given(st.lists(st.tuples(km, km, km).map(sorted), min_size=1, max_size=4), st.tuples(km, km, km).map(sorted))
def test_the_freight_of_needs_is_in_order_and_double_the_needs_pay_double(each, haul):
    up = pd.DataFrame([haul], columns=COSTS, index=["town"])
    asked = pd.DataFrame({"stage_id": ["mill"], "place_id": ["town"]}, index=[7])
    once, twice = (
        inbound_usd_per_t(asked, needs(*(("mill", f"need{n}", *(times * t for t in row)) for n, row in enumerate(each))), up).loc[7, COSTS]
        for times in (1.0, 2.0)
    )
    assert once.is_monotonic_increasing
    assert twice.tolist() == pytest.approx((2.0 * once).tolist())
    assert once["usd_per_t"] == pytest.approx(haul[1] * sum(row[1] for row in each))


def test_needs_come_from_the_port_with_the_cheapest_way_up(country, plain):
    """100 km up from Midway at 0.04 USD/t-km; by rail 2 and a transfer at 3."""
    ports = country["ports"]
    ports.loc[ports["port_id"] == "P2", ["role_code", "status_code"]] = ["origin", "operating"]
    row = up_country_hauls(build_land(country, plain)).loc["site-end"]
    assert (row["port_id"], row["usd_per_t"], row["heavy_usd_per_t"]) == ("P2", pytest.approx(4.0), pytest.approx(6.0))


def test_a_plant_without_a_way_up_has_no_freight_and_is_never_complete(country, choices, plain):
    lost = choices.iloc[:1].assign(site_id="moon", place_id="moon", alternative="moon:smelt")
    layers = {**country, **needs(("smelt", "coke", 1.0, 1.0, 1.0))}
    table = price_inbound(layers, pd.concat([choices, lost], ignore_index=True), assumptions=plain).set_index("place_id")
    assert set(table.index) == {"moon", "site-end", "site-far"}
    assert (table.loc["moon", "port_id"], bool(table.loc["moon", "complete"])) == ("", False)
    assert table.loc["moon", [*COSTS, "heavy_usd_per_t"]].isna().all()
    assert table.loc[["site-end", "site-far"], "complete"].all()


def test_a_plant_at_a_deposit_has_a_way_up(country, choices, plain):
    mine = choices.iloc[:1].assign(site_id="", place_id="dep-far", alternative="dep-far:smelt")
    layers = {**country, **needs(("smelt", "coke", 1.0, 1.0, 1.0))}
    row = price_inbound(layers, mine, assumptions=plain).iloc[0]
    assert (row["port_id"], bool(row["complete"])) == ("P1", True)
    assert row["usd_per_t"] > 0


@few
@given(st.lists(km, min_size=2, max_size=6), st.data())
def test_a_stretch_is_the_sum_of_its_links_in_either_direction(lengths, data):
    first, last = sorted(data.draw(st.lists(st.integers(0, len(lengths)), min_size=2, max_size=2, unique=True)))
    links, row = chain(lengths), ("x", "road", f"n{last}", f"n{first}", "", 100.0, "s")
    layers, way = {"links": links, "published_lengths": printed(row)}, links["link_id"].tolist()
    there, back = (compare_lengths(order, layers).iloc[0] for order in (way, way[::-1]))
    assert there["km"] == pytest.approx(sum(lengths[first:last])) == pytest.approx(back["km"])
    assert set(there["link_ids"]) == set(back["link_ids"]) == set(way[first:last])


def test_a_gap_in_the_way_parts_it_and_no_stretch_reaches_across():
    links = chain([10.0, 20.0, 40.0])
    assert [run["km"].tolist() for run in trace_nodes(["l0", "l2"], links)] == [[10.0], [40.0]]
    layers = {"links": links, "published_lengths": printed(("x", "road", "n0", "n3", "", 50.0, "s"))}
    assert compare_lengths(["l0", "l2"], layers).empty


def test_a_link_counts_as_confirmed_if_any_stretch_over_it_is():
    """10 + 20 against 30 holds, 20 + 40 against 90 misses by a third; a wider tolerance confirms both."""
    rows = printed(("x", "road", "n0", "n2", "", 30.0, "s"), ("y", "road", "n1", "n3", "n2", 90.0, "s"))
    layers = {"links": chain([10.0, 20.0, 40.0]), "published_lengths": rows}
    assert confirm_links(compare_lengths(["l0", "l1", "l2"], layers)) == {"l0", "l1"}
    assert confirm_links(compare_lengths(["l0", "l1", "l2"], layers, tolerance=0.34)) == {"l0", "l1", "l2"}


def test_the_plant_behind_a_port_adds_its_leg_to_every_end_and_says_so():
    """5 + 1, 7 + 2 and 9 + 4 USD/t; a plant that takes another product gets nothing."""
    ports = pd.DataFrame([("o", "Q1", "metal", "port", *(5.0, 7.0, 9.0), "by sea")], columns=["origin_id", *HAUL])
    takers = pd.DataFrame([("mill", "metal", "Q1", 1234.5, True, *(1.0, 2.0, 4.0)), ("works", "ore", "Q1", 1.0, True, *(1.0, 1.0, 1.0))])
    found = carry_inland(ports, takers.set_axis(["plant_id", "product_id", "destination_id", "km", "own_port", *COSTS], axis=1))
    assert found[["origin_id", "destination_id", "kind", *COSTS]].to_numpy().tolist() == [["o", "mill", "plant", 6.0, 9.0, 13.0]]
    assert found["note"].iloc[0].startswith("by sea; from Q1 1,234 km inland")
    assert list(found.columns) == list(ports.columns)
    assert tell_inland("Q1", 3.0, own=False) == tell_inland("Q1", 3.0, own=True) + "; no port of the plant is stated, so the nearest"


@few
@given(st.lists(st.integers(16, 62).map(float), min_size=3, max_size=3).map(sorted), st.booleans())
def test_a_legal_load_is_in_order_and_below_the_limit(assumptions, gross, blank):
    ends = (NAN, gross[1], NAN) if blank else (gross[0], NAN, gross[2])
    rows = [("gross-weight-limit-6-axle", *ends), ("gross-weight-limit-6-axle-trailer", 99.0, 99.0, 99.0)]
    found = legal_payload_t(pd.DataFrame(rows, columns=["quote_id", "low", "mode", "high"]), assumptions.transport)
    assert found.index.tolist() == [6]
    loads = found.loc[6, ["payload_t_low", "payload_t", "payload_t_high", "limit_t_high"]].to_numpy(dtype=float)
    assert (np.diff(loads) > 0).all()
    assert loads[-1] == (gross[1] if blank else gross[2])


def test_only_what_is_promised_between_the_same_two_ends_is_an_upgrade(country):
    """The planned motorway joins the harbour and the railhead, in either direction, and no two other towns."""
    links = country["links"].assign(capacity_kt_per_year=9.0, flags="")
    direct = links[links["link_id"] == "x1"].assign(link_id="new", status_code="open", **{"from": "END", "to": "HARB"})
    both = pd.concat([links, direct], ignore_index=True)
    assert name_upgrade("new", both) == "the upgrade is Motorway (x1, planned)"
    assert name_upgrade("r2", both) == "no upgrade is in the layer of links"
    told = judge_capacity(["new", "r2", "new"], {**country, "links": both}, kt_per_year=9.5)
    assert [word.split(";")[0] for word in told] == [f"9.5 kt/y is above the 9 kt/y of {n}" for n in ("Inland road (r2)", "Motorway (new)")]
