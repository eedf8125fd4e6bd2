"""The user's vendor list as a study holds it: a table that may have no row."""

from __future__ import annotations

import pandas as pd

from geokit.io.dictionary import read_columns


def no_vendors() -> pd.DataFrame:
    """Return a vendor list that names nobody.

    Returns
    -------
    pandas.DataFrame
        No row; columns as :func:`geokit.dependency.read_vendors` returns them.
    """
    kinds = {one.name: object if one.type == "text" else float for one in read_columns("vendors")}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def name_any(vendors: pd.DataFrame) -> pd.DataFrame | None:
    """Return a vendor list, or nothing where it has no row: then market shares stand in.

    Parameters
    ----------
    vendors : pandas.DataFrame
        As a study holds it.

    Returns
    -------
    pandas.DataFrame or None
        As :func:`geokit.dependency.assess` takes it.
    """
    return vendors if len(vendors) else None
