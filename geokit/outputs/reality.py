"""The modelled feed beside the world's figures, as the report prints it (model rule M22)."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from geokit.outputs.style import format_figure, format_range, format_words
from geokit.outputs.view import View


def list_comparisons(view: View) -> dict[str, Any]:
    """Return the commodities of which tonnes are known on either side.

    Parameters
    ----------
    view : View
        The study.

    Returns
    -------
    dict
        ``rows``: commodity, what the model's bodies would give a year, what was counted, and the remark; ``silent``: the commodities of
        which neither side knows a tonne.
    """
    table = view.tables["reality"]
    if table.empty:
        return {"rows": [], "silent": ""}
    known = table["all_kt_per_y"].notna() | table["actual_kt"].notna()
    silent = [view.label("commodities", name) for name in table.loc[~known, "commodity_id"]]
    return {"rows": [_row(view, row) for _, row in table[known].iterrows()], "silent": "; ".join(dict.fromkeys(silent))}


def _row(view: View, row: pd.Series) -> dict[str, str]:
    """Return one printed row."""
    return {
        "commodity": view.label("commodities", row["commodity_id"]),
        "counts": row["counts"],
        **{who: format_figure(row[f"{who}_kt_per_y"]) for who in ("free", "running", "all")},
        "span": _say_span(row["all_kt_per_y_low"], row["all_kt_per_y_high"]),
        "counted": _say_counted(row),
        "remark": format_words(row["remark"]),
    }


def _say_span(low: float, high: float) -> str:
    """Return the range of the tonnes; that nobody stated one must not look like a firm figure."""
    if math.isnan(low):
        return ""
    return "none stated" if low == high else format_range(low, high)


def _say_counted(row: pd.Series) -> str:
    """Return what others counted, with what it is and its year: a capacity is no output."""
    if pd.isna(row["actual_kt"]):
        return "unknown"
    kind = f"{row['flow']} capacity" if row["actual_kind"] == "capacity" else row["flow"]
    year = ", undated" if pd.isna(row["actual_year"]) else f", {row['actual_year']:.0f}"
    return f"{format_figure(row['actual_kt'])} ({kind}{year})"
