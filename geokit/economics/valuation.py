"""What each alternative is worth, by the one cash-flow loop: base case, ends, draws, rates of return (model rules M2, M13, M14)."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from geokit.core.assumptions import Finance
from geokit.core.codes import Kind
from geokit.economics.bands import Band, Floats
from geokit.economics.basecase import BaseCases, lay_state
from geokit.economics.breakeven import break_even, weigh_relief
from geokit.economics.cashflow import LINES, lay_cases, lay_flow, value_cases
from geokit.economics.dcf import equivalent_annuity, irr_roots, payback_years
from geokit.economics.notes import pick_words
from geokit.economics.risk import simulate

PARTS = ("freight", "feed_freight", "opex")
"""What the line ``other`` of a cash flow is made of."""
FLOW_LINES = tuple(
    part for name in LINES for part in {"other": PARTS, "product_in_sight_t": ("feed_in_sight_t",)}.get(name, (name,))
)  # fmt: skip
"""Lines of a cash flow with these parts, the feed in sight in tonnes of feed."""


def value_alternatives(cases: BaseCases, margin: Band, *, finance: Finance, seed: int) -> pd.DataFrame:
    """Return value, risk, break-evens and the worth of relief of each row, and what is missing for them.

    A value exists only where nothing is missing (model rule M14), with the feed in sight. Its ends set every figure against the plant, or
    for it, at once: they are bounds, and where only the feed of each year is unknown they stand alone, from no feed to as much as the
    plant can eat. P10, P50 and P90 are percentiles of joint draws: the same draws for all rows.

    Parameters
    ----------
    cases : BaseCases
        From :func:`geokit.economics.basecase.lay_valuation`.
    margin : Band
        Conversion margin, USD/t product.
    finance : Finance
        Draws, model of prices and correlations.
    seed : int
        Seed of the study.

    Returns
    -------
    pandas.DataFrame
        Index of the rows; ``npv_million_usd_low``, ``npv_million_usd``, ``npv_million_usd_high``, ``npv_million_usd_p10``, ``_p50``,
        ``_p90``, ``loss_chance`` (0-1), ``drivers`` (rank correlations with the value), ``profitability_index_*`` (value over capital
        cost), ``npv_fed_million_usd`` (the base case of a plant that gets all the feed that it can eat),
        ``annuity_million_usd_per_y``, ``irr_frac`` (NaN unless just one rate solves), ``irr_count``, ``payback_years``,
        ``break_even_capex_usd_per_tpa``, ``break_even_opex_usd_per_t``, ``break_even_gate_usd_per_t`` (feed), ``break_even_delay_months``,
        ``worth_waiver_million_usd`` (no delay and no dearer equipment by controls), ``worth_year_million_usd`` (one year of delay less),
        ``worth_freight_million_usd`` (10 USD/t of product less), ``worth_power_million_usd`` (one cent a kWh less), ``beats_baseline``
        and ``missing_inputs``.
    """
    table, valued, blank = cases.table, cases.is_valued, Band.exact(np.nan)
    npv = _value_ends(cases, margin).where(cases.is_bounded.to_numpy(), blank)
    risk = simulate(cases, valued, finance=finance, seed=seed)
    cost = cases.base["capex_million_usd"].to_numpy()
    found = pd.DataFrame(
        {
            **npv.columns("npv_million_usd"),
            "npv_fed_million_usd": np.where(cases.is_bounded, cases.worth(table, cases.base, fed=True), np.nan),
            **(npv.where(valued.to_numpy(), blank) * Band.exact(1.0 / cost)).columns("profitability_index"),
            "beats_baseline": _judge(table, npv, margin),
            "missing_inputs": table["missing_inputs"],
        },
        index=table.index,
    )
    return found.join(risk).join(_measure_flows(cases, npv.mode)).join(break_even(cases)).join(weigh_relief(cases, finance=finance))


def value_by_state(cases: BaseCases, *, finance: Finance) -> pd.DataFrame:
    """Return the base case of each valued row in each political state (model rule M13).

    Parameters
    ----------
    cases : BaseCases
        From :func:`geokit.economics.basecase.lay_valuation`.
    finance : Finance
        Model of prices.

    Returns
    -------
    pandas.DataFrame
        Columns ``partner``, ``alternative``, ``state``, ``probability``, ``delay_months``, ``capex_factor`` and ``npv_million_usd``.
    """
    table, states = cases.table[cases.is_valued], cases.states
    parts = []
    for place, name in enumerate(states.names):
        base = lay_state(table, place, states=states, factors=cases.factors, finance=finance)
        parts.append(
            table[["partner", "alternative"]].assign(
                state=name,
                probability=states.probability[place],
                delay_months=base["delay_years"] * 12.0,
                capex_factor=base["capex_million_usd"] / table["capex_million_usd"],
                npv_million_usd=cases.worth(table, base),
            )
        )
    return pd.concat(parts, ignore_index=True).sort_values(["partner", "alternative", "state"], ignore_index=True)


def explain_flow(cases: BaseCases, place: int) -> pd.DataFrame:
    """Return the cash flow of the base case of one row, line by line, for a reader with a calculator.

    Parameters
    ----------
    cases : BaseCases
        From :func:`geokit.economics.basecase.lay_valuation`.
    place : int
        Number of the row.

    Returns
    -------
    pandas.DataFrame
        One row a payment date; columns of :data:`geokit.economics.cashflow.LINES` with ``other`` parted into ``freight``,
        ``feed_freight`` and ``opex``, and the product in sight as ``feed_in_sight_t`` (NaN = no bound); million USD, costs negative;
        ``present_value`` adds up to the net present value.
    """
    row = cases.table.iloc[place]
    flow = lay_flow(lay_cases(cases.base)[place], cases.plan, cases.see(cases.table.iloc[place : place + 1])[0])
    parts = {"freight": row["freight"], "feed_freight": row["feed_t"] * row["in"], "opex": row["opex"]}
    split = pd.DataFrame({name: -flow["output_t"] * cost / 1e6 + 0.0 for name, cost in parts.items()})
    seen = flow["product_in_sight_t"] * row["feed_t"]
    return pd.concat([flow, split], axis=1).assign(feed_in_sight_t=seen)[list(FLOW_LINES)]


def list_flows(cases: BaseCases) -> pd.DataFrame:
    """Return the cash flows of every row that has a value.

    Parameters
    ----------
    cases : BaseCases
        From :func:`geokit.economics.basecase.lay_valuation`.

    Returns
    -------
    pandas.DataFrame
        ``partner``, ``alternative`` and the columns of :func:`explain_flow`; columns as in the data dictionary (``cash_flows``).
    """
    places = np.flatnonzero(cases.is_valued)
    partners, names = cases.table["partner"].tolist(), cases.table["alternative"].tolist()
    flows = [explain_flow(cases, int(place)).assign(partner=partners[place], alternative=names[place]) for place in places]
    blank = pd.DataFrame(columns=["partner", "alternative", *FLOW_LINES])
    return pd.concat(flows, ignore_index=True)[blank.columns] if flows else blank.astype(dict.fromkeys(FLOW_LINES, float))


def _value_ends(cases: BaseCases, margin: Band) -> Band:
    """Return the base value with its bounds: prices stand still at the ends of the margin."""
    table, opex = cases.table, Band.read(cases.table, "opex")
    price, capex, rate = (Band.read(table, name) for name in ("usd_per_t", "capex_million_usd", "rate_frac"))
    levies = {name: Band.read(table, name) for name in ("royalty_frac", "income_tax_frac", "turnover_tax_frac")}
    wait, dearer = _spread_states(cases)
    least, most = cases.bounds
    found, ends = cases.worth(table, cases.base), []
    for worst in (True, False):
        gain, pain = ("low", "high") if worst else ("high", "low")
        still = {"feed_value_usd_per_t": 0.0, "feed_saved_usd_per_t": 0.0, "feed_floor_usd_per_t": 0.0, "reversion_per_year": 0.0}
        case = cases.base.assign(
            **still,
            usd_per_t=getattr(price, gain),
            other_usd_per_t=getattr(price, gain) - getattr(margin, gain) + getattr(opex, pain),
            capex_million_usd=getattr(capex, pain) * getattr(dearer, pain),
            delay_years=getattr(wait, pain) / 12.0,
            **{name: np.nan_to_num(getattr(band, pain)) for name, band in levies.items()},
        )
        case = case.assign(income_tax_frac=case["income_tax_frac"].mask(table["turnover_tax_final"] > 0.0, 0.0))
        # The unkind rate is the high one for a gain and the low one for a loss, and more feed helps only where a tonne earns.
        pairs = itertools.product((rate.low, rate.high), (least, most))
        ends += [value_cases(lay_cases(case.assign(rate_frac=end)), cases.plan, sight) for end, sight in pairs]
    return Band(np.fmin(np.min(ends, axis=0), found), found, np.fmax(np.max(ends, axis=0), found))


def _spread_states(cases: BaseCases) -> tuple[Band, Band]:
    """Return the ends of delay (months) and dearer capital cost: P10 in the kindest, P90 in the harshest state that may be."""
    likely, places = cases.states.probability > 0.0, cases.states.find(cases.table)
    ends = [np.quantile(figures[:, likely], [0.1, 0.5, 0.9], axis=2) for figures in cases.states.pad()]
    wait, dearer = (Band.of(end[0].min(axis=1)[places], end[1].mean(axis=1)[places], end[2].max(axis=1)[places]) for end in ends)
    return wait, dearer


def _judge(table: pd.DataFrame, npv: Band, margin: Band) -> pd.Series:
    """Say whether each row beats exporting its feed; blank for the export itself.

    It does where its worst value is above nil, and does not where its best one is below, or where its best margin is not positive or
    does not pay for the cheapest power; between the two nobody can tell.
    """
    unpaid = (margin.high <= 0.0) | (margin.high <= table["power_low"])
    no = unpaid | (npv.high < 0.0)
    return pick_words(table.index, (table["kind"] == Kind.EXPORT, ""), (npv.low > 0.0, "yes"), (no, "no"), default="unknown")


def _measure_flows(cases: BaseCases, npv: Floats) -> pd.DataFrame:
    """Return annuity, rates of return and payback of each valued row."""
    found = np.full((len(cases.table), 3), np.nan)
    span = cases.plan.build_years + cases.base["delay_years"] + cases.plan.output_frac.size
    matrix = lay_cases(cases.base)
    for place in np.flatnonzero(~np.isnan(npv)):
        flow = lay_flow(matrix[place], cases.plan, cases.see(cases.table.iloc[place : place + 1])[0])
        roots = irr_roots(flow["cash_flow"], years=flow["years"])
        single = roots[0] if roots.size == 1 else np.nan
        found[place] = (single, roots.size, payback_years(flow["cash_flow"], flow["years"]))
    table = pd.DataFrame(found, columns=["irr_frac", "irr_count", "payback_years"], index=cases.table.index)
    return table.assign(annuity_million_usd_per_y=equivalent_annuity(npv, cases.base["rate_frac"], span))
