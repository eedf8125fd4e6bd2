"""Scope by the item's own text: stated sizes against the windows of the lists."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from geokit.dependency.flowsheet import touch_blocks
from geokit.dependency.scope import judge_item, judge_scope, list_parameters, list_windows, read_sizes

KILN, SETTLER, CELL = (f"cn-2025-56-2b902-{letter}" for letter in "cdj")


@pytest.fixture(scope="module")
def items(layers):
    return {row["item_id"]: row for row in layers["items"].to_dict("records")}


def judged(items, item, cell):
    return judge_item(items[item], {(name, unit): value for name, value, unit in read_sizes(cell)})[0]


@pytest.mark.parametrize(
    ("item", "sizes", "expected"),
    [
        # MOFCOM No.56/2025, 2B902.c: kilns of 1.8 x 20 m to 4.6 x 80 m, up to 850 degC; both ends lie inside.
        (KILN, "diameter 4.6 m; length 80 m; temperature 850 degC", "inside"),
        (KILN, "diameter 1.8 m; length 20 m; temperature 300 degC", "inside"),
        (KILN, "diameter 6 m; length 110 m", "outside"),
        (KILN, "diameter 3 m; length 110 m", "outside"),
        (KILN, "temperature 900 degC", "outside"),
        (KILN, "diameter 3 m; length 50 m", "unknown"),
        (KILN, "", "unknown"),
        # 2B902.d: mixing chamber of 0.5-14.2 m3.
        (SETTLER, "mixing_chamber_volume 0.5 m3", "inside"),
        (SETTLER, "Mixing chamber volume = 14.2 m3", "inside"),
        (SETTLER, "mixing_chamber_volume 14.3 m3", "outside"),
        (SETTLER, "mixing_chamber_volume 0.49 m3", "outside"),
        # 2B902.j: electrolytic cells of 6-30 kA.
        (CELL, "cell_current 6 kA", "inside"),
        (CELL, "cell_current 31 kA", "outside"),
        (CELL, "cell_current 31000 A", "unknown"),
        # No.58/2025, 3B901.c.3: any of three machines; all must be shown to lie outside.
        ("cn-2025-58-3b901-c-3", "fusion_coater_volume 0.2 m3", "unknown"),
        ("cn-2025-58-3b901-c-3", "fusion_coater_volume 0.2 m3; spray_dryer_volume 61 m3", "inside"),
        ("cn-2025-58-3b901-c-3", "fusion_coater_volume 0.2 m3; spray_dryer_volume 40 m3; cvd_kiln_diameter 0.4 m", "outside"),
        # 2B902.g: the motors alone have a window, stirrers and paddles have none.
        ("cn-2025-56-2b902-g", "motor_power 20 kW", "inside"),
        ("cn-2025-56-2b902-g", "motor_power 90 kW", "unknown"),
        # 2B902.a is caught by its use, technology and services by their name.
        ("cn-2025-56-2b902-a", "diameter 6 m", ""),
        ("cn-2025-62-1e902-a", "", ""),
        ("cn-2025-62-1e902-b", "", ""),
    ],
)
def test_the_windows_of_the_lists(items, item, sizes, expected):
    assert judged(items, item, sizes) == expected


def test_the_note_says_which_size_and_which_window(items):
    sizes = {("diameter", "m"): 6.0, ("length", "m"): 110.0}
    assert judge_item(items[KILN], sizes) == ("outside", "outside: diameter 6 m (1.8-4.6 m), length 110 m (20-80 m)")
    assert judge_item(items[KILN], {}) == ("unknown", "inside unless shown otherwise: diameter, length, temperature not stated")
    assert judge_item(items["cn-2025-56-2b902-a"], {}) == ("", "no window: caught by its use")
    assert "only a part" in judge_item(items["cn-2025-56-2b902-g"], {("motor_power", "kW"): 90.0})[1]


def test_windows_in_words(items):
    assert [str(one) for one in list_windows(items[KILN])] == ["1.8-4.6 m", "20-80 m", "up to 850 degC"]
    assert [str(one) for one in list_windows(items["cn-2025-56-2b902-b"])] == ["from 5000 m3/d"]


def test_every_window_has_a_unit_an_end_and_a_logic(items):
    for row in items.values():
        windows = list_windows(row)
        assert bool(windows) == bool(row["window_logic"]) == bool(row["windows_cover"])
        for one in windows:
            assert one.unit
            assert math.isfinite(one.least) or math.isfinite(one.most)
            assert one.least <= one.most


def test_the_vocabulary_is_that_of_the_items_of_a_class(layers):
    found = list_parameters(layers)
    assert found["RKIL"].items() >= {"diameter": ["m"], "length": ["m"], "temperature": ["degC"]}.items()
    assert "REFL" not in found


def stated(*rows):
    return pd.DataFrame(rows, columns=["stage_id", "class_id", "sizes"])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], "unknown"),
        ([("", "RKIL", "diameter 6 m")], "outside"),
        ([("", "RKIL", "diameter 6 m"), ("ree-mixed-carbonate", "RKIL", "diameter 4 m; length 60 m; temperature 700 degC")], "inside"),
        ([("ree-mixed-carbonate", "RKIL", "diameter 6 m"), ("", "RKIL", "diameter 4 m; length 60 m; temperature 700 degC")], "outside"),
        ([("", "RKIL", "diameter 6 m"), ("", "RKIL", "diameter 4 m")], "unknown"),
        ([("lithium-hydroxide", "RKIL", "diameter 6 m")], "unknown"),
        ([("", "RKIL", "")], "unknown"),
    ],
)
def test_a_stage_goes_before_all_stages_and_the_size_inside_before_the_one_outside(layers, rows, expected):
    tie = pd.DataFrame([("ree-mixed-carbonate", "RKIL", KILN)], columns=["stage_id", "class_id", "item_id"])
    assert judge_scope(tie, layers, stated(*rows))["scope"].tolist() == [expected]


def test_an_item_outside_no_longer_counts_and_nothing_else_changes(layers, ties):
    found = touch_blocks(layers, stated(("", "RKIL", "diameter 6 m; length 110 m")))
    moved = found["counts"] != ties["counts"]
    assert set(found.loc[moved, "item_id"]) == {KILN}
    assert not found.loc[moved, "counts"].any()
    assert set(found.loc[moved, "scope_note"]) == {"outside: diameter 6 m (1.8-4.6 m), length 110 m (20-80 m)"}
    columns = [name for name in ties if name not in {"counts", "scope", "scope_note"}]
    pd.testing.assert_frame_equal(found[columns], ties[columns])


def test_a_size_never_adds_a_clause_and_no_list_leaves_all_inside_unless_shown_otherwise(layers, ties):
    assert set(ties["scope"]) == {"", "unknown"}
    assert ties.loc[ties["scope"] == "unknown", "scope_note"].str.startswith("inside unless shown otherwise").all()
    sizes = [("", "RSX", "mixing_chamber_volume 20 m3"), ("", "RMET", "cell_current 3 kA; charge 5 kg")]
    assert (touch_blocks(layers, stated(*sizes))["counts"] <= ties["counts"]).all()


def test_of_two_classes_of_one_block_the_one_inside_binds(layers):
    operations = layers["operations"]
    carbonate = operations[operations["class_id"].isin(["RSX", "RHSX"])].assign(block_id="SX")
    rows = [("", "RSX", "mixing_chamber_volume 20 m3"), ("", "RHSX", "mixing_chamber_volume 2 m3")]
    found = touch_blocks({**layers, "operations": carbonate}, stated(*rows))
    assert set(found.loc[found["item_id"] == SETTLER, "scope"]) == {"inside"}
    alone = touch_blocks({**layers, "operations": carbonate}, stated(rows[0], ("", "RHSX", "mixing_chamber_volume 15 m3")))
    assert set(alone.loc[alone["item_id"] == SETTLER, "scope"]) == {"outside"}
