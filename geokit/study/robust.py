"""How far the order of a case stands: what is said about its weights, handed to the tests of the scoring room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geokit.core.case import Case
from geokit.io.defaults import read_defaults
from geokit.scoring import Stress, order_of_archetype, order_of_weights, stress_ranking

if TYPE_CHECKING:
    from geokit.study.study import Study

SAMPLES = 10_000


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
        order_of_archetype(read_defaults("ranks"), criteria, archetype=weights.who, mode=mode)
        if ranked
        else order_of_weights(weights, criteria)
    )
    return stress_ranking(study.scored, case.case_id, order=order, samples=samples)
