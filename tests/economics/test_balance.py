import math

import pandas as pd
import pytest

from geokit.core.errors import AssumptionError
from geokit.economics.balance import content_factors, feed_ratios, map_factors, step_recoveries


def ratio(layers, assumptions, stage="smelt"):
    return feed_ratios(layers, assumptions=assumptions).set_index("stage_id").loc[stage]


def test_half_metal_feed_without_loss_takes_two_tonnes(world, assumptions):
    row = ratio(world.layers, assumptions)
    assert (row["feed_t_low"], row["feed_t"], row["feed_t_high"]) == (2.0, 2.0, 2.0)
    assert row["need"] == 1.0


def test_a_recovery_nobody_states_spreads_the_ratio(world, change, assumptions):
    layers = change(world.layers, "stages", "stage_id", "smelt", recovery_frac=math.nan)
    row = ratio(layers, assumptions.replace(feed__recovery_frac={"low": 0.5, "mode": 0.8, "high": 1.0}))
    assert (row["feed_t_low"], row["feed_t"], row["feed_t_high"]) == (2.0, 2.5, 4.0)


def test_an_oxide_in_the_feed_is_turned_into_metal(world, change, assumptions):
    layers = change(world.layers, "products", "product_id", "conc", contained_of="Mm2O")
    assert ratio(layers, assumptions)["feed_t"] == pytest.approx(1.0 / (0.8 * 0.5))


def test_a_stated_ratio_wins(world, change, assumptions):
    row = ratio(change(world.layers, "stages", "stage_id", "smelt", input_t_per_t=3.0), assumptions)
    assert (row["feed_t"], row["ratio_stated"], row["ratio_note"]) == (3.0, True, "")


@pytest.mark.parametrize(
    ("product", "cells", "word"),
    [
        ("metal", {"contained_frac_mode": math.nan}, "content of the product"),
        ("conc", {"contained_frac_mode": math.nan}, "content of the feed"),
        ("conc", {"contained_of": "Zz"}, "does not carry"),
    ],
)
def test_a_missing_part_of_the_balance_is_named(world, change, assumptions, product, cells, word):
    row = ratio(change(world.layers, "products", "product_id", product, **cells), assumptions)
    assert math.isnan(row["feed_t"])
    assert word in row["ratio_note"]


def test_factors_hold_both_ways(world):
    factors = content_factors(world.layers)
    start, end = pd.Series(["Mm2O", "Mm", "Mm", "Mm"]), pd.Series(["Mm", "Mm2O", "Mm", "Zz"])
    assert list(map_factors(factors, start, end)[:3]) == [0.8, 1.25, 1.0]
    assert math.isnan(map_factors(factors, start, end)[3])


def test_a_recovery_is_marked_as_ours_or_theirs(world, change, assumptions):
    steps = step_recoveries(change(world.layers, "stages", "stage_id", "smelt", recovery_frac=math.nan), assumptions=assumptions)
    assert list(steps["recovery_assumed"]) == [False, True]
    assert steps.loc["smelt", "recovery"] == assumptions.feed.recovery_frac.mode


def test_a_recovery_above_one_is_refused(assumptions):
    with pytest.raises(AssumptionError, match=r"feed\.recovery_frac\.high: 1\.2"):
        assumptions.replace(feed__recovery_frac={"low": 0.5, "mode": 0.8, "high": 1.2})


def test_a_spread_of_sourced_recoveries_spreads_the_step(world, change, assumptions):
    layers = change(world.layers, "stages", "stage_id", "mill", recovery_frac_low=0.4, recovery_frac_high=0.6)
    row = step_recoveries(layers, assumptions=assumptions).loc["mill"]
    assert row[["recovery_low", "recovery", "recovery_high"]].tolist() == [0.4, 0.5, 0.6]
