"""Reliability of a route: a figure where closures are counted, else an honest blank."""

import pandas as pd
import pytest

from geokit.core.chain import trace_feeds
from geokit.io.dictionary import read_columns
from geokit.network import route, route_cells
from geokit.network.cells import UNKNOWN
from geokit.network.detours import DETOURS
from geokit.network.reliability import RELIABILITY


def measured(*rows):
    """Return reliability by (origin, destination, product), its figures and its closures."""
    columns = ["origin_id", "destination_id", "product_id", "cut_days", "closures", "unknown"]
    table = pd.DataFrame(rows, columns=columns)
    days = {"cut_days_low": table["cut_days"] - 1, "cut_days_high": table["cut_days"] + 2, "path_closed_days": 10 * table["cut_days"]}
    return table.assign(**days, source_ids="src").reindex(columns=RELIABILITY)


@pytest.fixture
def fill(country, choices, plain):
    hauls = route(country, choices, assumptions=plain)

    def run(*rows, hauls=hauls, detours=None):
        reliability = measured(*rows) if rows else None
        return route_cells(hauls, choices, country, reliability=reliability, detours=detours).set_index(["site_id", "partner"])

    return run


def test_a_figure_has_its_range_its_source_and_its_closures(fill):
    row = fill(("site-end", "Q1", "metal", 3.0, "slide;flood", "")).loc[("site-end", "one")]
    assert (row["value_low"], row["value"], row["value_high"]) == (2, 3, 5)
    assert (row["grade"], row["source_ids"], row["holder"]) == ("E", "src", "")
    assert row["note"].endswith("the best path alone is shut on 30 days; counted: flood, slide")


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        ([2.0, 12.5], ", and the way round then costs 2 to 12.5 USD/t more; counted"),
        ([2.0, 2.0], ", and the way round then costs 2 USD/t more; counted"),
        ([2.0, float("nan")], ", and the way round then costs 2 USD/t more; no way is left if flood shuts; counted"),
        ([float("nan")], "30 days; no way is left if slide shuts; counted"),
    ],
)
def test_the_note_says_what_the_way_round_costs(fill, costs, words):
    ways = [(name, "site-end", "Q1", "metal", cost) for name, cost in zip(("slide", "flood"), costs, strict=False)]
    detours = pd.DataFrame(ways, columns=["closure_id", "origin_id", "destination_id", "product_id", "detour_usd_per_t"])
    row = fill(("site-end", "Q1", "metal", 3.0, "slide;flood", ""), detours=detours.reindex(columns=DETOURS)).loc[("site-end", "one")]
    assert words in row["note"]


def test_a_path_without_statistics_is_missing_and_says_who_might_know(fill):
    row = fill(("site-end", "Q1", "metal", float("nan"), "", "")).loc[("site-end", "one")]
    assert pd.isna(row["value"])
    assert (row["grade"], row["source_ids"], row["note"]) == ("", "", UNKNOWN)
    assert row["holder"]


def test_an_unknown_closure_is_named(fill):
    row = fill(("site-end", "Q1", "metal", float("nan"), "slide", "mystery")).loc[("site-end", "one")]
    assert row["note"] == UNKNOWN + ": mystery lies on it"


def test_nothing_measured_is_nothing_known(fill):
    assert fill()["value"].isna().all()


def test_the_product_that_fares_worst_counts_and_an_unknown_one_makes_the_site_unknown(fill, country, choices, plain):
    hauls = route(country, choices, assumptions=plain)
    second = pd.concat([hauls, hauls.query("kind == 'delivered' and origin_id == 'site-end'").assign(product_id="ore")])
    metal = ("site-end", "Q1", "metal", 3.0, "slide", "")
    for ore, expected in ((("site-end", "Q1", "ore", 7.0, "slide", ""), 7), (("site-end", "Q1", "ore", float("nan"), "", "x"), None)):
        value = fill(metal, ore, hauls=second).loc[("site-end", "one"), "value"]
        assert pd.isna(value) if expected is None else value == expected


def test_passages_are_named(fill):
    assert fill().loc[("site-far", "two"), "note"].endswith("assumed open: The gorge, The strait")


def test_a_partner_without_a_port_is_missing(fill):
    assert fill().loc[("site-end", "landlocked"), "note"] == "the partner has no port in the layers"


def test_ways_of_doing_less_without_statistics_of_a_deposit_are_missing(fill):
    cells = fill()
    assert cells.loc[("export", "one"), "note"].startswith("no deposit of the stage")
    assert pd.isna(cells.loc[("toll-q1", "one"), "value"])


def test_exporting_takes_the_middle_of_the_deposits_that_feed_the_stage(real, layers):
    """Taken again from the hauls: the figures of an export row are least, median and most of its deposits."""
    cells, measured = real
    row = cells.query("site_id == 'export' and stage_id == 'ferrochrome' and partner == 'japan'").iloc[0]
    feeds = trace_feeds(layers).query("stage_id == 'ferrochrome'")["deposit_id"]
    port = layers["partners"].set_index("partner_id").loc["japan", "default_port_id"]
    known = measured[measured["origin_id"].isin(feeds) & (measured["destination_id"] == port)]
    known = known.groupby("origin_id").filter(lambda ways: ways["cut_days"].notna().all()).groupby("origin_id").max(numeric_only=True)
    assert len(known) > 1
    assert row["value"] == pytest.approx(known["cut_days"].median())
    assert (row["value_low"], row["value_high"]) == (known["cut_days_low"].min(), known["cut_days_high"].max())
    assert row["note"].endswith(f"statistics: {len(known)}")


def test_a_site_without_a_haul_says_why(fill, country, choices, plain):
    hauls = route(country, choices, assumptions=plain).query("origin_id != 'site-far'")
    assert fill(hauls=hauls).loc[("site-far", "one"), "note"].startswith("no haul")


@pytest.fixture(scope="module")
def real(layers, alternatives, real_freight):
    reliability = real_freight.reliability
    return route_cells(real_freight.hauls, alternatives, layers, reliability=reliability, detours=real_freight.detours), reliability


def test_there_is_one_cell_a_site_and_partner(real, layers, alternatives):
    real, _ = real
    plants, less = (alternatives[(alternatives["kind"] == "plant") == is_plant] for is_plant in (True, False))
    assert len(real) == (plants["site_id"].nunique() + len(less)) * len(layers["partners"])
    assert not real.duplicated(["site_id", "stage_id", "partner"]).any()
    assert list(real.columns) == [column.name for column in read_columns("cells")]
    assert set(real["criterion_id"]) == {"L2"}
    assert (real["value"].isna() == (real["grade"] == "")).all()
    assert (real["value"].isna() == (real["source_ids"] == "")).all()
    assert (real["note"] != "").all()


def test_figures_are_ordered_days_of_a_year(real):
    known = real[0].dropna(subset=["value"])
    assert len(known) > 300
    assert known["value_low"].between(0, known["value"]).all()
    assert known["value"].between(known["value_low"], known["value_high"]).all()
    assert (known["value_high"] <= 365).all()


def test_the_strait_is_counted_for_partners_behind_it_and_no_others(real, layers):
    inside = layers["ports"].query("inside_hormuz == 'yes'")["port_id"]
    behind = set(layers["partners"].loc[layers["partners"]["default_port_id"].isin(inside), "partner_id"])
    assert behind
    known = real[0].query("stage_id == ''").dropna(subset=["value"])
    assert (known["note"].str.contains("counted: .*hormuz") == known["partner"].isin(behind)).all()
