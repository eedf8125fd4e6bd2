"""Assumptions on export windows, licences, and buying elsewhere."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, PlainSerializer

from geokit.core.sections.base import Count, Months, Positive, Section, ShareSpread, is_share

Regime = Literal["as_law_stands", "as_practised", "renewed", "snapback", "tightened", "lifted"]
PROBABILITY_SLACK = 1e-9
"""How far probabilities may add up to more or less than 1."""


def _read_day(value: object) -> object:
    """Return an ISO text as a date and a date as it is; refuse anything else, a number above all."""
    if type(value) is dt.date:
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        msg = "is no date; write it as 2027-06-01"
        raise ValueError(msg) from None


def _read_shares(value: object) -> object:
    """Refuse probabilities of regimes that are unknown, outside 0-1 or do not add up to 1, all at once."""
    if not isinstance(value, Mapping):
        msg = "is no mapping of regimes to probabilities; write {renewed: 0.6, snapback: 0.4}"
        raise ValueError(msg)  # noqa: TRY004 - pydantic gathers only this kind
    known = get_args(Regime)
    wrong = [f"regime {name!r} is unknown, choose among {', '.join(known)}" for name in value if name not in known]
    wrong += [f"{name}: {share!r} is no number from 0 to 1" for name, share in value.items() if not is_share(share)]
    total = math.fsum(filter(is_share, value.values()))
    if value and not math.isclose(total, 1.0, abs_tol=PROBABILITY_SLACK):
        wrong.append(f"the numbers from 0 to 1 add up to {total:.9g} and must add up to 1; a regime left out has none")
    if wrong:
        raise ValueError("; ".join(wrong))
    return dict(value)


Day = Annotated[dt.date, BeforeValidator(_read_day), PlainSerializer(dt.date.isoformat)]


class Controls(Section):
    """Export windows and licences."""

    months_to_fid: Months
    """Time from the date of the question to the final investment decision, months."""
    months_fid_to_shipment: Months
    """Time from the decision to the shipment of equipment, months."""
    months_shipment_to_commissioning: Months
    """Time from the shipment of equipment to commissioning and the first fill of reagents, months."""
    fid_on: Day | None = None
    """Day of the final investment decision, as 2027-06-01; null = so many months after the question as ``months_to_fid`` says."""
    regime: Literal[Regime, "mix"] = "mix"
    """Political state on the days of export: ``mix`` (what practice leaves open is mixed), or one regime on both legal tracks."""
    regime_probabilities: Annotated[Mapping[Regime, float], BeforeValidator(_read_shares)] = {}
    """Probabilities that ``mix`` gives to regimes on both legal tracks, 0-1, sum 1; none = the priors of the layer of regimes."""
    samples: Count
    """Draws of licence delays and premiums per flowsheet."""
    float_months: Months = 0.0
    """Float of the schedule: every order may come so much later without delaying the plant, months."""
    supplier_refused: ShareSpread | None = None
    """Chance that a supplier's own country refuses its licence, 0-1; null = unknown (no source gives one): it moves the bounds alone."""
    second_tier_share: ShareSpread | None = None
    """Share of other vendors' own purchases that is Chinese, 0-1; null = unknown (no vendor publishes it) and left out of the figures."""
    power_exponent: Positive = 2.0
    """Exponent of the power mean of the exposures: 1 = their average, the larger the nearer to the weakest block."""


class Procurement(Section):
    """Buying elsewhere: what it costs, and what waiting costs."""

    equipment_share_frac: ShareSpread
    """Share of equipment in the capital cost of a plant, 0-1; two projects give the ends, the middle is ours."""
    pv_over_capex: Positive = 1.5
    """Present value of operations over the capital cost of the plant, dimensionless; an illustration of the dossier, not a finding."""
    stock_months: Months | None = None
    """Months that the plant runs on its stock of controlled reagents; null = unknown, no source gives a figure."""
