"""The verbs about facts: layers, files of the user, controls, routes and forecasts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geokit.cli.options import AsJson, KnownOn, LayerFiles, LayersFolder, On, Settings
from geokit.cli.readers import open_assumptions, open_layers, read_date, read_together, read_track, refuse


def show_layers(
    table: Annotated[str | None, typer.Argument(help="A layer to print.")] = None,
    *,
    where: Annotated[
        list[str] | None, typer.Option("--where", metavar="COLUMN=VALUE", help="Keep the rows that match; repeat for several.")
    ] = None,
    as_json: AsJson = False,
    layers: LayersFolder = None,
    layer: LayerFiles = None,
) -> None:
    """List the layers with rows, coverage, age and confidence, or print the rows of one."""
    from geokit.catalog import list_layers, list_sources, nest_sources, select_rows, tell_others  # noqa: PLC0415  as above
    from geokit.outputs.terminal import print_answer, print_listing, print_rows  # noqa: PLC0415

    if where and not table:
        refuse("--where picks rows of one layer; name it: geokit layers deposits --where commodity=antimony")
    facts = open_layers(layers, layer)
    rows = select_rows(facts, table, where or []) if table else list_layers(facts)
    if as_json:
        print_answer(nest_sources(facts, rows, table) if table else rows, facts)
    elif table:
        print_rows(rows, list_sources(facts, rows, table))
        for line in tell_others(facts, table, where or []):
            typer.echo(line)
    else:
        print_listing(rows, edition=f"layers {facts.version}, verified on {facts.verified_on}")


def check(
    path: Annotated[Path, typer.Argument(help="A file of rows (CSV, GeoJSON, GPKG, XLSX, Parquet), or a complete folder of layers.")],
    *,
    table: Annotated[str | None, typer.Option("--as", metavar="TABLE", help="Layer the rows are for; else the file name tells.")] = None,
    as_json: AsJson = False,
    layers: LayersFolder = None,
    layer: LayerFiles = None,
) -> None:
    """Check rows of your own, or a folder of layers, and tell every problem at once; exit 1 when one is an error, not a mere doubt."""
    from geokit.catalog import check_file  # noqa: PLC0415
    from geokit.check.validate import read_folder  # noqa: PLC0415
    from geokit.outputs.terminal import print_answer, print_problems  # noqa: PLC0415

    facts = None
    if path.is_dir():
        found = read_folder(path, thorough=True)
        problems, sound = [*found.problems, *found.doubts], f"{len(found.frames)} layers"
    else:
        facts = open_layers(layers, layer, skip=path)
        checked = check_file(path, facts, table=table)
        problems, sound = list(checked.problems), f"{len(checked.frame)} {'row' if len(checked.frame) == 1 else 'rows'} of {checked.table}"
    if as_json:
        print_answer([problem.as_dict() for problem in problems], facts)
    elif problems:
        print_problems(problems)
    else:
        typer.echo(f"{sound}, no problem found")
    if any(not problem.is_doubt for problem in problems):
        raise typer.Exit(1)


def controls(
    *,
    on: On = None,
    known_on: KnownOn = None,
    diff: Annotated[tuple[str, str] | None, typer.Option("--diff", metavar="DATE DATE", help="What changed between two dates.")] = None,
    track: Annotated[str | None, typer.Option("--track", help="text or practice; both when not given.")] = None,
    issuer: Annotated[list[str] | None, typer.Option("--issuer", help="A code or a name, as us; repeat for several.")] = None,
    as_json: AsJson = False,
    layers: LayersFolder = None,
    layer: LayerFiles = None,
) -> None:
    """List the clauses with their state on a date, by their text and as practised, or what changed between two dates."""
    from geokit.dependency import compare_states, list_issuers, resolve  # noqa: PLC0415
    from geokit.outputs.controls_text import list_notes, print_changes, print_controls  # noqa: PLC0415
    from geokit.outputs.terminal import print_answer  # noqa: PLC0415

    if diff and on:
        refuse("--diff names both dates; leave --on out")
    facts, asked = open_layers(layers, layer), issuer or []
    known, reading, day, days, searched = read_together(
        lambda: read_date(known_on), lambda: read_track(track) if track else None, lambda: read_date(on) or facts.verified_on,
        lambda: [read_date(one) or facts.verified_on for one in diff or ()], lambda: list_issuers(facts, asked),
    )  # fmt: skip
    if diff:
        first, second = days
        frame = compare_states(facts, first, second, known_on=known, issuers=asked)
        frame = frame[frame["track"] == reading] if reading else frame
        notes = list_notes(facts, searched, on=second, known_on=known)
        print_answer(frame, facts, notes) if as_json else print_changes(
            frame, searched, days=(first, second), known_on=known, notes=notes
        )
        return
    frame = resolve(facts, on=day, known_on=known, issuers=asked, track=reading)
    notes = list_notes(facts, searched, on=day, known_on=known)
    print_answer(frame, facts, notes) if as_json else print_controls(frame, searched, on=day, known_on=known, notes=notes)


def show_route(  # noqa: PLR0913  one parameter an option
    origin: Annotated[str, typer.Argument(help="A deposit, site, port or node; a kind may stand before it, as port:ID.")],
    destination: Annotated[str, typer.Argument(help="Likewise.")],
    *,
    product: Annotated[str, typer.Option("--product", help="What moves; its packing decides the sea freight.")] = "",
    month: Annotated[int | None, typer.Option("--month", help="Month, 1 to 12: links shut in it by season are left out.")] = None,
    close: Annotated[
        list[str] | None, typer.Option("--close", metavar="NAME", help="A closure of the layer, a link or a port; repeat for several.")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help="Year whose promised links count as open.")] = None,
    load: Annotated[float | None, typer.Option("--kt-per-year", help="Load that is held against the capacity of links and ports.")] = None,
    geojson: Annotated[Path | None, typer.Option("--geojson", help="File for the legs as lines on the map.")] = None,
    corridor: Annotated[
        float | None, typer.Option("--corridor", help="With --geojson: ground on which a track takes up to this share more effort, as 0.1.")
    ] = None,
    settings: Settings = None,
    as_json: AsJson = False,
    layers: LayersFolder = None,
    layer: LayerFiles = None,
) -> None:
    """Print the cheapest route between two places, leg by leg."""
    from geokit.io.write import write_text  # noqa: PLC0415
    from geokit.network import find_route  # noqa: PLC0415
    from geokit.network.closures import close_links  # noqa: PLC0415
    from geokit.network.draw import draw_corridors, draw_route, list_alignments  # noqa: PLC0415
    from geokit.network.gaps import read_ground  # noqa: PLC0415
    from geokit.outputs.terminal import print_answer, print_route  # noqa: PLC0415

    if corridor is not None and not geojson:
        refuse("--corridor needs --geojson: a corridor is a shape")
    facts, chosen = open_layers(layers, layer), open_assumptions(None, settings)
    found = find_route(
        facts, origin, destination, assumptions=chosen, product_id=product,
        closed=close_links(facts, close or []), year=year, month=month, kt_per_year=load,
    )  # fmt: skip
    if geojson:
        more = [] if corridor is None else draw_corridors(found, read_ground(facts, chosen), within_frac=corridor)
        write_text(geojson, draw_route(found, list_alignments(facts), more))
    print_answer(found.as_dict(), facts) if as_json else print_route(found)


def show_forecasts(*, as_json: AsJson = False, layers: LayersFolder = None, layer: LayerFiles = None) -> None:
    """List what was forecast with which chance, and how good it was where that is known."""
    from geokit.dependency import find_changes, score_forecasts  # noqa: PLC0415
    from geokit.outputs.terminal import print_answer, print_forecasts  # noqa: PLC0415

    facts = open_layers(layers, layer)
    ledger, scores = facts["forecasts"], score_forecasts(facts["forecasts"])
    print_answer(ledger, facts) if as_json else print_forecasts(ledger, scores, find_changes(facts))
