"""Laws of a value that feed bounds: nothing from nothing, never less from more, never more than the plant can make (model rules M5, M6)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.economics import cashflow
from geokit.economics.cashflow import CASE, ENDLESS_T_PER_Y, Plan, lay_flow, value_cases

PLAN = Plan(
    build_years=2.0, build_parts=2, output_frac=np.array([0.5, *[1.0] * 7]), depreciation_years=4, loss_years=3, working_capital_frac=0.1,
    closure_frac=0.1,
)  # fmt: skip
PLAIN = dict.fromkeys(CASE, 0.0) | {
    "output_t_per_y": 1e6, "usd_per_t": 300.0, "feed_value_usd_per_t": 60.0, "other_usd_per_t": 100.0, "capex_million_usd": 600.0,
    "rate_frac": 0.1, "income_tax_frac": 0.3, "turnover_tax_frac": 0.01, "price_ratio": 1.0, "feed_ratio": 1.0,
}  # fmt: skip
GRAM = 1e-6
TONNES = st.lists(st.just(0.0) | st.floats(GRAM, 2e6), min_size=1, max_size=14)  # figures near the least that a float can hold say nothing


def case(**figures):
    return np.array([(PLAIN | figures)[name] for name in CASE])


def worth(sight, plan=PLAN, **figures):
    return float(value_cases(case(**figures)[np.newaxis], plan, np.array([sight], dtype=float))[0])


def test_without_feed_nothing_is_sold_and_the_capital_and_its_closure_are_lost():
    flow = lay_flow(case(), PLAN, np.zeros(3))
    assert (flow[["output_t", "sales", "feed", "other", "tax", "working_capital"]] == 0.0).all(axis=None)
    assert worth([0.0]) == pytest.approx(-300.0 - 300.0 / 1.1 - 60.0 / 1.1**10)


@settings(deadline=None, max_examples=40)
@given(TONNES, st.floats(0.0, 5e5), st.floats(0.0, 3.0))
def test_more_feed_never_lowers_the_value_of_a_plant_that_earns_on_a_tonne(tonnes, more, delay):
    less, richer = (worth(sight, delay_years=delay) for sight in (tonnes, np.array(tonnes) + more))
    assert richer >= less - 1e-7


@settings(deadline=None, max_examples=40)
@given(TONNES, st.floats(0.0, 3.0))
def test_a_plant_never_makes_more_than_it_can_nor_than_its_feed(tonnes, delay):
    flow = lay_flow(case(delay_years=delay), PLAN, np.array(tonnes)).iloc[2:]
    assert (flow["output_t"] <= flow["full_output_t"] * (1 + 1e-12)).all()
    assert (flow["output_t"] <= flow["product_in_sight_t"] * (1 + 1e-12)).all()
    assert flow["full_output_t"].tolist() == pytest.approx((1e6 * PLAN.output_frac).tolist())


@settings(deadline=None, max_examples=30)
@given(st.floats(1e3, 1e6))
def test_even_feed_below_the_ramp_makes_the_flow_of_a_plant_of_that_size(tonnes):
    small = min(tonnes, 5e5)
    flat = dataclasses.replace(PLAN, output_frac=np.ones(8))
    assert worth([small]) == pytest.approx(float(value_cases(case(output_t_per_y=small)[np.newaxis], flat)[0]), rel=1e-9)


def test_feed_without_end_is_no_bound():
    free = float(value_cases(case()[np.newaxis], PLAN)[0])
    assert worth([ENDLESS_T_PER_Y]) == free == worth([1e6] * 20)
    assert worth([0.999e6] * 20) < free
    assert lay_flow(case(), PLAN)["product_in_sight_t"].iloc[2:].isna().all()


def test_unknown_feed_leaves_the_value_unknown():
    assert np.isnan(worth([np.nan]))
    assert np.isnan(worth([1e6] * 5 + [np.nan]))


def test_a_plant_that_comes_later_finds_the_feed_of_later_years():
    rising = [0.0, 0.0, 0.0, 2e5, 4e5, 6e5, 8e5, 1e6]
    outputs = [lay_flow(case(delay_years=late), PLAN, np.array(rising))["output_t"].tolist()[2:5] for late in (0.0, 1.0, 1.5)]
    assert outputs[0] == pytest.approx([0.0, 2e5, 4e5])
    assert outputs[1] == pytest.approx([2e5, 4e5, 6e5])
    assert outputs[2] == pytest.approx([3e5, 5e5, 7e5])


def test_the_day_of_the_decision_moves_the_years_of_the_feed_and_nothing_else():
    rising = [2e5, 4e5, 6e5, 8e5, 1e6]
    later = dataclasses.replace(PLAN, decided_years=1.0)
    assert worth(rising, later) == pytest.approx(worth(rising[1:]))


@pytest.mark.parametrize("cores", [1, 2, 3, 7])
def test_cores_and_parts_move_no_bit_of_a_value(monkeypatch, cores):
    rng = np.random.default_rng(4)
    cases = np.tile(case(), (300, 1))
    cases[:, 1] *= rng.lognormal(0.0, 0.5, 300)
    sight = rng.uniform(0.0, 2e6, (300, 6))
    alone = np.concatenate([value_cases(cases[[place]], PLAN, sight[[place]]) for place in range(300)])
    monkeypatch.setattr(cashflow, "SHARED_CASES", 20)
    monkeypatch.setattr(cashflow, "count_cores", lambda: cores)
    np.testing.assert_array_equal(value_cases(cases, PLAN, sight), alone)
    np.testing.assert_array_equal(value_cases(cases, PLAN, sight[:1]), value_cases(cases, PLAN, np.tile(sight[:1], (300, 1))))


def test_only_the_cores_that_the_process_may_use_are_counted(monkeypatch):
    """A machine of many cores of which one is ours."""
    monkeypatch.setattr(cashflow.os, "sched_getaffinity", lambda _: {3}, raising=False)
    monkeypatch.setattr(cashflow.os, "process_cpu_count", lambda: 1, raising=False)
    monkeypatch.setattr(cashflow.os, "cpu_count", lambda: 64)
    assert cashflow.count_cores() == 1


def test_a_platform_that_does_not_say_which_cores_are_ours_counts_all(monkeypatch):
    monkeypatch.delattr(cashflow.os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(cashflow.os, "process_cpu_count", lambda: 5, raising=False)
    monkeypatch.setattr(cashflow.os, "cpu_count", lambda: 5)
    assert cashflow.count_cores() == 5
