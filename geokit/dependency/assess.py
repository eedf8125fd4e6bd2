"""Dependency on controlled items of every alternative in every case (model rules M8-M12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.cells import CELL_COLUMNS, CELL_KEYS
from geokit.core.codes import Grade, Kind
from geokit.core.columns import join_ids
from geokit.dependency.binding import ISSUER
from geokit.dependency.fit import fit_cells
from geokit.dependency.flowsheet import touch_blocks
from geokit.dependency.market import list_remaining
from geokit.dependency.profile import BUYS_NOTHING, profile_alternatives
from geokit.dependency.solve import Solved, solve_track
from geokit.dependency.supply import name_vendors
from geokit.dependency.words import ask_host, describe_blocks, name_regimes

EXPOSURE = [
    "case_id", "stage_id", "profile", "block_id", "clause_ids", "state", "b", "s", "sigma", "e", "b_low", "b_high", "note",
    "b_common", "birnbaum", "d_rel_if_fixed", "fix_rank", "is_probability",
    "vendors_left", "vendors_sourced", "vendor_countries_left", "hhi_low",
]
FIGURES = [
    "d_avg", "d_max", "d_rel", "delay_months_p10", "delay_months_p50", "delay_months_p80",
]
BANDS = ["d_rel_low", "d_rel_high"]
BOUNDS = ["d_avg_low", "d_avg_high", "d_rel_common"]
DEPENDENCY = ["case_id", "alternative", "profile", *FIGURES, "regimes_searched", "note", *BANDS, *BOUNDS, "is_probability"]


@dataclass(frozen=True)
class Dependency:
    """What the controls mean for every alternative.

    Attributes
    ----------
    exposure : pandas.DataFrame
        One row a case, stage, profile and block.
    dependency : pandas.DataFrame
        One row a case and alternative.
    cells : pandas.DataFrame
        Criteria D1, D2, D3, P1 and P2, each at its own grain.
    """

    exposure: pd.DataFrame
    dependency: pd.DataFrame
    cells: pd.DataFrame


def assess(
    layers: Mapping[str, pd.DataFrame],
    alternatives: pd.DataFrame,
    cases: Sequence[Case],
    *,
    assumptions: Assumptions,
    vendors: pd.DataFrame | None = None,
) -> Dependency:
    """Return exposure, dependency, delay and partner fit.

    Only clauses of one issuer enter the figures; other issuers' rules are named beside them, because no source gives a licence
    rate for the host country (model rule M8). Exporting and tolling buy no plant: zero by definition.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of controls, flowsheets, partners and sites.
    alternatives : pandas.DataFrame
        One row an alternative.
    cases : sequence of Case
        Partners and tracks; all of one date, for cells carry none.
    assumptions : Assumptions
        Export windows, draws and seed.
    vendors : pandas.DataFrame, optional
        As :func:`geokit.dependency.vendors.read_vendors` returns; market shares stand in for vendors when not given, and the figures
        are an index of exposure, no probability (model rule M12).

    Returns
    -------
    Dependency
        Tables sorted by key, columns as the data dictionary says.

    Raises
    ------
    ValueError
        If the cases have more than one date.
    UnknownNameError
        If a partner has no profile.
    """
    dates = {(case.on, case.known_on) for case in cases}
    if len(dates) > 1:
        msg = f"cases of {len(dates)} dates {sorted(dates)}: assess one date at a time"
        raise ValueError(msg)
    if vendors is not None:
        layers = {**layers, "operations": name_vendors(layers["operations"], vendors)}
    partners = [case.partner for case in cases]
    profiles = profile_alternatives(layers, alternatives, partners)
    places = alternatives[["alternative", "kind", "site_id", "stage_id"]].merge(ask_host(layers["site_profiles"]), how="left")
    rows = places.fillna({"host": ""}).merge(profiles, on="alternative")
    ties = touch_blocks(layers)
    asked = {case.track: case for case in cases}
    facts = {
        track: _Told.of(solve_track(layers, ties, case, assumptions=assumptions), layers) for track, case in asked.items()
    }
    exposure = [_expose(facts[case.track], case, rows) for case in cases]
    dependency = [_depend(facts[case.track], case, rows) for case in cases]
    graded = [_grade_plants(told, rows) for told in facts.values()]
    cells = [*graded, _grade_baselines(rows, layers), _missing(), fit_cells(layers, alternatives, partners)]
    return Dependency(
        _tidy(exposure, EXPOSURE, EXPOSURE[:4]), _tidy(dependency, DEPENDENCY, DEPENDENCY[:2]), _tidy(cells, CELL_COLUMNS, CELL_KEYS)
    )


@dataclass(frozen=True)
class _Told:
    """A solved track with its words: by stage and profile, and by stage and block."""

    solved: Solved
    plants: pd.DataFrame
    blocks: pd.DataFrame

    @classmethod
    def of(cls, solved: Solved, layers: Mapping[str, pd.DataFrame]) -> _Told:
        """Join a solved track with its words and sources."""
        issuers = layers["issuers"]
        stages = solved.plants["stage_id"].unique()
        plants = solved.plants.merge(name_regimes(solved, issuers, stages), on="stage_id")
        plants = plants.assign(source_ids=plants["stage_id"].map(_cite(solved, layers)))
        label = issuers.set_index("issuer")["label"][ISSUER]
        words = {"clause_ids": "", "state": "", "note": f"{label}: no listed control found"}
        blocks = solved.blocks.merge(describe_blocks(solved, issuers), on=["stage_id", "block_id"], how="left").fillna(words)
        blocks = blocks.merge(list_remaining(layers).rename(columns={"class_id": "block_id"}), on="block_id", how="left")
        blocks = blocks.assign(is_probability=blocks["is_named"].map({True: "true", False: "false"}))
        return cls(solved, plants, blocks)


def _cite(solved: Solved, layers: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return the sources of each stage: of its counted clauses and their terms, else of its conditional ones, else of the search."""
    own = solved.ties[solved.ties["issuer"] == ISSUER]
    terms = join_ids(layers["licence_params"]["source_ids"])
    counted = own[own["counts"]].groupby("stage_id")["source_id"].agg(lambda cells: join_ids([*cells, terms]))
    listed = own[own["link"] == "conditional"].groupby("stage_id")["source_id"].agg(join_ids)
    searched = layers["issuers"].set_index("issuer")["source_id"][ISSUER]
    return dict.fromkeys(solved.plants["stage_id"], searched) | listed.to_dict() | counted.to_dict()


def _expose(told: _Told, case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the exposure rows of a case: the stages and profiles that its alternatives have."""
    used = rows.loc[(rows["partner"] == case.partner) & (rows["profile"] != ""), ["stage_id", "profile"]].drop_duplicates()
    return told.blocks.merge(used, on=["stage_id", "profile"]).assign(case_id=case.case_id)


def _depend(told: _Told, case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the dependency rows of a case."""
    own = rows[rows["partner"] == case.partner].merge(told.plants, on=["stage_id", "profile"], how="left")
    nothing = own["kind"].isin(BUYS_NOTHING)
    abroad = own["kind"] == Kind.ABROAD
    figures = {name: own[name].mask(nothing, 0.0) for name in [*FIGURES, *BANDS, *BOUNDS]}
    searched = own["searched"].mask(abroad, own["searched_abroad"]).mask(nothing, "none: no plant is bought")
    weakest = ("Weakest block: " + own["weakest"] + ".").where(own["weakest"].fillna("") != "", "")
    note = (own["found"] + " " + weakest + " " + own["host"]).str.split().str.join(" ")
    note = note.mask(nothing, own["kind"].map(NO_PLANT))
    return own.assign(**figures, regimes_searched=searched, note=note, case_id=case.case_id)


NO_PLANT = {
    Kind.EXPORT.value: "No plant is bought: zero by definition.",
    Kind.TOLL.value: "The plant exists and belongs to another: zero by definition.",
}
"""Why an alternative that buys no plant has no dependency."""


def _grade_plants(told: _Told, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the D1 and D2 cells of the stages and profiles in use on one track; that no condition holds is an assumption."""
    used = rows.loc[rows["profile"] != "", ["stage_id", "profile"]].drop_duplicates()
    plants = told.plants.merge(used, on=["stage_id", "profile"]).assign(track=told.solved.track.value)
    found = plants["found"] + np.where(plants["weakest"] != "", " Weakest block: " + plants["weakest"] + ".", "")
    idle = (plants["d_rel_high"] == 0.0) & ~plants["conditional"]
    grade = idle.map({True: Grade.EVIDENCE.value, False: Grade.ASSUMPTION.value})
    first = plants.assign(
        criterion_id="D1", value_low=plants["d_rel_low"], value=plants["d_rel"], value_high=plants["d_rel_high"]
    )
    second = plants.assign(
        criterion_id="D2",
        value_low=plants["delay_months_p80_low"],
        value=plants["delay_months_p80"],
        value_high=plants["delay_months_p80_high"],
    )
    cells = pd.concat([first.assign(note=found, grade=grade), second.assign(note=found, grade=grade)], ignore_index=True)
    return _mark_missing(cells)


def _mark_missing(cells: pd.DataFrame) -> pd.DataFrame:
    """Blank the grade of cells without a figure."""
    blank = cells["value"].isna()
    note = "a bound block has no Chinese share or no substitute on file"
    return cells.assign(
        grade=cells["grade"].mask(blank, Grade.MISSING.value),
        note=cells["note"].mask(blank, note),
        holder=blank.map({True: "equipment vendors", False: ""}),
        value_low=cells["value_low"].mask(blank),
        value_high=cells["value_high"].mask(blank),
    )


def _grade_baselines(rows: pd.DataFrame, layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the D1 and D2 cells of the ways of doing less that buy no plant."""
    idle = rows[rows["kind"].isin(BUYS_NOTHING)].drop_duplicates("alternative")
    sources = layers["baselines"].groupby("baseline_id")["source_id"].agg(join_ids)
    zero = idle[["site_id", "stage_id"]].assign(
        value_low=0.0,
        value=0.0,
        value_high=0.0,
        grade=Grade.DEFINITION.value,
        source_ids=idle["site_id"].map(sources),
        note=idle["kind"].map(NO_PLANT),
    )
    return pd.concat([zero.assign(criterion_id=name) for name in ("D1", "D2")], ignore_index=True)


def _missing() -> pd.DataFrame:
    """Return the one cell that nobody's sources fill."""
    note = "months of stock of reagents, spares and crews from outside: no source gives a figure"
    return pd.DataFrame([{"criterion_id": "D3", "note": note, "holder": "reagent suppliers and plant operators"}])


def _tidy(parts: Sequence[pd.DataFrame], columns: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
    """Return the parts as one table in the declared order, words without gaps."""
    table = pd.concat(parts, ignore_index=True).reindex(columns=list(columns))
    figures = table.select_dtypes("number").columns
    words = {name: "" for name in columns if name not in figures}
    return table.fillna(words).sort_values(list(keys), ignore_index=True)
