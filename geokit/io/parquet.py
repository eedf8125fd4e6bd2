"""Read a Parquet file, plain or GeoParquet, batch by batch, so that a small file cannot unpack to a huge one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geokit.core.errors import LayerError, Problem
from geokit.io.sheet import MAX_CELLS, Sheet, refuse_size, write_cells

BATCH = 4096
DEGREES = "OGC:CRS84"
"""The reference system of GeoParquet when it names none; null says that it is not known (GeoParquet 1.1)."""


def read_parquet(path: Path, *, max_bytes: int) -> Sheet:
    """Read a Parquet file.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    max_bytes : int
        Bytes that it may unpack to.

    Returns
    -------
    Sheet
        Its columns without the geometry.

    Raises
    ------
    LayerError
        If it unpacks to more than is safe, or holds shapes in another form than WKB.
    pyarrow.ArrowException
        If it is no Parquet file.
    """
    with pq.ParquetFile(path, memory_map=False) as file:
        height, width = file.metadata.num_rows, file.metadata.num_columns
        if height * width > MAX_CELLS:
            raise refuse_size(path.name, f"{height} rows, {width} columns", f"holds more than {MAX_CELLS} cells")
        batches, room = [], max_bytes
        for batch in file.iter_batches(BATCH):
            room -= batch.nbytes
            if room < 0:
                raise refuse_size(path.name, path.name, f"unpacks to more than {max_bytes / 1e6:g} MB")
            batches.append(batch)
        table = pa.Table.from_batches(batches, file.schema_arrow)
    shape, crs = _find_geometry(table, path.name)
    kept = [place for place, name in enumerate(table.column_names) if name != shape and not name.startswith("__index_level_")]
    shapes = shapely.from_wkb(np.array(table[shape].to_pylist(), dtype=object), on_invalid="ignore") if shape else None
    header = tuple(table.column_names[place] for place in kept)
    return Sheet("", header, tuple(write_cells(table.column(place).to_pylist()) for place in kept), shapes, crs)


def _find_geometry(table: pa.Table, place: str) -> tuple[str, Any]:
    """Return the column of the shapes and their reference system; blank and None for a file without a map."""
    geo = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    shape = geo.get("primary_column", "") if isinstance(geo, dict) else ""
    if shape not in table.column_names:
        return "", None
    column = geo["columns"][shape]
    if column["encoding"] != "WKB":
        raise LayerError([Problem(place, column["encoding"], "is a form of shapes that is not read", "save the shapes as WKB", 0, shape)])
    return shape, column.get("crs", DEGREES)
