"""The layers of a study: facts as frames, read-only, each with its place on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from geokit.io.dictionary import list_dictionary, read_columns
from geokit.io.read import read_text_table, type_columns


@dataclass(frozen=True)
class Layers(Mapping[str, pd.DataFrame]):
    """All layers of a folder, by table name.

    Attributes
    ----------
    root : pathlib.Path
        The folder they were read from.
    tables : mapping of str to pandas.DataFrame
        Typed by the data dictionary: figures are floats, words are text, blanks are NaN and "".
    """

    root: Path
    tables: Mapping[str, pd.DataFrame] = field(repr=False)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return one layer."""
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the table names."""
        return iter(self.tables)

    def __len__(self) -> int:
        """Return the number of layers."""
        return len(self.tables)


def find_layers(root: Path | None = None) -> Path:
    """Return the layers folder: the argument, ``GEOKIT_LAYERS``, the packaged layers, or the repository's ``layers/``."""
    package = Path(__file__).resolve().parents[1]
    named = root or (Path(os.environ["GEOKIT_LAYERS"]) if os.environ.get("GEOKIT_LAYERS") else None)
    if named:
        return named
    packaged = package / "_layers"
    return packaged if packaged.is_dir() else package.parent / "layers"


def read_layers(root: Path | None = None) -> Layers:
    """Read every table of the layers folder.

    Parameters
    ----------
    root : pathlib.Path, optional
        The folder; found as :func:`find_layers` says when not given.

    Returns
    -------
    Layers
        One frame a table.
    """
    folder = find_layers(root)
    declared = set(list_dictionary())
    paths = {path.stem: path for path in sorted(folder.glob("*/*.csv")) if path.stem in declared}
    return Layers(folder, {name: type_columns(read_text_table(path), read_columns(name)) for name, path in paths.items()})
