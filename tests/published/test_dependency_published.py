"""The worked demonstration of the flowsheet dossier (section 4.8), its figures typed again here."""

from __future__ import annotations

import pytest

from geokit.dependency.index import measure_dependency

CHAINS = {
    # name: (operations, controlled, Chinese share, substitutability) of each block
    "ree concentrate": [(1, 0, 0.0, 1.0), (1, 0, 0.0, 0.5), (1, 0, 0.0, 1.0), (1, 1, 0.90, 0.50), (1, 0, 0.0, 1.0)],
    "ree carbonate": [(1, 1, 0.90, 1.00), (3, 1, 0.90, 0.75), (1, 0, 0.0, 1.0), (1, 0, 0.0, 0.5)],
    "ree oxides": [
        (1, 0, 0.0, 1.00),
        (1, 1, 0.90, 0.75),
        (1, 1, 0.90, 0.50),
        (1, 1, 0.999, 0.25),
        (1, 1, 0.90, 0.50),
        (1, 0, 0.0, 1.00),
        (1, 1, 0.75, 0.50),
    ],
    "ree alloy": [(1, 1, 0.90, 0.5), (2, 1, 0.90, 0.5), (1, 1, 0.90, 0.5), (1, 0, 0.0, 0.5), (1, 1, 0.75, 0.5)],
    "ree magnets": [(2, 1, 0.90, 0.5), (4, 1, 0.90, 0.5), (1, 1, 0.75, 0.5)],
    "antimony": [(5, 1, 0.78, 0.75), (1, 0, 0.0, 0.5)],
    "graphite": [
        (1, 0, 0.90, 0.50),
        (1, 1, 0.90, 0.75),
        (1, 1, 0.90, 0.50),
        (1, 0, 0.0, 0.50),
        (1, 0, 0.0, 1.00),
        (1, 1, 0.90, 0.50),
    ],
    "lithium": [(1, 1, 0.80, 1.0), (3, 1, 0.80, 1.0), (1, 0, 0.0, 1.0), (1, 1, 0.80, 0.5)],
    "tungsten": [(4, 1, 0.80, 0.5), (1, 0, 0.0, 1.0)],
}
TABLE = [
    # chain, D_avg, D_max, D_rel at 0.50, D_rel at 0.87
    ("ree concentrate", 0.045, 0.225, 0.225, 0.391),
    ("ree carbonate", 0.056, 0.113, 0.113, 0.196),
    ("ree oxides", 0.161, 0.375, 0.729, 0.930),
    ("ree alloy", 0.181, 0.225, 0.622, 0.848),
    ("ree magnets", 0.220, 0.225, 0.512, 0.751),
    ("antimony", 0.081, 0.098, 0.098, 0.170),
    ("graphite", 0.094, 0.225, 0.467, 0.702),
    ("lithium", 0.033, 0.200, 0.200, 0.348),
    ("tungsten", 0.160, 0.200, 0.200, 0.348),
]


def measure(chain, refused):
    operations, controlled, share, sigma = zip(*CHAINS[chain], strict=True)
    return measure_dependency([refused * bound for bound in controlled], share, sigma, weights=operations)


@pytest.mark.parametrize(("chain", "d_avg", "d_max", "d_rel", "d_rel_hard"), TABLE)
def test_demonstration_of_section_4_8(chain, d_avg, d_max, d_rel, d_rel_hard):
    """Half and seven eighths of the licences not in time, all controls in force; averages weigh operations alike."""
    found = measure(chain, 0.50)
    assert found.d_avg == pytest.approx(d_avg, abs=6e-4)
    assert found.d_max == pytest.approx(d_max, abs=6e-4)
    assert found.d_rel == pytest.approx(d_rel, abs=6e-4)
    assert measure(chain, 0.87).d_rel == pytest.approx(d_rel_hard, abs=6e-4)


def test_five_blocks_apart_and_under_one_shock():
    """Section 4.4: five controlled blocks at b = 0.25 give 0.76 apart and 0.25 under one common shock."""
    ones = [1.0] * 5
    assert measure_dependency([0.25] * 5, ones, [0.0] * 5).d_rel == pytest.approx(0.76, abs=5e-3)
    shock = measure_dependency([ones, [0.0] * 5], ones, [0.0] * 5, probability=[0.25, 0.75])
    assert shock.d_rel == pytest.approx(0.25)


def test_with_certain_refusal_and_no_substitute_the_average_is_the_foreign_cost_share():
    """Section 5: with b = 1, sigma = 0, s in {0, 1} and direct-cost weights, D_avg = Y / X of the material-cost ratio."""
    cost, foreign = [40.0, 35.0, 25.0], [1.0, 0.0, 1.0]
    found = measure_dependency([1.0] * 3, foreign, [0.0] * 3, weights=cost)
    assert found.d_avg == pytest.approx((40 + 25) / 100)
