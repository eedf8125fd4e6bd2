"""Write docs/layers.md and docs/layers/*.svg from the layers and their dictionary: ``python recipes/layer_docs.py``.

Whoever changes a layer, the table of resources or a file in geokit/core/columns/ runs this again in the same commit, after
``recipes/datapackage.py``. Nothing in the page is typed by hand but the sentences in this file; the same layers give the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path, PurePosixPath

import pandas as pd
from layer_maps import draw_layer

from geokit.catalog import Layers, list_layers, read_layers
from geokit.catalog.cite import count_sources
from geokit.catalog.listing import OWN_KINDS
from geokit.check.rules import SOURCES
from geokit.core.columns import Column, split_ids
from geokit.io.dictionary import read_columns, read_themes

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ("number", "integer")
SPREAD = re.compile(r"_?(low|mode|high|p10|p50|p90)$")
PLANNED = ("feasibility", "construction")
"""Stages of a deposit at which a year of first ore means something."""
TOP = 4
"""Main sources named for a layer."""
THEMES = {
    "": "Tables that all others lean on.",
    "deposits": "What lies in the ground, as far as anybody published it, and what it could feed.",
    "sites": "Where a plant could stand, who hosts it, and what stands in its way.",
    "flowsheets": "How ore becomes a product: stages, operations, technique classes and who else can supply them.",
    "controls": "What may not be exported to such a plant without leave, on which dates, by the text and in practice.",
    "partners": "Who would take the product, where, on which tests and with which money.",
    "network": "How goods move: roads, railways, ports, passages and the sea.",
    "economics": "What things cost and fetch, and how sure that is.",
    "risk": "What goes wrong: violence, water, ground and law.",
    "knowledge": "Where sources disagree, and who might hold what nobody published.",
    "boundaries": "Areas for drawing and for grouping, never for legal limits.",
    "terrain": "Heights, for drawing and for a first look.",
}

TEMPLATES = {
    "deposits": """
deposit_id,name,province_id,district,lat,lon,coord_accuracy_km,coord_kind,commodity_id,deposit_type,status_code,feed_available,\
resource_class,historical_estimate,tonnage_million_t_low,tonnage_million_t_mode,tonnage_million_t_high,grade_value,grade_unit,source_id,confidence
my-hill,My Hill,balochistan,Khuzdar,27.35,66.25,2,point,antimony,vein,prospect,free,none,false,,,,,,user,low
""",
    "deposit_feeds": """
feed_id,deposit_id,stage_id,basis,aggregate,source_id,confidence
my-feed,krinj-mine,antimony-concentrate,primary_commodity,no,user,low
""",
    "sites": """
site_id,name,province_id,district,lat,lon,coord_kind,kind_code,kind,role,role_reason,status_code,status,nearest_node_id,source_id,confidence
my-yard,My Yard,sindh,Karachi,24.95,67.05,point,industrial_estate,industrial estate,candidate,offered to us,planned,planned,KHI,user,low
""",
    "prices": """
price_id,product,unit,low,mode,high,currency,per_unit,regime_change,confidence,source_id
my-quote,chromite 44 %,USD/t,250,280,310,USD,t,no,low,user
""",
}
"""Head and one row of the files that a reader is most likely to bring; a test checks them as a stranger's file is checked."""

HEAD = """# The layers: facts about midstream minerals in and around Pakistan

Edition {version}, verified on {verified_on}. {tables} tables with {rows:,} rows and {sources:,} sources, and {files} map files.
Written by `python recipes/layer_docs.py` from the layers themselves; do not edit it by hand.

**What it is.** Facts for one question: which midstream plant should stand where, for which partner, and does it beat exporting?
Deposits and what they could feed, sites, roads, railways, ports and sea distances, processing chains and who supplies their equipment,
export controls on both readings of the law, partners, prices, charges, taxes, costs, hazards and institutions. One row is one fact or one
thing, and it names its sources or hangs on a row that does. It is of screening grade: enough to ask the right questions, not to build on.

**How to cite.** geokit authors: *Layers of geokit*, edition {version}, verified on {verified_on}, CC BY 4.0. Name the edition: figures
change between editions, and `datapackage.json` records the SHA-256 of every file. A figure taken from a row should be cited by the source
that the row names, not by us.

**Terms.** Our selection, coding and own figures: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/). Files made from the work of
others carry their terms, named under each layer below and in [NOTICE](../NOTICE); all of them allow redistribution. Outputs that use these
files print:

{credits}

## How the data were compiled

Each question was read up in public pages: laws and official notices, company notices, papers, databases of geological surveys, and press.
Most pages were read as stored copies, not live on the day of verification, and for the export controls nothing later than early October
2026 was found. What was read was written down fact by fact with its address, then coded into tables with closed vocabularies; words that
were coded stay beside the code. Figures derived by us (from two printed figures, by an exchange rate, by a formula) are marked. Map files
come from public packages by scripts in [recipes/](../recipes), which give the same bytes again.

Sources of kind *dossier* are our own working texts and *judgement* is our own coding; neither is published, so neither proves anything to
an outsider. {own_rows:,} of the {sourced_rows:,} rows that name sources rest on nothing else; the overview shows where.

## How they are checked

Every time they are read, the layers are held against the dictionary: types, bounds, vocabularies, keys, ids that must exist elsewhere, order
of low, mode and high, a known source for every id, terms for every file. Tests hold them to laws beyond that: links are not shorter than
their straight length allows, sea legs not shorter than the great circle, both tracks of every clause have neither gap nor overlap, parts of
a deposit never feed twice, published totals of known routes are met, and every licence allows redistribution. Figures that failed such a
test, or that no mineral can have, were refused and stand only under [Conflicting figures](#conflicting-figures).

## How to read them

- **Blank** means *not found*, never zero, and never *no*. A zero is written only where zero is known.
- **Low, mode, high** are the least, the most and the largest plausible value. Where only a range was printed, the mode may be blank.
- **Grade** of a figure: E evidence, printed by the source of the row; M modelled or carried over by us from other figures; A assumption or
  judgement; row: a column of the row says which.
- **Confidence** of a row is our word for how far we trust it as a whole, `high`, `medium` or `low`. A row of high confidence may still have
  blanks.
- **Units** stand in the name of the column or in the dictionary; where a column holds figures of several units, a column of the row says
  which, and no least and most are shown here.
- **Dates** are ISO, and only a year or a month where no day is known. `date` is that of the source.
- **Historical estimate**: a tonnage without a reporting code. It is no mineral resource, whatever its confidence.
- **Ids in one cell** are separated by `|` or `;`. A missing province is *not tied to one*, not *all*.
- The dictionary, [geokit/core/columns/](../geokit/core/columns), says of every column what it means, its unit, its vocabulary and which
  table its ids point to.

{little}
## How to bring your own rows

A file of yours has the columns of one of our tables, in any order, and needs only those that are called required below; it may be CSV,
XLSX, Parquet, GeoJSON or GPKG. `geokit check my.csv --as deposits` says what is wrong with it and how to mend it;
`--layer deposits=my.csv` lays its rows over ours in any command: a row with an id of ours replaces it, another is added. The sections below
give for every table the required columns and the vocabularies, and for the tables that people bring a file of one row to start from. A
table named in brackets holds the ids to choose from. Units of a grade name their constituent, as in [grade_limits](#grade_limits): `% Cu`,
`% Cr2O3`, `g/t Au`. A deposit needs a row of [deposit_feeds](#deposit_feeds) too before it can change a ranking. Your own source is `user`.

## Overview

*Filled*: share of the cells for figures that hold one. *Sources*: number of outside sources; *years* of the oldest, the median and the newest
of those with a date. *Confidence*: per cent of rows, high/medium/low. *Own word*: share of rows that name no outside source.
"""

LITTLE = """## How little is known

Of {rows} deposits {tonnage} have a tonnage of any kind, and {both} a tonnage and a grade; {coded} stands under a reporting code, and even
that tonnage is derived by us from the share of one owner. Of {high} rows of high confidence {high_blank} have no tonnage: they are sure places
and nothing more. {proxies} of the latitudes and longitudes are those of a town near by, and {nowhere} deposits have none. {stale} of the
tonnages were counted before mining, or their source does not say: what is left of them is not known. {free} deposits with a tonnage are
known to be free for a buyer. No figure of ours is a mineral resource to lend on.
"""
CONFLICTS = """## Conflicting figures

Where sources disagree, all their figures stand in [figure_conflicts](#figure_conflicts) and [coord_conflicts](#coord_conflicts): the one
that is used, those that may be right but are not used, and those that are wrong where they stood. Unless the row of the deposit says
otherwise (`resource_class`), every tonnage here is a historical estimate and no mineral resource. Before each figure stands the column that
it is meant for: `tonnage_million_t` is ore that a grade of the row belongs to, `project_tonnage_million_t` that of a wider project, so one
figure can be right in one column and refused in another. A column of a row has at most one chosen figure.
"""
MISSING = """## What is missing and who might hold it

*Rows*: in how many rows nothing of a quantity is known, neither low, mode nor high, summed over the quantities named. A year of first ore is
asked for only where a mine is planned. Nobody was asked: these are the people and papers to turn to.
"""


def main() -> None:
    """Write the page and the maps."""
    layers = read_layers()
    listing = list_layers(layers).set_index("layer", drop=False)
    paths = {PurePosixPath(path).stem: path for path in sorted(layers.sha256, reverse=True)}
    maps = {name: text for name in listing.index if (text := draw_layer(layers, name, paths[name]))}
    page = [tell_head(layers, listing), tell_overview(layers, listing)]
    for theme, rows in groupby(listing.to_dict("records"), lambda row: row["theme"]):
        page.append(f"## {f'Theme {theme}' if theme else 'For all themes'}\n" + (f"\n{THEMES[theme]}\n" if theme in THEMES else ""))
        page += [tell_layer(layers, row, path=paths[row["layer"]], has_map=row["layer"] in maps) for row in rows]
    page += [tell_conflicts(layers), tell_missing(layers)]
    folder = ROOT / "docs" / "layers"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in maps.items():
        (folder / f"{name}.svg").write_text(text, encoding="utf8", newline="\n")
    (ROOT / "docs" / "layers.md").write_text("\n".join(page).rstrip() + "\n", encoding="utf8", newline="\n")


def tell_head(layers: Layers, listing: pd.DataFrame) -> str:
    """Return everything above the overview."""
    credit = layers["resources"].query("attribution != ''").groupby("attribution", sort=False)["layer"].agg(", ".join)
    shares = {name: rest_on_us(layers, name) for name in layers}
    return HEAD.format(
        version=layers.version, verified_on=layers.verified_on, tables=len(layers), files=len(listing) - len(layers),
        rows=sum(map(len, layers.values())) - len(layers["sources"]), sources=len(layers["sources"]),
        credits="\n".join(f"- {line} ({names})" for line, names in credit.items()),
        little=tell_little(layers["deposits"]), own_rows=sum(int(share.sum()) for share in shares.values()), sourced_rows=sum(map(len, shares.values())),
    )


def tell_little(deposits: pd.DataFrame) -> str:
    """Return in words how few deposits have figures."""
    tonnage = deposits[[f"tonnage_million_t_{side}" for side in ("low", "mode", "high")]].notna().any(axis=1)
    high = deposits["confidence"] == "high"
    return LITTLE.format(
        rows=len(deposits), tonnage=tonnage.sum(), both=(tonnage & deposits["grade_value"].notna()).sum(), high=high.sum(),
        coded=f"{(~deposits['resource_class'].isin(['historic', 'none'])).sum()} of them", high_blank=(high & ~tonnage).sum(),
        proxies=(deposits["coord_kind"] == "town_proxy").sum(), nowhere=(deposits["coord_kind"] == "none").sum(),
        stale=deposits["tonnage_state"].isin(["before_mining", "unclear"]).sum(),
        free=(tonnage & (deposits["feed_available"] == "free")).sum(),
    )


def tell_overview(layers: Layers, listing: pd.DataFrame) -> str:
    """Return the table of all layers."""
    lines = ["| layer | rows | filled | sources | years | confidence | own word | terms |", "|---|---:|---:|---:|---|---|---:|---|"]
    for row in listing.to_dict("records"):
        dates = list_dates(layers, row["layer"])
        years = sorted(date[:4] for date in dates if date)
        spread = f"{years[0]} - {years[len(years) // 2]} - {years[-1]}" if years else ""
        share = rest_on_us(layers, row["layer"]) if row["layer"] in layers else []
        cells = [
            f"[{row['layer']}](#{row['layer']})", "" if pd.isna(row["rows"]) else f"{row['rows']:,}", percent(row["coverage_frac"]),
            str(len(dates) or ""), spread, tell_mix(row), percent(share.mean()) if len(share) else "", row["licence"],
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def tell_layer(layers: Layers, row: dict, *, path: str, has_map: bool) -> str:
    """Return the section of one layer."""
    name, is_table = row["layer"], row["layer"] in layers
    terms = layers["resources"].set_index("layer").loc[name]
    about = f"{read_themes()[name][1]} {tell_rows(layers[name], read_columns(name))}" if is_table else tell_file(layers.root / path, terms["method"])
    points = [f"**Method.** {terms['method']}" if is_table else "", f"**Limits.** {terms['limits']}", tell_sources(layers, row), tell_terms(terms)]
    points += tell_words(read_columns(name)) if is_table else []
    parts = [f"### {name}", f"![Map of {name}](layers/{name}.svg)\n" if has_map else "", f"{about}\n"]
    parts.append("\n".join(f"- {point}" for point in points if point) + "\n")
    if is_table:
        parts += [tell_figures(layers, name), tell_template(name)]
    return "\n".join(part for part in parts if part)


def tell_rows(frame: pd.DataFrame, columns: Sequence[Column]) -> str:
    """Return number of rows, key and what the ids point to."""
    key = ", ".join(f"`{column.name}`" for column in columns if column.key)
    joins = [(column.name, column.refers_to.split(".")[0]) for column in columns if column.refers_to not in {"", SOURCES}]
    told = ", ".join(f"`{column}` to [{table}](#{table})" for column, table in joins)
    return f"{count(len(frame), 'row')}{f', one per {key}' if key else ''}." + (f" Joins: {told}." if told else "")


def tell_file(path: Path, method: str) -> str:
    """Return how a file that is no table was made, and what its features say of themselves."""
    if path.suffix != ".geojson":
        return f"`{path.parent.name}/{path.name}`. {method}"
    features = json.loads(path.read_text(encoding="utf8"))["features"]
    names = ", ".join(f"`{name}`" for name in features[0]["properties"])
    return f"`{path.parent.name}/{path.name}`, {count(len(features), 'feature')} with {names}; EPSG:4326. {method}"


def tell_sources(layers: Layers, row: dict) -> str:
    """Return number, age and names of the sources, and the confidence of the rows."""
    terms = layers["resources"].set_index("layer").loc[row["layer"]]
    named = "; ".join(tell_source(layers.sources.loc[one]) for one in split_ids(terms["source_ids"])[:TOP])
    dates, mix = list_dates(layers, row["layer"]), tell_mix(row)
    told = [f"{named}.", f"{count(len(dates), 'outside source')}{tell_age(dates)}." if dates else "", f"Confidence {mix} % (high/medium/low)." if mix else ""]
    return f"**Sources.** {' '.join(word for word in told if word)}"


def tell_age(dates: Sequence[str]) -> str:
    """Return the years of some sources in words; a blank date is that of a page without one."""
    years = sorted(date[:4] for date in dates if date)
    if len(set(years)) < 2:
        told = f" of {years[0]}" if years else ""
    else:
        told = f" of {years[0]} to {years[-1]}, half of them from {years[len(years) // 2]} or later"
    without = len(dates) - len(years)
    return told + (f", {without} without a date" if without else "")


def tell_source(source: pd.Series) -> str:
    """Return a source as title and publisher, with a link where it has one."""
    title = source["title"].replace("|", "/").replace("[", "(").replace("]", ")")
    title = title if len(title) <= 90 else title[:87].rsplit(" ", 1)[0] + " ..."
    return f"[{title}]({source['url']})" if re.fullmatch(r"https?://[^\s()|]+", source["url"]) else title


def tell_terms(terms: pd.Series) -> str:
    """Return licence, credit, recipe and day of verification."""
    credit = f' Credit: "{terms["attribution"]}"' if terms["attribution"] else ""
    recipe = f" Written by [{terms['recipe']}](../{terms['recipe']})." if terms["recipe"] else ""
    return f"**Terms.** {terms['licence']}.{credit}{recipe} Verified on {terms['verified_on']}."


def tell_words(columns: Sequence[Column]) -> list[str]:
    """Return the columns that a file must have, and the vocabularies of those that have one."""
    needed = "; ".join(tell_word(column) for column in columns if column.required or column.key)
    others = "; ".join(tell_word(column) for column in columns if column.allowed and not (column.required or column.key))
    return [f"**Required.** {needed}." if needed else "", f"**Other vocabularies.** {others}." if others else ""]


def tell_word(column: Column) -> str:
    """Return a column with its vocabulary, or with what it points to."""
    said = ", ".join(column.allowed) if column.allowed else column.refers_to.split(".")[0]
    return f"`{column.name}` ({said})" if said else f"`{column.name}`"


def tell_template(name: str) -> str:
    """Return a file of one row to start from, for the tables that people bring."""
    if name not in TEMPLATES:
        return ""
    return f"A file of one row:\n\n```csv\n{TEMPLATES[name].strip()}\n```\n"


def tell_figures(layers: Layers, name: str) -> str:
    """Return the table of the figure columns; low, mode and high of one quantity share a line, and count as filled if one of them is."""
    columns = [column for column in read_columns(name) if column.type in FIGURES]
    lines = ["| figure | unit | grade | filled | least to most | blanks: who might know |", "|---|---|---|---:|---|---|"] if columns else []
    for members in group_spreads(columns):
        frame = where_meant(layers[name], members)
        filled = frame[[column.name for column in members]].notna().any(axis=1).sum()
        share = f"{filled} of {len(frame)}" + (" planned" if len(frame) < len(layers[name]) else "")
        cells = (tell_names(members), members[0].unit, members[0].grade, share, tell_span(frame, members), tell_holder(layers, name, members))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n" * bool(lines)


def where_meant(frame: pd.DataFrame, members: Sequence[Column]) -> pd.DataFrame:
    """Return the rows in which a blank would be a gap: a year of first ore is one only where a mine is planned."""
    planned = "status_code" in frame and members[0].name.startswith("first_ore_year")
    return frame[frame["status_code"].isin(PLANNED)] if planned else frame


def group_spreads(columns: Iterable[Column]) -> list[list[Column]]:
    """Put low, mode (or value) and high of one quantity together."""
    columns = list(columns)
    names = {column.name for column in columns}
    return [list(group) for _, group in groupby(columns, lambda column: find_stem(column.name, names))]


def find_stem(name: str, names: Collection[str]) -> str:
    """Return what low, mode (or value) and high of one quantity have in common; the name itself where it has no such kin."""
    stem = name.removesuffix("_value")
    return stem if f"{stem}_low" in names and name.endswith("_value") else SPREAD.sub("", name)


def tell_names(members: Sequence[Column]) -> str:
    """Return the name of a column, or the stem of several with what each of them is."""
    stem = find_stem(members[0].name, {column.name for column in members})
    if len(members) == 1:
        return f"`{members[0].name}`"
    sides = " / ".join(column.name.removeprefix(stem).strip("_") or "mode" for column in members)
    return f"`{stem}` {sides}" if stem else sides


def tell_span(frame: pd.DataFrame, members: Sequence[Column]) -> str:
    """Return the least and the most of some columns of one unit."""
    values = pd.concat([frame[column.name] for column in members]).dropna()
    words = members[0].unit.split()
    if values.empty or (len(words) > 1 and set(words) & set(frame.columns)):
        return "" if values.empty else "units differ"
    least, most = (show(value, members[0].unit) for value in (values.min(), values.max()))
    return least if least == most else f"{least} to {most}"


def tell_holder(layers: Layers, name: str, members: Sequence[Column]) -> str:
    """Return who might know the blanks of some columns, in the words that hold for all provinces where there are such."""
    if "holders" not in layers or not layers[name][[column.name for column in members]].isna().any(axis=None):
        return ""
    holders = layers["holders"].query("layer == @name")
    wanted = {column.name for column in members}
    rows = holders[holders["column"].map(lambda cell: bool(name_columns(cell, layers[name]) & wanted)).astype(bool)]
    whole = rows[rows["province_id"] == ""]
    return "; ".join(dict.fromkeys(part for text in (whole if len(whole) else rows)["holder"] for part in text.split("; ")))


def name_columns(cell: str, frame: pd.DataFrame) -> set[str]:
    """Return the columns that a row of the holders means; a stem means its low, mode (or value) and high."""
    sides = [f"{name}{side}" for name in split_ids(cell) for side in ("", "_low", "_mode", "_value", "_high")]
    return set(sides) & set(frame.columns)


def tell_conflicts(layers: Layers) -> str:
    """Return the figures and the places on which sources disagree, the chosen one marked."""
    parts = [CONFLICTS]
    parts += [tell_figure_conflicts(layers["figure_conflicts"])] if "figure_conflicts" in layers else []
    parts += [tell_coord_conflicts(layers["coord_conflicts"])] if "coord_conflicts" in layers else []
    return "\n".join(parts)


def tell_figure_conflicts(table: pd.DataFrame) -> str:
    """Return one line a conflict: the figures by verdict, those that are not used with the reason."""
    lines = ["| about | layer and row | chosen | kept aside | refused |", "|---|---|---|---|---|"]
    for conflict, rows in table.groupby("conflict", sort=False):
        many = len(set(rows["row_id"])) > 1
        told = {
            verdict: "; ".join(tell_figure(row, verdict, many=many) for row in some.to_dict("records"))
            for verdict, some in rows.groupby("verdict", sort=False)
        }
        where = ", ".join(dict.fromkeys(f"[{row['layer']}](#{row['layer']}) {row['row_id']}" for row in rows.to_dict("records")))
        lines.append(f"| {conflict.replace('-', ' ')} | {where} | {told.get('chosen', '')} | {told.get('kept_aside', '')} | {told.get('refused', '')} |")
    return "\n".join(lines) + "\n"


def tell_figure(row: dict, verdict: str, *, many: bool) -> str:
    """Return a figure with its column, with its row where the conflict has several, and with the reason where it is not used or is ours."""
    figure = f"`{row['column']}` {show(row['value'], row['unit'])} {row['unit']}".strip()
    place = f"{row['row_id']} " if many else ""
    ours = verdict == "chosen" and not row["reason"].startswith("derived by us")
    return place + figure + ("" if ours else f" ({row['reason']})")


def tell_coord_conflicts(table: pd.DataFrame) -> str:
    """Return the pairs of points that two sources give for one place."""
    lines = ["| place | first source | second source | apart, km | chosen | what probably went wrong |", "|---|---|---|---:|---|---|"]
    for row in table.sort_values("distance_km", ascending=False).to_dict("records"):
        ends = [f"{row[f'source_{end}']}: {row[f'lat_{end}']:g}, {row[f'lon_{end}']:g}" for end in "ab"]
        chosen = {"a": "first", "b": "second"}.get(row["chosen"], "neither")
        slip = row["suspected_slip"].replace("_", " ")
        lines.append(f"| {row['name']} | {ends[0]} | {ends[1]} | {show(row['distance_km'])} | {chosen} | {slip} |")
    return "\n".join(lines) + "\n"


def tell_missing(layers: Layers) -> str:
    """Return who might hold what is blank, how much it is, and what to ask for."""
    lines = [MISSING, "| layer | blank | rows | where | who might hold it | ask |", "|---|---|---:|---|---|---|"]
    holders = layers.get("holders", pd.DataFrame(columns=["layer", "column", "province_id", "holder", "ask"]))
    for row in holders.to_dict("records"):
        layer, province = row["layer"], row["province_id"]
        wanted = name_columns(row["column"], layers[layer])
        families = group_spreads(column for column in read_columns(layer) if column.name in wanted)
        others = set(holders.loc[(holders["layer"] == layer) & (holders["column"] == row["column"]), "province_id"]) - {"", province}
        where = province or ("elsewhere" if others else "")
        blanks = sum(count_blanks(layers[layer], members, province, without=others) for members in families)
        names = ", ".join(tell_names(members) for members in families)
        lines.append(f"| [{layer}](#{layer}) | {names} | {blanks or ''} | {where} | {row['holder']} | {row['ask']} |")
    return "\n".join(lines) + "\n"


def count_blanks(frame: pd.DataFrame, members: Sequence[Column], province: str, *, without: set[str]) -> int:
    """Return in how many rows nothing of a quantity is known, in one province, or in all but those that are named apart."""
    frame = where_meant(frame, members)
    if "province_id" in frame:
        frame = frame[frame["province_id"] == province] if province else frame[~frame["province_id"].isin(without)]
    cells = frame[[column.name for column in members]]
    return int((cells.isna() | (cells == "")).all(axis=1).sum())


def list_dates(layers: Layers, name: str) -> list[str]:
    """Return the dates of the outside sources of a layer, a blank for each without one."""
    ids = list(layers["sources"]["source_id"]) if name == "sources" else list(name_sources(layers, name))
    named = layers.sources.loc[ids]
    return named.loc[~named["kind"].isin(OWN_KINDS), "date"].tolist()


def name_sources(layers: Layers, name: str) -> Iterator[str]:
    """Yield the ids that the rows of a table name, or that the table of resources names for a file."""
    if name in layers:
        yield from count_sources(layers[name], name)
    else:
        yield from split_ids(layers["resources"].set_index("layer").loc[name, "source_ids"])


def rest_on_us(layers: Layers, name: str) -> pd.Series:
    """Return, for each row that names sources, whether all of them are our own work; the terms of files are no facts."""
    columns = [column.name for column in read_columns(name) if column.refers_to == SOURCES and name != "resources"]
    own = set(layers["sources"].loc[layers["sources"]["kind"].isin(OWN_KINDS), "source_id"])
    named = layers[name][columns].apply(lambda row: {one for text in row for one in split_ids(text)}, axis=1) if columns else pd.Series([], dtype=object)
    return named[named.map(len) > 0].map(lambda ids: ids <= own)


def tell_mix(row: dict) -> str:
    """Return the shares of rows by confidence."""
    shares = [row[f"{level}_frac"] for level in ("high", "medium", "low")]
    return "" if pd.isna(shares[0]) else "/".join(f"{share * 100:.0f}" for share in shares)


def count(number: int, word: str) -> str:
    """Return a number with its word."""
    return f"{number:,} {word}{'s' * (number != 1)}"


def percent(share: float) -> str:
    """Return a share in per cent."""
    return "" if pd.isna(share) else f"{share * 100:.0f} %"


def show(value: float, unit: str = "") -> str:
    """Return a figure as people write it: four significant digits, thousands apart, years whole."""
    if pd.isna(value):
        return ""
    if unit == "year" or abs(value) >= 1000:
        return f"{value:.0f}" if unit == "year" else f"{value:,.0f}"
    return f"{value:.4g}"


if __name__ == "__main__":
    main()
