"""The fonts that ship with the package, and the signs that they hold."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from geokit.core.errors import OutputError

FONTS = ("SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf")
"""Files of the one family that is printed with."""
WIDE = 12
"""Format of a character map that lists ranges of all of Unicode (OpenType specification 1.9, chapter cmap)."""


def find_fonts(folder: Path | None = None) -> Path:
    """Return the folder of the fonts.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where to look; the folder in the package when not given.

    Returns
    -------
    pathlib.Path
        The folder; every one of :data:`FONTS` lies in it.

    Raises
    ------
    OutputError
        If a font is not there.
    """
    found = folder or Path(str(files("geokit.outputs").joinpath("vendor/fonts")))
    missing = [name for name in FONTS if not (found / name).is_file()]
    if missing:
        msg = f"{found}: the font {missing[0]} is missing, and a PDF cannot be set without it; install geokit again"
        raise OutputError(msg)
    return found


def read_signs(folder: Path) -> frozenset[int]:
    """Return the signs that every font of the folder holds.

    Parameters
    ----------
    folder : pathlib.Path
        As :func:`find_fonts` returns.

    Returns
    -------
    frozenset of int
        Code points of Unicode.
    """
    return frozenset.intersection(*(frozenset(_list_signs((folder / name).read_bytes())) for name in FONTS))


def _list_signs(font: bytes) -> Iterator[int]:
    """Yield the code points of an OpenType font: the ranges of its widest character map."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * at) for at in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (maps,) = struct.unpack_from(">H", font, start + 2)
    offsets = (start + struct.unpack_from(">HHL", font, start + 4 + 8 * at)[2] for at in range(maps))
    wide = next(offset for offset in offsets if struct.unpack_from(">H", font, offset)[0] == WIDE)
    (ranges,) = struct.unpack_from(">L", font, wide + 12)
    for at in range(ranges):
        first, last, _ = struct.unpack_from(">LLL", font, wide + 16 + 12 * at)
        yield from range(first, last + 1)
