"""What we assume, as opposed to what we know: frozen, documented under every field, printed on every output."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, model_validator

from geokit.core.errors import AssumptionError

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Months = Annotated[float, Field(ge=0, le=600)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
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
    wrong += [f"{name}: {share!r} is no number from 0 to 1" for name, share in value.items() if not _is_share(share)]
    total = math.fsum(filter(_is_share, value.values()))
    if value and not math.isclose(total, 1.0, abs_tol=PROBABILITY_SLACK):
        wrong.append(f"the numbers from 0 to 1 add up to {total:.9g} and must add up to 1; a regime left out has none")
    if wrong:
        raise ValueError("; ".join(wrong))
    return dict(value)


def _read_years(value: object) -> object:
    """Return a mapping of years with the years as text; refuse what is no year."""
    if not isinstance(value, Mapping):
        msg = "is no mapping of years to shares; write {2030: 0.25}"
        raise ValueError(msg)  # noqa: TRY004 - pydantic gathers only this kind
    wrong = [f"{year!r} is no year" for year in value if not re.fullmatch(r"(19|20|21)\d\d", str(year))]
    if wrong:
        raise ValueError("; ".join(wrong))
    return {str(year): share for year, share in value.items()}


def _is_share(value: object) -> bool:
    """Tell whether a value is a number from 0 to 1."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


Day = Annotated[dt.date, BeforeValidator(_read_day), PlainSerializer(dt.date.isoformat)]
Shares = Annotated[Mapping[Regime, float], BeforeValidator(_read_shares)]
Years = Annotated[Mapping[str, Share], BeforeValidator(_read_years)]


class Section(BaseModel):
    """Base of all groups of assumptions: frozen, unknown keys and figures without end refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class Spread(Section):
    """An uncertain figure: low, mode and high of a triangular distribution."""

    low: float
    """Least plausible value."""
    mode: float
    """Most plausible value."""
    high: float
    """Largest plausible value."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        """Refuse a spread whose three figures are out of order."""
        if not self.low <= self.mode <= self.high:
            msg = f"low {self.low} <= mode {self.mode} <= high {self.high} does not hold"
            raise ValueError(msg)
        return self


class ShareSpread(Spread):
    """An uncertain share, 0-1."""

    low: Share
    """Least plausible share."""
    mode: Share
    """Most plausible share."""
    high: Share
    """Largest plausible share."""


class PositiveSpread(Spread):
    """An uncertain figure above zero."""

    low: Positive
    """Least plausible value."""
    mode: Positive
    """Most plausible value."""
    high: Positive
    """Largest plausible value."""


class NotNegativeSpread(Spread):
    """An uncertain figure not below zero."""

    low: NotNegative
    """Least plausible value."""
    mode: NotNegative
    """Most plausible value."""
    high: NotNegative
    """Largest plausible value."""


class Transport(Section):
    """Freight and transit."""

    offnetwork_tortuosity: Spread
    """Length of a track over the straight gap between a place and its network node, dimensionless."""
    offnetwork_cost_factor: Spread
    """Cost of a tonne-kilometre off the network over that of the dear road rate, dimensionless."""
    offnetwork_km_per_h: Positive
    """Truck speed on an unbuilt or unmapped track, km/h."""
    snap_limit_km: NotNegative
    """A place farther than this from every open node has no haul, km."""
    transfer_usd_per_t: Spread
    """Cost of moving a tonne from one mode to another, USD/t."""
    transfer_hours: NotNegative
    """Time of a transfer between modes, h."""
    security_premium_usd_per_t: Spread
    """Extra cost of a road haul for escort and insurance, USD/t; not found in any source, zero until the user sets it."""
    parcel_t: Positive
    """Cargo of one shipment by sea, t."""
    handysize_max_parcel_t: NotNegative
    """Largest parcel that sails in a handysize ship, t; a larger one goes by supramax."""
    diesel_usd_per_l: Positive | None = None
    """Price of diesel that road rates are indexed to, USD/l; null = unknown today (no source gives it), the rates stand as quoted."""
    diesel_share_frac: ShareSpread
    """Share of diesel in a road rate, the elasticity of the rate to its price, 0-1."""
    truck_payload_t: Positive = 25.0
    """Load of a truck, t; a rate from a quote for a whole truck falls as the load grows."""
    truck_tare_frac: ShareSpread
    """Weight of the empty truck over its gross weight, 0-1."""
    link_cost_factor: Mapping[str, Positive] = {}
    """Cost of a tonne-kilometre over that of its rate, by link or by surface, as ``{gravel: 1.3}``; no source gives one: 1."""
    rail_minimum_km: NotNegative = 0.0
    """Shortest length that the railway charges for, km; not found in any source, zero until the user sets it."""
    rail_terminal_usd_per_t: NotNegativeSpread
    """Cost of a haul by rail besides its length and its transfers, USD/t; not found in any source, zero until the user sets it."""
    container_load_t: Positive = 25.0
    """Load of a container of heavy goods, t; weight bounds it, not room."""
    container_quotes_since: int
    """Year from which a container quote counts; an older one is stale: told, and not used."""
    war_risk_frac: ShareSpread
    """Premium for a voyage through a threatened passage over the value of the ship, 0-1; high only where it is not said to be open."""
    inland_abroad_tortuosity: Positive = 1.3
    """Length of the way from a port abroad to a plant over the great circle, dimensionless."""
    inland_abroad_usd_per_t_km: NotNegativeSpread
    """Cost of a tonne-kilometre between a port abroad and a plant, USD/t-km."""


class Terrain(Section):
    """New roads and tracks over the relief."""

    winding_factor: PositiveSpread
    """Length of a road over that of the least-cost way across a coarse relief, dimensionless."""
    steepest_gradient_frac: PositiveSpread
    """Steepest gradient of a road for loaded trucks, m per m; where the ground is steeper the road winds."""
    climb_m_per_m: NotNegativeSpread
    """Metres of level road that cost a loaded truck as much as one metre climbed, m per m."""
    descent_share_frac: ShareSpread
    """Cost of a metre descended over that of a metre climbed, 0-1: the empty truck climbs it on its way back."""
    slope_cost_factor: NotNegativeSpread
    """Extra cost of building a metre of road per unit of slope of the ground (m per m) on a coarse raster, dimensionless."""
    road_fx_per_usd: Positive
    """Units of the currency of the cost factor ``road-capex`` for one US dollar in the year of its price."""


class Feed(Section):
    """Ore, concentrate and what is left of it."""

    cutoff_usd_per_t: NotNegative
    """Feed whose inland haul costs more than this is out of reach, USD/t of feed."""
    recovery_frac: Spread
    """Recovery of a step whose recovery no source states, 0-1."""
    at_ore_limit_km: NotNegative
    """A plant that stands at its ore draws only on deposits whose road to it is no longer than this, km."""
    content_position_frac: Share
    """Where a source gives only the range of a content, the mode lies this far from its low to its high end, 0-1."""


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
    regime_probabilities: Shares = {}
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
    least_cost_ratio_frac: Years = {}
    """Least (X - Y) / X that passes, by the first year for which it holds, as ``{"2030": 0.25}``, 0-1."""
    listed_content_frac: Mapping[str, Share] = {}
    """Share of listed items of another country in the value of the product, by stage, 0-1."""
    travel_level_limits: Mapping[str, NotNegative] = {}
    """Highest travel level, on the partner's own scale of numbers, at which staff may go, by partner."""


class Finance(Section):
    """Money."""

    price_year: int
    """Year of the US dollars, one a study."""
    discount_rate_frac: Spread
    """Real discount rate with country risk inside, 1/year as a fraction."""
    life_years: Count
    """Operating life of a plant, years."""
    construction_years: Annotated[int, Field(ge=0)]
    """Years between the investment and first product, years."""
    plant_scale_frac: Positive
    """Capacity of a plant over that of the reference plant of its stage, dimensionless."""
    capacity_factor_frac: Annotated[float, Field(gt=0, le=1)]
    """Output over nameplate, 0-1."""
    capex_exponent: Spread
    """Exponent of plant-level capital cost over capacity, dimensionless."""
    vat_frac: Mapping[str, NotNegative]
    """Value-added tax inside a price, by issuer code of the market, as a fraction."""
    fx_per_usd: Mapping[str, Positive]
    """Units of a currency for one US dollar."""


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


LONGEST = 60
"""Signs shown of a value that is refused."""


def _shorten(value: object) -> str:
    """Return a value as it fits into a line."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


class Assumptions(Section):
    """All assumptions of a study."""

    title: str
    """Name of this set."""
    seed: Annotated[int, Field(ge=0)]
    """Seed of every random draw."""
    transport: Transport
    """Freight and transit."""
    terrain: Terrain
    """New roads and tracks over the relief."""
    feed: Feed
    """Ore and concentrate."""
    controls: Controls
    """Export windows and licences."""
    procurement: Procurement
    """Buying elsewhere."""
    gates: Gates = Gates()
    """What the tests of partners leave to the user."""
    finance: Finance
    """Money."""
    scoring: Scoring
    """How cells become a ranking."""

    @classmethod
    def build(cls, tree: Mapping[str, Any], origin: str) -> Assumptions:
        """Build a set from nested mappings.

        Parameters
        ----------
        tree : mapping
            As read from YAML.
        origin : str
            Where it came from, for the message.

        Returns
        -------
        Assumptions
            Frozen and checked.

        Raises
        ------
        AssumptionError
            With every problem at once.
        """
        try:
            return cls.model_validate(dict(tree))
        except ValidationError as error:
            lines = "\n".join(f"  {'.'.join(map(str, e['loc']))}: {_shorten(e['input'])}: {e['msg']}" for e in error.errors())
            msg = f"{origin}: {error.error_count()} assumption(s) refused; `geokit assumptions` prints the valid ones:\n{lines}"
            raise AssumptionError(msg) from None

    def replace(self, /, **changes: object) -> Assumptions:
        """Return a copy with some fields changed, each named by its dotted path with ``__`` for the dot.

        Parameters
        ----------
        **changes : object
            As in ``replace(transport__parcel_t=30_000)``; a leaf name that is unique may stand alone.

        Returns
        -------
        Assumptions
            A checked copy.

        Raises
        ------
        AssumptionError
            If a name is unknown or ambiguous, or a value is refused.
        """
        tree, wrong = self.model_dump(), []
        for name, value in changes.items():
            try:
                *path, leaf = self._path(name.replace("__", "."))
            except AssumptionError as error:
                wrong.append(str(error))
                continue
            branch = tree
            for step in path:
                branch = branch[step]
            branch[leaf] = value
        if wrong:
            raise AssumptionError("\n".join(wrong))
        return Assumptions.build(tree, "replace")

    def _path(self, name: str) -> list[str]:
        """Return the path of a field given by its dotted name or by a unique ending of it."""
        leaves = [path.split(".") for path, _ in self.leaves()]
        heads = {".".join(path[:depth]) for path in leaves for depth in range(1, len(path) + 1)}
        found = [name] if name in heads else sorted(head for head in heads if head.endswith(f".{name}"))
        if len(found) != 1:
            msg = f"assumption {name!r} is {'ambiguous: ' + ', '.join(found) if found else 'unknown'}; see `geokit assumptions`"
            raise AssumptionError(msg)
        return found[0].split(".")

    def leaves(self) -> Iterator[tuple[str, object]]:
        """Yield every figure with its dotted path, in the order of the file."""
        yield from _leaves(self.model_dump(), "")

    def diff(self, other: Assumptions) -> dict[str, tuple[object, object]]:
        """Return the figures that differ: path to (here, there)."""
        here, there = dict(self.leaves()), dict(other.leaves())
        return {path: (here.get(path), there.get(path)) for path in {**here, **there} if here.get(path) != there.get(path)}

    def fingerprint(self) -> str:
        """Return the first twelve hex digits of the SHA-256 of the figures."""
        text = json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _leaves(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, object]]:
    """Walk a nested mapping."""
    for name, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
