"""Rows that may be one: names alike and near, unless one is said to be a part of the other."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.check.finding import Rows
from geokit.check.reference import Reference
from geokit.check.twins import NEAR_KM, find_twins

ALIASES = {
    "commodities.commodity_id": {"phosphate": "phosphate", "chromite": "chromite", "lead zinc": "lead-zinc"},
    "district_aliases.district_ids": {"khuzdar": "khuzdar"},
}
KM = 1 / 111.0
"""Degrees of latitude in a kilometre."""


def find(*rows, base=()):
    """Return what is found in deposits given as (id, name, km north, parent)."""

    def lay_out(some):
        names = ["deposit_id", "name", "lat", "parent_id"]
        cells = [(key, name, f"{30 + km * KM:.6f}", *parent) for key, name, km, *parent in some]
        return pd.DataFrame([dict(zip(names, row, strict=False)) for row in cells], columns=names, dtype=object).fillna("").assign(lon="66")

    return list(find_twins(Rows(lay_out(rows), "deposits"), Reference({"deposits": lay_out(base)}, {}, ALIASES)))


def count(name, other, km=5.0):
    """Return how often two rows of these names are told."""
    return len(find(("a", name, 0.0), ("b", other, km)))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Muslim Bagh", "Muslimbagh"), ("Muslim Bagh", "Bagh Muslim"), ("Koh-i-Dalil", "Koh i Dalil"), ("Koh Dalil", "KOH DALEEL"),
        ("Dasht-e-Kain", "Dasht e Kain deposit"), ("Kakul phosphate", "Kakul"), ("Reko Diq H14", "Reko Diq H-14"),
        ("Duddar (lead-zinc)", "Duddar"), ("Kal\u0101t", "Kalat"),
    ],
)  # fmt: skip
def test_names_alike_within_25_km_are_doubted(name, other):
    assert count(name, other) == 1
    assert count(other, name) == 1


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Reko Diq H14", "Reko Diq H15"), ("Koh-i-Dalil", "North Koh-i-Dalil"), ("Block A", "Block B"),
        ("Kakul phosphate", "Dalola phosphate"),
        ("Khuzdar chromite", "Khuzdar phosphate"), ("Duddar", "Gunga"), ("12", "13"), ("", ""),
    ],
)  # fmt: skip
def test_names_that_tell_two_bodies_apart_are_not(name, other):
    assert count(name, other) == 0


@pytest.mark.parametrize(("km", "times"), [(0.0, 1), (NEAR_KM - 0.5, 1), (NEAR_KM + 0.5, 0), (400.0, 0)])
def test_only_near_rows_are_compared(km, times):
    assert count("Duddar", "Duddar", km) == times


def test_the_other_names_of_a_row_count():
    frame = pd.DataFrame({"deposit_id": ["a", "b"], "name": ["Sultan", "Old works"], "alt_names": ["", "Kohi|Sultan"], "parent_id": "",
        "lat": "30", "lon": "66"})
    assert [finding.row for finding in find_twins(Rows(frame, "deposits"), Reference({}, {}, ALIASES))] == [1]


def test_other_names_may_stand_between_commas():
    frame = pd.DataFrame({"deposit_id": ["a", "b"], "name": ["Sultan", "Old works"], "alt_names": ["", "Kohi, Sultan"], "parent_id": "",
        "lat": "30", "lon": "66"})
    assert [finding.row for finding in find_twins(Rows(frame, "deposits"), Reference({}, {}, ALIASES))] == [1]


def test_parts_of_one_body_are_no_twins():
    assert find(("a", "Saindak", 0.0), ("b", "Saindak", 1.0, "a"), ("c", "Saindak", 2.0, "a"), ("d", "Saindak", 2.0, "c")) == []


def test_a_circle_of_parents_ends():
    assert find(("a", "Saindak", 0.0, "b"), ("b", "Saindak", 1.0, "a")) == []


def test_a_long_chain_of_parents_ends_soon():
    rows = [(f"d{n}", f"Body {n}", 0.0, f"d{n + 1}") for n in range(5000)]
    assert find(*rows) == []


def test_a_packaged_row_is_named_and_the_one_that_the_file_replaces_does_not_count():
    (finding,) = find(("new", "Duddar", 1.0), base=[("duddar", "Duddar (lead-zinc)", 0.0)])
    assert finding.is_doubt
    assert "the packaged row duddar (Duddar (lead-zinc)), 1.0 km away" in finding.rule
    assert find(("duddar", "Duddar", 1.0), base=[("duddar", "Duddar", 0.0)]) == []


def test_each_row_is_told_once_with_a_row_above_it():
    found = find(*((f"d{n}", "Duddar", n) for n in range(5)))
    assert [finding.row for finding in found] == [1, 2, 3, 4]


def test_packaged_rows_are_not_told_of_one_another():
    assert find(("x", "Elsewhere", 300.0), base=[("a", "Duddar", 0.0), ("b", "Duddar", 1.0)]) == []


@pytest.mark.parametrize("table", ["sites", "ports", "nodes", "airports", "destinations"])
def test_every_table_of_points_is_looked_through(table):
    key = Rows(pd.DataFrame(), table).key
    frame = pd.DataFrame({key: ["a", "b", "c"], "plant": "x", "name": ["Old Harbour", "Old Harbor", "Elsewhere"], "lat": "30", "lon": "66"})
    (finding,) = find_twins(Rows(frame, table), Reference({}, {}))
    assert (finding.row, finding.is_doubt, finding.remedy) == (1, True, f"use its {key}; else leave it")


def test_a_whole_gazetteer_is_passed_over_and_new_towns_are_not():
    towns = pd.DataFrame({"place_id": ["a", "b"], "name": ["Old Town", "Old Town"], "lat": "30", "lon": "66"})
    assert list(find_twins(Rows(towns, "places"), Reference({"places": towns}, {}))) == []
    mine = towns.head(1).assign(place_id="c")
    assert len(list(find_twins(Rows(mine, "places"), Reference({"places": towns}, {})))) == 1
