"""Read shapes out of an already downloaded package, and write GeoJSON whose bytes depend on nothing but the shapes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from packages import read_member

CRS = "EPSG:4326"
DECIMALS = 3
"""Decimals of a degree: about a hundred metres."""


def read_shapes(packages: Path, stem: str, member: str) -> gpd.GeoDataFrame:
    """Return a shapefile that lies inside a package.

    Parameters
    ----------
    packages : pathlib.Path
        Where the archives lie.
    stem : str
        Beginning of the archive's name.
    member : str
        End of the path inside the archive, without ``.shp``; the table of names (``.dbf``) may be absent.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326.
    """
    with tempfile.TemporaryDirectory() as folder:
        for ending in (".shp", ".shx", ".dbf"):
            try:
                Path(folder, f"shapes{ending}").write_bytes(read_member(packages, stem, f"{member}{ending}"))
            except FileNotFoundError:
                if ending != ".dbf":
                    raise
        return gpd.read_file(Path(folder, "shapes.shp")).set_crs(CRS, allow_override=True)


def read_topology(packages: Path, stem: str, member: str, *, layer: str | None = None) -> gpd.GeoDataFrame:
    """Return one layer of a TopoJSON file that lies inside a package.

    Parameters
    ----------
    packages : pathlib.Path
        Where the archives lie.
    stem : str
        Beginning of the archive's name.
    member : str
        End of the path inside the archive.
    layer : str, optional
        Name of the layer; the first when not given.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "shapes.topojson")
        path.write_bytes(read_member(packages, stem, member))
        return gpd.read_file(path, layer=layer).set_crs(CRS, allow_override=True)


def write_features(path: Path, features: Iterable[tuple[Mapping[str, Any], shapely.Geometry]], **facts: object) -> None:
    """Write a GeoJSON feature collection, one feature a line, coordinates with three decimals.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    features : iterable of (mapping, shapely.Geometry)
        Properties and shape of each feature, in the order of the file.
    **facts
        What holds for the collection as a whole, written at its head.
    """
    lines = [_dump({"type": "Feature", "properties": dict(properties), "geometry": _round(shape)}) for properties, shape in features]
    head = _dump({"type": "FeatureCollection", **facts})[:-1]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{head},"features":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf8", newline="\n")
    print(f"{path.name}: {len(lines)} features, {path.stat().st_size} bytes")


def _dump(tree: Mapping[str, Any]) -> str:
    """Return a tree as one line of JSON; not-a-number is an error."""
    return json.dumps(tree, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _round(shape: shapely.Geometry) -> dict[str, Any]:
    """Return a shape as GeoJSON, its parts in a fixed order and its coordinates rounded."""
    geometry = shapely.geometry.mapping(shapely.normalize(shape))
    return json.loads(json.dumps(geometry), parse_float=lambda text: round(float(text), DECIMALS))
