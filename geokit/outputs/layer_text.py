"""The list of layers and the rows of one, as lines that a person can read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import pandas as pd

LEVELS = ("high_frac", "medium_frac", "low_frac")
HEADS = ("rows", "filled", "newest", "high/med/low", "licence")
LEGEND = (
    "filled: share of the cells for figures that hold one, the others were not found",
    "newest: date of the latest outside source; high/med/low: confidence, % of rows",
    "* modified: bytes or rows differ from those of the data package",
)


def tell_listing(listing: pd.DataFrame) -> list[str]:
    """Return the list of layers as lines: themes as headings, one line a layer, 80 columns unless a name is long.

    Parameters
    ----------
    listing : pandas.DataFrame
        As :func:`geokit.catalog.list_layers` returns.

    Returns
    -------
    list of str
        Heads, themes, layers and a legend.
    """
    wide = max([20, *listing["layer"].map(len)])
    lines, theme = [_align("", HEADS, wide)], None
    for row in listing.to_dict("records"):
        if row["theme"] != theme:
            theme = row["theme"]
            lines += ["", theme or "all themes"]
        figures = (_count(row["rows"]), _percent(row["coverage_frac"]), row["newest_source"], _mix([row[level] for level in LEVELS]))
        lines.append(_align(f"{'*' if row['modified'] else ' '} {row['layer']}", (*figures, row["licence"]), wide))
    return [*lines, "", *LEGEND]


def tell_rows(rows: pd.DataFrame, *, width: int) -> Iterator[str]:
    """Yield rows of a layer one below the other: what is filled, then the names of the columns that are not.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of one layer; a figure that is missing was not found, a word that is missing may be none.
    width : int
        Columns of the page; longer values go on below.

    Yields
    ------
    str
        One paragraph a row, its lines parted by line ends.
    """
    figures = set(rows.select_dtypes("number").columns)
    for record in rows.to_dict("records"):
        filled = {str(name): word for name, value in record.items() if (word := tell_cell(value))}
        absent = [str(name) for name in record if name not in filled]
        filled["not known:"] = ", ".join(name for name in absent if name in figures)
        filled["blank:"] = ", ".join(name for name in absent if name not in figures)
        yield _tell_record({name: word for name, word in filled.items() if word}, width)


def tell_sources(sources: pd.DataFrame, *, width: int) -> Iterator[str]:
    """Yield the sources of some rows, each with title, publisher, date, terms and address.

    Parameters
    ----------
    sources : pandas.DataFrame
        As :func:`geokit.catalog.cite.list_sources` returns.
    width : int
        Columns of the page.

    Yields
    ------
    str
        One paragraph a source.
    """
    for row in sources.to_dict("records"):
        words = "; ".join(str(row[name]) for name in ("title", "publisher", "date", "licence") if row[name])
        lines = [row["source_id"], *(line for text in (words, row["url"]) for line in _wrap(text, width, indent="    "))]
        yield "\n".join(lines)


def tell_cell(value: object) -> str:
    """Return a cell as words, figures as they stand in the file; blank when missing."""
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.9g}"
    return "" if value is None else str(value)


def _tell_record(filled: dict[str, str], width: int) -> str:
    """Return one row: its first cell as heading, the others aligned below."""
    (name, head), *others = filled.items()
    indent = " " * (min(max([0, *(len(name) for name, _ in others)]), 30) + 4)
    lines = [f"{name} {head}"]
    for name, word in others:
        lines += _wrap(word, width, indent=indent, first=f"  {name}".ljust(len(indent) - 1) + " ")
    return "\n".join(lines)


def _wrap(text: str, width: int, *, indent: str, first: str | None = None) -> list[str]:
    """Break a text into lines."""
    return textwrap.wrap(text, width, initial_indent=indent if first is None else first, subsequent_indent=indent, break_on_hyphens=False)


def _align(name: str, cells: Sequence[str], wide: int) -> str:
    """Return one line of the list."""
    rows, filled, newest, mix, licence = cells
    return f"{name:<{wide + 2}}{rows:>6}{filled:>8}  {newest:<10}  {mix:<12}  {licence}".rstrip()


def _count(value: object) -> str:
    """Return a number of rows, blank for a picture or a grid."""
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _percent(share: float) -> str:
    """Return a share in per cent."""
    return "" if pd.isna(share) else f"{share:.0%}"


def _mix(shares: Sequence[float]) -> str:
    """Return shares of rows by confidence as figures in per cent."""
    return "" if any(pd.isna(share) for share in shares) else "/".join(f"{share * 100:.0f}" for share in shares)
