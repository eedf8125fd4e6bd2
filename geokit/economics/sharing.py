"""Who else wants the same feed: what plants looked at one by one would together draw from each deposit (model rules M5, M6)."""

from __future__ import annotations

import pandas as pd

from geokit.core.codes import Kind
from geokit.economics.feed import FREE

PLACE = ["place_id", "stage_id"]
LOT = ["deposit_id", "feed_product_id"]
TOLD = ["feed_claimants", "feed_claims_t_per_y"]


def list_lots(years: pd.DataFrame, feeds: pd.DataFrame, *, scenario: str) -> pd.DataFrame:
    """Return the free lots of known rate that each plant may draw on, year by year.

    Parameters
    ----------
    years : pandas.DataFrame
        From :func:`geokit.economics.years.feed_years`.
    feeds : pandas.DataFrame
        From :func:`geokit.economics.feed.feed_sources`; a deposit out of reach gives nothing.
    scenario : str
        Which scenario counts.

    Returns
    -------
    pandas.DataFrame
        Columns ``place_id``, ``stage_id``, ``deposit_id``, ``deposit``, ``feed_product_id``, ``year``, ``basis``, ``ore_t_per_y`` and
        ``feed_t_per_y`` (t/y), ``development_frac`` (the chance in these) and ``source_ids``.
    """
    rows = years[(years["scenario"] == scenario) & (years["availability"] == FREE) & years["feed_t_per_y"].notna()]
    told = rows[["stage_id", *LOT, "deposit", "year", "basis", "ore_t_per_y", "feed_t_per_y", "development_frac", "source_ids"]]
    return feeds.loc[feeds["reachable"] == "yes", [*PLACE, "deposit_id"]].merge(told, on=["stage_id", "deposit_id"])


def count_claims(plants: pd.DataFrame, lots: pd.DataFrame, *, year: int) -> pd.DataFrame:
    r"""Return how many plants draw on the deposits of each plant, and what they would together take from them in a year.

    .. math:: C_i = \sum_{d \in D_i} \sum_{j : d \in D_j} e_j \, s_d / S_j, \quad S_j = \sum_{d \in D_j} s_d

    e is what a plant eats at full output and s what a deposit ships, both in tonnes of feed a year: each plant draws on its deposits
    in proportion to what they ship. Only plants that eat the same feed of a deposit are rivals: a mill and the smelter behind it are
    two steps of one chain. A plant alone at its deposits claims what it eats.

    Parameters
    ----------
    plants : pandas.DataFrame
        Rows of the economics, any index; columns ``alternative``, ``kind``, ``place_id``, ``stage_id`` and ``feed_eaten_t_per_y``.
    lots : pandas.DataFrame
        From :func:`list_lots`.
    year : int
        Calendar year; the last of the lots stands for those after it.

    Returns
    -------
    pandas.DataFrame
        Index of ``plants``; ``feed_claimants`` (plants, itself among them) and ``feed_claims_t_per_y``; NaN where the plant has no lot
        of known rate or no known appetite.
    """
    here = plants[plants["kind"] == Kind.PLANT].drop_duplicates("alternative").dropna(subset=["feed_eaten_t_per_y"])
    one = lots[(lots["year"] == min(year, lots["year"].max())) & (lots["feed_t_per_y"] > 0.0)]
    drawn = here[["alternative", *PLACE, "feed_eaten_t_per_y"]].merge(one, on=PLACE)
    total = drawn.groupby("alternative")["feed_t_per_y"].transform("sum")
    drawn = drawn.assign(claim=drawn["feed_eaten_t_per_y"] * drawn["feed_t_per_y"] / total)
    drawn = drawn.assign(claims=drawn.groupby(LOT)["claim"].transform("sum"))
    pairs = drawn[["alternative", *LOT]].merge(drawn[["alternative", *LOT]], on=LOT, suffixes=("", "_other"))
    rivals = pairs.groupby("alternative")["alternative_other"].nunique()
    found = pd.DataFrame({TOLD[0]: rivals, TOLD[1]: drawn.groupby("alternative")["claims"].sum()}, dtype=float)
    return found.reindex(plants["alternative"].where(plants["kind"] == Kind.PLANT)).set_axis(plants.index)
