"""Feed, conversion margins, break-evens and value of each alternative, and the reason for each blank."""

from geokit.economics.estimate import Economics, estimate
from geokit.economics.feed import feed_sources
from geokit.economics.reality import compare_world
from geokit.economics.reality_years import compare_years
from geokit.economics.refusals import check_names
from geokit.economics.valuation import list_flows
from geokit.economics.years import sum_years

__all__ = ["Economics", "check_names", "compare_world", "compare_years", "estimate", "feed_sources", "list_flows", "sum_years"]
