"""Ways off the network: straight without relief, and over a ramp of known height."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import rasterio
from pyproj import Geod

from geokit.core.assumptions import Spread
from geokit.network.gaps import Ground, measure_gaps, price_access, read_ground
from geokit.network.land import build_land, land_hauls, measure_direct, measure_places, track_usd_per_t

GEOD = Geod(ellps="WGS84")
COASTAL, INLAND = (10.025, 0.525), (10.825, 0.525)


@pytest.fixture
def ramp(tmp_path):
    """Rise eastward by 50 m a cell of 0.05 degrees (5.6 km), less than any limit of the gradient."""
    heights = np.tile(10 + 50 * np.arange(20, dtype="int16"), (20, 1))
    path = tmp_path / "ramp.tif"
    shape = {"height": 20, "width": 20, "count": 1, "dtype": "int16", "nodata": 0}
    grid = rasterio.Affine(0.05, 0, 10, 0, -0.05, 1)
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4326", transform=grid, **shape) as file:  # noqa: TID251
        file.write(heights, 1)
    return path


def ways(*pairs):
    rows = [(*start, *end, GEOD.inv(*start, *end)[2] / 1000) for start, end in pairs]
    return pd.DataFrame(rows, columns=["lon", "lat", "to_lon", "to_lat", "straight_km"])


def ground(assumptions, relief=None):
    return Ground(relief, assumptions.transport, assumptions.terrain, Spread(low=1e6, mode=2e6, high=4e6))


def test_without_relief_a_way_is_the_straight_line_times_the_tortuosity(assumptions):
    row = measure_gaps(ways((COASTAL, INLAND)), ground(assumptions)).iloc[0]
    straight = GEOD.inv(*COASTAL, *INLAND)[2] / 1000
    windings = assumptions.transport.offnetwork_tortuosity
    assert row[["low", "mode", "high"]].tolist() == pytest.approx([straight * w for w in (windings.low, windings.mode, windings.high)])
    assert row["length_km"] == row["mode"] == row["back_mode"]
    assert row["note"] == "way off the network: straight line x 1.3, no relief"
    assert np.isnan(row["build_mode"])


def test_up_the_ramp_costs_more_than_down_by_the_hand_formula(assumptions, ramp):
    row = measure_gaps(ways((COASTAL, INLAND)), ground(assumptions, ramp)).iloc[0]
    terrain, straight = assumptions.terrain, GEOD.inv(*COASTAL, *INLAND)[2] / 1000
    climb_km = 16 * 50 / 1000
    length = terrain.winding_factor.mode * straight
    assert row["length_km"] == pytest.approx(length, rel=1e-3)
    assert row["mode"] == pytest.approx(length + terrain.climb_m_per_m.mode * climb_km, rel=1e-3)
    assert row["back_mode"] == pytest.approx(length + terrain.climb_m_per_m.mode * terrain.descent_share_frac.mode * climb_km, rel=1e-3)
    assert row["low"] < row["mode"] < row["high"]
    assert row["back_low"] < row["back_mode"] < row["back_high"]
    assert row["note"] == ""


def test_back_is_there_from_the_other_end(assumptions, ramp):
    table = measure_gaps(ways((COASTAL, INLAND), (INLAND, COASTAL)), ground(assumptions, ramp))
    for corner in ("low", "mode", "high"):
        assert table.loc[0, f"back_{corner}"] == pytest.approx(table.loc[1, corner], rel=1e-3)


def test_a_way_of_less_than_a_cell_and_one_outside_stay_straight(assumptions, ramp):
    near = (COASTAL[0] + 0.005, COASTAL[1])
    table = measure_gaps(ways((COASTAL, near), ((50.0, 50.0), (50.5, 50.0)), (COASTAL, COASTAL)), ground(assumptions, ramp))
    assert table["mode"].tolist() == pytest.approx(
        (ways((COASTAL, near), ((50.0, 50.0), (50.5, 50.0)), (COASTAL, COASTAL))["straight_km"] * 1.3).tolist()
    )
    assert table["note"].iloc[0] == table["note"].iloc[2] == ""
    assert "straight line x 1.3" in table["note"].iloc[1]
    assert table["build_mode"].isna().tolist() == [False, True, False]
    assert table.loc[2, "length_km"] == 0


def test_no_ways_give_no_rows(assumptions, ramp):
    assert measure_gaps(ways(), ground(assumptions, ramp)).empty


def test_a_road_costs_its_kilometres_and_nothing_where_there_is_no_gap(assumptions):
    builds = pd.DataFrame({"build_low": [10.0, 0.0, np.nan], "build_mode": [12.0, 0.0, np.nan], "build_high": [20.0, 0.0, np.nan]})
    cost = price_access(builds, ground(assumptions))
    assert cost.iloc[0].tolist() == [10.0, 24.0, 80.0]
    assert cost.iloc[1].tolist() == [0.0, 0.0, 0.0]
    assert cost.iloc[2].isna().all()
    assert price_access(builds, dataclasses.replace(ground(assumptions), road_usd_per_km=None)).isna().all(axis=None)


def test_tables_without_a_folder_have_no_relief(layers, assumptions):
    assert read_ground(dict(layers), assumptions).relief is None
    assert read_ground(layers, assumptions).relief == layers.root / "terrain" / "dem_30s.tif"
    assert read_ground({}, assumptions).road_usd_per_km is None


def test_neighbours_take_the_cheaper_of_the_direct_track_and_the_town(layers, assumptions):
    """Over the relief a shorter line can be the dearer way."""
    land = build_land(layers, assumptions)
    places = land.places[land.places["kind"].isin(["deposit", "site"]) & (land.places["gap_km"] > 5)]
    pairs = places.reset_index().merge(places.reset_index(), on="node_id").query("index_x != index_y")
    pairs = pairs.rename(columns={"index_x": "origin", "index_y": "destination"})[["origin", "destination"]]
    hauls = land_hauls(pairs, land)
    alone = track_usd_per_t(measure_direct(pairs, land)["mode"], land, "mode")
    towns = measure_places(places.index, land)
    over = track_usd_per_t(pairs["origin"].map(towns["mode"]) + pairs["destination"].map(towns["back_mode"]), land, "mode")
    np.testing.assert_allclose(hauls["usd_per_t"], np.minimum(alone, over).loc[hauls.index], rtol=1e-9)
    assert set(hauls["direct"]) == {True, False}
