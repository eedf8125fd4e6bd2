"""The chance that a line is blocked by the law of a supplier country, and by either law (model rule M8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geokit.dependency.index import Array
from geokit.dependency.regime import Outcome, bound_mean
from geokit.dependency.substitutes import need_licence

Columns = Mapping[str, NDArray[Any]]
ENDS = {
    "low": ("sigma_high", "process_sigma_high", "lost_low", "rest_needed"),
    "mode": ("sigma", "process_sigma", "lost", "rest_needed"),
    "high": ("sigma_least", "process_sigma_least", "lost_most", "rest_open"),
}
"""Which columns of the blocks make the kind end, the middle and the harsh end."""


def refuse_either(
    b: ArrayLike, s: ArrayLike, sigma: ArrayLike, *, lost: ArrayLike, needs: ArrayLike, process: ArrayLike = 0.0
) -> tuple[Array, Array]:
    r"""Return the chance that a block is lost to its supplier's own country, and to that or China, if neither stands in for the other.

    .. math::

        q^S_g = \rho_g t_g (1 - \sigma^p_g), \quad
        q^E_{gz} = \bigl[ b_{gz} s_g (1 - \sigma'_g)
        + \rho_g \bigl( t_g - (s_g + t_g - 1)^+ b_{gz} (1 - \sigma'_g) \bigr) \bigr] (1 - \sigma^p_g)

    Parameters
    ----------
    b : array_like
        Shape (states, blocks): chance that a Chinese supply is refused, 0-1.
    s, sigma : array_like
        Shape (blocks,): chance that the supply is Chinese (NaN = unknown), and how far another one does its duty, 0-1.
    lost : array_like
        Shape (blocks,): chance :math:`\rho_g` that a licence of the supplier's own country is refused and no vendor that needs none is
        known, 0-1; NaN = unknown.
    needs : array_like
        Shape (blocks,): part of the supply :math:`t_g` that needs such a licence, 0-1; NaN = unknown.
    process : array_like, optional
        Shape (blocks,): how far another process that no clause binds makes the same product, 0-1.

    Returns
    -------
    (numpy.ndarray, numpy.ndarray)
        Shapes (blocks,) and (states, blocks). An order goes to one vendor, so the two refusals exclude each other, but for the part
        :math:`(s_g + t_g - 1)^+` that is ordered from both. The second is never below the first, nor below the chance of
        :func:`geokit.dependency.index.measure_dependency`, in which whoever is refused elsewhere may still buy in China:
        they differ by :math:`\rho_g t_g (1 - b_{gz}) (1 - \sigma^p_g)`.
    """
    refused, share, rho, part = (np.asarray(figures, dtype=float) for figures in (b, s, lost, needs))
    own = np.where((rho == 0.0) | (part == 0.0), 0.0, rho * part)
    chinese = np.where(refused == 0.0, 0.0, refused * (1.0 - np.asarray(sigma, dtype=float)))
    both = np.where((own == 0.0) | (chinese == 0.0), 0.0, rho * np.maximum(share + part - 1.0, 0.0) * chinese)
    left = 1.0 - np.asarray(process, dtype=float)
    return own * left, (np.where(chinese == 0.0, 0.0, chinese * share) + own - both) * left


def measure_two_sided(own: Columns, grid: Mapping[str, Array], outcomes: Sequence[Outcome]) -> dict[str, float]:
    r"""Return the chance that a line is blocked by a supplier country alone, and by either law, with their bounds.

    .. math:: D_S = 1 - \prod_g (1 - q^S_g), \quad D_E = \sum_z \pi_z \Bigl[ 1 - \prod_g (1 - q^E_{gz}) \Bigr]

    Parameters
    ----------
    own : mapping of str to numpy.ndarray
        Columns of the blocks of one stage, as :func:`geokit.dependency.substitutes.limit_substitutes` returns.
    grid : mapping of str to numpy.ndarray
        ``b_low``, ``b``, ``b_high``, each of shape (states, blocks): chance that the Chinese supply is refused.
    outcomes : sequence of Outcome
        Political states.

    Returns
    -------
    dict of str to float
        ``d_rel_supplier``, ``d_rel_either`` and the ends of both, 0-1; the middle is NaN where a licence of the supplier's own is
        needed and nobody says how often it is refused. At the harsh end every supply, a Chinese one too, needs the licence of a rule that
        follows the goods of its country and counts for the items of the block.
    """
    prior = np.array([one.probability for one in outcomes])
    supplier, either = _block(own, grid["b"], "mode", s="s")
    kind, harsh = ([_block(own, grid[b], end, s=s) for s in ("s_low", "s_high")] for b, end in (("b_low", "low"), ("b_high", "high")))
    least, most = bound_mean(outcomes, np.min([told for _, told in kind], axis=0), np.max([told for _, told in harsh], axis=0))
    middle = float(prior[prior > 0.0] @ either[prior > 0.0])
    return {
        "d_rel_supplier_low": min(told for told, _ in kind),
        "d_rel_supplier": supplier,
        "d_rel_supplier_high": max(told for told, _ in harsh),
        "d_rel_either_low": float(np.fmin(least, middle)),
        "d_rel_either": middle,
        "d_rel_either_high": float(np.fmax(most, middle)),
    }


def _block(own: Columns, b: Array, end: str, *, s: str) -> tuple[float, Array]:
    """Return the chance that the line is blocked by suppliers alone, and by either side in each political state, shape (states,)."""
    sigma, process, lost, rest = (own[name] for name in ENDS[end])
    named = own["own_needed"] + (own["own_open"] if end == "high" else 0.0)
    needs = need_licence(own[s], named, free=own["own_free"], rest=rest)
    needs = np.where(own["own_carried"] & (end == "high"), 1.0, needs)
    told = refuse_either(b, own[s], sigma, lost=lost, needs=needs, process=process)
    supplier, either = (1.0 - np.prod(1.0 - q, axis=-1) for q in told)
    return float(supplier), either
