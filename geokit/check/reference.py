"""What rows are checked against, beside the data dictionary: the ids, other names, rows and boundaries of the layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from geokit.check.aliases import Aliases, fold, index_aliases, index_ids
from geokit.check.figures import read_figure
from geokit.core.errors import LayerError, Problem
from geokit.io.areas import Areas, read_areas
from geokit.io.dictionary import read_columns

Spot = tuple[float, float]
REFUSED = "figure_conflicts"
BOUNDARIES = {"provinces": "province_id", "districts": "district_id"}
"""Files of boundaries that a folder may have, and the property that holds their ids."""

UNPLACED = "is absent: whether points lie in their province and in the study area was not checked"


@dataclass(frozen=True)
class Reference:
    """The layers as far as a check of rows needs them.

    Attributes
    ----------
    frames : mapping of str to pandas.DataFrame
        Tables as text.
    known : mapping of str to frozenset of str
        ``table.column`` to the ids that stand in it.
    aliases : mapping of str to mapping of str to str
        ``table.column`` to other names of these ids.
    areas : mapping of str to Areas
        Boundaries that the folder has.
    """

    frames: Mapping[str, pd.DataFrame]
    known: Mapping[str, frozenset[str]]
    aliases: Aliases = field(default_factory=dict)
    areas: Mapping[str, Areas] = field(default_factory=dict)

    @cached_property
    def refused(self) -> dict[str, list[dict[Any, Any]]]:
        """Return the figures that were looked at and refused, by their table; none for layers without conflicts of figures."""
        conflicts, by_table = self.frames.get(REFUSED), dict[str, list[dict[Any, Any]]]()
        for one in [] if conflicts is None else conflicts[conflicts["verdict"] == "refused"].to_dict("records"):
            by_table.setdefault(one["layer"], []).append(one)
        return by_table

    @cached_property
    def spots(self) -> dict[str, list[Spot]]:
        """Return the points of the layers, latitude first, by folded name."""
        found: dict[str, list[Spot]] = {}
        tables = [frame for frame in self.frames.values() if {"name", "lat", "lon"} <= set(frame.columns)]
        for name, lat, lon in (row for frame in tables for row in frame[["name", "lat", "lon"]].itertuples(index=False, name=None)):
            if lat and lon:
                found.setdefault(fold(name), []).append((read_figure(lat), read_figure(lon)))
        return found

    @cached_property
    def grade_units(self) -> dict[str, str]:
        """Return the units in which each commodity is graded, in words."""
        limits = self.frames.get("grade_limits", pd.DataFrame(columns=["commodity_id", "grade_unit"]))
        return {str(name): " or ".join(rows["grade_unit"]) for name, rows in limits.groupby("commodity_id", sort=False)}


def build_reference(frames: Mapping[str, pd.DataFrame], root: Path) -> tuple[Reference, list[Problem]]:
    """Gather what rows are checked against.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        The layers as text.
    root : pathlib.Path
        Their folder, for the boundaries.

    Returns
    -------
    tuple of Reference and list of Problem
        What was gathered, and what is wrong with the boundaries.
    """
    columns = {table: read_columns(table) for table in frames}
    areas: dict[str, Areas] = {}
    problems: list[Problem] = []
    for name, key in BOUNDARIES.items():
        try:
            found = read_areas(root / "boundaries" / f"{name}.geojson", key)
        except LayerError as error:
            problems += error.problems
        else:
            areas |= {name: found} if found else {}
    if not areas.get("provinces") and not problems:
        remedy = "put the file there, or take that of the packaged layers"
        problems.append(Problem("boundaries/provinces.geojson", "", UNPLACED, remedy, is_doubt=True))
    return Reference(frames, index_ids(frames, columns), index_aliases(frames, columns), areas), problems
