"""Assumptions are frozen, checked, and changed only by copy."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geokit.core.assumptions import NotNegativeSpread, Spread
from geokit.core.errors import AssumptionError
from geokit.io.defaults import dump_assumptions, read_assumptions


def test_replace_by_path_changes_only_that_figure(assumptions):
    changed = assumptions.replace(transport__parcel_t=30_000)
    assert assumptions.diff(changed) == {"transport.parcel_t": (25_000.0, 30_000.0)}


def test_replace_accepts_a_leaf_name_that_is_unique(assumptions):
    assert assumptions.replace(parcel_t=1.0) == assumptions.replace(transport__parcel_t=1.0)


def test_replace_accepts_the_dotted_name_of_the_command_line(assumptions):
    assert assumptions.replace(**{"finance.life_years": 15}).finance.life_years == 15


def test_replace_takes_a_whole_spread(assumptions):
    spread = {"low": 0.1, "mode": 0.2, "high": 0.3}
    assert assumptions.replace(discount_rate_frac=spread).finance.discount_rate_frac == Spread(**spread)


@pytest.mark.parametrize("name", ["parcel", "transport.parcel", "seeds", ""])
def test_an_unknown_name_is_refused_by_name(assumptions, name):
    with pytest.raises(AssumptionError, match="unknown"):
        assumptions.replace(**{name: 1})


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("transport.parcel", "transport.parcel_t"),
        ("suplier_refused", "controls.supplier_refused"),
        ("control.supplier_refused", "controls.supplier_refused"),
        ("parcel_tt", "transport.parcel_t"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(assumptions, name, near):
    with pytest.raises(AssumptionError, match=f"assumption {name!r} is unknown; did you mean {near!r}"):
        assumptions.replace(**{name: 1})


def test_a_name_like_none_is_refused_without_a_guess(assumptions):
    with pytest.raises(AssumptionError) as refused:
        assumptions.replace(xyzzyx=1)
    assert "did you mean" not in str(refused.value)


def test_names_and_values_are_refused_together(assumptions):
    """A share above 1, a negative seed, a misspelt name and a name of two figures: four problems, one message."""
    wrong = {"controls.supplier_refused": {"low": 0.1, "mode": 0.2, "high": 1.4}, "seed": -1, "suplier": 1, "samples": 9}
    with pytest.raises(AssumptionError) as refused:
        assumptions.replace(**wrong)
    lines = str(refused.value).splitlines()
    assert lines[0].startswith("replace: 4 assumption(s) refused")
    assert len(lines) == 5
    for part in ("'suplier' is unknown", "'samples' is ambiguous", "seed: -1", "controls.supplier_refused.high: 1.4"):
        assert sum(part in line for line in lines) == 1


def test_a_misspelt_key_of_a_file_names_the_nearest_one(assumptions):
    tree = assumptions.model_dump()
    tree["controls"] |= {"float_month": 3}
    with pytest.raises(AssumptionError, match=r"controls\.float_month: 3: .*; did you mean 'controls\.float_months'\?"):
        type(assumptions).build(tree, "mine.yaml")


@given(st.text("abcdefghij._", max_size=12))
def test_whatever_name_is_guessed_is_one_that_exists(name):
    known = read_assumptions()
    paths = {path for path, _ in known.leaves()}
    try:
        known.replace(**{name: 1})
    except AssumptionError as error:
        for guess in re.findall(r"did you mean '([^']+)'", str(error)):
            assert any(path == guess or path.startswith(f"{guess}.") for path in paths)


def test_an_ambiguous_leaf_lists_the_choices(assumptions):
    with pytest.raises(AssumptionError, match=r"controls\.samples, scoring\.samples"):
        assumptions.replace(samples=3)


def test_a_spread_out_of_order_is_refused_with_its_figures(assumptions):
    with pytest.raises(AssumptionError, match=r"low 3\.0 <= mode 2\.0"):
        assumptions.replace(discount_rate_frac={"low": 3, "mode": 2, "high": 4})


def test_every_problem_is_told_at_once(assumptions):
    tree = assumptions.model_dump() | {"seed": "many", "surplus": 1}
    with pytest.raises(AssumptionError, match=r"(?s)2 assumption.*seed.*surplus"):
        type(assumptions).build(tree, "mine.yaml")


def test_the_fingerprint_follows_the_figures(assumptions):
    assert assumptions.fingerprint() == read_assumptions().fingerprint()
    assert assumptions.fingerprint() != assumptions.replace(seed=1).fingerprint()


def test_every_field_is_documented(assumptions):
    for section in (
        type(assumptions),
        *(type(getattr(assumptions, name)) for name in ("transport", "feed", "controls", "procurement", "gates", "finance", "scoring")),
    ):
        bare = [name for name, info in section.model_fields.items() if not info.description]
        assert bare == []


def test_a_written_set_reads_back_unchanged(assumptions, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(dump_assumptions(assumptions.replace(parcel_t=7.0)), encoding="utf8")
    assert read_assumptions(path) == assumptions.replace(parcel_t=7.0)


@pytest.mark.parametrize("text", ["- 1\n- 2\n", "a: [1\n", "!!python/object/apply:os.system ['true']\n", "\x00", ""])
def test_a_file_that_is_no_set_is_refused_with_its_name(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf8")
    with pytest.raises(AssumptionError, match=r"mine\.yaml"):
        read_assumptions(path)


def test_a_missing_file_is_refused_with_its_name(tmp_path):
    with pytest.raises(AssumptionError, match=r"nowhere\.yaml"):
        read_assumptions(tmp_path / "nowhere.yaml")


@given(st.tuples(*[st.floats(-1e6, 1e6)] * 3))
def test_a_spread_holds_exactly_when_its_figures_are_ordered(figures):
    low, mode, high = figures
    if low <= mode <= high:
        assert Spread(low=low, mode=mode, high=high).mode == mode
    else:
        with pytest.raises(ValueError, match="does not hold"):
            Spread(low=low, mode=mode, high=high)


@pytest.mark.parametrize("given_day", ["2027-06-01", dt.date(2027, 6, 1)])
def test_the_day_of_the_decision_is_a_date_inside_and_a_text_outside(assumptions, given_day, tmp_path):
    asked = assumptions.replace(fid_on=given_day)
    assert asked.controls.fid_on == dt.date(2027, 6, 1)
    assert dict(asked.leaves())["controls.fid_on"] == "2027-06-01"
    assert asked.fingerprint() != assumptions.fingerprint()
    path = tmp_path / "mine.yaml"
    path.write_text(dump_assumptions(asked), encoding="utf8")
    assert read_assumptions(path) == asked


@pytest.mark.parametrize("wrong", [20, True, "", "soon", "2027-02-30", dt.datetime(2027, 1, 1, tzinfo=dt.UTC), 1.5, [1]])
def test_what_is_no_day_is_refused_with_the_way_to_write_one(assumptions, wrong):
    with pytest.raises(AssumptionError, match=r"controls\.fid_on.*write it as 2027-06-01"):
        assumptions.replace(fid_on=wrong)


def test_an_unknown_regime_is_refused_with_the_known_ones(assumptions):
    with pytest.raises(AssumptionError, match=r"controls\.regime: 'peace'.*snapback.*mix"):
        assumptions.replace(regime="peace")


def test_all_problems_of_probabilities_are_told_at_once(assumptions):
    with pytest.raises(AssumptionError, match=r"(?s)1 assumption.*'peace' is unknown.*snapback: 1\.5.*lifted: 'much'.*add up to 0\.25"):
        assumptions.replace(regime_probabilities={"peace": 0.2, "snapback": 1.5, "lifted": "much", "renewed": 0.05})


@pytest.mark.parametrize("wrong", [{"renewed": 0.5}, {"renewed": float("nan")}, {"renewed": True}, {"lifted": -0.1}, [1], 0.5, "renewed"])
def test_probabilities_that_are_none_are_refused(assumptions, wrong):
    with pytest.raises(AssumptionError, match=r"controls\.regime_probabilities"):
        assumptions.replace(regime_probabilities=wrong)


def test_probabilities_can_be_given_changed_and_taken_back(assumptions):
    asked = assumptions.replace(regime_probabilities={"renewed": 0.6, "snapback": 0.4})
    assert dict(asked.leaves())["controls.regime_probabilities.snapback"] == 0.4
    other = asked.replace(regime_probabilities={"lifted": 1})
    assert other.controls.regime_probabilities == {"lifted": 1.0}
    assert other.replace(regime_probabilities={}) == assumptions


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=6).filter(any))
def test_shares_of_a_whole_are_taken(assumptions, parts):
    names = ["as_law_stands", "as_practised", "renewed", "snapback", "tightened", "lifted"]
    shares = {name: part / sum(parts) for name, part in zip(names, parts, strict=False)}
    assert assumptions.replace(regime_probabilities=shares).controls.regime_probabilities == shares


def test_a_set_without_the_newer_fields_is_still_read(assumptions):
    tree = assumptions.model_dump()
    tree["controls"] = {name: tree["controls"][name] for name in tree["controls"] if "regime" not in name and name != "fid_on"}
    assert type(assumptions).build(tree, "old.yaml") == assumptions


def test_a_table_of_the_user_takes_any_key(assumptions):
    named = assumptions.replace(**{"finance.opex_usd_per_t.ferrochrome": {"low": 500, "mode": 650, "high": 900}, "fx_per_usd.CHF": 0.8})
    assert named.finance.opex_usd_per_t["ferrochrome"].mode == 650
    assert dict(named.finance.fx_per_usd) == {**assumptions.finance.fx_per_usd, "CHF": 0.8}
    more = named.replace(**{"opex_usd_per_t.zinc-metal": 300})
    assert sorted(more.finance.opex_usd_per_t) == ["ferrochrome", "zinc-metal"]


def test_one_figure_is_a_spread_without_width(assumptions):
    flat = assumptions.replace(**{"finance.opex_usd_per_t.ferrochrome": 650, "discount_rate_frac": 0.1})
    assert flat.finance.opex_usd_per_t["ferrochrome"] == NotNegativeSpread(low=650, mode=650, high=650)
    assert flat.finance.discount_rate_frac == Spread(low=0.1, mode=0.1, high=0.1)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("finance.opex_usd_per_t.ferrochrome", -1, "greater than or equal to 0"),
        ("finance.opex_usd_per_t.ferrochrome", True, "should be a valid dictionary"),
        ("finance.price_usd_per_t.ferrochrome", 0, "greater than 0"),
        ("opex_usd_per_tonne.ferrochrome", 1, "is unknown"),
        ("regime_probabilities.peace", 0.2, "peace"),
        ("discount_rate_frac.middle", 0.2, "is unknown"),
    ],
)
def test_a_key_of_a_table_is_checked_as_in_a_file(assumptions, name, value, why):
    with pytest.raises(AssumptionError, match=why):
        assumptions.replace(**{name: value})


def test_the_fields_that_differ_are_told_whole(assumptions):
    """A spread and a table come back as one value each, which makes the other set again."""
    costs = {"ferrochrome": {"low": 500.0, "mode": 650.0, "high": 900.0}}
    other = assumptions.replace(**{"opex_usd_per_t": costs, "discount_rate_frac.mode": 0.11, "fid_on": "2027-06-01", "seed": 5})
    told = assumptions.find_changed(other)
    assert told["finance.opex_usd_per_t"] == costs
    assert told["finance.discount_rate_frac"]["mode"] == 0.11
    assert (told["controls.fid_on"], told["seed"]) == ("2027-06-01", 5)
    assert assumptions.replace(**told) == other
    assert assumptions.find_changed(assumptions) == {}
