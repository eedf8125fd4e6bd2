"""Write layers/datapackage.json from the data dictionary: ``python recipes/datapackage.py``.

Whoever changes, adds or removes a file below layers/, or a file in geokit/core/columns/, runs this again in the same commit: the hashes in
the package say which bytes are ours, and a layer whose bytes differ is shown as modified. Raise VERSION and VERIFIED_ON when facts were
verified anew. The descriptor follows Frictionless Data Package v1; ``frictionless validate layers/datapackage.json`` checks it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geokit.core.columns import Column
from geokit.io.dictionary import list_dictionary, read_columns, read_themes

LAYERS = Path(__file__).resolve().parents[1] / "layers"
VERSION = "2026.11.22"
VERIFIED_ON = "2026-11-22"
TYPES = {"number": "number", "integer": "integer", "boolean": "boolean"}
PARTIAL_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
"""A date of which only the year or the month may be known; the format has no type for it."""
FILES = {
    ".geojson": ("application/geo+json", "Boundaries for drawing, EPSG:4326, simplified; Natural Earth, public domain."),
    ".tif": ("image/tiff", "Elevation, m, EPSG:4326; NOAA GLOBE 1.0, unrestricted."),
    ".png": ("image/png", "Shaded relief; NOAA GLOBE 1.0, unrestricted."),
    ".json": ("application/json", "Bounds of the picture of the same name."),
}


def describe_field(column: Column) -> dict[str, Any]:
    """Return the field descriptor of a column."""
    field: dict[str, Any] = {"name": column.name, "type": TYPES.get(column.type, "string")}
    field |= {name: text for name, text in (("description", column.description), ("unit", column.unit), ("grade", column.grade)) if text}
    if column.type in {"ids", "date"}:
        field["semantics"] = "ids separated by | or ;" if column.type == "ids" else "ISO date, month or year"
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.allowed and column.type != "ids" and not column.refers_to:
        constraints["enum"] = list(column.allowed)
    if column.type == "date":
        constraints["pattern"] = PARTIAL_DATE
    constraints |= {name: bound for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)) if bound is not None}
    return field | ({"constraints": constraints} if constraints else {})


def list_foreign_keys(table: str, columns: Sequence[Column], tables: Sequence[str]) -> list[dict[str, Any]]:
    """Return the foreign keys that the format can say: one id a cell, into a table of the package."""
    keys = []
    for column in columns:
        target, _, name = column.refers_to.partition(".")
        if target in tables and column.type != "ids" and not column.allowed:
            keys.append({"fields": column.name, "reference": {"resource": "" if target == table else target, "fields": name}})
    return keys


def describe_table(path: Path, tables: Sequence[str]) -> dict[str, Any]:
    """Return the resource descriptor of a table."""
    by_name = {column.name: column for column in read_columns(path.stem)}
    header = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    columns = [by_name[name] for name in header]
    schema: dict[str, Any] = {"fields": [describe_field(column) for column in columns]}
    schema["primaryKey"] = [column.name for column in columns if column.key]
    foreign = list_foreign_keys(path.stem, columns, tables)
    return {
        "name": path.stem, "profile": "tabular-data-resource", "description": read_themes()[path.stem][1], **describe_bytes(path),
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema | ({"foreignKeys": foreign} if foreign else {}),
    }


def describe_file(path: Path) -> dict[str, Any]:
    """Return the resource descriptor of a file that is no table."""
    mediatype, text = FILES[path.suffix]
    name = f"{path.stem}-{path.suffix[1:]}".replace("_", "-")
    return {"name": name, "type": "file", "description": text, **describe_bytes(path), "format": path.suffix[1:], "mediatype": mediatype}


def describe_bytes(path: Path) -> dict[str, Any]:
    """Return path, size and hash of a file."""
    data = path.read_bytes()
    return {"path": path.relative_to(LAYERS).as_posix(), "bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def describe_package() -> dict[str, Any]:
    """Return the whole descriptor."""
    declared = set(list_dictionary())
    csv_files = sorted([*LAYERS.glob("*.csv"), *LAYERS.glob("*/*.csv")])
    strangers = [path.name for path in csv_files if path.stem not in declared or path.stem not in read_themes()]
    if strangers:
        msg = f"{strangers} have no data dictionary or stand not in themes.csv; declare them in geokit/core/"
        raise SystemExit(msg)
    tables = [path.stem for path in csv_files]
    others = sorted(path for path in LAYERS.glob("*/*") if path.suffix in FILES)
    return {
        "profile": "data-package", "name": "geokit-layers", "title": "Facts behind geokit", "version": VERSION, "verified_on": VERIFIED_ON,
        "description": "Deposits, sites, freight, controls, partners, prices and risks, a source on every row; screening grade.",
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "sources": [{"title": "Every row names its sources by id; they are listed in sources.csv", "path": "sources.csv"}],
        "resources": [*(describe_table(path, tables) for path in csv_files), *(describe_file(path) for path in others)],
    }


def main() -> None:
    """Write the descriptor."""
    text = json.dumps(describe_package(), indent=1, ensure_ascii=False) + "\n"
    (LAYERS / "datapackage.json").write_text(text, encoding="utf8", newline="\n")


if __name__ == "__main__":
    main()
