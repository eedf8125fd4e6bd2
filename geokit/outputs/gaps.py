"""What to find out next, told once for all the sites that wait for the same fact."""

from __future__ import annotations

import pandas as pd

SAME = ["criterion_id", "stage_id", "profile", "partner", "holder"]
"""Missing facts that agree in these differ only by site: one question, asked at several places."""


def list_gaps(unknowns: pd.DataFrame, *, limit: int, partner: str = "", track: str = "") -> pd.DataFrame:
    """Return the leading missing facts, the most decisive first, sites gathered.

    Parameters
    ----------
    unknowns : pandas.DataFrame
        Columns as in the data dictionary (``unknowns``).
    limit : int
        How many to return.
    partner, track : str
        Keep the facts that touch this case; blank keeps all.

    Returns
    -------
    pandas.DataFrame
        The row of the most decisive site of each question with a column ``n_sites``, its ``alternatives_touched`` summed over the
        sites; the index is the position in ``unknowns``.
    """
    table = unknowns.reset_index(drop=True)
    if table.empty:
        return table.assign(n_sites=[])
    kept = table["partner"].isin(["", partner]) if partner else table["partner"].notna()
    kept &= table["track"].isin(["", track]) if track else table["track"].notna()
    ordered = table[kept].sort_values("rank_swing", ascending=False, kind="stable", na_position="last")
    alike = ordered.groupby(SAME, sort=False, dropna=False)
    touched = alike["alternatives_touched"].transform("sum")
    return ordered.assign(n_sites=alike["site_id"].transform("nunique"), alternatives_touched=touched).drop_duplicates(SAME).head(limit)
