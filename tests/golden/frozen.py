"""The frozen study: six sites, two partners, both readings of the law."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from geokit.catalog import read_layers
from geokit.study.cases import build_cases
from geokit.study.evaluate import evaluate

SITES = ("port-qasim", "dhabeji-sez", "rohri-sukkur-junction", "hattar-sez", "bostan-sez", "gunga-mine-site")
PARTNERS = ("japan", "saudi")
ON = dt.date(2026, 11, 22)


def rank_frozen() -> pd.DataFrame:
    """Return case, rank, alternative, tier and status of every row that carries a rank."""
    layers = read_layers()
    support = layers["sites"].assign(role=layers["sites"]["role"].where(layers["sites"]["site_id"].isin(SITES), "support"))
    nowhere = layers["deposits"].assign(coord_accuracy_km=layers["deposits"]["coord_accuracy_km"] + 6.0)
    fewer = replace(layers, tables={**layers.tables, "sites": support, "deposits": nowhere})
    study = evaluate(layers=fewer, cases=build_cases(fewer, on=ON, partners=PARTNERS))
    ranked = study.rankings[study.rankings["rank"].notna()].sort_values(["case_id", "rank"])
    return ranked[["case_id", "rank", "alternative", "tier", "status"]].astype({"rank": int, "tier": int})
