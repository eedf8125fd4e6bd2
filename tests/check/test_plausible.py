"""Figures that cannot be: richer than the mineral, refused before, nought where there must be something."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.check.finding import Rows
from geokit.check.plausible import find_blanks, find_impossible, find_refused
from geokit.check.reference import Reference

LIMITS = pd.DataFrame(
    {
        "grade_unit": ["% Sb", "% Cu", "g/t Au"], "maximum": ["71.69", "88.82", "100"], "mineral": ["stibnite", "cuprite", "native metal"],
        "formula": ["Sb2S3", "Cu2O", ""],
    }
)  # fmt: skip
REFUSED = pd.DataFrame(
    {
        "layer": ["deposits", "deposits", "sites", "deposits", "deposits"], "row_id": ["kakul", "kakul", "kakul", "saindak", "krinj"],
        "verdict": ["refused", "kept_aside", "refused", "refused", "refused"], "value": ["1080", "9", "5", "0.5", "600000"],
        "column": ["tonnage_million_t_mode", "tonnage_million_t_high", "area_ha", "grade_value", "contained"],
        "unit": ["million t", "million t", "ha", "g/t Ag", "t Sb"], "reason": ["a slip of three digits"] * 5,
    }
)  # fmt: skip
BASE = pd.DataFrame({"deposit_id": ["kakul"], "name": ["Kakul phosphate"]})


def find(rule, table="deposits", **columns):
    """Return (row, column, rule, doubt) of what is found in columns of cells."""
    frame = pd.DataFrame(columns, dtype=str)
    reference = Reference({"grade_limits": LIMITS, "figure_conflicts": REFUSED, "deposits": BASE}, {})
    found = rule(Rows(frame, table)) if rule is find_blanks else rule(Rows(frame, table), reference)
    return [(finding.row, finding.column, finding.rule, finding.is_doubt) for finding in found]


@pytest.mark.parametrize(
    ("grade", "unit", "wrong"),
    [("71.7", "% Sb", True), ("71.69", "% Sb", False), ("75", "%sb", True), ("75", "% Cu", False), ("90", "% Cu", True),
    ("90", "% Xx", False), ("", "% Sb", False), ("rich", "% Sb", False)],
)
def test_a_grade_is_held_against_the_mineral_of_its_unit(grade, unit, wrong):
    found = find(find_impossible, grade_value=[grade], grade_unit=[unit])
    assert [(row, column, doubt) for row, column, _, doubt in found] == [(0, "grade_value", False)] * wrong


def test_mineral_and_formula_are_named_and_every_grade_of_the_row_is_checked():
    found = find(find_impossible, grade_low=["50"], grade_value=["75"], grade_high=["81.5"], grade_unit=["% Sb"])
    assert [column for _, column, *_ in found] == ["grade_value", "grade_high"]
    assert all(rule == "is more than stibnite (Sb2S3) can hold: 71.7 % Sb" for _, _, rule, _ in found)


def test_a_limit_without_formula_is_our_assumption_and_makes_a_doubt():
    ((_, _, rule, doubt),) = find(find_impossible, grade_value=["208"], grade_unit=["g/t Au"])
    assert doubt
    assert "native metal can hold: 100 g/t Au" in rule


def test_a_folder_without_limits_or_refused_figures_is_not_checked_for_them():
    frame = pd.DataFrame({"deposit_id": ["kakul"], "grade_value": ["75"], "grade_unit": ["% Sb"], "tonnage_million_t_mode": ["1080"]})
    for rule in (find_impossible, find_refused):
        assert list(rule(Rows(frame, "deposits"), Reference({}, {}))) == []


def test_a_refused_figure_is_an_error_by_the_key_or_the_name_of_its_row():
    figures = {"tonnage_million_t_mode": ["1080", "1080.0", "1.08", "1080"], "tonnage_million_t_high": ["9"] * 4}
    found = find(find_refused, deposit_id=["kakul", "mine", "kakul-2", "mine-2"],
        name=["Kakul", "kakul phosphate", "Kakul phosphate", "Other"], **figures)
    assert [(row, column, doubt) for row, column, _, doubt in found] == [(0, "tonnage_million_t_mode", False),
        (1, "tonnage_million_t_mode", False)]
    assert all(rule == "was refused: a slip of three digits" for _, _, rule, _ in found)


@pytest.mark.parametrize(
    ("sources", "is_doubt"),
    [("", False), ("user", False), ("old-paper", False), ("layer-book", False), ("user;old-paper", False), ("my-assay", True),
    ("old-paper;my-assay", True)],
)
def test_a_source_of_its_own_makes_a_refused_figure_a_doubt(sources, is_doubt):
    refused, base = REFUSED.assign(source_id="old-paper"), BASE.assign(source_id="layer-book")
    frame = pd.DataFrame({"deposit_id": ["kakul"], "tonnage_million_t_mode": ["1080"], "source_id": [sources]})
    (finding,) = find_refused(Rows(frame, "deposits"), Reference({"figure_conflicts": refused, "deposits": base}, {}))
    assert finding.is_doubt == is_doubt
    assert finding.rule == "was refused: a slip of three digits"
    assert ("your source" in finding.remedy) == is_doubt


@pytest.mark.parametrize(
    ("unit", "told"),
    [("g/t Ag", True), ("G/T  ag", True), ("g/t", True), ("", True), ("% Cu", False), ("g/t Au", False), ("%", False)],
)
def test_a_refused_grade_is_refused_in_its_own_unit_only(unit, told):
    found = find(find_refused, deposit_id=["saindak"], grade_value=["0.5"], grade_unit=[unit])
    assert [column for _, column, *_ in found] == ["grade_value"] * told


def test_each_figure_is_held_against_the_unit_of_its_own_column():
    tonnes, derived = "t Sb", "t Sb (ore times 7 %, ours)"
    found = find(find_refused, deposit_id=["krinj"] * 3, contained=["600000"] * 3, contained_unit=[tonnes, derived, "t ore"],
        grade_unit=["% Sb"] * 3)
    assert [(row, column) for row, column, *_ in found] == [(0, "contained"), (1, "contained")]
    assert len(find(find_refused, deposit_id=["kakul"], tonnage_million_t_mode=["1080"], grade_unit=["% P2O5"])) == 1
    assert len(find(find_refused, deposit_id=["saindak"], grade_value=["0.5"])) == 1


@pytest.mark.parametrize(
    ("table", "column", "verdict"),
    [("deposits", "tonnage_million_t_mode", "error"), ("deposits", "grade_value", "error"), ("deposits", "contained", "error"),
     ("destinations", "capacity", "error"), ("sites", "power_firm_mw", "doubt"), ("sites", "area_ha", "doubt"),
     ("cost_models", "opex_usd_per_t_mode", "doubt"),
     ("sites", "nearest_node_km", ""), ("institution_scores", "points_low", ""), ("licence_params", "delay_days_low", "")],
)  # fmt: skip
@pytest.mark.parametrize("nought", ["0", "0.0", "-0"])
def test_nought_stands_for_a_blank_where_there_must_be_something(table, column, verdict, nought):
    found = find(find_blanks, table, **{column: [nought, "", "5"]})
    assert [(row, name, "doubt" if doubt else "error") for row, name, _, doubt in found] == ([(0, column, verdict)] if verdict else [])


@pytest.mark.parametrize(("figure", "told"), [("9999", True), ("99999.0", True), ("9998", False), ("999", False)])
def test_a_row_of_nines_is_doubted(figure, told):
    assert [doubt for *_, doubt in find(find_blanks, tonnage_million_t_mode=[figure])] == [True] * told


def test_no_packaged_figure_is_impossible_refused_or_a_nought_for_a_blank(layers):
    reference = Reference(layers.texts, {})
    for table, frame in layers.texts.items():
        rows = Rows(frame, table)
        assert [*find_impossible(rows, reference), *find_refused(rows, reference), *find_blanks(rows)] == [], table


def test_antimony_is_bounded_by_stibnite_in_the_packaged_limits(layers):
    """Stibnite, Sb2S3, holds 71.7 % antimony: 2 x 121.760 of 2 x 121.760 + 3 x 32.06 (IUPAC standard atomic weights)."""
    frame = pd.DataFrame({"deposit_id": ["a", "b"], "grade_value": ["71.6", "72"], "grade_unit": ["% Sb", "% Sb"]})
    found = list(find_impossible(Rows(frame, "deposits"), Reference(layers.texts, {})))
    assert [finding.row for finding in found] == [1]
    assert "stibnite (Sb2S3)" in found[0].rule
