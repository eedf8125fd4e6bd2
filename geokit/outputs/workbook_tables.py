"""The sheets of the workbook that are read: the answer, and the tables behind it with units and meanings above the columns."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.core.columns import Column, split_ids
from geokit.io.book import Book, Formula, Page
from geokit.io.dictionary import read_columns
from geokit.outputs.assumed import list_assumed
from geokit.outputs.board import Board, pick_hauls
from geokit.outputs.style import WORDS
from geokit.outputs.view import View
from geokit.study.study import Study

LEADERS = 10
"""Rows of the ranking that the first sheet repeats."""
FORMS = {
    "1": "0.000", "USD/t": "#,##0", "km": "#,##0", "t": "#,##0", "t/y": "#,##0", "h": "#,##0", "month": "0.0", "day/y": "0.0",
    "million USD": "#,##0.0", "USD million": "#,##0.0", "day": "0", "year": "0", "deg": "0.0000", "t/t": "0.000",
}  # fmt: skip
"""Number format by unit; others show up to three decimals."""
OTHERWISE = "#,##0.###"
READINGS = {Track.TEXT: "by its text", Track.PRACTICE: "as practised"}
HEAD_ROWS = 3
"""Rows above a table: what each column means, its unit, its name."""
WIDE, WIDEST = 16, 60
PROSE = 40
"""Signs from which on a text gets a wide column."""


def write_answer(book: Book, study: Study, board: Board, *, view: View) -> None:
    """Write the first sheet: the question, the answer in words, the ten best, what is not known, and what this is not."""
    page, case = book.add_page("answer"), board.case
    bold, wrap, head = book.look(bold=True), book.look(text_wrap=True), book.look(bold=True, bottom=1, text_wrap=True)
    label = view.partner_labels[case.partner]
    told = (
        ("Question", f"Which plant should stand where for {label}, and does it beat exporting?"),
        ("Law", f"read {READINGS[case.track]}, on {case.on.isoformat()}; known on {case.known_on.isoformat()}"),
        ("Answer", view.headlines[case.case_id]),
        ("Beside it", view.remarks.get(case.case_id, "")),
        ("This is", " ".join(WORDS)),
        ("Weights", f"{study.weights[case.partner].who}: {study.weights[case.partner].method}. Change them on the sheet weights."),
        ("Changed here since the study?", Formula('=IF(sound<>"yes","the weights are not sound: see the sheet weights",changed)', "no")),
        ("Made by", "geokit {version}, layers {data_version}, assumptions {fingerprint}".format(**view.manifest)),
    )
    page.write((0, 0), " ".join(["Midstream siting,", view.place]).rstrip(" ,"), book.look(bold=True, font_size=16))
    for row, (name, words) in enumerate(told, 2):
        page.write((row, 0), name, bold)
        page.sheet.merge_range(row, 1, row, 6, "", wrap.normal)
        page.write((row, 1), words, wrap)
        page.sheet.set_row(row, 15 * max(1, -(-len(words) // 100)) if isinstance(words, str) else 15)
    start = len(told) + 3
    page.write_row(start, ("Rank", "Place", "Product", "Kind", "Score, 0 to 1", "Missing facts worst", "Missing facts best"), head)
    page.sheet.set_row(start, 30)
    for at, found in enumerate(_leaders(board), 1):
        for column, (cell, value) in enumerate(zip("BDEFGHI", found, strict=True)):
            look = book.look(num_format="0.00") if column > 3 else book.look(num_format="0", align="left")
            page.write((start + at, column), Formula(f"=ranking!{cell}{at + 4}", value), look)
    page.write((start + LEADERS + 2, 0), "Read with these warnings", bold)
    for row, words in enumerate(view.warnings, start + LEADERS + 3):
        page.sheet.merge_range(row, 0, row, 6, "", wrap.normal)
        page.write((row, 0), words, wrap)
        page.sheet.set_row(row, 15 * -(-len(words) // 120))
    for column, width in enumerate((28, 34, 30, 12, 12, 14, 14)):
        page.sheet.set_column(column, column, width)


def write_tables(book: Book, study: Study, case: Case) -> None:
    """Write assumptions, sources, hauls, exposure, economics and unknowns of a case, one sheet each."""
    _write_assumptions(book, study)
    money = study.economics[study.economics["partner"] == case.partner].sort_values("alternative")
    exposure = study.exposure[study.exposure["case_id"] == case.case_id].sort_values(["stage_id", "profile", "block_id"])
    hauls = pick_hauls(study, case)
    gaps = study.unknowns[study.unknowns["partner"].isin(["", case.partner]) & study.unknowns["track"].isin(["", case.track.value])]
    cells = study.scored.joined.list_cells(study.scored.joined.index_of(case.case_id), study.alternatives["alternative"].tolist())
    named = [money, cells, *(frame[frame["partner"] == case.partner] for frame in (study.gates, study.outlets))]
    named += [study.feeds, study.ties.rename(columns={"source_id": "source_ids"}), study.states]
    _write_frame(book.add_page("sources"), _list_sources(study, named), read_columns("sources"))
    for name, frame in (("hauls", hauls), ("exposure", exposure), ("economics", money), ("unknowns", gaps)):
        _write_frame(book.add_page(name), frame, read_columns(name))


def _leaders(board: Board) -> list[list[object]]:
    """Return what the first sheet says of the ten best as the study found them; blanks where fewer carry a rank."""
    rows = board.rows.dropna(subset=["rank"]).nsmallest(LEADERS, "rank")
    found = rows[["rank", "name", "product", "kind", "score", "bound_low", "bound_high"]].to_numpy().tolist()
    return [*found, *[[""] * 7] * (LEADERS - len(found))]


def _list_sources(study: Study, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the sources that some tables name."""
    used = {one for frame in frames for cell in frame["source_ids"].unique() for one in split_ids(cell)}
    sources = study.layers["sources"]
    return sources[sources["source_id"].isin(used)].sort_values("source_id")


def _write_assumptions(book: Book, study: Study) -> None:
    """Write every assumed figure with its range, its unit and what it says."""
    frame = pd.DataFrame(list_assumed(study.assumptions, study.layers["sources"]["source_id"].tolist()))
    columns = (
        Column("name", description="Name for --set."), Column("low", "number", description="Least plausible."),
        Column("mode", "number", description="Most plausible."), Column("high", "number", description="Largest plausible."),
        Column("value", description="In words."), Column("grade", description="M: carried over from a source; A: assumed."),
        Column("unit", description="Unit."), Column("words", description="What it says."),
    )  # fmt: skip
    _write_frame(book.add_page("assumptions"), frame, columns)


def _write_frame(page: Page, frame: pd.DataFrame, columns: Sequence[Column]) -> None:
    """Write a table: meanings, units and names in three rows that stay in sight, then the rows, with a filter."""
    book, kept = page.book, [column for column in columns if column.name in frame]
    small, head = book.look(font_color="#7D8893", text_wrap=True, font_size=8), book.look(bold=True, bottom=1)
    page.write_row(0, (column.description for column in kept), small)
    page.write_row(1, ("" if column.unit == "1" else column.unit for column in kept), small)
    page.write_row(2, (column.name for column in kept), head)
    page.sheet.set_row(0, 60)
    for place, column in enumerate(kept):
        cells, form = frame[column.name].tolist(), _choose_form(column)
        look = book.look(num_format=form) if form else book.look()
        for row, value in enumerate(cells, HEAD_ROWS):
            page.write((row, place), value, look)
        is_prose = not form and any(len(str(cell)) > PROSE for cell in cells)
        page.sheet.set_column(place, place, WIDEST if is_prose else WIDE)
    page.sheet.freeze_panes(HEAD_ROWS, 1)
    page.sheet.repeat_rows(HEAD_ROWS - 1)
    page.sheet.autofilter(HEAD_ROWS - 1, 0, HEAD_ROWS - 1 + len(frame), len(kept) - 1)


def _choose_form(column: Column) -> str:
    """Return the number format of a column; blank for words."""
    if column.type not in {"number", "integer"}:
        return ""
    return FORMS.get(column.unit, "0" if column.type == "integer" else OTHERWISE)
