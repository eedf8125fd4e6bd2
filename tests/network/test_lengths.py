"""Lengths of a way against second sources, on a toy whose answers are obvious."""

import pandas as pd
import pytest

from geokit.network import find_route
from geokit.network.lengths import compare_lengths, confirm_links, trace_nodes

LINKS = pd.DataFrame(
    [
        ("ab", "A", "B", "road", 10.0), ("cb", "C", "B", "road", 20.0), ("cd", "C", "D", "rail", 40.0), ("ed", "E", "D", "rail", 5.0)
    ],
    columns=["link_id", "from", "to", "mode", "length_km"],
)  # fmt: skip


def printed(*rows):
    columns = ["length_id", "mode", "from_node_id", "to_node_id", "via_node_ids", "km", "source_id"]
    return {"links": LINKS, "published_lengths": pd.DataFrame(rows, columns=columns).assign(part="")}


def test_links_are_laid_end_to_end_whichever_way_their_rows_point():
    road, rail = trace_nodes(["ab", "cb", "cd", "ed"], LINKS)
    assert [*road["tail"], road["head"].iloc[-1]] == ["A", "B", "C"]
    assert [*rail["tail"], rail["head"].iloc[-1]] == ["C", "D", "E"]
    assert road["km"].tolist() == [10, 30]
    back = trace_nodes(["ed", "cd", "cb", "ab"], LINKS)
    assert [list(run["head"]) for run in back] == [["D", "C"], ["B", "A"]]


def test_a_way_without_links_has_no_run():
    assert trace_nodes([], LINKS) == []
    assert compare_lengths([], printed(("x", "road", "A", "C", "", 30.0, "s"))).empty


@pytest.mark.parametrize(("km", "confirmed"), [(30.0, True), (27.3, True), (33.3, True), (27.2, False), (33.4, False)])
def test_a_stretch_is_confirmed_within_a_tenth_of_what_is_printed(km, confirmed):
    row = compare_lengths(["ab", "cb"], printed(("x", "road", "C", "A", "B", km, "s"))).iloc[0]
    assert row["km"] == 30
    assert row["miss"] == pytest.approx(30 / km - 1)
    assert bool(row["confirmed"]) == confirmed
    assert row["link_ids"] == ("ab", "cb")


def test_what_lies_off_the_way_in_another_mode_or_by_another_town_says_nothing():
    rows = [("off", "road", "A", "E", "", 75.0, "s"), ("mode", "rail", "A", "C", "", 30.0, "s"), ("via", "road", "A", "C", "D", 30.0, "s")]
    assert compare_lengths(["ab", "cb", "cd", "ed"], printed(*rows)).empty


def test_a_confirmed_stretch_confirms_its_links_and_a_missing_one_does_not():
    table = compare_lengths(["ab", "cb", "cd"], printed(("x", "road", "A", "B", "", 10.0, "s"), ("y", "rail", "C", "D", "", 90.0, "s")))
    assert confirm_links(table) == {"ab"}


def test_a_source_that_measures_a_part_confirms_nothing_and_says_nothing_of_a_miss():
    layers = printed(("x", "road", "A", "B", "", 10.0, "s"), ("y", "road", "A", "C", "", 30.0, "s"))
    layers["published_lengths"].loc[0, "part"] = "yes"
    table = compare_lengths(["ab", "cb"], layers).set_index("length_id")
    assert table["part"].to_dict() == {"x": True, "y": False}
    assert table["confirmed"].to_dict() == {"x": False, "y": True}


def test_no_stretch_is_shorter_than_the_part_that_a_source_measures(layers, assumptions):
    parts = layers["published_lengths"].query("part == 'yes'")
    assert len(parts) > 1
    for row in parts.itertuples():
        route = find_route(layers, f"node:{row.from_node_id}", f"node:{row.to_node_id}", assumptions=assumptions)
        assert route.km > row.km, row.length_id


def test_no_source_of_a_link_confirms_a_link(layers):
    own = {source for cell in layers["links"]["source_id"] for source in cell.split(";")}
    assert not own & {source for cell in layers["published_lengths"]["source_id"] for source in cell.split(";")}
