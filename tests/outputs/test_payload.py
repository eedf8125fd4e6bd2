"""The tree behind the page holds what the study holds, no more and in order."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from geokit.io.defaults import read_defaults
from geokit.outputs.pack import render_json
from geokit.outputs.payload import APART_ROWS, SHOWN_ROWS, build_payload, select_rows
from geokit.outputs.view import view_study


@pytest.fixture(scope="module")
def payload(sample):
    return build_payload(view_study(sample))


def column(table, name):
    if name in table["figures"]:
        return table["figures"][name]
    levels, codes = table["text"][name]
    return [levels[code] for code in codes]


def test_every_case_is_there_with_its_headline(payload, sample):
    assert [case["id"] for case in payload["cases"]] == [case.case_id for case in sample.cases]
    assert all(case["headline"] == sample.headlines[case["id"]] for case in payload["cases"])


def test_counts_add_up_to_the_rows_of_the_case(payload, sample):
    for case in payload["cases"]:
        assert sum(case["counts"].values()) == (sample.rankings["case_id"] == case["id"]).sum()


def test_ranked_rows_come_in_rank_order(payload):
    rows = pd.DataFrame({name: column(payload["rows"], name) for name in ("case_id", "rank", "status")})
    for _, group in rows.groupby("case_id"):
        ranks = group["rank"].dropna().tolist()
        assert ranks == sorted(ranks)
        assert set(group.loc[group["rank"].isna(), "status"]) <= {"not_rankable"}


def test_rows_are_cut_to_what_a_page_can_carry(sample):
    many = pd.concat([sample.rankings.assign(alternative=sample.rankings["alternative"] + str(i)) for i in range(4)], ignore_index=True)
    rows = select_rows(view_study(SimpleNamespace(**{**vars(sample), "rankings": many})))
    ranked = rows[rows["rank"].notna()]
    beyond = ranked[ranked.groupby("case_id").cumcount() >= SHOWN_ROWS]
    assert (ranked.groupby("case_id").size() >= SHOWN_ROWS).all()
    assert not beyond.duplicated(["case_id", "stage_id"]).any()
    assert (rows[rows["rank"].isna()].groupby("case_id").size() <= APART_ROWS).all()


def test_the_best_row_of_each_stage_is_carried_however_low_it_stands(sample):
    last = sample.rankings.assign(alternative="far:last-stage", stage_id="last-stage", rank=10_000.0).drop_duplicates("case_id")
    copies = [sample.rankings.assign(alternative=sample.rankings["alternative"] + str(i)) for i in range(9)]
    many = pd.concat([*copies, last], ignore_index=True)
    rows = select_rows(view_study(SimpleNamespace(**{**vars(sample), "rankings": many})))
    assert (rows[rows["alternative"] == "far:last-stage"].groupby("case_id").size() == 1).all()
    assert "far:last-stage" in set(rows["alternative"])


def test_only_rows_shown_bring_their_tables(payload):
    alternatives = set(column(payload["rows"], "alternative"))
    for table in ("alternatives", "contributions", "dependency", "economics", "gates"):
        assert set(column(payload[table], "alternative")) <= alternatives


def test_hauls_are_those_of_the_rows_shown(payload, sample):
    ports = set(sample.layers["partners"].set_index("partner_id").loc[["japan", "eu", "saudi"], "default_port_id"])
    assert set(column(payload["hauls"], "kind")) == {"delivered"}
    assert set(column(payload["hauls"], "destination_id")) == ports


def test_clauses_are_those_that_the_blocks_name(payload):
    assert column(payload["clauses"], "clause_id") == ["cn-2025-56-equipment"]


def test_the_map_has_the_real_places(payload, sample):
    deposits = sample.layers["deposits"]
    assert payload["map"]["deposits"]["length"] == deposits["lat"].notna().sum()
    assert payload["map"]["links"]["length"] == len(sample.layers["links"])
    assert [shape["disputed"] for shape in payload["map"]["provinces"]] == [True, False]
    assert set(column(payload["map"]["links"], "open")) == {"open", "not open"}


def test_relief_is_embedded_when_the_folder_holds_it(sample, tmp_path):
    (tmp_path / "terrain").mkdir()
    (tmp_path / "terrain" / "hillshade.png").write_bytes(b"\x89PNG")
    (tmp_path / "terrain" / "hillshade.json").write_bytes(
        json.dumps({"bounds": {"west": 60, "south": 23, "east": 78, "north": 37}}).encode()
    )
    layers = type(sample.layers)(sample.layers.tables, tmp_path)
    relief = build_payload(view_study(SimpleNamespace(**{**vars(sample), "layers": layers})))["map"]["relief"]
    assert relief["url"].startswith("data:image/png;base64,")
    assert relief["bounds"] == [[23, 60], [37, 78]]


def test_no_relief_is_no_relief(payload):
    assert payload["map"]["relief"] is None


def test_the_same_study_gives_the_same_text(payload, sample):
    assert render_json(payload) == render_json(build_payload(view_study(sample)))


def test_a_study_of_one_empty_ranking_still_makes_a_payload(sample):
    names = ("rankings", "contributions", "dependency", "exposure", "economics", "hauls", "gates", "unknowns")
    bare = SimpleNamespace(**{**vars(sample), **{name: getattr(sample, name).iloc[:0] for name in names}})
    payload = build_payload(view_study(bare))
    assert payload["rows"]["length"] == 0
    assert payload["cases"][0]["counts"]["ranked"] == 0


class Cells:
    """Stands in for the joined cells of a study: every cell is assumed."""

    def index_of(self, case_id):
        return case_id

    def list_cells(self, case_id, alternatives):
        names = read_defaults("criteria")["criterion_id"]
        table = pd.DataFrame({"alternative": alternatives}).merge(names.to_frame(), how="cross")
        return table.assign(value_low=1.0, value_high=2.0, grade="A", source_ids="s1", note=f"1234 t of {case_id.split('/')[0]}")


def test_contributions_carry_the_grade_and_note_of_their_cells(sample):
    study = SimpleNamespace(**{**vars(sample), "scored": SimpleNamespace(joined=Cells())})
    table = build_payload(view_study(study))["contributions"]
    assert set(column(table, "grade")) == {"A"}
    assert set(column(table, "note")) == {f"1\u202f234 t of {partner}" for partner in ("japan", "eu", "saudi")}
    assert table["length"] == build_payload(view_study(sample))["contributions"]["length"]


def test_the_same_question_at_several_places_sums_what_it_touches(sample):
    first = sample.unknowns.head(1)
    many = pd.concat([first.assign(site_id=name) for name in ("export", "dhabeji-sez")], ignore_index=True)
    tree = build_payload(view_study(SimpleNamespace(**{**vars(sample), "unknowns": many})))
    assert tree["cases"][0]["unknowns"] == [[0, 2, 18]]
    assert column(tree["unknowns"], "site") == ["export the feed as it is"]


def test_codes_travel_with_their_words(payload, sample):
    blocks = sample.layers["classes"].set_index("class_id")["name"]
    assert payload["names"]["blocks"]["GRAV"] == blocks["GRAV"]
    assert payload["names"]["kinds"] == {"export": "no plant", "toll": "toll abroad", "abroad": "plant abroad"}
    assert sorted(payload["names"]["profiles"]) == ["A", "B", "C", "D"]
