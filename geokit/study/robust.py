"""How far the order of a case stands: what is said about its weights, handed to the tests of the scoring room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.io.defaults import read_defaults
from geokit.scoring import Stress, order_of_archetype, order_of_weights, rank_by_method, stress_ranking
from geokit.scoring.by_method import find_method
from geokit.scoring.criteria import list_criteria
from geokit.study.own_criteria import rank_last

if TYPE_CHECKING:
    from geokit.study.study import Study

SAMPLES = 10_000
BY_METHOD = ["case_id", "rank", "alternative", "score", "bound_low", "bound_high", "rank_weighted_sum"]


def stress(study: Study, case: Case, *, samples: int = SAMPLES) -> Stress:
    """Move weights, facts, methods and the set of alternatives, and count what changes in one case.

    Weights that follow from the ranks of an archetype are drawn within these ranks, in groups and between them; weights that a user
    gave, within the order that they make (model rule M20).

    Parameters
    ----------
    study : Study
        The finished study.
    case : Case
        One of its cases.
    samples : int
        Number of draws.

    Returns
    -------
    Stress
        As :func:`geokit.scoring.stress_ranking` returns it.
    """
    weights, criteria = study.weights[case.partner], study.matrix.criteria
    archetypes = study.layers["partners"].set_index("partner_id")["archetype"]
    ranked = weights.who == archetypes.get(case.partner)
    mode = study.assumptions.scoring.mode
    order = (
        order_of_archetype(rank_last(read_defaults("ranks"), list_criteria(criteria)), criteria, archetype=weights.who, mode=mode)
        if ranked
        else order_of_weights(weights, criteria)
    )
    return stress_ranking(study.scored, case.case_id, order=order, samples=samples)


def rescore_by(study: Study, method: str, *, track: Track | str | None = None) -> pd.DataFrame:
    """Return the order of the cases of a study by another method, beside that by the weighted sum.

    Only the alternatives that carry a rank are compared: whether one may carry a rank is a matter of evidence, not of method.

    Parameters
    ----------
    study : Study
        The finished study, with the weights that are meant.
    method : str
        One of :data:`geokit.scoring.METHODS`; an underscore may stand for a hyphen.
    track : Track or str, optional
        Legal track; both when not given.

    Returns
    -------
    pandas.DataFrame
        One row an alternative and case, the cases in their order, best first: ``case_id``, ``rank``, ``alternative``, ``score`` (what
        the known cells prove, 0-1), ``bound_low``, ``bound_high`` (every missing cell at its worst and at its best, every range at its
        ends), ``rank_weighted_sum``.

    Raises
    ------
    UnknownNameError
        If there is no such method.
    """
    name = find_method(method.replace("_", "-")).method_id
    usual = study.scored.table.set_index(["case_id", "alternative"])["rank"].rename("rank_weighted_sum")
    cases = [case for case in study.cases if track is None or case.track == track]
    tables = [rank_by_method(study.scored, case.case_id, methods=[name]).assign(case_id=case.case_id) for case in cases]
    return pd.concat(tables, ignore_index=True).join(usual, on=["case_id", "alternative"])[BY_METHOD]
