"""Export controls and partner fit: clauses in force, exposure by block, delay, gates and outlets."""

from geokit.dependency.assess import Dependency, assess
from geokit.dependency.changes import compare_states
from geokit.dependency.clauses import list_issuers, resolve
from geokit.dependency.forecasts import find_changes, score_forecasts
from geokit.dependency.gates import gates
from geokit.dependency.outage import join_margins
from geokit.dependency.outlets import outlets
from geokit.dependency.profile import profile_alternatives
from geokit.dependency.regime import say_regime
from geokit.dependency.vendors import read_vendors

__all__ = [
    "Dependency", "assess", "compare_states", "find_changes", "gates", "join_margins", "list_issuers", "outlets",
    "profile_alternatives", "read_vendors", "resolve", "say_regime", "score_forecasts",
]
