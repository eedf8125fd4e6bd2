"""Keep a finished study in one file and open it again, without computing anything anew."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geokit.catalog import Change, Layers, read_layers
from geokit.catalog.layers import type_tables
from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.core.errors import LayerError, Problem
from geokit.io.bundle import read_bundle, write_bundle
from geokit.scoring import Criterion, DecisionMatrix, Ranking, Weights

if TYPE_CHECKING:
    from geokit.study.study import Study

STUDY_FILE = "study.zip"
"""Name of the saved study in the folder of a run."""
LAYER = "layer_"
"""What the name of a changed layer starts with among the tables."""
SCORED = "scored_"
"""Likewise for a table of the bare ranking."""
NAMED = 3
"""Files that differ and are named; the others are counted."""
WORDS = ("headlines", "remarks", "warnings", "turns")
NEEDED = frozenset({"layers", "assumptions", "cases", "criteria", "weights"})
"""What the description of a study must have."""
RANKED = ("table", "contributions")


def save_study(study: Study, path: Path) -> Path:
    """Write a study as one file: its tables, its questions, what was assumed, and the rows of the layers that are not as packaged.

    Parameters
    ----------
    study : Study
        The finished study.
    path : pathlib.Path
        The file, or a folder that gets a ``study.zip``.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    path = Path(path)
    return write_bundle(path / STUDY_FILE if path.is_dir() else path, _lay_frames(study), _describe(study))


def _lay_frames(study: Study) -> dict[str, pd.DataFrame]:
    """Return every table of a study by name."""
    frames = {one.name: getattr(study, one.name) for one in dataclasses.fields(study) if one.type == "pd.DataFrame"}
    frames["matrix"] = study.matrix.table
    frames |= {f"{SCORED}{name}": getattr(study.scored, name) for name in RANKED}
    frames |= {f"{LAYER}{change.table}": study.layers.texts[change.table] for change in study.layers.changes}
    frames["profiles"] = pd.DataFrame(
        [(*pair, profile) for pair, profile in study.scored.joined.profiles.items()], columns=["alternative", "partner", "profile"]
    )
    return frames


def _describe(study: Study) -> dict[str, Any]:
    """Return what of a study is no table."""
    return {
        "layers": {
            "version": study.layers.version,
            "sha256": dict(study.layers.sha256),
            "changes": [dataclasses.asdict(one) for one in study.layers.changes],
        },
        "assumptions": study.assumptions.model_dump(mode="json"),
        "cases": [[case.partner, case.on.isoformat(), case.track.value, case.known_on.isoformat()] for case in study.cases],
        "criteria": [dataclasses.asdict(one) for one in study.matrix.criteria],
        "weights": {partner: dataclasses.asdict(one) for partner, one in study.weights.items()},
        **{name: getattr(study, name) for name in WORDS},
    }


def read_study(path: Path, layers: Layers | None = None) -> dict[str, Any]:
    """Read what :func:`save_study` wrote.

    Parameters
    ----------
    path : pathlib.Path
        The file, or the folder of a run.
    layers : Layers, optional
        The facts that it was made from, without rows of a user, which the file itself holds; the packaged ones when not given.

    Returns
    -------
    dict
        The attributes of the study, by name.

    Raises
    ------
    LayerError
        If the file is damaged or no saved study, or was made from other facts.
    OutputError
        If it cannot be read.
    """
    path = Path(path)
    file = path / STUDY_FILE if path.is_dir() else path
    frames, about = read_bundle(file)
    if not about.keys() >= NEEDED:
        problem = Problem(file.name, file.name, "is no study", "name the folder of a run, or its study.zip")
        raise LayerError([problem], where="a saved study")
    facts = _restore_layers(layers or read_layers(environment=False), about["layers"], frames, place=file.name)
    cases = tuple(Case(partner, _day(on), Track(track), _day(known_on)) for partner, on, track, known_on in about["cases"])
    matrix = DecisionMatrix(tuple(_restore(Criterion, one) for one in about["criteria"]), frames.pop("matrix"))
    weights = {partner: _restore(Weights, one) for partner, one in about["weights"].items()}
    assumptions = Assumptions.build(about["assumptions"], file.name)
    pairs = frames.pop("profiles")
    profiles = dict(zip(zip(pairs["alternative"], pairs["partner"], strict=True), pairs["profile"], strict=True))
    scored = Ranking(
        **{name: frames.pop(f"{SCORED}{name}") for name in RANKED}, weights=weights,
        joined=matrix.join(frames["alternatives"], cases, profiles), statuses=frames["standing"], assumptions=assumptions,
    )  # fmt: skip
    words = {name: _restore_tuple(about[name]) for name in WORDS}
    made = {"layers": facts, "assumptions": assumptions, "cases": cases, "matrix": matrix, "weights": weights, "scored": scored}
    return made | frames | words


def _restore_layers(layers: Layers, about: dict[str, Any], frames: dict[str, pd.DataFrame], *, place: str) -> Layers:
    """Return the layers as the study saw them; refuse other facts."""
    then, now = about["sha256"], layers.sha256
    if then != dict(now) or layers.changes:
        differ = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
        told = _name_some(differ or [one.file for one in layers.changes])
        rule, remedy = f"was made from layers {about['version']}, and these differ in {told}", "run geokit again, or name those layers"
        raise LayerError([Problem(place, place, rule, remedy)], where="a saved study")
    changes = tuple(_restore(Change, one) for one in about["changes"])
    if not changes:
        return layers
    texts = {**layers.texts, **{one.table: frames.pop(f"{LAYER}{one.table}") for one in changes}}
    modified = tuple(sorted({*layers.modified, *(one.table for one in changes)}))
    return dataclasses.replace(layers, texts=texts, tables=type_tables(texts), changes=changes, modified=modified)


def _name_some(files: Sequence[str]) -> str:
    """Return the first files by name, and how many more there are."""
    more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
    return f"{', '.join(files[:NAMED])}{more}"


def _restore(kind: type[Any], values: dict[str, Any]) -> Any:  # noqa: ANN401  one of our dataclasses
    """Return a dataclass of words, figures and tuples from what JSON made of it."""
    return kind(**{name: _restore_tuple(value) for name, value in values.items()})


def _restore_tuple(value: Any) -> Any:  # noqa: ANN401  a JSON leaf or list
    """Return lists, and lists in them, as tuples."""
    return tuple(_restore_tuple(one) for one in value) if isinstance(value, list) else value


def _day(text: str) -> dt.date:
    """Read a date."""
    return dt.date.fromisoformat(text)
