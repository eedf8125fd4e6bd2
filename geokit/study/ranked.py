"""Put the rankings of a study into words."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Grade, Kind, Track
from geokit.io.defaults import read_defaults
from geokit.scoring import Criterion, find_flat
from geokit.study.own_criteria import keep_phrases
from geokit.study.sentences import say_headline, say_lead, say_reason, say_remarks

if TYPE_CHECKING:
    from geokit.study.study import Study

DECIDING = 3
"""How many facts a headline names."""
LEADING = 10
"""How many rows lead a case."""
CONTROLS = ("D1", "D2")
"""The criteria by which controls enter the score."""
ROUTES, ALIKE = "L2", 0.05
"""The criterion by which reliability of routes enters the score, and the spread of values below which it separates nobody."""
READINGS = {Track.TEXT: "rank_as_law_stands", Track.PRACTICE: "rank_as_practised"}
"""The column that carries the rank under each reading of the law (model rule M10)."""
HISTORICAL = " (historical estimate, not a mineral resource)"
"""What stands beside a tonnage that no code supports (model rule M6)."""
ON_CONDITION = " (some are listed on a condition that is not counted)"
"""What stands beside "no control binds" where that holds only while no condition does."""
TOLD = ["case_id", "rank", "alternative", "partner", "status_reason"]
"""What the sentence of a row needs beside its cells."""
QUESTION = ["on", "known_on"]
"""What two readings of one question share beside the partner."""
MARKS = ["capex_mark", "opex_mark", "price_mark", "feed_price_mark", "size_mark", "feed_mark"]
"""Columns that say whose a figure of a value is."""


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
    table = _both_readings(study, table.assign(reason=_reasons(study, table)))
    rankings = table[[*bare.columns, *READINGS.values()]]
    told = dataclasses.replace(study, rankings=rankings)
    return dataclasses.replace(told, headlines=_headlines(told), remarks={case.case_id: _remark(told, case) for case in study.cases})


def _both_readings(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the rank of each row under either reading of the law, blank when that reading was not asked."""
    cases = pd.DataFrame(
        [(case.case_id, case.on, case.known_on, case.track) for case in study.cases], columns=["case_id", *QUESTION, "track"]
    )
    rows = table.merge(cases, on="case_id")
    for track, column in READINGS.items():
        own = rows.loc[rows["track"] == track, ["partner", "alternative", *QUESTION, "rank"]].rename(columns={"rank": column})
        rows = rows.merge(own, on=["partner", "alternative", *QUESTION], how="left")
    return rows


def _remark(study: Study, case: Case) -> str:
    """Return what else bears on a case as a whole."""
    kinds = study.alternatives.set_index("alternative")["kind"]
    rows = study.rankings[study.rankings["case_id"] == case.case_id]
    rows = rows.assign(kind=rows["alternative"].map(kinds))
    money = study.economics[study.economics["partner"] == case.partner].set_index("alternative")
    plants = rows[(rows["kind"] == Kind.PLANT) & rows["rank"].notna()].sort_values("rank")
    names = study.alternatives.set_index("alternative")["label"]
    leads = [
        say_lead(f"The first plant, {names[one]}", dict(money.loc[one]), inside=_inside(study)) for one in plants["alternative"].head(1)
    ]
    valued = money.reindex(plants["alternative"]).dropna(subset=["npv_million_usd"])
    first = rows[rows["rank"] <= LEADING]
    cells = study.scored.contributions_of(first["alternative"].tolist(), case.case_id)
    both = all(rows[column].notna().any() for column in READINGS.values())
    text, practice = (first[column] for column in READINGS.values())
    return say_remarks(
        rows,
        lead="".join(leads),
        valued=len(valued),
        sourced=not (valued[MARKS] == "assumption").any(axis=None),
        flat=set(CONTROLS) <= set(find_flat(cells)),
        routes=ROUTES in find_flat(cells[cells["alternative"].isin(plants["alternative"])], within=ALIKE),
        moved=int((text != practice).sum()) if both else None,
        top=LEADING,
    )


def _reasons(study: Study, table: pd.DataFrame) -> list[str]:
    """Return the sentence of every row: the drivers of a ranked row, the status of any other."""
    phrases = _list_phrases(study)
    labels = study.layers["partners"].set_index("partner_id")["in_sentence"].to_dict()
    plants = set(study.alternatives.loc[study.alternatives["kind"] == Kind.PLANT, "alternative"])
    cells = _cells_by_row(study)
    told = []
    for case_id, rank, name, partner, reason in zip(*(table[column].tolist() for column in TOLD), strict=True):
        facts = {"rank": rank, "partner_label": labels[partner], "is_plant": name in plants}
        told.append(reason if pd.isna(rank) else say_reason(facts | {"rank": int(rank)}, cells[case_id, name], phrases))
    return told


def _list_phrases(study: Study) -> dict[str, dict[str, str]]:
    """Return the wording of each criterion: the packaged one, and for a criterion of the user its name, figure and unit."""
    table = read_defaults("phrases").set_index("criterion_id")
    packaged = set(keep_phrases(study.matrix.criteria)) & set(table.index)
    return {
        one.criterion_id: {str(name): str(words) for name, words in table.loc[one.criterion_id].items()}
        if one.criterion_id in packaged
        else {**dict.fromkeys(("good", "bad"), _say_plainly(one)), "zero": "", "missing": one.ask, "plant_only": ""}
        for one in study.matrix.criteria
    }


def _say_plainly(criterion: Criterion) -> str:
    """Return the wording of a criterion of which only name and unit are known; signs that mark a figure stand for themselves."""
    name, unit = (words.replace("{", "{{").replace("}", "}}") for words in (criterion.name, criterion.unit))
    return f"{name} is {{value}} {unit}".rstrip()


def _cells_by_row(study: Study) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return what each criterion adds, with what stands beside its figure, by case and alternative."""
    cautions = _cautions(study)
    cells: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    names = [str(name) for name in study.contributions]
    for figures in zip(*(study.contributions[name].tolist() for name in names), strict=True):
        cell = dict(zip(names, figures, strict=True))
        row = cell["case_id"], cell["alternative"]
        cells[row].append(cell | {"caution": cautions.get((cell["criterion_id"], *row), "")})
    return cells


def _headlines(study: Study) -> dict[str, str]:
    """Return the first line of every case."""
    labels = study.layers["partners"].set_index("partner_id")["in_sentence"].to_dict()
    kinds = study.alternatives.set_index("alternative")["kind"]
    phrases = _list_phrases(study)
    rows = study.rankings.assign(kind=study.rankings["alternative"].map(kinds))
    lines = {}
    for case in study.cases:
        own = rows[rows["case_id"] == case.case_id]
        missing = [phrases[name]["missing"] for name in _deciding(study, own, case.case_id)]
        lines[case.case_id] = say_headline(own, partner=labels[case.partner], deciding=["the cost of conversion", *missing])
    return lines


def _deciding(study: Study, rows: pd.DataFrame, case_id: str) -> list[str]:
    """Return the criteria whose missing cells weigh most on the leading plants of a case, or on those nearest to being ranked."""
    plants = rows[rows["kind"] == Kind.PLANT]
    ranked = plants[plants["rank"].notna()].nsmallest(LEADING, "rank")
    leading = ranked if len(ranked) else plants.nlargest(LEADING, "evidence_frac")
    cells = study.scored.contributions_of(leading["alternative"].tolist(), case_id)
    lost = cells[cells["v"].isna()].groupby("criterion_id")["weight"].sum()
    return [str(name) for name in lost[lost > 0].sort_values(ascending=False, kind="stable").index[:DECIDING]]


def _cautions(study: Study) -> dict[tuple[str, str, str], str]:
    """Return what stands beside the figure of a criterion, by case and alternative."""
    historical = dict.fromkeys(_historical(study), HISTORICAL)
    found = {("F1", case.case_id, name): words for case in study.cases for name, words in historical.items()}
    return found | {("D1", *key): ON_CONDITION for key in _conditional(study)}


def _conditional(study: Study) -> set[tuple[str, str]]:
    """Return the cases and alternatives that no control binds only while no condition holds: their nought is an assumption."""
    cells = study.matrix.table
    cells = cells[(cells["criterion_id"] == "D1") & (cells["value"] == 0) & (cells["grade"] == Grade.ASSUMPTION)]
    tracks = {case.case_id: case.track.value for case in study.cases}
    rows = study.dependency[["case_id", "alternative", "profile"]].merge(study.alternatives[["alternative", "stage_id"]], on="alternative")
    rows = rows.assign(track=rows["case_id"].map(tracks)).merge(cells[["stage_id", "profile", "track"]].drop_duplicates())
    return set(zip(rows["case_id"], rows["alternative"], strict=True))


def _historical(study: Study) -> set[str]:
    """Return the alternatives whose feed rests on a historical estimate (model rule M6)."""
    sized = study.feeds[(study.feeds["historical"] == "yes") & (study.feeds["feed_available"] == "free")]
    stages = set(sized["stage_id"])
    return set(study.alternatives.loc[study.alternatives["stage_id"].isin(stages), "alternative"])


def _inside(study: Study) -> str:
    """Return the name of the market whose controls enter the dependency figures: the first of the issuers."""
    return str(study.layers["issuers"].sort_values("print_order")["label"].iloc[0])
