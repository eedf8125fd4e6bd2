"""A criterion that separates nobody, and an alternative alone: every figure stays a figure, in every method."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.scoring import METHODS, GivenDraws, build_matrix, rank, rank_by_method, stress_ranking
from geokit.scoring.objective import weigh_critic, weigh_entropy
from geokit.scoring.weights import Weights

FLAT = Weights((("W", 1.0), ("F", 0.0), ("D", 0.0)), "test", "all on the flat criterion")
SHOWN = ["score", "score_p10", "score_p90", "bound_low", "bound_high", "evidence_frac", "rank", "tier"]


@pytest.fixture
def build(make_cells, criteria, plain, plants, grid, who_uses, no_hints):
    """Return a function that ranks some of the plants, all of which have the same water and know everything."""

    def ranked(names, weights):
        chosen = plants[plants["alternative"].isin(names)]
        rows = [((name, site, stage), 5.0) for name in ("W", "F", "D") for site, stage in chosen[["site_id", "stage_id"]].to_numpy()]
        matrix = build_matrix(make_cells(*rows), criteria, assumptions=plain)
        return rank(matrix, chosen, grid[:1], {"p": weights}, profiles=who_uses, statuses=no_hints, assumptions=plain)

    return ranked


@pytest.mark.parametrize("names", [["a:smelt"], ["a:smelt", "b:smelt", "a:grind"]], ids=["alone", "all alike"])
@pytest.mark.parametrize("which", ["even", "flat"])
def test_no_figure_is_lost(build, even, names, which):
    ranking = build(names, even if which == "even" else FLAT)
    assert ranking.table[SHOWN].notna().all(axis=None)
    assert ranking.table["rank"].tolist() == list(range(1, len(names) + 1))
    case_id = ranking.joined.cases[0].case_id
    by_method = rank_by_method(ranking, case_id)
    assert len(by_method) == len(METHODS) * len(names)
    assert by_method[["rank", "score", "bound_low", "bound_high"]].notna().all(axis=None)
    order = GivenDraws(np.array([[weight for _, weight in (even if which == "even" else FLAT).pairs]]))
    stress = stress_ranking(ranking, case_id, order=order, samples=20)
    shares = stress.acceptability[["first_frac", "first_frac_low", "first_frac_high", "top_five_frac", "mean_rank"]]
    assert shares.notna().all(axis=None)
    assert stress.acceptability["first_frac"].sum() == pytest.approx(1.0)
    assert stress.agreement.notna().all(axis=None)


@pytest.mark.parametrize("weigh", [weigh_entropy, weigh_critic])
@pytest.mark.parametrize("rows", [1, 3])
def test_weights_that_follow_from_the_set_survive_a_flat_set(weigh, rows):
    weights = weigh(np.full((rows, 4), 0.5))
    assert weights.sum() == pytest.approx(1.0)
    assert np.isfinite(weights).all()
