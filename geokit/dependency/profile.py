"""The end-user profile of an alternative for a partner: whose plant it is decides more than what it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from geokit.core.codes import Kind
from geokit.core.errors import UnknownNameError

HARSHEST_FIRST = ("D", "C", "B", "A")
"""Profiles by how hard a Chinese licence is to get: military-linked, tied to the United States or Japan, neutral, Chinese."""
BUYS_NOTHING = (Kind.EXPORT, Kind.TOLL)
"""Kinds of alternative that buy no plant."""


def profile_alternatives(
    layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, partners: Iterable[str]
) -> pd.DataFrame:
    """Return the end-user profile of every alternative for every partner.

    The plant is the partner's firm's on the land of a host, so the harsher of the two profiles holds: a Chinese host does not lower
    the exposure of a plant that is tied to the United States or Japan, and with a neutral partner the plant is neutral. A Chinese host
    may ease licences in practice; no source says how far, so it is a question beside the figures
    (:func:`geokit.dependency.words.ask_host`), never a figure. An unnamed host leaves the profile of the partner. Exporting and
    tolling buy no plant and have none.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``partner_profiles``.
    alternatives : pandas.DataFrame
        Columns ``alternative``, ``kind``, ``developer_profile``.
    partners : iterable of str
        Partners of the cases.

    Returns
    -------
    pandas.DataFrame
        Columns ``alternative``, ``partner``, ``profile``.

    Raises
    ------
    UnknownNameError
        If a partner has no profile.
    """
    known = layers["partner_profiles"].set_index("partner_id")["profile"]
    asked = pd.DataFrame({"partner": list(dict.fromkeys(partners))})
    for partner in sorted(set(asked["partner"]) - set(known.index)):
        kind = "partner profile"
        raise UnknownNameError(kind, partner, list(known.index))
    pairs = alternatives[["alternative", "kind", "developer_profile"]].merge(asked, how="cross")
    both = zip(pairs["developer_profile"], pairs["partner"].map(known), strict=True)
    profile = pd.Series([_harsher(*pair) for pair in both], index=pairs.index, dtype=object)
    return pairs.assign(profile=profile.mask(pairs["kind"].isin(BUYS_NOTHING), ""))[["alternative", "partner", "profile"]]


def _harsher(*profiles: str) -> str:
    """Return the harshest of some profiles; blank ones say nothing."""
    return min((one for one in profiles if one), key=HARSHEST_FIRST.index)
