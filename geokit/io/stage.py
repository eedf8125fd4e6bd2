"""Fill a folder beside the wanted one and swap the two, so that a stopped run leaves the old folder or the new one, whole."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geokit.io.lock import hold_lock, tell_trouble

EXCHANGE = 2
"""Flag of ``renameat2(2)`` that swaps two names in one step (Linux manual pages 6.9)."""
HERE = -100
"""Stands for the working folder there (``AT_FDCWD``)."""


@contextmanager
def stage_folder(folder: Path, ours: Collection[str] = ()) -> Iterator[Path]:
    """Give a draft folder beside the wanted one, and swap it in when all went well.

    No other run can stage the same folder meanwhile. A run that was killed leaves the old folder or the new one; the next run
    clears away what it left beside. On systems that cannot swap two names in one step, the next run brings back a folder that was
    set aside. The working folder and a mounted one cannot be swapped: their files are replaced one by one.

    Parameters
    ----------
    folder : pathlib.Path
        The wanted folder; made when it does not exist. What else lies in it stays.
    ours : collection of str
        Names of files there that an earlier run wrote: those that the draft does not hold go.

    Yields
    ------
    pathlib.Path
        The draft, for files and no folders; it is gone afterwards, whatever happened.

    Raises
    ------
    OutputError
        If the folder cannot be written, or if another run is writing it.
    """
    folder = Path(folder).resolve()
    with tell_trouble(folder):
        _refuse(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
    draft, old = (folder.with_name(f".{folder.name}.{ending}") for ending in ("part", "old"))
    with hold_lock(folder):
        with tell_trouble(folder):
            _recover(folder, draft, old)
            draft.mkdir()
        try:
            yield draft
            with tell_trouble(folder):
                _put(draft, folder, old, ours=ours)
        finally:
            with suppress(OSError):
                _clear(draft, folder)


def _refuse(folder: Path) -> None:
    """Refuse a file, the root, and a folder that may not be written to, as the system would."""
    if not folder.name:
        raise IsADirectoryError(None, "it is the root of the file system")
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(None, "it is no folder")
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(None, "it is read-only")


def _recover(folder: Path, draft: Path, old: Path) -> None:
    """Clear away what a killed run left, and bring back a folder that it had set aside."""
    if old.is_dir() and not folder.exists():
        old.rename(folder)
    for left in (draft, old):
        _clear(left, folder)


def _put(draft: Path, folder: Path, old: Path, *, ours: Collection[str]) -> None:
    """Put the draft in the place of the folder, with what else lies in that."""
    if not folder.exists():
        draft.rename(folder)
    elif folder.is_mount() or Path.cwd().is_relative_to(folder):
        _replace_each(draft, folder, ours)
    else:
        _carry(folder, draft, ours)
        left = draft if _exchange(draft, folder) else _set_aside(draft, folder, old)
        _clear(left, folder, ours={*ours, *_list_names(folder)})


def _replace_each(draft: Path, folder: Path, ours: Collection[str]) -> None:
    """Move the files of the draft one by one, and drop those of an earlier run that it does not hold."""
    names = _list_names(draft)
    for name in names:
        (draft / name).replace(folder / name)
    for name in set(ours).difference(names):
        (folder / name).unlink(missing_ok=True)


def _carry(folder: Path, draft: Path, ours: Collection[str]) -> None:
    """Link what others put into the folder into the draft too, so that it is never away, and take over who may read the folder."""
    shutil.copymode(folder, draft)
    for path in sorted(folder.iterdir()):
        if _is_file(path) and path.name not in ours and not (draft / path.name).exists():
            try:
                os.link(path, draft / path.name)
            except OSError:  # a file system without links
                shutil.copy2(path, draft / path.name)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step; False where the system cannot."""
    swap = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    return swap is not None and swap(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0


def _set_aside(draft: Path, folder: Path, old: Path) -> Path:
    """Swap in two steps and return where the old folder lies."""
    folder.rename(old)
    try:
        draft.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    return old


def _clear(left: Path, folder: Path, ours: Collection[str] | None = None) -> None:
    """Empty and remove a folder beside the wanted one; what is no file of ours goes back, never away.

    Without ``ours`` every file is one: a draft holds files alone, and so does an old folder once its other files are linked.
    """
    if not left.is_dir():
        return
    for path in sorted(left.iterdir()):
        if _is_file(path) and (ours is None or path.name in ours):
            path.unlink()
        else:
            path.replace(folder / path.name)
    left.rmdir()


def _is_file(path: Path) -> bool:
    """Tell whether a path is a plain file and no link."""
    return path.is_file() and not path.is_symlink()


def _list_names(folder: Path) -> list[str]:
    """Return the names in a folder."""
    return sorted(path.name for path in folder.iterdir())
