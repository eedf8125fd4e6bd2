"""A workbook in memory: text stays text, blanks stay blank, and the same content gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from geokit.io.write import FORMULA_SIGNS

LONGEST = 32_767
"""Signs that a cell can hold."""
A4 = 9
"""Number of the paper size."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Formula:
    """A formula and the value that a reader who computes nothing shows.

    Attributes
    ----------
    text : str
        As in ``=SUM(A1:A3)``.
    value : object
        What it gives for the figures as written; blank when it gives none.
    """

    text: str
    value: object = ""


@dataclass(frozen=True)
class Look:
    """How a cell looks, and how it looks where its text begins like a formula."""

    normal: Any
    quoted: Any


@dataclass(frozen=True)
class Page:
    """One sheet of a workbook.

    Attributes
    ----------
    sheet : xlsxwriter.worksheet.Worksheet
        For what concerns the whole sheet: panes, widths, filters, print.
    book : Book
        The workbook, for how cells look.
    """

    sheet: Any
    book: Book

    def write(self, place: tuple[int, int], value: object, look: Look | None = None) -> None:
        """Write one cell.

        Parameters
        ----------
        place : tuple of int
            Row and column, from 0.
        value : object
            A :class:`Formula`, a figure, a truth or text; a missing one leaves the cell empty. Text is never taken for a formula, an
            address or a figure, also not when somebody edits the cell.
        look : Look, optional
            From :meth:`Book.look`.
        """
        look = look or self.book.plain
        if isinstance(value, Formula):
            self.sheet.write_formula(*place, value.text, look.normal, _settle(value.value))
        elif _is_missing(value):
            self.sheet.write_blank(*place, None, look.normal)
        elif isinstance(value, bool | np.bool_):
            self.sheet.write_boolean(*place, bool(value), look.normal)
        elif isinstance(value, int | float | np.number):
            self.sheet.write_number(*place, float(value), look.normal)
        else:
            text = str(value)[:LONGEST]
            self.sheet.write_string(*place, text, look.quoted if text.startswith(FORMULA_SIGNS) else look.normal)

    def write_row(self, row: int, values: Iterable[object], look: Look | None = None) -> None:
        """Write cells side by side from the first column on."""
        for column, value in enumerate(values):
            self.write((row, column), value, look)


class Book:
    """A workbook that is built sheet by sheet.

    Parameters
    ----------
    title : str
        Title of the document.
    day : datetime.date
        Stands as the day of creation, so that the bytes do not depend on when the file was made.
    footer : str
        Printed at the foot of every sheet.
    """

    def __init__(self, title: str, day: dt.date, *, footer: str = "") -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, OPTIONS)
        self._book.set_properties({"title": title, "created": dt.datetime.combine(day, dt.time())})
        self._footer = footer.replace("&", "&&")
        self._looks: dict[tuple[tuple[str, object], ...], Look] = {}
        self.plain = self.look()

    def add_page(self, name: str) -> Page:
        """Return a new empty sheet, set up to be printed on A4 across."""
        sheet = self._book.add_worksheet(name, worksheet_class=_Sheet)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{self._footer}&R&8&A, &P of &N")
        return Page(sheet, self)

    def name_cells(self, name: str, cells: str) -> None:
        """Give cells, as in ``weights!$C$3``, a name for formulas."""
        self._book.define_name(name, f"={cells}")

    def look(self, **properties: object) -> Look:
        """Return how cells look, by properties of the library; the same properties give the same look."""
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            normal, quoted = (self._book.add_format({"valign": "top", **properties, **more}) for more in ({}, {"quote_prefix": True}))
            self._looks[key] = Look(normal, quoted)
        return self._looks[key]

    def close(self) -> bytes:
        """Return the file; nothing can be written afterwards."""
        self._book.close()
        return self._buffer.getvalue()


class _Sheet(Worksheet):  # type: ignore[misc]  # the library tells no types
    """A sheet whose formulas hold only functions of 1997 to 2007, so that none needs the prefix of newer ones."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002  as in the library
        """Return a formula as the file holds it; the library would search each for thirty newer functions."""
        return formula.removeprefix("=")


def _is_missing(value: object) -> bool:
    """Return whether there is nothing to write: None, blank text, or a figure that is none."""
    return value is None or value == "" or (isinstance(value, float | np.floating) and not math.isfinite(value))


def _settle(value: object) -> object:
    """Return the value of a formula as the library takes it."""
    if _is_missing(value):
        return ""
    return float(value) if isinstance(value, int | float | np.number) else str(value)
