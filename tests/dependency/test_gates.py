"""Gates: pass, fail or unknown, apart from the score (model rules M4, M11)."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.core.errors import AssumptionError
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
    assert (row["result"], row["screens"]) == ("unknown", False)
    assert row["reason"].startswith("unknown: no outlet looked up (")


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
    assert row["reason"].startswith("unknown: question: ")


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
    assert told["hattar-sez"].startswith("unknown: level 2")
    assert told["rashakai-sez"].startswith("unknown: level 3")
    assert told["quetta-industrial-estate"].startswith("unknown: level 4")
    assert "2025" in told["quetta-industrial-estate"]


def test_disputed_territory_is_asked_of_its_province_alone(verdicts, alternatives):
    rows = verdicts[verdicts["gate_id"] == "disputed-territory"]
    provinces = alternatives.set_index("alternative")["province_id"]
    away = rows["alternative"].str.startswith("abroad-")
    assert set(provinces[rows.loc[~away, "alternative"].unique()]) == {"gilgit-baltistan"}
    assert rows.loc[away, "reason"].str.startswith("unknown: not researched for a plant in another country; to know: ").all()


def test_of_a_plant_in_another_country_every_gate_that_asks_about_it_has_a_verdict(verdicts, alternatives, layers):
    """Nobody looked there, so no silence is an answer; nothing of it screens or conditions."""
    silent = verdicts[verdicts["reason"].str.startswith("unknown: not researched for a plant in another country")]
    assert silent["alternative"].str.startswith("abroad-").all()
    assert set(silent["result"]) == {"unknown"}
    assert not silent[["screens", "conditions"]].any().any()
    everywhere = layers["gates"].query("partner_id == 'all' and asks_commodity_ids == '' and asks_stage_ids == ''")["gate_id"]
    plant = next(iter(alternatives.loc[alternatives["kind"] == "abroad", "alternative"]))
    for partner in layers["partners"]["partner_id"]:
        rows = verdicts[(verdicts["alternative"] == plant) & (verdicts["partner"] == partner)]
        assert set(everywhere) <= set(rows["gate_id"])
        assert not rows["gate_id"].duplicated().any()


@pytest.mark.parametrize("gate", ["nuclear-licence", "nuclear-mineral-consent"])
def test_thorium_is_asked_of_ore_carbonate_and_oxides_alone(verdicts, alternatives, gate):
    """Supplier dossier, section 0.6: rare earths of monazite meet the nuclear law of the host, PNRA and PAEC."""
    rows = verdicts[verdicts["gate_id"] == gate]
    stages = alternatives.set_index("alternative")["stage_id"]
    wanted = {"ree-concentrate", "ree-mixed-carbonate", "ree-separated-oxides"}
    assert set(stages[rows["alternative"].unique()]) == wanted & set(alternatives.query("kind == 'plant'")["stage_id"])
    assert set(rows["result"]) == {"unknown"}
    here = rows[~rows["alternative"].str.startswith("abroad-")]
    assert here["reason"].str.contains("PNRA" if gate == "nuclear-licence" else "PAEC, on the US Entity List", regex=False).all()
    assert not rows[["screens", "conditions"]].any().any()


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


def test_a_gate_without_a_rule_is_unknown_for_every_plant_of_its_partner(layers, alternatives, cases):
    silent = layers["gates"][layers["gates"]["gate_id"] == "uk-60-cap"].assign(rule="")
    rows = gates({**layers, "gates": silent}, alternatives, cases)
    rows = rows[~rows["alternative"].str.startswith("abroad-")]
    assert set(rows["alternative"]) == set(alternatives.loc[alternatives["kind"] == "plant", "alternative"])
    assert set(rows["partner"]) == {"uk"}
    assert set(rows["result"]) == {"unknown"}
    assert rows["reason"].str.startswith(f"unknown: not computed, read it with counsel: {silent['tests'].iloc[0]} (").all()
    assert not rows[["screens", "conditions"]].any().any()


def test_every_reason_begins_with_its_verdict_and_an_unknown_ends_with_whom_to_ask(verdicts, layers):
    said = verdicts["result"].map({"pass": "passes: ", "fail": "fails: ", "unknown": "unknown: "})
    assert all(reason.startswith(word) for reason, word in zip(verdicts["reason"], said, strict=True))
    asking = layers["gates"].query("must_know != ''")["gate_id"]
    open_ones = verdicts[(verdicts["result"] == "unknown") & verdicts["gate_id"].isin(asking)]
    assert open_ones["reason"].str.contains("; to know: .+; ask: .+").all()


def test_no_gate_of_the_layer_vanishes(layers, verdicts):
    assert set(verdicts["gate_id"]) == set(layers["gates"]["gate_id"])


def test_a_gate_that_is_not_computed_conditions_nothing_whatever_its_row_says(layers, plants, cases):
    table = {**layers, "gates": layers["gates"].head(1).assign(rule="", conditions="yes", screens="yes")}
    found = gates(table, plants, cases[:1])
    assert set(found["alternative"]) == {"coast:smelt", "zone:smelt", "depot:smelt", "abroad:smelt"}
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


DAY = pd.Timestamp("2026-11-22").date()
SOON = {"months_to_fid": 0, "months_fid_to_shipment": 0, "months_shipment_to_commissioning": 0}


def ask(layers, gate, stage, *, on=DAY, tracks=tuple(Track), partner="us", assumptions=None, kind="plant", site="x", **changes):
    """Verdict and reason of one gate on one plant."""
    table = pd.DataFrame({"alternative": [f"{site}:{stage}"], "kind": [kind], "site_id": [site], "stage_id": [stage], "product_id": "p"})
    table = table.assign(feed_product_ids="", province_id="", district_ids="", developer_profile="B")
    own = {**layers, "gates": layers["gates"][layers["gates"]["gate_id"] == gate]}
    found = gates(own, table, [Case(partner, on, track, on) for track in tracks], assumptions=assumptions.replace(**changes))
    return tuple(found[["result", "reason"]].iloc[0]) if len(found) else None


@pytest.mark.parametrize(
    ("gate", "stage"),
    [
        ("us-dfars-processing-place", "copper-concentrate"),
        ("prc-61-content", "tungsten-apt"),
        ("prc-61-technology", "graphite-spherical-purified"),
        ("eu-cahra-3tg", "copper-concentrate"),
        ("eu-battery-due-diligence", "barite-ground"),
    ],
)
def test_a_gate_that_asks_about_other_minerals_has_no_row(layers, assumptions, gate, stage):
    assert ask(layers, gate, stage, assumptions=assumptions, partner="eu" if gate.startswith("eu") else "us") is None


@pytest.mark.parametrize(("on", "told"), [("2026-12-31", "in force from 2027-01-01 on"), ("2027-01-01", "in force since 2027-01-01")])
@pytest.mark.parametrize(
    ("stage", "bound"),
    [("ree-concentrate", "pass"), ("ree-separated-oxides", "unknown"), ("ree-magnets", "unknown"), ("tungsten-apt", "unknown")],
)
def test_a_plant_in_the_country_passes_until_the_rule_binds_and_then_only_on_ore_mined_there(layers, assumptions, on, told, stage, bound):
    """DFARS 252.225-7052: mined, refined, separated, melted or produced; APT has imported or tolled feed only."""
    day = pd.Timestamp(on).date()
    result, reason = ask(layers, "us-dfars-processing-place", stage, on=day, assumptions=assumptions, **SOON)
    assert result == ("pass" if on < "2027" else bound)
    assert told in reason


@pytest.mark.parametrize(("on", "result"), [("2026-12-31", "pass"), ("2027-01-01", "fail")])
def test_tolling_in_a_refused_country_passes_until_the_rule_binds_and_fails_from_then_on(layers, assumptions, on, result):
    plants, tolls = (layers[name].head(1) for name in ("destinations", "baselines"))
    own = {**layers, "destinations": plants.assign(country="China")}
    own["baselines"] = tolls.assign(baseline_id="toll-there", destination_id=plants["destination_id"].iloc[0])
    day = pd.Timestamp(on).date()
    found, reason = ask(
        own, "us-dfars-processing-place", "tungsten-apt", on=day, kind="toll", site="toll-there", assumptions=assumptions, **SOON
    )
    assert found == result
    assert "2027-01-01" in reason


def test_a_place_of_tolling_nobody_named_is_unknown(layers, assumptions):
    found, _ = ask(layers, "us-dfars-processing-place", "tungsten-apt", kind="toll", site="nowhere", assumptions=assumptions)
    assert found == "unknown"


@pytest.mark.parametrize(
    ("means", "country", "site", "result"),
    [
        ("open", "", "hattar-sez", "unknown"),
        ("open", "Japan", "hattar-sez", "unknown"),
        ("open", "China", "hattar-sez", "fail"),
        ("open", "", "saindak-smelter-site", "unknown"),
        ("know_how", "Japan", "saindak-smelter-site", "pass"),
        ("know_how", "china", "hattar-sez", "fail"),
        ("know_how_and_machines", "Japan", "saindak-smelter-site", "fail"),
        ("know_how_and_machines", "Japan", "hattar-sez", "unknown"),
    ],
)
def test_whether_machines_count_is_the_users_reading(layers, assumptions, means, country, site, result):
    stage = "copper-concentrate"
    given = {stage: country} if country else {}
    found, reason = ask(
        layers, "us-exim-scri-technology", stage, site=site, assumptions=assumptions, technology_means=means, technology_country=given
    )
    assert found == result
    assert {"open": "not settled", "know_how": "do not count", "know_how_and_machines": "machines count"}[means] in reason


@pytest.mark.parametrize(("share", "result"), [({}, "unknown"), ({"ree-magnets": 0.0}, "pass"), ({"ree-magnets": 0.4}, "unknown")])
def test_only_no_offtake_at_all_passes_for_no_percentage_is_stated(layers, assumptions, share, result):
    assert ask(layers, "us-exim-scri-offtake", "ree-magnets", assumptions=assumptions, refused_offtake_frac=share)[0] == result


@pytest.mark.parametrize(
    ("cost", "least", "result"),
    [
        ({}, {}, "unknown"),
        ({"ree-magnets": 0.5}, {}, "unknown"),
        ({}, {"2027": 0.25}, "unknown"),
        ({"ree-magnets": 0.75}, {"2027": 0.25}, "pass"),
        ({"ree-magnets": 0.76}, {"2027": 0.25}, "fail"),
        ({"ree-magnets": 0.76}, {"2027": 0.2, "2029": 0.25, "2030": 0.1}, "fail"),
        ({"ree-magnets": 0.76}, {"2030": 0.9}, "unknown"),
    ],
)
def test_the_shadow_ratio_is_compared_only_when_both_sides_are_given(layers, assumptions, cost, least, result):
    given = {"prohibited_cost_frac": cost, "least_cost_ratio_frac": least}
    assert ask(layers, "us-macr", "ree-magnets", assumptions=assumptions, **given)[0] == result


@pytest.mark.parametrize(("share", "result"), [(0.0, "pass"), (0.0009, "pass"), (0.001, "fail"), (0.5, "fail")])
def test_a_thousandth_of_listed_content_needs_a_licence_where_the_limb_is_in_force(layers, assumptions, share, result):
    given = {"listed_content_frac": {"ree-magnets": share}}
    found, _ = ask(layers, "prc-61-content", "ree-magnets", tracks=(Track.TEXT,), assumptions=assumptions, **given)
    assert found == result


@pytest.mark.parametrize(
    ("on", "tracks", "result"),
    [
        ("2026-11-10", tuple(Track), "pass"),
        ("2026-11-11", (Track.TEXT,), "fail"),
        ("2026-11-11", (Track.PRACTICE,), "pass"),
        ("2026-11-11", tuple(Track), "unknown"),
        ("2027-01-10", (Track.PRACTICE,), "pass"),
        ("2027-01-11", (Track.PRACTICE,), "unknown"),
    ],
)
def test_the_state_of_the_clause_decides_whether_the_technology_limb_exists(layers, assumptions, on, tracks, result):
    given = {**SOON, "technology_country": {"ree-magnets": "China"}}
    found, reason = ask(
        layers, "prc-61-technology", "ree-magnets", on=pd.Timestamp(on).date(), tracks=tracks, assumptions=assumptions, **given
    )
    assert found == result
    assert "limb (b)" in reason
    safe = {"technology_country": {"ree-magnets": "Japan"}}
    assert ask(layers, "prc-61-technology", "ree-magnets", tracks=tracks, assumptions=assumptions, **safe)[0] == "pass"


@pytest.mark.parametrize(("regime", "result"), [("lifted", "pass"), ("snapback", "fail")])
def test_a_regime_that_is_asked_for_decides_both_readings(layers, assumptions, regime, result):
    given = {"technology_country": {"ree-magnets": "China"}, "regime": regime}
    assert ask(layers, "prc-61-technology", "ree-magnets", assumptions=assumptions, **given)[0] == result


@pytest.mark.parametrize(("limit", "result"), [(None, "unknown"), (3, "fail"), (4, "pass")])
def test_the_limit_of_travel_is_the_users(layers, alternatives, cases, assumptions, limit, result):
    own = {**layers, "gates": layers["gates"][layers["gates"]["rule"] == "travel_level"]}
    given = assumptions.replace(travel_level_limits={} if limit is None else {"japan": limit})
    place = alternatives[alternatives["site_id"] == "quetta-industrial-estate"]
    found = gates(own, place, cases, assumptions=given).query("partner == 'japan'")
    assert set(found["result"]) == {result}


@pytest.mark.parametrize(("life", "result"), [(4, "fail"), (5, "unknown")])
def test_a_life_that_is_long_enough_still_lacks_proof_of_feed(layers, assumptions, life, result):
    found, _ = ask(layers, "jp-five-year-operation", "ree-magnets", partner="japan", assumptions=assumptions, life_years=life)
    assert found == result


def test_the_owner_of_a_plant_is_unknown_and_never_clear(verdicts, alternatives):
    rows = verdicts[(verdicts["gate_id"] == "us-exim-scri-ownership") & ~verdicts["alternative"].str.startswith("abroad-")]
    assert set(rows["alternative"]) == set(alternatives.loc[alternatives["kind"] == "plant", "alternative"])
    assert set(rows["result"]) == {"fail", "unknown"}


def test_settings_that_name_what_the_layers_do_not_have_are_refused_at_once(layers, plants, cases, assumptions):
    given = assumptions.replace(technology_country={"magnet": "Japan"}, travel_level_limits={"atlantis": 2})
    with pytest.raises(AssumptionError, match=r"(?s)'magnet' is no stage_id.*'atlantis' is no partner_id"):
        gates(layers, plants, cases, assumptions=given)


def test_a_contested_claim_moves_no_verdict(layers, alternatives, cases, verdicts):
    without = {name: layers[name] for name in layers if name != "contested_claims"}
    assert len(layers["contested_claims"])
    pd.testing.assert_frame_equal(gates(without, alternatives, cases), verdicts)


def test_a_threshold_is_given_by_year_as_a_number_or_as_text(assumptions):
    assert assumptions.replace(least_cost_ratio_frac={2030: 0.25}) == assumptions.replace(least_cost_ratio_frac={"2030": 0.25})
    with pytest.raises(AssumptionError, match="'soon' is no year"):
        assumptions.replace(least_cost_ratio_frac={"soon": 0.25})


def test_nobody_asked_gets_an_empty_table(layers, plants):
    assert gates(layers, plants, []).empty
