"""What an earlier run wrote into a folder, as its manifest says."""

from __future__ import annotations

import json
from pathlib import Path

from geokit.io.digest import digest

MANIFEST = "manifest.json"
"""File that names the outputs beside it with the SHA-256 of each."""


def read_sealed(folder: Path) -> dict[str, str]:
    """Return the outputs that the manifest of a folder names.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of a run; it need not exist.

    Returns
    -------
    dict of str to str
        File name to SHA-256; empty where there is no manifest, or one of another program.
    """
    try:
        named = json.loads((folder / MANIFEST).read_bytes())["outputs_sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    if not isinstance(named, dict):
        return {}
    return {name: told for name, told in named.items() if name not in {"", ".."} and Path(name).name == name}


def list_unchanged(folder: Path) -> list[str]:
    """Return the files of an earlier run that still hold what it wrote, the manifest among them.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of a run; it need not exist.

    Returns
    -------
    list of str
        Names, sorted; a file that somebody edited is that person's and is not among them.
    """
    sealed = read_sealed(folder)
    same = [name for name, told in sealed.items() if (folder / name).is_file() and digest(folder / name) == told]
    return sorted([*same, MANIFEST]) if sealed else []
