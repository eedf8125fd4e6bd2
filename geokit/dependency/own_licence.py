"""Which vendors need a licence of their own country, and what its rules say (model rule M8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geokit.core.codes import State
from geokit.core.columns import split_ids
from geokit.dependency.clauses import BINDING
from geokit.dependency.delay import DAYS_PER_MONTH, Spread
from geokit.dependency.flowsheet import COUNTED_EFFECTS, list_following
from geokit.dependency.market import is_home, split_countries
from geokit.dependency.scope import ELSEWHERE, OUTSIDE
from geokit.dependency.supply import Elsewhere

PLACE = ["stage_id", "block_id"]
READ = ("researched", "host")
"""States of research in which silence means that nothing was found; a vendor of the host's own needs no export licence."""
FREE, OPEN, NEEDED = "free", "open", "needed"
RANK = (FREE, OPEN, NEEDED)
"""Whether a licence of the supplier's own is needed, the kindest first; ``open`` = not researched, or only on a condition."""
DAYS = ["licence_days_low", "licence_days_mode", "licence_days_high"]
NAMED = ["own_needed", "own_open", "own_free", "own_months", "own_note"]


@dataclass(frozen=True)
class _Issuers:
    """The issuers by the country of a vendor, with their labels, those whose rules were read and how long a licence takes (months)."""

    of: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    read: frozenset[str]
    months: Mapping[str, Spread]

    def find(self, country: str) -> tuple[str, ...]:
        """Return the issuers whose rules bind the vendors of a country."""
        return self.of.get(country.strip().casefold(), ())

    @classmethod
    def list(cls, table: pd.DataFrame) -> _Issuers:
        """Gather the layer of issuers, in the order of print."""
        found: dict[str, tuple[str, ...]] = {}
        rows = table.sort_values("print_order").to_dict("records")
        for row in rows:
            for country in split_ids(row.get("countries", "")):
                name = country.casefold()
                found[name] = (*found.get(name, ()), row["issuer"])
        read = frozenset(row["issuer"] for row in rows if row["research_status"] in READ)
        days = table.reindex(columns=DAYS).astype(float).to_numpy() / DAYS_PER_MONTH
        months = {issuer: (low, mode, high) for issuer, (low, mode, high) in zip(table["issuer"], days.tolist(), strict=True)}
        return cls(found, {row["issuer"]: row["label"] for row in rows}, read, months)


def judge_named(blocks: pd.DataFrame, ties: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what the vendors that a user named outside the issuer's country need of their own countries.

    Parameters
    ----------
    blocks, ties : pandas.DataFrame
        As for :func:`geokit.dependency.substitutes.limit_substitutes`.
    layers : mapping of str to pandas.DataFrame
        As for :func:`geokit.dependency.substitutes.limit_substitutes`; ``operations`` may have the column ``elsewhere`` of
        :func:`geokit.dependency.supply.name_vendors`.

    Returns
    -------
    pandas.DataFrame
        ``own_needed``, ``own_open``, ``own_free``: parts of the supply, 0-1, that need a licence, may need one, need none;
        ``own_months``: spread of the time of each licence that is needed, NaN where none is on file; ``own_note``. One row a block,
        in their order; of several operations in a block the largest parts count.
    """
    issuers = _Issuers.list(layers["issuers"])
    tied, conditional = (_list_codes(rows) for rows in _split_ties(ties))
    named: dict[tuple[str, str], list[Elsewhere]] = {}
    for stage, block, cell in _list_named(layers["operations"]):
        named.setdefault((stage, block), []).append(cell)
    told = []
    for place in blocks[PLACE].itertuples(index=False, name=None):
        own = {"tied": tied.get(place, {}), "conditional": conditional.get(place, {})}
        told.append(_judge_order(named.get(place, []), issuers, **own))
    return pd.DataFrame(told, columns=NAMED)


def _list_named(operations: pd.DataFrame) -> list[tuple[str, str, Elsewhere]]:
    """Return the operations for which a vendor outside is named."""
    if "elsewhere" not in operations:
        return []
    rows = operations.loc[operations["elsewhere"].map(bool), [*PLACE, "elsewhere"]]
    return list(rows.itertuples(index=False, name=None))


def _judge_order(
    orders: Sequence[Elsewhere], issuers: _Issuers, *, tied: Mapping[str, Sequence[str]], conditional: Mapping[str, Sequence[str]]
) -> tuple[float, float, float, tuple[Spread, ...], str]:
    """Return the parts of one block by what its named vendors need, the times of their licences and the words."""
    countries = dict.fromkeys(country for order in orders for country, _ in order)
    verdicts = {one: _judge_country(issuers.find(one), issuers.read, tied=tied, conditional=conditional) for one in countries}
    needed, maybe, free = (
        max((min(sum(part for one, part in order if verdicts[one] == verdict), 1.0) for order in orders), default=0.0)
        for verdict in (NEEDED, OPEN, FREE)
    )
    asked = dict.fromkeys(issuer for one in countries for issuer in issuers.find(one) if issuer in tied)
    months = tuple(dict.fromkeys(issuers.months[issuer] for issuer in asked))
    return needed, maybe, free, months, _say(verdicts, issuers, tied=tied, conditional=conditional) if countries else ""


def judge_suppliers(blocks: pd.DataFrame, ties: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return whether the vendors of each block outside the issuer's country need a licence of their own.

    Parameters
    ----------
    blocks, ties : pandas.DataFrame
        As for :func:`geokit.dependency.substitutes.limit_substitutes`.
    layers : mapping of str to pandas.DataFrame
        As for :func:`geokit.dependency.substitutes.limit_substitutes`.

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


def judge_processes(blocks: pd.DataFrame, ties: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return whether the vendors of the other process of each block need a licence of their own: free, open or needed.

    Parameters
    ----------
    blocks, ties : pandas.DataFrame
        As for :func:`geokit.dependency.substitutes.limit_substitutes`.
    layers : mapping of str to pandas.DataFrame
        Needs ``classes`` and ``issuers``.

    Returns
    -------
    pandas.Series
        One a block, in their order; open where nobody is named.
    """
    issuers, (tied, conditional) = _Issuers.list(layers["issuers"]), (_list_codes(rows) for rows in _split_ties(ties))
    classes = layers["classes"]
    countries = {name: split_countries(cell) for name, cell in zip(classes["class_id"], classes["other_process_countries"], strict=True)}
    told = [
        _judge_class(countries.get(place[1], ()), issuers, tied=tied.get(place, {}), conditional=conditional.get(place, {}))[0]
        for place in blocks[PLACE].itertuples(index=False, name=None)
    ]
    return pd.Series(told, index=blocks.index, dtype=object)


def judge_carried(blocks: pd.DataFrame, ties: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return whether a rule that follows the goods of its country may reach each block whoever sells it, and how long a licence may take.

    Parameters
    ----------
    blocks, ties : pandas.DataFrame
        As for :func:`geokit.dependency.substitutes.limit_substitutes`.
    layers : mapping of str to pandas.DataFrame
        Needs ``clauses`` and ``issuers``.

    Returns
    -------
    pandas.DataFrame
        ``own_carried`` (bool) and ``own_longest`` (the longest time on file of a licence that some supplier country may ask for, months;
        NaN where no source gives one), one row a block, in their order. How much of such goods a vendor carries is on no file.
    """
    months = {issuer: high for issuer, (_, _, high) in _Issuers.list(layers["issuers"]).months.items()}
    counted, _ = _split_ties(ties)
    near = counted[counted["scope"] != ELSEWHERE]
    longest = near.assign(months=near["issuer"].map(months)).groupby(PLACE)["months"].max()
    following = near[near["clause_id"].isin(list_following(layers))] if "clause_id" in near else near.head(0)
    place = pd.MultiIndex.from_frame(blocks[PLACE])
    reached = place.isin(pd.MultiIndex.from_frame(following[PLACE]))
    return pd.DataFrame({"own_carried": reached, "own_longest": longest.reindex(place).to_numpy(dtype=float)})


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
    verdicts = {one: _judge_country(issuers.find(one), issuers.read, tied=tied, conditional=conditional) for one in countries}
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
        bound = {verdict for country, verdict in verdicts.items() if issuer in issuers.find(country)}
        if NEEDED in bound and issuer in tied:
            parts.append(f"{label}: licence required if in scope ({', '.join(tied[issuer])})")
        elif OPEN in bound and issuer in conditional and issuer in issuers.read:
            parts.append(f"{label}: only on a condition ({', '.join(conditional[issuer])})")
    return "; ".join([*parts, *_say_rest(verdicts, issuers)])


def _say_rest(verdicts: Mapping[str, str], issuers: _Issuers) -> list[str]:
    """Return what is said of countries whose rules ask nothing, and of those whose rules were not read."""
    unread = ", ".join(one for one in verdicts if issuers.read.isdisjoint(issuers.find(one)))
    free = _say_free([one for one, verdict in verdicts.items() if verdict == FREE], issuers)
    return [words for words in (free, unread and f"{unread}: not researched") if words]


def _say_free(free: Sequence[str], issuers: _Issuers) -> str:
    """Return the issuers whose rules were read and ask nothing of the vendors of some countries, those beside in brackets."""
    searched = [label for issuer, label in issuers.labels.items() if any(issuer in issuers.find(one) for one in free)]
    beside = ", ".join(one for one in free if one not in searched)
    return f"{', '.join(searched)}: none found{f' ({beside})' if beside else ''}" if free else ""
