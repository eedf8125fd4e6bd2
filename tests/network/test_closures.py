"""What is shut, in the country of four towns."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.core.errors import GeokitError, UnknownNameError
from geokit.network import find_route
from geokit.network.build import build_network
from geokit.network.closures import check_closed, close_links, list_closures, list_months, open_by, reroute_lanes, shut_in, tell_year
from geokit.network.land import build_land, close_land, land_hauls
from tests.network.conftest import make_country


@pytest.fixture
def shut(country):
    rows = [("flood", "Flood", "r2|t2", "", ""), ("strait", "Strait", "", "", "nm_no_strait"), ("strike", "Strike", "", "P1", "")]
    return {**country, "closures": pd.DataFrame(rows, columns=["closure_id", "name", "link_ids", "port_ids", "lane_column"])}


def test_a_closure_takes_out_its_links_its_ports_and_its_passage(shut):
    assert close_links(shut, ["flood", "strike"]) == {"r2", "t2", "P1"}
    assert close_links(shut, ["strait", "r1"]) == {"nm_no_strait", "r1"}
    assert close_links(shut, []) == frozenset()


def test_without_the_layer_links_and_ports_can_still_be_closed(country):
    assert list_closures(country).empty
    assert close_links(country, ["r1", "P1"]) == {"r1", "P1"}


def test_an_unknown_closure_names_the_nearest(shut):
    with pytest.raises(UnknownNameError, match="no closure called 'floud'; did you mean one of: flood"):
        close_links(shut, ["floud"])


@pytest.mark.parametrize(("cell", "months"), [("", range(1, 13)), ("6-10", range(6, 11)), ("11-3", [11, 12, 1, 2, 3]), ("5-5", [5])])
def test_an_open_season_may_span_the_turn_of_the_year(cell, months):
    assert list_months(cell) == set(months)


@pytest.mark.parametrize(("month", "links"), [(1, {"r3"}), (4, set()), (9, set()), (10, {"r3"})])
def test_a_month_shuts_the_links_that_state_it(country, month, links):
    assert shut_in(country["links"], month) == links


@pytest.mark.parametrize("month", [0, 13, -1])
def test_there_are_twelve_months(country, month):
    with pytest.raises(GeokitError, match="from 1 to 12"):
        shut_in(country["links"], month)


def test_a_closed_link_is_gone_and_its_towns_stay(country, plain):
    whole, cut = build_network(country, plain), build_network(country, plain, closed=frozenset({"r3"}))
    assert set(whole.edges[False]["link_id"]) - set(cut.edges[False]["link_id"]) == {"r3"}
    pd.testing.assert_frame_equal(whole.vertices, cut.vertices)
    assert (
        build_land(country, plain, closed=frozenset({"r3"})).places["node_id"].tolist()
        == build_land(country, plain).places["node_id"].tolist()
    )


def test_closing_later_is_closing_before(country, plain):
    closed = frozenset({"r1", "t2"})
    before, after = build_land(country, plain, closed=closed), close_land(build_land(country, plain), closed)
    for kind in (False, True):
        np.testing.assert_array_equal(before.paths[kind].cost, after.paths[kind].cost)


def test_a_closed_port_receives_nothing(country, plain):
    land = build_land(country, plain, closed=frozenset({"P1"}))
    at = land.places.set_index("place_id").index.get_indexer(["END", "P1"])
    assert land_hauls(pd.DataFrame([at], columns=["origin", "destination"]), land).empty


def test_the_old_road_takes_over(country, plain):
    found = find_route(country, "MID", "P1", assumptions=plain, closed=frozenset({"r1", "t1"}))
    assert [leg.name for leg in found.legs] == ["Old road"]
    assert found.closed == ("r1", "t1")


def test_a_shut_season_cuts_the_far_end_off_and_names_the_gap(country, plain):
    assert find_route(country, "FAR", "P1", assumptions=plain, month=6).usd_per_t > 0
    with pytest.raises(
        GeokitError, match=r"no open links lead there from 'FAR'; the nearest town from which they do is Railhead \(END\), 111 km"
    ):
        find_route(country, "FAR", "P1", assumptions=plain, month=1)


def test_a_place_too_far_from_a_road_is_told_how_far(country, plain):
    with pytest.raises(GeokitError, match=r"'dep-remote' lies \d+ km from the nearest open road at FAR, more than the limit of 100 km"):
        find_route(country, "dep-remote", "P1", assumptions=plain)
    with pytest.raises(GeokitError, match="'dep-lost' has no coordinates"):
        find_route(country, "dep-lost", "P1", assumptions=plain)


def dated(country, day):
    return {**country, "links": country["links"].assign(open_from=[day if name == "x1" else "" for name in country["links"]["link_id"]])}


def test_a_year_opens_what_is_promised_by_then_and_nothing_else(country, plain):
    layers = dated(country, "2030-06-01")
    assert open_by(layers, None) is layers
    assert find_route(layers, "END", "P1", assumptions=plain, year=2029).km == 200
    assert find_route(layers, "END", "P1", assumptions=plain, year=2030).km == 10
    closed = open_by(layers, 2100)["links"].set_index("link_id")["status_code"]
    assert (closed["x1"], closed["x2"]) == ("open", "closed")


def test_a_year_says_what_it_opens_and_what_has_no_day(country):
    assert tell_year(dated(country, "2030"), None) == ""
    assert tell_year(dated(country, "2030"), 2031) == "opened by 2031: x1"
    told = tell_year(dated(country, ""), 2031)
    assert told == "no promised link has a day of opening up to 2031; 1 planned links have no day of opening and stay shut"


def test_a_lane_goes_round_a_shut_passage_or_ends(country):
    lanes = reroute_lanes(country, frozenset({"nm_no_canal", "r1"}))["sea_distances"]
    assert lanes["nm"].tolist() == [9000.0, 2000.0]
    lanes = reroute_lanes(country, frozenset({"nm_no_strait", "nm_no_canal"}))["sea_distances"]
    assert lanes["nm"].iloc[0] == 9000.0
    assert np.isnan(lanes["nm"].iloc[1])
    assert reroute_lanes(country, frozenset({"r1"})) is country


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_set_is_refused_exactly_if_some_of_it_is_unknown_and_all_of_that_is_named(data):
    """Ids of links, ports and ways round pass; whatever else is in the set is named, each once, and nothing that is known."""
    layers = make_country()
    ways = ["nm_no_strait", "nm_no_canal"]
    known = sorted({*layers["links"]["link_id"], *layers["ports"]["port_id"], *ways})
    sound = data.draw(st.frozensets(st.sampled_from(known)))
    wrong = data.draw(st.frozensets(st.text("abcxyz0-", min_size=4, max_size=8).filter(lambda name: name not in known), max_size=4))
    if not wrong:
        check_closed(layers, sound)
        return
    with pytest.raises(GeokitError, match="nothing to close is called") as caught:
        check_closed(layers, sound | wrong)
    told = str(caught.value).partition("; close_links")[0]
    assert all(told.count(repr(name)) == 1 for name in wrong)
    assert not any(repr(name) in told for name in sound)


def test_a_port_or_a_plain_column_is_no_way_round(country):
    check_closed(country, {"P1", "nm_no_canal"})
    for name in ("great_circle_nm", "from_port_id", "strait"):
        with pytest.raises(GeokitError, match=repr(name)):
            check_closed(country, {name})
