"""Export controls and partner fit: clauses in force, exposure by block, delay, gates and outlets."""

from geokit.dependency.assess import Dependency, assess
from geokit.dependency.clauses import resolve
from geokit.dependency.gates import gates
from geokit.dependency.outlets import outlets
from geokit.dependency.profile import profile_alternatives

__all__ = ["Dependency", "assess", "gates", "outlets", "profile_alternatives", "resolve"]
