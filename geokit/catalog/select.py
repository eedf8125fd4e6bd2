"""Pick rows of a layer by what its cells say."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from geokit.catalog.layers import Layers
from geokit.catalog.maps import describe_map, find_maps, read_map
from geokit.check.aliases import fold, index_aliases, list_near
from geokit.core.columns import Column, split_ids
from geokit.core.errors import GeokitError, UnknownNameError
from geokit.io.dictionary import list_dictionary, read_columns


def select_rows(layers: Mapping[str, pd.DataFrame], table: str, conditions: Sequence[str]) -> pd.DataFrame:
    """Return the rows of a layer that meet every condition.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers.
    table : str
        Name of a layer. Of a map layer there is one row, as :func:`geokit.catalog.maps.describe_map` returns it, and with conditions the
        properties of the features that meet them.
    conditions : sequence of str
        ``column=value`` each; a column without its ``_id`` ending will do, one of several ids in a cell is enough, and so is another
        name of an id: ``commodity=Sb`` finds antimony.

    Returns
    -------
    pandas.DataFrame
        The matching rows in the order of the layer.

    Raises
    ------
    UnknownNameError
        If there is no such layer or column, or a value that is no id, no other name of one and stands nowhere in its column of ids.
    GeokitError
        If a condition has no ``=``, or is put to a grid or a picture.
    """
    if table not in layers:
        return _select_map(layers, table, conditions)
    rows = layers[table]
    for condition in conditions:
        column, words = _read_condition(layers, table, condition)
        rows = rows[_meets(rows[column], words)]
    return rows


def tell_others(layers: Mapping[str, pd.DataFrame], table: str, conditions: Sequence[str]) -> list[str]:
    """Say how many rows beyond those selected name the same thing in second place.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers.
    table : str
        Name of a layer.
    conditions : sequence of str
        As :func:`select_rows` takes them.

    Returns
    -------
    list of str
        As ``2 more rows name antimony among other_commodity_ids``; empty where the layer has no such column or no such row.

    Raises
    ------
    UnknownNameError
        As :func:`select_rows` does.
    """
    told = []
    for place, condition in enumerate(conditions if table in layers else ()):
        column, words = _read_condition(layers, table, condition)
        other = f"other_{column}s"
        if other in layers[table]:
            rest = select_rows(layers, table, [*conditions[:place], *conditions[place + 1 :]])
            more = int((_meets(rest[other], words) & ~_meets(rest[column], words)).sum())
            told += [f"{more} more row{'s name' if more > 1 else ' names'} {' or '.join(words)} among {other}"] if more else []
    return told


def _select_map(layers: Mapping[str, pd.DataFrame], name: str, conditions: Sequence[str]) -> pd.DataFrame:
    """Return what is known of a map layer, or the features that meet every condition."""
    maps = find_maps(layers) if isinstance(layers, Layers) else {}
    maps = find_maps(layers) if isinstance(layers, Layers) else {}
    if not isinstance(layers, Layers) or name not in maps:
        raise UnknownNameError("layer", name, [*layers, *maps])
    return select_rows({**layers, name: read_map(layers, name)}, name, conditions) if conditions else describe_map(layers, name)


def _read_condition(layers: Mapping[str, pd.DataFrame], table: str, condition: str) -> tuple[str, tuple[str, ...]]:
    """Return the column of a condition and the words of which one must stand there."""
    name, mark, value = condition.partition("=")
    if not mark:
        msg = f"condition {condition!r} has no '='; write it as commodity=antimony"
        raise GeokitError(msg)
    rows = layers[table]
    columns = [found for found in (name, f"{name}_id", f"{name}_ids") if found in rows]
    if not columns:
        raise UnknownNameError(f"column of {table}", name, list(rows.columns))
    for column in columns:
        if not value or _meets(rows[column], (value,)).any():
            return column, (value,)
    return _translate(layers, table, columns, value=value)


def _translate(layers: Mapping[str, pd.DataFrame], table: str, columns: Sequence[str], *, value: str) -> tuple[str, tuple[str, ...]]:
    """Return the ids that a value means which stands in none of some columns; the value itself where the columns hold no ids."""
    declared = {column.name: column for column in read_columns(table)} if table in list_dictionary() else {}
    known, names = set[str](), dict[str, str]()
    for name in columns:
        ids, meant = _list_ids(layers, table, declared.get(name, Column(name)))
        if value.casefold() in ids or meant.get(fold(value)):
            return name, split_ids(meant.get(fold(value), "")) or (value,)
        known |= ids
        names |= meant
    if known:
        raise UnknownNameError(re.sub(r"_ids?$", "", columns[-1]), value, list_near(value, known, names) or sorted(known))
    return columns[0], (value,)


def _list_ids(layers: Mapping[str, pd.DataFrame], table: str, column: Column) -> tuple[set[str], Mapping[str, str]]:
    """Return the words that may stand in a column of ids or of a closed vocabulary, and the other names of the ids, folded."""
    target = column.refers_to
    home, _, name = target.partition(".")
    if home not in layers or name not in layers[home]:
        return set(column.allowed), {}
    tables = {one: layers[one] for one in (table, home)}
    ids = {one for cell in layers[home][name] for one in (split_ids(cell) or (cell,)) if one}
    return ids.union(column.allowed), index_aliases(tables, {one: read_columns(one) for one in tables}).get(target, {})


def _meets(cells: pd.Series, words: Collection[str]) -> pd.Series:
    """Return whether cells hold one of some words."""
    return cells.map(lambda cell: any(_matches(cell, word) for word in words)).astype(bool)


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
