"""What the tests of partners leave to the user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator

from geokit.core.sections.base import NotNegative, Section, Share


def _read_years(value: object) -> object:
    """Return a mapping of years with the years as text; refuse what is no year."""
    if not isinstance(value, Mapping):
        msg = "is no mapping of years to shares; write {2030: 0.25}"
        raise ValueError(msg)  # noqa: TRY004 - pydantic gathers only this kind
    wrong = [f"{year!r} is no year" for year in value if not re.fullmatch(r"(19|20|21)\d\d", str(year))]
    if wrong:
        raise ValueError("; ".join(wrong))
    return {str(year): share for year, share in value.items()}


class Gates(Section):
    """What the tests of partners leave to the user; what is not set leaves a test unknown."""

    technology_means: Literal["open", "know_how", "know_how_and_machines"] = "open"
    """Whether a test of technology looks at machines besides know-how; ``open`` = not settled."""
    technology_country: Mapping[str, str] = {}
    """Country whose know-how a stage would use, by stage, as ``{ree-magnets: Japan}``."""
    refused_offtake_frac: Mapping[str, Share] = {}
    """Share of the output sold to buyers of a country that a lender refuses, by stage, 0-1."""
    prohibited_cost_frac: Mapping[str, Share] = {}
    """Y / X: share of the direct material cost that goes to prohibited foreign entities, by stage, 0-1."""
    least_cost_ratio_frac: Annotated[Mapping[str, Share], BeforeValidator(_read_years)] = {}
    """Least (X - Y) / X that passes, by the first year for which it holds, as ``{"2030": 0.25}``, 0-1."""
    listed_content_frac: Mapping[str, Share] = {}
    """Share of listed items of another country in the value of the product, by stage, 0-1."""
    travel_level_limits: Mapping[str, NotNegative] = {}
    """Highest travel level, on the partner's own scale of numbers, at which staff may go, by partner."""
