"""The way round a closure: what it costs by hand, and the same as costing every haul again."""

import pandas as pd
import pytest

from geokit.io.dictionary import read_columns
from geokit.network import route
from geokit.network.closures import close_links
from geokit.network.detours import DETOURS, count_moves, list_detours, sum_effects
from geokit.network.reliability import build_world, path_links
from geokit.network.sea import port_charges

KEY = ["origin_id", "destination_id", "product_id"]
END = ("site-end", "Q1", "metal")


@pytest.fixture
def around(choices, plain):
    """Return a function that lists the detours of closures (id to links) in a country, by closure and haul."""

    def run(country, assumptions=plain, **closures):
        columns = ["closure_id", "name", "link_ids", "port_ids", "lane_column", "months"]
        rows = [(name, name, *(("", "", links) if links.startswith("nm_") else (links, "", "")), "") for name, links in closures.items()]
        layers = country | {"closures": pd.DataFrame(rows, columns=columns)}
        hauls = route(layers, choices, assumptions=assumptions)
        return list_detours(layers, hauls, assumptions=assumptions).set_index(["closure_id", *KEY])

    return run


def test_an_old_road_beside_the_new_one_costs_its_extra_length(country, around):
    """30 km more in an empty truck at 0.01 USD/t-km; the other 100 km of 200 are shared."""
    row = around(country, slide="r1").loc[("slide", *END)]
    assert row["detour_usd_per_t"] == pytest.approx(0.3)
    assert (row["shared_link_ids"], row["shared_frac"], row["way_round_port_id"]) == ("r2", 0.5, "P1")


def test_a_railway_costs_a_transfer_and_its_rate(country, around):
    """Onto the train for 3 USD/t and 200 km at 0.02, for 200 km by empty truck at 0.01: 7 - 2."""
    row = around(country, slide="r2").loc[("slide", *END)]
    assert row["detour_usd_per_t"] == pytest.approx(5)
    assert (row["shared_link_ids"], row["shared_frac"]) == ("", 0)


def test_no_way_round_is_blank(country, around):
    row = around(country, flood="r2|t2").loc[("flood", *END)]
    assert pd.isna(row["detour_usd_per_t"])
    assert pd.isna(row["shared_frac"])
    assert row["way_round_port_id"] == ""


def test_only_hauls_that_use_it_are_listed(country, around):
    table = around(country, idle="x1", rest="r3", strait="nm_no_strait")
    assert set(table.index.get_level_values("closure_id")) == {"rest", "strait"}
    assert set(table.loc["rest"].index.get_level_values("origin_id")) <= {"site-far", "dep-far"}
    assert set(table.loc["strait"].index.get_level_values("destination_id")) == {"Q2"}
    assert table.loc["strait", "detour_usd_per_t"].isna().all()


def test_a_way_round_at_sea_costs_what_the_longer_lane_costs(country, around, choices, plain):
    longer = country | {"sea_distances": country["sea_distances"].assign(nm=[9000.0, 2000.0])}
    short, long = (route(layers, choices, assumptions=plain).set_index(KEY)["usd_per_t"] for layers in (country, longer))
    row = around(country, canal="nm_no_canal").loc[("canal", *END)]
    assert row["detour_usd_per_t"] == pytest.approx(long[END] - short[END])


def test_a_way_by_road_pays_the_premium_that_the_railway_did_not(country, around, choices, plain):
    """Roads of 900 km make the railway the best path; without it the road pays 7 USD/t for its risks as well."""
    premium = plain.replace(transport__security_premium_usd_per_t={"low": 7.0, "mode": 7.0, "high": 7.0})
    links = country["links"]
    layers = country | {"links": links.assign(length_km=links["length_km"].where(links["mode"] == "rail", 900.0))}
    before, after = (route(layers, choices, assumptions=premium, closed=frozenset(shut)).set_index(KEY).loc[END] for shut in ((), ("t2",)))
    row = around(layers, premium, breach="t2").loc[("breach", *END)]
    assert before["road_km"] == 0
    assert row["detour_usd_per_t"] == pytest.approx(after["usd_per_t"] - before["usd_per_t"])


@pytest.fixture(scope="module")
def costed(layers, alternatives, assumptions):
    hauls = route(layers, alternatives, assumptions=assumptions)
    return hauls, list_detours(layers, hauls, assumptions=assumptions)


def test_closing_never_lowers_a_cost(costed):
    _, detours = costed
    assert len(detours) > 1000
    assert (detours["detour_usd_per_t"].dropna() > -1e-9).all()


def test_detours_are_those_of_costing_every_haul_again(layers, alternatives, assumptions, costed):
    hauls, detours = costed
    again = route(layers, alternatives, assumptions=assumptions, closed=close_links(layers, ["bolan"]))
    before, after = (
        (table["usd_per_t"] - port_charges(table, layers)["usd_per_t"]).set_axis(pd.MultiIndex.from_frame(table[KEY]))
        for table in (one.query("kind == 'delivered'") for one in (hauls, again))
    )
    told = detours.query("closure_id == 'bolan'").set_index(KEY)["detour_usd_per_t"]
    full = (after.reindex(before.index) - before).reindex(told.index)
    assert (full.isna() == told.isna()).all()
    pd.testing.assert_series_equal(full, told, check_names=False, atol=1e-9)
    rest = before.index.difference(told.index)
    pd.testing.assert_series_equal(after[rest], before[rest], atol=1e-9)


def test_the_pass_cuts_every_path_that_runs_through_it(layers, assumptions, costed):
    hauls, detours = costed
    land, closed = build_world(layers, assumptions).land, close_links(layers, ["bolan"])
    delivered = hauls.query("kind == 'delivered' and road_km + rail_km > 0")
    through = {pair for pair in set(zip(delivered["origin_id"], delivered["via_port_id"], strict=True)) if path_links(*pair, land) & closed}
    told = detours.query("closure_id == 'bolan'")
    assert {"rail-sib-mac", "road-mac-sib", "road-uth-bel"} <= closed
    assert set(zip(told["origin_id"], told["via_port_id"], strict=True)) == through
    assert not any(closed & set(cell.split(";")) for cell in told["shared_link_ids"])


def test_effects_count_plants_and_put_the_worst_closure_first(layers, alternatives, costed):
    effects = sum_effects(costed[1], alternatives, layers["partners"])
    assert list(effects.columns) == [column.name for column in read_columns("closure_effects")]
    assert not effects.duplicated(["closure_id", "partner"]).any()
    assert (effects["cut"] <= effects["alternatives"]).all()
    totals = effects.groupby("closure_id", sort=False)["cut"].sum()
    assert totals.is_monotonic_decreasing
    assert totals.index[0] == "hormuz"


def test_effects_by_hand():
    nan = float("nan")
    rows = [("x", "a", "Q", "m", "P", "P", 2.0, 0.5, ""), ("x", "b", "Q", "m", "P", "", nan, nan, "")]
    plants = [("a:s", "plant", "a", "m"), ("a:t", "plant", "a", "m"), ("b:s", "plant", "b", "m"), ("e", "export", "a", "m")]
    alternatives = pd.DataFrame(plants, columns=["alternative", "kind", "place_id", "product_id"])
    partners = pd.DataFrame({"partner_id": ["one", "inland"], "default_port_id": ["Q", ""]})
    moves = pd.DataFrame([("x", "one", 4, 2)], columns=["closure_id", "partner", "ranks_moved", "most_places"])
    row = sum_effects(pd.DataFrame(rows, columns=DETOURS), alternatives, partners, moves=moves).iloc[0]
    assert row.tolist() == ["x", "one", 3, 1, 2.0, 2.0, 0.5, 4, 2]


def test_moves_are_counted_by_case():
    def rank(*rows):
        return pd.DataFrame(rows, columns=["case_id", "alternative", "rank"])

    base = rank(("c", "a", 1), ("c", "b", 2), ("c", "d", 3), ("c", "e", None), ("k", "a", 1))
    shut = rank(("c", "a", 3), ("c", "b", 2), ("c", "d", None), ("c", "e", None), ("k", "a", 1))
    moves = count_moves(base, shut).to_dict("index")
    assert moves == {"c": {"ranks_moved": 2, "most_places": 2}, "k": {"ranks_moved": 0, "most_places": 0}}
