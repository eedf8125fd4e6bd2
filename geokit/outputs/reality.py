"""The modelled feed beside the world's figures, as the report prints it (model rule M22)."""

from __future__ import annotations

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
    year = "" if pd.isna(row["actual_year"]) else f", {row['actual_year']:.0f}"
    counted = f"{format_figure(row['actual_kt'])} ({row['flow']}{year})" if pd.notna(row["actual_kt"]) else "unknown"
    return {
        "commodity": view.label("commodities", row["commodity_id"]),
        "counts": row["counts"],
        "running": format_figure(row["running_kt_per_y"]),
        "all": format_figure(row["all_kt_per_y"]),
        "span": format_range(row["all_kt_per_y_low"], row["all_kt_per_y_high"]) if pd.notna(row["all_kt_per_y"]) else "",
        "counted": counted,
        "remark": format_words(row["remark"]),
    }
