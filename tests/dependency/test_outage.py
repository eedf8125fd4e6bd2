"""Reagent outages against stocks."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence

from geokit.dependency.delay import BlockOrder, simulate_plants
from geokit.dependency.outage import join_margins, lose_margin, simulate_outage, weigh_outages

ORDER = BlockOrder(0.5, 0.9, ((1.0, 2.0, 3.0),), (4.0, 6.0, 9.0))
SEED = SeedSequence(2)


def test_the_loss_is_the_margin_of_the_months_beyond_the_stock():
    assert lose_margin([0.0, 4.0, 10.0], stock_months=6.0, margin_per_month=3.0).tolist() == [0.0, 0.0, 12.0]


def test_without_stock_or_margin_the_loss_is_unknown_unless_nothing_is_lost():
    assert np.isnan(lose_margin([4.0, 10.0], stock_months=np.nan, margin_per_month=3.0)).all()
    assert lose_margin(0.0, stock_months=np.nan, margin_per_month=np.nan) == 0.0
    assert lose_margin(4.0, stock_months=6.0, margin_per_month=np.nan) == 0.0
    assert np.isnan(lose_margin(8.0, stock_months=6.0, margin_per_month=np.nan))


def test_the_break_even_stock_leaves_nothing_uncovered_and_no_stock_everything():
    outages = pd.DataFrame({"outage_months_p50": [2.0], "outage_months_p80": [7.0]})
    (row,) = weigh_outages(outages, stock_months=7.0).to_dict("records")
    assert (row["break_even_stock_months"], row["uncovered_months_p80"]) == (7.0, 0.0)
    (row,) = weigh_outages(outages, stock_months=0.0).to_dict("records")
    assert (row["uncovered_months_p50"], row["uncovered_months_p80"]) == (2.0, 7.0)
    (row,) = weigh_outages(outages, stock_months=None).to_dict("records")
    assert np.isnan([row["stock_months"], row["uncovered_months_p50"], row["uncovered_months_p80"]]).all()


def test_an_outage_is_that_of_its_block_with_the_draws_of_the_whole_plant():
    slow = dataclasses.replace(ORDER, licence_months=((30.0, 30.0, 30.0),), substitute_months=(30.0, 30.0, 30.0), exposed=1.0)
    plants = [[[slow, ORDER]], [[slow, dataclasses.replace(ORDER, refused=1.0)]]]
    found = simulate_outage(plants, [1.0], 1, seed=SEED, samples=500)
    free = dataclasses.replace(slow, licence_months=())
    alone = simulate_plants([[[free, ORDER]]], [1.0], seed=SEED, samples=500)[0][0]
    assert found[0] == (alone.p50, alone.p80)
    assert found[1] > found[0]


def test_only_reagents_that_a_clause_may_bind_are_told(assessed, layers):
    rows = assessed.outages
    reagents = layers["classes"].loc[layers["classes"]["control_kind"] == "reagent", "class_id"]
    assert len(rows)
    assert set(rows["block_id"]) <= set(reagents)
    assert (rows["outage_months_p50"] <= rows["outage_months_p80"]).all()
    assert rows["break_even_stock_months"].equals(rows["outage_months_p80"].rename("break_even_stock_months"))


def test_a_harder_profile_goes_without_for_longer(solved):
    for found in solved.values():
        table = found.outages.pivot_table(index=["stage_id", "block_id"], columns="profile", values="outage_months_p80")
        assert (table.diff(axis=1).iloc[:, 1:] >= 0).all().all()


@pytest.mark.parametrize("stock", [0.0, 3.0, 24.0])
def test_more_stock_never_loses_more(stock):
    months = np.linspace(0.0, 30.0, 31)
    less, more = (lose_margin(months, stock_months=one, margin_per_month=1.0) for one in (stock, stock + 1.0))
    assert (more <= less).all()


def test_what_an_outage_costs_by_hand():
    """Twelve months without the reagent, two of stock, 240 USD/t: 10 x 240 / 12; without a margin nothing is lost."""
    rows = pd.DataFrame({"outage_months_p50": [1.0, 6.0, 6.0], "outage_months_p80": [12.0, 6.0, 0.0]})
    found = join_margins(weigh_outages(rows, stock_months=2.0), pd.Series([240.0, -50.0, np.nan]))
    assert found["lost_margin_usd_per_t_p50"].iloc[:2].tolist() == pytest.approx([0.0, 0.0])
    assert found["lost_margin_usd_per_t_p80"].tolist() == pytest.approx([200.0, 0.0, 0.0])
    assert np.isnan(found["lost_margin_usd_per_t_p50"].iloc[2])
    unknown = join_margins(weigh_outages(rows, stock_months=None), pd.Series([240.0, 240.0, 240.0]))
    assert unknown["lost_margin_usd_per_t_p80"].isna().tolist() == [True, True, False]
