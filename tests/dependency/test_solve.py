"""One legal track on the real layers: what binds, on which days, for whom."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.dependency.licences import PROFILES
from geokit.dependency.solve import solve_track

TOUCHED = {
    "ree-concentrate",
    "ree-mixed-carbonate",
    "ree-separated-oxides",
    "ree-metal-alloy",
    "ree-magnets",
    "graphite-spherical-purified",
    "lithium-hydroxide",
    "tungsten-apt",
}
"""Stages with a figure above zero in the flowsheet dossier, section 4.8; antimony only where its feed carries gold."""
NEVER_SUSPENDED = ["lithium-hydroxide", "tungsten-apt"]


def plant(solved, track, stage, profile="B"):
    return solved[track].plants.set_index(["stage_id", "profile"]).loc[(stage, profile)]


@pytest.mark.parametrize("profile", PROFILES)
def test_by_the_text_exactly_the_stages_of_the_dossier_depend(solved, profile):
    plants = solved[Track.TEXT].plants
    rows = plants[(plants["profile"] == profile) & (plants["d_rel"] > 0)]
    assert set(rows["stage_id"]) == TOUCHED


@pytest.mark.parametrize("track", list(Track))
def test_what_does_not_depend_waits_for_nothing(solved, track):
    plants = solved[track].plants
    free = plants[~plants["stage_id"].isin(TOUCHED)]
    own = [name for name in plants if name.startswith(("d_rel_supplier", "d_rel_either"))]
    figures = [name for name in plants if name.startswith(("d_", "delay")) and name not in own and name != "delay_months_bound"]
    unconditional = ~free["stage_id"].isin(["antimony-metal-trioxide"])
    assert (free.loc[unconditional, figures] == 0).all().all()
    assert (free["d_rel_high_closed"] == 0).all()
    assert (free["weakest"] == "").all()


def test_by_the_text_there_is_one_state_and_in_practice_four(solved):
    assert len(solved[Track.TEXT].outcomes) == 1
    assert len([one for one in solved[Track.PRACTICE].outcomes if one.probability > 0]) == 4


def between(layers, ties, cases, assumptions, *, end, shares=True):
    """The practice track if the package is either renewed until some day (0.6) or lifted (0.4)."""
    regimes = layers["regimes"].set_index("regime_id")
    regimes.loc[["snapback", "tightened"], "prior_mode"] = float("nan")
    regimes.loc["lifted", "prior_mode"] = 0.4
    regimes.loc["renewed", "valid_to_exclusive"] = end
    operations = layers["operations"] if shares else layers["operations"].assign(chinese_share_mode=float("nan"))
    case = next(case for case in cases if case.track == Track.PRACTICE)
    table = {**layers, "regimes": regimes.reset_index(), "operations": operations}
    found = solve_track(table, ties, case, assumptions=assumptions)
    return found.plants.set_index(["stage_id", "profile"]), found.blocks.set_index(["stage_id", "profile", "block_id"])


def test_a_regime_that_ends_before_the_binding_days_keeps_its_figure_and_widens_the_bounds(
    layers, ties, cases, assumptions, solved
):
    (early, blocks), (late, calm) = (
        between(layers, ties, cases, assumptions, end=end) for end in ("2028-01-11", "2060-01-01")
    )
    row = ("graphite-spherical-purified", "C")
    assert early.loc[row, ["d_rel_low", "d_rel", "d_rel_high"]].tolist() == [
        0.0,
        0.0,
        pytest.approx(0.75 * solved[Track.TEXT].plants.set_index(["stage_id", "profile"]).loc[row, "d_rel_high"]),
    ], "at most 0.75 that it is renewed, and then it may end"
    assert late.loc[row, "d_rel_high"] == 0.0
    assert early.loc[row, "delay_months_p80"] == 0.0 < early.loc[row, "delay_months_p80_high"]
    collector = ("ree-concentrate", "B", "REFL")
    assert blocks.loc[collector, ["b_low", "b"]].tolist() == [0.0, 0.0]
    assert blocks.loc[collector, "b_high"] == pytest.approx(1 - 0.35), "the least chance of a reagent licence in force"
    assert calm.loc[collector, "b_high"] == 0.0


def test_the_other_reading_has_no_weight_even_where_its_figure_is_unknown(layers, ties, cases, assumptions):
    plants, _ = between(layers, ties, cases, assumptions, end="2028-01-11", shares=False)
    assert plants.loc[("graphite-spherical-purified", "B"), "d_rel"] == 0.0


def test_the_other_reading_moves_no_figure_of_the_real_mixture(layers, ties, cases, assumptions, solved):
    regimes = layers["regimes"].assign(valid_to_exclusive="")
    case = next(case for case in cases if case.track == Track.PRACTICE)
    found = solve_track({**layers, "regimes": regimes}, ties, case, assumptions=assumptions)
    assert len(found.outcomes) == 4
    for name in ("d_avg", "d_max", "d_rel", "delay_months_p10", "delay_months_p50", "delay_months_p80"):
        assert found.plants[name].tolist() == pytest.approx(solved[Track.PRACTICE].plants[name].tolist())


@pytest.mark.parametrize("stage", NEVER_SUSPENDED)
def test_what_was_never_suspended_is_the_same_on_both_tracks(solved, stage):
    text, practice = (plant(solved, track, stage) for track in Track)
    assert text["d_rel"] == pytest.approx(practice["d_rel"])
    assert text["delay_months_p80"] == pytest.approx(practice["delay_months_p80"], rel=0.05)


@pytest.mark.parametrize("stage", sorted(TOUCHED - set(NEVER_SUSPENDED)))
def test_practice_depends_less_than_the_text_where_the_package_binds(solved, stage):
    assert plant(solved, Track.PRACTICE, stage)["d_rel"] < plant(solved, Track.TEXT, stage)["d_rel"]


@pytest.mark.parametrize("track", list(Track))
def test_a_harder_profile_never_depends_less(solved, track):
    table = solved[track].plants.pivot_table(index="stage_id", columns="profile", values="d_rel")
    assert (table.diff(axis=1).iloc[:, 1:] >= -1e-12).all().all()


@pytest.mark.parametrize("track", list(Track))
def test_ranges_hold_their_figures(solved, track):
    plants, blocks = solved[track].plants, solved[track].blocks
    assert (plants["d_rel_low"] <= plants["d_rel"] + 1e-12).all()
    assert (plants["d_rel"] <= plants["d_rel_high"] + 1e-12).all()
    assert (blocks["b_low"] <= blocks["b"] + 1e-12).all()
    assert (blocks["b"] <= blocks["b_high"] + 1e-12).all()
    for low, high in (("p10", "p50"), ("p50", "p80"), ("p80_low", "p80"), ("p80", "p80_high")):
        assert (plants[f"delay_months_{low}"] <= plants[f"delay_months_{high}"]).all()


def test_graphite_is_free_if_the_suspension_is_renewed(layers, ties, cases, assumptions, solved):
    case = next(case for case in cases if case.track == Track.PRACTICE)
    found = solve_track(layers, ties, case, assumptions=assumptions.replace(regime="renewed"))
    row = found.plants.set_index(["stage_id", "profile"]).loc[("graphite-spherical-purified", "B")]
    assert row["d_rel_low"] == row["d_rel"] == 0.0 < row["d_rel_high"]
    assert plant(solved, Track.PRACTICE, "graphite-spherical-purified")["d_rel_low"] > 0.0, "a snapback has at least 0.12"


def test_the_collector_of_rare_earths_by_hand(solved):
    """Reagent, profile B, in force: refusal 1 - 0.65; Chinese share 0.9; substitutability 0.5; fatty acids instead, rated 0.5."""
    blocks = solved[Track.TEXT].blocks.set_index(["stage_id", "profile", "block_id"])
    row = blocks.loc[("ree-concentrate", "B", "REFL")]
    assert row["b"] == pytest.approx(0.35)
    assert row["e"] == pytest.approx(0.35 * 0.9 * 0.5 * 0.5)


def test_the_collector_in_practice_by_hand(solved):
    """0.22 in force and 0.10 tightened (chance of a licence x 0.35); renewed and lifted cost nothing."""
    blocks = solved[Track.PRACTICE].blocks.set_index(["stage_id", "profile", "block_id"])
    row = blocks.loc[("ree-concentrate", "B", "REFL")]
    assert row["b"] == pytest.approx(0.22 * 0.35 + 0.10 * (1 - 0.65 * 0.35))


def test_today_by_the_text_a_suspended_package_costs_nothing(layers, ties, assumptions):
    now = assumptions.replace(months_to_fid=0, months_fid_to_shipment=0, months_shipment_to_commissioning=0)
    on = dt.date(2026, 11, 10)
    found = solve_track(layers, ties, Case("korea", on, Track.TEXT, on), assumptions=now)
    plants = found.plants.set_index(["stage_id", "profile"])
    assert plants.loc[("graphite-spherical-purified", "B"), "d_rel_high"] == 0.0
    day_after = solve_track(layers, ties, Case("korea", on + dt.timedelta(1), Track.TEXT, on), assumptions=now)
    assert day_after.plants.set_index(["stage_id", "profile"]).loc[("graphite-spherical-purified", "B"), "d_rel"] > 0


def test_crews_bind_later_than_equipment(layers, ties, assumptions):
    """Shipment on the last suspended day, commissioning after it: the service clause binds and the kit does not."""
    late = assumptions.replace(months_to_fid=0, months_fid_to_shipment=0, months_shipment_to_commissioning=12)
    on = dt.date(2026, 11, 10)
    found = solve_track(layers, ties, Case("korea", on, Track.TEXT, on), assumptions=late)
    states = found.ties.drop_duplicates("clause_id").set_index("clause_id")["state"]
    assert states["cn-2025-56-equipment"] == "suspended"
    assert states["cn-2025-62-service"] == "in_force"


def test_months_depend_on_the_seed_alone(layers, ties, cases, assumptions, solved):
    case = next(case for case in cases if case.track == Track.TEXT)
    again = solve_track(layers, ties, case, assumptions=assumptions)
    assert again.plants.equals(solved[Track.TEXT].plants)
    other = solve_track(layers, ties, dataclasses.replace(case, partner="saudi"), assumptions=assumptions.replace(seed=1))
    assert not other.plants["delay_months_p80"].equals(again.plants["delay_months_p80"])
    assert other.plants["d_rel"].equals(again.plants["d_rel"])


@pytest.mark.parametrize("track", list(Track))
def test_the_band_of_weights_holds_the_average_and_ends_at_the_weakest_link(solved, track):
    plants = solved[track].plants
    assert (plants["d_avg_low"] <= plants["d_avg"] + 1e-12).all()
    assert (plants["d_avg"] <= plants["d_avg_high"] + 1e-12).all()
    assert plants["d_avg_high"].equals(plants["d_max"])
    lowest = solved[track].blocks.groupby(["stage_id", "profile"])["e"].min()
    assert plants.set_index(["stage_id", "profile"])["d_avg_low"].equals(lowest.rename("d_avg_low"))


@pytest.mark.parametrize("track", list(Track))
def test_a_common_shock_is_never_above_the_independent_figure(solved, track):
    plants, blocks = solved[track].plants, solved[track].blocks
    assert (plants["d_rel_common"] <= plants["d_rel"] + 1e-12).all()
    assert (blocks["b_common"] <= blocks["b"] + 1e-12).all()
    assert (plants.loc[plants["d_rel"] > 0, "d_rel_common"] > 0).all()


def test_one_clause_is_its_own_likeliest_and_several_are_not(solved):
    """The collector has one counted clause, the kiln of separation several: 0.98 is the prohibited technology alone."""
    blocks = solved[Track.TEXT].blocks.set_index(["stage_id", "profile", "block_id"])
    collector, solvent = (blocks.loc[("ree-concentrate", "B", "REFL")], blocks.loc[("ree-separated-oxides", "B", "RSX")])
    assert collector["b_common"] == collector["b"] == pytest.approx(0.35)
    assert solvent["b_common"] == pytest.approx(0.98)
    assert solvent["b"] == pytest.approx(1 - 0.02 * 0.55 * 0.30 * 0.10, abs=1e-3)


def test_the_common_shock_by_hand(solved):
    """One block and one clause leave nothing to choose; of the leach's licences that of technology, 0.90, is the likeliest refusal."""
    plants = solved[Track.TEXT].plants.set_index(["stage_id", "profile"])
    lithium, leach = plants.loc[("lithium-hydroxide", "B")], plants.loc[("ree-mixed-carbonate", "B")]
    assert lithium["d_rel_common"] == pytest.approx(lithium["d_rel"])
    assert leach["d_rel_common"] == pytest.approx(0.90 * 0.90 * (1 - 0.75))
    assert leach["d_rel_common"] < leach["d_rel"]


@pytest.mark.parametrize("track", list(Track))
def test_fixing_a_block_is_solving_without_it(solved, layers, cases, ties, assumptions, track):
    case = next(case for case in cases if case.track == track)
    operations = layers["operations"]
    own = operations[operations["stage_id"] == "ree-separated-oxides"]
    few = assumptions.replace(controls__samples=2)
    before = solved[track].blocks.set_index(["stage_id", "profile", "block_id"])["d_rel_if_fixed"]
    for block in ("RHSX", "TECHR", "DEWA"):
        without = own.assign(sigma=own["sigma"].mask(own["block_id"] == block, 1.0))
        plants = solve_track({**layers, "operations": without}, ties, case, assumptions=few).plants.set_index("profile")
        for profile in PROFILES:
            assert before["ree-separated-oxides", profile, block] == pytest.approx(plants.loc[profile, "d_rel"], abs=1e-12)


def test_the_heavy_rare_earths_are_the_first_to_fix_and_safe_blocks_have_no_place(solved):
    for track in Track:
        blocks = solved[track].blocks
        own = blocks[(blocks["stage_id"] == "ree-separated-oxides") & (blocks["profile"] == "B")].set_index("block_id")
        assert own["fix_rank"].idxmin() == "RHSX"
        assert blocks.loc[blocks["e"] == 0, "fix_rank"].isna().all()
        assert blocks.loc[blocks["e"] > 0, "fix_rank"].ge(1).all()


def test_without_a_vendor_list_nothing_is_a_probability(solved):
    plants = solved[Track.TEXT].plants
    bound = plants["d_rel_high_closed"] > 0
    assert set(plants.loc[bound, "is_probability"]) == {"false"}
    assert set(plants.loc[~bound, "is_probability"]) == {""}
