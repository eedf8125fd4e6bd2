"""Say it in words: why a row stands where it stands, and the honest first line of a case (model rule M2)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geokit.core.codes import Kind, Status

GOOD_V, BAD_V = 0.5, 0.35
"""A criterion is told as a strength above the first value and as a weakness below the second."""


def figure(value: float) -> str:
    """Write a figure with three significant digits and no exponent.

    Examples
    --------
    >>> figure(0.123456), figure(1234.5), figure(7.0)
    ('0.123', '1230', '7')
    """
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    return f"{rounded:.0f}" if abs(rounded) >= 100 else f"{rounded:g}"


def say_reason(row: Mapping[str, object], cells: pd.DataFrame, phrases: Mapping[str, Mapping[str, str]]) -> str:
    """Return the sentence of one ranked row.

    Parameters
    ----------
    row : mapping
        ``rank``, ``partner_label``, ``kind_words``.
    cells : pandas.DataFrame
        Columns ``criterion_id``, ``weight``, ``v``, ``value``, ``contribution``: the active criteria of this row.
    phrases : mapping
        Criterion to ``good``, ``bad`` and ``missing`` wording with ``{value}`` and ``{percent}``.

    Returns
    -------
    str
        "No. 3 for ... because ... and ...; held back by ...; not known: ... and ...".
    """
    known = cells[cells["v"].notna()].sort_values(["contribution", "criterion_id"], ascending=[False, True])
    strong = known[known["v"] >= GOOD_V].head(2)
    lost = known.assign(lost=known["weight"] * (1 - known["v"])).sort_values(["lost", "criterion_id"], ascending=[False, True])
    weak = lost[lost["v"] <= BAD_V].head(1)
    blank = cells[cells["v"].isna()].sort_values(["weight", "criterion_id"], ascending=[False, True]).head(2)
    parts = [f"No. {row['rank']} for {row['partner_label']}"]
    if len(strong):
        parts[0] += " because " + " and ".join(_phrase(cell, phrases, "good") for cell in strong.to_dict("records"))
    if len(weak):
        parts.append("held back: " + _phrase(weak.to_dict("records")[0], phrases, "bad"))
    if len(blank):
        parts.append("not known: " + " and ".join(phrases[name]["missing"] for name in blank["criterion_id"]))
    return "; ".join(parts) + "."


def _phrase(cell: Mapping[str, object], phrases: Mapping[str, Mapping[str, str]], side: str) -> str:
    """Fill the wording of one cell with its figure."""
    value = float(str(cell["value"]))
    return phrases[str(cell["criterion_id"])][side].format(value=figure(value), percent=f"{figure(100 * value)} %")


def say_headline(rows: pd.DataFrame, *, partner: str, deciding: list[str]) -> str:
    """Return the first line of a case.

    Parameters
    ----------
    rows : pandas.DataFrame
        All rows of one case with ``kind``, ``status`` and ``beats_baseline``.
    partner : str
        Label of the partner.
    deciding : list of str
        What would decide, most decisive first.

    Returns
    -------
    str
        Whether plants beat exporting, how many, and which facts decide.
    """
    plants = rows[(rows["kind"] == Kind.PLANT) & rows["status"].isin([Status.RANKED, Status.CONDITIONAL])]
    count = plants["beats_baseline"].value_counts()
    yes, no, total = int(count.get("yes", 0)), int(count.get("no", 0)), len(plants)
    facts = f" What decides: {', '.join(deciding)}." if deciding else ""
    if total == 0:
        return f"No plant can be ranked for {partner} on public data: too little is known of every one.{facts}"
    if yes:
        return f"{yes} of {total} plants beat exporting for {partner}; {no} do not, and {total - yes - no} cannot be told.{facts}"
    shown = f" {no} are shown not to;" if no else ""
    return f"No plant is shown to beat exporting for {partner} on public data:{shown} {total - no} of {total} cannot be told.{facts}"
