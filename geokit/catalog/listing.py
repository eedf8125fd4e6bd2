"""List what the layers hold, how old it is and how sure we are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from geokit.catalog.cite import count_sources
from geokit.catalog.layers import Layers
from geokit.check.terms import TABLE
from geokit.core.columns import Column, split_ids
from geokit.io.dictionary import read_columns, read_themes
from geokit.io.features import count_features

OWN_KINDS = ("assumption", "derived", "dossier", "general knowledge", "judgement", "none", "own work", "unverified")
"""Kinds of source that are our own work: they date the compilation, not the fact."""
LEVELS = ("high", "medium", "low")
COLUMNS = [
    "layer", "theme", "rows", "coverage_frac", "newest_source", "oldest_source", *(f"{level}_frac" for level in LEVELS), "licence",
    "modified",
]


def list_layers(layers: Layers) -> pd.DataFrame:
    """Return one row a layer: how much it holds, how old and how sure it is, and on what terms.

    Parameters
    ----------
    layers : Layers
        As read.

    Returns
    -------
    pandas.DataFrame
        ``layer``; ``theme`` (folder); ``rows`` (features of a map file, missing for a picture or a grid); ``coverage_frac`` (share of
        filled cells among those for figures; NaN for words); ``newest_source`` and ``oldest_source`` (dates of its outside sources, ISO
        text); ``high_frac``, ``medium_frac`` and ``low_frac`` (share of rows by confidence; NaN where rows have none); ``licence`` of the
        layer; ``modified`` (bytes or rows differ from those recorded). Themes and tables stand in the order in which they are declared.
    """
    themes = read_themes()
    rows = [*_describe_tables(layers), *_describe_files(layers)]
    folders = list(dict.fromkeys([*(theme for theme, _ in themes.values()), *(row["theme"] for row in rows)]))
    places = {name: place for place, name in enumerate(themes)}
    rows.sort(key=lambda row: (folders.index(row["theme"]), places.get(row["layer"], len(places)), row["layer"]))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"rows": "Int64"})


def _describe_tables(layers: Layers) -> Iterator[dict[str, Any]]:
    """Yield the line of every table."""
    themes = read_themes()
    for name, frame in layers.items():
        ids = list(frame["source_id"]) if name == "sources" else list(count_sources(frame, name))
        yield _describe(layers, name, ids) | {
            "theme": themes.get(name, ("", ""))[0], "rows": len(frame), "coverage_frac": _cover(frame, read_columns(name)), **_mix(frame),
        }


def _describe_files(layers: Layers) -> Iterator[dict[str, Any]]:
    """Yield the line of every file that is no table; files that share a stem share a line."""
    files = {PurePosixPath(path).stem: PurePosixPath(path) for path in sorted(layers.sha256) if not path.endswith(".csv")}
    sources = _read_terms(layers, "source_ids")
    for stem, path in files.items():
        rows = count_features(layers.root / path) if path.suffix == ".geojson" else None
        yield _describe(layers, stem, list(split_ids(sources.get(stem)))) | {"theme": path.parent.name, "rows": rows}


def _describe(layers: Layers, name: str, ids: list[str]) -> dict[str, Any]:
    """Return what every layer has: dates of its outside sources, terms, and whether it was changed."""
    named = layers.sources.reindex(ids)
    dates = sorted(date for date in named.loc[~named["kind"].isin(OWN_KINDS), "date"].dropna() if date)
    return {
        "layer": name, "newest_source": dates[-1] if dates else "", "oldest_source": dates[0] if dates else "",
        "licence": _read_terms(layers, "licence").get(name, ""), "modified": name in layers.modified,
    }


def _read_terms(layers: Layers, column: str) -> dict[str, str]:
    """Return a column of the table of resources by layer; nothing where the table is not read."""
    return dict(zip(layers[TABLE]["layer"], layers[TABLE][column], strict=True)) if TABLE in layers else {}


def _cover(frame: pd.DataFrame, columns: tuple[Column, ...]) -> float:
    """Return the share of figure cells that are filled."""
    figures = [column.name for column in columns if column.type in {"number", "integer"}]
    return float(frame[figures].notna().to_numpy().mean()) if figures and len(frame) else float("nan")


def _mix(frame: pd.DataFrame) -> dict[str, float]:
    """Return the shares of rows by confidence; rows that state none count in neither."""
    if "confidence" not in frame:
        return {}
    return {f"{level}_frac": float((frame["confidence"] == level).mean()) for level in LEVELS}
