"""How far an order stands, in words and as tables: no share is rounded to never or always, and a folder is whole or not there."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from geokit.core.errors import OutputError
from geokit.io.read import read_text_table
from geokit.outputs.stress_text import NEAREST, TABLES, TOP, tell_stress, write_stress
from geokit.scoring import Stress

NAMES = {"zone:mill": "Zone: mill", "hill:mill": "Hill: mill"}
FIRST = {"first_frac": 0.75, "first_frac_low": 0.0, "first_frac_high": 1.0, "top_five_frac": 1.0, "mean_rank": 1.5, "efficient": "possibly"}
FLIP = {
    "criterion_id": "D1", "weight": 0.2, "weight_below": 0.1, "winner_below": "hill:mill", "weight_above": None, "winner_above": None,
    "change": 0.1,
}
MOVED = ["method", "change", "alternative", "pairs_reversed", "winner_before", "winner_after"]


def stress(*, flips=(FLIP,), shown=True, first=FIRST):
    """Return two alternatives, two methods that disagree, and one reversal."""
    ids = list(NAMES)
    return Stress(
        case_id="p/text/2026-11-22",
        acceptability=pd.DataFrame([first | {"rank": place + 1.0, "alternative": name} for place, name in enumerate(ids)]),
        central_weights=pd.DataFrame({"D1": [0.25], "F1": [0.75]}, index=["zone:mill"]),
        wins=pd.DataFrame([[0.0, 0.75], [0.25, 0.0]], index=ids, columns=ids),
        flips=pd.DataFrame(list(flips), columns=list(FLIP)),
        methods=pd.DataFrame({"method": ["sum"] * 2 + ["topsis"] * 2, "rank": [1.0, 2.0] * 2, "alternative": [*ids, *ids[::-1]]}),
        agreement=pd.DataFrame([[1.0, 0.5], [0.5, 1.0]], index=["sum", "topsis"], columns=["sum", "topsis"]),
        reversals=pd.DataFrame([("topsis", "left", "zone:mill", 1, "hill:mill", "hill:mill")], columns=MOVED),
        drivers=pd.DataFrame({"what": ["feed secured", "noise"], "shown": [shown, False]}),
        samples=10_000,
    )


def read(found):
    """Return the lines below each heading, with common blanks."""
    told = {}
    for line, is_heading in tell_stress(found, NAMES, {"D1": "Delay"}):
        if is_heading:
            told[line] = []
        else:
            told[[*told][-1]].append(line.replace("\u00a0", " "))
    return told


def test_four_questions_are_answered_in_order():
    assert [line.split(",")[0] for line in read(stress())] == [
        "Order of p/text/2026-11-22", "What would put another first", "What decides the lead", "By another method",
    ]  # fmt: skip
    assert next(iter(read(stress()))).endswith("(10,000 draws)")


def test_each_row_tells_how_often_it_is_first_and_what_unknowns_could_make_of_that():
    assert next(iter(read(stress()).values()))[0] == (
        "1. Zone: mill: first in 75 % of the draws (0 % to 100 % if what is missing were known), among the first five in 100 %"
    )


@pytest.mark.parametrize(
    ("share", "told"), [(0.0, "0 %"), (0.004, "<1 %"), (0.006, "1 %"), (0.994, "99 %"), (0.996, ">99 %"), (1.0, "100 %")]
)
def test_no_share_is_rounded_to_never_or_always(share, told):
    line = next(iter(read(stress(first=FIRST | {"first_frac": share})).values()))[0]
    assert f"first in {told} of the draws" in line


def test_rows_past_the_first_are_left_to_the_table():
    rows = [FIRST | {"rank": place + 1.0, "alternative": f"a{place}:mill"} for place in range(TOP + 5)]
    many = dataclasses.replace(stress(), acceptability=pd.DataFrame(rows))
    told = next(iter(read(many).values()))
    assert len(told) == TOP
    assert told[0].startswith("1. a0:mill: ")


def test_a_weight_tells_where_another_leads_on_each_side():
    assert read(stress())["What would put another first"] == ["weight of Delay (D1), now 0.2: below 0.1 Hill: mill leads"]
    both = FLIP | {"weight_above": 0.5, "winner_above": "zone:mill"}
    assert read(stress(flips=[both]))["What would put another first"][0].endswith("below 0.1 Hill: mill leads; above 0.5 Zone: mill leads")


def test_the_smallest_changes_come_first_and_weights_that_change_nothing_are_not_told():
    rows = [FLIP | {"criterion_id": f"C{step}", "change": change} for step, change in enumerate((0.5, None, 0.1, 0.4, 0.2, 0.3))]
    told = read(stress(flips=rows))["What would put another first"]
    assert len(told) == NEAREST
    assert [line.split("(")[1][:2] for line in told] == ["C2", "C4", "C5", "C3"]


def test_nothing_that_turns_or_drives_the_lead_is_said():
    told = read(stress(flips=[FLIP | {"change": None}], shown=False))
    assert told["What would put another first"] == ["no weight alone does, within 0 to 1"]
    assert told["What decides the lead"] == ["nothing stands out of the noise"]
    assert read(stress())["What decides the lead"] == ["feed secured"]


def test_each_method_tells_its_winner_and_how_far_it_agrees():
    assert read(stress())["By another method"] == [
        "sum: Zone: mill leads",
        "topsis: Hill: mill leads, Kendall's tau with sum 0.5; 1 time another that came or left turned the rest round",
    ]


def test_all_tables_are_written_with_their_names(tmp_path):
    found = stress()
    folder = write_stress(found, tmp_path / "new" / "stress")
    assert {path.stem for path in folder.iterdir()} == set(TABLES)
    assert set(TABLES) == {one.name for one in dataclasses.fields(Stress) if one.type == "pd.DataFrame"}
    written = {name: read_text_table(folder / f"{name}.csv") for name in TABLES}
    assert written["wins"].set_index("alternative").loc["zone:mill", "hill:mill"] == "0.75"
    assert written["agreement"]["method"].tolist() == ["sum", "topsis"]
    assert written["central_weights"].columns.tolist() == ["alternative", "D1", "F1"]
    assert {name: len(table) for name, table in written.items()} == {name: len(getattr(found, name)) for name in TABLES}


def test_a_run_that_stops_leaves_nothing(tmp_path, monkeypatch):
    def stop(_frame, path, _columns):
        if path.stem == TABLES[-1]:
            msg = "disk full"
            raise OutputError(msg)
        path.write_text("x", encoding="utf8")

    monkeypatch.setattr("geokit.outputs.stress_text.write_table", stop)
    with pytest.raises(OutputError, match="disk full"):
        write_stress(stress(), tmp_path / "stress")
    assert list(tmp_path.iterdir()) == []
