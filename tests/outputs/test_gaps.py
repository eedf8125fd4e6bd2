"""The same question at several sites is told once."""

from __future__ import annotations

import pandas as pd

from geokit.outputs.gaps import list_gaps


def table(rows):
    columns = ["criterion_id", "site_id", "stage_id", "partner", "track", "rank_swing"]
    return pd.DataFrame(rows, columns=columns).assign(profile="", holder="someone", alternatives_touched=2)


ROWS = table(
    [
        ("F1", "west", "smelter", "", "", 3.0),
        ("F1", "east", "smelter", "", "", 9.0),
        ("P1", "", "smelter", "japan", "", 5.0),
        ("P1", "", "smelter", "eu", "", 7.0),
        ("D1", "", "smelter", "", "text", float("nan")),
    ]
)


def test_the_most_decisive_site_speaks_for_the_others():
    gaps = list_gaps(ROWS, limit=10)
    assert list(gaps.index) == [1, 3, 2, 4]
    assert gaps.loc[1, "n_sites"] == 2
    assert gaps.loc[3, "n_sites"] == 1
    assert gaps["alternatives_touched"].tolist() == [4, 2, 2, 2]


def test_only_what_touches_the_case_is_kept():
    assert set(list_gaps(ROWS, limit=10, partner="japan", track="practice").index) == {1, 2}


def test_the_limit_holds_and_an_empty_table_stays_empty():
    assert len(list_gaps(ROWS, limit=1)) == 1
    assert list_gaps(ROWS.iloc[:0], limit=5).empty
