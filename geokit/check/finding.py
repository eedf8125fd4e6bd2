"""The rows that rules look at, and what a rule finds: one place in a table and what is wrong there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from geokit.check.figures import read_figures
from geokit.core.columns import Column
from geokit.io.dictionary import read_columns


@dataclass(frozen=True)
class Rows:
    """Rows of a table, as text.

    Attributes
    ----------
    frame : pandas.DataFrame
        Every cell a string; the index counts from 0.
    table : str
        Name of the table in the data dictionary.
    """

    frame: pd.DataFrame
    table: str

    @cached_property
    def cells(self) -> dict[str, list[str]]:
        """Return the cells of each column, which Python walks through faster than pandas."""
        return {name: self.frame[name].tolist() for name in self.frame.columns}

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the declaration of the table."""
        return read_columns(self.table)

    @property
    def key(self) -> str:
        """Return the column of the primary key; blank when there are several."""
        names = [column.name for column in self.columns if column.key]
        return names[0] if len(names) == 1 else ""

    def figures(self, name: str) -> np.ndarray:
        """Return a column as figures; not-a-number for blanks and for what is none."""
        return read_figures(self.cells[name])

    def show_point(self, row: int) -> str:
        """Return the point of a row as it is written."""
        return f"{self.cells['lat'][row]}, {self.cells['lon'][row]}"

    def holds(self, *names: str) -> bool:
        """Return whether the frame has some columns."""
        return self.cells.keys() >= set(names)


class Finding(NamedTuple):
    """One broken rule.

    Attributes
    ----------
    row : int
        Position in the frame.
    column : str
        Column, or several with commas between them.
    value : str
        What stands there.
    rule : str
        What is wrong with it.
    remedy : str
        What to do about it.
    is_doubt : bool
        Whether no rule forbids it and only a person can tell.
    """

    row: int
    column: str
    value: str
    rule: str
    remedy: str
    is_doubt: bool = False
