"""The days on which supplies leave: decision, shipment, commissioning, yearly fills (model rule M9)."""

from __future__ import annotations

import datetime as dt

import pytest

from geokit.core.assumptions import Controls
from geokit.core.errors import AssumptionError
from geokit.dependency.windows import export_dates, list_marks, list_stretches

ON = dt.date(2026, 11, 22)


def plan(fid=12, shipment=12, commissioning=12, fid_on=None):
    return Controls(
        months_to_fid=fid,
        months_fid_to_shipment=shipment,
        months_shipment_to_commissioning=commissioning,
        fid_on=fid_on,
        samples=10,
    )


def test_equipment_binds_at_shipment_and_the_rest_at_commissioning():
    days = export_dates(ON, plan(12, 12, 6))
    assert days["equipment"] == days["technology"] == dt.date(2028, 11, 22)
    assert days["service"] == days["reagent"] == days["material"] == dt.date(2029, 5, 22)


def test_no_lead_time_binds_today():
    assert set(export_dates(ON, plan(0, 0, 0)).values()) == {ON}


def test_the_end_of_a_month_stays_inside_the_month():
    assert export_dates(dt.date(2026, 8, 31), plan(3, 3, 0))["equipment"] == dt.date(2027, 2, 28)


def test_every_kind_of_item_has_a_window(layers):
    assert set(layers["items"]["kind"]) <= set(export_dates(ON, plan()))


def test_a_day_of_decision_replaces_the_months_to_it():
    days = export_dates(ON, plan(fid=99, shipment=12, commissioning=6, fid_on=dt.date(2027, 6, 1)))
    assert (days["equipment"], days["service"]) == (dt.date(2028, 6, 1), dt.date(2028, 12, 1))


@pytest.mark.parametrize("fid_on", [ON, dt.date(2056, 11, 22)])
def test_a_decision_today_or_thirty_years_on_is_taken(fid_on):
    assert export_dates(ON, plan(shipment=0, fid_on=fid_on))["equipment"] == fid_on


@pytest.mark.parametrize("fid_on", [dt.date(2026, 11, 21), dt.date(2056, 11, 23)])
def test_an_impossible_decision_is_refused_with_value_rule_and_remedy(fid_on):
    with pytest.raises(AssumptionError, match=rf"controls\.fid_on = {fid_on}: .*30 years.*write a day from 2026-11-22 to 2056-11-22"):
        export_dates(ON, plan(fid_on=fid_on))


def test_without_a_change_of_law_all_fills_are_one_stretch():
    (only,) = list_stretches(ON, plan(), years=20)
    assert (only.fills, only.days) == (20, export_dates(ON, plan()))


def test_a_change_of_law_parts_the_fills():
    """Fills on 22 November 2029, 2030, 2031, 2032; a clause changes on a day of filling and between two."""
    early, middle, late = list_stretches(ON, plan(), years=4, marks=["2028-01-01", "2030-11-22", "2032-01-01"])
    assert [one.fills for one in (early, middle, late)] == [1, 2, 1]
    assert [one.days["reagent"].year for one in (early, middle, late)] == [2029, 2030, 2032]
    assert {one.days["equipment"] for one in (early, middle, late)} == {dt.date(2028, 11, 22)}


def test_the_last_day_of_february_comes_back_in_leap_years():
    marks = [f"{year}-01-01" for year in range(2029, 2033)]
    stretches = list_stretches(dt.date(2028, 2, 29), plan(0, 0, 0), years=5, marks=marks)
    assert [one.days["reagent"].day for one in stretches] == [29, 28, 28, 28, 29]


def test_a_life_beyond_the_calendar_ends_with_it():
    assert sum(one.fills for one in list_stretches(dt.date(9990, 1, 1), plan(), years=10**6)) == 9999


def test_marks_are_the_days_on_which_rows_begin_or_end(layers):
    marks = list_marks(layers["status_events"], layers["regimes"])
    assert {"2026-11-11", "2026-11-28", "2027-01-11", "2028-01-11"} <= set(marks)
    assert marks == sorted(marks)
    assert "" not in marks
