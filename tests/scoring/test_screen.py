"""Standing: only a sourced fail screens, thin evidence is said, doing less stays in the ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.core.errors import LayerError
from geokit.scoring.screen import name_missing, read_hints, settle_statuses

THIN = "not rankable: evidence {:.2f} is below 0.50; find out water and feed"


def settle(hint, *, baseline=False, evidence=1.0, reason="because"):
    hints = pd.DataFrame({"status_hint": [hint], "status_reason": [reason if hint else ""]})
    found = settle_statuses(hints, np.array([baseline]), np.array([evidence]), threshold=0.5, find_out=["water and feed"])
    return found.iloc[0].tolist()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"hint": ""}, ["ranked", ""]),
        ({"hint": "conditional"}, ["conditional", "because"]),
        ({"hint": "screened"}, ["screened", "because"]),
        ({"hint": "screened", "evidence": 0.1}, ["screened", "because"]),
        ({"hint": "screened", "baseline": True}, ["screened", "because"]),
        ({"hint": "", "evidence": 0.5}, ["ranked", ""]),
        ({"hint": "", "evidence": 0.49}, ["not_rankable", THIN.format(0.49)]),
        ({"hint": "conditional", "evidence": 0.4}, ["not_rankable", f"{THIN.format(0.4)}; because"]),
        ({"hint": "", "baseline": True}, ["baseline", ""]),
        ({"hint": "conditional", "baseline": True}, ["baseline", "because"]),
        ({"hint": "", "baseline": True, "evidence": 0.3}, ["not_rankable", THIN.format(0.3)]),
    ],
)
def test_standing(given, expected):
    assert settle(**given) == expected


def test_the_heaviest_gaps_are_named_first_and_three_at_most(criteria):
    sourced = np.array([[True, True, True], [False, True, False], [False, False, False]])
    told = name_missing(sourced, np.array([0.2, 0.5, 0.3]), criteria)
    assert told == ["", "delay and water of the site", "feed secured, delay and water of the site"]


def test_a_criterion_without_weight_is_not_asked_for(criteria):
    assert name_missing(np.zeros((1, 3), dtype=bool), np.array([0.0, 1.0, 0.0]), criteria) == ["feed secured"]


@pytest.fixture
def joined(matrix, plants, grid, who_uses):
    return matrix.join(plants, grid, who_uses)


def hints(*rows):
    return pd.DataFrame(rows, columns=["alternative", "partner", "status_hint", "status_reason"])


def test_hints_are_those_of_the_partner_and_blank_without_a_row(joined):
    told = hints(("b:smelt", "p", "screened", "gate"), ("a:smelt", "q", "screened", "other"))
    assert read_hints(told, joined, "p")["status_hint"].tolist() == ["", "", "screened", ""]


@pytest.mark.parametrize("rows", [[("a:smelt", "p", "maybe", "")], [("a:smelt", "p", "", ""), ("a:smelt", "p", "screened", "x")]])
def test_an_unknown_or_double_hint_is_refused(joined, rows):
    with pytest.raises(LayerError, match="a:smelt/p"):
        read_hints(hints(*rows), joined, "p")


@pytest.mark.parametrize(("share", "told"), [(0.499, 0.49), (0.29, 0.29), (0.0, 0.0)])
def test_what_is_just_below_the_threshold_is_not_written_as_equal_to_it(share, told):
    assert settle(hint="", evidence=share) == ["not_rankable", THIN.format(told)]
