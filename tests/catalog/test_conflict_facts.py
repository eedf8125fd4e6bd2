"""Limits of grades, points and figures that compete, and who holds what is blank."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geokit.catalog import check_file
from geokit.core.columns import split_ids
from geokit.io.dictionary import read_columns

GEOD = Geod(ellps="WGS84")
WEIGHTS = {
    "H": 1.008, "Li": 6.94, "C": 12.011, "O": 15.999, "F": 18.998, "Mg": 24.305, "Al": 26.982, "Si": 28.085, "P": 30.974, "S": 32.06,
    "Ca": 40.078, "Ti": 47.867, "Cr": 51.996, "Mn": 54.938, "Fe": 55.845, "Co": 58.933, "Ni": 58.693, "Cu": 63.546, "Zn": 65.38,
    "Sr": 87.62, "Zr": 91.224, "Nb": 92.906, "Mo": 95.95, "Sb": 121.76, "Cs": 132.91, "Ba": 137.33, "Ce": 140.12, "Ta": 180.95,
    "W": 183.84, "Pb": 207.2, "U": 238.03,
}
"""Abridged standard atomic weights 2021, Prohaska and others 2022, IUPAC Technical Report, doi 10.1515/pac-2019-0603."""
TEXTBOOK = {
    "% Sb": 71.7, "% Pb": 86.6, "% Zn": 67.1, "% Cu": 88.8, "% Cr2O3": 67.9, "% Mn": 63.2, "% WO3": 80.5, "% MgO": 47.8, "% P2O5": 42.2,
    "% Fe": 72.4, "% Mo": 59.9, "% Li2O": 8.03, "% Ni": 64.7, "% BaO": 65.7, "% BaSO4": 100, "% CaF2": 100, "% C": 100,
}
"""Content of the pure mineral as textbooks of mineralogy print it."""
NO_GAP = {
    *(("anchors", f"{figure}_{end}") for figure in ("months", "factor") for end in ("low", "mode", "high")),
    *(("forecasts", f"probability_{end}") for end in ("low", "mode", "high")), ("party_lists", "ownership_frac"),
    ("feed_plans", "years_after_first_ore"), ("feed_scenarios", "first_ore_year"), ("price_states", "premium"),
    ("freight_rates", "diesel_usd_per_l"), ("freight_rates", "payload_t"),
    ("accepts", "from_year"), ("clauses", "de_minimis_frac"), ("cost_indices", "value_high"),
    ("cost_indices", "value_low"), ("deposits", "discovered_year"), ("deposits", "project_tonnage_million_t"),
    ("items", "max"), ("items", "max_2"), ("items", "max_3"), ("items", "min"), ("items", "min_2"), ("items", "min_3"),
    ("licence_params", "delay_mult_high"), ("licence_params", "delay_mult_low"), ("licence_params", "delay_mult_mode"),
    ("licence_params", "p_cap"), ("licence_params", "p_mult_high"), ("licence_params", "p_mult_low"), ("licence_params", "p_mult_mode"),
    ("licence_params", "premium_excess_mult_mode"), ("ocean_freight", "nm"), ("other_grades", "grade_high"), ("other_grades", "grade_low"),
    ("other_grades", "grade_value"), ("places", "population"), ("regimes", "prior_high"), ("regimes", "prior_low"),
    ("regimes", "prior_mode"), ("sea_distances", "nm_no_hormuz"),
}
"""Figures whose blank is no gap: a threshold that an item does not have, a factor that is not used, a way that does not exist."""


def count_atoms(formula):
    """Return the atoms of a formula with at most one level of brackets."""
    flat = re.sub(r"\(([^)]*)\)(\d*)", lambda found: found[1] * int(found[2] or 1), formula)
    atoms = {}
    for element, times in re.findall(r"([A-Z][a-z]?)(\d*)", flat):
        atoms[element] = atoms.get(element, 0) + int(times or 1)
    return atoms


def weigh(formula):
    return sum(WEIGHTS[element] * times for element, times in count_atoms(formula).items())


def share_of(constituent, formula):
    """Return how much of a mineral its constituent makes up, in percent; the first element of the constituent is the one counted."""
    first = re.match(r"[A-Z][a-z]?", constituent)[0]
    per_mineral, per_constituent = count_atoms(formula)[first], count_atoms(constituent)[first]
    return 100.0 * per_mineral / per_constituent * weigh(constituent) / weigh(formula)


def name_columns(cell, table):
    """Return the columns that a row of the holders means: each by name, or by the stem of its low, mode (or value) and high."""
    names = [column.name for column in read_columns(table)]
    found = {stem: [name for name in names if re.fullmatch(rf"{stem}(_(low|mode|value|high))?", name)] for stem in split_ids(cell)}
    assert all(found.values()), (table, cell)
    return {name for some in found.values() for name in some}


def find_row(layers, layer, row_id):
    """Return the one row of a layer with a key; keys of several columns are joined by a colon."""
    keys = [column.name for column in read_columns(layer) if column.key]
    texts = [layers[layer][key].map(lambda cell: f"{cell:g}" if isinstance(cell, int | float) else str(cell)) for key in keys]
    found = layers[layer][pd.concat(texts, axis=1).agg(":".join, axis=1) == row_id]
    assert len(found) == 1, (layer, row_id, len(found))
    return found.iloc[0]


def test_the_atoms_of_a_formula_are_counted():
    assert count_atoms("Ca5(PO4)3F") == {"Ca": 5, "P": 3, "O": 12, "F": 1}
    assert weigh("Sb2S3") == pytest.approx(339.70, abs=0.01)


def test_every_limit_follows_from_the_formula_of_its_mineral(layers):
    limits = layers["grade_limits"]
    computed = limits[limits["grade"] == "M"]
    assert (computed["formula"] != "").all()
    for row in computed.itertuples():
        assert row.maximum == pytest.approx(share_of(row.constituent, row.formula), abs=0.006), row.grade_unit
        assert row.unit == "%"


def test_the_limits_are_those_of_the_textbooks(layers):
    limits = layers["grade_limits"].drop_duplicates("grade_unit").set_index("grade_unit")["maximum"]
    for unit, percent in TEXTBOOK.items():
        assert limits[unit] == pytest.approx(percent, abs=0.05), unit


def test_bounds_that_no_mineral_sets_are_called_assumptions(layers):
    bounds = layers["grade_limits"].query("grade == 'A'")
    assert set(bounds["grade_unit"]) == {"g/t Au", "g/t Ag", "g/t PGE"}
    assert set(bounds["source_id"]) == {"judgement"}
    assert bounds.set_index("grade_unit").loc["g/t Au", "maximum"] < 208


def test_no_grade_of_the_layers_is_above_its_limit(layers):
    limits = layers["grade_limits"].drop_duplicates("grade_unit").set_index("grade_unit")["maximum"]
    deposits, others = layers["deposits"], layers["other_grades"]
    graded = deposits[deposits["grade_unit"] != ""]
    assert set(graded["grade_unit"]) <= set(limits.index)
    for column in ("grade_low", "grade_value", "grade_high"):
        assert not (graded[column] > graded["grade_unit"].map(limits)).any()
        assert not (others[column] > (others["unit"] + " " + others["constituent"]).map(limits)).any()
    assert ((others["unit"] + " " + others["constituent"]).isin(limits.index)).sum() > len(others) / 2


def test_two_points_of_one_place_are_as_far_apart_as_stated(layers):
    for row in layers["coord_conflicts"].itertuples():
        metres = GEOD.inv(row.lon_a, row.lat_a, row.lon_b, row.lat_b)[2]
        assert row.distance_km == pytest.approx(metres / 1000.0, abs=0.051), row.conflict_id


def test_the_chosen_point_stands_in_its_layer(layers):
    conflicts = layers["coord_conflicts"]
    places = {"deposits": ("deposit_id", layers["deposits"]), "sites": ("site_id", layers["sites"])}
    chosen = 0
    for key, frame in places.values():
        located = frame.set_index(key)[["lat", "lon"]]
        for row in conflicts[conflicts[key] != ""].to_dict("records"):
            point = [row[f"{axis}_{row['chosen']}"] for axis in ("lat", "lon")]
            assert located.loc[row[key]].tolist() == pytest.approx(point, abs=1e-4), row["conflict_id"]
            chosen += 1
    assert chosen == len(conflicts) - 1
    assert conflicts["conflict_id"].size == 15


def test_a_suspected_slip_has_the_size_of_one(layers):
    conflicts = layers["coord_conflicts"].set_index("conflict_id")
    north, east = (conflicts["lat_a"] - conflicts["lat_b"]).abs(), (conflicts["lon_a"] - conflicts["lon_b"]).abs()
    for slip, large, small, size in (("one_degree_lat", north, east, 1.0), ("one_degree_lon", east, north, 1.0),
                                     ("tenth_degree_lon", east, north, 0.1)):
        rows = conflicts["suspected_slip"] == slip
        assert rows.any(), slip
        assert large[rows].between(0.95 * size, 1.05 * size).all(), slip
        assert (small[rows] < 0.05).all(), slip


def test_every_chosen_figure_stands_where_it_should_and_no_other_does(layers):
    for figure in layers["figure_conflicts"].itertuples():
        row = find_row(layers, figure.layer, figure.row_id)
        assert figure.column in row.index, figure.figure_id
        stands = pd.to_numeric(row[figure.column]) == pytest.approx(figure.value, rel=1e-9)
        assert stands == (figure.verdict == "chosen"), (figure.figure_id, row[figure.column])


def test_no_refused_figure_stands_in_its_row_or_among_its_kind(layers):
    figures = layers["figure_conflicts"]
    for figure in figures[figures["verdict"] == "refused"].itertuples():
        stem = re.sub(r"_(low|mode|value|high)$", "", figure.column)
        row = find_row(layers, figure.layer, figure.row_id)
        family = [name for name in row.index if re.fullmatch(rf"{stem}(_(low|mode|value|high))?", name)]
        unit = next(column.unit for column in read_columns(figure.layer) if column.name == figure.column).removeprefix("see ")
        stated = row[unit] if unit in row.index and isinstance(row[unit], str) else ""
        is_one = stated.startswith(figure.unit) or figure.unit.startswith(stated)
        assert not (is_one and (pd.to_numeric(row[family]) == figure.value).any()), figure.figure_id
    tonnages = layers["deposits"].filter(regex="^tonnage_million_t").to_numpy()
    assert not np.isin(tonnages, [1080.0, 69.0, 69.2, 500.0]).any()


def test_where_no_figure_of_a_conflict_is_chosen_the_layer_is_blank(layers):
    for name, figures in layers["figure_conflicts"].groupby("conflict"):
        if not figures["verdict"].eq("chosen").any():
            cells = [find_row(layers, row.layer, row.row_id)[row.column] for row in figures.itertuples()]
            assert pd.isna(cells).all(), name


def test_a_column_of_a_row_has_at_most_one_chosen_figure(layers):
    chosen = layers["figure_conflicts"].query("verdict == 'chosen'")
    assert not chosen.duplicated(["layer", "row_id", "column"]).any()


def test_a_figure_that_is_chosen_is_neither_refused_nor_kept_aside_in_the_same_cell(layers):
    cell = ["layer", "row_id", "column", "value", "unit"]
    assert not layers["figure_conflicts"].drop_duplicates([*cell, "verdict"]).duplicated(cell).any()


def test_figures_of_a_conflict_count_one_thing_or_say_in_which_column(layers):
    """33 % Fe is no rival of 208 g/t Au: a chosen figure of another unit stands in a conflict that is not about the refused one alone."""
    figures = layers["figure_conflicts"]
    gold = figures[(figures["row_id"] == "chilghazi") & (figures["unit"] == "g/t Au")]
    assert set(gold["verdict"]) == {"refused"}
    assert not gold["conflict"].str.contains("gold").any()


def test_one_figure_of_one_source_has_one_verdict(layers):
    figures = layers["figure_conflicts"].drop_duplicates(["layer", "row_id", "column", "value", "unit", "source_id", "verdict"])
    assert not figures.duplicated(["layer", "row_id", "column", "value", "unit", "source_id"]).any()


@pytest.mark.parametrize(
    ("row_id", "column", "value"),
    [
        ("chilghazi", "grade_value", 208), ("kakul-phosphate", "tonnage_million_t_mode", 1080),
        ("gunga", "tonnage_million_t_mode", 69), ("gilgit-baltistan-antimony", "grade_value", 81.5), ("saindak", "grade_value", 0.5),
    ],
)
def test_the_known_traps_are_refused_by_name(layers, row_id, column, value):
    refused = layers["figure_conflicts"].query("verdict == 'refused'").set_index(["row_id", "column"])["value"]
    assert value in refused.loc[[(row_id, column)]].tolist()


def test_a_part_above_its_whole_is_flagged(layers):
    deposits = layers["deposits"].set_index("deposit_id")
    parts = deposits[deposits["parent_kind"] == "sub_body"]
    whole = parts["parent_id"].map(deposits["tonnage_million_t_mode"])
    above = parts.index[parts["tonnage_million_t_mode"] > whole]
    assert list(above) == ["reko-diq-h14"]
    assert deposits.loc[above, "flags"].str.contains("exceeds_parent_mode").all()


def test_every_gap_that_counts_has_somebody_to_ask(layers):
    holders = layers["holders"]
    asked = {(row.layer, name) for row in holders.itertuples() for name in name_columns(row.column, row.layer)}
    for table, frame in layers.items():
        if "holder" in frame.columns:
            continue
        figures = [column.name for column in read_columns(table) if column.type in {"number", "integer"}]
        gaps = {(table, name) for name in figures if frame[name].isna().any()}
        assert gaps <= asked | NO_GAP, table
    assert not asked & NO_GAP


def test_every_holder_is_asked_for_something_that_is_blank(layers):
    for row in layers["holders"].itertuples():
        table = layers[row.layer]
        table = table[table["province_id"] == row.province_id] if row.province_id else table
        for name in name_columns(row.column, row.layer):
            cells = table[name]
            assert (cells.isna() | (cells.astype(str) == "")).any(), (row.holder_id, name)


def test_a_holder_speaks_once_of_a_quantity(layers):
    said = [
        (row.layer, name, row.province_id) for row in layers["holders"].itertuples() for name in name_columns(row.column, row.layer)
    ]
    assert len(said) == len(set(said))
    words = layers["holders"].drop(columns=["holder_id", "column"])
    assert not words.duplicated().any()


def test_a_holder_whom_nobody_named_is_our_judgement(layers):
    holders = layers["holders"]
    assert (holders["source_id"] != "").all()
    assert (holders["source_id"] == "judgement").any()
    assert {"balochistan", "khyber-pakhtunkhwa", "gilgit-baltistan", ""} <= set(holders["province_id"])


def test_every_refused_figure_is_recognised_when_a_user_brings_it_back(layers, tmp_path):
    refused = layers["figure_conflicts"].query("verdict == 'refused'")
    assert len(refused) > 20
    for one in refused.to_dict("records"):
        keys = [column.name for column in read_columns(one["layer"]) if column.key]
        row = dict(zip(keys, one["row_id"].split(":"), strict=True)) | {one["column"]: str(one["value"])}
        row |= {"grade_unit": one["unit"]} if one["column"].startswith("grade_") else {}
        path = tmp_path / "mine.csv"
        pd.DataFrame([row]).to_csv(path, index=False)
        found = check_file(path, layers, table=one["layer"]).problems
        assert any(problem.column == one["column"] and not problem.is_doubt for problem in found), one["figure_id"]
