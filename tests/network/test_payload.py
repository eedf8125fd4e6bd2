"""Legal loads of trucks, and wet tonnes for dry ones."""

import pandas as pd
import pytest

from geokit.network.payload import legal_payload_t, tell_wet, wet_factor


def limits(*rows):
    return pd.DataFrame(rows, columns=["quote_id", "low", "mode", "high"])


@pytest.fixture
def truck(assumptions):
    return assumptions.replace(transport__truck_tare_frac={"low": 0.25, "mode": 0.3, "high": 0.4}).transport


def test_the_load_is_what_the_empty_truck_leaves_of_the_limit(truck):
    nan = float("nan")
    table = limits(("gross-weight-limit-6-axle", 58.0, nan, 62.0), ("gross-weight-limit-2-axle", nan, 20.0, nan), ("diesel", 1.0, 1.0, 1.0))
    found = legal_payload_t(table, truck)
    assert found.index.tolist() == [2, 6]
    assert found.loc[6].tolist() == pytest.approx([58, 62, 58 * 0.6, 60 * 0.7, 62 * 0.75])
    assert found.loc[2, ["payload_t_low", "payload_t", "payload_t_high"]].tolist() == pytest.approx([12, 14, 15])


def test_the_load_of_the_quotes_is_legal_on_four_axles_and_more(layers, assumptions):
    found = legal_payload_t(layers["cost_quotes"], assumptions.transport)
    assert found.index.tolist() == [2, 3, 4, 5, 6]
    legal = found["payload_t_high"] >= assumptions.transport.truck_payload_t
    assert legal.tolist() == [False, False, True, True, True]


@pytest.mark.parametrize(("water", "factor"), [(0.0, 1.0), (0.1, 1 / 0.9), (0.5, 2.0)])
def test_a_dry_tonne_is_carried_with_its_water(water, factor):
    products = pd.DataFrame({"product_id": ["conc"], "moisture_frac": [water]})
    found = wet_factor(pd.Series(["conc"], index=[7]), products).loc[7]
    assert found.tolist() == [pytest.approx(factor), True]


def test_unknown_water_is_carried_dry_and_marked():
    products = pd.DataFrame({"product_id": ["conc"], "moisture_frac": [float("nan")]})
    found = wet_factor(pd.Series(["conc", "never heard of", ""]), products)
    assert found["factor"].tolist() == [1.0, 1.0, 1.0]
    assert not found["found"].any()


@pytest.mark.parametrize(
    ("product", "told"),
    [
        ("wet", "a dry tonne weighs 1.111 t as carried, so it costs 22.2 USD"),
        ("ore", "costs are of a tonne as carried; the moisture of the product was not found"),
        ("metal", ""), ("", ""),
    ],
)  # fmt: skip
def test_only_ores_and_concentrates_are_told_to_be_wet(product, told):
    rows = [("wet", "concentrate", 0.1), ("ore", "ore", float("nan")), ("metal", "metal", float("nan"))]
    assert tell_wet(product, pd.DataFrame(rows, columns=["product_id", "form", "moisture_frac"]), 20.0) == told
