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
        "stages": pd.DataFrame({"stage_id": ["smelt", "mill"], "commodity_id": ["lead-zinc", "copper"]}),
        "finance_instruments": instruments("yes", "no", "unknown", "no"),
    }


def instruments(*reach, tied=""):
    table = pd.DataFrame({"reaches_host_country": list(reach)})
    return table.assign(partner_id="p", source_id="w", serves_minerals="yes", tied_commodity_id=tied)


def verdict(layers, product):
    return outlets(layers).set_index("product_id").loc[product]


def test_a_running_plant_takes_everything():
    row = verdict(tiny(("a", "metal", "yes", "yes", "operating", "s")), "metal")
    assert (row["outlet"], row["share_low"], row["share"], row["share_high"]) == ("plant", 1.0, 1.0, 1.0)
    assert (row["destination_ids"], row["source_ids"], row["note"]) == ("a", "s", "taken by A")


IDLE = ["planned", "construction", "commissioning", "unverified", "not_running", "demonstration"]


@pytest.mark.parametrize("status", IDLE)
def test_what_a_plant_that_does_not_run_takes_is_unknown_between_nothing_and_all(status):
    row = verdict(tiny(("a", "metal", "yes", "yes", status, "s")), "metal")
    assert (row["outlet"], row["share_low"], row["share_high"]) == ("plant_not_running", 0.0, 1.0)
    assert pd.isna(row["share"])
    assert row["note"] == f"not known to run today: A ({status.replace('_', ' ')})"


@pytest.mark.parametrize("status", ["operating", "expansion", "scaling_back"])
def test_only_a_running_plant_gives_all(status):
    row = verdict(tiny(("a", "metal", "yes", "yes", status, "s")), "metal")
    assert (row["outlet"], row["share"]) == ("plant", 1.0)


def test_every_plant_that_does_not_run_is_named_with_its_own_status():
    offers = [("a", "metal", "yes", "yes", "planned", "s"), ("b", "metal", "yes", "yes", "not_running", "t")]
    assert verdict(tiny(*offers), "metal")["note"] == "not known to run today: A (planned), B (not running)"


def test_a_market_goes_before_a_plant_that_does_not_run():
    layers = tiny(("a", "metal", "yes", "yes", "planned", "s"), needs=[("metal", "yes", "yes")])
    row = verdict(layers, "metal")
    assert (row["outlet"], row["share"], row["destination_ids"]) == ("market", 1.0, "")


def test_a_running_plant_is_named_before_one_that_is_planned():
    offers = [("a", "metal", "yes", "yes", "planned", "s"), ("b", "metal", "yes", "yes", "operating", "t")]
    assert verdict(tiny(*offers), "metal")["destination_ids"] == "b"


@pytest.mark.parametrize("feed", ["no", "limited", "unknown"])
def test_a_plant_for_its_own_feed_is_no_outlet(feed):
    assert verdict(tiny(("a", "metal", "yes", feed, "operating", "s")), "metal")["outlet"] == "none_looked_up"


def test_a_standard_grade_has_a_market():
    row = verdict(tiny(needs=[("metal", "unknown", "yes")]), "metal")
    assert (row["outlet"], row["share"], row["source_ids"]) == ("market", 1.0, "n")
    assert row["note"] == "sold as a standard grade; no buyer named"


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
        ("oman-sohar", "stibnite-concentrate", "plant_not_running"),
        ("korea", "graphite-flake-concentrate", "plant_not_running"),
        ("us", "monazite-concentrate", "plant"),
        ("us", "ree-concentrate", "none_looked_up"),
        ("uk", "ree-separated-oxides", "plant"),
        ("uk", "ree-mixed-carbonate", "none_looked_up"),
        ("japan", "copper-cathode", "market"),
        ("saudi", "ree-mixed-carbonate", "plant_not_running"),
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


def money(layers, plants, stage="smelt"):
    table = cells(layers, plants)
    (row,) = table[(table["criterion_id"] == "P2") & (table["stage_id"] == stage)].to_dict("records")
    return row


def test_product_match_by_stage_and_by_export(plants):
    layers = tiny(
        ("a", "metal", "yes", "yes", "operating", "s"),
        ("b", "ore", "yes", "yes", "planned", "t"),
    )
    table = cells(layers, plants).query("criterion_id == 'P1'").set_index("site_id")
    plant, export = table[table.index.isna()].iloc[0], table.loc["export"]
    assert (plant["stage_id"], plant["value"], plant["grade"]) == ("smelt", 1.0, "E")
    assert export[["value_low", "value", "value_high"]].isna().all()
    assert (export["grade"], export["holder"]) == ("", "operators of the plants named")
    assert export["note"] == "ore: not known to run today: B (planned)"


def test_a_market_without_a_named_buyer_is_an_assumption(plants):
    row = cells(tiny(needs=[("metal", "yes", "yes")]), plants).query("criterion_id == 'P1' and site_id.isna()").iloc[0]
    assert (row["value"], row["grade"]) == (1.0, "A")
    assert row["note"] == "metal: sold as a standard grade; no buyer named"


def test_an_unknown_outlet_is_a_missing_cell_with_a_holder(plants):
    row = cells(tiny(), plants).query("criterion_id == 'P1' and site_id.isna()").iloc[0]
    assert pd.isna(row["value"])
    assert row["grade"] == ""
    assert row["holder"] != ""


@pytest.mark.parametrize(("source", "grade"), [("s", "E"), ("GK", "A")])
def test_general_knowledge_is_no_evidence(plants, source, grade):
    layers = tiny(("a", "metal", "yes", "yes", "operating", source))
    assert cells(layers, plants).query("criterion_id == 'P1' and site_id.isna()").iloc[0]["grade"] == grade


def test_general_knowledge_of_an_unknown_intake_stays_missing(plants):
    layers = tiny(("a", "metal", "unknown", "yes", "operating", "GK"))
    assert cells(layers, plants).query("criterion_id == 'P1' and site_id.isna()").iloc[0]["grade"] == ""


def test_financeability_counts_what_is_known_to_reach(plants):
    row = money(tiny(), plants)
    assert (row["value_low"], row["value"], row["value_high"], row["grade"]) == (0.25, 0.25, 0.5, "M")
    assert row["note"].startswith("of 4 instruments 1 reach the country for lead zinc, 2 do not, 1 unknown; ")


def test_money_tied_to_a_project_reaches_the_stages_of_its_commodity_alone(plants):
    layers = tiny()
    layers["finance_instruments"] = instruments("yes", "yes", "no", tied=["copper", "", "copper"])
    both = pd.concat([plants, plants.assign(stage_id="mill")], ignore_index=True)
    other, own = money(layers, both), money(layers, both, "mill")
    assert (own["value_low"], own["value"], own["value_high"]) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert (other["value_low"], other["value"], other["value_high"]) == pytest.approx((1 / 3, 1 / 3, 2 / 3))
    assert "1 unknown (1 of them tied to a project of another commodity)" in other["note"]


def test_a_partner_whose_money_is_all_tied_elsewhere_is_missing_there(plants):
    layers = tiny()
    layers["finance_instruments"] = instruments("yes", "yes", tied="copper")
    row = money(layers, plants)
    assert pd.isna(row["value"])
    assert row["note"].startswith("of 2 instruments 0 reach the country for lead zinc")


@pytest.mark.parametrize(
    ("partner", "stage", "value", "high"),
    [
        ("japan", "copper-cathode-smelter", 0.2, 0.4),
        ("japan", "graphite-spherical-purified", 0.0, 0.4),
        ("us", "copper-concentrate", 2 / 3, 1.0),
        ("us", "antimony-metal-trioxide", 1 / 3, 1.0),
        ("saudi", "copper-concentrate", 0.5, 1.0),
        ("canada-australia", "copper-concentrate", 1.0, 1.0),
    ],
)
def test_reko_diq_money_helps_copper_and_no_other_plant(layers, alternatives, partner, stage, value, high):
    table = fit_cells(layers, alternatives, [partner]).query("criterion_id == 'P2'").set_index("stage_id")
    assert (table.loc[stage, "value"], table.loc[stage, "value_high"]) == pytest.approx((value, high))


def test_a_stake_that_is_not_closed_is_unknown(layers):
    rows = layers["finance_instruments"].set_index("instrument_id")
    assert rows.loc["saudi:manara-stake-in-reko-diq", "reaches_host_country"] == "unknown"


def test_every_instrument_at_the_named_project_is_tied_to_copper(layers):
    rows = layers["finance_instruments"]
    named = rows["instrument"].str.contains("Reko Diq")
    assert set(rows.loc[named, "tied_commodity_id"]) == {"copper"}
    assert set(rows.loc[~named, "tied_commodity_id"]) == {""}


@pytest.mark.parametrize("words", [[], ["unknown", "unknown"]])
def test_without_a_known_instrument_financeability_is_missing(plants, words):
    layers = tiny()
    layers["finance_instruments"] = instruments(*words)
    row = money(layers, plants)
    assert pd.isna(row["value"])
    assert row["grade"] == ""


def test_an_instrument_that_pays_for_something_else_does_not_count(plants):
    layers = tiny()
    layers["finance_instruments"] = layers["finance_instruments"].assign(serves_minerals=["no", "yes", "yes", "yes"])
    row = money(layers, plants)
    assert (row["value_low"], row["value"], row["value_high"]) == pytest.approx((0.0, 0.0, 1 / 3))
