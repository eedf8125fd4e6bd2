"""Score and rank: facts become values, values and weights become an order, and what is missing stays visible."""

from geokit.scoring.by_method import METHODS
from geokit.scoring.criteria import Criterion, list_words, read_criteria
from geokit.scoring.drivers import name_drivers
from geokit.scoring.explain import find_flat
from geokit.scoring.join import Joined
from geokit.scoring.matrix import DecisionMatrix, build_matrix
from geokit.scoring.ranking import Ranking, rank
from geokit.scoring.simplex import GivenDraws, order_of_archetype, order_of_weights
from geokit.scoring.stress import Stress, rank_by_method, stress_ranking
from geokit.scoring.weights import Weights, derive_weights

__all__ = [
    "METHODS", "Criterion", "DecisionMatrix", "GivenDraws", "Joined", "Ranking", "Stress", "Weights", "build_matrix", "derive_weights",
    "find_flat", "list_words", "name_drivers", "order_of_archetype", "order_of_weights", "rank", "rank_by_method", "read_criteria",
    "stress_ranking",
]  # fmt: skip
