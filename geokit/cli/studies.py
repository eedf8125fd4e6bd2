"""The verbs about studies: make one, weigh it anew, and ask how far it stands and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geokit.cli.options import AsJson, AssumptionsFile, Fid, LayerFiles, LayersFolder, On, Regime, Saved, Settings, Vendors
from geokit.cli.readers import open_assumptions, open_layers, read_date, read_together, read_track, refuse, stay_in_time

if TYPE_CHECKING:
    import pandas as pd

    from geokit.core.case import Case
    from geokit.study.study import Study


def run(  # noqa: PLR0913  one parameter an option
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for the outputs; made when it does not exist.")],
    partner: Annotated[list[str] | None, typer.Option("--partner", help="A partner; repeat for several; all when not given.")] = None,
    on: On = None,
    fid: Fid = None,
    regime: Regime = None,
    vendors: Vendors = None,
    criteria: Annotated[Path | None, typer.Option("--criteria", help="Your criteria (CSV): they add to, drop or redefine ours.")] = None,
    cells: Annotated[Path | None, typer.Option("--cells", help="Your cells (CSV): what sites and stages have under a criterion.")] = None,
    cache: Annotated[
        bool | None, typer.Option("--cache/--no-cache", help="Keep routed freight for the next run; see geokit cache show.")
    ] = None,
    closures: Annotated[bool, typer.Option("--closures", help="Rank again with each corridor closed: half a minute more.")] = False,
    settings: Settings = None,
    assumptions: AssumptionsFile = None,
    layers: LayersFolder = None,
    layer: LayerFiles = None,
) -> None:
    """Rank every alternative for every partner and write the page, the report and the tables."""
    from geokit.outputs.run import run_all  # noqa: PLC0415  heavy imports wait for the verb that needs them
    from geokit.outputs.terminal import print_summary, track_steps  # noqa: PLC0415
    from geokit.study.kept import find_store  # noqa: PLC0415

    facts = open_layers(layers, layer, tell=False)
    chosen = open_assumptions(assumptions, settings, fid=fid, regime=regime)
    with track_steps() as progress:
        day = read_date(on) or facts.verified_on
        study, page = run_all(
            facts, chosen, out=out, partners=partner or "all", on=day, vendors=vendors, closures=closures, criteria=criteria, cells=cells,
            store=find_store(wanted=cache), progress=progress,
        )  # fmt: skip
    print_summary(study, page)


def rescore(
    study: Saved,
    *,
    weights: Annotated[Path | None, typer.Option("--weights", help="Table with criterion_id, weight and, if you like, partner.")] = None,
    weight: Annotated[
        list[str] | None, typer.Option("--weight", metavar="NAME=SHARE", help="One weight, as D1=0.4; the others keep their proportions.")
    ] = None,
    partner: Annotated[list[str] | None, typer.Option("--partner", help="A partner of the study; repeat for several.")] = None,
    method: Annotated[
        str | None, typer.Option("--method", help="topsis, vikor, promethee, spotis or weighted-sum; --out then gets one table more.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the page, report and tables of the new ranking.")] = None,
) -> None:
    """Rank a finished study again by other weights or another method; nothing else is computed anew."""
    from geokit.outputs.method_text import tell_method, write_method  # noqa: PLC0415
    from geokit.outputs.run import rescore_all  # noqa: PLC0415
    from geokit.outputs.terminal import print_lines, print_summary  # noqa: PLC0415
    from geokit.scoring.by_method import find_method  # noqa: PLC0415
    from geokit.study.robust import rescore_by  # noqa: PLC0415

    named = find_method(method.replace("_", "-")).method_id if method else ""
    again, page = rescore_all(study, out=out, partners=partner or [], file=weights, shares=weight or [])
    if not named:
        print_summary(again, page)
        return
    table = rescore_by(again, named)
    print_lines(tell_method(again, table, named))
    if out:
        told = "the page and the report there rank by the weighted sum, from which a reader can see what adds up to a score"
        typer.echo(f"{write_method(table, out, named)} holds this order; {told}")


def stress_study(
    study: Saved,
    *,
    partner: Annotated[str, typer.Option("--partner", help="For whom.")],
    track: Annotated[str, typer.Option("--track", help="text or practice")] = "text",
    samples: Annotated[int, typer.Option("--samples", min=100, max=1_000_000, help="Number of draws.")] = 10_000,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also regret over other futures, and which figure or day would tip the order: minutes.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the tables.")] = None,
    layers: LayersFolder = None,
) -> None:
    """Tell how far the order of a finished study stands when weights, facts and methods move."""
    from geokit.catalog import read_layers  # noqa: PLC0415
    from geokit.outputs.stress_text import tell_stress, write_stress  # noqa: PLC0415
    from geokit.outputs.terminal import print_lines  # noqa: PLC0415
    from geokit.study.robust import stress  # noqa: PLC0415
    from geokit.study.study import Study  # noqa: PLC0415

    opened = Study.load(study, read_layers(layers, environment=False))
    case = opened.case(partner, read_track(track))
    found = stress(opened, case, samples=samples)
    names = dict(zip(opened.alternatives["alternative"], opened.alternatives["label"], strict=True))
    print_lines(tell_stress(found, names, {one.criterion_id: one.name for one in opened.matrix.criteria}))
    more = _stress_deep(opened, case, names) if deep else {}
    if out:
        typer.echo(f"tables in {write_stress(found, out, more)}")


def _stress_deep(study: Study, case: Case, names: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Ask other futures and single changes, tell both and return their tables."""
    from geokit.outputs.futures_text import tell_futures, tell_tipping  # noqa: PLC0415
    from geokit.outputs.progress import track_count  # noqa: PLC0415
    from geokit.outputs.terminal import print_lines  # noqa: PLC0415
    from geokit.study.futures import imagine  # noqa: PLC0415
    from geokit.study.replay import Replay  # noqa: PLC0415
    from geokit.study.tipping import find_tipping  # noqa: PLC0415

    replay, closures = Replay(), dict(study.layers["closures"][["closure_id", "name"]].to_numpy())
    with track_count("ranking futures") as progress:
        futures = imagine(study, case, replay=replay, progress=progress)
    typer.echo()
    print_lines(tell_futures(futures, names, closures))
    with track_count("looking for what tips the order") as progress:
        tipping = find_tipping(study, case, replay=replay, progress=progress)
    typer.echo()
    print_lines(tell_tipping(tipping, names))
    return {"futures": futures.futures, "regret": futures.regret, "tipping": tipping}


def compare_studies(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="The folder of a run, or its study.zip.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="Likewise.")],
    *,
    partner: Annotated[str | None, typer.Option("--partner", help="For whom; one line each for all when not given.")] = None,
    track: Annotated[str, typer.Option("--track", help="text or practice")] = "text",
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the tables (CSV).")] = None,
    as_json: AsJson = False,
    layers: LayersFolder = None,
) -> None:
    """Tell what moved between two studies, and which change of assumption, weight, date, partner or layer moved it."""
    from geokit.catalog import read_layers  # noqa: PLC0415
    from geokit.outputs.compare_text import describe_comparison, tell_comparison, tell_moves, write_comparison  # noqa: PLC0415
    from geokit.outputs.progress import track_count  # noqa: PLC0415
    from geokit.outputs.terminal import print_answer, print_lines  # noqa: PLC0415
    from geokit.study.cases import find_partner  # noqa: PLC0415
    from geokit.study.compare import compare, list_moves, pair_cases  # noqa: PLC0415
    from geokit.study.study import Study  # noqa: PLC0415

    facts, reading = read_layers(layers, environment=False), read_track(track)
    named = find_partner(facts["partners"], partner) if partner else None
    first, second = Study.load(before, facts), Study.load(after, facts)
    pairs, labels = pair_cases(first, second, partner=named, track=reading), dict(facts["partners"][["partner_id", "label"]].to_numpy())
    if len(pairs) > 1:
        if as_json or out:
            refuse(f"name one partner with --partner: {', '.join(case.partner for case, _ in pairs)}")
        print_lines((f"{labels[pair[0].partner]}: {tell_moves(list_moves(first, second, pair))}", False) for pair in pairs)
        typer.echo("\nName one with --partner to see what was changed and which change moved what.")
        return
    with track_count("ranking combinations of the changes") as progress:
        found = compare(first, second, pairs[0], progress=progress)
    print_answer(describe_comparison(found), second.layers) if as_json else print_lines(tell_comparison(found, labels))
    if out:
        typer.echo(f"tables in {write_comparison(found, out)}", err=as_json)


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
            refuse("--study opens what was found; leave out the options that would compute it anew")
        study = Study.load(saved)
        tree = study.explain(alternative, partner, track=read_track(track))
        told = tree.pop("warnings")
        print_answer(tree, study.layers, told) if as_json else print_explanation(tree, told)
        return
    facts = open_layers(layers, layer)
    reading, day, _, bought, *_ = read_together(
        lambda: read_track(track), lambda: read_date(on) or facts.verified_on,
        lambda: open_assumptions(assumptions, settings, regime=regime),
        lambda: read_vendors(vendors, facts) if vendors else None,
        lambda: build_cases(facts, on=facts.verified_on, partners=[partner]), lambda: find_alternative(facts, alternative),
        lambda: stay_in_time(open_assumptions(None, None, fid=fid), on, facts),
    )  # fmt: skip
    chosen = stay_in_time(open_assumptions(assumptions, settings, fid=fid, regime=regime), on, facts)
    cases = build_cases(facts, on=day, partners=[partner], tracks=[reading])
    study = evaluate(chosen, cases=cases, layers=facts, vendors=bought)
    tree = study.explain(alternative, cases[0].partner, track=track)
    told = tree.pop("warnings")
    print_answer(tree, facts, told) if as_json else print_explanation(tree, told)
