"""The hauls of five deposits to three ports: every length confirmed by a second source, or marked; and the page that shows it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPE, PAGE = ROOT / "recipes" / "haul_docs.py", ROOT / "docs" / "hauls.md"
# Printed by sources that gave no link its length: kilometres by rail between stations (station tables of the lines, copies of an
# encyclopaedia), and by road (National Highway Authority 2020; CPEC Authority 2021; Pakistan & Gulf Economist 2004; provincial government)
PRINTED = {
    "rail-roh-khi": 476, "rail-spz-nok": 488, "rail-sib-spz": 117, "rail-uet-khi": 863,
    "road-kuc-khn": 53, "road-sur-uet": 235, "road-bes-khz": 106, "road-zpt-porm": 242, "road-cjl-pew": 322,
}  # fmt: skip
# Those of which the source measures a part alone: told, not hidden
MISSED = {"road-hos-pgwd", "road-khi-hdd-m9"}


@pytest.fixture(scope="module")
def recipe():
    if not RECIPE.is_file():
        pytest.skip("recipes are not in the wheel")
    spec = importlib.util.spec_from_file_location("haul_docs", RECIPE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def hauls(recipe, layers, assumptions):
    return recipe.list_hauls(layers, assumptions)


@pytest.fixture(scope="module")
def stretches(hauls):
    return {row["length_id"]: row for table in hauls["stretches"] for row in table.to_dict("records")}


def test_every_deposit_reaches_every_port_and_its_kilometres_add_up(hauls):
    assert len(hauls) == 15
    for row in hauls.itertuples():
        assert 0 <= row.confirmed_km <= row.km
        assert row.km == pytest.approx(sum(leg.km for leg in row.route.legs))


@pytest.mark.parametrize(("length_id", "km"), PRINTED.items())
def test_printed_lengths_come_out_within_a_tenth(stretches, length_id, km):
    assert stretches[length_id]["published_km"] == km
    assert stretches[length_id]["km"] == pytest.approx(km, rel=0.1)
    assert stretches[length_id]["confirmed"]


def test_the_misses_are_those_told(stretches):
    assert {name for name, row in stretches.items() if not row["confirmed"]} == MISSED


def test_the_page_is_current_and_marks_what_nobody_confirms(recipe, hauls, layers):
    text = PAGE.read_text(encoding="utf8")
    assert recipe.tell_hauls(hauls, layers) in text, "run recipes/haul_docs.py"
    assert recipe.tell_stretches(hauls, layers) in text, "run recipes/haul_docs.py"
    assert recipe.tell_links(hauls, layers) in text, "run recipes/haul_docs.py"
    assert text.count("unverified: ") == 15
