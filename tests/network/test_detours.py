"""The way round a closure: what it costs by hand, and the same as costing every haul again."""

import pandas as pd
import pytest

from geokit.io.dictionary import read_columns
from geokit.network import route
from geokit.network.closures import close_links
from geokit.network.detours import DETOURS, close_hauls, sum_effects
from geokit.network.reliability import build_world, path_links
from geokit.network.sea import CORNERS

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
        return close_hauls(build_world(layers, assumptions), hauls).detours.set_index(["closure_id", *KEY])

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
def world(layers, assumptions):
    return build_world(layers, assumptions)


@pytest.fixture(scope="module")
def hauls(study):
    return study.hauls


@pytest.fixture(scope="module")
def closed(world, hauls):
    return close_hauls(world, hauls)


def test_no_named_closure_lowers_a_cost(closed, hauls):
    key = [*KEY, "kind"]
    both = closed.hauls.merge(hauls, on=key, suffixes=("", "_before")).dropna(subset=["usd_per_t"])
    assert len(both) > 10_000
    assert (both["usd_per_t"] - both["usd_per_t_before"] > -1e-9).all()


def test_the_figures_of_a_detour_are_in_order_and_not_negative(closed):
    figures = closed.detours.dropna(subset=["detour_usd_per_t"])[["detour_usd_per_t_low", "detour_usd_per_t", "detour_usd_per_t_high"]]
    assert (figures.to_numpy() > -1e-9).all()
    assert (figures.diff(axis=1).iloc[:, 1:].to_numpy() > -1e-9).all()


@pytest.mark.parametrize(("name", "kinds"), [("bolan", {"feed", "port", "delivered", "plant"}), ("suez", {"delivered", "plant", "sea"})])
def test_hauls_are_those_of_routing_the_whole_study_again(layers, alternatives, assumptions, hauls, closed, name, kinds):
    key = [*KEY, "kind"]
    again = route(layers, alternatives, assumptions=assumptions, closed=close_links(layers, [name])).set_index(key)
    told = closed.hauls.query("closure_id == @name").set_index(key)
    left = told.dropna(subset=["usd_per_t"])
    assert left.index.isin(again.index).all()
    pd.testing.assert_frame_equal(left[[*CORNERS, "hours"]], again.loc[left.index, [*CORNERS, "hours"]], atol=1e-9)
    assert left["via_port_id"].equals(again.loc[left.index, "via_port_id"])
    assert not told.index.difference(left.index).isin(again.index).any()
    assert set(told.index.get_level_values("kind")) == kinds
    rest = hauls.set_index(key).index.difference(told.index)
    pd.testing.assert_frame_equal(again.loc[rest, [*CORNERS]], hauls.set_index(key).loc[rest, [*CORNERS]], atol=1e-9)


def test_the_pass_cuts_every_path_that_runs_through_it(layers, world, hauls, closed):
    shut = close_links(layers, ["bolan"])
    delivered = hauls.query("kind == 'delivered' and road_km + rail_km > 0")
    links = path_links(zip(delivered["origin_id"], delivered["via_port_id"], strict=True), world.land)
    through = {pair for pair, way in links.items() if way & shut}
    told = closed.detours.query("closure_id == 'bolan'")
    assert {"rail-sib-mac", "road-mac-sib"} <= shut
    assert set(zip(told["origin_id"], told["via_port_id"], strict=True)) == through
    for column in ("shared_link_ids", "detour_link_ids"):
        assert not any(shut & set(cell.split(";")) for cell in told[column].unique())


def test_effects_count_plants_and_put_the_worst_closure_first(layers, alternatives, closed):
    effects = sum_effects(closed.detours, alternatives, layers)
    assert list(effects.columns) == [column.name for column in read_columns("closure_effects")][: len(effects.columns)]
    assert not effects.duplicated(["closure_id", "partner"]).any()
    assert (effects["cut"] <= effects["alternatives"]).all()
    assert effects["shut_frac"].dropna().between(0, 1).all()
    totals = effects.groupby("closure_id", sort=False)["cut"].sum()
    assert totals.is_monotonic_decreasing
    assert totals.index[0] == "hormuz"


def test_effects_by_hand():
    nan = float("nan")
    ways = [("x", "a", "Q", "m", "P", "P", 1.0, 2.0, 3.0, 0.5, "", ""), ("x", "b", "Q", "m", "P", "", nan, nan, nan, nan, "", "")]
    plants = [("a:s", "plant", "a", "m"), ("a:t", "plant", "a", "m"), ("b:s", "plant", "b", "m"), ("e", "export", "a", "m")]
    alternatives = pd.DataFrame(plants, columns=["alternative", "kind", "place_id", "product_id"])
    closures = pd.DataFrame([("x", "2001-01-01", "2004-12-31", "")], columns=["closure_id", "window_from", "window_to", "months"])
    events = pd.DataFrame([("x", "e", 8.0, 12.0)], columns=["closure_id", "event", "days_least", "days_most"])
    partners = pd.DataFrame({"partner_id": ["one", "inland"], "default_port_id": ["Q", ""]})
    layers = {"closures": closures, "closure_events": events, "partners": partners}
    row = sum_effects(pd.DataFrame(ways, columns=DETOURS), alternatives, layers).iloc[0]
    assert row.drop("shut_frac").tolist() == ["x", "one", 3, 1, 1.0, 2.0, 3.0, 2.0, 0.5]
    assert row["shut_frac"] == pytest.approx(1 - 2.718281828 ** (-1.5 / 4 * 10 / 365.25))


@pytest.mark.parametrize("port", ["PKBQM", "PKKHI", "PKGWD"])
def test_closing_a_port_never_lowers_the_cost_of_a_haul(layers, alternatives, assumptions, hauls, port):
    key = [*KEY, "kind"]
    again = route(layers, alternatives, assumptions=assumptions, closed=frozenset({port})).set_index(key)
    assert not (again["via_port_id"] == port).any()
    more = (again["usd_per_t"] - hauls.set_index(key)["usd_per_t"]).dropna()
    assert len(more) > 10_000
    assert (more > -1e-9).all()
