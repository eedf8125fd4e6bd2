"""Cells that should hold a figure: what is one, and how to write what is none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geokit.check.figures import LEAVE_BLANK, PLAIN, read_figure, read_figures, suggest_figure
from geokit.core.columns import Column

TONNAGE = Column("tonnage_million_t", "number", "million t")
LAT = Column("lat", "number", "deg")


@pytest.mark.parametrize("cell", ["", " ", "nan", "inf", "1_000", "0x1f", "1,5", "1e9999", "\uff11\uff12", "1 2", "--1", "1e", ".",
    "1.2.3", "TRUE"])
def test_what_is_no_plain_figure_is_not_a_number(cell):
    assert not math.isfinite(read_figure(cell))


@pytest.mark.parametrize(("cell", "figure"), [("1", 1.0), (" 1.50 ", 1.5), ("-.5", -0.5), ("+3.", 3.0), ("1e-3", 0.001)])
def test_plain_figures_are_read(cell, figure):
    assert read_figure(cell) == figure
    np.testing.assert_array_equal(read_figures([cell, "", cell]), [figure, math.nan, figure])


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("1,200.5", "write 1200.5"), ("1,200,000", "write 1200000"), ("1 200", "write 1200"), ("1'200", "write 1200"), ("7,5", "write 7.5"),
        ("1.200,5", "write 1200.5"), ("1,200", "write 1200, or 1.200 if the comma is a decimal comma"), ("~5", "write 5"),
        ("\uff11\uff12", "write 12"), ("45 Mt", "write 45 alone if that is what it means (million t is understood)"),
        ("7.5%", "write 7.5 alone if that is what it means (million t is understood)"), ("5-7", "write one figure"),
        ("5 to 7", "write one figure"),
        ("5 \u2013 7 Mt", "write one figure"), ("NaN", LEAVE_BLANK), ("n/a", LEAVE_BLANK), ("-", LEAVE_BLANK), ("unknown", LEAVE_BLANK),
        ("much", PLAIN), ("1e999", PLAIN), ("9" * 100, PLAIN), ("<5", PLAIN),
    ],
)  # fmt: skip
def test_the_remedy_says_what_to_write(cell, remedy):
    assert suggest_figure(cell, TONNAGE).startswith(remedy)


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [
        ("29d08m N", "29.13333"), ("29 16 25 N", "29.27361"), ("29\u00b016'25\"N", "29.27361"), ("61\u00b033\u203257\u2033 E", "61.56583"),
        ("29:16:25", "29.27361"), ("N 29 16", "29.26667"), ("16\u00b030'S", "-16.50000"),
    ],
)  # fmt: skip
def test_degrees_and_minutes_are_given_as_decimal_degrees(cell, degrees):
    """Saindak town lies at 29 16 25 N: 29 + 16/60 + 25/3600."""
    assert suggest_figure(cell, LAT) == f"write decimal degrees: {degrees}"


def test_a_long_cell_is_judged_at_once():
    assert suggest_figure("1," * 1_000_000, TONNAGE) == PLAIN


@pytest.mark.parametrize("words", ["132 kV line; 250 MW planned", "40 MW requested", "10 now + 160 line"])
def test_words_about_power_are_never_offered_as_a_figure(words):
    column = Column("power_firm_mw", type="number", unit="MW")
    assert "alone" not in suggest_figure(words, column)
