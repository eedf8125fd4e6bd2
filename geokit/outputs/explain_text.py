"""Everything behind one alternative as lines to read: the line of the plant and its law, score, feed, freight, money, gates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from geokit.core.columns import split_ids
from geokit.dependency.flowsheet import ONLY_CARRIED
from geokit.dependency.scope import CARRIED
from geokit.outputs.explain_feed import tell_balance, tell_inbound, tell_merit, tell_years
from geokit.outputs.explain_money import tell_money
from geokit.outputs.style import HISTORICAL, PROFILE_WORDS, format_figure, format_percent, format_range, format_words, wrap_line

Row = Mapping[str, Any]
Tree = Mapping[str, Any]
STEP = "    "
"""Blanks of one level."""
PRODUCT = "product"
LINKS = {
    "conditional": "only on a condition",
    PRODUCT: "on a product, not the plant",
    "spillover": "near a listed item, itself not listed",
}
"""What a link says that does not bind the plant."""
READINGS = {"text": "law by its text", "practice": "law as practised"}
PER_ITEM = ("condition", "scope", "scope_note")
"""What is told of each item, not of the clause that names several."""
SIZED = ("outside", "unknown", CARRIED)
"""Scopes that a size decides, or would."""
FACTORS = {"refusal": "b", "Chinese share": "s", "substitutability": "sigma"}
"""What the exposure of a block is made of, by column."""
CHOICES = {"wait": "wait for the licence", "elsewhere": "buy elsewhere"}
"""What to do about a block."""
NEGLIGIBLE_KM = 0.1
"""A track off the network that is shorter is not told."""
NOTHING = "no listed control found"
SIDES = "if nobody turns from China to them or back, but a vendor elsewhere whom nobody named steps in where the technique allows"
"""What the two-sided figures assume."""
NOT_CLEAR = "; nought clears nobody: the rules named below still ask for their licence, and for its months"
"""What a figure of nought does not say."""


def tell_explanation(tree: Tree, *, width: int) -> Iterator[tuple[str, bool]]:
    """Yield what :meth:`geokit.Study.explain` returns as lines.

    Parameters
    ----------
    tree : mapping
        As that method returns.
    width : int
        Columns of the page.

    Yields
    ------
    tuple of str and bool
        A line and whether it is a heading.
    """
    _, track, day = tree["case"].split("/")
    yield from ((line, True) for line in wrap_line(f"{tree['label']}, for {tree['partner']} on {day}, {READINGS[track]}", width))
    for row in tree["ranking"]:
        yield from ((part, False) for part in wrap_line(format_words(_tell_rank(row)), width))
    for heading, lines in (
        ("What the plant needs, step by step, and whose law touches it", _tell_line(tree)),
        ("How old the law told here is", tree["law_age"]),
        ("What making it safe would cost", _tell_ways(tree)),
        ("Score", _tell_cells(tree["cells"])),
        ("Feed", _tell_feeds(tree)),
        ("What a tonne of product takes", tell_balance(tree["balance"])),
        ("Whose feed it would buy first", tell_merit(tree["merit"])),
        ("Feed year by year", tell_years(tree["feed_years"], tree["feed_gaps"], tree["economics"])),
        ("Freight", chain(_tell_hauls(tree["hauls"]), tell_inbound(tree["inbound"]))),
        ("Money", tell_money(tree["economics"], tree["value_states"], tree["cash_flows"])),
        ("Gates", _tell_gates(tree["gates"])),
        ("Sources", _tell_sources(tree["sources"])),
    ):
        told = list(lines)
        if told:
            yield "", False
            yield heading, True
        for line in told:
            yield from ((part, False) for part in wrap_line(line, width))


def _tell_rank(row: Row) -> str:
    """Return the place of an alternative in words."""
    if row["rank"] is None:
        return str(row["reason"] or row["status"])
    bounds = format_range(row["bound_low"], row["bound_high"])
    held = f" Condition: {row['status_reason']}." if row["status_reason"] else ""
    return f"{row['reason']} Score {format_figure(row['score'])}, {bounds} if what is missing were known.{held}"


def _tell_line(tree: Tree) -> Iterator[str]:
    """Yield the operations with their blocks, items, clauses and plan."""
    told: set[str] = set()
    slowest = next((cell["bound_high"] for cell in tree["cells"] if cell["criterion_id"] == "D2"), None)
    for row in tree["dependency"]:
        yield from _tell_plant(row, slowest)
    for step in tree["line"]:
        yield f"{step['order']:>2}  {step['name']}"
        if step["block"] is None:
            yield f"{STEP}same block as above ({step['block_id']})"
            continue
        yield f"{STEP}{step['technique'] or step['block_id']}: {_tell_block(step['block'])}"
        yield from _tell_law(step["items"], told)
        yield from (f"{STEP}plan: {line}" for line in _tell_plan(step["plan"]))


def _tell_plant(row: Row, slowest: float | None) -> Iterator[str]:
    """Yield the figures of the whole line and what was searched."""
    name = "chance that the line is blocked" if row["is_probability"] == "true" else "exposure index"
    told = f"{name}, Chinese law alone, {format_figure(row['d_rel'])} ({format_range(row['d_rel_low'], row['d_rel_high'])})"
    months = format_range(row["delay_months_p10"], row["delay_months_p80"], "months")
    reach = f", up to {format_figure(slowest, 'months')} if every licence that may be asked for takes its longest" if slowest else ""
    whose = PROFILE_WORDS.get(row["profile"], "")
    yield f"End-user profile {row['profile']}{f' ({whose})' if whose else ''}: {told}; delay {months} (P10 to P80){reach}"
    if row["d_rel_supplier_high"] is not None:
        sides = (("the vendors' own countries alone", "supplier"), ("them or China", "either"))
        words = (f"by {who} {format_figure(row[f'd_rel_{key}'])} ({_bounds(row, f'd_rel_{key}')})" for who, key in sides)
        yield f"Blocked by whom, {SIDES}: {'; '.join(words)}{'' if row['d_rel_supplier_high'] else NOT_CLEAR}"
    yield f"Searched: {row['regimes_searched']}"
    if row["note"]:
        yield format_words(row["note"])


def _bounds(row: Row, name: str) -> str:
    """Return the bounds of a figure."""
    return format_range(row[f"{name}_low"], row[f"{name}_high"])


def _tell_block(block: Row) -> str:
    """Return how exposed a block is, and who is left to buy from."""
    left = block["vendors_left"]
    vendors = f"; {left:.0f} vendors on file outside ({block['vendors_sourced']:.0f} of them sourced)" if left is not None else ""
    if block["b_high"] == 0:
        return f"{NOTHING} that enters the figures{vendors}"
    parts = [f"{name} {_say_chance(block[key])}" for name, key in FACTORS.items()]
    first = f"; no. {block['fix_rank']:.0f} to make safe" if block["fix_rank"] is not None else ""
    parts += [f"other process {_say_chance(block['process_sigma'])}"] * bool(block["process_sigma"])
    parts += [f"barred elsewhere {_say_chance(block['barred'])}"] * bool(block["barred"])
    return f"exposure {format_figure(block['e'])} = {', '.join(parts)}{first}{vendors}"


def _say_chance(chance: float | None) -> str:
    """Return a factor, none that is rounded up to certainty."""
    told = format_figure(chance)
    return ">0.99" if told == "1" and chance is not None and chance < 1.0 else told


def _tell_law(items: Sequence[Row], told: set[str]) -> Iterator[str]:
    """Yield the clauses on a block, each with the items under it; what an item is stands where it comes first."""
    clauses = defaultdict[tuple[Any, ...], list[tuple[Row, Row]]](list)
    for item in items:
        for clause in item["clauses"]:
            common = (value for name, value in clause.items() if name not in PER_ITEM)
            clauses[item["label"], *common].append((item, clause))
    for (label, *_), held in clauses.items():
        yield f"{STEP}{label}: {_tell_clause(held[0][1])}"
        for item, clause in held:
            words = [_tell_item(item, is_known=item["item_id"] in told), *_tell_limits(clause)]
            yield f"{STEP * 2}{'; '.join(words)}"
            told.add(item["item_id"])


def _tell_clause(clause: Row) -> str:
    """Return what a clause does to a block, when, and where that is written."""
    outside = clause["scope"] == "outside"
    idle = LINKS.get(clause["link"], "" if clause["counts"] or outside else "does not withhold a supply")
    idle = idle or ONLY_CARRIED * (clause["scope"] == CARRIED)
    words = (clause["instrument"], clause["ref"], clause["effect"].replace("_", " "), clause["reach"], idle, _tell_window(clause))
    return f"{', '.join(word for word in words if word)} [{clause['source_id'].replace(';', ', ')}]"


def _tell_limits(clause: Row) -> Iterator[str]:
    """Yield what limits a clause to some of an item: its condition, and the sizes that are stated or not."""
    condition = clause["condition"].removeprefix(clause["reach"]).removeprefix("; ")
    yield from filter(None, [condition, clause["scope_note"].replace("_", " ") if clause["scope"] in SIZED else ""])


def _tell_item(item: Row, *, is_known: bool) -> str:
    """Return what an item is, its code alone where that was told before."""
    if is_known:
        return f"{item['code']} (as above)"
    name = item["code"] if item["code"] == item["item"] else f"{item['code']}: {item['item']}"
    return f"{name} ({item['kind'].replace('_', ' ')})"


def _tell_window(clause: Row) -> str:
    """Return the state of a clause on the day on which its item leaves, and today where that differs."""
    state = f"{_word(clause['state'])} when it leaves on {clause['leaves_on']}"
    fills = f" ({clause['fills_bound']} of {clause['fills']} yearly fills)" if clause["fills"] > 1 else ""
    text, practice = _word(clause["today_by_text"]), _word(clause["today_as_practised"])
    today = text if text == practice else f"{text} by text, {practice} as practised"
    if clause["link"] == PRODUCT:  # what the plant makes or buys in does not leave with the equipment
        return f"on the day of the question {today}"
    return f"{state}{fills}" + ("" if today == _word(clause["state"]) else f"; on the day of the question {today}")


def _tell_plan(plan: Row | None) -> Iterator[str]:
    """Yield the way round a block."""
    if plan:
        choice = f"{CHOICES[plan['choice']]}: " if plan["choice"] else ""
        yield f"{choice}{format_words(plan['note'])}"


def _tell_ways(tree: Tree) -> Iterator[str]:
    """Yield what buying blocks elsewhere costs and saves, step by step, and how long a reagent may stay away."""
    names = {step["block_id"]: step["technique"] or step["block_id"] for step in tree["line"]}
    for row in tree["frontier"]:
        bought = ", ".join(names.get(one, one) for one in split_ids(row["blocks_elsewhere"])) or "nothing"
        price = "premium unknown" if row["capex_premium_frac"] is None else f"{format_percent(row['capex_premium_frac'])} more capital cost"
        worst = f", {format_figure(row['d_rel_high'])} if nobody elsewhere delivers" if row["blocks_elsewhere"] else ""
        tried = "" if row["is_exact"] else " (not all sets tried)"
        told = f"{bought} bought elsewhere: {price}, index {format_figure(row['d_rel'])}{worst}{tried}"
        yield f"{told}. {format_words(row['note'])}".removesuffix(". ")
    yield from _tell_outages(tree["outages"], names)


def _tell_outages(rows: Sequence[Row], names: Mapping[str, str]) -> Iterator[str]:
    """Yield how long a reagent may stay away, the stock that bridges it, and what it costs without one."""
    for row in rows:
        stock = format_figure(row["break_even_stock_months"], "months")
        months = format_range(row["outage_months_p50"], row["outage_months_p80"], "months")
        yield f"{names.get(row['block_id'], row['block_id'])}: may stay away {months} (P50 to P80); a stock of {stock} bridges it"
        if row["lost_margin_usd_per_t_p80"] is not None:
            yield f"{STEP}without a stock it costs up to {format_figure(row['lost_margin_usd_per_t_p80'], 'USD')} a tonne of yearly output"


def _tell_cells(cells: Sequence[Row]) -> Iterator[str]:
    """Yield the criteria, those of most weight first."""
    for cell in sorted(cells, key=lambda one: (-(one["weight"] or 0.0), one["criterion_id"])):
        if cell["weight"]:
            unit = cell["unit"] if cell["unit"] not in ("1", "0-1") else ""
            found = "unknown" if cell["value"] is None else f"{format_figure(cell['value'], unit)} -> {format_figure(cell['v'])}"
            asked = f" Ask: {cell['holder']}." if cell["holder"] else ""
            note = f"; {format_words(cell['note']).removesuffix('.')}" if cell["note"] else ""
            yield f"{cell['criterion_id']} {cell['label']}: {found}, weight {format_figure(cell['weight'])}{note}.{asked}"


def _tell_feeds(tree: Tree) -> Iterator[str]:
    """Yield the deposits in reach, those with a known tonnage first, then the nearest in cost."""
    hauls = {haul["origin_id"]: haul for haul in tree["hauls"] if haul["kind"] == "feed"}
    for feed in sorted(tree["feeds"], key=lambda one: (one["tonnage_t"] is None, one["usd_per_t"] or 0.0)):
        tonnes = "tonnage unknown" if feed["tonnage_t"] is None else format_figure(feed["tonnage_t"], "t")
        tonnes += f" ({HISTORICAL})" if feed["historical"] == "yes" else ""
        way = hauls.get(feed["deposit_id"])
        yield f"{feed['deposit']}: {tonnes}; {_tell_haul(way) if way else 'no way found'}; {format_words(feed['note'])}".removesuffix("; ")


def _tell_hauls(hauls: Sequence[Row]) -> Iterator[str]:
    """Yield the way of the product to the port of the partner."""
    for haul in hauls:
        if haul["kind"] != "feed":
            what = haul["product_id"].replace("-", " ")
            note = f"; {format_words(haul['note'])}" if haul["note"] else ""
            yield f"{what} from {haul['origin_id']} to {haul['destination_id']}: {_tell_haul(haul)}{note}"


def _tell_haul(haul: Row) -> str:
    """Return what a haul costs, and its length by mode."""
    modes = [f"{format_figure(haul[f'{mode}_km'], 'km')} {mode}" for mode in ("road", "rail", "sea") if haul[f"{mode}_km"]]
    modes += [f"{format_figure(haul['gap_km'], 'km')} off the network"] if haul["gap_km"] >= NEGLIGIBLE_KM else []
    price = f"{format_figure(haul['usd_per_t'], 'USD/t')} ({format_range(haul['usd_per_t_low'], haul['usd_per_t_high'])})"
    return ", ".join([price, *modes])


def _tell_gates(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the gates, failed ones first."""
    order = ("fail", "unknown", "pass")
    for row in sorted(rows, key=lambda one: (order.index(one["result"]), one["gate_id"])):
        yield f"{row['gate_id'].replace('-', ' ')} {format_words(row['reason'])}"


def _tell_sources(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the sources."""
    for row in rows:
        yield f"[{row['source_id']}] {', '.join(str(row[name]) for name in ('title', 'date', 'url') if row[name])}"


def _word(code: str) -> str:
    """Return a code as words; a blank state is that of a clause not yet issued."""
    return code.replace("_", " ") or "not issued"
