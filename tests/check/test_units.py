"""Units in a column of their own: one is missing, or it counts another commodity."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.check.finding import Rows
from geokit.check.reference import Reference
from geokit.check.units import find_strange_units, find_unitless

LIMITS = pd.DataFrame(
    {"commodity_id": ["chromite", "chromite", "copper", "zinc", "gold"], "grade_unit": ["% Cr2O3", "% Cr", "% Cu", "% Zn", "g/t Au"]}
)  # fmt: skip
FACTORS = pd.DataFrame({"from_content": ["CuO", "Cr2O3"], "to_content": ["Cu", "Cr"]})
COMMODITIES = pd.DataFrame({"commodity_id": ["lead-zinc", "zinc", "copper"], "parent_id": ["", "lead-zinc", ""]})
FRAMES = {"grade_limits": LIMITS, "contained_factors": FACTORS, "commodities": COMMODITIES}


def find(rule, table="deposits", frames=FRAMES, **cells):
    frame = pd.DataFrame({name: [cell] for name, cell in cells.items()}, dtype=str)
    return list(rule(Rows(frame, table), Reference(frames, {})))


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"grade_value": "46", "grade_unit": ""}, "grade_unit"), ({"grade_low": "4", "grade_high": "6", "grade_unit": " "}, "grade_unit"),
        ({"contained": "300", "contained_unit": ""}, "contained_unit"), ({"grade_value": "46", "grade_unit": "% Cr"}, ""),
        ({"grade_value": "", "grade_unit": ""}, ""), ({"grade_value": "46"}, ""),
    ],
)  # fmt: skip
def test_a_figure_without_its_unit_is_an_error(cells, column):
    found = find(find_unitless, **cells)
    assert [finding.column for finding in found] == [column] * bool(column)
    assert not any(finding.is_doubt for finding in found)


def test_the_units_of_the_commodity_are_named():
    (finding,) = find(find_unitless, commodity_id="chromite", grade_value="46", grade_unit="")
    assert finding.rule == "is blank, and grade_value 46 needs it"
    assert finding.remedy == "write the unit, as % Cr2O3 or % Cr, or leave both blank"


def test_other_tables_have_units_in_columns_too():
    (finding,) = find(find_unitless, "destinations", capacity="300", capacity_unit="")
    assert finding.column == "capacity_unit"


@pytest.mark.parametrize(
    ("commodity", "others", "unit", "odd"),
    [
        ("chromite", "", "% Cu", True), ("chromite", "copper", "% Cu", False), ("chromite", "", "% cr2o3", False),
        ("chromite", "", "%", True),
        ("chromite", "", "ppm Cr", False), ("chromite", "", "g/t", True), ("copper", "", "% CuO", False),
        ("copper", "gold|zinc", "g/t Au", False),
        ("lead-zinc", "", "% Zn", False), ("gems", "", "% Cu", True), ("gems", "", "ct/t", False), ("chromite", "", "", False),
        ("copper", "", "% Xx", True),
    ],
)  # fmt: skip
def test_a_grade_counts_a_commodity_of_its_row(commodity, others, unit, odd):
    found = find(find_strange_units, commodity_id=commodity, other_commodity_ids=others, grade_unit=unit)
    assert [finding.is_doubt for finding in found] == [True] * odd


def test_the_constituent_and_the_right_unit_are_named():
    (finding,) = find(find_strange_units, commodity_id="chromite", grade_unit="% Cu")
    assert finding.rule == "counts Cu, by which chromite is not measured"
    assert finding.remedy.startswith("write % Cr2O3 or % Cr")


def test_without_limits_no_unit_is_strange():
    assert find(find_strange_units, frames={}, commodity_id="chromite", grade_unit="% Cu") == []


def test_every_packaged_unit_is_there_and_suits(layers):
    reference = Reference(layers.texts, {})
    for table, frame in layers.texts.items():
        assert [*find_unitless(Rows(frame, table), reference), *find_strange_units(Rows(frame, table), reference)] == [], table
