"""Both laws, substitutes, outages and gates on figures that fit on paper."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.dependency import gates
from geokit.dependency.outage import join_margins, weigh_outages
from geokit.dependency.regime import Outcome
from geokit.dependency.substitutes import bar_supply, limit_substitutes, need_licence
from geokit.dependency.two_sided import measure_two_sided

few = settings(max_examples=25, deadline=None)
shares = st.integers(0, 20).map(lambda whole: whole / 20)
ON = dt.date(2026, 11, 22)


def one_block(**other):
    """Return the columns of a block with 0.6 from China and 0.4 from a named vendor that needs a licence, refused with 0.25."""
    same = dict.fromkeys(["s_low", "s", "s_high"], 0.6) | {"own_needed": 0.4, "own_open": 0.0, "own_free": 0.0}
    none = dict.fromkeys([f"{name}{end}" for name in ("sigma", "process_sigma") for end in ("_low", "", "_high", "_least")], 0.0)
    figures = same | none | {"lost_low": 0.1, "lost": 0.25, "lost_most": 0.5} | other
    flags = dict.fromkeys(["rest_needed", "rest_open", "own_carried"], np.array([False]))
    return {name: np.array([value]) for name, value in figures.items()} | flags


EVEN = [Outcome("strict", 0.5, low=0.2, high=0.8), Outcome("free", 0.5, low=0.2, high=0.8)]
GRID = dict.fromkeys(["b_low", "b", "b_high"], np.array([[1.0], [0.0]]))


def test_either_law_over_two_political_states_by_hand():
    """Refused by China 0.6 or 0, by the other 0.1 in both: (0.7 + 0.1) / 2. Ends: 0.2 * 0.64 + 0.8 * 0.04 and 0.8 * 0.8 + 0.2 * 0.2."""
    found = measure_two_sided(one_block(), GRID, EVEN)
    assert list(found.values()) == pytest.approx([0.04, 0.1, 0.2, 0.16, 0.4, 0.68])


def test_a_chance_that_nobody_gave_blanks_the_middle_and_leaves_the_ends():
    found = measure_two_sided(one_block(lost=np.nan, lost_low=0.0, lost_most=1.0), GRID, EVEN)
    assert np.isnan([found["d_rel_supplier"], found["d_rel_either"]]).all()
    assert [found["d_rel_supplier_low"], found["d_rel_supplier_high"]] == pytest.approx([0.0, 0.4])
    assert [found["d_rel_either_low"], found["d_rel_either_high"]] == pytest.approx([0.12, 0.8 * 1.0 + 0.2 * 0.4])


def test_where_both_are_ordered_a_refusal_by_both_counts_once():
    """Refused by China for sure or not at all, and by the other with 0.25 in both states: (1 + 0.25) / 2."""
    found = measure_two_sided(one_block(**dict.fromkeys(["s_low", "s", "s_high", "own_needed"], 1.0)), GRID, EVEN)
    assert (found["d_rel_supplier"], found["d_rel_either"]) == pytest.approx((0.25, 0.625))


@pytest.mark.parametrize(("own_open", "rest_open"), [(0.4, False), (0.0, True)])
def test_a_rule_that_nobody_settled_moves_the_harsh_end_alone(own_open, rest_open):
    """0.4 may need a licence, of a named vendor or of any: 0.4 * 0.5 at the harsh end, and nothing elsewhere."""
    block = one_block(own_needed=0.0, own_open=own_open) | {"rest_open": np.array([rest_open])}
    found = measure_two_sided(block, GRID, EVEN)
    assert [found[f"d_rel_supplier{end}"] for end in ("_low", "", "_high")] == pytest.approx([0.0, 0.0, 0.2])
    assert found["d_rel_either"] == pytest.approx(0.3)


def test_goods_of_a_country_that_follows_them_may_be_in_all_that_is_bought():
    """All of the order, the Chinese 0.6 too, may need a licence that is refused with 0.5: the harsh end alone moves, from 0.2 to 0.5."""
    found = measure_two_sided(one_block() | {"own_carried": np.array([True])}, GRID, EVEN)
    same = measure_two_sided(one_block(), GRID, EVEN)
    assert found["d_rel_supplier_high"] == pytest.approx(0.5)
    assert same["d_rel_supplier_high"] == pytest.approx(0.2)
    moved = {name for name in found if found[name] != same[name]}
    assert moved == {"d_rel_supplier_high", "d_rel_either_high"}


@few
@given(shares, shares, shares, shares)
def test_a_barred_supply_and_a_chinese_one_never_exceed_all_of_it(s, sigma, lost, needs):
    barred = float(bar_supply(s, sigma, lost=lost, needs=needs))
    assert 0.0 <= barred <= 1.0 - s * (1.0 - sigma) + 1e-12


@pytest.mark.parametrize(
    ("s", "rest", "part"), [(0.5, True, 0.4), (0.5, False, 0.2), (0.9, True, 0.2), (np.nan, False, 0.2), (np.nan, True, np.nan)]
)
def test_the_unnamed_rest_needs_a_licence_where_all_vendors_do(s, rest, part):
    """Of 1 are 0.5 Chinese, 0.2 named with and 0.1 without a licence: 0.2 are left."""
    found = need_licence([s], np.array([0.2]), free=np.array([0.1]), rest=np.array([rest]))
    assert found.tolist() == pytest.approx([part], nan_ok=True)


PLACE = ["stage_id", "block_id"]


def limited(assumptions, country, *spread, process=0.0, reach="none"):
    """Return one block (0.6 Chinese, substitutes worth 0.8) whose vendors sit in Alpha, which asks for a licence, or in Gamma."""
    row = pd.DataFrame([("smelt", "G", 0.8, 0.5, 0.6, 0.9, True)], columns=[*PLACE, "sigma", "s_low", "s", "s_high", "is_named"])
    known = [("aa", "Aa", "researched", 1, "Alpha"), ("gg", "Gg", "researched", 2, "Gamma")]
    other = ("G", "caustic" if process else "", process or np.nan, "Gamma" if process else "")
    layers = {
        "issuers": pd.DataFrame(known, columns=["issuer", "label", "research_status", "print_order", "countries"]),
        "operations": pd.DataFrame([("smelt", "G", "FURN")], columns=[*PLACE, "class_id"]),
        "suppliers": pd.DataFrame([("FURN", country)], columns=["class_id", "country"]),
        "classes": pd.DataFrame([other], columns=["class_id", "other_process", "other_process_sigma", "other_process_countries"]),
    }
    layers["clauses"] = pd.DataFrame({"clause_id": ["c"], "reach": ["only Alpha goods"], "extraterritorial": [reach]})
    tie = ("smelt", "G", "aa", "item", "direct", "licence", "", True, "c")
    ties = pd.DataFrame([tie], columns=[*PLACE, "issuer", "code", "link", "effect", "scope", "counts", "clause_id"])
    asked = dict(zip(("low", "mode", "high"), spread, strict=True)) if spread else None
    controls = assumptions.replace(controls__supplier_refused=asked).controls
    return limit_substitutes(row, ties, layers, controls=controls).iloc[0]


def test_all_bought_elsewhere_is_lost_as_often_as_its_country_refuses(assumptions):
    """0.25 where every vendor needs a licence, half of it with another process worth 0.5; s = 0.9 leaves 0.25 * 0.1."""
    assert limited(assumptions, "Alpha", 0.1, 0.25, 0.5)["barred_elsewhere"] == pytest.approx(0.25)
    assert limited(assumptions, "Alpha", 0.1, 0.25, 0.5, process=0.5)["barred_elsewhere"] == pytest.approx(0.125)
    assert limited(assumptions, "Alpha", 0.1, 0.25, 0.5)["barred_granted"] == pytest.approx(0.025)


FIGURES = ["sigma_low", "sigma", "sigma_high", "barred_low", "barred", "barred_high", "lost", "is_told", "process_sigma", "rest_needed"]


@pytest.mark.parametrize("process", [0.0, 0.5])
@pytest.mark.parametrize("reach", ["de_minimis", "origin_reexport"])
def test_a_rule_that_follows_goods_moves_the_harshest_ends_of_a_vendor_without_a_rule_and_nothing_else(assumptions, reach, process):
    """Gamma asks nothing: s to 0.9, substitutes worth 0.8. If its goods carry Alpha's, refused with 0.5: 0.8 * 0.5, and 0.5 of the 0.1."""
    free = limited(assumptions, "Gamma", 0.1, 0.25, 0.5, process=process)
    found = limited(assumptions, "Gamma", 0.1, 0.25, 0.5, process=process, reach=reach)
    assert found["own_carried"]
    assert not free["own_carried"]
    assert found[FIGURES].tolist() == free[FIGURES].tolist()
    assert (free["sigma_least"], free["lost_most"], free["barred_most"]) == pytest.approx((0.8, 0.1, 0.0))
    assert (found["sigma_least"], found["lost_most"], found["barred_most"]) == pytest.approx((0.4, 0.5, 0.05))
    assert (free["process_sigma_least"], found["process_sigma_least"]) == pytest.approx((process, process / 2))


@pytest.mark.parametrize("country", ["Alpha", "Gamma"])
def test_without_a_rule_that_follows_goods_the_harshest_ends_are_the_harsh_ones(assumptions, country):
    row = limited(assumptions, country, 0.1, 0.25, 0.5, process=0.5)
    for name in ("sigma", "process_sigma"):
        assert row[f"{name}_least"] == row[f"{name}_low"]
    assert row["barred_most"] == pytest.approx(row["barred_high"])


@pytest.mark.parametrize(
    ("country", "spread", "lost"),
    [
        ("Alpha", (0.1, 0.25, 0.5), (0.1, 0.25, 0.5)),
        ("Alpha", (), (0.0, np.nan, 1.0)),
        ("Gamma", (0.1, 0.25, 0.5), (0.02, 0.05, 0.1)),
        ("Gamma", (), (0.0, np.nan, 0.2)),
    ],
)
def test_a_vendor_without_a_rule_stands_in_for_four_fifths_of_what_is_lost(assumptions, country, spread, lost):
    found = limited(assumptions, country, *spread)
    assert found[["lost_low", "lost", "lost_most"]].tolist() == pytest.approx(list(lost), nan_ok=True)
    assert (bool(found["rest_needed"]), bool(found["rest_open"])) == ((country == "Alpha"),) * 2


def test_a_margin_follows_its_row_and_not_its_place():
    """Margins of 120 and 1200 USD/t, six months of outage less two of stock: 4 x 10 and 4 x 100; a row without one stays blank."""
    rows = weigh_outages(pd.DataFrame({"outage_months_p50": 6.0, "outage_months_p80": 6.0}, index=["a", "b", "c"]), stock_months=2.0)
    found = join_margins(rows, pd.Series({"b": 1200.0, "z": 9.0, "a": 120.0}))
    assert found["lost_margin_usd_per_t_p80"].loc[["a", "b"]].tolist() == pytest.approx([40.0, 400.0])
    assert np.isnan(found.loc["c", "lost_margin_usd_per_t_p80"])


@few
@given(st.floats(0.0, 48.0), st.floats(0.0, 48.0), st.floats(-500.0, 5000.0), st.floats(0.0, 24.0))
def test_no_outage_costs_more_than_its_months_of_margin_and_the_median_no_more_than_the_p80(one, other, margin, stock):
    rows = pd.DataFrame({"outage_months_p50": [min(one, other)], "outage_months_p80": [max(one, other)]})
    row = join_margins(weigh_outages(rows, stock_months=stock), pd.Series([margin])).iloc[0]
    middle, most = row["lost_margin_usd_per_t_p50"], row["lost_margin_usd_per_t_p80"]
    assert 0.0 <= middle <= most <= max(margin, 0.0) * max(one, other) / 12.0 + 1e-9
    covered = weigh_outages(rows, stock_months=row["break_even_stock_months"])
    assert join_margins(covered, pd.Series([margin])).iloc[0]["lost_margin_usd_per_t_p80"] == 0.0


def ask(plants, assumptions=None, **gate):
    """Return the verdicts of one gate that no rule computes, for partners p and q."""
    blank = dict.fromkeys(["rule", "binds_at", "clause_id", "effective_from", "asks_commodity_ids", "asks_stage_ids"], "")
    words = {"gate_id": "g", "partner_id": "all", "tests": "the clause", "rule_ref": "Act 1", "date": "2026-01-01", "source_id": "s"}
    row = blank | words | {"screens": "yes", "conditions": "yes", "must_know": "the share", "holder": "the registry"} | gate
    layers = {
        "gates": pd.DataFrame([row]),
        "stages": pd.DataFrame({"stage_id": ["smelt"], "commodity_id": "tin"}),
        "partners": pd.DataFrame({"partner_id": ["p", "q"]}),
    }
    return gates(layers, plants, [Case(partner, ON, Track.TEXT, ON) for partner in ("p", "q")], assumptions=assumptions)


def test_a_gate_asks_its_own_partner_stage_and_commodity_alone(plants):
    assert set(ask(plants, partner_id="q")["partner"]) == {"q"}
    assert len(ask(plants, asks_commodity_ids="tin|lead")) == len(ask(plants, asks_stage_ids="smelt")) == 8
    for other in ({"asks_commodity_ids": "lead"}, {"asks_stage_ids": "mill"}, {"partner_id": "r"}):
        assert ask(plants, **other).empty


@pytest.mark.parametrize(("start", "result"), [("2026-11-22", "unknown"), ("2026-11-23", "pass"), ("", "unknown")])
def test_a_rule_binds_from_its_first_day_on(plants, assumptions, start, result):
    """The decision is taken on the day of the question."""
    found = ask(plants[plants["kind"] == "plant"], assumptions.replace(months_to_fid=0), binds_at="decision", effective_from=start)
    assert set(found["result"]) == {result}
    later = "passes: no test on that day (Act 1, not yet in force on 2026-11-22, from 2026-11-23 on); if it binds: unknown, not computed"
    assert found["reason"].str.startswith(later).all() == (result == "pass")
    assert not found["conditions"].any()
