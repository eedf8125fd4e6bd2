"""Cash flow of a plant year by year: one loop for the single case that is printed and for the draws (model rules M5, M13, M16)."""

from __future__ import annotations

import math
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
    "years", "output_t", "sales", "feed", "other", "royalty", "depreciation", "losses_used", "taxable", "tax", "capex", "working_capital",
    "closure", "cash_flow", "discount_factor", "present_value",
)  # fmt: skip
"""Lines of a cash flow: years from the decision, tonnes, the discount factor, and million USD of one year."""
(
    OUTPUT, PRICE, FEED, SAVED, FLOOR, OTHER, CAPEX, DELAY, RATE, ROYALTY, INCOME_TAX, TURNOVER_TAX, HOLIDAY, HOLIDAY_END,
    PRICE_RATIO, FEED_RATIO, REVERSION,
) = range(len(CASE))  # fmt: skip
BUILD_YEARS, PARTS, WRITTEN_YEARS, WORKING, CLOSURE = range(5)
SPENT, BOUND, FLOW = (LINES.index(name) for name in ("capex", "working_capital", "cash_flow"))
MILLION = 1e-6
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
    """

    build_years: float
    build_parts: int
    output_frac: Floats
    depreciation_years: int
    loss_years: int
    working_capital_frac: float
    closure_frac: float

    @classmethod
    def of(cls, finance: Finance) -> Plan:
        """Return the plan that the assumptions on money say."""
        ramp = [*finance.ramp_frac, *[1.0] * finance.life_years][: finance.life_years]
        return cls(
            build_years=float(finance.construction_years),
            build_parts=max(finance.construction_years, 1),
            output_frac=np.array(ramp, dtype=float),
            depreciation_years=finance.depreciation_years,
            loss_years=finance.loss_years,
            working_capital_frac=finance.working_capital_frac,
            closure_frac=finance.closure_frac,
        )


def lay_cases(table: pd.DataFrame) -> Floats:
    """Return the cases of a table with the columns of :data:`CASE`, shape (rows, columns), as the loop reads them."""
    return np.ascontiguousarray(table[list(CASE)].to_numpy(dtype=float))


def value_cases(cases: Floats, plan: Plan) -> Floats:
    r"""Return the net present value of each case, of the day of the decision.

    .. math::

        NPV = -\sum_{j=0}^{m-1} \frac{I / m}{(1+r)^{j T / m}} + \sum_{k=1}^{n} \frac{C_k}{(1+r)^{T + k}}, \quad T = B + \Delta

    A delay :math:`\Delta` stretches the building time B evenly and puts off every operating year. In operating year k

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

    Returns
    -------
    numpy.ndarray
        Million USD, shape (n,); NaN where a figure of the case is.

    References
    ----------
    F. J. Stermole and J. M. Stermole, Economic Evaluation and Investment Decision Methods (after-tax cash flow, loss carry-forward).
    """
    return _run(cases, plan, np.empty((0, 0)))


def lay_flow(case: Floats, plan: Plan) -> pd.DataFrame:
    """Return the cash flow of one case line by line, from the same loop.

    Parameters
    ----------
    case : numpy.ndarray
        Shape (len(CASE),).
    plan : Plan
        Years, taxes and working capital.

    Returns
    -------
    pandas.DataFrame
        One row a payment date: the years of building, then those of operation; columns :data:`LINES`, costs negative.
        ``present_value`` adds up to the net present value.
    """
    lines = np.zeros((plan.build_parts + plan.output_frac.size, len(LINES)))
    _run(case[np.newaxis], plan, lines)
    return pd.DataFrame(lines, columns=list(LINES))


def _run(cases: Floats, plan: Plan, lines: Floats) -> Floats:
    """Run the loop over the cases."""
    values = np.empty(len(cases))
    shared = np.array([plan.build_years, plan.build_parts, plan.depreciation_years, plan.working_capital_frac, plan.closure_frac])
    _fill_values(np.ascontiguousarray(cases), plan.output_frac, shared, np.zeros(plan.loss_years + 1), lines, values)
    return values


def _spend(part: float, parts: float, step: float) -> tuple[float, float]:
    """Return the present value of equal parts of a cost, each discounted once more by a step, and the factor after the last."""
    value, factor = 0.0, 1.0
    for _ in range(int(parts)):
        value -= part * factor
        factor *= step
    return value, factor


def _doubt(case: tuple[float, ...]) -> float:
    """Return nil, or NaN where a figure is unknown that a comparison would swallow."""
    value, saved, floor, income_tax, sales_tax, holiday, end, pull = case
    return 0.0 * (((value + saved) + (floor + income_tax)) + ((sales_tax + holiday) + (end + pull)))


def _drift(level: float, way: float, decay: float) -> float:
    """Return a level on its way to another one; way is the logarithm of their ratio, decay the part of it that is left."""
    return level * math.exp(way * (1.0 - decay))


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


@compile_lazily(_doubt, _spend, _drift, _write, _write_ends)
def _fill_values(cases: Floats, ramp: Floats, shared: Floats, losses: Floats, lines: Floats, values: Floats) -> None:  # noqa: PLR0917
    """Write the value of each case, and the lines of the last one where there is room for them."""
    life, kept, is_told = ramp.size, losses.size, lines.shape[0] > 0
    parts, written_years, working, closure = shared[PARTS], shared[WRITTEN_YEARS], shared[WORKING], shared[CLOSURE]
    for place in range(cases.shape[0]):
        tonnes, price, feed_value, saved = cases[place, OUTPUT] * MILLION, cases[place, PRICE], cases[place, FEED], cases[place, SAVED]
        floor, other, capex, royalty = cases[place, FLOOR], cases[place, OTHER], cases[place, CAPEX], cases[place, ROYALTY]
        start, rate, pull = shared[BUILD_YEARS] + cases[place, DELAY], cases[place, RATE], cases[place, REVERSION]
        income_tax, sales_tax = cases[place, INCOME_TAX], cases[place, TURNOVER_TAX]
        holiday, end = cases[place, HOLIDAY], cases[place, HOLIDAY_END]
        discount, free, bound, left, written = 1.0 / (1.0 + rate), min(holiday, end - start) + WHOLE_YEAR, 0.0, 0, capex / written_years
        value, factor = _spend(capex / parts, parts, (1.0 + rate) ** (-start / parts))
        value += _doubt((feed_value, saved, floor, income_tax, sales_tax, holiday, end, pull))
        price_way = feed_way = 0.0
        if pull > 0.0:
            price_way, feed_way = math.log(cases[place, PRICE_RATIO]), math.log(cases[place, FEED_RATIO])
        losses[:] = 0.0
        for year in range(1, life + 1):
            if pull > 0.0:
                decay = math.exp(-pull * (start + year))
                price, feed_value = _drift(cases[place, PRICE], price_way, decay), _drift(cases[place, FEED], feed_way, decay)
            factor *= discount
            output = tonnes * ramp[year - 1]
            sales, feed, taxed = output * price, output * max(feed_value - saved, floor), 1.0 * (year > free)
            earned = sales * (1.0 - royalty) - feed - output * other
            if year > written_years:
                written = 0.0
            income, used = earned - written, 0.0
            gain, loss = max(income, 0.0) * taxed, max(-income, 0.0) * taxed
            if left > 0 or loss > 0.0:
                for age in range(1, kept):  # the oldest first; what is left grows a year older, and what was oldest is lost
                    part = min(losses[age], gain - used)
                    used += part
                    losses[age - 1] = losses[age] - part
                losses[kept - 1] = loss
                left = kept - 1 if loss > 0.0 else left - 1
            tax, needed = max(income_tax * (gain - used), sales_tax * sales) * taxed, working * sales
            flow = earned - tax + bound - needed
            value += flow * factor
            if is_told:
                money = (sales, -feed, -output * other, -sales * royalty, -written, used, gain - used, -tax, 0.0, bound - needed, 0.0, flow)
                _write(lines, lines.shape[0] - life + year - 1, (start + year, output / MILLION, *money, factor, 0.0))
            bound = needed
        values[place] = value + (bound - closure * capex) * factor
        if is_told:
            _write_ends(lines, life, (start, capex, rate), (bound, closure * capex))
