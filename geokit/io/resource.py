"""Read the texts that ship inside the package, and the pictures of a layers folder."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path


def read_resource(package: str, name: str) -> str:
    """Return a text file that ships with the package.

    Parameters
    ----------
    package : str
        Dotted name of the package that holds it, as in ``geokit.outputs``.
    name : str
        Path inside that package, as in ``assets/page.css``.

    Returns
    -------
    str
        The text, with line ends as on disk.

    Raises
    ------
    FileNotFoundError
        If the package holds no such file.
    """
    return files(package).joinpath(name).read_text(encoding="utf8")


def read_picture(path: Path) -> tuple[bytes, dict[str, object]] | None:
    """Return a picture and the facts in the JSON file of the same name beside it.

    Parameters
    ----------
    path : pathlib.Path
        A PNG file; ``hillshade.png`` has its bounds in ``hillshade.json``.

    Returns
    -------
    tuple of bytes and dict, or None
        The file's bytes and the facts; None when either file is missing.
    """
    beside = path.with_suffix(".json")
    if not (path.is_file() and beside.is_file()):
        return None
    return path.read_bytes(), json.loads(beside.read_text(encoding="utf8"))
