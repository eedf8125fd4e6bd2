"""The smallest change of one weight that puts another alternative first, exactly: the weighted sum is a straight line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geokit.scoring.methods import DECIMALS
from geokit.scoring.scaling import Array

COLUMNS = ["criterion_id", "weight", "weight_below", "winner_below", "weight_above", "winner_above", "change"]


def find_flip(scores: Array, ends: Array) -> tuple[float, int]:
    r"""Return how far along a straight path of the weights the first stays first, and who follows.

    Scores run from :math:`s_a` to :math:`e_a` as the step goes from 0 to 1, so row b draws level with the first at

    .. math:: t_b = \frac{s_1 - s_b}{(s_1 - s_b) + (e_b - e_1)} \quad\text{if } e_b > e_1

    Parameters
    ----------
    scores, ends : numpy.ndarray
        Scores at the start and at the end of the path, shape (alternative,), at least one.

    Returns
    -------
    tuple of float and int
        Step 0-1 beyond which another is first, and its place (the steeper, then the earlier if several draw level together);
        infinity and -1 if none ever is.
    """
    first = int(np.argmax(scores))
    behind, gain = scores[first] - scores, ends - ends[first]
    passes = np.flatnonzero(np.round(gain, DECIMALS) > 0)
    if not len(passes):
        return np.inf, -1
    steps = behind[passes] / (behind[passes] + gain[passes])
    order = np.lexsort((-gain[passes], np.round(steps, DECIMALS)))
    return float(steps[order[0]]), int(passes[order[0]])


def list_flips(v: Array, weights: Array, *, criteria: Sequence[str], alternatives: Sequence[str]) -> pd.DataFrame:
    """Return for each criterion how far its weight may move, the others keeping their proportions, before the winner changes.

    Parameters
    ----------
    v : numpy.ndarray
        Values 0-1, shape (alternative, criterion); a missing cell (NaN) earns nothing.
    weights : numpy.ndarray
        Weights that sum to one, shape (criterion,).
    criteria : sequence of str
        Ids of the criteria.
    alternatives : sequence of str
        Ids of the alternatives that carry a rank.

    Returns
    -------
    pandas.DataFrame
        One row a criterion, the smallest change first: ``criterion_id``, ``weight``, ``weight_below`` and ``weight_above`` (the
        winner changes beyond; NaN = never), ``winner_below``, ``winner_above`` (blank = nobody) and ``change``, the smaller of
        the two distances (NaN = no weight of this criterion changes the winner).
    """
    known = np.nan_to_num(v, nan=0.0)
    scores = known @ weights
    rows = [_find_both(scores, known[:, place], weights[place]) for place in range(len(criteria) if len(known) else 0)]
    names = ["", *alternatives]
    table = pd.DataFrame(rows, columns=["weight", "weight_below", "below", "weight_above", "above"]).astype({"below": int, "above": int})
    table.insert(0, "criterion_id", pd.Series(list(criteria)[: len(rows)], dtype=object))
    for side in ("below", "above"):
        table[f"winner_{side}"] = [names[place + 1] for place in table[side]]
    distances = table[["weight_below", "weight_above"]].sub(table["weight"], axis=0).abs()
    return table.assign(change=distances.min(axis=1)).sort_values("change", kind="stable", ignore_index=True)[COLUMNS]


def _find_both(scores: Array, own: Array, weight: float) -> tuple[float, float, int, float, int]:
    """Return the weight, and on either side the weight at which the winner changes and who follows."""
    others = (scores - weight * own) / (1.0 - weight) if weight < 1.0 else scores
    down, up = find_flip(scores, others), find_flip(scores, own)
    below = weight * (1.0 - down[0]) if down[1] >= 0 else np.nan
    above = weight + (1.0 - weight) * up[0] if up[1] >= 0 else np.nan
    return weight, below, down[1], above, up[1]
