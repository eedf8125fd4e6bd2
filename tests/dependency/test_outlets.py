"""Outlets, gates and partner fit (model rules M3, M4)."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.dependency import outlets
from geokit.dependency.fit import fit_cells
from geokit.dependency.outlets import list_sold
from geokit.io.dictionary import read_columns


def tiny(*offers, needs=()):
    """Offers: plant, product, accepts, third-party feed, status, source; needs: product, need, market."""
    columns = ["destination_id", "product_id", "accepts", "third_party_feed", "status_code", "source_id"]
    table = pd.DataFrame(offers, columns=columns)
    places = table.drop_duplicates("destination_id").assign(partner_id="p", plant=lambda d: d["destination_id"].str.upper())
    return {
        "partners": pd.DataFrame({"partner_id": ["p"]}),
        "products": pd.DataFrame({"product_id": ["metal", "concentrate", "ore"]}),
        "accepts": table[["destination_id", "product_id", "accepts", "source_id"]].assign(assay_note=""),
        "destinations": places[["destination_id", "partner_id", "plant", "third_party_feed", "status_code"]],
        "needs": pd.DataFrame(list(needs), columns=["product_id", "need", "market"]).assign(partner_id="p", source_id="n"),
        "finance_instruments": pd.DataFrame(
            {"partner_id": "p", "reaches_host_country": ["yes", "no", "unknown", "no"], "source_id": list("wxyz"), "serves_minerals": "yes"}
        ),
    }


def verdict(layers, product):
    return outlets(layers).set_index("product_id").loc[product]


def test_a_running_plant_takes_everything():
    row = verdict(tiny(("a", "metal", "yes", "yes", "operating", "s")), "metal")
    assert (row["outlet"], row["share_low"], row["share"], row["share_high"]) == ("plant", 1.0, 1.0, 1.0)
    assert (row["destination_ids"], row["source_ids"], row["note"]) == ("a", "s", "taken by A")


@pytest.mark.parametrize("status", ["planned", "construction", "unverified", "not_running", "demonstration"])
def test_a_plant_that_may_not_run_may_take_nothing(status):
    row = verdict(tiny(("a", "metal", "yes", "yes", status, "s")), "metal")
    assert (row["outlet"], row["share_low"], row["share"]) == ("plant", 0.0, 1.0)
    assert status.replace("_", " ") in row["note"]


def test_a_running_plant_is_named_before_one_that_is_planned():
    offers = [("a", "metal", "yes", "yes", "planned", "s"), ("b", "metal", "yes", "yes", "operating", "t")]
    assert verdict(tiny(*offers), "metal")["destination_ids"] == "b"


@pytest.mark.parametrize("feed", ["no", "limited", "unknown"])
def test_a_plant_for_its_own_feed_is_no_outlet(feed):
    assert verdict(tiny(("a", "metal", "yes", feed, "operating", "s")), "metal")["outlet"] == "none_looked_up"


def test_a_standard_grade_has_a_market():
    row = verdict(tiny(needs=[("metal", "unknown", "yes")]), "metal")
    assert (row["outlet"], row["share"], row["source_ids"]) == ("market", 1.0, "n")


def test_a_plant_goes_before_the_market():
    layers = tiny(("a", "metal", "yes", "yes", "operating", "s"), needs=[("metal", "yes", "yes")])
    assert verdict(layers, "metal")["outlet"] == "plant"


def test_nobody_looked_is_unknown_and_never_nothing():
    row = verdict(tiny(), "ore")
    assert row["outlet"] == "none_looked_up"
    assert row[["share_low", "share", "share_high"]].isna().all()


def test_an_unknown_intake_is_unknown():
    layers = tiny(("a", "ore", "unknown", "yes", "operating", "s"), needs=[("ore", "no", "no")])
    assert verdict(layers, "ore")["outlet"] == "none_looked_up"


@pytest.mark.parametrize(("market", "high"), [("unknown", 1.0), ("no", 0.0)])
def test_a_refusal_by_all_is_nothing_unless_a_market_was_not_looked_up(market, high):
    layers = tiny(("a", "ore", "no", "yes", "operating", "s"), needs=[("ore", "no", market)])
    row = verdict(layers, "ore")
    assert (row["outlet"], row["share"], row["share_high"]) == ("refused", 0.0, high)


@pytest.mark.parametrize("need", ["yes", "unknown"])
def test_a_refusal_is_no_refusal_while_a_need_may_exist(need):
    layers = tiny(("a", "ore", "no", "yes", "operating", "s"), needs=[("ore", need, "unknown")])
    assert verdict(layers, "ore")["outlet"] == "none_looked_up"


def test_the_real_table_follows_the_dictionary(layers):
    table = outlets(layers)
    assert list(table.columns) == [column.name for column in read_columns("outlets")]
    assert len(table) == len(layers["partners"]) * len(layers["products"])
    assert not table.duplicated(["partner", "product_id"]).any()


@pytest.mark.parametrize(
    ("partner", "product", "outlet"),
    [
        ("korea", "stibnite-concentrate", "refused"),
        ("korea", "lead-antimony-concentrate", "plant"),
        ("oman-sohar", "stibnite-concentrate", "plant"),
        ("us", "monazite-concentrate", "plant"),
        ("us", "ree-concentrate", "none_looked_up"),
        ("uk", "ree-separated-oxides", "plant"),
        ("uk", "ree-mixed-carbonate", "none_looked_up"),
        ("japan", "copper-cathode", "market"),
        ("saudi", "ree-mixed-carbonate", "plant"),
        ("japan", "lithium-hydroxide", "none_looked_up"),
    ],
)
def test_outlets_of_the_partner_dossier(layers, partner, product, outlet):
    assert outlets(layers).set_index(["partner", "product_id"]).loc[(partner, product), "outlet"] == outlet


def test_an_export_sells_its_feed_and_a_plant_its_product(plants):
    sold = list_sold(plants).groupby("alternative")["product_id"].agg(list)
    assert sold["export:smelt"] == ["concentrate", "ore"]
    assert sold["coast:smelt"] == ["metal"]
    assert sold["toll:smelt"] == ["metal"]


def cells(layers, plants):
    return fit_cells(layers, plants, ["p"])


def test_product_match_by_stage_and_by_export(plants):
    layers = tiny(
        ("a", "metal", "yes", "yes", "operating", "s"),
        ("b", "ore", "yes", "yes", "planned", "t"),
    )
    table = cells(layers, plants).query("criterion_id == 'P1'").set_index("site_id")
    plant, export = table[table.index.isna()].iloc[0], table.loc["export"]
    assert (plant["stage_id"], plant["value"], plant["grade"]) == ("smelt", 1.0, "E")
    assert (export["value_low"], export["value"], export["grade"]) == (0.0, 1.0, "E")
    assert export["note"].startswith("ore: taken by B (planned)")


def test_an_unknown_outlet_is_a_missing_cell_with_a_holder(plants):
    row = cells(tiny(), plants).query("criterion_id == 'P1' and site_id.isna()").iloc[0]
    assert pd.isna(row["value"])
    assert row["grade"] == ""
    assert row["holder"] != ""


@pytest.mark.parametrize(("source", "grade"), [("s", "E"), ("gk", "A")])
def test_general_knowledge_is_no_evidence(plants, source, grade):
    layers = tiny(("a", "metal", "yes", "yes", "operating", source))
    assert cells(layers, plants).query("criterion_id == 'P1' and site_id.isna()").iloc[0]["grade"] == grade


def test_general_knowledge_of_an_unknown_intake_stays_missing(plants):
    layers = tiny(("a", "metal", "unknown", "yes", "operating", "gk"))
    assert cells(layers, plants).query("criterion_id == 'P1' and site_id.isna()").iloc[0]["grade"] == ""


def test_financeability_counts_what_is_known_to_reach(plants):
    row = cells(tiny(), plants).query("criterion_id == 'P2'").iloc[0]
    assert (row["value_low"], row["value"], row["value_high"], row["grade"]) == (0.25, 0.25, 0.5, "M")


@pytest.mark.parametrize("words", [[], ["unknown", "unknown"]])
def test_without_a_known_instrument_financeability_is_missing(plants, words):
    layers = tiny()
    offers = {"partner_id": "p", "reaches_host_country": words, "source_id": "w", "serves_minerals": "yes"}
    layers["finance_instruments"] = pd.DataFrame(offers)
    row = cells(layers, plants).query("criterion_id == 'P2'").iloc[0]
    assert pd.isna(row["value"])
    assert row["grade"] == ""


def test_an_instrument_that_pays_for_something_else_does_not_count(plants):
    layers = tiny()
    layers["finance_instruments"] = layers["finance_instruments"].assign(serves_minerals=["no", "yes", "yes", "yes"])
    row = cells(layers, plants).query("criterion_id == 'P2'").iloc[0]
    assert (row["value_low"], row["value"], row["value_high"]) == pytest.approx((0.0, 0.0, 1 / 3))
