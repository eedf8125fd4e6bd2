"""Distances and voyage costs that others printed."""

import pandas as pd
import pytest

from geokit.core.errors import GeokitError
from geokit.network import find_route
from geokit.network.sea import read_voyage, sea_hauls, voyage_usd_per_t

# Voyage costs ex Karachi printed in the costs dossier of the project (ocean freight table, rows of kind "model", compiled 2026-11-22):
# lane, ship, nautical miles, low, mode, high in USD/t. Suez dues and war risk are not in them.
PRINTED = [
    ("Kobe", "supramax", 5773, 12.5, 21.0, 51.5),
    ("Kobe", "handysize", 5773, 16.6, 30.9, 85.4),
    ("Busan", "supramax", 5530, 12.2, 20.4, 49.9),
    ("Onsan", "handysize", 5573, 16.2, 30.2, 83.2),
    ("Rotterdam", "supramax", 6188, 13.1, 22.0, 54.1),
    ("Rotterdam", "handysize", 6188, 17.4, 32.4, 89.9),
    ("Rotterdam via the Cape", "supramax", 10971, 20.3, 33.2, 84.2),
    ("Rotterdam via the Cape", "handysize", 10971, 27.0, 49.6, 142.0),
    ("Houston", "supramax", 9566, 18.2, 29.9, 75.3),
    ("Houston via the Cape", "handysize", 12257, 29.6, 54.2, 156.0),
    ("Sohar", "handysize", 604, 6.3, 12.4, 29.1),
    ("Jubail", "supramax", 1008, 5.4, 9.8, 21.5),
    ("Jubail", "handysize", 1008, 7.1, 13.9, 33.5),
    ("Shanghai", "handysize", 5181, 15.4, 28.8, 78.9),
]


@pytest.mark.parametrize(("lane", "vessel", "nm", "low", "mode", "high"), PRINTED)
def test_voyage_costs_are_those_printed(layers, lane, vessel, nm, low, mode, high):
    parcel = layers["ocean_freight"].set_index("freight_id").loc[f"parcel_{vessel}"]
    # The small cargo makes the dear voyage, so the parcel runs against the cost.
    for printed, corner, cargo in ((low, "low", parcel["high"]), (mode, "mode", parcel["mode"]), (high, "high", parcel["low"])):
        voyage = read_voyage(layers["ocean_freight"], vessel, corner)
        assert float(voyage_usd_per_t(nm, voyage, parcel_t=cargo)) == pytest.approx(printed, abs=0.1 if printed >= 99.95 else 0.051), (
            lane,
            corner,
        )


def test_rotterdam_by_suez_at_mode_and_by_the_cape_at_the_high_end(layers, assumptions):
    """Printed for handysize ships: 32.4 USD/t by Suez, 49.6 by the Cape; 142.0 by the Cape at the high end, with 20,000 t (see PRINTED)."""
    lane = pd.DataFrame([("PKKHI", "NLRTM", "")], columns=["from_port_id", "to_port_id", "product_id"])
    assumptions = assumptions.replace(transport__war_risk_frac={"low": 0, "mode": 0, "high": 0})
    found = sea_hauls(lane, layers, assumptions.replace(transport__parcel_t=25000).transport).iloc[0]
    assert found["usd_per_t"] == pytest.approx(32.5, abs=0.1)
    cape = layers["sea_distances"].set_index(["from_port_id", "to_port_id"]).loc[("PKKHI", "NLRTM"), "nm_via_cape"]
    assert cape == pytest.approx(10964, abs=10)
    by_cape = float(voyage_usd_per_t(cape, read_voyage(layers["ocean_freight"], "handysize", "mode"), parcel_t=25000))
    assert by_cape == pytest.approx(49.6, abs=0.1)
    small = sea_hauls(lane, layers, assumptions.replace(transport__parcel_t=20000).transport).iloc[0]
    assert small["usd_per_t_high"] == pytest.approx(142.0, abs=0.3)
    assert small["note"].endswith("high end by the Cape")


def only(layers, mode):
    return dict(layers) | {"links": layers["links"][layers["links"]["mode"] == mode]}


def test_nok_kundi_to_port_qasim_by_rail(layers, assumptions):
    """More than 1,350 km is published (press on the mine railway, 2024); the stations to Bin Qasim and the branch of 14 km sum to 1,290."""
    found = find_route(layers, "NOK", "PKBQM", assumptions=assumptions)
    assert sum(leg.km for leg in found.legs if leg.mode == "rail") == pytest.approx(1289.6, abs=0.5)


def test_reko_diq_has_no_railway_until_the_spur_is_built(layers, assumptions):
    """More than 1,400 km is published with the planned spur; today the ore rides about 84 km (our estimate) by road to the railhead."""
    today = find_route(layers, "REK", "PKBQM", assumptions=assumptions)
    assert [(leg.mode, round(leg.km)) for leg in today.legs[:1]] == [("road", 84)]
    links = layers["links"].copy()
    spur = (links["mode"] == "rail") & (links["from"] == "NOK") & (links["to"] == "REK")
    assert links.loc[spur, "status_code"].tolist() == ["planned"]
    links.loc[spur, "status_code"] = "open"
    nodes = layers["nodes"].assign(modes=layers["nodes"]["modes"].where(layers["nodes"]["node_id"] != "REK", "road|rail"))
    built = find_route(dict(layers) | {"links": links, "nodes": nodes}, "REK", "PKBQM", assumptions=assumptions)
    assert sum(leg.km for leg in built.legs if leg.mode == "rail") == pytest.approx(1370, abs=1)


def test_quetta_to_karachi_by_road(layers, assumptions):
    """704 km along the N-25 (national highway list of the highway authority)."""
    found = find_route(only(layers, "road"), "UET", "KHI", assumptions=assumptions)
    assert found.km == pytest.approx(704, abs=1)
    assert all("N-25" in leg.name for leg in found.legs)


def test_duddar_to_the_port_of_karachi_by_road(layers, assumptions):
    """200 km by truck, published by the mine (press, 2022)."""
    found = find_route(layers, "DUD", "PKKHI", assumptions=assumptions)
    assert found.km == pytest.approx(200, abs=0.5)
    assert {leg.mode for leg in found.legs} == {"road"}


def test_lahore_to_karachi_rides_the_empty_truck(layers, assumptions):
    """1.4 US cents a tonne-kilometre southbound, 4.0 northbound (trailer quotes of July 2025, 25 t and 1,250 km assumed)."""
    roads = only(layers, "road")
    south, north = (find_route(roads, *ends, assumptions=assumptions) for ends in (("LHE", "KHI"), ("KHI", "LHE")))
    assert 100 * south.usd_per_t / south.km == pytest.approx(1.4, abs=0.05)
    assert 100 * north.usd_per_t / north.km == pytest.approx(4.0, abs=0.05)


def test_quetta_to_karachi_has_no_quote_and_pays_the_dear_rate(layers, assumptions):
    found = find_route(only(layers, "road"), "UET", "KHI", assumptions=assumptions)
    assert 100 * found.usd_per_t / found.km == pytest.approx(4.0)


def test_dhabeji_has_no_rail_haul(layers, assumptions):
    """The tables mark the node for rail, but no rail link reaches it."""
    with pytest.raises(GeokitError, match="no route from 'DHA'"):
        find_route(only(layers, "rail"), "DHA", "PKBQM", assumptions=assumptions)


def test_saindak_leaves_by_the_border_town(layers, assumptions):
    """The working mine is joined to the country only through Taftan: links to border towns are domestic and stay open."""
    found = find_route(layers, "SAI", "PKBQM", assumptions=assumptions)
    assert found.legs[0].name == "Saindak access"
    assert "Taftan" in found.legs[0].end
