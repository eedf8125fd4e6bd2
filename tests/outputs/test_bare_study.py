"""A study that lacks a table, a folder without boundaries or relief: the page and the report still stand, with less on them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from geokit.outputs.mapdata import build_map
from geokit.outputs.payload import build_payload
from geokit.outputs.report import render_report
from geokit.outputs.view import view_study

SPARE = ("hauls", "exposure", "gates", "states", "sources", "criteria")


@pytest.fixture
def without(sample):
    """Return the sample study without some of what a study has."""
    return lambda *names, **more: SimpleNamespace(**{name: value for name, value in vars(sample).items() if name not in names} | more)


@pytest.fixture(scope="module")
def whole(sample):
    return build_payload(view_study(sample))


@pytest.mark.parametrize("name", SPARE)
def test_a_table_that_is_not_there_is_empty_and_the_rest_is_the_same(whole, without, name):
    bare = build_payload(view_study(without(name)))
    assert set(bare) == set(whole)
    assert (bare["rows"], bare["cases"], bare["weights"]) == (whole["rows"], whole["cases"], whole["weights"])


@pytest.mark.parametrize("name", SPARE)
def test_a_report_without_a_table_keeps_its_first_lines(sample, without, name):
    told = render_report(without(name))
    assert all(line.split(";")[0] in told for case, line in sample.headlines.items() if "/text/" in case)


def test_a_folder_without_boundaries_draws_none(sample, whole, without):
    class Plain(dict):
        """Layers that know no geometry and no place on disk."""

    found = build_map(view_study(without(layers=Plain(sample.layers))))
    assert (found["provinces"], found["neighbours"], found["relief"]) == ([], [], None)
    assert found["sites"] == whole["map"]["sites"]
    assert whole["map"]["provinces"]


def test_a_folder_whose_boundaries_cannot_be_read_draws_none(sample, without):
    class Lost(dict):
        """Layers whose boundary files are gone."""

        def geometry(self, name):
            raise FileNotFoundError(name)

    assert build_map(view_study(without(layers=Lost(sample.layers))))["provinces"] == []


def test_a_study_without_remarks_or_warnings_prints_none(without):
    view = view_study(without("warnings", remarks={}))
    assert view.warnings == ()
    assert {case["remarks"] for case in build_payload(view)["cases"]} == {""}
