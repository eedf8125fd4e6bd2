"""The sheets of the workbook that compute: weights, worth, alternatives and the ranking that follows from them.

Nothing here is a second method: each formula says what :mod:`geokit.scoring` computes. The score is the sum of weight times worth
over the known cells; a missing cell earns nothing, and no weight is scaled up for it (model rule M19).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name as letter

from geokit.core.codes import Status
from geokit.io.book import Book, Formula, Page
from geokit.outputs.board import ENDS, Board
from geokit.scoring import Criterion
from geokit.scoring.screen import WITH_RANK

HEAD = 4
"""Rows above the first alternative, on every sheet that lists them."""
FIRST = 8
"""Row of the first criterion on the sheet of weights, as a spreadsheet counts."""
BLOCKS = {
    "v": "worth of the figure", "low": "its worse end, less the worth", "high": "its better end, less the worth",
    "sourced": "counts as evidence once known (1 = yes)",
}  # fmt: skip
"""Blocks of the sheet of worth, in their order; blank in the second and third: the figure has no range."""
YELLOW, GREY, RULE = "#FFF3B0", "#7D8893", "#B8C2CC"
RULES = (
    "Type shares from 0 to 1 into the yellow cells. Criteria that you leave blank share what is left, in their old proportions; ranking, "
    "scores and ranges follow. Blank cells of the sheet matrix may be filled in as well. Bands and tiers come from draws: they go blank "
    "when anything is changed, and geokit rescore draws them anew."
)


@dataclass(frozen=True)
class Live:
    """One column of the sheet of alternatives.

    Attributes
    ----------
    name : str
        Of the column of the board, or of what is computed.
    label : str
        Printed above it.
    form : str
        Number format.
    """

    name: str
    label: str
    form: str = ""


FACTS = (
    Live("alternative", "alternative"), Live("name", "place"), Live("product", "product"), Live("feed", "made from"), Live("kind", "kind"),
    Live("hint", "screened or conditional"), Live("does_less", "does less (1 = yes)", "0"), Live("rank", "rank in the study", "0"),
    Live("score", "score in the study", "0.000000"), Live("score_p10", "P10 of draws", "0.000"), Live("score_p90", "P90 of draws", "0.000"),
    Live("tier", "tier", "0"), Live("beats_baseline", "beats exporting"), Live("d_rel", "exposure index, 0 to 1", "0.000"),
    Live("product_freight_usd_per_t", "freight, USD/t", "#,##0"), Live("margin_usd_per_t_low", "margin low, USD/t", "#,##0"),
    Live("margin_usd_per_t", "margin, USD/t", "#,##0"), Live("margin_usd_per_t_high", "margin high, USD/t", "#,##0"),
    Live("status_reason", "what stands against it"), Live("reason", "why it stands there in the study"),
)  # fmt: skip
"""What the study found, as it stands."""
WEIGHT_COLUMNS = (
    "id", "criterion", "group", "unit", "better", "shape", "p1", "p2", "p3", "weight in the study", "your weight", "weight now",
)  # fmt: skip
COMPUTED = (
    Live("score", "score now", "0.000000"), Live("bound_low", "missing facts worst", "0.000"),
    Live("bound_high", "missing facts best", "0.000"), Live("evidence_frac", "weight on evidence", "0.00"), Live("status", "standing now"),
    Live("order", "order", "0.000000000000"), Live("rank", "rank now", "0"),
)  # fmt: skip
"""What the sheet computes from weights and worth."""
SHOWN = (
    ("rank", True), ("rank", False), ("name", False), ("product", False), ("kind", False), ("score", True), ("bound_low", True),
    ("bound_high", True), ("score_p10", False), ("score_p90", False), ("tier", False), ("evidence_frac", True), ("status", True),
    ("beats_baseline", False), ("d_rel", False), ("product_freight_usd_per_t", False), ("margin_usd_per_t_low", False),
    ("margin_usd_per_t", False), ("margin_usd_per_t_high", False), ("reason", False), ("alternative", False),
)  # fmt: skip
"""Columns of the ranking and whether each is computed in the workbook."""
OF_THE_STUDY = ("score_p10", "score_p90", "tier", "reason")
"""Facts that no formula follows: blank once anything is changed."""


def write_weights(book: Book, board: Board) -> None:
    """Write the sheet on which a planner changes weights; its cells carry names for the other sheets."""
    page, last = book.add_page("weights"), FIRST + len(board.counted) - 1
    note, share = book.look(text_wrap=True, font_color=GREY), book.look(num_format="0.0000")
    yours = book.look(num_format="0.0000", bg_color=YELLOW, border=1, border_color=RULE)
    page.sheet.merge_range("A1:L1", "", note.normal)
    page.write((0, 0), RULES, note)
    page.sheet.set_row(0, 62)
    for row, (name, (label, value)) in enumerate(_tell_weights(board, last).items(), 2):
        page.write((row - 1, 0), label, book.look(bold=True))
        page.write((row - 1, 4), value, yours if name == "threshold" else share)
        book.name_cells(name, f"weights!$E${row}")
    page.write_row(FIRST - 2, WEIGHT_COLUMNS, book.look(bold=True, bottom=1))
    for row, one in enumerate(board.counted, FIRST):
        weight = board.weights[one.criterion_id]
        page.write_row(row - 1, [*_describe(one), weight], share)
        page.write((row - 1, 10), None, yours)
        page.write((row - 1, 11), Formula(_settle_weight(row, last), weight), share)
    for row, one in enumerate(board.aside, last + 1):
        page.write_row(row, [*_describe(one), "not counted in the mode of this study"], book.look(font_color=GREY))
    bounds = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1, "error_message": "Give a share from 0 to 1."}
    page.sheet.data_validation(FIRST - 1, 10, last - 1, 10, bounds)
    _finish(page, widths=(6, 60, 24, 26, 8, 12, 8, 8, 8, 18, 12, 12), freeze=(FIRST - 1, 2))


def write_matrix(book: Book, board: Board) -> None:
    """Write the decision matrix: what every criterion says of every alternative, in its unit; blanks are what nobody knows."""
    page, criteria = book.add_page("matrix"), [*board.counted, *board.aside]
    note = "Figures in the unit of each criterion; an empty cell is not known. Fill one in and the ranking follows."
    names = ["alternative", "place", "product", *(f"{one.criterion_id} {one.name}" for one in criteria)]
    _head(page, note, above=["", "", "", *(one.unit for one in criteria)], names=names)
    figure = book.look(num_format="#,##0.###")
    labels = board.rows[["alternative", "name", "product"]].to_numpy().tolist()
    for row, (label, figures) in enumerate(zip(labels, board.figures.tolist(), strict=True), HEAD):
        page.write_row(row, label)
        for column, value in enumerate(figures, 3):
            page.write((row, column), value, figure)
    _finish(page, widths=(36, 30, 26, *[15] * len(criteria)), freeze=(HEAD, 3))
    page.sheet.autofilter(HEAD - 1, 0, HEAD - 1 + len(board.rows), 2 + len(criteria))


def write_worth(book: Book, board: Board) -> None:
    """Write what each figure is worth, 0 to 1, how far its ends lie from that, and whether it is evidence; one block of columns each."""
    page, n = book.add_page("worth"), len(board.counted)
    note = "0 = useless, 1 = ideal, by the shape and the anchors on the sheet weights."
    blocks = [word if place == 0 else "" for word in BLOCKS.values() for place in range(n)]
    _head(page, note, above=["", *blocks], names=["alternative", *[one.criterion_id for one in board.counted] * len(BLOCKS)])
    page.write((1, 0), "weight now", book.look(font_color=GREY))
    share = book.look(num_format="0.000")
    for place, one in enumerate(board.counted):
        page.write((1, 1 + place), Formula(f"=weights!$L${FIRST + place}", board.weights[one.criterion_id]), book.look(num_format="0.0000"))
    for row, name in enumerate(board.rows["alternative"], HEAD):
        page.write((row, 0), name)
        for place, one in enumerate(board.counted):
            for block, cell in enumerate(_weigh_cell(board, one, at=(row - HEAD, place))):
                page.write((row, 1 + block * n + place), cell, share)
    _finish(page, widths=(36, *[8] * n * len(BLOCKS)), freeze=(HEAD, 1))


def write_alternatives(book: Book, board: Board) -> None:
    """Write every alternative with what the study found and the score, range, standing and rank that follow from the weights now."""
    page, count = book.add_page("alternatives"), len(board.rows)
    note = "All alternatives, ranked or not, in the order of their ids. The last columns are computed from the sheets weights and worth."
    _head(page, note, above=[], names=[one.label for one in (*FACTS, *COMPUTED)])
    looks = [book.look(num_format=one.form) if one.form else book.look() for one in (*FACTS, *COMPUTED)]
    for row, record in enumerate(board.rows.to_dict("records"), HEAD):
        facts = [float(record[one.name]) if one.name == "does_less" else record[one.name] for one in FACTS]
        for column, value in enumerate([*facts, *_compute_row(board, row + 1, record)]):
            page.write((row, column), value, looks[column])
    now, then = (_span(one, count, is_computed=flag) for one, flag in (("score", True), ("score", False)))
    page.write((1, 0), "changed since the study?", book.look(font_color=GREY))
    moved = f"SUMPRODUCT(--(ABS({now}-{then})>0.000000001))+(threshold<>{board.threshold!r})"
    page.write((1, 1), Formula(f'=IF(ISERROR(SUM({now})),"yes",IF({moved}>0,"yes","no"))', "no"))
    book.name_cells("changed", "alternatives!$B$2")
    _finish(page, widths=(36, 30, 26, 26, 10, 14, *[11] * 12, 40, 60, *[12] * len(COMPUTED)), freeze=(HEAD, 1))
    page.sheet.autofilter(HEAD - 1, 0, HEAD - 1 + count, len(FACTS) + len(COMPUTED) - 1)


def write_ranking(book: Book, board: Board) -> None:
    """Write the alternatives that carry a rank, best first, as looked up by rank: the order follows the weights."""
    page, count = book.add_page("ranking"), len(board.rows)
    ranked = int(board.rows["rank"].notna().sum())
    listed = int((board.rows["hint"] != Status.SCREENED).sum())
    columns = {(one.name, flag): one for flag, these in ((False, FACTS), (True, COMPUTED)) for one in these}
    note = f"Best first, by the weights now. All {count} alternatives, and why some have no rank: sheet alternatives."
    _head(page, note, above=[], names=["row", *(columns[one].label for one in SHOWN)])
    looks = [book.look(num_format=columns[one].form) if columns[one].form else book.look() for one in SHOWN]
    ordered = board.rows.assign(place=range(1, count + 1)).sort_values("rank", na_position="last").head(listed).to_dict("records")
    for at, record in enumerate(ordered, 1):
        row, is_ranked = HEAD + at, at <= ranked
        lookup = f'=IFERROR(MATCH({at},{_span("rank", count, is_computed=True)},0),"")'
        page.write((row - 1, 0), Formula(lookup, record["place"] if is_ranked else ""), book.look(font_color=GREY))
        for column, (name, flag) in enumerate(SHOWN, 1):
            text = _look_up(name, _span(name, count, is_computed=flag), row)
            page.write((row - 1, column), Formula(text, record[name] if is_ranked else ""), looks[column - 1])
    ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
    page.sheet.conditional_format(HEAD, 6, HEAD + listed - 1, 6, {"type": "data_bar", "bar_color": "#9DB8CC", "bar_solid": True, **ends})
    page.sheet.print_area(HEAD - 1, 0, HEAD - 1 + listed, len(SHOWN) - 2)
    _finish(page, widths=(6, 7, 9, 30, 26, 10, 10, 10, 10, 9, 9, 6, 10, 13, 9, 9, 9, 9, 9, 9, 70, 36), freeze=(HEAD, 4))


def _look_up(name: str, cells: str, row: int) -> str:
    """Return the formula that shows one column of the row found for a rank; blank where none is, or where draws no longer hold."""
    found, blank = f"INDEX({cells},$A{row})", f'$A{row}="",changed="yes"' if name in OF_THE_STUDY else f'$A{row}=""'
    return f'=IF(OR({blank}),"",IF({found}="","",{found}))'


def _tell_weights(board: Board, last: int) -> dict[str, tuple[str, object]]:
    """Return what stands above the weights, by the name that its cell gets: words, and a formula or figure."""
    old, new = (f"${column}${FIRST}:${column}${last}" for column in "JK")
    wrong = f'SUMPRODUCT(--ISTEXT({new}))+COUNTIF({new},"<0")'
    overrun = f"OR(given>1.000000001,AND(COUNT({new})=COUNT({old}),ABS(given-1)>0.000000001))"
    sound = f'=IF({wrong}>0,"no: give figures of at least 0",IF({overrun},"no: your shares must not exceed 1 in sum","yes"))'
    return {
        "sound": ("Are these weights sound?", Formula(sound, "yes")),
        "given": ("Sum of your shares", Formula(f"=SUM({new})", 0.0)),
        "free": ("Weight in the study of the criteria that you left blank", Formula(f"=SUMPRODUCT({old},1-ISNUMBER({new}))", 1.0)),
        "threshold": ("Least weight on evidence with which an alternative is ranked", board.threshold),
    }


def _settle_weight(row: int, last: int) -> str:
    """Return the formula of the weight now: what is given, or a share of what is left in the old proportions, evenly if there are none."""
    old, new = (f"${column}${FIRST}:${column}${last}" for column in "JK")
    left = f"IF(free>0,MAX(1-given,0)*$J{row}/free,MAX(1-given,0)/(COUNT({old})-COUNT({new})))"
    return f'=IF(sound<>"yes",NA(),IF(ISNUMBER($K{row}),$K{row},{left}))'


def _compute_row(board: Board, row: int, record: Mapping[Hashable, Any]) -> list[Formula]:
    """Return the formulas of one alternative, each with what the study found."""
    weights = f"worth!{_block(board, 'v', '$2')}"
    worth, low, high, sourced = (f"worth!{_block(board, name, str(row))}" for name in BLOCKS)
    orders = _span("order", len(board.rows), is_computed=True, sheet="")
    column = letter(_column("order", is_computed=True))
    hint, less = (f"${letter(_column(name, is_computed=False))}{row}" for name in ("hint", "does_less"))
    now = ("score", "evidence_frac", "status", "order")
    score, evidence, status, order = (f"${letter(_column(name, is_computed=True))}{row}" for name in now)
    standing = f'IF({evidence}<threshold,"not_rankable",IF({less}=1,"baseline",IF({hint}="conditional","conditional","ranked")))'
    has_rank = ",".join(f'{status}="{word}"' for word in WITH_RANK)
    places = f"SUMPRODUCT(--({orders}>{order}))+SUMPRODUCT(--(${column}${HEAD + 1}:{order}={order}))"
    return [
        Formula(f"=ROUND(SUMPRODUCT({weights},{worth}),12)", record["score"]),
        Formula(f"=ROUND(SUMPRODUCT({weights},{worth})+SUMPRODUCT({weights},{low}),12)", record["bound_low"]),
        Formula(f'=ROUND(SUMPRODUCT({weights},{worth})+SUMPRODUCT({weights},{high})+SUMPRODUCT({weights},--({worth}="")),12)',
                record["bound_high"]),
        Formula(f'=ROUND(SUMPRODUCT({weights},{sourced},--({worth}<>"")),12)', record["evidence_frac"]),
        Formula(f'=IF({hint}="screened","screened",{standing})', record["status"]),
        Formula(f"=IF(OR({has_rank}),{score},-1)", record["score"] if record["status"] in WITH_RANK else -1),
        Formula(f'=IF({order}<0,"",{places})', record["rank"]),
    ]  # fmt: skip


def _weigh_cell(board: Board, one: Criterion, *, at: tuple[int, int]) -> list[object]:
    """Return the worth of one figure, how far its ends lie from that, and whether it counts as evidence once known.

    A figure that the planner fills in has no range and counts as evidence; one that he changes keeps the width of its range.
    """
    row, place = at
    worth, low, high = (float(board.worth[end][at]) for end in ENDS)
    figure = f"matrix!${letter(3 + place)}{HEAD + 1 + row}"
    text = f'=IF({figure}="","",{_value_formula(one, FIRST + place, figure)})'
    if np.isnan(worth):
        return [Formula(text), None, None, 1]
    return [Formula(text, worth), (low - worth) or None, (high - worth) or None, int(board.sourced[at])]


def _value_formula(one: Criterion, row: int, figure: str) -> str:
    """Return the value function of a criterion over a cell, with its anchors on the sheet of weights."""
    p1, p2, p3 = (f"weights!${column}${row}" for column in "GHI")
    if not one.has_value_function:
        return '""'
    if one.shape == "exp":
        return f"EXP(-MAX({figure},0)/{p1})"
    if one.shape == "concave_exp":
        return f"1-EXP(-MAX({figure},0)/{p1})"
    if one.shape == "piecewise":
        below, beyond = f"0.5*MAX(0,({figure}-{p1})/({p2}-{p1}))", f"MIN(1,0.5+0.5*({figure}-{p2})/({p3}-{p2}))"
        return f"IF(({figure}-{p2})*({p3}-{p1})<0,{below},{beyond})"
    return f"MAX(0,MIN(1,({figure}-{p1})/({p2}-{p1})))"


def _describe(one: Criterion) -> list[object]:
    """Return what the sheet of weights says of a criterion."""
    anchors = [*one.known_anchors, None, None, None][:3]
    return [one.criterion_id, one.label, one.group, one.unit, "more" if one.sense == "max" else "less", one.shape, *anchors]


def _block(board: Board, name: str, row: str) -> str:
    """Return the cells of a block of the sheet of worth in one row."""
    start = 1 + list(BLOCKS).index(name) * len(board.counted)
    return f"${letter(start)}{row}:${letter(start + len(board.counted) - 1)}{row}"


def _column(name: str, *, is_computed: bool) -> int:
    """Return the place of a column of the sheet of alternatives."""
    columns = COMPUTED if is_computed else FACTS
    return [one.name for one in columns].index(name) + (len(FACTS) if is_computed else 0)


def _span(name: str, count: int, *, is_computed: bool, sheet: str = "alternatives!") -> str:
    """Return the cells of a column of the sheet of alternatives."""
    column = letter(_column(name, is_computed=is_computed))
    return f"{sheet}${column}${HEAD + 1}:${column}${HEAD + count}"


def _head(page: Page, note: str, *, above: Sequence[str], names: Sequence[str]) -> None:
    """Write what stands above the rows: what the sheet is, what stands above the names, the names."""
    page.write((0, 0), note, page.book.look(font_color=GREY))
    page.write_row(HEAD - 2, above, page.book.look(font_color=GREY, text_wrap=True))
    page.write_row(HEAD - 1, names, page.book.look(bold=True, bottom=1, text_wrap=True))
    page.sheet.set_row(HEAD - 1, 45)
    page.sheet.repeat_rows(HEAD - 1)


def _finish(page: Page, *, widths: Sequence[float], freeze: tuple[int, int]) -> None:
    """Set widths and panes."""
    for column, width in enumerate(widths):
        page.sheet.set_column(column, column, width)
    page.sheet.freeze_panes(*freeze)

