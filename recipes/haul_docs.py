"""Write docs/hauls.md from the layers and the model: ``python recipes/haul_docs.py``.

Whoever changes a link, a rate or a published length runs this again in the same commit. Nothing in the tables is typed by hand; the same
layers give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from geokit.catalog import Layers, read_layers
from geokit.core.assumptions import Assumptions
from geokit.core.columns import split_ids
from geokit.io.defaults import read_assumptions
from geokit.network import Route, find_route
from geokit.network.lengths import TOLERANCE, compare_lengths, confirm_links, trace_nodes

PAGE = Path(__file__).resolve().parents[1] / "docs" / "hauls.md"
DEPOSITS = ["reko-diq", "gunga", "muslim-bagh", "krinj-mine", "qila-abdullah-antimony"]
PORTS = ["PKBQM", "PKKHI", "PKGWD"]
NEGLIGIBLE_KM = 0.5
"""A shorter way off the network is a place within its town."""

PAGE_TEXT = """# The hauls of five deposits to three ports

Written by `python recipes/haul_docs.py` from the layers and the model; do not edit it by hand.

**In short.** {count} hauls, {total:,.0f} km in all; {share:.0f} % of these kilometres lie on stretches whose length a second source confirms
within {tolerance:.0f} %. The rest is *unverified*: either no second source was found, or it misses by more. {whole} of the hauls are confirmed from
end to end.

Each haul is the cheapest at the most likely rates, with all seasons open and the passages of today taken as open. Costs are in USD a tonne
to the quay: low / mode / high. Dues of the port and the ship come on top ([what freight costs](freight.md)).

{hauls}

`geokit route deposit:{first} port:{port}` prints a haul leg by leg.

## Routes

{routes}

## Lengths that a second source prints

The second source is never the one that gave the links their length (layer `published_lengths`). *Misses* counts as unverified, and so does
a source that measures *a part* of the stretch alone.

{stretches}

Where two sources of one stretch differ, both stand.

## Links without a confirmed length

{links}
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(tell_page(read_layers(), read_assumptions()), encoding="utf8", newline="\n")


def tell_page(layers: Layers, assumptions: Assumptions) -> str:
    """Return the page."""
    hauls = list_hauls(layers, assumptions)
    return PAGE_TEXT.format(
        count=len(hauls),
        total=hauls["km"].sum(),
        whole=int((hauls["km"] - hauls["confirmed_km"] < NEGLIGIBLE_KM).sum()) or "None",
        share=100.0 * hauls["confirmed_km"].sum() / hauls["km"].sum(),
        tolerance=100.0 * TOLERANCE,
        first=DEPOSITS[0],
        port=PORTS[0],
        hauls=tell_hauls(hauls, layers),
        routes=tell_routes(hauls, layers),
        stretches=tell_stretches(hauls, layers),
        links=tell_links(hauls, layers),
    )


def list_hauls(layers: Layers, assumptions: Assumptions) -> pd.DataFrame:
    """Return the hauls with their links, the stretches that second sources measured and the kilometres that any of these confirms."""
    rows = []
    for deposit in DEPOSITS:
        for port in PORTS:
            route = find_route(layers, f"deposit:{deposit}", f"port:{port}", assumptions=assumptions)
            links = [link for leg in route.legs for link in leg.link_ids]
            rows.append((deposit, port, route, route.km, links, compare_lengths(links, layers)))
    hauls = pd.DataFrame(rows, columns=["deposit", "port", "route", "km", "links", "stretches"])
    km, confirmed = layers["links"].set_index("link_id")["length_km"], confirm_any(hauls)
    return hauls.assign(confirmed_km=[float(km.reindex(sorted(set(links) & confirmed)).sum()) for links in hauls["links"]])


def confirm_any(hauls: pd.DataFrame) -> frozenset[str]:
    """Return the links that lie on a confirmed stretch of any haul."""
    return frozenset().union(*(confirm_links(stretches) for stretches in hauls["stretches"]))


def tell_hauls(hauls: pd.DataFrame, layers: Layers) -> str:
    """Return one line a haul."""
    names, ports = layers["deposits"].set_index("deposit_id")["name"], layers["ports"].set_index("port_id")["name"]
    cells = [
        (
            names[row.deposit],
            ports[row.port],
            *(f"{sum_km(row.route, mode):,.0f}" for mode in ("road", "rail", "off-network")),
            f"{row.route.hours:.0f}",
            " / ".join(f"{cost:.1f}" for cost in (row.route.usd_per_t_low, row.route.usd_per_t, row.route.usd_per_t_high)),
            f"{row.confirmed_km:,.0f} of {row.km:,.0f}",
            f"unverified: {row.km - row.confirmed_km:,.0f} km",
        )
        for row in hauls.itertuples()
    ]
    return tabulate(["from", "to", "km road", "km rail", "km track", "hours", "USD/t", "km confirmed", "mark"], cells)


def sum_km(route: Route, mode: str) -> float:
    """Return the kilometres of a route in a mode."""
    return sum(leg.km for leg in route.legs if leg.mode == mode)


def tell_routes(hauls: pd.DataFrame, layers: Layers) -> str:
    """Return the towns of each haul in order."""
    names = layers["nodes"].set_index("node_id")["name"].str.replace(r" \(.*", "", regex=True)
    deposits, ports = layers["deposits"].set_index("deposit_id")["name"], layers["ports"].set_index("port_id")["name"]
    told = []
    for row in hauls.itertuples():
        ways = [
            f"{run['mode'].iloc[0]}: " + ", ".join(names[node] for node in [run["tail"].iloc[0], *run["head"]])
            for run in trace_nodes(row.links, layers["links"])
        ]
        track = [f"track of {sum_km(row.route, 'off-network'):.0f} km"] if sum_km(row.route, "off-network") > NEGLIGIBLE_KM else []
        told.append(f"- **{deposits[row.deposit]} to {ports[row.port]}.** {'; '.join([*track, *ways])}.")
    return "\n".join(told)


def tell_stretches(hauls: pd.DataFrame, layers: Layers) -> str:
    """Return every measured stretch once, the largest miss last."""
    names = layers["nodes"].set_index("node_id")["name"].str.replace(r" \(.*", "", regex=True)
    sources, notes = layers["sources"].set_index("source_id")["title"], layers["published_lengths"].set_index("length_id")["note"]
    table = pd.concat(hauls["stretches"].tolist()).drop_duplicates("length_id")
    table = table.assign(size=table["miss"].abs()).sort_values(["part", "size", "length_id"])
    cells = [
        (
            f"{names[row.from_node_id]} - {names[row.to_node_id]}",
            row.mode,
            f"{row.km:,.0f}",
            f"{row.published_km:,.0f}",
            "" if row.part else f"{100.0 * row.miss:+.0f} %".replace("-0 %", "0 %").replace("+0 %", "0 %"),
            "confirmed" if row.confirmed else "a part" if row.part else "misses",
            "; ".join(sources[source] for source in split_ids(row.source_id)) + (f" ({notes[row.length_id]})" if notes[row.length_id] else ""),
        )
        for row in table.itertuples()
    ]
    return tabulate(["stretch", "mode", "km, layer", "km, second source", "miss", "verdict", "second source"], cells)


def tell_links(hauls: pd.DataFrame, layers: Layers) -> str:
    """Return the links of the hauls on no confirmed stretch, with how their length is known."""
    used = {link for links in hauls["links"] for link in links}
    names = layers["nodes"].set_index("node_id")["name"].str.replace(r" \(.*", "", regex=True)
    rows = layers["links"][layers["links"]["link_id"].isin(used - confirm_any(hauls))]
    cells = [
        (row["link_id"], row["name"], f"{names[row['from']]} - {names[row['to']]}", f"{row['length_km']:.0f}", row["length_basis"], row["grade"])
        for row in rows.to_dict("records")
    ]
    return tabulate(["link", "name", "ends", "km", "how the length is known", "grade"], cells)


def tabulate(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    main()
