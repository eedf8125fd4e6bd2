"""The data dictionary: what every column of every table means, in which unit, and which rule it obeys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

REMEMBERED = 65_536
"""Different cells of ids that are kept split: a study splits the same few hundred again and again."""


@dataclass(frozen=True)
class Column:
    """One column of one table.

    Attributes
    ----------
    name : str
        Column name; the unit is in the name.
    type : str
        ``text``, ``number``, ``integer``, ``boolean`` (words true/false), ``date`` (ISO, may be only a year or a month) or ``ids``
        (several ids in one cell, separated by ``|`` or ``;``), ``slug`` (an id of lower-case letters and digits) or ``code`` (an id in
        which capitals may stand); in both, ``-``, ``_`` or ``:`` may join parts.
    unit : str
        Unit of the figure; blank for words.
    required : bool
        Whether a blank is an error.
    key : bool
        Whether the column belongs to the primary key.
    refers_to : str
        ``table.column`` that holds the ids named here; blank for none.
    allowed : tuple of str
        Closed vocabulary; empty for none. Beside ``refers_to``, further words that may stand instead of an id.
    minimum, maximum : float or None
        Bounds of a figure, both inclusive.
    grade : str
        Grade of the figures: E, M, A, or ``row`` when a column of the row states it.
    description : str
        What the column means, in one sentence.
    """

    name: str
    type: str = "text"
    unit: str = ""
    required: bool = False
    key: bool = False
    refers_to: str = ""
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    grade: str = ""
    description: str = ""


def split_ids(cell: object) -> tuple[str, ...]:
    """Split a cell that holds several ids separated by ``|`` or ``;``.

    Parameters
    ----------
    cell : object
        The cell; anything but text gives nothing.

    Returns
    -------
    tuple of str
        The ids in the order written, without blanks.

    Examples
    --------
    >>> split_ids("par-saf10;dossier-controls| ")
    ('par-saf10', 'dossier-controls')
    """
    return _split(cell) if isinstance(cell, str) else ()


@lru_cache(maxsize=REMEMBERED)
def _split(cell: str) -> tuple[str, ...]:
    """Split text that holds several ids."""
    return tuple(part for part in (piece.strip() for piece in cell.replace(";", "|").split("|")) if part)


def join_ids(ids: Iterable[str]) -> str:
    """Join ids into one cell: sorted, without repetition, separated by ``;``."""
    return ";".join(sorted({part for one in ids for part in split_ids(one)}))
