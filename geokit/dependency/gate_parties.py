"""Gates that look for the parties behind a plant or its buyer on the lists (model rules M8, M11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geokit.core.columns import join_ids, split_ids
from geokit.dependency.force import Asked, Force, read_clause
from geokit.dependency.outlets import list_sold, outlets
from geokit.dependency.parties import find_listed, name_roles
from geokit.dependency.verdicts import FAIL, UNKNOWN, Gate, Rule, tell

DENIES = "denial"
"""Effect of a list whose parties are refused."""
BEHIND_PLANT = ("developer", "host", "miner")
"""Roles of those behind a plant in the country."""
CLEARS_NOBODY = "a name search clears nobody"


@dataclass(frozen=True)
class Finding:
    """What the lists say of one party.

    Attributes
    ----------
    result : str
        ``fail`` or ``unknown``, never ``pass``.
    is_hit : bool
        Whether a list names the party or may reach it.
    words : str
        The same in words.
    rule : str
        State of the rule on affiliates that it turns on; blank = none.
    """

    result: str
    is_hit: bool
    words: str
    rule: str = ""


def find_parties(asked: Asked, day: str) -> dict[str, list[Finding]]:
    """Return what the lists say of every party on a day.

    Parameters
    ----------
    asked : Asked
        The layers ``parties``, ``listed_parties``, ``party_lists``, ``party_owners``, ``status_events``; date of knowledge.
    day : str
        The day, ISO.

    Returns
    -------
    dict of str to list of Finding
        By ``party_id``, never empty. A party fails if a list that denies names it, or if a rule in force reaches it through its
        owners; no hit on the copies that were searched is unknown, and so is a party that nobody searched.
    """
    parties = asked.layers["parties"].to_dict("records")
    names = {row["party_id"]: row["name"] for row in parties}
    lists = {row["list_id"]: row for row in _read_lists(asked)}
    clauses = {row["ownership_clause_id"] for row in lists.values()} - {""}
    force = {clause: read_clause(clause, day, asked) for clause in sorted(clauses)}
    hits: dict[str, list[Finding]] = {}
    for row in find_listed(asked.layers, dt.date.fromisoformat(day), asked.known_on).to_dict("records"):
        about = lists[row["list_id"]]
        told = _own_hit(names, row, about, force=force) if row["is_owned"] else _name_hit(names, row, about)
        hits.setdefault(row["party_id"], []).append(told)
    return {row["party_id"]: hits.get(row["party_id"]) or [_no_hit(row, lists)] for row in parties}


def _name_hit(names: Mapping[str, str], row: Gate, about: Gate) -> Finding:
    """Return the finding on a party that a list names."""
    fails = bool(row["is_sure"]) and about["effect"] == DENIES
    doubt = "" if row["is_sure"] else ", from a day not known"
    effect = "" if fails else f" ({str(about['effect']).replace('_', ' ')})"
    return Finding(FAIL if fails else UNKNOWN, is_hit=True, words=f"{names[row['party_id']]} is on the {about['label']}{effect}{doubt}")


def _own_hit(names: Mapping[str, str], row: Gate, about: Gate, *, force: Mapping[str, Force]) -> Finding:
    """Return the finding on a party whose owners are listed."""
    rule = force[str(about["ownership_clause_id"])]
    owners = " through ".join(names[one] for one in reversed(str(row["via"]).split("|")))
    limit = f"{about['ownership_frac']:.0%}"
    share = f"{limit} or more of" if row["is_sure"] else f"perhaps {limit} or more of"
    fails = bool(row["is_sure"]) and rule.binds is True and about["effect"] == DENIES
    words = f"{owners} ({about['label']}) holds {share} {names[row['party_id']]}"
    return Finding(FAIL if fails else UNKNOWN, is_hit=True, words=words, rule=f"rule on affiliates {rule.words}")


def _no_hit(party: Gate, lists: Mapping[str, Gate]) -> Finding:
    """Return the finding on a party that no list on file names or reaches."""
    searched = [lists[one] for one in split_ids(party["searched_list_ids"]) if one in lists and lists[one]["read_on"]]
    if not searched:
        return Finding(UNKNOWN, is_hit=False, words=f"{party['name']} was looked up on no list")
    told, copied = " or ".join(one["label"] for one in searched), min(one["read_on"] for one in searched)
    return Finding(UNKNOWN, is_hit=False, words=f"no hit for {party['name']} on the {told}, copy of {copied}")


def _merge(findings: list[Finding]) -> Finding:
    """Return some findings as one: a fail before the rest."""
    ordered = sorted(findings, key=lambda one: one.result != FAIL)
    words = dict.fromkeys([one.words for one in ordered] + [one.rule for one in ordered if one.rule])
    return Finding(ordered[0].result, is_hit=any(one.is_hit for one in ordered), words="; ".join(words))


def _listed_parties(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Look for developer, host and holder of the deposit on the lists; a site without a named party is unknown."""
    roles = asked.layers["party_roles"]
    places = pd.concat([name_roles(roles, "site_ids"), name_roles(roles, "deposit_ids")])
    places = places[places["role"].isin(BEHIND_PLANT)].drop_duplicates(["party_id", "place_id"])
    findings, lists = find_parties(asked, asked.days[gate["binds_at"]]), _read_lists(asked)
    unread, sources = _say_unread(lists), [row["source_id"] for row in lists]
    behind: dict[str, list[Gate]] = {}
    for row in places.to_dict("records"):
        behind.setdefault(row["place_id"], []).append(row)
    told = {place: _say(rows, findings, unread=unread, sources=sources) for place, rows in behind.items()}
    nobody = (UNKNOWN, f"no party behind the place is named; {unread}", gate["source_id"])
    found = [told.get(site, nobody) for site in asked.plants["site_id"]]
    named = pd.DataFrame(found, columns=["result", "reason", "source_ids"], index=asked.plants.index)
    return asked.plants[["alternative"]].join(named)


def _say(
    rows: Sequence[Gate], findings: Mapping[str, list[Finding]], *, unread: str, sources: Sequence[str]
) -> tuple[str, str, str]:
    """Return verdict, words and sources for the parties of one place: hits if there are any, else what was searched."""
    own = [one for row in rows for one in findings[row["party_id"]]]
    hits = [one for one in own if one.is_hit]
    merged = _merge(hits or own)
    tail = "" if merged.result == FAIL else f"; {unread}"
    return merged.result, merged.words + tail, join_ids([*(row["source_id"] for row in rows), *sources])


def _read_lists(asked: Asked) -> list[Gate]:
    """Return the lists; a copy that was read after the date of knowledge was not read yet."""
    rows, known = asked.layers["party_lists"].to_dict("records"), asked.known_on.isoformat()
    return [{**row, "read_on": row["read_on"] if row["read_on"] <= known else ""} for row in rows]


def _say_unread(lists: Sequence[Gate]) -> str:
    """Return which lists nobody read."""
    return "; ".join([*(f"{row['label']} not read" for row in lists if not row["read_on"]), CLEARS_NOBODY])


def _listed_buyers(asked: Asked, gate: Gate) -> pd.DataFrame:
    """Look for the operators of the plants that take the product: it fails only if a list denies every one of them."""
    findings = find_parties(asked, asked.days[gate["binds_at"]])
    run = name_roles(asked.layers["party_roles"], "destination_ids").query("role == 'operator'")
    known = outlets(asked.layers)[["partner", "product_id", "destination_ids"]]
    known = known.assign(place_id=known["destination_ids"].map(split_ids)).explode("place_id").dropna(subset="place_id")
    sold = list_sold(asked.plants).merge(known, on="product_id").merge(run, on="place_id")
    buyers: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
    named = sold[["partner", "product_id", "place_id", "party_id", "source_id"]].drop_duplicates()
    for partner, product, *buyer, source in named.itertuples(index=False, name=None):
        buyers.setdefault((partner, product), {})[buyer[0], buyer[1]] = source
    verdicts = {key: _say_buyers(rows, findings) for key, rows in buyers.items()}
    sold = sold.drop_duplicates(["alternative", "partner"])
    told = [verdicts[key] for key in zip(sold["partner"], sold["product_id"], strict=True)]
    words = pd.DataFrame(told, columns=["result", "reason", "source_ids"], index=sold.index)
    return tell(sold, words["result"], words["reason"], sources=words["source_ids"] + ";" + gate["source_id"])


def _say_buyers(buyers: Mapping[tuple[str, str], str], findings: Mapping[str, list[Finding]]) -> tuple[str, str, str]:
    """Return verdict, words and sources for the plants that take one product, from the source of each plant and operator."""
    own = {party: _merge(findings[party]) for _, party in buyers}
    plants = {place for place, _ in buyers}
    failed = {place for place, party in buyers if own[party].result == FAIL}
    hits = [one.words for one in own.values() if one.is_hit]
    words = "; ".join(hits) if hits else f"no listing on file for the {len(plants)} plants that take it; {CLEARS_NOBODY}"
    return FAIL if failed == plants else UNKNOWN, words, join_ids(buyers.values())


RULES: Mapping[str, Rule] = {"listed_parties": _listed_parties, "listed_buyers": _listed_buyers}
"""Rules that look for parties on lists."""
