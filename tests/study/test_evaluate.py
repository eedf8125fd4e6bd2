"""The study on the real layers: what must hold whatever the ranks are."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.core.codes import Kind, Status, Track
from geokit.core.columns import split_ids
from geokit.core.errors import UnknownNameError

FIVE = ("japan", "korea", "eu", "us", "saudi")


@pytest.mark.parametrize("partner", FIVE)
@pytest.mark.parametrize("track", list(Track))
def test_ten_rows_with_a_refined_product_stand_for_each_partner_or_one_sentence_says_why(study, layers, partner, track):
    rows = study.ranking(partner, track=track)
    plants = rows[rows["status"].isin([Status.RANKED, Status.CONDITIONAL])]
    free = set(layers["stages"].query("siting == 'free'")["stage_id"])
    if len(plants):
        assert len(plants) >= 10
        assert plants["alternative"].str.partition(":")[2].isin(free).any()
    else:
        assert "No plant can be ranked" in study.headlines[study.case(partner, track).case_id]


def test_every_case_opens_with_an_honest_line(study):
    for case in study.cases:
        assert "beat exporting" in study.headlines[case.case_id] or "nobody published" in study.headlines[case.case_id]
        assert "net present value" in study.remarks[case.case_id]


def test_doing_less_stands_among_the_rows_of_every_case(study):
    kinds = study.alternatives.set_index("alternative")["kind"]
    counts = study.rankings.assign(kind=study.rankings["alternative"].map(kinds)).groupby("case_id")["kind"].value_counts()
    for case in study.cases:
        assert all(counts[case.case_id].get(kind.value, 0) > 0 for kind in Kind)


def test_scores_are_the_sum_of_their_contributions(study):
    sums = study.contributions.groupby(["case_id", "alternative"])["contribution"].sum()
    rows = study.rankings[study.rankings["rank"].notna()].set_index(["case_id", "alternative"])["score"]
    both = rows.to_frame("score").join(sums.rename("sum"), how="left")
    assert np.allclose(both["score"], both["sum"], atol=1e-12)


def test_score_and_band_lie_within_the_bounds(study):
    rows = study.rankings
    assert (rows["score_p10"] <= rows["score"]).all()
    assert (rows["score"] <= rows["score_p90"]).all()
    for column in ("score", "score_p10", "score_p90"):
        assert (rows["bound_low"] <= rows[column] + 1e-12).all()
        assert (rows[column] <= rows["bound_high"] + 1e-12).all()


def test_thin_evidence_is_never_ranked(study, assumptions):
    ranked = study.rankings[study.rankings["rank"].notna()]
    assert (ranked["evidence_frac"] >= assumptions.scoring.evidence_threshold_frac).all()


@pytest.mark.parametrize("commodity", ["copper", "chromite", "lead-zinc", "barite"])
def test_no_listed_control_is_said_with_the_regimes_searched(study, layers, commodity):
    stages = set(layers["stages"].loc[layers["stages"]["commodity_id"] == commodity, "stage_id"])
    rows = study.dependency.merge(study.alternatives[["alternative", "kind", "stage_id"]], on="alternative")
    rows = rows[rows["stage_id"].isin(stages) & (rows["kind"] == Kind.PLANT)]
    assert len(rows)
    assert rows["note"].str.contains("PRC: no listed control found").all()
    assert rows["regimes_searched"].str.startswith("PRC: none").all()
    assert (rows[["d_avg", "d_max", "d_rel"]] == 0).all(axis=None)


def test_the_texts_bind_rare_earth_separation_harder_than_practice_or_alike(study):
    rows = study.dependency[study.dependency["alternative"] == "port-qasim:ree-separated-oxides"].set_index("case_id")["d_rel"]
    text, practice = rows["japan/text/2026-11-22"], rows["japan/practice/2026-11-22"]
    assert 0 < practice <= text <= 1


def test_both_readings_stand_in_every_row(study):
    rows = study.rankings.merge(study.rankings, on=["partner", "alternative"], suffixes=("", "_b"))
    rows = rows[rows["case_id"].str.contains("/text/") & rows["case_id_b"].str.contains("/practice/")]
    same = rows["rank_b"].eq(rows["rank_as_practised"]) | (rows["rank_b"].isna() & rows["rank_as_practised"].isna())
    assert same.all()


def test_every_source_cited_exists(study, layers):
    known = set(layers["sources"]["source_id"])
    cited = {one for frame in (study.matrix.table, study.economics, study.gates) for cell in frame["source_ids"] for one in split_ids(cell)}
    assert cited
    assert cited - known == set()


def test_a_figure_that_is_evidence_cites_its_source(study):
    cells = study.matrix.table.query("grade == 'E' or grade == 'M'")
    bare = cells[cells["source_ids"] == ""]
    assert bare.empty, bare.head().to_string()


def test_rescoring_with_the_same_weights_changes_nothing(study):
    same = study.rescore(dict(study.weights["japan"]), partner="japan")
    old = study.ranking("japan")
    assert same.ranking("japan")["alternative"].tolist() == old["alternative"].tolist()
    assert {case.partner for case in same.cases} == {"japan"}


def test_all_weight_on_controls_puts_rare_earth_metal_below_ferrochrome(study):
    swung = study.rescore({"D1": 1.0}, partner="japan").rankings.set_index(["case_id", "alternative"])["score"]
    case = "japan/text/2026-11-22"
    assert swung[case, "port-qasim:ree-metal-alloy"] < swung[case, "port-qasim:ferrochrome"] == pytest.approx(1.0)


def test_a_study_prints_its_first_lines(study):
    assert str(study).count("\n") == len(study.cases) - 1


def test_an_explanation_adds_up_and_cites(study):
    told = study.explain("port-qasim:ferrochrome", "japan")
    known = [cell for cell in told["cells"] if cell["v"] is not None and cell["weight"] is not None]
    assert sum(cell["v"] * cell["weight"] for cell in known) == pytest.approx(told["ranking"][0]["score"])
    assert {source["source_id"] for source in told["sources"]} >= {"haz-security-press"}
    assert told["feeds"]
    assert all(haul["origin_id"] == "port-qasim" or haul["destination_id"] == "port-qasim" for haul in told["hauls"])


@pytest.mark.parametrize(("alternative", "partner"), [("no:where", "japan"), ("port-qasim:ferrochrome", "atlantis")])
def test_an_unknown_name_is_an_error(study, alternative, partner):
    with pytest.raises(UnknownNameError):
        study.explain(alternative, partner)


def test_no_plant_with_exposure_is_said_to_hang_on_no_control(study):
    rows = study.rankings.merge(study.dependency[["case_id", "alternative", "d_rel"]], on=["case_id", "alternative"])
    free = rows[rows["reason"].str.contains("no listed control of the issuer searched binds its steps")]
    assert len(free)
    assert (free["d_rel"] == 0).all()
    gold = free[free["alternative"].str.endswith(":antimony-metal-trioxide")]
    assert gold["reason"].str.contains("listed on a condition that is not counted").all()
