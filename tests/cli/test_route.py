"""``geokit route``: legs, closures, months, years, loads, maps and refusals."""

import json
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from geokit import cli
from geokit.core.errors import GeokitError, LayerError, UnknownNameError
from geokit.network import find_route


def call(*words):
    return CliRunner().invoke(cli.app, ["route", *words], catch_exceptions=False)


def read(*words):
    return json.loads(call(*words, "--json").stdout)["answer"]


def test_a_closure_makes_the_way_longer_and_is_named(layers, assumptions):
    base, shut = read("muslim-bagh", "port:PKKHI"), read("muslim-bagh", "port:PKKHI", "--close", "bolan")
    assert shut["usd_per_t"]["mode"] > base["usd_per_t"]["mode"]
    assert "road-mac-sib" in shut["closed"]
    closed = frozenset(shut["closed"])
    assert shut["usd_per_t"]["mode"] == pytest.approx(
        find_route(layers, "muslim-bagh", "port:PKKHI", assumptions=assumptions, closed=closed).usd_per_t
    )


def test_an_unknown_closure_names_the_nearest():
    with pytest.raises(UnknownNameError, match="bolan"):
        call("LHE", "PKKHI", "--close", "bollan")


def test_a_pass_is_shut_in_winter_and_open_in_summer():
    assert read("SOS", "KHU", "--month", "7")["km"] == 86
    with pytest.raises(GeokitError, match="no open links lead"):
        call("SOS", "KHU", "--month", "1")
    with pytest.raises(GeokitError, match="month 13"):
        call("SOS", "KHU", "--month", "13")


def test_a_year_says_that_no_promised_link_has_a_day():
    assert "no day of opening" in read("LHE", "PKKHI", "--year", "2035")["note"]


def test_a_users_link_with_a_day_opens_in_its_year(layers, tmp_path):
    row = layers.texts["links"].query("link_id == 'road-hdd-roh-m-6'").assign(open_from="2030-01-01", length_km="265")
    path = tmp_path / "links.csv"
    row.to_csv(path, index=False)
    words = ("ROH", "HDD", "--close", "rail-hdd-roh", "--layer", f"links={path}")
    before, after = (read(*words, "--year", year) for year in ("2029", "2030"))
    assert after["usd_per_t"]["mode"] < before["usd_per_t"]["mode"]
    assert "opened by 2030: road-hdd-roh-m-6" in after["note"]


def test_what_is_unknown_of_the_capacity_is_told_once():
    told = call("LHE", "PKKHI", "--kt-per-year", "500").stdout
    assert told.count("capacity unknown on") == 1


def test_a_capacity_of_the_user_is_held_against_the_load(layers, tmp_path):
    path = tmp_path / "links.csv"
    layers.texts["links"].query("link_id == 'road-hdd-roh-n-5'").assign(capacity_kt_per_year="300").to_csv(path, index=False)
    told = read("ROH", "HDD", "--close", "rail-hdd-roh", "--layer", f"links={path}", "--kt-per-year", "500")["capacity"]
    assert told[0].startswith("500 kt/y is above the 300 kt/y of N-5")
    assert "M-6" in told[0]


def test_the_map_draws_alignments_where_they_are_known(tmp_path):
    path = tmp_path / "deep" / "way.geojson"
    found = read("muslim-bagh", "JPSAG", "--product", "chromite-concentrate", "--geojson", str(path))
    features = json.loads(path.read_text(encoding="utf8"))["features"]
    drawn = {one["properties"]["mode"]: one["properties"]["drawn"] for one in features}
    assert "indicative" in drawn["road"]
    assert "straight" in drawn["sea"]
    assert {one["properties"]["mode"] for one in features} <= {leg["mode"] for leg in found["legs"]}
    assert [len(one["geometry"]["coordinates"]) for one in features if one["properties"]["mode"] == "road"] != [2]
    assert not list(path.parent.glob(".*"))


def test_a_road_over_the_gap_is_information_and_no_cost():
    tree = read("kirtaka", "PKGWD")
    spread = tree["access_road_usd_million"]
    assert 0 < spread["low"] < spread["mode"] < spread["high"]
    assert sum(leg["usd_per_t"] for leg in tree["legs"]) == pytest.approx(tree["usd_per_t"]["mode"])
    assert "no part of the cost a tonne" in " ".join(call("kirtaka", "PKGWD").stdout.split())
    assert read("NOK", "PKGWD")["access_road_usd_million"] is None


def test_without_relief_the_way_off_the_network_says_so(layers, assumptions):
    found = find_route(dict(layers), "kirtaka", "PKGWD", assumptions=assumptions)
    assert "straight line x 1.3, no relief" in found.note
    assert found.access_road_usd_million is None


def test_a_negative_rate_is_refused_with_row_and_rule(layers, tmp_path):
    path = tmp_path / "rates.csv"
    rates = layers.texts["freight_rates"].head(1)
    pd.DataFrame(rates).assign(usd_per_t_km_low="-2", usd_per_t_km="-1").to_csv(path, index=False)
    with pytest.raises(LayerError, match=r"row 2, column usd_per_t_km.*-1"):
        call("LHE", "PKKHI", "--layer", f"freight_rates={path}")


def test_an_unknown_place_lists_the_nearest():
    with pytest.raises(UnknownNameError, match="muslim-bagh"):
        call("muslim-bag", "PKKHI")


def test_a_corridor_is_drawn_beside_the_way_over_the_gap(tmp_path):
    path = tmp_path / "way.geojson"
    call("kirtaka", "PKGWD", "--geojson", str(path), "--corridor", "0.1")
    drawn = [one for one in json.loads(path.read_text(encoding="utf8"))["features"] if "within_frac" in one["properties"]]
    assert {one["geometry"]["type"] for one in drawn} >= {"LineString"}
    assert any(one["geometry"]["type"].endswith("Polygon") for one in drawn)
    assert {one["properties"]["within_frac"] for one in drawn} == {0.1}


def test_a_corridor_without_a_file_is_refused():
    done = CliRunner().invoke(cli.app, ["route", "kirtaka", "PKGWD", "--corridor", "0.1"])
    assert done.exit_code != 0
    assert "needs --geojson" in done.output


def test_long_ways_print_in_whole_kilometres_and_days_and_closures_by_their_names():
    """By the Cape it is 20,300 km and more to Rotterdam; no figure is printed with an exponent, and no column of a table is named."""
    told = call("PKKHI", "NLRTM", "--close", "suez").stdout
    km, hours = re.search(r"^([0-9,]+) km, ([0-9,]+) h \(([0-9.]+) days\)", told, re.MULTILINE).group(1, 2)
    assert int(km.replace(",", "")) == pytest.approx(10_964 * 1.852, rel=0.01)
    assert f"{int(hours.replace(',', '')) / 24:.0f}" in {"38", "39"}
    assert "closed: suez" in told
    assert "e+0" not in told
    assert "nm_via_cape" not in told
    assert read("PKKHI", "NLRTM", "--close", "suez")["closed"] == ["suez"]


def test_the_road_over_a_track_is_told_with_two_figures():
    told = " ".join(call("reko-diq-h15", "PKKHI").stdout.split())
    low, high, mode = re.search(r"would cost ([0-9.]+) to ([0-9.]+) USD million, most likely ([0-9.]+);", told).groups()
    assert 0 < float(low) <= float(mode) <= float(high)
    assert all(len(figure.replace(".", "").lstrip("0")) <= 2 for figure in (low, high, mode))
    assert "port charges of PKKHI were not found and are no part of this cost" in told
