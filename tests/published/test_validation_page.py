"""The page of what was tested against the world is what its recipe writes from the layers of today."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPE, PAGE = ROOT / "recipes" / "validation_docs.py", ROOT / "docs" / "validation.md"


@pytest.fixture(scope="module")
def recipe():
    if not RECIPE.is_file():
        pytest.skip("recipes are not in the wheel")
    spec = importlib.util.spec_from_file_location("validation_docs", RECIPE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current(recipe, layers, assumptions):
    assert PAGE.read_text(encoding="utf8") == recipe.tell_page(layers, assumptions), "run recipes/validation_docs.py"


def test_every_observation_and_every_forecast_stands_on_the_page(layers):
    text = PAGE.read_text(encoding="utf8")
    assert [what for what in layers["anchors"]["what"] if what not in text] == []
    assert [question for question in layers["forecasts"]["question"] if question not in text] == []


def test_the_page_says_what_is_in_sample_and_what_is_not_tested():
    text = PAGE.read_text(encoding="utf8")
    assert "the comparison is in-sample" in text
    assert "Not tested, for want of data" in text


def test_a_decided_forecast_appears_among_the_scores(recipe, layers):
    table = layers["forecasts"]
    turn = table["forecast_id"] == "package-2027-01-11"
    decided = table.assign(
        outcome=table["outcome"].mask(turn, (table["option"] == "renewed").map({True: "yes", False: "no"})),
        resolved_on=table["resolved_on"].mask(turn, "2027-01-12"),
        resolved_source_id=table["resolved_source_id"].mask(turn, "CTRL"),
    )
    told = recipe.tell_scores(decided)
    assert "| package-2027-01-11 | 2026-11-22 | renewed | 0.60 |" in told
    assert "None yet" in recipe.tell_scores(table)
