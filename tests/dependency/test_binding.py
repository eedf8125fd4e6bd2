"""From clauses to the chance of a refusal, on hand-made ties."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geokit.core.assumptions import Controls
from geokit.core.codes import State, Track
from geokit.dependency.binding import bind_blocks, date_ties, open_clauses, price_ties, settle_ties
from geokit.dependency.licences import PROFILES
from geokit.dependency.regime import SETTLED, Outcome

CALM = (Outcome(SETTLED, 1.0, None, frozenset()),)
FORK = (
    Outcome("hard", 0.25, State.IN_FORCE, frozenset({"a"})),
    Outcome("soft", 0.75, State.SUSPENDED, frozenset({"a"})),
)
NOW = Controls(months_to_fid=0, months_fid_to_shipment=0, months_shipment_to_commissioning=12, samples=1)


def ties(*rows):
    columns = ["clause_id", "kind", "state", "issuer", "counts"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(stage_id="smelt", block_id="FURN", item_id="i", link="direct")


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


def test_a_clause_that_binds_after_the_end_of_an_outcome_is_in_force():
    table = ties(("a", "equipment", "unresolved", "cn", True), ("a", "service", "unresolved", "cn", True))
    table = table.assign(day=["2028-01-10", "2028-01-11"])
    ended = (Outcome("over", 0.0, State.SUSPENDED, frozenset({"a"}), "2028-01-11"),)
    assert settle_ties(table, ended)["state"].tolist() == ["suspended", "in_force"]


def test_a_tightened_clause_binds_harder():
    harder = (Outcome("tight", 1.0, State.TIGHTENED, frozenset({"a"})),)
    table = ties(("a", "equipment", "unresolved", "cn", True))
    assert bound(table, harder, "tight")["b"] == pytest.approx(1 - 0.3)


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
    table = ties(("a", kind, "", "cn", True)).drop(columns="state")
    on = dt.date(2026, 6, 1)
    dated = date_ties(table, events(), on=on, known_on=on, track=track, controls=NOW)
    assert dated["state"].tolist() == [state]


def test_the_day_that_binds_is_shown():
    on = dt.date(2026, 6, 1)
    table = ties(("a", "equipment", "", "cn", True), ("a", "service", "", "cn", True)).drop(columns="state")
    dated = date_ties(table, events(), on=on, known_on=on, track=Track.TEXT, controls=NOW)
    assert dated["day"].tolist() == ["2026-06-01", "2027-06-01"]


def test_a_clause_nobody_recorded_has_no_state():
    on = dt.date(2026, 6, 1)
    table = ties(("ghost", "equipment", "", "cn", True)).drop(columns="state")
    dated = date_ties(table, events(), on=on, known_on=on, track=Track.TEXT, controls=NOW)
    assert dated["state"].tolist() == [""]
