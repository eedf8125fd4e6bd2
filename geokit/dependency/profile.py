"""The end-user profile of an alternative for a partner: whose plant it is decides more than what it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from geokit.core.codes import Kind
from geokit.core.errors import UnknownNameError
from geokit.dependency.parties import name_roles

HARSHEST_FIRST = ("D", "C", "B", "A")
"""Profiles by how hard a Chinese licence is to get: military-linked, tied to the United States or Japan, neutral, Chinese."""
BUYS_NOTHING = (Kind.EXPORT, Kind.TOLL)
"""Kinds of alternative that buy no plant."""


def profile_alternatives(layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, partners: Iterable[str]) -> pd.DataFrame:
    """Return the end-user profile of every alternative for every partner.

    The plant is the partner's firm's on the land of a host, so the harsher of the two profiles holds: a Chinese host does not lower
    the exposure of a plant that is tied to the United States or Japan, and with a neutral partner the plant is neutral. Where the
    layers say that lenders take the output of a place (role ``offtaker``), their partners' profiles count as well. A Chinese host
    may ease licences in practice; no source says how far, so it is a question beside the figures
    (:func:`geokit.dependency.words.ask_host`), never a figure. An unnamed host leaves the profile of the partner. Exporting and
    tolling buy no plant and have none.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``partner_profiles``; ``parties`` and ``party_roles`` for the lenders to whom output is tied.
    alternatives : pandas.DataFrame
        Columns ``alternative``, ``kind``, ``site_id``, ``developer_profile``.
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
    pairs = alternatives[["alternative", "kind", "site_id", "developer_profile"]].merge(asked, how="cross")
    takers = _list_takers(layers, known)
    tied = [takers.get(site, "") for site in pairs["site_id"]]
    sides = zip(pairs["developer_profile"], pairs["partner"].map(known), tied, strict=True)
    profile = pd.Series([_harsher(*side) for side in sides], index=pairs.index, dtype=object)
    return pairs.assign(profile=profile.mask(pairs["kind"].isin(BUYS_NOTHING), ""))[["alternative", "partner", "profile"]]


def _list_takers(layers: Mapping[str, pd.DataFrame], known: pd.Series) -> dict[str, str]:
    """Return the harshest profile of the lenders to whom the output of each site or deposit is tied."""
    if "party_roles" not in layers:
        return {}
    roles = layers["party_roles"].query("role == 'offtaker'")
    brings = layers["parties"].set_index("party_id")["partner_id"].map(known).dropna()
    places = pd.concat([name_roles(roles, "site_ids"), name_roles(roles, "deposit_ids")])
    places = places.assign(profile=places["party_id"].map(brings)).dropna(subset="profile")
    return {str(place): _harsher(*rows["profile"]) for place, rows in places.groupby("place_id")}


def _harsher(*profiles: str) -> str:
    """Return the harshest of some profiles; blank ones say nothing."""
    return min((one for one in profiles if one), key=HARSHEST_FIRST.index)
