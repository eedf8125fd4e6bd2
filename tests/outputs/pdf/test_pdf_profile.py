"""A profile says what the explanation of a row says, leaves nothing missing unsaid, and names who may know it."""

from __future__ import annotations

import dataclasses
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from geokit.outputs import pdf_profile
from geokit.outputs.pdf_profile import HAULS, LOTS, NOBODY, build_profile
from geokit.outputs.style import format_figure, format_range
from geokit.outputs.view import view_study

BLANK = ("", "None", "nan")


@pytest.fixture(scope="module")
def view(small):
    return view_study(small)


@pytest.fixture(scope="module")
def case(small):
    return small.case("japan")


@pytest.fixture(scope="module")
def plant(small):
    """Return the first plant of the ranking."""
    kinds = small.alternatives.set_index("alternative")["kind"]
    return next(name for name in small.ranking("japan")["alternative"] if kinds[name] == "plant")


@pytest.fixture(scope="module")
def tree(small, plant):
    return small.explain(plant, "japan")


@pytest.fixture(scope="module")
def profile(small, view, case, plant):
    return build_profile(small, plant, case, view=view)


def leaves(tree):
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from leaves(part)
    else:
        yield tree


def test_it_holds_words_and_nothing_else(profile):
    assert {type(leaf) for leaf in leaves(profile)} <= {str, int}
    assert not [leaf for leaf in leaves(profile) if leaf in {"None", "nan"} or "nan " in str(leaf)]


def test_title_and_standing_are_those_of_the_ranking(profile, tree, small, plant):
    (rank,) = tree["ranking"]
    site = small.layers["sites"].set_index("site_id").loc[plant.split(":")[0], "name"]
    assert profile["title"].startswith(f"{rank['rank']:.0f}. {site}: ")
    assert f"score {rank['score']:.2f}" in profile["standing"]
    assert f"{rank['bound_low']:.2f} to {rank['bound_high']:.2f} if what is missing were known" in profile["standing"]
    assert f"tier {rank['tier']:.0f}" in profile["standing"]


def test_a_condition_is_told_with_the_standing(small, view, case):
    rows = small.ranking("japan")
    name = rows.loc[rows["status"] == "conditional", "alternative"].iloc[0]
    told = build_profile(small, name, case, view=view)["standing"]
    assert re.search(r" Conditional: \S+.*\.$", told)


def test_the_six_facts_are_those_of_the_tables(profile, tree):
    (money,), (dependency,) = tree["economics"], tree["dependency"]
    facts = {name: (figure, note) for name, figure, note in profile["facts"]}
    assert list(facts) == [
        "Feed in reach", "Feed cover at the start", "Freight to the partner", "Margin before conversion", "Exposure to controls",
        "Net present value",
    ]  # fmt: skip
    feed = next(cell for cell in tree["cells"] if cell["criterion_id"] == "F1")
    assert facts["Feed in reach"] == (format_figure(feed["value"], "years"), format_range(feed["value_low"], feed["value_high"]))
    assert facts["Freight to the partner"][0] == format_figure(money["product_freight_usd_per_t"], "USD/t")
    assert facts["Margin before conversion"] == (
        format_figure(money["margin_usd_per_t"], "USD/t"),
        format_range(money["margin_usd_per_t_low"], money["margin_usd_per_t_high"]),
    )
    assert facts["Exposure to controls"][0] == format_figure(dependency["d_rel"])
    assert facts["Net present value"] == ("unknown", f"not found: {money['missing_inputs']}")


def test_a_value_that_is_known_is_told_with_its_ends():
    money = {"npv_million_usd": 12.0, "npv_million_usd_low": -5.0, "npv_million_usd_high": 40.0}
    told = list(pdf_profile._list_facts([], money, {}))
    assert told[-1] == ["Net present value", "12\u00a0million USD", "\u22125 to 40"]
    assert [figure for _, figure, _ in told[:-1]] == ["unknown"] * 5


def test_the_place_shows_what_is_blank_as_unknown(small, profile, plant):
    site = small.layers["sites"].set_index("site_id").loc[plant.split(":")[0]]
    told = dict(profile["place"])
    assert site["district"] in told["Where"]
    assert "within " in told["Where"]
    for name, label in pdf_profile.SITE_FACTS:
        assert (told[label] == "unknown") is (site[name] in BLANK), label
    assert "" not in told.values()


def test_a_plant_at_the_ore_is_placed_by_its_deposit(small, view):
    deposit = small.layers["deposits"].dropna(subset=["lat"]).iloc[0]
    about = {"site_id": deposit["deposit_id"], "lat": deposit["lat"], "lon": deposit["lon"], "coord_accuracy_km": 2.0}
    told = dict(pdf_profile._tell_place(view, about))
    assert told["Kind of deposit"] == (deposit["deposit_type"] or "unknown")
    assert "within 2\u00a0km" in told["Where"]


def test_a_way_to_do_without_a_plant_has_no_place(view):
    assert list(pdf_profile._tell_place(view, {"site_id": "no-such-place"})) == []


def test_lots_stand_in_the_order_in_which_they_are_bought(profile, tree):
    ranked = sorted((row for row in tree["merit"] if row["rank"] is not None), key=lambda row: row["rank"])
    assert [row[0] for row in profile["lots"]] == [row["deposit"] for row in ranked[:LOTS]]
    assert len(profile["lots"]) + profile["more_lots"] == len(tree["merit"])
    for row, lot in zip(profile["lots"], ranked, strict=False):
        assert row[2] == format_figure(lot["usd_per_payable_t"])
        assert (row[4] == "unknown") is (lot["payable_t_per_y"] is None)


def test_routes_begin_with_the_product_and_go_on_with_the_feed_bought_first(profile, tree, small):
    out = [haul for haul in tree["hauls"] if haul["kind"] != "feed"]
    assert len(profile["routes"]) == len(out) + min(HAULS, len(tree["hauls"]) - len(out))
    assert [row[0] for row in profile["routes"]][len(out) :] == ["feed"] * (len(profile["routes"]) - len(out))
    first = min((row for row in tree["merit"] if row["rank"] is not None), key=lambda row: row["rank"])
    assert profile["routes"][len(out)][1].startswith(first["deposit"])
    assert profile["routes"][0][2] == format_figure(out[0]["usd_per_t"])
    via = small.layers["ports"].set_index("port_id").loc[out[0]["via_port_id"], "name"]
    assert profile["routes"][0][1].endswith(f" to Kobe by {via}")


def test_every_step_of_the_line_is_listed_and_a_block_is_told_once(profile, tree):
    assert [(step["order"], step["name"]) for step in profile["line"]] == [(str(step["order"]), step["name"]) for step in tree["line"]]
    for told, step in zip(profile["line"], tree["line"], strict=True):
        assert told["needs"].startswith("as step ") is (step["block"] is None)
        if step["block"] is None:
            again = next(one for one in profile["line"] if one["order"] == told["needs"].removeprefix("as step "))
            assert again["needs"] == step["technique"]


def test_every_clause_and_code_of_the_line_is_named(profile, tree):
    for told, step in zip(profile["line"], tree["line"], strict=True):
        text = " ".join(told["law"])
        for item in step["items"]:
            assert item["code"] in text
            assert all(f"{item['label']}: " in text for _ in item["clauses"])


def test_a_clause_told_at_one_step_is_only_named_at_the_next():
    clause = {"instrument": "No.1/2026", "ref": "list", "effect": "export_licence", "link": "direct", "state": "in_force"}
    items = [{"label": "PRC", "code": "1C914.c", "clauses": [clause]}, {"label": "PRC", "code": "2B350", "clauses": [clause]}]
    told: dict[str, int] = {}
    assert list(pdf_profile._list_law(items, told, 1)) == ["PRC: No.1/2026, list, export licence, in force (1C914.c, 2B350)"]
    assert list(pdf_profile._list_law(items[:1], told, 3)) == ["PRC: as at step 1 (1C914.c)"]


def test_a_line_under_control_has_its_exposure_and_its_plan(small, view, case):
    exposed = small.exposure[(small.exposure["case_id"] == case.case_id) & (small.exposure["e"] > 0)]
    rows = small.ranking("japan")
    stages = rows["alternative"].str.split(":").str[1]
    kinds = small.alternatives.set_index("alternative")["kind"]
    names = [name for name in rows.loc[stages.isin(exposed["stage_id"]), "alternative"] if kinds[name] == "plant"]
    assert names
    told, tree = build_profile(small, names[0], case, view=view), small.explain(names[0], "japan")
    figures = {format_figure(step["block"]["e"]) for step in tree["line"] if step["block"] and step["block"]["b_high"]}
    assert figures
    assert figures <= {step["exposure"] for step in told["line"]}
    plans = [step["plan"] for step in tree["line"] if step["plan"]]
    assert plans
    assert len(told["plan"]) >= len(plans) + len(tree["frontier"]) > len(plans)
    assert any("bought elsewhere" in words for words in told["plan"])


def test_nothing_is_planned_where_no_block_needs_it(profile, tree):
    assert not [step for step in tree["line"] if step["plan"]]
    assert profile["plan"] == []


def test_gates_that_fail_stand_first_and_those_that_pass_last(profile, tree):
    order = [result for _, result, _ in profile["gates"]]
    assert order == sorted(order, key=("fail", "unknown", "pass").index)
    assert len(order) == len(tree["gates"])
    told = pdf_profile._tell_gate({"gate_id": "law-status", "result": "fail", "reason": "fails: struck down; to know: why; ask: the court"})
    assert told == ["law status", "fail", "struck down"]


def test_figures_of_a_tonne_have_their_ends_and_what_is_missing_is_unknown(profile, tree):
    (money,), told = tree["economics"], {row[0]: row[1:] for row in profile["money"]}
    assert told["Left before conversion"][:3] == [
        format_figure(money[f"margin_usd_per_t{end}"]) for end in ("_low", "", "_high")
    ]
    assert told["Operating cost"][1] == "unknown"
    assert all(row[3] for row in told.values())


def test_the_margin_is_price_less_feed_less_freight(tree):
    (money,) = tree["economics"]
    feed = money["feed_t_per_product_t"] * (money["feed_price_usd_per_t"] + money["feed_freight_usd_per_t"])
    assert money["product_usd_per_t"] - feed - money["product_freight_usd_per_t"] == pytest.approx(money["margin_usd_per_t"])


def test_risks_are_what_was_found_and_unknowns_what_was_not(profile, tree):
    found = {cell["label"] for cell in tree["cells"] if cell["value"] is not None}
    blank = {cell["label"] for cell in tree["cells"] if cell["value"] is None and cell["weight"]}
    assert {row[0] for row in profile["risks"]} <= found
    assert any("Security" in row[0] for row in profile["risks"])
    assert blank
    assert blank <= {row[0] for row in profile["unknown"]}


def test_every_unknown_names_who_may_know_it(profile):
    assert len(profile["unknown"]) > 5
    assert all(len(row) == 3 and all(row) for row in profile["unknown"])
    assert sum(row[1] == NOBODY for row in profile["unknown"]) < len(profile["unknown"]) / 2


def test_what_a_value_lacks_is_asked_of_those_on_file(profile, tree, small):
    lacks = tree["economics"][0]["missing_inputs"].split("; ")
    asked = {row[0]: row[1] for row in profile["unknown"] if row[0].startswith("For a value: ")}
    assert list(asked) == [f"For a value: {lack}" for lack in lacks]
    holders = set(small.layers["holders"]["holder"])
    assert set(asked.values()) <= holders | {NOBODY}


def test_deposits_without_a_tonnage_are_counted_and_named(profile, tree):
    dark = [feed["deposit"] for feed in tree["feeds"] if feed["tonnage_t"] is None]
    (told,) = [row for row in profile["unknown"] if row[0].startswith("Tonnage of ")]
    assert told[0] == f"Tonnage of {len(dark)} of {len(tree['feeds'])} deposits in reach: {', '.join(dark)}"


def test_a_gate_that_is_open_gives_its_question(profile, tree):
    open_gates = [row for row in tree["gates"] if row["result"] == "unknown" and "; ask: " in row["reason"]]
    assert open_gates
    for row in open_gates:
        holder = row["reason"].rpartition("; ask: ")[2]
        assert any(told[1] == holder and told[2] == "a condition" for told in profile["unknown"])


def test_where_all_is_known_no_unknown_is_made_up(view):
    cells, gates = [{"criterion_id": "A", "weight": 0.5, "value": 1.0}], [{"result": "pass", "reason": "passes: yes"}]
    tree = {"feeds": [], "cells": cells, "gates": gates}
    assert list(pdf_profile._list_unknown(view, tree, {"missing_inputs": ""})) == []


@pytest.mark.parametrize(
    ("lack", "holder"), [("operating cost: power", "makers"), ("capital cost of the plant", "builders"), ("something else", NOBODY)]
)
def test_each_lack_is_asked_of_its_own_holder(lack, holder):
    holders = pd.DataFrame(
        {
            "layer": ["cost_models"] * 3,
            "column": ["opex_usd_per_t", "ref_capex_musd|capex_usd_per_tpa", "opex_usd_per_t"],
            "province_id": ["", "", "somewhere"],
            "holder": ["makers", "builders", "wrong"],
        }
    )
    view = SimpleNamespace(layer=lambda name, columns=(): holders if name == "holders" else pd.DataFrame(columns=columns))
    tree = {"feeds": [], "cells": [], "gates": []}
    (told,) = pdf_profile._list_unknown(view, tree, {"missing_inputs": lack})
    assert told == [f"For a value: {lack}", holder, "a net present value"]


def test_without_a_list_of_holders_nobody_is_named(small):
    tables = {name: table for name, table in small.layers.tables.items() if name != "holders"}
    view = view_study(dataclasses.replace(small, layers=dataclasses.replace(small.layers, tables=tables)))
    assert pdf_profile._find_holder(view, "cost_models", "opex_usd_per_t") == NOBODY


def test_an_export_has_a_profile_without_a_plant(small, view, case):
    kinds = small.alternatives.set_index("alternative")["kind"]
    name = next(name for name in small.ranking("japan")["alternative"] if kinds[name] == "export")
    told = build_profile(small, name, case, view=view)
    assert told["line"] == []
    assert told["plan"] == []
    assert told["place"] == []
    assert told["unknown"]


def test_the_sources_of_the_row_are_all_there(profile, tree):
    assert profile["source_ids"] == [row["source_id"] for row in tree["sources"]]


def test_the_other_reading_of_the_law_is_another_profile(small, view, plant, profile):
    other = build_profile(small, plant, small.case("japan", "practice"), view=view)
    assert other["title"].split(". ")[1] == profile["title"].split(". ")[1]
    assert other.keys() == profile.keys()
