"""The real assessment for all partners and both tracks, made once; and tiny hand-made layers."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.core.codes import Track
from geokit.dependency import assess
from geokit.dependency.flowsheet import touch_blocks
from geokit.dependency.solve import solve_track


@pytest.fixture(scope="session")
def assessed(layers, alternatives, cases, assumptions):
    return assess(layers, alternatives, cases, assumptions=assumptions)


@pytest.fixture(scope="session")
def ties(layers):
    return touch_blocks(layers)


@pytest.fixture(scope="session")
def solved(layers, ties, cases, assumptions):
    asked = {case.track: case for case in cases}
    return {track: solve_track(layers, ties, asked[track], assumptions=assumptions) for track in Track}


@pytest.fixture
def plants():
    columns = ["alternative", "kind", "site_id", "stage_id", "product_id", "feed_product_ids", "developer_profile"]
    rows = [
        ("coast:smelt", "plant", "coast", "smelt", "metal", "concentrate", "B"),
        ("zone:smelt", "plant", "zone", "smelt", "metal", "concentrate", "A"),
        ("depot:smelt", "plant", "depot", "smelt", "metal", "concentrate", "D"),
        ("export:smelt", "export", "export", "smelt", "metal", "concentrate|ore", ""),
        ("toll:smelt", "toll", "toll", "smelt", "metal", "concentrate", ""),
        ("abroad:smelt", "abroad", "abroad", "smelt", "metal", "concentrate", ""),
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(province_id="north", district_ids="hill|valley").mask(table["kind"] == "export", table)
