"""The ledger of forecasts as lines that a person can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from geokit.outputs.style import format_figure, format_range

KEY = ["forecast_id", "made_on"]


def tell_forecasts(ledger: pd.DataFrame, scores: pd.DataFrame, stale: pd.DataFrame) -> Iterator[str]:
    """Yield each question with its options, the chance of each, and how good it was once that is known.

    Parameters
    ----------
    ledger : pandas.DataFrame
        The layer ``forecasts``.
    scores : pandas.DataFrame
        As :func:`geokit.dependency.score_forecasts` returns.
    stale : pandas.DataFrame
        As :func:`geokit.dependency.find_changes` returns: forecasts that the layers would make otherwise today.

    Yields
    ------
    str
        One paragraph a forecast, in order of the day that it is about, then what to do.
    """
    told = {(score["forecast_id"], score["made_on"]): score for score in scores.to_dict("records")}
    for _, rows in ledger.sort_values(["due_on", *KEY], kind="stable").groupby(KEY, sort=False):
        first = rows.iloc[0]
        yield f"{first['due_on']}  {first['question']}"
        yield from (f"    {_tell_option(row)}" for row in rows.to_dict("records"))
        yield f"    made on {first['made_on']}; decided by: {first['decided_by']}"
        if score := told.get((first["forecast_id"], first["made_on"])):
            yield f"    Brier score {format_figure(score['brier'])}, {format_figure(score['brier_equal'])} for equal chances"
    open_rows = ledger[ledger["outcome"] == ""]
    yield f"{len(open_rows.groupby(KEY))} open, {len(told)} scored. Less is better; 0 is certain and right, 2 certain and wrong."
    if len(stale):
        names = ", ".join(dict.fromkeys(stale["forecast_id"]))
        yield f"The layers would forecast otherwise today: {names}. Add rows with a new day; a forecast is never changed."
        for row in stale.to_dict("records"):
            now = f"{format_figure(row['today_mode'])} ({format_range(row['today_low'], row['today_high'])})"
            yield f"    {row['forecast_id']}, {row['option']}: says {format_figure(row['probability_mode'])}, today {now}"


def _tell_option(row: dict[Any, Any]) -> str:
    """Return one option with its chance and range, and whether it came true."""
    low, mode, high = (row[f"probability_{end}"] for end in ("low", "mode", "high"))
    chance = "no figure" if pd.isna(mode) else f"{format_figure(mode)} ({format_range(low, high)})"
    outcome = {"yes": "; came true", "no": "; did not"}.get(row["outcome"], "")
    return f"{row['option']}: {chance}{outcome}"
