"""What the outputs take from a study."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from geokit.outputs.view import name_alternative, read_geometry, view_study


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


def test_ids_are_told_by_their_labels(view):
    assert view.site_label("dhabeji-sez") == "Dhabeji SEZ"
    assert view.site_label("export") == "export the feed as it is"
    assert view.stage_label("ferrochrome") == "high-carbon ferrochrome"
    assert view.label("ports", "no-such-port") == "no such port"


def test_an_export_sells_its_feed_and_a_plant_its_product(view):
    facts = {"stage_id": "ferrochrome", "product_id": "ferrochrome-hc", "feed_product_ids": "chromite-ore"}
    export = {"kind": "export", "site_id": "export", "label": "Export chromite ore, no plant", **facts}
    plant = {"kind": "plant", "site_id": "dhabeji-sez", "label": "Dhabeji SEZ: chromite", **facts}
    toll = {"kind": "toll", "site_id": "toll-x", "label": "toll at X: chromite", **facts}
    assert name_alternative(view, export) == {"name": "Export chromite ore", "product": "chromite lump ore", "feed": ""}
    assert name_alternative(view, plant) == {"name": "Dhabeji SEZ", "product": "high-carbon ferrochrome", "feed": "chromite lump ore"}
    assert name_alternative(view, toll)["name"] == "Toll at X"


def test_only_published_tonnage_can_be_historical(view, sample):
    deposits = sample.layers["deposits"].set_index("deposit_id")
    assert "muslim-bagh" in view.historical
    ends = [f"tonnage_million_t_{end}" for end in ("low", "mode", "high")]
    assert deposits.loc[sorted(view.historical), ends].notna().any(axis=1).all()


def test_a_study_without_cells_has_none(view):
    assert view.joined is None
    assert view.standing is None


def test_the_cells_and_the_standing_are_those_of_the_study(sample):
    cells, standing = object(), sample.rankings.head(0)
    found = view_study(SimpleNamespace(**{**vars(sample), "scored": SimpleNamespace(joined=cells, statuses=standing)}))
    assert found.joined is cells
    assert found.standing is standing
