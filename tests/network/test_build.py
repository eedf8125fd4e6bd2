"""The graph: copies of nodes, transfers, gates of ports, closed months."""

import numpy as np
import pandas as pd
import pytest

from geokit.network.build import GATE, MONTHS, QUAY, build_network, closed_days
from geokit.network.passages import link_passages, shut_passages


@pytest.fixture
def network(country, plain):
    return build_network(country, plain)


def edges(network, mode, *, backhaul=False):
    table = network.edges[backhaul]
    return table[table["mode"] == mode]


def test_a_node_has_a_copy_for_each_mode_that_reaches_it(network):
    copies = network.vertices.groupby("mode")["node_id"].agg(set).to_dict()
    assert copies["road"] == {"HARB", "MID", "END", "FAR"}
    assert copies["rail"] == {"HARB", "MID", "END"}
    assert copies[GATE] == copies[QUAY] == {"P1"}


def test_locate_finds_vertices_and_says_minus_one(network):
    found = network.locate("rail", pd.Series(["END", "FAR"]))
    assert found[1] == -1
    assert network.vertices.loc[found[0]].tolist() == ["rail", "END"]


def test_transfers_join_the_copies_both_ways_and_cost_what_is_assumed(network):
    table = edges(network, "transfer")
    assert len(table) == 6
    assert set(table["usd_per_t"]) == {3.0}
    assert set(table["usd_per_t_high"]) == {4.0}
    assert set(table["transfers"]) == {1.0}


def test_a_node_that_does_not_handle_rail_has_no_transfer(country, plain):
    country["nodes"].loc[country["nodes"]["node_id"] == "MID", "modes"] = "road"
    assert len(edges(build_network(country, plain), "transfer")) == 4


def test_no_path_runs_through_a_port(network):
    table = network.edges[False]
    quay, gate = (network.locate(mode, pd.Series(["P1"]))[0] for mode in (QUAY, GATE))
    assert quay not in set(table["tail"])
    assert gate not in set(table["head"])


def test_kilometres_are_counted_by_mode(network):
    road, rail = edges(network, "road"), edges(network, "rail")
    assert (road["road_km"] == road["km"]).all()
    assert (road["rail_km"] == 0).all()
    assert (rail["rail_km"] == rail["km"]).all()


def test_parallel_links_are_all_kept(network):
    assert {"r1", "r1-old"} <= set(edges(network, "road")["link_id"])


def test_the_summer_road_is_closed_in_winter(network):
    summer = edges(network, "road").query("link_id == 'r3'").iloc[0]
    assert [bool(summer[month]) for month in MONTHS] == [True] * 3 + [False] * 6 + [True] * 3


@pytest.mark.parametrize(("season", "closed"), [("11-2", range(3, 11)), ("1-12", []), ("5-5", [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12])])
def test_seasons_may_cross_the_new_year(country, plain, season, closed):
    country["links"].loc[country["links"]["link_id"] == "r3", "months_open"] = season
    summer = edges(build_network(country, plain), "road").query("link_id == 'r3'").iloc[0]
    assert [month for month, name in enumerate(MONTHS, start=1) if summer[name]] == list(closed)


def totals(*closed_months, unstated=0):
    table = pd.DataFrame(np.zeros((1, 12)), columns=MONTHS)
    for month in closed_months:
        table[MONTHS[month - 1]] += 1
    return table.assign(unstated=unstated)


def test_closed_days_add_up_months():
    assert closed_days(totals(1, 2)).tolist() == [59]


def test_two_links_closed_in_one_month_count_once():
    assert closed_days(totals(1, 1)).tolist() == [31]


def test_no_stated_closure_is_unknown_not_zero():
    assert closed_days(totals()).isna().all()


def test_a_season_without_months_makes_the_sum_unknown():
    assert closed_days(totals(1, unstated=1)).isna().all()


def test_only_the_latest_word_on_a_passage_counts(country):
    assert shut_passages(country["passages"]) == ("The gorge", "The strait")


def test_links_of_shut_passages_are_marked(country):
    assert link_passages(country).to_dict() == {"The gorge": {"t2": 1.0}}


def test_a_country_without_shut_passages_has_none(country):
    country["passages"]["state_code"] = "open"
    assert link_passages(country).empty


def test_the_network_counts_the_gorge(network):
    assert network.passages == ("The gorge",)
    assert edges(network, "rail").set_index("link_id")["The gorge"].to_dict() == {"t1": 0.0, "t2": 1.0}
