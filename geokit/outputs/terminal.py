"""What the terminal shows: steps, the ten best rows, the first line, the warnings once, the file to open."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from geokit.core.errors import Problem
from geokit.outputs.explain_text import tell_explanation
from geokit.outputs.forecasts_text import tell_forecasts
from geokit.outputs.layer_text import tell_cell, tell_listing, tell_rows, tell_sources
from geokit.outputs.style import mark_controls, wrap_line

if TYPE_CHECKING:
    from geokit.catalog import Layers
    from geokit.network import Route
    from geokit.study.study import Study

WIDTH = 100
"""Columns of a page of terminal."""
TOP = 5
"""Rows shown for each partner."""
ABREAST = 9
"""Columns that a page of terminal holds side by side; a wider table is printed row by row."""
ALIKE = 5
"""Rows shown of those that break one rule in one column."""
NEGLIGIBLE = 0.05
"""Kilometres and hours of a leg that are not worth a line; of its cost a tenth of this, USD/t."""
LONGEST = 80
"""Signs shown of a value."""
DETAIL = re.compile(r"'[^']*'|\([^)]*\)|\d+(?:\.\d+)?")
"""What differs between problems of one rule: names, remarks and figures."""


@contextmanager
def track_steps() -> Iterator[Callable[[str], None]]:
    """Show the named steps of a run with a bar; quiet when the terminal is piped.

    Yields
    ------
    callable
        To be called with the name of each step as it starts.
    """
    from geokit.outputs.run import ALL_STEPS  # noqa: PLC0415  the whole model, which only a run needs

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description:<16}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("starting", total=len(ALL_STEPS))

        def start(step: str) -> None:
            """Name the step and move the bar to it."""
            bar.update(task, description=step, completed=ALL_STEPS.index(step))

        yield start


def print_summary(study: Study, page: Path | None) -> None:
    """Print, for each partner, the honest first line, its best rows with their reasons and what could not be known."""
    console = _console()
    labels = study.layers["partners"].set_index("partner_id")["label"]
    names = study.alternatives.set_index("alternative")["label"]
    for warning in study.warnings:
        console.print(_plain(f"! {warning}"))
    for partner in dict.fromkeys(case.partner for case in study.cases):
        case = next(case for case in study.cases if case.partner == partner)
        console.print()
        console.print(_plain(f"{labels[partner]}: {study.headlines[case.case_id]}", style="bold"))
        _print_rows(console, study.ranking(partner, track=case.track, top=TOP), names)
        console.print(_plain(f"  {study.remarks[case.case_id]}"))
    if page is None:
        return
    console.print()
    unknowns = page.parent / "unknowns.csv"
    console.print(_plain(f"What could not be known is listed in {unknowns}; what each column means in docs/outputs.md."))
    console.print(_plain(f"Open {page}", style="bold"))


def _print_rows(console: Console, rows: pd.DataFrame, names: pd.Series) -> None:
    """Print ranked rows, each with its sentence."""
    table = Table(box=None, padding=(0, 1), show_header=True, width=WIDTH)
    for head, justify in (("rank", "right"), ("score", "right"), ("80 % band", "left"), ("alternative and reason", "left")):
        table.add_column(head, justify=justify, overflow="fold", no_wrap=head != "alternative and reason")  # type: ignore[arg-type]
    told: dict[str, str] = {}
    for row in rows.to_dict("records"):
        why = f"{row['reason']}" + (f" Condition: {row['status_reason']}." if row["status_reason"] else "")
        opening, _, grounds = why.partition(" because ")
        first = told.setdefault(grounds or why, opening)
        why = why if first == opening else f"{opening}: as {first.partition(' for ')[0]}."
        words = _plain(names[row["alternative"]], style="bold").append_text(_plain(f"\n{why}", style="not bold"))
        table.add_row(f"{row['rank']:.0f}", f"{row['score']:.2f}", f"{row['score_p10']:.2f} to {row['score_p90']:.2f}", words)
    console.print(table)


def print_answer(answer: object, layers: Layers | None, notes: Sequence[str] = ()) -> None:
    """Print an answer as JSON, with the edition of the layers it rests on and what files of the user changed in them.

    Parameters
    ----------
    answer : object
        Plain values; a frame becomes a list of rows with blanks as null.
    layers : Layers or None
        The layers; None where the answer is about the layers of the user alone.
    notes : sequence of str
        What a reader must know beside it.
    """
    rows = json.loads(answer.to_json(orient="records", date_format="iso")) if isinstance(answer, pd.DataFrame) else answer
    edition = layers and {
        "version": layers.version,
        "verified_on": layers.verified_on.isoformat(),
        "modified": list(layers.modified),
        "changes": [change.count_rows() for change in layers.changes],
    }
    sys.stdout.write(json.dumps({"layers": edition, "notes": list(notes), "answer": rows}, indent=1, ensure_ascii=False) + "\n")


def print_frame(frame: pd.DataFrame) -> None:
    """Print a frame as a table, a wide one row by row."""
    console = _console()
    if len(frame.columns) > ABREAST:
        _print_records(console, frame.to_dict("records"))
        return
    table = Table(box=None, padding=(0, 1))
    for name in frame.columns:
        table.add_column(str(name), overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(_plain(_cell(value)) for value in row))
    console.print(table)


def print_listing(listing: pd.DataFrame, *, edition: str) -> None:
    """Print the list of layers under one line that says which edition of the data it is."""
    console = _console()
    for line in (edition, "", *tell_listing(listing)):
        console.print(_plain(line))


def print_rows(rows: pd.DataFrame, sources: pd.DataFrame) -> None:
    """Print rows of a layer and the sources that they name; a wide layer row by row, a narrow one as a table."""
    console = _console()
    if len(rows.columns) > ABREAST:
        for paragraph in tell_rows(rows, width=console.width):
            console.print(_plain(f"{paragraph}\n"))
    else:
        print_frame(rows.map(tell_cell))
    counts = ((len(rows), "row"), (len(sources), "source"))
    console.print(_plain(", ".join(f"{number} {word}{'s' * (number != 1)}" for number, word in counts), style="bold"))
    for paragraph in tell_sources(sources, width=console.width):
        console.print(_plain(f"\n{paragraph}"))


def print_problems(problems: Sequence[Problem]) -> None:
    """Print what is wrong in an input: errors before doubts, row by row, each with its remedy."""
    console, groups = _console(), dict[tuple[bool, str], list[Problem]]()
    for problem in problems:
        groups.setdefault((problem.is_doubt, problem.file), []).append(problem)
    for (is_doubt, file), group in sorted(groups.items(), key=lambda item: item[0]):
        title = f"{'doubt' if is_doubt else 'error'}{'s' if len(group) > 1 else ''}"
        console.print(_plain(f"{file}: {len(group)} {title}", style="bold"))
        _print_group(console, group)
    if any(is_doubt for is_doubt, _ in groups):
        console.print("A doubt breaks no rule: compare the row with its source, and leave it if the source says so.")


def _print_group(console: Console, problems: Sequence[Problem]) -> None:
    """Print problems as a table; of many rows that break one rule in one column and want one remedy the first few, and how many more."""
    table, rest = Table(box=None, padding=(0, 1)), max(min(console.width, WIDTH) - 58, 22)
    for head, width in (("row", 6), ("column", 24), ("value", 20), ("what is wrong -> what to do", rest)):
        table.add_column(head, overflow="fold", justify="right" if head == "row" else "left", width=width)
    counts: dict[tuple[str, str, str], int] = {}
    for problem in problems:
        kind = (problem.column, DETAIL.sub("", problem.rule), problem.remedy)
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= ALIKE:
            words = (problem.column, _shorten(problem.value), f"{problem.rule}\n-> {problem.remedy}")
            table.add_row(str(problem.row or ""), *(_plain(word) for word in words))
    console.print(table)
    for (column, _, remedy), count in counts.items():
        if count > ALIKE:
            more = f"  ... and {count - ALIKE} more rows like these in column {column}"
            console.print(_plain(f"{more} ({_shorten(remedy)}); --json gives all of them"))


def _shorten(value: str) -> str:
    """Return a value as it fits into a table."""
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 3]}..."


def print_route(route: Route) -> None:
    """Print a route leg by leg."""
    tree: dict[str, Any] = route.as_dict()
    if tree["legs"]:
        print_frame(_lay_legs(pd.DataFrame(tree["legs"])))
    price = tree["usd_per_t"]
    total = f"{tree['km']:,.0f} km, {tree['hours']:,.0f} h ({tree['hours'] / 24:,.1f} days)"
    low, mode, high = (f"{price[corner]:,.1f}" for corner in ("low", "mode", "high"))
    _console().print(_plain(f"{total}, {low} to {high} USD/t, most likely {mode}"))
    shut = f"closed: {', '.join(route.closed)}" if route.closed else ""
    for words in (shut, *(f"assumed open: {name}" for name in route.assumed_open), route.note, *route.capacity, _tell_road(tree)):
        if words:
            _console().print(_plain(words))


def _lay_legs(legs: pd.DataFrame) -> pd.DataFrame:
    """Return the legs that are worth a line, names without remarks, figures with few decimals."""
    seen = (legs["km"] >= NEGLIGIBLE) | (legs["hours"] >= NEGLIGIBLE) | (legs["usd_per_t"] >= NEGLIGIBLE / 10)
    figures = {name: legs[name].map(f"{{:,.{digits}f}}".format) for name, digits in (("km", 1), ("hours", 1), ("usd_per_t", 2))}
    ends = {end: legs[end].str.partition(" (")[0] for end in ("from", "to")}
    return legs.assign(**figures, **ends).loc[seen, ["mode", "name", "from", "to", "km", "hours", "usd_per_t"]]


def _tell_road(tree: dict[str, Any]) -> str:
    """Say what a road over the tracks of a route would cost; blank where there is none, or it is not known."""
    cost, km = tree["access_road_usd_million"], sum(leg["km"] for leg in tree["legs"] if leg["mode"] == "off-network")
    if not cost or km < NEGLIGIBLE:
        return ""
    spread = f"{cost['low']:.2g} to {cost['high']:.2g} USD million, most likely {cost['mode']:.2g}"
    return f"a new road over the {km:,.1f} km off the network would cost {spread}; that is no part of the cost a tonne"


def print_forecasts(ledger: pd.DataFrame, scores: pd.DataFrame, stale: pd.DataFrame) -> None:
    """Print the ledger of forecasts."""
    console = _console()
    for line in tell_forecasts(ledger, scores, stale):
        for part in wrap_line(line, min(console.width, WIDTH)):
            console.print(_plain(part, style="" if line.startswith(" ") else "bold"))


def print_explanation(tree: dict[str, Any], warnings: Sequence[str] = ()) -> None:
    """Print what :meth:`Study.explain` returns, after what must be known first."""
    console = _console()
    for warning in warnings:
        for part in wrap_line(f"! {warning}", min(console.width, WIDTH)):
            console.print(_plain(part))
    for line, is_heading in tell_explanation(tree, width=min(console.width, WIDTH)):
        console.print(_plain(line, style="bold" if is_heading else ""))


def print_lines(lines: Iterable[tuple[str, bool]]) -> None:
    """Print lines, headings in bold after a blank line."""
    console = _console()
    for at, (line, is_heading) in enumerate(lines):
        if is_heading and at:
            console.print()
        for part in wrap_line(line, min(console.width, WIDTH)):
            console.print(_plain(part, style="bold" if is_heading else ""))


def _print_records(console: Console, records: Sequence[Mapping[Any, Any]]) -> None:
    """Print each row as one paragraph of what it holds; what is blank is left out."""
    for record in records:
        told = ", ".join(f"{key} {_cell(value)}" for key, value in record.items() if _cell(value))
        console.print(_plain(f"  {told}"))


def _plain(words: object, style: str = "") -> Text:
    """Return words as text that can neither mark up nor steer the terminal."""
    return Text(mark_controls(str(words)), style=style)


def _cell(value: object) -> str:
    """Return a cell as words: three significant figures, blank when missing."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _console() -> Console:
    """Return a console that is plain and fixed in width when piped."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDTH, no_color=True, highlight=False)
