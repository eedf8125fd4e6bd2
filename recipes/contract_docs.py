"""Write docs/outputs.md, the output contract, from the data dictionary: ``python recipes/contract_docs.py``."""

from __future__ import annotations

from pathlib import Path

from geokit.io.dictionary import read_columns
from geokit.outputs.export import CONTRACT_VERSION, TABLES

ROOT = Path(__file__).resolve().parents[1]
ABOUT = {
    "cases": "The questions: for whom, on which date, under which reading of the law, as known when.",
    "ranking": (
        "One row an alternative and case. `status` is ranked, conditional, not_rankable, screened or baseline; only ranked, conditional and "
        "baseline rows carry a rank. `score` is what the evidence proves: a missing cell earns nothing. `bound_low` to `bound_high` is the "
        "ignorance: every missing cell at its worst and at its best. `score_p10` to `score_p90` is the chance inside the known cells."
    ),
    "matrix": "The decision matrix at its own grain: a blank key means that the criterion does not vary by it. No weights.",
    "hauls": "Cheapest hauls. `kind`: feed (deposit to plant), port (place to origin port), sea (port to port), delivered (place to the partner's port).",
    "exposure": "Controlled items by common-cause block: `b` chance that the block is bound, `s` Chinese share, `sigma` substitutability, `e = b (s (1 - sigma) + barred)`.",
    "ties": "Which clause of which issuer touches which step of which stage, on which day its item leaves, and in which state it then is.",
    "procurement": "What can be done about each block that something may bind: wait, buy elsewhere, change the process, stop earlier and toll; by the buy rule.",
    "frontier": "Which blocks to buy elsewhere, at what premium on the capital cost, for which chance that the line is blocked.",
    "outages": "How long a yearly reagent may stay away, and the stock that would bridge it.",
    "dependency": "Dependency of an alternative: `d_avg` money exposed, `d_max` weakest link, `d_rel` chance index that the line is blocked.",
    "economics": "Feed, margins, break-evens and, where it can be had, NPV. `reason` says why a figure is blank.",
    "reliability": "Days a year on which a product has no way to a partner's port, and on which its best way is shut.",
    "closure_effects": "What each named closure of a corridor does to the plants of a partner: plants cut off, detours, and ranks where a run asked for them.",
    "closure_ranks": "Rank of each alternative while a corridor is closed; empty unless the run was made with `--closures`.",
    "balance": "Metal balance of each step: tonnes in for a tonne out, recovery, contents, by-products.",
    "feed_years": "What each deposit could give each stage, year by year and by scenario of first ore, wherever the plant stands.",
    "feed_gaps": "What can be said of the feed of each stage, and what nobody published.",
    "merit": "Lots of feed of each plant, in the order of the cost of a payable tonne of product.",
    "impurities": "Limits of buyers against what is known of the impurities of each ore.",
    "inbound": "Freight of what a plant needs from the coast; beside the margin, in no score.",
    "value_states": "Net present value of each plant that has one, in each political state.",
    "cash_flows": "Cash flow of the base case of each plant that has a net present value, line by line, million USD of one year.",
    "reality": "The modelled feed beside what the country makes and ships, tonnes of one kind on both sides; a check of the model, used by no score.",
    "reality_years": "The same year by year: free feed of the model against the most that was ever counted.",
    "unknowns": "Missing cells, the ones that can move a rank most first, with who might hold the fact.",
}
HEAD = f"""# The output contract

`geokit run --out out/` writes one folder. This page is the contract of its files, version {CONTRACT_VERSION} (`contract_version` in
`manifest.json`): columns may be added, never renamed, removed or keyed anew. It is written from the data dictionary by
`python recipes/contract_docs.py`; do not edit it by hand.

| file | what it is |
|---|---|
| `map.html` | the page: map, ranking, why, unknowns, table; one file, no request to any host |
| `report.html` | the report, A4 when printed |
| `manifest.json` | versions, command, seed, assumptions and their fingerprint, weights, SHA-256 of every layer and output, what files of the user changed |
| `study.zip` | the whole study, to be opened again: `geokit.Study.load("out")`; Parquet tables with their SHA-256, nothing in it runs |
{{files}}

Tables are UTF-8, comma-separated, figures with nine significant digits, blanks for what is not known. A text that a spreadsheet would
take for a formula has an apostrophe in front.
"""


def main() -> None:
    """Write the page."""
    files = "\n".join(f"| `{name}.csv` | {ABOUT[name]} |" for name in TABLES)
    sections = [HEAD.format(files=files)]
    for name in TABLES:
        rows = "\n".join(
            f"| `{column.name}` | {'key' if column.key else ''} | {column.type} | {column.unit} | {column.description} |"
            for column in read_columns(name)
        )
        sections.append(f"## {name}.csv\n\n{ABOUT[name]}\n\n| column | | type | unit | meaning |\n|---|---|---|---|---|\n{rows}\n")
    (ROOT / "docs" / "outputs.md").write_text("\n".join(sections), encoding="utf8")


if __name__ == "__main__":
    main()
