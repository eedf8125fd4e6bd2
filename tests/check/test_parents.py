"""Parts and wholes: no body is its own part, and none holds more ore than the body in which it lies."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.check.finding import Rows
from geokit.check.parents import find_wrong_parents
from geokit.check.reference import Reference

NAMES = ("deposit_id", "parent_id", "parent_kind", "tonnage_million_t_low", "tonnage_million_t_mode", "tonnage_million_t_high")


def lay_out(*rows):
    return pd.DataFrame([dict(zip(NAMES, row, strict=False)) for row in rows], columns=NAMES, dtype=object).fillna("")


def find(*rows, base=None):
    return list(find_wrong_parents(Rows(lay_out(*rows), "deposits"), Reference({} if base is None else {"deposits": lay_out(*base)}, {})))


def test_a_body_is_no_part_of_itself():
    (finding,) = find(("a", "a"))
    assert (finding.row, finding.column, finding.is_doubt) == (0, "parent_id", False)
    assert "the row itself (a)" in finding.rule


def test_a_circle_of_parents_names_both_rows():
    found = find(("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", ""))
    assert [(one.row, one.column) for one in found] == [(0, "parent_id"), (1, "parent_id"), (2, "parent_id")]
    assert "makes a a part of itself: row 3 (b)" in found[0].rule


def test_a_circle_through_the_layer_is_told_at_the_row_of_the_file():
    (finding,) = find(("whole", "part"), base=[("part", "whole"), ("whole", "")])
    assert (finding.row, finding.value) == (0, "part")
    assert "the packaged row part" in finding.rule


@pytest.mark.parametrize(
    ("part", "whole", "kind", "wrong"),
    [
        (("", "5", ""), ("", "4", ""), "sub_body", True), (("", "5", ""), ("", "4", ""), "", True),
        (("", "5", ""), ("", "4", ""), "same_body", True),
        (("", "5", ""), ("", "4", ""), "may_overlap", False), (("", "4", ""), ("", "4", ""), "sub_body", False),
        (("", "5", ""), ("3", "4", "6"), "sub_body", False), (("3", "5", "9"), ("", "4", ""), "sub_body", False),
        (("", "", ""), ("", "4", ""), "sub_body", False), (("", "5", ""), ("", "", ""), "sub_body", False),
    ],
)  # fmt: skip
def test_a_part_holds_no_more_than_its_whole(part, whole, kind, wrong):
    found = find(("p", "w", kind, *part), ("w", "", "", *whole))
    assert [(one.row, one.column, one.is_doubt) for one in found] == [(0, "tonnage_million_t_mode", False)] * wrong
    assert all("row 2 (p) has 5 million t, more than the 4 of its parent, row 3 (w)" in one.rule for one in found)


def test_part_and_whole_may_stand_in_file_and_layer():
    layer = [("p", "w", "sub_body", "", "5", ""), ("w", "", "", "", "9", "")]
    (finding,) = find(("w", "", "", "", "4", ""), base=layer)
    assert (finding.row, finding.value) == (0, "4")
    assert "the packaged row p has 5 million t, more than the 4 of its parent, row 2 (w)" in finding.rule
    (finding,) = find(("p", "w", "sub_body", "", "10", ""), base=layer)
    assert "row 2 (p) has 10 million t, more than the 9 of its parent, the packaged row w" in finding.rule
    assert find(("x", "", "", "", "1", ""), base=[("p", "w", "sub_body", "", "5", ""), ("w", "", "", "", "4", "")]) == []


def test_a_long_chain_of_parents_ends_soon():
    assert find(*((f"d{n}", f"d{n + 1}") for n in range(5000))) == []
