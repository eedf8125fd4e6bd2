"""A span of days ends where it begins or later."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.check.finding import Rows
from geokit.check.spans import find_backward


@pytest.mark.parametrize(
    ("begin", "end", "wrong"),
    [
        ("2026-11-11", "2026-11-10", True),
        ("2026-11-11", "2026-11-11", False),
        ("2026-11-11", "2026", False),
        ("2026", "2026-01-01", False),
        ("2026", "2025-12-31", True),
        ("2026-11-11", "2026-10", True),
        ("", "2026-11-10", False),
        ("2026-11-11", "", False),
    ],
)
def test_an_end_before_its_beginning_is_an_error(begin, end, wrong):
    frame = pd.DataFrame({"valid_from": ["2020-01-01", begin], "valid_to_exclusive": ["2021-01-01", end]})
    found = list(find_backward(Rows(frame, "status_events")))
    assert [(one.row, one.column, one.value) for one in found] == ([(1, "valid_to_exclusive", end)] if wrong else [])


def test_columns_that_hold_no_days_are_no_span():
    frame = pd.DataFrame({"from": ["b"], "to": ["a"]})
    assert list(find_backward(Rows(frame, "sea_distances"))) == []
