"""The command line: parse, call, print. Every verb is one public function of the library."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from geokit import __version__
from geokit.core.errors import GeokitError

if TYPE_CHECKING:
    from collections.abc import Callable

    from geokit.catalog import Layers
    from geokit.core.assumptions import Assumptions
    from geokit.core.codes import Track

INTERRUPTED = 130
"""Exit code of a run that the user stopped."""

app = typer.Typer(
    name="geokit",
    help="Where should a midstream minerals plant stand, does it beat exporting, and how sure are we?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

LayersFolder = Annotated[Path | None, typer.Option("--layers", help="Complete folder of layers; the packaged facts when not given.")]
LayerFiles = Annotated[
    list[str] | None, typer.Option("--layer", metavar="TABLE=FILE", help="Rows of your own laid over a layer by id; repeat for several.")
]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="Date of the question, as 2026-11-22.")]
KnownOn = Annotated[str | None, typer.Option("--known-on", metavar="DATE", help="Date of knowledge; later records do not count.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Vendors = Annotated[Path | None, typer.Option("--vendors", help="Your vendor list (CSV): it replaces the market shares.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Change one assumption, as transport.parcel_t=30000.")
]
Fid = Annotated[str | None, typer.Option("--fid", metavar="DATE", help="Day of the investment decision; export windows follow from it.")]
Regime = Annotated[
    str | None, typer.Option("--regime", help="One future of the controls, as snapback, instead of the mix; see geokit assumptions.")
]
Saved = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder of a run, or its study.zip.")]
AssumptionsFile = Annotated[Path | None, typer.Option("--assumptions", help="YAML file of assumptions.")]


@app.callback(invoke_without_command=True)
def geokit(*, version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    """Rank midstream sites by feed, freight, controlled-equipment dependency and partner fit."""
    if version:
        typer.echo(f"geokit {__version__}")
        raise typer.Exit


@app.command()
def run(  # noqa: PLR0913  one parameter an option
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for the outputs; made when it does not exist.")],
    partner: Annotated[list[str] | None, typer.Option("--partner", help="A partner; repeat for several; all when not given.")] = None,
    on: On = None,
    fid: Fid = None,
    regime: Regime = None,
    vendors: Vendors = None,
    closures: Annotated[bool, typer.Option("--closures", help="Rank again with each corridor closed: half a minute more.")] = False,
    settings: Settings = None,
    assumptions: AssumptionsFile = None,
    layers: LayersFolder = None,
    layer: LayerFiles = None,
) -> None:
    """Rank every alternative for every partner and write the page, the report and the tables."""
    from geokit.outputs.run import run_all  # noqa: PLC0415  heavy imports wait for the verb that needs them
    from geokit.outputs.terminal import print_summary, track_steps  # noqa: PLC0415

    facts = _layers(layers, layer, tell=False)
    chosen = _assumptions(assumptions, settings, fid=fid, regime=regime)
    with track_steps() as progress:
        day = _date(on) or facts.verified_on
        study, page = run_all(
            facts, chosen, out=out, partners=partner or "all", on=day, vendors=vendors, closures=closures, progress=progress
        )
    print_summary(study, page)


@app.command()
def rescore(
    study: Saved,
    *,
    weights: Annotated[Path | None, typer.Option("--weights", help="Table with criterion_id, weight and, if you like, partner.")] = None,
    weight: Annotated[
        list[str] | None, typer.Option("--weight", metavar="NAME=SHARE", help="One weight, as D1=0.4; the others keep their proportions.")
    ] = None,
    partner: Annotated[list[str] | None, typer.Option("--partner", help="A partner of the study; repeat for several.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the page, report and tables of the new ranking.")] = None,
) -> None:
    """Rank a finished study again by other weights; nothing else is computed anew."""
    from geokit.outputs.run import rescore_all  # noqa: PLC0415
    from geokit.outputs.terminal import print_summary  # noqa: PLC0415

    again, page = rescore_all(study, out=out, partners=partner or [], file=weights, shares=weight or [])
    print_summary(again, page)


@app.command("stress")
def stress_study(
    study: Saved,
    *,
    partner: Annotated[str, typer.Option("--partner", help="For whom.")],
    track: Annotated[str, typer.Option("--track", help="text or practice")] = "text",
    samples: Annotated[int, typer.Option("--samples", min=100, max=1_000_000, help="Number of draws.")] = 10_000,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the tables.")] = None,
) -> None:
    """Tell how far the order of a finished study stands when weights, facts and methods move."""
    from geokit.outputs.stress_text import tell_stress, write_stress  # noqa: PLC0415
    from geokit.outputs.terminal import print_lines  # noqa: PLC0415
    from geokit.study.robust import stress  # noqa: PLC0415
    from geokit.study.study import Study  # noqa: PLC0415

    opened = Study.load(study)
    found = stress(opened, opened.case(partner, _track(track)), samples=samples)
    names = dict(zip(opened.alternatives["alternative"], opened.alternatives["label"], strict=True))
    print_lines(tell_stress(found, names, {one.criterion_id: one.name for one in opened.matrix.criteria}))
    if out:
        typer.echo(f"tables in {write_stress(found, out)}")


@app.command("layers")
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
        _refuse("--where picks rows of one layer; name it: geokit layers deposits --where commodity=antimony")
    facts = _layers(layers, layer)
    rows = select_rows(facts, table, where or []) if table else list_layers(facts)
    if as_json:
        print_answer(nest_sources(facts, rows, table) if table else rows, facts)
    elif table:
        print_rows(rows, list_sources(facts, rows, table))
        for line in tell_others(facts, table, where or []):
            typer.echo(line)
    else:
        print_listing(rows, edition=f"layers {facts.version}, verified on {facts.verified_on}")


@app.command()
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
        facts = _layers(layers, layer, skip=path)
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


@app.command()
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
        _refuse("--diff names both dates; leave --on out")
    facts, asked = _layers(layers, layer), issuer or []
    known, reading, day, days, searched = _together(
        lambda: _date(known_on), lambda: _track(track) if track else None, lambda: _date(on) or facts.verified_on,
        lambda: [_date(one) or facts.verified_on for one in diff or ()], lambda: list_issuers(facts, asked),
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


@app.command("route")
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
    load: Annotated[float | None, typer.Option("--kt-per-year", help="Load that is held against the capacity of the links.")] = None,
    geojson: Annotated[Path | None, typer.Option("--geojson", help="File for the legs as lines on the map.")] = None,
    corridor: Annotated[
        float | None, typer.Option("--corridor", help="With --geojson: where a new track takes at most this share more effort, as 0.1.")
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
        _refuse("--corridor needs --geojson: a corridor is a shape")
    facts, chosen = _layers(layers, layer), _assumptions(None, settings)
    found = find_route(
        facts, origin, destination, assumptions=chosen, product_id=product,
        closed=close_links(facts, close or []), year=year, month=month, kt_per_year=load,
    )  # fmt: skip
    if geojson:
        more = [] if corridor is None else draw_corridors(found, read_ground(facts, chosen), within_frac=corridor)
        write_text(geojson, draw_route(found, list_alignments(facts), more))
    print_answer(found.as_dict(), facts) if as_json else print_route(found)


@app.command()
def explain(  # noqa: PLR0913  one parameter an option
    alternative: Annotated[str, typer.Argument(help="site:stage")],
    *,
    partner: Annotated[str, typer.Option("--partner", help="For whom.")],
    track: Annotated[str, typer.Option("--track", help="text or practice")] = "text",
    saved: Annotated[Path | None, typer.Option("--study", help="Folder of a run: explain what it found, at once.")] = None,
    on: On = None,
    fid: Fid = None,
    regime: Regime = None,
    vendors: Vendors = None,
    settings: Settings = None,
    assumptions: AssumptionsFile = None,
    as_json: AsJson = False,
    layers: LayersFolder = None,
    layer: LayerFiles = None,
) -> None:
    """Print everything behind one alternative, down to the sources."""
    from geokit.dependency import read_vendors  # noqa: PLC0415
    from geokit.outputs.terminal import print_answer, print_explanation  # noqa: PLC0415
    from geokit.study.alternatives import find_alternative  # noqa: PLC0415
    from geokit.study.cases import build_cases  # noqa: PLC0415
    from geokit.study.evaluate import evaluate  # noqa: PLC0415
    from geokit.study.study import Study  # noqa: PLC0415

    if saved:
        if any((on, fid, regime, vendors, settings, assumptions, layers, layer)):
            _refuse("--study opens what was found; leave out the options that would compute it anew")
        study = Study.load(saved)
        tree = study.explain(alternative, partner, track=_track(track))
        print_answer(tree, study.layers, study.warnings) if as_json else print_explanation(tree, study.warnings)
        return
    facts = _layers(layers, layer)
    reading, day, chosen, bought, *_ = _together(
        lambda: _track(track), lambda: _date(on) or facts.verified_on,
        lambda: _in_time(_assumptions(assumptions, settings, fid=fid, regime=regime), on, facts),
        lambda: read_vendors(vendors, facts) if vendors else None,
        lambda: build_cases(facts, on=facts.verified_on, partners=[partner]), lambda: find_alternative(facts, alternative),
    )  # fmt: skip
    cases = build_cases(facts, on=day, partners=[partner], tracks=[reading])
    study = evaluate(chosen, cases=cases, layers=facts, vendors=bought)
    tree = study.explain(alternative, cases[0].partner, track=track)
    print_answer(tree, facts, study.warnings) if as_json else print_explanation(tree, study.warnings)


@app.command("forecasts")
def show_forecasts(*, as_json: AsJson = False, layers: LayersFolder = None, layer: LayerFiles = None) -> None:
    """List what was forecast with which chance, and how good it was where that is known."""
    from geokit.dependency import find_changes, score_forecasts  # noqa: PLC0415
    from geokit.outputs.terminal import print_answer, print_forecasts  # noqa: PLC0415

    facts = _layers(layers, layer)
    ledger, scores = facts["forecasts"], score_forecasts(facts["forecasts"])
    print_answer(ledger, facts) if as_json else print_forecasts(ledger, scores, find_changes(facts))


@app.command("assumptions")
def show_assumptions(*, settings: Settings = None, assumptions: AssumptionsFile = None) -> None:
    """Print the assumptions as YAML, ready to be changed and handed back with --assumptions."""
    from geokit.io.defaults import dump_assumptions  # noqa: PLC0415

    typer.echo(dump_assumptions(_assumptions(assumptions, settings)), nl=False)


def main() -> None:
    """Run the command line; our own errors end with exit code 1 and a message, an interrupt with 130."""
    try:
        app(standalone_mode=True)
    except GeokitError as error:
        typer.echo(f"geokit: {error}", err=True)
        sys.exit(1)
    except (KeyboardInterrupt, SystemExit) as stop:
        if isinstance(stop, SystemExit) and stop.code != INTERRUPTED:
            raise
        typer.echo("geokit: stopped; nothing was changed", err=True)
        sys.exit(INTERRUPTED)


def _layers(folder: Path | None, files: list[str] | None, *, tell: bool = True, skip: Path | None = None) -> Layers:
    """Read the layers, lay the user's rows over them and say beside the answer what they changed."""
    from geokit.catalog import read_layers  # noqa: PLC0415

    facts = read_layers(folder, _files(files or []), skip=skip)
    if tell and facts.changes:
        typer.echo(f"! Modified layers: {', '.join(map(str, facts.changes))}.", err=True)
    return facts


def _files(given: list[str]) -> dict[str, Path]:
    """Read the files given as table=file."""
    found: dict[str, Path] = {}
    for words in given:
        table, mark, path = words.partition("=")
        if not (table and mark and path):
            _refuse(f"--layer {words!r} names no table or no file; write --layer deposits=my_deposits.csv")
        if table in found:
            _refuse(f"--layer {table} is given twice; put the rows into one file")
        found[table] = Path(path)
    return found


def _assumptions(path: Path | None, settings: list[str] | None, *, fid: str | None = None, regime: str | None = None) -> Assumptions:
    """Read the assumptions and apply what ``--set``, ``--fid`` and ``--regime`` say."""
    import yaml  # noqa: PLC0415

    from geokit.io.defaults import read_assumptions, read_yaml  # noqa: PLC0415

    pairs = [setting.partition("=") for setting in settings or []]
    changes: dict[str, Any] = {}
    for name, mark, text in pairs:
        if not mark:
            _refuse(f"--set {name!r} has no '='; write --set transport.parcel_t=30000")
        try:
            changes[name.strip()] = read_yaml(text)
        except yaml.YAMLError:
            _refuse(f"--set {name}={text!r} is not a value; write a number, a word or {{low: 1, mode: 2, high: 3}}")
    named = {"controls.fid_on": fid, "controls.regime": regime}
    return read_assumptions(path).replace(**changes, **{name: word for name, word in named.items() if word is not None})


def _in_time(chosen: Assumptions, on: str | None, facts: Layers) -> Assumptions:
    """Return the assumptions, or refuse a decision day before the question; a date that is none is told elsewhere."""
    from geokit.dependency.windows import export_dates  # noqa: PLC0415

    with contextlib.suppress(typer.BadParameter):
        export_dates(_date(on) or facts.verified_on, chosen.controls)
    return chosen


def _together(*readers: Callable[[], Any]) -> list[Any]:
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
        _refuse("\n".join([f"{len(wrong)} problems:", *map(str, wrong)]))
    return read


def _track(text: str) -> Track:
    """Read the name of a legal track."""
    from geokit.core.codes import Track  # noqa: PLC0415

    if text not in set(Track):
        _refuse(f"--track {text!r} is neither text nor practice")
    return Track(text)


def _date(text: str | None) -> dt.date | None:
    """Read a date given as 2026-11-22."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        _refuse(f"{text!r} is not a date; write it as 2026-11-22")


def _refuse(message: str) -> NoReturn:
    """End with a usage error."""
    raise typer.BadParameter(message)
