import pandas as pd
import pytest

from geokit.economics.inventory import host_feeds, sum_feeds


def lot(deposit, available, tonnes, reachable="yes", historical="no"):
    return {
        "place_id": "zone", "stage_id": "smelt", "deposit_id": deposit, "deposit": deposit.title(), "feed_available": available,
        "product_t_low": tonnes / 2, "product_t": tonnes, "product_t_high": tonnes * 2, "reachable": reachable,
        "historical": historical, "source_ids": f"dep-{deposit}",
    }  # fmt: skip


def total(*lots):
    return sum_feeds(pd.DataFrame(lots)).loc[("zone", "smelt")]


def test_only_free_feed_counts_in_the_mode_and_never_captive_or_committed():
    row = total(
        lot("a", "free", 10.0), lot("b", "", 100.0), lot("c", "contested", 1000.0), lot("d", "captive", 1e6), lot("e", "committed", 1e6)
    )
    assert (row["free_t_low"], row["free_t"], row["free_t_high"]) == (5.0, 10.0, 2220.0)
    assert (row["n_reach"], row["n_known"], row["n_free"], row["n_offered"], row["n_open"]) == (5, 5, 1, 1, 2)


def test_free_deposits_without_a_size_are_counted_as_offered():
    row = total(lot("a", "free", 10.0), lot("b", "free", float("nan")), lot("c", "", float("nan")))
    assert (row["n_free"], row["n_offered"], row["n_open"]) == (1, 2, 0)


def test_one_free_deposit_is_full_concentration():
    assert total(lot("a", "free", 10.0), lot("b", "", 90.0))["hhi"] == 1.0


def test_two_equal_deposits_halve_the_index():
    assert total(lot("a", "free", 10.0), lot("b", "free", 10.0))["hhi"] == pytest.approx(0.5)


def test_without_free_feed_there_are_no_shares():
    assert pd.isna(total(lot("a", "captive", 10.0))["hhi"])


def test_what_is_out_of_reach_is_seen_and_not_counted():
    row = total(lot("a", "free", 10.0), lot("b", "free", 10.0, reachable="no"))
    assert (row["n_rows"], row["n_reach"], row["free_t"]) == (2, 1, 10.0)


def test_deposits_of_unknown_content_are_named_up_to_three():
    row = total(*(lot(name, "free", float("nan")) for name in "abcde"))
    assert row["names"] == "A, B, C and 2 more"


def test_historical_marks_only_what_was_counted():
    assert not total(lot("a", "free", float("nan"), historical="yes"))["historical"]
    assert total(lot("a", "free", 1.0, historical="yes"))["historical"]


def test_a_host_draws_what_can_be_shipped_to_it():
    stock = pd.DataFrame([lot("a", "free", 10.0), lot("b", "free", 10.0)]).drop(columns=["place_id", "reachable"])
    ways = pd.DataFrame({"origin_id": ["a", "a"], "destination_id": ["OMTTT", "CNBBB"], "kind": ["delivered", "delivered"]})
    hosts = pd.DataFrame({"place_id": ["OMTTT", ""], "stage_id": ["smelt", "smelt"], "kind": ["toll", "export"]})
    rows = host_feeds(stock, ways, hosts)
    assert sorted(zip(rows["place_id"], rows["deposit_id"], strict=True)) == [("", "a"), ("OMTTT", "a")]
