"""From clauses to the chance of a refusal, on hand-made ties."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geokit.core.assumptions import Controls
from geokit.core.codes import State, Track
from geokit.dependency.binding import bind_blocks, date_ties, open_clauses, price_ties, settle_ties, sum_ties, suppose_conditions
from geokit.dependency.licences import PROFILES
from geokit.dependency.regime import SETTLED, Outcome, Ruling
from geokit.dependency.windows import list_marks, list_stretches

CALM = (Outcome(SETTLED, 1.0),)
FORK = (
    Outcome("hard", 0.25, (Ruling(State.IN_FORCE, frozenset({"a"})),)),
    Outcome("soft", 0.75, (Ruling(State.SUSPENDED, frozenset({"a"})),)),
)
NOW = Controls(months_to_fid=0, months_fid_to_shipment=0, months_shipment_to_commissioning=12, samples=1)


def ties(*rows):
    columns = ["clause_id", "kind", "state", "issuer", "counts"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(stage_id="smelt", block_id="FURN", item_id="i", link="direct", stretch=0)


def terms(p=0.6):
    rows = [
        (state, kind, profile, chance / 2, chance, chance + 0.1, 10.0, 20.0, 30.0)
        for state, chance in (("in_force", p), ("tightened", p / 2))
        for kind in ("equipment", "service")
        for profile in PROFILES
    ]
    columns = ["state", "kind", "profile", "p_low", "p", "p_high", "days_low", "days", "days_high"]
    return pd.DataFrame(rows, columns=columns)


def bound(table, outcomes=CALM, regime=SETTLED):
    blocks = bind_blocks(price_ties(settle_ties(table, outcomes), terms()))
    return blocks.loc[(regime, "B", "smelt", "FURN")]


def test_one_clause_in_force():
    found = bound(ties(("a", "equipment", "in_force", "cn", True)))
    assert tuple(found[["b_low", "b", "b_high"]]) == pytest.approx((0.3, 0.4, 0.7))


def test_two_clauses_combine_and_the_likelier_alone_is_the_lower_bound():
    found = bound(ties(("a", "equipment", "in_force", "cn", True), ("b", "service", "in_force", "cn", True)))
    assert tuple(found[["b_low", "b", "b_high"]]) == pytest.approx((0.3, 1 - 0.6**2, 1 - 0.3**2))


def conditional(*rows):
    """Return ties as clause, block, link, effect, scope and whether they count."""
    table = pd.DataFrame(rows, columns=["clause_id", "block_id", "link", "effect", "scope", "counts"])
    return table.assign(stage_id="smelt", item_id="i", kind="equipment", state="in_force", issuer="cn", stretch=0)


@pytest.mark.parametrize(
    ("link", "effect", "scope", "holds"),
    [
        ("conditional", "licence", "", True),
        ("conditional", "catch_all", "unknown", True),
        ("conditional", "declaration", "", False),
        ("conditional", "licence", "outside", False),
        ("spillover", "licence", "", False),
        ("product", "licence", "", False),
    ],
)
def test_only_an_open_condition_of_what_withholds_is_supposed_to_hold(link, effect, scope, holds):
    table = conditional(("a", "FURN", link, effect, scope, False))
    assert suppose_conditions(table)["counts"].tolist() == [holds]
    assert suppose_conditions(table.assign(issuer="us"))["counts"].tolist() == [False]


def test_a_condition_on_a_block_that_is_bound_anyway_supposes_nothing_and_one_that_holds_binds_as_a_clause_does():
    rows = [("a", "FURN", "direct", "licence", "", True), ("b", "FURN", "conditional", "licence", "", False)]
    table = conditional(*rows, ("b", "TANK", "conditional", "licence", "", False))
    supposed = suppose_conditions(table)
    assert supposed["counts"].tolist() == [True, False, True]
    found = bind_blocks(price_ties(settle_ties(supposed, CALM), terms())).xs("B", level="profile").droplevel(["regime_id", "stage_id"])
    assert found.loc["TANK"].tolist() == found.loc["FURN"].tolist() == pytest.approx([0.3, 0.4, 0.7])
    assert suppose_conditions(supposed).equals(supposed)


def test_two_items_of_one_clause_are_one_licence():
    found = bound(ties(("a", "equipment", "in_force", "cn", True), ("a", "service", "in_force", "cn", True)))
    assert found["b"] == pytest.approx(0.4)


@pytest.mark.parametrize("state", ["", "announced", "suspended", "revoked"])
def test_a_clause_not_in_force_binds_nothing(state):
    priced = price_ties(settle_ties(ties(("a", "equipment", state, "cn", True)), CALM), terms())
    assert priced.empty


@pytest.mark.parametrize(("issuer", "counts"), [("us", True), ("eu", True), ("cn", False)])
def test_other_issuers_and_other_links_stay_outside(issuer, counts):
    assert settle_ties(ties(("a", "equipment", "in_force", issuer, counts)), CALM).empty


def test_an_open_clause_takes_the_state_of_each_outcome():
    table = ties(("a", "equipment", "unresolved", "cn", True), ("b", "service", "in_force", "cn", True))
    assert bound(table, FORK, "hard")["b"] == pytest.approx(1 - 0.6**2)
    assert bound(table, FORK, "soft")["b"] == pytest.approx(0.4)


RENEWED = Ruling(State.SUSPENDED, frozenset({"a"}), ends_on="2028-01-11")


@pytest.mark.parametrize(
    ("text", "state"), [("in_force", "in_force"), ("revoked", "revoked"), ("", "in_force"), ("unresolved", "in_force")]
)
def test_a_clause_that_binds_after_the_end_of_an_outcome_is_as_the_text_says(text, state):
    table = ties(("a", "equipment", "unresolved", "cn", True), ("a", "service", "unresolved", "cn", True))
    table = table.assign(day=["2028-01-10", "2028-01-11"], text=text)
    ended = (Outcome("over", 0.0, (RENEWED,), goes_on=False),)
    assert settle_ties(table, ended)["state"].tolist() == ["suspended", state]
    assert settle_ties(table, (Outcome("again", 1.0, (RENEWED,)),))["state"].tolist() == ["suspended"] * 2


def test_a_named_regime_settles_its_clauses_from_its_first_day_on_whatever_the_track_says():
    rows = [("a", "equipment"), ("a", "service"), ("b", "service")]
    table = ties(*((*row, "in_force", "cn", True) for row in rows))
    table = table.assign(day=["2027-01-10", "2027-01-11", "2027-01-11"])
    lifted = Outcome("lifted", 1.0, (Ruling(State.REVOKED, frozenset({"a"}), starts_on="2027-01-11"),), overrides=True)
    assert settle_ties(table, (lifted,))["state"].tolist() == ["in_force", "revoked", "in_force"]


def test_a_reading_of_the_law_starts_from_its_own_track():
    table = ties(("a", "equipment", "unresolved", "cn", True)).assign(text="in_force", practice="unresolved")
    read = (Outcome("as_law_stands", 1.0, reads=Track.TEXT),)
    assert settle_ties(table, read)["state"].tolist() == ["in_force"]


def test_a_tightened_clause_binds_harder():
    harder = (Outcome("tight", 1.0, (Ruling(State.TIGHTENED, frozenset({"a"})),)),)
    table = ties(("a", "equipment", "unresolved", "cn", True))
    assert bound(table, harder, "tight")["b"] == pytest.approx(1 - 0.3)


def test_a_block_takes_the_chance_of_its_worst_year_and_not_the_sum_of_years():
    """Two clauses in force in different years never bind together; what leaves once binds beside each."""
    table = ties(
        ("once", "equipment", "in_force", "cn", True), ("a", "service", "in_force", "cn", True),
        ("once", "equipment", "in_force", "cn", True), ("b", "service", "in_force", "cn", True),
        ("once", "equipment", "in_force", "cn", True),
    )
    assert bound(table.assign(stretch=[0, 0, 1, 1, 2]))["b"] == pytest.approx(1 - 0.6**2)


def test_one_unknown_year_makes_the_worst_year_unknown():
    table = ties(("a", "equipment", "in_force", "cn", True), ("a", "equipment", "unresolved", "cn", True))
    found = bound(table.assign(stretch=[0, 1]))
    assert pd.isna(found["b"])
    assert found["b_high"] == 1.0


def test_an_open_clause_that_nothing_decides_is_unknown_between_nothing_and_all():
    found = bound(ties(("z", "equipment", "unresolved", "cn", True)))
    assert (found["b_low"], found["b_high"]) == (0.0, 1.0)
    assert pd.isna(found["b"])


def test_one_unknown_item_makes_its_clause_unknown():
    table = ties(("a", "equipment", "in_force", "cn", True), ("a", "service", "unresolved", "cn", True))
    assert pd.isna(bound(table)["b"])


def test_open_questions_are_those_of_the_counted_issuer():
    table = ties(
        ("a", "equipment", "unresolved", "cn", True),
        ("b", "equipment", "in_force", "cn", True),
        ("c", "equipment", "unresolved", "us", True),
        ("d", "equipment", "unresolved", "cn", False),
    )
    assert open_clauses(table) == frozenset({"a"})


def events():
    rows = [
        ("a", "text", "suspended", "2026-01-01", "2027-01-01"),
        ("a", "text", "in_force", "2027-01-01", ""),
        ("a", "practice", "suspended", "2026-01-01", "2027-01-01"),
    ]
    table = pd.DataFrame(rows, columns=["clause_id", "track", "state", "valid_from", "valid_to_exclusive"])
    return table.assign(recorded_on="2026-01-01", source_id="s")


ON = dt.date(2026, 6, 1)


def dated(table, *, track=Track.TEXT, rows=None, years=1):
    rows = events() if rows is None else rows
    stretches = list_stretches(ON, NOW, years=years, marks=list_marks(rows))
    return date_ties(table.drop(columns=["state", "stretch"]), rows, known_on=ON, track=track, stretches=stretches)


@pytest.mark.parametrize(
    ("track", "kind", "state"),
    [
        (Track.TEXT, "equipment", "suspended"),
        (Track.TEXT, "technology_prohibited", "suspended"),
        (Track.TEXT, "service", "in_force"),
        (Track.TEXT, "reagent", "in_force"),
        (Track.PRACTICE, "equipment", "suspended"),
        (Track.PRACTICE, "service", "unresolved"),
    ],
)
def test_each_kind_of_item_binds_on_its_own_day(track, kind, state):
    assert dated(ties(("a", kind, "", "cn", True)), track=track)["state"].tolist() == [state]


def test_the_day_that_binds_is_shown():
    table = ties(("a", "equipment", "", "cn", True), ("a", "service", "", "cn", True))
    assert dated(table)["day"].tolist() == ["2026-06-01", "2027-06-01"]


def test_a_clause_nobody_recorded_has_no_state():
    assert dated(ties(("ghost", "equipment", "", "cn", True)))["state"].tolist() == [""]


def later(day):
    """The events, but the text is suspended until a later day."""
    return events().replace("2027-01-01", day)


def test_every_yearly_fill_is_read():
    """Fills from 2027-06-01 to 2030-06-01; in force from 2029 on: the last two of four bind, and the block with them."""
    table = dated(ties(("a", "reagent", "", "cn", True)), rows=later("2029-01-01"), years=4)
    assert table["state"].tolist() == ["suspended", "in_force"]
    settled = settle_ties(table, CALM)
    terms_of = terms().replace("service", "reagent")
    assert bind_blocks(price_ties(settled, terms_of)).loc[(SETTLED, "B", "smelt", "FURN"), "b"] == pytest.approx(0.4)
    (told,) = sum_ties(table, settled, CALM).to_dict("records")
    assert (told["state"], told["day"], told["fills"], told["fills_bound"]) == ("in_force", "2029-06-01", 4, 2)


def test_a_change_after_the_last_fill_binds_nothing():
    table = dated(ties(("a", "reagent", "", "cn", True)), rows=later("2031-01-01"), years=4)
    assert table["state"].tolist() == ["suspended"]
    assert table["fills"].tolist() == [4]


def test_what_leaves_once_is_told_once_and_binds_in_all_years():
    table = dated(ties(("a", "equipment", "", "cn", True)), rows=later("2029-01-01"), years=4)
    assert table["day"].tolist() == ["2026-06-01"] * 2
    (told,) = sum_ties(table, settle_ties(table, CALM), CALM).to_dict("records")
    assert (told["fills"], told["fills_bound"]) == (1, 0)


def test_a_lone_regime_is_told_in_place_of_the_track():
    table = dated(ties(("a", "service", "", "cn", True), ("a", "equipment", "", "us", True)))
    lifted = (Outcome("lifted", 1.0, (Ruling(State.REVOKED, frozenset({"a"})),), overrides=True),)
    told = sum_ties(table, settle_ties(table, lifted), lifted)
    assert set(zip(told["issuer"], told["state"], strict=True)) <= {("cn", "revoked"), ("us", "suspended")}
