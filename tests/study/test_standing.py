"""Only a sourced fail screens; an unknown becomes a condition (model rule M4)."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.study.standing import judge_feed, judge_standing

PAIR = ["alternative", "partner"]


def alternatives(kind="plant"):
    return pd.DataFrame(
        {
            "alternative": ["zone:mill"],
            "kind": [kind],
            "stage_id": ["mill"],
            "place_id": ["zone"],
            "product_id": ["metal"],
            "conditions": [""],
        }
    )


def feeds(hint="", reason=""):
    return pd.DataFrame({"alternative": ["zone:mill"], "status_hint": [hint], "status_reason": [reason]})


def gates(result="pass", *, screens=False, conditions=False):
    return pd.DataFrame(
        {
            "alternative": ["zone:mill"],
            "partner": ["japan"],
            "gate_id": ["law"],
            "result": [result],
            "reason": ["the law is stayed"],
            "screens": [screens],
            "conditions": [conditions],
        }
    )


def outlets(outlet="market"):
    return pd.DataFrame({"partner": ["japan"], "product_id": ["metal"], "outlet": [outlet]})


def judge(**parts):
    given = {"feeds": feeds(), "gates": gates(), "outlets": outlets()} | parts
    found = judge_standing(alternatives(), **given)
    assert list(found[PAIR].itertuples(index=False, name=None)) == [("zone:mill", "japan")]
    return found["status_hint"][0], found["status_reason"][0]


def test_nothing_against_it_leaves_it_unmarked():
    assert judge() == ("", "")


def test_a_sourced_fail_screens():
    assert judge(gates=gates("fail", screens=True)) == ("screened", "the law is stayed")


@pytest.mark.parametrize("result", ["unknown", "pass"])
def test_anything_but_a_fail_never_screens(result):
    assert judge(gates=gates(result, screens=True))[0] != "screened"


def test_a_fail_that_only_closes_one_purse_does_not_screen():
    assert judge(gates=gates("fail", screens=False)) == ("", "")


def test_an_unsettled_gate_is_a_condition():
    assert judge(gates=gates("unknown", conditions=True)) == ("conditional", "the law is stayed")


def test_an_outlet_nobody_looked_up_is_a_condition_not_a_fail():
    assert judge(outlets=outlets("none_looked_up")) == ("conditional", "no outlet for its product was looked up")


@pytest.mark.parametrize(
    ("outlet", "reason"),
    [
        ("plant_not_running", "its only outlet is not known to run today"),
        ("refused", "every plant looked up refuses its product"),
    ],
)
def test_an_outlet_that_was_looked_up_is_not_said_to_be_unseen(outlet, reason):
    assert judge(outlets=outlets(outlet)) == ("conditional", reason)


def test_conditions_are_told_together_and_a_screen_silences_them():
    both = judge(gates=gates("unknown", conditions=True), feeds=feeds("conditional", "feed is contested"))
    assert both == ("conditional", "feed is contested; the law is stayed")
    assert judge(gates=gates("unknown", conditions=True), feeds=feeds("screened", "feed is captive")) == ("screened", "feed is captive")


def verdict(holders, reachable="yes"):
    rows = {"stage_id": "mill", "place_id": "zone", "deposit_id": [f"hill-{n}" for n, _ in enumerate(holders)], "reachable": reachable}
    found = judge_feed(alternatives(), pd.DataFrame(rows | {"feed_available": holders, "source_ids": "src"}))
    return found["status_hint"][0], found["status_reason"][0]


def test_free_feed_needs_no_word():
    assert verdict(["captive", "free"]) == ("", "")


def test_feed_captive_throughout_screens_and_cites():
    assert verdict(["captive", "captive"]) == ("screened", "its only feed is captive to another operator (src)")


def test_one_holder_nobody_knows_keeps_a_captive_field_open():
    hint, reason = verdict(["captive", ""])
    assert hint == "conditional"
    assert "nobody we could name" in reason


def test_feed_beyond_the_cut_off_is_a_condition():
    assert verdict(["free"], reachable="no")[0] == "conditional"
