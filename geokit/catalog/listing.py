"""List what the layers hold, how old it is and how sure we are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from geokit.catalog.cite import count_sources
from geokit.catalog.layers import Layers
from geokit.catalog.maps import count_map, find_maps
from geokit.check.terms import TABLE
from geokit.core.columns import Column, split_ids
from geokit.io.dictionary import read_columns, read_themes

OWN_KINDS = ("assumption", "derived", "dossier", "general knowledge", "judgement", "none", "own work", "unverified")
"""Kinds of source that are our own work: they date the compilation, not the fact."""
LEVELS = ("high", "medium", "low")
Terms = Mapping[str, Mapping[Any, str]]
"""Rows of the table of resources by layer."""
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
    themes, terms, dates = read_themes(), _read_terms(layers), _read_dates(layers)
    rows: list[dict[str, Any]] = [
        {"licence": terms.get(row["layer"], {}).get("licence", ""), "modified": row["layer"] in layers.modified}
        | _span(row["ids"], dates)
        | row
        for row in (*_describe_tables(layers), *_describe_files(layers, terms))
    ]
    folders = list(dict.fromkeys([*(theme for theme, _ in themes.values()), *(row["theme"] for row in rows)]))
    places = {name: place for place, name in enumerate(themes)}
    rows.sort(key=lambda row: (folders.index(row["theme"]), places.get(row["layer"], len(places)), row["layer"]))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"rows": "Int64"})


def _describe_tables(layers: Layers) -> Iterator[dict[str, Any]]:
    """Yield of every table its name, its sources and what its rows hold."""
    themes = read_themes()
    for name, frame in layers.items():
        yield {
            "layer": name, "ids": frame["source_id"] if name == "sources" else count_sources(frame, name),
            "theme": themes.get(name, ("", ""))[0], "rows": len(frame), "coverage_frac": _cover(frame, read_columns(name)), **_mix(frame),
        }


def _describe_files(layers: Layers, terms: Terms) -> Iterator[dict[str, Any]]:
    """Yield of every layer that is no table its name, its sources and how many features it has."""
    for name, paths in find_maps(layers).items():
        ids = split_ids(terms.get(name, {}).get("source_ids"))
        yield {"layer": name, "ids": ids, "theme": PurePosixPath(paths[0]).parent.name, "rows": count_map(layers, name)}


def _span(ids: Iterable[str], dates: Mapping[str, str]) -> dict[str, str]:
    """Return the newest and the oldest date of some sources; blanks where none has one."""
    found = sorted(dates[one] for one in ids if one in dates)
    return {"newest_source": found[-1] if found else "", "oldest_source": found[0] if found else ""}


def _read_dates(layers: Layers) -> dict[str, str]:
    """Return the dates of the outside sources that have one, by their id."""
    sources = layers["sources"]
    outside = sources[~sources["kind"].isin(OWN_KINDS) & sources["date"].astype(bool)]
    return dict(zip(outside["source_id"], outside["date"], strict=True))


def _read_terms(layers: Layers) -> Terms:
    """Return the rows of the table of resources by layer; nothing where the table is not read."""
    return {row["layer"]: row for row in layers[TABLE].to_dict("records")} if TABLE in layers else {}


def _cover(frame: pd.DataFrame, columns: tuple[Column, ...]) -> float:
    """Return the share of figure cells that are filled."""
    figures = [column.name for column in columns if column.type in {"number", "integer"}]
    return float(frame[figures].notna().to_numpy().mean()) if figures and len(frame) else float("nan")


def _mix(frame: pd.DataFrame) -> dict[str, float]:
    """Return the shares of rows by confidence; rows that state none count in neither."""
    if "confidence" not in frame:
        return {}
    return {f"{level}_frac": float((frame["confidence"] == level).mean()) for level in LEVELS}
