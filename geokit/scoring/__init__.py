"""Score and rank: facts become values, values and weights become an order, and what is missing stays visible."""

from geokit.scoring.criteria import Criterion, list_words, read_criteria
from geokit.scoring.explain import find_flat
from geokit.scoring.join import Joined
from geokit.scoring.matrix import DecisionMatrix, build_matrix
from geokit.scoring.ranking import Ranking, rank
from geokit.scoring.shares import read_shares, replace_shares
from geokit.scoring.weights import Weights, derive_weights

__all__ = [
    "Criterion", "DecisionMatrix", "Joined", "Ranking", "Weights", "build_matrix", "derive_weights",
    "find_flat", "list_words", "rank", "read_criteria", "read_shares", "replace_shares",
]  # fmt: skip
