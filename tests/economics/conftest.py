"""A country with one pit, one zone, one rival port and one partner port, in which every answer is a round figure."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from geokit.io.dictionary import read_columns

BLANK = {"number": math.nan, "integer": math.nan}


def frame(table, *rows):
    """Lay rows out in the declared columns of a table; what is not given is blank."""
    columns = read_columns(table)
    data = [{column.name: row.get(column.name, BLANK.get(column.type, "")) for column in columns} for row in rows]
    made = pd.DataFrame(data, columns=[column.name for column in columns])
    return made.astype({column.name: float if column.type in BLANK else object for column in columns})


def product(name, content, frac, price="", role="none", **more):
    """Make a row of the products layer."""
    keys = {"product_id": name, "label": name, "commodity_id": "mm", "contained_of": content, "contained_frac_mode": frac}
    return {**keys, "price_id": price, "price_role": role, "source_id": f"src-{name}", **more}


def price(name, mode, unit="t", **more):
    """Make a row of the prices layer."""
    base = {"price_id": name, "low": mode, "mode": mode, "high": mode, "currency": "USD", "per_unit": unit, "vat_included": "no"}
    return {**base, "regime_change": "no", "source_id": f"prc-{name}", **more}


def tariff(name, low, mode, high, **more):
    """Make a row of the tariffs layer."""
    ends = {"usd_per_kwh_low": low, "usd_per_kwh": mode, "usd_per_kwh_high": high}
    return {"tariff_id": name, **ends, "source_id": f"tar-{name}", **more}


def levy(name, enters_as, mode, **more):
    """Make a row of the layer of levies in per cent."""
    return {"levy_id": name, "enters_as": enters_as, "mode": mode, "unit": "% of it", "source_id": f"tax-{name}", **more}


def haul(origin, destination, kind, usd, product_id="", **more):
    """Make a row of the hauls table without spread."""
    ends = {"origin_id": origin, "destination_id": destination, "kind": kind, "product_id": product_id}
    return {**ends, "usd_per_t_low": usd, "usd_per_t": usd, "usd_per_t_high": usd, "road_km": usd, "rail_km": 0.0, "gap_km": 0.0, **more}


def make_layers():
    """Make the layers of the country."""
    return {
        "products": frame(
            "products",
            product("ore", "", math.nan),
            product("conc", "Mm", 0.5, "conc", "proxy"),
            product("metal", "Mm", 1.0, "metal", "direct", alt_price_ids="metal-home"),
        ),
        "prices": frame(
            "prices",
            price("conc", 113.0, vat_included="yes", market_issuer="cn"),
            price("metal", 1000.0),
            price("metal-home", 6328.0, currency="CNY", vat_included="yes", market_issuer="cn"),
        ),
        "charges": frame("charges", {"charge_id": "take", "mode": 10.0, "source_id": "chg-take"}),
        "contained_factors": frame("contained_factors", {"from_content": "Mm2O", "to_content": "Mm", "factor": 0.8, "source_id": "iupac"}),
        "stages": frame(
            "stages",
            {"stage_id": "mill", "product_id": "conc", "input_product_ids": "ore", "siting": "at_ore", "recovery_frac": 0.5},
            {
                "stage_id": "smelt", "product_id": "metal", "input_product_ids": "conc", "siting": "free", "upstream_stage_id": "mill",
                "recovery_frac": 1.0, "reference_scale_tpa": 5000.0, "capacity_basis": "t metal/y", "cost_battery_limit": "plant_only",
            },
        ),
        "deposits": frame(
            "deposits",
            {
                "deposit_id": "pit", "name": "Pit", "feed_available": "free", "tonnage_million_t_mode": 1.0, "grade_value": 10.0,
                "grade_unit": "% Mm", "historical_estimate": "true", "source_id": "dep-pit", "province_id": "north",
                "status_code": "operating",
            },
        ),
        "deposit_feeds": frame("deposit_feeds", {"feed_id": "pit-1", "deposit_id": "pit", "stage_id": "mill", "aggregate": "yes"}),
        "feed_plans": frame("feed_plans"),
        "feed_scenarios": frame("feed_scenarios"),
        "grade_tonnage": frame("grade_tonnage"),
        "grade_tonnage_map": frame("grade_tonnage_map", {"deposit_type": "Massive", "model_id": "massive", "mined_as": "open_pit"}),
        "other_grades": frame("other_grades"),
        "by_products": frame("by_products"),
        "impurity_limits": frame("impurity_limits"),
        "trade": frame("trade"),
        "cost_models": frame("cost_models", {"stage_id": "smelt", "escalation_factor": 1.0, "source_id": "cst-smelt"}),
        "partners": frame("partners", {"partner_id": "japan", "default_port_id": "JPAAA"}, {"partner_id": "inland"}),
        "ports": frame(
            "ports",
            {"port_id": "CNBBB", "name": "Rival", "role_code": "counterfactual"},
            {"port_id": "JPAAA", "name": "Friend", "role_code": "destination"},
            {"port_id": "OMTTT", "name": "Host", "role_code": "destination"},
        ),
        "accepts": frame("accepts"),
        "destinations": frame("destinations"),
        "operations": frame(
            "operations",
            {"stage_id": "smelt", "operation_id": "smelt-1", "source_ids": "flo-arc"},
            {"stage_id": "smelt", "operation_id": "smelt-2", "source_ids": "flo-cast"},
        ),
        "power_tariffs": frame(
            "power_tariffs",
            tariff("heavy", 0.05, 0.1, 0.2, applies_to="heavy_industry"),
            tariff("shops", 0.01, 0.01, 0.01, applies_to="other_industry"),
        ),
        "instruments": frame("instruments", {"instrument_id": "cn-1", "issuer": "cn"}, {"instrument_id": "us-1", "issuer": "us"}),
        "clauses": frame(
            "clauses", {"clause_id": "cn-1-all", "instrument_id": "cn-1"}, {"clause_id": "us-1-all", "instrument_id": "us-1"}
        ),
        "items": frame(
            "items",
            {"item_id": "furnace", "kind": "equipment", "clause_id": "cn-1-all", "commodity_ids": "mm"},
            {"item_id": "powder", "kind": "material", "clause_id": "cn-1-all", "commodity_ids": "xx;yy"},
            {"item_id": "alloy", "kind": "material", "clause_id": "us-1-all", "commodity_ids": "mm"},
        ),
        "sites": frame(
            "sites",
            {"site_id": "zone", "kind_code": "industrial_estate", "province_id": "north"},
            {"site_id": "gate", "kind_code": "epz", "province_id": "north"},
            {"site_id": "park", "kind_code": "sez", "province_id": "north"},
        ),
        "royalties_taxes": frame(
            "royalties_taxes",
            levy("income", "income_tax", 30.0),
            levy("super", "income_tax", 8.0, low=7.0, high=10.0),
            levy("sales", "turnover_minimum", 1.0),
            levy("final", "turnover_final", 2.0, site_kinds="epz"),
            levy("years", "holiday", math.nan, high=10.0, site_kinds="sez", effective_to="2035"),
            levy("north-mm", "royalty", math.nan, province_id="north", commodity_ids="mm"),
        ),
        "cost_factors": frame(
            "cost_factors", {"factor_id": "maintenance", "mode": 2.0}, {"factor_id": "insurance-property-tax", "mode": 1.0}
        ),
        "price_states": frame(
            "price_states",
            *(
                {"price_id": "metal", "state": state, "factor_low": low, "factor": mode, "factor_high": high}
                for state, low, mode, high in (
                    ("revoked", 0.8, 0.8, 1.0), ("suspended", 1.0, 1.0, 1.0), ("in_force", 1.0, 1.1, 1.3), ("tightened", 1.1, 1.3, 1.3),
                )
            ),
        ),
        "needs": frame("needs", {"need_id": "n", "partner_id": "japan", "product_id": "metal", "market": "yes"}),
    }  # fmt: skip


def plan(deposits, kt, basis="observed", **more):
    """Make a row of the plans of feed: so many kilotonnes of ore a year for the mill."""
    keys = {"plan_id": f"plan-{deposits}-{kt}", "deposit_ids": deposits, "stage_id": "mill", "basis": basis, "tonnes_of": "ore"}
    return {**keys, "kt_per_y": kt, "source_id": "src-plan", **more}


def make_alternatives():
    """Make the alternatives of the country."""
    metal = {"stage_id": "smelt", "product_id": "metal", "siting": "free"}
    return frame(
        "alternatives",
        {"alternative": "zone:smelt", "kind": "plant", "site_id": "zone", "place_id": "zone", **metal},
        {
            "alternative": "pit:mill",
            "kind": "plant",
            "site_id": "pit",
            "place_id": "pit",
            "stage_id": "mill",
            "product_id": "conc",
            "siting": "at_ore",
        },
        {"alternative": "export:smelt", "kind": "export", "site_id": "export", **metal},
        {"alternative": "toll:smelt", "kind": "toll", "site_id": "toll", "place_id": "OMTTT", "port_id": "OMTTT", **metal},
        {"alternative": "abroad:smelt", "kind": "abroad", "site_id": "abroad", "place_id": "JPAAA", "port_id": "JPAAA", **metal},
    )


def make_hauls():
    """Make the hauls of the country."""
    return frame(
        "hauls",
        haul("pit", "zone", "feed", 5.0),
        haul("pit", "pit", "feed", 0.0),
        haul("zone", "JPAAA", "delivered", 50.0, "metal"),
        haul("pit", "JPAAA", "delivered", 60.0, "conc"),
        haul("pit", "CNBBB", "delivered", 40.0, "conc"),
        haul("pit", "OMTTT", "delivered", 20.0, "conc"),
        haul("OMTTT", "JPAAA", "sea", 30.0, "metal"),
    )


@pytest.fixture(scope="session")
def world():
    """The country: layers, alternatives and hauls; nobody changes them in place."""
    return SimpleNamespace(layers=make_layers(), alternatives=make_alternatives(), hauls=make_hauls())


@pytest.fixture(scope="session")
def real_hauls(real_freight):
    """The freight between the real places."""
    return real_freight.hauls


@pytest.fixture
def change():
    """Change cells of a layer: ``change(layers, "prices", "price_id", "conc", mode=5)``."""

    def changed(layers, table, key, name, **cells):
        old = layers[table]
        return {**layers, table: old.assign(**{column: old[column].mask(old[key] == name, value) for column, value in cells.items()})}

    return changed
