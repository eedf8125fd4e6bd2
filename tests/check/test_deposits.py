"""Deposits that count for nothing: no stage that they feed; and tonnages without a code that are not marked as historical."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.check.deposits import find_double, find_unclassed, find_unfed
from geokit.check.finding import Rows
from geokit.check.reference import Reference

FEEDS = pd.DataFrame({"feed_id": ["a:x", "b:none"], "deposit_id": ["a", "b"], "stage_id": ["x", ""], "note": ["", ""]})


def find_fed(*ids, free=None, table="deposits", feeds=FEEDS):
    frame = pd.DataFrame({"deposit_id": list(ids), **({"feed_available": free} if free else {})})
    return list(find_unfed(Rows(frame, table), Reference({"deposit_feeds": feeds} if feeds is not None else {}, {})))


def test_a_deposit_that_no_row_pairs_with_a_stage_is_doubted():
    (finding,) = find_fed("a", "b", "c", "", free=["", "", "free", ""])
    assert (finding.row, finding.column, finding.is_doubt) == (2, "deposit_id", True)
    assert finding.rule == "feeds no stage, so it changes no ranking"
    assert finding.remedy == "hand in rows for deposit_feeds too (feed_id, deposit_id, stage_id)"


def test_a_blank_availability_is_told_in_the_same_doubt():
    remedies = [find_fed("c", free=[word])[0].remedy for word in ("captive", " ")]
    assert ["a blank feed_available is not counted as free" in remedy for remedy in remedies] == [False, True]


def test_many_are_counted_in_one_doubt():
    (finding,) = find_fed("a", "c", "d", "e", free=["free"] * 4)
    assert (finding.row, finding.value) == (1, "c")
    assert finding.rule == "and 2 more feed no stage, so they change no ranking"


def test_other_tables_and_folders_without_pairs_are_passed_over():
    assert find_fed("c", table="figure_conflicts") == []
    assert find_fed("c", feeds=None) == []


@pytest.mark.parametrize(
    ("tonnage", "kind", "historical", "odd"),
    [
        ("5", "none", "false", True), ("5", "historic", "false", True), ("5", "JORC", "false", False), ("5", "none", "true", False),
        ("", "none", "false", False), ("0", "none", "false", False), ("9999", "none", "false", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["tonnage_million_t_low", "tonnage_million_t_mode", "tonnage_million_t_high"])
def test_a_tonnage_without_a_code_is_a_historical_estimate(tonnage, kind, historical, odd, column):
    frame = pd.DataFrame({column: [tonnage], "resource_class": [kind], "historical_estimate": [historical]})
    found = list(find_unclassed(Rows(frame, "deposits")))
    assert [(finding.column, finding.is_doubt) for finding in found] == [("historical_estimate", True)] * odd


def test_every_packaged_deposit_is_paired_and_classed(layers):
    rows = Rows(layers.texts["deposits"], "deposits")
    assert [*find_unfed(rows, Reference(layers.texts, {})), *find_unclassed(rows)] == []


def test_a_part_never_adds_to_its_whole():
    deposits = pd.DataFrame({"deposit_id": ["whole", "part", "same", "near"], "parent_kind": ["", "sub_body", "same_body", "may_overlap"]})
    pairs = pd.DataFrame({"deposit_id": ["whole", "part", "part", "same", "near"], "aggregate": ["yes", "yes", "no", "yes", "yes"]})
    found = list(find_double(Rows(pairs, "deposit_feeds"), Reference({"deposits": deposits}, {})))
    assert [(one.row, one.column, one.is_doubt) for one in found] == [(1, "aggregate", False), (3, "aggregate", False)]
    assert list(find_double(Rows(pairs, "deposit_feeds"), Reference({}, {}))) == []


def test_no_part_is_counted_in_our_layers(layers):
    assert list(find_double(Rows(layers.texts["deposit_feeds"], "deposit_feeds"), Reference(layers.texts, {}))) == []
