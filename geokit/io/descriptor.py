"""Describe tables by the Frictionless Data Package, from the data dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geokit.core.columns import Column
from geokit.io.digest import digest

TYPES = {"number": "number", "integer": "integer", "boolean": "boolean"}
PARTIAL_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
"""A date of which only the year or the month may be known; the format has no type for it."""


def describe_field(column: Column) -> dict[str, Any]:
    """Return the field descriptor of a column.

    Parameters
    ----------
    column : Column
        Its declaration.

    Returns
    -------
    dict
        Name, type, description, unit, grade and constraints.
    """
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


def describe_resource(path: Path, columns: Sequence[Column], references: Mapping[str, str]) -> dict[str, Any]:
    """Return the resource descriptor of a table that lies beside the descriptor.

    Parameters
    ----------
    path : pathlib.Path
        The CSV file.
    columns : sequence of Column
        Its columns in their order.
    references : mapping of str to str
        Column to the table beside it that has the same column as its key.

    Returns
    -------
    dict
        With the size and the SHA-256 of the file.
    """
    schema: dict[str, Any] = {"fields": [describe_field(column) for column in columns], "missingValues": [""]}
    schema["primaryKey"] = [column.name for column in columns if column.key]
    named = [column.name for column in columns if references.get(column.name, path.stem) != path.stem]
    keys = [{"fields": name, "reference": {"resource": references[name], "fields": name}} for name in named]
    schema |= {"foreignKeys": keys} if keys else {}
    return {
        "name": path.stem.replace("_", "-"), "profile": "tabular-data-resource", "path": path.name,
        "bytes": path.stat().st_size, "hash": f"sha256:{digest(path)}", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "schema": schema,
    }  # fmt: skip
