"""Either law may block a line: that of the vendors' own countries beside China's (model rule M8)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geokit.core.codes import Track
from geokit.dependency.flowsheet import touch_blocks
from geokit.dependency.index import measure_dependency
from geokit.dependency.solve import solve_track
from geokit.dependency.substitutes import bar_supply
from geokit.dependency.supply import name_vendors
from geokit.dependency.two_sided import refuse_either

BOTH = ["d_rel_supplier", "d_rel_either"]
shares = st.floats(0.0, 1.0)


def test_an_order_with_one_vendor_by_hand():
    """China is asked with 0.6 and refuses with 0.5, nobody stands in; else a country that refuses with 0.25: 0.1 and 0.3 + 0.1."""
    own, either = refuse_either([[0.5]], [0.6], [0.0], lost=[0.25], needs=[0.4])
    assert own == pytest.approx([0.1])
    assert either[0] == pytest.approx([0.4])


def test_where_both_are_ordered_one_refusal_is_enough():
    own, either = refuse_either([[0.5]], [1.0], [0.0], lost=[0.25], needs=[1.0])
    assert own == pytest.approx([0.25])
    assert either[0] == pytest.approx([1.0 - 0.5 * 0.75])


def test_what_china_does_not_bind_still_depends_on_the_vendors_country():
    own, either = refuse_either([[0.0]], [np.nan], [0.5], lost=[0.3], needs=[1.0])
    assert (own[0], either[0, 0]) == pytest.approx((0.3, 0.3))
    assert measure_dependency([0.0], [np.nan], [0.5], barred=[0.3]).d_rel == 0.0


def test_unknown_refusals_are_unknown_only_where_a_licence_is_needed():
    own, either = refuse_either([[0.5, 0.5]], [0.2, 0.2], [0.5, 0.5], lost=[np.nan, np.nan], needs=[1.0, 0.0])
    assert np.isnan(own[0])
    assert np.isnan(either[0, 0])
    assert own[1] == 0.0
    assert either[0, 1] == pytest.approx(0.05)


@given(b=shares, s=shares, t=shares, sigma=shares, rho=shares, process=shares)
def test_either_is_never_below_one_side_nor_outside_the_unit_interval(b, s, t, sigma, rho, process):
    own, either = refuse_either([[b]], [s], [sigma], lost=[rho], needs=[t], process=[process])
    barred = bar_supply([s], [sigma], lost=[rho], needs=[t])
    q = measure_dependency([b], [s], [sigma], barred=barred, process=[process]).d_rel
    assert max(q, own[0]) - 1e-12 <= either[0, 0] <= 1.0 + 1e-12
    assert either[0, 0] - q == pytest.approx(rho * t * (1.0 - b) * (1.0 - process), abs=1e-12)


@given(b=shares, s=shares, t=shares, sigma=shares, low=shares, more=shares)
def test_a_likelier_refusal_never_makes_either_side_safer(b, s, t, sigma, low, more):
    high = low + more * (1.0 - low)
    tables = [refuse_either([[b]], [s], [sigma], lost=[rho], needs=[t]) for rho in (low, high)]
    assert all(first <= second + 1e-12 for first, second in zip(*[(own[0], either[0, 0]) for own, either in tables], strict=True))


@pytest.fixture(scope="module")
def american(layers):
    """Every class of the copper smelter and the antimony plant is ordered in the United States."""
    classes = layers["operations"].query("stage_id in ['copper-cathode-smelter', 'antimony-metal-trioxide']")["class_id"].unique()
    row = {"stage_id": "", "vendor": "Works", "country": "US", "share": np.nan, "chosen": 1.0, "sizes": ""}
    return pd.DataFrame([{**row, "class_id": name} for name in classes])


def plants(layers, cases, assumptions, vendors, *refused):
    """The plants on the text track if supplier countries refuse with some chance."""
    asked = dict(zip(("low", "mode", "high"), refused, strict=True)) if refused else None
    own = {**layers, "operations": name_vendors(layers["operations"], vendors)}
    case = next(case for case in cases if case.track == Track.TEXT)
    few = assumptions.replace(controls__supplier_refused=asked, controls__samples=20)
    return solve_track(own, touch_blocks(own, vendors), case, assumptions=few).plants.set_index(["stage_id", "profile"])


def test_an_american_smelter_depends_on_its_licence_though_china_binds_nothing(layers, cases, assumptions, american):
    """By hand: in three blocks another vendor may stand in with 0.5, and flotation has two documented orders elsewhere."""
    row = plants(layers, cases, assumptions, american, 0.1, 0.2, 0.4).loc[("copper-cathode-smelter", "C")]
    blocks = layers["operations"].query("stage_id == 'copper-cathode-smelter'").drop_duplicates("block_id")["block_id"]
    assert sorted(blocks) == ["ACID", "CUSM", "EWER", "FLOT"]
    assert row["d_rel"] == 0.0
    assert row["d_rel_supplier"] == row["d_rel_either"]
    assert row["d_rel_supplier"] == pytest.approx(1.0 - (1.0 - 0.2 * 0.5) ** 3)
    assert row["d_rel_supplier_low"] < row["d_rel_supplier"] < row["d_rel_supplier_high"]


def test_unless_a_chance_is_given_the_middle_is_blank_and_the_bounds_hold_every_chance(layers, cases, assumptions, american):
    row = plants(layers, cases, assumptions, american).loc[("copper-cathode-smelter", "C")]
    assert row[BOTH].isna().all()
    for r in (0.0, 0.3, 1.0):
        own = plants(layers, cases, assumptions, american, r, r, r).loc[("copper-cathode-smelter", "C")]
        for name in BOTH:
            assert row[f"{name}_low"] - 1e-12 <= own[name] <= row[f"{name}_high"] + 1e-12


def test_if_nobody_refuses_either_side_is_china_alone(layers, cases, assumptions, american):
    table = plants(layers, cases, assumptions, american, 0.0, 0.0, 0.0)
    assert (table["d_rel_supplier"] == 0.0).all()
    assert table["d_rel_either"].to_numpy() == pytest.approx(table["d_rel"].to_numpy())


@pytest.mark.parametrize("refused", [(), (0.0, 0.0, 0.0), (0.1, 0.3, 0.6)])
def test_either_holds_both_sides_on_the_facts(layers, cases, assumptions, american, refused):
    table = plants(layers, cases, assumptions, american, *refused)
    for end in ("_low", "", "_high"):
        told = table[table[f"d_rel_either{end}"].notna()]
        for one in ("d_rel", "d_rel_supplier"):
            assert (told[f"{one}{end}"] <= told[f"d_rel_either{end}"] + 1e-12).all()
    for name in BOTH:
        known = table[table[name].notna()]
        assert (known[f"{name}_low"] <= known[name] + 1e-12).all()
        assert (known[name] <= known[f"{name}_high"] + 1e-12).all()
