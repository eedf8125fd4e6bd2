"""What plants took in the world: triangles refit without each of them, and plants bought again under the law of their day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geokit.dependency.anchors import TRIANGLES, back_test, cap_factor, find_last_day, fit_triangle, leave_one_out, list_anchors, rate_plant

KNOWN_ON = dt.date(2026, 11, 22)
ENDS = ("low", "mode", "high")


def toy(*months, attributable="no"):
    return pd.DataFrame(
        {
            "anchor_id": [f"a{number}" for number in range(len(months))],
            "plant": "works",
            "attributable": attributable,
            "used_by": "operations.delay_months_mode",
            "months_mode": months,
            "factor_mode": np.nan,
        }
    )


@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=9))
def test_a_triangle_is_in_order_and_takes_in_every_observation(figures):
    low, mode, high = fit_triangle(figures)
    assert low <= mode <= high
    assert all(low <= one <= high for one in figures)


def test_a_triangle_of_nothing_is_nothing():
    assert np.isnan(fit_triangle([])).all()


def test_each_is_held_against_the_others():
    found = leave_one_out(toy(30.0, 2.5, 12.0), "delay_months")
    assert found["observed"].tolist() == [2.5, 12.0, 30.0]
    assert found[["low", "mode", "high"]].to_numpy().tolist() == [[12.0, 21.0, 30.0], [2.5, 16.25, 30.0], [2.5, 7.25, 12.0]]
    assert found["miss"].tolist() == [-18.5, -4.25, 22.75]
    assert found["is_inside"].tolist() == [False, True, False]
    assert set(found["test"]) == {"leave-one-out"}


@pytest.mark.parametrize("months", [(5.0,), (5.0, 9.0)])
def test_too_few_are_called_in_sample(months):
    found = leave_one_out(toy(*months), "delay_months")
    assert set(found["test"]) == {"in-sample"}
    assert found["is_inside"].all()


@given(st.lists(st.floats(0.0, 100.0), min_size=3, max_size=8, unique=True))
def test_the_least_and_the_largest_always_lie_outside_the_others(months):
    inside = leave_one_out(toy(*months), "delay_months")["is_inside"]
    assert not inside.iloc[0]
    assert not inside.iloc[-1]
    assert inside.iloc[1:-1].all()


@pytest.mark.parametrize(("date", "day"), [("2016", (2016, 12, 31)), ("2024-02", (2024, 2, 29)), ("2022-04-03", (2022, 4, 3))])
def test_a_year_or_a_month_alone_ends_with_its_last_day(date, day):
    assert find_last_day(date) == dt.date(*day)


def test_dearer_equipment_explains_no_more_than_its_share():
    assert cap_factor(0.2, 1.0) == 1.0
    assert cap_factor(1.0, 2.4) == 2.4
    assert cap_factor(0.2, 2.4) == pytest.approx(1.28)


# the real layers


@pytest.mark.parametrize("triangle", sorted(TRIANGLES))
def test_the_triangles_of_the_operations_are_those_of_their_anchors(layers, triangle):
    own = list_anchors(layers["anchors"], triangle)
    columns = [f"{triangle}_{end}" for end in ENDS]
    assert own["used_by"].tolist() == [f"operations.{name}" for name in columns]
    used = layers["operations"][columns].dropna().drop_duplicates()
    assert used.to_numpy().tolist() == [list(fit_triangle(own["observed"]))]


def test_what_is_held_out_sets_no_figure_and_what_is_an_anchor_sets_one(layers):
    anchors = layers["anchors"]
    assert ((anchors["role"] == "anchor") == (anchors["used_by"] != "")).all()
    assert not set(anchors.loc[anchors["role"] == "held_out", "anchor_id"]) & set(anchors.loc[anchors["used_by"] != "", "anchor_id"])


def test_an_observation_is_months_or_a_ratio_never_both(layers):
    anchors = layers["anchors"]
    is_ratio = anchors["measure"] == "cost_factor"
    assert (anchors["factor_mode"].notna() == is_ratio).all()
    assert (anchors["months_mode"].notna() != is_ratio).all()


def test_of_the_delays_only_one_is_the_effect_of_a_restriction_so_nothing_is_left_to_test_with(layers):
    own = layers["anchors"][layers["anchors"]["attributable"] == "yes"]
    found = leave_one_out(own, "delay_months")
    assert found["anchor_id"].tolist() == ["india-reroute-delay"]
    assert found["test"].tolist() == ["in-sample"]


@pytest.fixture(scope="module")
def tested(layers, assumptions):
    return back_test(layers, assumptions, known_on=KNOWN_ON).set_index("anchor_id")


def test_controls_explain_nothing_of_the_five_years_of_the_plant_that_was_held_out(tested):
    """No clause on spodumene conversion stood in 2016, so the model adds no day and misses all that was observed."""
    plant = tested.loc["kwinana-first-product"]
    assert plant["role"] == "held_out"
    assert plant[["d_rel", "delay_months_p50", "delay_months_p80"]].tolist() == [0.0, 0.0, 0.0]
    assert plant["missed"] == plant["months_mode"] == 60.0
    assert plant["attributable"] == "no"


def test_the_same_plant_ordered_under_the_clause_of_2025_would_wait(layers, assumptions):
    asked = {"assumptions": assumptions, "known_on": KNOWN_ON}
    before, after = (rate_plant(layers, "lithium-hydroxide", dt.date(year, 11, 22), **asked) for year in (2016, 2026))
    assert before["d_rel"] == 0.0 < after["d_rel"]
    assert before["delay_months_p80"] == 0.0 < after["delay_months_p80"]


def test_the_back_test_sees_the_law_and_not_the_year(layers, assumptions):
    """Were the clause of 2025 known to stand since 2015, the plant of 2016 would wait."""
    events = layers["status_events"].copy()
    events.loc[events["clause_id"] == "cn-2025-28-restricted", ["valid_from", "recorded_on"]] = "2015-01-01"
    asked = {"assumptions": assumptions, "known_on": KNOWN_ON}
    acts = layers["instruments"]
    issued = acts.assign(issued=acts["issued"].mask(acts["instrument_id"] == "cn-2025-28", "2015-01-01"))
    never = rate_plant({**layers, "status_events": events}, "lithium-hydroxide", dt.date(2016, 12, 31), **asked)
    assert never["delay_months_p80"] == 0.0, "a clause binds before its act was issued"
    plant = rate_plant({**layers, "status_events": events, "instruments": issued}, "lithium-hydroxide", dt.date(2016, 12, 31), **asked)
    assert plant["delay_months_p80"] > 0.0


def test_cost_that_ran_over_is_more_than_the_dearest_equipment_explains(layers, assumptions, tested):
    most = cap_factor(assumptions.procurement.equipment_share_frac.high, layers["operations"]["premium_high"].max())
    over = tested.loc[["iluka-capex", "oman-antimony-capex"]]
    assert (over["factor_mode"] > most).all()
    assert over["missed"].tolist() == pytest.approx((over["factor_mode"] - over["capex_factor_p50"]).tolist())
