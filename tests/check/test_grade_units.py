"""The unit of a grade has one spelling; others are read as people write them, and told."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.check.finding import Rows
from geokit.check.inspection import inspect_rows
from geokit.check.plausible import find_impossible
from geokit.check.reference import Reference, build_reference
from geokit.check.units import find_misspelt_units
from geokit.core.grades import WHOLE, read_grade_unit

LIMITS = pd.DataFrame(
    {"commodity_id": ["antimony", "gold"], "grade_unit": ["% Sb", "g/t Au"], "maximum": ["71.69", "100"], "mineral": ["stibnite", "native"],
    "formula": ["Sb2S3", ""]}
)  # fmt: skip
FRAMES = {"grade_limits": LIMITS}
SLOPPY = (
    "Sb %", "%Sb", "wt% Sb", "wt.% Sb", "wt % Sb", "Sb wt%", "pct Sb", "Sb pct", "Sb_pct", "percent Sb", "per cent Sb", "% sb", "%SB",
    "% of Sb", "Sb (%)", "Sb(%)", "%  Sb", " % Sb", "weight % Sb", "% w/w Sb", "PCT SB",
)  # fmt: skip


def find(rule, table="deposits", **cells):
    frame = pd.DataFrame({name: [cell] for name, cell in cells.items()}, dtype=str)
    return list(rule(Rows(frame, table), Reference(FRAMES, {})))


@pytest.mark.parametrize("unit", SLOPPY)
def test_no_spelling_escapes_the_limit_of_the_mineral(unit):
    (finding,) = find(find_misspelt_units, grade_value="72", grade_unit=unit)
    assert (finding.row, finding.column, finding.value, finding.is_doubt) == (0, "grade_unit", unit, False)
    assert finding.remedy == "write % Sb"
    (finding,) = find(find_impossible, grade_value="72", grade_unit=unit)
    assert "stibnite (Sb2S3)" in finding.rule
    assert not find(find_impossible, grade_value="71.6", grade_unit=unit)


@pytest.mark.parametrize(
    "unit",
    ["% Sb", "% Cr2O3", "g/t Au", "ppm Cu", "ppb Au", "kg/t Sn", "ct/t gems", "% Zn+Pb", "% NdPr of TREO", "% C graphitic", "% talc",
    "% MgCO3", "% Co", "% Mg3Si4O10(OH)2", "% CO2", "% WO3", "", " "],
)  # fmt: skip
def test_accepted_units_are_not_told(unit):
    assert find(find_misspelt_units, grade_value="1", grade_unit=unit) == []


@pytest.mark.parametrize(
    ("unit", "remedy"),
    [
        ("%", "write % and a chemical formula, as % Sb"), ("g/t", "write % and a chemical formula"), ("% Xx", "write "),
        ("oz/t Au", "write g/t Au"), ("rich", "write % and"), ("% cr2o3", "write % Cr2O3"), ("% mgco3", "write % MgCO3"),
        ("gpt au", "write g/t Au"), ("Cr2O3 wt%", "write % Cr2O3"), ("%treo", "write % TREO"), ("x" * 10_000, "write % and"),
    ],
)  # fmt: skip
def test_a_strange_unit_is_an_error_with_the_nearest_spelling(unit, remedy):
    (finding,) = find(find_misspelt_units, grade_value="1", grade_unit=unit)
    assert finding.remedy.startswith(remedy)
    assert not finding.is_doubt


def test_the_units_of_the_commodity_are_offered_where_none_is_near():
    assert find(find_misspelt_units, commodity_id="gold", grade_value="1", grade_unit="rich")[0].remedy == "write g/t Au"


@pytest.mark.parametrize(
    ("grade", "unit", "verdict"),
    [
        ("250", "g/t Ag", ""), ("250", "ppm Cu", ""), ("1e6", "g/t Ag", ""),
        ("1000001", "g/t Ag", "the whole ore can hold: 1,000,000 g/t Ag"),
        ("100", "% Zn", ""), ("100.1", "% Zn", "the whole ore can hold: 100 % Zn"), ("1001", "kg/t Zn", "the whole ore"),
        ("716000", "ppm Sb", ""), ("717000", "g/t Sb", "stibnite (Sb2S3) can hold: 716,900 g/t Sb"),
        ("0.02", "% Au", "native can hold: 0.01 % Au"),
    ],
)  # fmt: skip
def test_the_bound_of_a_grade_is_that_of_its_unit(grade, unit, verdict):
    told = [finding.rule for finding in find(find_impossible, grade_value=grade, grade_unit=unit)]
    assert len(told) == bool(verdict)
    assert all(verdict in rule for rule in told)


def test_a_grade_whose_constituent_stands_apart_is_held_against_the_mineral_too():
    (finding,) = find(find_impossible, "other_grades", constituent="Sb", unit="%", grade_value="82")
    assert (finding.column, finding.is_doubt) == ("grade_value", False)
    assert find(find_impossible, "other_grades", constituent="Cr:Fe", unit="ratio", grade_value="300") == []


@pytest.mark.parametrize("measure", WHOLE)
def test_units_are_shares_of_one_whole(measure):
    """One per cent is 10 kg, 10,000 g, 50,000 carats or 10,000,000 parts in a billion of a tonne."""
    percent = {"%": 1.0, "kg/t": 10.0, "g/t": 1e4, "ppm": 1e4, "ppb": 1e7, "ct/t": 5e4}
    unit = read_grade_unit(f"{measure} Sb")
    assert unit is not None
    assert percent[measure] / unit.whole == pytest.approx(0.01)


def test_the_accepted_spelling_is_read_as_itself(layers):
    units = {cell for name in ("deposits", "grade_tonnage", "grade_limits") for cell in layers.texts[name]["grade_unit"] if cell}
    assert len(units) > 30
    assert {str(read_grade_unit(unit)) for unit in units} == units
    assert all(read_grade_unit(unit).is_known for unit in units)


@pytest.mark.parametrize(
    ("word", "commodity"),
    [("stibnite", "antimony"), ("Stibnite ore", "antimony"), ("chromite ore", "chromite"), ("Galena", "lead"), ("sphalerite", "zinc"),
    ("chalcopyrite", "copper"), ("scheelite", "tungsten"), ("wolframite", "tungsten"), ("monazite", "rare-earths"),
    ("bastnaesite", "rare-earths"), ("barytes", "barite")],
)  # fmt: skip
def test_a_mineral_names_its_commodity(layers, word, commodity):
    frame = pd.DataFrame({"commodity_id": [word]})
    told = inspect_rows(Rows(frame, "deposits"), build_reference(layers.texts, layers.root)[0], place="x.csv")
    assert [problem.remedy for problem in told if problem.column == "commodity_id"] == [f"write {commodity}"]
