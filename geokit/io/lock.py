"""One run at a time: a lock on a folder that falls away with the process that holds it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geokit.core.errors import OutputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""What the systems say of a lock that somebody else holds."""


@contextmanager
def tell_trouble(folder: Path) -> Iterator[None]:
    """Turn what the system says of a folder into an error of ours, as a context.

    Parameters
    ----------
    folder : pathlib.Path
        Named in the message.

    Raises
    ------
    OutputError
        In place of any OSError.
    """
    try:
        yield
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror or error}); choose a folder that you may write to"
        raise OutputError(msg) from error


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, a file beside it that is gone afterwards; a killed process holds none.

    Parameters
    ----------
    folder : pathlib.Path
        Need not exist; its parent must.

    Raises
    ------
    OutputError
        If another process, or this one, holds it, or the parent cannot be written.
    """
    path = folder.with_name(f".{folder.name}.lock")
    with tell_trouble(folder):
        file = _open_locked(path, folder)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(file)


def _open_locked(path: Path, folder: Path) -> int:
    """Return the open lock file; one that its holder took away while we waited to look is opened anew."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(file)
        except OSError as error:
            os.close(file)
            if error.errno in HELD:
                msg = f"{folder}: another run is writing it; wait until it has ended, or choose another folder"
                raise OutputError(msg) from error
            raise
        if path.exists() and os.path.samestat(os.fstat(file), path.stat()):
            return file
        os.close(file)


def _lock(file: int) -> None:
    """Lock an open file or fail at once."""
    if sys.platform == "win32":
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
