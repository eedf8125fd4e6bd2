"""Assumptions on how cells become a ranking."""

from __future__ import annotations

from collections.abc import Mapping

from geokit.core.sections.base import Count, NotNegative, Section, Share


class Scoring(Section):
    """How cells become a ranking."""

    mode: str
    """``screen`` (logistics and delay as criteria) or ``full`` (profitability as criteria); each risk enters once."""
    evidence_threshold_frac: Share
    """Least weight on known cells that an alternative needs to be ranked, 0-1."""
    samples: Count
    """Draws of a score."""
    rail_spur_km: NotNegative
    """A site counts as served by rail when a node with a rail link is this near, km."""
    anchors: Mapping[str, Mapping[str, float]]
    """Anchors of value functions that no source gives: criterion to parameter to value."""
