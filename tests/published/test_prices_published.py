"""Prices that the sources themselves convert: our conversion must give their figure."""

from __future__ import annotations

import pytest

from geokit.economics.balance import content_factors
from geokit.economics.quotes import quote_prices


@pytest.fixture(scope="module")
def quotes(layers, assumptions):
    return quote_prices(layers, assumptions=assumptions)


def test_antimony_in_china_without_tax(quotes):
    """163,000 CNY/t of 28 Jan 2026 / 1.13 / 7.00 = 20,607 USD/t, as the price antimony_metal_china derives."""
    assert quotes.loc["antimony_metal_china", "usd_per_t"] == pytest.approx(20_607, abs=1)


def test_antimony_outside_china(quotes):
    """20.3 USD/lb in Nov 2025 = 44,754 USD/t (USGS MCS 2026): 2.2 times the price in China."""
    outside = quotes.loc["antimony_metal_exchina", "usd_per_t"]
    assert outside == 44_754
    assert outside / quotes.loc["antimony_metal_china", "usd_per_t"] == pytest.approx(2.2, abs=0.05)


def test_ferrochrome_per_pound_of_chromium(layers, assumptions):
    """1.60 USD/lb Cr at 60 % Cr = 2,116 USD/t alloy, as the price ferrochrome_us derives."""
    rows = layers["prices"]
    at_2025 = rows.assign(mode=rows["mode"].mask(rows["price_id"] == "ferrochrome_us", 1.60))
    per_t = quote_prices({"prices": at_2025}, assumptions=assumptions).loc["ferrochrome_us", "usd_per_t"]
    assert 0.60 * per_t == pytest.approx(2_116, abs=1)


def test_ferrochrome_in_china_without_tax(layers, assumptions):
    """9,185 CNY/t incl. VAT in Jan 2026 = 1,161 USD/t without, as the price ferrochrome_china derives."""
    rows = layers["prices"]
    latest = rows.assign(mode=rows["mode"].mask(rows["price_id"] == "ferrochrome_china", 9_185.0))
    assert quote_prices({"prices": latest}, assumptions=assumptions).loc["ferrochrome_china", "usd_per_t"] == pytest.approx(1_161, abs=1)


@pytest.mark.parametrize(("price_id", "gross", "net"), [("chromite_turkey_lump_42", 420.0, 372.0), ("chromite_sa_conc_42", 373.0, 330.0)])
def test_chromite_without_tax(layers, assumptions, price_id, gross, net):
    """420 and 373 USD/t incl. VAT in Jan 2026 = 372 and 330 USD/t without (economics dossier, section 2)."""
    rows = layers["prices"]
    latest = rows.assign(mode=rows["mode"].mask(rows["price_id"] == price_id, gross))
    assert quote_prices({"prices": latest}, assumptions=assumptions).loc[price_id, "usd_per_t"] == pytest.approx(net, abs=0.5)


def test_mixed_carbonate_without_tax(quotes):
    """59,300 CNY/t = 7,497 USD/t without tax, as the price mrec_china derives."""
    assert quotes.loc["mrec_china", "usd_per_t"] == pytest.approx(7_497, abs=1)


def test_neodymium_praseodymium_oxide_without_tax(quotes):
    """748,700 CNY/t of 3 Feb 2026 = 94.6 USD/kg without tax, as the price ndpr_oxide_china_2026 derives."""
    assert quotes.loc["ndpr_oxide_china_2026", "usd_per_t"] / 1000 == pytest.approx(94.6, abs=0.1)


@pytest.mark.parametrize(
    ("start", "end", "factor"), [("Cr2O3", "Cr", 0.6842), ("Sb2O3", "Sb", 0.8353), ("Sb2S3", "Sb", 0.7168), ("WO3", "W", 0.7930)]
)
def test_conversion_factors_of_the_handbooks(layers, start, end, factor):
    """The usual conversion factors, printed to four digits in assayers' tables."""
    assert content_factors(layers)[start, end] == pytest.approx(factor, abs=1e-4)
