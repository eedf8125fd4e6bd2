"""The reading of one alternative: steps, blocks, clauses with their day and source, and what is not known."""

from __future__ import annotations

import pytest

from geokit.dependency.flowsheet import ONLY_CARRIED
from geokit.outputs.explain_text import SIDES, tell_explanation

CLAUSE = {
    "clause_id": "cn-1", "instrument": "No.1", "ref": "2B902.c", "effect": "licence", "reach": "", "link": "direct", "condition": "",
    "counts": True, "scope": "", "scope_note": "",
    "state": "in_force", "leaves_on": "2028-06-01", "fills": 1, "fills_bound": 1, "today_by_text": "in_force",
    "today_as_practised": "suspended", "url": "", "source_id": "gazette",
}
KILN = {"item_id": "kiln", "code": "2B902.c", "item": "Rotary kiln", "kind": "equipment", "issuer": "cn", "label": "PRC"}
BLOCK = {
    "block_id": "RKIL", "b": 0.75, "barred": 0.0, "b_high": 0.9, "s": 0.9, "sigma": 0.5, "e": 0.3375, "fix_rank": 1.0,
    "vendors_left": 4.0, "vendors_sourced": 2.0, "process_sigma": None,
}
STEP = {"order": 1, "name": "roast", "block_id": "RKIL", "technique": "Kilns", "reagents": "", "substitute": "", "plan": None}
EMPTY = dict.fromkeys(
    ("ranking", "line", "cells", "economics", "dependency", "exposure", "frontier", "outages", "feeds", "hauls", "gates", "sources",
     "balance", "merit", "feed_years", "feed_gaps", "inbound", "value_states", "cash_flows", "law_age"), ()
)
ASKED = {"label": "Zone: oxide", "partner": "Japan", "case": "japan/text/2027-06-01"}


def read(width=300, **parts):
    return [line for line, _ in tell_explanation({**EMPTY, **ASKED, **parts}, width=width)]


def step(*clauses, items=None, **changes):
    held = [{**KILN, "clauses": [{**CLAUSE, **one} for one in clauses]}] if items is None else items
    return {**STEP, "block": BLOCK, "items": held, **changes}


def test_a_step_tells_its_block_its_clause_the_day_the_state_and_the_source():
    told = read(line=[step({})])
    assert " 1  roast" in told
    assert "Kilns: exposure 0.338 = refusal 0.75, Chinese share 0.9, substitutability 0.5; no. 1 to make safe; 4 vendors" in told[4]
    clause = next(line for line in told if "No.1" in line)
    assert clause.strip().startswith("PRC: No.1, 2B902.c, licence, in force when it leaves on 2028-06-01")
    assert clause.endswith("on the day of the question in force by text, suspended as practised [gazette]")
    assert told[-1].strip() == "2B902.c: Rotary kiln (equipment)"


def test_an_item_is_described_where_it_comes_first():
    told = read(line=[step({}), step({}, order=2, name="roast again", block_id="other")])
    named = [line.strip() for line in told if "2B902.c" in line and "No.1" not in line]
    assert named == ["2B902.c: Rotary kiln (equipment)", "2B902.c (as above)"]


def test_items_under_one_clause_stand_under_it_once():
    second = {**KILN, "item_id": "seal", "code": "2B902.d", "item": "Seal"}
    told = read(line=[step(items=[{**one, "clauses": [CLAUSE]} for one in (KILN, second)])])
    assert sum("No.1" in line for line in told) == 1
    assert [line.strip().split(":")[0] for line in told[-2:]] == ["2B902.c", "2B902.d"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"link": "conditional", "counts": False}, "licence, only on a condition, in force"),
        ({"condition": "only with gold"}, "Rotary kiln (equipment); only with gold"),
        ({"reach": "only goods of X", "condition": "only goods of X; list not read"}, "licence, only goods of X, in force"),
        ({"reach": "only goods of X", "condition": "only goods of X; list not read"}, "Rotary kiln (equipment); list not read"),
        ({"link": "spillover", "effect": "declaration", "counts": False}, "declaration, near a listed item, itself not listed"),
        ({"scope": "unknown", "scope_note": "inside unless shown otherwise: diameter not stated"}, "(equipment); inside unless shown"),
        ({"link": "product", "counts": False}, "licence, on a product, not the plant, on the day of the question in force"),
        ({"effect": "declaration", "counts": False}, "does not withhold a supply"),
        ({"counts": False, "scope": "outside", "scope_note": "outside: diameter 6 m"}, "Rotary kiln (equipment); outside: diameter 6 m"),
        ({"fills": 20, "fills_bound": 3}, "(3 of 20 yearly fills)"),
        ({"state": "", "today_by_text": "", "today_as_practised": ""}, "not issued when it leaves on 2028-06-01 [gazette]"),
    ],
)
def test_what_does_not_bind_says_why(changes, words):
    assert any(words in line for line in read(line=[step(changes)]))


def test_items_of_one_clause_with_other_conditions_stand_under_it_each_with_its_own():
    second = {**KILN, "item_id": "seal", "code": "2B902.d", "item": "Seal"}
    notes = ("only with gold", "only with silver")
    held = [{**one, "clauses": [{**CLAUSE, "condition": note}]} for one, note in zip((KILN, second), notes, strict=True)]
    told = read(line=[step(items=held)])
    assert sum("No.1" in line for line in told) == 1
    assert [line.split("; ")[1] for line in told[-2:]] == list(notes)


@pytest.mark.parametrize(("chance", "words"), [(0.999996, ">0.99,"), (1.0, "1,"), (0.75, "0.75,"), (0.994, "0.994,")])
def test_no_chance_is_rounded_up_to_certainty(chance, words):
    assert f"refusal {words}" in read(line=[step({}, block={**BLOCK, "b": chance})])[4]


def test_a_block_without_a_clause_is_never_called_clear():
    told = read(line=[step(items=[], block={**BLOCK, "b": 0.0, "b_high": 0.0, "e": 0.0})])
    assert "no listed control found that enters the figures" in told[4]


def test_a_step_of_a_block_told_before_points_to_it():
    second = {**STEP, "order": 2, "name": "cool", "block": None, "items": []}
    assert read(line=[step({}), second])[-1].strip() == "same block as above (RKIL)"


def test_what_is_unknown_is_named_with_who_holds_it_and_weightless_criteria_are_left_out():
    cell = {"criterion_id": "D3", "label": "Autonomy", "unit": "months", "value": None, "v": None, "weight": 0.1}
    cell |= {"note": "no stock.", "holder": "mills"}
    other = {**cell, "criterion_id": "E1", "weight": None}
    told = read(cells=[other, cell])
    assert told[-1] == "D3 Autonomy: unknown, weight 0.1; no stock. Ask: mills."
    assert not any(line.startswith("E1") for line in told)


def test_failed_gates_come_first():
    gates = [{"gate_id": f"g-{result}", "result": result, "reason": f"{result}: why"} for result in ("pass", "unknown", "fail")]
    assert [line.split()[-2] for line in read(gates=gates)[-3:]] == ["fail:", "unknown:", "pass:"]


PLANT = {
    "is_probability": "false", "d_rel": 0.4, "d_rel_low": 0.1, "d_rel_high": 0.9, "delay_months_p10": 2.0, "delay_months_p80": 9.0,
    "profile": "B", "regimes_searched": "PRC", "note": "",
    "d_rel_supplier_low": 0.0, "d_rel_supplier": 0.25, "d_rel_supplier_high": 0.5,
    "d_rel_either_low": 0.1, "d_rel_either": 0.55, "d_rel_either_high": 0.95,
}  # fmt: skip
OUTAGE = {
    "block_id": "RKIL", "outage_months_p50": 4.0, "outage_months_p80": 9.0, "break_even_stock_months": 6.0,
    "lost_margin_usd_per_t_p80": 120.0,
}


def test_who_could_block_a_plant_is_told_where_its_vendors_could():
    told = read(width=1000, dependency=[PLANT])
    words = "by the vendors' own countries alone 0.25 (0 to 0.5); by them or China 0.55 (0.1 to 0.95)"
    assert f"Blocked by whom, {SIDES}: {words}" in told
    clear = PLANT | {"d_rel_supplier": 0.0, "d_rel_supplier_high": 0.0}
    nought = [line for line in read(width=1000, dependency=[clear]) if "Blocked by whom" in line]
    assert "countries alone 0 (0)" in nought[0]
    assert nought[0].endswith("nought clears nobody: the rules named below still ask for their licence, and for its months")
    assert not any("Blocked by whom" in line for line in read(width=1000, dependency=[PLANT | {"d_rel_supplier_high": None}]))


def test_the_index_says_whose_law_it_counts_and_how_old_that_is():
    told = read(dependency=[PLANT], law_age=["2 of 3 clauses were last verified long ago."])
    assert any("exposure index, Chinese law alone, 0.4 (0.1 to 0.9)" in line for line in told)
    assert told[told.index("How old the law told here is") + 1] == "2 of 3 clauses were last verified long ago."


REACH = ", up to 5.91\u00a0months if every licence that may be asked for takes its longest"


@pytest.mark.parametrize(("bound", "words"), [(5.91, REACH), (None, "")])
def test_the_months_of_a_plant_say_how_far_they_reach(bound, words):
    cell = {"criterion_id": "D2", "label": "Delay", "unit": "months", "value": 0.0, "v": 1.0, "weight": None, "note": "", "holder": ""}
    told = read(width=1000, dependency=[PLANT | {"d_rel": 0.0}], cells=[cell | {"bound_high": bound}])
    assert next(line for line in told if "(P10 to P80)" in line).endswith(f"(P10 to P80){words}")


@pytest.mark.parametrize(
    ("scope", "words"),
    [("carried", f"only X goods, {ONLY_CARRIED}, in force"), ("inside", "only X goods, in force"), ("", "only X goods, in force")],
)
def test_a_rule_that_follows_goods_says_so_where_nobody_of_its_country_sells(scope, words):
    rule = step({"reach": "only X goods", "scope": scope, "condition": "only X goods"})
    told = " ".join(line.strip() for line in read(width=1000, line=[rule]))
    assert f", {words}" in told
    assert (ONLY_CARRIED in told) == (scope == "carried")


def test_two_sources_of_a_clause_are_read_as_two():
    assert any("[a, b]" in line for line in read(width=1000, line=[step({"source_id": "a;b"})]))


@pytest.mark.parametrize(("sigma", "is_told"), [(0.6, True), (0.0, False), (None, False)])
def test_another_process_is_told_where_there_is_one(sigma, is_told):
    line = read(line=[step({}, block={**BLOCK, "process_sigma": sigma})])[4]
    assert ("substitutability 0.5, other process 0.6;" in line) == is_told


def test_an_outage_tells_what_it_costs_only_where_the_margin_is_known():
    first, second = read(outages=[OUTAGE])[-2:]
    assert first == "RKIL: may stay away 4 to 9\u00a0months (P50 to P80); a stock of 6\u00a0months bridges it"
    assert second == "    without a stock it costs up to 120\u00a0USD a tonne of yearly output"
    assert read(outages=[OUTAGE | {"lost_margin_usd_per_t_p80": None}])[-1] == first
