"""Read a sheet of an XLSX workbook, after unpacking no more of it than is safe."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from geokit.core.errors import Problem
from geokit.io.sheet import MAX_CELLS, Sheet, choose_sheet, refuse_size, write_cells

MAX_PARTS = 10_000
CHUNK = 1 << 20
EXTERNAL = "externallink"
ERROR_CELL = re.compile(rb"(<(?:\w+:)?c\b[^>]*\bt\s*=\s*)([\"'])e\2")
COLUMN_NAME = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)\d")
ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'][A-Za-z]*(\d+)")
NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\b(?![^>]*\bt=\"str\")[^>]*\br=\"([A-Z]+)(\d+)\"[^>]*>"
    rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
"""A cell with a formula and no result; an empty text is a result."""


def read_xlsx(path: Path, wanted: Sequence[str], *, max_bytes: int) -> Sheet:
    """Read the sheet of a workbook that is meant for a layer.

    Macros, pictures and links to other files are left out before the workbook is parsed; formulas count by their stored result.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    wanted : sequence of str
        Tables that it may be for.
    max_bytes : int
        Bytes that it may unpack to.

    Returns
    -------
    Sheet
        The first row of the sheet is the header; a formula without its result is a blank cell and a problem.

    Raises
    ------
    LayerError
        If it unpacks to more than is safe, or it is not clear which sheet to read.
    ValueError
        If it is no workbook.
    """
    try:
        book, problems = _unpack(path, max_bytes)
        return replace(_read_sheet(CalamineWorkbook.from_filelike(book), wanted, path.name), problems=tuple(problems))
    except CalamineError as error:
        raise ValueError(error) from error


def _read_sheet(book: CalamineWorkbook, wanted: Sequence[str], place: str) -> Sheet:
    """Return the sheet of a workbook that is meant for a layer, header and rows as text."""
    names = [
        sheet.name for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]  # fmt: skip
    name = choose_sheet(names, wanted, place)
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    header, *body = rows or [[]]
    return Sheet(name, tuple(write_cells(header)), tuple(write_cells(column) for column in zip(*body, strict=True)) or ([],) * len(header))


def _unpack(path: Path, max_bytes: int) -> tuple[io.BytesIO, list[Problem]]:
    """Return the workbook's parts of XML as an archive without compression, each byte counted and each sheet measured, and its problems."""
    packed, plain, total = zipfile.ZipFile(path), io.BytesIO(), 0
    problems: list[Problem] = []
    if len(packed.infolist()) > MAX_PARTS:
        raise refuse_size(path.name, f"{len(packed.infolist())} parts", f"holds more than {MAX_PARTS} parts")
    with packed, zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as clean:
        for part in packed.infolist():
            if part.filename.lower().endswith((".xml", ".rels")) and EXTERNAL not in part.filename.lower():
                data = _inflate(packed, part, max_bytes - total)
                if data is None:
                    raise refuse_size(path.name, part.filename[-80:], f"unpacks to more than {max_bytes / 1e6:g} MB")
                total += len(data)
                is_sheet = b"sheetData" in data
                problems += _find_empty_formulas(data, path.name) if is_sheet else []
                clean.writestr(part.filename, _measure(data, path.name) if is_sheet else data)
    plain.seek(0)
    return plain, problems


def _inflate(packed: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> bytes | None:
    """Return the bytes of a part, or None when they are more than there is room for, whatever the archive says of their number."""
    chunks: list[bytes] = []
    with packed.open(part) as stream:
        while chunk := stream.read(CHUNK):
            room -= len(chunk)
            if room < 0:
                return None
            chunks.append(chunk)
    return b"".join(chunks)


def _measure(xml: bytes, place: str) -> bytes:
    """Return a sheet whose errors are text, after refusing one that spans too many cells."""
    widest = max((name.upper() for name in COLUMN_NAME.findall(xml)), key=lambda name: (len(name), name), default=b"A")
    width = sum((sign - 64) * 26**power for power, sign in enumerate(reversed(widest[-8:])))
    height = max(map(int, set(ROW_NUMBER.findall(xml))), default=1)
    if width * height > MAX_CELLS:
        raise refuse_size(place, f"{height} rows, {width} columns", f"spans more than {MAX_CELLS} cells")
    return ERROR_CELL.sub(rb"\1\2str\2", xml)


def _find_empty_formulas(xml: bytes, place: str) -> list[Problem]:
    """Return the cells of a sheet that hold a formula and no result."""
    rule, remedy = "is a formula without its result", "open the file in a spreadsheet and save it"
    return [Problem(place, f"{name.decode()}{row.decode()}", rule, remedy, int(row)) for name, row in NO_RESULT.findall(xml)]
