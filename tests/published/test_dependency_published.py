"""The worked figures of the flowsheet dossier (sections 4.4 to 4.8 and 5), typed again here, and the page that tells what differs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geokit.dependency.bounds import measure_common_shock
from geokit.dependency.buy import break_even_refusal, lose_value
from geokit.dependency.flowsheet import list_blocks
from geokit.dependency.index import measure_dependency
from geokit.dependency.licences import read_terms

CHAINS = {
    # name: (operations, controlled, Chinese share, substitutability) of each block
    "ree-concentrate": [(1, 0, 0.0, 1.0), (1, 0, 0.0, 0.5), (1, 0, 0.0, 1.0), (1, 1, 0.90, 0.50), (1, 0, 0.0, 1.0)],
    "ree-mixed-carbonate": [(1, 1, 0.90, 1.00), (3, 1, 0.90, 0.75), (1, 0, 0.0, 1.0), (1, 0, 0.0, 0.5)],
    "ree-separated-oxides": [
        (1, 0, 0.0, 1.00),
        (1, 1, 0.90, 0.75),
        (1, 1, 0.90, 0.50),
        (1, 1, 0.999, 0.25),
        (1, 1, 0.90, 0.50),
        (1, 0, 0.0, 1.00),
        (1, 1, 0.75, 0.50),
    ],
    "ree-metal-alloy": [(1, 1, 0.90, 0.5), (2, 1, 0.90, 0.5), (1, 1, 0.90, 0.5), (1, 0, 0.0, 0.5), (1, 1, 0.75, 0.5)],
    "ree-magnets": [(2, 1, 0.90, 0.5), (4, 1, 0.90, 0.5), (1, 1, 0.75, 0.5)],
    "antimony-metal-trioxide": [(5, 1, 0.78, 0.75), (1, 0, 0.0, 0.5)],
    "graphite-spherical-purified": [
        (1, 0, 0.90, 0.50),
        (1, 1, 0.90, 0.75),
        (1, 1, 0.90, 0.50),
        (1, 0, 0.0, 0.50),
        (1, 0, 0.0, 1.00),
        (1, 1, 0.90, 0.50),
    ],
    "lithium-hydroxide": [(1, 1, 0.80, 1.0), (3, 1, 0.80, 1.0), (1, 0, 0.0, 1.0), (1, 1, 0.80, 0.5)],
    "tungsten-apt": [(4, 1, 0.80, 0.5), (1, 0, 0.0, 1.0)],
}
TABLE = [
    # chain, D_avg, D_max, D_rel at 0.50, D_rel at 0.87
    ("ree-concentrate", 0.045, 0.225, 0.225, 0.391),
    ("ree-mixed-carbonate", 0.056, 0.113, 0.113, 0.196),
    ("ree-separated-oxides", 0.161, 0.375, 0.729, 0.930),
    ("ree-metal-alloy", 0.181, 0.225, 0.622, 0.848),
    ("ree-magnets", 0.220, 0.225, 0.512, 0.751),
    ("antimony-metal-trioxide", 0.081, 0.098, 0.098, 0.170),
    ("graphite-spherical-purified", 0.094, 0.225, 0.467, 0.702),
    ("lithium-hydroxide", 0.033, 0.200, 0.200, 0.348),
    ("tungsten-apt", 0.160, 0.200, 0.200, 0.348),
]


BY_BLOCK = {
    # D_avg at 0.50 by hand: mean of share x 0.50 x (1 - substitutability) over the blocks, however many operations they have
    "ree-concentrate": 0.225 / 5,
    "ree-mixed-carbonate": 0.1125 / 4,
    "ree-separated-oxides": (0.1125 + 0.225 + 0.374625 + 0.225 + 0.1875) / 7,
    "ree-metal-alloy": (3 * 0.225 + 0.1875) / 5,
    "ree-magnets": (2 * 0.225 + 0.1875) / 3,
    "antimony-metal-trioxide": 0.0975 / 2,
    "graphite-spherical-purified": (0.1125 + 2 * 0.225) / 6,
    "lithium-hydroxide": 0.2 / 4,
    "tungsten-apt": 0.2 / 2,
}
PAGE = Path(__file__).parents[2] / "docs" / "dependency.md"
PLANT = {"pv_over_capex": 1.5, "rate_frac": 0.10}


def measure(chain, refused, *, by_operation=False):
    operations, controlled, share, sigma = zip(*CHAINS[chain], strict=True)
    return measure_dependency([refused * bound for bound in controlled], share, sigma, weights=operations if by_operation else None)


def read_rows(start):
    """Return the cells of the rows of the page that begin so."""
    lines = PAGE.read_text(encoding="utf8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith(start)]


@pytest.mark.parametrize(("chain", "d_max", "d_rel", "d_rel_hard"), [(row[0], *row[2:]) for row in TABLE])
def test_demonstration_of_section_4_8(chain, d_max, d_rel, d_rel_hard):
    """Half and seven eighths of the licences not in time, all controls in force."""
    found = measure(chain, 0.50)
    assert found.d_max == pytest.approx(d_max, abs=1e-3)
    assert found.d_rel == pytest.approx(d_rel, abs=1e-3)
    assert measure(chain, 0.87).d_rel == pytest.approx(d_rel_hard, abs=1e-3)


@pytest.mark.parametrize(("chain", "d_avg"), [row[:2] for row in TABLE])
def test_the_averages_of_section_4_8_weigh_operations_and_ours_weigh_blocks(chain, d_avg):
    assert measure(chain, 0.50, by_operation=True).d_avg == pytest.approx(d_avg, abs=6e-4)
    assert measure(chain, 0.50).d_avg == pytest.approx(BY_BLOCK[chain])


def test_the_page_tells_every_average_that_differs_and_the_figures_are_these():
    told = {row[0].split("`")[1]: [float(cell) for cell in row[1:3]] for row in read_rows("| `") if "D_avg" in row[0]}
    assert {chain: old for chain, (old, _) in told.items()} == {chain: d_avg for chain, d_avg, *_ in TABLE}
    for chain, (_, new) in told.items():
        assert new == pytest.approx(measure(chain, 0.50).d_avg, abs=5.1e-5), chain


def test_the_page_tells_the_chances_of_refusal_that_the_layer_holds(layers):
    terms = read_terms(layers["licence_params"])
    rows = terms[terms["state"] == "in_force"].set_index(["kind", "profile"])["p"]
    told = {row[0]: row[1:] for row in read_rows("| ") if row[0] in set(terms["kind"])}
    assert {kind for kind, _ in rows.index} == set(told)
    for kind, cells in told.items():
        assert [float(cell) for cell in cells] == pytest.approx([1.0 - rows[kind, profile] for profile in "ABCD"], abs=5e-4), kind


@pytest.mark.parametrize("chain", sorted(set(CHAINS) - {"antimony-metal-trioxide"}))
def test_the_layers_carry_the_inputs_of_section_4_8(layers, chain):
    blocks = list_blocks(layers)
    blocks = blocks[blocks["stage_id"] == chain]
    sizes = layers["operations"].query("stage_id == @chain").groupby("block_id").size()
    found = sorted(zip(blocks["block_id"].map(sizes), blocks["s"].fillna(0.0), blocks["sigma"], strict=True))
    assert found == sorted((operations, share, sigma) for operations, _, share, sigma in CHAINS[chain])


def test_antimony_keeps_its_inputs_and_its_gold_step_is_a_block_of_its_own(layers):
    blocks = list_blocks(layers).set_index(["stage_id", "block_id"]).loc["antimony-metal-trioxide"]
    assert blocks.loc[["SBFU", "SBAU"], "s"].tolist() == [0.78, 0.78]
    assert blocks.loc[["SBFU", "SBAU"], "sigma"].tolist() == [0.75, 0.75]


def test_five_blocks_apart_and_under_one_shock():
    """Section 4.4: five controlled blocks at b = 0.25 give 0.76 apart and 0.25 under one common shock."""
    ones = [1.0] * 5
    apart = measure_dependency([0.25] * 5, ones, [0.0] * 5)
    assert apart.d_rel == pytest.approx(0.76, abs=5e-3)
    assert measure_common_shock(apart.q, [1.0]) == pytest.approx(0.25)
    shock = measure_dependency([ones, [0.0] * 5], ones, [0.0] * 5, probability=[0.25, 0.75])
    assert shock.d_rel == pytest.approx(0.25)


def test_with_certain_refusal_and_no_substitute_the_average_is_one_less_the_material_cost_ratio():
    """Section 5: b = 1, sigma = 0, s in {0, 1} and direct-cost weights give D_avg = Y / X = 1 - (X - Y) / X."""
    cost, foreign = np.array([40.0, 35.0, 25.0]), np.array([1.0, 0.0, 1.0])
    ratio = (cost.sum() - cost @ foreign) / cost.sum()
    found = measure_dependency([1.0] * 3, foreign, [0.0] * 3, weights=cost)
    assert found.d_avg == pytest.approx(1.0 - ratio)


@pytest.mark.parametrize(("rate", "lost"), [(0.08, 0.0064), (0.10, 0.0079), (0.15, 0.0116)])
def test_what_a_month_of_delay_costs(rate, lost):
    """Section 4.6: share of the present value of operations, per month."""
    assert float(lose_value(1.0, rate_frac=rate)) == pytest.approx(lost, abs=5e-5)


def test_what_a_year_of_delay_costs_in_terms_of_capital_cost():
    """Section 4.6: 13.6 % of the capital cost at a present value of 1.5 times it and 10 % a year."""
    assert 1.5 * float(lose_value(12.0, rate_frac=0.10)) == pytest.approx(0.136, abs=5e-4)


@pytest.mark.parametrize(
    ("months", "premium", "told"),
    [(12.0, 1.5, (0.10, 0.18, 0.73)), (12.0, 2.4, (0.28, 0.51, None)), (30.0, 1.5, (0.04, 0.08, 0.31))],
)
def test_the_buy_rule_of_section_4_6(months, premium, told):
    """Shares of the item in the capital cost: 2.7 % (a kiln), 5 % and 20 %; None = never."""
    found = break_even_refusal(months, premium, capex_share_frac=np.array([0.027, 0.05, 0.20]), **PLANT)
    for b, expected in zip(found, told, strict=True):
        assert b > 1.0 if expected is None else b == pytest.approx(expected, abs=5e-3)
