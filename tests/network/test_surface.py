"""Costs over small rasters that can be added up in the head."""

import subprocess
import sys

import numpy as np
import pytest

from geokit.core.errors import GeokitError
from geokit.network import surface
from geokit.network.spread import ENTRIES, spread
from geokit.network.surface import NO_STEP, Grade, spread_cost

ROOT2, ROOT5 = 2**0.5, 5**0.5
LEVEL = np.ones((3, 5))


def test_steps_over_level_ground():
    cost = spread_cost(LEVEL, [(0, 0)]).cost
    np.testing.assert_allclose(cost[0], [0, 1, 2, 3, 4])
    np.testing.assert_allclose(cost[2, :4], [2, 1 + ROOT2, 2 * ROOT2, 1 + 2 * ROOT2], rtol=1e-6)
    assert cost.dtype == np.float32


def test_a_knight_cuts_the_corner():
    assert spread_cost(LEVEL, [(0, 0)], steps=16).cost[1, 2] == pytest.approx(ROOT5)


def test_half_of_a_step_lies_in_each_cell():
    assert spread_cost([[1.0, 3.0, 5.0]], [(0, 0)]).cost.tolist() == [[0, 2, 6]]


def test_lengths_may_differ_by_row_and_step():
    lengths = np.array([[10.0, 7, 10, 7, 1e3, 1e3, 1e3, 1e3], [20, 7, 20, 7, 1e3, 1e3, 1e3, 1e3]])
    cost = spread_cost(np.ones((2, 3)), [(1, 0)], lengths=lengths).cost
    np.testing.assert_allclose(cost, [[7, 17, 27], [0, 20, 34]])


@pytest.mark.parametrize("wall", [np.inf, np.nan])
def test_a_closed_cell_is_walked_around_and_not_reached(wall):
    friction = LEVEL.copy()
    friction[:2, 2] = wall
    cost = spread_cost(friction, [(0, 0)]).cost
    assert np.isinf(cost[0, 2])
    assert cost[0, 4] == pytest.approx(4 * ROOT2)
    friction[2, 2] = wall
    assert np.isinf(spread_cost(friction, [(0, 0)]).cost[:, 2:]).all()


def test_a_knight_does_not_jump_over_a_wall():
    assert np.isinf(spread_cost([[1, np.inf, 1], [1, np.inf, 1]], [(0, 0)], steps=16).cost[:, 2]).all()


def test_a_closed_start_reaches_nothing():
    cost = spread_cost([[np.inf, 1.0]], [(0, 0)]).cost
    assert cost[0, 0] == 0
    assert np.isinf(cost[0, 1])


def test_climb_and_descent_count_as_metres_of_level_road():
    grade = Grade(up=20, down=5)
    there = spread_cost([[2.0, 2.0]], [(0, 0)], lengths=100, elevation=[[0, 3]], grade=grade).cost
    back = spread_cost([[2.0, 2.0]], [(0, 1)], lengths=100, elevation=[[0, 3]], grade=grade).cost
    assert there[0, 1] == pytest.approx(2 * (100 + 60))
    assert back[0, 0] == pytest.approx(2 * (100 + 15))


def test_a_road_winds_where_the_ground_is_too_steep():
    cost = spread_cost([[1.0, 1.0, 1.0]], [(0, 0)], lengths=100, elevation=[[0, 5, 45]], grade=Grade(steepest=0.1)).cost
    np.testing.assert_allclose(cost, [[0, 100, 500]])


def test_a_knight_climbs_the_ridge_between_its_ends():
    ridge = [[0, 40, 40], [40, 40, 0]]
    cost = spread_cost(np.ones((2, 3)), [(0, 0)], lengths=100, steps=16, elevation=ridge, grade=Grade(up=1, down=1)).cost
    assert cost[1, 2] == pytest.approx(100 * ROOT5 + 40 + 40)


def test_elevation_without_grade_changes_nothing():
    relief = np.arange(15.0).reshape(3, 5) * 100
    assert (spread_cost(LEVEL, [(0, 0)], elevation=relief).cost == spread_cost(LEVEL, [(0, 0)]).cost).all()


def test_ways_lead_from_the_nearest_start():
    ways = spread_cost(LEVEL, [(0, 0), (0, 4)], trace=True)
    assert ways.trace((0, 1)) == [(0, 0), (0, 1)]
    assert ways.trace((0, 3)) == [(0, 4), (0, 3)]
    assert ways.trace((0, 4)) == [(0, 4)]
    assert ways.came is not None
    assert ways.came.dtype == np.uint8
    assert ways.came[0, 0] == NO_STEP


def test_there_is_no_way_to_a_cell_behind_a_wall():
    assert spread_cost([[1, np.inf, 1]], [(0, 0)], trace=True).trace((0, 2)) == []


def test_a_surface_without_ways_says_how_to_get_them():
    with pytest.raises(ValueError, match="trace=True"):
        spread_cost(LEVEL, [(0, 0)]).trace((0, 1))


def test_more_starts_than_the_queue_has_places_at_first():
    side = int(ENTRIES**0.5) + 10
    starts = [(row, column) for row in range(side) for column in range(side) if (row + column) % 2 == 0]
    assert len(starts) < ENTRIES < 2 * len(starts) + side * side
    every = list(np.ndindex(side, side))
    assert (spread_cost(np.ones((side, side)), every).cost == 0).all()
    cost = spread_cost(np.ones((side, side)), starts).cost
    assert sorted(set(cost.ravel().tolist())) == [0, 1]


@pytest.mark.parametrize(
    ("friction", "starts", "grade", "message"),
    [
        ([[1.0, 0.0]], [(0, 0)], None, "friction 0 is not above zero"),
        ([[1.0, -2.0]], [(0, 0)], None, "friction -2 is not above zero"),
        ([[1.0, 1.0]], [(0, 2)], None, "must be cells of a raster of 1 rows and 2 columns"),
        ([[1.0, 1.0]], [(-1, 0)], None, "must be cells"),
        ([[1.0, 1.0]], [], None, "must be cells"),
        ([[1.0, 1.0]], [(0, 0)], Grade(steepest=0.0), "not above zero"),
        ([[1.0, 1.0]], [(0, 0)], Grade(down=-1.0), "no way may earn money"),
    ],
)
def test_what_has_no_least_cost_is_refused(friction, starts, grade, message):
    with pytest.raises(GeokitError, match=message):
        spread_cost(friction, starts, elevation=np.zeros((1, 2)), grade=grade)


@pytest.mark.parametrize("width", [0.01, 1.0, 1000.0])
def test_the_width_of_a_bucket_does_not_change_the_answer(width):
    offset = np.array([1, 4, -1, -4], dtype=np.int64)
    moves = (np.ones((4, 4), dtype=np.float32), offset, np.zeros(4, dtype=np.int64), offset)
    ground = np.full((4, 4), np.inf, dtype=np.float32)
    ground[1:3, 1:3] = [[1, 9], [1, 1]]
    cost = np.full(16, np.inf, dtype=np.float32)
    cost[5] = 0.0
    visits = spread(ground.ravel(), None, None, cost=cost, moves=moves, weights=np.zeros(3, dtype=np.float32), buckets=(1 / width, 64))
    assert cost.reshape(4, 4)[1:3, 1:3].tolist() == [[0.0, 5.0], [1.0, 2.0]]
    assert visits >= 4


def test_the_plain_loop_does_what_the_compiled_one_does(monkeypatch):
    rng = np.random.default_rng(1)
    friction, heights = rng.uniform(1, 9, (12, 13)), rng.uniform(0, 50, (12, 13))
    friction[3:9, 6] = np.inf
    options = {"lengths": 10.0, "steps": 16, "elevation": heights, "grade": Grade(0.1, 20, 5), "trace": True}
    compiled = spread_cost(friction, [(0, 0), (11, 12)], **options)
    monkeypatch.setattr(surface, "spread", spread.__wrapped__)
    plain = spread_cost(friction, [(0, 0), (11, 12)], **options)
    np.testing.assert_allclose(plain.cost, compiled.cost, rtol=1e-6)
    assert plain.trace((5, 8))[0] == compiled.trace((5, 8))[0]


def test_importing_the_surface_does_not_import_the_compiler():
    code = "import sys, geokit.network.surface; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
