"""What a plant would eat, as lines to read: metal balance, merit order of the lots, feed year by year, and what nobody published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from geokit.outputs.style import format_figure, format_percent, format_range, format_words

Row = Mapping[str, Any]
STEP = "    "
"""Blanks of one level."""
FEED = {"unknown": "feed whose holder is unknown"}
"""Feed in words, where who takes it is not said by one."""
LOTS = 8
"""Lots of feed that are told; the table ``merit`` holds all."""


def tell_balance(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what a step takes and gives, for each feed, and the by-products with it."""
    yield from (_tell_by_product(row) if row["output_kind"] == "by_product" else _tell_step(row) for row in rows)


def _tell_by_product(row: Row) -> str:
    """Return what comes out beside the product."""
    amount = format_range(row["by_product_per_t_low"], row["by_product_per_t_high"], row["by_product_unit"] or "")
    counted = "" if row["counted"] == "yes" else ", not counted in money"
    note = f"; {format_words(row['note'])}" if row["note"] else ""
    return f"{STEP}with it {row['output']}: {amount if row['by_product_per_t'] is not None else 'amount unknown'}{counted}{note}"


def _tell_step(row: Row) -> str:
    """Return what a tonne of product takes of one feed."""
    where = f" of {row['deposit_id'].replace('-', ' ')}" if row["deposit_id"] else ""
    feed = row["feed_product_id"].replace("-", " ")
    if row["feed_t_per_t"] is None:
        return f"{feed}{where}: tonnes of feed for a tonne of product unknown: {format_words(row['note'])}"
    spread = format_range(row["feed_t_per_t_low"], row["feed_t_per_t_high"])
    recovery = f"recovery {format_percent(row['recovery'])}{' (our assumption)' if row['recovery_assumed'] == 'yes' else ''}"
    grades = (("feed_content_frac", "feed_contained_of"), ("content_frac", "contained_of"))
    content = "from " + " to ".join(f"{_say_grade(row[frac])} {row[of]}" for frac, of in grades)
    return f"{feed}{where}: {format_figure(row['feed_t_per_t'], 't')} for a tonne of product ({spread}); {recovery}; {content}"


def tell_merit(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lots of feed in the order in which a plant would buy them, the cheapest payable tonne first."""
    ranked = sorted((row for row in rows if row["rank"] is not None), key=lambda row: row["rank"])
    for row in ranked[:LOTS]:
        cost = f"{format_figure(row['usd_per_payable_t'], 'USD')} a payable tonne of product"
        spread = format_range(row["usd_per_payable_t_low"], row["usd_per_payable_t_high"])
        tonnes = "tonnes a year unknown"
        if row["payable_t_per_y"] is not None:
            tonnes = f"{format_figure(row['payable_t_per_y'], 't/y')} payable in a mean year"
        taker = "holder unknown" if row["availability"] == "unknown" else row["availability"]
        yield f"{row['rank']:.0f}. {row['deposit']} ({taker}): {cost} ({spread}); {tonnes}; price by {row['gate_basis']}"
    if len(ranked) > LOTS:
        more = len(ranked) - LOTS
        yield f"{more} more {'lot' if more == 1 else 'lots'} in the table merit"
    without = len(rows) - len(ranked)
    if without:
        yield f"{without} {'lot has' if without == 1 else 'lots have'} no place: no cost of the feed is known, or it is not for sale"


def tell_years(rows: Sequence[Row], gaps: Sequence[Row], economics: Sequence[Row]) -> Iterator[str]:
    """Yield what the plant would eat and how much of it is in sight, what could be drawn each year, and what is not published."""
    for row in economics:
        if row["feed_eaten_t_per_y"] is not None:
            yield from _tell_cover(row)
    scenarios = {row["scenario"] for row in rows}
    for (first, last, tonnes), names in _join_years(rows).items():
        when = first if first == last else f"{first} to {last}"
        held = "" if len(names) == len(scenarios) else f", first ore {' or '.join(names)}"
        yield f"{when}{held}: {tonnes}"
    yield from (format_words(row["reason"]) for row in gaps)


def _tell_cover(row: Row) -> Iterator[str]:
    """Yield how much of what a plant eats is in sight, what may come on top, and who else may want it."""
    eaten = f"at full output the plant eats {format_figure(row['feed_eaten_t_per_y'], 't')} of feed a year"
    first, last = row["feed_share_first_frac"], row["feed_share_last_frac"]
    if first is None or last is None:
        yield f"{eaten}; how much free feed it would get each year is unknown, so its value has bounds and no figure"
    else:
        whose = "the feed that you state" if row["feed_mark"] == "assumption" else "free feed in sight"
        yield f"{eaten}; {whose} covers {format_percent(first)} of it in the first year of operation and {format_percent(last)} in the last"
    if row["feed_unrated"]:
        many = "deposits" if row["feed_unrated"] > 1 else "deposit"
        why = "nobody states a rate, so only the upper bound of a value counts more feed"
        yield f"{row['feed_unrated']:.0f} more free {many} in reach: {why}"
    yield _tell_claims(row)


def _tell_claims(row: Row) -> str:
    """Return who else would draw on the same deposits, and what all of them would take against what is in sight."""
    alone = "each plant is looked at alone: what neighbours would buy from the same deposits is not taken off"
    if row["feed_claims_t_per_y"] is None:
        return alone
    if row["feed_claimants"] == 1.0:
        return "no other plant of this comparison draws on these deposits with the same feed"
    told = f"{row['feed_claimants']:.0f} plants of this comparison, this one among them, would draw on the same deposits"
    claims = f"together {format_figure(row['feed_claims_t_per_y'], 't a year')} at full output"
    shipped = f" of the {format_figure(row['feed_first_t_per_y'], 't')} in sight" if row["feed_first_t_per_y"] is not None else ""
    return f"{told}, {claims}{shipped}; {alone}"


def _join_years(rows: Sequence[Row]) -> dict[tuple[str, str, str], list[str]]:
    """Return the scenarios of each span of years in which the same could be drawn: first and last year, then what."""
    spans = defaultdict[tuple[str, str, str], list[str]](list)
    ordered = sorted(rows, key=lambda row: (row["scenario"], row["availability"], row["year"]))
    for (scenario, tonnes), same in groupby(ordered, lambda row: (row["scenario"], _say_tonnes(row))):
        years = [f"{row['year']:.0f}" for row in same]
        spans[years[0], years[-1], tonnes].append(scenario.replace("_", " "))
    return spans


def _say_tonnes(row: Row) -> str:
    """Return what could be drawn of one kind of feed in a year."""
    feed = FEED.get(row["availability"], f"{row['availability']} feed")
    if row["feed_t_per_y"] is None:
        return f"tonnes unknown of {feed}"
    mode, spread = format_figure(row["feed_t_per_y"]), format_range(row["feed_t_per_y_low"], row["feed_t_per_y_high"])
    blind = f"; what {row['unknown']:.0f} of its deposits would give is unknown" if row["unknown"] else ""
    return f"{format_figure(row['feed_t_per_y'], 't/y')}{f' ({spread})' if spread != mode else ''} of {feed}{blind}"


def tell_inbound(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what bringing the needs of the plant up from the coast costs."""
    for row in rows:
        if row["usd_per_t"] is None:
            yield _tell_no_inbound(row)
            continue
        price = f"{format_figure(row['usd_per_t'], 'USD/t')} of product ({format_range(row['usd_per_t_low'], row['usd_per_t_high'])})"
        part = "" if row["complete"] else f", for {row['known'].replace(';', ', ')} only; unknown: {row['unknown'].replace(';', ', ')}"
        yield f"inbound freight {price}{part}; beside the margin, not subtracted"


def _tell_no_inbound(row: Row) -> str:
    """Return why no inbound freight is known."""
    if row["known"]:
        return "inbound freight unknown: no way up from a port was found"
    missing = row["unknown"].replace(";", ", ")
    return f"inbound freight unknown: no consumption of {missing} was found" if missing else "inbound: no need is in the layers"


def _say_grade(frac: float | None) -> str:
    """Return a content in percent with its decimals."""
    return "unknown" if frac is None else f"{format_figure(100.0 * frac)} %"
