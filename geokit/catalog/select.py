"""Pick rows of a layer by what its cells say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from geokit.core.columns import split_ids
from geokit.core.errors import GeokitError, UnknownNameError


def select_rows(layers: Mapping[str, pd.DataFrame], table: str, conditions: Sequence[str]) -> pd.DataFrame:
    """Return the rows of a layer that meet every condition.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers.
    table : str
        Name of a layer.
    conditions : sequence of str
        ``column=value`` each; a column without its ``_id`` ending will do, and one of several ids in a cell is enough.

    Returns
    -------
    pandas.DataFrame
        The matching rows in the order of the layer.

    Raises
    ------
    UnknownNameError
        If there is no such layer or column.
    GeokitError
        If a condition has no ``=``.
    """
    if table not in layers:
        raise UnknownNameError("layer", table, list(layers))
    rows = layers[table]
    for condition in conditions:
        name, mark, value = condition.partition("=")
        if not mark:
            msg = f"condition {condition!r} has no '='; write it as commodity=antimony"
            raise GeokitError(msg)
        column = next((found for found in (name, f"{name}_id", f"{name}_ids") if found in rows), None)
        if column is None:
            raise UnknownNameError(f"column of {table}", name, list(rows.columns))
        rows = rows[rows[column].map(lambda cell, wanted=value: _matches(cell, wanted))]
    return rows


def _matches(cell: object, wanted: str) -> bool:
    """Compare a cell with a word, case aside; figures by value."""
    if isinstance(cell, float):
        return _is_figure(wanted, cell) or (cell != cell and wanted == "")  # noqa: PLR0124  NaN is the blank of a figure
    word = str(cell).casefold()
    return word == wanted.casefold() or wanted.casefold() in split_ids(word)


def _is_figure(word: str, figure: float) -> bool:
    """Return whether a word is this figure, however it is written."""
    try:
        return float(word) == figure
    except ValueError:
        return False
