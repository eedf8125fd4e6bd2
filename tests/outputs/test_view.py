"""What the outputs take from a study."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from geokit.outputs.view import read_geometry, view_study


@pytest.fixture
def view(sample):
    return view_study(sample)


def test_partners_keep_the_order_of_the_cases(view):
    assert view.partners == ("japan", "eu", "saudi")
    assert view.partner_labels["eu"] == "European Union"


def test_weights_become_plain_mappings(view):
    assert sum(view.weights["japan"].values()) == pytest.approx(1)


def test_a_study_without_some_tables_gives_empty_frames(sample):
    facts = {name: value for name, value in vars(sample).items() if name not in {"gates", "states", "manifest", "sources", "warnings"}}
    view = view_study(SimpleNamespace(**facts))
    assert view.tables["gates"].empty
    assert view.warnings == ()
    assert view.manifest["on"] == "2026-11-22"
    assert view.manifest["fingerprint"]
    assert len(view.tables["criteria"]) == 18


def test_an_absent_layer_is_empty_with_its_columns(view):
    assert list(view.layer("nothing of the kind", ["a"]).columns) == ["a"]


def test_boundaries_that_are_not_there_are_none(sample):
    assert read_geometry(sample.layers, "rivers") is None
    assert read_geometry({}, "provinces") is None
    assert len(read_geometry(sample.layers, "provinces")) == 2


def test_a_study_without_ports_has_no_place(sample):
    bare = SimpleNamespace(**{**vars(sample), "layers": {}})
    assert view_study(bare).place == ""
