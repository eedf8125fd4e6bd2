"""The verbs that write a finished study in other formats, and the one that checks what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geokit.cli.options import AsJson, LayersFolder, Saved
from geokit.cli.readers import read_track

Formats = Annotated[list[str] | None, typer.Option("--format", metavar="NAME", help="Repeat, or part by commas; all when not given.")]
Partners = Annotated[list[str] | None, typer.Option("--partner", help="A partner of the study; repeat for several; all when not given.")]
Reading = Annotated[str, typer.Option("--track", help="text or practice")]
OutFolder = Annotated[Path, typer.Option("--out", help="A folder of its own; made when it does not exist.")]


def report(
    study: Saved,
    *,
    out: OutFolder,
    formats: Formats = None,
    partner: Partners = None,
    track: Reading = "text",
    top: Annotated[int, typer.Option("--top", min=0, max=500, help="Leading rows of each partner with a profile in the PDF.")] = 10,
    layers: LayersFolder = None,
) -> None:
    """Write a finished study for people: pdf, html, and xlsx in which a weight can be changed and the ranking follows."""
    _write("report", study, out, formats=formats, partners=partner, track=track, top=top, layers=layers)


def export(
    study: Saved, *, out: OutFolder, formats: Formats = None, partner: Partners = None, track: Reading = "text", layers: LayersFolder = None
) -> None:
    """Write a finished study for other programs: gpkg with styles, geoparquet, geojson, and csv with a descriptor."""
    _write("export", study, out, formats=formats, partners=partner, track=track, layers=layers)


def verify(
    folder: Annotated[Path, typer.Argument(help="A folder written by run, rescore, report or export.")], *, as_json: AsJson = False
) -> None:
    """Check every file of a folder against the SHA-256 in its manifest; exit 1 when one is gone or differs."""
    from geokit.outputs.terminal import print_answer, print_lines  # noqa: PLC0415  heavy imports wait for the verb that needs them
    from geokit.outputs.verify import tell_verified, verify_folder  # noqa: PLC0415

    found = verify_folder(folder)
    print_answer(found.as_dict(), None) if as_json else print_lines(tell_verified(found))
    if found.problems:
        raise typer.Exit(1)


def _write(
    verb: str, saved: Path, out: Path, *, formats: list[str] | None, partners: list[str] | None, track: str, layers: Path | None,
    top: int = 10,
) -> None:  # fmt: skip
    """Write a finished study in some formats and tell how many files."""
    from geokit.catalog import read_layers  # noqa: PLC0415
    from geokit.outputs.formats import VERBS, name_command, write_formats  # noqa: PLC0415
    from geokit.study.cases import find_partner  # noqa: PLC0415
    from geokit.study.study import Study  # noqa: PLC0415

    facts, reading = read_layers(layers, environment=False), read_track(track)
    asked = [one.strip() for words in formats or [] for one in words.split(",") if one.strip()] or list(VERBS[verb])
    named = [find_partner(facts["partners"], one) for one in partners or []]
    command = name_command(verb, saved, formats=asked, partners=named, track=reading, top=top)
    files = write_formats(Study.load(saved, facts), out, formats=asked, partners=named, track=reading, top=top, command=command)
    typer.echo(f"{len(files)} files in {out}; geokit verify checks them")
