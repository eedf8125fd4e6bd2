"""Feed, conversion margins, break-evens and value of each alternative, and the reason for each blank."""

from geokit.economics.estimate import Economics, estimate
from geokit.economics.feed import feed_sources

__all__ = ["Economics", "estimate", "feed_sources"]
