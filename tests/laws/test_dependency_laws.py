"""Laws of the dependency figures (model rules M8-M12; flowsheet dossier, section 4.4)."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest

from geokit.core.codes import Track
from geokit.dependency import assess, outlets, resolve
from geokit.dependency.flowsheet import touch_blocks
from geokit.dependency.index import measure_dependency
from geokit.dependency.solve import solve_track

CAPEX = [f"capex_factor_{name}" for name in ("low", "p10", "p50", "p90", "high")]


def solve(layers, case, assumptions):
    return solve_track(layers, touch_blocks(layers), case, assumptions=assumptions)


@pytest.fixture(scope="module")
def text_case(cases):
    return next(case for case in cases if case.track == Track.TEXT)


WITHOUT_OTHERS = ("d_rel_high_alone", "delay_months_bound")
"""Upper ends that suppose that no vendor elsewhere steps in."""


@pytest.fixture(scope="module")
def practice_case(cases):
    return next(case for case in cases if case.track == Track.PRACTICE)


@pytest.mark.parametrize("track", list(Track))
def test_average_then_weakest_link_then_line_then_sum(layers, cases, assumptions, track):
    case = next(case for case in cases if case.track == track)
    found = solve(layers, case, assumptions)
    total = found.blocks.groupby(["stage_id", "profile"])["e"].sum()
    plants = found.plants.set_index(["stage_id", "profile"]).join(total.rename("total"))
    slack = 1e-12
    assert (plants["d_avg"] <= plants["d_max"] + slack).all()
    assert (plants["d_max"] <= plants["d_rel"] + slack).all()
    assert (plants["d_rel"] <= plants["total"].clip(upper=1.0) + slack).all()


def test_full_substitutability_removes_a_block(layers, text_case, assumptions):
    operations = layers["operations"].assign(sigma=1.0)
    given = assumptions.replace(supplier_refused={"low": 0, "mode": 0, "high": 0})
    found = solve({**layers, "operations": operations}, text_case, given).plants
    figures = [name for name in found if name.startswith(("d_", "delay")) and name not in WITHOUT_OTHERS]
    assert (found[figures] == 0).all().all()
    assert (found[CAPEX] == 1).all().all()


def test_ignorance_of_licences_reaches_no_further_than_the_longest_on_file(layers, text_case, assumptions):
    """The bound of the delay supposes that no other vendor steps in: then the longest Chinese or own licence on file is waited for."""
    found = solve(layers, text_case, assumptions).plants
    params = layers["licence_params"]
    chinese = params["delay_days_high"].max() * max(1.0, params["delay_mult_high"].max())
    longest = max(chinese, layers["issuers"]["licence_days_high"].max()) / (365.25 / 12)
    worst = found[["delay_months_p80_high"]].assign(longest=longest).max(axis=1)
    assert (found["delay_months_bound"] <= worst + 1e-9).all()
    assert (found["delay_months_bound"] >= found["delay_months_p80_high"] - 1e-9).all()
    assert found["delay_months_bound"].max() > 12


def test_where_nobody_knows_the_suppliers_licence_full_substitutability_still_removes_the_figure_and_not_its_upper_end(
    layers, text_case, assumptions
):
    operations = layers["operations"].assign(sigma=1.0)
    found = solve({**layers, "operations": operations}, text_case, assumptions).plants
    assert (found[["d_rel", "d_rel_low", "delay_months_p80"]] == 0).all().all()
    assert (found["d_rel_high"] > 0).any()


def test_naming_every_vendor_american_never_depends_less_the_likelier_america_refuses(layers, text_case, assumptions):
    """A refusal of 0 leaves nothing of the figure; raising it never lowers D_rel at either end, and China refuses nothing then."""
    few = {"us": (("US", 1.0),), "free": (("Nowhere", 1.0),)}
    operations = layers["operations"].assign(chinese_share_low=0.0, chinese_share_mode=0.0, chinese_share_high=0.0, is_named=True)
    table = {**layers, "operations": operations.assign(elsewhere=pd.Series([few["us"]] * len(operations), operations.index, dtype=object))}
    spreads = [dict.fromkeys(("low", "mode", "high"), r) for r in (0.0, 0.2, 0.6, 1.0)]
    asked = assumptions.replace(controls__samples=50)
    found = [solve(table, text_case, asked.replace(supplier_refused=one)).plants[["d_rel_low", "d_rel", "d_rel_high"]] for one in spreads]
    assert (found[0] == 0).all().all()
    for kinder, harsher in itertools.pairwise(found):
        assert (kinder <= harsher + 1e-12).all().all()
    assert (found[-1]["d_rel"] > 0.5).any()


def test_a_vendor_list_without_a_chance_of_refusal_moves_the_upper_end_alone(layers, text_case, assumptions):
    operations = layers["operations"].assign(elsewhere=pd.Series([(("US", 0.05),)] * len(layers["operations"]), dtype=object))
    few = assumptions.replace(controls__samples=50)
    before, after = (solve(table, text_case, few).plants for table in (layers, {**layers, "operations": operations}))
    same = ["d_avg", "d_max", "d_rel", "d_rel_low", "d_rel_high_granted"]
    pd.testing.assert_frame_equal(before[same], after[same])
    assert (before["d_rel_high"] <= after["d_rel_high"] + 1e-12).all()


def test_the_premium_grows_with_the_regime(layers, text_case, assumptions):
    """Model rule M13: lifted <= suspended <= in force <= tightened, at every percentile and at both ends."""
    few, found = assumptions.replace(controls__samples=500), []
    for state in ("revoked", "suspended", "in_force", "tightened"):
        events = layers["status_events"].assign(state=state, valid_to_exclusive="")
        found.append(solve({**layers, "status_events": events}, text_case, few).plants[CAPEX])
    for kinder, harsher in itertools.pairwise(found):
        assert (kinder <= harsher + 1e-12).all().all()
        assert (kinder["capex_factor_p50"] < harsher["capex_factor_p50"] - 1e-6).any()
    assert (found[0] >= 1).all().all()


def test_float_and_a_lesser_share_of_equipment_never_cost_more(layers, text_case, assumptions):
    share = {"low": 0.01, "mode": 0.02, "high": 0.05}
    before = solve(layers, text_case, assumptions).plants
    after = solve(layers, text_case, assumptions.replace(float_months=6, equipment_share_frac=share)).plants
    months = [name for name in before if name.startswith("delay_months")]
    assert (after[months] >= (before[months] - 6).clip(lower=0) - 1e-9).all().all()
    assert (after[months] <= before[months]).all().all()
    assert (after[CAPEX] <= before[CAPEX] + 1e-12).all().all()


def test_removing_one_block_never_raises_a_figure(layers, text_case, assumptions):
    before = solve(layers, text_case, assumptions).plants
    operations = layers["operations"].copy()
    operations.loc[operations["block_id"] == "RHSX", "sigma"] = 1.0
    after = solve({**layers, "operations": operations}, text_case, assumptions).plants
    assert (after["d_rel"] <= before["d_rel"] + 1e-12).all()
    hit = (before["stage_id"] == "ree-separated-oxides").to_numpy()
    assert (after["d_rel"][hit] < before["d_rel"][hit]).all()
    assert after["d_rel"][~hit].equals(before["d_rel"][~hit])


@pytest.mark.parametrize("state", ["announced", "suspended", "revoked"])
def test_a_rule_not_in_force_adds_no_exposure(layers, text_case, assumptions, state):
    events = layers["status_events"].assign(state=state, valid_to_exclusive="")
    found = solve({**layers, "status_events": events}, text_case, assumptions)
    assert (found.blocks[["b", "b_high", "e"]] == 0).all().all()
    assert (found.plants["delay_months_p80"] == 0).all()


def test_no_clause_at_all_is_no_exposure(layers, text_case, assumptions):
    found = solve({**layers, "class_items": layers["class_items"].head(0)}, text_case, assumptions)
    assert (found.plants[["d_avg", "d_max", "d_rel", "d_rel_high"]] == 0).all().all()


def test_an_unresolved_law_lies_between_its_political_states(layers, practice_case, assumptions):
    alone = []
    operations = layers["operations"]
    layers = {**layers, "operations": operations[operations["stage_id"].isin(["ree-separated-oxides", "ree-concentrate"])]}
    mixed = solve(layers, practice_case, assumptions).plants["d_rel"].to_numpy()
    for regime in ("renewed", "snapback", "tightened", "lifted"):
        regimes = layers["regimes"].copy()
        asked = regimes["prior_of"].str.startswith("state from")
        regimes.loc[asked, "prior_mode"] = (regimes.loc[asked, "regime_id"] == regime).astype(float)
        alone.append(solve({**layers, "regimes": regimes}, practice_case, assumptions).plants["d_rel"].to_numpy())
    assert (np.min(alone, axis=0) <= mixed + 1e-12).all()
    assert (mixed <= np.max(alone, axis=0) + 1e-12).all()
    assert alone[0].sum() < alone[1].sum() < alone[2].sum()
    assert alone[3] == pytest.approx(alone[0])


def test_partner_tests_are_never_exposure(layers, text_case, assumptions):
    before = solve(layers, text_case, assumptions).plants["d_rel"]
    clauses = layers["clauses"].copy()
    harmless = clauses["effect"].isin(["partner_test", "declaration", "listing"])
    links = pd.DataFrame(
        {"class_id": "SAF", "clause_id": clauses.loc[harmless, "clause_id"], "item_id": layers["items"]["item_id"].iloc[0]}
    ).assign(link="direct", op_scope="", confidence="", note="", source_string="")
    table = {**layers, "class_items": pd.concat([layers["class_items"], links], ignore_index=True)}
    assert solve(table, text_case, assumptions).plants["d_rel"].equals(before)


def test_splitting_an_operation_inside_its_block_changes_nothing(layers, text_case, assumptions):
    operations = layers["operations"]
    copy = operations[operations["operation_id"].str.startswith("tungsten-apt-2")].assign(order=9.0)
    split = {**layers, "operations": pd.concat([operations, copy], ignore_index=True)}
    before, after = (solve(table, text_case, assumptions).plants for table in (layers, split))
    assert before["d_rel"].equals(after["d_rel"])
    assert before["d_avg"].equals(after["d_avg"])
    assert before["delay_months_p80"].equals(after["delay_months_p80"])


def test_ever_operated_moves_no_state(layers, cases):
    flipped = {**layers, "clauses": layers["clauses"].assign(ever_operated="true")}
    states = ["state_as_law_stands", "state_as_practised"]
    assert resolve(layers, on=cases[0].on)[states].equals(resolve(flipped, on=cases[0].on)[states])


def test_the_partner_matters_only_through_its_profile(layers, alternatives, cases, assumptions):
    case = next(case for case in cases if case.partner == "korea" and case.track == Track.TEXT)
    pair = [case, dataclasses.replace(case, partner="eu")]
    found = assess(layers, alternatives, pair, assumptions=assumptions).dependency
    one, other = (found[found["case_id"] == each.case_id].reset_index(drop=True) for each in pair)
    assert one.drop(columns="case_id").equals(other.drop(columns="case_id"))


def test_removing_a_destination_never_raises_product_match(layers):
    def match(table):
        return outlets(table).set_index(["partner", "product_id"])["share"].fillna(0.0)

    before = match(layers)
    for gone in ("be-beerse", "nl-budel", "es-huelva"):
        left = layers["destinations"][layers["destinations"]["destination_id"] != gone]
        after = match({**layers, "destinations": left})
        assert (after <= before).all()


def test_adding_a_parallel_licence_never_lowers_the_chance_of_a_refusal():
    lone, more = (measure_dependency([b], [1.0], [0.0]).d_rel for b in (0.4, 1 - 0.6 * 0.9))
    assert lone < more
