"""Our cost surfaces against scikit-image, networkx, the manual of GRASS and routes of reVRt in Rhode Island."""

import json
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.graph import MCP_Geometric

from geokit.network.surface import STEPS, Grade, spread_cost

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))
FRICTION = st.one_of(st.floats(0.25, 40.0, width=32), st.just(np.inf))
HEIGHT = st.floats(-50.0, 50.0, width=32)
START = st.tuples(st.integers(0, 8), st.integers(0, 8))
GRADES = st.builds(Grade, steepest=st.floats(0.02, 1.0), up=st.floats(0.0, 30.0), down=st.floats(0.0, 30.0))

# Manual page of r.cost, GRASS GIS (raster/r.cost), section EXAMPLES: the manual prints whole numbers. With the knight's move it prints 9
# for the cell one down and two left of the start, as without; its program takes the mean of the four cells crossed, as we do, which
# gives 8.4.
GRASS_COST = [
    [2, 2, 1, 1, 5, 5, 5],
    [2, 2, 8, 8, 5, 2, 1],
    [7, 1, 1, 8, 2, 2, 2],
    [8, 7, 8, 8, 8, 8, 5],
    [8, 8, 1, 1, 5, 3, 9],
    [8, 1, 1, 2, 5, 3, 9],
]
GRASS_START = (4, 5)
GRASS_ANSWER = {
    8: [
        [22, 21, 21, 20, 17, 15, 14],
        [20, 19, 22, 20, 15, 12, 11],
        [22, 18, 17, 18, 13, 11, 9],
        [21, 14, 13, 12, 8, 6, 6],
        [16, 13, 8, 7, 4, 0, 6],
        [14, 9, 8, 9, 6, 3, 8],
    ],
    16: [
        [21, 21, 20, 19, 17, 15, 14],
        [20, 19, 22, 19, 15, 12, 11],
        [22, 18, 17, 17, 12, 11, 9],
        [21, 14, 13, 12, 8, 6, 6],
        [16, 13, 8, 7, 4, 0, 6],
        [14, 9, 8, 9, 6, 3, 8],
    ],
}


def inside(starts, shape):
    return [(row % shape[0], column % shape[1]) for row, column in starts]


def crossed(row, column, step):
    """Cells that a step crosses, in the order of travel."""
    down, right = (int(part) for part in STEPS[step])
    if max(abs(down), abs(right)) == 1:
        return [(row, column), (row + down, column + right)]
    near = (row + down // 2, column) if abs(down) == 2 else (row, column + right // 2)
    far = (near[0], column + right) if abs(down) == 2 else (row + down, near[1])
    return [(row, column), near, far, (row + down, column + right)]


def walk(run, rise, grade):
    return max(run, abs(rise) / grade.steepest) + (grade.up * rise if rise > 0 else -grade.down * rise)


def weigh(heights, length, grade):
    """Level metres of a step over the heights of the cells that it crosses."""
    if len(heights) == 2:
        return walk(length, heights[1] - heights[0], grade)
    middle = (heights[1] + heights[2]) / 2
    return walk(length / 2, middle - heights[0], grade) + walk(length / 2, heights[3] - middle, grade)


def make_graph(friction, elevation, steps, grade):
    """Every step as an edge of a networkx graph."""
    graph = nx.DiGraph()
    rows, columns = friction.shape
    graph.add_nodes_from(np.ndindex(friction.shape))
    for row, column in np.ndindex(friction.shape):
        for step in range(steps):
            cells = crossed(row, column, step)
            if all(0 <= r < rows and 0 <= c < columns for r, c in cells):
                mean = float(np.mean([friction[cell] for cell in cells]))
                length = weigh([float(elevation[cell]) for cell in cells], float(np.hypot(*STEPS[step])), grade)
                if np.isfinite(mean):
                    graph.add_edge(cells[0], cells[-1], weight=mean * length)
    return graph


def networkx_cost(graph, starts, shape):
    found = nx.multi_source_dijkstra_path_length(graph, set(starts))
    return np.array([found.get(cell, np.inf) for cell in np.ndindex(shape)]).reshape(shape)


@settings(max_examples=40, deadline=None)
@given(SHAPES.flatmap(lambda shape: arrays(np.float32, shape, elements=FRICTION)), st.lists(START, min_size=1, max_size=3))
def test_eight_neighbours_are_those_of_scikit_image(friction, starts):
    starts = inside(starts, friction.shape)
    theirs = MCP_Geometric(friction.astype(float)).find_costs(starts)[0]
    np.testing.assert_allclose(spread_cost(friction, starts).cost, theirs, rtol=1e-5)


def test_a_large_rough_raster_is_that_of_scikit_image():
    friction = np.exp(np.random.default_rng(5).normal(1.0, 1.5, (400, 300)))
    starts = [(3, 4), (390, 12), (200, 299)]
    np.testing.assert_allclose(spread_cost(friction, starts).cost, MCP_Geometric(friction).find_costs(starts)[0], rtol=1e-5)


def test_frictions_far_apart_are_those_of_scikit_image():
    friction = 10.0 ** np.random.default_rng(6).uniform(-4, 4, (50, 45))
    np.testing.assert_allclose(spread_cost(friction, [(25, 22)]).cost, MCP_Geometric(friction).find_costs([(25, 22)])[0], rtol=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    SHAPES.flatmap(lambda shape: st.tuples(arrays(np.float32, shape, elements=FRICTION), arrays(np.float32, shape, elements=HEIGHT))),
    st.lists(START, min_size=1, max_size=2),
    st.sampled_from([8, 16]),
    GRADES,
)
def test_every_step_on_a_slope_costs_what_networkx_adds_up(rasters, starts, steps, grade):
    friction, elevation = rasters
    starts = inside(starts, friction.shape)
    theirs = networkx_cost(make_graph(friction, elevation, steps, grade), starts, friction.shape)
    surface = spread_cost(friction, starts, steps=steps, elevation=elevation, grade=grade, trace=True)
    np.testing.assert_allclose(surface.cost, theirs, rtol=1e-5)
    for cell in np.ndindex(friction.shape):
        path = surface.trace(cell)
        assert bool(path) == bool(np.isfinite(theirs[cell]))
        assert not path or (path[0] in starts and path[-1] == cell)


def test_the_example_of_the_grass_manual():
    cost = spread_cost(GRASS_COST, [GRASS_START]).cost
    np.testing.assert_allclose(cost, GRASS_ANSWER[8], atol=0.5 + 1e-6)
    assert np.abs(cost - GRASS_ANSWER[16]).max() > 0.5


def test_the_example_of_the_grass_manual_with_the_knight():
    cost = spread_cost(GRASS_COST, [GRASS_START], steps=16).cost
    differs = np.abs(cost - GRASS_ANSWER[16]) > 0.5 + 1e-6
    assert np.argwhere(differs).tolist() == [[5, 3]]
    assert cost[5, 3] == pytest.approx((3 + 5 + 5 + 2) / 4 * 5**0.5)


# Test data of reVRt (National Renewable Energy Laboratory, BSD-3-Clause): two of its ten published routes, cut to the box of their cells.
RHODE_ISLAND = json.loads(Path(__file__).with_name("rhode_island_routes.json").read_text(encoding="utf8"))
RHODE_ISLAND_KM = 0.09


@pytest.mark.parametrize("route", RHODE_ISLAND["routes"], ids=lambda route: f"route {route['route']}")
def test_the_routes_of_rhode_island(route):
    cross = {sign: cost * (1 + 100 * barrier) for sign, (cost, barrier) in route["classes"].items()}
    friction = np.array([[cross.get(sign, np.inf) for sign in row] for row in route["rows"]])
    surface = spread_cost(friction, [tuple(route["start"])], trace=True)
    assert surface.cost[tuple(route["end"])] == pytest.approx(route["objective"], rel=1e-6)
    path = np.array(surface.trace(tuple(route["end"])))
    assert sum(np.hypot(*(b - a)) for a, b in pairwise(path)) * RHODE_ISLAND_KM == pytest.approx(route["length_km"], rel=1e-9)
