"""Decision methods, weights and sensitivity indices against the figures of the papers that define or use them."""

from __future__ import annotations

import numpy as np
import pytest

from geokit.scoring.ahp import fill_matrix, weigh_pairs
from geokit.scoring.promethee import promethee
from geokit.scoring.sensitivity import find_first_order
from geokit.scoring.simplex import spread_simplex
from geokit.scoring.spotis import spotis
from geokit.scoring.stakeholders import kendall_w
from geokit.scoring.topsis import topsis
from geokit.scoring.vikor import vikor
from geokit.scoring.weights import weigh_rank_order_centroid


def test_topsis_of_opricovic_and_tzeng():
    """Opricovic and Tzeng (2004), EJOR 156, 445-455: three routes by risk (less is better) and by height, even weights."""
    altitude = np.array([[1.0, 3000.0], [2.0, 3750.0], [5.0, 4500.0]])
    linear = np.column_stack([(5.0 - altitude[:, 0]) / 4.0, (altitude[:, 1] - 3000.0) / 1500.0])
    assert topsis(linear, np.array([0.5, 0.5]), relative=True) == pytest.approx([0.500, 0.617, 0.500], abs=5e-4)


def test_vikor_of_yang_and_wu():
    """Yang and Wu (2020), IEEE Access 8, 21261-21271: five alternatives, four criteria, even weights."""
    matrix = np.array([[78, 56, 34, 6], [4, 45, 3, 97], [18, 2, 50, 63], [9, 14, 11, 92], [85, 9, 100, 29]], dtype=float)
    found = vikor(matrix, np.full(4, 0.25), relative=True)
    assert found == pytest.approx([0.5679, 0.7667, 1.0, 0.7493, 0.0], abs=5e-5)


def test_promethee_of_zhao_peng_and_li():
    """Zhao, Peng and Li (2013), Procedia Computer Science 17, 181-188: three plans, usual criterion."""
    matrix = np.array([[4, 3, 2], [3, 2, 4], [5, 1, 3]], dtype=float)
    assert promethee(matrix, np.array([0.5, 0.3, 0.2])) == pytest.approx([0.1, -0.3, 0.2], abs=1e-12)


def test_spotis_of_dezert_and_others():
    """Dezert, Tchamova, Han and Tacnet (2020), FUSION 2020: four alternatives; of the second criterion less is better."""
    matrix = np.array([[10.5, -3.1, 1.7], [-4.7, 0.0, 3.4], [8.1, 0.3, 1.3], [3.2, 7.3, -5.3]])
    bounds = np.array([[-5.0, 12.0], [-6.0, 10.0], [-8.0, 5.0]])
    found = spotis(matrix, np.array([0.2, 0.3, 0.5]), bounds=bounds, ideal=np.array([12.0, -6.0, 5.0]))
    assert found == pytest.approx([0.1989, 0.3705, 0.3063, 0.7491], abs=5e-5)


@pytest.fixture(scope="module")
def drinks():
    """Saaty (2008), Int. J. Services Sciences 1, 83-98: how much more of one drink than of another is drunk."""
    names = ("coffee", "wine", "tea", "beer", "soda", "milk", "water")
    told = {
        "coffee": {"wine": 9, "tea": 5, "beer": 2, "soda": 1, "milk": 1},
        "water": {"coffee": 2, "wine": 9, "tea": 9, "beer": 3, "soda": 2, "milk": 3},
        "tea": {"wine": 3},
        "beer": {"wine": 9, "tea": 3, "milk": 1},
        "soda": {"wine": 9, "tea": 4, "beer": 2, "milk": 2},
        "milk": {"wine": 9, "tea": 3},
    }
    return names, fill_matrix(names, {(one, other): times for one, row in told.items() for other, times in row.items()})


def test_the_drinks_of_saaty(drinks):
    names, matrix = drinks
    found = weigh_pairs(matrix)
    expected = {"beer": 0.1164, "coffee": 0.1775, "milk": 0.1288, "soda": 0.1896, "tea": 0.0418, "water": 0.3268, "wine": 0.0191}
    assert dict(zip(names, found.weights, strict=True)) == pytest.approx(expected, abs=5e-5)
    assert found.largest_eigenvalue == pytest.approx(7.17663, abs=5e-6)
    assert found.consistency_index == pytest.approx(0.029438, abs=5e-7)
    assert found.is_consistent


@pytest.mark.parametrize(("table", "ratio"), [("saaty-1980", 0.0223), ("saaty-2005", 0.0218), ("donegan-dodd-1991", 0.0235)])
def test_the_ratio_depends_on_the_table_of_random_indices(drinks, table, ratio):
    found = weigh_pairs(drinks[1], random_index=table)
    assert found.consistency_ratio == pytest.approx(ratio, abs=5e-5)
    assert table in repr(found)


def test_concordance_of_three_interviewers():
    """Siegel (1956), Nonparametric statistics, chapter 9: six applicants ranked by three executives, W = 0.16."""
    assert kendall_w(np.array([[1.0, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]])) == pytest.approx(0.162, abs=5e-4)


def test_the_centre_of_the_ordered_simplex_are_the_centroid_weights():
    """Barron and Barrett (1996), Management Science 42, 1515-1523: for four ranks 0.5208, 0.2708, 0.1458, 0.0625."""
    rng, ranks = np.random.default_rng(3), np.array([2.0, 1.0, 4.0, 3.0])
    points = spread_simplex(ranks, *rng.random((2, 40_000, 4)))
    assert points.mean(axis=0) == pytest.approx([0.2708, 0.5208, 0.0625, 0.1458], abs=2e-3)
    assert points.mean(axis=0) == pytest.approx(weigh_rank_order_centroid(ranks), abs=2e-3)


def test_first_order_indices_of_ishigami():
    """Ishigami and Homma (1990): closed form with a = 7, b = 0.1: 0.3139, 0.4424, 0."""
    x = np.random.default_rng(1).uniform(-np.pi, np.pi, (2**16, 3))
    y = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    assert find_first_order(x, y, bins=128) == pytest.approx([0.313905, 0.442411, 0.0], abs=0.006)


def test_first_order_indices_of_the_g_function():
    """Saltelli and Sobol (1995): V_i = 1 / (3 (1 + a_i)^2), V = prod(1 + V_i) - 1; the closed form, not the rounded comment of others."""
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
    x = np.random.default_rng(2).random((2**15, 8))
    y = ((np.abs(4.0 * x - 2.0) + a) / (1.0 + a)).prod(axis=1)
    exact = [0.7161921688790331, 0.17904804221975829, 0.02367577417781928, 0.007161921688790333, *[7.161921688790333e-05] * 4]
    assert find_first_order(x, y) == pytest.approx(exact, abs=0.01)
