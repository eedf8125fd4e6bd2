"""The layers of a study: facts as frames, read-only, each with its place on disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geokit.catalog.overlay import Change
from geokit.check.reference import Reference, build_reference
from geokit.check.validate import Folder
from geokit.core.errors import Problem
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
        Tables and pictures whose bytes differ from those that the data package records, or that it does not record, and tables that a
        user's file changed.
    texts : mapping of str to pandas.DataFrame
        The tables as text, before typing.
    changes : tuple of Change
        What files of the user changed.
    doubts : tuple of Problem
        What is odd about these files, though no rule forbids it.
    """

    root: Path
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    version: str = ""
    verified_on: dt.date = dt.date.min
    sha256: Mapping[str, str] = field(default_factory=dict, repr=False)
    modified: tuple[str, ...] = ()
    texts: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    changes: tuple[Change, ...] = ()
    doubts: tuple[Problem, ...] = ()

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

    @cached_property
    def reference(self) -> tuple[Reference, list[Problem]]:
        """Return what rows of the user are checked against, and what is wrong with the boundaries."""
        return build_reference(self.texts, self.root)

    def geometry(self, name: str) -> gpd.GeoDataFrame:
        """Return a layer of shapes.

        Parameters
        ----------
        name : str
            Stem of a GeoJSON file in any folder of the layers, as in ``provinces``, ``districts`` or ``rivers``.

        Returns
        -------
        geopandas.GeoDataFrame
            EPSG:4326.

        Raises
        ------
        LayerError
            If the folder has no such file, or it is no GeoJSON.
        """
        found = [path for path in sorted(self.root.glob("*/*.geojson")) if path.stem == name]
        return read_geometry(found[0] if found else self.root / f"{name}.geojson")


def find_layers(root: Path | None = None) -> Path:
    """Return the layers folder: the argument, the packaged layers, or the repository's ``layers/``."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "_layers"
    return root or (packaged if packaged.is_dir() else package.parent / "layers")


def build_layers(found: Folder) -> Layers:
    """Return the layers of a folder that was read and found sound."""
    version, verified_on = found.package["version"], dt.date.fromisoformat(found.package["verified_on"])
    return Layers(found.root, type_tables(found.frames), version, verified_on, found.digests, _list_modified(found), found.frames)


def type_tables(texts: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Type the tables by the data dictionary: figures become floats, all else stays text."""
    return {name: type_columns(frame, read_columns(name)) for name, frame in sorted(texts.items())}


def _list_modified(found: Folder) -> tuple[str, ...]:
    """Return the files whose bytes the data package does not vouch for, by their stem."""
    resources = found.package.get("resources", [])
    recorded = {resource.get("path"): resource.get("hash") for resource in resources}
    return tuple(sorted(Path(path).stem for path, digest in found.digests.items() if recorded.get(path) != f"sha256:{digest}"))
