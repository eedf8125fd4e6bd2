"""Districts in words: unknown ones, and those of another province."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from geokit.check.districts import find_strange_districts
from geokit.check.finding import Rows
from geokit.check.reference import Reference, build_reference
from geokit.io.areas import Areas

TABLE = pd.DataFrame(
    {
        "alias": ["Low land", "High", "several", "Low land/High"], "district_ids": ["low", "high", "", "low|high"],
        "province_id": ["west", "east", "west", "west"],
    }
)  # fmt: skip
ALIASES = {"district_aliases.district_ids": {"low land": "low", "high": "high"}, "province_aliases.province_id": {"old west": "west"}}
AREAS = {
    "provinces": Areas(("west", "east"), shapely.box(np.array([60.0, 65.0]), 25.0, np.array([65.0, 70.0]), 30.0)),
    "districts": Areas(("far-end",), np.array([shapely.box(66, 26, 67, 27)])),
}


def find(district, province, frames=None, areas=AREAS):
    frame = pd.DataFrame({"site_id": ["a"], "district": [district], "province_id": [province]})
    reference = Reference({"district_aliases": TABLE} if frames is None else frames, {}, ALIASES, areas)
    return [(finding.rule, finding.remedy) for finding in find_strange_districts(Rows(frame, "sites"), reference) if finding.is_doubt]


@pytest.mark.parametrize(
    ("district", "province"),
    [("Low land", "west"), ("LOW-LAND", "west"), ("High", "east"), ("several", "west"), ("Low land (valley)", "west"),
        ("Low land/High", "west"),
    ("High, Low land", "west"), ("Far End", "east"), ("", "west"), ("Low land", "nowhere"), ("Low land", "Old West")],
)
def test_a_district_of_its_province_is_sound(district, province):
    assert find(district, province) == []


@pytest.mark.parametrize(("district", "province"), [("Low land", "east"), ("High", "west"), ("Far end", "west"), ("High", "old west")])
def test_a_district_of_another_province_is_doubted(district, province):
    ((rule, remedy),) = find(district, province)
    there = "west" if district == "Low land" else "east"
    assert rule.startswith(f"lies in {there}, and the row states ")
    assert remedy == f"write province_id {there}, or another district"


def test_an_unknown_district_gets_the_nearest():
    assert find("Lowland", "west") == [("names no district that the layers know", "did you mean low?")]
    assert find("Farr end", "east")[0][1] == "did you mean far-end?"
    assert find("Zzyzx", "west")[0][1].startswith("compare the spelling")


def test_without_names_or_boundaries_less_is_told():
    assert find("Zzyzx", "west", frames={}) == []
    assert find("Far end", "west", areas={})[0][0].startswith("names no district")


def test_every_packaged_district_is_known_and_in_its_province(layers):
    reference, _ = build_reference(layers.texts, layers.root)
    for table in ("deposits", "sites"):
        assert list(find_strange_districts(Rows(layers.texts[table], table), reference)) == [], table
