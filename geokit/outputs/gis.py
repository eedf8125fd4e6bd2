"""Write a case for other programs: GeoPackage with styles, GeoParquet, GeoJSON, and tables with a descriptor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from geokit.core.case import Case
from geokit.io.vector import Vector, write_geojson, write_geopackage, write_geoparquet
from geokit.outputs.gis_layers import MapLayer, build_layers, tell_study
from geokit.outputs.gis_styles import list_styles
from geokit.outputs.view import view_study
from geokit.study.study import Study

SHAPE = "geom"
"""Column of the geometry in a GeoPackage."""


def write_gis_package(study: Study, case: Case, path: Path) -> Path:
    """Write the layers of a case as one GeoPackage with a default style for each layer and what each column means.

    Parameters
    ----------
    study : Study
        The finished study.
    case : Case
        One of its cases.
    path : pathlib.Path
        Where to, as in ``out/japan.gpkg``.

    Returns
    -------
    pathlib.Path
        The file: the layers of :func:`geokit.outputs.gis_layers.build_layers`, ``layer_styles`` as QGIS looks for it, and ``dictionary``.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    view = view_study(study)
    layers = build_layers(study, view, case)
    tables = {"layer_styles": Vector(list_styles(list(layers), SHAPE), ""), "dictionary": Vector(_list_columns(layers), "")}
    vectors = {name: layer.vector for name, layer in layers.items()}
    return write_geopackage(path, vectors | tables, told=tell_study(view, case), day=case.known_on)


def write_gis_files(study: Study, case: Case, folder: Path, *, ending: str, prefix: str) -> tuple[Path, ...]:
    """Write each layer of a case as a file of its own.

    Parameters
    ----------
    study : Study
        The finished study.
    case : Case
        One of its cases.
    folder : pathlib.Path
        Where to.
    ending : str
        ``geojson`` or ``parquet``.
    prefix : str
        Beginning of the name of a file that depends on the case; the others are named after their layer alone.

    Returns
    -------
    tuple of pathlib.Path
        The files.

    Raises
    ------
    OutputError
        If one cannot be written.
    """
    written = []
    for name, layer in build_layers(study, view_study(study), case).items():
        path = folder / f"{prefix}-{name}.{ending}" if layer.of_case else folder / f"{name}.{ending}"
        done = write_geojson(path, layer.vector, key=layer.key) if ending == "geojson" else write_geoparquet(path, layer.vector)
        written.append(done)
    return tuple(written)


def _list_columns(layers: Mapping[str, MapLayer]) -> pd.DataFrame:
    """Return what every column of every layer means, and its unit."""
    rows = [
        (name, column.name, column.unit if column.unit != "1" else "0 to 1 or a ratio", column.description)
        for name, layer in layers.items() for column in layer.columns
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["layer", "column", "unit", "meaning"])
