"""Find, list and validate the layers, lay a user's rows over them, and hand them out as frames."""

from geokit.catalog.check_file import CheckedFile, check_file
from geokit.catalog.cite import list_attributions, list_sources, nest_sources
from geokit.catalog.layers import Layers, find_layers
from geokit.catalog.listing import list_layers
from geokit.catalog.open import read_layers
from geokit.catalog.overlay import Change
from geokit.catalog.select import select_rows, tell_others
from geokit.catalog.site_facts import site_facts

__all__ = [
    "Change", "CheckedFile", "Layers", "check_file", "find_layers", "list_attributions", "list_layers", "list_sources",
    "nest_sources", "read_layers", "select_rows", "site_facts", "tell_others",
]
