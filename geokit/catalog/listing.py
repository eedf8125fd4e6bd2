"""List what the layers hold, how old it is and how sure we are."""

from __future__ import annotations

import pandas as pd

from geokit.catalog.layers import Layers
from geokit.catalog.rules import SOURCES
from geokit.core.columns import Column, split_ids
from geokit.io.dictionary import read_columns, read_themes

OWN_KINDS = ("dossier", "judgement")
"""Kinds of source that are our own work: they date the compilation, not the fact."""


def list_layers(layers: Layers) -> pd.DataFrame:
    """Return one row a layer: how much it holds, how old and how sure it is.

    Parameters
    ----------
    layers : Layers
        As read.

    Returns
    -------
    pandas.DataFrame
        ``layer``, ``theme`` (folder), ``rows``, ``coverage_frac`` (share of filled cells among those for figures; NaN for a table of
        words), ``newest_source`` (latest date among its outside sources, ISO text), ``confidence`` (share of rows by confidence),
        ``licence`` (terms of its sources, most frequent first) and ``modified`` (bytes differ from the recorded hash).
    """
    themes, sources = read_themes(), layers.sources
    rows = [
        {
            "layer": name,
            "theme": themes.get(name, ("", ""))[0],
            "rows": len(frame),
            "coverage_frac": _cover(frame, read_columns(name)),
            **_summarise(_named(frame, read_columns(name), sources)),
            "confidence": _mix(frame["confidence"]) if "confidence" in frame else "",
            "modified": name in layers.modified,
        }
        for name, frame in layers.items()
    ]
    columns = ["layer", "theme", "rows", "coverage_frac", "newest_source", "confidence", "licence", "modified"]
    return pd.DataFrame(rows, columns=columns).sort_values(["theme", "layer"], ignore_index=True)


def _cover(frame: pd.DataFrame, columns: tuple[Column, ...]) -> float:
    """Return the share of figure cells that are filled."""
    figures = [column.name for column in columns if column.type in {"number", "integer"}]
    return float(frame[figures].notna().to_numpy().mean()) if figures and len(frame) else float("nan")


def _named(frame: pd.DataFrame, columns: tuple[Column, ...], sources: pd.DataFrame) -> pd.DataFrame:
    """Return the sources that a table names, as often as it names them; the table of sources names itself."""
    cells = [frame[column.name] for column in columns if column.refers_to == SOURCES or (column.name == "source_id" and column.key)]
    ids = [one for cell in cells for text in cell for one in split_ids(text)]
    return sources.reindex(ids)


def _summarise(named: pd.DataFrame) -> dict[str, str]:
    """Return the newest outside date and the licences of some sources."""
    outside = named[~named["kind"].isin(OWN_KINDS)]
    licences = named.loc[named["licence"] != "", "licence"].value_counts().index
    return {"newest_source": max(outside["date"], default=""), "licence": "; ".join(licences)}


def _mix(confidence: pd.Series) -> str:
    """Return the shares of rows by confidence, as words."""
    shares = confidence[confidence != ""].value_counts(normalize=True)
    order = ["high", "medium", "low"]
    names = [*[name for name in order if name in shares.index], *sorted(set(shares.index) - set(order))]
    return ", ".join(f"{name} {shares[name]:.0%}" for name in names)
