"""Write a table in each format that a user may bring, without the readers of geokit."""

from __future__ import annotations

import zipfile
from xml.sax.saxutils import escape

import geopandas as gpd
import shapely

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
"""Style 1 is a date."""


def name_column(place):
    """Return the letters of a column, counted from 0."""
    return chr(65 + place) if place < 26 else name_column(place // 26 - 1) + chr(65 + place % 26)


def write_cell(value, place):
    """Return a cell of a sheet: text, a figure, a truth, nothing, or XML as it is when it begins with <c."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith("<c "):
        return value.replace("?", place)
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def link(key, kind, target):
    """Return the relation of one part of a workbook to another."""
    return f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def write_book(path, sheets, extra=None):
    """Write a workbook.

    Parameters
    ----------
    path : pathlib.Path
        Where to.
    sheets : mapping of str to list of list
        Rows of cells by the name of the sheet.
    extra : mapping of str to bytes, optional
        Further parts.
    """
    numbers = range(1, len(sheets) + 1)
    names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, sheets, strict=True))
    links = "".join(link(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{link("a", "officeDocument", "xl/workbook.xml")}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}{link("s", "styles", "styles.xml")}</Relationships>',
        "xl/styles.xml": STYLES,
    }
    for number, rows in enumerate(sheets.values(), 1):
        lines = (
            f'<row r="{row}">{"".join(write_cell(value, f"{name_column(place)}{row}") for place, value in enumerate(cells))}</row>'
            for row, cells in enumerate(rows, 1)
        )
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in {**parts, **(extra or {})}.items():
            book.writestr(name, content)


def write_xlsx(frame, path):
    """Write a frame as the only sheet of a workbook; a blank text is no cell."""
    rows = [[None if cell == "" else cell for cell in row] for row in frame.itertuples(index=False)]
    write_book(path, {"Sheet1": [list(frame.columns), *rows]})


def write_csv(frame, path):
    """Write a frame as CSV."""
    frame.to_csv(path, index=False)


def write_parquet(frame, path):
    """Write a frame as plain Parquet."""
    frame.to_parquet(path)


def place_points(frame):
    """Return a frame with its columns lat and lon turned into points."""
    points = [shapely.Point(float(lon), float(lat)) for lat, lon in zip(frame["lat"], frame["lon"], strict=True)]
    return gpd.GeoDataFrame(frame.drop(columns=["lat", "lon"]), geometry=points, crs="EPSG:4326")


def write_map(frame, path):
    """Write a frame as points: GeoJSON or GPKG, as the ending says."""
    place_points(frame).to_file(path)


WRITERS = {"csv": write_csv, "geojson": write_map, "gpkg": write_map, "xlsx": write_xlsx, "parquet": write_parquet}
