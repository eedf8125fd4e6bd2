"""The end-user profile of an alternative for a partner: whose plant it is decides more than what it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from geokit.core.codes import Kind
from geokit.core.errors import UnknownNameError

OWN = ("A", "C", "D")
"""Profiles that a developer brings along; B takes that of the partner."""
BUYS_NOTHING = (Kind.EXPORT, Kind.TOLL)
"""Kinds of alternative that buy no plant."""


def profile_alternatives(
    layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, partners: Iterable[str]
) -> pd.DataFrame:
    """Return the end-user profile of every alternative for every partner.

    A developer's own profile goes first (military-linked, then Chinese: the site table already holds the stronger); a
    neutral or unnamed developer takes the profile of the partner. Exporting and tolling buy no plant and have none.

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
    own = pairs["developer_profile"]
    profile = own.where(own.isin(OWN), pairs["partner"].map(known)).mask(pairs["kind"].isin(BUYS_NOTHING), "")
    return pairs.assign(profile=profile)[["alternative", "partner", "profile"]]
