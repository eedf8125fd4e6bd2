"""A study whose ranking is invented on the real places: for tests of how things look, never of what is true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from geokit.core.case import Case
from geokit.core.codes import Track
from geokit.io.defaults import read_defaults

ON = dt.date(2026, 11, 22)
PARTNERS = ("japan", "eu", "saudi")
HOSTILE = ("<img src=x onerror=\"document.title='owned'\">", "</script><script>document.title='owned'</script>", "=cmd|' /C calc'!A0")
STATUSES = ("ranked", "ranked", "conditional", "ranked", "baseline")


class SampleLayers(Mapping):
    """The real tables with made-up boundaries (boxes)."""

    def __init__(self, tables, root=None):
        self.tables, self.root = dict(tables), root

    def __getitem__(self, name):
        return self.tables[name]

    def __iter__(self):
        return iter(self.tables)

    def __len__(self):
        return len(self.tables)

    def geometry(self, name):
        shapes = {
            "provinces": gpd.GeoDataFrame(
                {"label": ["West", "East"], "disputed": [False, True]}, geometry=[box(61, 24, 68, 32), box(68, 24, 76, 37)], crs=4326
            ),
            "neighbours": gpd.GeoDataFrame({"label": ["Elsewhere"], "disputed": [False]}, geometry=[box(58, 24, 61, 37)], crs=4326),
        }
        return shapes[name]


def build_sample(layers, alternatives, assumptions, *, hostile=False, layers_class=SampleLayers):
    """Return a study-like object: three partners, two tracks, forty plants and the baselines of five stages."""
    tables = dict(layers)
    chosen = choose_alternatives(alternatives)
    if hostile:
        tables, chosen = poison(tables, chosen)
    cases = tuple(Case(partner, ON, track, ON) for partner in PARTNERS for track in Track)
    rng = np.random.default_rng(7)
    rankings = pd.concat([rank_rows(case, chosen, rng) for case in cases], ignore_index=True)
    criteria = read_defaults("criteria")
    return SimpleNamespace(
        layers=layers_class(tables),
        cases=cases,
        assumptions=assumptions,
        alternatives=chosen,
        rankings=rankings,
        contributions=contribution_rows(rankings, criteria, rng),
        dependency=dependency_rows(rankings, rng),
        exposure=exposure_rows(cases, chosen),
        economics=economics_rows(chosen, tables),
        hauls=haul_rows(chosen, tables),
        gates=gate_rows(chosen),
        states=pd.DataFrame(
            {
                "clause_id": ["cn-2025-56-equipment"],
                "instrument_id": ["cn-2025-56"],
                "issuer": ["cn"],
                "state_as_law_stands": ["in_force"],
                "state_as_practised": ["suspended"],
                "ever_operated": ["false"],
                "valid_from": ["2026-11-11"],
                "source_ids": ["mofcom-2025-56"],
            }
        ),
        unknowns=unknown_rows(criteria),
        weights={partner: dict.fromkeys(criteria["criterion_id"], 1 / len(criteria)) for partner in PARTNERS},
        headlines={case.case_id: headline(case, rankings) for case in cases},
        warnings=(
            "the law is unresolved since 10 November 2026: text and practice differ",
            "prices are nine months old",
            HOSTILE[0] if hostile else "Hormuz is assumed open",
        ),
        turns=(("2100-01-01", "the layers were verified on 22 Nov 2026"), ("2100-03-01", HOSTILE[1] if hostile else "2 clauses changed")),
        sources=pd.DataFrame(
            {
                "source_id": ["s1", "s2"],
                "title": ["A report", HOSTILE[1] if hostile else "A survey"],
                "publisher": ["A", "B"],
                "url": ["https://example.org", ""],
                "date": ["2025", "2016"],
            }
        ),
        manifest={
            "version": "0.1.0",
            "on": "2026-11-22",
            "fingerprint": "abcdef0123456789",
            "data_version": "2026.11",
            "verified_on": "2026-11-22",
            "modified": [],
        },
    )


def choose_alternatives(alternatives):
    """Return forty plants spread over sites and stages, and the export baselines of five stages."""
    plants = alternatives[alternatives["kind"] == "plant"]
    plants = plants[plants["site_id"] != "allama-iqbal-industrial-city"]
    spread = plants.iloc[:: max(len(plants) // 40, 1)].head(40)
    return pd.concat([spread, alternatives[alternatives["kind"] == "export"].head(5)], ignore_index=True)


def poison(tables, chosen):
    """Return layers and alternatives in which names carry markup."""
    sites, deposits = tables["sites"].copy(), tables["deposits"].copy()
    sites["name"] = HOSTILE[0] + sites["name"]
    deposits["name"] = HOSTILE[1] + deposits["name"]
    return {**tables, "sites": sites, "deposits": deposits}, chosen.assign(label=HOSTILE[2] + chosen["label"])


def rank_rows(case, chosen, rng):
    """Return invented rows of one case; the last five could not be ranked."""
    order = chosen.iloc[rng.permutation(len(chosen))].reset_index(drop=True)
    n, loose = len(order), 5
    score = np.sort(rng.uniform(0.15, 0.6, n))[::-1]
    status = np.where(order["kind"] != "plant", "baseline", [STATUSES[i % 4] for i in range(n)]).astype(object)
    status[-loose:] = "not_rankable"
    rank = np.where(status == "not_rankable", np.nan, np.arange(1, n + 1))
    words = (
        "First because its feed is free and its product carries no listed control; held back by "
        "truck haul (612 km); not known: grade of two of its four deposits."
    )
    return pd.DataFrame(
        {
            "case_id": case.case_id,
            "rank": rank,
            "alternative": order["alternative"],
            "site_id": order["site_id"],
            "stage_id": order["stage_id"],
            "partner": case.partner,
            "score": score,
            "score_p10": score - 0.05,
            "score_p90": score + 0.06,
            "bound_low": score,
            "bound_high": np.minimum(score + rng.uniform(0.05, 0.4, n), 1),
            "evidence_frac": rng.uniform(0.4, 0.95, n),
            "tier": np.arange(n) // 4 + 1.0,
            "status": status,
            "status_reason": np.where(status == "ranked", "", "none of its feed is known to be free: held by nobody we could name"),
            "beats_baseline": "unknown",
            "reason": words,
        }
    ).assign(tier=lambda d: d["tier"].where(d["rank"].notna()))


def contribution_rows(rankings, criteria, rng):
    """Return invented contributions; every fourth criterion is missing."""
    names = criteria["criterion_id"].tolist()
    keys = rankings.loc[rankings["rank"].notna(), ["case_id", "alternative"]]
    table = keys.merge(pd.DataFrame({"criterion_id": names}), how="cross").assign(weight=1 / len(names))
    value = rng.uniform(0, 1, len(table))
    value[::4] = np.nan
    return table.assign(v=value, contribution=value / len(names), grade=np.resize(["E", "A", "M", "D"], len(table)))


def dependency_rows(rankings, rng):
    n = len(rankings)
    rel = rng.uniform(0, 0.8, n)
    return rankings[["case_id", "alternative"]].assign(
        profile="B",
        d_avg=rel / 2,
        d_max=rel,
        d_rel=rel,
        delay_months_p10=0.0,
        delay_months_p50=3.0,
        delay_months_p80=9.0,
        regimes_searched="PRC: none; US: licence likely 2A992; KR: not researched",
        note="",
        d_rel_low=rel * 0.8,
        d_rel_high=np.minimum(rel * 1.2, 1),
    )


def exposure_rows(cases, chosen):
    stages = sorted(set(chosen["stage_id"]))
    rows = [(case.case_id, stage, "B", block) for case in cases for stage in stages for block in ("COMM", "SXRE")]
    table = pd.DataFrame(rows, columns=["case_id", "stage_id", "profile", "block_id"])
    listed = table["block_id"] == "SXRE"
    return table.assign(
        clause_ids=np.where(listed, "cn-2025-56-equipment", ""),
        state=np.where(listed, "in_force", ""),
        b=0.5,
        s=0.6,
        sigma=0.4,
        e=np.where(listed, 0.3, 0.0),
        note="",
    )


def economics_rows(chosen, tables):
    deposits = tables["deposits"].dropna(subset=["lat"])["deposit_id"].tolist()
    feeds = [";".join(deposits[i % 20 : i % 20 + 3]) for i in range(len(chosen))]
    base = chosen[["alternative", "product_id"]].assign(feed_deposit_ids=feeds)
    table = pd.DataFrame({"partner": PARTNERS}).merge(base, how="cross")
    return table.assign(
        outlet="market",
        outlet_ids="",
        feed_free_t_low=1e4,
        feed_free_t=2e4,
        feed_free_t_high=5e4,
        margin_usd_per_t=412.3,
        product_freight_usd_per_t=88.0,
        npv_million_usd=np.nan,
        reason="no opex is sourced for this stage",
        source_ids="s1;s2",
    )


def haul_rows(chosen, tables):
    ports = tables["partners"].set_index("partner_id").loc[list(PARTNERS), "default_port_id"]
    rows = [
        (place, port, "delivered", product)
        for place, product in chosen[["place_id", "product_id"]].drop_duplicates().itertuples(index=False)
        for port in ports
    ]
    deposits = tables["deposits"].dropna(subset=["lat"])["deposit_id"].head(24)
    feeds = {name for cell in chosen.loc[chosen["kind"] == "export", "feed_product_ids"] for name in cell.split("|")}
    rows += [(deposit, port, "delivered", feed) for deposit in deposits for port in ports for feed in sorted(feeds)]
    table = pd.DataFrame(rows, columns=["origin_id", "destination_id", "kind", "product_id"]).drop_duplicates()
    return table.assign(
        usd_per_t_low=70.0,
        usd_per_t=91.2,
        usd_per_t_high=140.0,
        hours=520.0,
        road_km=812.0,
        rail_km=0.0,
        sea_km=10700.0,
        transfers=2.0,
        gap_km=12.0,
        via_port_id="PKKHI",
        closed_days=np.nan,
        assumed_open="a strait",
    )


def gate_rows(chosen):
    rows = [
        (partner, name, gate, result)
        for partner in PARTNERS
        for name in chosen["alternative"]
        for gate, result in (("commodity-listed", "pass"), ("travel-level", "unknown"))
    ]
    return pd.DataFrame(rows, columns=["partner", "alternative", "gate_id", "result"]).assign(
        reason="as looked up", screens=False, conditions=False
    )


def unknown_rows(criteria):
    table = criteria[["criterion_id", "label"]].rename(columns={"label": "what"}).head(12)
    return table.assign(
        site_id="",
        stage_id="",
        profile="",
        partner="",
        track="",
        holder="the provincial mines department",
        alternatives_touched=9.0,
        weight=0.06,
        rank_swing=np.arange(12, 0, -1.0),
    )


def headline(case, rankings):
    rows = rankings[(rankings["case_id"] == case.case_id) & (rankings["status"] == "ranked")]
    return f"{len(rows) // 2} of {len(rows)} plants beat exporting for {case.partner} ({case.track}); feed and freight decide."
