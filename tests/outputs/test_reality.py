"""The report sets the modelled feed beside the world's figures, and credits whose data it prints."""

from __future__ import annotations

import html

import pandas as pd
import pytest

from geokit.catalog import list_attributions
from geokit.outputs.reality import list_comparisons
from geokit.outputs.report import render_report
from geokit.outputs.view import view_study


@pytest.fixture(scope="module")
def view(study):
    return view_study(study)


def test_only_commodities_with_tonnes_on_either_side_are_rows(view, study):
    told = list_comparisons(view)
    table = study.reality
    known = table[table["all_kt_per_y"].notna() | table["actual_kt"].notna()]
    assert len(told["rows"]) == len(known) > 0
    silent = {view.label("commodities", name) for name in set(table["commodity_id"]) - set(known["commodity_id"])}
    assert set(told["silent"].split("; ")) == silent


def test_what_is_not_known_is_called_unknown(view):
    rows = {row["commodity"]: row for row in list_comparisons(view)["rows"]}
    chromite = next(row for name, row in rows.items() if "chromite" in name)
    assert chromite["counted"] == "121 (production, 2021)"
    assert (chromite["free"], chromite["span"]) == ("225", "150 to 225")
    assert "PRC" in chromite["remark"]
    antimony = next(row for name, row in rows.items() if "antimony" in name)
    assert (antimony["counted"], antimony["span"]) == ("unknown", "none stated")
    zinc = next(row for name, row in rows.items() if "zinc" in name)
    assert zinc["counted"] == "500 (production capacity, 2019)"
    barite = next(row for name, row in rows.items() if "barite" in name)
    assert (barite["all"], barite["span"]) == ("unknown", "")


def test_a_study_without_the_comparison_prints_no_section(view):
    bare = view_study(type("Bare", (), {**{n: getattr(view, n) for n in ("layers", "cases", "assumptions", "headlines")}, "weights": {}}))
    assert list_comparisons(bare) == {"rows": [], "silent": ""}
    assert isinstance(bare.tables["reality"], pd.DataFrame)


def test_the_report_credits_every_layer_that_asks_for_it(study, layers):
    page = html.unescape(render_report(study))
    assert "The model beside the world" in page
    lines = list_attributions(layers)
    assert any("CC BY 4.0" in line for line in lines)
    assert all(line in page for line in lines)
