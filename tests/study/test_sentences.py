"""The words say what the figures say, no more."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.io.defaults import read_defaults
from geokit.study.sentences import figure, say_headline, say_lead, say_reason, say_remarks

PHRASES = {
    "I1": {"good": "power is firm", "bad": "power falls short", "missing": "its power", "plant_only": "yes", "zero": ""},
    "F1": {"plant_only": "", "zero": "", "good": "feed for {value} years", "bad": "feed for only {value} years", "missing": "its tonnage"},
    "L1": {
        "plant_only": "",
        "zero": "",
        "good": "freight takes only {percent}",
        "bad": "freight takes {percent}",
        "missing": "its freight share",
    },
    "D1": {"plant_only": "", "zero": "", "good": "no control binds", "bad": "exposure {value}", "missing": "its exposure"},
}
ROW = {"rank": 3, "partner_label": "Japan", "is_plant": True}


def cells(rows):
    frame = pd.DataFrame(rows, columns=["criterion_id", "weight", "v", "value"])
    return frame.assign(contribution=frame["weight"] * frame["v"]).to_dict("records")


def test_strengths_weakness_and_blanks_each_get_their_place():
    told = say_reason(ROW, cells([("F1", 0.5, 0.9, 23.04), ("L1", 0.3, 0.1, 0.451), ("D1", 0.2, float("nan"), float("nan"))]), PHRASES)
    assert told == "No. 3 for Japan because feed for 23 years; held back: freight takes 45.1 %; not known: its exposure."


def test_nothing_is_praised_when_nothing_is_strong():
    told = say_reason(ROW, cells([("F1", 1.0, 0.2, 2.0)]), PHRASES)
    assert told == "No. 3 for Japan; held back: feed for only 2 years."


def test_the_larger_contribution_comes_first():
    told = say_reason(ROW, cells([("F1", 0.2, 1.0, 40.0), ("D1", 0.8, 1.0, 0.0)]), PHRASES)
    assert told.index("no control") < told.index("feed for")


def test_doing_less_is_not_praised_for_what_only_a_plant_needs():
    told = say_reason(ROW | {"is_plant": False}, cells([("I1", 0.9, 1.0, 1.0), ("F1", 0.1, 0.9, 23.0)]), PHRASES)
    assert told == "No. 3 for Japan because it needs no plant and feed for 23 years."


def test_a_figure_of_zero_has_words_of_its_own():
    phrases = {"F1": PHRASES["F1"] | {"zero": "no feed is in reach"}}
    assert say_reason(ROW, cells([("F1", 1.0, 0.0, 0.0)]), phrases) == "No. 3 for Japan; held back: no feed is in reach."


def test_words_for_zero_are_never_said_of_a_figure_above_it():
    phrases = {"D1": PHRASES["D1"] | {"good": "few steps hang on controls ({value})", "zero": "no control binds"}}
    assert "no control binds" in say_reason(ROW, cells([("D1", 1.0, 1.0, 0.0)]), phrases)
    assert say_reason(ROW, cells([("D1", 1.0, 0.6, 0.4)]), phrases) == "No. 3 for Japan because few steps hang on controls (0.4)."


def test_a_caution_stands_beside_its_figure():
    historical = [cell | {"caution": " (historical estimate)"} for cell in cells([("F1", 1.0, 0.9, 18.0)])]
    assert say_reason(ROW, historical, PHRASES) == "No. 3 for Japan because feed for 18 years (historical estimate)."


def test_every_criterion_has_its_phrases():
    assert set(read_defaults("phrases")["criterion_id"]) == set(read_defaults("criteria")["criterion_id"])
    assert (read_defaults("phrases")[["good", "bad", "missing"]] != "").all(axis=None)


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (0.0523, "0.0523"), (612.4, "612"), (1_234_567.0, "1230000"), (-3.456, "-3.46")])
def test_figures_have_three_digits_and_no_exponent(value, text):
    assert figure(value) == text


def rows(beats, status="ranked", kind="plant"):
    return pd.DataFrame({"kind": kind, "status": status, "beats_baseline": beats})


def test_when_no_plant_beats_exporting_the_first_line_says_so():
    assert say_headline(rows(["unknown", "no"]), partner="Japan", deciding=["power"]).startswith(
        "No plant is shown to beat exporting for Japan"
    )


def test_when_some_do_they_are_counted_with_what_decides():
    line = say_headline(rows(["yes", "yes", "no", "unknown"]), partner="Japan", deciding=["power"])
    assert line == "2 of 4 plants beat exporting for Japan; 1 do not, and 1 cannot be told. What decides: power."


def test_baselines_and_screened_plants_do_not_count():
    table = pd.concat([rows(["yes"], kind="export"), rows(["yes"], status="screened"), rows(["no"])])
    assert "No plant is shown" in say_headline(table, partner="Japan", deciding=[])


def test_nothing_ranked_is_said():
    assert "nobody published" in say_headline(rows(["yes"], status="not_rankable"), partner="Japan", deciding=[])


def lead(mode, domestic, power=float("nan")):
    ends = {"margin_usd_per_t_low": -270.0, "margin_usd_per_t": mode, "margin_usd_per_t_high": 3780.0}
    return say_lead("The plant", ends | {"domestic_margin_usd_per_t": domestic, "power_usd_per_t": power}, inside="PRC")


def test_the_leading_plant_says_what_conversion_may_cost():
    told = (
        "The plant, beats exporting if conversion costs less than 1320 USD per tonne of product (-270 to 3780; 343 at prices inside PRC)."
    )
    assert lead(1320.0, 343.0) == told
    assert lead(1320.0, 343.0, power=329.0) == f"{told} Power alone takes about 329."


def test_a_margin_nobody_knows_is_not_told():
    assert lead(float("nan"), 343.0) == ""
    assert "inside" not in lead(1320.0, float("nan"))


def test_remarks_count_plants_only_and_name_what_is_flat():
    table = pd.concat([rows(["unknown", "no"]), rows(["unknown"], kind="export"), rows(["no"], status="screened")])
    told = say_remarks(table, lead="", valued=1, sourced=True, flat=True, moved=0, top=10)
    assert told == (
        "1 of 2 plants, ranked or conditional, have a net present value from sourced figures: the order is one of fit, not of profit. "
        "Exposure to controls does not separate the first 10; own licences of supplier countries are told per plant. "
        "Under the other reading of the law none of the first 10 change places."
    )


def test_a_reading_that_was_not_asked_is_not_told():
    assert "reading" not in say_remarks(rows(["no"]), lead="", valued=0, sourced=True, flat=False, moved=None, top=10)
    told = say_remarks(rows(["no"]), lead="It pays.", valued=0, sourced=True, flat=False, moved=3, top=10)
    assert "3 of the first 10 change places" in told


def test_values_on_figures_of_the_user_are_said_to_be():
    told = say_remarks(rows(["ranked"]), lead="", valued=1, sourced=False, flat=False, moved=None, top=10)
    assert "have a net present value from figures that you gave" in told


def test_routes_that_do_not_separate_the_plants_are_told():
    given = {"lead": "", "valued": 0, "sourced": True, "flat": False, "moved": None, "top": 10}
    assert "Routes do not separate the plants among the first 10" in say_remarks(rows(["no"]), routes=True, **given)
    assert "Routes" not in say_remarks(rows(["no"]), **given)
