"""What `geokit explain` says first: of the law only what touches the plant."""

from __future__ import annotations

import pytest

from geokit.core.codes import Track

RARE, COPPER = "gwadar-epz:ree-separated-oxides", "reko-diq-plant-site:copper-concentrate"


@pytest.mark.parametrize(("alternative", "splits"), [(RARE, True), (COPPER, False)])
def test_law_that_differs_on_other_plants_is_not_told_of_this_one(study, alternative, splits):
    """Nos. 56, 61 and 62 of 2025 differ by text and practice and touch rare earths; no Chinese clause touches a concentrator."""
    told = study.explain(alternative, "us", track=Track.TEXT)["warnings"]
    assert any(line.startswith("Law unsettled") for line in told) == splits
    assert any(line.startswith("Political states mixed") for line in told) == splits
    assert not any("that touch ranked plants" in line for line in told)
    assert told[-1].startswith("Screening, not a feasibility study")


def test_what_one_plant_is_told_first_names_the_clauses_of_its_line_alone(study):
    tree = study.explain(RARE, "us", track=Track.TEXT)
    clauses = {clause["clause_id"] for step in tree["line"] for item in step["items"] for clause in item["clauses"]}
    line = next(one for one in tree["warnings"] if one.startswith("Law unsettled"))
    split = study.states[study.states["state_as_law_stands"] != study.states["state_as_practised"]]
    gates = study.layers["gates"].set_index("gate_id")["clause_id"]
    resting = {gates[row["gate_id"]] for row in tree["gates"]}
    assert f": {len(set(split['clause_id']) & (clauses | resting))} clauses are in force by their text" in line
