"""Political states as the room of dependency draws them: how late a plant comes and how dear it is in each (model rules M11, M13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from geokit.economics.bands import Floats

Places = npt.NDArray[np.intp]
PREMIUM = ["factor_low", "factor", "factor_high"]
HARSHER = ("revoked", "suspended", "in_force", "tightened")
"""Controls from the kindest to the harshest."""


@dataclass(frozen=True)
class States:
    """What the political states mean for plants, draw by draw; the same draw of all plants belongs together.

    Attributes
    ----------
    names : tuple of str
        The states.
    controls : tuple of str
        What each makes of the controls: ``revoked``, ``suspended``, ``in_force`` or ``tightened``; it sets the price.
    probability : numpy.ndarray
        Of each state, shape (states,), sum 1.
    delay_months, capex_factor : numpy.ndarray
        Delay of the plant and its capital cost over that without controls, shape (plants, states, draws).
    plants : mapping of (str, str) to int
        Place of each (partner, alternative) among the plants; one that is not named knows no controls.
    """

    names: tuple[str, ...] = ("none",)
    controls: tuple[str, ...] = ("suspended",)
    probability: Floats = field(default_factory=lambda: np.ones(1))
    delay_months: Floats = field(default_factory=lambda: np.zeros((0, 1, 1)))
    capex_factor: Floats = field(default_factory=lambda: np.ones((0, 1, 1)))
    plants: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def likeliest(self) -> int:
        """Return the place of the state with the largest probability."""
        return int(np.argmax(self.probability))

    def find(self, rows: pd.DataFrame) -> Places:
        """Return the place of each row (columns ``partner`` and ``alternative``) in the arrays of :meth:`pad`."""
        keys = zip(rows["partner"], rows["alternative"], strict=True)
        return np.array([self.plants.get(key, -1) for key in keys], dtype=np.intp)

    def pad(self) -> tuple[Floats, Floats]:
        """Return delay and factor with a last plant that no controls touch."""
        shape = (1, *self.delay_months.shape[1:])
        return np.concatenate([self.delay_months, np.zeros(shape)]), np.concatenate([self.capex_factor, np.ones(shape)])

    def pick(self, uniform: Floats) -> Places:
        """Return the state of each draw from uniform figures; from the kindest controls to the harshest, so that it can be ranked."""
        order = np.argsort([HARSHER.index(name) for name in self.controls], kind="stable")
        return np.asarray(order[np.searchsorted(np.cumsum(self.probability[order])[:-1], uniform, side="right")])


def price_factors(layer: pd.DataFrame, controls: Sequence[str]) -> dict[str, Floats]:
    """Return what each political state makes of a price, over its latest quote.

    Parameters
    ----------
    layer : pandas.DataFrame
        The layer ``price_states``.
    controls : sequence of str
        What each state makes of the controls.

    Returns
    -------
    dict of str to numpy.ndarray
        By ``price_id``; low, mode and high by state, shape (states, 3). A price without a row is the same in every state.
    """
    known = layer.set_index(["price_id", "state"])[PREMIUM]
    return {
        str(price): np.array([known.loc[(price, state)] if (price, state) in known.index else (1.0, 1.0, 1.0) for state in controls])
        for price in layer["price_id"].unique()
    }
