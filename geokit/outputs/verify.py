"""Check a folder of outputs against its manifest."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geokit.core.errors import OutputError, Problem
from geokit.io.digest import digest
from geokit.io.read import hash_bytes
from geokit.io.sealed import MANIFEST
from geokit.io.table import read_bytes

SHA256 = re.compile(r"[0-9a-f]{64}")
REMEDY = "run geokit again to write it anew, or take the folder from whom you have it once more"


@dataclass(frozen=True)
class Verified:
    """What was found in a folder.

    Attributes
    ----------
    files : tuple of str
        Files that are as they were written.
    problems : tuple of Problem
        Files that are gone or differ.
    strangers : tuple of str
        Files that the manifest does not name: no fault, but nothing vouches for them.
    manifest_sha256 : str
        Fingerprint of the manifest itself: whoever sealed the folder can tell it by another way.
    """

    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    strangers: tuple[str, ...]
    manifest_sha256: str

    def as_dict(self) -> dict[str, object]:
        """Return what was found as plain data, as ``--json`` prints it."""
        return asdict(self)


def verify_folder(folder: Path) -> Verified:
    """Hold every file of a folder against the SHA-256 in its manifest.

    Parameters
    ----------
    folder : pathlib.Path
        As written by ``geokit run``, ``rescore``, ``report`` or ``export``; it is only read.

    Returns
    -------
    Verified
        What is sound, what is not, and what nobody sealed.

    Raises
    ------
    OutputError
        If the folder has no manifest, or one that is none.
    """
    folder = Path(folder)
    if not folder.is_dir():
        msg = f"{folder}: is no folder; name the folder of a run"
        raise OutputError(msg)
    data, problems = read_bytes(folder / MANIFEST, MANIFEST)
    if problems:
        msg = f"{folder}: holds no {MANIFEST} that can be read; name the folder of a run"
        raise OutputError(msg)
    sealed = _read_sealed(data, folder)
    told = {name: _check(folder, name, want) for name, want in sorted(sealed.items())}
    present = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return Verified(
        files=tuple(name for name, problem in told.items() if problem is None),
        problems=tuple(problem for problem in told.values() if problem is not None),
        strangers=tuple(name for name in present if name not in sealed and name != MANIFEST),
        manifest_sha256=hash_bytes(data),
    )


def tell_verified(found: Verified) -> list[tuple[str, bool]]:
    """Return what was found, in lines for the terminal.

    Parameters
    ----------
    found : Verified
        From :func:`verify_folder`.

    Returns
    -------
    list of tuple
        Line and whether it is a heading: problems first, then what nobody sealed, the count as heading, the fingerprint of the manifest.
    """
    lines = [str(problem) for problem in found.problems]
    lines += [f"{name}: is not in the manifest; nothing vouches for it" for name in found.strangers]
    count = f"{len(found.files)} of {len(found.files) + len(found.problems)} files are as they were written"
    return [*((line, False) for line in lines), (count, True), (f"manifest {found.manifest_sha256}", False)]


def _read_sealed(data: bytes, folder: Path) -> dict[str, str]:
    """Return the fingerprints of a manifest by file; names that lead out of the folder are refused."""
    try:
        tree: Any = json.loads(data)
        sealed = tree["outputs_sha256"]
        sound = isinstance(sealed, dict) and all(_is_sound(name, want) for name, want in sealed.items())
    except (ValueError, KeyError, TypeError):
        sound, sealed = False, {}
    if not sound:
        msg = f"{folder / MANIFEST}: is no manifest of geokit, or is damaged; {REMEDY}"
        raise OutputError(msg)
    return dict(sealed)


def _is_sound(name: str, want: object) -> bool:
    """Return whether an entry is the plain name of a file and a SHA-256."""
    return bool(name) and "/" not in name and "\\" not in name and name not in {".", ".."} and bool(SHA256.fullmatch(str(want)))


def _check(folder: Path, name: str, want: str) -> Problem | None:
    """Return what is wrong with one file."""
    path = folder / name
    if not path.is_file():
        return Problem(name, name, "is in the manifest and not in the folder", REMEDY)
    try:
        found = digest(path)
    except OSError as error:
        return Problem(name, name, f"cannot be read ({error.strerror or error})", "check that the file may be read")
    return None if found == want else Problem(name, f"{found[:12]}...", f"is its SHA-256, and the manifest says {want[:12]}...", REMEDY)
