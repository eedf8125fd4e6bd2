"""Find, list and validate the layers, and hand them out as frames."""

from geokit.catalog.layers import Layers, find_layers, read_layers

__all__ = ["Layers", "find_layers", "read_layers"]
