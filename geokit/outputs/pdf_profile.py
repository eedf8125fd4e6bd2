"""One alternative on two pages: where, what it eats, what it ships, whose law touches it, what it earns, and what nobody knows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from geokit.core.case import Case
from geokit.outputs.charts import draw_feed, draw_flow, draw_why
from geokit.outputs.explain_feed import tell_inbound, tell_years
from geokit.outputs.explain_money import tell_money
from geokit.outputs.explain_text import LINKS, tell_explanation
from geokit.outputs.style import HISTORICAL, SPACE, format_figure, format_percent, format_range, format_words
from geokit.outputs.view import View, name_alternative
from geokit.study.study import Study

Row = Mapping[str, Any]
LOTS, HAULS = 5, 3
"""Lots of feed and hauls of feed that a profile lists; the tables ``merit`` and ``hauls`` hold all."""
WAYS = "What making it safe would cost"
"""Heading under which an explanation tells what buying elsewhere costs."""
NOBODY = "nobody named yet"
"""Said where no holder of a fact is on file."""
TONNAGE = ("deposits", "tonnage_million_t")
HELD = (
    ("operating cost", ("cost_models", "opex_usd_per_t")), ("capital cost", ("cost_models", "capex_usd_per_tpa")),
    ("size of the plant", ("stages", "reference_scale_tpa")), ("feed by year", ("feed_plans", "kt_per_y_low")),
    ("feed per tonne", ("stages", "input_t_per_t")), ("feed", TONNAGE), ("price", ("prices", "latest_value")),
    ("freight", ("ocean_freight", "mode")), ("tax", ("royalties_taxes", "mode")),
)  # fmt: skip
"""How an input that a value lacks begins, and the layer and column whose holders are asked for it."""
RISK_GROUPS = ("risk", "logi")
"""Groups of criteria that a profile tells among the risks."""
VERDICT = re.compile(r"^(passes|fails|unknown):? ")
"""What a gate says before its reason."""
ASK = re.compile(r"; to know: (?P<what>.*?); ask: (?P<holder>.*)$")
"""What a gate says is not known, and whom to ask."""
SITE_FACTS = (
    ("kind", "Kind of site"), ("status", "State"), ("developer", "Developer"), ("land_note", "Land"), ("power_note", "Power"),
    ("gas_note", "Gas"), ("water_note", "Water"), ("incentives", "Incentives"),
)  # fmt: skip
DEPOSIT_FACTS = (("deposit_type", "Kind of deposit"), ("status_code", "State"), ("operator", "Operator"))
MONEY = (
    ("product_usd_per_t", "Price of the product", "USD/t of product"),
    ("feed_price_usd_per_t", "Price of the feed at the mine gate", "USD/t of feed"),
    ("feed_t_per_product_t", "Feed for a tonne of product", "t/t"),
    ("feed_freight_usd_per_t", "Freight of the feed", "USD/t of feed"),
    ("product_freight_usd_per_t", "Freight of the product to the partner's port", "USD/t of product"),
    ("margin_usd_per_t", "Left before conversion", "USD/t of product"),
    ("power_usd_per_t", "of which power alone would take", "USD/t of product"),
    ("capex_usd_per_tpa", "Capital cost", "USD per t/y"),
    ("opex_usd_per_t", "Operating cost", "USD/t of product"),
)  # fmt: skip
"""Figures of a tonne of product: column, name and unit; most have ends beside them."""


def build_profile(study: Study, alternative: str, case: Case, *, view: View) -> dict[str, Any]:
    """Return what the pages of one alternative print.

    Parameters
    ----------
    study : Study
        The finished study.
    alternative : str
        ``site:stage``.
    case : Case
        The question.
    view : View
        The study as the outputs see it.

    Returns
    -------
    dict
        ``title``, ``standing``, ``reason``, ``facts`` (six), ``why``, ``place``, ``feed``, ``lots``, ``routes``, ``freight``, ``line``,
        ``plan``, ``searched``, ``law_age``, ``gates``, ``money``, ``value``, ``flow``, ``risks``, ``unknown``, ``source_ids``.
    """
    tree = study.explain(alternative, case.partner, track=case.track)
    about = next(iter(study.alternatives[study.alternatives["alternative"] == alternative].to_dict("records")))
    rank, money = tree["ranking"][0], (tree["economics"] or [{}])[0]
    named = name_alternative(view, about)
    dependency = (tree["dependency"] or [{}])[0]
    return {
        "title": f"{rank['rank']:.0f}. {named['name']}: {named['product']}",
        "standing": _tell_standing(rank),
        "reason": format_words(rank["reason"] or ""),
        "facts": list(_list_facts(tree["cells"], money, dependency)),
        "why": draw_why(tree["cells"]),
        "place": list(_tell_place(view, about)),
        "feed": _word(tell_years(tree["feed_years"], tree["feed_gaps"], tree["economics"])),
        "curve": draw_feed(tree["feed_years"], money.get("feed_eaten_t_per_y"), scenario=study.assumptions.feed.scenario),
        "lots": list(_list_lots(tree["merit"])),
        "more_lots": max(len(tree["merit"]) - LOTS, 0),
        "routes": list(_list_routes(view, tree)),
        "freight": _word(tell_inbound(tree["inbound"])),
        "line": list(_list_steps(tree["line"])),
        "plan": [*_tell_plan(tree["line"]), *_find_section(tree, WAYS)],
        "searched": format_words(dependency.get("regimes_searched", "") or ""),
        "law_age": _word(tree["law_age"]),
        "gates": sorted(map(_tell_gate, tree["gates"]), key=lambda gate: (gate[1] != "fail", gate[1] == "pass")),
        "money": list(_list_money(money)),
        "value": _word(tell_money(tree["economics"], tree["value_states"], [])),
        "flow": draw_flow(tree["cash_flows"]),
        "risks": list(_list_risks(study, tree["cells"])),
        "unknown": list(_list_unknown(view, tree, money)),
        "source_ids": [row["source_id"] for row in tree["sources"]],
    }


def _word(sentences: Iterable[str]) -> list[str]:
    """Return sentences with their figures as people read them."""
    return [format_words(words) for words in sentences]


def _tell_standing(rank: Row) -> str:
    """Return rank, tier, score with its two kinds of doubt, and the share of the weight that is known."""
    words = [f"Rank {rank['rank']:.0f}", f"tier {rank['tier']:.0f}", f"score {_two(rank['score'])}"]
    words += [f"80{SPACE}% band {_two(rank['score_p10'])} to {_two(rank['score_p90'])}"]
    words += [f"{_two(rank['bound_low'])} to {_two(rank['bound_high'])} if what is missing were known"]
    words += [f"{format_percent(rank['evidence_frac'])} of the weight is known"]
    held = f" {rank['status'].replace('_', ' ').capitalize()}: {format_words(rank['status_reason'])}." if rank["status_reason"] else ""
    return f"{'; '.join(words)}.{held}"


def _two(value: float) -> str:
    """Return a score with two decimals."""
    return f"{value:.2f}"


def _list_facts(cells: Sequence[Row], money: Row, dependency: Row) -> Iterator[list[str]]:
    """Yield the six facts: name, figure and what stands behind it."""
    feed = next((cell for cell in cells if cell["criterion_id"] == "F1"), None)
    spread = "nobody published enough to tell" if feed is None or feed["value"] is None else _spread(feed, "value")
    yield ["Feed in reach", format_figure(feed["value"], "years") if feed else "unknown", spread]
    share = money.get("feed_share_first_frac")
    yield ["Feed cover at the start", format_percent(share), "of what the plant eats at full output, from free feed in sight"]
    yield ["Freight to the partner", format_figure(money.get("product_freight_usd_per_t"), "USD/t"), "of product, to the port of delivery"]
    yield ["Margin before conversion", format_figure(money.get("margin_usd_per_t"), "USD/t"), _spread(money, "margin_usd_per_t")]
    months = format_range(dependency.get("delay_months_p50"), dependency.get("delay_months_p80"), "months")
    yield ["Exposure to controls", format_figure(dependency.get("d_rel")), f"index 0 to 1, {_spread(dependency, 'd_rel')}; delay {months}"]
    value = money.get("npv_million_usd")
    missing = f"not found: {money.get('missing_inputs') or 'its inputs'}"
    yield ["Net present value", format_figure(value, "million USD"), missing if value is None else _spread(money, "npv_million_usd")]


def _spread(row: Row, name: str) -> str:
    """Return the ends of a figure."""
    return format_range(row.get(f"{name}_low"), row.get(f"{name}_high"))


def _tell_place(view: View, about: Mapping[Any, Any]) -> Iterator[list[str]]:
    """Yield what is known of the place, blanks as unknown."""
    sites, deposits = view.layer("sites", ["site_id"]), view.layer("deposits", ["deposit_id"])
    for table, key, facts in ((sites, "site_id", SITE_FACTS), (deposits, "deposit_id", DEPOSIT_FACTS)):
        for row in table[table[key] == about["site_id"]].to_dict("records"):
            where = ", ".join(word for word in (row["district"], str(row["province_id"]).replace("-", " ").title()) if word)
            spot = f"{about['lat']:.2f} N, {about['lon']:.2f} E, within {format_figure(about['coord_accuracy_km'], 'km')}"
            yield ["Where", f"{where} ({spot})"]
            yield from ([label, format_words(str(row[name])) if row.get(name) else "unknown"] for name, label in facts if name in row)
            return


def _list_lots(rows: Sequence[Row]) -> Iterator[list[str]]:
    """Yield the first lots of feed in the order in which a plant would buy them."""
    ranked = sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0.0, row["deposit_id"]))
    for row in ranked[:LOTS]:
        taker = "holder unknown" if row["availability"] == "unknown" else row["availability"]
        cost, ends = format_figure(row["usd_per_payable_t"]), _spread(row, "usd_per_payable_t")
        yield [row["deposit"], taker, cost, ends, format_figure(row["payable_t_per_y"]), row["gate_basis"] or "no price"]


def _list_routes(view: View, tree: Row) -> Iterator[list[str]]:
    """Yield the way of the product and the ways of the feed that is bought first."""
    order = {row["deposit_id"]: row["rank"] for row in tree["merit"] if row["rank"] is not None}
    fed = sorted(
        (haul for haul in tree["hauls"] if haul["kind"] == "feed"), key=lambda haul: (order.get(haul["origin_id"], 1e9), haul["origin_id"])
    )
    for haul in [*(haul for haul in tree["hauls"] if haul["kind"] != "feed"), *fed[:HAULS]]:
        what = "feed" if haul["kind"] == "feed" else view.label("products", haul["product_id"])
        target = view.site_label(haul["destination_id"]) if haul["kind"] == "feed" else view.label("ports", haul["destination_id"])
        ways = [format_figure(haul[f"{mode}_km"]) if haul[f"{mode}_km"] else "\u2013" for mode in ("road", "rail", "sea", "gap")]
        price = [format_figure(haul["usd_per_t"]), _spread(haul, "usd_per_t")]
        via = f" by {view.label('ports', haul['via_port_id'])}" if haul["via_port_id"] else ""
        yield [what, f"{view.site_label(haul['origin_id'])} to {target}{via}", *price, *ways]


def _list_steps(line: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Yield each step with what it needs, how exposed that is, who is left to buy from, and the law that touches it."""
    first: dict[str, int] = {}
    told: dict[str, int] = {}
    for step in line:
        base = {"order": str(step["order"]), "name": step["name"]}
        block = step["block"]
        if block is None:
            yield base | {"needs": f"as step {first[step['block_id']]}", "exposure": "", "left": "", "law": []}
            continue
        first[step["block_id"]] = step["order"]
        exposure = "none found" if block["b_high"] == 0 else format_figure(block["e"])
        left = "unknown" if block["vendors_left"] is None else f"{block['vendors_left']:.0f} ({block['vendors_sourced'] or 0:.0f} sourced)"
        law = list(_list_law(step["items"], told, step["order"]))
        yield base | {"needs": step["technique"] or step["block_id"], "exposure": exposure, "left": left, "law": law}


def _list_law(items: Sequence[Row], told: dict[str, int], order: int) -> Iterator[str]:
    """Yield the clauses on a step, each with the codes of its items; what an earlier step told is named by that step."""
    codes = defaultdict[str, list[str]](list)
    for item in items:
        for clause in item["clauses"]:
            idle = LINKS.get(clause["link"], "")
            parts = (clause["instrument"], clause["ref"], clause["effect"].replace("_", " "), idle, clause["state"].replace("_", " "))
            codes[f"{item['label']}: {', '.join(part for part in parts if part)}"].append(item["code"])
    for words, named in codes.items():
        seen = told.setdefault(words, order)
        law = words if seen == order else f"{words.split(':')[0]}: as at step {seen}"
        yield f"{law} ({', '.join(dict.fromkeys(named))})"


def _tell_plan(line: Sequence[Row]) -> Iterator[str]:
    """Yield the way round each block that has one."""
    for step in line:
        if step["plan"]:
            choice = f" {step['plan']['choice']}," if step["plan"]["choice"] else ""
            yield f"{step['technique'] or step['block_id']}:{choice} {format_words(step['plan']['note'])}"


def _find_section(tree: Row, heading: str) -> Iterator[str]:
    """Yield the lines that an explanation has under a heading."""
    inside = False
    for words, is_heading in tell_explanation(tree, width=100_000):
        if is_heading:
            inside = words == heading
        elif inside and words:
            yield format_words(words.strip())


def _tell_gate(row: Row) -> list[str]:
    """Return a gate, its result and the reason."""
    return [row["gate_id"].replace("-", " "), row["result"], format_words(ASK.sub("", VERDICT.sub("", row["reason"])))]


def _list_money(row: Row) -> Iterator[list[str]]:
    """Yield the figures of a tonne of product, missing ones as unknown."""
    for name, label, unit in MONEY:
        ends = [format_figure(row.get(f"{name}_{end}")) if f"{name}_low" in row else "" for end in ("low", "high")]
        yield [label, ends[0], format_figure(row.get(name)), ends[1], unit]


def _list_risks(study: Study, cells: Sequence[Row]) -> Iterator[list[str]]:
    """Yield what was found on routes, security, protected areas and institutions; what was not stands among the unknowns."""
    criteria = study.criteria
    risky = set(criteria.loc[criteria["group_id"].isin(RISK_GROUPS), "criterion_id"]) if "group_id" in criteria else set()
    for cell in sorted(cells, key=lambda cell: cell["criterion_id"]):
        if cell["criterion_id"] in risky and cell["value"] is not None:
            yield [cell["label"], format_figure(cell["value"]), cell["unit"] or "", format_words(cell["note"] or "")]


def _list_unknown(view: View, tree: Row, money: Row) -> Iterator[list[str]]:
    """Yield what is not known, who may know it, and what that would decide: money first, then feed, criteria, gates."""
    for lack in filter(None, (money.get("missing_inputs") or "").split("; ")):
        where = next((where for start, where in HELD if lack.startswith(start)), ("", ""))
        yield [f"For a value: {lack}", _find_holder(view, *where), "a net present value"]
    yield from _list_dark(view, tree["feeds"])
    blank = [cell for cell in tree["cells"] if cell["weight"] and cell["value"] is None]
    for cell in sorted(blank, key=lambda cell: (-cell["weight"], cell["criterion_id"])):
        yield [cell["label"], cell["holder"] or NOBODY, f"up to {cell['weight']:.3f} of score"]
    yield from _list_questions(tree["gates"])


def _list_questions(gates: Sequence[Row]) -> Iterator[list[str]]:
    """Yield what each open gate asks, and whom."""
    for row in gates:
        found = ASK.search(row["reason"]) if row["result"] == "unknown" else None
        if found:
            yield [f"{row['gate_id'].replace('-', ' ').capitalize()}: {found['what']}", found["holder"], "a condition"]


def _list_dark(view: View, feeds: Sequence[Row]) -> Iterator[list[str]]:
    """Yield how many deposits in reach have no tonnage, and whether a historical one stands."""
    dark = [feed["deposit"] for feed in feeds if feed["tonnage_t"] is None]
    if dark:
        many = f"{len(dark)} of {len(feeds)} deposits in reach"
        yield [f"Tonnage of {many}: {', '.join(dark)}", _find_holder(view, *TONNAGE), "years of feed"]
    old = [feed["deposit"] for feed in feeds if feed["historical"] == "yes"]
    if old:
        yield [f"Whether the {HISTORICAL} stands: {', '.join(old)}", _find_holder(view, *TONNAGE), "years of feed"]


def _find_holder(view: View, layer: str, column: str) -> str:
    """Return who may know a column of a layer, whatever the province."""
    table = view.layer("holders", ["layer", "column", "province_id", "holder"])
    named = table["column"].map(lambda cell: column in re.split("[|;]", cell)).astype(bool)
    found = table[(table["layer"] == layer) & named & (table["province_id"] == "")]
    return str(found["holder"].iloc[0]) if len(found) else NOBODY
