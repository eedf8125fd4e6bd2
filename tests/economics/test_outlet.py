import pandas as pd

from geokit.economics.outlet import name_outlets

PAIRS = pd.DataFrame({"partner": ["japan", "inland", "japan"], "product_id": ["metal", "metal", "conc"]})


def test_a_standard_grade_has_a_market_and_the_rest_is_unknown(world):
    assert list(name_outlets(world.layers, PAIRS)["outlet"]) == ["market", "none looked up", "none looked up"]


def test_a_named_plant_goes_before_the_market(world):
    accepts = pd.DataFrame({"destination_id": ["works"], "product_id": ["metal"], "accepts": ["yes"]})
    works = pd.DataFrame({"destination_id": ["works"], "partner_id": ["japan"]})
    row = name_outlets({**world.layers, "accepts": accepts, "destinations": works}, PAIRS).iloc[0]
    assert (row["outlet"], row["outlet_ids"]) == ("plant", "works")


def test_a_refusal_is_no_outlet(world):
    accepts = pd.DataFrame({"destination_id": ["works"], "product_id": ["conc"], "accepts": ["no"]})
    works = pd.DataFrame({"destination_id": ["works"], "partner_id": ["japan"]})
    table = name_outlets({**world.layers, "accepts": accepts, "destinations": works}, PAIRS)
    assert table["outlet"].iloc[2] == "none looked up"
