"""The chance that a supply is Chinese by a user's vendor list, in the place of the market's (model rule M12)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geokit.dependency.market import is_home

PLACE = ["stage_id", "class_id"]
Elsewhere = tuple[tuple[str, float], ...]
"""Countries of vendors outside, each with its share of the order."""
WHOLE = 1e-9
"""Shares that miss 1 by less than this are whole."""


def name_vendors(operations: pd.DataFrame, vendors: pd.DataFrame) -> pd.DataFrame:
    r"""Return the operations with the shares of a vendor list in the place of market shares.

    .. math:: u = \sum_{i \text{ Chinese}} a_i, \quad s = u + \Bigl( 1 - \sum_i a_i \Bigr) s_{market}

    Parameters
    ----------
    operations : pandas.DataFrame
        The layer ``operations``.
    vendors : pandas.DataFrame
        As :func:`geokit.dependency.vendors.read_vendors` returns. Rows of a stage go before rows of every stage; of several chosen
        vendors of a class all are needed, so one Chinese among them makes the supply Chinese. Rows that only state sizes name nobody.

    Returns
    -------
    pandas.DataFrame
        ``chinese_share_low``, ``_mode`` and ``_high`` replaced where the list names a vendor of the class; what it leaves open is
        anything from none to all, and the market's share in the middle. ``is_named`` is whether it leaves nothing open;
        ``elsewhere`` gives the share of each other country that it names, as pairs.
    """
    sums = _sum_shares(vendors)
    own = sums.reindex(pd.MultiIndex.from_frame(operations[PLACE])).to_numpy()
    common = sums.reindex(pd.MultiIndex.from_frame(operations[PLACE].assign(stage_id=""))).to_numpy()
    chinese, rest = np.where(np.isnan(own), common, own).T
    market = operations["chinese_share_mode"].to_numpy()
    is_listed, is_open = ~np.isnan(chinese), rest > WHOLE
    mode = chinese + np.where(is_open, rest * market, 0.0)
    shares = {"chinese_share_low": chinese, "chinese_share_mode": mode, "chinese_share_high": chinese + rest}
    replaced = {name: operations[name].mask(is_listed, pd.Series(figures, operations.index)) for name, figures in shares.items()}
    places = operations[PLACE].itertuples(index=False, name=None)
    named = _list_elsewhere(vendors)
    elsewhere = [named.get((stage, name), named.get(("", name), ())) for stage, name in places]
    return operations.assign(**replaced, is_named=is_listed & ~is_open, elsewhere=pd.Series(elsewhere, operations.index, dtype=object))


def _list_elsewhere(vendors: pd.DataFrame) -> dict[tuple[str, str], Elsewhere]:
    """Return the countries outside that each stage and class buys from, with their shares."""
    part = vendors["share"].fillna(vendors["chosen"])
    rows = vendors.assign(part=part)[part.notna()]
    found: dict[tuple[str, str], Elsewhere] = {}
    for stage, name, country, share in rows[[*PLACE, "country", "part"]].itertuples(index=False, name=None):
        own = () if is_home(country) or share == 0.0 else ((country, float(share)),)
        found[stage, name] = (*found.get((stage, name), ()), *own)
    return found


def _sum_shares(vendors: pd.DataFrame) -> pd.DataFrame:
    """Return the Chinese share of each stage and class of a vendor list, and the share that it leaves open."""
    part = vendors["share"].fillna(vendors["chosen"])
    vendors, part = vendors[part.notna()], part.dropna()
    rows = vendors[PLACE].assign(chinese=part.where(vendors["country"].map(is_home), 0.0), total=part)
    sums = rows.groupby(PLACE)[["chinese", "total"]].sum()
    rest = (1.0 - sums["total"]).clip(lower=0.0)
    return pd.DataFrame({"chinese": sums["chinese"].clip(upper=1.0), "rest": rest.where(rest > WHOLE, 0.0)})
