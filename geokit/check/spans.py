"""Spans of days that end before they begin."""

from __future__ import annotations

from collections.abc import Iterator

from geokit.check.finding import Finding, Rows

SPANS = (("valid_from", "valid_to_exclusive"), ("valid_from", "valid_to"), ("from", "to"), ("recorded_on", "end_recorded_on"))
"""Columns of the first and of the last day."""


def find_backward(rows: Rows) -> Iterator[Finding]:
    """Yield every span of days that ends before it begins.

    Parameters
    ----------
    rows : Rows
        The table as text; a year or month counts from its beginning to its end.

    Yields
    ------
    Finding
        Errors.
    """
    dates = {column.name for column in rows.columns if column.type == "date"}
    for first, last in (pair for pair in SPANS if dates.issuperset(pair) and rows.holds(*pair)):
        for row, (begin, end) in enumerate(zip(rows.cells[first], rows.cells[last], strict=True)):
            if end and end < begin[: len(end)]:
                yield Finding(row, last, end, f"lies before {first} = {begin}", "exchange or correct the two dates")
