"""Terms of a licence: what the parameters say, and what multiplies them."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from geokit.core.errors import UnknownNameError
from geokit.dependency.licences import CHANCES, PREMIUMS, PROFILES, TIMES, read_premiums, read_terms
from geokit.dependency.profile import profile_alternatives


@pytest.fixture(scope="module")
def terms(layers):
    return read_terms(layers["licence_params"]).set_index(["state", "kind", "profile"])


@pytest.mark.parametrize(
    ("kind", "profile", "chances", "days"),
    [
        ("material", "B", (0.50, 0.75, 0.92), (5, 63, 210)),
        ("material", "C", (0.30, 0.50, 0.75), (20, 90, 270)),
        ("equipment", "A", (0.55, 0.80, 0.95), (20, 63, 150)),
        ("equipment", "B", (0.25, 0.55, 0.80), (30, 100, 270)),
        ("equipment", "C", (0.05, 0.25, 0.50), (45, 150, 365)),
        ("equipment", "D", (0.0, 0.02, 0.10), (63, 240, 540)),
        ("reagent", "B", (0.35, 0.65, 0.88), (15, 75, 210)),
        ("service", "B", (0.10, 0.30, 0.55), (45, 150, 365)),
        ("technology", "A", (0.20, 0.45, 0.75), (60, 150, 365)),
        ("technology", "B", (0.02, 0.10, 0.30), (90, 240, 540)),
        ("technology_prohibited", "B", (0.004, 0.02, 0.06), (90, 240, 540)),
    ],
)
def test_figures_of_the_controls_dossier(terms, kind, profile, chances, days):
    row = terms.loc[("in_force", kind, profile)]
    assert tuple(row[CHANCES]) == pytest.approx(chances)
    assert tuple(row[TIMES]) == pytest.approx(days)


def test_a_tightened_regime_multiplies_chance_and_time(terms):
    tight = terms.loc[("tightened", "equipment", "B")]
    assert tuple(tight[CHANCES]) == pytest.approx((0.25 * 0.15, 0.55 * 0.35, 0.80 * 0.6))
    assert tuple(tight[TIMES]) == pytest.approx((30 * 1.3, 100 * 1.8, 270 * 2.5))


@pytest.mark.parametrize("profile", ["C", "D"])
def test_the_cap_holds_for_the_profiles_tied_or_military(terms, profile):
    assert terms.loc["tightened"].xs(profile, level="profile")[CHANCES].max().max() <= 0.1


def test_the_cap_spares_the_neutral_profile(terms):
    assert terms.loc[("tightened", "equipment", "B"), "p_high"] > 0.1


def test_every_kind_has_terms_for_every_profile_in_both_states(terms):
    kinds = {"equipment", "material", "reagent", "service", "technology", "technology_prohibited"}
    assert set(terms.index) == {(state, kind, one) for state in ("in_force", "tightened") for kind in kinds for one in PROFILES}
    assert terms[CHANCES + TIMES].notna().all().all()


def test_a_harder_profile_never_finds_it_easier(terms):
    chance = terms["p"].reset_index().pivot_table(index=["state", "kind"], columns="profile", values="p")
    assert (chance["A"] >= chance["B"]).all()
    assert (chance["B"] >= chance["C"]).all()
    assert (chance["C"] >= chance["D"]).all()


def profile_of(layers, plants, partner):
    return profile_alternatives(layers, plants, [partner]).set_index("alternative")["profile"].to_dict()


def test_a_neutral_site_takes_the_profile_of_the_partner(layers, plants):
    assert profile_of(layers, plants, "japan")["coast:smelt"] == "C"
    assert profile_of(layers, plants, "us")["coast:smelt"] == "C"
    assert profile_of(layers, plants, "korea")["coast:smelt"] == "B"
    assert profile_of(layers, plants, "saudi")["coast:smelt"] == "B"


@pytest.mark.parametrize(("partner", "profile"), [("us", "C"), ("japan", "C"), ("korea", "B"), ("eu", "B")])
def test_a_chinese_host_never_lowers_the_exposure_of_a_partners_plant(layers, plants, partner, profile):
    assert profile_of(layers, plants, partner)["zone:smelt"] == profile


@pytest.mark.parametrize("partner", ["us", "korea"])
def test_a_military_host_is_harsher_than_any_partner(layers, plants, partner):
    assert profile_of(layers, plants, partner)["depot:smelt"] == "D"


@pytest.mark.parametrize("host", ["", "A", "B", "C", "D"])
@pytest.mark.parametrize("partner", ["A", "B", "C", "D"])
def test_of_host_and_partner_the_harsher_holds(plants, host, partner):
    table = {"partner_profiles": pd.DataFrame({"partner_id": ["p"], "profile": [partner]})}
    found = profile_of(table, plants.assign(developer_profile=host), "p")["coast:smelt"]
    assert found == max(host, partner), "the letters run from the kindest to the harshest"


def test_who_buys_no_plant_has_no_profile(layers, plants):
    found = profile_of(layers, plants, "us")
    assert (found["export:smelt"], found["toll:smelt"], found["abroad:smelt"]) == ("", "", "C")


def test_every_partner_has_a_profile(layers):
    assert set(layers["partners"]["partner_id"]) == set(layers["partner_profiles"]["partner_id"])


def test_an_unknown_partner_is_named(layers, plants):
    with pytest.raises(UnknownNameError, match="atlantis"):
        profile_alternatives(layers, plants, ["atlantis"])


def test_partners_are_asked_once(layers, plants):
    twice = profile_alternatives(layers, plants, ["us", "us", "eu"])
    assert len(twice) == 2 * len(plants)
    assert isinstance(twice, pd.DataFrame)


@pytest.fixture(scope="module")
def premiums(layers):
    return read_premiums(layers["licence_params"]).set_index(["state", "kind", "profile"])[PREMIUMS]


@pytest.mark.parametrize(
    ("state", "kind", "figures"),
    [
        ("in_force", "equipment", (1.02, 1.10, 1.30)),
        ("suspended", "equipment", (1.0, 1.03, 1.15)),
        ("suspended", "material", (1.0, 1.03, 1.15)),
        ("revoked", "reagent", (1.0, 1.0, 1.05)),
        ("in_force", "material", (1.1, 2.0, 4.0)),
        ("tightened", "material", (1.13, 2.3, 4.9)),
        ("tightened", "equipment", (1.026, 1.13, 1.39)),
    ],
)
def test_premiums_of_the_controls_dossier(premiums, state, kind, figures):
    assert tuple(premiums.loc[(state, kind, "B")]) == pytest.approx(figures)


def test_the_regime_is_also_the_price(premiums):
    """Model rule M13: lifted <= suspended <= in force <= tightened, for every kind, profile and corner."""
    ladder = [premiums.xs(state, level="state").sort_index() for state in ("revoked", "suspended", "in_force", "tightened")]
    for kinder, harsher in itertools.pairwise(ladder):
        assert kinder.index.equals(harsher.index)
        assert (kinder <= harsher + 1e-12).all().all()


def test_every_kind_has_a_premium_in_every_state(premiums):
    assert premiums.notna().all().all()
    assert len(premiums) == 4 * 6 * len(PROFILES)
    assert premiums.index.is_unique
