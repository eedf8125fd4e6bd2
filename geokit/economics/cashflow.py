"""Cash flow of a plant year by year: one loop for the single case that is printed and for the draws (model rules M5, M6, M13, M16)."""

from __future__ import annotations

import math
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geokit.core.assumptions import Finance
from geokit.core.jit import compile_lazily
from geokit.economics.bands import Floats

CASE = (
    "output_t_per_y", "usd_per_t", "feed_value_usd_per_t", "feed_saved_usd_per_t", "feed_floor_usd_per_t", "other_usd_per_t",
    "capex_million_usd", "delay_years", "rate_frac", "royalty_frac", "income_tax_frac", "turnover_tax_frac",
    "holiday_years", "holiday_ends_years", "price_ratio", "feed_ratio", "reversion_per_year",
)  # fmt: skip
"""What a case is made of, in the order of the columns of the loop; money per tonne is per tonne of product."""
LINES = (
    "years", "output_t", "full_output_t", "product_in_sight_t",
    "sales", "feed", "other", "royalty", "depreciation", "losses_used", "taxable", "tax", "capex", "working_capital",
    "closure", "cash_flow", "discount_factor", "present_value",
)  # fmt: skip
"""Lines of a cash flow: years from the decision, tonnes, the discount factor, and million USD of one year."""
(
    OUTPUT, PRICE, FEED, SAVED, FLOOR, OTHER, CAPEX, DELAY, RATE, ROYALTY, INCOME_TAX, TURNOVER_TAX, HOLIDAY, HOLIDAY_END,
    PRICE_RATIO, FEED_RATIO, REVERSION,
) = range(len(CASE))  # fmt: skip
BUILD_YEARS, PARTS, WRITTEN_YEARS, WORKING, CLOSURE, DECIDED, LOSS_YEARS = range(7)
SPENT, BOUND, FLOW = (LINES.index(name) for name in ("capex", "working_capital", "cash_flow"))
MILLION = 1e-6
ENDLESS_T_PER_Y = 1e15
"""Feed that no plant can eat up, t/y: stands for feed that is no bound."""
SHARED_CASES = 4096
"""Fewest cases that a core of its own is worth."""
WHOLE_YEAR = 1e-9
"""By how little of a year a holiday may fall short of a whole one and still count it."""


@dataclass(frozen=True)
class Plan:
    """What all cases share.

    Attributes
    ----------
    build_years : float
        Time from the decision to first product without delay, years; 0 = the plant is bought and runs at once.
    build_parts : int
        Equal parts in which the capital cost is spent, the first on the day of the decision.
    output_frac : numpy.ndarray
        Output of each operating year over full output.
    depreciation_years, loss_years : int
        Years over which the capital cost is written off evenly, and over which a loss may be set against later income.
    working_capital_frac, closure_frac : float
        Working capital over the sales of the year, and cost of closure over the capital cost.
    decided_years : float
        Years from the beginning of the first year of the feed to the day of the decision.
    """

    build_years: float
    build_parts: int
    output_frac: Floats
    depreciation_years: int
    loss_years: int
    working_capital_frac: float
    closure_frac: float
    decided_years: float = 0.0

    @classmethod
    def of(cls, finance: Finance, *, decided_years: float = 0.0) -> Plan:
        """Return the plan that the assumptions on money say, for a decision so many years after the feed begins."""
        ramp = [*finance.ramp_frac, *[1.0] * finance.life_years][: finance.life_years]
        return cls(
            build_years=float(finance.construction_years),
            build_parts=max(finance.construction_years, 1),
            output_frac=np.array(ramp, dtype=float),
            depreciation_years=finance.depreciation_years,
            loss_years=finance.loss_years,
            working_capital_frac=finance.working_capital_frac,
            closure_frac=finance.closure_frac,
            decided_years=decided_years,
        )


def lay_cases(table: pd.DataFrame) -> Floats:
    """Return the cases of a table with the columns of :data:`CASE`, shape (rows, columns), as the loop reads them."""
    return np.ascontiguousarray(table[list(CASE)].to_numpy(dtype=float))


def value_cases(cases: Floats, plan: Plan, sight: Floats | None = None) -> Floats:
    r"""Return the net present value of each case, of the day of the decision.

    .. math::

        NPV = -\sum_{j=0}^{m-1} \frac{I / m}{(1+r)^{j T / m}} + \sum_{k=1}^{n} \frac{C_k}{(1+r)^{T + k}}, \quad T = B + \Delta

    A delay :math:`\Delta` stretches the building time B evenly and puts off every operating year. In operating year k

    - output = min(full output x ramp, product that the feed in sight of that year makes);
    - sales = output x price; feed = max(floor, value at the rival's quote - export haul saved) x output, as its price at the gate is;
    - price and feed move from today's level to the long-run one, P(t) = P x ratio^(1 - exp(-kappa t));
    - royalty is levied on sales; income = sales - feed - other - royalty - depreciation;
    - a loss is set against later income, the oldest first, within its years; tax is the larger of that on income and the least on
      sales (a final tax on sales is one without tax on income); in a holiday no tax is owed, and a loss made then is lost;
    - working capital follows sales and comes back in the last year, when closure is paid, which saves no tax.

    Parameters
    ----------
    cases : numpy.ndarray
        Shape (n, len(CASE)), as :func:`lay_cases` returns.
    plan : Plan
        What they share.
    sight : numpy.ndarray, optional
        Product that the feed in sight makes, t/y, shape (n, calendar years) from the first year of the feed on; the last year stands
        for those after it. An operating year that lies in two calendar years takes its share of each. No bound when not given.

    Returns
    -------
    numpy.ndarray
        Million USD, shape (n,); NaN where a figure of the case is. The same bit for bit however many cores share the cases.

    References
    ----------
    F. J. Stermole and J. M. Stermole, Economic Evaluation and Investment Decision Methods (after-tax cash flow, loss carry-forward).
    """
    bounds = np.full((1, 1), ENDLESS_T_PER_Y) if sight is None else sight
    values, parts = np.empty(len(cases)), min(count_cores(), len(cases) // SHARED_CASES)
    if parts <= 1:
        _run(cases, plan, sight=bounds, values=values)
        return values
    edges = np.linspace(0, len(cases), parts + 1).astype(int)

    def _share(place: int) -> None:
        """Value a share of the cases; the loop lets go of the interpreter, so shares run side by side."""
        mine = slice(edges[place], edges[place + 1])
        _run(cases[mine], plan, sight=bounds if len(bounds) == 1 else bounds[mine], values=values[mine])

    with ThreadPoolExecutor(parts) as pool:
        list(pool.map(_share, range(parts)))
    return values


def count_cores() -> int:
    """Return how many cores this process may use, which may be fewer than the machine has."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def lay_flow(case: Floats, plan: Plan, sight: Floats | None = None) -> pd.DataFrame:
    """Return the cash flow of one case line by line, from the same loop.

    Parameters
    ----------
    case : numpy.ndarray
        Shape (len(CASE),).
    plan : Plan
        Years, taxes and working capital.
    sight : numpy.ndarray, optional
        Product that the feed in sight makes each calendar year, t/y, shape (years,); no bound when not given.

    Returns
    -------
    pandas.DataFrame
        One row a payment date: the years of building, then those of operation; columns :data:`LINES`, costs negative.
        ``present_value`` adds up to the net present value. ``product_in_sight_t`` is NaN where feed is no bound.
    """
    lines = np.zeros((plan.build_parts + plan.output_frac.size, len(LINES)))
    bound = np.array([ENDLESS_T_PER_Y]) if sight is None else sight
    _run(case[np.newaxis], plan, sight=bound[np.newaxis], values=np.empty(1), lines=lines)
    flow = pd.DataFrame(lines, columns=list(LINES))
    return flow.assign(product_in_sight_t=flow["product_in_sight_t"].mask(flow["product_in_sight_t"] >= ENDLESS_T_PER_Y))


def _run(cases: Floats, plan: Plan, *, sight: Floats, values: Floats, lines: Floats | None = None) -> None:
    """Run the loop over the cases."""
    shared = [plan.build_years, plan.build_parts, plan.depreciation_years, plan.working_capital_frac, plan.closure_frac, plan.decided_years]
    told = np.empty((0, 0)) if lines is None else lines
    losses = np.empty((plan.output_frac.size, 2))
    matrix, bounds = np.ascontiguousarray(cases), np.ascontiguousarray(sight, dtype=float)
    _fill_values(matrix, bounds, plan.output_frac, np.array([*shared, plan.loss_years], dtype=float), losses, told, values)


def _spend(part: float, parts: float, step: float) -> tuple[float, float]:
    """Return the present value of equal parts of a cost, each discounted once more by a step, and the factor after the last."""
    value, factor = 0.0, 1.0
    for _ in range(int(parts)):
        value -= part * factor
        factor *= step
    return value, factor


def _doubt(case: tuple[float, ...]) -> float:
    """Return nil, or NaN where a figure is unknown that a comparison would swallow."""
    tonnes, value, saved, floor, income_tax, sales_tax, holiday, end, pull = case
    return 0.0 * ((tonnes + (value + saved) + (floor + income_tax)) + ((sales_tax + holiday) + (end + pull)))


def _drift(level: float, way: float, decay: float) -> float:
    """Return a level on its way to another one; way is the logarithm of their ratio, decay the part of it that is left."""
    return level * math.exp(way * (1.0 - decay))


def _use_losses(losses: Floats, queue: tuple[int, int], oldest: float, income: float) -> tuple[int, float]:  # noqa: PLR0917
    """Return which loss of a queue is the first that is left, and what of an income they take; those before the oldest year are lost."""
    head, tail = queue
    used = 0.0
    while head < tail and used < income:
        if losses[head, 0] >= oldest:
            part = min(losses[head, 1], income - used)
            used += part
            losses[head, 1] -= part
            if losses[head, 1] > 0.0:
                break
        head += 1
    return head, used


def _write(lines: Floats, place: int, told: tuple[float, ...]) -> None:
    """Write the figures of an operating year beside each other; adding nil turns a negative nil into a plain one."""
    for column, figure in enumerate(told):
        lines[place, column] = figure + 0.0


def _write_ends(lines: Floats, life: int, building: tuple[float, float, float], closing: tuple[float, float]) -> None:  # noqa: PLR0917
    """Write the dates of building, and what comes back and is paid at the very end."""
    start, capex, rate = building
    parts = lines.shape[0] - life
    for place in range(parts):
        lines[place, 0], lines[place, SPENT], lines[place, FLOW] = start * place / parts, -capex / parts, -capex / parts
        lines[place, FLOW + 1] = (1.0 + rate) ** -lines[place, 0]
    lines[-1, BOUND] += closing[0]
    lines[-1, BOUND + 1] = 0.0 - closing[1]
    lines[-1, FLOW] += closing[0] - closing[1]
    for place in range(lines.shape[0]):
        lines[place, FLOW + 2] = lines[place, FLOW] * lines[place, FLOW + 1]


@compile_lazily(_doubt, _spend, _drift, _use_losses, _write, _write_ends)
def _fill_values(  # noqa: PLR0915, PLR0917  one loop, one function: a call a year costs a sixth of its speed
    cases: Floats, sight: Floats, ramp: Floats, shared: Floats, losses: Floats, lines: Floats, values: Floats
) -> None:  # fmt: skip
    """Write the value of each case, and the lines of the last one where there is room for them."""
    life, last, is_told, is_one = ramp.size, sight.shape[1] - 1, lines.shape[0] > 0, sight.shape[0] == 1
    parts, written_years, kept = shared[PARTS], shared[WRITTEN_YEARS], shared[LOSS_YEARS]
    working, closure = shared[WORKING], shared[CLOSURE]
    for place in range(cases.shape[0]):
        tonnes, price, feed_value, saved = cases[place, OUTPUT], cases[place, PRICE], cases[place, FEED], cases[place, SAVED]
        floor, other, capex, royalty = cases[place, FLOOR], cases[place, OTHER], cases[place, CAPEX], cases[place, ROYALTY]
        start, rate, pull = shared[BUILD_YEARS] + cases[place, DELAY], cases[place, RATE], cases[place, REVERSION]
        income_tax, sales_tax = cases[place, INCOME_TAX], cases[place, TURNOVER_TAX]
        holiday, end = cases[place, HOLIDAY], cases[place, HOLIDAY_END]
        discount, free, bound, written = 1.0 / (1.0 + rate), min(holiday, end - start) + WHOLE_YEAR, 0.0, capex / written_years
        value, factor = _spend(capex / parts, parts, (1.0 + rate) ** (-start / parts))
        value += _doubt((tonnes, feed_value, saved, floor, income_tax, sales_tax, holiday, end, pull))
        if math.isnan(value):  # an unknown delay has no year to look the feed up in
            values[place], lines[:] = value, value
            continue
        price_way = feed_way = 0.0
        if pull > 0.0:
            price_way, feed_way = math.log(cases[place, PRICE_RATIO]), math.log(cases[place, FEED_RATIO])
        gate, head, tail, seen, begun = max(feed_value - saved, floor), 0, 0, 0 if is_one else place, shared[DECIDED] + start
        first, keep = int(begun), price * (1.0 - royalty) - gate - other
        share, after = begun - first, sight[seen, min(first, last)]
        for year in range(1, life + 1):
            if pull > 0.0:
                decay = math.exp(-pull * (start + year))
                price, feed_value = _drift(cases[place, PRICE], price_way, decay), _drift(cases[place, FEED], feed_way, decay)
                gate = max(feed_value - saved, floor)
                keep = price * (1.0 - royalty) - gate - other
            factor *= discount
            before, after = after, sight[seen, min(first + year, last)]
            full, level = tonnes * ramp[year - 1], before + share * (after - before)
            output = (min(full, level) + 0.0 * level) * MILLION  # a level that is unknown leaves the output unknown
            sales, earned = output * price, output * keep
            income = earned - written if year <= written_years else earned
            tax = taxable = used = 0.0
            if year > free:
                if income < 0.0:
                    losses[tail, 0], losses[tail, 1] = year, -income
                    tail += 1
                elif head < tail:
                    head, used = _use_losses(losses, (head, tail), year - kept, income)
                taxable = max(income - used, 0.0)
                tax = max(income_tax * taxable, sales_tax * sales)
            needed = working * sales
            flow = earned - tax + bound - needed
            value += flow * factor
            if is_told:
                paid = (-output * gate, -output * other, -sales * royalty, income - earned, used, taxable, -tax, 0.0, bound - needed, 0.0)
                told = (start + year, output / MILLION, full, level, sales, *paid, flow, factor, 0.0)
                _write(lines, lines.shape[0] - life + year - 1, told)
            bound = needed
        values[place] = value + (bound - closure * capex) * factor
        if is_told:
            _write_ends(lines, life, (start, capex, rate), (bound, closure * capex))
