"""Open the layers: a complete folder, with the user's own rows laid over it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

from geokit.catalog.check_file import CheckedFile, check_rows, read_rows
from geokit.catalog.layers import Layers, build_layers, find_layers, type_tables
from geokit.catalog.overlay import Change, compare_rows, credit_user, name_rows, stack_rows
from geokit.catalog.rows_folder import find_rows
from geokit.check.validate import read_folder
from geokit.core.errors import LayerError, Problem
from geokit.io.dictionary import read_columns
from geokit.io.digest import digest
from geokit.io.text import plain_text

VARIABLE = "GEOKIT_LAYERS"
"""Environment variable that names a folder of the user's own rows."""


@plain_text()
def read_layers(
    root: Path | None = None, files: Mapping[str, Path] | None = None, *, skip: Path | None = None, environment: bool = True
) -> Layers:  # fmt: skip
    """Read and check every table of the layers folder and lay the user's rows over them.

    Files named in ``files`` count after those in the folder that the variable ``GEOKIT_LAYERS`` names. A row with a known key changes
    that row, in the columns that the file has; a row with a new key is added; nothing is removed. A cell that says what the layer says,
    however it is written, changes nothing.

    Parameters
    ----------
    root : pathlib.Path, optional
        A complete set of layers; the packaged ones when not given.
    files : mapping of str to pathlib.Path, optional
        A table name to the file of rows for it: CSV, GeoJSON, GPKG, XLSX or Parquet in the columns of that table.
    skip : pathlib.Path, optional
        A file in the folder of the environment that is not laid over: the one that is about to be checked.
    environment : bool
        Whether that folder counts at all; it does not for a saved study, which holds the rows that it was made with.

    Returns
    -------
    Layers
        One frame a table; ``modified`` and ``changes`` say what is not as packaged.

    Raises
    ------
    LayerError
        If the folder is missing or any file breaks a rule, with every problem of every file. Mere doubts are kept in ``doubts``.
    """
    folder = find_layers(root)
    if not folder.is_dir():
        raise LayerError([Problem(str(folder), folder.name, "is no folder of layers", "name a complete folder of layers")])
    found = read_folder(folder)
    if found.problems:
        raise LayerError(found.problems)
    layers = build_layers(found)
    named = os.environ.get(VARIABLE, "") if environment else ""
    layers = lay_over(layers, _list_rows(named, layers, skip=skip))
    return lay_over(layers, files or {})


def lay_over(layers: Layers, files: Mapping[str, Path]) -> Layers:
    """Lay the rows of some files over the layers.

    Parameters
    ----------
    layers : Layers
        As read.
    files : mapping of str to pathlib.Path
        A table name to the file of rows for it. Rows of different files may refer to one another.

    Returns
    -------
    Layers
        New layers; those given stay as they are.

    Raises
    ------
    LayerError
        With every error of every file.
    """
    if not files:
        return layers
    read = {path: read_rows(path, layers, table=table) for table, path in files.items()}
    odd = [problem for one in read.values() for problem in one.problems]
    _refuse(odd)
    settled = {path: _settle(path, one, layers) for path, one in read.items()}
    stacked = {one.table: stack_rows(layers.texts[one.table], one.frame, read_columns(one.table)) for one, _ in settled.values()}
    joined = replace(layers, texts={**layers.texts, **stacked})
    told = (check_rows(one.frame, one.table, joined, place=path.name, before=layers) for path, (one, _) in settled.items())
    problems = [*odd, *chain.from_iterable(told)]
    _refuse(problems)
    return _mark(replace(joined, tables=type_tables(joined.texts)), [change for _, change in settled.values()], problems)


def _mark(layers: Layers, changes: Iterable[Change], doubts: Iterable[Problem]) -> Layers:
    """Return layers that say what changed in them."""
    real = [change for change in changes if change.changed or change.added]
    modified = tuple(sorted({*layers.modified, *(change.table for change in real)}))
    return replace(layers, modified=modified, changes=(*layers.changes, *real), doubts=(*layers.doubts, *doubts))


def _settle(path: Path, checked: CheckedFile, layers: Layers) -> tuple[CheckedFile, Change]:
    """Return the rows of a file with the user among the sources of those that it changes, and what it changes."""
    columns = read_columns(checked.table)
    kinds = compare_rows(layers.texts[checked.table], checked.frame, columns)
    changed, added = (tuple(name_rows(checked.frame[kinds == kind], columns)) for kind in ("changed", "added"))
    credited = replace(checked, frame=credit_user(checked.frame, kinds, columns, given=checked.given))
    return credited, Change(checked.table, path.name, digest(path), changed, added)


def _refuse(problems: Iterable[Problem]) -> None:
    """Raise what is wrong, if anything is; a doubt is not."""
    found = [problem for problem in problems if not problem.is_doubt]
    if found:
        raise LayerError(found)


def _list_rows(folder: str, layers: Layers, *, skip: Path | None) -> dict[str, Path]:
    """Return the files of rows in the folder that the environment names."""
    if not folder:
        return {}
    if not Path(folder).is_dir():
        raise LayerError([Problem(VARIABLE, folder, "is no folder", "name a folder with files of rows, or unset the variable")])
    return find_rows(Path(folder), layers, layers.sha256, skip=skip)
