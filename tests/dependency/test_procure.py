"""The procurement plan on hand-made blocks and on the real layers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.dependency.buy import lose_value
from geokit.dependency.procure import plan_procurement, price_blocks

NAN = float("nan")
BLOCK = {
    "stage_id": "smelt", "block_id": "KILN", "b_low": 0.2, "b": 0.5, "b_high": 0.9, "sigma_technique": 0.5, "vendors_left": 2.0,
    "substitute_low": 2.5, "substitute": 12.0, "substitute_high": 30.0, "premium_low": 1.1, "premium": 1.5, "premium_high": 2.4,
    "capex_share_frac": NAN, "process": "", "upstream": "", "tolls": "", "control_kind": "equipment",
}  # fmt: skip
TERMS = {"rate_frac": 0.10, "pv_over_capex": 1.5, "equipment_share_frac": 0.2}
LOSS = 1.5 * (1 - 1 / 1.1)


def plan(**changes):
    terms = TERMS | {name: changes.pop(name) for name in list(changes) if name in {*TERMS, "float_months"}}
    return plan_procurement(pd.DataFrame([BLOCK | changes]), **terms).iloc[0]


def test_what_nothing_binds_needs_no_plan():
    blocks = pd.DataFrame([BLOCK | {"b_low": 0.0, "b": 0.0, "b_high": 0.0}])
    assert plan_procurement(blocks, **TERMS).empty


def test_the_break_even_share_by_hand():
    row = plan()
    assert row["omega_star"] == pytest.approx(0.5 * LOSS / 0.5)
    assert row["omega_star_low"] == pytest.approx(0.2 * 1.5 * float(lose_value(2.5, rate_frac=0.10)) / 1.4)
    assert row["omega_star_low"] <= row["omega_star"] <= row["omega_star_high"]
    assert np.isnan(row["b_star"])


def test_an_unknown_share_decides_nothing_below_the_share_of_all_equipment():
    row = plan()
    assert (row["choice"], row["choices"]) == ("", "elsewhere;wait")
    assert row["plan"] == "not decided: share of the capital cost not found; buying elsewhere pays up to 0.14 of it"


def test_where_it_pays_beyond_the_share_of_all_equipment_it_is_bought_elsewhere():
    assert plan(b=0.9)["choice"] == "elsewhere"
    assert plan(b=0.9, control_kind="technology")["choice"] == "", "crews are no equipment"
    assert plan(b=0.9, control_kind="technology", premium=1.05)["choice"] == "elsewhere", "no item costs more than the plant"


@pytest.mark.parametrize(("share", "choice"), [(0.05, "elsewhere"), (0.2, "wait")])
def test_a_known_share_decides_by_the_worked_table_of_the_dossier(share, choice):
    """Section 4.6: at 12 months and 1.5 the threshold is 0.18 for 5 % of the capital cost and 0.73 for 20 %."""
    row = plan(capex_share_frac=share)
    assert row["b_star"] == pytest.approx({0.05: 0.18, 0.2: 0.73}[share], abs=5e-3)
    assert row["choice"] == choice


@pytest.mark.parametrize("missing", [{"premium": NAN}, {"b": NAN}, {"substitute": NAN}])
def test_a_missing_figure_decides_nothing_and_is_named(missing):
    row = plan(capex_share_frac=0.05, **missing)
    assert row["choice"] == ""
    assert row["plan"].startswith("not decided: ")
    assert {"premium": "premium", "b": "chance of a refusal", "substitute": "delay"}[next(iter(missing))] in row["plan"]


@pytest.mark.parametrize("changes", [{"sigma_technique": 0.0}, {"vendors_left": NAN}, {"vendors_left": 0.0}])
def test_without_another_vendor_nobody_else_can_be_asked(changes):
    row = plan(**changes)
    assert (row["choice"], row["choices"]) == ("", "wait")
    assert "nobody else" in row["plan"]


def test_other_ways_are_admissible_and_not_priced():
    row = plan(process="caustic cracking", upstream="concentrate", tolls="toll-far")
    assert row["choices"] == "elsewhere;process;toll;wait"
    assert "price not found: caustic cracking" in row["plan"]
    assert "stop at concentrate and toll, price not found: toll-far" in row["plan"]


def test_a_licence_that_is_never_given_cannot_be_waited_for():
    assert plan(b_low=1.0, b=1.0, b_high=1.0)["choices"] == "elsewhere"


def test_a_reagent_is_no_capital_cost():
    assert plan(control_kind="reagent", b=0.9)["choice"] == ""


def test_float_shortens_what_buying_elsewhere_saves():
    assert plan(float_months=5.0)["delay_months_saved"] == 7.0
    row = plan(float_months=40.0)
    assert (row["delay_months_saved"], row["omega_star_high"], row["choice"]) == (0.0, 0.0, "wait")


def test_what_more_is_at_stake_pays_for_more():
    assert plan(pv_over_capex=3.0)["omega_star"] == pytest.approx(2 * plan()["omega_star"])


@pytest.fixture(scope="module")
def priced(layers):
    return price_blocks(layers).set_index(["stage_id", "block_id"])


def test_the_kiln_of_the_layers_has_a_share_and_a_toll_stage_a_plant(priced):
    assert priced.loc[("ree-mixed-carbonate", "RKIL"), "capex_share_frac"] == 0.027
    assert priced.loc[("ree-separated-oxides", "RSX"), ["upstream", "tolls"]].tolist() == ["ree-mixed-carbonate", "toll-silmet"]
    assert priced.loc[("tungsten-apt", "WAPT"), "tolls"] == ""
    assert np.isnan(priced.loc[("ree-separated-oxides", "RSX"), "capex_share_frac"])


def test_every_block_that_something_binds_has_a_plan(assessed):
    exposure, rows = assessed.exposure, assessed.procurement
    keys = ["case_id", "stage_id", "profile", "block_id"]
    bound = exposure[(exposure["b_high"] > 0) | exposure["b"].isna()]
    assert rows[keys].reset_index(drop=True).equals(bound[keys].reset_index(drop=True))
    assert set(rows["choice"]) <= {"", "wait", "elsewhere"}
    assert rows.loc[rows["choice"] == "", "note"].str.contains("not decided").all()
    assert (rows["source_ids"] != "").all()
