"""The workbook of one case: a planner changes a weight or fills in a blank, and score, range and rank follow."""

from __future__ import annotations

from pathlib import Path

from geokit.core.case import Case
from geokit.io.book import Book
from geokit.io.write import write_bytes
from geokit.outputs.board import build_board
from geokit.outputs.style import WORDS
from geokit.outputs.view import view_study
from geokit.outputs.workbook_live import write_alternatives, write_matrix, write_ranking, write_weights, write_worth
from geokit.outputs.workbook_tables import write_answer, write_tables
from geokit.study.study import Study


def write_workbook(study: Study, case: Case, path: Path) -> Path:
    """Write the workbook of a case.

    Parameters
    ----------
    study : Study
        The finished study.
    case : Case
        One of its cases.
    path : pathlib.Path
        Where to, as in ``out/japan.xlsx``.

    Returns
    -------
    pathlib.Path
        The file; the same study gives the same bytes.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    return write_bytes(path, render_workbook(study, case))


def render_workbook(study: Study, case: Case) -> bytes:
    """Return the workbook of a case as the bytes of an XLSX file.

    Parameters
    ----------
    study : Study
        The finished study.
    case : Case
        One of its cases.

    Returns
    -------
    bytes
        Sheets ``answer``, ``ranking``, ``weights``, ``matrix``, ``worth``, ``alternatives``, ``assumptions``, ``sources``, ``hauls``,
        ``exposure``, ``economics``, ``unknowns``.
    """
    view = view_study(study)
    board = build_board(study, view, case)
    notice = f"{' '.join(WORDS)} Law and facts as known on {case.known_on.isoformat()}."
    book = Book(f"Midstream siting for {view.partner_labels[case.partner]}", case.known_on, footer=notice)
    write_answer(book, study, board, view=view)
    write_ranking(book, board)
    write_weights(book, board)
    write_matrix(book, board)
    write_worth(book, board)
    write_alternatives(book, board)
    write_tables(book, study, case)
    return book.close()
