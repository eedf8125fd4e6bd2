"""What was assumed, in figures and words: nothing left out, nothing rounded away, a range as a range."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, Field

from geokit.core.assumptions import Spread
from geokit.outputs.assumed import list_assumed
from geokit.outputs.style import THIN_SPACE


class Group(BaseModel):
    """A group of made-up assumptions."""

    haul_usd_per_t: float = Field(default=1234567.0, description="Cost of a haul.")
    share_frac: Spread = Field(default=Spread(low=0.1, mode=0.2, high=0.4), description="A share.")
    wait_months: dict[str, Spread] = Field(default={"first": Spread(low=1, mode=2, high=3)}, description="Waits.")
    first_year: int = 2028
    certain: bool = True
    seed: int = 7
    mode: str = "ownership"


class Whole(BaseModel):
    """Made-up assumptions in a group."""

    group: Group = Group()


@pytest.fixture
def told():
    return {one["name"]: one for one in list_assumed(Whole())}


def test_a_path_names_the_group_and_words_and_the_seed_are_no_figures(told):
    assert list(told) == [f"group.{name}" for name in ("haul_usd_per_t", "share_frac", "wait_months", "first_year", "certain")]


def test_a_single_figure_is_its_own_ends_and_has_thousands_marks(told):
    one = told["group.haul_usd_per_t"]
    assert one["value"] == f"1{THIN_SPACE}234{THIN_SPACE}567"
    assert (one["low"], one["mode"], one["high"]) == (1234567.0,) * 3
    assert (one["unit"], one["words"]) == ("USD/t", "Cost of a haul.")


def test_a_range_is_told_by_its_ends_and_its_mode(told):
    one = told["group.share_frac"]
    assert one["value"] == "0.1 to 0.4, mode 0.2"
    assert (one["low"], one["mode"], one["high"]) == (0.1, 0.2, 0.4)
    assert one["unit"] == "share, 0 to 1"


@pytest.mark.parametrize("name", ["wait_months", "certain"])
def test_what_is_no_single_figure_has_no_ends(told, name):
    assert {told[f"group.{name}"][end] for end in ("low", "mode", "high")} == {None}


def test_entries_are_told_one_by_one(told):
    assert told["group.wait_months"]["value"] == "first 1 to 3, mode 2"


def test_a_year_has_no_thousands_mark(told):
    assert told["group.first_year"]["value"] == "2028"
    assert told["group.first_year"]["unit"] == "year"


def test_a_field_without_a_sentence_says_nothing(told):
    assert told["group.certain"]["words"] == ""


def test_every_shipped_assumption_is_told_once_with_a_unit(assumptions):
    rows = list(list_assumed(assumptions))
    names = [one["name"] for one in rows]
    assert len(names) == len(set(names)) > 40
    assert all(one["unit"] for one in rows)
    held = {path.removesuffix(".mode") for path, value in assumptions.leaves() if path.endswith(".mode") and isinstance(value, float)}
    assert not {path for path in held if path not in names and not any(path.startswith(f"{name}.") for name in names)}


def test_another_figure_is_told_as_such(assumptions):
    changed = assumptions.replace(transport__parcel_t=31_000.0)
    before, after = ({one["name"]: one for one in list_assumed(each)} for each in (assumptions, changed))
    assert {name for name in after if after[name] != before[name]} == {"transport.parcel_t"}
