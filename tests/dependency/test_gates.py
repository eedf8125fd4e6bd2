"""Gates: pass, fail or unknown, apart from the score (model rules M4, M11)."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.dependency import gates
from geokit.io.dictionary import read_columns


@pytest.fixture(scope="module")
def verdicts(layers, alternatives, cases):
    return gates(layers, alternatives, cases)


def plant_at(alternatives, site):
    rows = alternatives[(alternatives["kind"] == "plant") & (alternatives["site_id"] == site)]
    return rows["alternative"].iloc[0]


def one(verdicts, gate, alternative, partner):
    rows = verdicts[(verdicts["gate_id"] == gate) & (verdicts["alternative"] == alternative) & (verdicts["partner"] == partner)]
    return rows.iloc[0] if len(rows) else None


def test_the_table_follows_the_dictionary_and_has_one_row_a_key(verdicts):
    assert list(verdicts.columns) == [column.name for column in read_columns("gate_results")]
    assert not verdicts.duplicated(["alternative", "partner", "gate_id"]).any()
    assert set(verdicts["result"]) <= {"pass", "fail", "unknown"}
    assert (verdicts["reason"] != "").all()
    assert (verdicts["source_ids"] != "").all() or (verdicts.loc[verdicts["source_ids"] == "", "result"] == "unknown").all()


def test_nothing_screens_without_a_sourced_fail(verdicts):
    assert (verdicts.loc[verdicts["screens"], "result"] == "fail").all()
    assert (verdicts.loc[verdicts["conditions"], "result"] == "unknown").all()


def test_being_off_a_list_fails_the_gate_and_screens_nothing(verdicts, alternatives):
    metal = alternatives.query("kind == 'plant' and product_id == 'zinc-shg'")["alternative"].iloc[0]
    row = one(verdicts, "commodity-listed", metal, "eu")
    assert (row["result"], row["screens"]) == ("fail", False)


@pytest.mark.parametrize("partner", ["japan", "korea", "us"])
def test_antimony_is_on_every_list_looked_up(verdicts, alternatives, partner):
    plant = alternatives.query("kind == 'plant' and product_id == 'antimony-metal'")["alternative"].iloc[0]
    assert one(verdicts, "commodity-listed", plant, partner)["result"] == "pass"


def test_without_a_list_it_is_unknown(verdicts, alternatives):
    plant = alternatives.query("kind == 'plant' and product_id == 'antimony-metal'")["alternative"].iloc[0]
    assert one(verdicts, "commodity-listed", plant, "saudi")["result"] == "unknown"


def test_an_outlet_nobody_looked_up_is_unknown(verdicts, alternatives):
    plant = alternatives.query("kind == 'plant' and product_id == 'lithium-hydroxide'")["alternative"].iloc[0]
    row = one(verdicts, "destination-accepts-stage-and-assay", plant, "japan")
    assert (row["result"], row["screens"], row["reason"]) == ("unknown", False, "no outlet looked up")


def test_a_stayed_or_changing_law_is_unknown_and_never_a_pass(verdicts):
    rows = verdicts[verdicts["gate_id"] == "law-status"]
    assert set(rows["result"]) == {"unknown"}
    assert rows["reason"].str.contains("STAYED").any()


@pytest.mark.parametrize(
    ("gate", "site", "conditions"),
    [
        ("iran-power", "gwadar-free-zone-north", True),
        ("prc-kit-retransfer", "duddar-concentrator-site", True),
        ("military-counterparty", "muhammad-khel-epz", True),
    ],
)
def test_a_flag_is_a_question_that_a_deal_must_settle(verdicts, alternatives, gate, site, conditions):
    plant = plant_at(alternatives, site)
    row = one(verdicts, gate, plant, "korea")
    assert (row["result"], row["conditions"], row["screens"]) == ("unknown", conditions, False)
    assert row["reason"].startswith("question: ")


def test_a_site_without_a_flag_has_no_verdict(verdicts, alternatives):
    plant = alternatives.query("kind == 'plant' and site_id == 'hattar-sez'")["alternative"].iloc[0]
    for gate in ("iran-power", "prc-kit-retransfer", "military-counterparty"):
        assert one(verdicts, gate, plant, "us") is None


def test_a_chinese_host_fails_one_instrument_of_one_partner(verdicts, alternatives):
    plant = alternatives.query("kind == 'plant' and site_id == 'rashakai-sez'")["alternative"].iloc[0]
    row = one(verdicts, "us-exim-scri-ownership", plant, "us")
    assert (row["result"], row["screens"]) == ("fail", False)
    assert "other instruments may not" in row["reason"]
    assert one(verdicts, "us-exim-scri-ownership", plant, "japan") is None


def test_the_most_specific_and_latest_travel_level_is_told(verdicts, alternatives):
    sites = ("hattar-sez", "rashakai-sez", "quetta-industrial-estate")
    told = {site: one(verdicts, "travel-level", plant_at(alternatives, site), "japan")["reason"] for site in sites}
    assert told["hattar-sez"].startswith("level 2")
    assert told["rashakai-sez"].startswith("level 3")
    assert told["quetta-industrial-estate"].startswith("level 4")
    assert "2025" in told["quetta-industrial-estate"]


def test_disputed_territory_is_asked_of_its_province_alone(verdicts, alternatives):
    rows = verdicts[verdicts["gate_id"] == "disputed-territory"]
    provinces = alternatives.set_index("alternative")["province_id"]
    assert set(provinces[rows["alternative"].unique()]) == {"gilgit-baltistan"}


def test_only_the_partners_of_the_cases_are_asked(layers, alternatives, cases):
    few = gates(layers, alternatives.head(30), [case for case in cases if case.partner == "eu"])
    assert set(few["partner"]) == {"eu"}


def refusal(layers, market):
    """Antimony metal refused by the only plant that the partner has."""
    table = {name: layers[name] for name in ("partners", "products", "destinations", "gates", "site_profiles")}
    table["partners"] = pd.DataFrame({"partner_id": ["korea"]})
    table["products"] = pd.DataFrame({"product_id": ["metal", "concentrate", "ore"]})
    offer = {"destination_id": ["kr-onsan-antimony"], "product_id": ["metal"], "accepts": ["no"]}
    table["accepts"] = pd.DataFrame(offer | {"assay_note": [""], "source_id": ["s"]})
    need = {"partner_id": ["korea"], "product_id": ["metal"], "need": ["no"], "market": [market]}
    table["needs"] = pd.DataFrame(need | {"listed": ["yes"], "listed_source_id": ["l"], "source_id": ["n"]})
    table["gates"] = layers["gates"][layers["gates"]["rule"] == "outlet"]
    return table


@pytest.mark.parametrize(("plant", "result"), [("kr-onsan-ls-mnm", "pass"), ("kr-saemangeum-graphite", "unknown")])
def test_a_plant_that_does_not_run_passes_no_gate(layers, plants, cases, plant, result):
    table = refusal(layers, "unknown")
    offer = {"destination_id": [plant], "product_id": ["metal"], "accepts": ["yes"], "assay_note": [""], "source_id": ["s"]}
    table["accepts"] = pd.DataFrame(offer)
    korea = Case("korea", cases[0].on, Track.TEXT, cases[0].known_on)
    assert gates(table, plants, [korea]).set_index("alternative").loc["coast:smelt", "result"] == result


@pytest.mark.parametrize(("market", "result"), [("no", "fail"), ("unknown", "unknown")])
def test_only_a_refusal_without_any_open_market_screens_a_plant(layers, plants, cases, market, result):
    korea = Case("korea", cases[0].on, Track.TEXT, cases[0].known_on)
    table = gates(refusal(layers, market), plants, [korea]).set_index("alternative")
    assert table.loc["coast:smelt", "result"] == result
    assert bool(table.loc["coast:smelt", "screens"]) == (result == "fail")
    assert not table.loc["toll:smelt", "screens"]


def test_an_export_passes_if_one_of_its_feeds_has_an_outlet(layers, plants, cases):
    table = refusal(layers, "unknown")
    offers = {"destination_id": ["kr-onsan-ls-mnm", "kr-onsan-antimony"], "product_id": ["ore", "concentrate"]}
    table["accepts"] = pd.DataFrame(offers | {"accepts": ["yes", "no"], "assay_note": "", "source_id": "s"})
    korea = Case("korea", cases[0].on, Track.TEXT, cases[0].known_on)
    found = gates(table, plants, [korea]).set_index("alternative")
    assert found.loc["export:smelt", "result"] == "pass"


def test_a_gate_without_a_rule_is_unknown_for_every_plant_of_its_partner(layers, verdicts, alternatives):
    silent = layers["gates"][layers["gates"]["rule"] == ""]
    plants = set(alternatives.loc[alternatives["kind"] == "plant", "alternative"])
    assert len(silent)
    for gate in silent.to_dict("records"):
        rows = verdicts[verdicts["gate_id"] == gate["gate_id"]]
        assert set(rows["alternative"]) == plants
        assert set(rows["partner"]) == {gate["partner_id"]}
        assert set(rows["result"]) == {"unknown"}
        assert set(rows["reason"]) == {f"not computed, read it with counsel: {gate['tests']}"}
        assert not rows[["screens", "conditions"]].any().any()


def test_no_gate_of_the_layer_vanishes(layers, verdicts):
    assert set(verdicts["gate_id"]) == set(layers["gates"]["gate_id"])


def test_a_gate_that_is_not_computed_conditions_nothing_whatever_its_row_says(layers, plants, cases):
    table = {**layers, "gates": layers["gates"].head(1).assign(rule="", conditions="yes", screens="yes")}
    found = gates(table, plants, cases[:1])
    assert set(found["alternative"]) == {"coast:smelt", "zone:smelt", "depot:smelt"}
    assert not found[["screens", "conditions"]].any().any()


@pytest.mark.parametrize(
    ("stage", "result"),
    [
        ("copper-cathode-smelter", "pass"),
        ("tungsten-apt", "pass"),
        ("ree-separated-oxides", "pass"),
        ("graphite-spherical-purified", "pass"),
        ("lithium-hydroxide", "pass"),
        ("ferromanganese", "pass"),
        ("antimony-metal-trioxide", "fail"),
        ("hydrofluoric-acid", "fail"),
        ("barite-ground", "fail"),
        ("ferrochrome", "fail"),
        ("zinc-lead-metal", "fail"),
        ("molybdenum-oxide", "fail"),
        ("magnesia", "fail"),
        ("gold-dore", "unknown"),
    ],
)
def test_the_commodity_decides_strategic_status_and_screens_nothing(layers, stage, result):
    plant = pd.DataFrame({"alternative": ["zone:x"], "kind": ["plant"], "stage_id": [stage]})
    table = {**layers, "gates": layers["gates"][layers["gates"]["rule"] == "commodity"]}
    asked = [Case(partner, pd.Timestamp("2026-11-22").date(), Track.TEXT, pd.Timestamp("2026-11-22").date()) for partner in ("eu", "us")]
    (row,) = gates(table, plant, asked).to_dict("records")
    assert (row["partner"], row["gate_id"], row["result"]) == ("eu", "eu-strategic", result)
    assert not row["screens"]
    assert not row["conditions"]


def test_a_pass_by_commodity_leaves_the_rest_to_counsel(verdicts):
    passed = verdicts[(verdicts["gate_id"] == "eu-strategic") & (verdicts["result"] == "pass")]
    assert passed["reason"].str.contains("the rest is not computed, read it with counsel").all()
    assert passed["reason"].str.contains("of battery grade only").all()
