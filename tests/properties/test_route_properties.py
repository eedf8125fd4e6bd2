"""Land hauls on random one-mode countries: whatever the map, costs behave."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.io.defaults import read_assumptions
from geokit.network.land import build_land, land_hauls

TOWNS = 5
LINKS = st.lists(
    st.tuples(st.integers(0, TOWNS - 1), st.integers(0, TOWNS - 1), st.floats(1.0, 500.0)).filter(lambda link: link[0] != link[1]),
    min_size=3,
    max_size=9,
)
ASSUMPTIONS = read_assumptions()
RATE = 0.04


def country(links):
    """Towns on the equator one degree apart, the first of them a port."""
    names = [f"T{number}" for number in range(TOWNS)]
    nodes = pd.DataFrame(
        {"node_id": names, "name": names, "lat": 0.0, "lon": [float(n) for n in range(TOWNS)], "modes": "road", "province_id": "p"}
    )
    rows = pd.DataFrame([(names[a], names[b], km) for a, b, km in links], columns=["from", "to", "length_km"])
    ids = [f"l{number}" for number in range(len(rows))]
    fixed = {
        "mode": "road",
        "name": "road",
        "surface_code": "paved",
        "status_code": "open",
        "months_open": "",
        "heavy_trucks": "",
        "source_id": "s",
    }
    empty = pd.DataFrame(columns=["lat", "lon"], dtype=float)
    return {
        "nodes": nodes,
        "links": rows.assign(link_id=ids, **fixed),
        "ports": pd.DataFrame(
            [("P", "T0", "origin", "operating", "Port", 0.0, 0.0)],
            columns=["port_id", "node_id", "role_code", "status_code", "name", "lat", "lon"],
        ),
        "freight_rates": pd.DataFrame(
            [("r", "road", "", "", "", RATE / 2, RATE, RATE * 2, float("nan"), float("nan"))],
            columns=[
                "rate_id",
                "mode",
                "direction",
                "province_ids",
                "origin_province_ids",
                "usd_per_t_km_low",
                "usd_per_t_km",
                "usd_per_t_km_high",
                "payload_t",
                "diesel_usd_per_l",
            ],
        ),
        "link_speeds": pd.DataFrame({"surface_code": ["paved"], "mode": ["road"], "km_per_h": [50.0]}),
        "passages": pd.DataFrame(columns=["passage_or_site", "valid_to", "state_code"], dtype=str),
        "passage_links": pd.DataFrame(columns=["passage_link_id", "passage", "link_id"], dtype=str),
        "deposits": empty.assign(deposit_id=pd.Series(dtype=str), coord_accuracy_km=pd.Series(dtype=float)),
        "sites": empty.assign(site_id=pd.Series(dtype=str), coord_precision_km=pd.Series(dtype=float)),
    }


def solve(links):
    """Return costs between all towns, and to the port."""
    land = build_land(country(links), ASSUMPTIONS)
    towns = land.places.index
    pairs = pd.DataFrame([(a, b) for a in towns for b in towns], columns=["origin", "destination"])
    hauls = pairs.join(land_hauls(pairs, land), how="inner")
    names = land.places["place_id"]
    return hauls.assign(origin=hauls["origin"].map(names), destination=hauls["destination"].map(names)).set_index(["origin", "destination"])


@settings(max_examples=12, deadline=None)
@given(LINKS)
def test_costs_are_symmetric_where_rates_are_and_obey_the_triangle(links):
    cost = solve(links)["usd_per_t"].to_dict()
    for (a, b), here in cost.items():
        assert a == "P" or b == "P" or abs(cost[(b, a)] - here) < 1e-9
        for (c, d), onward in cost.items():
            assert c != b or b == "P" or cost[(a, d)] <= here + onward + 1e-9


@settings(max_examples=12, deadline=None)
@given(LINKS)
def test_cost_is_rate_times_km_and_the_band_is_the_rates(links):
    hauls = solve(links)
    assert ((hauls["usd_per_t"] - RATE * hauls["road_km"]).abs() < 1e-9).all()
    assert ((hauls["usd_per_t_low"] * 4 - hauls["usd_per_t_high"]).abs() < 1e-9).all()
    assert ((hauls["hours"] - hauls["road_km"] / 50).abs() < 1e-9).all()


@settings(max_examples=12, deadline=None)
@given(LINKS, st.floats(1.0, 500.0))
def test_one_more_road_never_makes_anything_dearer(links, km):
    before, after = solve(links), solve([*links, (0, TOWNS - 1, km)])
    both = before.join(after.add_suffix("_after"))
    assert len(both) == len(before)
    assert (both["usd_per_t_after"] <= both["usd_per_t"] + 1e-9).all()
