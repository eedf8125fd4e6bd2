"""Evaluate and write everything into one folder: the main job."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from geokit.catalog import Layers
from geokit.core.assumptions import Assumptions
from geokit.core.errors import OutputError
from geokit.dependency import read_vendors
from geokit.io.defaults import read_assumptions
from geokit.io.sealed import list_unchanged
from geokit.io.stage import stage_folder
from geokit.outputs.export import write_manifest, write_tables
from geokit.outputs.page import write_page
from geokit.outputs.report import write_report
from geokit.study.cases import build_cases
from geokit.study.closures_rank import run_closures
from geokit.study.evaluate import STEPS, evaluate
from geokit.study.kept import Store
from geokit.study.own_criteria import read_own_criteria
from geokit.study.shares import read_shares, replace_shares
from geokit.study.study import Study

PAGE = "map.html"
"""The file to open."""
OUTPUT_STEPS = ("closures", "page and report", "tables")
"""The steps after those of :func:`geokit.evaluate`."""
ALL_STEPS = (*STEPS, *OUTPUT_STEPS)
"""Every step of a run, in order."""


def run_all(  # noqa: PLR0913  one parameter an option
    layers: Layers,
    assumptions: Assumptions,
    *,
    out: Path,
    partners: Sequence[str] | str,
    on: dt.date,
    vendors: Path | None = None,
    closures: bool = False,
    criteria: Path | None = None,
    cells: Path | None = None,
    store: Store | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Study, Path]:
    """Evaluate every case and write the page, the report, the tables and the manifest.

    Parameters
    ----------
    layers : Layers
        The facts.
    assumptions : Assumptions
        What is assumed.
    out : pathlib.Path
        Folder for the outputs; made when it does not exist.
    partners : sequence of str or "all"
        For whom.
    on : datetime.date
        Date of the question.
    vendors : pathlib.Path, optional
        A vendor list of the user: CSV in the columns of ``vendors`` in the data dictionary.
    closures : bool
        Whether to rank again with each named closure.
    criteria, cells : pathlib.Path, optional
        Criteria of the user and their cells, in the columns of ``criteria`` and ``cells`` in the data dictionary.
    store : Store, optional
        Where routed freight is kept between runs.
    progress : callable, optional
        Called with the name of each of :data:`ALL_STEPS` as it starts.

    Returns
    -------
    Study, pathlib.Path
        The study, and the page to open.

    Raises
    ------
    OutputError
        If the folder is a file or cannot be written, or another run is writing it: said before anything is computed, and nothing is
        half-written.
    """
    refuse_file(out)
    cases = build_cases(layers, on=on, partners=partners)
    known = read_vendors(vendors, layers) if vendors else None
    own = read_own_criteria(criteria, cells, layers=layers) if criteria or cells else None
    with stage_folder(out, list_unchanged(out)) as draft:
        study = evaluate(assumptions, cases=cases, layers=layers, vendors=known, own=own, store=store, progress=progress)
        progress("closures")
        study = run_closures(study) if closures else study
        files = {"vendors": vendors, "criteria": criteria, "cells": cells}
        _write_files(study, draft, command=_command(study, partners, files, closures=closures), progress=progress)
    return study, out / PAGE


def write_all(study: Study, out: Path, *, command: str, progress: Callable[[str], None] = lambda _: None) -> Path:
    """Write the page, the report, the tables, the study itself and the manifest.

    Parameters
    ----------
    study : Study
        The finished study.
    out : pathlib.Path
        Folder for the outputs; made when it does not exist.
    command : str
        The command line that makes the same files again.
    progress : callable, optional
        Called with the name of each of :data:`OUTPUT_STEPS` as it starts.

    Returns
    -------
    pathlib.Path
        The page to open.

    Raises
    ------
    OutputError
        If the folder is a file or cannot be written; nothing is half-written.
    """
    refuse_file(out)
    with stage_folder(out, list_unchanged(out)) as draft:
        _write_files(study, draft, command=command, progress=progress)
    return out / PAGE


def _write_files(study: Study, draft: Path, *, command: str, progress: Callable[[str], None]) -> None:
    """Write every output into the draft of a folder, the manifest last."""
    progress("page and report")
    files = [write_page(study, draft / PAGE), write_report(study, draft / "report.html")]
    progress("tables")
    files += [*write_tables(study, draft), study.save(draft)]
    write_manifest(study, draft, files=files, command=command)


def refuse_file(out: Path) -> None:
    """Refuse a file where a folder is wanted."""
    if out.exists() and not out.is_dir():
        msg = f"{out}: is a file; give a folder for the outputs"
        raise OutputError(msg)


def rescore_all(
    saved: Path, *, out: Path | None, partners: Sequence[str], file: Path | None, shares: Sequence[str]
) -> tuple[Study, Path | None]:
    """Open a saved study, rank it by other weights and, if wanted, write everything anew.

    Parameters
    ----------
    saved : pathlib.Path
        The folder of a run, or its ``study.zip``.
    out : pathlib.Path, optional
        Folder for the outputs; nothing is written when not given.
    partners : sequence of str
        For whom; all partners of the study when empty.
    file : pathlib.Path, optional
        A table of weights of the user, in the columns of ``weights`` in the data dictionary.
    shares : sequence of str
        Weights as ``D1=0.4``, for every partner; they go before the file.

    Returns
    -------
    Study, pathlib.Path or None
        The study, and the page to open.

    Raises
    ------
    LayerError
        With everything that is wrong with the weights, or with the saved study.
    """
    if out is not None:
        refuse_file(out)
    study = Study.load(saved)
    weights = read_shares(file, study.weights) if file else study.weights
    weights = replace_shares(shares, weights) if shares else weights
    again = study.reweigh(weights, partners=partners or None)
    asked = [*(f"--partner {name}" for name in partners), *([f"--weights {shlex.quote(file.name)}"] if file else [])]
    command = " ".join(["geokit rescore", shlex.quote(saved.name), *asked, *(f"--weight {shlex.quote(one)}" for one in shares)])
    return again, write_all(again, out, command=command) if out is not None else None


def _command(study: Study, partners: Sequence[str] | str, given: Mapping[str, Path | None], *, closures: bool) -> str:
    """Return the command that makes the same files again on the same layers."""
    asked = [] if partners == "all" else [f"--partner {name}" for name in dict.fromkeys(case.partner for case in study.cases)]
    changed = read_assumptions().find_changed(study.assumptions)
    settings = [f"--set {shlex.quote(f'{name}={json.dumps(value)}')}" for name, value in changed.items()]
    files = [f"--layer {change.table}={shlex.quote(change.file)}" for change in study.layers.changes]
    files += [f"--{name} {shlex.quote(path.name)}" for name, path in given.items() if path]
    files += ["--closures"] if closures else []
    return " ".join(["geokit run", *asked, f"--on {study.cases[0].on.isoformat()}", *settings, *files])
