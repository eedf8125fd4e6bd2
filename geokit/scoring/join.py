"""Join cells, each at its own grain, to alternatives and cases: once, as row numbers, so that scoring again is cheap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geokit.core.case import Case
from geokit.core.codes import Grade, Kind
from geokit.core.errors import UnknownNameError
from geokit.scoring.criteria import Criterion
from geokit.scoring.scaling import Array

Rows = NDArray[np.int64]
KEYS = ("criterion_id", "site_id", "stage_id", "profile", "partner", "track")
"""Key of a cell; all but the criterion may be blank, which means that the cell does not vary by it."""

JUDGEMENT = "judgement"
"""Source id of what nobody but ourselves has said."""


@dataclass(frozen=True, eq=False)
class Joined:
    """The cells of every case, alternative and criterion.

    Attributes
    ----------
    criteria : tuple of Criterion
        The third axis.
    table : pandas.DataFrame
        The cells.
    alternatives : pandas.DataFrame
        The second axis, sorted by id: ``alternative``, ``kind``, ``site_id``, ``stage_id``.
    cases : tuple of Case
        The first axis.
    profiles : mapping of (str, str) to str
        End-user profile by (alternative, partner).
    rows : numpy.ndarray
        Row of the table, shape (case, alternative, criterion); -1 where no cell was reported.
    """

    criteria: tuple[Criterion, ...]
    table: pd.DataFrame = field(repr=False)
    alternatives: pd.DataFrame = field(repr=False)
    cases: tuple[Case, ...]
    profiles: Mapping[tuple[str, str], str] = field(repr=False)
    rows: Rows = field(repr=False)

    @property
    def baseline(self) -> NDArray[np.bool_]:
        """Return whether each alternative is a way of doing less, shape (alternative,)."""
        return (self.alternatives["kind"] != Kind.PLANT.value).to_numpy()

    def index_of(self, case_id: str) -> int:
        """Return the place of a case on the first axis.

        Parameters
        ----------
        case_id : str
            As in ``partner/track/on``.

        Returns
        -------
        int
            From 0.

        Raises
        ------
        UnknownNameError
            If the case is not in the grid.
        """
        known = [case.case_id for case in self.cases]
        if case_id not in known:
            raise UnknownNameError(kind="case", name=case_id, known=known)
        return known.index(case_id)

    def select(self, cases: Sequence[int]) -> Joined:
        """Return the same cells for some of the cases, by their places on the first axis."""
        chosen = tuple(self.cases[index] for index in cases)
        return replace(self, cases=chosen, rows=self.rows[list(cases)])

    def places_of(self, alternatives: Sequence[str]) -> Rows:
        """Return the places of alternatives on the second axis.

        Parameters
        ----------
        alternatives : sequence of str
            Ids.

        Returns
        -------
        numpy.ndarray
            From 0, shape (alternative,).

        Raises
        ------
        UnknownNameError
            If an alternative is not in the grid.
        """
        known = self.alternatives["alternative"]
        places = pd.Index(known).get_indexer(pd.Index(list(alternatives)))
        if (places < 0).any():
            raise UnknownNameError(kind="alternative", name=alternatives[int(np.argmin(places))], known=known.tolist())
        return np.asarray(places, dtype=np.int64)

    def values(self, index: int, column: str = "v") -> Array:
        """Return a column of the cells of one case.

        Parameters
        ----------
        index : int
            Place of the case on the first axis.
        column : str
            A numeric column of the table.

        Returns
        -------
        numpy.ndarray
            Shape (alternative, criterion); NaN where the cell is missing or was never reported.
        """
        column_and_gap = np.append(self.table[column].to_numpy(dtype=float), np.nan)
        return np.asarray(column_and_gap[self.rows[index]], dtype=float)

    def moves(self, index: int) -> NDArray[np.bool_]:
        """Return which cells of one case move by chance: both ends of the range lie off the mode; one that does not is ignorance."""
        low, mode, high = (self.values(index, end) for end in ("value_low", "value", "value_high"))
        worse, most, better = (self.values(index, end) for end in ("v_low", "v", "v_high"))
        return np.asarray((low < mode) & (mode < high) & (worse < most) & (most < better), dtype=bool)

    def sourced(self, index: int) -> NDArray[np.bool_]:
        """Return which cells of one case are evidence: known, and no assumption without a source but our judgement (model rule M19)."""
        return np.asarray(np.append(self.is_evidence, values=False)[self.rows[index]], dtype=bool)

    @cached_property
    def is_evidence(self) -> NDArray[np.bool_]:
        """Which cells of the table are evidence, shape (cell,)."""
        bare = (self.table["grade"] == Grade.ASSUMPTION.value) & self.table["source_ids"].isin(["", JUDGEMENT])
        return np.asarray(self.table["v"].notna() & ~bare, dtype=bool)

    def list_cells(self, index: int, alternatives: Sequence[str]) -> pd.DataFrame:
        """Return the cells of some alternatives in one case as a long table, for explanations.

        Parameters
        ----------
        index : int
            Place of the case on the first axis.
        alternatives : sequence of str
            Ids.

        Returns
        -------
        pandas.DataFrame
            ``alternative``, ``criterion_id`` and the columns of the matrix; NaN and blanks where no cell was reported.
        """
        places = self.places_of(alternatives)
        rows = self.rows[index][places].ravel()
        found = self.table.reindex(rows).reset_index(drop=True)
        found = found.fillna(dict.fromkeys([*KEYS, "grade", "source_ids", "note", "holder"], ""))
        found["criterion_id"] = np.tile([one.criterion_id for one in self.criteria], len(places))
        found.insert(0, "alternative", np.repeat(np.asarray(alternatives, dtype=object), len(self.criteria)))
        return found


def join_cells(
    criteria: tuple[Criterion, ...], table: pd.DataFrame, alternatives: pd.DataFrame, *, cases: Sequence[Case],
    profiles: Mapping[tuple[str, str], str],
) -> Joined:  # fmt: skip
    """Find the cell of every case, alternative and criterion.

    A cell fits when each of its non-blank keys equals that of the alternative in the case. Where several fit, the one
    that names the site stands (a way of doing less has cells of its own beside those of its stage), then the one that
    names the stage, the profile, the partner, the track; be it missing or not.

    Parameters
    ----------
    criteria : tuple of Criterion
        The third axis.
    table : pandas.DataFrame
        Cells with the columns ``KEYS``, no key twice.
    alternatives : pandas.DataFrame
        Columns ``alternative``, ``kind``, ``site_id``, ``stage_id``.
    cases : sequence of Case
        The first axis.
    profiles : mapping of (str, str) to str
        End-user profile by (alternative, partner); an alternative without one fits no cell that names a profile.

    Returns
    -------
    Joined
        Row numbers, shape (case, alternative, criterion).
    """
    axis = alternatives[["alternative", "kind", "site_id", "stage_id"]].sort_values("alternative", ignore_index=True)
    finder = _Finder.build(table, [one.criterion_id for one in criteria])
    rows = np.empty((len(cases), len(axis), len(criteria)), dtype=np.int64)
    for index, case in enumerate(cases):
        profile = [profiles.get((name, case.partner), "") for name in axis["alternative"]]
        rows[index] = finder.find(axis.assign(profile=profile, partner=case.partner, track=case.track.value))
    return Joined(criteria, table, axis, cases=tuple(cases), profiles=profiles, rows=rows)


@dataclass(frozen=True, eq=False)
class _Finder:
    """Cells under one whole number a key, in ascending order."""

    words: Mapping[str, pd.Index]
    criteria: Rows
    codes: Rows
    order: Rows
    patterns: list[tuple[str, ...]]

    @classmethod
    def build(cls, table: pd.DataFrame, criteria: Sequence[str]) -> _Finder:
        """Return a finder: words of each key numbered, blank first; patterns of non-blank keys, the site first."""
        words = {key: pd.Index(sorted({"", *table[key]})) for key in KEYS}
        codes = _combine([words[key].get_indexer(pd.Index(table[key])) for key in KEYS], words)
        order = np.argsort(codes, kind="stable")
        named = (table[list(KEYS[1:])] != "").drop_duplicates()
        patterns = [tuple(named.columns[flags]) for flags in named.to_numpy()]
        patterns.sort(key=lambda keys: [key not in keys for key in KEYS])
        return cls(words, words[KEYS[0]].get_indexer(pd.Index(criteria)), codes[order], order, patterns)

    def find(self, targets: pd.DataFrame) -> Rows:
        """Return the row of the cell that fits each target (rows) and criterion (columns), -1 for none."""
        found = np.full((len(targets), len(self.criteria)), -1, dtype=np.int64)
        numbers = {key: self._number(key, targets[key]) for key in KEYS[1:]}
        for pattern in self.patterns:
            keys = [numbers[key] if key in pattern else np.zeros(len(targets), dtype=np.int64) for key in KEYS[1:]]
            asked = _combine([self.criteria[None, :], *(key[:, None] for key in keys)], self.words)
            fits = (np.min(keys, axis=0) >= 0)[:, None] & (self.criteria >= 0)
            place = np.minimum(np.searchsorted(self.codes, asked), len(self.codes) - 1)
            hit = (found < 0) & fits & (self.codes[place] == asked)
            found[hit] = self.order[place[hit]]
        return found

    def _number(self, key: str, words: pd.Series) -> Rows:
        """Return the numbers of words, -1 for a blank or a word that no cell uses."""
        number = self.words[key].get_indexer(pd.Index(words))
        return np.where(number == 0, -1, number).astype(np.int64)


def _combine(numbers: Sequence[Rows], words: Mapping[str, pd.Index]) -> Rows:
    """Return one whole number for a tuple of numbers (mixed radix over the sizes of the vocabularies)."""
    combined = np.zeros(1, dtype=np.int64)
    for key, number in zip(KEYS, numbers, strict=True):
        combined = combined * len(words[key]) + number
    return combined
