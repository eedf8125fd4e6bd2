"""The verbs about what is assumed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geokit.cli.options import AsJson, AssumptionsFile, LayersFolder, Settings
from geokit.cli.readers import open_assumptions, refuse

if TYPE_CHECKING:
    from geokit.core.assumptions import Assumptions


def show_assumptions(
    name: Annotated[str | None, typer.Argument(help="One assumption or a section, with --describe.")] = None,
    *,
    describe: Annotated[bool, typer.Option("--describe", help="Value, range, unit, grade, source and meaning.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of an assumptions file, for editors.")] = False,
    settings: Settings = None,
    assumptions: AssumptionsFile = None,
    as_json: AsJson = False,
    layers: LayersFolder = None,
) -> None:
    """Print the assumptions as YAML, ready to be changed and handed back with --assumptions, or describe them."""
    from geokit.io.defaults import dump_assumptions  # noqa: PLC0415  heavy imports wait for the verb that needs them

    if (name or as_json) and not describe:
        refuse("NAME and --json go with --describe: geokit assumptions --describe parcel_t")
    if schema:
        _print_schema()
    elif describe:
        _describe(name or "", open_assumptions(assumptions, settings), layers, as_json=as_json)
    else:
        typer.echo(dump_assumptions(open_assumptions(assumptions, settings)), nl=False)


def keep_cache(action: Annotated[str, typer.Argument(help="show or clear")] = "show") -> None:
    """Show or clear the routed freight that runs with --cache keep on disk."""
    from geokit.outputs.cache_text import tell_store  # noqa: PLC0415
    from geokit.outputs.terminal import print_lines  # noqa: PLC0415
    from geokit.study.kept import open_store  # noqa: PLC0415

    if action not in {"show", "clear"}:
        refuse(f"{action!r} is neither show nor clear")
    store = open_store()
    if action == "clear":
        count = store.clear()
        typer.echo(f"{count} {'entry' if count == 1 else 'entries'} removed from {store.folder}")
    else:
        print_lines(tell_store(store))


def _print_schema() -> None:
    """Print the JSON Schema as docs/assumptions.schema.json holds it."""
    import json  # noqa: PLC0415

    from geokit.study.describe import build_schema  # noqa: PLC0415

    typer.echo(json.dumps(build_schema(), indent=1, ensure_ascii=False))


def _describe(name: str, chosen: Assumptions, folder: Path | None, *, as_json: bool) -> None:
    """Describe one assumption, a section or all."""
    from geokit.catalog import read_layers  # noqa: PLC0415
    from geokit.outputs.assumptions_text import list_assumptions, tell_assumptions  # noqa: PLC0415
    from geokit.outputs.terminal import print_answer, print_lines  # noqa: PLC0415
    from geokit.study.describe import describe  # noqa: PLC0415

    facts = read_layers(folder)
    table = describe(chosen, name=name, sources=list(facts["sources"]["source_id"]))
    if as_json:
        print_answer(table, facts)
    else:
        print_lines(tell_assumptions(table) if name else list_assumptions(table))
