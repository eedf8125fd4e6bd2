"""Read a user's vendor list and tell everything that is wrong with it at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from geokit.check.aliases import index_aliases
from geokit.check.finding import Rows
from geokit.check.inspection import inspect_rows, tame
from geokit.check.reference import Reference
from geokit.check.validate import check_names
from geokit.core.errors import LayerError, Problem
from geokit.dependency.market import HOME, split_countries
from geokit.dependency.scope import check_sizes, list_parameters
from geokit.io.dictionary import read_columns
from geokit.io.foreign import read_foreign

TABLE = "vendors"
PLACE = ["stage_id", "class_id"]
FIGURES = ["share", "chosen"]
NAMES = ["vendor", "country"]
WHOLE = 1e-9
"""Shares that miss 1 by less than this are whole."""
ISO_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI "
    "CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ "
    "GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG "
    "PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK "
    "TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
"""Two-letter codes of countries, ISO 3166-1; a wrong one would make a vendor foreign."""


def read_vendors(path: Path, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Read and check a user's vendor list.

    Parameters
    ----------
    path : pathlib.Path
        A CSV, XLSX or Parquet file with the columns of the table ``vendors`` of the data dictionary; it is only read.
    layers : mapping of str to pandas.DataFrame
        Needs ``stages``, ``classes``, ``operations``, ``suppliers``, ``partners``, ``items`` and ``class_items``.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage_id`` (blank = every stage), ``class_id``, ``vendor``, ``country``, ``share`` and ``chosen`` (0-1, NaN =
        blank), ``sizes`` (as :func:`geokit.dependency.scope.read_sizes` reads them). A row that only states sizes names nobody.

    Raises
    ------
    LayerError
        One error with every problem of the file.
    """
    foreign = read_foreign(path, [TABLE])
    if foreign.frame.columns.empty:
        raise LayerError(foreign.problems, path.name)
    optional = {column.name: "" for column in read_columns(TABLE) if not column.required}
    frame = foreign.frame.assign(**{name: blank for name, blank in optional.items() if name not in foreign.frame})
    broken = {problem.row for problem in foreign.problems}
    problems = [*foreign.problems, *(one for one in check_vendors(frame, layers, place=path.name) if one.row not in broken)]
    if problems:
        raise LayerError(problems, path.name)
    names = [column.name for column in read_columns(TABLE)]
    return frame[names].assign(**{name: pd.to_numeric(frame[name]) for name in FIGURES}).astype(dict.fromkeys(FIGURES, float))


def check_vendors(frame: pd.DataFrame, layers: Mapping[str, pd.DataFrame], *, place: str) -> list[Problem]:
    """Return everything that is wrong with a vendor list.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows as text; row ``i`` is row ``i + 2`` of the file.
    layers : mapping of str to pandas.DataFrame
        As for :func:`read_vendors`.
    place : str
        The file's name in messages.

    Returns
    -------
    list of Problem
        First the rules of the data dictionary, then, where its columns are there, those of vendor lists.
    """
    columns = read_columns(TABLE)
    problems = check_names(frame, columns, place)
    problems += [] if len(frame) else [Problem(place, place, "has no row", "add a row for each vendor")]
    absent = [column for column in columns if column.name not in frame.columns]
    problems += [Problem(place, one.name, "is a required column and absent", f"add it: {one.description}", 1) for one in absent]
    tables = {name: layers[name] for name in ("stages", "classes")}
    ids = {f"{name}.{key}": frozenset(layers[name][key]) for name, key in (("stages", "stage_id"), ("classes", "class_id"))}
    aliases = index_aliases({TABLE: frame, **tables}, {TABLE: columns, **dict.fromkeys(tables, ())})
    problems += inspect_rows(Rows(frame, TABLE), Reference({}, ids, aliases), place=place)
    if absent:
        return problems
    told = {(problem.row, name) for problem in problems for name in problem.column.split(", ")}
    frame = frame.assign(**{column.name: "" for column in columns if column.name not in frame})
    places = (_check_names(frame, place), _check_countries(frame, layers, place), _check_places(frame, layers, place))
    checks = chain(*places, _check_shares(frame, place), _check_sums(frame, place), _check_sizes(frame, layers, place))
    return [*problems, *(one for one in checks if not told & {(one.row, name) for name in one.column.split(", ")})]


def _is_size(frame: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows only state sizes."""
    return (frame["sizes"] != "") & (frame[[*NAMES, *FIGURES]] == "").all(axis=1)


def _check_names(frame: pd.DataFrame, place: str) -> Iterator[Problem]:
    """Yield rows that do more than state sizes and name no vendor or no country."""
    remedies = {column.name: column.description for column in read_columns(TABLE)}
    for name in NAMES:
        for row in np.flatnonzero((frame[name] == "") & ~_is_size(frame)).tolist():
            yield Problem(place, "", "is blank but required", f"fill it in: {remedies[name]}", row + 2, name)


def _check_countries(frame: pd.DataFrame, layers: Mapping[str, pd.DataFrame], place: str) -> Iterator[Problem]:
    """Yield rows whose country is neither a code nor a name that the layers use: a slip there would change the answer."""
    named = {name for cell in layers["suppliers"]["country"] for name in split_countries(cell)} | set(layers["partners"]["label"])
    known, codes = {name.casefold(): name for name in (*HOME, *named)}, frozenset(ISO_CODES.split())
    for row, cell in enumerate(frame["country"]):
        word = cell.strip().casefold()
        if word and word not in known and word.upper() not in codes:
            near = [known[one] for one in difflib.get_close_matches(word, known, n=2)]
            remedy = f"did you mean {' or '.join(near)}?" if near else "write its two-letter code of ISO 3166"
            yield Problem(place, tame(cell), "is no country", remedy, row + 2, "country")


def _check_places(frame: pd.DataFrame, layers: Mapping[str, pd.DataFrame], place: str) -> Iterator[Problem]:
    """Yield rows of a stage that has no operation of the class."""
    classes = layers["operations"].groupby("stage_id")["class_id"].unique().to_dict()
    for row, (stage, name) in enumerate(zip(frame["stage_id"], frame["class_id"], strict=True)):
        if stage in classes and name not in classes[stage]:
            rule, remedy = f"is no technique class of {stage}", f"its classes are {', '.join(sorted(classes[stage]))}"
            yield Problem(place, name, rule, remedy, row + 2, "class_id")


def _check_shares(frame: pd.DataFrame, place: str) -> Iterator[Problem]:
    """Yield rows of vendors with neither or both of share and chosen."""
    given = (frame[FIGURES] != "").sum(axis=1).to_numpy()
    for row in np.flatnonzero((given != 1) & ~_is_size(frame)).tolist():
        rule = "says both share and chosen" if given[row] else "says neither share nor chosen"
        yield Problem(place, tame(frame["vendor"].iloc[row]), rule, "give one of the two", row + 2, "share, chosen")


def _check_sums(frame: pd.DataFrame, place: str) -> Iterator[Problem]:
    """Yield technique classes whose rows do not fit together, at their first row."""
    figures = frame[FIGURES].apply(pd.to_numeric, errors="coerce").assign(row=np.arange(len(frame)) + 2)
    for key, rows in figures.groupby([frame[name] for name in PLACE], sort=False):
        value, row = tame(" ".join(str(part) for part in key if part)), int(rows["row"].iloc[0])
        total, has = rows["share"].sum(), rows[FIGURES].notna().any()
        if has.all():
            yield Problem(place, value, "has rows with share and rows with chosen", "use one of the two for a class", row, "share, chosen")
        elif total > 1.0 + WHOLE:
            yield Problem(place, f"{total:g}", f"is the sum of the shares of {value}, above 1", "correct the shares", row, "share")
        elif has["chosen"] and not rows["chosen"].any():
            yield Problem(place, value, "has no chosen vendor", "set chosen to 1 for one of them, or give shares", row, "chosen")


def _check_sizes(frame: pd.DataFrame, layers: Mapping[str, pd.DataFrame], place: str) -> Iterator[Problem]:
    """Yield sizes that no window of an item of the class can be compared with."""
    parameters = list_parameters(layers)
    for row, (name, cell) in enumerate(zip(frame["class_id"], frame["sizes"], strict=True)):
        if cell and name in set(layers["classes"]["class_id"]):
            yield from check_sizes(cell, parameters.get(name, {}), place=place, row=row + 2)
