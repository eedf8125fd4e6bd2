"""The ledger of forecasts in words: each question once, its options, and how good it was."""

from __future__ import annotations

import pandas as pd

from geokit.dependency import score_forecasts
from geokit.outputs.forecasts_text import tell_forecasts

NOTHING = pd.DataFrame(columns=["forecast_id", "made_on"])


def ledger(outcomes=("", "")):
    """Return one forecast of two options, 0.75 and 0.25."""
    told = {"resolved_on": "2027-01-12", "resolved_source_id": "s"} if outcomes[0] else {"resolved_on": "", "resolved_source_id": ""}
    return pd.DataFrame(
        {
            "forecast_id": "f", "made_on": "2026-11-22", "option": ["a", "b"], "question": "Which?", "decided_by": "an act",
            "known_on": "2026-11-22", "due_on": "2027-01-11", "probability_low": [0.5, 0.0], "probability_mode": [0.75, 0.25],
            "probability_high": [1.0, 0.5], "how": "prior", "outcome": list(outcomes), **told,
        }
    )


def read(rows, stale=NOTHING):
    return list(tell_forecasts(rows, score_forecasts(rows), stale))


def test_an_open_forecast_tells_its_chances_and_what_will_decide_it():
    assert read(ledger()) == [
        "2027-01-11  Which?",
        "    a: 0.75 (0.5 to 1)",
        "    b: 0.25 (0 to 0.5)",
        "    made on 2026-11-22; decided by: an act",
        "1 open, 0 scored. Less is better; 0 is certain and right, 2 certain and wrong.",
    ]


def test_a_resolved_forecast_tells_its_brier_score():
    """(0.75 - 1)^2 + (0.25 - 0)^2 = 0.125; equal chances give 0.5 (Brier 1950)."""
    told = read(ledger(("yes", "no")))
    assert told[1:3] == ["    a: 0.75 (0.5 to 1); came true", "    b: 0.25 (0 to 0.5); did not"]
    assert told[4] == "    Brier score 0.125, 0.5 for equal chances"
    assert told[-1].startswith("0 open, 1 scored.")


def test_a_forecast_that_the_layers_would_make_otherwise_is_named():
    told = read(ledger(), stale=ledger().assign(today_low=0.1, today_mode=0.2, today_high=0.3))
    at = next(place for place, line in enumerate(told) if line.startswith("The layers would forecast otherwise today: f. "))
    assert len(told) == at + 1 + len(ledger())
    assert all(line.endswith("today 0.2 (0.1 to 0.3)") for line in told[at + 1 :])
