"""Bulk or box: quotes of lanes, their age, and hazards."""

import pandas as pd
import pytest

from geokit.network.packing import hazard_words, pack_of, price_boxes
from geokit.network.sea import PROXY, sea_hauls

NAN = float("nan")


def lanes(*rows):
    return pd.DataFrame(rows, columns=["from_port_id", "to_port_id", "product_id"])


def with_quotes(country, *rows):
    columns = ["freight_id", "origin", "dest", "origin_port_id", "dest_port_id", "low", "mode", "high", "year", "unit"]
    quotes = pd.DataFrame(rows, columns=columns).assign(kind="container")
    return country | {"ocean_freight": pd.concat([country["ocean_freight"], quotes], ignore_index=True)}


@pytest.fixture
def boxes(plain):
    return plain.replace(transport__container_load_t=20, transport__container_quotes_since=2025).transport


def test_a_box_costs_its_rate_over_its_load(country, boxes):
    quoted = with_quotes(country, ("a", "Here", "", "P1", "Q1", 300.0, 400.0, 600.0, "2025-05", "USD/FEU"))
    row = price_boxes(lanes(("P1", "Q1", "metal")), quoted, boxes).iloc[0]
    assert row.tolist() == [15.0, 20.0, 30.0, "; container quote of 2025"]


def test_bulk_goods_and_other_lanes_have_no_box(country, boxes):
    quoted = with_quotes(country, ("a", "Here", "", "P1", "Q1", NAN, 400.0, NAN, "2025", "USD/FEU"))
    table = price_boxes(lanes(("P1", "Q1", "ore"), ("P1", "Q2", "metal"), ("Q1", "P1", "metal")), quoted, boxes)
    assert table["usd_per_t"].isna().all()
    assert (table["told"] == "").all()


def test_a_quote_for_a_country_holds_for_its_ports_and_its_one_figure_for_all_ends(country, boxes):
    quoted = with_quotes(country, ("a", "Here", "There", "", "", NAN, 400.0, NAN, "2025", "USD/TEU"))
    table = price_boxes(lanes(("P1", "Q1", "metal"), ("P1", "Q2", "metal"), ("Q1", "P1", "metal")), quoted, boxes)
    assert table["usd_per_t"].fillna(0).tolist() == [20.0, 20.0, 0.0]
    assert table["usd_per_t_low"].equals(table["usd_per_t_high"])


def test_the_latest_quote_counts(country, boxes):
    older, newer = (("x", "Here", "There", "", "", NAN, rate, NAN, year, "USD/FEU") for rate, year in ((900.0, "2025"), (400.0, "2026")))
    for order in ((older, newer), (newer, older)):
        assert price_boxes(lanes(("P1", "Q1", "metal")), with_quotes(country, *order), boxes)["usd_per_t"].tolist() == [20.0]


def test_a_stale_quote_is_told_and_not_used(country, boxes):
    quoted = with_quotes(country, ("a", "Here", "", "P1", "Q1", NAN, 400.0, NAN, "2021", "USD/FEU"))
    row = price_boxes(lanes(("P1", "Q1", "metal")), quoted, boxes).iloc[0]
    assert row["usd_per_t"] != row["usd_per_t"]
    assert row["told"] == "; container quote of 2021, about 20 USD/t, is stale and not used"


@pytest.mark.parametrize(("rate", "boxed"), [(100.0, True), (1e6, False)])
def test_the_cheaper_of_ship_and_box_carries_packed_goods(country, boxes, rate, boxed):
    quoted = with_quotes(country, ("a", "Here", "", "P1", "Q1", NAN, rate, NAN, "2026", "USD/FEU"))
    ship, both = (sea_hauls(lanes(("P1", "Q1", "metal")), known, boxes).iloc[0] for known in (country, quoted))
    assert both["usd_per_t"] == pytest.approx(rate / 20 if boxed else ship["usd_per_t"])
    assert both["note"].startswith("container quote of 2026" if boxed else PROXY)
    assert ("dues" in both["note"]) != boxed


def test_no_container_quote_of_the_layers_is_current(layers, assumptions):
    """Base rates of 2021 are all that was found; the surcharges of 2025 are no rates."""
    table = layers["ocean_freight"].query("kind == 'container'").dropna(subset=["mode"])
    assert len(table) >= 4
    assert (table["year"].str[:4].astype(int) < assumptions.transport.container_quotes_since).all()
    shanghai = lanes(("PKKHI", "CNSHA", "antimony-metal"))
    old = price_boxes(shanghai, layers, assumptions.replace(transport__container_quotes_since=2021).transport)
    assert old["usd_per_t"].tolist() == [pytest.approx(600 / 25)]


def test_unstated_packing_is_bulk(country):
    assert pack_of(pd.Series(["ore", "metal", "", "never heard of"]), country["products"]).tolist() == ["bulk", "container", "bulk", "bulk"]


def test_a_hazard_is_told_and_rules_no_port_out(country, boxes):
    country["products"]["hazard_note"] = ["", "radioactive", ""]
    rules = [("metal|conc", "conditional", "fine when dry"), ("ore", "free", "harmless")]
    country["cargo_rules"] = pd.DataFrame(rules, columns=["product_ids", "effect_code", "words"])
    words = hazard_words(pd.Series(["ore", "conc", "metal", ""]), country).tolist()
    assert (words[0], words[3]) == ("", "")
    assert words[1].startswith("; hazard: radioactive; fine when dry; ")
    assert words[2].startswith("; hazard: fine when dry; ")
    assert "not looked up" in words[1]
    assert words[1].removeprefix("; ") in sea_hauls(lanes(("P1", "Q2", "conc")), country, boxes)["note"].iloc[0]
