"""How far the order of one case stands when weights, facts, methods and the set itself move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geokit.scoring.agreement import compare_methods, find_reversals, rank_methods
from geokit.scoring.by_method import METHODS, bound_by, score_by
from geokit.scoring.dominance import find_efficient
from geokit.scoring.draws import prepare_draws
from geokit.scoring.drivers import find_drivers
from geokit.scoring.flips import list_flips
from geokit.scoring.join import Rows
from geokit.scoring.ranking import Ranking
from geokit.scoring.scaling import Array
from geokit.scoring.screen import WITH_RANK
from geokit.scoring.simplex import GivenDraws, StatedOrder
from geokit.scoring.smaa import Acceptability, accept_ranks
from geokit.scoring.weights import Weights

LEADERS = 10
"""How many rows from the top are compared in pairs, asked for what drives them, and how many left out are tried as newcomers."""


@dataclass(frozen=True, eq=False)
class Stress:
    """What holds and what gives.

    Attributes
    ----------
    case_id : str
        As in ``partner/track/on``.
    acceptability : pandas.DataFrame
        One row an alternative with a rank: ``rank``, ``alternative``, ``first_frac`` and its bounds ``first_frac_low`` and
        ``first_frac_high``, ``top_five_frac``, ``mean_rank``, ``efficient`` (``surely``, ``possibly``, ``no``).
    central_weights : pandas.DataFrame
        Mean weights with which each alternative comes first, alternatives in rows, criteria in columns; only those that ever do.
    wins : pandas.DataFrame
        Share of draws in which the row stands above the column, for the leaders.
    flips : pandas.DataFrame
        As :func:`geokit.scoring.flips.list_flips` returns them.
    methods : pandas.DataFrame
        As :func:`rank_by_method` returns them.
    agreement : pandas.DataFrame
        Kendall's tau of every two methods.
    reversals : pandas.DataFrame
        As :func:`geokit.scoring.agreement.find_reversals` returns them, for all methods.
    drivers : pandas.DataFrame
        As :func:`geokit.scoring.drivers.find_drivers` returns them.
    samples : int
        Number of draws.
    """

    case_id: str
    acceptability: pd.DataFrame = field(repr=False)
    central_weights: pd.DataFrame = field(repr=False)
    wins: pd.DataFrame = field(repr=False)
    flips: pd.DataFrame = field(repr=False)
    methods: pd.DataFrame = field(repr=False)
    agreement: pd.DataFrame = field(repr=False)
    reversals: pd.DataFrame = field(repr=False)
    drivers: pd.DataFrame = field(repr=False)
    samples: int


def stress_ranking(
    ranking: Ranking, case_id: str, *, order: StatedOrder | GivenDraws, samples: int = 10_000, seed: int | None = None
) -> Stress:
    """Move weights, facts, methods and the set, and count what changes in one case.

    Parameters
    ----------
    ranking : Ranking
        As ranked.
    case_id : str
        As in ``partner/track/on``.
    order : StatedOrder or GivenDraws
        What is said about the weights of the partner.
    samples : int
        Number of draws.
    seed : int, optional
        Seed of the draws; that of the assumptions when not given.

    Returns
    -------
    Stress
        Over the alternatives that carry a rank; empty tables if none does.

    Raises
    ------
    UnknownNameError
        If the case is not in the grid.
    """
    joined, index = ranking.joined, ranking.joined.index_of(case_id)
    places, others = _find_rows(ranking, case_id)
    names, weights = joined.alternatives["alternative"].to_numpy()[places], _read_weights(ranking, index)
    values, criteria = joined.values(index), [one.criterion_id for one in joined.criteria]
    chosen = np.zeros(len(values), dtype=bool)
    chosen[places] = True
    seed = ranking.assumptions.seed if seed is None else seed
    facts = prepare_draws(joined, index, chosen, counts=np.ones(len(criteria), dtype=bool), seed=seed)
    by_place = np.argsort(np.argsort(places))
    leaders = by_place[:LEADERS]
    found = accept_ranks(order, facts, samples=samples, leaders=leaders)
    v = values[places]
    newcomers = dict(zip(joined.alternatives["alternative"].to_numpy()[others], values[others], strict=True))
    central = pd.DataFrame(found.central_weights[by_place], names, criteria).dropna()
    return Stress(
        case_id=case_id,
        acceptability=_list_acceptability(found, by_place, names).assign(efficient=_judge_efficient(ranking, index, places)),
        central_weights=central.loc[:, (central > 0).any()],
        wins=pd.DataFrame(found.win_frac, names[:LEADERS], names[:LEADERS]),
        flips=list_flips(v, weights, criteria=criteria, alternatives=list(names)).query("weight > 0").reset_index(drop=True),
        methods=rank_by_method(ranking, case_id),
        agreement=compare_methods(rank_methods(v, weights)),
        reversals=find_reversals(v, weights, alternatives=list(names), added=newcomers),
        drivers=find_drivers(joined, order, facts, leaders=leaders, samples=samples),
        samples=samples,
    )  # fmt: skip


def rank_by_method(ranking: Ranking, case_id: str, *, methods: Sequence[str] = tuple(METHODS)) -> pd.DataFrame:
    """Return the order of one case by each method, with bounds.

    Parameters
    ----------
    ranking : Ranking
        As ranked.
    case_id : str
        As in ``partner/track/on``.
    methods : sequence of str
        Names in :data:`geokit.scoring.by_method.METHODS`.

    Returns
    -------
    pandas.DataFrame
        One row a method and alternative with a rank, best first: ``method``, ``rank``, ``alternative``, ``score`` (what the known
        cells prove, 0-1), ``bound_low``, ``bound_high`` (ranges at their ends, missing cells at worst and best).

    Raises
    ------
    UnknownNameError
        If the case is not in the grid or a method does not exist.
    """
    index = ranking.joined.index_of(case_id)
    places, weights = np.sort(_find_rows(ranking, case_id)[0]), _read_weights(ranking, index)
    low, v, high = (ranking.joined.values(index, end)[places] for end in ("v_low", "v", "v_high"))
    tables = [
        pd.DataFrame({
            "method": name, "rank": rank_methods(v, weights, methods=[name])[name],
            "alternative": ranking.joined.alternatives["alternative"].to_numpy()[places], "score": score_by(v, weights, method=name),
            "bound_low": bounds[0], "bound_high": bounds[1],
        }).sort_values("rank")
        for name, bounds in ((name, bound_by(low, high, weights, method=name)) for name in methods)
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def _find_rows(ranking: Ranking, case_id: str) -> tuple[Rows, Rows]:
    """Return the places of the rows with a rank, best first, and of the best of those without."""
    rows = ranking.table[ranking.table["case_id"] == case_id]
    ranked = rows[rows["status"].isin(WITH_RANK)].sort_values("rank")["alternative"]
    rest = rows[~rows["status"].isin(WITH_RANK)].sort_values("score", ascending=False, kind="stable")["alternative"]
    return ranking.joined.places_of(ranked.tolist()), ranking.joined.places_of(rest.head(LEADERS).tolist())


def _read_weights(ranking: Ranking, index: int) -> Array:
    """Return the weights of a case in the order of the criteria, shape (criterion,)."""
    weights: Weights = ranking.weights[ranking.joined.cases[index].partner]
    return np.array([weights.get(one.criterion_id, 0.0) for one in ranking.joined.criteria])


def _list_acceptability(found: Acceptability, by_place: Rows, names: Array) -> pd.DataFrame:
    """Return the shares of draws, one row an alternative, best first."""
    return pd.DataFrame({
        "rank": np.arange(1.0, len(names) + 1.0), "alternative": names, "first_frac": found.rank_frac[by_place, :1].sum(axis=1),
        "first_frac_low": found.first_frac_low[by_place], "first_frac_high": found.first_frac_high[by_place],
        "top_five_frac": found.rank_frac[by_place, :5].sum(axis=1), "mean_rank": found.mean_rank[by_place],
    })  # fmt: skip


def _judge_efficient(ranking: Ranking, index: int, places: Rows) -> Array:
    """Return whether each row is undominated: surely, possibly or not, under the criteria that carry weight."""
    counts = _read_weights(ranking, index) > 0
    ends = [ranking.joined.values(index, end)[places][:, counts] for end in ("v_low", "v_high")]
    surely, possibly = find_efficient(*ends)
    return np.select([surely, possibly], ["surely", "possibly"], "no")
