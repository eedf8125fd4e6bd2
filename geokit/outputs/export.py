"""Write a study as the tables of the output contract, and the manifest that seals them (docs/outputs.md)."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from geokit import __version__
from geokit.io.dictionary import read_columns
from geokit.io.digest import digest
from geokit.io.write import write_table, write_text
from geokit.study.study import Study

CONTRACT_VERSION = "1.0"
"""Version of the output contract: columns may be added, never renamed, removed or keyed anew."""
TABLES = (
    "cases", "ranking", "matrix", "hauls", "exposure", "ties", "procurement", "frontier", "outages", "dependency", "economics",
    "balance", "feed_years", "feed_gaps", "merit", "impurities", "inbound", "value_states", "cash_flows",
    "reality", "reality_years", "unknowns",
    "reliability", "closure_effects", "closure_ranks",
)
"""The tables of the contract, in the order in which they are written."""


def write_tables(study: Study, folder: Path) -> tuple[Path, ...]:
    """Write every table of the contract.

    Parameters
    ----------
    study : Study
        The finished study.
    folder : pathlib.Path
        Made when it does not exist.

    Returns
    -------
    tuple of pathlib.Path
        The files, in the order of :data:`TABLES`.

    Raises
    ------
    OutputError
        If a file cannot be written; no file is left half-written.
    """
    frames = list_tables(study)
    return tuple(write_table(frames[name], folder / f"{name}.csv", read_columns(name)) for name in TABLES)


def list_tables(study: Study) -> dict[str, pd.DataFrame]:
    """Return the frames of the contract by table name, each sorted by its key."""
    cases = pd.DataFrame(
        [(case.case_id, case.partner, case.on.isoformat(), case.track.value, case.known_on.isoformat()) for case in study.cases],
        columns=["case_id", "partner", "on", "track", "known_on"],
    )
    ranking = study.rankings.sort_values(["case_id", "rank", "alternative"], na_position="last")
    frames = {
        "cases": cases,
        "ranking": ranking,
        "matrix": study.matrix.table,
        "hauls": study.hauls,
        "exposure": study.exposure,
        "ties": study.ties,
        "procurement": study.procurement,
        "frontier": study.frontier,
        "outages": study.outages,
        "dependency": study.dependency,
        "economics": study.economics,
        "balance": study.balance,
        "feed_years": study.feed_years,
        "feed_gaps": study.feed_gaps,
        "merit": study.merit,
        "impurities": study.impurities,
        "inbound": study.inbound,
        "value_states": study.value_states,
        "cash_flows": study.cash_flows,
        "reality": study.reality,
        "reality_years": study.reality_years,
        "unknowns": study.unknowns,
        "reliability": study.reliability,
        "closure_effects": study.closure_effects,
        "closure_ranks": study.closure_ranks,
    }
    kept = {"ranking", "unknowns", "cases"}
    return {name: frame if name in kept else frame.sort_values(_key(name)) for name, frame in frames.items()}


def _key(table: str) -> list[str]:
    """Return the primary key of a table."""
    return [column.name for column in read_columns(table) if column.key]


def write_manifest(study: Study, folder: Path, *, files: Sequence[Path], command: str) -> Path:
    """Write ``manifest.json``: what ran, on which facts and assumptions, and the SHA-256 of every layer and output.

    Parameters
    ----------
    study : Study
        The finished study.
    folder : pathlib.Path
        Where the outputs lie.
    files : sequence of pathlib.Path
        The outputs to seal.
    command : str
        The command line without the place of the output folder, so that two folders hold the same bytes.

    Returns
    -------
    pathlib.Path
        The manifest.
    """
    manifest = {
        "contract_version": CONTRACT_VERSION,
        "geokit_version": __version__,
        "data_version": study.layers.version,
        "verified_on": study.layers.verified_on.isoformat(),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "command": command,
        "seed": study.assumptions.seed,
        "assumptions": study.assumptions.model_dump(),
        "assumptions_fingerprint": study.assumptions.fingerprint(),
        "cases": [case.case_id for case in study.cases],
        "weights": {partner: {"who": one.who, "method": one.method, "shares": dict(one)} for partner, one in study.weights.items()},
        "headlines": dict(study.headlines),
        "warnings": list(study.warnings),
        "modified_layers": list(study.layers.modified),
        "layer_changes": [asdict(change) for change in study.layers.changes],
        "layers_sha256": dict(study.layers.sha256),
        "outputs_sha256": {path.name: digest(path) for path in sorted(files)},
    }
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    return write_text(folder / "manifest.json", f"{text}\n")
