"""What a plant would earn, as lines to read: value, what it rests on, what would turn it, and the cash flow year by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from geokit.outputs.style import format_figure, format_percent, format_range, format_words

Row = Mapping[str, Any]
STEP = "    "
"""Blanks of one level."""
MARKED = {
    "price": "price of the product", "feed_price": "price of the feed", "feed": "feed by year", "capex": "capital cost",
    "opex": "operating cost", "royalty": "royalty",
}  # fmt: skip
"""Inputs of a value that carry a mark: evidence, assumption or missing."""
MARKS = {"evidence": "sourced", "assumption": "given as an assumption", "missing": "not found"}
TAXES = {"income_tax": "income tax", "final_tax": "a final tax on sales", "holiday": "a tax holiday, then income tax"}
WORTH = {
    "waiver": "no delay and no dearer equipment for controls",
    "year": "a year of delay",
    "freight": "10 USD less freight a tonne of product",
    "power": "power cheaper by a cent a kWh",
}
"""What relief the worth of which is told."""
BREAK_EVENS = {
    "break_even_cost_usd_per_t": ("all costs with the feed, before freight", "USD/t"),
    "break_even_conversion_usd_per_t": ("conversion cost", "USD/t"),
    "break_even_gate_usd_per_t": ("feed price at the mine gate", "USD/t"),
    "break_even_capex_usd_per_tpa": ("capital cost", "USD per t/y"),
    "break_even_opex_usd_per_t": ("operating cost", "USD/t"),
    "break_even_delay_months": ("delay", "months"),
    "break_even_supply_t_per_y": ("feed", "t a year"),
}
"""Figures at which nothing is left, with the feed in sight."""
LEAST = "break_even_price_usd_per_t"
"""Price below which a product that nobody quotes cannot beat exporting."""
FED = {
    "break_even_opex_fed_usd_per_t": ("operating cost", "USD/t"),
    "break_even_capex_fed_usd_per_tpa": ("capital cost", "USD per t/y"),
}
"""The same if the plant got all the feed that it can eat."""
FLOW = (
    "sales", "feed", "freight", "feed_freight", "opex", "royalty", "tax", "working_capital", "capex", "closure", "cash_flow",
)  # fmt: skip
"""Lines of money that are told; the table ``cash_flows`` holds all."""


def tell_money(rows: Sequence[Row], states: Sequence[Row], flows: Sequence[Row]) -> Iterator[str]:
    """Yield what the economics say in words, then the value with its bounds, what it rests on, and its cash flow.

    Parameters
    ----------
    rows, states, flows : sequence of mapping
        Rows of ``economics``, ``value_states`` and ``cash_flows`` of one alternative.

    Yields
    ------
    str
        One line each.
    """
    for row in rows:
        if row["reason"]:
            yield format_words(row["reason"])
        yield from _tell_by_products(row)
        yield from _tell_least(row)
        alike = "Breaks even with exporting its feed at" if row["feed_buyer_port_id"] else "Breaks even at"
        for words, figures in ((alike, BREAK_EVENS), ("Fed to capacity it breaks even at", FED)):
            bound = [f"{name} {format_figure(row[key], unit)}" for key, (name, unit) in figures.items() if row[key] is not None]
            if bound:
                yield f"{words}: {', '.join(bound)}"
        if row["npv_million_usd"] is None:
            yield from _tell_missing(row)
            continue
        yield from _tell_value(row)
        yield from (_tell_state(state) for state in states)
        yield from _tell_flow(flows)


def _tell_by_products(row: Row) -> Iterator[str]:
    """Yield what by-products bring in, and which of them the money leaves out."""
    if row["by_product_usd_per_t"]:
        yield f"By-products bring in {format_figure(row['by_product_usd_per_t'], 'USD')} of the price of a tonne of product"
    if row["by_products_uncounted"]:
        why = "for want of an amount, a price, a buyer or a way there, for the ore that it draws"
        yield f"By-products left out of the money, {why}: {row['by_products_uncounted']}"


def _tell_least(row: Row) -> Iterator[str]:
    """Yield the price that a product without a quote must fetch at the very least."""
    if row[LEAST] is not None:
        least = format_figure(row[LEAST], "USD/t")
        yield f"To beat exporting the product must fetch more than {least}, the part of its costs that is known"


def _tell_missing(row: Row) -> Iterator[str]:
    """Yield what a value still needs, with the assumption that fills each, and the bounds where only the feed of each year is unknown."""
    lacks, keys = (row[name].split("; ") if row[name] else [] for name in ("missing_inputs", "missing_keys"))
    if lacks:
        told = [f"{lack} ({key})" for lack, key in zip(lacks, keys, strict=True)]
        yield f"For a net present value it still needs: {'; '.join(told)}"
    if row["npv_million_usd_low"] is not None:
        ends = format_range(row["npv_million_usd_low"], row["npv_million_usd_high"], "million USD")
        yield f"Net present value {ends}, from no feed at all to as much as the plant can eat; {_tell_fed(row)}"
        yield from _tell_inputs(row)


def _tell_fed(row: Row) -> str:
    """Return the second figure: what a plant would be worth that gets all the feed that it can eat."""
    return f"fed to capacity, if other feed were bought at the same price, {format_figure(row['npv_fed_million_usd'], 'million USD')}"


def _tell_inputs(row: Row) -> Iterator[str]:
    """Yield every figure of the base case with what stands behind it."""
    if row["value_inputs"]:
        yield "Computed from"
        yield from (f"{STEP}{entry}" for entry in row["value_inputs"].split("; "))


def _tell_value(row: Row) -> Iterator[str]:
    """Yield the value of a plant and what it rests on."""
    ends = format_range(row["npv_million_usd_low"], row["npv_million_usd_high"])
    drawn = ", ".join(format_figure(row[f"npv_million_usd_{share}"]) for share in ("p10", "p50", "p90"))
    yield (
        f"Net present value {format_figure(row['npv_million_usd'], 'million USD')} ({ends} with every figure against it, or for it); "
        f"drawn P10, P50, P90: {drawn}; chance of a loss {format_percent(row['loss_chance'])}"
    )
    if row["utilisation_frac"] is not None:
        yield f"With the feed in sight it makes {format_percent(row['utilisation_frac'])} of its full output; {_tell_fed(row)}"
    marks = ", ".join(f"{name} {MARKS[row[f'{key}_mark']]}" for key, name in MARKED.items() if row[f"{key}_mark"])
    yield f"It rests on: {marks}; taxed by {TAXES.get(row['tax_regime'], row['tax_regime'])}"
    rate = format_percent(row["irr_frac"]) if row["irr_frac"] is not None else f"none ({row['irr_count'] or 0:.0f} rates solve)"
    paid = f"pays back in {format_figure(row['payback_years'], 'years')}" if row["payback_years"] is not None else "never pays back"
    yearly = format_figure(row["annuity_million_usd_per_y"], "million USD a year")
    yield f"Internal rate of return {rate}; {paid}; worth {yearly}"
    yield from _tell_relief(row)
    yield from _tell_inputs(row)


def _tell_relief(row: Row) -> Iterator[str]:
    """Yield what relief is worth, and what drives the value."""
    told = {name: row[f"worth_{key}_million_usd"] for key, name in WORTH.items()}
    worth = [f"{name} {format_figure(figure)}" for name, figure in told.items() if figure is not None]
    if worth:
        yield f"Worth, in million USD: {'; '.join(worth)}"
    if row["drivers"]:
        yield f"Driven by: {', '.join(one.strip() for one in row['drivers'].split(';'))}"


def _tell_state(state: Row) -> str:
    """Return the value in one political state."""
    wait = format_figure(state["delay_months"], "months")
    dearer = format_percent(state["capex_factor"] - 1.0)
    value = format_figure(state["npv_million_usd"], "million USD")
    name = f"if {state['state'].replace('_', ' ')} (chance {format_figure(state['probability'])})"
    return f"{STEP}{name}: {value}; delay {wait}, capital cost {dearer} more"


def _tell_flow(flows: Sequence[Row]) -> Iterator[str]:
    """Yield the cash flow, a line a payment date; lines of nothing are left out."""
    if flows:
        yield "Cash flow of the base case, million USD; present values add up to the net present value"
    for row in sorted(flows, key=lambda one: one["years"]):
        parts = [_tell_output(row)] * bool(row["full_output_t"])
        parts += [f"{name.replace('_', ' ')} {format_figure(row[name])}" for name in FLOW if row[name]]
        factor, now = (format_figure(row[name]) for name in ("discount_factor", "present_value"))
        yield f"{STEP}year {format_figure(row['years'])}: {', '.join(parts) or 'no payment'}; x {factor} = {now}"


def _tell_output(row: Row) -> str:
    """Return the output of a year, and what bounds it where feed does."""
    output = f"output {format_figure(row['output_t'], 't')}"
    if row["feed_in_sight_t"] is None or row["output_t"] >= row["full_output_t"]:
        return output
    return f"{output} of {format_figure(row['full_output_t'], 't')} (feed in sight {format_figure(row['feed_in_sight_t'], 't')})"
