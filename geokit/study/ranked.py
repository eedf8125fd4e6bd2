"""Turn the decision matrix of a study into rankings with their words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from geokit.core.codes import Status
from geokit.io.defaults import read_defaults
from geokit.scoring import rank
from geokit.study.sentences import say_headline, say_reason

if TYPE_CHECKING:
    from geokit.study.study import Study

DECIDING = 3
"""How many facts a headline names."""


def rank_cases(study: Study) -> Study:
    """Return the study with rankings, contributions, unknowns and headlines made anew from its matrix and weights.

    Parameters
    ----------
    study : Study
        Its matrix, weights and standing are read; nothing upstream is computed again.

    Returns
    -------
    Study
        A copy.
    """
    profiles = _profiles(study)
    ranking = rank(
        study.matrix,
        study.alternatives,
        study.cases,
        study.weights,
        profiles=profiles,
        statuses=study.standing,
        assumptions=study.assumptions,
    )
    beats = study.economics[["partner", "alternative", "beats_baseline"]]
    table = ranking.table.drop(columns="beats_baseline").merge(beats, on=["partner", "alternative"], how="left")
    table = table.fillna({"beats_baseline": ""})
    table["reason"] = _reasons(study, table, ranking.contributions)
    changed = dataclasses.replace(study, rankings=table[list(ranking.table.columns)], contributions=ranking.contributions, unknowns=ranking.unknowns)
    return dataclasses.replace(changed, headlines=_headlines(changed))


def _profiles(study: Study) -> Mapping[tuple[str, str], str]:
    """Return the end-user profile of each (alternative, partner)."""
    partner = {case.case_id: case.partner for case in study.cases}
    rows = study.dependency[["case_id", "alternative", "profile"]]
    keys = zip(rows["alternative"], rows["case_id"].map(partner), strict=True)
    return dict(zip(keys, rows["profile"], strict=True))


def _reasons(study: Study, table: pd.DataFrame, contributions: pd.DataFrame) -> list[str]:
    """Return the sentence of every row: the drivers of a ranked row, the status of any other."""
    phrases = read_defaults("phrases").set_index("criterion_id").to_dict("index")
    labels = study.layers["partners"].set_index("partner_id")["label"].to_dict()
    groups = {key: group for key, group in contributions.groupby(["case_id", "alternative"], sort=False)}
    told = []
    for row in table.to_dict("records"):
        cells = groups.get((row["case_id"], row["alternative"]))
        if cells is None or pd.isna(row["rank"]):
            told.append(row["status_reason"])
            continue
        words = say_reason({"rank": int(row["rank"]), "partner_label": labels[row["partner"]]}, cells, phrases)
        told.append(words if row["status"] == Status.RANKED or not row["status_reason"] else f"{words} Condition: {row['status_reason']}.")
    return told


def _headlines(study: Study) -> dict[str, str]:
    """Return the first line of every case."""
    labels = study.layers["partners"].set_index("partner_id")["label"].to_dict()
    kinds = study.alternatives.set_index("alternative")["kind"]
    phrases = read_defaults("phrases").set_index("criterion_id")["missing"].to_dict()
    rows = study.rankings.assign(kind=study.rankings["alternative"].map(kinds))
    lines = {}
    for case in study.cases:
        own = study.unknowns[study.unknowns["partner"].isin(["", case.partner])]
        deciding = ["the cost of conversion", *(phrases[name] for name in own["criterion_id"].drop_duplicates().head(DECIDING))]
        lines[case.case_id] = say_headline(rows[rows["case_id"] == case.case_id], partner=labels[case.partner], deciding=deciding)
    return lines
