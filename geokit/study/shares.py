"""Read a user's weights and tell everything that is wrong with them at once."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from geokit.check.finding import Rows
from geokit.check.inspection import inspect_rows, tame
from geokit.check.reference import Reference
from geokit.check.validate import check_names
from geokit.core.errors import AssumptionError, LayerError, Problem
from geokit.io.dictionary import read_columns
from geokit.io.foreign import read_foreign
from geokit.scoring import Weights

TABLE = "weights"
REMEDY = "give shares of the criteria or groups that count, at most 1 in sum"


def read_shares(path: Path, weights: Mapping[str, Weights]) -> dict[str, Weights]:
    """Read weights of a user and put them in the place of some weights.

    Parameters
    ----------
    path : pathlib.Path
        A CSV, XLSX or Parquet file with the columns of the table ``weights`` of the data dictionary; it is only read.
    weights : mapping of str to Weights
        Those in use, by partner.

    Returns
    -------
    dict of str to Weights
        By partner; what the file does not name keeps its proportions.

    Raises
    ------
    LayerError
        One error with every problem of the file.
    """
    foreign = read_foreign(path, [TABLE])
    if foreign.frame.columns.empty:
        raise LayerError(foreign.problems, path.name)
    columns = read_columns(TABLE)
    frame = foreign.frame.assign(**{one.name: "" for one in columns if not one.required and one.name not in foreign.frame})
    problems = [*foreign.problems, *check_names(frame, columns, path.name), *_find_absent(frame, path.name)]
    if not problems:
        known = {"partners.partner_id": frozenset(weights)}
        problems = list(inspect_rows(Rows(frame, TABLE), Reference({}, known, {}), place=path.name))
    if problems:
        raise LayerError(problems, path.name)
    frame = frame.assign(weight=frame["weight"].astype(float), row=range(2, len(frame) + 2))
    return _replace_all(frame, weights, path.name)


def replace_shares(given: Sequence[str], weights: Mapping[str, Weights]) -> dict[str, Weights]:
    """Put weights given as ``D1=0.4`` in the place of some weights, for every partner.

    Parameters
    ----------
    given : sequence of str
        Name of a criterion or group, and its share.
    weights : mapping of str to Weights
        Those in use, by partner.

    Returns
    -------
    dict of str to Weights
        By partner.

    Raises
    ------
    LayerError
        With everything that is wrong.
    """
    place = "--weight"
    pairs = [words.partition("=") for words in given]
    figures = pd.to_numeric(pd.Series([text for *_, text in pairs], dtype=object), errors="coerce")
    odd = figures.isna().tolist()
    if any(odd):
        told = (tame(words) for words, is_odd in zip(given, odd, strict=True) if is_odd)
        raise LayerError([Problem(place, words, "is no weight", "write it as D1=0.4") for words in told], "the weights")
    frame = pd.DataFrame({"criterion_id": [name.strip() for name, *_ in pairs], "weight": figures, "partner": "", "row": 0})
    return _replace_all(frame, weights, place)


def _find_absent(frame: pd.DataFrame, place: str) -> Iterator[Problem]:
    """Yield required columns that the file has not, and say when it has no row."""
    for one in read_columns(TABLE):
        if one.name not in frame:
            yield Problem(place, one.name, "is a required column and absent", f"add it: {one.description}", 1)
    if frame.empty:
        yield Problem(place, place, "has no row", "add a row for each weight")


def _replace_all(frame: pd.DataFrame, weights: Mapping[str, Weights], place: str) -> dict[str, Weights]:
    """Return the weights of every partner with the shares that name it or nobody."""
    problems = [*_find_twins(frame, place), *_find_strangers(frame, weights, place)]
    if problems:
        raise LayerError(problems, "the weights")
    changed, refused = dict(weights), defaultdict[str, list[str]](list)
    for partner, before in weights.items():
        rows = frame[frame["partner"].isin(["", partner])]
        own = rows[(rows["partner"] == partner) | ~rows["criterion_id"].isin(rows.loc[rows["partner"] == partner, "criterion_id"])]
        try:
            changed[partner] = before.replace(dict(zip(own["criterion_id"], own["weight"], strict=True))) if len(own) else before
        except AssumptionError as error:
            refused[str(error)].append(partner)
    if refused:
        told = [Problem(place, ", ".join(names), f"cannot be weighed: {why}", REMEDY) for why, names in refused.items()]
        raise LayerError(told, "the weights")
    return changed


def _find_twins(frame: pd.DataFrame, place: str) -> Iterator[Problem]:
    """Yield weights that are given twice for one partner."""
    twins = frame[frame.duplicated(["criterion_id", "partner"])]
    for name, row in zip(twins["criterion_id"], twins["row"], strict=True):
        yield Problem(place, name, "has two weights", "keep one", row, "criterion_id")


def _find_strangers(frame: pd.DataFrame, weights: Mapping[str, Weights], place: str) -> Iterator[Problem]:
    """Yield names that are neither a criterion that counts nor a group of such."""
    known = sorted({name for one in weights.values() for name in (*one, *(group for group, _ in one.groups))})
    strangers = frame[~frame["criterion_id"].isin(known)]
    for name, row in zip(strangers["criterion_id"], strangers["row"], strict=True):
        near = difflib.get_close_matches(name, known, n=2)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"name one of {', '.join(known)}"
        yield Problem(place, tame(name), "is no criterion that counts and no group of such", remedy, row, "criterion_id")
