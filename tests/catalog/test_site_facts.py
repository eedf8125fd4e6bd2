"""Site facts on a five-site world whose answers are obvious, and on the real layers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.catalog import site_facts
from geokit.catalog.readiness import score_readiness
from geokit.core.codes import Grade
from geokit.io.dictionary import read_columns

SITES = pd.DataFrame(
    {
        "site_id": ["zone", "estate", "yard", "mine", "bare"],
        "kind_code": ["sez", "industrial_estate", "railhead", "mine_site", "industrial_estate"],
        "land_code": ["zoned", "full", "", "", ""],
        "gas_code": ["supplied", "requested", "none", "none", ""],
        "status_code": ["operating", "developing", "operating", "slowed", "planned"],
        "lat": [30.0, 30.0, 31.0, 32.0, 33.0],
        "lon": [66.0, 66.01, 67.0, 68.0, 69.0],
        "water_class": [2.0, np.nan, 4.0, np.nan, np.nan],
        "water_class_basis": ["seen", "", "seen", "", ""],
        "power_firm_mw": [np.nan, np.nan, np.nan, 50.0, np.nan],
        "source_id": ["s1", "s2", "s3", "s4", "s5"],
    }
)
NODES = pd.DataFrame(
    {
        "node_id": ["RAIL", "OLD", "ROAD"], "modes": ["road|rail", "rail", "road"],
        "lat": [30.0, 33.01, 32.0], "lon": [66.0, 69.0, 68.0],
    }
)
LINKS = pd.DataFrame({"from": ["RAIL", "OLD"], "to": ["FAR", "FAR"], "mode": ["rail", "rail"], "status_code": ["open", "concept"]})
HAZARDS = pd.DataFrame(
    [
        ("north", "province", "attacks", 12.0, "PIPS", "2024"), ("north", "province", "attacks", 30.0, "PIPS", "2025"),
        ("north", "province", "attacks", 99.0, "CRSS", "2025"), ("south", "province", "attacks", 5.0, "PIPS", "2024"),
        ("d1", "district", "protected_area", np.nan, "Marsh", ""), ("d1", "district", "protected_area", 7.0, "Wood", ""),
        ("d2", "district", "protected_area", np.nan, "Wood", ""), ("north", "province", "protected_area", 9.0, "Park", ""),
    ],
    columns=["area_id", "area_kind", "hazard", "value", "series", "year"],
).assign(source_id="press")
SCORES = pd.DataFrame(
    {
        "province_id": ["north", "north"],
        "item": ["law_in_force", "no_recent_ban"],
        "points_low": [40.0, 0.0],
        "points_high": [40.0, 20.0],
        "source_id": ["law", "judgement"],
    }
)
GRIDS = pd.DataFrame({"area_id": ["south"], "firm_surplus_mw": [-40.0], "note": ["40 MW short"], "source_id": ["grid"]})
WORLD = {"power_balance": GRIDS, "sites": SITES, "nodes": NODES, "links": LINKS, "hazards": HAZARDS, "institution_scores": SCORES}
ALTERNATIVES = pd.DataFrame(
    [
        *((one, "plant", one, province, district) for one, province, district in (
            ("zone", "north", "d1"), ("estate", "north", "d1|d2"), ("yard", "south", "d3"), ("mine", "", ""), ("bare", "north", "d3"))),
        ("lode", "plant", "lode", "north", "d1"), ("lode", "plant", "lode", "north", "d1"),
        ("export", "export", "", "north", ""), ("abroad-x", "abroad", "XXPRT", "", ""),
    ],
    columns=["site_id", "kind", "place_id", "province_id", "district_ids"],
).assign(stage_id="mill")


@pytest.fixture(scope="module")
def cells(assumptions):
    return site_facts(WORLD, ALTERNATIVES, assumptions=assumptions).set_index(["criterion_id", "site_id"])


def figures(cells, criterion, site):
    """Return the three figures of a cell."""
    return tuple(cells.loc[(criterion, site), ["value_low", "value", "value_high"]])


def test_one_row_a_criterion_and_site(cells):
    assert cells.index.is_unique
    assert len(cells) == 6 * 8
    assert (cells[["profile", "partner", "track"]] == "").all(axis=None)
    assert cells[cells["stage_id"] != ""].index.tolist() == [("R1", "export"), ("R3", "export")]


def test_readiness_counts_what_is_documented_and_leaves_room_for_the_unknown(cells):
    assert figures(cells, "I3", "zone") == (5, 5, 5)
    assert figures(cells, "I3", "estate") == (2, 2, 3)
    assert figures(cells, "I3", "yard") == (1, 1, 1)
    assert figures(cells, "I3", "mine") == (0, 0, 0)
    assert np.isnan(cells.loc[("I3", "bare"), "value"])
    assert "gas" in cells.loc[("I3", "bare"), "note"]
    assert np.isnan(cells.loc[("I3", "lode"), "value"])


def test_a_rail_node_counts_only_when_near():
    plants = pd.DataFrame({"place_id": ["estate"]}, index=pd.Index(["estate"], name="site_id"))
    near = score_readiness(WORLD, plants, rail_spur_km=5.0)["value"].item()
    far = score_readiness(WORLD, plants, rail_spur_km=0.5)["value"].item()
    assert near - far == 1


def test_without_a_railway_no_site_is_near_one(cells):
    roads = WORLD | {"nodes": NODES.query("modes == 'road'"), "links": LINKS.head(0)}
    plants = pd.DataFrame({"place_id": ["zone"]}, index=pd.Index(["zone"], name="site_id"))
    assert score_readiness(roads, plants, rail_spur_km=5.0)["value"].item() == cells.loc[("I3", "zone"), "value"] - 1


def test_attacks_are_those_of_one_series_in_its_latest_year(cells):
    assert figures(cells, "R1", "zone") == (30, 30, 30)
    assert cells.loc[("R1", "zone"), "grade"] == Grade.EVIDENCE
    assert np.isnan(cells.loc[("R1", "yard"), "value"])
    assert cells.loc[("R1", "yard"), "grade"] == ""
    assert np.isnan(cells.loc[("R1", "mine"), "value"])


def test_named_parks_are_told_but_prove_nothing_in_favour_of_a_place(cells):
    assert np.isnan(cells.loc[("R2", "zone"), "value"])
    assert "named for the district" in cells.loc[("R2", "zone"), "note"]
    assert np.isnan(cells.loc[("R2", "bare"), "value"])
    assert "looked up" in cells.loc[("R2", "bare"), "note"]


def test_institutions_span_what_is_not_known(cells):
    assert figures(cells, "R3", "zone") == (40, 40, 60)
    assert cells.loc[("R3", "zone"), "source_ids"] == "judgement;law"
    assert "no recent ban" in cells.loc[("R3", "zone"), "note"]
    assert np.isnan(cells.loc[("R3", "yard"), "value"])


def test_a_grid_known_to_be_short_gives_no_firm_power(cells):
    assert cells.loc[("I1", "yard"), "value"] == 0.0
    assert cells.loc[("I1", "yard"), ["grade", "note", "source_ids"]].tolist() == ["E", "40 MW short", "grid"]
    assert np.isnan(cells.loc[("I1", "zone"), "value"])


def test_captive_power_serves_nobody_else(cells):
    assert np.isnan(cells.loc[("I1", "mine"), "value"])
    assert "50 MW" in cells.loc[("I1", "mine"), "note"]


def test_water_is_a_judgement(cells):
    assert figures(cells, "I2", "zone") == (2, 2, 2)
    assert cells.loc[("I2", "zone"), "grade"] == Grade.ASSUMPTION
    assert cells.loc[("I2", "zone"), "source_ids"] == "judgement"
    assert cells.loc[("I2", "estate"), "source_ids"] == ""


def test_nothing_built_needs_nothing_and_abroad_the_layers_end(cells):
    assert [figures(cells, criterion, "export")[1] for criterion in ("I1", "I2", "I3")] == [1, 1, 5]
    assert cells.loc[("I1", "export"), "grade"] == Grade.DEFINITION
    assert figures(cells, "R1", "export") == (30, 30, 30)
    assert cells.loc[("R1", "export"), "stage_id"] == "mill"
    assert np.isnan(cells.loc[("R2", "export"), "value"])
    abroad = cells.xs("abroad-x", level="site_id")
    assert abroad["value"].isna().all()
    assert (abroad["grade"] == "").all()


def test_every_missing_cell_says_why_and_who_might_know(cells):
    missing = cells[cells["value"].isna()]
    assert (missing["note"].str.len() > 10).all()
    assert (missing["holder"] != "").all()
    assert (missing["source_ids"] == "").all()


def test_real_cells_obey_the_dictionary(layers, alternatives, assumptions):
    cells = site_facts(layers, alternatives, assumptions=assumptions)
    assert list(cells.columns) == [column.name for column in read_columns("cells")]
    known = cells.dropna(subset=["value"])
    assert ((known["value_low"] <= known["value"]) & (known["value"] <= known["value_high"])).all()
    assert (known.loc[known["grade"] != "D", "source_ids"] != "").all()
    assert set(cells["site_id"]) == set(alternatives["site_id"])
    assert known.query("criterion_id == 'I3'")["value_high"].max() <= 5
    assert known.query("criterion_id == 'I2'")["value"].between(1, 5).all()
    assert known.query("criterion_id == 'R3'")["value_high"].max() <= 100
