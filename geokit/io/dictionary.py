"""Read the data dictionary that ships with the package."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from geokit.core.columns import Column, split_ids


def list_dictionary() -> tuple[str, ...]:
    """Return the names of all tables that the data dictionary declares, sorted."""
    folder = files("geokit.core.columns")
    return tuple(sorted(entry.name.removesuffix(".csv") for entry in folder.iterdir() if entry.name.endswith(".csv")))


@cache
def read_columns(table: str) -> tuple[Column, ...]:
    """Return the declared columns of a table in their order.

    Parameters
    ----------
    table : str
        Table name, as in ``deposits``.

    Returns
    -------
    tuple of Column
        The declaration; its order is the order in the file and in the outputs.

    Raises
    ------
    FileNotFoundError
        If the dictionary has no such table.
    """
    text = files("geokit.core.columns").joinpath(f"{table}.csv").read_text(encoding="utf8")
    return tuple(_column(row) for row in csv.DictReader(io.StringIO(text)))


@cache
def read_themes() -> Mapping[str, tuple[str, str]]:
    """Return the tables that make up a layers folder: name to (theme folder, what the table holds).

    The theme is blank for a table at the top of the folder.
    """
    text = files("geokit.core").joinpath("themes.csv").read_text(encoding="utf8")
    return MappingProxyType({row["table"]: (row["theme"], row["description"]) for row in csv.DictReader(io.StringIO(text))})


def _column(row: dict[str, str]) -> Column:
    """Turn one row of a dictionary file into a column."""
    bound = {side: float(row[side]) if row.get(side) else None for side in ("minimum", "maximum")}
    return Column(
        name=row["name"],
        type=row["type"] or "text",
        unit=row.get("unit", ""),
        required=row.get("required", "") == "yes",
        key=row.get("key", "") == "yes",
        refers_to=row.get("refers_to", ""),
        allowed=split_ids(row.get("allowed", "")),
        minimum=bound["minimum"],
        maximum=bound["maximum"],
        grade=row.get("grade", ""),
        description=row.get("description", ""),
    )
