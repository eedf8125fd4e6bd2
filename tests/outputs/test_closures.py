"""Closures on the page: links by their place on the map, ways round of the hauls shown, ranks of the rows shown."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from geokit.outputs.closures import pack_closures
from geokit.outputs.mapdata import build_map, list_links
from geokit.outputs.payload import build_payload, select_rows
from geokit.outputs.view import view_study

SAMPLE = runpy.run_path(str(Path(__file__).with_name("sample_study.py")))


def unpack(table):
    text = {name: [levels[at] for at in codes] for name, (levels, codes) in table["text"].items()}
    return pd.DataFrame(text | table["figures"])


@pytest.fixture(scope="module")
def sample(layers, alternatives, assumptions):
    plain = SAMPLE["build_sample"](layers, alternatives, assumptions)
    haul = plain.hauls.iloc[0]
    row = plain.rankings.iloc[0]
    costs = {"detour_usd_per_t_low": 1.0, "detour_usd_per_t": 2.0, "detour_usd_per_t_high": 3.0}
    links = {"detour_link_ids": "road-khi-hub|road-hub-win", "way_round_port_id": "PKKHI"}
    detour = {"closure_id": "bolan"} | dict(haul[["origin_id", "destination_id", "product_id"]]) | costs | links
    effect = {"closure_id": "bolan", "partner": row["partner"], "alternatives": 2, "cut": 1, "shut_frac": 0.1, **costs}
    effect |= {"ranks_moved": 1, "falls_most": row["alternative"], "falls_places": 4, "leader": ""}
    rank = {"closure_id": "bolan", "case_id": row["case_id"], "partner": row["partner"], "alternative": row["alternative"], "rank": 5.0}
    tables = {
        "detours": pd.DataFrame([detour, detour | {"origin_id": "nowhere"}]),
        "closure_effects": pd.DataFrame([effect, effect | {"partner": "someone-else"}]),
        "closure_ranks": pd.DataFrame([rank, rank | {"alternative": "not-shown"}]),
    }
    return SimpleNamespace(**vars(plain) | tables)


@pytest.fixture(scope="module")
def packed(sample):
    view = view_study(sample)
    return pack_closures(view, select_rows(view), hauls=sample.hauls, links=list_links(view))


def test_links_of_a_closure_are_their_places_on_the_map(sample, packed, layers):
    links = list_links(view_study(sample))
    names = unpack(build_map(view_study(sample))["links"])["name"]
    for closure, shut in zip(layers["closures"].to_dict("records"), packed["shut"], strict=True):
        drawn = {link for link in closure["link_ids"].split("|") if link} & set(links["link_id"])
        assert set(links["link_id"].iloc[shut]) == drawn
        assert names[shut].tolist() == links["name"].iloc[shut].tolist()


def test_only_ways_round_of_hauls_shown_go_along(packed):
    detours = unpack(packed["detours"])
    assert len(detours) == 1
    assert detours.loc[0, "detour_usd_per_t"] == 2
    assert len(packed["ways"][detours.loc[0, "way"]]) == 2


def test_effects_are_those_of_the_partners_and_name_alternatives_in_words(packed, sample):
    effects = unpack(packed["effects"])
    labels = sample.alternatives.set_index("alternative")["label"]
    assert effects["partner"].tolist() == [sample.rankings.iloc[0]["partner"]]
    assert effects.loc[0, "falls_most"] == labels[sample.rankings.iloc[0]["alternative"]]
    assert unpack(packed["list"]).set_index("closure_id").loc["bolan", "shut_frac"] == 0.1


def test_only_ranks_of_rows_shown_go_along(packed, sample):
    ranks = unpack(packed["ranks"])
    assert ranks["alternative"].tolist() == [sample.rankings.iloc[0]["alternative"]]
    assert ranks["rank"].tolist() == [5]
    assert ranks["case_id"].tolist() == [sample.rankings.iloc[0]["case_id"]]


def test_a_case_ranked_with_a_closure_is_told_once_even_if_no_row_shown_moves(sample):
    kept = sample.closure_ranks.assign(alternative=["not-shown", "nor-this"], closure_id=["hormuz", "hormuz"])
    view = view_study(SimpleNamespace(**{**vars(sample), "closure_ranks": kept}))
    packed = pack_closures(view, select_rows(view), hauls=sample.hauls, links=list_links(view))
    assert unpack(packed["ranked"]).to_dict("records") == [{"closure_id": "hormuz", "case_id": sample.rankings.iloc[0]["case_id"]}]
    assert packed["ranks"]["length"] == 0


def test_a_study_without_the_tables_still_has_closures_and_their_links(layers, alternatives, assumptions):
    closures = build_payload(view_study(SAMPLE["build_sample"](layers, alternatives, assumptions)))["closures"]
    assert closures["list"]["length"] == len(layers["closures"])
    assert any(closures["shut"])
    assert [closures[name]["length"] for name in ("effects", "detours", "ranks", "ranked")] == [0, 0, 0, 0]
