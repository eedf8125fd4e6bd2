"""Headings of other people's tables, and what to write instead."""

from __future__ import annotations

import csv
import io

import pytest

from geokit.check.aliases import fold
from geokit.check.headings import name_column, suggest_column
from geokit.io.dictionary import list_dictionary, read_columns
from geokit.io.resource import read_resource

DEPOSITS = [column.name for column in read_columns("deposits")]


@pytest.mark.parametrize(
    ("heading", "remedy"),
    [
        ("Latitude", "write lat"), ("Longitude", "write lon"), ("LONG_DD", "write lon"), ("lat_dd", "write lat"), ("Name", "write name"),
        ("site_name", "write name"), ("Tonnage (t)", "write tonnage_million_t_mode, divided by 1,000,000"),
        ("Tonnage (Mt)", "write tonnage_million_t_mode"), ("Commodity", "write commodity_id, as an id of commodities"),
        ("Province", "write province_id, as an id of province_aliases"), ("Deposit ID", "write deposit_id"),
        ("Grade value", "write grade_value"),
        ("cu_pct", "write grade_value, with % Cu in grade_unit"), ("Operater", "did you mean operator?"),
        ("Zzyzx", "remove it, or declare it in the data dictionary"), ("%", "remove it, or declare it in the data dictionary"),
    ],
)  # fmt: skip
def test_usual_headings_get_their_column_and_others_the_nearest(heading, remedy):
    assert suggest_column(heading, DEPOSITS) == remedy


MRDS = ("dep_id", "mrds_id", "site_name", "latitude", "longitude", "state", "county", "commod1", "commod2", "commod3", "dep_type",
    "dev_stat",
    "hrock_type", "disc_yr", "url", "names", "ref", "score")
SIR = ("name", "name_other", "sitestatus", "latitude", "longitude", "dep_type", "age_ma", "comm_major", "tonnage_mt", "oreton", "cu_pct",
    "cugrd", "mo_pct", "au_g_t", "ag_g_t", "con_cu_t")


@pytest.mark.parametrize("heading", [*MRDS, *SIR])
def test_the_headings_of_the_survey_have_a_column(heading):
    """Headers of the Mineral Resources Data System and of the deposit tables of SIR 2010-5090-Z, both of the US Geological Survey."""
    assert name_column(heading, DEPOSITS)[0]


def test_a_column_that_stands_there_already_is_not_asked_for_twice():
    assert suggest_column("Latitude", DEPOSITS, ["lat", "lon"]).startswith("remove it or put it into note: lat stands")


def test_a_heading_means_nothing_in_a_table_without_that_column():
    assert name_column("Tonnage (t)", ["port_id", "lat"]) == ("", "")


def test_every_heading_leads_to_a_column_of_the_dictionary_and_stands_once():
    rows = list(csv.DictReader(io.StringIO(read_resource("geokit.check", "headings.csv"))))
    declared = {column.name for table in list_dictionary() for column in read_columns(table)}
    assert {row["column"] for row in rows} <= declared
    assert len({(fold(row["heading"]), row["column"]) for row in rows}) == len(rows)
