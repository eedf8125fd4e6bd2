"""The model of freight against published quotes, on their own lanes; and the page that shows the errors."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from geokit.network import find_route
from geokit.network.rates import index_layers

ROOT = Path(__file__).resolve().parents[2]
RECIPE, PAGE = ROOT / "recipes" / "freight_docs.py", ROOT / "docs" / "freight.md"
# Rupees a trailer, press of July 2025 (Daily Pakistan, 17 July 2025), and what the model was fitted to them
FITTED = {("KHI", "LHE"): 350_000, ("LHE", "KHI"): 120_000}
# The same press, and of 19 November 2025 (Such TV); nothing was fitted to these
HELD_OUT = {
    ("KHI", "PEW"): 500_000, ("KHI", "RWP"): 500_000, ("LHE", "PEW"): 96_000, ("LHE", "RWP"): 72_000, ("LHE", "UET"): 130_000,
}  # fmt: skip
RUPEES, LOAD = 282.5, 25.0


@pytest.fixture(scope="module")
def recipe():
    if not RECIPE.is_file():
        pytest.skip("recipes are not in the wheel")
    spec = importlib.util.spec_from_file_location("freight_docs", RECIPE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def roads(layers):
    return dict(layers) | {"links": layers["links"].query("mode == 'road'")}


@pytest.fixture(scope="module")
def trip(roads, assumptions):
    def price(start, end, **fields):
        own = assumptions.replace(**{f"transport__{name}": value for name, value in fields.items()}).transport
        found = find_route(index_layers(roads, own), start, end, assumptions=assumptions)
        return [LOAD * RUPEES * cost for cost in (found.usd_per_t_low, found.usd_per_t, found.usd_per_t_high)]

    return price


@pytest.mark.parametrize(("lane", "rupees"), FITTED.items())
def test_the_lanes_that_set_the_rates_come_out(trip, lane, rupees):
    assert trip(*lane)[1] == pytest.approx(rupees, rel=0.03)


@pytest.mark.parametrize(("lane", "rupees"), HELD_OUT.items())
def test_lanes_that_set_no_rate_come_out_within_two_fifths(trip, lane, rupees):
    low, mode, high = trip(*lane)
    assert low <= rupees <= high
    assert mode == pytest.approx(rupees, rel=0.4)


def test_dearer_diesel_makes_the_trip_dearer_by_its_share(trip):
    """1.1 USD a litre is 9.2 % more than the 284.35 rupees behind the quotes; half of it reaches the rate."""
    base, dear = trip("KHI", "LHE"), trip("KHI", "LHE", diesel_usd_per_l=1.1)
    share = (0.35, 0.5, 0.66)
    assert [after / before - 1 for before, after in zip(base, dear, strict=True)] == pytest.approx(
        [0.0924 * part for part in share], rel=0.01
    )


def test_the_three_quoted_voyages_come_out_within_a_fifth(recipe, layers):
    """ISM report, market of about 2022: 13, 21 and 25.25 USD/t for 50,000 t (layer ocean_freight)."""
    rows = [line for line in recipe.tell_voyages(layers["ocean_freight"]).splitlines() if line.endswith("% |")]
    errors = [float(line.split("|")[-2].strip(" %")) for line in rows]
    assert len(errors) == 3
    assert max(map(abs, errors)) <= 20


def test_the_page_is_current(recipe, layers, assumptions):
    assert PAGE.read_text(encoding="utf8") == recipe.tell_page(layers, assumptions), "run recipes/freight_docs.py"


def test_every_trip_that_was_quoted_stands_on_the_page(layers):
    text = PAGE.read_text(encoding="utf8")
    quotes = layers["cost_quotes"].query("category == 'truck' and unit == 'PKR/trip'")
    assert len(quotes) >= 20
    for quote in quotes.itertuples():
        lane = f"| {quote.from_place} - {quote.to_place} | {quote.date}"
        assert any(line.startswith(lane) and f"| {quote.mode:,.0f} |" in line for line in text.splitlines()), quote.quote_id


def test_every_blank_with_a_holder_is_among_what_was_not_found(layers):
    missing = PAGE.read_text(encoding="utf8").split("## Not found")[1]
    freight = layers["ocean_freight"]
    assert all(holder in missing for holder in freight.loc[freight["mode"].isna(), "holder"])
    needs = layers["inbound_consumables"]
    assert all(stage in missing for stage in needs.loc[needs["t_per_t"].isna(), "stage_id"])


def test_the_one_container_quote_between_two_known_ports_is_held_out_and_of_the_order_of_the_ship(recipe, layers, assumptions):
    """600 USD a box of 40 ft, Karachi to Shanghai in 2021 (maritime press), over 25 t: 24 USD/t, a market and five years apart."""
    rows = [line.split(" | ") for line in recipe.tell_boxes(layers, assumptions.transport).splitlines()[2:]]
    both = {row[0].strip("| "): (float(row[4]), float(row[5].strip(" |"))) for row in rows if row[5].strip(" |")}
    assert set(both) == {"Karachi - Shanghai"}
    quoted, computed = both["Karachi - Shanghai"]
    assert quoted == 600 / LOAD
    assert computed == pytest.approx(quoted, rel=0.4)
    asked = find_route(layers, "PKKHI", "CNSHA", assumptions=assumptions)
    assert computed == round(asked.usd_per_t)


def test_the_page_shows_every_port_of_the_country_and_what_the_railway_carried(recipe, layers):
    """Port Qasim: 12 Mt of coal and 4 Mt of cement a year (press of 2017 and 2018); the railway: 8.2 Mt in 2024-25 (ministry)."""
    table = {line.split(" | ")[0].strip("| "): line for line in recipe.tell_berths(layers["ports"]).splitlines()[2:]}
    assert len(table) == 3
    assert "| 4,000 | 4,000 | 16,000 |" in table["Port Qasim - PIBT bulk terminal"]
    assert "| unknown | unknown | unknown |" in table["Gwadar Port"]
    assert recipe.tell_railway(layers["cost_quotes"]).startswith("8,200 kt/y (rail-carried-2024-25, source ")
