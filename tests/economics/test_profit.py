import math

import pandas as pd
import pytest

from geokit.economics.bands import Band
from geokit.economics.dcf import npv
from geokit.economics.profit import value_plants


@pytest.fixture
def finance(assumptions):
    flat = {"low": 0.1, "mode": 0.1, "high": 0.1}
    return assumptions.replace(discount_rate_frac=flat, life_years=4, construction_years=2, capacity_factor_frac=0.5).finance


def plant(kind="plant", role="direct", capex=100.0, opex=100.0, power=math.nan):
    ends = {f"{name}{end}": value for name, value in (("capex", capex), ("opex", opex)) for end in ("_low", "", "_high")}
    return pd.DataFrame([{"kind": kind, "price_role": role, "plant_t_per_y": 1e6, "power_low": power, **ends}])


def value(finance, margin, **cells):
    band = margin if isinstance(margin, tuple) else (margin, margin, margin)
    return value_plants(plant(**cells), Band.of(*([end] for end in band)), finance=finance).iloc[0]


def test_value_is_that_of_the_yearly_flows(finance):
    row = value(finance, 160.0)
    expected = npv(0.1, [-100.0, 0.0, 0.0, *[30.0] * 4])
    assert row["npv_million_usd"] == pytest.approx(expected)
    assert row["profitability_index"] == pytest.approx(expected / 100.0)


def test_capital_at_break_even_leaves_no_value(finance):
    most = value(finance, 160.0)["break_even_capex_usd_per_tpa"]
    assert value(finance, 160.0, capex=most)["npv_million_usd"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("missing", ["capex", "opex"])
def test_without_a_cost_there_is_no_value(finance, missing):
    row = value(finance, 160.0, **{missing: math.nan})
    assert math.isnan(row["npv_million_usd"])
    assert math.isnan(row["loss_chance"])


def test_a_proxy_price_gives_no_value_and_no_yes(finance):
    row = value(finance, 1e6, role="proxy")
    assert math.isnan(row["npv_million_usd"])
    assert row["beats_baseline"] == "unknown"


@pytest.mark.parametrize(
    ("margin", "word"),
    [
        ((1e6, 1e6, 1e6), "yes"),
        ((-5.0, -3.0, 0.0), "no"),
        ((-5.0, 50.0, 90.0), "no"),
        ((-5.0, 50.0, 1e6), "unknown"),
        ((math.nan, math.nan, math.nan), "unknown"),
    ],
)
def test_the_verdict_follows_the_ends(finance, margin, word):
    assert value(finance, margin)["beats_baseline"] == word


def test_the_verdict_needs_sourced_costs_to_say_yes(finance):
    assert value(finance, 1e6, opex=math.nan)["beats_baseline"] == "unknown"


@pytest.mark.parametrize(("best", "word"), [(89.0, "no"), (90.0, "no"), (91.0, "unknown")])
def test_a_best_margin_that_does_not_pay_for_the_cheapest_power_loses(finance, best, word):
    assert value(finance, (-50.0, 20.0, best), opex=math.nan, power=90.0)["beats_baseline"] == word


def test_power_that_nobody_sourced_settles_nothing(finance):
    assert value(finance, (-50.0, 20.0, 89.0), opex=math.nan)["beats_baseline"] == "unknown"


def test_the_yardstick_is_not_measured_against_itself(finance):
    assert value(finance, 1e6, kind="export")["beats_baseline"] == ""


def test_the_conversion_cost_is_the_margin_at_which_nothing_is_left(finance):
    cost = 100.0 + value(finance, 100.0)["npv_million_usd"] * -1.0 / (npv(0.1, [0.0, 0.0, 0.0, *[0.5] * 4]))
    assert value(finance, cost * 1.0001)["beats_baseline"] == "yes"
    assert value(finance, cost * 0.9999)["beats_baseline"] == "no"


def test_the_chance_of_a_loss_of_a_sure_gain_is_nil(finance):
    assert value(finance, 1e6)["loss_chance"] == 0.0
