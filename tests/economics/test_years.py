import pandas as pd
import pytest

from geokit.economics.feed import feed_sources
from geokit.economics.years import COLUMNS, GAPS, feed_gaps, feed_years, sum_years
from geokit.io.dictionary import read_columns
from tests.economics.conftest import frame, plan


def years(layers, assumptions, *plans, **more):
    return feed_years({**layers, "feed_plans": frame("feed_plans", *plans), **more}, assumptions=assumptions)


def test_columns_are_the_declared_ones(world, assumptions):
    table = years(world.layers, assumptions, plan("pit", 20.0))
    assert list(table) == [column.name for column in read_columns("feed_years")] == COLUMNS
    assert list(feed_gaps(world.layers, table)) == [column.name for column in read_columns("feed_gaps")] == GAPS


def test_a_stage_eats_what_the_stage_before_makes(world, assumptions):
    """20,000 t of ore at 10 % and 50 % recovery: 2,000 t of concentrate at 50 %, 1,000 t of metal."""
    first = years(world.layers, assumptions, plan("pit", 20.0)).query("year == 2026").set_index("stage_id")
    assert first.loc["mill", ["ore_t_per_y", "feed_t_per_y", "product_t_per_y"]].tolist() == [20_000.0, 20_000.0, 2_000.0]
    assert first.loc["smelt", ["feed_t_per_y", "product_t_per_y"]].tolist() == [2_000.0, 1_000.0]


def test_no_body_gives_more_than_it_holds(world, assumptions):
    """A million tonnes at 150,000 a year: six full years and two thirds of a seventh."""
    ore = years(world.layers, assumptions, plan("pit", 150.0)).query("stage_id == 'mill'")["ore_t_per_y"]
    assert ore.sum() == pytest.approx(1e6)
    assert ore.iloc[:8].tolist() == pytest.approx([150_000.0] * 6 + [100_000.0, 0.0])


def test_the_chance_of_development_shrinks_the_body_too(world, change, assumptions):
    layers = change(world.layers, "deposits", "deposit_id", "pit", deposit_type="Massive", status_code="feasibility")
    table = years(layers, assumptions).query("stage_id == 'mill'")
    assert table["ore_t_per_y"].sum() == pytest.approx(1e6 * assumptions.feed.development_frac["feasibility"].mode)


def test_the_second_phase_replaces_the_first(world, change, assumptions):
    layers = change(world.layers, "deposits", "deposit_id", "pit", status_code="feasibility", feed_available="committed")
    late, never = ({"scenario_id": name, "deposit_id": "pit"} for name in ("late", "never"))
    scenarios = frame("feed_scenarios", {**late, "first_ore_year": 2030.0}, never)
    plans = [plan("pit", size, "stated_plan", years_after_first_ore=after) for size, after in ((5.0, 0.0), (9.0, 4.0))]
    table = years(layers, assumptions, *plans, feed_scenarios=scenarios).query("stage_id == 'mill'").set_index(["scenario", "year"])
    assert table.loc["late"].loc[[2029, 2030, 2033, 2034], "ore_t_per_y"].tolist() == [0.0, 5_000.0, 5_000.0, 9_000.0]
    assert (table.loc["never", "ore_t_per_y"] == 0.0).all()
    assert set(table["availability"]) == {"committed"}


def test_a_holder_nobody_can_name_is_unknown_and_not_free(world, change, assumptions):
    table = years(change(world.layers, "deposits", "deposit_id", "pit", feed_available=""), assumptions, plan("pit", 20.0))
    assert set(table["availability"]) == {"unknown"}


def test_ore_without_a_grade_is_ore_and_no_product(world, change, assumptions):
    layers = change(world.layers, "deposits", "deposit_id", "pit", grade_value=float("nan"), grade_unit="")
    row = years(layers, assumptions, plan("pit", 20.0)).query("year == 2026 and stage_id == 'mill'").iloc[0]
    assert row["feed_t_per_y"] == 20_000.0
    assert pd.isna(row["product_t_per_y"])


def test_gaps_say_what_is_not_known(world, change, assumptions):
    blind = change(world.layers, "deposits", "deposit_id", "pit", tonnage_million_t_mode=float("nan"))
    told = feed_gaps(blind, years(blind, assumptions)).set_index("stage_id")
    assert told.loc["smelt", "reason"] == "no published resource"
    told = feed_gaps(world.layers, years(world.layers, assumptions)).set_index("stage_id")
    assert "no count, plan or rule" in told.loc["smelt", "reason"]
    told = feed_gaps(world.layers, years(world.layers, assumptions, plan("pit", 20.0))).set_index("stage_id")
    assert told.loc["smelt", ["with_years", "free_with_years", "reason"]].tolist() == [1, 1, "free feed by year is known"]


def test_a_place_draws_what_is_in_reach(world, assumptions):
    feeds = feed_sources(world.layers, world.hauls, assumptions=assumptions)
    rows = sum_years(years(world.layers, assumptions, plan("pit", 20.0)), feeds)
    row = rows[(rows["place_id"] == "zone") & (rows["stage_id"] == "smelt") & (rows["year"] == 2026)].iloc[0]
    assert (row["availability"], row["product_t_per_y"], row["unknown"]) == ("free", 1_000.0, 0)
    assert sum_years(years(world.layers, assumptions, plan("pit", 20.0)), feeds.assign(reachable="no")).empty


def test_the_high_end_of_a_cluster_counts_once():
    row = {"stage_id": "mill", "scenario": "late", "year": 2026, "availability": "free", "cluster": "belt"}
    tonnes = {f"{what}_t_per_y{end}": value for what in ("feed", "product") for end, value in (("_low", 0.0), ("", 10.0), ("_high", 20.0))}
    table = pd.DataFrame([{**row, **tonnes, "deposit_id": name} for name in "ab"])
    feeds = pd.DataFrame({"place_id": "zone", "stage_id": "mill", "deposit_id": ["a", "b"], "reachable": "yes"})
    total = sum_years(table, feeds).iloc[0]
    assert (total["feed_t_per_y"], total["feed_t_per_y_high"]) == (20.0, 20.0)
