"""What was assumed, in figures and words: nothing left out, nothing rounded away, a range as a range, each with its own grade."""

from __future__ import annotations

import pytest

from geokit.outputs.assumed import list_assumed
from geokit.outputs.style import THIN_SPACE
from geokit.study.describe import describe

WAITS = {"first": {"low": 1, "mode": 2, "high": 3}, "second": {"low": 4, "mode": 4, "high": 4}}


@pytest.fixture(scope="module")
def sources(layers):
    return layers["sources"]["source_id"].tolist()


@pytest.fixture(scope="module")
def told(assumptions, sources):
    changed = assumptions.replace(
        transport__parcel_t=1_234_567.0, recovery_frac={"low": 0.1, "mode": 0.2, "high": 0.4}, mining_usd_per_t=WAITS
    )
    return {one["name"]: one for one in list_assumed(changed, sources)}


def test_words_and_the_seed_are_no_figures(told):
    assert not {"title", "seed", "scoring.mode", "controls.regime"} & set(told)


def test_a_single_figure_is_its_own_ends_and_has_thousands_marks(told):
    one = told["transport.parcel_t"]
    assert one["value"] == f"1{THIN_SPACE}234{THIN_SPACE}567"
    assert (one["low"], one["mode"], one["high"]) == (1234567.0,) * 3
    assert (one["unit"], one["words"][:14]) == ("t", "Cargo of one s")


def test_a_range_is_told_by_its_ends_and_its_mode(told):
    one = told["feed.recovery_frac"]
    assert one["value"] == "0.1 to 0.4, mode 0.2"
    assert (one["low"], one["mode"], one["high"]) == (0.1, 0.2, 0.4)
    assert one["unit"] == "0-1"


def test_what_is_no_single_figure_has_no_ends_and_its_entries_are_told_one_by_one(told):
    one = told["feed.mining_usd_per_t"]
    assert {one[end] for end in ("low", "mode", "high")} == {None}
    assert one["value"] == "first 1 to 3, mode 2; second 4 to 4, mode 4"


@pytest.mark.parametrize("name", ["transport.diesel_usd_per_l", "finance.opex_usd_per_t", "transport.link_cost_factor"])
def test_what_nobody_set_is_said_to_be_so(told, name):
    assert told[name]["value"] == "not set"


def test_a_year_has_no_thousands_mark(told):
    assert (told["finance.price_year"]["value"], told["finance.price_year"]["unit"]) == ("2026", "year")


def test_sentences_stand_on_one_line_without_marks_of_code(told):
    assert not [one for one in told.values() if "\n" in one["words"] or "``" in one["words"]]


def test_every_shipped_assumption_is_told_once_with_a_unit(assumptions):
    rows = list(list_assumed(assumptions))
    names = [one["name"] for one in rows]
    assert len(names) == len(set(names)) > 40
    assert all(one["unit"] for one in rows)
    held = {path.removesuffix(".mode") for path, value in assumptions.leaves() if path.endswith(".mode") and isinstance(value, float)}
    assert not {path for path in held if path not in names and not any(path.startswith(f"{name}.") for name in names)}


def test_the_grade_is_that_of_the_description_and_rests_on_known_sources(assumptions, sources):
    """Without the list of sources nothing is carried over; with it what a remark cites is."""
    own = describe(assumptions, sources=sources).set_index("name")["grade"]
    rows = {one["name"]: one["grade"] for one in list_assumed(assumptions, sources)}
    assert rows == own[list(rows)].to_dict()
    assert set(rows.values()) == {"A", "M"}
    assert {one["grade"] for one in list_assumed(assumptions)} == {"A"}


def test_another_figure_is_told_as_such(assumptions):
    changed = assumptions.replace(transport__parcel_t=31_000.0)
    before, after = ({one["name"]: one for one in list_assumed(each)} for each in (assumptions, changed))
    assert {name for name in after if after[name] != before[name]} == {"transport.parcel_t"}
