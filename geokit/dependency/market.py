"""Who is left to buy from: vendors of each technique outside the issuer's reach, and how few they are."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from geokit.core.codes import GENERAL_KNOWLEDGE
from geokit.dependency.index import Array

HOME = frozenset({"cn", "prc", "china", "people's republic of china"})
"""Codes and names of the country whose controls enter the figures, in small letters."""
USER = "user"
"""The source of what a user gives without a source of its own."""
IN_BRACKETS = re.compile(r"\([^)]*\)")
COUNTS = ("vendors_left", "vendors_sourced", "vendor_countries_left", "hhi_low")
BETWEEN_NAMES = re.compile(r",| / ")


def measure_concentration(shares: ArrayLike) -> float:
    r"""Return the Herfindahl-Hirschman index of some shares.

    .. math:: HHI = \sum_i \Bigl( \frac{a_i}{\sum_j a_j} \Bigr)^2

    Parameters
    ----------
    shares : array_like
        Shape (vendors,): share of each vendor, any scale.

    Returns
    -------
    float
        From 1 / n for n equal shares, the least that n vendors allow, to 1 for a monopoly; NaN for no vendor.
    """
    a = np.asarray(shares, dtype=float)
    return float(np.sum((a / a.sum()) ** 2)) if a.size else float("nan")


def look_through(s: ArrayLike, hidden: ArrayLike) -> Array:
    r"""Return the chance that a supply is Chinese at the second look: other vendors buy parts there too.

    .. math:: s_{LT} = s + (1 - s) \sum_m a_m s_m

    Parameters
    ----------
    s : array_like
        Chance that the vendor is Chinese, 0-1.
    hidden : array_like
        Chinese share of what another vendor itself buys, 0-1; no vendor publishes it.

    Returns
    -------
    numpy.ndarray
        From s for none to 1 for all; NaN where s is unknown.

    References
    ----------
    Flowsheet dossier, section 5 (second tier, after Leontief).
    """
    share = np.asarray(s, dtype=float)
    found: Array = share + (1.0 - share) * np.asarray(hidden, dtype=float)
    return found


def count_vendors(blocks: pd.DataFrame, layers: Mapping[str, pd.DataFrame], vendors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return blocks with the vendors left to them: those of a user's list where it names one outside, else those on file.

    Parameters
    ----------
    blocks : pandas.DataFrame
        Columns ``stage_id``, ``block_id``.
    layers : mapping of str to pandas.DataFrame
        Needs ``suppliers``.
    vendors : pandas.DataFrame, optional
        As :func:`geokit.dependency.vendors.read_vendors` returns; rows of a stage go before rows of every stage.

    Returns
    -------
    pandas.DataFrame
        The rows with the columns of :func:`list_remaining`; NaN where no vendor outside is known.
    """
    rows = blocks.merge(list_remaining(layers).rename(columns={"class_id": "block_id"}), on="block_id", how="left")
    if vendors is None:
        return rows
    own = _share_remaining(vendors)
    listed, common = (own.reindex(pd.MultiIndex.from_arrays([stages, rows["block_id"]])) for stages in (rows["stage_id"], [""] * len(rows)))
    figures = {name: np.where(listed[name].isna(), common[name], listed[name]) for name in COUNTS}
    return rows.assign(**{name: np.where(np.isnan(found), rows[name], found) for name, found in figures.items()})


def _share_remaining(vendors: pd.DataFrame) -> pd.DataFrame:
    """Return what a vendor list says of the vendors outside, by stage and class; what it leaves open is many small ones."""
    part = vendors["share"].fillna(vendors["chosen"]).fillna(0.0)
    place = [vendors["stage_id"], vendors["class_id"]]
    abroad = part.where(~vendors["country"].map(is_home), 0.0)
    whole = abroad.groupby(place).sum() + (1.0 - part.groupby(place).sum()).clip(lower=0.0)
    rows = vendors[abroad > 0.0].groupby(["stage_id", "class_id"])
    count, places = (rows[name].nunique().astype(float) for name in ("vendor", "country"))
    hhi = (abroad**2).groupby(place).sum().reindex(count.index) / whole.reindex(count.index) ** 2
    return pd.DataFrame({"vendors_left": count, "vendors_sourced": count, "vendor_countries_left": places, "hhi_low": hhi})


def list_remaining(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how many vendors of each technique class are left outside the country that issues the counted controls.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``suppliers``.

    Returns
    -------
    pandas.DataFrame
        Columns ``class_id``, ``vendors_left`` (names on file: makers, designers and operators), ``vendors_sourced`` (those of them
        that a source names), ``vendor_countries_left``, ``hhi_low`` (equal shares, for none is known: the least that so many
        vendors allow); one row a class that has a vendor left.
    """
    rows = [row for row in layers["suppliers"].to_dict("records") if not is_home(row["country"])]
    names = pd.DataFrame(
        [(row["class_id"], name, row["evidence"] != GENERAL_KNOWLEDGE) for row in rows for name in split_names(row["supplier"])],
        columns=["class_id", "name", "is_sourced"],
    ).groupby(["class_id", "name"], as_index=False)["is_sourced"].max()
    places = pd.DataFrame(
        [(row["class_id"], country) for row in rows for country in split_countries(row["country"])], columns=["class_id", "country"]
    )
    groups = names.groupby("class_id")
    return pd.DataFrame(
        {
            "vendors_left": groups["name"].size(),
            "vendors_sourced": groups["is_sourced"].sum(),
            "vendor_countries_left": places.groupby("class_id")["country"].nunique(),
            "hhi_low": groups["name"].agg(lambda name: measure_concentration(np.ones(len(name)))),
        }
    ).rename_axis("class_id").reset_index()


def is_home(country: str) -> bool:
    """Return whether a country, as code or name, is the one whose controls enter the figures."""
    return country.strip().casefold() in HOME


def split_names(cell: str) -> list[str]:
    """Return the names of a cell that groups several vendors; what stands in brackets is a remark."""
    return [name.strip() for name in BETWEEN_NAMES.split(IN_BRACKETS.sub("", cell)) if name.strip()]


def split_countries(cell: str) -> list[str]:
    """Return the countries of a cell that groups several."""
    return [name.strip() for name in cell.split("/") if name.strip()]
