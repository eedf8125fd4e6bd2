"""Everything about one alternative in one case, as plain values that print and serialise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Kind
from geokit.core.columns import split_ids
from geokit.core.errors import UnknownNameError
from geokit.dependency import join_margins, say_regime
from geokit.economics import sum_years
from geokit.study.line import list_line_sources, trace_line
from geokit.study.records import list_records
from geokit.study.warn import list_plant_warnings, tell_law_age

if TYPE_CHECKING:
    from geokit.study.study import Study

BUILT = (Kind.PLANT, Kind.ABROAD)
"""Kinds of alternative that buy equipment."""
SOURCE = ["source_id", "title", "url", "date", "confidence"]


def explain(study: Study, alternative: str, case: Case) -> dict[str, Any]:
    """Return the standing of an alternative and every cell, leg, block, gate and source under it.

    Parameters
    ----------
    study : Study
        The finished study.
    alternative : str
        ``site:stage``.
    case : Case
        One of the study's cases.

    Returns
    -------
    dict
        Keys ``alternative``, ``label``, ``partner``, ``case``, ``line`` (as :func:`geokit.study.line.trace_line` returns; none where
        no plant is built), ``law_age`` (sentences on how old what is known of its clauses is), ``warnings`` (what must be known
        first of this plant), and rows
        of ``ranking``, ``cells``, ``feeds``, ``balance``, ``merit``, ``feed_years``,
        ``feed_gaps``, ``hauls``, ``inbound``, ``dependency``, ``exposure``, ``procurement``, ``frontier``, ``outages``,
        ``economics``, ``value_states``, ``cash_flows``, ``gates``, ``sources``; blanks are None.

    Raises
    ------
    UnknownNameError
        If the study has no such alternative.
    """
    table = study.alternatives
    if alternative not in set(table["alternative"]):
        raise UnknownNameError("alternative", alternative, list(table["alternative"]))
    what = table[table["alternative"] == alternative].iloc[0]
    depends = _pick(study.dependency, case_id=case.case_id, alternative=alternative)
    profile = depends["profile"].iloc[0] if len(depends) else ""
    block = {"case_id": case.case_id, "stage_id": what["stage_id"], "profile": profile}
    exposure, plan, frontier, outages = (
        _pick(frame, **block) for frame in (study.exposure, study.procurement, study.frontier, study.outages)
    )
    abroad = what["kind"] == Kind.ABROAD
    line = trace_line(study, what["stage_id"], case, exposure=exposure, plan=plan, is_abroad=abroad) if what["kind"] in BUILT else []
    feeds = _pick(study.feeds, stage_id=what["stage_id"], place_id=what["place_id"])
    money, barriers = (_pick(frame, alternative=alternative, partner=case.partner) for frame in (study.economics, study.gates))
    margin = money["margin_usd_per_t"].iloc[0] if len(money) else float("nan")
    outages = join_margins(outages, pd.Series(margin, index=outages.index, dtype=float))
    plants = [one for cell in money["outlet_ids"] for one in split_ids(cell)]
    cells = study.matrix.cells_of(dict(what), case, profile).merge(_weights(study, case), on="criterion_id", how="left")
    cells = cells.merge(study.criteria[["criterion_id", "label", "unit"]], on="criterion_id", how="left")
    balance = _pick_balance(study, what["stage_id"], feeds)
    balance = balance if what["kind"] in BUILT else balance.head(0)
    at = {"place_id": what["place_id"], "stage_id": what["stage_id"]}
    tables = {
        "ranking": _pick(study.rankings, case_id=case.case_id, alternative=alternative),
        "cells": cells,
        "feeds": feeds,
        "balance": balance,
        "merit": _pick(study.merit, **at),
        "feed_years": sum_years(study.feed_years, feeds),
        "feed_gaps": _pick(study.feed_gaps, stage_id=what["stage_id"]),
        "hauls": _find_hauls(study, what, feeds, plants=plants, partner=case.partner),
        "inbound": _pick(study.inbound, **at),
        "dependency": depends,
        "exposure": exposure,
        "procurement": plan,
        "frontier": frontier,
        "outages": outages,
        "economics": money,
        "value_states": _pick(study.value_states, alternative=alternative, partner=case.partner),
        "cash_flows": _pick(study.cash_flows, alternative=alternative, partner=case.partner),
        "gates": barriers,
    }
    used = {one for frame in tables.values() if "source_ids" in frame for cell in frame["source_ids"] for one in split_ids(cell)}
    sources = study.layers["sources"]
    sources = sources[sources["source_id"].isin(used | list_line_sources(line))]
    partner = study.layers["partners"].set_index("partner_id")["in_sentence"][case.partner]
    about = {"alternative": alternative, "label": what["label"], "partner": partner, "case": case.case_id, "line": line}
    clauses = _list_clauses(study, line=line, barriers=barriers)
    about["law_age"] = tell_law_age(study.layers, study.states, clauses, on=case.on, known_on=case.known_on)
    regime = say_regime(study.assumptions.controls, study.layers["regimes"], known_on=case.known_on)
    about["warnings"] = list_plant_warnings(
        study.layers, study.states, tables["hauls"], clauses=clauses, on=case.on, known_on=case.known_on, regime=regime
    )
    return about | {name: list_records(frame) for name, frame in tables.items()} | {"sources": list_records(sources[SOURCE])}


def _list_clauses(study: Study, *, line: Sequence[Mapping[str, Any]], barriers: pd.DataFrame) -> set[str]:
    """Return the clauses on the line of an alternative and those on which its gates rest."""
    gates = study.layers["gates"]
    resting = gates.loc[gates["gate_id"].isin(barriers["gate_id"]) & (gates["clause_id"] != ""), "clause_id"]
    return {clause["clause_id"] for step in line for item in step["items"] for clause in item["clauses"]} | set(resting)


def _pick(frame: pd.DataFrame, **keys: str) -> pd.DataFrame:
    """Return the rows of a frame that carry some keys."""
    return frame[(frame[list(keys)] == pd.Series(keys)).all(axis=1)]


def _pick_balance(study: Study, stage_id: str, feeds: pd.DataFrame) -> pd.DataFrame:
    """Return the metal balance of a stage, of ore only for the deposits in reach."""
    rows = _pick(study.balance, stage_id=stage_id)
    return rows[rows["deposit_id"].isin(["", *feeds.loc[feeds["reachable"] == "yes", "deposit_id"]])]


def _find_hauls(study: Study, what: pd.Series, feeds: pd.DataFrame, *, plants: Sequence[str], partner: str) -> pd.DataFrame:
    """Return the hauls of an alternative: its product to the port of the partner and named plants, and its feed to the plant."""
    hauls = study.hauls
    port = study.layers["partners"].set_index("partner_id")["default_port_id"].get(partner, "")
    ours = (hauls["origin_id"] == what["place_id"]) & (hauls["product_id"] == what["product_id"])
    out = ours & hauls["destination_id"].isin([port, *plants])
    fed = (hauls["kind"] == "feed") & (hauls["destination_id"] == what["place_id"]) & hauls["origin_id"].isin(feeds["deposit_id"])
    found: pd.DataFrame = hauls[out | fed]
    return found


def _weights(study: Study, case: Case) -> pd.DataFrame:
    """Return the weights of a case as a frame."""
    weights = study.weights[case.partner]
    return pd.DataFrame({"criterion_id": list(weights), "weight": [weights[name] for name in weights]})
