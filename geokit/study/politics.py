"""What the political states mean for the money: the draws of dependency, as the economics read them (model rules M11, M13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geokit.core.codes import Kind, Track
from geokit.dependency.assess import Dependency
from geokit.economics.bands import Floats
from geokit.economics.states import States

BUILT = (Kind.PLANT, Kind.ABROAD)


def lay_states(
    layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, dependency: Dependency, *, profiles: Mapping[tuple[str, str], str]
) -> States:
    """Return delay and dearer equipment of every plant in each political state that practice leaves open.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs ``regimes``.
    alternatives : pandas.DataFrame
        What is compared.
    dependency : Dependency
        With the draws of each legal track.
    profiles : mapping of (str, str) to str
        End-user profile of each (alternative, partner).

    Returns
    -------
    States
        Of the track of practice, for the text mixes nothing; states without a probability only widen bounds and are left out.
    """
    solved = dependency.solved[Track.PRACTICE if Track.PRACTICE in dependency.solved else Track.TEXT]
    likely = [place for place, one in enumerate(solved.outcomes) if one.probability > 0.0]
    names = [solved.outcomes[place].regime_id for place in likely]
    controls = layers["regimes"].drop_duplicates("regime_id").set_index("regime_id")["state"]
    stages = alternatives[alternatives["kind"].isin(BUILT)].set_index("alternative")["stage_id"].to_dict()
    plants = {
        (partner, alternative): (stages[alternative], profile)
        for (alternative, partner), profile in profiles.items()
        if alternative in stages and (stages[alternative], profile) in solved.waits
    }
    order = {key: place for place, key in enumerate(dict.fromkeys(plants.values()))}
    figures = _stack([solved.waits[key][:, likely] for key in order], len(likely))
    return States(
        names=tuple(names),
        controls=tuple(controls.get(name, "suspended") for name in names),
        probability=np.array([solved.outcomes[place].probability for place in likely]),
        delay_months=figures[0],
        capex_factor=figures[1],
        plants={pair: order[key] for pair, key in plants.items()},
    )


def _stack(drawn: Sequence[Floats], states: int) -> Floats:
    """Return draws of delay and dearer equipment side by side, shape (2, plant, state, draw); a plant without draws repeats its figure."""
    longest = max((one.shape[2] for one in drawn), default=1)
    whole = [np.broadcast_to(one, (2, states, longest)) for one in drawn]
    return np.stack(whole, axis=1) if whole else np.zeros((2, 0, states, 1))
