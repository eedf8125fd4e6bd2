"""The options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
