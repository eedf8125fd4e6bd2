import pandas as pd
import pytest

from geokit.economics.reality_years import COLUMNS, compare_years
from geokit.economics.years import feed_gaps, feed_years
from geokit.io.dictionary import read_columns
from tests.economics.conftest import frame, plan


@pytest.fixture
def compared(world, assumptions):
    def compare(layers=world.layers, tonnes=None, **cells):
        plans = frame("feed_plans", plan("pit", 20.0, **cells))
        layers = {**layers, "stages": layers["stages"].assign(commodity_id="mm"), "feed_plans": plans}
        row = {"trade_id": "mm", "commodity_id": "mm", "flow": "export", "kind": "observed", "tonnes_of": "ore", "tonnes": tonnes}
        trade = frame("trade", {**row, "period": "year", "year": 2020.0}) if tonnes else frame("trade")
        return compare_years({**layers, "trade": trade}, feed_years(layers, assumptions=assumptions))

    return compare


def test_columns_are_the_declared_ones(compared):
    assert list(compared()) == [column.name for column in read_columns("reality_years")] == COLUMNS


@pytest.mark.parametrize(("tonnes", "verdict"), [(None, "not_counted"), (20_000.0, "within"), (19_000.0, "above")])
def test_a_running_mine_above_what_was_counted_is_told(compared, tonnes, verdict):
    assert set(compared(tonnes=tonnes)["verdict"]) == {verdict}


def test_a_mine_that_does_not_run_yet_explains_itself(world, change, compared):
    layers = change(world.layers, "deposits", "deposit_id", "pit", status_code="construction")
    rows = compared(layers, tonnes=5_000.0, basis="stated_plan")
    assert set(rows["verdict"]) == {"within", "new_mines"}
    assert rows.loc[rows["verdict"] == "new_mines", "running_free_kt"].eq(0.0).all()


@pytest.fixture(scope="module")
def real(layers, assumptions):
    return feed_years(layers, assumptions=assumptions)


def test_no_running_mine_of_the_layers_gives_more_free_ore_than_was_ever_counted(layers, real):
    rows = compare_years(layers, real)
    assert "above" not in set(rows["verdict"])
    assert {"chromite", "barite"} <= set(rows.loc[rows["verdict"] == "within", "commodity_id"])


def test_captive_and_committed_mines_are_never_free(layers, real):
    held = layers["deposits"].loc[layers["deposits"]["feed_available"].isin(["captive", "committed"]), "deposit_id"]
    assert {"saindak", "duddar", "reko-diq"} <= set(real["deposit_id"])
    assert not set(real.loc[real["availability"] == "free", "deposit_id"]) & set(held)


def test_what_the_mines_are_counted_to_give_comes_back(real):
    """16,426 t of copper (2021), 500,000 t of lead-zinc ore (2019), 300 to 500 t of chromite a day shared by two places."""
    first = real[(real["scenario"] == "late") & (real["year"] == 2026)].set_index(["stage_id", "deposit_id"])
    assert first.loc[("copper-concentrate", "saindak"), "product_t_per_y"] * 0.275 == pytest.approx(16_426.0)
    assert first.loc[("lead-zinc-concentrate", "duddar"), "ore_t_per_y"] == 500_000.0
    chrome = first.loc["chromite-concentrate"]
    assert chrome["ore_t_per_y"].sum() == pytest.approx(400 * 365)
    assert (chrome["ore_t_per_y_high"] == 500 * 365).all()


def test_the_scenarios_move_one_project_alone(layers, real):
    """240,000 and 460,000 t of copper at 27.5 % from 2028 or 2030 on, and six years later; never means nothing."""
    rows = real.query("stage_id == 'copper-concentrate' and deposit_id == 'reko-diq'").set_index(["scenario", "year"])["product_t_per_y"]
    assert rows["on_time"].loc[[2027, 2028, 2034]].tolist() == pytest.approx([0.0, 240_000 / 0.275, 460_000 / 0.275])
    assert rows["late"].loc[[2029, 2030, 2035, 2036]].tolist() == pytest.approx([0.0, *[240_000 / 0.275] * 2, 460_000 / 0.275])
    assert (rows["never"] == 0.0).all()
    others = real[real["deposit_id"] != "reko-diq"]
    one, other = (others[others["scenario"] == name].drop(columns="scenario").reset_index(drop=True) for name in ("late", "never"))
    pd.testing.assert_frame_equal(one, other)
    dates = layers["deposits"].set_index("deposit_id").loc["reko-diq"]
    years = layers["feed_scenarios"]["first_ore_year"].dropna()
    assert years.between(dates["first_ore_year_low"], dates["first_ore_year_high"]).all()


def test_sub_bodies_add_nothing(layers, real):
    parts = layers["deposits"].loc[layers["deposits"]["parent_kind"] == "sub_body", "deposit_id"]
    assert len(parts) > 10
    assert not set(real["deposit_id"]) & set(parts)


def test_rare_earth_plants_have_no_published_resource(layers, real):
    gaps = feed_gaps(layers, real).set_index("stage_id")["reason"]
    stages = [stage for stage in gaps.index if stage.startswith("ree-")]
    assert len(stages) == 5
    assert set(gaps[stages]) == {"no published resource"}


def test_the_prior_is_off_and_marked_when_it_is_on(layers, assumptions, real):
    assert "prior" not in set(real["basis"])
    on = assumptions.replace(feed__prior_deposit_frac={"low": 0.1, "mode": 0.3, "high": 0.5})
    more = feed_years(layers, assumptions=on)
    drawn = more[more["basis"] == "prior"]
    assert len(drawn)
    assert drawn["note"].str.startswith("PRIOR, no tonnage").all()
    silent = layers["deposits"].loc[layers["deposits"]["tonnage_million_t_mode"].isna(), "deposit_id"]
    assert set(drawn["deposit_id"]) <= set(silent)
    pd.testing.assert_frame_equal(more[more["basis"] != "prior"].reset_index(drop=True), real)


def test_sources_and_rules_are_named(layers, real):
    named = real["source_ids"].str.split(";").explode()
    assert set(named) - {""} <= set(layers["sources"]["source_id"])
    assert real["source_ids"].ne("").all()
    assert real.loc[real["basis"] == "taylor", "source_ids"].str.contains("fed-taylor-1986").all()
