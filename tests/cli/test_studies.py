"""Finished studies on the command line: another method, two side by side, and what would tip the order."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from geokit import cli
from geokit.core.codes import Track
from geokit.core.errors import UnknownNameError
from geokit.outputs.compare_text import tell_comparison, tell_moves
from geokit.outputs.futures_text import tell_futures, tell_tipping
from geokit.outputs.method_text import write_method
from geokit.study.cases import build_cases
from geokit.study.compare import Comparison
from geokit.study.evaluate import evaluate
from geokit.study.futures import REGRETS, Futures
from geokit.study.tipping import COLUMNS, DATE

WIDE = 100


@pytest.fixture(scope="module")
def folders(layers, assumptions, tmp_path_factory):
    """Save a study of one partner and reading, and one with other weights."""
    place = tmp_path_factory.mktemp("studies")
    study = evaluate(assumptions, cases=build_cases(layers, on=layers.verified_on, partners=["japan"], tracks=[Track.TEXT]), layers=layers)
    study.save(place / "before.zip")
    study.rescore({"L1": 0.5}, partner="japan").save(place / "after.zip")
    return place / "before.zip", place / "after.zip"


def call(*words, code=0):
    done = CliRunner().invoke(cli.app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def test_another_method_is_told_with_bounds(folders):
    told = call("rescore", folders[0], "--method", "topsis").stdout
    assert "TOPSIS" in told
    assert "by the weighted sum" in told
    assert max(map(len, told.splitlines())) <= WIDE
    assert told.count("\n") < 40
    with pytest.raises(UnknownNameError, match="vikor"):
        call("rescore", folders[0], "--method", "vickor")


def test_the_order_by_a_method_is_a_table_of_its_own(tmp_path):
    table = pd.DataFrame({"case_id": ["p/text/2026-11-22"], "rank": [1.0], "alternative": ["a:b"], "score": [0.5]})
    path = write_method(table, tmp_path / "new", "weighted-sum")
    assert path.name == "ranking_by_weighted_sum.csv"
    assert path.read_text(encoding="utf8").splitlines()[1] == "p/text/2026-11-22,1,a:b,0.5"


def test_a_deep_test_tells_futures_and_tipping_and_writes_their_tables(folders, tmp_path, monkeypatch):
    found = Futures(FUTURES, REGRET, WORTH)
    monkeypatch.setattr("geokit.study.futures.imagine", lambda *_args, **_options: found)
    monkeypatch.setattr("geokit.study.tipping.find_tipping", lambda *_args, **_options: TIPPING)
    out = tmp_path / "deep"
    told = call("stress", folders[0], "--partner", "japan", "--samples", "100", "--deep", "--out", out).stdout
    assert "Regret over 4 futures" in told
    assert "Which other figure, or which day, would put another first" in told
    assert {"futures.csv", "regret.csv", "tipping.csv", "drivers.csv"} <= {path.name for path in out.iterdir()}


def test_a_study_is_compared_with_itself_under_other_weights(folders, tmp_path):
    done = call("compare", *folders, "--out", tmp_path / "moves")
    assert "weight of L1" in done.stdout
    assert "weights" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= WIDE
    assert done.stdout.count("\n") < 60
    assert {path.name for path in (tmp_path / "moves").iterdir()} == {"changes.csv", "moves.csv", "shares.csv"}
    with (tmp_path / "moves" / "shares.csv").open(encoding="utf8", newline="") as file:
        parts = list(csv.DictReader(file))
    with (tmp_path / "moves" / "moves.csv").open(encoding="utf8", newline="") as file:
        moves = {row["alternative"]: float(row["score_change"]) for row in csv.DictReader(file)}
    assert all(float(row["score_change"]) == pytest.approx(moves[row["alternative"]], abs=1e-9) for row in parts)


def test_a_comparison_as_json_holds_every_row(folders):
    answer = json.loads(call("compare", *folders, "--partner", "Japan", "--json").stdout)["answer"]
    assert answer["is_exact"] is True
    assert {row["key"] for row in answer["changes"]} == {"weights"}
    assert {row["alternative"] for row in answer["shares"]} == {row["alternative"] for row in answer["moves"]}


def test_what_names_no_partner_of_both_is_refused(folders):
    with pytest.raises(UnknownNameError, match="korea"):
        call("compare", *folders, "--partner", "korea")


MOVES = pd.DataFrame({
    "alternative": ["a", "b", "c"], "label": ["A", "B", "C"], "rank_before": [2.0, 1.0, None], "rank": [1.0, 2.0, 3.0],
    "places": [1.0, -1.0, None], "score_before": [0.4, 0.5, 0.1], "score": [0.6, 0.5, 0.3], "score_change": [0.2, 0.0, 0.2],
    "status_before": "ranked", "status": "ranked",
})  # fmt: skip


def test_the_sentence_on_moves_counts_and_names_who_leads():
    assert tell_moves(MOVES) == "3 of 3 ranks move; 1 gain a rank, 0 lose theirs; A leads instead of B."
    stays = MOVES.assign(rank=MOVES["rank_before"], places=[0.0, 0.0, None]).dropna(subset=["rank"])
    assert tell_moves(stays) == "0 of 2 ranks move; B leads in both."


def test_each_mover_names_its_causes_the_heaviest_first(layers):
    case = build_cases(layers, on=layers.verified_on, partners=["japan"], tracks=[Track.TEXT])[0]
    shares = pd.DataFrame(
        [("a", "x", 0.05, 0.0), ("a", "y", 0.15, 1.0), ("b", "x", 0.0, 0.0), ("b", "y", 0.0, -1.0)],
        columns=["alternative", "key", "score_change", "places"],
    ).assign(gains_rank=0.0)
    changes = pd.DataFrame([("x", "x", "1", "2"), ("y", "y", "3", "4")], columns=["key", "what", "before", "after"])
    lines = [line for line, _ in tell_comparison(Comparison((case, case), changes, MOVES, shares), {"japan": "Japan"})]
    assert "2 -> 1  A: score 0.4 -> 0.6; y +0.150, x +0.050" in lines
    assert "no rank -> 3  C: score 0.1 -> 0.3" in lines
    assert "x: 1 -> 2" in lines


FUTURES = pd.DataFrame({
    "regime": ["lifted", "snapback"] * 2, "feed_scenario": "late", "closure_id": ["", "", "pass", "pass"], "winner": list("aabb"),
    "ranked": 2,
})  # fmt: skip
WORTH = pd.DataFrame({"a": [0.9, 0.9, 0.5, 0.5], "b": [0.8, 0.8, 0.7, 0.7]}).to_numpy()
REGRET = pd.DataFrame([
    ("b", 2.0, 0.1, 0.05, 0.5, 0.0, "lifted", "late", ""), ("a", 1.0, 0.2, 0.1, 0.5, 0.0, "lifted", "late", "pass"),
], columns=REGRETS)  # fmt: skip
TIPPING = pd.DataFrame(
    [
        ("feed.cutoff_usd_per_t", "80", "20", "25", "27", "b", "a"),
        ("feed.cutoff_usd_per_t", "80", "300", "", "300", "", "a"),
        (DATE, "2026-11-22", "2027-01-11", "", "2027-01-11", "", "a"),
    ],
    columns=COLUMNS,
)


def test_regret_is_told_with_the_future_where_it_is_worst():
    told = tell_futures(Futures(FUTURES, REGRET, WORTH), {"a": "A", "b": "B"}, {"pass": "the pass"})
    lines = [line.replace("\u00a0", " ") for line, _ in told]
    assert lines[0].startswith("Regret over 4 futures")
    assert lines[1] == "B: leads in 50 % of them, at worst 0.1 behind the best (lifted, ore late, no passage shut)"
    assert lines[2] == "A: leads in 50 % of them, at worst 0.2 behind the best (lifted, ore late, the pass)"
    assert "regimes of the controls: move no score" in lines
    assert "passages that shut: move a score by up to 0.4" in lines


def test_what_tips_and_what_does_not_are_told_apart():
    lines = [line for line, _ in tell_tipping(TIPPING, {"b": "B"})][1:]
    assert lines[0] == "feed.cutoff_usd_per_t, now 80: at 25 B leads (at 27 not yet)"
    assert "feed.cutoff_usd_per_t 300" in lines[1]
    assert lines[2].endswith("up to 2027-01-11.")
