"""The real alternatives, cases and criteria with invented cells: shapes, grain and speed, no snapshot of an answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.io.defaults import read_defaults
from geokit.scoring import build_matrix, derive_weights, rank, read_criteria

NO_HINTS = pd.DataFrame(columns=["alternative", "partner", "status_hint", "status_reason"], dtype=str)


def invent_cells(criterion, alternatives, partners):
    """Return cells of one criterion at the grain it declares, a third of them missing."""
    draws = np.random.default_rng(int.from_bytes(criterion.criterion_id.encode()))
    own = {key: key.removesuffix("_id") in criterion.varies_by for key in ("site_id", "stage_id")}
    keys = alternatives[["site_id", "stage_id"]].where(pd.Series(own), "").drop_duplicates()
    others = {"profile": ["A", "B", "C", "D"], "partner": partners, "track": ["text", "practice"]}
    words = {"profile": "profile", "partner": "partner", "track": "regime"}
    for key, values in others.items():
        keys = keys.merge(pd.DataFrame({key: values if words[key] in criterion.varies_by else [""]}), how="cross")
    ends = criterion.known_anchors if len(criterion.known_anchors) > 1 else (0.0, 3 * criterion.known_anchors[0])
    figures = np.sort(draws.uniform(min(ends), max(ends), (len(keys), 3)), axis=1)
    figures[draws.random(len(keys)) < 1 / 3] = np.nan
    cells = keys.reset_index(drop=True).join(pd.DataFrame(figures, columns=["value_low", "value", "value_high"]))
    grade = np.where(cells["value"].isna(), "", "E")
    return cells.assign(criterion_id=criterion.criterion_id, grade=grade, source_ids="s", note="", holder="")


@pytest.fixture(scope="module")
def big(assumptions, alternatives, layers):
    """The matrix, the weights by partner and the profiles of a whole study in mode screen."""
    criteria = read_criteria(read_defaults("criteria"), assumptions=assumptions)
    partners = layers["partners"].set_index("partner_id")["archetype"]
    used = [one for one in criteria if "screen" in one.active_in]
    cells = pd.concat([invent_cells(one, alternatives, list(partners.index)) for one in used], ignore_index=True)
    ranks = read_defaults("ranks")
    weights = {partner: derive_weights(ranks, criteria, archetype, "screen") for partner, archetype in partners.items()}
    profiles = {(name, partner): "B" for name in alternatives["alternative"] for partner in partners.index}
    return build_matrix(cells, criteria, assumptions=assumptions), weights, profiles


@pytest.fixture(scope="module")
def found(big, alternatives, cases, assumptions):
    matrix, weights, profiles = big
    return rank(matrix, alternatives, cases[:4], weights, profiles=profiles, statuses=NO_HINTS, assumptions=assumptions)


def test_every_case_holds_every_alternative_once(found, alternatives, cases):
    assert found.table["case_id"].drop_duplicates().tolist() == [case.case_id for case in cases[:4]]
    assert len(found.table) == 4 * len(alternatives)
    assert not found.table.duplicated(["case_id", "alternative"]).any()


def test_every_way_of_doing_less_carries_a_rank(found, alternatives):
    less = alternatives.loc[alternatives["kind"] != "plant", "alternative"]
    rows = found.table[found.table["alternative"].isin(less)]
    assert (rows["status"] == "baseline").all()
    assert rows["rank"].notna().all()


def test_each_gap_is_asked_for_once_at_the_grain_of_its_criterion(found, big):
    unknowns, criteria = found.unknowns, {one.criterion_id: one for one in big[0].criteria}
    keys = ["criterion_id", "site_id", "stage_id", "profile", "partner", "track"]
    assert not unknowns.duplicated(keys).any()
    blind = [one for one, criterion in criteria.items() if "site" not in criterion.varies_by]
    assert (unknowns.loc[unknowns["criterion_id"].isin(blind), "site_id"] == "").all()
    assert unknowns["rank_swing"].is_monotonic_decreasing
    assert (unknowns["alternatives_touched"] >= 1).all()


def test_the_text_and_the_practice_differ_only_where_the_law_does(found, cases):
    """Criteria that do not vary by the regime contribute the same on both tracks of a partner."""
    wide = found.contributions.pivot_table(index=["alternative", "criterion_id"], columns="case_id", values="contribution", dropna=False)
    both = wide[[cases[0].case_id, cases[1].case_id]].dropna()
    same = (both.iloc[:, 0] == both.iloc[:, 1]).groupby("criterion_id").all()
    assert same[~same.index.isin(["D1", "D2", "D3"])].all()


def test_one_case_is_scored_again_alone(found, cases):
    weights = {cases[0].partner: found.weights[cases[0].partner].replace({"dependency": 0.4})}
    again = found.rescore(weights, case_ids=[cases[0].case_id])
    assert len(again.table) == len(found.joined.alternatives)
    assert set(again.table["case_id"]) == {cases[0].case_id}


def test_contributions_stay_few(found):
    assert found.contributions.groupby("case_id")["alternative"].nunique().tolist() == [60] * 4
