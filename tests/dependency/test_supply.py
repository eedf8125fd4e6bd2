"""A vendor list in the place of market shares."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.dependency.flowsheet import list_blocks
from geokit.dependency.supply import name_vendors

NAN = float("nan")
SHARES = ["chinese_share_low", "chinese_share_mode", "chinese_share_high"]
FLOW = pd.DataFrame(
    [
        ("smelt", 1.0, "roast", "FURN", 0.8, 0.9, 1.0),
        ("smelt", 2.0, "cast", "CAST", NAN, NAN, NAN),
        ("leach", 1.0, "roast", "FURN", 0.8, 0.9, 1.0),
    ],
    columns=["stage_id", "order", "name", "class_id", *SHARES],
)
FLOW = FLOW.assign(block_id=FLOW["class_id"], sigma=0.5, source_ids="s", delay_months_low=1.0, delay_months_mode=2.0, delay_months_high=3.0)


def listed(*rows):
    return pd.DataFrame(rows, columns=["stage_id", "class_id", "vendor", "country", "share", "chosen"])


def shares(*rows):
    return name_vendors(FLOW, listed(*rows)).set_index(["stage_id", "class_id"])


def test_a_chosen_foreign_vendor_ends_the_exposure_and_a_chosen_chinese_one_makes_it_sure():
    found = shares(("smelt", "FURN", "a", "FI", NAN, 1.0), ("leach", "FURN", "b", "CN", NAN, 1.0))
    assert found.loc[("smelt", "FURN"), SHARES].tolist() == [0.0, 0.0, 0.0]
    assert found.loc[("leach", "FURN"), SHARES].tolist() == [1.0, 1.0, 1.0]


def test_a_vendor_that_was_asked_and_not_taken_does_not_count():
    found = shares(("smelt", "FURN", "a", "FI", NAN, 1.0), ("smelt", "FURN", "b", "China", NAN, 0.0))
    assert found.loc[("smelt", "FURN"), SHARES].tolist() == [0.0, 0.0, 0.0]


def test_of_several_chosen_vendors_one_chinese_is_enough():
    found = shares(("smelt", "FURN", "a", "FI", NAN, 1.0), ("smelt", "FURN", "b", "CN", NAN, 1.0))
    assert found.loc[("smelt", "FURN"), SHARES].tolist() == [1.0, 1.0, 1.0]
    assert found.loc[("smelt", "FURN"), "is_named"]


def test_two_chosen_chinese_vendors_are_no_surer_than_one():
    found = shares(("smelt", "FURN", "a", "CN", NAN, 1.0), ("smelt", "FURN", "b", "CN", NAN, 1.0))
    assert found.loc[("smelt", "FURN"), SHARES].tolist() == [1.0, 1.0, 1.0]


def test_whole_shares_replace_the_market():
    found = shares(("smelt", "FURN", "a", "FI", 0.7, NAN), ("smelt", "FURN", "b", "PRC", 0.3, NAN)).loc[("smelt", "FURN")]
    assert found[SHARES].tolist() == pytest.approx([0.3, 0.3, 0.3])
    assert found["is_named"]


def test_what_shares_leave_open_is_anything_and_the_market_in_the_middle():
    found = shares(("smelt", "FURN", "b", "CN", 0.2, NAN), ("smelt", "FURN", "a", "FI", 0.3, NAN)).loc[("smelt", "FURN")]
    assert found[SHARES].tolist() == pytest.approx([0.2, 0.2 + 0.5 * 0.9, 0.7])
    assert not found["is_named"]


def test_an_open_share_without_a_market_stays_unknown():
    found = shares(("smelt", "CAST", "b", "CN", 0.2, NAN)).loc[("smelt", "CAST")]
    assert pd.isna(found["chinese_share_mode"])
    assert (found["chinese_share_low"], found["chinese_share_high"]) == (0.2, 1.0)


def test_a_row_of_a_stage_goes_before_a_row_of_every_stage():
    found = shares(("", "FURN", "a", "CN", NAN, 1.0), ("leach", "FURN", "b", "FI", NAN, 1.0))
    assert found.loc[("smelt", "FURN"), "chinese_share_mode"] == 1.0
    assert found.loc[("leach", "FURN"), "chinese_share_mode"] == 0.0


def test_what_is_not_listed_keeps_the_market():
    found = shares(("smelt", "CAST", "a", "FI", NAN, 1.0))
    assert found.loc[("smelt", "FURN"), SHARES].tolist() == [0.8, 0.9, 1.0]
    assert found["is_named"].tolist() == [False, True, False]


def test_a_block_is_named_if_all_its_operations_are():
    one_block = FLOW.assign(block_id="ALL")
    half = name_vendors(one_block, listed(("smelt", "FURN", "a", "FI", NAN, 1.0)))
    both = name_vendors(one_block, listed(("smelt", "FURN", "a", "FI", NAN, 1.0), ("smelt", "CAST", "a", "CN", NAN, 1.0)))
    named = [list_blocks({"operations": table}).set_index("stage_id").loc["smelt", "is_named"] for table in (half, both)]
    assert named == [False, True]
    assert list_blocks({"operations": both}).set_index("stage_id").loc["smelt", "s"] == 1.0


def test_without_a_list_no_block_is_named():
    assert not list_blocks({"operations": FLOW})["is_named"].any()


def test_a_row_that_only_states_sizes_leaves_the_market_alone():
    found = shares(("smelt", "FURN", "", "", NAN, NAN), ("leach", "FURN", "a", "FI", NAN, 1.0))
    assert found.loc[("smelt", "FURN"), SHARES].tolist() == [0.8, 0.9, 1.0]
    assert found["is_named"].tolist() == [False, False, True]


def test_countries_outside_keep_their_shares_and_the_stages_own_row_goes_first():
    found = shares(("", "FURN", "a", "FI", 0.3, NAN), ("", "FURN", "b", "CN", 0.7, NAN), ("leach", "FURN", "c", "US", NAN, 1.0))
    assert found.loc[("smelt", "FURN"), "elsewhere"] == (("FI", 0.3),)
    assert found.loc[("leach", "FURN"), "elsewhere"] == (("US", 1.0),)
    assert found.loc[("smelt", "CAST"), "elsewhere"] == ()


def test_a_stage_that_buys_from_china_alone_has_nobody_elsewhere():
    found = shares(("", "FURN", "a", "FI", NAN, 1.0), ("leach", "FURN", "b", "CN", NAN, 1.0), ("leach", "FURN", "c", "US", NAN, 0.0))
    assert found.loc[("leach", "FURN"), "elsewhere"] == ()
