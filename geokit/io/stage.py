"""Fill a folder in one move, so that a stopped run changes nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geokit.core.errors import OutputError


@contextmanager
def stage_folder(folder: Path) -> Iterator[Path]:
    """Give a draft folder beside the wanted one, and move its files into place when all went well.

    Parameters
    ----------
    folder : pathlib.Path
        The wanted folder; made when it does not exist. Files of other names in it stay.

    Yields
    ------
    pathlib.Path
        The draft; it is gone afterwards, whatever happened.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=".part", dir=folder.parent))
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror or error}); choose a folder that you may write to"
        raise OutputError(msg) from error
    try:
        yield draft
        _move(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _move(draft: Path, folder: Path) -> None:
    """Move every file of the draft into the folder, each in one step."""
    try:
        folder.mkdir(exist_ok=True)
        for path in sorted(draft.iterdir()):
            path.replace(folder / path.name)
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror or error}); choose a folder that you may write to"
        raise OutputError(msg) from error
