"""Cost surfaces on random rasters: whatever the ground, costs behave."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geokit.network.surface import Grade, spread_cost

SIDE = 6
SHAPE = (SIDE, SIDE + 1)
FRICTION = arrays(np.float64, SHAPE, elements=st.floats(0.5, 20.0))
EXTRA = arrays(np.float64, SHAPE, elements=st.one_of(st.just(0.0), st.floats(0.1, 10.0), st.just(np.inf)))
HEIGHTS = arrays(np.float64, SHAPE, elements=st.floats(-30.0, 30.0))
CELL = st.tuples(st.integers(0, SHAPE[0] - 1), st.integers(0, SHAPE[1] - 1))
STEPS = st.sampled_from([8, 16])
GRADES = st.builds(Grade, steepest=st.floats(0.02, 1.0), up=st.floats(0.0, 30.0), down=st.floats(0.0, 30.0))
SLACK = 1 + 1e-5
law = settings(max_examples=30, deadline=None)


@law
@given(FRICTION, CELL, CELL, STEPS)
def test_on_level_ground_the_way_back_costs_the_same(friction, here, there, steps):
    out, back = spread_cost(friction, [here], steps=steps).cost[there], spread_cost(friction, [there], steps=steps).cost[here]
    np.testing.assert_allclose(out, back, rtol=1e-5)


@law
@given(FRICTION, HEIGHTS, CELL, CELL, STEPS, GRADES)
def test_the_way_back_is_the_way_out_with_climb_and_descent_exchanged(friction, heights, here, there, steps, grade):
    out = spread_cost(friction, [here], steps=steps, elevation=heights, grade=grade).cost[there]
    back = spread_cost(friction, [there], steps=steps, elevation=heights, grade=grade.reverse()).cost[here]
    np.testing.assert_allclose(out, back, rtol=1e-5)


@law
@given(FRICTION, EXTRA, HEIGHTS, CELL, STEPS, GRADES)
def test_a_higher_friction_never_lowers_a_cost(friction, extra, heights, start, steps, grade):
    before, after = (
        spread_cost(ground, [start], steps=steps, elevation=heights, grade=grade).cost for ground in (friction, friction + extra)
    )
    assert (after * SLACK >= before).all()


@law
@given(FRICTION, HEIGHTS, CELL, CELL, STEPS, GRADES)
def test_no_detour_is_cheaper_than_the_way(friction, heights, here, middle, steps, grade):
    ways = {cell: spread_cost(friction, [cell], steps=steps, elevation=heights, grade=grade).cost for cell in (here, middle)}
    assert (ways[here] <= (ways[here][middle] + ways[middle]) * SLACK).all()


@law
@given(FRICTION, HEIGHTS, st.lists(CELL, min_size=1, max_size=4), CELL, STEPS, GRADES)
def test_the_nearest_of_many_starts_counts(friction, heights, starts, another, steps, grade):
    few, alone, all_ = (
        spread_cost(friction, chosen, steps=steps, elevation=heights, grade=grade).cost
        for chosen in (starts, [another], [*starts, another])
    )
    np.testing.assert_array_equal(all_, np.minimum(few, alone))


@law
@given(FRICTION, HEIGHTS, CELL, GRADES)
def test_more_steps_never_raise_a_cost(friction, heights, start, grade):
    eight, sixteen = (spread_cost(friction, [start], steps=steps, elevation=heights, grade=grade).cost for steps in (8, 16))
    assert (sixteen <= eight * SLACK).all()


@law
@given(FRICTION, HEIGHTS, CELL, STEPS, GRADES, st.sampled_from([0.25, 2.0, 1024.0]))
def test_frictions_times_k_give_costs_times_k(friction, heights, start, steps, grade, k):
    once, scaled = (spread_cost(ground, [start], steps=steps, elevation=heights, grade=grade).cost for ground in (friction, k * friction))
    np.testing.assert_allclose(scaled, k * once, rtol=1e-5)


@law
@given(FRICTION, HEIGHTS, CELL, STEPS, GRADES)
def test_a_steeper_limit_or_lighter_weights_never_raise_a_cost(friction, heights, start, steps, grade):
    easier = Grade(grade.steepest * 2, grade.up / 2, grade.down / 2)
    hard, easy = (spread_cost(friction, [start], steps=steps, elevation=heights, grade=given_).cost for given_ in (grade, easier))
    assert (easy <= hard * SLACK).all()
