"""The grid of questions."""

from __future__ import annotations

import datetime as dt

import pytest

from geokit.core.codes import Track
from geokit.core.errors import UnknownNameError
from geokit.study.cases import build_cases, find_partner

ON = dt.date(2026, 11, 22)


def test_all_partners_on_both_tracks_by_default(layers):
    cases = build_cases(layers, on=ON)
    assert len(cases) == 2 * len(layers["partners"])
    assert len({case.case_id for case in cases}) == len(cases)


def test_text_comes_before_practice_whatever_is_asked(layers):
    cases = build_cases(layers, on=ON, partners=["japan"], tracks=[Track.PRACTICE, Track.TEXT])
    assert [case.track for case in cases] == [Track.TEXT, Track.PRACTICE]


@pytest.mark.parametrize("name", ["japan", "Japan", " JAPAN "])
def test_a_partner_answers_to_its_names(layers, name):
    assert find_partner(layers["partners"], name) == "japan"


def test_a_partner_named_twice_is_asked_once(layers):
    assert len(build_cases(layers, on=ON, partners=["japan", "Japan"], tracks=[Track.TEXT])) == 1


def test_the_date_of_knowledge_defaults_to_the_date_of_the_question(layers):
    assert {case.known_on for case in build_cases(layers, on=ON)} == {ON}


def test_an_unknown_partner_is_an_error_with_a_suggestion(layers):
    with pytest.raises(UnknownNameError, match="japan"):
        build_cases(layers, on=ON, partners=["jappan"])


def test_a_reading_of_the_law_may_be_named_by_its_word(layers):
    assert build_cases(layers, on=ON, tracks=["practice", "text"]) == build_cases(layers, on=ON)
    assert {case.track for case in build_cases(layers, on=ON, tracks=["text"])} == {Track.TEXT}


def test_an_unknown_reading_of_the_law_is_an_error_with_a_suggestion(layers):
    with pytest.raises(UnknownNameError, match="practice"):
        build_cases(layers, on=ON, tracks=["practise"])


def test_one_name_alone_is_one_partner(layers):
    assert {case.partner for case in build_cases(layers, on=ON, partners="japan")} == {"japan"}
