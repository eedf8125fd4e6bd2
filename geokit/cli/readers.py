"""What the options say, read and checked; what is wrong with them is told as misuse."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from geokit.core.errors import GeokitError

if TYPE_CHECKING:
    from collections.abc import Callable

    from geokit.catalog import Layers
    from geokit.core.assumptions import Assumptions
    from geokit.core.codes import Track


def open_layers(folder: Path | None, files: list[str] | None, *, tell: bool = True, skip: Path | None = None) -> Layers:
    """Read the layers, lay the user's rows over them and say beside the answer what they changed."""
    from geokit.catalog import read_layers  # noqa: PLC0415

    facts = read_layers(folder, read_files(files or []), skip=skip)
    if tell and facts.changes:
        typer.echo(f"! Modified layers: {', '.join(map(str, facts.changes))}.", err=True)
    return facts


def read_files(given: list[str]) -> dict[str, Path]:
    """Read the files given as table=file."""
    found: dict[str, Path] = {}
    for words in given:
        table, mark, path = words.partition("=")
        if not (table and mark and path):
            refuse(f"--layer {words!r} names no table or no file; write --layer deposits=my_deposits.csv")
        if table in found:
            refuse(f"--layer {table} is given twice; put the rows into one file")
        found[table] = Path(path)
    return found


def open_assumptions(path: Path | None, settings: list[str] | None, *, fid: str | None = None, regime: str | None = None) -> Assumptions:
    """Read the assumptions and apply what ``--set``, ``--fid`` and ``--regime`` say."""
    import yaml  # noqa: PLC0415

    from geokit.io.defaults import read_assumptions, read_yaml  # noqa: PLC0415

    pairs = [setting.partition("=") for setting in settings or []]
    changes: dict[str, Any] = {}
    for name, mark, text in pairs:
        if not mark:
            refuse(f"--set {name!r} has no '='; write --set transport.parcel_t=30000")
        try:
            changes[name.strip()] = read_yaml(text)
        except yaml.YAMLError:
            refuse(f"--set {name}={text!r} is not a value; write a number, a word or {{low: 1, mode: 2, high: 3}}")
    named = {"controls.fid_on": fid, "controls.regime": regime}
    return read_assumptions(path).replace(**changes, **{name: word for name, word in named.items() if word is not None})


def stay_in_time(chosen: Assumptions, on: str | None, facts: Layers) -> Assumptions:
    """Return the assumptions, or refuse a decision day before the question; a date that is none is told elsewhere."""
    from geokit.dependency.windows import export_dates  # noqa: PLC0415

    with contextlib.suppress(typer.BadParameter):
        export_dates(read_date(on) or facts.verified_on, chosen.controls)
    return chosen


def read_together(*readers: Callable[[], Any]) -> list[Any]:
    """Return what several readers of options return, or tell everything that is wrong with them at once."""
    read: list[Any] = []
    wrong: list[typer.BadParameter | GeokitError] = []
    for reader in readers:
        try:
            read.append(reader())
        except (typer.BadParameter, GeokitError) as error:
            wrong.append(error)
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        refuse("\n".join([f"{len(wrong)} problems:", *map(str, wrong)]))
    return read


def read_track(text: str) -> Track:
    """Read the name of a legal track."""
    from geokit.core.codes import Track  # noqa: PLC0415

    if text not in set(Track):
        refuse(f"--track {text!r} is neither text nor practice")
    return Track(text)


def read_date(text: str | None) -> dt.date | None:
    """Read a date given as 2026-11-22."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        refuse(f"{text!r} is not a date; write it as 2026-11-22")


def refuse(message: str) -> NoReturn:
    """End with a usage error."""
    raise typer.BadParameter(message)
