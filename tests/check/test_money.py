"""Money has a year, a known currency and no sign; a recovery is a share."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.catalog import read_layers
from geokit.check.finding import Rows
from geokit.check.money import find_mixed_years
from geokit.core.errors import LayerError


def cost(**cells):
    row = {"capex_usd_per_tpa_mode": "100", "price_year": "2020", "escalation_factor": "1.5", "capex_mode_escalated_2026": "150", **cells}
    return Rows(pd.DataFrame([row]), "cost_models")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({}, ""),
        ({"capex_mode_escalated_2026": "151"}, ""),
        ({"escalation_factor": "", "capex_mode_escalated_2026": ""}, "capex_usd_per_tpa_mode"),
        ({"capex_mode_escalated_2026": "170"}, "capex_mode_escalated_2026"),
        ({"price_year": "", "escalation_factor": "", "capex_mode_escalated_2026": ""}, ""),
    ],
)
def test_a_cost_without_an_index_of_its_year_is_refused(cells, column):
    assert [one.column for one in find_mixed_years(cost(**cells))] == ([column] if column else [])


def test_a_latest_price_without_a_day_has_no_year():
    frame = pd.DataFrame({"latest_value": ["5", "5", ""], "latest_date": ["2026-01", "", ""]})
    found = list(find_mixed_years(Rows(frame, "prices")))
    assert [(one.row, one.column) for one in found] == [(1, "latest_value")]


def test_bad_money_is_refused_with_all_problems_at_once(folder, edit):
    """A negative price, an unknown currency, money of mixed years and a recovery above 1, in one message."""
    prices = (folder / "economics" / "prices.csv").read_text(encoding="utf8")
    row = next(line for line in prices.splitlines() if line.startswith("zinc_lme,"))
    wrong = row.replace(",1907.2,2943.2,", ",-1907.2,2943.2,").replace(",prc-pink-sheet,USD,", ",prc-pink-sheet,XYZ,")
    edit("economics/prices.csv", row, wrong)
    edit("flowsheets/stages.csv", ",0.8028,", ",1.8028,")
    costs = (folder / "economics" / "cost_models.csv").read_text(encoding="utf8")
    row = next(line for line in costs.splitlines() if line.startswith("tungsten-apt,"))
    edit("economics/cost_models.csv", row, row.replace(",19586,1.088,", ",,,"))
    with pytest.raises(LayerError) as caught:
        read_layers(folder)
    told = str(caught.value)
    for words in ("-1907.2", "XYZ", "1.8028", "money of 2024 without escalation_factor"):
        assert words in told
