"""Windows of a small raster: three rows and four columns of one degree."""

import numpy as np
import pytest
import rasterio

from geokit.core.errors import LayerError
from geokit.io.raster import read_raster

HEIGHTS = np.array([[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23]], dtype="int16")


@pytest.fixture
def write(tmp_path):
    def write_raster(*, crs="EPSG:4326", transform=None, nodata=None, tags=None):
        path = tmp_path / "relief.tif"
        shape = {"height": 3, "width": 4, "count": 1, "dtype": "int16"}
        grid = transform or rasterio.Affine(1, 0, 60, 0, -1, 30)
        with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=grid, nodata=nodata, **shape) as file:  # noqa: TID251
            file.write(HEIGHTS, 1)
            file.update_tags(**(tags or {}))
        return path

    return write_raster


def test_the_whole_raster(write):
    raster = read_raster(write())
    np.testing.assert_array_equal(raster.data, HEIGHTS)
    assert (raster.west, raster.north, raster.step) == (60.0, 30.0, (1.0, 1.0))
    assert raster.data.dtype == np.float32


def test_a_window_holds_every_cell_that_the_box_touches(write):
    raster = read_raster(write(), (61.5, 27.0, 63.0, 28.5))
    np.testing.assert_array_equal(raster.data, [[11, 12], [21, 22]])
    assert (raster.west, raster.north) == (61.0, 29.0)


def test_a_box_that_sticks_out_is_cut(write):
    np.testing.assert_array_equal(read_raster(write(), (50.0, 29.5, 60.5, 40.0)).data, [[0]])


@pytest.mark.parametrize("given", [{"nodata": 0}, {"tags": {"sea_and_missing": "0"}}])
def test_sea_and_missing_are_nan(write, given):
    values = read_raster(write(**given)).data
    assert np.argwhere(np.isnan(values)).tolist() == [[0, 0]]


def test_without_a_mark_zero_is_a_height(write):
    assert read_raster(write()).data[0, 0] == 0


def test_points_and_cells(write):
    raster = read_raster(write(), (61.0, 27.0, 64.0, 29.0))
    assert raster.find_cell(61.2, 28.9) == (0, 0)
    assert raster.find_cell(63.9, 27.1) == (1, 2)
    assert raster.find_cell(60.9, 28.0) is None
    assert raster.find_cell(62.0, 26.9) is None
    assert [float(part[0]) for part in raster.place([1], [2])] == [63.5, 27.5]


def test_every_centre_lies_in_its_cell(write):
    raster = read_raster(write())
    for row, column in np.ndindex(raster.data.shape):
        assert raster.find_cell(*(float(part) for part in raster.place(row, column))) == (row, column)


@pytest.mark.parametrize(
    ("given", "box", "rule"),
    [
        ({"crs": "EPSG:32642"}, None, "not longitude and latitude"),
        ({"transform": rasterio.Affine(1, 0, 60, 0, 1, 27)}, None, "north up"),
        ({}, (70.0, 27.0, 71.0, 28.0), "beside the box"),
        ({}, (62.0, 28.0, 61.0, 29.0), "beside the box"),
    ],
)
def test_another_grid_or_a_box_beside_it_is_refused(write, given, box, rule):
    with pytest.raises(LayerError, match=rule):
        read_raster(write(**given), *([box] if box else []))


def test_no_raster_is_refused(tmp_path):
    path = tmp_path / "relief.tif"
    path.write_text("no raster", encoding="utf8")
    with pytest.raises(LayerError, match=r"relief\.tif"):
        read_raster(path)
    with pytest.raises(LayerError, match=r"none\.tif"):
        read_raster(tmp_path / "none.tif")
