"""The scoring as a scikit-learn estimator, for pipelines and grids of other people's making."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from geokit.core.errors import AssumptionError
from geokit.scoring.by_method import bound_by, find_method
from geokit.scoring.methods import DECIMALS, rank_scores
from geokit.scoring.objective import weigh_equal
from geokit.scoring.scaling import Array
from geokit.scoring.weights import SUM_SLACK

OUTPUTS = ("score", "bound_low", "bound_high")


class SiteScorer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn carries no types
    """Score alternatives by fixed value functions, weights and a method; what is missing opens the bounds.

    A value is 0 at ``worst``, 1 at ``best`` and straight between, whoever else is in the set (model rule M20). A missing cell
    (NaN) is neither imputed nor weighed away (M19): the score is what the known cells prove, and the bounds say the rest.

    Parameters
    ----------
    weights : array_like, optional
        Weights that sum to one, shape (criterion,); equal when not given.
    method : str
        ``weighted-sum``, ``topsis``, ``vikor`` or ``spotis``; a method that compares the set with itself is refused.
    worst, best : array_like
        Anchors of the value functions in the unit of each criterion, one figure or one a criterion; ``worst`` may be the larger.

    Attributes
    ----------
    weights_ : numpy.ndarray
        The weights in use.
    n_features_in_ : int
        Number of criteria.
    feature_names_in_ : numpy.ndarray
        Names of the criteria, if the alternatives came as a table.

    Examples
    --------
    >>> scorer = SiteScorer(weights=[0.75, 0.25], worst=[0, 10], best=[100, 0]).fit([[80.0, 4.0]])
    >>> scorer.transform([[80.0, 4.0], [80.0, float("nan")]]).tolist()
    [[0.75, 0.75, 0.75], [0.6, 0.6, 0.85]]
    """

    def __init__(
        self, weights: ArrayLike | None = None, *, method: str = "weighted-sum", worst: ArrayLike = 0.0, best: ArrayLike = 1.0
    ) -> None:
        self.weights = weights
        self.method = method
        self.worst = worst
        self.best = best

    def fit(self, X: ArrayLike, y: object = None) -> Self:  # noqa: ARG002, N803 (names of scikit-learn)
        """Check the parameters against the criteria; nothing is learnt from the alternatives.

        Parameters
        ----------
        X : array_like
            Figures, shape (alternative, criterion); NaN = missing.
        y : object
            Ignored.

        Returns
        -------
        SiteScorer
            Itself.

        Raises
        ------
        UnknownNameError
            If there is no such method.
        AssumptionError
            If the weights or the anchors do not fit the criteria, or the method compares the set with itself.
        """
        count = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan").shape[1]
        if find_method(self.method).looks_at_others:
            msg = f"method {self.method!r} compares the set with itself; rank the whole set with geokit.scoring.agreement.rank_methods"
            raise AssumptionError(msg)
        self.weights_ = weigh_equal(count) if self.weights is None else np.asarray(self.weights, dtype=float)
        if self.weights_.shape != (count,) or not (self.weights_ >= 0).all() or abs(self.weights_.sum() - 1.0) > SUM_SLACK:
            msg = f"weights {self.weights_.tolist()} must be {count} figures of at least 0 that sum to 1"
            raise AssumptionError(msg)
        if np.any(np.equal(self.worst, self.best)):
            msg = f"anchors worst {self.worst!r} and best {self.best!r} meet; a value function needs two figures"
            raise AssumptionError(msg)
        return self

    def transform(self, X: ArrayLike) -> Array:  # noqa: N803
        """Return the score of each alternative with its bounds.

        Parameters
        ----------
        X : array_like
            Figures, shape (alternative, criterion); NaN = missing.

        Returns
        -------
        numpy.ndarray
            Columns ``score``, ``bound_low``, ``bound_high``, 0-1, shape (alternative, 3).
        """
        check_is_fitted(self)
        figures = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        worst, best = np.asarray(self.worst, dtype=float), np.asarray(self.best, dtype=float)
        values = np.round(np.clip((figures - worst) / (best - worst), 0.0, 1.0), DECIMALS)
        low, high = bound_by(values, values, self.weights_, method=self.method)
        return np.column_stack([low, low, high])

    def predict(self, X: ArrayLike) -> Array:  # noqa: N803
        """Return the scores alone, shape (alternative,)."""
        return np.asarray(self.transform(X)[:, 0])

    def rank(self, X: ArrayLike) -> Array:  # noqa: N803
        """Return the ranks of a set, 1 = best, between equal scores the earlier row first, shape (alternative,)."""
        scores = self.predict(X)
        return rank_scores(scores, np.ones(len(scores), dtype=bool))

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return the names of the columns of :meth:`transform`."""
        check_is_fitted(self)
        return np.asarray(OUTPUTS, dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        """Return whether the parameters have been checked."""
        return hasattr(self, "weights_")

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        """Return what scikit-learn asks: gaps are allowed, and figures leave as doubles."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64"]
        return tags
