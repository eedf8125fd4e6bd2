"""What plants need from the coast."""

import pandas as pd
import pytest

from geokit.network.inbound import INBOUND, inbound_usd_per_t, price_inbound, up_country_hauls
from geokit.network.land import build_land

NAN = float("nan")


@pytest.fixture
def needs():
    columns = ["stage_id", "consumable", "t_per_t_low", "t_per_t", "t_per_t_high"]
    known = [("smelt", "coke", 0.5, 0.6, 0.7), ("smelt", "flux", 0.1, 0.2, 0.3)]
    rows = [*known, ("smelt", "electrodes", NAN, NAN, NAN), ("mill", "balls", NAN, NAN, NAN)]
    return {"inbound_consumables": pd.DataFrame(rows, columns=columns)}


@pytest.fixture
def up():
    return pd.DataFrame({"usd_per_t_low": [5.0], "usd_per_t": [10.0], "usd_per_t_high": [20.0]}, index=["town"])


def test_needs_add_up_and_ride_up_country(needs, up):
    row = inbound_usd_per_t(pd.DataFrame({"stage_id": ["smelt"], "place_id": ["town"]}), needs, up).iloc[0]
    assert [row["usd_per_t_low"], row["usd_per_t"], row["usd_per_t_high"]] == pytest.approx([0.6 * 5, 0.8 * 10, 1.0 * 20])
    assert (row["known"], row["unknown"]) == ("coke;flux", "electrodes")


def test_what_nobody_states_stays_missing(needs, up):
    asked = pd.DataFrame({"stage_id": ["mill", "other", "smelt"], "place_id": ["town", "town", "nowhere"]})
    found = inbound_usd_per_t(asked, needs, up)
    assert found["usd_per_t"].isna().all()
    assert found["unknown"].tolist() == ["balls", "", "electrodes"]


def test_up_country_pays_the_dear_rate_even_where_the_empty_truck_goes_down_cheaply(country, plain):
    """200 km up to the railhead: by road at 4 cents, or by rail at 2 and one transfer at 3 USD to the trucks of the site."""
    hauls = up_country_hauls(build_land(country, plain))
    assert hauls.loc["site-end", "port_id"] == "P1"
    assert hauls.loc["site-end", "usd_per_t"] == pytest.approx(min(200 * 0.04, 200 * 0.02 + 3.0))


def test_heavy_pieces_pay_the_dear_end(country, plain):
    hauls = up_country_hauls(build_land(country, plain))
    assert (hauls["heavy_usd_per_t"] == hauls["usd_per_t_high"]).all()
    assert set(hauls.index) == {"site-end", "site-far", "dep-far"}


def test_the_figures_of_the_layer_are_stoichiometry(layers):
    """Standard atomic weights of 2021, abridged (IUPAC)."""
    carbon, nitrogen, sodium, chromium, tungsten = 12.011, 14.007, 22.990, 51.996, 183.84
    acid, hf = 2 * 1.008 + 32.06 + 4 * 15.999, 1.008 + 18.998
    hydrate, caustic = 6.94 + 3 * 1.008 + 2 * 15.999, sodium + 15.999 + 1.008
    ammonia = nitrogen + 3 * 1.008
    apt = 10 * (ammonia + 1.008) + 10 * 1.008 + 12 * tungsten + 46 * 15.999
    grade = layers["products"].set_index("product_id").loc["ferrochrome-hc", ["contained_frac_low", "contained_frac_high"]].mean()
    least = {
        "hydrofluoric-acid-sulphuric-acid": acid / (2 * hf),
        "lithium-hydroxide-sulphuric-acid": acid / (2 * hydrate),
        "lithium-hydroxide-caustic-soda": caustic / hydrate,
        "tungsten-apt-soda-caustic-soda": 12 * (2 * sodium + carbon + 3 * 15.999) / apt,
        "tungsten-apt-ammonia": 10 * ammonia / apt,
        "ferrochrome-coke-anthracite": 3 * carbon / (2 * chromium) * grade,
    }
    rows = layers["inbound_consumables"].dropna(subset=["t_per_t"]).set_index("inbound_id")["t_per_t"]
    assert rows.to_dict() == pytest.approx(least, abs=6e-4)


def test_a_row_without_a_figure_says_so(layers):
    rows = layers["inbound_consumables"]
    blank = rows["t_per_t"].isna()
    assert blank.sum() > 20
    assert (rows.loc[blank, "basis"] == "not found").all()
    assert (rows.loc[blank, "holder"] != "").all()
    assert (rows.loc[~blank, "basis"] != "not found").all()


def test_a_study_prices_each_plant_once_and_says_which_figure_is_no_total(country, choices, plain, needs):
    table = price_inbound({**country, **needs}, choices, assumptions=plain)
    assert list(table.columns) == INBOUND
    assert list(zip(table["place_id"], table["stage_id"], strict=True)) == [("site-end", "smelt"), ("site-far", "smelt")]
    up = up_country_hauls(build_land(country, plain)).loc["site-end"]
    assert table.loc[0, "usd_per_t"] == pytest.approx(0.8 * up["usd_per_t"])
    assert (table.loc[0, "known"], table.loc[0, "unknown"], table.loc[0, "port_id"]) == ("coke;flux", "electrodes", "P1")
    assert not table["complete"].any()
    needs["inbound_consumables"] = needs["inbound_consumables"].dropna()
    assert price_inbound({**country, **needs}, choices, assumptions=plain)["complete"].all()


def test_a_stage_whose_needs_nobody_listed_is_not_complete(country, choices, plain, needs):
    needs["inbound_consumables"] = needs["inbound_consumables"].query("stage_id == 'mill'")
    table = price_inbound({**country, **needs}, choices, assumptions=plain)
    assert table["usd_per_t"].isna().all()
    assert not table["complete"].any()
