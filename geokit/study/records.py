"""Frames as plain records that print and serialise."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd


def list_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain values.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame.

    Returns
    -------
    list of dict
        One a row, in order; NaN is None, and numpy scalars are what JSON knows.
    """
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: object) -> object:
    """Turn NaN and numpy scalars into what JSON knows."""
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.item() if hasattr(value, "item") else value
