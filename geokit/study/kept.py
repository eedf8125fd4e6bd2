"""Routed freight kept on disk between runs, under the fingerprint of everything that it follows from."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from geokit import __version__, network
from geokit.catalog import Layers
from geokit.core.assumptions import Assumptions
from geokit.core.errors import LayerError, OutputError
from geokit.io.bundle import read_bundle, write_bundle
from geokit.io.digest import digest

VARIABLE = "GEOKIT_CACHE"
"""Environment variable that names the folder; without it, or the option of a run, nothing is kept."""
LARGEST = 200_000_000
"""Bytes that the folder may hold; the entries used longest ago go first."""
ENDING = ".freight.zip"


@dataclass(frozen=True)
class Store:
    """A folder of entries.

    Attributes
    ----------
    folder : pathlib.Path
        Made when something is kept.
    largest : int
        Bytes that it may hold.
    """

    folder: Path
    largest: int = LARGEST

    def read(self, key: str) -> dict[str, pd.DataFrame] | None:
        """Return the tables of an entry, or None where there is none that can be trusted: it is then computed anew."""
        path = self._path(key)
        try:
            frames, about = read_bundle(path)
        except (LayerError, OutputError):
            return None
        if about.get("key") != key:
            return None
        with suppress(OSError):
            os.utime(path)
        return frames

    def write(self, key: str, frames: Mapping[str, pd.DataFrame]) -> None:
        """Keep tables, and drop the entries used longest ago until the folder is small enough; one that cannot be kept is let go."""
        try:
            write_bundle(self._path(key), frames, {"key": key, "version": __version__})
        except OutputError:
            return
        entries = self.list_entries()
        total = int(entries["bytes"].sum())
        for row in entries.sort_values("used").to_dict("records"):
            if total <= self.largest:
                break
            with suppress(OSError):
                self._path(str(row["key"])).unlink(missing_ok=True)
            total -= int(row["bytes"])

    def list_entries(self) -> pd.DataFrame:
        """Return one row an entry: ``key``, ``bytes`` and ``used`` (seconds since 1970), the last used first."""
        paths = sorted(self.folder.glob(f"*{ENDING}")) if self.folder.is_dir() else []
        rows = []
        for path in paths:
            with suppress(FileNotFoundError):  # another run may drop it meanwhile
                found = path.stat()
                rows.append((path.name.removesuffix(ENDING), found.st_size, found.st_mtime))
        return pd.DataFrame(rows, columns=["key", "bytes", "used"]).sort_values("used", ascending=False, ignore_index=True)

    def clear(self) -> int:
        """Remove every entry and nothing else; return how many there were."""
        keys = self.list_entries()["key"].tolist()
        for key in keys:
            self._path(key).unlink(missing_ok=True)
        return len(keys)

    def _path(self, key: str) -> Path:
        """Return the file of an entry."""
        return self.folder / f"{key}{ENDING}"


def find_store(*, wanted: bool | None = None, environment: Mapping[str, str] = os.environ) -> Store | None:
    """Return where freight is kept: nowhere unless somebody asked for it.

    Parameters
    ----------
    wanted : bool, optional
        What the option of a run says; the environment decides when not given.
    environment : mapping of str to str
        ``GEOKIT_CACHE`` names the folder; without it the cache folder of the user is taken (``XDG_CACHE_HOME`` or ``~/.cache``,
        ``~/Library/Caches`` on macOS, ``LOCALAPPDATA`` on Windows).

    Returns
    -------
    Store or None
        None when nothing is to be kept.
    """
    if wanted is False or (wanted is None and not environment.get(VARIABLE)):
        return None
    return open_store(environment=environment)


def open_store(*, environment: Mapping[str, str] = os.environ) -> Store:
    """Return the folder that ``GEOKIT_CACHE`` names, or that of the user; see :func:`find_store`."""
    named = environment.get(VARIABLE, "")
    return Store(Path(named) if named else _find_home(environment) / "geokit")


def mark_freight(layers: Layers, assumptions: Assumptions, reads: tuple[str, ...]) -> str:
    """Return the fingerprint of everything that freight follows from.

    Parameters
    ----------
    layers : Layers
        Every table by its cells and every file by its hash.
    assumptions : Assumptions
        Only the sections that freight reads count.
    reads : tuple of str
        These sections.

    Returns
    -------
    str
        Forty hex digits; another version of the program, or of its code on freight, gives another.
    """
    own = [Path(__file__).with_name(name) for name in ("alternatives.py", "freight.py")]
    root = Path(str(network.__file__)).parent
    own += [root.parent / "core" / "chain.py", *sorted((root.parent / "defaults").glob("*.csv")), *sorted(root.glob("*.py"))]
    code = {f"{path.parent.name}/{path.name}": digest(path) for path in own}
    parts = {
        "version": __version__, "python": sys.version_info[:2], "code": code, "files": dict(layers.sha256),
        "tables": {name: _mark_table(frame) for name, frame in layers.tables.items()},
        "assumptions": assumptions.model_dump(mode="json", include=set(reads)),
    }  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:40]


def list_frames(freight: object) -> dict[str, pd.DataFrame]:
    """Return the tables of a dataclass of tables by name."""
    return {one.name: getattr(freight, one.name) for one in fields(freight)}  # type: ignore[arg-type]


def _mark_table(frame: pd.DataFrame) -> str:
    """Return the fingerprint of a table: its columns and its cells, in order."""
    text = repr((frame.columns.tolist(), frame.to_numpy(dtype=object).tolist()))
    return hashlib.sha256(text.encode("utf8", "surrogatepass")).hexdigest()


def _find_home(environment: Mapping[str, str]) -> Path:
    """Return the folder in which a user's programs keep what can be computed anew."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache")
