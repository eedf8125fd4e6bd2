"""Weights against the published ones: partner dossier of 2026-11-22, section 4, rank-sum and ROC weights of its ranks.

The dossier gives four decimals. Its rule: weights of groups times weights within groups over all 18 criteria; then in mode full
the weight of L1 and D2 moves to E1 and E2, in mode screen the weight of E1 and E2 moves to L1, D2 and I1.
"""

from __future__ import annotations

import numpy as np
import pytest

from geokit.io.defaults import read_defaults
from geokit.scoring import derive_weights, read_criteria
from geokit.scoring.weights import weigh_rank_order_centroid, weigh_rank_sum

COLUMNS = [
    *[(who, mode, "rank-sum") for who in ("investor", "supply_security", "derisk_china", "planner_esg") for mode in ("full", "screen")],
    *[(who, "full", "roc") for who in ("investor", "supply_security", "derisk_china", "planner_esg")],
]
# partner dossier 2026-11-22, criteria table: columns as in COLUMNS
PUBLISHED = {
    "F1": (0.1190, 0.1190, 0.1429, 0.1429, 0.0952, 0.0952, 0.0952, 0.0952, 0.1171, 0.1707, 0.0814, 0.0814),
    "F2": (0.0595, 0.0595, 0.0714, 0.0714, 0.0476, 0.0476, 0.0476, 0.0476, 0.0390, 0.0569, 0.0271, 0.0271),
    "L1": (0.0000, 0.1201, 0.0000, 0.0612, 0.0000, 0.0493, 0.0000, 0.0625, 0.0000, 0.0000, 0.0000, 0.0000),
    "L2": (0.0952, 0.0952, 0.0714, 0.0714, 0.0476, 0.0476, 0.0714, 0.0714, 0.0814, 0.0546, 0.0332, 0.0546),
    "D1": (0.0238, 0.0238, 0.0893, 0.0893, 0.1250, 0.1250, 0.0238, 0.0238, 0.0123, 0.0954, 0.2264, 0.0123),
    "D2": (0.0000, 0.0901, 0.0000, 0.0510, 0.0000, 0.0863, 0.0000, 0.0208, 0.0000, 0.0000, 0.0000, 0.0000),
    "D3": (0.0119, 0.0119, 0.0595, 0.0595, 0.0833, 0.0833, 0.0357, 0.0357, 0.0049, 0.0434, 0.1029, 0.0270),
    "E1": (0.1750, 0.0000, 0.0500, 0.0000, 0.0619, 0.0000, 0.0913, 0.0000, 0.2636, 0.0234, 0.0365, 0.0599),
    "E2": (0.1167, 0.0000, 0.0750, 0.0000, 0.0929, 0.0000, 0.0456, 0.0000, 0.1198, 0.0515, 0.0804, 0.0239),
    "E3": (0.0417, 0.0417, 0.0119, 0.0119, 0.0179, 0.0179, 0.0893, 0.0893, 0.0412, 0.0049, 0.0081, 0.0954),
    "I1": (0.0536, 0.1351, 0.0179, 0.0306, 0.0179, 0.0370, 0.0714, 0.1250, 0.0445, 0.0125, 0.0125, 0.0632),
    "I2": (0.0179, 0.0179, 0.0119, 0.0119, 0.0119, 0.0119, 0.1071, 0.1071, 0.0081, 0.0057, 0.0057, 0.1391),
    "I3": (0.0357, 0.0357, 0.0060, 0.0060, 0.0060, 0.0060, 0.0357, 0.0357, 0.0202, 0.0023, 0.0023, 0.0253),
    "R1": (0.1071, 0.1071, 0.0714, 0.0714, 0.0893, 0.0893, 0.0833, 0.0833, 0.1391, 0.0663, 0.0954, 0.1029),
    "R2": (0.0357, 0.0357, 0.0238, 0.0238, 0.0298, 0.0298, 0.1250, 0.1250, 0.0253, 0.0121, 0.0173, 0.2264),
    "R3": (0.0714, 0.0714, 0.0476, 0.0476, 0.0595, 0.0595, 0.0417, 0.0417, 0.0632, 0.0301, 0.0434, 0.0412),
    "P1": (0.0238, 0.0238, 0.1667, 0.1667, 0.1429, 0.1429, 0.0238, 0.0238, 0.0153, 0.2778, 0.1707, 0.0153),
    "P2": (0.0119, 0.0119, 0.0833, 0.0833, 0.0714, 0.0714, 0.0119, 0.0119, 0.0051, 0.0926, 0.0569, 0.0051),
}


@pytest.mark.parametrize("column", range(len(COLUMNS)), ids=["-".join(column) for column in COLUMNS])
def test_weights_are_those_of_the_dossier(column):
    archetype, mode, method = COLUMNS[column]
    criteria = read_criteria(read_defaults("criteria"))
    weights = derive_weights(read_defaults("ranks"), criteria, archetype, mode, method=method)
    found = {name: round(weights.get(name, 0.0), 4) for name in PUBLISHED}
    assert found == pytest.approx({name: row[column] for name, row in PUBLISHED.items()}, abs=1e-9)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (2, [0.75, 0.25]),
        (3, [0.6111, 0.2778, 0.1111]),
        (4, [0.5208, 0.2708, 0.1458, 0.0625]),
        (5, [0.4567, 0.2567, 0.1567, 0.0900, 0.0400]),
    ],
)
def test_rank_order_centroids_are_those_of_the_literature(count, expected):
    """Barron and Barrett (1996), Decision quality using ranked attribute weights, Management Science 42, table of ROC weights."""
    ranks = np.arange(1.0, count + 1.0)
    assert weigh_rank_order_centroid(ranks) == pytest.approx(expected, abs=5e-5)
    assert weigh_rank_order_centroid(ranks[::-1]) == pytest.approx(expected[::-1], abs=5e-5)


def test_rank_sums_of_five():
    """Stillwell, Seaver and Edwards (1981): n + 1 - r over the sum of ranks, here fifteenths."""
    assert weigh_rank_sum(np.array([2.0, 1.0, 5.0, 4.0, 3.0])) * 15 == pytest.approx([4, 5, 1, 2, 3])
