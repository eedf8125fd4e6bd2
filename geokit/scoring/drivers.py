"""The uncertain figures and weights that decide who leads, named in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geokit.scoring.draws import FactDraws, Moving
from geokit.scoring.join import Joined, Rows
from geokit.scoring.scaling import Array
from geokit.scoring.sensitivity import find_first_order, find_noise, find_pawn
from geokit.scoring.simplex import GivenDraws, StatedOrder
from geokit.scoring.smaa import BLOCK_CELLS, score_block, split_draws

COLUMNS = ["what", "kind", "criterion_id", "pawn", "first_order", "shown"]
NAMED = 5


def find_drivers(joined: Joined, order: StatedOrder | GivenDraws, facts: FactDraws, *, leaders: Rows, samples: int) -> pd.DataFrame:
    """Return how much each weight and each uncertain fact moves the lead of the first over the best of the other leaders.

    Facts are drawn independently of each other and of the weights and get a Sobol index beside the PAWN index; cells with one
    cause are one fact. Weights sum to one, so a Sobol index of theirs would say nothing and is left blank.

    Parameters
    ----------
    joined : Joined
        The cells, for their names.
    order : StatedOrder or GivenDraws
        What is said about the weights.
    facts : FactDraws
        The alternatives that carry a rank.
    leaders : numpy.ndarray
        Places of the leaders among them, the first first.
    samples : int
        Number of draws; the inputs of all of them are held at once.

    Returns
    -------
    pandas.DataFrame
        ``what`` (in words), ``kind`` (``weight`` or ``fact``), ``criterion_id``, ``pawn``, ``first_order`` (NaN for a weight) and
        ``shown`` (whether the PAWN index stands out of the noise), the strongest first; empty for fewer than two leaders.
    """
    if len(leaders) < 2:
        return pd.DataFrame(columns=COLUMNS)
    weights, values, lead = _draw(order, facts, leaders=leaders, samples=samples)
    moves = np.ptp(weights, axis=0) > 0
    names = [(f"the weight of {one.name}", "weight", one.criterion_id) for one, kept in zip(joined.criteria, moves, strict=True) if kept]
    own = [_pick_causes(moving, leaders) for moving in facts.moving]
    for moving, cells in zip(facts.moving, own, strict=True):
        names += [(name_cause(joined, moving, int(cell)), "fact", moving.criterion.criterion_id) for cell in cells]
    drawn = np.hstack([np.empty((samples, 0)), *(value[:, cells] for value, cells in zip(values, own, strict=True))])
    inputs = np.hstack([weights[:, moves], drawn])
    blank = np.full(int(moves.sum()), np.nan)
    table = pd.DataFrame(names, columns=COLUMNS[:3])
    table = table.assign(pawn=find_pawn(inputs, lead), first_order=np.concatenate([blank, find_first_order(drawn, lead)]))
    table["shown"] = table["pawn"] > find_noise(samples)
    return table.sort_values(["pawn", "what"], ascending=[False, True], ignore_index=True)[COLUMNS]


def name_drivers(drivers: pd.DataFrame) -> list[str]:
    """Return the figures that matter most, in words: at most five, none that noise could explain.

    Parameters
    ----------
    drivers : pandas.DataFrame
        As :func:`find_drivers` returns them.

    Returns
    -------
    list of str
        The strongest first.
    """
    return [str(what) for what in drivers.loc[drivers["shown"].astype(bool), "what"].head(NAMED)]


def name_cause(joined: Joined, moving: Moving, cell: int) -> str:
    """Return an uncertain fact in words: the criterion, and the stage, place and partner that all cells of its cause have in common."""
    alike = joined.table.loc[moving.cells[moving.causes == moving.causes[cell]], ["stage_id", "site_id", "partner"]]
    shared = (set(alike[key]) for key in alike)
    where = [f"{word} {name}" for word, (name, *others) in zip(("of", "at", "for"), shared, strict=True) if name and not others]
    return " ".join([moving.criterion.name, *where])


def _pick_causes(moving: Moving, leaders: Rows) -> Rows:
    """Return one cell of each cause that moves a leader: the others of that cause rise and fall with it."""
    cells = np.unique(moving.shared[np.isin(moving.touched, leaders)])
    return cells[np.unique(moving.causes[cells], return_index=True)[1]]


def _draw(order: StatedOrder | GivenDraws, facts: FactDraws, *, leaders: Rows, samples: int) -> tuple[Array, list[Array], Array]:
    """Return the weights, the values of the moving cells and the lead of the first leader, draw by draw."""
    rng = np.random.default_rng(np.random.SeedSequence(facts.seed))
    counts = list(split_draws(samples, max(1, BLOCK_CELLS // len(facts.proven))))
    drawn: list[tuple[Array, list[Array], Array]] = []
    for count, values in zip(counts, facts.blocks(iter(counts)), strict=True):
        weights = order.draw(count, rng=rng)
        score = score_block(weights, facts, values)[0][:, leaders]
        drawn.append((weights, values, score[:, 0] - score[:, 1:].max(axis=1)))
    cells = [np.vstack([values[place] for _, values, _ in drawn]) for place in range(len(facts.moving))]
    return np.vstack([weights for weights, _, _ in drawn]), cells, np.concatenate([lead for *_, lead in drawn])
