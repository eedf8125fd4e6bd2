"""One case of a study as a board: a row an alternative, a column a criterion, and what is known of each beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geokit.core.case import Case
from geokit.core.columns import split_ids
from geokit.outputs.view import View, name_alternative
from geokit.scoring import Criterion
from geokit.scoring.screen import read_hints
from geokit.study.records import list_records
from geokit.study.study import Study

ENDS = ("v", "v_low", "v_high")
"""Worth of the figure, of its worse and of its better end."""
MONEY = ["product_freight_usd_per_t", "margin_usd_per_t_low", "margin_usd_per_t", "margin_usd_per_t_high", "beats_baseline"]


@dataclass(frozen=True, eq=False)
class Board:
    """A case laid out for a planner.

    Attributes
    ----------
    case : Case
        The question.
    counted : tuple of Criterion
        Those that carry a weight.
    aside : tuple of Criterion
        Those that the mode of the study leaves out.
    weights : mapping of str to float
        Of the counted criteria, summing to one.
    threshold : float
        Least weight on sourced cells with which an alternative is ranked, 0-1.
    rows : pandas.DataFrame
        One row an alternative, sorted by id: names, standing, and what the study found.
    figures : numpy.ndarray
        In the unit of each criterion, shape (alternative, counted + aside); NaN = missing.
    worth : mapping of str to numpy.ndarray
        ``v``, ``v_low``, ``v_high`` of the counted criteria, 0-1, shape (alternative, counted).
    sourced : numpy.ndarray
        Which of these cells are evidence, shape (alternative, counted).
    """

    case: Case
    counted: tuple[Criterion, ...]
    aside: tuple[Criterion, ...]
    weights: dict[str, float]
    threshold: float
    rows: pd.DataFrame = field(repr=False)
    figures: NDArray[np.float64] = field(repr=False)
    worth: dict[str, NDArray[np.float64]] = field(repr=False)
    sourced: NDArray[np.bool_] = field(repr=False)


def build_board(study: Study, view: View, case: Case) -> Board:
    """Lay out one case.

    Parameters
    ----------
    study : Study
        The finished study.
    view : View
        Its view, for the names.
    case : Case
        One of its cases.

    Returns
    -------
    Board
        Everything that the score of the case is made of.
    """
    joined, weights = study.scored.joined, dict(study.weights[case.partner])
    index = joined.index_of(case.case_id)
    places = {one.criterion_id: place for place, one in enumerate(joined.criteria)}
    counted = tuple(one for one in joined.criteria if one.criterion_id in weights)
    aside = tuple(one for one in joined.criteria if one.criterion_id not in weights)
    kept = [places[one.criterion_id] for one in counted]
    order = [*kept, *(places[one.criterion_id] for one in aside)]
    return Board(
        case=case,
        counted=counted,
        aside=aside,
        weights=weights,
        threshold=study.assumptions.scoring.evidence_threshold_frac,
        rows=_list_rows(study, view, case),
        figures=joined.values(index, "value")[:, order],
        worth={end: joined.values(index, end)[:, kept] for end in ENDS},
        sourced=joined.sourced(index)[:, kept],
    )


def pick_hauls(study: Study, case: Case) -> pd.DataFrame:
    """Return the hauls of a partner: all by land to plants and ports here, and those to the port and the plants of the partner."""
    partners = study.layers["partners"].set_index("partner_id")["default_port_id"]
    ends = {partners.get(case.partner, ""), *_plants(study, case.partner)} - {""}
    hauls = study.hauls
    kept = hauls["kind"].isin(["feed", "port"]) | hauls["destination_id"].isin(ends)
    return hauls[kept].sort_values(["kind", "origin_id", "destination_id", "product_id"])


def _list_rows(study: Study, view: View, case: Case) -> pd.DataFrame:
    """Return the alternatives in the order of their ids, each with its names and what the study found."""
    joined = study.scored.joined
    rows = joined.alternatives.assign(does_less=joined.baseline)
    rows = rows.assign(hint=read_hints(study.scored.statuses, joined, case.partner)["status_hint"])
    about = study.alternatives.set_index("alternative").loc[rows["alternative"]].reset_index()
    names = pd.DataFrame([name_alternative(view, dict(row)) for row in list_records(about)])
    names["feed"] = names["feed"].mask(names["feed"] == "", names["product"])
    found = study.rankings[study.rankings["case_id"] == case.case_id].drop(columns=["site_id", "stage_id", "partner", "beats_baseline"])
    depends = study.dependency[study.dependency["case_id"] == case.case_id][["alternative", "d_rel"]]
    money = study.economics[study.economics["partner"] == case.partner][["alternative", *MONEY]]
    for frame in (found, depends.drop_duplicates("alternative"), money.drop_duplicates("alternative")):
        rows = rows.merge(frame, on="alternative", how="left")
    return pd.concat([rows, names.reset_index(drop=True), about[["lat", "lon", "place_id"]]], axis=1)


def _plants(study: Study, partner: str) -> set[str]:
    """Return the plants of a partner that some product is meant for."""
    cells = study.economics.loc[study.economics["partner"] == partner, "outlet_ids"].unique()
    return {one for cell in cells for one in split_ids(cell)}
