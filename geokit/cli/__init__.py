"""The command line: parse, call, print. Every verb is one public function of the library."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from geokit import __version__
from geokit.cli import facts, files, settings, studies
from geokit.core.errors import GeokitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

INTERRUPTED = 130
"""Exit code of a run that the user stopped."""
VERBS: Mapping[str, Callable[..., None]] = {
    "run": studies.run,
    "rescore": studies.rescore,
    "compare": studies.compare_studies,
    "stress": studies.stress_study,
    "explain": studies.explain,
    "report": files.report,
    "export": files.export,
    "verify": files.verify,
    "layers": facts.show_layers,
    "check": facts.check,
    "controls": facts.controls,
    "route": facts.show_route,
    "forecasts": facts.show_forecasts,
    "assumptions": settings.show_assumptions,
    "cache": settings.keep_cache,
}
"""The verbs in the order of the help."""

app = typer.Typer(
    name="geokit",
    help="Where should a midstream minerals plant stand, does it beat exporting, and how sure are we?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _name, _verb in VERBS.items():
    app.command(_name)(_verb)


@app.callback(invoke_without_command=True)
def geokit(*, version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    """Rank midstream sites by feed, freight, controlled-equipment dependency and partner fit."""
    if version:
        typer.echo(f"geokit {__version__}")
        raise typer.Exit


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
