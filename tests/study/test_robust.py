"""How far the order of a study stands: the draws keep to what is said about the weights, and the tables fit the ranking."""

from __future__ import annotations

import pytest

from geokit.io.defaults import read_defaults
from geokit.scoring import order_of_archetype, order_of_weights, stress_ranking
from geokit.study import robust

SAMPLES = 500


@pytest.fixture(scope="module")
def case(study):
    return study.case("japan")


@pytest.fixture(scope="module")
def stressed(study, case):
    return robust.stress(study, case, samples=SAMPLES)


@pytest.fixture
def asked(monkeypatch):
    """Return the order handed to the tests of the scoring room, which are not run."""
    orders = []
    monkeypatch.setattr(robust, "stress_ranking", lambda *_, order, **__: orders.append(order))
    return orders


def same(one, other):
    """Tell whether two orders say the same."""
    return all((getattr(one, name) == getattr(other, name)).all() for name in vars(one))


def test_every_ranked_alternative_is_told_in_its_place(study, case, stressed):
    ranked = study.ranking(case.partner)
    assert stressed.case_id == case.case_id
    assert stressed.samples == SAMPLES
    assert stressed.acceptability[["rank", "alternative"]].to_numpy().tolist() == ranked[["rank", "alternative"]].to_numpy().tolist()


def test_shares_are_shares_and_stand_within_what_unknowns_allow(stressed):
    table = stressed.acceptability
    assert table["first_frac"].sum() == pytest.approx(1.0)
    assert (table["first_frac_low"] <= table["first_frac"]).all()
    assert (table["first_frac"] <= table["first_frac_high"]).all()
    assert (table["first_frac"] <= table["top_five_frac"]).all()


def test_weights_of_an_archetype_are_drawn_within_its_ranks(study, case, asked):
    archetype = study.layers["partners"].set_index("partner_id")["archetype"][case.partner]
    mode = study.assumptions.scoring.mode
    robust.stress(study, case)
    assert same(asked[0], order_of_archetype(read_defaults("ranks"), study.matrix.criteria, archetype=archetype, mode=mode))


def test_weights_of_a_user_are_drawn_within_their_own_order(study, case, asked):
    mine = study.rescore({"F1": 0.5}, partner=case.partner)
    robust.stress(study, case)
    robust.stress(mine, mine.case(case.partner))
    assert same(asked[1], order_of_weights(mine.weights[case.partner], study.matrix.criteria))
    assert not same(*asked)


def test_it_is_the_test_of_the_scoring_room_on_the_scores_of_the_study(study, case, stressed):
    mode = study.assumptions.scoring.mode
    order = order_of_archetype(read_defaults("ranks"), study.matrix.criteria, archetype=study.weights[case.partner].who, mode=mode)
    again = stress_ranking(study.scored, case.case_id, order=order, samples=SAMPLES)
    assert again.acceptability.equals(stressed.acceptability)
    assert again.drivers.equals(stressed.drivers)
