"""Dependency on controlled items of every alternative in every case (model rules M8-M12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geokit.core.assumptions import Assumptions
from geokit.core.case import Case
from geokit.core.cells import CELL_COLUMNS, CELL_KEYS
from geokit.core.codes import Kind, Track
from geokit.core.columns import join_ids
from geokit.dependency.binding import ISSUER
from geokit.dependency.clauses import find_general
from geokit.dependency.fit import fit_cells
from geokit.dependency.flowsheet import touch_blocks
from geokit.dependency.frontier import OTHERS, list_frontiers
from geokit.dependency.grade import NO_PLANT, UNREAD_ABROAD, find_longest, grade_baselines, grade_plants
from geokit.dependency.market import USER, count_vendors
from geokit.dependency.outage import weigh_outages
from geokit.dependency.procure import plan_procurement
from geokit.dependency.profile import BUYS_NOTHING, profile_alternatives
from geokit.dependency.solve import Solved, solve_track
from geokit.dependency.supply import name_vendors
from geokit.dependency.words import ask_host, describe_blocks, name_regimes

EXPOSURE = [
    "case_id", "stage_id", "profile", "block_id", "clause_ids", "state", "b", "s", "sigma", "e", "b_low", "b_high", "note",
    "b_common", "birnbaum", "d_rel_if_fixed", "fix_rank", "is_probability",
    "vendors_left", "vendors_sourced", "vendor_countries_left", "hhi_low", "sigma_low", "sigma_high", "barred_low", "barred", "barred_high",
    "process_sigma_low", "process_sigma", "process_sigma_high",
]
FIGURES = [
    "d_avg", "d_max", "d_rel", "delay_months_p10", "delay_months_p50", "delay_months_p80",
]
BANDS = ["d_rel_low", "d_rel_high"]
BOUNDS = ["d_avg_low", "d_avg_high", "d_rel_common"]
MORE = ["d_rel_high_granted", "d_power", "d_rel_look_through", "delay_months_p90", "delay_months_mean"]
CAPEX = ["capex_factor_p10", "capex_factor_p50", "capex_factor_p90", "capex_factor_low", "capex_factor_high"]
TWO_SIDED = [
    "d_rel_supplier_low", "d_rel_supplier", "d_rel_supplier_high", "d_rel_either_low", "d_rel_either", "d_rel_either_high",
]
DEPENDENCY = [
    "case_id", "alternative", "profile", *FIGURES, "regimes_searched", "note", *BANDS, *BOUNDS, "is_probability", *MORE, *CAPEX,
    *TWO_SIDED,
]
TIES = [
    "track", "stage_id", "block_id", "clause_id", "item_id", "link", "condition", "code", "kind", "effect", "issuer", "instrument",
    "counts", "state", "day", "fills", "fills_bound", "scope", "scope_note", "source_id",
]
PROCUREMENT = [
    "case_id", "stage_id", "profile", "block_id", "choice", "choices", "b", "b_star", "omega_star_low", "omega_star", "omega_star_high",
    "delay_months_saved", "premium", "note", "source_ids",
]
FRONTIER = ["case_id", "stage_id", "profile", "step", "blocks_elsewhere", "capex_premium_frac", "d_rel", "is_exact", "note", "d_rel_high"]
OUTAGES = [
    "case_id", "stage_id", "profile", "block_id", "outage_months_p50", "outage_months_p80", "break_even_stock_months", "stock_months",
    "uncovered_months_p50", "uncovered_months_p80",
]


@dataclass(frozen=True)
class Dependency:
    """What the controls mean for every alternative.

    Attributes
    ----------
    exposure : pandas.DataFrame
        One row a case, stage, profile and block.
    ties : pandas.DataFrame
        One row a track, stage, block, clause, item and link: whatever touches a plant, with its state on the day it binds.
    dependency : pandas.DataFrame
        One row a case and alternative.
    cells : pandas.DataFrame
        Criteria D1, D2, D3, P1 and P2, each at its own grain.
    procurement : pandas.DataFrame
        One row a case, stage, profile and block that something may bind: what can be done about it.
    frontier : pandas.DataFrame
        One row a case, stage, profile and step: which blocks to buy elsewhere, at what price, for which chance of a blocked line.
    outages : pandas.DataFrame
        One row a case, stage, profile and reagent that some clause may bind.
    solved : mapping of Track to Solved
        What each legal track says, with its political states and their draws.
    """

    exposure: pd.DataFrame
    ties: pd.DataFrame
    dependency: pd.DataFrame
    cells: pd.DataFrame
    procurement: pd.DataFrame
    frontier: pd.DataFrame
    outages: pd.DataFrame
    solved: Mapping[Track, Solved]


def assess(
    layers: Mapping[str, pd.DataFrame],
    alternatives: pd.DataFrame,
    cases: Sequence[Case],
    *,
    assumptions: Assumptions,
    vendors: pd.DataFrame | None = None,
) -> Dependency:
    """Return exposure, dependency, delay and partner fit.

    Only clauses of one issuer enter the figures. Other issuers' rules are named beside them and enter only with a chance of refusal
    that the user gives, because no source has one for the host country (model rule M8). Exporting and tolling buy no plant: zero by
    definition.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        The layers of controls, flowsheets, partners and sites.
    alternatives : pandas.DataFrame
        One row an alternative.
    cases : sequence of Case
        Partners and tracks; all of one date, for cells carry none.
    assumptions : Assumptions
        Export windows, draws and seed; what waiting and buying elsewhere cost.
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
    _check_dates(cases)
    if vendors is not None:
        layers = {**layers, "operations": name_vendors(layers["operations"], vendors)}
    partners = [case.partner for case in cases]
    profiles = profile_alternatives(layers, alternatives, partners)
    places = alternatives[["alternative", "kind", "site_id", "stage_id"]].merge(ask_host(layers["site_profiles"]), how="left")
    rows = places.fillna({"host": ""}).merge(profiles, on="alternative")
    ties = touch_blocks(layers, vendors)
    asked = {case.track: case for case in cases}
    facts = {
        track: _Told.of(solve_track(layers, ties, case, assumptions=assumptions), layers, vendors, assumptions=assumptions, case=case)
        for track, case in asked.items()
    }
    elsewhere = rows["kind"] == Kind.ABROAD
    away = _solve_abroad(layers, ties, asked, assumptions=assumptions, vendors=vendors) if elsewhere.any() else {}
    graded = [_grade(told, rows.drop(columns="site_id")) for told in facts.values()]
    months = find_longest(layers["issuers"], spare=assumptions.controls.float_months)
    graded += [_grade(told, rows[elsewhere], abroad=months) for told in (facts | away).values()] if elsewhere.any() else []
    cells = [*graded, grade_baselines(rows, layers), _missing(), fit_cells(layers, alternatives, partners)]
    own = [(told, rows.merge(_name_cases(cases, track), on="partner")) for track, told in facts.items()]
    return Dependency(
        solved={track: told.solved for track, told in facts.items()},
        dependency=_tidy(list(_depend_all(own, facts | away)), DEPENDENCY, DEPENDENCY[:2]),
        cells=_tidy(cells, CELL_COLUMNS, CELL_KEYS),
        ties=_tidy([told.solved.ties.assign(track=track.value) for track, told in facts.items()], TIES, TIES[:6]),
        **{name: _tidy([_use(told.tables[name], table) for told, table in own], names, names[:4]) for name, names in TABLES.items()},
    )


def _solve_abroad(
    layers: Mapping[str, pd.DataFrame],
    ties: pd.DataFrame,
    asked: Mapping[Track, Case],
    *,
    assumptions: Assumptions,
    vendors: pd.DataFrame | None,
) -> dict[Track, _Told]:
    """Return what holds for a plant in another country, where no rule on the host binds; none where that changes nothing."""
    if vendors is None and assumptions.controls.supplier_refused is None:
        return {}
    free, own = assumptions.replace(controls__supplier_refused=None), ties[ties["issuer"] == ISSUER]
    return {
        track: _Told.of(solve_track(layers, own, case, assumptions=free), layers, vendors, assumptions=free, case=case)
        for track, case in asked.items()
    }


def _check_dates(cases: Sequence[Case]) -> None:
    """Refuse cases of several dates."""
    dates = {(case.on, case.known_on) for case in cases}
    if len(dates) > 1:
        msg = f"cases of {len(dates)} dates {sorted(dates)}: assess one date at a time"
        raise ValueError(msg)


TABLES = {"exposure": EXPOSURE, "procurement": PROCUREMENT, "frontier": FRONTIER, "outages": OUTAGES}
"""Tables by stage and profile, each with its key first."""


@dataclass(frozen=True)
class _Told:
    """A solved track with its words: plants by stage and profile, and the tables of their blocks."""

    solved: Solved
    plants: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    is_supplier_known: bool

    @classmethod
    def of(
        cls, solved: Solved, layers: Mapping[str, pd.DataFrame], vendors: pd.DataFrame | None, *, assumptions: Assumptions, case: Case
    ) -> _Told:
        """Join a solved track with its words and sources."""
        issuers = layers["issuers"]
        stages = solved.plants["stage_id"].unique()
        general = find_general(layers, on=case.on, track=case.track, known_on=case.known_on)
        plants = solved.plants.merge(name_regimes(solved, issuers, stages, general=general), on="stage_id")
        plants = plants.assign(source_ids=plants["stage_id"].map(_cite(solved, layers, vendors)))
        label = issuers.set_index("issuer")["label"][ISSUER]
        words = {"clause_ids": "", "state": "", "note": f"{label}: no listed control found"}
        blocks = solved.blocks.merge(describe_blocks(solved, issuers), on=["stage_id", "block_id"], how="left").fillna(words)
        blocks = count_vendors(blocks, layers, vendors)
        bound, others = blocks["b_high"] > 0.0, f"; {OTHERS}: " + blocks["supplier_note"]
        own = "; vendors named: " + blocks["own_note"]
        blocks = blocks.assign(
            is_probability=blocks["is_told"].map({True: "true", False: "false"}),
            note=blocks["note"] + others.where(bound, "") + own.where(blocks["own_note"] != "", ""),
        )
        return cls(solved, plants, _list_tables(solved, blocks, assumptions), assumptions.controls.supplier_refused is not None)


def _list_tables(solved: Solved, blocks: pd.DataFrame, assumptions: Assumptions) -> dict[str, pd.DataFrame]:
    """Return the tables by stage and profile: exposure, plan, frontier and outages."""
    share, worth = assumptions.procurement.equipment_share_frac, assumptions.procurement.pv_over_capex
    plan = plan_procurement(
        blocks,
        rate_frac=assumptions.finance.discount_rate_frac.mode,
        pv_over_capex=worth,
        equipment_share_frac=share.high,
        float_months=assumptions.controls.float_months,
    )
    told = f"; assumed: operations worth {worth:g} times the capital cost, an illustration"
    prior = [one.probability for one in solved.outcomes if one.probability > 0.0]
    return {
        "exposure": blocks,
        "procurement": plan.assign(note=plan["plan"].astype(object) + f"; {OTHERS}: " + plan["supplier_note"].astype(object) + told),
        "frontier": list_frontiers(blocks, solved.chances, solved.refusals, probability=prior, equipment_share_frac=share.mode),
        "outages": weigh_outages(solved.outages, stock_months=assumptions.procurement.stock_months),
    }


def _cite(solved: Solved, layers: Mapping[str, pd.DataFrame], vendors: pd.DataFrame | None) -> dict[str, str]:
    """Return the sources of each stage: of its counted clauses and their terms, else of its conditional ones, else of the search.

    A vendor list is a source of the stages that buy from it.
    """
    own = solved.ties[solved.ties["issuer"] == ISSUER]
    terms = join_ids(layers["licence_params"]["source_ids"])
    counted = own[own["counts"]].groupby("stage_id")["source_id"].agg(lambda cells: join_ids([*cells, terms]))
    listed = own[own["link"] == "conditional"].groupby("stage_id")["source_id"].agg(join_ids)
    searched = layers["issuers"].set_index("issuer")["source_id"][ISSUER]
    found = dict.fromkeys(solved.plants["stage_id"], searched) | listed.to_dict() | counted.to_dict()
    if vendors is None:
        return found
    places = layers["operations"][["stage_id", "class_id"]].drop_duplicates()
    own, common = places.merge(vendors, on=["stage_id", "class_id"]), vendors.loc[vendors["stage_id"] == "", "class_id"]
    buyers = {*own["stage_id"], *places.loc[places["class_id"].isin(common), "stage_id"]}
    return {stage: join_ids([cell, USER]) if stage in buyers else cell for stage, cell in found.items()}


def _name_cases(cases: Sequence[Case], track: Track) -> pd.DataFrame:
    """Return the cases of one track by partner."""
    return pd.DataFrame([(case.case_id, case.partner) for case in cases if case.track == track], columns=["case_id", "partner"])


def _use(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table for the cases, stages and profiles that some alternatives have."""
    used = rows.loc[rows["profile"] != "", ["case_id", "stage_id", "profile"]].drop_duplicates()
    return table.merge(used, on=["stage_id", "profile"])


def _depend_all(parts: Sequence[tuple[_Told, pd.DataFrame]], away: Mapping[Track, _Told]) -> Iterator[pd.DataFrame]:
    """Yield the dependency rows of each track, those of plants in another country by what holds there."""
    for told, rows in parts:
        abroad = rows["kind"] == Kind.ABROAD
        yield from (_depend(one, own) for one, own in ((told, rows[~abroad]), (away[told.solved.track], rows[abroad])) if len(own))


def _depend(told: _Told, rows: pd.DataFrame) -> pd.DataFrame:
    """Return dependency rows of the cases of one track."""
    own = rows.merge(told.plants, on=["stage_id", "profile"], how="left")
    nothing = own["kind"].isin(BUYS_NOTHING)
    abroad = own["kind"] == Kind.ABROAD
    own = own.assign(**_open_abroad(own, abroad))
    figures = {name: own[name].mask(nothing, 0.0) for name in [*FIGURES, *BANDS, *BOUNDS, *MORE, *TWO_SIDED]}
    figures |= {name: own[name].mask(nothing, 1.0) for name in CAPEX}
    searched = own["searched"].mask(abroad, own["searched_abroad"]).mask(nothing, "none: no plant is bought")
    weakest = ("Weakest block: " + own["weakest"] + ".").where(own["weakest"].fillna("") != "", "")
    note = (own["found"] + " " + weakest + " " + own["own_note"] + " " + own["capex_note"] + " " + own["host"]).str.split().str.join(" ")
    note = note.mask(abroad, note + " Index and months count Chinese clauses alone: " + UNREAD_ABROAD + ".")
    note = note.mask(nothing, own["kind"].map(NO_PLANT))
    return own.assign(**figures, regimes_searched=searched, note=note)


def _open_abroad(own: pd.DataFrame, abroad: pd.Series) -> dict[str, pd.Series]:
    """Return the ends that differ in another country: rules on the host bind nobody there, and nobody read those on that country."""
    found = {"d_rel_high": own["d_rel_high"].mask(abroad, own["d_rel_high_alone"])}
    found |= {name: own[name].mask(abroad) for name in ("d_rel_supplier", "d_rel_either")}
    found |= {name: own[name].mask(abroad, 1.0) for name in ("d_rel_supplier_high", "d_rel_either_high")}
    return found | {
        "d_rel_supplier_low": own["d_rel_supplier_low"].mask(abroad, 0.0),
        "d_rel_either_low": own["d_rel_either_low"].mask(abroad, own["d_rel_low"]),
    }


def _grade(told: _Told, rows: pd.DataFrame, *, abroad: float | None = None) -> pd.DataFrame:
    """Return the cells of the stages and profiles in use on one track."""
    used = rows.loc[rows["profile"] != ""].filter(["site_id", "stage_id", "profile"]).drop_duplicates()
    plants = told.plants.merge(used, on=["stage_id", "profile"]).assign(track=told.solved.track.value)
    return grade_plants(plants, is_supplier_known=told.is_supplier_known, abroad=abroad)


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
