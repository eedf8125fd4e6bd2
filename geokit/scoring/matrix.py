"""The decision matrix: what every criterion says, at its own grain, in its unit and as a value; facts only, no weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.codes import Grade
from geokit.core.errors import LayerError, Problem
from geokit.scoring.criteria import Criterion, set_anchors
from geokit.scoring.join import KEYS, Joined, join_cells

FIGURES = ("value_low", "value", "value_high")
VALUES = ("v_low", "v", "v_high")
COLUMNS = [*KEYS, *FIGURES, *VALUES, "grade", "source_ids", "note", "holder"]
SLACK = 1e-9
"""A range may miss its order by rounding, relative."""


@dataclass(frozen=True, eq=False)
class DecisionMatrix:
    """Criteria and their cells.

    Attributes
    ----------
    criteria : tuple of Criterion
        With the anchors in use.
    table : pandas.DataFrame
        One row a cell, sorted by key; columns as in the data dictionary (``matrix``).
    """

    criteria: tuple[Criterion, ...]
    table: pd.DataFrame = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a criterion: what it is, how many cells it has, and the range of what is known.

        Returns
        -------
        pandas.DataFrame
            Columns ``criterion``, ``unit``, ``cells``, ``known``, ``least``, ``largest``, ``v_least``, ``v_largest``; index the
            criterion and its sense (▲ more is better, ▼ less is better).
        """
        grouped = self.table.groupby("criterion_id")
        frame = grouped.agg(
            cells=("grade", "size"), known=("v", "count"), least=("value", "min"), largest=("value", "max"),
            v_least=("v", "min"), v_largest=("v", "max"),
        )  # fmt: skip
        frame = frame.reindex([one.criterion_id for one in self.criteria]).fillna({"cells": 0, "known": 0})
        frame = frame.astype({"cells": int, "known": int})
        frame.insert(0, "criterion", [one.name for one in self.criteria])
        frame.insert(1, "unit", [one.unit for one in self.criteria])
        return frame.set_index(pd.Index([f"{one.criterion_id} {one.arrow}" for one in self.criteria], name="id"))

    def __repr__(self) -> str:
        """Return the criteria as a table, with arrows that point to the better side."""
        known = self.table["v"].notna().mean() if len(self.table) else 0.0
        head = f"DecisionMatrix: {len(self.criteria)} criteria, {len(self.table):,} cells, {known:.0%} known (▲ more is better, ▼ less)"
        frame = self.to_frame().assign(criterion=lambda d: d["criterion"].str.slice(0, 40), unit=lambda d: d["unit"].str.slice(0, 24))
        return f"{head}\n{frame.to_string(float_format='{:.3g}'.format, na_rep='-')}"

    def join(
        self, alternatives: pd.DataFrame, cases: Sequence[Case], profiles: Mapping[tuple[str, str], str]
    ) -> Joined:
        """Find the cell of every alternative, criterion and case.

        Parameters
        ----------
        alternatives : pandas.DataFrame
            Columns ``alternative``, ``kind``, ``site_id``, ``stage_id``.
        cases : sequence of Case
            In the order wanted.
        profiles : mapping of (str, str) to str
            End-user profile by (alternative, partner).

        Returns
        -------
        Joined
            Holds row numbers only; figures are looked up when asked for.
        """
        return join_cells(self.criteria, self.table, alternatives, cases=cases, profiles=profiles)


def build_matrix(cells: pd.DataFrame, criteria: Sequence[Criterion], *, assumptions: Assumptions) -> DecisionMatrix:
    """Put a value on every cell.

    A range turns round when less is better: ``v_low`` is the worse end, ``v_high`` the better end. A known figure without a range
    is taken as certain. A cell of a criterion whose anchors nobody gave keeps its figure and has no value.

    Parameters
    ----------
    cells : pandas.DataFrame
        Columns as in the data dictionary (``cells``), any order; a missing cell is a row of NaN with a note.
    criteria : sequence of Criterion
        As read.
    assumptions : Assumptions
        ``scoring.anchors`` stand instead of the anchors of the table.

    Returns
    -------
    DecisionMatrix
        Frozen.

    Raises
    ------
    LayerError
        With every cell that names no criterion, stands twice, has no grade, or whose range is out of order.
    """
    ready = set_anchors(criteria, assumptions.scoring.anchors)
    words = dict.fromkeys([*KEYS, "grade", "source_ids", "note", "holder"], "")
    table = cells.reindex(columns=[*KEYS, *FIGURES, "grade", "source_ids", "note", "holder"]).fillna(words)
    table = table.sort_values(list(KEYS), ignore_index=True).astype(dict.fromkeys(FIGURES, float))
    problems = list(_find_problems(table, ready))
    if problems:
        raise LayerError(problems)
    table = table.assign(**{name: table[name].fillna(table["value"]) for name in ("value_low", "value_high")})
    return DecisionMatrix(ready, _put_values(table, ready)[COLUMNS])


def _put_values(table: pd.DataFrame, criteria: Sequence[Criterion]) -> pd.DataFrame:
    """Return the cells with their values, and a note where a criterion has no value function."""
    values = np.full((len(table), 3), np.nan)
    note = table["note"].copy()
    for criterion in criteria:
        own = (table["criterion_id"] == criterion.criterion_id).to_numpy()
        values[own] = criterion.value(table.loc[own, list(FIGURES)].to_numpy())
        if not criterion.has_value_function:
            note[own] = (note[own] + f"; no value: the {criterion.shape} value function has no anchors").str.removeprefix("; ")
    ends = np.sort(values[:, [0, 2]], axis=1)
    return table.assign(v_low=ends[:, 0], v=values[:, 1], v_high=ends[:, 1], note=note)


def _find_problems(table: pd.DataFrame, criteria: Sequence[Criterion]) -> Iterator[Problem]:
    """Yield everything that is wrong with the cells."""
    known, blank = table["value"].notna(), table["grade"] == Grade.MISSING.value
    slack = SLACK * table["value"].abs()
    out_of_order = (table["value_low"] > table["value"] + slack) | (table["value_high"] < table["value"] - slack)
    infinite = np.isinf(table[list(FIGURES)]).any(axis=1)
    half = ~known & table[["value_low", "value_high"]].notna().any(axis=1)
    rules = {
        "names no criterion": (~table["criterion_id"].isin([one.criterion_id for one in criteria]), "use an id of the criteria table"),
        "stands twice": (table.duplicated(list(KEYS)), "keep one cell a key"),
        "has a range out of order or infinite": (out_of_order | infinite, "give low <= value <= high, all finite"),
        "has a range but no value": (half, "give the most plausible figure, or leave all three blank"),
        "has a figure without a grade": (known & ~table["grade"].isin([grade.value for grade in Grade if grade.value]), "grade it E, M, A or D"),
        "is missing and has a grade": (~known & ~blank, "leave the grade of a missing cell blank"),
    }
    for rule, (rows, remedy) in rules.items():
        for row in table[rows].itertuples():
            key = "/".join(str(getattr(row, name)) for name in KEYS)
            yield Problem("cells", f"{key} = {row.value_low:g} / {row.value:g} / {row.value_high:g} {row.grade}".rstrip(), rule, remedy)
