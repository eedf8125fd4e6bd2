"""What the outputs need of a finished study; they read it and compute nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from geokit import __version__
from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.codes import Kind
from geokit.core.columns import split_ids
from geokit.core.errors import GeokitError
from geokit.io.defaults import read_defaults
from geokit.outputs.style import KIND_TAGS
from geokit.study.closures_rank import say_closures


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
        ``alternatives``, ``hauls``, ``exposure``, ``dependency``, ``economics``, ``reality``, ``rankings``, ``contributions``,
        ``unknowns``, ``gates``, ``states``, ``detours``, ``closure_effects``, ``closure_ranks``, ``criteria``, ``sources``;
        an absent one is an empty frame.
    weights : mapping of str to mapping of str to float
        Partner to criterion to weight.
    remarks : mapping of str to str
        What else bears on a whole case: how many plants have a value, what does not separate the leaders.
    headlines : mapping of str to str
        The honest first line of each case.
    warnings : tuple of str
        What a reader must know before the rest.
    turns : tuple of tuple of str
        Days (ISO) from which on the study is out of date, each with what to tell then.
    manifest : mapping of str to Any
        ``version``, ``on``, ``fingerprint``, ``data_version``, ``verified_on``, ``modified``: whatever the study states.
    closures : mapping of str to tuple of str
        What each named closure does to the plants of a partner, in words, the worst first.
    joined : Joined or None
        The cells of every case and alternative; None where a study holds none.
    standing : pandas.DataFrame or None
        ``alternative``, ``partner``, ``status_hint``: what screens or conditions an alternative whatever the weights; None likewise.
    """

    layers: Mapping[str, pd.DataFrame]
    cases: tuple[Case, ...]
    assumptions: Assumptions
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    weights: Mapping[str, Mapping[str, float]] = field(repr=False)
    headlines: Mapping[str, str] = field(repr=False)
    remarks: Mapping[str, str] = field(repr=False)
    warnings: tuple[str, ...]
    turns: tuple[tuple[str, str], ...]
    manifest: Mapping[str, Any] = field(repr=False)
    closures: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    joined: Any = field(default=None, repr=False)
    standing: pd.DataFrame | None = field(default=None, repr=False)

    def layer(self, name: str, columns: Iterable[str] = ()) -> pd.DataFrame:
        """Return a layer, or an empty frame with the columns asked for when the folder does not hold it."""
        return self.layers[name] if name in self.layers else pd.DataFrame(columns=list(columns))

    def label(self, table: str, name: str) -> str:
        """Return the printed name of a row of a layer, or its id in words.

        Parameters
        ----------
        table : str
            ``products``, ``sites``, ``deposits``, ``baselines``, ``ports``, ``destinations``, ``commodities``.
        name : str
            Its id.

        Returns
        -------
        str
            As the layer has it.
        """
        return self._labels[table].get(name) or name.replace("-", " ")

    def site_label(self, name: str) -> str:
        """Return the printed name of a place: a candidate site, a deposit, or a way to do without a plant."""
        found = (self._labels[table].get(name) for table in ("sites", "deposits", "baselines"))
        return next((label for label in found if label), name.replace("-", " "))

    def stage_label(self, name: str) -> str:
        """Return what a stage makes."""
        stages = self.layer("stages", ["stage_id", "product_id"])
        made = dict(zip(stages["stage_id"], stages["product_id"], strict=True)).get(name, "")
        return self.label("products", made) if made else name.replace("-", " ")

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        """Return id to printed name by layer."""
        tables = {table: self.layer(table, names) for table, names in LABELS.items()}
        return {table: dict(zip(tables[table][key], tables[table][name], strict=True)) for table, (key, name) in LABELS.items()}

    @cached_property
    def historical(self) -> frozenset[str]:
        """Return the deposits whose published tonnage is a historical estimate."""
        table = self.layer("deposits", ["deposit_id", "historical_estimate", *TONNAGES])
        flag = (table["historical_estimate"].astype(str).str.lower() == "true") & table[list(TONNAGES)].notna().any(axis=1)
        return frozenset(table.loc[flag, "deposit_id"])

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


LABELS = {
    "products": ("product_id", "label"),
    "sites": ("site_id", "name"),
    "deposits": ("deposit_id", "name"),
    "baselines": ("baseline_id", "label"),
    "ports": ("port_id", "name"),
    "destinations": ("destination_id", "plant"),
    "commodities": ("commodity_id", "label"),
}
"""Layer to its key and the column that people read."""
TONNAGES = ("tonnage_million_t_low", "tonnage_million_t_mode", "tonnage_million_t_high")
TABLES = (
    "alternatives",
    "hauls",
    "exposure",
    "dependency",
    "economics",
    "reality",
    "rankings",
    "contributions",
    "unknowns",
    "gates",
    "states",
    "detours",
    "closure_effects",
    "closure_ranks",
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
        turns=tuple(getattr(study, "turns", ())),
        manifest=_manifest(study),
        closures=_tell_closures(study, tables["closure_effects"]),
        joined=getattr(getattr(study, "scored", None), "joined", None),
        standing=getattr(getattr(study, "scored", None), "statuses", None),
    )


def _tell_closures(study: Any, effects: pd.DataFrame) -> dict[str, tuple[str, ...]]:  # noqa: ANN401  as for view_study
    """Return the words on closures by partner, of the partners that have any."""
    partners = dict.fromkeys(case.partner for case in study.cases)
    touched = effects[effects["alternatives"] > 0] if len(effects) else effects
    told = {partner: say_closures(study, touched, partner) for partner in partners} if len(touched) else {}
    return {partner: words for partner, words in told.items() if words}


def name_alternative(view: View, about: Mapping[Any, Any]) -> dict[str, str]:
    """Return what an alternative is called, what it sells and what it feeds on.

    Parameters
    ----------
    view : View
        The study.
    about : mapping
        Its row of the alternatives.

    Returns
    -------
    dict
        ``name`` (the place, or the way to do without a plant), ``product`` (what is sold: the feed itself where it is exported as it
        is) and ``feed`` (blank where that is the product).
    """
    kind, sites = about.get("kind", ""), view.layer("sites", ["site_id"])["site_id"]
    said = str(about.get("label", about.get("alternative", ""))).split(": ")[0].removesuffix(f", {KIND_TAGS[Kind.EXPORT]}")
    name = view.site_label(about["site_id"]) if kind == Kind.PLANT and (sites == about["site_id"]).any() else said
    feed = [view.label("products", one) for one in split_ids(about.get("feed_product_ids", ""))]
    if kind == Kind.EXPORT:
        return {"name": name, "product": " or ".join(feed), "feed": ""}
    product = view.label("products", str(about.get("product_id", "")))
    return {"name": name[:1].upper() + name[1:], "product": product, "feed": " or ".join(feed)}


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
