"""Find, list and validate the layers, and hand them out as frames."""

from geokit.catalog.layers import Layers, find_layers, read_layers
from geokit.catalog.listing import list_layers
from geokit.catalog.select import select_rows
from geokit.catalog.site_facts import site_facts
from geokit.catalog.validate import check_layers, check_table

__all__ = ["Layers", "check_layers", "check_table", "find_layers", "list_layers", "read_layers", "select_rows", "site_facts"]
