"""The line of a plant: every step in order, every clause that touches it, its day, state and source."""

from __future__ import annotations

import pytest

from geokit.core.codes import Kind
from geokit.core.columns import split_ids
from geokit.study.explain import BUILT
from geokit.study.line import trace_line

CONCENTRATOR = "reko-diq-plant-site:copper-concentrate"


@pytest.fixture(scope="module")
def line(study):
    """Return the line of an alternative of the study for the United States."""
    return lambda alternative, track="text": study.explain(alternative, "us", track=track)["line"]


def clauses(line):
    return [(item, clause) for step in line for item in step["items"] for clause in item["clauses"]]


def test_steps_stand_in_order_and_a_block_is_told_once(study, line):
    stages = study.alternatives.loc[study.alternatives["kind"].isin(BUILT)].drop_duplicates("stage_id")
    for alternative, stage in zip(stages["alternative"], stages["stage_id"], strict=True):
        told = line(alternative)
        operations = study.layers["operations"]
        operations = operations[operations["stage_id"] == stage].sort_values("order")
        assert [step["name"] for step in told] == operations["name"].tolist()
        blocks = [step["block"]["block_id"] for step in told if step["block"]]
        assert sorted(blocks) == sorted(set(operations["block_id"]))


def test_a_copper_concentrator_prints_its_us_line(line):
    """Dossier on supplier countries, section 4: a concentrator with US valves prints a US line; no control of the counted issuer."""
    issuers = {item["issuer"] for item, clause in clauses(line(CONCENTRATOR)) if clause["counts"]}
    codes = {item["code"] for item, _ in clauses(line(CONCENTRATOR)) if item["issuer"] == "us"}
    assert issuers == {"us"}
    assert "2A992" in codes
    assert all(step["block"] is None or step["block"]["e"] == 0 for step in line(CONCENTRATOR))


def test_every_tie_of_the_stage_is_told_with_its_day_and_source(study, line):
    told = clauses(line("port-qasim:ree-separated-oxides"))
    ties = study.ties.query("stage_id == 'ree-separated-oxides' and track == 'text'")
    assert len(told) == len(ties)
    assert {(item["item_id"], clause["clause_id"], clause["leaves_on"]) for item, clause in told} == set(
        zip(ties["item_id"], ties["clause_id"], ties["day"], strict=True)
    )
    known = set(study.layers["sources"]["source_id"])
    assert all(set(split_ids(clause["source_id"])) <= known for _, clause in told)


def test_a_plant_elsewhere_is_told_only_the_clauses_for_all_destinations(study):
    """Model rule M8: rules for the host country do not bind a plant in another one; its suppliers' rules were not read."""
    case = next(one for one in study.cases if one.track.value == "text" and one.partner == "us")
    empty = study.exposure.head(0)
    told = clauses(trace_line(study, "tungsten-apt", case, exposure=empty, plan=empty, is_abroad=True))
    at_home = clauses(trace_line(study, "tungsten-apt", case, exposure=empty, plan=empty))
    scopes = study.layers["clauses"].set_index("clause_id")["destination_scope"]
    assert {item["issuer"] for item, _ in at_home} > {item["issuer"] for item, _ in told} == {"cn"}
    assert {scopes[clause["clause_id"]] for _, clause in told} == {"all destinations"}


def test_its_sources_are_among_those_of_the_explanation(study):
    explained = study.explain("port-qasim:ree-separated-oxides", "us")
    used = {one for _, clause in clauses(explained["line"]) for one in split_ids(clause["source_id"])}
    assert used <= {source["source_id"] for source in explained["sources"]}


def test_both_readings_differ_in_the_state_of_suspended_clauses(line):
    states = {
        track: {clause["clause_id"]: clause["state"] for item, clause in clauses(line("port-qasim:ree-separated-oxides", track))}
        for track in ("text", "practice")
    }
    assert states["text"]["cn-2025-56-equipment"] == "in_force"
    assert states["practice"]["cn-2025-56-equipment"] == "unresolved"


@pytest.mark.parametrize("kind", [Kind.EXPORT, Kind.TOLL])
def test_who_buys_no_plant_has_no_line(study, kind):
    idle = study.alternatives.loc[study.alternatives["kind"] == kind, "alternative"].iloc[0]
    assert study.explain(idle, "us")["line"] == []
