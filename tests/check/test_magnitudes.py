"""Slips of units: a hundred times the packaged figure, tonnes for million tonnes, a fraction for per cent."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.check.finding import Rows
from geokit.check.magnitudes import find_fractions, find_leaps, find_oversized
from geokit.check.reference import Reference

BASE = pd.DataFrame(
    {
        "deposit_id": ["a", "b"], "tonnage_million_t_mode": ["4.5", ""], "grade_value": ["0.5", "12"], "grade_unit": ["% Cu", "% Zn"],
        "lat": ["0.1", "30"], "discovered_year": ["1900", ""],
    }
)  # fmt: skip
TYPES = pd.DataFrame({"deposit_type": ["Porphyry Cu (17)", "Podiform", "Vein"], "model_id": ["porphyry", "podiform", ""]})
MODELS = pd.DataFrame(
    {
        "model_id": ["porphyry", "porphyry", "skarn", "podiform"], "tonnage_million_t_p90": ["1800", "2000", "90", ""],
        "grade_unit": ["% Cu", "g/t Au", "% Cu", "% Cr2O3"], "grade_p10": ["0.15", "0.2", "0.3", ""], "grade_p50": ["0.4", "", "", ""],
        "grade_mean": ["", "", "", "44"],
    }
)  # fmt: skip
FRAMES = {"deposits": BASE, "grade_tonnage_map": TYPES, "grade_tonnage": MODELS}


def find(rule, frames=FRAMES, **cells):
    frame = pd.DataFrame({name: [cell] for name, cell in cells.items()}, dtype=str)
    return list(rule(Rows(frame, "deposits"), Reference(frames, {})))


@pytest.mark.parametrize(
    ("cells", "odd"),
    [
        ({"tonnage_million_t_mode": "450"}, True), ({"tonnage_million_t_mode": "449"}, False), ({"tonnage_million_t_mode": "0.045"}, True),
        ({"tonnage_million_t_mode": "0.046"}, False), ({"tonnage_million_t_mode": "4500000"}, True),
        ({"tonnage_million_t_mode": ""}, False),
        ({"tonnage_million_t_mode": "0"}, False), ({"tonnage_million_t_mode": "-900"}, False), ({"tonnage_million_t_mode": "nan"}, False),
        ({"grade_value": "5000", "grade_unit": "ppm Cu"}, False), ({"grade_value": "0.005", "grade_unit": "%cu"}, True),
        ({"lat": "30"}, False), ({"discovered_year": "19"}, False), ({"deposit_id": "c", "tonnage_million_t_mode": "4500000"}, False),
        ({"deposit_id": "b", "tonnage_million_t_mode": "4500000"}, False),
    ],
)  # fmt: skip
def test_a_hundred_times_the_packaged_figure_is_doubted(cells, odd):
    found = find(find_leaps, **({"deposit_id": "a"} | cells))
    assert [finding.is_doubt for finding in found] == [True] * odd


def test_the_factor_and_the_packaged_figure_are_told():
    (finding,) = find(find_leaps, deposit_id="a", tonnage_million_t_mode="4500000")
    assert finding.rule == "is 1,000,000 times the packaged figure, 4.5 million t"
    assert finding.remedy.startswith("write it in million t")
    (finding,) = find(find_leaps, deposit_id="a", grade_value="0.005", grade_unit="% Cu")
    assert finding.rule == "is 100 times less than the packaged figure, 0.5 % Cu"


@pytest.mark.parametrize(
    ("kind", "tonnage", "odd"),
    [
        ("Porphyry Cu (17)", "20000", False), ("porphyry cu 17", "20001", True), ("Podiform", "20001", True), ("Podiform", "19000", False),
        ("unheard of", "4500000", True), ("Porphyry Cu (17)", "", False),
    ],
)  # fmt: skip
def test_ten_times_the_largest_of_the_type_looks_like_tonnes(kind, tonnage, odd):
    found = find(find_oversized, deposit_type=kind, tonnage_million_t_mode=tonnage)
    assert ["looks like tonnes, not million tonnes" in finding.rule for finding in found if finding.is_doubt] == [True] * odd


@pytest.mark.parametrize(
    ("kind", "unit", "grade", "odd"),
    [
        ("Porphyry Cu (17)", "% Cu", "0.004", True), ("Porphyry Cu (17)", "% Cu", "0.02", False), ("Podiform", "% Cr2O3", "0.46", True),
        ("Podiform", "% Cr2O3", "12", False), ("Vein", "% Cr2O3", "0.46", True), ("Vein", "% Cu", "0.004", True),
        ("Vein", "% Cu", "0.016", False), ("Porphyry Cu (17)", "g/t Au", "0.001", False), ("Vein", "% Sb", "0.01", False),
        ("Podiform", "% Cr2O3", "0", False),
    ],
)  # fmt: skip
def test_a_grade_far_below_its_type_may_be_a_fraction(kind, unit, grade, odd):
    found = find(find_fractions, deposit_type=kind, grade_value=grade, grade_unit=unit)
    assert ["a fraction taken as per cent?" in finding.rule for finding in found if finding.is_doubt] == [True] * odd


def test_the_per_cent_that_a_fraction_means_is_told():
    (finding,) = find(find_fractions, deposit_type="Podiform", grade_high="0.46", grade_unit="% Cr2O3")
    assert finding.column == "grade_high"
    assert finding.remedy.startswith("write 46 if it is a fraction")


def test_a_folder_without_models_tells_nothing():
    cells = {"deposit_type": "x", "tonnage_million_t_mode": "1e9", "grade_value": "1e-9", "grade_unit": "% Cu"}
    assert [*find(find_oversized, {}, **cells), *find(find_fractions, {}, **cells), *find(find_leaps, {}, deposit_id="a", **cells)] == []


def test_no_packaged_figure_is_of_another_magnitude(layers):
    rows, reference = Rows(layers.texts["deposits"], "deposits"), Reference(layers.texts, {})
    assert [*find_oversized(rows, reference), *find_fractions(rows, reference)] == []
    again = Rows(layers.texts["deposits"].copy(), "deposits")
    assert list(find_leaps(again, reference)) == []


def test_muslim_bagh_in_tonnes_is_doubted(layers):
    """The packaged row holds 4.5 million t; the company states 4,500,000 t."""
    rows = Rows(pd.DataFrame({"deposit_id": ["muslim-bagh"], "tonnage_million_t_mode": ["4500000"]}), "deposits")
    assert [finding.column for finding in find_leaps(rows, Reference(layers.texts, {}))] == ["tonnage_million_t_mode"]
