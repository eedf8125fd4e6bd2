"""More facts never take a yardstick away: exporting stays comparable when its ore comes from a second province."""

from __future__ import annotations

import pytest

from geokit.catalog import read_layers, site_facts
from geokit.io.defaults import read_defaults
from geokit.study.alternatives import build_alternatives

DEPOSIT = {
    "deposit_id": "mine-x", "name": "Mine X", "province_id": "khyber-pakhtunkhwa", "district": "Malakand", "lat": "34.5", "lon": "71.9",
    "coord_accuracy_km": "5", "coord_kind": "point", "commodity_id": "chromite", "deposit_type": "Podiform chromite (8a)",
    "status_code": "operating", "resource_class": "historic", "historical_estimate": "true", "tonnage_million_t_mode": "0.5",
    "grade_value": "40", "grade_unit": "% Cr2O3", "feed_available": "free", "source_id": "user", "confidence": "low",
}  # fmt: skip
FEED = {
    "feed_id": "mine-x:chromite", "deposit_id": "mine-x", "stage_id": "chromite-concentrate", "basis": "primary_commodity",
    "aggregate": "yes", "source_id": "user", "confidence": "low",
}  # fmt: skip


def write(path, row):
    path.write_text(f"{','.join(row)}\n{','.join(row.values())}\n", encoding="utf8")
    return path


@pytest.fixture
def wider(tmp_path):
    return read_layers(files={"deposits": write(tmp_path / "d.csv", DEPOSIT), "deposit_feeds": write(tmp_path / "f.csv", FEED)})


def rate(layers, assumptions):
    cells = site_facts(layers, build_alternatives(layers, read_defaults("siting")), assumptions=assumptions)
    export = cells[(cells["site_id"] == "export") & (cells["stage_id"] == "ferrochrome")]
    return export.set_index("criterion_id")


def test_ore_from_two_provinces_spans_their_figures_and_counts_as_the_harsher(layers, wider, assumptions):
    before, after = rate(layers, assumptions), rate(wider, assumptions)
    attacks = layers["hazards"].query("hazard == 'attacks' and area_kind == 'province' and year == '2025' and series == 'PIPS'")
    counts = attacks.set_index("area_id")["value"]
    assert before.loc["R1", "value"] == counts["balochistan"]
    assert after.loc["R1", ["value_low", "value", "value_high"]].tolist() == [
        counts["balochistan"], counts["khyber-pakhtunkhwa"], counts["khyber-pakhtunkhwa"],
    ]
    assert "was not coded" not in after.loc["R3", "note"]
    assert before.loc["R3", "note"] in after.loc["R3", "note"]
    assert set(before.loc["R1", "source_ids"].split(";")) <= set(after.loc["R1", "source_ids"].split(";"))
