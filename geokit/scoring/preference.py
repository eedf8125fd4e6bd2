"""Weights learnt from choices: not one answer, but every answer that the choices leave open."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_ndtr
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from geokit.core.errors import AssumptionError
from geokit.scoring.scaling import Array

SHARPNESS = (10.0, 1.0)
"""Median and spread of the log of how sharply a difference decides before any choice is seen (assumption): at the median an
alternative that is better by 0.1 of the whole scale is chosen in 73 of 100 cases."""
CHAINS = 4


class PreferenceLearner(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn carries no types
    r"""Learn weights from choices between two alternatives.

    .. math:: P(\text{first chosen}) = \frac{1}{1 + e^{-\beta \sum_k w_k (v_{1k} - v_{2k})}}, \quad w \in \text{simplex}

    Before any choice the weights are even on the simplex and :math:`\ln \beta` is normal (:data:`SHARPNESS`). The posterior is
    drawn by elliptical slice sampling, which has no step to tune, from several starts.

    Parameters
    ----------
    samples : int
        Draws kept, over all starts.
    warmup : int
        Draws thrown away at each start.
    seed : int
        Seed of the draws.

    Attributes
    ----------
    posterior_ : numpy.ndarray
        Weights that sum to one, shape (draw, criterion); :class:`geokit.scoring.simplex.GivenDraws` takes them on to the ranks.
    sharpness_ : numpy.ndarray
        :math:`\beta` of each draw, shape (draw,).
    weights_, weights_p10_, weights_p90_ : numpy.ndarray
        Mean and band of the posterior, shape (criterion,).
    r_hat_ : float
        Largest potential scale reduction over the weights; above about 1.05 take more draws.
    classes_ : numpy.ndarray
        The two answers, the one for the first alternative last.
    n_features_in_ : int
        Number of criteria.

    References
    ----------
    Bradley and Terry (1952), Rank analysis of incomplete block designs. Biometrika 39, 324-345. Murray, Adams and MacKay (2010),
    Elliptical slice sampling. AISTATS 9, 541-548. Gelman and Rubin (1992), Inference from iterative simulation using multiple
    sequences. Statistical Science 7, 457-472.
    """

    def __init__(self, *, samples: int = 2000, warmup: int = 200, seed: int = 1) -> None:
        self.samples = samples
        self.warmup = warmup
        self.seed = seed

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:  # noqa: N803 (names of scikit-learn)
        """Draw the weights that the choices leave open.

        Parameters
        ----------
        X : array_like
            Values of the first alternative less those of the second, shape (choice, criterion). A pair of which a cell is missing
            cannot be compared: leave it out.
        y : array_like
            Which was chosen: the larger of two labels (1, True) for the first, the smaller for the second, shape (choice,).

        Returns
        -------
        PreferenceLearner
            Itself.

        Raises
        ------
        ValueError
            If there are not two classes of answers; turn some pairs round if the chosen one always stands first.
        """
        differences, answers = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(answers)
        self.classes_, first = np.unique(answers, return_inverse=True)
        if len(self.classes_) != 2:
            if len(self.classes_) > 2:
                kind = type_of_target(answers, input_name="y")
                msg = f"Only binary classification is supported. The type of the target is {kind}."
            else:
                msg = f"answers hold 1 class, {self.classes_.tolist()}; turn some pairs round, or use fit_choices()"
            raise ValueError(msg)
        self._sample(np.where(first[:, None] == 1, differences, -differences))
        return self

    def fit_choices(self, chosen: ArrayLike, refused: ArrayLike) -> Self:
        """Draw the weights from the values of what was chosen and of what was refused.

        Parameters
        ----------
        chosen, refused : array_like
            Values 0-1, shape (choice, criterion), no gaps. Rows pair by place; columns of two frames by name.

        Returns
        -------
        PreferenceLearner
            Itself.

        Raises
        ------
        AssumptionError
            If a value is missing.
        """
        if isinstance(chosen, pd.DataFrame) and isinstance(refused, pd.DataFrame):
            refused = refused[chosen.columns]
        differences = validate_data(self, np.subtract(chosen, np.asarray(refused)), dtype=np.float64, ensure_all_finite="allow-nan")
        gaps = np.flatnonzero(np.isnan(differences).any(axis=1))
        if len(gaps):
            msg = f"choices {gaps.tolist()} have a missing value; leave them out or ask about alternatives that are known"
            raise AssumptionError(msg)
        self.classes_ = np.array([0, 1])
        self._sample(differences)
        return self

    def predict_proba(self, X: ArrayLike) -> Array:  # noqa: N803
        """Return the chance that the second and that the first is chosen, over the posterior, shape (choice, 2)."""
        check_is_fitted(self)
        differences = validate_data(self, X, dtype=np.float64, reset=False)
        first = np.array([expit(self.sharpness_ * (self.posterior_ @ row)).mean() for row in differences])
        return np.column_stack([1.0 - first, first])

    def predict(self, X: ArrayLike) -> NDArray[Any]:  # noqa: N803
        """Return the likelier answer to each choice, shape (choice,)."""
        first = self.predict_proba(X)[:, 1] > 0.5
        return np.asarray(self.classes_[first.astype(int)])

    def _sample(self, won: Array) -> None:
        """Draw from several starts, won being the values of the chosen less those of the refused."""
        streams = np.random.SeedSequence(self.seed).spawn(CHAINS)
        length = -(-self.samples // CHAINS)
        chains = np.stack([_walk(won, length, warmup=self.warmup, rng=np.random.default_rng(one)) for one in streams])
        states = chains.reshape(-1, chains.shape[2])[: self.samples]
        self.posterior_, self.sharpness_ = _read_state(states)
        self.weights_ = self.posterior_.mean(axis=0)
        self.weights_p10_, self.weights_p90_ = np.quantile(self.posterior_, (0.1, 0.9), axis=0)
        self.r_hat_ = measure_mixing(_read_state(chains)[0])

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        """Return what scikit-learn asks: two classes, and no boundary but through the origin with weights of at least 0."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.poor_score = True
        return tags


def measure_mixing(chains: Array) -> float:
    r"""Return the largest potential scale reduction :math:`\hat R` of several chains: 1 when they tell the same.

    Parameters
    ----------
    chains : numpy.ndarray
        Shape (chain, draw, quantity), at least two of the first two.

    Returns
    -------
    float
        1 if nothing moves.
    """
    length = chains.shape[1]
    within = chains.var(axis=1, ddof=1).mean(axis=0)
    between = chains.mean(axis=1).var(axis=0, ddof=1)
    ratio = np.divide(between, within, out=np.full_like(within, 1.0 / length), where=within > 0)
    return float(np.sqrt((length - 1) / length + ratio).max())


def _read_state(state: Array) -> tuple[Array, Array]:
    """Return weights and sharpness of standard normal figures, the sharpness last: even on the simplex, log-normal."""
    spacings = -log_ndtr(-state[..., :-1])
    median, spread = SHARPNESS
    return spacings / spacings.sum(axis=-1, keepdims=True), median * np.exp(spread * state[..., -1])


def _weigh_state(state: Array, won: Array) -> float:
    """Return the log likelihood of the choices."""
    weights, sharpness = _read_state(state)
    return -float(np.logaddexp(0.0, -sharpness * (won @ weights)).sum())


def _walk(won: Array, length: int, *, warmup: int, rng: np.random.Generator) -> Array:
    """Return the states of one chain, shape (draw, criterion + 1), started from the prior."""
    state = rng.standard_normal(won.shape[1] + 1)
    likelihood, kept = _weigh_state(state, won), np.empty((length, len(state)))
    for step in range(-warmup, length):
        state, likelihood = _turn(state, likelihood, won, rng=rng)
        if step >= 0:
            kept[step] = state
    return kept


def _turn(state: Array, likelihood: float, won: Array, *, rng: np.random.Generator) -> tuple[Array, float]:
    """Return the next state: a point of a random ellipse through this one that is likely enough."""
    other, level = rng.standard_normal(len(state)), likelihood - rng.standard_exponential()
    angle = rng.uniform(0.0, 2.0 * np.pi)
    low, high = angle - 2.0 * np.pi, angle
    while True:
        moved = state * np.cos(angle) + other * np.sin(angle)
        found = _weigh_state(moved, won)
        if found >= level:
            return moved, found
        low, high = (angle, high) if angle < 0 else (low, angle)
        angle = rng.uniform(low, high)
