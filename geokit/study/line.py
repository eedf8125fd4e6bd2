"""The line of a plant as a tree: operation, block, controlled item, clause, state on the day it binds (model rules M8-M10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from geokit.core.columns import split_ids
from geokit.dependency.scope import ELSEWHERE
from geokit.study.records import list_records

if TYPE_CHECKING:
    from geokit.core.case import Case
    from geokit.study.study import Study

OPERATION = ["order", "name", "block_id", "technique", "reagents", "substitute"]
EVERYWHERE = "all destinations"
"""Destinations of a clause that binds a plant in any country."""
CLAUSE = [
    "clause_id", "instrument", "ref", "effect", "reach", "link", "condition", "counts", "scope", "scope_note", "state", "leaves_on",
    "fills", "fills_bound", "today_by_text", "today_as_practised", "url", "source_id",
]
ITEM = ["item_id", "code", "item", "kind", "issuer", "label"]


def trace_line(
    study: Study, stage_id: str, case: Case, *, exposure: pd.DataFrame, plan: pd.DataFrame, is_abroad: bool = False
) -> list[dict[str, Any]]:
    """Return the operations of a stage, each with its block, the controlled items in it and the clauses that name them.

    Parameters
    ----------
    study : Study
        The finished study.
    stage_id : str
        A stage of the layers.
    case : Case
        One of the study's cases.
    exposure, plan : pandas.DataFrame
        The rows of the study's ``exposure`` and ``procurement`` of this stage and case, one row a block.
    is_abroad : bool
        Whether the plant stands in another country than the host: only clauses for all destinations are then told, and none of
        a supplier country, whose rules for that country nobody read.

    Returns
    -------
    list of dict
        In the order of the line: ``order``, ``name``, ``block_id``, ``technique`` (what the block is), ``reagents``, ``substitute``,
        ``block`` and ``plan`` (rows of the two tables; None after the first operation of a block, and where there is none) and
        ``items``: each with its code, kind, issuer and ``clauses``, each with its state on the day on which the item leaves,
        on how many of how many fills it binds, its state today on both readings of the law, and its source. Clauses of countries
        that none of the user's vendors is of are left out.
    """
    operations = study.layers["operations"]
    operations = operations[operations["stage_id"] == stage_id].sort_values("order")
    names = study.layers["classes"].set_index("class_id")["name"]
    operations = operations.assign(technique=operations["block_id"].map(names), order=operations["order"].astype(int))
    first = ~operations.duplicated("block_id")
    ties = _describe_ties(study, stage_id, case)
    ties = ties[(ties["destination_scope"] == EVERYWHERE) & (ties["reach"] == "")] if is_abroad else ties
    return [
        row
        | {
            "block": _find(exposure, row["block_id"]) if is_first else None,
            "plan": _find(plan, row["block_id"]) if is_first else None,
            "items": _nest(ties[ties["block_id"] == row["block_id"]]) if is_first else [],
        }
        for row, is_first in zip(list_records(operations[OPERATION]), first, strict=True)
    ]


def _describe_ties(study: Study, stage_id: str, case: Case) -> pd.DataFrame:
    """Return the ties of a stage on the track of a case, with the words of their items, clauses and instruments."""
    layers = study.layers
    ties = study.ties[(study.ties["stage_id"] == stage_id) & (study.ties["track"] == case.track.value) & (study.ties["scope"] != ELSEWHERE)]
    now = study.states.rename(columns={"state_as_law_stands": "today_by_text", "state_as_practised": "today_as_practised"})
    now = now[["clause_id", "instrument_id", "ref", "destination_scope", "today_by_text", "today_as_practised"]]
    now = now.merge(layers["clauses"][["clause_id", "reach"]], on="clause_id")
    items = layers["items"][["item_id", "name"]].rename(columns={"name": "item"})
    issuers = layers["issuers"][["issuer", "label", "print_order"]]
    told = ties.merge(items, on="item_id").merge(now, on="clause_id").merge(issuers, on="issuer")
    told = told.merge(layers["instruments"][["instrument_id", "url"]], on="instrument_id").rename(columns={"day": "leaves_on"})
    return told.sort_values(["print_order", "counts", "item_id", "clause_id", "link"], ascending=[True, False, True, True, True])


def _nest(ties: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the items of a block, each with its clauses."""
    return [
        {str(name): value for name, value in zip(ITEM, key, strict=True)} | {"clauses": list_records(rows[CLAUSE])}
        for key, rows in ties.groupby(ITEM, sort=False)
    ]


def _find(rows: pd.DataFrame, block_id: str) -> dict[str, Any] | None:
    """Return the row of a block, None where there is none."""
    found = list_records(rows[rows["block_id"] == block_id]) if len(rows) else []
    return found[0] if found else None


def list_line_sources(line: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the sources that the clauses of a line name."""
    return {name for step in line for item in step["items"] for clause in item["clauses"] for name in split_ids(clause["source_id"])}
