"""Political states and export windows (model rules M9, M10)."""

from __future__ import annotations

import datetime as dt

import pytest

from geokit.core.assumptions import Controls
from geokit.core.codes import State
from geokit.core.errors import LayerError
from geokit.dependency.regime import SETTLED, export_dates, list_outcomes

OPEN = frozenset({"cn-2025-56-equipment"})


def test_a_question_that_is_settled_has_one_outcome(layers):
    (only,) = list_outcomes(layers["regimes"], frozenset())
    assert (only.regime_id, only.probability, only.state) == (SETTLED, 1.0, None)


def test_the_open_package_has_four_outcomes_with_the_priors_of_the_dossier(layers):
    found = {one.regime_id: (one.probability, one.state) for one in list_outcomes(layers["regimes"], OPEN)}
    assert found == {
        "renewed": (0.60, State.SUSPENDED),
        "snapback": (0.22, State.IN_FORCE),
        "tightened": (0.10, State.TIGHTENED),
        "lifted": (0.08, State.REVOKED),
    }


@pytest.mark.parametrize("last_day", ["", "2028-01-10"])
def test_a_regime_that_covers_the_days_has_one_reading(layers, last_day):
    assert len(list_outcomes(layers["regimes"], OPEN, last_day=last_day)) == 4


def test_a_regime_that_ends_too_soon_stands_beside_its_other_reading(layers):
    found = list_outcomes(layers["regimes"], OPEN, last_day="2028-01-11")
    renewed = [one for one in found if one.regime_id.startswith("renewed")]
    assert {(one.probability, one.state, one.ends_on) for one in renewed} == {
        (0.60, State.SUSPENDED, ""),
        (0.0, State.SUSPENDED, "2028-01-11"),
    }
    assert sum(one.probability for one in found) == pytest.approx(1.0)
    assert found[-1].probability > 0, "the draws take the last state for all that is left of the unit interval"


def test_every_outcome_decides_the_whole_package(layers):
    for one in list_outcomes(layers["regimes"], OPEN):
        assert "cn-2025-62-service" in one.clause_ids
        assert "cn-2023-57-prohibited" not in one.clause_ids


def test_a_clause_that_no_regime_names_has_no_outcomes(layers):
    (only,) = list_outcomes(layers["regimes"], frozenset({"us-affiliates-2025-list"}))
    assert only.regime_id == SETTLED


def test_priors_that_do_not_add_up_are_refused(layers):
    regimes = layers["regimes"].copy()
    regimes.loc[regimes["regime_id"] == "lifted", "prior_mode"] = 0.2
    with pytest.raises(LayerError, match=r"1\.12"):
        list_outcomes(regimes, OPEN)


def controls(fid=12, shipment=12, commissioning=12):
    return Controls(
        months_to_fid=fid, months_fid_to_shipment=shipment, months_shipment_to_commissioning=commissioning, samples=10
    )


def test_equipment_binds_at_shipment_and_the_rest_at_commissioning():
    days = export_dates(dt.date(2026, 11, 22), controls(12, 12, 6))
    assert days["equipment"] == days["technology"] == dt.date(2028, 11, 22)
    assert days["service"] == days["reagent"] == days["material"] == dt.date(2029, 5, 22)


def test_no_lead_time_binds_today():
    assert set(export_dates(dt.date(2026, 11, 22), controls(0, 0, 0)).values()) == {dt.date(2026, 11, 22)}


def test_the_end_of_a_month_stays_inside_the_month():
    assert export_dates(dt.date(2026, 8, 31), controls(3, 3, 0))["equipment"] == dt.date(2027, 2, 28)


def test_every_kind_of_item_has_a_window(layers):
    assert set(layers["items"]["kind"]) <= set(export_dates(dt.date(2026, 11, 22), controls()))
