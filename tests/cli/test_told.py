"""Words and tables of what the scoring room found: each figure in its place, nothing that is blank told as a figure."""

from __future__ import annotations

import dataclasses
import json
import types

import numpy as np
import pandas as pd
import pytest

from geokit.core.errors import OutputError
from geokit.outputs import compare_text
from geokit.outputs.assumptions_text import WIDEST, list_assumptions, tell_assumptions
from geokit.outputs.cache_text import tell_store
from geokit.outputs.compare_text import TOLD, describe_comparison, tell_comparison, write_comparison
from geokit.outputs.futures_text import tell_futures, tell_tipping
from geokit.outputs.method_text import TOP, tell_method
from geokit.outputs.progress import track_count
from geokit.study.compare import CHANGES, MOVES, SHARES, Comparison
from geokit.study.describe import COLUMNS, describe
from geokit.study.futures import FUTURES, REGRETS, Futures
from geokit.study.kept import Store
from geokit.study.tipping import COLUMNS as TIPPING


@pytest.fixture
def case(cases):
    return cases[0]


def line_of(move, number):
    """Return one row of moves, its score in thousandths."""
    return (f"a{number}", f"A{number}", *move, 0.5, 0.5 + number / 1000, number / 1000, "ranked", "ranked")


@pytest.fixture
def found(case):
    """Return a comparison in which twelve rows swap places in pairs and one loses its rank."""
    rows = [line_of((float(place + 1), float(place + 2 - 2 * (place % 2)), 0.0), place + 1) for place in range(12)]
    rows = [(*row[:4], row[2] - row[3], *row[5:]) for row in rows]
    rows.append(("z", "Z", 13.0, np.nan, np.nan, 0.2, 0.1, -0.1, "ranked", "not_rankable"))
    moves = pd.DataFrame(rows, columns=MOVES)
    shares = moves[["alternative", "score_change"]].assign(key="weights", places=np.nan, gains_rank=0.0)[SHARES]
    weights = [("weights", f"weight of C{number}", "0.1", f"{0.1 + number / 100:.6g}") for number in range(1, 12)]
    changes = pd.DataFrame([("", "title", "a", "b"), *weights], columns=CHANGES)
    return Comparison((case, case), changes, moves, shares)


def read(lines):
    """Return the lines below each heading."""
    told = {}
    for line, is_heading in lines:
        if is_heading:
            told[line] = []
        else:
            told[[*told][-1]].append(line)
    return told


def test_of_many_weights_those_that_change_most_are_told(found):
    lines = read(tell_comparison(found, {}))["What was changed"]
    assert lines[0] == "title: a -> b"
    assert lines[1].startswith("weight of C11: ")
    assert len(lines) == 1 + TOLD + 1
    assert lines[-1] == "and 3 other weights"


def test_a_change_that_only_gives_and_takes_ranks_is_told_by_them(found):
    """It moves no score, and is not nothing: three rows have a rank by it, and one half of another's."""
    rule = found.shares.assign(key="threshold", score_change=0.0, gains_rank=[1.0] * 3 + [0.0] * 10)
    rest = found.shares.assign(gains_rank=[0.0] * 12 + [-0.5])
    lines = read(tell_comparison(dataclasses.replace(found, shares=pd.concat([rest, rule])), {}))
    told = lines["How far each change moves scores, and who has a rank by it"]
    assert "threshold: 3 more with a rank" in told
    assert any(line.startswith("weights: ") and line.endswith("0.5 fewer with a rank") for line in told)


def test_movers_are_told_by_their_best_place_and_the_others_counted(found):
    lines = read(tell_comparison(found, {}))["What moved, and what moved it"]
    assert len(lines) == TOLD + 1
    assert lines[0].startswith(("1 -> 2  A1", "2 -> 1  A2"))
    assert lines[-1].startswith("and 2 more")


def test_a_leader_that_falls_is_told_first(found):
    fallen = found.moves.assign(rank=[*range(2, 13), 1, np.nan], places=0.5)
    fallen.loc[0, "rank"] = 200.0
    lines = read(tell_comparison(dataclasses.replace(found, moves=fallen), {}))["What moved, and what moved it"]
    assert any(line.startswith("1 -> 200") for line in lines)


def test_a_sampled_comparison_says_so(found):
    lines = [line for line, _ in tell_comparison(dataclasses.replace(found, is_exact=False), {})]
    assert lines[-1].startswith("More than 8 things changed")


def test_nothing_changed_is_told_as_nothing(found):
    still = found.moves.assign(rank=found.moves["rank_before"], places=0.0, score=found.moves["score_before"], score_change=0.0)
    told = read(tell_comparison(Comparison(found.cases, found.changes.head(0), still, found.shares.head(0)), {}))
    assert told["What was changed"] == ["nothing that moves a score"]
    assert told["What moved, and what moved it"] == ["nothing among the first 10"]


def test_a_blank_is_null_and_everything_is_json(found):
    tree = json.loads(json.dumps(describe_comparison(found), allow_nan=False))
    assert tree["moves"][-1]["rank"] is None
    assert {len(tree[name]) for name in ("moves", "shares")} == {len(found.moves)}


def test_the_tables_are_written_all_or_none(found, tmp_path, monkeypatch):
    written = write_comparison(found, tmp_path / "new" / "moves")
    assert sorted(path.name for path in written.iterdir()) == ["changes.csv", "moves.csv", "shares.csv"]

    def stop(_frame, path, _columns):
        if path.stem == "shares":
            msg = "disk full"
            raise OutputError(msg)
        path.write_text("x", encoding="utf8")

    monkeypatch.setattr(compare_text, "write_table", stop)
    with pytest.raises(OutputError, match="disk full"):
        write_comparison(found, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_no_future_with_a_rank_is_told_as_such():
    futures = pd.DataFrame([("lifted", "late", "", "", 0)], columns=FUTURES)
    empty = Futures(futures, pd.DataFrame(columns=REGRETS), np.empty((1, 0)))
    lines = read(tell_futures(empty, {}, {}))
    assert next(iter(lines.values()))[0] == "nothing has a rank in any of them"


def test_a_future_without_a_rank_is_told_beside_the_regret():
    futures = pd.DataFrame([("lifted", "late", "", "a", 1), ("renewed", "late", "", "", 0)], columns=FUTURES)
    regret = pd.DataFrame([("a", 1.0, 0.0, 0.0, 0.5, 0.5, "lifted", "late", "")], columns=REGRETS)
    (first, *_), = read(tell_futures(Futures(futures, regret, np.array([[0.5], [np.nan]])), {"a": "A"}, {})).values()
    assert first.replace("\u00a0", " ") == "A: leads in 50 % of them, has no rank in 50 %, never behind by a figure that shows"


def test_where_nobody_is_left_to_lead_it_is_said():
    table = pd.DataFrame([("scoring.evidence_threshold_frac", "0.5", "1", "0.9", "0.8", "", "a")], columns=TIPPING)
    (lines,) = read(tell_tipping(table, {})).values()
    assert lines == ["scoring.evidence_threshold_frac, now 0.5: at 0.9 nobody leads (at 0.8 not yet)"]


@pytest.fixture
def ranked(case):
    """Return a stand-in of a study with one case, and its order by a method."""
    labels = pd.DataFrame({"partner_id": [case.partner], "label": ["The partner"]})
    names = [f"a{place}" for place in range(TOP + 3)]
    alternatives = pd.DataFrame({"alternative": names, "label": [one.upper() for one in names]})
    study = types.SimpleNamespace(cases=(case,), layers={"partners": labels}, alternatives=alternatives)
    ranks = np.arange(1.0, len(names) + 1.0)
    table = pd.DataFrame({
        "case_id": case.case_id, "rank": ranks, "alternative": names, "score": 0.5, "bound_low": 0.4, "bound_high": 0.9,
        "rank_weighted_sum": ranks[::-1],
    })  # fmt: skip
    return study, table


def test_the_best_rows_by_a_method_are_told_with_bounds_and_their_usual_place(ranked):
    study, table = ranked
    ((head, lines),) = read(tell_method(study, table, "topsis")).items()
    assert head.endswith(f"TOPSIS: {len(table) - 1} of {len(table)} ranks differ from the weighted sum")
    assert lines[1] == f"1. A0: 0.500, 0.40 to 0.90; No. {len(table)} by the weighted sum"
    assert len(lines) == 1 + TOP


def test_a_method_that_looks_at_others_says_so(ranked):
    study, table = ranked
    lines = [line for line, _ in tell_method(study, table, "promethee")]
    assert lines[-1].startswith("This method compares each with the others")


def test_a_case_without_a_rank_is_told_as_such(ranked):
    study, table = ranked
    lines = [line for line, _ in tell_method(study, table.head(0), "vikor")]
    assert lines == [f"The partner, by {study.cases[0].track.value}: nothing can be ranked"]


def test_a_long_value_is_cut_in_the_list_and_whole_by_itself(assumptions):
    table = describe(assumptions.replace(scoring__anchors={name: {"p1": 1.0} for name in ("R1", "R2", "L1", "L2")}), name="scoring.anchors")
    ((_, (line, *_)), *_) = read(list_assumptions(table)).items()
    assert "..." in line
    assert len(line) < 50 + WIDEST
    assert "changed" in line
    (lines,) = read(tell_assumptions(table)).values()
    assert "L2: {p1: 1}" in lines[0]


def test_signs_that_steer_a_terminal_are_marked():
    row = dict.fromkeys(COLUMNS, "") | {"name": "title", "value": "a\x1b[2Jb", "is_changed": True, "grade": "A"}
    assert all("\x1b" not in line for line, _ in list_assumptions(pd.DataFrame([row])))


def test_an_empty_and_a_full_store_are_told(tmp_path):
    store = Store(tmp_path / "kept", largest=5_000_000)
    assert next(tell_store(store))[0].endswith("0 entries")
    store.write("b" * 40, {"t": pd.DataFrame({"x": [1.0]})})
    lines = [line for line, _ in tell_store(store)]
    assert lines[0].endswith("1 entry")
    assert lines[1].endswith("of at most 5 MB")
    assert "b" * 12 in lines[2]


def test_progress_is_quiet_when_piped(capsys):
    with track_count("counting") as tell:
        for done in range(3):
            tell(done, 3)
    assert capsys.readouterr() == ("", "")
