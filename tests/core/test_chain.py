"""Ore reaches a later stage through the stages before it, and is counted once."""

from __future__ import annotations

import pandas as pd

from geokit.core.chain import trace_feeds


def tables(feeds):
    stages = pd.DataFrame(
        [("mill", "", "ore"), ("smelter", "mill", "concentrate"), ("refinery", "smelter", "anode"), ("grinder", "", "lump")],
        columns=["stage_id", "upstream_stage_id", "input_product_ids"],
    )
    return {"stages": stages, "deposit_feeds": pd.DataFrame(feeds, columns=["deposit_id", "stage_id", "aggregate"])}


def test_ore_of_the_first_stage_feeds_the_whole_chain():
    found = trace_feeds(tables([("hill", "mill", "yes")]))
    assert list(found["stage_id"]) == ["mill", "refinery", "smelter"]
    assert set(found["first_stage_id"]) == {"mill"}


def test_the_feed_is_what_arrives_at_the_gate():
    found = trace_feeds(tables([("hill", "mill", "yes")])).set_index("stage_id")["feed_product_ids"]
    assert found.to_dict() == {"mill": "ore", "smelter": "concentrate", "refinery": "anode"}


def test_a_sub_body_is_left_out_when_its_stage_has_another_feed():
    found = trace_feeds(tables([("hill", "mill", "yes"), ("lens", "mill", "no")]))
    assert set(found["deposit_id"]) == {"hill"}


def test_a_stage_without_other_feed_keeps_the_place_but_not_the_tonnage():
    found = trace_feeds(tables([("bed", "grinder", "no")]))
    assert found[["deposit_id", "tonnage_counts"]].to_dict("records") == [{"deposit_id": "bed", "tonnage_counts": False}]


def test_a_deposit_drawn_but_feeding_nothing_is_no_feed():
    assert trace_feeds(tables([("gem", "", "no")])).empty


def test_no_real_sub_body_counts_beside_its_parent(layers):
    found = trace_feeds(layers)
    parents = layers["deposits"].set_index("deposit_id")["parent_id"]
    counted = found[found["tonnage_counts"]]
    held = set(zip(counted["stage_id"], counted["deposit_id"], strict=True))
    doubled = [(stage, name) for stage, name in held if parents[name] and (stage, parents[name]) in held]
    assert doubled == []
