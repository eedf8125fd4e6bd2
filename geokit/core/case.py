"""A case: for whom, as known when, under which reading of the law."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from geokit.core.codes import Track


@dataclass(frozen=True, order=True)
class Case:
    """One column of a study's grid of questions.

    Attributes
    ----------
    partner : str
        A ``partner_id`` of the partners layer.
    on : datetime.date
        The date of the question.
    track : Track
        Legal track: the text of the law or the practice.
    known_on : datetime.date
        Date of knowledge: only status events recorded by then count.
    """

    partner: str
    on: dt.date
    track: Track
    known_on: dt.date

    @property
    def case_id(self) -> str:
        """Return the key used by every output table: ``partner/track/on``, plus ``/known_on`` when it differs."""
        stem = f"{self.partner}/{self.track.value}/{self.on.isoformat()}"
        return stem if self.known_on == self.on else f"{stem}/{self.known_on.isoformat()}"
