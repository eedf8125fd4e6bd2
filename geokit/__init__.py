"""Where should a midstream minerals plant stand, does it beat exporting, and how sure are we?

What a user types starts with ``import geokit as gk``; names are imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from geokit.catalog import list_layers, read_layers
    from geokit.core.assumptions import Assumptions
    from geokit.core.case import Case
    from geokit.dependency import resolve
    from geokit.io.defaults import read_assumptions
    from geokit.network import find_route
    from geokit.outputs.export import write_tables
    from geokit.outputs.notebook import folium_map
    from geokit.outputs.page import write_page
    from geokit.outputs.report import write_report
    from geokit.scoring import Weights
    from geokit.scoring.preference import PreferenceLearner
    from geokit.scoring.scorer import SiteScorer
    from geokit.study.cases import build_cases
    from geokit.study.evaluate import evaluate
    from geokit.study.study import Study

_HOMES = {
    "Assumptions": "geokit.core.assumptions",
    "Case": "geokit.core.case",
    "PreferenceLearner": "geokit.scoring.preference",
    "SiteScorer": "geokit.scoring.scorer",
    "Study": "geokit.study.study",
    "Weights": "geokit.scoring",
    "build_cases": "geokit.study.cases",
    "evaluate": "geokit.study.evaluate",
    "find_route": "geokit.network",
    "folium_map": "geokit.outputs.notebook",
    "list_layers": "geokit.catalog",
    "read_assumptions": "geokit.io.defaults",
    "read_layers": "geokit.catalog",
    "resolve": "geokit.dependency",
    "write_page": "geokit.outputs.page",
    "write_report": "geokit.outputs.report",
    "write_tables": "geokit.outputs.export",
}

__all__ = [
    "Assumptions",
    "Case",
    "PreferenceLearner",
    "SiteScorer",
    "Study",
    "Weights",
    "build_cases",
    "evaluate",
    "find_route",
    "folium_map",
    "list_layers",
    "read_assumptions",
    "read_layers",
    "resolve",
    "write_page",
    "write_report",
    "write_tables",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        msg = f"module 'geokit' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
