"""Look up the sources that rows of a layer name, and the lines of credit that layers ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import pandas as pd

from geokit.check.rules import SOURCES
from geokit.check.terms import TABLE
from geokit.core.columns import Column, split_ids
from geokit.io.dictionary import read_columns, read_themes

OF_MAPS = ("source_id", "source_ids")
"""Columns that name the sources of map layers."""
CITED = ["title", "publisher", "date", "url", "licence"]


def count_sources(rows: pd.DataFrame, table: str) -> Counter[str]:
    """Count in how many rows each source is named, in the order in which they are first named.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of the layer.
    table : str
        The layer; its dictionary says which columns name sources. A map layer has none: there ``source_id`` and ``source_ids`` do.

    Returns
    -------
    collections.Counter
        Source id to number of rows.
    """
    declared = read_columns(table) if table in read_themes() else tuple(Column(name, refers_to=SOURCES) for name in OF_MAPS)
    columns = [column.name for column in declared if column.refers_to == SOURCES and column.name in rows]
    cells = rows[columns].itertuples(index=False)
    return Counter(one for row in cells for one in dict.fromkeys(part for cell in row for part in split_ids(cell)))


def list_sources(layers: Mapping[str, pd.DataFrame], rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return the sources that some rows of a layer name.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``sources``.
    rows : pandas.DataFrame
        Rows of the layer, as :func:`geokit.catalog.select_rows` picks them.
    table : str
        The layer.

    Returns
    -------
    pandas.DataFrame
        ``source_id``, ``title``, ``publisher``, ``date``, ``url``, ``licence`` and ``rows`` (how many of the rows name it), in the order
        in which the rows name them; blank where the table of sources does not know the id.
    """
    counts = count_sources(rows, table)
    named = layers["sources"].set_index("source_id")[CITED].reindex(list(counts)).fillna("")
    return named.rename_axis("source_id").reset_index().assign(rows=list(counts.values()))


def nest_sources(layers: Mapping[str, pd.DataFrame], rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return rows of a layer with one more column, ``sources``: what is known of each source that the row names.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``sources``.
    rows : pandas.DataFrame
        Rows of the layer.
    table : str
        The layer.

    Returns
    -------
    pandas.DataFrame
        A copy; each cell of ``sources`` is a list of mappings, ready for JSON.
    """
    known = {record["source_id"]: record for record in list_sources(layers, rows, table).drop(columns="rows").to_dict("records")}
    cells = [[known[one] for one in count_sources(rows.iloc[[place]], table)] for place in range(len(rows))]
    return rows.assign(sources=pd.Series(cells, index=rows.index, dtype=object))


def list_attributions(layers: Mapping[str, pd.DataFrame], names: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the lines of credit that an output made with some layers must print.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``resources``.
    names : iterable of str, optional
        The layers used, as tables or stems of files; all when not given.

    Returns
    -------
    tuple of str
        Each line once, in the order of the table of resources.
    """
    resources = layers[TABLE]
    used = resources if names is None else resources[resources["layer"].isin(list(names))]
    return tuple(dict.fromkeys(line for line in used["attribution"] if line))
