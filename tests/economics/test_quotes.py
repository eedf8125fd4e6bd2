import math

import pytest

from geokit.economics.quotes import content_bands, quote_prices, quote_products


def test_value_added_tax_and_currency_leave_the_price(world, assumptions):
    quotes = quote_prices(world.layers, assumptions=assumptions)["usd_per_t"]
    assert quotes["conc"] == pytest.approx(113.0 / 1.13)
    assert quotes["metal-home"] == pytest.approx(6328.0 / 1.13 / 7.0)


@pytest.mark.parametrize(("unit", "per_t"), [("t", 1.0), ("kg", 1000.0), ("lb", 2204.62262), ("oz", 32150.7466), ("mtu", 100.0)])
def test_units_of_sale(world, change, assumptions, unit, per_t):
    layers = change(world.layers, "prices", "price_id", "metal", per_unit=unit, low=2.0, mode=2.0, high=2.0)
    assert quote_prices(layers, assumptions=assumptions).loc["metal", "usd_per_t"] == pytest.approx(2.0 * per_t, rel=1e-8)


def test_a_currency_without_a_rate_gives_nothing(world, change, assumptions):
    layers = change(world.layers, "prices", "price_id", "metal", currency="XXX")
    assert math.isnan(quote_prices(layers, assumptions=assumptions).loc["metal", "usd_per_t"])


def test_a_market_without_a_tax_rate_gives_nothing(world, change, assumptions):
    layers = change(world.layers, "prices", "price_id", "conc", market_issuer="zz")
    assert math.isnan(quote_prices(layers, assumptions=assumptions).loc["conc", "usd_per_t"])


@pytest.mark.parametrize(("regime", "mode"), [("yes", 44.0), ("no", 13.0)])
def test_the_mode_is_todays_level_where_the_regime_changed(world, change, assumptions, regime, mode):
    layers = change(world.layers, "prices", "price_id", "metal", low=11.0, mode=13.0, high=40.0, latest_value=44.0, regime_change=regime)
    row = quote_prices(layers, assumptions=assumptions).loc["metal"]
    assert row["usd_per_t"] == mode
    assert row["usd_per_t_low"] == 11.0
    assert row["usd_per_t_high"] == max(40.0, mode)


@pytest.mark.parametrize(
    ("regime", "latest", "commodity", "price"),
    [("yes", 226.0, "mm", 200.0), ("no", 226.0, "mm", 100.0), ("yes", math.nan, "mm", 100.0), ("yes", 226.0, "zz", 100.0)],
)
def test_feed_is_read_on_the_day_of_its_product(world, change, assumptions, regime, latest, commodity, price):
    """The metal sells at today's level, so its concentrate is bought at the latest figure, not at the mean of years."""
    layers = change(world.layers, "prices", "price_id", "metal", regime_change=regime, latest_value=1000.0)
    layers = change(layers, "prices", "price_id", "conc", latest_value=latest)
    layers = change(layers, "products", "product_id", "conc", commodity_id=commodity)
    row = quote_products(layers, assumptions=assumptions).loc["conc"]
    assert row["usd_per_t"] == pytest.approx(price)
    assert row["usd_per_t_low"] == pytest.approx(100.0)


def test_a_concentrate_gets_its_metal_less_the_charge(world, change, assumptions):
    layers = change(world.layers, "products", "product_id", "conc", price_id="metal", price_role="metal_less_charges", charge_id="take")
    row = quote_products(layers, assumptions=assumptions).loc["conc"]
    assert row["usd_per_t"] == pytest.approx(0.5 * 1000.0 * 0.9)
    assert row["source_ids"] == "chg-take;prc-metal;src-conc"


def test_an_uncertain_charge_spreads_the_price_the_other_way(world, change, assumptions):
    layers = change(world.layers, "products", "product_id", "conc", price_id="metal", price_role="metal_less_charges", charge_id="take")
    layers = change(layers, "charges", "charge_id", "take", low=4.0, high=20.0)
    row = quote_products(layers, assumptions=assumptions).loc["conc"]
    assert [row["usd_per_t_low"], row["usd_per_t"], row["usd_per_t_high"]] == pytest.approx([400.0, 450.0, 480.0])


def test_a_price_per_content_follows_the_content(world, change, assumptions):
    layers = change(world.layers, "prices", "price_id", "conc", contained_of="Mm")
    assert quote_products(layers, assumptions=assumptions).loc["conc", "usd_per_t"] == pytest.approx(50.0)


def test_a_quoted_grade_scales_to_the_grade_of_the_product(world, change, assumptions):
    layers = change(world.layers, "prices", "price_id", "conc", quoted_content_frac=0.4)
    assert quote_products(layers, assumptions=assumptions).loc["conc", "usd_per_t"] == pytest.approx(125.0)


def test_a_metal_price_without_a_content_gives_no_concentrate_price(world, change, assumptions):
    layers = change(
        world.layers, "products", "product_id", "conc", contained_frac_mode=math.nan, price_role="metal_less_charges", charge_id="take"
    )
    assert math.isnan(quote_products(layers, assumptions=assumptions).loc["conc", "usd_per_t"])


def test_one_component_is_no_price_of_a_mixed_product(world, change, assumptions):
    layers = change(world.layers, "products", "product_id", "metal", price_role="component")
    row = quote_products(layers, assumptions=assumptions).loc["metal"]
    assert math.isnan(row["usd_per_t"])
    assert math.isnan(row["domestic_usd_per_t"])


def test_the_quote_inside_the_rival_market_is_kept_apart(world, assumptions):
    row = quote_products(world.layers, assumptions=assumptions).loc["metal"]
    assert row["usd_per_t"] == 1000.0
    assert row["domestic_usd_per_t"] == pytest.approx(800.0)


def test_a_range_of_contents_places_the_mode_where_the_assumption_says(world, change, assumptions):
    layers = change(
        world.layers, "products", "product_id", "conc", contained_frac_low=0.4, contained_frac_mode=math.nan, contained_frac_high=0.6
    )
    row = content_bands(layers, assumptions=assumptions.replace(content_position_frac=0.25)).loc["conc"]
    assert row["frac"] == pytest.approx(0.45)
    assert row["frac_assumed"]
