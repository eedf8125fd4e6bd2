"""Everything about one alternative in one case, as plain values that print and serialise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from geokit.core.case import Case
from geokit.core.columns import split_ids
from geokit.core.errors import UnknownNameError

if TYPE_CHECKING:
    from geokit.study.study import Study


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
        Keys ``alternative``, ``case``, ``ranking``, ``cells``, ``feeds``, ``hauls``, ``dependency``, ``exposure``, ``economics``,
        ``gates``, ``sources``; blanks are None.

    Raises
    ------
    UnknownNameError
        If the study has no such alternative.
    """
    table = study.alternatives
    if alternative not in set(table["alternative"]):
        raise UnknownNameError("alternative", alternative, list(table["alternative"]))
    what = table[table["alternative"] == alternative].iloc[0]
    rows = study.rankings[(study.rankings["case_id"] == case.case_id) & (study.rankings["alternative"] == alternative)]
    depends = study.dependency[(study.dependency["case_id"] == case.case_id) & (study.dependency["alternative"] == alternative)]
    profile = depends["profile"].iloc[0] if len(depends) else ""
    exposure = study.exposure
    blocks = exposure[(exposure["case_id"] == case.case_id) & (exposure["stage_id"] == what["stage_id"]) & (exposure["profile"] == profile)]
    hauls = study.hauls
    port = study.layers["partners"].set_index("partner_id")["default_port_id"].get(case.partner, "")
    out = (hauls["origin_id"] == what["place_id"]) & (hauls["product_id"] == what["product_id"]) & (hauls["destination_id"] == port)
    money = study.economics[(study.economics["alternative"] == alternative) & (study.economics["partner"] == case.partner)]
    feeds = study.feeds[(study.feeds["stage_id"] == what["stage_id"]) & (study.feeds["place_id"] == what["place_id"])]
    fed = (hauls["kind"] == "feed") & (hauls["destination_id"] == what["place_id"]) & hauls["origin_id"].isin(feeds["deposit_id"])
    legs = hauls[out | fed]
    barriers = study.gates[(study.gates["alternative"] == alternative) & (study.gates["partner"] == case.partner)]
    cells = study.matrix.cells_of(dict(what), case, profile).merge(_weights(study, case), on="criterion_id", how="left")
    used = {one for frame in (cells, money, barriers) if "source_ids" in frame for cell in frame["source_ids"] for one in split_ids(cell)}
    sources = study.layers["sources"]
    return {
        "alternative": alternative,
        "label": what["label"],
        "case": case.case_id,
        "ranking": _records(rows),
        "cells": _records(cells),
        "feeds": _records(feeds),
        "hauls": _records(legs),
        "dependency": _records(depends),
        "exposure": _records(blocks),
        "economics": _records(money),
        "gates": _records(barriers),
        "sources": _records(sources[sources["source_id"].isin(used)][["source_id", "title", "url", "date", "confidence"]]),
    }


def _weights(study: Study, case: Case) -> pd.DataFrame:
    """Return the weights of a case as a frame."""
    weights = study.weights[case.partner]
    return pd.DataFrame({"criterion_id": list(weights), "weight": [weights[name] for name in weights]})


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Turn a frame into plain records, blanks as None."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: object) -> object:
    """Turn NaN and numpy scalars into what JSON knows."""
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.item() if hasattr(value, "item") else value
