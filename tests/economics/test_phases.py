import math

import pandas as pd
import pytest

from geokit.core.errors import UnknownNameError
from geokit.economics.phases import list_phases, list_scenarios
from tests.economics.conftest import frame, plan


def phases(layers, assumptions, **more):
    return list_phases({**layers, **more}, assumptions=assumptions)


@pytest.fixture
def quiet(world, change):
    """A body of known tonnage that does not run and of which nobody states a rate."""
    return change(world.layers, "deposits", "deposit_id", "pit", deposit_type="Massive", status_code="feasibility")


def test_a_count_beats_the_rule(world, change, assumptions):
    layers = change(world.layers, "deposits", "deposit_id", "pit", deposit_type="Massive")
    row = phases(layers, assumptions, feed_plans=frame("feed_plans", plan("pit", 20.0))).iloc[0]
    assert (row["basis"], row["ore"], row["metal"], row["development_frac"]) == ("observed", 20_000.0, 1_000.0, 1.0)
    assert phases(layers, assumptions)["basis"].tolist() == ["taylor"]


def test_the_rule_holds_for_coherent_bodies_alone(world, quiet, change, assumptions):
    row = phases(quiet, assumptions).iloc[0]
    chance = assumptions.feed.development_frac["feasibility"]
    assert row["ore"] == pytest.approx(chance.mode * 1e6**0.75 / 0.2)
    assert row["start"] == assumptions.finance.price_year + assumptions.feed.years_to_first_ore.mode
    assert row["start_high"] < row["start"] < row["start_low"]
    assert phases(world.layers, assumptions).empty
    unlikely = change(quiet, "deposits", "deposit_id", "pit", status_code="occurrence")
    assert phases(unlikely, assumptions).empty


def test_a_cluster_shares_one_count(world, assumptions):
    layers = {name: table.copy() for name, table in world.layers.items()}
    twin = layers["deposits"].assign(deposit_id="hole", name="Hole")
    layers["deposits"] = pd.concat([layers["deposits"], twin], ignore_index=True)
    layers["deposit_feeds"] = pd.concat([layers["deposit_feeds"], layers["deposit_feeds"].assign(deposit_id="hole")], ignore_index=True)
    rows = phases(layers, assumptions, feed_plans=frame("feed_plans", plan("pit|hole", 20.0, plan_id="belt")))
    assert rows["ore"].tolist() == [10_000.0, 10_000.0]
    assert set(zip(rows["ore_low"], rows["ore_high"], rows["cluster"], strict=True)) == {(0.0, 20_000.0, "belt")}


def test_scenarios_set_the_first_ore_of_a_plan_and_never_means_never(quiet, assumptions):
    scenarios = frame(
        "feed_scenarios",
        {"scenario_id": "late", "deposit_id": "pit", "first_ore_year": 2030.0},
        {"scenario_id": "never", "deposit_id": "pit"},
    )
    sizes = ((5.0, 0.0), (9.0, 4.0))
    plans = frame("feed_plans", *(plan("pit", size, "stated_plan", years_after_first_ore=after) for size, after in sizes))
    rows = phases(quiet, assumptions, feed_plans=plans, feed_scenarios=scenarios).set_index(["scenario", "ore"])
    assert rows.loc[("late", 5_000.0), "start"] == 2030.0
    assert rows.loc[("late", 9_000.0), "start_low"] == 2034.0
    assert math.isnan(rows.loc[("never", 5_000.0), "start"])
    assert (rows["development_frac"] == 1.0).all()


def test_content_is_counted_after_the_first_stage(world, assumptions):
    plans = frame("feed_plans", plan("pit", 1.0, tonnes_of="content", content="Mm"))
    row = phases(world.layers, assumptions, feed_plans=plans).iloc[0]
    assert (row["metal"], row["ore"]) == (1_000.0, pytest.approx(20_000.0))
    plans = frame("feed_plans", plan("pit", 1.0, tonnes_of="content", content="Mm", ore_kt_per_y=30.0))
    assert phases(world.layers, assumptions, feed_plans=plans).iloc[0]["ore"] == 30_000.0


def test_an_unknown_scenario_is_an_error_with_the_choices(world, assumptions):
    scenarios = frame("feed_scenarios", {"scenario_id": "soon", "deposit_id": "pit", "first_ore_year": 2030.0})
    with pytest.raises(UnknownNameError, match="soon"):
        list_scenarios({**world.layers, "feed_scenarios": scenarios}, assumptions=assumptions)
    assert list_scenarios(world.layers, assumptions=assumptions) == ["late"]
