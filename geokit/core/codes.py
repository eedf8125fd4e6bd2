"""The closed vocabularies that code branches on; everything else is a row in a layer."""

from __future__ import annotations

from enum import StrEnum

GENERAL_KNOWLEDGE = "GK"
"""Source of what is known to us in general and was looked up nowhere."""


class Track(StrEnum):
    """Which reading of the law holds: what the texts say or what the issuers are doing."""

    TEXT = "text"
    PRACTICE = "practice"


class State(StrEnum):
    """State of a clause on a date; ``UNRESOLVED`` means that no row of the track covers the date."""

    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    TIGHTENED = "tightened"
    REVOKED = "revoked"
    UNRESOLVED = "unresolved"


class Grade(StrEnum):
    """How a figure is known: evidence, carried over from a neighbour, assumption, true by definition, or missing."""

    EVIDENCE = "E"
    CARRIED = "M"
    ASSUMPTION = "A"
    DEFINITION = "D"
    MISSING = ""


class Status(StrEnum):
    """Standing of an alternative in a ranking; only the first three carry a rank."""

    RANKED = "ranked"
    CONDITIONAL = "conditional"
    BASELINE = "baseline"
    NOT_RANKABLE = "not_rankable"
    SCREENED = "screened"


class Kind(StrEnum):
    """What an alternative is: a plant in the country, or one of the ways of doing less."""

    PLANT = "plant"
    EXPORT = "export"
    TOLL = "toll"
    ABROAD = "abroad"
