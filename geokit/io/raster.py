"""Read a window of a raster in longitude and latitude: the only place where a raster file is opened."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.windows import Window

from geokit.core.errors import LayerError, Problem

Box = tuple[float, float, float, float]
WORLD: Box = (-180.0, -90.0, 180.0, 90.0)
MISSING_TAG = "sea_and_missing"
"""Tag of a file that names the value of sea and missing cells, where the format's own mark is not set."""


@dataclass(frozen=True)
class Raster:
    """A raster of equal steps in longitude and latitude, north up.

    Attributes
    ----------
    data : numpy.ndarray of float32, shape (rows, columns)
        Figures; NaN = sea or missing.
    west, north : float
        Outer edges of the first column and row, degrees.
    step : tuple of float
        Width and height of a cell, degrees.
    """

    data: npt.NDArray[np.float32]
    west: float
    north: float
    step: tuple[float, float]

    def find_cell(self, lon: float, lat: float) -> tuple[int, int] | None:
        """Return the row and column of the cell that holds a point, degrees; None outside."""
        row, column = math.floor((self.north - lat) / self.step[1]), math.floor((lon - self.west) / self.step[0])
        inside = 0 <= row < self.data.shape[0] and 0 <= column < self.data.shape[1]
        return (row, column) if inside else None

    def place(self, rows: npt.ArrayLike, columns: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return longitudes and latitudes of the centres of cells, degrees."""
        lon = self.west + (np.asarray(columns) + 0.5) * self.step[0]
        return lon, self.north - (np.asarray(rows) + 0.5) * self.step[1]


def read_raster(path: Path, box: Box = WORLD) -> Raster:
    """Read the first band of the cells that a box touches.

    Parameters
    ----------
    path : pathlib.Path
        A GeoTIFF in WGS 84, north up.
    box : tuple of float
        West, south, east and north, degrees; all that lies in the file unless given.

    Returns
    -------
    Raster
        Cut to the box.

    Raises
    ------
    LayerError
        If the file is no such raster, or the box lies beside it.
    """
    try:
        with rasterio.open(path) as file:
            _check_grid(file, path)
            window = _find_window(file, box, path)
            values = file.read(1, window=window).astype(np.float32)
            missing = file.nodata if file.nodata is not None else file.tags().get(MISSING_TAG)
            grid = file.transform
    except rasterio.errors.RasterioIOError as error:
        raise _refuse(path, f"cannot be read as a raster ({error})") from error
    if missing is not None:
        values[values == np.float32(float(missing))] = np.nan
    return Raster(values, grid.c + window.col_off * grid.a, grid.f + window.row_off * grid.e, (grid.a, -grid.e))


def _check_grid(file: rasterio.DatasetReader, path: Path) -> None:
    """Refuse a raster that is not north up in longitude and latitude."""
    grid = file.transform
    if file.crs is None or file.crs.to_epsg() != 4326 or grid.b or grid.d or grid.a <= 0 or grid.e >= 0:
        raise _refuse(path, f"has the grid {file.crs} {tuple(grid)[:6]}, not longitude and latitude of WGS 84, north up")


def _find_window(file: rasterio.DatasetReader, box: Box, path: Path) -> Window:
    """Return the cells that a box touches."""
    west, south, east, north = box
    grid, slack = file.transform, 1e-6
    columns = [math.floor((west - grid.c) / grid.a + slack), math.ceil((east - grid.c) / grid.a - slack)]
    rows = [math.floor((grid.f - north) / -grid.e + slack), math.ceil((grid.f - south) / -grid.e - slack)]
    columns, rows = np.clip(columns, 0, file.width).tolist(), np.clip(rows, 0, file.height).tolist()
    if columns[0] >= columns[1] or rows[0] >= rows[1]:
        ends = (grid.c, grid.f + file.height * grid.e, grid.c + file.width * grid.a, grid.f)
        raise _refuse(path, f"covers {ends} (west, south, east, north), beside the box {box}")
    return Window(columns[0], rows[0], columns[1] - columns[0], rows[1] - rows[0])


def _refuse(path: Path, rule: str) -> LayerError:
    """Return the error for a file that cannot be used."""
    return LayerError([Problem(path.name, path.name, rule, "give a GeoTIFF in WGS 84 that covers the places asked about")])
