"""Laws of feed by year and of what stands behind it: rules of rates, priors, gaps and sums."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.economics.bands import Band
from geokit.economics.feed import deposit_stock, feed_sources
from geokit.economics.prior import prior_rates
from geokit.economics.taylor import long_rate, mine_rate, taylor_rate
from geokit.economics.years import _last, feed_gaps, feed_years, sum_years
from tests.economics.conftest import frame, plan

MODEL = {"ln_tonnage_mean": 3.0, "ln_tonnage_sd": 1.5, "ln_grade_mean": 0.0, "ln_grade_sd": 0.5, "rank_correlation": 0.0}


def mined(layers, assumptions, *plans):
    return feed_years({**layers, "feed_plans": frame("feed_plans", *plans)}, assumptions=assumptions)


@pytest.fixture(scope="module")
def real(layers, assumptions):
    return feed_years(layers, assumptions=assumptions)


def with_twin(layers, **cells):
    """Give the pit a twin, the hole, whose cells differ."""
    feeds = layers["deposit_feeds"].assign(deposit_id="hole", feed_id="hole-1")
    more = {"deposits": layers["deposits"].assign(deposit_id="hole", name="Hole", **cells), "deposit_feeds": feeds}
    return {**layers, **{name: pd.concat([layers[name], table], ignore_index=True) for name, table in more.items()}}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=30), st.floats(0.0, 1e8))
def test_what_is_dug_up_is_the_tonnage_or_all_that_was_asked_for(rates, tonnage):
    ores = np.array(rates, dtype=float)
    dug = ores * _last(ores, tonnage)
    assert (dug <= ores * (1 + 1e-12)).all()
    assert dug.sum() == pytest.approx(min(tonnage, ores.sum()), rel=1e-9, abs=1e-6)


def test_no_body_of_the_layers_is_dug_up_twice(layers, assumptions, real):
    sized = deposit_stock(layers, assumptions=assumptions).set_index(["stage_id", "deposit_id"])["tonnage_t_high"].dropna()
    dug = real.groupby(["scenario", "stage_id", "deposit_id"])["ore_t_per_y"].sum(min_count=1).dropna().droplevel("scenario")
    both = pd.concat([dug, sized.reindex(dug.index)], axis=1).dropna()
    assert len(both) > 10
    assert (both["ore_t_per_y"] <= both["tonnage_t_high"] * (1 + 1e-9)).all()


def test_ends_of_the_layers_enclose_the_mode_and_nothing_is_negative(real):
    for what in ("ore", "feed", "product"):
        low, mode, high = (real[f"{what}_t_per_y{end}"] for end in ("_low", "", "_high"))
        known = mode.notna()
        assert known.any()
        assert (low[known] >= 0.0).all(), what
        assert (low[known] <= mode[known] * (1 + 1e-9)).all(), what
        assert (mode[known] <= high[known] * (1 + 1e-9)).all(), what


def test_another_body_and_the_order_of_the_rows_change_nothing(world, assumptions):
    layers, plans = with_twin(world.layers, tonnage_million_t_mode=0.1), (plan("pit", 20.0), plan("hole", 40.0))
    alone, both = mined(world.layers, assumptions, plans[0]), mined(layers, assumptions, *plans)
    pd.testing.assert_frame_equal(alone, both[both["deposit_id"] == "pit"].reset_index(drop=True))
    assert both.loc[both["deposit_id"] == "hole", "ore_t_per_y"].gt(0).any()
    turned = {name: table.iloc[::-1].reset_index(drop=True) for name, table in layers.items()}
    pd.testing.assert_frame_equal(mined(turned, assumptions, *plans[::-1]), both)


def test_what_a_place_can_draw_is_the_sum_of_its_mines_and_no_other(world, assumptions):
    layers = with_twin(world.layers, feed_available="captive")
    table = mined(layers, assumptions, plan("pit", 20.0), plan("hole", 40.0))
    feeds = feed_sources(world.layers, world.hauls, assumptions=assumptions)
    near = feeds[feeds["reachable"] == "yes"]
    both = pd.concat([near, near.assign(deposit_id="hole")], ignore_index=True)
    total = sum_years(table, both)
    rows = total[(total["place_id"] == "zone") & (total["stage_id"] == "smelt") & (total["year"] == 2026)].set_index("availability")
    assert rows["product_t_per_y"].to_dict() == pytest.approx({"free": 1_000.0, "captive": 2_000.0})
    mixed = sum_years(table.sample(frac=1.0, random_state=3), both.iloc[::-1])
    pd.testing.assert_frame_equal(total, mixed)


def test_a_mine_of_unknown_product_is_counted_as_unknown_and_adds_no_tonne(world, assumptions):
    layers = with_twin(world.layers, grade_value=float("nan"), grade_unit="")
    table = mined(layers, assumptions, plan("pit", 20.0), plan("hole", 40.0))
    feeds = feed_sources(world.layers, world.hauls, assumptions=assumptions)
    total = sum_years(table, pd.concat([feeds, feeds.assign(deposit_id="hole")], ignore_index=True))
    row = total[(total["place_id"] == "zone") & (total["stage_id"] == "smelt") & (total["year"] == 2026)].iloc[0]
    assert (row["unknown"], row["product_t_per_y"]) == (1, 1_000.0)


def test_every_stage_has_one_line_of_gaps_and_its_counts_are_nested(layers, real):
    told = feed_gaps(layers, real)
    assert sorted(told["stage_id"]) == sorted(layers["stages"]["stage_id"])
    assert (told["free_with_years"] <= told["with_years"]).all()
    assert (told[["with_years", "with_tonnage"]].max(axis=1) <= told["deposits"]).all()
    assert told["reason"].ne("").all()
    assert ((told["deposits"] == 0) == told["reason"].str.startswith("no deposit")).all()
    pd.testing.assert_frame_equal(told, feed_gaps(layers, real.sample(frac=1.0, random_state=1)))


def test_a_body_that_may_be_mined_either_way_has_the_ends_of_both():
    ore = Band.exact([3e6, 5e8])
    either, pit, deep = (mine_rate(ore, [kind] * 2) for kind in ("either", "open_pit", "underground"))
    np.testing.assert_array_equal(either.low, np.minimum(pit.low, deep.low))
    np.testing.assert_array_equal(either.high, np.maximum(pit.high, deep.high))
    np.testing.assert_array_equal(pit.mode, deep.mode)
    assert long_rate(5e8, "underground") < long_rate(5e8, "open_pit")


def test_a_tiny_body_is_gone_in_a_year_and_an_unknown_one_stays_unknown():
    rate = mine_rate(Band.exact([10.0, np.nan]), ["open_pit", "open_pit"])
    assert taylor_rate(10.0) > 10.0
    assert (rate.low[0], rate.mode[0], rate.high[0]) == (10.0, 10.0, 10.0)
    assert np.isnan([rate.low[1], rate.mode[1], rate.high[1]]).all()


@pytest.mark.parametrize("cells", [{"grade_of": "Xx"}, {"rank_correlation": np.nan}, {"ln_grade_sd": np.nan}])
def test_a_model_of_another_metal_or_with_a_hole_guesses_nothing(world, assumptions, cells):
    on = assumptions.replace(feed__prior_deposit_frac={"low": 0.1, "mode": 0.3, "high": 0.5})
    bodies = pd.DataFrame({"deposit_id": ["a"], "deposit_type": ["Massive"], "analyte": ["Mm"]})
    row = {"model_id": "massive", "grade_of": "Mm", "grade_unit": "% Mm", "source_id": "src-model", **MODEL}
    whole, blind = ({**world.layers, "grade_tonnage": frame("grade_tonnage", one)} for one in (row, row | cells))
    told = prior_rates(whole, bodies, assumptions=on).iloc[0]
    assert 0.0 < told["ore_low"] < told["ore"] < told["ore_high"]
    assert 0.0 < told["metal_low"] < told["metal"] < told["metal_high"] < told["ore_high"]
    assert prior_rates(blind, bodies, assumptions=on).empty
