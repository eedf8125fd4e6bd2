"""Figures in words, and the colours of the commodity groups."""

from __future__ import annotations

import math

import pytest

from geokit.outputs.style import GROUPS, commodity_group, format_figure, format_percent, format_range, format_words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.41279, "0.413"),
        (91.24, "91.2"),
        (1234.5, "1_230"),
        (5779, "5_780"),
        (1e6, "1_000_000"),
        (99.95, "100"),
        (-12.34, "\u221212.3"),
        (2.0, "2"),
        (0.00012345, "0.000123"),
    ],
)
def test_three_significant_figures_with_thin_thousands(value, text):
    assert format_figure(value).replace("\u202f", "_") == text


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_what_is_not_known_is_said_so_and_has_no_unit(value):
    assert format_figure(value, "t") == "unknown"


def test_the_unit_follows_a_space_that_does_not_break():
    assert format_figure(12, "USD/t") == "12\u00a0USD/t"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(1, 2, "1 to 2\u00a0km"), (2, 2.0001, "2\u00a0km"), (math.nan, 3, "3\u00a0km"), (3, math.nan, "3\u00a0km"), (None, None, "unknown")],
)
def test_ranges(low, high, text):
    assert format_range(low, high, "km") == text


def test_every_group_has_its_own_colour_and_letter():
    assert len({group.colour for group in GROUPS}) == len({group.letter for group in GROUPS}) == len(GROUPS) == 8


def test_every_commodity_of_the_deposits_has_a_group(layers):
    groups = {commodity_group(name).group_id for name in layers["deposits"]["commodity_id"]}
    assert commodity_group("copper").group_id == "copper"
    assert commodity_group("barite").group_id == "industrial"
    assert len(groups) >= 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("under 1320 USD per tonne (-271 to 3780), 342", "under 1_320 USD per tonne (~271 to 3_780), 342"),
        ("10,400 km and 12345 t", "10_400 km and 12_345 t"),
        ("known on 2026-11-22, told until 10 Jan 2027", "known on 2026-11-22, told until 10 Jan 2027"),
        ("2000 t in 2026", "2_000 t in 2026"),
        ("cn-2025-56, No.46/2024, 5A992, 42-50 %, 1234.5", "cn-2025-56, No.46/2024, 5A992, 42-50 %, 1234.5"),
    ],
)
def test_figures_in_sentences_carry_thin_thousands_and_dates_stay(text, told):
    assert format_words(text) == told.replace("_", "\u202f").replace("~", "\u2212")


def test_a_share_of_weight_is_told_in_per_cent():
    assert format_percent(0.755) == "76\u00a0%"
    assert format_percent(math.nan) == "unknown"
