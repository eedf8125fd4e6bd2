"""Laws of regret over futures, on worths drawn at random."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from geokit.outputs.futures_text import _measure
from geokit.scoring.regret import find_regret
from geokit.study.futures import FUTURES, Futures, sum_regret

WORTHS = arrays(float, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=6), elements=st.floats(0, 1))


def lay(worth):
    """Return futures named after their best, and alternatives in their order."""
    names = [f"a{place}" for place in range(worth.shape[1])]
    best = [names[place] for place in worth.argmax(axis=1)]
    futures = pd.DataFrame([(f"r{row}", "late", "", name, len(names)) for row, name in enumerate(best)], columns=FUTURES)
    return futures, pd.DataFrame({"alternative": names, "rank": np.arange(1.0, len(names) + 1.0)})


@settings(max_examples=40, deadline=None)
@given(worth=WORTHS)
def test_nobody_regrets_less_than_nothing_and_somebody_regrets_nothing_in_each_future(worth):
    regret = find_regret(worth)
    assert (regret >= 0).all()
    assert (regret.min(axis=1) == 0).all()


@settings(max_examples=40, deadline=None)
@given(worth=WORTHS)
def test_the_table_holds_the_worst_and_the_mean_of_each_and_orders_by_the_worst(worth):
    futures, now = lay(worth)
    table = sum_regret(worth, futures, now)
    regret = pd.DataFrame(find_regret(worth), columns=now["alternative"])
    told = table.set_index("alternative")
    np.testing.assert_allclose(told["regret_most"], regret.max()[told.index])
    np.testing.assert_allclose(told["regret_mean"], regret.mean()[told.index])
    assert table["regret_most"].is_monotonic_increasing
    assert np.isclose(told["first_frac"].sum(), 1.0)
    worst = [regret.loc[int(name[1:]), one] for one, name in told["worst_regime"].items()]
    np.testing.assert_allclose(worst, told["regret_most"])


@settings(max_examples=40, deadline=None)
@given(worth=WORTHS, bonus=st.floats(0, 1))
def test_what_lifts_a_whole_future_changes_no_regret(worth, bonus):
    lifted = worth + bonus * np.arange(1, len(worth) + 1)[:, None]
    np.testing.assert_allclose(find_regret(lifted), find_regret(worth), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(worth=WORTHS)
def test_one_more_future_never_lowers_the_regret_at_worst(worth):
    futures, now = lay(worth)
    counts = (len(worth), max(len(worth) - 1, 1))
    whole, part = (sum_regret(worth[:rows], futures.head(rows), now).set_index("alternative")["regret_most"] for rows in counts)
    assert (whole >= part.reindex(whole.index) - 1e-12).all()


@settings(max_examples=30, deadline=None)
@given(shift=st.floats(-0.5, 0.5), base=st.floats(0, 1))
def test_a_side_of_the_grid_moves_a_score_by_what_it_moves_it(shift, base):
    grid = [(regime, "late", closure, "a", 1) for regime in ("r", "s") for closure in ("", "c")]
    worth = np.array([[base + shift * (closure == "c")] for _, _, closure, *_ in grid])
    found = Futures(pd.DataFrame(grid, columns=FUTURES), pd.DataFrame(), worth)
    assert np.isclose(_measure(found, "closure_id"), abs(shift))
    assert _measure(found, "regime") == 0.0
