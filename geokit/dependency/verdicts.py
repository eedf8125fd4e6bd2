"""The verdicts of a gate, and what its rules share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from geokit.dependency.force import Asked

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
Gate = Mapping[Hashable, Any]
Words = str | pd.Series
Rule = Callable[[Asked, Gate], pd.DataFrame]
"""Returns ``alternative``, ``result``, ``reason``, ``source_ids``, and ``partner`` where the verdict varies by it."""


def read_commodities(layers: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the commodity of each stage, by ``stage_id``."""
    return layers["stages"].set_index("stage_id")["commodity_id"]


def tell(rows: pd.DataFrame, result: Words, reason: Words, *, sources: Words) -> pd.DataFrame:
    """Return the verdicts on some alternatives.

    Parameters
    ----------
    rows : pandas.DataFrame
        Column ``alternative``, perhaps ``partner``.
    result, reason, sources : str or pandas.Series
        One value for all rows, or one a row.

    Returns
    -------
    pandas.DataFrame
        As a :data:`Rule` returns.
    """
    return rows.filter(["alternative", "partner"]).assign(result=result, reason=reason, source_ids=sources)
