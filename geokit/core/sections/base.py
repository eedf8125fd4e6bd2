"""What every section of the assumptions is made of: bounded figures and spreads."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Months = Annotated[float, Field(ge=0, le=600)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


def is_share(value: object) -> bool:
    """Tell whether a value is a number from 0 to 1."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


class Section(BaseModel):
    """Base of all groups of assumptions: frozen, unknown keys and figures without end refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class Spread(Section):
    """An uncertain figure: low, mode and high of a triangular distribution; one figure alone is all three."""

    low: float
    """Least plausible value."""
    mode: float
    """Most plausible value."""
    high: float
    """Largest plausible value."""

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, given: object) -> object:
        """Take one figure as a spread without width."""
        is_figure = isinstance(given, int | float) and not isinstance(given, bool)
        return {"low": given, "mode": given, "high": given} if is_figure else given

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
