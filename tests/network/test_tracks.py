"""Many tracks at once over a small island written as a GeoTIFF."""

import numpy as np
import pandas as pd
import pytest
import rasterio

from geokit.io.raster import read_raster
from geokit.network.terrain import find_alignment, measure_relief
from geokit.network.tracks import FIGURES, measure_tracks

HERE, THERE, ISLET = (10.05, 0.95), (10.75, 0.55), (10.95, 0.05)


@pytest.fixture
def island(tmp_path):
    heights = np.zeros((20, 20), dtype="int16")
    heights[:12, :16] = np.random.default_rng(2).integers(1, 200, (12, 16))
    heights[19, 19] = 5
    path = tmp_path / "island.tif"
    shape = {"height": 20, "width": 20, "count": 1, "dtype": "int16", "nodata": 0}
    grid = rasterio.Affine(0.05, 0, 10, 0, -0.05, 1)
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4326", transform=grid, **shape) as file:  # noqa: TID251
        file.write(heights, 1)
    return path


def make_pairs(*pairs):
    return pd.DataFrame(
        [(*start, *end) for start, end in pairs], columns=["lon", "lat", "to_lon", "to_lat"], index=list("abcdef")[: len(pairs)]
    )


def test_a_track_is_the_way_of_least_effort(island, assumptions):
    row = measure_tracks(make_pairs((HERE, THERE)), island, terrain=assumptions.terrain).loc["a"]
    way = find_alignment(measure_relief(read_raster(island)), HERE, THERE, terrain=assumptions.terrain)
    assert row["length_km_low"] <= row["length_km_mode"] <= row["length_km_high"]
    figures = [row["climb_m"], row["descent_m"], row["length_km_mode"], row["haul_km_high"]]
    assert figures == pytest.approx([way.climb_m, way.descent_m, way.length_km.mode, way.haul_km.high])
    assert row["note"] == ""


def test_a_track_that_is_not_there_says_why(island, assumptions):
    pairs = make_pairs((HERE, ISLET), ((np.nan, np.nan), HERE), (HERE, (50.0, 50.0)), ((50.0, 50.0), (50.1, 50.0)), (HERE, HERE))
    table = measure_tracks(pairs, island, terrain=assumptions.terrain)
    assert table.loc[["a", "b", "c", "d"], FIGURES].isna().all(axis=None)
    assert "no way over land" in table.loc["a", "note"]
    assert table.loc["b", "note"] == "a coordinate is missing"
    assert "outside the relief" in table.loc["c", "note"]
    assert "beside the box" in table.loc["d", "note"]
    assert table.loc["e", FIGURES].eq(0).all()


def test_no_pairs_give_an_empty_table_with_its_columns(island, assumptions):
    table = measure_tracks(make_pairs(), island, terrain=assumptions.terrain)
    assert table.empty
    assert list(table) == [*FIGURES, "note"]
