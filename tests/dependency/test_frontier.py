"""The frontier of price and safety: no set of purchases beats a step of it."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geokit.core.codes import Track
from geokit.dependency import frontier
from geokit.dependency.frontier import list_frontiers, trace_frontier
from geokit.dependency.importance import rate_blocks
from geokit.dependency.index import measure_dependency

PRIOR = np.array([0.3, 0.7])
SLACK = 1e-9
BLOCKS = arrays(float, (2, 4), elements=st.floats(0.0, 1.0))
PRICES = arrays(float, 4, elements=st.floats(0.0, 1.0) | st.just(float("nan")))


def leave(q, fixed):
    """The chance of a blocked line without some blocks, by the general formula."""
    left = np.delete(np.asarray(q), list(fixed), axis=1)
    return measure_dependency(left, np.ones(left.shape[1]), np.zeros(left.shape[1]), probability=PRIOR).d_rel


def test_two_blocks_by_hand():
    found = trace_frontier([[0.5, 0.2]], [1.0], [0.02, 0.01])
    assert found.elsewhere.tolist() == [[False, False], [False, True], [True, False], [True, True]]
    assert found.price.tolist() == pytest.approx([0.0, 0.01, 0.02, 0.03])
    assert found.d_rel.tolist() == pytest.approx([0.6, 0.5, 0.2, 0.0])


def test_a_dear_block_that_gains_little_is_never_bought_alone():
    found = trace_frontier([[0.5, 0.2]], [1.0], [0.01, 0.02])
    assert found.elsewhere.tolist() == [[False, False], [True, False], [True, True]]


@settings(deadline=None)
@given(BLOCKS, PRICES)
def test_it_starts_at_the_plant_ends_at_what_no_purchase_mends_and_only_goes_down(q, price):
    found = trace_frontier(q, PRIOR, price)
    fixed = np.flatnonzero(~np.isnan(price))
    assert found.d_rel[0] == pytest.approx(leave(q, []), abs=SLACK)
    assert found.d_rel[-1] == pytest.approx(leave(q, fixed), abs=SLACK)
    assert (np.diff(found.price) >= -SLACK).all()
    assert (np.diff(found.d_rel) < 0).all()


@settings(deadline=None)
@given(BLOCKS, PRICES)
def test_no_set_beats_a_step(q, price):
    found = trace_frontier(q, PRIOR, price)
    movable = np.flatnonzero(~np.isnan(price))
    for count in range(movable.size + 1):
        for chosen in itertools.combinations(movable, count):
            cost, risk = float(price[list(chosen)].sum()), leave(q, chosen)
            best = found.d_rel[found.price <= cost + SLACK].min()
            assert best <= risk + SLACK


def test_one_purchase_is_what_fixing_a_block_leaves():
    q = np.array([[0.5, 0.2, 0.3], [0.1, 0.4, 0.0]])
    for place in range(3):
        price = np.where(np.arange(3) == place, 0.01, np.nan)
        assert trace_frontier(q, PRIOR, price).d_rel[-1] == pytest.approx(rate_blocks(q, PRIOR).d_rel_if_fixed[place])


def test_a_block_whose_chance_is_unknown_makes_the_line_known_once_it_is_bought_elsewhere():
    found = trace_frontier([[np.nan, 0.2]], [1.0], [0.01, np.nan])
    assert np.isnan(found.d_rel[0])
    assert found.d_rel[1:].tolist() == pytest.approx([0.2])


def test_a_purchase_that_its_own_country_would_refuse_as_often_is_never_a_step():
    """By hand: 0.8 of refusals in China, 0.5 fails; elsewhere 0.8 x 0.9 = 0.72 would, or 0.8 x 0.25 = 0.2."""
    vain, worth = (trace_frontier([[0.5]], [1.0], [0.01], refused=[[0.8]], barred=[r]) for r in (0.9, 0.25))
    assert vain.d_rel.tolist() == [0.5]
    assert worth.d_rel.tolist() == pytest.approx([0.5, 0.2])
    assert worth.d_rel_high.tolist() == pytest.approx([0.5, 0.8])


@settings(deadline=None)
@given(BLOCKS, PRICES, st.floats(0.0, 1.0))
def test_a_likelier_refusal_elsewhere_never_makes_the_safest_purchase_safer(q, price, barred):
    free, bound = (trace_frontier(q, PRIOR, price, refused=np.maximum(q, 0.5), barred=r) for r in (0.0, barred))
    assert bound.d_rel[-1] >= free.d_rel[-1] - SLACK
    assert (free.d_rel <= free.d_rel_high + SLACK).all()
    assert (bound.d_rel <= bound.d_rel_high + SLACK).all()


def test_many_blocks_are_taken_one_by_one_and_the_answer_says_so(monkeypatch):
    rng = np.random.default_rng(3)
    q, price = rng.random((2, 8)), rng.random(8)
    exact = trace_frontier(q, PRIOR, price)
    monkeypatch.setattr(frontier, "MOST_EXACT", 7)
    greedy = trace_frontier(q, PRIOR, price)
    assert (exact.is_exact, greedy.is_exact) == (True, False)
    assert greedy.d_rel[[0, -1]] == pytest.approx(exact.d_rel[[0, -1]])
    for cost, risk in zip(greedy.price, greedy.d_rel, strict=True):
        assert exact.d_rel[exact.price <= cost + SLACK].min() <= risk + SLACK


def test_a_block_without_vendor_or_premium_stays_and_is_named():
    blocks = pd.DataFrame(
        {
            "stage_id": "smelt",
            "profile": "B",
            "block_id": ["KILN", "CELL", "TANK"],
            "name": ["kiln", "cell", "tank"],
            "premium": [1.5, 1.5, np.nan],
            "sigma_technique": [0.5, 0.0, 0.5],
            "vendors_left": [2.0, 3.0, 1.0],
            "control_kind": "equipment",
            "is_service": False,
            "barred_elsewhere": [0.25, 0.0, 0.0],
            "supplier_note": "US: licence required if in scope",
        }
    )
    chances = {("smelt", "B"): np.array([[0.5, 0.2, 0.1]]), ("smelt", "A"): np.zeros((1, 3))}
    refusals = {key: np.full((1, 3), 0.8) for key in chances}
    found = list_frontiers(blocks, chances, refusals, probability=[1.0], equipment_share_frac=0.12)
    assert found["blocks_elsewhere"].tolist() == ["", "KILN"]
    assert found["capex_premium_frac"].tolist() == pytest.approx([0.0, 0.12 / 3 * 0.5])
    assert found["d_rel"].tolist() == pytest.approx([1 - 0.5 * 0.8 * 0.9, 1 - 0.8 * (1 - 0.25 * 0.8) * 0.9])
    assert found["d_rel_high"].tolist() == pytest.approx([1 - 0.5 * 0.8 * 0.9, 1 - 0.8 * 0.2 * 0.9])
    idle, bought = found["note"]
    assert idle == "no other vendor or no premium on file: cell, tank"
    assert "KILN makers, no such order" in bought
    assert "KILN, law of other vendors' countries on a plant in the host country: US: licence required if in scope" in bought

    running = blocks.assign(control_kind=["reagent", "equipment", "technology"], is_service=[False, False, True], premium=1.5)
    paid = list_frontiers(running, chances, refusals, probability=[1.0], equipment_share_frac=0.12)
    assert paid["blocks_elsewhere"].iloc[-1] == "KILN;TANK"
    assert (paid["capex_premium_frac"] == 0.0).all()
    assert "not in the capital cost: KILN, TANK" in paid["note"].iloc[-1]


@pytest.mark.parametrize("track", list(Track))
def test_on_the_real_layers_the_first_step_is_the_plant(assessed, solved, cases, track):
    case = next(case for case in cases if case.partner == "korea" and case.track == track)
    rows = assessed.frontier[(assessed.frontier["case_id"] == case.case_id) & (assessed.frontier["step"] == 0)]
    plants = solved[track].plants.set_index(["stage_id", "profile"])["d_rel"]
    assert len(rows)
    assert rows["d_rel"].tolist() == pytest.approx(plants.loc[list(zip(rows["stage_id"], rows["profile"], strict=True))].tolist())
