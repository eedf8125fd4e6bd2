"""Cheapest paths and sums along them, on graphs small enough to see."""

import numpy as np
import pandas as pd
import pytest

from geokit.core.errors import GeokitError
from geokit.network.paths import find_costs, find_paths, sum_paths


def graph(*rows):
    return pd.DataFrame(rows, columns=["tail", "head", "usd_per_t", "link_id"]).assign(hours=1.0)


TRIANGLE = graph((0, 1, 1.0, "a"), (1, 2, 1.0, "b"), (0, 2, 5.0, "c"), (0, 1, 9.0, "dear"))


def one(source, target):
    return np.array([source]), np.array([target])


def test_two_short_edges_beat_a_long_one():
    paths = find_paths(TRIANGLE, 3)
    assert paths.cost[0, 2] == 2.0
    assert paths.list_edges(0, 2)["link_id"].tolist() == ["a", "b"]


def test_the_cheaper_of_parallel_links_is_kept():
    assert "dear" not in set(find_paths(TRIANGLE, 3).edges["link_id"])


def test_edges_have_a_direction():
    assert np.isinf(find_paths(TRIANGLE, 3).cost[2, 0])


def test_sums_follow_the_path():
    assert sum_paths(find_paths(TRIANGLE, 3), one(0, 2), ["usd_per_t", "hours"]).to_numpy().tolist() == [[2.0, 2.0]]


def test_a_path_to_itself_adds_nothing():
    assert sum_paths(find_paths(TRIANGLE, 3), one(1, 1), ["hours"]).to_numpy().tolist() == [[0.0]]


def test_no_path_is_nan():
    assert sum_paths(find_paths(TRIANGLE, 3), one(2, 0), ["hours"])["hours"].isna().all()


def test_a_free_edge_is_an_edge():
    paths = find_paths(graph((0, 1, 0.0, "free"), (1, 2, 1.0, "b")), 3)
    assert paths.cost[0, 2] == 1.0
    assert paths.list_edges(0, 2)["link_id"].tolist() == ["free", "b"]


def test_ties_go_to_the_faster_then_to_the_first_name():
    tied = graph((0, 1, 1.0, "z"), (0, 1, 1.0, "a"), (0, 1, 1.0, "fast"))
    assert find_paths(tied, 2).edges["link_id"].tolist() == ["a"]
    tied.loc[2, "hours"] = 0.5
    assert find_paths(tied, 2).edges["link_id"].tolist() == ["fast"]


def test_a_negative_cost_is_refused_by_name():
    with pytest.raises(GeokitError, match=r"'bad' costs -1\.0"):
        find_paths(graph((0, 1, 1.0, "good"), (1, 0, -1.0, "bad")), 2)


@pytest.mark.parametrize(("sources", "targets"), [([0, 3, 7], [1, 2, 4, 5, 7]), ([1, 2, 4, 5, 7], [0, 3]), ([6], [6])])
def test_costs_between_some_vertices_are_those_of_all_paths(sources, targets):
    draw = np.random.default_rng(5)
    rows = [(*draw.integers(0, 9, 2).tolist(), float(draw.integers(0, 9)), f"l{at}") for at in range(40)]
    expected = find_paths(graph(*rows), 9).cost[np.ix_(sources, targets)]
    np.testing.assert_allclose(find_costs(graph(*rows), 9, (np.array(sources), np.array(targets))), expected)


def test_a_large_graph_without_edges_joins_nothing_and_one_that_pays_is_refused():
    assert np.isinf(find_costs(TRIANGLE.iloc[:0], 9, one(0, 1))).all()
    with pytest.raises(GeokitError, match="'bad' costs"):
        find_costs(graph((0, 1, -1.0, "bad")), 2, one(0, 1))
