"""Who is left to buy from: vendors of each technique outside the issuer's reach, and how few they are."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

HOME = frozenset({"cn", "prc", "china", "people's republic of china"})
"""Codes and names of the country whose controls enter the figures, in small letters."""
NOT_LOOKED_UP = "GK"
"""Evidence of a supplier that was named from general knowledge and looked up nowhere."""
IN_BRACKETS = re.compile(r"\([^)]*\)")
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
        [(row["class_id"], name, row["evidence"] != NOT_LOOKED_UP) for row in rows for name in split_names(row["supplier"])],
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
