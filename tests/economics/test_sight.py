"""The feed in sight of a plant: what counts, what only widens the bounds, and what stays unknown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.economics.cashflow import CASE, ENDLESS_T_PER_Y, Plan, lay_flow
from geokit.economics.feed import feed_sources
from geokit.economics.sight import operate, see_feed
from geokit.economics.years import feed_years
from tests.economics.conftest import frame, haul, plan

CONC = 10_000.0
"""100 kt of ore a year at 10 % Mm and a recovery of a half, as concentrate of 50 %."""


@pytest.fixture
def see(world, assumptions):
    """Return the feed in sight of the smelter in the zone."""

    def seen(*plans, pits=("free",), assumed=assumptions, dates=(), **pit):
        first = world.layers["deposits"].assign(**pit)
        names = [f"pit{number or ''}" for number in range(len(pits))]
        deposits = pd.concat([first.assign(deposit_id=name, feed_available=holder) for name, holder in zip(names, pits, strict=True)])
        feeds = pd.concat([world.layers["deposit_feeds"].assign(deposit_id=name, feed_id=name) for name in names], ignore_index=True)
        plan_rows = {"feed_plans": frame("feed_plans", *plans), "feed_scenarios": frame("feed_scenarios", *dates)}
        layers = world.layers | plan_rows | {"deposits": deposits.reset_index(drop=True), "deposit_feeds": feeds}
        hauls = pd.concat([world.hauls, frame("hauls", *(haul(name, "zone", "feed", 5.0) for name in names[1:]))], ignore_index=True)
        years = feed_years(layers, assumptions=assumed)
        reach = feed_sources(layers, hauls, assumptions=assumed)
        return see_feed(years, reach, world.alternatives, assumptions=assumed)

    return seen


def zone(sight, feed="conc", deposit="pit"):
    """Return low, mode, high and the most of the smelter in the first year, and what is said of them."""
    row = {"place_id": "zone", "stage_id": "smelt", "deposit_id": deposit, "feed_product_id": feed}
    place = sight.find(pd.DataFrame([row]))[0]
    ends = [float(one[place, 0]) for one in (sight.feed.low, sight.feed.mode, sight.feed.high, sight.most)]
    return ends, sight.about.iloc[place]


def test_free_feed_that_somebody_counted_is_in_sight(see):
    ends, about = zone(see(plan("pit", 100.0, kt_per_y_low=80.0, kt_per_y_high=120.0)))
    assert ends == pytest.approx([0.8 * CONC, CONC, 1.2 * CONC, 1.2 * CONC])
    assert (about["sight_mark"], about["sight_unrated"], about["sight_source_ids"]) == ("evidence", 0, "src-plan")


def test_free_feed_without_a_rate_is_unknown_and_never_full(see):
    ends, about = zone(see())
    assert ends[0] == 0.0
    assert np.isnan(ends[1:3]).all()
    assert ends[3] == ENDLESS_T_PER_Y
    assert about["sight_mark"] == "missing"


@pytest.mark.parametrize("holder", ["captive", "committed"])
def test_feed_that_is_held_is_known_to_be_none(see, holder):
    ends, about = zone(see(plan("pit", 100.0), pits=(holder,)))
    assert ends == [0.0, 0.0, 0.0, 0.0]
    assert about["sight_mark"] == "evidence"


def test_feed_of_an_unknown_holder_is_unknown_up_to_its_rate(see):
    ends, _ = zone(see(plan("pit", 100.0), pits=("",)))
    assert ends[0] == 0.0
    assert np.isnan(ends[1])
    assert ends[3] == pytest.approx(CONC)


def test_contested_feed_widens_the_most_alone(see):
    ends, _ = zone(see(plan("pit", 100.0), plan("pit1", 30.0), pits=("free", "contested")))
    assert ends == pytest.approx([CONC, CONC, CONC, 1.3 * CONC])


def test_a_free_deposit_without_a_rate_opens_the_most_and_leaves_the_mode(see):
    ends, about = zone(see(plan("pit", 100.0), pits=("free", "free")))
    assert ends == pytest.approx([CONC, CONC, CONC, ENDLESS_T_PER_Y])
    assert about["sight_unrated"] == 1


def test_what_the_user_states_takes_the_place_of_the_feed_in_sight(see, assumptions):
    own = assumptions.replace(supply_t_per_y={"smelt": {"low": 1.0, "mode": 2.0, "high": 3.0}})
    for plans in ((), (plan("pit", 100.0),)):
        ends, about = zone(see(*plans, assumed=own), feed="anything", deposit="")
        assert ends == [1.0, 2.0, 3.0, 3.0]
        assert about["sight_mark"] == "assumption"


@pytest.mark.parametrize(("scenario", "tonnes"), [("late", [0.0, 0.0, 0.0, CONC, CONC]), ("never", [0.0] * 5)])
def test_the_scenario_of_first_ore_says_from_which_year_on_feed_is_in_sight(see, assumptions, scenario, tonnes):
    dates = [
        {"scenario_id": "late", "deposit_id": "pit", "first_ore_year": 2029.0},
        {"scenario_id": "never", "deposit_id": "pit", "first_ore_year": np.nan},
    ]
    assumed, plans = assumptions.replace(feed__scenario=scenario), plan("pit", 100.0, basis="stated_plan")
    told = see(plans, dates=dates, assumed=assumed, status_code="feasibility")
    place = told.about.index[told.about["stage_id"] == "smelt"][0]
    assert told.feed.mode[place][:5].tolist() == pytest.approx(tonnes)


@pytest.mark.parametrize("row", [{"feed": "ore"}, {"deposit": ""}])
def test_other_feed_than_the_counted_and_feed_bought_elsewhere_is_unknown(see, row):
    ends, about = zone(see(plan("pit", 100.0)), **row)
    assert np.isnan(ends[1])
    assert about["sight_mark"] == "missing"


@pytest.mark.parametrize(("decided", "delay"), [(0.0, 0.0), (1.9, 0.0), (0.25, 0.5), (1.0, 30.0)])
def test_the_years_told_are_those_of_the_cash_flow(decided, delay):
    """Sight by calendar year 10, 11, 12 ...; an operating year takes its share of two of them, and the last one stands for later ones."""
    sight = np.arange(10.0, 40.0)
    life = Plan(2.0, 2, np.ones(5), 5, 5, 0.0, 0.0, decided)
    flow = lay_flow(np.array([0.0 if name != "delay_years" else delay for name in CASE]), life, sight)
    told = operate(sight[np.newaxis], np.array([decided + 2.0 + delay]), 5)[0]
    assert flow["product_in_sight_t"].tolist()[2:] == pytest.approx(told.tolist())
    assert told.tolist() == pytest.approx([min(10.0 + decided + 2.0 + delay + year, 39.0) for year in range(5)])
