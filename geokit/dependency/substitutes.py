"""What a substitute from elsewhere is worth when its own country must license it (model rule M8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geokit.core.assumptions import Controls
from geokit.core.codes import State
from geokit.core.columns import split_ids
from geokit.dependency.clauses import BINDING
from geokit.dependency.flowsheet import COUNTED_EFFECTS
from geokit.dependency.market import is_home, split_countries
from geokit.dependency.scope import OUTSIDE

PLACE = ["stage_id", "block_id"]
READ = ("researched", "host")
"""States of research in which silence means that nothing was found; a vendor of the host's own needs no export licence."""
FREE, OPEN, NEEDED = "free", "open", "needed"
RANK = (FREE, OPEN, NEEDED)
"""Whether a licence of the supplier's own is needed, the kindest first; ``open`` = not researched, or only on a condition."""


@dataclass(frozen=True)
class _Issuers:
    """The issuers by the country of a vendor, with their labels and those whose rules were read."""

    of: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    read: frozenset[str]

    @classmethod
    def list(cls, table: pd.DataFrame) -> _Issuers:
        """Gather the layer of issuers, in the order of print."""
        found: dict[str, tuple[str, ...]] = {}
        rows = table.sort_values("print_order").to_dict("records")
        for row in rows:
            for country in split_ids(row.get("countries", "")):
                found[country] = (*found.get(country, ()), row["issuer"])
        read = frozenset(row["issuer"] for row in rows if row["research_status"] in READ)
        return cls(found, {row["issuer"]: row["label"] for row in rows}, read)


def limit_substitutes(
    blocks: pd.DataFrame, ties: pd.DataFrame, layers: Mapping[str, pd.DataFrame], *, controls: Controls
) -> pd.DataFrame:
    r"""Return the blocks with what is left of their substitutability when the substitute's own country may refuse its licence.

    .. math:: \sigma_g' = \sigma_g (1 - r_g)

    Parameters
    ----------
    blocks : pandas.DataFrame
        As :func:`geokit.dependency.flowsheet.list_blocks` returns; ``sigma`` rates technique only.
    ties : pandas.DataFrame
        As :func:`geokit.dependency.flowsheet.touch_blocks` or :func:`geokit.dependency.binding.date_ties` returns; with a column
        ``state`` only clauses that bind, or may, count.
    layers : mapping of str to pandas.DataFrame
        Needs ``operations``, ``suppliers`` and ``issuers``.
    controls : Controls
        The chance of a refusal; no source gives one, so none given means anything from 0 to 1.

    Returns
    -------
    pandas.DataFrame
        The blocks with ``sigma_low``, ``sigma`` and ``sigma_high`` (0-1, in this order) and ``supplier_note``.

    Notes
    -----
    :math:`r_g` applies only where every country of a vendor outside has a rule that counts for the items of the block, its own or
    that of a union it belongs to; one country without such a rule leaves a way open, and the note names it. Where a country was not
    researched, or lists the item only on a condition, nobody knows: that moves ``sigma_low`` alone. One refusal is taken to close all
    vendors, for nothing is known of each.
    """
    asked = controls.supplier_refused
    least, mode, most = (0.0, 0.0, 1.0) if asked is None else (asked.low, asked.mode, asked.high)
    found = judge_suppliers(blocks, ties, layers)
    needed, possible = found["licence"] == NEEDED, found["licence"] != FREE
    sigma = blocks["sigma"]
    return blocks.assign(
        sigma_low=sigma * (1.0 - most * possible.to_numpy()),
        sigma=sigma * (1.0 - mode * needed.to_numpy()),
        sigma_high=sigma * (1.0 - least * needed.to_numpy()),
        supplier_note=found["supplier_note"].to_numpy(),
    )


def judge_suppliers(blocks: pd.DataFrame, ties: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return whether the vendors of each block outside the issuer's country need a licence of their own.

    Parameters
    ----------
    blocks, ties : pandas.DataFrame
        As for :func:`limit_substitutes`.
    layers : mapping of str to pandas.DataFrame
        As for :func:`limit_substitutes`.

    Returns
    -------
    pandas.DataFrame
        Columns ``licence`` (free, open, needed) and ``supplier_note``; one row a block, in their order. Of several classes in a
        block the one that is hardest to have counts.
    """
    issuers = _Issuers.list(layers["issuers"])
    countries = _list_countries(layers["suppliers"])
    classes = layers["operations"].groupby(PLACE)["class_id"].unique().to_dict()
    tied, conditional = (_list_codes(rows) for rows in _split_ties(ties))
    told = []
    for place in blocks[PLACE].itertuples(index=False, name=None):
        own = {"tied": tied.get(place, {}), "conditional": conditional.get(place, {})}
        told.append(max((_judge_class(countries.get(name, ()), issuers, **own) for name in classes[place]), key=_rank))
    return pd.DataFrame(told, columns=["licence", "supplier_note"])


def _rank(told: tuple[str, str]) -> int:
    """Return how hard a block's substitute is to have."""
    return RANK.index(told[0])


def _list_countries(suppliers: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the countries of the vendors of each class outside the country whose controls enter the figures."""
    found: dict[str, tuple[str, ...]] = {}
    for name, cell in suppliers[["class_id", "country"]].itertuples(index=False, name=None):
        new = [one for one in split_countries(cell) if not is_home(one)]
        found[name] = tuple(dict.fromkeys([*found.get(name, ()), *new]))
    return found


def _split_ties(ties: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ties that count and those that bind only on a condition."""
    live = ties[ties["state"].isin([*BINDING, State.UNRESOLVED])] if "state" in ties else ties
    is_conditional = (live["link"] == "conditional") & live["effect"].isin(COUNTED_EFFECTS)
    return live[live["counts"].astype(bool)], live[is_conditional & (live["scope"] != OUTSIDE)]


def _list_codes(ties: pd.DataFrame) -> dict[tuple[str, str], dict[str, list[str]]]:
    """Return the codes of the items of each block, by issuer."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    rows = ties[[*PLACE, "issuer", "code"]].drop_duplicates().itertuples(index=False, name=None)
    for stage, block, issuer, code in rows:
        found.setdefault((stage, block), {}).setdefault(issuer, []).append(code)
    return found


def _judge_class(
    countries: Sequence[str], issuers: _Issuers, *, tied: Mapping[str, Sequence[str]], conditional: Mapping[str, Sequence[str]]
) -> tuple[str, str]:
    """Return whether the vendors of a class need a licence of their own, and what each country's rules say."""
    if not countries:
        return OPEN, "no vendor outside is on file"
    verdicts = {one: _judge_country(issuers.of.get(one, ()), issuers.read, tied=tied, conditional=conditional) for one in countries}
    worst = min(verdicts.values(), key=RANK.index)
    return worst, _say(verdicts, issuers, tied=tied, conditional=conditional)


def _judge_country(own: Sequence[str], read: frozenset[str], *, tied: Mapping[str, Any], conditional: Mapping[str, Any]) -> str:
    """Return whether a vendor of a country needs a licence of its own."""
    if any(issuer in tied for issuer in own):
        return NEEDED
    return OPEN if read.isdisjoint(own) or any(issuer in conditional for issuer in own) else FREE


def _say(
    verdicts: Mapping[str, str], issuers: _Issuers, *, tied: Mapping[str, Sequence[str]], conditional: Mapping[str, Sequence[str]]
) -> str:
    """Return what the rules of each vendor country say, with the regimes that were searched."""
    parts = []
    for issuer, label in issuers.labels.items():
        bound = {verdict for country, verdict in verdicts.items() if issuer in issuers.of.get(country, ())}
        if NEEDED in bound and issuer in tied:
            parts.append(f"{label}: licence likely ({', '.join(tied[issuer])})")
        elif OPEN in bound and issuer in conditional and issuer in issuers.read:
            parts.append(f"{label}: only on a condition ({', '.join(conditional[issuer])})")
    return "; ".join([*parts, *_say_rest(verdicts, issuers)])


def _say_rest(verdicts: Mapping[str, str], issuers: _Issuers) -> list[str]:
    """Return what is said of countries whose rules ask nothing, and of those whose rules were not read."""
    unread = ", ".join(one for one in verdicts if issuers.read.isdisjoint(issuers.of.get(one, ())))
    free = _say_free([one for one, verdict in verdicts.items() if verdict == FREE], issuers)
    return [words for words in (free, unread and f"{unread}: not researched") if words]


def _say_free(free: Sequence[str], issuers: _Issuers) -> str:
    """Return the issuers whose rules were read and ask nothing of the vendors of some countries, those beside in brackets."""
    searched = [label for issuer, label in issuers.labels.items() if any(issuer in issuers.of[one] for one in free)]
    beside = ", ".join(one for one in free if one not in searched)
    return f"{', '.join(searched)}: none found{f' ({beside})' if beside else ''}" if free else ""
