"""Feed, conversion margins, break-evens and value of each alternative, and the reason for each blank."""

from geokit.economics.estimate import Economics, estimate
from geokit.economics.feed import feed_sources
from geokit.economics.reality import compare_world

__all__ = ["Economics", "compare_world", "estimate", "feed_sources"]
