"""Criteria and cells of a user: they add to, drop from or redefine the packaged ones without a line of code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from geokit.check.finding import Rows
from geokit.check.inspection import inspect_rows
from geokit.check.reference import Reference
from geokit.check.validate import check_names
from geokit.core.codes import Grade
from geokit.core.columns import Column
from geokit.core.errors import AssumptionError, LayerError, Problem
from geokit.io.defaults import read_defaults
from geokit.io.dictionary import read_columns
from geokit.io.foreign import read_foreign
from geokit.io.read import type_columns
from geokit.scoring import Criterion, read_criteria
from geokit.scoring.join import KEYS
from geokit.study.alternatives import build_alternatives

CRITERIA, CELLS = "criteria", "cells"
FILLED = {
    "group_id": "own", "group": "Own criteria", "stage": "layers", "varies_by": "site;stage", "in_npv": "no", "active_full": "yes",
    "active_screen": "yes", "takes_full": "no", "takes_screen": "no",
}  # fmt: skip
"""What a new criterion is taken as where its row does not say."""
RANKS = ["archetype", "criterion_id", "group_id", "group_rank", "within_rank", "grade", "basis"]
SAID = ["criterion_id", "label", "unit", "sense"]
"""What the packaged wording of a criterion rests on."""


@dataclass(frozen=True, eq=False)
class OwnCriteria:
    """What counts, by the packaged tables and a user's files.

    Attributes
    ----------
    definitions : pandas.DataFrame
        Columns as in the data dictionary (``criteria``), and ``missing``, the words for what is not known.
    ranks : pandas.DataFrame
        Columns as in the data dictionary (``ranks``), with a row for every criterion.
    cells : pandas.DataFrame
        Columns as in the data dictionary (``cells``); those of the user alone.
    """

    definitions: pd.DataFrame = field(repr=False)
    ranks: pd.DataFrame = field(repr=False)
    cells: pd.DataFrame = field(repr=False)

def lay_cells(made: Sequence[pd.DataFrame], own: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that the stages made, those of the user in the place of all that they cover: a blank key covers every word.

    Parameters
    ----------
    made : sequence of pandas.DataFrame
        Columns as in the data dictionary (``cells``).
    own : pandas.DataFrame
        Likewise, as :attr:`OwnCriteria.cells`; no row where the user gave none.

    Returns
    -------
    pandas.DataFrame
        Both, no key twice.
    """
    table = pd.concat(made, ignore_index=True)
    if own.empty:
        return table
    made_keys, own_keys = (frame[list(KEYS)].fillna("") for frame in (table, own))
    for names, rows in own_keys.groupby((own_keys != "").apply(tuple, axis=1), sort=False):
        keys = [key for key, is_named in zip(KEYS, names, strict=True) if is_named]
        table = table[~pd.MultiIndex.from_frame(made_keys.loc[table.index, keys]).isin(pd.MultiIndex.from_frame(rows[keys]))]
    return pd.concat([table, own.reindex(columns=table.columns)], ignore_index=True)


def read_own_criteria(
    criteria: Path | None = None, cells: Path | None = None, *, layers: Mapping[str, pd.DataFrame] | None = None
) -> OwnCriteria:
    """Lay a user's criteria over the packaged ones, and read the cells that the user has for them.

    A row with a known ``criterion_id`` changes what its columns say (a blank changes nothing); ``no`` under ``active_full`` and
    ``active_screen`` drops the criterion. A new id adds one: label, unit, sense, shape and its anchors are needed. A new criterion
    stands last in its group in the ranks of every archetype, until weights say otherwise.

    Parameters
    ----------
    criteria : pathlib.Path, optional
        CSV, XLSX or Parquet with columns of ``criteria`` in the data dictionary.
    cells : pathlib.Path, optional
        Likewise of ``cells``: what each site, stage or partner has under a criterion. A figure without a grade is an assumption.
    layers : mapping of str to pandas.DataFrame, optional
        Against which the names of partners and stages in the cells are checked; unchecked when not given.

    Returns
    -------
    OwnCriteria
        The packaged tables themselves where no file is given.

    Raises
    ------
    LayerError
        One error with every problem of a file.
    """
    packaged = read_defaults(CRITERIA)
    table = _lay(packaged, _read(criteria, CRITERIA)) if criteria else packaged
    if criteria:
        _refuse_functions(table, criteria.name)
    words = read_defaults("phrases").set_index("criterion_id")["missing"]
    redefined = set(packaged["criterion_id"]) - set(keep_phrases(table))
    missing = table["criterion_id"].map(words).where(~table["criterion_id"].isin(redefined), "").fillna("")
    own = _read_cells(cells, table, layers) if cells else pd.DataFrame(columns=[column.name for column in read_columns(CELLS)])
    return OwnCriteria(table.assign(missing=missing), rank_last(read_defaults("ranks"), table), own)


def keep_phrases(definitions: pd.DataFrame | Sequence[Criterion]) -> list[str]:
    """Return the criteria whose packaged wording still says what they measure: label, unit and sense are as packaged.

    Parameters
    ----------
    definitions : pandas.DataFrame or sequence of Criterion
        What counts.

    Returns
    -------
    list of str
        Criterion ids.
    """
    packaged = set(map(tuple, read_defaults(CRITERIA)[SAID].to_numpy()))
    if isinstance(definitions, pd.DataFrame):
        rows = [tuple(row) for row in definitions[SAID].to_numpy()]
    else:
        rows = [tuple(getattr(one, name) for name in SAID) for one in definitions]
    return [str(row[0]) for row in rows if row in packaged]


def rank_last(ranks: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return the ranks with a row for every criterion: one that nobody ranked stands last in its group, a new group last of all.

    Parameters
    ----------
    ranks : pandas.DataFrame
        Columns as in the data dictionary (``ranks``).
    criteria : pandas.DataFrame
        ``criterion_id`` and ``group_id``.

    Returns
    -------
    pandas.DataFrame
        The same columns.
    """
    new = criteria[~criteria["criterion_id"].isin(ranks["criterion_id"])]
    rows = []
    for archetype, own in ranks.groupby("archetype", sort=False):
        groups, within = own.groupby("group_id")["group_rank"].max().to_dict(), own.groupby("group_id")["within_rank"].max().to_dict()
        for name, group in new[["criterion_id", "group_id"]].to_numpy():
            groups.setdefault(group, max(groups.values(), default=0) + 1)
            within[group] = within.get(group, 0) + 1
            rows.append((archetype, name, group, groups[group], within[group], Grade.ASSUMPTION.value, "not ranked: taken as the last"))
    return pd.concat([ranks, pd.DataFrame(rows, columns=RANKS)[ranks.columns]], ignore_index=True) if rows else ranks


def _read(path: Path, table: str) -> pd.DataFrame:
    """Read a file of rows as text, its columns all declared."""
    foreign = read_foreign(path, [table])
    if foreign.frame.columns.empty:
        raise LayerError(foreign.problems, path.name)
    problems = [*foreign.problems, *check_names(foreign.frame, read_columns(table), path.name)]
    if foreign.frame.empty:
        problems.append(Problem(path.name, path.name, "has no row", "add a row for each criterion or cell"))
    if "criterion_id" not in foreign.frame:
        problems.append(Problem(path.name, "criterion_id", "is a required column and absent", "add it: the name of the criterion", 1))
    if problems:
        raise LayerError(problems, path.name)
    frame: pd.DataFrame = foreign.frame
    frame.attrs["place"] = path.name
    return frame


def _lay(packaged: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return the packaged criteria with those of the user laid over them."""
    columns = read_columns(CRITERIA)
    base = packaged.astype(object).where(packaged.notna(), "").set_index("criterion_id").astype(str)
    full = [_fill(row, base) for row in own.to_dict("records")]
    rows = pd.DataFrame([{column.name: row.get(column.name, "") for column in columns} for row in full], dtype=str)
    place = str(own.attrs["place"])
    _refuse([*inspect_rows(Rows(rows, CRITERIA), Reference({}, {}, {}), place=place), *_find_odd_ids(rows, place)], own)
    typed = type_columns(rows, columns).set_index("criterion_id")
    kept = packaged.set_index("criterion_id")
    changed = kept.copy()
    known = typed.index.intersection(kept.index)
    changed.loc[known] = typed.loc[known, kept.columns]
    both: pd.DataFrame = pd.concat([changed, typed.loc[typed.index.difference(kept.index, sort=False), kept.columns]]).reset_index()
    return both


def _find_odd_ids(rows: pd.DataFrame, place: str) -> list[Problem]:
    """Return the ids that a weight on the command line or in an address could not name."""
    odd = rows[~rows["criterion_id"].str.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*")]
    remedy = "begin with a letter and go on with letters, digits, _ and -"
    names = zip(odd.index, odd["criterion_id"], strict=True)
    return [Problem(place, name, "cannot be named in a weight", remedy, int(row) + 2, "criterion_id") for row, name in names]


def _fill(row: Mapping[Any, Any], base: pd.DataFrame) -> dict[str, str]:
    """Return a row of the user in full: what it leaves blank is as packaged, or as for a new criterion."""
    name = row["criterion_id"]
    before = {str(column): str(cell) for column, cell in base.loc[name].items()} if name in base.index else FILLED
    return {**before, **{column: cell for column, cell in row.items() if cell}}


def _refuse(problems: Sequence[Problem], own: pd.DataFrame) -> None:
    """Raise what is wrong with the rows of a file."""
    if problems:
        raise LayerError(problems, str(own.attrs["place"]))


def _refuse_functions(table: pd.DataFrame, place: str) -> None:
    """Raise every criterion whose value function cannot be, all at once."""
    problems = []
    for row in range(len(table)):
        one = table.iloc[[row]]
        try:
            read_criteria(one)
        except AssumptionError as error:
            name = str(one["criterion_id"].iloc[0])
            problems.append(Problem(place, name, f"makes no value function: {error}", "give anchors of rising worth", 0, "p1"))
    if problems:
        raise LayerError(problems, place)


def _read_cells(path: Path, criteria: pd.DataFrame, layers: Mapping[str, pd.DataFrame] | None) -> pd.DataFrame:
    """Read the cells of a user; what the file leaves out is blank, and a figure without a grade is an assumption."""
    frame, columns = _read(path, CELLS), read_columns(CELLS)
    whole = frame.assign(**{column.name: "" for column in columns if column.name not in frame})
    figures = whole["value"] != ""
    whole["grade"] = whole["grade"].mask((whole["grade"] == "") & figures, Grade.ASSUMPTION.value)
    whole["note"] = whole["note"].mask(whole["note"] == "", f"from {path.name}")
    known = {"criteria.criterion_id": frozenset(criteria["criterion_id"])}
    if layers is not None:
        known["partners.partner_id"] = frozenset(layers["partners"]["partner_id"])
        known["stages.stage_id"] = frozenset(layers["stages"]["stage_id"])
    problems = [*inspect_rows(Rows(whole, CELLS), Reference({}, known, {}), place=path.name), *_find_twins(whole, path.name, columns)]
    problems += [] if layers is None else _find_strange_places(whole, path.name, layers)
    if problems:
        raise LayerError(problems, path.name)
    return type_columns(whole[[column.name for column in columns]], columns)


def _find_strange_places(cells: pd.DataFrame, place: str, layers: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Return the cells at places where no alternative stands."""
    known = set(build_alternatives(layers, read_defaults("siting"))["site_id"])
    strange = cells[~cells["site_id"].isin({"", *known})]
    rule, remedy = "is no place of an alternative", "use a site_id of ranking.csv, or leave it blank"
    rows = zip(strange.index, strange["site_id"], strict=True)
    return [Problem(place, name, rule, remedy, int(row) + 2, "site_id") for row, name in rows]


def _find_twins(cells: pd.DataFrame, place: str, columns: Sequence[Column]) -> list[Problem]:
    """Return the cells whose key stands twice."""
    keys = [column.name for column in columns if column.key and column.name in KEYS]
    twins = cells.loc[cells.duplicated(keys), keys]
    names = ["/".join(filter(None, row)) for row in twins.to_numpy()]
    return [Problem(place, name, "stands twice", "keep one cell a key", int(row) + 2) for row, name in zip(twins.index, names, strict=True)]
