"""Read a layer of a GeoPackage through SQLite itself: opened unchangeable, so that no byte and no lock appears beside it."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geokit.io.sheet import MAX_CELLS, Sheet, choose_sheet, decode_text, refuse_size, write_cells

LAYERS = """
    SELECT table_name FROM gpkg_contents JOIN sqlite_master ON lower(name) = lower(table_name)
    WHERE data_type IN ('features', 'attributes') AND type = 'table' ORDER BY table_name
"""
GEOMETRY = """
    SELECT column_name, s.organization, s.organization_coordsys_id, s.definition FROM gpkg_geometry_columns g
    LEFT JOIN gpkg_spatial_ref_sys s ON g.srs_id = s.srs_id WHERE table_name = ?
"""
ENVELOPE_BYTES = (0, 32, 48, 48, 64)
"""Length of the envelope in the header of a geometry, by its kind (GeoPackage 1.4, clause 2.1.3)."""


def read_geopackage(path: Path, wanted: Sequence[str]) -> Sheet:
    """Read the layer of a GeoPackage that is meant for a table.

    Parameters
    ----------
    path : pathlib.Path
        The file. What a program that has it open did not yet save is not seen.
    wanted : sequence of str
        Tables that it may be for.

    Returns
    -------
    Sheet
        Its columns without the feature number and the geometry.

    Raises
    ------
    LayerError
        If it holds too many cells, or it is not clear which layer to read.
    sqlite3.Error
        If it is no GeoPackage.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
        base.text_factory = decode_text
        base.execute("PRAGMA trusted_schema = OFF")
        name = choose_sheet([row[0] for row in base.execute(LAYERS)], wanted, path.name)
        shape, crs = _find_geometry(base, name)
        columns = base.execute("SELECT name, upper(type), pk FROM pragma_table_info(?)", [name]).fetchall()
        rows = _fetch(base, name, [column for column, _, _ in columns])
    if len(rows) * len(columns) > MAX_CELLS:
        raise refuse_size(path.name, name, f"holds more than {MAX_CELLS} cells")
    values = dict(zip((column for column, _, _ in columns), zip(*rows, strict=True) if rows else itertools.repeat(()), strict=False))
    shapes = np.array([_read_shape(blob) for blob in values[shape]], dtype=object) if shape else None
    kept = [(column, kind) for column, kind, key in columns if column != shape and not (key and kind == "INTEGER")]
    cells = tuple(_write_column(values[column], kind) for column, kind in kept)
    return Sheet(name, tuple(column for column, _ in kept), cells, shapes, crs)


def _write_column(values: Sequence[object], kind: str) -> list[str]:
    """Return the values of a column as cells of text; SQLite holds truths as nought and one."""
    return write_cells(None if value is None else bool(value) for value in values) if kind == "BOOLEAN" else write_cells(values)


def _fetch(base: sqlite3.Connection, name: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the rows of a table in the order of the feature numbers, one more than are allowed where there are too many."""
    most = MAX_CELLS // max(len(columns), 1)
    quoted = [f'"{word.replace(chr(34), chr(34) * 2)}"' for word in (*columns, name)]
    return base.execute(f"SELECT {', '.join(quoted[:-1])} FROM {quoted[-1]} LIMIT {most + 1}").fetchall()  # noqa: S608  names are quoted


def _find_geometry(base: sqlite3.Connection, name: str) -> tuple[str, Any]:
    """Return the column of the shapes and their reference system; blank and None for a table without a map."""
    has_maps = base.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_geometry_columns'").fetchone()
    found = base.execute(GEOMETRY, [name]).fetchone() if has_maps else None
    if not found:
        return "", None
    column, organization, code, definition = found
    if not organization or organization.upper() == "NONE":
        return column, None
    return column, f"EPSG:{code}" if organization.upper() == "EPSG" else definition


def _read_shape(blob: object) -> Any:  # noqa: ANN401  a Shapely geometry or None
    """Return the geometry of a GeoPackage blob; None for a blank or a broken one."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        return None
    kind = min((blob[3] >> 1) & 7, 4)
    return shapely.from_wkb(blob[8 + ENVELOPE_BYTES[kind] :], on_invalid="ignore")
