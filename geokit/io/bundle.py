"""Tables and one tree of words in a single file: a zip of Parquet tables, each with its fingerprint, and nothing that runs when read."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geokit.core.errors import LayerError, OutputError, Problem
from geokit.io.write import write_bytes

ABOUT = "about.json"
"""The member that holds the tree and the fingerprints of the tables."""
DAY = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip can name: the same tables make the same bytes on any day."""
LARGEST = 2_000_000_000
"""Bytes that a bundle may unpack to."""


def write_bundle(path: Path, frames: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> Path:
    """Write tables and a tree as one file, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        Where to; missing folders are made.
    frames : mapping of str to pandas.DataFrame
        By name; the index is not kept.
    about : mapping
        A tree that JSON can hold.

    Returns
    -------
    pathlib.Path
        The path that was written.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    members = {f"{name}.parquet": _pack(frame) for name, frame in sorted(frames.items())}
    prints = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    members[ABOUT] = json.dumps({"sha256": prints, **about}, sort_keys=True, ensure_ascii=False, indent=1).encode("utf8")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, DAY), content)
    return write_bytes(path, buffer.getvalue())


def read_bundle(path: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Read what :func:`write_bundle` wrote.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables by name.
    dict
        The tree.

    Raises
    ------
    LayerError
        If it is no such file, unpacks to more than is safe, or a table is not as it was written.
    OutputError
        If it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                _refuse(path, path.name, f"unpacks to more than {LARGEST / 1e9:g} GB")
            members = {name: archive.read(name) for name in archive.namelist()}
        about = json.loads(members.pop(ABOUT))
        prints = about.pop("sha256")
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror or error}); name the folder of a run"
        raise OutputError(msg) from error
    except (zipfile.BadZipFile, KeyError, ValueError, AttributeError, NotImplementedError, RuntimeError):
        _refuse(path, path.name, "is no saved study, or is damaged")
    changed = sorted(name for name in members.keys() | prints.keys() if _print(members.get(name, b"")) != prints.get(name))
    if changed:
        _refuse(path, ", ".join(changed), "is not as it was written")
    return {name.removesuffix(".parquet"): pd.read_parquet(io.BytesIO(content)) for name, content in members.items()}, about


def _pack(frame: pd.DataFrame) -> bytes:
    """Return a table as Parquet; how pandas keeps text and empty columns is no part of it."""
    buffer = io.BytesIO()
    try:
        table = pa.Table.from_pandas(frame.reset_index(drop=True).infer_objects(), preserve_index=False)
        fields = [field.with_type(pa.string()) if field.type in {pa.large_string(), pa.null()} else field for field in table.schema]
        pq.write_table(table.cast(pa.schema(fields)), buffer, compression="zstd")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:  # pragma: no cover  a column of mixed kinds is a bug of ours
        raise OutputError(str(error)) from error
    return buffer.getvalue()


def _print(content: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def _refuse(path: Path, value: str, rule: str) -> NoReturn:
    """Refuse a file."""
    raise LayerError([Problem(path.name, value, rule, "run geokit again to write it anew")], where="a saved study") from None
