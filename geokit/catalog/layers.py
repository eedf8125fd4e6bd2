"""The layers of a study: facts as frames, read-only, each with its place on disk."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geokit.catalog.validate import Folder, read_folder
from geokit.core.errors import LayerError, Problem
from geokit.io.dictionary import read_columns
from geokit.io.read import read_geometry, type_columns

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class Layers(Mapping[str, pd.DataFrame]):
    """All layers of a folder, by table name.

    Attributes
    ----------
    root : pathlib.Path
        The folder they were read from.
    tables : mapping of str to pandas.DataFrame
        Typed by the data dictionary: figures are floats, words are text, blanks are NaN and "".
    version : str
        Version of the data, as in ``2026.11.22``.
    verified_on : datetime.date
        Day on which the data were last verified; the first of all days for layers put together by hand.
    sha256 : mapping of str to str
        Hash of every file, by its path below the folder.
    modified : tuple of str
        Tables and pictures whose bytes differ from those that the data package records, or that it does not record.
    """

    root: Path
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    version: str = ""
    verified_on: dt.date = dt.date.min
    sha256: Mapping[str, str] = field(default_factory=dict, repr=False)
    modified: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return one layer."""
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the table names."""
        return iter(self.tables)

    def __len__(self) -> int:
        """Return the number of layers."""
        return len(self.tables)

    @property
    def sources(self) -> pd.DataFrame:
        """Return the sources, indexed by ``source_id``."""
        return self.tables["sources"].set_index("source_id")

    def geometry(self, name: str) -> gpd.GeoDataFrame:
        """Return a layer of boundaries.

        Parameters
        ----------
        name : str
            ``provinces`` or ``neighbours``.

        Returns
        -------
        geopandas.GeoDataFrame
            EPSG:4326.

        Raises
        ------
        LayerError
            If the folder has no such file, or it is no GeoJSON.
        """
        return read_geometry(self.root / "boundaries" / f"{name}.geojson")


def find_layers(root: Path | None = None) -> Path:
    """Return the layers folder: the argument, ``GEOKIT_LAYERS``, the packaged layers, or the repository's ``layers/``."""
    package = Path(__file__).resolve().parents[1]
    named = root or (Path(os.environ["GEOKIT_LAYERS"]) if os.environ.get("GEOKIT_LAYERS") else None)
    if named:
        return named
    packaged = package / "_layers"
    return packaged if packaged.is_dir() else package.parent / "layers"


def read_layers(root: Path | None = None) -> Layers:
    """Read and check every table of the layers folder.

    Parameters
    ----------
    root : pathlib.Path, optional
        The folder, a complete set of layers; found as :func:`find_layers` says when not given.

    Returns
    -------
    Layers
        One frame a table.

    Raises
    ------
    LayerError
        If the folder is missing or any layer breaks the data dictionary, with every problem of every file.
    """
    folder = find_layers(root)
    if not folder.is_dir():
        raise LayerError([Problem(str(folder), folder.name, "is no folder of layers", "name a folder, or unset GEOKIT_LAYERS")])
    found = read_folder(folder)
    if found.problems:
        raise LayerError(found.problems)
    tables = {name: type_columns(frame, read_columns(name)) for name, frame in sorted(found.frames.items())}
    verified_on = dt.date.fromisoformat(found.package["verified_on"])
    return Layers(folder, tables, found.package["version"], verified_on, found.digests, _list_modified(found))


def _list_modified(found: Folder) -> tuple[str, ...]:
    """Return the files whose bytes the data package does not vouch for, by their stem."""
    resources = found.package.get("resources", [])
    recorded = {resource.get("path"): resource.get("hash") for resource in resources}
    return tuple(sorted(Path(path).stem for path, digest in found.digests.items() if recorded.get(path) != f"sha256:{digest}"))
