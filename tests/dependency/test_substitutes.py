"""A substitute carries the licence of its own country (model rule M8)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from geokit.core.codes import Track
from geokit.dependency.binding import date_ties
from geokit.dependency.flowsheet import list_blocks, touch_blocks
from geokit.dependency.index import measure_dependency
from geokit.dependency.own_licence import judge_named, judge_suppliers
from geokit.dependency.solve import solve_track
from geokit.dependency.substitutes import bar_supply, limit_substitutes
from geokit.dependency.windows import list_stretches

SIGMAS = ["sigma_low", "sigma", "sigma_high"]
PLACE = ["stage_id", "block_id"]
PROCESS = ["other_process", "other_process_sigma", "other_process_countries"]

BLOCKS = pd.DataFrame([("smelt", "G", 0.8, 0.5, 0.6, 0.9, True)], columns=[*PLACE, "sigma", "s_low", "s", "s_high", "is_named"])


def refused(assumptions, *spread):
    asked = dict(zip(("low", "mode", "high"), spread, strict=True)) if spread else None
    return assumptions.replace(controls__supplier_refused=asked).controls


@pytest.fixture(scope="module")
def blocks(layers):
    return list_blocks(layers)


def small(countries, *, ties=()):
    """Return layers of one block with vendors of some countries, and its ties (issuer, link, counts)."""
    issuers = pd.DataFrame(
        [("cn", "PRC", "researched", 1, "China"), ("aa", "Aa", "researched", 2, "Alpha"), ("un", "Union", "researched", 3, "Beta;Gamma"),
         ("bb", "Bb", "researched", 4, "Beta"), ("xx", "Xx", "not_researched", 5, "Xeta")],
        columns=["issuer", "label", "research_status", "print_order", "countries"],
    )  # fmt: skip
    layers = {
        "issuers": issuers,
        "operations": pd.DataFrame([("smelt", "G", "FURN")], columns=[*PLACE, "class_id"]),
        "suppliers": pd.DataFrame([("FURN", cell) for cell in countries], columns=["class_id", "country"]),
        "classes": pd.DataFrame([("G", "", float("nan"), "")], columns=["class_id", *PROCESS]),
    }
    rows = [("smelt", "G", issuer, f"item of {issuer}", link, "licence", "", counts) for issuer, link, counts in ties]
    return layers, pd.DataFrame(rows, columns=[*PLACE, "issuer", "code", "link", "effect", "scope", "counts"])


ALPHA, UNION, BETA = ("aa", "direct", True), ("un", "direct", True), ("bb", "direct", True)


@pytest.mark.parametrize(
    ("countries", "ties", "licence", "note"),
    [
        (["Alpha"], [], "free", "Aa: none found (Alpha)"),
        (["Alpha"], [ALPHA], "needed", "Aa: licence required if in scope (item of aa)"),
        (["Alpha", "Gamma"], [ALPHA], "free", "Aa: licence required if in scope (item of aa); Union: none found (Gamma)"),
        (
            ["Alpha/Gamma"],
            [ALPHA, UNION],
            "needed",
            "Aa: licence required if in scope (item of aa); Union: licence required if in scope (item of un)",
        ),
        (["Beta"], [UNION], "needed", "Union: licence required if in scope (item of un)"),
        (["Beta", "Gamma"], [BETA], "free", "Bb: licence required if in scope (item of bb); Union: none found (Gamma)"),
        (["Alpha", "Xeta"], [ALPHA], "open", "Aa: licence required if in scope (item of aa); Xeta: not researched"),
        (["Alpha", "Nowhere"], [ALPHA], "open", "Aa: licence required if in scope (item of aa); Nowhere: not researched"),
        (["Alpha", "Nowhere"], [], "free", "Aa: none found (Alpha); Nowhere: not researched"),
        (["Alpha", "China"], [ALPHA], "needed", "Aa: licence required if in scope (item of aa)"),
        (["Alpha"], [("aa", "conditional", False)], "open", "Aa: only on a condition (item of aa)"),
        (["Alpha"], [("aa", "product", False)], "free", "Aa: none found (Alpha)"),
        (["Alpha"], [("cn", "direct", True)], "free", "Aa: none found (Alpha)"),
        (["China"], [], "open", "no vendor outside is on file"),
    ],
)
def test_a_licence_is_needed_where_no_country_is_left_without_a_rule(countries, ties, licence, note):
    layers, table = small(countries, ties=ties)
    assert judge_suppliers(BLOCKS, table, layers).loc[0].tolist() == [licence, note]


@pytest.mark.parametrize(
    ("countries", "spread", "expected"),
    [
        (["Alpha"], (0.1, 0.25, 0.5), (0.4, 0.6, 0.72)),
        (["Alpha"], (), (0.0, 0.8, 0.8)),
        (["Alpha", "Nowhere"], (0.1, 0.25, 0.5), (0.4, 0.8, 0.8)),
        (["Alpha", "Nowhere"], (), (0.0, 0.8, 0.8)),
        (["Alpha", "Gamma"], (0.1, 0.25, 0.5), (0.8, 0.8, 0.8)),
        (["Alpha", "Gamma"], (), (0.8, 0.8, 0.8)),
    ],
)
def test_a_refusal_takes_its_part_of_the_substitute(assumptions, countries, spread, expected):
    """By hand: 0.8 (1 - r) for r = 0.5, 0.25 and 0.1; where it is not known whether a licence is needed, in the low end alone."""
    layers, ties = small(countries, ties=[ALPHA])
    found = limit_substitutes(BLOCKS, ties, layers, controls=refused(assumptions, *spread))
    assert found.loc[0, SIGMAS].tolist() == pytest.approx(list(expected))


BARRED = ["barred_low", "barred", "barred_high"]


@pytest.mark.parametrize(
    ("countries", "spread", "expected"),
    [
        (["Alpha"], (0.1, 0.25, 0.5), (0.1 * 0.5, 0.25 * 0.4, 0.5 * 0.1)),
        (["Alpha"], (), (0.0, 0.0, 0.1)),
        (["Alpha", "Nowhere"], (0.1, 0.25, 0.5), (0.0, 0.0, 0.5 * 0.1)),
        (["Alpha", "Gamma"], (0.1, 0.25, 0.5), (0.0, 0.0, 0.0)),
        (["Alpha", "Gamma"], (), (0.0, 0.0, 0.0)),
    ],
)
def test_of_a_market_what_is_not_chinese_needs_a_licence_where_every_country_asks_for_one(assumptions, countries, spread, expected):
    """By hand: r (1 - s) with s 0.5, 0.6 and 0.9, for no way round is left; unset, the upper end alone."""
    layers, ties = small(countries, ties=[ALPHA])
    found = limit_substitutes(BLOCKS, ties, layers, controls=refused(assumptions, *spread))
    assert found.loc[0, BARRED].tolist() == pytest.approx(list(expected))


def order(*elsewhere, s=0.0):
    """Return a block of which all is named, its operations and ties; Alpha asks for a licence and Gamma does not."""
    layers, ties = small(["Alpha", "Gamma"], ties=[ALPHA])
    operations = layers["operations"].assign(elsewhere=pd.Series([elsewhere], dtype=object))
    return BLOCKS.assign(s_low=s, s=s, s_high=s), ties, {**layers, "operations": operations}


@pytest.mark.parametrize(
    ("elsewhere", "s", "expected"),
    [
        ([("Alpha", 1.0)], 0.0, 0.25 * 0.2),
        ([("alpha ", 1.0)], 0.0, 0.25 * 0.2),
        ([("Gamma", 1.0)], 0.0, 0.0),
        ([("Nowhere", 1.0)], 0.0, 0.0),
        ([("Alpha", 0.3), ("Gamma", 0.7)], 0.0, 0.3 * 0.25 * 0.2),
        ([("Alpha", 0.3)], 0.7, 0.3 * 0.25 * 0.2),
        ([("Alpha", 1.0), ("Gamma", 1.0)], 0.0, 0.25 * 0.2),
        ([("Alpha", 1.0)], 1.0, 0.25 * 0.2 * 0.8),
    ],
)
def test_a_named_vendor_is_judged_by_its_own_country(assumptions, elsewhere, s, expected):
    """By hand: r = 0.25, and the way round by Gamma is worth 0.8; of a Chinese and another order that are both needed either may fail."""
    blocks, ties, layers = order(*elsewhere, s=s)
    found = limit_substitutes(blocks, ties, layers, controls=refused(assumptions, 0.25, 0.25, 0.25))
    assert found.loc[0, "barred"] == pytest.approx(expected)


def test_nothing_is_told_of_a_named_vendor_whose_refusal_nobody_gave(assumptions):
    for country, spread, told in (("Alpha", (), False), ("Nowhere", (), False), ("Gamma", (), True), ("Alpha", (0.0, 0.1, 0.2), True)):
        blocks, ties, layers = order((country, 1.0))
        found = limit_substitutes(blocks, ties, layers, controls=refused(assumptions, *spread))
        assert found["is_told"].tolist() == [told]
        assert found.loc[0, BARRED].is_monotonic_increasing


def test_the_time_of_a_licence_is_that_of_the_issuer_or_missing():
    blocks, ties, layers = order(("Alpha", 1.0))
    (unknown,) = judge_named(blocks, ties, layers)["own_months"]
    days = layers["issuers"].assign(licence_days_low=73.05, licence_days_mode=365.25, licence_days_high=730.5)
    (known,) = judge_named(blocks, ties, {**layers, "issuers": days})["own_months"]
    assert np.isnan(unknown).all()
    assert known == (pytest.approx((2.4, 12.0, 24.0)),)
    assert judge_named(blocks, ties.head(0), layers).loc[0, ["own_needed", "own_months"]].tolist() == [0.0, ()]


def test_an_order_elsewhere_is_never_likelier_to_be_lost_than_a_chinese_one_of_the_same_chance():
    """Another option never raises a figure: with or without a way round, r <= 1 - sigma' of the Chinese order."""
    r, sigma = np.meshgrid(np.linspace(0.0, 1.0, 11), np.linspace(0.0, 1.0, 11))
    for left, lost in ((sigma * (1.0 - r), r), (sigma, r * (1.0 - sigma))):
        assert (bar_supply(0.0, left, lost=lost, needs=1.0) <= 1.0 - left + 1e-12).all()
        assert (1.0 - left + bar_supply(1.0, left, lost=lost, needs=1.0) <= 1.0 + 1e-12).all()


def test_a_clause_that_does_not_bind_takes_nothing():
    layers, ties = small(["Alpha"], ties=[ALPHA])
    for state, licence in (("announced", "free"), ("suspended", "free"), ("", "free"), ("unresolved", "needed"), ("in_force", "needed")):
        assert judge_suppliers(BLOCKS, ties.assign(state=state), layers)["licence"].tolist() == [licence]


def test_of_two_classes_in_a_block_the_one_that_is_harder_to_have_counts():
    layers, ties = small(["Alpha"], ties=[ALPHA])
    two = pd.DataFrame([("smelt", "G", "FURN"), ("smelt", "G", "CAST")], columns=[*PLACE, "class_id"])
    both = pd.DataFrame([("FURN", "Alpha"), ("CAST", "Gamma")], columns=["class_id", "country"])
    assert judge_suppliers(BLOCKS, ties, {**layers, "operations": two, "suppliers": both})["licence"].tolist() == ["needed"]


def test_without_a_chance_of_refusal_all_is_as_before(blocks, ties, layers, assumptions):
    found = limit_substitutes(blocks, ties, layers, controls=refused(assumptions, 0.0, 0.0, 0.0))
    for name in SIGMAS:
        assert found[name].tolist() == blocks["sigma"].tolist()
    pd.testing.assert_frame_equal(found[list(blocks)], blocks)


def test_unknown_moves_the_low_end_alone_and_no_further_than_nought(blocks, ties, layers, assumptions):
    found = limit_substitutes(blocks, ties, layers, controls=refused(assumptions))
    assert found["sigma"].tolist() == found["sigma_high"].tolist() == blocks["sigma"].tolist()
    assert set(found.loc[found["sigma_low"] != found["sigma"], "sigma_low"]) == {0.0}
    assert assumptions.controls.supplier_refused is None


def test_a_likelier_refusal_never_makes_a_plant_safer(blocks, ties, layers, assumptions):
    """For any chance of a Chinese refusal: raising r never lowers D_rel, at the low end, the mode or the high end."""
    rng = np.random.default_rng(8)
    tables = [limit_substitutes(blocks, ties, layers, controls=refused(assumptions, r, r, r)) for r in (0.0, 0.2, 0.5, 1.0)]
    for at in blocks.groupby("stage_id").indices.values():
        b, s = rng.uniform(size=(4, len(at))), rng.uniform(size=len(at))
        figures = np.array([[measure_dependency(b, s, table[name].iloc[at]).d_rel for name in SIGMAS] for table in tables])
        assert (np.diff(figures, axis=0) >= -1e-12).all()
        assert (np.diff(figures, axis=1) <= 1e-12).all()
    moved = tables[0]["sigma"] != tables[-1]["sigma"]
    assert moved.any()
    assert (tables[-1].loc[moved, "sigma"] == 0.0).all()


def test_kilns_are_free_elsewhere_and_lithium_crystallisers_are_not(blocks, ties, layers):
    """No rule of the EU lists a kiln of plain steel; 2B350 of the EU and the US catches crystallisers in nickel or titanium."""
    told = judge_suppliers(blocks, ties, layers).set_index(pd.MultiIndex.from_frame(blocks[PLACE]))
    assert told.loc[("ree-mixed-carbonate", "RKIL"), "licence"] == "free"
    assert told.loc[("lithium-hydroxide", "LHYD"), "licence"] == "needed"
    assert told.loc[("ree-separated-oxides", "RSX"), "licence"] == "open"
    assert "Israel, Canada: not researched" in told.loc[("ree-separated-oxides", "RSX"), "supplier_note"]
    assert "US: licence required if in scope (2A992" in told.loc[("barite-ground", "MILL"), "supplier_note"]
    assert "EU, Germany: none found" in told.loc[("barite-ground", "MILL"), "supplier_note"]


def test_the_us_rule_takes_nothing_before_it_is_known(blocks, ties, layers, assumptions):
    """89 FR 93164 was issued on 26 Nov 2024."""
    notes = []
    for known in (dt.date(2024, 11, 25), dt.date(2024, 11, 26)):
        stretches = list_stretches(dt.date(2026, 11, 22), assumptions.controls)
        dated = date_ties(ties, layers["status_events"], known_on=known, track=Track.TEXT, stretches=stretches)
        told = judge_suppliers(blocks, dated, layers).set_index(pd.MultiIndex.from_frame(blocks[PLACE]))
        notes.append(told.loc[("barite-ground", "MILL"), "supplier_note"])
    assert "2A992" not in notes[0]
    assert "2A992" in notes[1]


def test_an_item_shown_outside_its_window_needs_no_licence(layers, blocks):
    """Alloys below 10 % of nickel and chromium are not 2A992; the calciner's other US item, 2B999, has no window."""
    sizes = pd.DataFrame([("", "MILL", "nickel_and_or_chromium_content 5 pct")], columns=["stage_id", "class_id", "sizes"])
    notes = judge_suppliers(blocks, touch_blocks(layers, sizes), layers)["supplier_note"]
    note = notes[(blocks["block_id"] == "MILL").to_numpy()].iloc[0]
    assert "2A992" not in note
    assert "US: licence required if in scope (2B999" in note


def test_the_country_of_every_issuer_that_sells_a_plant_is_that_of_a_vendor(layers):
    countries = {name for cell in layers["suppliers"]["country"] for name in cell.split("/")}
    named = layers["issuers"].query("countries != ''")
    assert named["countries"].map(lambda cell: not countries.isdisjoint(cell.split(";"))).all()


@pytest.mark.parametrize("spread", [(-0.1, 0.2, 0.3), (0.1, 0.2, 1.3), (0.3, 0.2, 0.4)])
def test_a_chance_outside_nought_to_one_or_out_of_order_is_refused(assumptions, spread):
    with pytest.raises((ValidationError, ValueError), match=r"supplier_refused|low"):
        refused(assumptions, *spread)


SIGMAS_OF_PROCESS = ["process_sigma_low", "process_sigma", "process_sigma_high"]


@pytest.mark.parametrize(
    ("process", "spread", "expected"),
    [
        (("", float("nan"), ""), (), (0.0, 0.0, 0.0)),
        (("caustic", float("nan"), "Gamma"), (), (0.0, 0.0, 1.0)),
        (("caustic", 0.5, "Gamma"), (), (0.5, 0.5, 0.5)),
        (("caustic", 0.5, "Alpha"), (0.1, 0.2, 0.4), (0.3, 0.4, 0.45)),
        (("caustic", 0.5, "Nowhere/Alpha"), (0.1, 0.2, 0.4), (0.3, 0.5, 0.5)),
        (("caustic", 0.5, ""), (), (0.0, 0.5, 0.5)),
    ],
)
def test_another_process_is_worth_its_rating_less_its_own_licence(assumptions, process, spread, expected):
    """By hand: Alpha asks for a licence and Gamma does not; nobody rated = anything; nobody named = its country may refuse."""
    layers, ties = small(["Gamma"], ties=[ALPHA])
    layers = {**layers, "classes": pd.DataFrame([("G", *process)], columns=["class_id", *PROCESS])}
    found = limit_substitutes(BLOCKS, ties, layers, controls=refused(assumptions, *spread))
    assert found.loc[0, SIGMAS_OF_PROCESS].tolist() == pytest.approx(list(expected))


def test_every_other_process_on_file_says_why_it_counts(layers):
    rows = layers["classes"].query("other_process != ''")
    assert set(rows["class_id"]) == {"GPUR", "REFL", "RHSX", "RKIL", "RSX", "SBAU"}
    assert (rows["other_process_basis"] != "").all()
    assert set(rows["other_process_sigma"].dropna()) <= {1.0, 0.75, 0.5, 0.25, 0.0}
    others = layers["classes"].query("other_process == ''")
    assert others["other_process_sigma"].isna().all()


def test_a_process_that_nobody_rated_moves_the_kind_bound_alone(layers, ties, cases, assumptions):
    case, few = cases[0], assumptions.replace(controls__samples=20)
    classes = layers["classes"].set_index("class_id")
    blank, none = classes.copy(), classes.copy()
    blank.loc["RSX", "other_process_sigma"] = float("nan")
    none.loc["RSX", ["other_process", "other_process_sigma"]] = ["", float("nan")]
    told, without = (
        solve_track({**layers, "classes": table.reset_index()}, ties, case, assumptions=few).plants.set_index(["stage_id", "profile"])
        for table in (blank, none)
    )
    row = ("ree-separated-oxides", "C")
    assert told.loc[row, "d_rel_low"] < without.loc[row, "d_rel_low"]
    assert told.loc[row, ["d_rel", "d_rel_high"]].tolist() == without.loc[row, ["d_rel", "d_rel_high"]].tolist()
