"""Weights from comparisons in pairs, and whether the comparisons agree with each other."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geokit.core.errors import AssumptionError
from geokit.scoring.scaling import Array

RANDOM_INDEX: Mapping[str, Mapping[int, float]] = {
    "saaty-1980": dict(enumerate((0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59), start=1)),
    "saaty-2005": dict(enumerate((0.0, 0.0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45), start=1)),
    "donegan-dodd-1991": dict(enumerate((0.0, 0.0, 0.4914, 0.8286, 1.0591, 1.1797, 1.2519), start=1)),
}
"""Mean consistency index of random matrices by their size. The tables differ, so near the limit the verdict can depend on which is
used: Saaty (1980), The analytic hierarchy process, McGraw-Hill; Saaty (2005), Theory and applications of the analytic network process,
RWS; Donegan and Dodd (1991), A note on Saaty's random indexes, Mathematical and Computer Modelling 15(10), 135-137."""

LIMIT = 0.10
"""Comparisons with a larger consistency ratio are to be made again (Saaty 1980)."""
SLACK = 1e-6
"""A reciprocal may miss by rounding, relative."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Weights from comparisons in pairs, with how far these contradict each other.

    Attributes
    ----------
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,).
    largest_eigenvalue : float
        Of the matrix; equal to its size if the comparisons are consistent.
    consistency_index, consistency_ratio : float
        Excess of the eigenvalue a degree of freedom, and its share of that of random matrices.
    random_index : str
        Name of the table of random matrices.
    """

    weights: Array
    largest_eigenvalue: float
    consistency_index: float
    consistency_ratio: float
    random_index: str

    @property
    def is_consistent(self) -> bool:
        """Return whether the ratio is within :data:`LIMIT`."""
        return self.consistency_ratio <= LIMIT

    def __repr__(self) -> str:
        """Return the ratio, its table and the verdict."""
        verdict = "consistent" if self.is_consistent else f"above {LIMIT:.2f}: compare again"
        return f"Comparison: consistency ratio {self.consistency_ratio:.4f} by the table {self.random_index}, {verdict}"


def weigh_pairs(matrix: Array, *, random_index: str = "saaty-1980") -> Comparison:
    r"""Return the principal eigenvector of a matrix of comparisons as weights.

    .. math:: A w = \lambda_{max} w, \quad CI = \frac{\lambda_{max} - n}{n - 1}, \quad CR = CI / RI_n

    Parameters
    ----------
    matrix : numpy.ndarray
        How many times as important the row is as the column, shape (criterion, criterion), reciprocal.
    random_index : str
        A table of :data:`RANDOM_INDEX`.

    Returns
    -------
    Comparison
        Weights and consistency; one or two criteria are always consistent.

    Raises
    ------
    AssumptionError
        If the matrix is not square, positive and reciprocal, or the table does not reach its size.

    References
    ----------
    Saaty (2008), Decision making with the analytic hierarchy process. International Journal of Services Sciences 1, 83-98.
    """
    table, size = RANDOM_INDEX.get(random_index, {}), len(matrix)
    if size not in table:
        reach = {name: max(sizes) for name, sizes in RANDOM_INDEX.items()}
        msg = f"no random index for {size} criteria in {random_index!r}; tables and their largest size: {reach}; compare within groups"
        raise AssumptionError(msg)
    _check_reciprocal(matrix)
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    weights, largest = np.abs(vectors[:, first].real), float(values[first].real)
    index = max(largest - size, 0.0) / (size - 1) if size > 2 else 0.0
    return Comparison(weights / weights.sum(), largest, index, index / table[size] if size > 2 else 0.0, random_index)


def fill_matrix(names: Sequence[str], pairs: Mapping[tuple[str, str], float]) -> Array:
    """Return the matrix of comparisons from one judgement a pair.

    Parameters
    ----------
    names : sequence of str
        The criteria in the order wanted.
    pairs : mapping of (str, str) to float
        How many times as important the first is as the second, one way round for every pair.

    Returns
    -------
    numpy.ndarray
        Shape (criterion, criterion), reciprocal, ones on the diagonal.

    Raises
    ------
    AssumptionError
        With every pair that is unknown, wanting or given both ways: a comparison that nobody made is not guessed.
    """
    told = _find_wrong_pairs(names, [tuple(sorted(pair)) for pair in pairs])
    if told:
        msg = f"comparisons of {list(names)}: {told}; give each pair once"
        raise AssumptionError(msg)
    matrix = np.ones((len(names), len(names)))
    for (one, other), times in pairs.items():
        row, column = names.index(one), names.index(other)
        matrix[row, column], matrix[column, row] = times, 1.0 / times if times else np.inf
    return matrix


def _find_wrong_pairs(names: Sequence[str], given: Sequence[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    """Return the pairs that break a rule, by rule."""
    wanted: set[tuple[str, ...]] = set(itertools.combinations(sorted(names), 2))
    problems: dict[str, set[tuple[str, ...]]] = {
        "not compared": wanted - set(given), "not known": set(given) - wanted,
        "given twice": {pair for pair in wanted if given.count(pair) > 1},
    }  # fmt: skip
    return {rule: sorted(found) for rule, found in problems.items() if found}


def _check_reciprocal(matrix: Array) -> None:
    """Refuse a matrix that holds no comparisons."""
    square = matrix.ndim == 2 and matrix.shape[0] == matrix.shape[1]
    sound = square and bool(np.isfinite(matrix).all()) and bool((matrix > 0).all())
    if not sound or not np.allclose(matrix * matrix.T, 1.0, rtol=SLACK, atol=SLACK):
        msg = f"comparisons {matrix.tolist()} must be square, above zero and reciprocal: a[i, j] = 1 / a[j, i]"
        raise AssumptionError(msg)
