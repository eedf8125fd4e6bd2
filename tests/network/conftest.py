"""A country of four towns on a line, one port, two buyers and two deposits: every answer can be done in the head."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

NAN = float("nan")


def frame(columns: str, *rows):
    return pd.DataFrame(list(rows), columns=columns.split())


def make_country():
    up = (0.02, 0.04, 0.06)
    parameters = {
        "rate": (9000, 10000, 20000),
        "bunker": (400, 500, 900),
        "fuel": (18, 20, 22),
        "fuel_port": (NAN, 3, NAN),
        "speed": (10, 12.5, 15),
        "load_rate": (4000, 5000, 10000),
        "disch_rate": (4000, 5000, 10000),
        "turn": (1, 2, 4),
        "position": (0, 0, 0.5),
        "sea_margin": (NAN, 1, NAN),
        "port_costs": (50000, 100000, 200000),
        "commission": (NAN, 0, NAN),
        "canal": (NAN, NAN, NAN),
        "ship_value": (NAN, 0, NAN),
    }
    return {
        "nodes": frame(
            "node_id name kind_code province_id lat lon modes port_id",
            ("HARB", "Harbour town", "port", "coast", 0.0, 0.0, "road|rail|sea", "P1"),
            ("MID", "Midway", "city", "inland", 0.0, 1.0, "road|rail", ""),
            ("END", "Railhead", "city", "inland", 0.0, 2.0, "road|rail", ""),
            ("FAR", "Far end", "border", "wild", 0.0, 3.0, "road", ""),
        ),
        "links": frame(
            "link_id from to mode name length_km surface_code status_code months_open heavy_trucks source_id",
            ("r1", "HARB", "MID", "road", "Coast road", 100.0, "paved", "open", "", "", "src"),
            ("r1-old", "MID", "HARB", "road", "Old road", 130.0, "paved", "open", "", "", "src"),
            ("r2", "MID", "END", "road", "Inland road", 100.0, "paved", "open", "", "", "src"),
            ("r3", "END", "FAR", "road", "Summer road", 50.0, "gravel", "seasonal", "4-9", "", "src"),
            ("r3-jeep", "END", "FAR", "road", "Jeep track", 20.0, "gravel", "open", "", "no", "src"),
            ("t1", "HARB", "MID", "rail", "Main line", 100.0, "track", "open", "", "", "src"),
            ("t2", "MID", "END", "rail", "Main line", 100.0, "track", "open", "", "", "src"),
            ("x1", "HARB", "END", "road", "Motorway", 10.0, "paved", "planned", "", "", "src"),
            ("x2", "END", "FAR", "rail", "Branch", 10.0, "track", "closed", "", "", "src"),
        ),
        "ports": frame(
            "port_id node_id role_code status_code name lat lon takes_product_ids country",
            ("P1", "HARB", "origin", "operating", "Harbour", 0.0, 0.0, "", "Here"),
            ("P2", "MID", "origin_proposed", "concept", "Dream port", 0.0, 1.0, "", "Here"),
            ("Q1", "", "destination", "", "Buyer one", 0.0, 60.0, "", "There"),
            ("Q2", "", "destination", "", "Buyer two behind the strait", 0.0, 30.0, "", "There"),
            ("Q3", "", "counterfactual", "", "Rival", 0.0, 50.0, "", "There"),
        ),
        "freight_rates": frame(
            "rate_id mode direction province_ids origin_province_ids home_port_ids usd_per_t_km_low usd_per_t_km usd_per_t_km_high "
            "payload_t diesel_usd_per_l",
            ("up", "road", "up_country", "", "", "", *up, NAN, NAN),
            ("down", "road", "port_bound", "", "", "", *up, NAN, NAN),
            ("empty-truck", "road", "port_bound", "inland|coast", "inland", "P1", 0.005, 0.01, 0.04, NAN, NAN),
            ("rail", "rail", "", "", "", "", 0.01, 0.02, 0.03, NAN, NAN),
        ),
        "link_speeds": frame("surface_code mode km_per_h", ("paved", "road", 50.0), ("gravel", "road", 25.0), ("track", "rail", 20.0)),
        "passages": frame(
            "passage_or_site status valid_from valid_to state_code",
            ("The gorge", "open", "", "2026-01-01", "open"),
            ("The gorge", "suspended", "2026-01-01", "", "closed"),
            ("The strait", "mined", "2026-01-01", "", "restricted"),
            ("The canal", "fine", "2026-01-01", "", "open"),
            ("The bridge", "blocked for a day", "2026-01-01", "2026-01-02", "closed"),
        ),
        "passage_links": frame(
            "passage_link_id passage link_id lane_column port_id product_id dues_id detour",
            ("gorge", "The gorge", "t2", "", "", "", "", ""),
            ("strait", "The strait", "", "nm_no_strait", "", "", "", ""),
            ("canal", "The canal", "", "nm_no_canal", "", "", "canal", "the long way"),
            ("bridge", "The bridge", "r2", "", "", "", "", ""),
        ),
        "sea_distances": frame(
            "from_port_id to_port_id nm nm_no_strait nm_no_canal great_circle_nm",
            ("P1", "Q1", 4000.0, 4000.0, 9000.0, 3600.0),
            ("Q2", "P1", 2000.0, NAN, 2000.0, 1800.0),
        ),
        "ocean_freight": pd.DataFrame(
            [(name, "parameter", *map(float, values), *[""] * 6) for name, values in parameters.items()],
            columns=["freight_id", "kind", "low", "mode", "high", "unit", "year", "origin", "dest", "origin_port_id", "dest_port_id"],
        ),
        "port_charges": frame(
            "charge_id port_id pack usd_per_t_low usd_per_t usd_per_t_high",
            ("a", "P1", "bulk", 1.0, 2.0, 3.0),
            ("b", "P1", "bulk", 0.5, 0.5, 0.5),
        ),
        "products": frame(
            "product_id pack hazard_note moisture_frac form",
            ("ore", "", "", 0.0, "ore"),
            ("conc", "", "", 0.0, "concentrate"),
            ("metal", "container", "", NAN, "metal"),
        ),
        "destinations": frame("destination_id lat lon port_id", ("mill", 0.0, 62.0, "Q1"), ("works", 0.0, 29.0, "")),
        "accepts": frame("destination_id product_id accepts", ("mill", "metal", "yes"), ("works", "conc", "yes"), ("mill", "ore", "no")),
        "cargo_rules": frame("product_ids effect_code words"),
        "deposits": frame(
            "deposit_id lat lon coord_accuracy_km", ("dep-far", 0.0, 3.1, 5.0), ("dep-lost", NAN, NAN, NAN), ("dep-remote", 5.0, 3.0, 1.0)
        ),
        "sites": frame("site_id lat lon coord_precision_km", ("site-end", 0.0, 2.0, 0.0), ("site-far", 0.0, 3.11, 0.0)),
        "deposit_feeds": frame(
            "feed_id deposit_id stage_id aggregate",
            ("f1", "dep-far", "smelt", "yes"),
            ("f2", "dep-lost", "smelt", "yes"),
            ("f3", "dep-remote", "smelt", "yes"),
        ),
        "stages": frame("stage_id input_product_ids product_id siting upstream_stage_id", ("smelt", "ore|conc", "metal", "free", "")),
        "partners": frame("partner_id default_port_id", ("one", "Q1"), ("two", "Q2"), ("landlocked", "")),
        "baselines": frame("baseline_id kind port_id", ("toll-q1", "toll", "Q1"), ("export", "export", "")),
    }


@pytest.fixture
def country():
    return make_country()


@pytest.fixture
def plain(assumptions):
    """Off the network: winding 1, factor 1, 25 km/h; a transfer costs 3 USD/t."""
    one = {"low": 1.0, "mode": 1.0, "high": 1.0}
    return assumptions.replace(
        transport__offnetwork_tortuosity=one,
        transport__offnetwork_cost_factor=one,
        transport__offnetwork_km_per_h=25,
        transport__transfer_usd_per_t={"low": 2.0, "mode": 3.0, "high": 4.0},
        transport__transfer_hours=24,
        transport__snap_limit_km=100,
        transport__security_premium_usd_per_t={"low": 0.0, "mode": 0.0, "high": 0.0},
        transport__parcel_t=25000,
    )


@pytest.fixture
def choices():
    columns = "alternative kind site_id stage_id product_id place_id port_id"
    return frame(
        columns,
        ("site-end:smelt", "plant", "site-end", "smelt", "metal", "site-end", ""),
        ("site-far:smelt", "plant", "site-far", "smelt", "metal", "site-far", ""),
        ("export:smelt", "export", "export", "smelt", "metal", "", ""),
        ("toll-q1:smelt", "toll", "toll-q1", "smelt", "metal", "Q1", "Q1"),
    )


@pytest.fixture
def degree_km():
    """One degree of longitude on the equator of WGS84, km: the semi-major axis times pi / 180."""
    return 6378.137 * np.pi / 180
