"""The order by another method, as lines to read and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from geokit.io.write import write_table
from geokit.scoring import METHODS
from geokit.study.study import Study

TOP = 10
"""Rows told of each case; the table holds all."""


def tell_method(study: Study, table: pd.DataFrame, method: str) -> Iterator[tuple[str, bool]]:
    """Yield the best rows of each case by a method.

    Parameters
    ----------
    study : Study
        For the cases and the names.
    table : pandas.DataFrame
        As :func:`geokit.study.robust.rescore_by` returns it.
    method : str
        Name of the method.

    Yields
    ------
    tuple of str and bool
        A line and whether it is a heading.
    """
    label = METHODS[method.replace("_", "-")].label
    partners = study.layers["partners"].set_index("partner_id")["label"]
    names = dict(zip(study.alternatives["alternative"], study.alternatives["label"], strict=True))
    for case in study.cases:
        rows = table[table["case_id"] == case.case_id]
        if rows.empty:
            yield f"{partners[case.partner]}, by {case.track.value}: nothing can be ranked", True
            continue
        moved = int((rows["rank"] != rows["rank_weighted_sum"]).sum())
        yield f"{partners[case.partner]}, by {case.track.value}, {label}: {moved} of {len(rows)} ranks differ from the weighted sum", True
        yield "Score that the known cells prove, and its bounds with every missing cell at its worst and at its best:", False
        for row in rows.head(TOP).to_dict("records"):
            bounds = f"{row['bound_low']:.2f} to {row['bound_high']:.2f}"
            was = f"No. {row['rank_weighted_sum']:.0f} by the weighted sum"
            yield f"{row['rank']:.0f}. {names[row['alternative']]}: {row['score']:.3f}, {bounds}; {was}", False
    if METHODS[method.replace("_", "-")].looks_at_others:
        yield "This method compares each with the others at hand: one that comes or leaves may turn the rest round.", False


def write_method(table: pd.DataFrame, folder: Path, method: str) -> Path:
    """Write the order by a method as ``ranking_by_METHOD.csv`` into a folder.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`geokit.study.robust.rescore_by` returns it.
    folder : pathlib.Path
        Made when it does not exist.
    method : str
        Name of the method.

    Returns
    -------
    pathlib.Path
        The file.
    """
    return write_table(table, folder / f"ranking_by_{method.replace('-', '_')}.csv", ())
