"""Write layers of a map: GeoPackage, GeoParquet and GeoJSON, whole or not at all, the same bytes for the same layers."""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, GeometryError

from geokit.core.errors import OutputError
from geokit.io.write import write_bytes

DECIMALS = 6
"""Decimals of a degree in GeoJSON: a tenth of a metre."""
CLOCK = "OGR_CURRENT_DATE"
"""Setting of the library that stands for the time of writing."""


@dataclass(frozen=True)
class Vector:
    """A layer of a map, or a table without one.

    Attributes
    ----------
    frame : pandas.DataFrame
        Rows; a GeoDataFrame in EPSG:4326 unless ``shape`` is blank.
    shape : str
        Kind of geometry, as in ``Point`` or ``MultiPolygon``; blank for a table.
    title, about : str
        What the layer is, in a few words and in a sentence.
    told : mapping of str to str
        Metadata.
    """

    frame: pd.DataFrame = field(repr=False)
    shape: str
    title: str = ""
    about: str = ""
    told: Mapping[str, str] = field(default_factory=dict)


def write_geopackage(path: Path, layers: Mapping[str, Vector], *, told: Mapping[str, str], day: dt.date) -> Path:
    """Write layers and tables as one GeoPackage.

    Parameters
    ----------
    path : pathlib.Path
        Where to; an older file there is replaced, never changed.
    layers : mapping of str to Vector
        By name, in their order.
    told : mapping of str to str
        Metadata of the whole file.
    day : datetime.date
        Stands as the day of writing.

    Returns
    -------
    pathlib.Path
        The path that was written.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    with _clock(day):
        return _write_through(path, functools.partial(_fill_package, layers=layers, told=told))


def write_geoparquet(path: Path, layer: Vector) -> Path:
    """Write one layer as GeoParquet 1.1 with the bounds of every row.

    Parameters
    ----------
    path : pathlib.Path
        Where to.
    layer : Vector
        A layer with geometries.

    Returns
    -------
    pathlib.Path
        The path that was written.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    buffer = io.BytesIO()
    layer.frame.to_parquet(buffer, index=False, compression="zstd", schema_version="1.1.0", write_covering_bbox=True)
    return write_bytes(path, buffer.getvalue())


def write_geojson(path: Path, layer: Vector, *, key: Sequence[str]) -> Path:
    """Write one layer as GeoJSON by RFC 7946: degrees on WGS84, outer rings against the clock, null where nothing is known.

    Parameters
    ----------
    path : pathlib.Path
        Where to.
    layer : Vector
        A layer with geometries in EPSG:4326.
    key : sequence of str
        Columns whose words make the id of a feature.

    Returns
    -------
    pathlib.Path
        The path that was written.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    frame = layer.frame
    shapes = shapely.orient_polygons(shapely.transform(frame.geometry.to_numpy(), _round))
    names = [name for name in frame.columns if name != frame.geometry.name]
    records = zip(*(_plain(frame[name]) for name in names), strict=True)
    features = []
    for shape, values in zip(shapes, records, strict=True):
        cells = dict(zip(names, values, strict=True))
        geometry = None if shape is None else json.loads(shapely.to_geojson(shape))
        features.append({"type": "Feature", "id": "/".join(str(cells[name]) for name in key), "properties": cells, "geometry": geometry})
    tree = {"type": "FeatureCollection", "title": layer.title, "description": layer.about, **layer.told, "features": features}
    known = shapes[~shapely.is_missing(shapes)]
    if len(known):
        tree["bbox"] = shapely.total_bounds(known).tolist()
    return write_bytes(path, f"{json.dumps(tree, ensure_ascii=False, allow_nan=False)}\n".encode())


def _fill_package(draft: Path, *, layers: Mapping[str, Vector], told: Mapping[str, str]) -> None:
    """Write layers and tables one after the other into a new file."""
    for name, layer in layers.items():
        options = {"IDENTIFIER": layer.title or name, "DESCRIPTION": layer.about} if layer.shape else {}
        pyogrio.write_dataframe(
            layer.frame, draft, layer=name, driver="GPKG", geometry_type=layer.shape or None, layer_metadata=dict(layer.told) or None,
            dataset_metadata=None if draft.exists() else dict(told), **options,
        )  # fmt: skip


def _plain(column: pd.Series) -> list[Any]:
    """Return cells as JSON has them: None for what is missing, whole numbers without a point, nine significant digits."""
    if pd.api.types.is_bool_dtype(column):
        return [bool(cell) for cell in column]
    if pd.api.types.is_numeric_dtype(column):
        return [_figure(cell) for cell in column.to_numpy(dtype=float, na_value=np.nan).tolist()]
    return [None if pd.isna(cell) or cell == "" else str(cell) for cell in column]


def _figure(value: float) -> float | int | None:
    """Return a figure with nine significant digits, a whole one as such; None when missing."""
    if np.isnan(value):
        return None
    rounded = float(f"{value:.9g}")
    return int(rounded) if rounded.is_integer() else rounded


def _round(points: Any) -> Any:  # noqa: ANN401  an array of points
    """Return points with few decimals."""
    return np.round(points, DECIMALS)


def _write_through(path: Path, fill: Callable[[Path], None]) -> Path:
    """Let a library write a file beside the wanted one, then move it into place; nothing stays when that fails."""
    draft = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fill(draft)
        draft.replace(path)
    except (OSError, DataSourceError, DataLayerError, GeometryError) as error:
        msg = f"{path}: cannot be written ({getattr(error, 'strerror', None) or error}); choose a folder that you may write to"
        raise OutputError(msg) from error
    finally:
        for left in (draft, *(draft.with_name(draft.name + end) for end in ("-journal", "-wal", "-shm"))):
            with suppress(OSError):
                left.unlink()
    return path


@contextmanager
def _clock(day: dt.date) -> Iterator[None]:
    """Let the library take a day for the present, and leave its settings as they were."""
    before = pyogrio.get_gdal_config_option(CLOCK)
    pyogrio.set_gdal_config_options({CLOCK: f"{day.isoformat()}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({CLOCK: before})


def frame_points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return a table with columns ``lat`` and ``lon`` as points on WGS84; a row without a place has none."""
    known = table[["lat", "lon"]].notna().all(axis=1)
    places = np.where(known, shapely.points(table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float)), None)
    return gpd.GeoDataFrame(table, geometry=places, crs="EPSG:4326")
