"""Deposits of one commodity that lie closer together than their points are sure."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.check.finding import Rows
from geokit.check.neighbours import find_neighbours
from geokit.check.reference import Reference

KM = 1 / 110.85
"""Degrees of latitude in a kilometre on the ellipsoid, at 30 degrees north."""


def lay_out(*rows):
    """Return deposits given as (id, km north) and what differs."""
    plain = {"commodity_id": "copper", "parent_id": "", "coord_kind": "point", "coord_accuracy_km": "0.5", "lon": "66"}
    told = [{**plain, "deposit_id": key, "name": f"Name {key}", "lat": f"{30 + km * KM:.6f}", **dict(*more)} for key, km, *more in rows]
    return pd.DataFrame(told, dtype=str)


def find(*rows, base=()):
    known = lay_out(("far", 500.0), *base)
    return list(find_neighbours(Rows(lay_out(*rows), "deposits"), Reference({"deposits": known}, {})))


@pytest.mark.parametrize(("km", "radius", "odd"), [(1.9, "0.5", True), (2.1, "0.5", False), (9.0, "5", False), (5.0, "5", True),
    (5.0, "", False),
    (1.9, "", True)])
def test_two_of_one_commodity_within_the_sum_of_their_radii_are_doubted(km, radius, odd):
    found = find(("new", km, {"coord_accuracy_km": radius}), base=[("old", 0.0)])
    assert [finding.is_doubt for finding in found] == [True] * odd


def test_the_row_is_named_with_its_distance():
    (finding,) = find(("new", 1.5), base=[("old", 0.0)])
    assert finding.column == "name"
    assert finding.rule == "lies 1.5 km from the packaged row old (Name old), of the same commodity: one deposit under two names?"
    assert "set parent_id" in finding.remedy


@pytest.mark.parametrize("change", [{"commodity_id": "zinc"}, {"coord_kind": "town_proxy"}, {"parent_id": "old"}, {"deposit_id": "old"},
    {"lat": "", "lon": ""}])
def test_other_commodities_parts_and_towns_are_not(change):
    assert find(("new", 1.0, change), base=[("old", 0.0)]) == []


def test_rows_of_the_file_are_compared_and_each_is_told_once():
    assert [finding.row for finding in find(("a", 0.0), ("b", 0.5), ("c", 1.0))] == [1, 2]


def test_packaged_rows_that_a_file_changes_are_not_told_of_one_another():
    base = [("a", 0.0), ("b", 0.5)]
    assert find(*base, base=base) == []


def test_a_layer_is_not_compared_with_itself():
    frame = lay_out(("a", 0.0), ("b", 0.5))
    assert list(find_neighbours(Rows(frame, "deposits"), Reference({"deposits": frame}, {}))) == []
