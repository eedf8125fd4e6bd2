"""The decision matrix: what every criterion says, at its own grain, in its unit and as a value; facts, no weights."""

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
BOUNDS = ("bound_low", "bound_high")
"""Ends that ignorance adds to those of chance."""
VALUES = ("v_low", "v", "v_high")
COLUMNS = [*KEYS, *FIGURES, *BOUNDS, *VALUES, "grade", "source_ids", "note", "holder"]
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
            Columns ``criterion``, ``unit``, ``cells``, ``known``, ``least``, ``largest``, ``v_least``, ``v_largest``;
            index the criterion and its sense (▲ more is better, ▼ less is better).
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
        head = f"DecisionMatrix: {len(self.criteria)} criteria, {len(self.table):,} cells, {known:.0%} known"
        frame = self.to_frame()
        frame = frame.assign(criterion=frame["criterion"].str.slice(0, 40), unit=frame["unit"].str.slice(0, 24))
        body = frame.to_string(float_format="{:.3g}".format, na_rep="-")
        return f"{head} (▲ more is better, ▼ less)\n{body}"

    def join(self, alternatives: pd.DataFrame, cases: Sequence[Case], profiles: Mapping[tuple[str, str], str]) -> Joined:
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

    def cells_of(self, alternative: Mapping[str, object] | pd.Series, case: Case, profile: str) -> pd.DataFrame:
        """Return the cells of one alternative in one case.

        Parameters
        ----------
        alternative : mapping or pandas.Series
            ``alternative``, ``kind``, ``site_id``, ``stage_id``: a row of the alternatives.
        case : Case
            The case.
        profile : str
            Its end-user profile.

        Returns
        -------
        pandas.DataFrame
            Columns of the matrix, one row a criterion; NaN and blanks where no cell was reported.
        """
        row = {name: str(alternative[name]) for name in ("alternative", "kind", "site_id", "stage_id")}
        joined = self.join(pd.DataFrame([row]), [case], {(row["alternative"], case.partner): profile})
        return joined.list_cells(0, [row["alternative"]]).drop(columns="alternative")


def build_matrix(cells: pd.DataFrame, criteria: Sequence[Criterion], *, assumptions: Assumptions) -> DecisionMatrix:
    """Put a value on every cell.

    A range turns round when less is better: ``v_low`` is the worse end, ``v_high`` the better end, of chance or, where ``bound_low`` and
    ``bound_high`` reach further, of ignorance. A known figure without a range is taken as certain. A cell of a
    criterion whose anchors nobody gave keeps its figure and has no value.

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
    cells = cells.reset_index(drop=True)
    words = cells.reindex(columns=[*KEYS, "grade", "source_ids", "note", "holder"]).astype(object)
    table = words.where(words.notna(), "").astype(str).join(cells.reindex(columns=[*FIGURES, *BOUNDS]).astype(float))
    table = table.sort_values(list(KEYS), ignore_index=True)
    problems = list(_find_problems(table, ready))
    if problems:
        raise LayerError(problems)
    table = table.assign(**{name: table[name].fillna(table["value"]) for name in ("value_low", "value_high")})
    return DecisionMatrix(ready, _put_values(table, ready)[COLUMNS])


def _put_values(table: pd.DataFrame, criteria: Sequence[Criterion]) -> pd.DataFrame:
    """Return the cells with their values, and a note where a criterion has no value function."""
    values, reach = np.full((len(table), 3), np.nan), table[[*FIGURES]].to_numpy()
    reach[:, 0], reach[:, 2] = np.fmin(reach[:, 0], table["bound_low"]), np.fmax(reach[:, 2], table["bound_high"])
    note = table["note"].copy()
    for criterion in criteria:
        own = (table["criterion_id"] == criterion.criterion_id).to_numpy()
        values[own] = criterion.value(reach[own])
        if not criterion.has_value_function:
            words = f"; no value: the {criterion.shape} value function has no anchors"
            note[own] = (note[own] + words).str.removeprefix("; ")
    ends = np.sort(values[:, [0, 2]], axis=1)
    return table.assign(v_low=ends[:, 0], v=values[:, 1], v_high=ends[:, 1], note=note)


def _find_problems(table: pd.DataFrame, criteria: Sequence[Criterion]) -> Iterator[Problem]:
    """Yield everything that is wrong with the cells."""
    known, grades = table["value"].notna(), [grade.value for grade in Grade if grade is not Grade.MISSING]
    slack = SLACK * table["value"].abs()
    out_of_order = (table["value_low"] > table["value"] + slack) | (table["value_high"] < table["value"] - slack)
    out_of_order |= (table["bound_low"] > table["value"] + slack) | (table["bound_high"] < table["value"] - slack)
    half = ~known & table[["value_low", "value_high", *BOUNDS]].notna().any(axis=1)
    rules = (
        (~table["criterion_id"].isin([one.criterion_id for one in criteria]), "names no criterion", "use an id of the table"),
        (table.duplicated(list(KEYS)), "stands twice", "keep one cell a key"),
        (out_of_order, "has a range out of order", "give low <= value <= high"),
        (table[[*FIGURES, *BOUNDS]].abs().eq(np.inf).any(axis=1), "is infinite", "give a finite figure, or leave it blank"),
        (half, "has a range but no value", "give the most plausible figure, or leave all three blank"),
        (known & ~table["grade"].isin(grades), "has a figure without a grade", "grade it E, M, A or D"),
        (~known & (table["grade"] != Grade.MISSING.value), "is missing and has a grade", "leave the grade blank"),
    )
    for rows, rule, remedy in rules:
        for row in table[rows].to_dict("records"):
            key, figures = "/".join(row[name] for name in KEYS), " ".join(f"{row[name]:g}" for name in FIGURES)
            yield Problem("cells", f"{key} = {figures} {row['grade']}".rstrip(), rule, remedy)
