"""Rows are picked by what their cells say, and a name that does not exist is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geokit.catalog import list_sources, nest_sources, select_rows
from geokit.catalog.select import tell_others
from geokit.core.errors import GeokitError, UnknownNameError

HILLS = pd.DataFrame(
    {
        "hill_id": ["a", "b", "c", "d"],
        "metal_id": ["antimony", "Chromite", "antimony", ""],
        "district_ids": ["north|south", "south", "", "northern"],
        "name": ["Red hill", "red hill", "Blue", "=Blue"],
        "height_m": [1234567.0, 30.123456, np.nan, 0.0],
    }
)


def pick(*conditions):
    return "".join(select_rows({"hills": HILLS}, "hills", conditions)["hill_id"])


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("metal_id=antimony", "ac"),
        ("metal=antimony", "ac"),
        ("metal=ANTIMONY", "ac"),
        ("metal=chromite", "b"),
        ("metal=", "d"),
        ("metal=anti", ""),
        ("district=south", "ab"),
        ("district=north", "a"),
        ("district=north|south", "a"),
        ("name=RED HILL", "ab"),
        ("name==Blue", "d"),
    ],
)
def test_words_match_whole_whatever_their_case(condition, found):
    assert pick(condition) == found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("height_m=1234567", "a"),
        ("height_m=1234567.0", "a"),
        ("height_m=1.234567e6", "a"),
        ("height_m=1234568", ""),
        ("height_m=30.123456", "b"),
        ("height_m=30.1235", ""),
        ("height_m=0", "d"),
        ("height_m=-0", "d"),
        ("height_m=", "c"),
        ("height_m=nan", ""),
        ("height_m=high", ""),
    ],
)
def test_figures_match_by_value_and_a_blank_matches_what_is_missing(condition, found):
    assert pick(condition) == found


def test_every_condition_must_hold():
    assert pick("metal=antimony", "district=north") == "a"
    assert pick("metal=antimony", "district=northern") == ""


def test_no_condition_keeps_every_row_in_order():
    assert pick() == "abcd"


@pytest.mark.parametrize(("table", "condition", "told"), [("hils", "a=b", "hills"), ("hills", "nam=b", "name"), ("hills", "=b", "hill_id")])
def test_an_unknown_name_is_told_with_what_there_is(table, condition, told):
    with pytest.raises(UnknownNameError, match=told):
        select_rows({"hills": HILLS}, table, [condition])


def test_a_condition_without_a_sign_says_how_to_write_one():
    with pytest.raises(GeokitError, match=r"'name' has no '='; write it as"):
        pick("name")


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_figure_is_found_by_the_way_python_writes_it(figure):
    table = {"t": pd.DataFrame({"x": [figure, figure + 1.0 + abs(figure)]})}
    assert list(select_rows(table, "t", [f"x={figure!r}"]).index)[:1] == [0]


@settings(deadline=None)
@given(st.text().filter(lambda word: "|" not in word and ";" not in word))
def test_any_word_finds_its_own_row(word):
    table = {"t": pd.DataFrame({"x": [word]}, dtype=object)}
    assert len(select_rows(table, "t", [f"x={word}"])) == 1


def test_the_parts_of_a_layer_add_up_to_it(layers):
    places = layers["sites"]["kind_code"].unique()
    counts = [len(select_rows(layers, "sites", [f"kind_code={kind}"])) for kind in places]
    assert sum(counts) == len(layers["sites"])
    assert min(counts) > 0


def name_deposits(layers, *conditions):
    return select_rows(layers, "deposits", conditions)["deposit_id"].tolist()


@pytest.mark.parametrize(
    ("alias", "meant"),
    [
        ("commodity=Sb", "commodity_id=antimony"), ("commodity=cr2o3 ", "commodity_id=chromite"),
        ("commodity_id=CU", "commodity_id=copper"),
        ("province=NWFP", "province_id=khyber-pakhtunkhwa"), ("province=Baluchistan", "province_id=balochistan"),
        ("district=chaghai", "district_ids=chagai"), ("district_ids=Chaghai", "district_ids=chagai"),
    ],
)  # fmt: skip
def test_other_names_of_ids_are_understood(layers, alias, meant):
    assert name_deposits(layers, alias) == name_deposits(layers, meant) != []


def test_a_name_of_several_ids_finds_the_rows_of_each(layers):
    both = name_deposits(layers, "district_ids=Lower Chitral"), name_deposits(layers, "district_ids=upper-chitral")
    known = set(layers["district_aliases"].set_index("alias").loc["Chitral", "district_ids"].split("|"))
    assert known == {"lower-chitral", "upper-chitral"}
    assert set(name_deposits(layers, "district_ids=Chitral")) == set(both[0]) | set(both[1])


@pytest.mark.parametrize(
    ("condition", "near"),
    [("commodity=antimoni", "antimony"), ("province=Punjaab", "punjab"), ("district=Chagaii", "chagai"),
        ("commodity=copper concentrat", "copper?"), ("status_code=prospekt", "prospect"),
     ("commodity=zzyzx", "did you mean one of")],
)  # fmt: skip
def test_a_word_that_means_no_id_is_told_with_the_nearest(layers, condition, near):
    with pytest.raises(UnknownNameError, match=near):
        select_rows(layers, "deposits", [condition])


def test_a_known_id_without_rows_and_words_in_other_columns_find_nothing(layers):
    unused = sorted(set(layers["commodities"]["commodity_id"]) - set(layers["deposits"]["commodity_id"]))
    assert name_deposits(layers, f"commodity={unused[0]}") == []
    assert name_deposits(layers, "name=zzyzx") == []
    assert name_deposits(layers, "province=sindh", "commodity=Sb") == []


def test_rows_that_name_it_in_second_place_are_counted(layers):
    deposits = layers["deposits"]
    named = deposits["other_commodity_ids"].map(lambda cell: "gold" in cell.split("|")) & (deposits["commodity_id"] != "gold")
    assert tell_others(layers, "deposits", ["commodity=Au"]) == [f"{named.sum()} more rows name gold among other_commodity_ids"]
    here = (named & (deposits["province_id"] == "punjab")).sum()
    told = tell_others(layers, "deposits", ["commodity=gold", "province=punjab"])
    assert (len(told), here > 0) in {(0, False), (1, True)}
    assert tell_others(layers, "deposits", ["province=punjab"]) == []
    assert tell_others(layers, "sources", []) == []


def test_one_row_in_second_place_is_told_as_one():
    hills = {"hills": HILLS.assign(other_metal_ids=["", "antimony|gold", "", ""])}
    assert tell_others(hills, "hills", ["metal=antimony"]) == ["1 more row names antimony among other_metal_ids"]


@pytest.mark.parametrize(
    ("name", "theme", "features", "column"),
    [("provinces", "boundaries", 7, "province_id"), ("rivers", "terrain", 11, "river_id"), ("hillshade", "terrain", None, "")],
)
def test_a_map_layer_has_one_row_of_terms(layers, name, theme, features, column):
    (row,) = select_rows(layers, name, []).to_dict("records")
    terms = layers["resources"].set_index("layer").loc[name]
    assert all(row[one] == terms[one] for one in ("licence", "attribution", "source_ids", "recipe", "method", "limits", "verified_on"))
    assert all(path.startswith(f"{theme}/{name}.") for path in row["files"].split(";"))
    assert (row["features"], row["modified"]) == (features, False)
    assert column in row["columns"].split(";")


def test_conditions_pick_the_features_of_a_map_layer(layers):
    disputed = select_rows(layers, "provinces", ["disputed=true"])
    assert set(disputed["province_id"]) == {"azad-jammu-kashmir", "gilgit-baltistan"}
    assert set(list_sources(layers, disputed, "provinces")["source_id"]) == set(disputed["source_id"])
    assert tell_others(layers, "provinces", ["disputed=true"]) == []
    assert select_rows(layers, "districts", ["province=sindh", "district=nowhere"]).empty
    with pytest.raises(UnknownNameError, match="disputed"):
        select_rows(layers, "provinces", ["dispute=true"])


def test_a_picture_has_no_rows_to_pick(layers):
    with pytest.raises(GeokitError, match="hillshade is a grid or a picture"):
        select_rows(layers, "hillshade", ["height=3"])


def test_sources_of_a_map_layer_are_those_of_its_terms(layers):
    (row,) = nest_sources(layers, select_rows(layers, "dem_30s", []), "dem_30s").to_dict("records")
    assert [source["source_id"] for source in row["sources"]] == [row["source_ids"]]


@pytest.mark.parametrize(("typed", "meant"), [("provnces", "provinces"), ("hilshade", "hillshade"), ("deposit", "deposits")])
def test_an_unknown_layer_is_told_with_the_nearest_table_or_map(layers, typed, meant):
    with pytest.raises(UnknownNameError, match=f"no layer called '{typed}'; did you mean one of: {meant}"):
        select_rows(layers, typed, [])
