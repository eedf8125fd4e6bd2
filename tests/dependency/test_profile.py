"""Output that is tied to lenders brings their profile (model rule M11)."""

from __future__ import annotations

import pandas as pd
import pytest

from geokit.dependency import profile_alternatives


def profiles(layers, plants, partner, **tables):
    table = plants.assign(developer_profile=["B", "A", "D", "", "", ""])
    return profile_alternatives({**layers, **tables}, table, [partner]).set_index("alternative")["profile"].to_dict()


@pytest.mark.parametrize(("brings", "expected"), [("japan", "C"), ("eu", "B"), ("", "B")])
def test_a_lender_who_takes_the_output_counts_with_its_own_profile(layers, plants, brings, expected):
    parties = pd.DataFrame({"party_id": ["bank"], "partner_id": [brings]})
    role = {"party_id": "bank", "role": "offtaker", "destination_ids": "", "site_ids": "coast", "deposit_ids": "", "source_id": "s"}
    found = profiles(layers, plants, "korea", parties=parties, party_roles=pd.DataFrame([role]))
    assert found["coast:smelt"] == expected
    assert found["zone:smelt"] == "B"
    assert found["depot:smelt"] == "D"
    assert found["export:smelt"] == ""


def test_whoever_lends_without_taking_output_changes_nothing(layers, plants):
    parties = pd.DataFrame({"party_id": ["bank"], "partner_id": ["japan"]})
    role = {"party_id": "bank", "role": "developer", "destination_ids": "", "site_ids": "coast", "deposit_ids": "", "source_id": "s"}
    assert profiles(layers, plants, "korea", parties=parties, party_roles=pd.DataFrame([role]))["coast:smelt"] == "B"
