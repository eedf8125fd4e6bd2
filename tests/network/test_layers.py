"""The network layers hold what the room needs: every join has its other end, every link its price."""

import pytest

from geokit.core.columns import split_ids
from geokit.network.passages import shut_passages
from geokit.network.rates import open_links, price_traversals

SPREAD = ["usd_per_t_km_low", "usd_per_t_km", "usd_per_t_km_high"]


@pytest.mark.parametrize("table", ["freight_rates", "link_speeds", "port_charges", "passage_links"])
def test_every_row_names_a_known_source(layers, table):
    named = {one for cell in layers[table]["source_id"] for one in split_ids(cell)}
    assert named
    assert named <= set(layers["sources"]["source_id"])


def test_rates_are_ordered(layers):
    rates = layers["freight_rates"]
    assert (rates[SPREAD[0]] <= rates[SPREAD[1]]).all()
    assert (rates[SPREAD[1]] <= rates[SPREAD[2]]).all()


def test_the_discount_is_nowhere_dearer_than_the_rate_it_replaces(layers):
    rates = layers["freight_rates"]
    general = rates.query("mode == 'road' and direction == 'port_bound' and origin_province_ids == ''")[SPREAD].iloc[0]
    discount = rates.query("origin_province_ids != ''")[SPREAD]
    assert (discount <= general).all(axis=None)


def test_rates_name_provinces_that_have_nodes(layers):
    named = layers["freight_rates"][["province_ids", "origin_province_ids"]].stack().str.split("|").explode()
    assert set(named) - {""} <= set(layers["nodes"]["province_id"])


def test_every_surface_has_one_speed_and_no_speed_is_idle(layers):
    speeds = layers["link_speeds"]
    assert not speeds.duplicated(["surface_code", "mode"]).any()
    assert set(speeds["surface_code"]) == set(layers["links"]["surface_code"])


def test_a_better_surface_is_never_slower(layers):
    speed = layers["link_speeds"].set_index("surface_code")["km_per_h"]
    order = ["gravel", "gravel_part", "asphalt", "national_highway", "dual_carriageway", "motorway"]
    assert speed[order].is_monotonic_increasing


@pytest.mark.parametrize("backhaul", [False, True])
def test_every_open_link_has_a_price_both_ways(layers, backhaul):
    priced = price_traversals(layers, backhaul=backhaul)
    assert len(priced) == 2 * len(open_links(layers["links"]))
    assert (priced[["usd_per_t_low", "usd_per_t", "usd_per_t_high", "hours"]] > 0).all(axis=None)


def test_links_that_are_too_steep_for_trucks_are_those_whose_note_says_so(layers):
    links = layers["links"]
    assert set(links[links["heavy_trucks"] == "no"]["link_id"]) == set(links[links["note"].str.contains("Not for heavy trucks")]["link_id"])


def test_every_passage_link_joins(layers):
    joins = layers["passage_links"]
    assert set(joins["passage"]) <= set(layers["passages"]["passage_or_site"])
    assert set(joins["link_id"]) - {""} <= set(layers["links"]["link_id"])
    assert set(joins["port_id"]) - {""} <= set(layers["ports"]["port_id"])
    assert set(joins["lane_column"]) - {""} <= set(layers["sea_distances"].columns)
    assert set(joins["dues_id"]) - {""} <= set(layers["ocean_freight"]["freight_id"])


def test_every_linked_passage_has_a_coded_state(layers):
    linked = layers["passages"][layers["passages"]["passage_or_site"].isin(layers["passage_links"]["passage"])]
    assert (linked["state_code"] != "").all()


def test_the_passages_that_model_rule_m18_names_are_not_stated_as_open(layers):
    shut = shut_passages(layers["passages"])
    for word in ("Hormuz", "Suez", "Bolan", "Khunjerab"):
        assert any(word in name for name in shut), word


def test_each_partner_port_has_a_lane_from_each_origin_port(layers):
    ports = layers["ports"].query("role_code == 'origin' and status_code == 'operating'")["port_id"]
    lanes = set(map(tuple, layers["sea_distances"][["from_port_id", "to_port_id"]].to_numpy()))
    partner = set(layers["partners"]["default_port_id"]) - {""}
    assert all((origin, port) in lanes or (port, origin) in lanes for origin in ports for port in partner)


def test_the_strait_shuts_off_exactly_the_ports_inside_it(layers):
    inside = set(layers["ports"].query("inside_hormuz == 'yes'")["port_id"])
    lanes = layers["sea_distances"]
    crossing = lanes["from_port_id"].isin(inside) != lanes["to_port_id"].isin(inside)
    assert (lanes["nm_no_hormuz"].isna() == crossing).all()


def test_a_way_round_is_named_where_its_length_is_known(layers):
    joins = layers["passage_links"].query("detour != ''")
    assert joins["passage_link_id"].tolist() == ["suez"]
    for column in joins["lane_column"]:
        assert layers["sea_distances"][column].notna().all()


def test_figures_found_by_fitting_are_called_ours_and_printed_ones_are_not(layers):
    rows = layers["ocean_freight"]
    fitted = rows["notes"].str.contains("found by fitting")
    assert set(rows[fitted]["freight_id"]) == {"load_rate_handysize", "disch_rate_handysize", "turn", "parcel_supramax", "parcel_handysize"}
    assert (rows["source"].str.startswith("fitted to the dossier's printed voyages, our assumption") == fitted).all()
    ours = rows["source_id"].map(split_ids).map(lambda ids: "judgement" in ids)
    assert ours[fitted].all()
    assert set(rows[ours & ~fitted]["freight_id"]) == {"bunker", "disch_rate"}, "of these a source prints one end or the mode"
    assert (rows[fitted]["confidence"] == "assumption").all()


def test_links_to_border_towns_are_domestic(layers):
    assert set(layers["nodes"]["province_id"]) <= set(layers["province_aliases"]["province_id"])
