"""Read a user's file of rows, whatever its format, as the CSV reader would give it; the file is never written to."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from shapely.errors import ShapelyError

from geokit.core.errors import LayerError, Problem
from geokit.io.sheet import Sheet, decode_text
from geokit.io.table import SAVE, parse_table, read_bytes

FORMATS = (".csv", ".geojson", ".gpkg", ".xlsx", ".parquet")
MAX_FILE_BYTES = 500_000_000
MAX_UNPACKED_BYTES = 200_000_000
BEGINNINGS = {".xlsx": b"PK\x03\x04", ".gpkg": b"SQLite format 3\0", ".parquet": b"PAR1"}
STRANGERS = {
    b"PK\x03\x04": "a ZIP archive or a workbook", b"SQLite format 3\0": "a GeoPackage", b"PAR1": "Parquet", b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture", b"%PDF": "a PDF", b"\x1f\x8b": "a gzip archive", b"II*\0": "a TIFF picture",
    b"MM\0*": "a TIFF picture", b"\xd0\xcf\x11\xe0": "an old XLS or an encrypted workbook",
    b"\0\0\x27\x0a": "a shapefile", b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text", b"\x7fELF": "a program", b"MZ": "a program",
}  # fmt: skip
"""What a file is that begins so."""
FAULTS = (
    ValueError, LookupError, TypeError, AttributeError, OSError, EOFError, RuntimeError, MemoryError, ArithmeticError, zlib.error,
    zipfile.BadZipFile, sqlite3.Error, ShapelyError,
)  # fmt: skip
"""What the readers of other people raise at a broken file; their own errors are kinds of these."""


@dataclass(frozen=True)
class Foreign:
    """What was read of a user's file.

    Attributes
    ----------
    frame : pandas.DataFrame
        Every cell a string, blanks as ""; row ``i`` is row ``i + 2`` of the spreadsheet, or feature ``i + 1`` of the map.
    sheet : str
        Sheet or layer that was read; blank where the format has none.
    placed : tuple of str
        Columns that were taken from the shapes of a map.
    problems : tuple of Problem
        What is wrong with its form. Where the file or its header cannot be read, the frame has no columns; rows with too few or too
        many cells are padded or cut, and nothing more can be said of them.
    """

    frame: pd.DataFrame
    sheet: str = ""
    placed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_foreign(path: Path, wanted: Sequence[str], *, max_bytes: int = MAX_FILE_BYTES, max_unpacked: int = MAX_UNPACKED_BYTES) -> Foreign:
    """Read a CSV, GeoJSON, GPKG, XLSX or Parquet file of rows.

    Rows are counted as in a spreadsheet, the header being row 1; so the first feature of a map is row 2 as well.

    Parameters
    ----------
    path : pathlib.Path
        The file; its ending says its format.
    wanted : sequence of str
        Tables that it may be for, to find the sheet that is named after one.
    max_bytes : int
        Larger files are refused.
    max_unpacked : int
        Files that unpack to more bytes are refused.

    Returns
    -------
    Foreign
        The rows as text, or what is wrong with the file; nothing is raised.
    """
    problem = _check_file(path, max_bytes)
    if problem:
        return Foreign(pd.DataFrame(), problems=(problem,))
    if path.suffix.lower() == ".csv":
        frame, problems = _read_csv(path)
        return Foreign(frame, problems=tuple(problems))
    try:
        return _build(_choose_reader(path.suffix.lower(), wanted, max_unpacked)(path), path.name)
    except LayerError as error:
        return Foreign(pd.DataFrame(), problems=error.problems)
    except FAULTS as error:
        kind, told = path.suffix[1:].upper(), " ".join(str(error).split())[:160] or type(error).__name__
        problem = Problem(path.name, path.name, f"is no {kind} file that can be read ({told})", _save(kind))
        return Foreign(pd.DataFrame(), problems=(problem,))


def _choose_reader(suffix: str, wanted: Sequence[str], max_unpacked: int) -> Callable[[Path], Sheet]:
    """Return the reader of a format; each brings libraries that the others do not need."""
    if suffix == ".xlsx":
        from geokit.io.xlsx import read_xlsx  # noqa: PLC0415  only for this format

        return lambda path: read_xlsx(path, wanted, max_bytes=max_unpacked)
    if suffix == ".parquet":
        from geokit.io.parquet import read_parquet  # noqa: PLC0415  as above

        return lambda path: read_parquet(path, max_bytes=max_unpacked)
    if suffix == ".gpkg":
        from geokit.io.geopackage import read_geopackage  # noqa: PLC0415  as above

        return lambda path: read_geopackage(path, wanted)
    from geokit.io.geojson import read_geojson  # noqa: PLC0415  as above

    return read_geojson


def _check_file(path: Path, max_bytes: int) -> Problem | None:
    """Return why a file is not opened: no regular file, too large, of another format than its ending says."""
    suffix, place = path.suffix.lower(), path.name
    if not path.is_file():
        rule = "is a folder, not a file" if path.is_dir() else "is no file"
        return Problem(place, place, rule, "name a file that exists")
    if suffix not in FORMATS:
        return Problem(place, suffix or place, "is no format that is read", f"save it as {', '.join(name[1:].upper() for name in FORMATS)}")
    try:
        with path.open("rb") as file:
            head, size = file.read(16), path.stat().st_size
    except OSError as error:
        return Problem(place, place, f"cannot be read ({error.strerror})", "check that you may read it")
    if size > max_bytes:
        return Problem(place, f"{size / 1e6:.0f} MB", f"is more than {max_bytes / 1e6:g} MB", "split the file")
    return _check_head(head, place, suffix)


def _check_head(head: bytes, place: str, suffix: str) -> Problem | None:
    """Return why the first bytes of a file belong to no file of its format."""
    if not head:
        return Problem(place, place, "is an empty file", "write a header and rows into it")
    stranger = next((words for sign, words in STRANGERS.items() if head.startswith(sign) and sign != BEGINNINGS.get(suffix)), "")
    if stranger or not head.startswith(BEGINNINGS.get(suffix, b"")):
        kind = suffix[1:].upper()
        return Problem(place, place, f"is no {kind} file{f': it begins like {stranger}' if stranger else ''}", _save(kind))
    return None


def _read_csv(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a CSV file as far as it goes: bytes that are no UTF-8 stay marked in their cells."""
    data, problems = read_bytes(path, path.name)
    if problems:
        return pd.DataFrame(), problems
    frame, problems = parse_table(decode_text(data).encode(), path.name)
    return (pd.DataFrame() if _is_headless(problems) else _trim(frame)), problems


def _build(sheet: Sheet, place: str) -> Foreign:
    """Turn a sheet into a frame with the coordinates of its shapes, and check its header."""
    named = [(name, cells) for name, cells in zip(sheet.header, sheet.cells, strict=True) if name.strip() or any(cells)]
    empty, problems = _check_header([name for name, _ in named], place)
    if _is_headless(problems):
        return Foreign(pd.DataFrame(), sheet.name, problems=(*sheet.problems, *problems))
    frame = pd.DataFrame(dict(zip(empty.columns, (cells for _, cells in named), strict=True)), dtype=str)
    placed: tuple[str, ...] = ()
    if sheet.shapes is not None and not {"lat", "lon"} & set(frame.columns) and any(shape is not None for shape in sheet.shapes):
        from geokit.io.shapes import locate_shapes  # noqa: PLC0415  only for maps

        lat, lon, wrong = locate_shapes(sheet.shapes, sheet.crs, place)
        frame, placed, problems = frame.assign(lat=lat, lon=lon), ("lat", "lon"), [*problems, *wrong]
    return Foreign(_trim(frame), sheet.name, placed, (*sheet.problems, *problems))


def _check_header(names: Sequence[str], place: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return a frame with these columns and no row, as the CSV reader makes it, and what is wrong with the names."""
    if not names:
        return pd.DataFrame(), [Problem(place, "", "holds no header row", "begin with the column names of the layer", 1)]
    line = io.StringIO()
    csv.writer(line).writerow(names)
    return parse_table(line.getvalue().encode(), place)


def _is_headless(problems: Sequence[Problem]) -> bool:
    """Return whether the header is wrong, so that no cell has a certain column."""
    return any(problem.row <= 1 for problem in problems)


def _trim(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the blank rows at the end, which spreadsheets like to add."""
    filled = (frame != "").any(axis=1).to_numpy().nonzero()[0]
    return frame.iloc[: filled[-1] + 1 if len(filled) else 0]


def _save(kind: str) -> str:
    """Return the remedy for a file that is not what its name says."""
    return SAVE if kind == "CSV" else f"save it as {kind} again with the program that made it"
