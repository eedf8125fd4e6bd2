"""The workbook: what a planner changes in it gives what Python gives, and nothing in it runs that we did not write."""

from __future__ import annotations

import dataclasses
import math
import re
import runpy
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_col_to_name

from geokit.outputs.board import build_board
from geokit.outputs.view import view_study
from geokit.outputs.workbook import render_workbook, write_workbook
from geokit.outputs.workbook_live import COMPUTED, FACTS, FIRST, HEAD

OFFICE = runpy.run_path(str(Path(__file__).with_name("office.py")))
SHEETS = ["answer", "ranking", "weights", "matrix", "worth", "alternatives", "assumptions", "sources", "hauls", "exposure", "economics",
          "unknowns"]  # fmt: skip
CLOSE = 1e-9
CHANGED = {"D1": 0.4, "L1": 0.25}
COLUMNS = [one.name for one in FACTS] + [f"now_{one.name}" for one in COMPUTED]
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0")


@pytest.fixture(scope="module")
def board(little_study):
    return build_board(little_study, view_study(little_study), little_study.case("japan"))


@pytest.fixture(scope="module")
def plain(little_study, tmp_path_factory):
    return write_workbook(little_study, little_study.case("japan"), tmp_path_factory.mktemp("book") / "plain.xlsx")


@pytest.fixture(scope="module")
def gap(board):
    """The heaviest missing figure of the first ranked row that misses one: its place on the board."""
    for row in board.rows.sort_values("rank").index:
        missing = [at for at in np.flatnonzero(np.isnan(board.worth["v"][row])) if board.counted[at].has_value_function]
        if missing:
            return row, max(missing, key=lambda at: board.weights[board.counted[at].criterion_id])
    raise AssertionError("every figure is known")


@pytest.fixture(scope="module")
def computed(plain, board, gap, tmp_path_factory):
    """Recalculate the workbook as written, with two weights changed, with weights beyond one, and with one blank filled in."""
    folder, fill = tmp_path_factory.mktemp("computed"), OFFICE["fill_cells"]
    rows = {one.criterion_id: FIRST + place for place, one in enumerate(board.counted)}
    weighed = fill(plain, folder / "weighed.xlsx", "weights", {f"K{rows[name]}": share for name, share in CHANGED.items()})
    beyond = fill(plain, folder / "beyond.xlsx", "weights", {f"K{rows[name]}": 0.8 for name in CHANGED})
    cell = f"{xl_col_to_name(3 + gap[1])}{HEAD + 1 + gap[0]}"
    filled = fill(plain, folder / "filled.xlsx", "matrix", {cell: best_of(board.counted[gap[1]])})
    drawn = [
        fill(plain, folder / f"drawn{at}.xlsx", "weights", {f"K{rows[name]}": share for name, share in shares.items()})
        for at, shares in enumerate(draw_weights(board))
    ]
    done = OFFICE["recalculate"]([plain, weighed, beyond, filled, *drawn], tmp_path_factory.mktemp("office"))
    return {path.stem: CalamineWorkbook.from_path(path) for path in done}


def draw_weights(board):
    """Return weights drawn evenly over all that sum to one: of all criteria, and of three with the rest in proportion."""
    names, chance = [one.criterion_id for one in board.counted], np.random.default_rng(7)
    whole = [dict(zip(names, chance.dirichlet(np.ones(len(names))), strict=True)) for _ in range(2)]
    parts = [dict(zip(chance.choice(names, 3, replace=False).tolist(), chance.dirichlet(np.ones(4))[:3], strict=True)) for _ in range(2)]
    return [{name: float(share) for name, share in one.items()} for one in (*whole, *parts)]


def best_of(criterion):
    """Return a figure that is worth a lot by the value function of a criterion."""
    if criterion.shape == "exp":
        return 0.0
    return 10 * criterion.known_anchors[0] if criterion.shape == "concave_exp" else criterion.known_anchors[-1]


def read_alternatives(book):
    rows = book.get_sheet_by_name("alternatives").to_python()[HEAD:]
    return pd.DataFrame(rows, columns=COLUMNS).replace("", np.nan).set_index("alternative")


def read_sheet(path, name):
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"xl/worksheets/sheet{SHEETS.index(name) + 1}.xml").decode("utf8")


def assert_as_in_study(rows, study):
    """Hold what the workbook computed against the table of a study."""
    table = study.rankings[study.rankings["case_id"] == study.case("japan").case_id].set_index("alternative").loc[rows.index]
    for name in ("score", "bound_low", "bound_high", "evidence_frac", "rank"):
        np.testing.assert_allclose(rows[f"now_{name}"].astype(float), table[name], rtol=0, atol=CLOSE, err_msg=name)
    assert rows["now_status"].tolist() == table["status"].tolist()


def test_the_workbook_as_written_carries_what_the_study_found(plain, little_study):
    assert_as_in_study(read_alternatives(CalamineWorkbook.from_path(plain)), little_study)


def test_the_workbook_computed_anew_gives_what_python_gives(computed, little_study):
    assert_as_in_study(read_alternatives(computed["plain"]), little_study)


def test_changed_weights_give_the_ranks_of_a_rescored_study(computed, little_study):
    rows = read_alternatives(computed["weighed"])
    assert_as_in_study(rows, little_study.rescore(CHANGED, partner="japan"))
    assert (rows["now_rank"].astype(float) != rows["rank"].astype(float)).any()


@pytest.mark.parametrize("at", range(4))
def test_any_weights_give_the_ranks_of_a_rescored_study(computed, board, little_study, at):
    rows = read_alternatives(computed[f"drawn{at}"])
    assert_as_in_study(rows, little_study.rescore(draw_weights(board)[at], partner="japan"))


def test_the_ranking_sheet_follows_the_weights_and_drops_what_was_drawn_for_the_old_ones(computed, little_study):
    best = little_study.rescore(CHANGED, partner="japan").ranking("japan")
    rows = pd.DataFrame(computed["weighed"].get_sheet_by_name("ranking").to_python()[HEAD:])
    rows = rows[rows[1] != ""]
    assert rows[1].tolist() == list(range(1, len(best) + 1))
    assert rows[21].tolist() == best["alternative"].tolist()
    assert set(rows[9]) | set(rows[10]) | set(rows[11]) | set(rows[20]) == {""}


def test_the_first_sheet_shows_the_leaders_of_the_new_weights(computed, little_study):
    cells = [row[4] for row in computed["weighed"].get_sheet_by_name("answer").to_python()]
    scores = little_study.rescore(CHANGED, partner="japan").ranking("japan", top=10)["score"]
    np.testing.assert_allclose([cell for cell in cells if isinstance(cell, float)], scores, atol=CLOSE)


def test_shares_beyond_one_give_no_ranking_and_say_so(computed):
    rows = computed["beyond"].get_sheet_by_name("ranking").to_python()[HEAD:]
    assert {row[1] for row in rows} == {""}
    told = [str(cell) for row in computed["beyond"].get_sheet_by_name("answer").to_python() for cell in row]
    assert any("weights are not sound" in cell for cell in told)


def test_a_blank_that_is_filled_in_raises_its_row_by_weight_times_worth_and_closes_its_gap(computed, board, gap):
    row, place = gap
    criterion, before = board.counted[place], board.rows.iloc[row]
    worth = float(criterion.value(np.array([best_of(criterion)]))[0])
    now, weight = read_alternatives(computed["filled"]).loc[before["alternative"]], board.weights[criterion.criterion_id]
    assert worth > 0.5
    assert math.isclose(now["now_score"], before["score"] + weight * worth, abs_tol=CLOSE)
    assert math.isclose(now["now_bound_high"], before["bound_high"] - weight * (1 - worth), abs_tol=CLOSE)
    assert math.isclose(now["now_evidence_frac"], before["evidence_frac"] + weight, abs_tol=CLOSE)


def test_a_filled_blank_moves_no_other_row(computed, board, gap):
    rows = read_alternatives(computed["filled"]).drop(board.rows.iloc[gap[0]]["alternative"])
    np.testing.assert_allclose(rows["now_score"].astype(float), rows["score"].astype(float), atol=CLOSE)


def test_missing_figures_are_empty_cells(plain, board):
    rows = CalamineWorkbook.from_path(plain).get_sheet_by_name("matrix").to_python()[HEAD:]
    cells = np.array([[cell == "" for cell in row[3:]] for row in rows])
    assert cells.any()
    assert (cells == np.isnan(board.figures)).all()


def test_the_sheets_are_there_in_their_order_and_keep_their_heads_in_sight(plain):
    assert CalamineWorkbook.from_path(plain).sheet_names == SHEETS
    for name in SHEETS[1:]:
        assert 'state="frozen"' in read_sheet(plain, name), name


def test_every_printed_sheet_says_what_it_is_not(plain):
    for name in SHEETS:
        assert "Screening, not a feasibility study. Not legal advice" in read_sheet(plain, name), name


def test_units_stand_above_the_figures(plain):
    _, units, names = CalamineWorkbook.from_path(plain).get_sheet_by_name("hauls").to_python()[:3]
    assert dict(zip(names, units, strict=True))["usd_per_t"] == "USD/t"


def test_every_assumption_stands_there_with_its_range(plain, little_study):
    _, _, names, *rows = CalamineWorkbook.from_path(plain).get_sheet_by_name("assumptions").to_python()
    told = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
    ends = {path: value for path, value in little_study.assumptions.leaves() if path.endswith((".low", ".mode", ".high"))}
    held = {path: value for path, value in ends.items() if path.rpartition(".")[0] in told}
    assert len(held) > 20
    assert {path: told[path.rpartition(".")[0]][path.rpartition(".")[2]] for path in held} == held
    assert told["transport.parcel_t"]["mode"] == little_study.assumptions.transport.parcel_t
    assert {row["grade"] for row in told.values()} == {"A", "M"}


def test_every_source_that_a_row_names_stands_there(plain, little_study):
    book = CalamineWorkbook.from_path(plain)
    known = {row[0] for row in book.get_sheet_by_name("sources").to_python()[3:]}
    names, *rows = book.get_sheet_by_name("economics").to_python()[2:]
    named = {one for row in rows for one in row[names.index("source_ids")].split(";") if one}
    assert named
    assert named & set(little_study.layers["sources"]["source_id"]) <= known


def test_the_same_study_gives_the_same_bytes(plain, little_study):
    assert render_workbook(little_study, little_study.case("japan")) == plain.read_bytes()


def test_text_of_a_user_is_never_a_formula(little_study, plain, tmp_path):
    sites = little_study.layers["sites"]
    hostile = sites.assign(name=[HOSTILE[at % len(HOSTILE)] for at in range(len(sites))])
    products = little_study.layers["products"].assign(label=HOSTILE[-1])
    layers = dataclasses.replace(little_study.layers, tables={**little_study.layers.tables, "sites": hostile, "products": products})
    path = write_workbook(dataclasses.replace(little_study, layers=layers), little_study.case("japan"), tmp_path / "hostile.xlsx")
    for name in SHEETS:
        formulas = [re.findall(r"<f>(.*?)</f>", read_sheet(one, name)) for one in (path, plain)]
        assert formulas[0] == formulas[1], name
    shown = {cell for row in CalamineWorkbook.from_path(path).get_sheet_by_name("alternatives").to_python() for cell in row}
    assert HOSTILE[-1] in shown
    with zipfile.ZipFile(path) as archive:
        assert 'quotePrefix="1"' in archive.read("xl/styles.xml").decode("utf8")
        assert not [name for name in archive.namelist() if "externalLink" in name or "vba" in name.lower()]
