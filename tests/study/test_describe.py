"""Every assumption is described, and the schema, the example and the file that is handed back say the same."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from geokit.core.assumptions import Assumptions
from geokit.core.errors import UnknownNameError
from geokit.io.basis import read_basis
from geokit.io.defaults import dump_assumptions, read_assumptions, read_yaml
from geokit.study.describe import build_schema, describe, find_unit

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def table(assumptions, layers):
    return describe(assumptions, sources=list(layers["sources"]["source_id"])).set_index("name")


@pytest.fixture(scope="module")
def schema():
    return build_schema()


def test_every_figure_of_the_file_is_described_once(table, assumptions):
    assert table.index.is_unique
    stems = {path if path in table.index else path.rpartition(".")[0] for path, _ in assumptions.leaves()}
    known = set(table.index)
    assert {stem for stem in stems if stem not in known and ".".join(stem.split(".")[:2]) not in known} == set()
    assert (table["meaning"].str.len() > 10).all()
    assert not table["is_changed"].any()


def test_a_figure_is_told_with_range_unit_grade_and_sources(table, layers):
    rate = table.loc["finance.discount_rate_frac"]
    assert (rate["value"], rate["range"], rate["grade"]) == ("0.121", "0.104 to 0.137", "M")
    assert set(rate["source_ids"].split(";")) <= set(layers["sources"]["source_id"])
    parcel = table.loc["transport.parcel_t"]
    assert (parcel["value"], parcel["unit"], parcel["grade"], parcel["source_ids"]) == ("25000", "t", "A", "")
    assert table.loc["transport.diesel_usd_per_l", "value"] == "not set"


def test_what_names_no_source_is_an_assumption(table):
    assert set(table.loc[table["source_ids"] == "", "grade"]) == {"A"}
    judged = table["basis"].str.contains("our judgement")
    assert judged.sum() > 5
    assert set(table.loc[judged, "grade"]) == {"A"}


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("Truck speed on an unbuilt or unmapped track, km/h.", "km/h"),
        ("Largest parcel that sails in a handysize ship, t; a larger one goes by supramax.", "t"),
        ("Seed of every random draw.", ""),
        ("Country whose know-how a stage would use, by stage, as ``{x: y}``.", ""),
        ("Exponent of the power mean of the exposures: 1 = their average, the larger the nearer to the weakest block.", ""),
        ("", ""),
    ],
)
def test_the_unit_stands_behind_the_last_comma_of_the_first_clause(words, unit):
    assert find_unit(words) == unit


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("parcel_t", ["transport.parcel_t"]),
        ("transport.parcel_t", ["transport.parcel_t"]),
        ("seed", ["seed"]),
        ("procurement", ["procurement.equipment_share_frac", "procurement.pv_over_capex", "procurement.stock_months"]),
    ],
)
def test_a_name_an_ending_or_a_section_is_found(assumptions, asked, names):
    assert describe(assumptions, name=asked)["name"].tolist() == names


def test_an_unknown_name_gets_the_nearest(assumptions):
    with pytest.raises(UnknownNameError, match="parcel_t"):
        describe(assumptions, name="parcel_tons")


def test_a_change_is_marked(assumptions):
    rows = describe(assumptions.replace(parcel_t=30000), name="transport").set_index("name")
    assert rows.index[rows["is_changed"]].tolist() == ["transport.parcel_t"]
    assert rows.loc["transport.parcel_t", "value"] == "30000"


def test_the_remarks_of_the_file_stand_at_their_figures():
    basis = read_basis()
    assert "fin-wacc-pk-mining" in basis["finance.discount_rate_frac"]
    assert "transport.parcel_t" not in basis
    assert not any(words.startswith("#") for words in basis.values())


def test_the_published_schema_is_current(schema):
    told = json.loads((DOCS / "assumptions.schema.json").read_text(encoding="utf8"))
    assert told == schema, "run python recipes/assumption_schema.py"


def test_the_schema_is_one_of_its_dialect_and_knows_every_figure(schema, assumptions):
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    checker = jsonschema.Draft202012Validator(schema)
    checker.validate(assumptions.model_dump(mode="json"))
    checker.validate({})
    for section in assumptions.model_dump():
        assert section in schema["properties"]


@pytest.mark.parametrize(
    "tree",
    [
        {"transport": {"parcel_tons": 1}},
        {"transport": {"parcel_t": 0}},
        {"controls": {"regime": "war"}},
        {"scoring": {"evidence_threshold_frac": 1.5}},
        {"finance": {"discount_rate_frac": {"low": "cheap"}}},
        {"colour": 1},
    ],
)
def test_what_the_program_refuses_the_schema_refuses(schema, tree):
    assert not jsonschema.Draft202012Validator(schema).is_valid(tree)


def test_the_defaults_of_the_schema_are_those_of_the_package(schema, assumptions):
    parcel = schema["$defs"]["Transport"]["properties"]["parcel_t"]
    assert parcel["default"] == assumptions.transport.parcel_t
    assert not any("required" in part for part in (schema, *schema["$defs"].values()))


def test_the_example_of_the_pages_is_valid_and_changes_what_it_says(schema, assumptions):
    path = DOCS / "assumptions.example.yaml"
    tree = read_yaml(path.read_text(encoding="utf8"))
    jsonschema.validate(tree, schema, cls=jsonschema.Draft202012Validator)
    changed = {name.split(".")[0] for name in assumptions.diff(read_assumptions(path))}
    assert changed == set(tree)


def test_what_is_printed_is_read_back_as_the_same_assumptions(tmp_path, assumptions):
    mining = {"chromite-ore": {"low": 0.1, "mode": 0.2, "high": 0.3}}
    chances = {"renewed": 0.1, "snapback": 0.9}
    chosen = assumptions.replace(
        parcel_t=33333.333333333336, controls__fid_on="2027-06-01", mining_usd_per_t=mining, regime_probabilities=chances, seed=7
    )
    path = tmp_path / "mine.yaml"
    path.write_text(dump_assumptions(chosen), encoding="utf8")
    again = read_assumptions(path)
    assert again == chosen
    assert again.fingerprint() == chosen.fingerprint()
    assert isinstance(again, Assumptions)
