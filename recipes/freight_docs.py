"""Write docs/freight.md from the layers and the model: ``python recipes/freight_docs.py``.

Whoever changes a rate, a parameter of the voyage, a quote or an assumption on transport runs this again in the same commit. Nothing in the
tables is typed by hand; the same layers give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from geokit.catalog import Layers, read_layers
from geokit.core.assumptions import Assumptions, Spread, Transport
from geokit.io.defaults import read_assumptions, read_defaults
from geokit.network import price_inbound
from geokit.network.capacity import CARRIED
from geokit.network.destinations import inland_legs
from geokit.network.find import find_route
from geokit.network.payload import legal_payload_t
from geokit.network.rates import RATES, index_layers, origin_ports
from geokit.network.sea import read_voyage, sea_hauls, voyage_usd_per_t
from geokit.study.alternatives import build_alternatives

PAGE = Path(__file__).resolve().parents[1] / "docs" / "freight.md"
NM_ISM = {"ism_0": 1000, "ism_1": 2400, "ism_2": 4150}
"""Lengths of the three quoted voyages as the dossier estimates them."""
RATE_ISM, BUNKER_ISM, PARCEL_ISM = 20500, 900, 50000
"""The middle of 17,000 to 24,000 USD a day, and the fuel of that market, as the dossier takes them; the parcel is printed."""

PAGE_TEXT = """# What freight costs, item by item

Written by `python recipes/freight_docs.py` from the layers and the model; do not edit it by hand.

**In short.** Road rates come from trailer quotes of July 2025 on one corridor and are carried over to every other road; against the
quotes that set no rate the error is {median:.0f} % in the median and {worst:.0f} % at worst. The rate by rail is what the railway
earned a tonne-kilometre, no tariff. The ship is
computed from day rate, fuel and port days; no voyage out of the country was found to test it on. No container rate younger than 2021 was
found. What was not found is listed at the end; it is left out of the figures, and the notes of the hauls say so. The hauls of five deposits,
with their lengths against second sources, stand in [hauls](hauls.md).

## Road

    c = r L phi                      r' = r (q0 / q) (1 + s (d / d0 - 1))

Rate r in USD/t-km (layer `freight_rates`), length L in km, factor phi of the link; q0 and d0 are the load and the diesel price behind the quote,
q `transport.truck_payload_t`, d `transport.diesel_usd_per_l`, s `transport.diesel_share_frac`.

{rates}

Loads that start in the provinces of the quotes ride the empty way back towards the ports of the quotes; no such quote was found elsewhere,
and there they pay the rate up-country. A new port or a promised road takes no empty truck from these.

- **Diesel.** The quotes are of 17 July 2025, with diesel at 284.35 rupees a litre (272.98 of 1 July and 11.37 more from the 16th). The price
  of today was not found, so by default the rates stand as quoted; `--set transport.diesel_usd_per_l=1.1` moves them. The share is ours
  ({share}); its high end is what carriers asked in March 2026: 20 % more on diesel dearer by 30 %. Announced is not paid, and the rise
  of November 2025 (4 % on diesel dearer by 2.2 %) was no matter of fuel.
- **Load.** A quote is for a trailer, and 25 t is an assumption. The law allows, with an empty weight of {tare} of the gross weight (ours):

{loads}

  So 25 t is legal from four axles on. The means measured on the road, 40.4 t on three axles and 75.1 t on six, lie far above the limits.
- **Surface and gradient.** Rougher roads cost more: a heavy truck burns 2 to 3 % more for each m/km of roughness (NCHRP report 720, at 35 mph). No link
  has a measured roughness, so every factor is 1 until the user sets `transport.link_cost_factor`, by surface or by link.

### The published quotes, on their own lanes

Model: cheapest way by road, rate of the day by the diesel price known then, 25 t a trailer, {fx:g} rupees a dollar. *Sets a rate*: the model was
fitted to it, so its error says nothing. *Held out*: it sets nothing.

{quotes}

Quotes of one lane differ by date and speaker: Lahore to Karachi stood at 120,000 in July 2025 and, by other carriers, at 108,000 in November.
On the lanes that start in Lahore the model is too dear, towards Peshawar and Rawalpindi from the port too cheap: one rate a kilometre does not
fit both. Whether the trucks are the same was not found. Every quote lies between low and high of the model.

## Rail

    c = r L + n t + sum_runs [ max(L_min - L_run, 0) r + u ]

Rate r ({rail} USD/t-km; the mode is what freight trains earned in 2024-25 over the tonne-kilometres run, the ends are ours), n changes between road and rail at t = `transport.transfer_usd_per_t` ({transfer} USD/t), least length
charged L_min = `transport.rail_minimum_km` ({minimum:g} km) and terminals u = `transport.rail_terminal_usd_per_t` ({terminal} USD/t). The last two are
paid for each run, from loading to unloading. They were not found: zero until the user sets them. Like the premium for security on roads
(`transport.security_premium_usd_per_t`), they take part in the choice of the way. Lines with a status other than open or seasonal carry nothing.

## Sea, in bulk

    F = [ R (s (1+p) + h) + B (f s (1+p) + f_h h) + C + dues + sum_k w_k V_ship ] / Q / (1 - k)
    s = m nm / (24 V),   h = Q / L + Q / D + turn

{parameters}

Parcel Q = {parcel:,.0f} t (`transport.parcel_t`); above {limit:,.0f} t by supramax.

Tested on the three voyages that a report quotes, with its market ({rate:,} USD a day, fuel at {bunker} USD/t, no ballast) and the lengths that the
dossier estimates:

{voyages}

- **Canal dues** of Suez were not found; the note of each haul says so, and the high end goes by the Cape.
- **War risk.** A share w of the value of the ship for each passage at sea: {war} (`transport.war_risk_frac`), the high end only where the
  passage is not stated as open. What was paid:

{premiums}

  On a handysize of {value:,.0f} USD and {parcel:,.0f} t that is {war_usd} USD/t before commission.
- **Port dues** at both ends are inside C, an assumption. Charges of one terminal were found:

{charges}

- **Demurrage and dwell** were not found; `turn` holds the days in port besides cargo work.

## Sea, in containers

Goods in bags and boxes go by the cheaper of both: break-bulk by the formula above, or a container at its quote over {box:g} t. A quote older
than {since} is stale: the note tells it and the haul stays break-bulk. To count one: `--set transport.container_quotes_since=2021`.

{boxes}

No quote sets a parameter of the ship, so those of a lane between two known ports are held out; the last column is what the ship of the formula
costs there today. A box on its way back east in 2021 and the peak of that year are other markets: this is a check of the order of magnitude
and no proof. A quote of 2026 was not found for any lane.

## Capacity

A load (`geokit route ... --kt-per-year N`) is held against what is known. No capacity of a road or a railway line in tonnes was found, and
the route says on how many links it is unknown. What ports are said to handle:

{berths}

All goods that the railway carried: {railway}. A load by rail is told as a share of that.

## Hazard

Products with a known hazard: {hazards}.

{rules}

Which ports and lines take such goods was not looked up: the note of the haul says so, and none is ruled out.

## Wet tonnes

    f = 1 / (1 - w)

tonnes carried for a dry tonne sold, with the water w of `products.moisture_frac`. Hauls are costed for a tonne as carried; the margin multiplies
them by f once, for feed and product alike. Known for {wet} of {products} products; to set it: `--layer products=FILE`, rows of `product_id`
and `moisture_frac`, or the assumption `feed.moisture_frac` for all concentrates.

## Inbound

    c = u sum_k q_k

Freight of what a plant needs from the coast, at the rate up-country (model rule M17). Known for {inbound_known} of {inbound} needs, by reaction
equations, each the least that chemistry allows:

{inbound_rows}

What the {inbound_plants} pairs of a place and a stage lack:

{inbound_causes}

The figure stands beside the margin of a plant, never in its cost, which may already hold the delivery of its needs. Where any need of the
stage is unknown it is only a part, and flagged as such.

A piece of 100 t is heavier than any truck may weigh without a permit. No quote was found; the dear end of the rate is the least it costs.

## From the port abroad to the plant

    L = tau d,   c = r L

Great circle d, tau = {tau:g}, r = {abroad} USD/t-km: assumptions of grade A for all countries alike; the time of the leg is not
counted. A product that a named plant takes has a haul to the plant (kind `plant`), one sold as a standard grade ends at the partner's port. Over water, as from Rotterdam to Estonia or
England, the leg is a ship in truth.

{legs}

## Not found

{missing}
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(tell_page(read_layers(), read_assumptions()), encoding="utf8", newline="\n")


def tell_page(layers: Layers, assumptions: Assumptions) -> str:
    """Return the page."""
    transport, freight = assumptions.transport, layers["ocean_freight"]
    quotes = compare_quotes(layers, assumptions)
    missed = quotes.loc[quotes["role"] == "held out", "error"].abs()
    value = read_voyage(freight, "handysize", "mode").ship_value
    war = transport.war_risk_frac
    dollars = Spread(
        low=war.low * value / transport.parcel_t, mode=war.mode * value / transport.parcel_t, high=war.high * value / transport.parcel_t
    )
    needs = layers["inbound_consumables"]
    known = needs.dropna(subset=["t_per_t"])
    inbound = price_inbound(layers, build_alternatives(layers, read_defaults("siting")), assumptions=assumptions)
    rail = layers["freight_rates"].query("mode == 'rail'").iloc[0]
    hazards = layers["products"].query("hazard_note != ''")
    return PAGE_TEXT.format(
        worst=missed.max(),
        median=missed.median(),
        rates=tell_rates(layers["freight_rates"]),
        share=tell_spread(transport.diesel_share_frac),
        tare=tell_spread(transport.truck_tare_frac),
        loads=tell_loads(layers, assumptions),
        fx=rupees(layers),
        quotes=tell_quotes(quotes),
        rail=" / ".join(f"{rail[name]:g}" for name in RATES),
        transfer=tell_spread(transport.transfer_usd_per_t),
        minimum=transport.rail_minimum_km,
        terminal=tell_spread(transport.rail_terminal_usd_per_t),
        parameters=tell_parameters(freight),
        parcel=transport.parcel_t,
        limit=transport.handysize_max_parcel_t,
        rate=RATE_ISM,
        bunker=BUNKER_ISM,
        voyages=tell_voyages(freight),
        war=tell_spread(war),
        premiums=tell_premiums(freight),
        value=value,
        war_usd=tell_spread(dollars),
        charges=tell_charges(layers["port_charges"]),
        box=transport.container_load_t,
        since=transport.container_quotes_since,
        boxes=tell_boxes(layers, transport),
        berths=tell_berths(layers["ports"]),
        railway=tell_railway(layers["cost_quotes"]),
        hazards="; ".join(f"{row.label} ({row.hazard_note})" for row in hazards.itertuples()),
        rules=tell_rules(layers["cargo_rules"]),
        wet=int(layers["products"]["moisture_frac"].notna().sum()),
        products=len(layers["products"]),
        inbound_known=len(known),
        inbound=len(needs),
        inbound_plants=len(inbound),
        inbound_causes=tell_causes(inbound),
        inbound_rows=tabulate(
            ["stage", "need", "t per t", "basis"], [(r.stage_id, r.consumable, f"{r.t_per_t:g}", r.basis) for r in known.itertuples()]
        ),
        tau=transport.inland_abroad_tortuosity,
        abroad=tell_spread(transport.inland_abroad_usd_per_t_km),
        legs=tell_legs(layers, assumptions),
        missing=tell_missing(layers),
    )


def rupees(layers: Layers) -> float:
    """Return the rupees a dollar of the layers."""
    return float(layers["finance"].set_index("finance_id").loc["fx_pkr", "mode"])


def compare_quotes(layers: Layers, assumptions: Assumptions) -> pd.DataFrame:
    """Return each truck quote beside the model on its lane, PKR a trip of the load of the rates."""
    table = layers["cost_quotes"].query("category == 'truck' and unit == 'PKR/trip'")
    roads = dict(layers) | {"links": layers["links"].query("mode == 'road'")}
    load, fx = assumptions.transport.truck_payload_t, rupees(layers)
    rows = []
    for quote in table.to_dict("records"):
        diesel = diesel_on(quote, layers)
        priced = index_layers(roads, assumptions.replace(transport__diesel_usd_per_l=diesel).transport)
        found = find_route(priced, f"node:{quote['from_node_id']}", f"node:{quote['to_node_id']}", assumptions=assumptions)
        model = [load * fx * cost for cost in (found.usd_per_t_low, found.usd_per_t, found.usd_per_t_high)]
        role = "sets a rate" if "freight_rates" in quote["used_in"] and quote["to_node_id"] in {"LHE", "KHI"} else "held out"
        error = 100.0 * (model[1] / quote["mode"] - 1.0)
        rows.append({"quote": quote, "km": found.km, "diesel": diesel * fx, "model": model, "error": error, "role": role})
    return pd.DataFrame(rows)


def diesel_on(quote: dict, layers: Layers) -> float:
    """Return the price of diesel behind a quote, USD/l: that of the rates in July 2025, the last one known before a later day."""
    own = float(layers["freight_rates"]["diesel_usd_per_l"].max())
    prices = layers["cost_quotes"].query("category == 'fuel' and unit == 'PKR/l'").dropna(subset=["mode"]).sort_values("date")
    known = prices[prices["quote_id"].str.startswith("diesel-") & (prices["date"] <= (quote["date"] + "-31")[:10])]
    return own if known.empty else float(known["mode"].iloc[-1]) / rupees(layers)


def tell_quotes(quotes: pd.DataFrame) -> str:
    """Return the quotes, a lane a line."""
    cells = [
        (
            f"{row.quote['from_place']} - {row.quote['to_place']}",
            row.quote["date"] + (" (before)" if row.quote["quote_id"].endswith("before") else ""),
            f"{row.km:,.0f}",
            f"{row.diesel:.0f}",
            f"{row.quote['mode']:,.0f}",
            " / ".join(f"{rupee / 1000:,.0f}" for rupee in row.model),
            f"{row.error:+.0f} %".replace("-0 %", "0 %"),
            row.role,
        )
        for row in quotes.itertuples()
    ]
    return tabulate(
        ["lane", "date", "km, model", "diesel, PKR/l", "quoted, PKR", "model, thousand PKR", "error of the mode", "role"], cells
    )


def tell_rates(rates: pd.DataFrame) -> str:
    """Return the rates."""
    rows = [
        (
            r.rate_id,
            r.mode,
            r.direction.replace("_", " ") or "both",
            " / ".join(f"{getattr(r, name):g}" for name in RATES),
            tell(r.payload_t),
            tell(r.diesel_usd_per_l),
            r.grade,
        )
        for r in rates.itertuples()
    ]
    return tabulate(["rate", "mode", "direction", "USD/t-km: low / mode / high", "load, t", "diesel, USD/l", "grade"], rows)


def tell_loads(layers: Layers, assumptions: Assumptions) -> str:
    """Return the legal loads by axles."""
    found = legal_payload_t(layers["cost_quotes"], assumptions.transport)
    rows = [
        (
            f"{axles}",
            tell_ends(r["limit_t_low"], r["limit_t_high"]),
            f"{r['payload_t_low']:.0f} / {r['payload_t']:.0f} / {r['payload_t_high']:.0f}",
        )
        for axles, r in found.iterrows()
    ]
    return indent(tabulate(["axles", "gross weight allowed, t", "load, t: low / mode / high"], rows))


def tell_parameters(freight: pd.DataFrame) -> str:
    """Return the parameters of the voyage formula that have a figure."""
    rows = freight.query("kind == 'parameter'").dropna(subset=["mode"])
    cells = [(r.freight_id, r.dest, f"{tell(r.low)} / {tell(r.mode)} / {tell(r.high)}", r.unit, r.grade) for r in rows.itertuples()]
    return tabulate(["parameter", "what", "low / mode / high", "unit", "grade"], cells)


def tell_voyages(freight: pd.DataFrame) -> str:
    """Return the quoted voyages beside the formula."""
    voyage = replace(read_voyage(freight, "supramax", "mode"), rate=RATE_ISM, bunker=BUNKER_ISM, position=0.0)
    cells = []
    for quote in freight.query("kind == 'quote'").itertuples():
        made = float(voyage_usd_per_t(NM_ISM[quote.freight_id], voyage, parcel_t=PARCEL_ISM))
        cells.append(
            (
                f"{quote.origin} - {quote.dest}",
                f"{NM_ISM[quote.freight_id]:,}",
                f"{quote.mode:g}",
                f"{made:.1f}",
                f"{100 * (made / quote.mode - 1):+.0f} %",
            )
        )
    return tabulate(["voyage", "nm, estimate", "quoted, USD/t", "model, USD/t", "error"], cells)


def tell_premiums(freight: pd.DataFrame) -> str:
    """Return what was paid for war risk."""
    rows = freight.query("kind == 'insurance'")
    cells = [
        (r.route, r.year, tell_ends(*(100 * r.mode if pd.isna(end) else 100 * end for end in (r.low, r.high))) + " %", r.source)
        for r in rows.itertuples()
    ]
    return indent(tabulate(["passage", "when", "of the value of the ship", "source"], cells))


def tell_charges(charges: pd.DataFrame) -> str:
    """Return the port charges."""
    rows = [
        (r.port_id, r.item, r.pack or "any", f"{r.usd_per_t_low:g} / {r.usd_per_t:g} / {r.usd_per_t_high:g}", r.grade)
        for r in charges.itertuples()
    ]
    return indent(tabulate(["port", "charge", "pack", "USD/t: low / mode / high", "grade"], rows))


def tell_boxes(layers: Layers, transport: Transport) -> str:
    """Return the container quotes and surcharges, with what the ship of the formula costs between the same two ports."""
    freight, load = layers["ocean_freight"], transport.container_load_t
    rows = freight[freight["kind"].isin(["container", "surcharge"])].sort_values("freight_id")
    lanes = rows[["origin_port_id", "dest_port_id"]].set_axis(["from_port_id", "to_port_id"], axis=1).assign(product_id="")
    ships = sea_hauls(lanes.query("from_port_id != '' and to_port_id != ''").reset_index(drop=True), layers, transport)
    computed = ships.set_index(["from_port_id", "to_port_id"])["usd_per_t"].to_dict()
    cells = [
        (
            f"{r.origin} - {r.dest}",
            r.kind,
            r.year or "not found",
            "not found" if pd.isna(r.mode) else f"{r.mode:,g} {r.unit}",
            "" if pd.isna(r.mode) else f"{r.mode / load:.0f}",
            f"{computed[pair]:.0f}" if (pair := (r.origin_port_id, r.dest_port_id)) in computed else "",
        )
        for r in rows.itertuples()
    ]
    return tabulate(["lane", "kind", "year", "figure", f"USD/t at {load:g} t", "ship by the formula, USD/t"], cells)


def tell_berths(ports: pd.DataFrame) -> str:
    """Return what the ports of the country are said to handle."""
    names = ["capacity_kt_per_year_low", "capacity_kt_per_year", "capacity_kt_per_year_high"]
    cells = [
        (row["name"], *("unknown" if pd.isna(row[name]) else f"{row[name]:,.0f}" for name in names), row["capacity_note"])
        for _, row in origin_ports(ports).iterrows()
    ]
    return tabulate(["port", "low, kt/y", "mode", "high", "what it counts"], cells)


def tell_railway(quotes: pd.DataFrame) -> str:
    """Return what the whole railway carried, by year."""
    rows = quotes[quotes["quote_id"].str.startswith(CARRIED)]
    return "; ".join(f"{row.mode:,.0f} {row.unit} ({row.quote_id}, source {row.source_id})" for row in rows.itertuples())


def tell_rules(rules: pd.DataFrame) -> str:
    """Return what the code of dangerous goods says."""
    return tabulate(
        ["products", "provision", "what it says"], [(r.product_ids.replace("|", ", "), r.provision, r.words) for r in rules.itertuples()]
    )


def tell_legs(layers: Layers, assumptions: Assumptions) -> str:
    """Return the inland legs of the plants abroad."""
    legs = inland_legs(layers["destinations"], layers["ports"], assumptions.transport)
    names = layers["destinations"].set_index("destination_id")["plant"]
    ports = layers["ports"].set_index("port_id")["name"]
    cells = [
        (
            names[plant],
            ports[leg["port_id"]] + ("" if leg["own_port"] else " (nearest)"),
            f"{leg['km']:,.0f}",
            f"{leg['usd_per_t_low']:.1f} / {leg['usd_per_t']:.1f} / {leg['usd_per_t_high']:.1f}",
        )
        for plant, leg in legs.iterrows()
    ]
    return tabulate(["plant", "port", "km", "USD/t: low / mode / high"], cells)


def tell_causes(inbound: pd.DataFrame) -> str:
    """Return, by what is known of the needs, how many plants have that, and of which stages they are."""
    unknown, known, no_way = inbound["unknown"] != "", inbound["known"] != "", inbound["port_id"] == ""
    causes = {
        "nothing: the freight is complete": inbound["complete"],
        "the way up from a port": no_way,
        "the consumption of some needs": ~no_way & known & unknown,
        "the consumption of every need": ~no_way & ~known & unknown,
        "a list of needs: the flowsheet names none": ~no_way & ~known & ~unknown,
    }
    cells = [(cause, str(int(chosen.sum())), ", ".join(sorted(set(inbound.loc[chosen, "stage_id"])))) for cause, chosen in causes.items() if chosen.any()]
    return tabulate(["lacks", "pairs", "stages"], cells)


def tell_missing(layers: Layers) -> str:
    """Return what nobody stated, with who might hold it."""
    freight = layers["ocean_freight"]
    blank = freight[freight["mode"].isna() & (freight["holder"] != "")]
    lines = [f"- {(r.origin + ' to ' + r.dest) if r.origin else r.dest} ({r.unit}): {r.holder}" for r in blank.itertuples()]
    quotes = layers["cost_quotes"]
    asked = quotes[quotes["mode"].isna() & quotes["high"].isna() & quotes["category"].isin(["truck", "rail", "ocean", "fuel", "port"])]
    lines += [f"- {r.item} ({r.unit}): {r.holder}" for r in asked.itertuples()]
    needs = layers["inbound_consumables"]
    unknown = needs[needs["t_per_t"].isna()].groupby("stage_id")["consumable"].agg(", ".join)
    lines += ["- consumption a tonne of product: " + "; ".join(f"{stage} ({what})" for stage, what in unknown.items())]
    lines += ["- charges of every port but one, demurrage, dwell, roughness of the links, shortest length that the railway charges for"]
    return "\n".join(lines)


def tell(figure: float) -> str:
    """Return a figure, or a dash."""
    return "-" if pd.isna(figure) else f"{figure:,.10g}"


def tell_ends(low: float, high: float) -> str:
    """Return a range, or its one figure."""
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def tell_spread(spread: Spread) -> str:
    """Return the three figures of a spread."""
    return " / ".join(f"{figure:.3g}" for figure in (spread.low, spread.mode, spread.high))


def indent(text: str) -> str:
    """Put a table into an item of a list."""
    return "\n".join(f"  {line}" for line in text.splitlines())


def tabulate(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    main()
