"""List the data files of a folder, however deep they lie."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from geokit.io.foreign import FORMATS

ENDINGS = (*FORMATS, ".json", ".png", ".tif")
"""Endings of files that hold data."""
PACKAGE = "datapackage.json"
"""The file that describes the others."""
HIDDEN = (".", "~$")
"""Beginnings of names that programs give to files of their own."""


def list_files(folder: Path, names: Collection[str]) -> dict[str, Path]:
    """Return the data files below a folder, by their path below it.

    Parameters
    ----------
    folder : pathlib.Path
        A folder of layers, or of a user's rows.
    names : collection of str
        Names of layers: a file with such a name counts whatever its ending, so that none is passed over unseen.

    Returns
    -------
    dict of str to pathlib.Path
        Path with slashes to the file, sorted; hidden files, other files such as notes, and the descriptor of the folder are left out.
    """
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        place: path for place, path in found.items()
        if (path.suffix.lower() in ENDINGS or path.stem in names) and place != PACKAGE
        and not any(part.startswith(HIDDEN) for part in place.split("/"))
    }  # fmt: skip
