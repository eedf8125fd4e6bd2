"""The errors of geokit, one tree.

::

    GeokitError
    +-- LayerError         a layer breaks its data dictionary (also a ValueError)
    +-- AssumptionError    an assumption is unknown, out of range or in the wrong unit (also a ValueError)
    +-- UnknownNameError   a name given by the user is not in the layers (also a LookupError)
    +-- OutputError        an output cannot be written (also an OSError)

Every message names the value, the rule it breaks, the place and the remedy; all problems of a file are told at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in an input.

    Attributes
    ----------
    file : str
        File, or the part of the program, in which it stands.
    value : str
        The offending value as it was read.
    rule : str
        The rule that it breaks.
    remedy : str
        What the user can do about it.
    row : int
        Row as a spreadsheet counts, the header being 1; 0 when the problem belongs to no row.
    column : str
        Column; blank when it belongs to none.
    is_doubt : bool
        Whether no rule forbids it and only a person can tell.
    """

    file: str
    value: str
    rule: str
    remedy: str
    row: int = 0
    column: str = ""
    is_doubt: bool = False

    @property
    def place(self) -> str:
        """Return file, row and column in one phrase: ``deposits.csv, row 12, column lat``."""
        row, column = (f"row {self.row}" if self.row else ""), (f"column {self.column}" if self.column else "")
        return ", ".join(part for part in (self.file, row, column) if part)

    def as_dict(self) -> dict[str, str | int | bool]:
        """Return the problem as plain data, as ``--json`` prints it."""
        return asdict(self)

    def __str__(self) -> str:
        """Return the problem as one sentence."""
        return f"{self.place}: {self.value!r} {self.rule}; {self.remedy}"


class GeokitError(Exception):
    """Base of every error that geokit raises on purpose."""


class LayerError(GeokitError, ValueError):
    """A layer breaks its data dictionary.

    Parameters
    ----------
    problems : iterable of Problem
        Everything that was found, in any order.
    where : str
        In what: the layers, or a file of the user.
    """

    def __init__(self, problems: Iterable[Problem], where: str = "the layers") -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems, key=lambda one: (one.file, one.row, one.column, one.value, one.rule)))
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{len(self.problems)} problem(s) in {where}; nothing was written:\n{lines}")


class AssumptionError(GeokitError, ValueError):
    """An assumption is unknown, out of range or of the wrong type."""


class OutputError(GeokitError, OSError):
    """An output cannot be written."""


class UnknownNameError(GeokitError, LookupError):
    """A name typed by the user is not in the layers.

    Parameters
    ----------
    kind : str
        What was looked for: ``partner``, ``site``.
    name : str
        What the user typed.
    known : sequence of str
        The names that exist.
    """

    def __init__(self, kind: str, name: str, known: Sequence[str]) -> None:
        close = difflib.get_close_matches(name, known, n=3) or sorted(known)[:12]
        super().__init__(f"no {kind} called {name!r}; did you mean one of: {', '.join(close)}?")
