"""What the outputs need of a finished study; they read it and compute nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from geokit import __version__
from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.errors import GeokitError
from geokit.io.defaults import read_defaults


@dataclass(frozen=True)
class View:
    """A finished study as the page, the report and the notebook map see it.

    Attributes
    ----------
    layers : mapping of str to pandas.DataFrame
        The facts; may offer ``geometry(name)`` and ``root``.
    cases : tuple of Case
        The questions.
    assumptions : Assumptions
        What was assumed.
    tables : mapping of str to pandas.DataFrame
        ``alternatives``, ``hauls``, ``exposure``, ``dependency``, ``economics``, ``rankings``, ``contributions``, ``unknowns``,
        ``gates``, ``states``, ``criteria``, ``sources``; an absent one is an empty frame.
    weights : mapping of str to mapping of str to float
        Partner to criterion to weight.
    remarks : mapping of str to str
        What else bears on a whole case: how many plants have a value, what does not separate the leaders.
    headlines : mapping of str to str
        The honest first line of each case.
    warnings : tuple of str
        What a reader must know before the rest.
    manifest : mapping of str to Any
        ``version``, ``on``, ``fingerprint``, ``data_version``, ``verified_on``, ``modified``: whatever the study states.
    """

    layers: Mapping[str, pd.DataFrame]
    cases: tuple[Case, ...]
    assumptions: Assumptions
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    weights: Mapping[str, Mapping[str, float]] = field(repr=False)
    headlines: Mapping[str, str] = field(repr=False)
    remarks: Mapping[str, str] = field(repr=False)
    warnings: tuple[str, ...]
    manifest: Mapping[str, Any] = field(repr=False)

    def layer(self, name: str, columns: Iterable[str] = ()) -> pd.DataFrame:
        """Return a layer, or an empty frame with the columns asked for when the folder does not hold it."""
        return self.layers[name] if name in self.layers else pd.DataFrame(columns=list(columns))

    @property
    def partners(self) -> tuple[str, ...]:
        """Return the partners of the cases in their order."""
        return tuple(dict.fromkeys(case.partner for case in self.cases))

    @property
    def partner_labels(self) -> dict[str, str]:
        """Return the printed name of each partner."""
        table = self.layer("partners", ["partner_id", "label"])
        known = dict(zip(table["partner_id"], table["label"], strict=True))
        return {partner: known.get(partner, partner) for partner in self.partners}

    @property
    def place(self) -> str:
        """Return the country of the origin ports: the place the study is about."""
        ports = self.layer("ports", ["role_code", "country"])
        found = ports.loc[ports["role_code"] == "origin", "country"]
        return str(found.mode().iloc[0]) if len(found) else ""


TABLES = (
    "alternatives",
    "hauls",
    "exposure",
    "dependency",
    "economics",
    "rankings",
    "contributions",
    "unknowns",
    "gates",
    "states",
)


def view_study(study: Any) -> View:  # noqa: ANN401  any object with the attributes of a study will do
    """Return the view of a study.

    Parameters
    ----------
    study : Study
        A finished study, or any object with its attributes; tables that it lacks are empty.

    Returns
    -------
    View
        Frozen; the frames are the study's own and must not be written to.
    """
    tables = {name: _table(getattr(study, name, None)) for name in TABLES}
    criteria = getattr(study, "criteria", None)
    sources = getattr(study, "sources", None)
    if sources is None and "sources" in study.layers:
        sources = study.layers["sources"]
    tables |= {"criteria": read_defaults("criteria") if criteria is None else criteria, "sources": _table(sources)}
    return View(
        layers=study.layers,
        cases=tuple(study.cases),
        assumptions=study.assumptions,
        tables=tables,
        weights={partner: _weights(weights) for partner, weights in study.weights.items()},
        headlines=dict(study.headlines),
        remarks=dict(getattr(study, "remarks", {})),
        warnings=tuple(getattr(study, "warnings", ())),
        manifest=_manifest(study),
    )


def read_geometry(layers: Mapping[str, pd.DataFrame], name: str) -> Any | None:  # noqa: ANN401  a GeoDataFrame, kept lazy
    """Return a boundary layer as a GeoDataFrame, or None when the folder does not hold it."""
    reader = getattr(layers, "geometry", None)
    if reader is None:
        return None
    try:
        return reader(name)
    except (GeokitError, LookupError, FileNotFoundError):
        return None


def _table(frame: object) -> pd.DataFrame:
    """Return a frame as it is, an empty one for what is not there."""
    return frame if isinstance(frame, pd.DataFrame) else pd.DataFrame()


def _weights(weights: Any) -> dict[str, float]:  # noqa: ANN401  a mapping, or an object that carries one
    """Return weights as a plain mapping from criterion to weight."""
    inner = weights if isinstance(weights, Mapping) else getattr(weights, "weights", getattr(weights, "values", {}))
    return {str(name): float(value) for name, value in dict(inner).items()}


def _manifest(study: Any) -> dict[str, Any]:  # noqa: ANN401  see view_study
    """Return the facts about the study itself: a manifest's own where it has one, else read off the layers and assumptions."""
    layers = study.layers
    known = {
        "version": __version__,
        "on": max(case.known_on for case in study.cases).isoformat(),
        "fingerprint": study.assumptions.fingerprint(),
        "data_version": str(getattr(layers, "version", "")),
        "verified_on": str(getattr(layers, "verified_on", "")),
        "modified": list(getattr(layers, "modified", ())),
    }
    stated = getattr(study, "manifest", None)
    return known | (dict(stated) if isinstance(stated, Mapping) else {})
