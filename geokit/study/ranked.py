"""Put the rankings of a study into words."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from geokit.core.codes import Kind
from geokit.io.defaults import read_defaults
from geokit.study.sentences import say_headline, say_reason

if TYPE_CHECKING:
    from geokit.study.study import Study

DECIDING = 3
"""How many facts a headline names."""


def tell(study: Study) -> Study:
    """Return the study with the rankings in words and the first line of each case, from its scores.

    Parameters
    ----------
    study : Study
        Its ``scored`` ranking is read; nothing is scored again.

    Returns
    -------
    Study
        A copy.
    """
    bare = study.scored.table
    beats = study.economics[["partner", "alternative", "beats_baseline"]]
    table = bare.drop(columns="beats_baseline").merge(beats, on=["partner", "alternative"], how="left").fillna({"beats_baseline": ""})
    table["reason"] = _reasons(study, table)
    rankings = table[list(bare.columns)]
    return dataclasses.replace(study, rankings=rankings, headlines=_headlines(study, rankings))


def _reasons(study: Study, table: pd.DataFrame) -> list[str]:
    """Return the sentence of every row: the drivers of a ranked row, the status of any other."""
    phrases = {
        str(row.pop("criterion_id")): {str(k): str(v) for k, v in row.items()} for row in read_defaults("phrases").to_dict("records")
    }
    labels = study.layers["partners"].set_index("partner_id")["label"].to_dict()
    plants = set(study.alternatives.loc[study.alternatives["kind"] == Kind.PLANT, "alternative"])
    cells: dict[tuple[str, str], list[dict[Any, Any]]] = defaultdict(list)
    for cell in study.contributions.to_dict("records"):
        cells[cell["case_id"], cell["alternative"]].append(cell)
    told = []
    for row in table.to_dict("records"):
        if pd.isna(row["rank"]):
            told.append(row["status_reason"])
            continue
        name = row["alternative"]
        facts = {"rank": int(row["rank"]), "partner_label": labels[row["partner"]], "is_plant": name in plants}
        told.append(say_reason(facts, cells[row["case_id"], name], phrases))
    return told


def _headlines(study: Study, rankings: pd.DataFrame) -> dict[str, str]:
    """Return the first line of every case."""
    labels = study.layers["partners"].set_index("partner_id")["label"].to_dict()
    kinds = study.alternatives.set_index("alternative")["kind"]
    phrases = read_defaults("phrases").set_index("criterion_id")["missing"].to_dict()
    rows = rankings.assign(kind=rankings["alternative"].map(kinds))
    lines = {}
    for case in study.cases:
        own = study.unknowns[study.unknowns["partner"].isin(["", case.partner])]
        deciding = ["the cost of conversion", *(phrases[name] for name in own["criterion_id"].drop_duplicates().head(DECIDING))]
        lines[case.case_id] = say_headline(rows[rows["case_id"] == case.case_id], partner=labels[case.partner], deciding=deciding)
    return lines
