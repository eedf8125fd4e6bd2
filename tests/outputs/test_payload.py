"""The tree behind the page holds what the study holds, no more and in order."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geokit.io.defaults import read_assumptions
from geokit.outputs.pack import render_json
from geokit.outputs.payload import APART_ROWS, SHOWN_ROWS, build_payload, select_rows, write_settings
from geokit.outputs.view import view_study


@pytest.fixture(scope="module")
def payload(sample):
    return build_payload(view_study(sample))


def column(table, name):
    if name in table["figures"]:
        return table["figures"][name]
    if name in table["prose"]:
        pieces, values, codes = table["prose"][name]
        return [" ".join(pieces[place] for place in values[code]) for code in codes]
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


def test_contributions_carry_what_the_table_holds_with_its_figures_as_people_read_them(sample):
    noted = sample.contributions.assign(note="1234 t of feed", source_ids="s1")
    table = build_payload(view_study(SimpleNamespace(**{**vars(sample), "contributions": noted})))["contributions"]
    assert set(column(table, "grade")) == {"A", "D", "E", "M"}
    assert set(column(table, "note")) == {"1\u202f234 t of feed"}
    assert set(column(table, "source_ids")) == {"s1"}
    assert table["length"] == build_payload(view_study(sample))["contributions"]["length"]


def test_weights_are_shipped_to_the_last_digit(payload, sample):
    for partner, weights in sample.weights.items():
        assert payload["weights"][partner] == weights


def test_a_study_by_the_defaults_has_no_settings(payload):
    assert payload["settings"] == ""
    assert payload["matrix"] == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"transport__parcel_t": 30_000.0},
        {"seed": 7, "title": "dear trucks: \"later\" # and <worse>"},
        {"controls__fid_on": "2028-01-15", "scoring__evidence_threshold_frac": 1e-5},
        {"transport__transfer_usd_per_t": {"low": 3, "mode": 5, "high": 9}},
        {"controls__regime_probabilities": {"renewed": 0.5, "snapback": 0.4, "tightened": 0.1}},
    ],
    ids="+".join,
)
def test_settings_read_as_a_file_make_the_same_assumptions(assumptions, tmp_path, changes):
    chosen = assumptions.replace(**changes)
    text = write_settings(chosen)
    path = tmp_path / "settings.yaml"
    path.write_text(text, encoding="utf8")
    assert read_assumptions(path).fingerprint() == chosen.fingerprint() != assumptions.fingerprint()
    assert len(text.splitlines()) < 12


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parcel=st.floats(1_000, 200_000), share=st.floats(0, 1), seed=st.integers(0, 2**31))
def test_settings_lose_no_digit(assumptions, tmp_path, parcel, share, seed):
    chosen = assumptions.replace(transport__parcel_t=parcel, scoring__evidence_threshold_frac=share, seed=seed)
    path = tmp_path / "settings.yaml"
    path.write_text("# nothing else\ntitle: " + json.dumps(chosen.title) + "\n" + write_settings(chosen), encoding="utf8")
    assert read_assumptions(path).diff(chosen) == {}


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
