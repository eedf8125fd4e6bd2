"""Who is left to buy from, on a table of six rows and on the real layer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.dependency.market import count_vendors, is_home, list_remaining, look_through, measure_concentration, split_names

NAN = float("nan")
ROWS = [
    ("KILN", "Alpha", "Finland", "A1"),
    ("KILN", "Beta (drums, rollers)", "Denmark", "GK"),
    ("KILN", "Gamma, Delta / Epsilon", "Germany/USA", "GK"),
    ("KILN", "Alpha", "Finland", "GK"),
    ("KILN", "Home design", "China", "GK"),
    ("CELL", "Home only", "PRC", "GK"),
]


@pytest.fixture
def left():
    table = pd.DataFrame(ROWS, columns=["class_id", "supplier", "country", "evidence"])
    return list_remaining({"suppliers": table}).set_index("class_id")


def test_names_countries_and_sourced_names_by_hand(left):
    row = left.loc["KILN"]
    assert (row["vendors_left"], row["vendors_sourced"], row["vendor_countries_left"]) == (5, 1, 4)
    assert row["hhi_low"] == pytest.approx(1 / 5)


def test_a_class_with_home_vendors_alone_has_nobody_left(left):
    assert "CELL" not in left.index


def test_concentration_of_shares():
    assert measure_concentration([1.0]) == 1.0
    assert measure_concentration([0.5, 0.3, 0.2]) == pytest.approx(0.25 + 0.09 + 0.04)
    assert measure_concentration([5, 3, 2]) == pytest.approx(measure_concentration([0.5, 0.3, 0.2]))
    assert np.isnan(measure_concentration([]))


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_equal_shares_are_the_least_concentrated(count):
    draws = np.random.default_rng(count).dirichlet(np.ones(count), size=500)
    equal = measure_concentration(np.ones(count))
    assert equal == pytest.approx(1 / count)
    assert min(measure_concentration(draw) for draw in draws) >= equal - 1e-12


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Metso", ["Metso"]),
        ("Weir (pumps, cyclones)", ["Weir"]),
        ("Lycopodium, DRA, GR Engineering", ["Lycopodium", "DRA", "GR Engineering"]),
        ("Syrah / Worley", ["Syrah", "Worley"]),
        ("Metso/Lurgi", ["Metso/Lurgi"]),
    ],
)
def test_a_cell_may_group_several_names(cell, names):
    assert split_names(cell) == names


@pytest.mark.parametrize(("word", "home"), [("CN", True), ("cn ", True), ("China", True), ("PRC", True), ("CH", False), ("Japan", False)])
def test_home_is_told_by_code_or_name(word, home):
    assert is_home(word) == home


def test_every_class_of_the_layer_has_a_vendor_left_and_the_only_home_row_is_left_out(layers):
    left = list_remaining(layers).set_index("class_id")
    assert set(left.index) == set(layers["suppliers"]["class_id"])
    assert left.loc["PBSM", "vendors_left"] == 2
    assert (left["vendors_sourced"] <= left["vendors_left"]).all()
    assert (left["hhi_low"] * left["vendors_left"]).to_numpy() == pytest.approx(1.0)


def test_the_second_look_runs_from_the_vendors_alone_to_everything():
    assert look_through([0.4, 0.4, 0.4, 1.0, 0.0], [0.0, 0.5, 1.0, 0.3, 0.3]).tolist() == pytest.approx([0.4, 0.7, 1.0, 1.0, 0.3])
    assert np.isnan(look_through(np.nan, 0.5))


def count(*vendors):
    blocks = pd.DataFrame({"stage_id": ["smelt", "leach", "smelt"], "block_id": ["KILN", "KILN", "CELL"]})
    suppliers = pd.DataFrame(ROWS, columns=["class_id", "supplier", "country", "evidence"])
    listed = pd.DataFrame(vendors, columns=["stage_id", "class_id", "vendor", "country", "share", "chosen"]).astype(
        {"share": float, "chosen": float}
    )
    return count_vendors(blocks, {"suppliers": suppliers}, listed).set_index(["stage_id", "block_id"])


def test_without_a_list_the_vendors_on_file_are_left():
    found = count()
    assert found["vendors_left"].tolist()[:2] == [5, 5]
    assert np.isnan(found.loc[("smelt", "CELL"), "hhi_low"])


def test_a_vendor_list_gives_its_own_shares():
    found = count(("", "KILN", "Alpha", "FI", 0.6, NAN), ("", "KILN", "Beta", "DK", 0.2, NAN), ("", "KILN", "Home", "CN", 0.2, NAN))
    row = found.loc[("smelt", "KILN")]
    assert row[["vendors_left", "vendors_sourced", "vendor_countries_left"]].tolist() == [2, 2, 2]
    assert row["hhi_low"] == pytest.approx(0.75**2 + 0.25**2)


def test_what_a_list_leaves_open_is_many_small_vendors():
    assert count(("", "KILN", "Alpha", "FI", 0.5, NAN)).loc[("leach", "KILN"), "hhi_low"] == pytest.approx(0.25)


def test_rows_of_a_stage_go_before_rows_of_every_stage():
    own = [("leach", "KILN", "Beta", "DK", NAN, 1.0), ("leach", "KILN", "Gamma", "DE", NAN, 1.0)]
    found = count(("", "KILN", "Alpha", "FI", 0.5, NAN), *own)
    assert found.loc[("leach", "KILN"), ["vendors_left", "hhi_low"]].tolist() == [2, pytest.approx(0.5)]
    assert found.loc[("smelt", "KILN"), "vendors_left"] == 1


def test_a_list_of_home_vendors_alone_leaves_those_on_file():
    found = count(("smelt", "KILN", "Home", "CN", 1.0, NAN), ("smelt", "CELL", "Home", "PRC", NAN, 1.0))
    assert found.loc[("smelt", "KILN"), "vendors_left"] == 5
    assert np.isnan(found.loc[("smelt", "CELL"), "vendors_left"])
