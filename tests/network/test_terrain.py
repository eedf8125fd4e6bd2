"""Ways over reliefs whose answers can be done in the head."""

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geokit.core.assumptions import Spread
from geokit.core.errors import GeokitError
from geokit.io.defaults import read_assumptions
from geokit.io.raster import Raster
from geokit.network.surface import STEPS, Grade, spread_cost
from geokit.network.terrain import find_alignment, find_corridor, find_window, measure_relief, price_road, read_road_cost

GEOD = Geod(ellps="WGS84")
CELL = 0.01
PLAIN = {"low": 1.0, "mode": 1.0, "high": 1.0}
NONE = {"low": 0.0, "mode": 0.0, "high": 0.0}


@pytest.fixture
def terrain():
    """Roads no steeper than 10 % without further windings; a metre up costs 20, a metre down 10; slopes cost nothing."""
    return read_assumptions().terrain.model_copy(
        update={
            "winding_factor": Spread(**PLAIN),
            "steepest_gradient_frac": Spread(low=0.05, mode=0.1, high=0.2),
            "climb_m_per_m": Spread(low=10, mode=20, high=30),
            "descent_share_frac": Spread(low=0.5, mode=0.5, high=0.5),
            "slope_cost_factor": Spread(**NONE),
        }
    )


def make_relief(heights, north=0.5):
    return measure_relief(Raster(np.asarray(heights, dtype=np.float32), 10.0, north, (CELL, CELL)))


def centre(relief, row, column):
    return tuple(float(part) for part in relief.raster.place(row, column))


def geodesic_m(here, there):
    return GEOD.inv(*here, *there)[2]


def test_cells_of_equal_degrees_are_narrower_towards_the_pole():
    at_60, at_0 = (make_relief(np.zeros((3, 3)), north=north).lengths[1] for north in (60.0 + 1.5 * CELL, 1.5 * CELL))
    assert at_60[0] / at_0[0] == pytest.approx(0.5, rel=0.01)
    assert at_60[1] / at_0[1] == pytest.approx(1.0, rel=0.02)
    np.testing.assert_allclose(at_0[4], np.hypot(at_0[0], at_0[1]), rtol=1e-6)


def test_a_step_is_as_long_as_the_step_back():
    lengths = make_relief(np.zeros((9, 9)), north=61.0).lengths
    for number, step in enumerate(STEPS):
        back = int(np.flatnonzero((-step == STEPS).all(axis=1))[0])
        assert lengths[4, number] == pytest.approx(lengths[4 + step[0], back], rel=1e-9)


def test_a_tilted_plane_has_one_slope_to_its_edges_and_shores():
    heights = np.tile(np.arange(6.0) * 10, (4, 1))
    heights[2, 3] = np.nan
    relief = make_relief(heights, north=2 * CELL)
    land = np.isfinite(heights)
    np.testing.assert_allclose(relief.slope[land], 10 / relief.lengths[0, 0], rtol=1e-3)
    assert np.isnan(relief.slope[2, 3])


def test_the_plain_is_crossed_straight(terrain):
    relief = make_relief(np.full((9, 40), 7.0))
    start, end = centre(relief, 4, 1), centre(relief, 4, 38)
    way = find_alignment(relief, start, end, terrain=terrain)
    straight = geodesic_m(start, end) / 1000
    assert way.length_km.low == way.length_km.high == pytest.approx(straight, rel=1e-6)
    assert way.haul_km.mode == way.effort_km == pytest.approx(straight, rel=1e-6)
    assert (way.climb_m, way.descent_m) == (0, 0)
    assert way.profile[["lon", "lat"]].iloc[[0, -1]].to_numpy().tolist() == [list(start), list(end)]


def test_windings_make_every_road_longer(terrain):
    relief, wound = make_relief(np.full((3, 9), 7.0)), {"winding_factor": Spread(low=1.0, mode=1.2, high=1.5)}
    ends = centre(relief, 1, 0), centre(relief, 1, 8)
    way = find_alignment(relief, *ends, terrain=terrain.model_copy(update=wound))
    straight = geodesic_m(*ends) / 1000
    assert [way.length_km.low, way.length_km.mode, way.length_km.high] == pytest.approx([straight, 1.2 * straight, 1.5 * straight])


def test_a_ramp_by_hand(terrain):
    relief = make_relief([[0.0, 0.0, 200.0, 200.0]])
    there, back = (centre(relief, 0, column) for column in (0, 3))
    step = geodesic_m(there, back) / 3
    up, down = find_alignment(relief, there, back, terrain=terrain), find_alignment(relief, back, there, terrain=terrain)
    assert (up.climb_m, up.descent_m, down.climb_m, down.descent_m) == (200, 0, 0, 200)
    for way in (up, down):
        lengths = [way.length_km.low, way.length_km.mode, way.length_km.high]
        assert lengths == pytest.approx([3 * step / 1000, (2 * step + 2000) / 1000, (2 * step + 4000) / 1000], rel=1e-6)
    assert up.haul_km.mode == pytest.approx((2 * step + 2000 + 20 * 200) / 1000, rel=1e-6)
    assert down.haul_km.mode == pytest.approx((2 * step + 2000 + 10 * 200) / 1000, rel=1e-6)


def test_the_way_goes_through_the_pass(terrain):
    heights = np.full((21, 21), 100.0)
    heights[:, 10] = 900.0
    heights[3, 10] = 120.0
    relief = make_relief(heights)
    way = find_alignment(relief, centre(relief, 15, 2), centre(relief, 15, 18), terrain=terrain)
    assert way.climb_m == pytest.approx(20)
    assert way.profile["lat"].max() == pytest.approx(centre(relief, 3, 10)[1])


def test_dear_slopes_are_avoided(terrain):
    heights = np.zeros((15, 21))
    heights[5:, :] = (np.arange(10) * 60.0)[:, None]
    relief = make_relief(heights)
    ends = centre(relief, 8, 0), centre(relief, 8, 20)
    dear = terrain.model_copy(update={"climb_m_per_m": Spread(**NONE), "slope_cost_factor": Spread(low=0, mode=50, high=50)})
    level = terrain.model_copy(update={"climb_m_per_m": Spread(**NONE)})
    assert find_alignment(relief, *ends, terrain=level).climb_m == 0
    assert find_alignment(relief, *ends, terrain=dear).profile["lat"].max() > ends[0][1] + CELL


def test_the_profile_adds_up_to_the_least_effort(terrain):
    relief = make_relief(np.random.default_rng(3).uniform(0, 400, (30, 30)), north=35.0)
    changed = {
        "slope_cost_factor": Spread(low=1, mode=5, high=9),
        "winding_factor": Spread(low=1, mode=1.1, high=2),
        "descent_share_frac": Spread(low=0.05, mode=0.05, high=0.05),
    }
    way = find_alignment(relief, centre(relief, 2, 3), centre(relief, 27, 22), terrain=terrain.model_copy(update=changed))
    friction, grade = 1 + 5 * relief.slope, Grade(steepest=0.1, up=20, down=1)
    surface = spread_cost(friction, [(2, 3)], lengths=1.1 * relief.lengths, steps=16, elevation=relief.raster.data, grade=grade)
    assert way.effort_km * 1000 == pytest.approx(surface.cost[27, 22], rel=1e-5)


def test_the_corridor_grows_with_its_limit_and_holds_the_way(terrain):
    relief = make_relief(np.random.default_rng(4).uniform(0, 300, (25, 25)) + 100 * np.arange(25))
    one_way = terrain.model_copy(update={"descent_share_frac": Spread(**NONE)})
    ends = centre(relief, 2, 2), centre(relief, 22, 20)
    least, narrow, wide = (find_corridor(relief, *ends, terrain=one_way, within_frac=share) for share in (0.0, 0.02, 0.3))
    assert 2 <= least.sum() < narrow.sum() < wide.sum() < wide.size
    assert (least <= narrow).all()
    assert (narrow <= wide).all()
    way = find_alignment(relief, *ends, terrain=one_way)
    cells = [relief.raster.find_cell(*point) for point in way.profile[["lon", "lat"]].to_numpy()]
    centres = [
        cell
        for cell, point in zip(cells, way.profile[["lon", "lat"]].to_numpy(), strict=True)
        if centre(relief, *cell) == pytest.approx(point)
    ]
    assert len(centres) > 10
    assert all(least[cell] for cell in centres)


def test_two_points_in_one_cell(terrain):
    relief = make_relief(np.full((3, 3), 5.0))
    start, end = (10.011, 0.481), (10.018, 0.489)
    way = find_alignment(relief, start, end, terrain=terrain)
    assert way.length_km.mode == pytest.approx(geodesic_m(start, end) / 1000)
    assert way.climb_m == 0


def test_the_sea_is_gone_around(terrain):
    heights = np.full((9, 9), 5.0)
    heights[:8, 4] = np.nan
    relief = make_relief(heights)
    way = find_alignment(relief, centre(relief, 0, 0), centre(relief, 0, 8), terrain=terrain)
    assert way.profile["lat"].min() == pytest.approx(centre(relief, 8, 0)[1])
    heights[8, 4] = np.nan
    island = make_relief(heights)
    with pytest.raises(GeokitError, match="no way over land"):
        find_alignment(island, centre(island, 0, 0), centre(island, 0, 8), terrain=terrain)
    assert not find_corridor(island, centre(island, 0, 0), centre(island, 0, 8), terrain=terrain, within_frac=1.0).any()


def test_a_quay_in_the_sea_counts_as_on_the_nearest_land(terrain):
    heights = np.full((9, 12), 5.0)
    heights[:, 6:] = np.nan
    relief = make_relief(heights)
    quay = centre(relief, 4, 7)
    way = find_alignment(relief, centre(relief, 4, 0), quay, terrain=terrain)
    assert way.profile.iloc[-1][["lon", "lat"]].tolist() == list(quay)
    assert way.length_km.mode == pytest.approx(geodesic_m(centre(relief, 4, 0), quay) / 1000, rel=1e-6)
    with pytest.raises(GeokitError, match="in the sea"):
        find_alignment(relief, centre(relief, 4, 0), centre(relief, 4, 10), terrain=terrain)


def test_a_point_outside_is_refused(terrain):
    relief = make_relief(np.zeros((3, 3)))
    with pytest.raises(GeokitError, match="outside the relief"):
        find_alignment(relief, (0.0, 0.0), centre(relief, 1, 1), terrain=terrain)


def test_a_window_reaches_beyond_both_points():
    west, south, east, _ = find_window((10.0, 50.0), (12.0, 50.0))
    assert (10.0 - west, east - 12.0) == (pytest.approx(1.0, rel=0.02), pytest.approx(1.0, rel=0.02))
    assert (50.0 - south) * 111 == pytest.approx(geodesic_m((10.0, 50.0), (12.0, 50.0)) / 2000, rel=1e-6)
    assert find_window((10.0, 0.0), (10.0, 0.0))[3] * 111 == pytest.approx(50)


def test_a_road_costs_its_length_times_what_a_kilometre_costs(terrain):
    relief = make_relief([[0.0, 50.0, 100.0, 150.0]])
    way = find_alignment(relief, centre(relief, 0, 0), centre(relief, 0, 3), terrain=terrain)
    slope = float(relief.slope[0].mean())
    dear = terrain.model_copy(update={"slope_cost_factor": Spread(low=0, mode=4, high=8)})
    cost = price_road(way, Spread(low=1e6, mode=2e6, high=3e6), terrain=dear)
    kilometres = way.length_km
    assert cost.low == pytest.approx(1e6 * kilometres.low)
    assert cost.mode == pytest.approx(2e6 * kilometres.mode * (1 + 4 * slope), rel=1e-5)
    assert cost.high == pytest.approx(3e6 * kilometres.high * (1 + 8 * slope), rel=1e-5)


def cost_layers(years=(2010, 2026)):
    factors = pd.DataFrame({"factor_id": ["road-capex"], "low": [500.0], "mode": [1000.0], "high": [3000.0], "price_year": [2010]})
    indices = pd.DataFrame({"index_id": ["cepci", "cepci", "other"], "year": [*years, 2010], "value": [400.0, 600.0, 1.0]})
    return {"cost_factors": factors, "cost_indices": indices}


def test_the_cost_of_a_kilometre_by_hand():
    assumptions = read_assumptions().replace(terrain__road_fx_per_usd=1.25, finance__price_year=2026)
    cost = read_road_cost(cost_layers(), assumptions)
    assert (cost.low, cost.mode, cost.high) == (600_000, 1_200_000, 3_600_000)


def test_the_cost_of_a_kilometre_is_missing_without_its_index_or_row():
    assumptions = read_assumptions()
    assert read_road_cost(cost_layers(years=(2009, 2026)), assumptions) is None
    layers = cost_layers()
    assert read_road_cost({**layers, "cost_factors": layers["cost_factors"].assign(factor_id="rail-capex")}, assumptions) is None
