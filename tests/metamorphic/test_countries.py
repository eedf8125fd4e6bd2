"""Whole studies asked twice: what one change of the facts may move, and what it must leave alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geokit.core.chain import trace_feeds
from geokit.core.codes import Kind
from geokit.io.dictionary import read_columns

KEY = ["case_id", "alternative"]
SCORES = ["score", "score_p10", "score_p90", "bound_low", "bound_high", "evidence_frac"]
LEG = ["origin_id", "destination_id", "kind", "product_id"]


def by_key(study):
    return study.rankings.set_index(KEY).sort_index()


def cells(study, criterion):
    """Return the cells of a criterion by site, stage and partner."""
    table = study.matrix.table
    return table[table["criterion_id"] == criterion].set_index(["site_id", "stage_id", "partner"]).sort_index()


def test_the_order_of_the_rows_in_every_layer_changes_nothing(ask, plain, change, small):
    turned = ask(change(**{name: frame.iloc[::-1] for name, frame in small.items() if name != "partners"}))
    pd.testing.assert_frame_equal(by_key(turned)[[*SCORES, "rank", "status"]], by_key(plain)[[*SCORES, "rank", "status"]])
    pd.testing.assert_frame_equal(turned.hauls, plain.hauls)


def test_closing_a_link_never_makes_a_haul_cheaper_or_a_freight_share_better(ask, plain, change, small):
    links = small["links"]
    shut = ask(change(links=links.assign(status_code=links["status_code"].mask(links["link_id"] == "road-khi-hub", "closed"))))
    both = plain.hauls.merge(shut.hauls, on=LEG, suffixes=("", "_shut"))
    assert (both["usd_per_t_shut"] >= both["usd_per_t"] - 1e-9).all()
    assert (both["usd_per_t_shut"] > both["usd_per_t"] + 1e-6).any()
    supplier = ["partner", "alternative", "supplier_deposit_id"]
    same = plain.economics[supplier].merge(shut.economics[supplier], on=supplier)
    kept = pd.MultiIndex.from_tuples([(*row.alternative.split(":"), row.partner) for row in same.itertuples()])
    before, after = (cells(study, "L1")["v"].reindex(kept) for study in (plain, shut))
    assert len(kept) > 100
    assert (after.fillna(0.0) <= before.fillna(1.0) + 1e-12).all()


@pytest.fixture(scope="module")
def richer(ask, change, small):
    """Add a free chromite deposit, larger and nearer than any, to the country."""
    deposits, feeds = small["deposits"], small["deposit_feeds"]
    found = deposits[deposits["deposit_id"] == "muslim-bagh"].assign(
        deposit_id="new-find", name="New find", lat=25.1, lon=67.0, tonnage_million_t_low=20.0, tonnage_million_t_mode=30.0,
        tonnage_million_t_high=40.0, feed_available="free", parent_id="",
    )  # fmt: skip
    feed = feeds[feeds["deposit_id"] == "muslim-bagh"].assign(deposit_id="new-find")
    assert len(found) == 1
    assert len(feed)
    return ask(change(deposits=pd.concat([deposits, found]), deposit_feeds=pd.concat([feeds, feed])))


def test_a_new_deposit_reorders_nobody_whom_it_does_not_feed(plain, richer):
    chain = trace_feeds(richer.layers)
    fed = set(chain.loc[chain["deposit_id"] == "new-find", "stage_id"])
    assert fed >= {"ferrochrome"}
    before, after = (by_key(study) for study in (plain, richer))
    others = before.index[~before["stage_id"].isin(fed)]
    assert len(others) > 150
    pd.testing.assert_frame_equal(before.loc[others, SCORES], after.loc[others, SCORES])
    for case, rows in after.loc[others].dropna(subset="rank").groupby("case_id"):
        order = rows.sort_values("rank").index.get_level_values("alternative").tolist()
        assert order == before.loc[others].loc[case].dropna(subset="rank").sort_values("rank").index.tolist()


def test_a_new_deposit_gives_more_years_of_feed_and_never_fewer_plants(plain, richer):
    before, after = (cells(study, "F1")["value"].xs("ferrochrome", level="stage_id") for study in (plain, richer))
    plants = [site for site, _ in before.index if site in {"port-qasim", "hub-sez"}]
    assert len(plants) == 2
    assert (after.loc[plants] > before.loc[plants]).all()
    assert set(plain.alternatives["alternative"]) <= set(richer.alternatives["alternative"])


def double(small):
    """Return every table that holds money with its money doubled: columns in dollars, price quotes, and ocean rows in dollars."""
    columns = {table: [column.name for column in read_columns(table) if "USD" in column.unit] for table in small}
    twice = {table: small[table].assign(**{name: 2 * small[table][name] for name in names}) for table, names in columns.items() if names}
    assert set(twice) >= {"freight_rates", "port_charges", "cost_models"}
    quotes, ocean, ends = small["prices"], small["ocean_freight"], ["low", "mode", "high"]
    paid = ocean["unit"].str.contains("USD")
    assert {"bunker", "rate_handysize", "port_costs_handysize"} <= set(ocean.loc[paid, "freight_id"])
    twice["prices"] = quotes.assign(**{name: 2 * quotes[name] for name in (*ends, "latest_value")})
    return twice | {"ocean_freight": ocean.assign(**{end: ocean[end].where(~paid, 2 * ocean[end]) for end in ends})}


def test_doubling_all_money_doubles_every_amount_and_leaves_every_score(ask, plain, change, small, quick):
    moneys = {name: getattr(quick.transport, name) for name in ("transfer_usd_per_t", "inland_abroad_usd_per_t_km")}
    twice = {name: {end: 2 * getattr(spread, end) for end in ("low", "mode", "high")} for name, spread in moneys.items()}
    richer = quick.replace(**twice, cutoff_usd_per_t=2 * quick.feed.cutoff_usd_per_t)
    dear = ask(change(**double(small)), assumptions=richer)
    pd.testing.assert_frame_equal(by_key(dear)[[*SCORES, "rank"]], by_key(plain)[[*SCORES, "rank"]])
    for column in ("usd_per_t_low", "usd_per_t", "usd_per_t_high"):
        np.testing.assert_allclose(dear.hauls[column], 2 * plain.hauls[column])
    amounts = [name for name in plain.economics if "_usd_per_t" in name and plain.economics[name].dtype == float]
    assert {"margin_usd_per_t", "break_even_feed_usd_per_t", "capex_usd_per_tpa"} <= set(amounts)
    np.testing.assert_allclose(dear.economics[amounts], 2 * plain.economics[amounts])
    weights = ["feed_free_t", "plant_t_per_y", "feed_t_per_product_t"]
    np.testing.assert_allclose(dear.economics[weights], plain.economics[weights])


def test_an_attack_more_in_one_province_touches_its_sites_and_no_other(ask, plain, change, small):
    hazards = small["hazards"]
    hit = (hazards["hazard"] == "attacks") & (hazards["area_id"] == "sindh")
    assert hit.any()
    worse = ask(change(hazards=hazards.assign(value=hazards["value"].where(~hit, hazards["value"] + 50.0))))
    province = plain.alternatives.set_index("alternative")["province_id"]
    before, after = (by_key(study) for study in (plain, worse))
    there = before.index.get_level_values("alternative").map(province) == "sindh"
    plants = before.index.get_level_values("alternative").map(plain.alternatives.set_index("alternative")["kind"]) == Kind.PLANT
    assert (after.loc[there & plants, "score"] < before.loc[there & plants, "score"]).all()
    pd.testing.assert_frame_equal(after.loc[~there, SCORES], before.loc[~there, SCORES])


def test_a_price_nobody_knows_leaves_a_blank_and_its_reason(ask, plain, change, small):
    prices = small["prices"]
    lost = prices["price_id"] == "ferrochrome_us"
    blind = ask(change(prices=prices.assign(**{name: prices[name].mask(lost) for name in ("low", "mode", "high", "latest_value")})))
    rows = blind.economics[blind.economics["alternative"] == "hub-sez:ferrochrome"].set_index("partner")
    assert np.isnan(rows.loc["japan", ["product_usd_per_t", "margin_usd_per_t"]].astype(float)).all()
    assert "no price of the product was found" in rows.loc["japan", "reason"]
    before, after = (by_key(study).loc[("japan/text/2026-11-22", "hub-sez:ferrochrome")] for study in (plain, blind))
    assert after["score"] < before["score"]
    assert after["evidence_frac"] < before["evidence_frac"]
    assert after["bound_high"] >= before["bound_high"]


def test_a_plant_that_beats_exporting_is_counted_in_the_first_line_and_valued_year_by_year(ask, change, small, quick):
    """Ferrochrome at five times its price and a plant of known cost: margin far above any cost of conversion."""
    prices, costs = small["prices"], small["cost_models"]
    dear, mine = prices["price_id"].str.startswith("ferrochrome"), costs["stage_id"] == "ferrochrome"
    figures = {f"opex_usd_per_t_{end}": costs[f"opex_usd_per_t_{end}"].mask(mine, 400.0) for end in ("low", "mode", "high")}
    names = ("low", "mode", "high", "latest_value")
    enough = quick.replace(supply_t_per_y={"ferrochrome": {"low": 1e6, "mode": 1e6, "high": 1e6}})
    study = ask(change(
        prices=prices.assign(**{name: prices[name].mask(dear, 5 * prices[name]) for name in names}), cost_models=costs.assign(**figures),
    ), assumptions=enough)  # fmt: skip
    row = study.economics.query("partner == 'japan' and alternative == 'port-qasim:ferrochrome'").iloc[0]
    assert row["beats_baseline"] == "yes"
    finance = study.assumptions.finance
    rate, capex, price = finance.discount_rate_frac.mode, row["capex_usd_per_tpa"], row["product_usd_per_t"]
    worth, bound = -sum(capex / 3 / (1 + rate) ** year for year in range(3)), 0.0
    for year in range(1, 21):
        output = 0.92 * {1: 0.5, 2: 0.8}.get(year, 1.0)
        cash = (row["margin_usd_per_t"] - 400.0) * output
        tax = max(0.37 * (cash - (capex / 10 if year <= 10 else 0.0)), 0.0125 * price * output)
        needed = 0.15 * price * output if year < 20 else 0.0
        worth += (cash - tax + bound - needed - (0.05 * capex if year == 20 else 0.0)) / (1 + rate) ** (3 + year)
        bound = needed
    assert row["npv_million_usd"] == pytest.approx(worth * row["plant_t_per_y"] / 1e6)
    assert row["profitability_index"] == pytest.approx(worth / capex)
    own = study.rankings.query("case_id == 'japan/text/2026-11-22' and status in ['ranked', 'conditional'] and beats_baseline == 'yes'")
    plants = own[own["alternative"].isin(study.alternatives.query("kind == 'plant'")["alternative"])]
    assert study.headlines["japan/text/2026-11-22"].startswith(f"{len(plants)} of ")
    assert study.headlines["turkiye/text/2026-11-22"].startswith("No plant ")
