"""One route, leg by leg: its totals are those of the hauls table."""

import itertools
import json

import pandas as pd
import pytest

from geokit.core.errors import GeokitError, UnknownNameError
from geokit.network import find_route, route
from geokit.network.closures import close_links, tell_closed
from geokit.network.draw import draw_route


@pytest.fixture
def ask(country, plain):
    return lambda origin, destination, **more: find_route(country, origin, destination, assumptions=plain, **more)


def modes(found):
    return [leg.mode for leg in found.legs]


def total(found):
    return sum(leg.usd_per_t for leg in found.legs)


def test_links_of_one_name_are_one_leg(ask):
    found = ask("P1", "END")
    assert [(leg.mode, leg.name, leg.start, leg.end, leg.km) for leg in found.legs] == [
        ("rail", "Main line", "Harbour town", "Railhead", 200.0),
        ("transfer", "Railhead", "Railhead", "Railhead", 0.0),
    ]


def test_a_delivery_runs_over_track_road_rail_port_and_sea(ask):
    found = ask("dep-far", "Q2", product_id="ore")
    assert modes(found) == ["off-network", "road", "transfer", "rail", "port", "sea"]
    assert total(found) == pytest.approx(found.usd_per_t)
    assert sum(leg.hours for leg in found.legs) == pytest.approx(found.hours)
    assert found.assumed_open == ("The gorge", "The strait")


@pytest.mark.parametrize(
    ("origin", "destination", "kind", "product"),
    [
        ("dep-far", "site-end", "feed", ""),
        ("dep-far", "site-far", "feed", ""),
        ("dep-far", "P1", "port", ""),
        ("dep-far", "Q1", "delivered", "conc"),
        ("Q1", "Q1", "sea", "metal"),
        ("dep-far", "works", "plant", "conc"),
        ("site-end", "mill", "plant", "metal"),
        ("Q1", "mill", "plant", "metal"),
    ],
)
def test_totals_equal_the_hauls_row(country, choices, plain, ask, origin, destination, kind, product):
    table = route(country, choices, assumptions=plain).set_index(["origin_id", "destination_id", "kind", "product_id"]).sort_index()
    row, found = table.loc[(origin, destination, kind, product)], ask(origin, destination, product_id=product)
    assert (found.usd_per_t_low, found.usd_per_t, found.usd_per_t_high, found.hours) == pytest.approx(
        (row["usd_per_t_low"], row["usd_per_t"], row["usd_per_t_high"], row["hours"])
    )
    assert total(found) == pytest.approx(found.usd_per_t)
    inland = sum(leg.km for leg in found.legs if leg.mode == "inland")
    assert found.km - inland == pytest.approx(row[["road_km", "rail_km", "sea_km", "gap_km"]].sum())
    assert (inland > 0) == (kind == "plant")
    assert found.destination == destination


@pytest.mark.parametrize(("origin", "destination"), [("dep-far", "P1"), ("dep-far", "Q1"), ("site-end", "works"), ("P1", "Q2")])
def test_a_dry_tonne_costs_more_and_the_note_says_how_much(country, ask, origin, destination):
    country["products"].loc[country["products"]["product_id"] == "conc", "moisture_frac"] = 0.2
    found = ask(origin, destination, product_id="conc")
    assert found.note.endswith(f"a dry tonne weighs 1.250 t as carried, so it costs {1.25 * found.usd_per_t:.1f} USD")
    assert "dry" not in ask(origin, destination).note


def test_a_plant_may_be_named_with_its_kind_and_is_no_origin(ask):
    assert ask("site-end", "plant:mill", product_id="metal").legs[-1].end == "mill"
    for name in ("mill", "plant:mill"):
        with pytest.raises(GeokitError, match=f"plants abroad are destinations; no route starts at '{name}'"):
            ask(name, "P1")
    with pytest.raises(UnknownNameError, match="no place called 'moon'"):
        ask("moon", "P1")


def test_every_leg_of_a_link_or_lane_has_cost_and_time_and_every_line_its_two_ends(layers, assumptions):
    for origin, destination, product in [
        ("muslim-bagh", "om-sohar-ferrochrome", "chromite-concentrate"), ("reko-diq", "jp-onahama", "copper-concentrate"),
        ("krinj-mine", "PKGWD", ""),
    ]:  # fmt: skip
        found = find_route(layers, origin, destination, assumptions=assumptions, product_id=product)
        assert all(leg.usd_per_t > 0 for leg in found.legs)
        assert all(leg.hours > 0 for leg in found.legs if leg.mode not in {"port", "security", "inland"})
        shapes = json.loads(draw_route(found, {}))["features"]
        ends = [shape["geometry"]["coordinates"] for shape in shapes]
        assert all(len(line) >= 2 and all(len(point) == 2 for point in line) for line in ends)
        assert all(before[-1] == after[0] for before, after in itertools.pairwise(ends) if before[-1][0] < 70 and after[0][0] < 70)


def test_a_terminal_with_a_list_is_passed_over_for_other_cargo(country, ask):
    at = country["ports"]["port_id"] == "P2"
    country["ports"].loc[at, ["role_code", "status_code", "takes_product_ids"]] = ["origin", "operating", "conc"]
    country["sea_distances"].loc[9] = ("P2", "Q1", 40.0, 40.0, 40.0, 36.0)
    ports = {product: ask("site-end", "Q1", product_id=product).legs[-1].start for product in ("conc", "metal", "")}
    assert ports == {"conc": "P2", "metal": "P1", "": "P1"}


def test_no_port_that_takes_the_product_is_no_route(country, ask):
    country["ports"]["takes_product_ids"] = country["ports"]["takes_product_ids"].mask(country["ports"]["port_id"] == "P1", "conc")
    with pytest.raises(GeokitError, match="no origin port that takes the product"):
        ask("site-end", "Q1", product_id="metal")


def test_the_security_premium_is_a_leg_of_its_own(country, plain):
    guarded = plain.replace(transport__security_premium_usd_per_t={"low": 0.0, "mode": 2.0, "high": 3.0})
    found = find_route(country, "FAR", "P1", assumptions=guarded)
    assert modes(found)[-1] == "security"
    assert total(found) == pytest.approx(found.usd_per_t)


def test_a_place_to_itself_has_no_legs(ask):
    assert ask("site-end", "site-end").legs == ()


def test_a_kind_may_stand_before_the_id(ask):
    assert ask("node:END", "port:P1").usd_per_t == ask("END", "P1").usd_per_t


def test_an_unknown_name_suggests_close_ones(ask):
    with pytest.raises(UnknownNameError, match=r"'dep-fra'.*dep-far"):
        ask("dep-fra", "P1")


def test_an_unknown_kind_is_unknown(ask):
    with pytest.raises(UnknownNameError, match="no port called 'dep-far'"):
        ask("port:dep-far", "P1")


def test_an_unknown_product_is_refused(ask):
    with pytest.raises(UnknownNameError, match="no product called 'gold'"):
        ask("dep-far", "P1", product_id="gold")


def test_an_ambiguous_name_lists_the_choices(country, ask):
    country["sites"].loc[0, "site_id"] = "dep-far"
    with pytest.raises(GeokitError, match="deposit:dep-far, site:dep-far"):
        ask("dep-far", "P1")
    assert ask("site:dep-far", "P1").legs[0].mode == "road"


@pytest.mark.parametrize(
    ("origin", "destination"), [("dep-lost", "P1"), ("dep-remote", "P1"), ("P1", "Q3"), ("dep-far", "Q3"), ("Q1", "END")]
)
def test_no_route_says_so(ask, origin, destination):
    with pytest.raises(GeokitError, match=f"no route from '{origin}' to '{destination}'"):
        ask(origin, destination)


def test_the_json_object_has_the_documented_shape(ask):
    found = json.loads(json.dumps(ask("dep-far", "Q1", product_id="ore").as_dict()))
    assert {"origin", "destination", "legs", "km", "hours", "usd_per_t"} <= set(found)
    assert set(found["usd_per_t"]) == {"low", "mode", "high"}
    assert all(list(leg) == ["mode", "name", "from", "to", "km", "hours", "usd_per_t"] for leg in found["legs"])


@pytest.mark.parametrize("kind", ["feed", "port", "delivered", "sea"])
def test_on_real_layers_totals_equal_the_hauls_row(layers, assumptions, real_freight, kind):
    table = real_freight.hauls
    for row in table[table["kind"] == kind].sample(4, random_state=7).itertuples():
        found = find_route(layers, row.origin_id, row.destination_id, assumptions=assumptions, product_id=row.product_id)
        assert found.usd_per_t == pytest.approx(row.usd_per_t)
        assert found.hours == pytest.approx(row.hours)
        assert total(found) == pytest.approx(found.usd_per_t)


def test_what_a_year_opens_carries_the_ore_by_rail_from_the_mine(layers, assumptions):
    """Promised for 2028 (directive of June 2025). By station tables and press: 488 + 357 + 438 + 13 km; the spur of 80 is an estimate."""
    found = {year: find_route(layers, "REK", "PKBQM", assumptions=assumptions, year=year) for year in (None, 2027, 2028)}
    assert {year: found[year].legs[0].mode for year in found} == {None: "road", 2027: "road", 2028: "transfer"}
    assert sum(leg.km for leg in found[2028].legs if leg.mode == "rail") == pytest.approx(488 + 357 + 438 + 13 + 80, rel=0.01)
    told = "opened by 2028: road-hdd-roh-m-6, rail-nok-rek; 5 planned links have no day of opening and stay shut"
    assert found[2028].note.startswith("port charges of PKBQM, ")
    assert found[2028].note.endswith(told)
    assert "no promised link has a day of opening up to 2027" in found[2027].note


def test_a_town_typed_by_its_name_lists_the_ids_of_that_name(layers, assumptions):
    with pytest.raises(GeokitError, match=r"no place has the id 'skardu'; places of that name: .*node:SKD \(Skardu\)"):
        find_route(layers, "skardu", "PKKHI", assumptions=assumptions)
    with pytest.raises(GeokitError, match=r"port:PKKHI.*node:KHI"):
        find_route(layers, "REK", "karachi", assumptions=assumptions)


@pytest.mark.parametrize("load", [0.0, -5.0, float("nan")])
def test_a_load_of_nothing_is_refused(ask, load):
    with pytest.raises(GeokitError, match=f"a load of {load:g} kt a year"):
        ask("dep-far", "P1", kt_per_year=load)


def test_a_cut_off_place_names_the_gap_to_bridge(layers, assumptions):
    with pytest.raises(GeokitError, match=r"from 'reko-diq'; the nearest town .* is .* \(SAI\), 51 km away: bridge that gap"):
        find_route(layers, "reko-diq", "PKKHI", assumptions=assumptions, closed=frozenset({"road-nok-rek"}))


def test_a_plant_typed_by_its_name_lists_its_id(layers, assumptions):
    with pytest.raises(GeokitError, match=r"places of that name: .*plant:jp-onahama \(Onahama smelter\)"):
        find_route(layers, "REK", "onahama", assumptions=assumptions)


@pytest.mark.parametrize("hauls", [False, True])
def test_what_is_no_link_port_or_way_round_cannot_be_closed(country, choices, plain, hauls):
    """All unknown ids are named at once, each with the nearest; without the refusal the open network would answer in silence."""
    closed = frozenset({"r1", "P1", "nm_no_strait", "r3-jeeps", "great_circle_nm", "zzz"})
    call, asked = (route, [choices]) if hauls else (find_route, ["END", "P1"])
    with pytest.raises(GeokitError, match="nothing to close is called") as caught:
        call(country, *asked, assumptions=plain, closed=closed)
    told = str(caught.value)
    assert "'r3-jeeps' (near: r3-jeep" in told
    assert "'great_circle_nm'" in told
    assert "'zzz'; close_links" in told
    assert all(f"'{name}'" not in told for name in ("r1", "P1", "nm_no_strait"))


def test_a_passage_that_is_shut_is_named_as_its_closure_and_not_as_a_column(country, plain):
    rows = [("strait", "Strait", "", "", "nm_no_strait"), ("slide", "Slide", "r1", "", "")]
    country["closures"] = pd.DataFrame(rows, columns=["closure_id", "name", "link_ids", "port_ids", "lane_column"])
    found = find_route(country, "END", "Q1", assumptions=plain, closed=close_links(country, ["strait", "slide"]))
    assert found.closed == ("r1", "strait")
    assert tell_closed(country, ["nm_no_canal", "r1"]) == ("nm_no_canal", "r1"), "a way round that no closure names stays as it is"
