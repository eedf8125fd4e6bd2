"""Fit with a partner: who takes the product, and which instruments can pay (criteria P1 and P2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from geokit.core.codes import GENERAL_KNOWLEDGE, Grade, Kind
from geokit.core.columns import join_ids
from geokit.dependency.outlets import list_sold, outlets

GRADES = {
    "plant": Grade.EVIDENCE,
    "market": Grade.ASSUMPTION,
    "plant_not_running": Grade.MISSING,
    "refused": Grade.EVIDENCE,
    "none_looked_up": Grade.MISSING,
}
"""How an outlet is known, the best first; that a market takes any standard grade without a named buyer is our reading (M3)."""
HOLDERS = {"plant_not_running": "operators of the plants named", "none_looked_up": "smelters and traders of the partner"}
"""Who knows what is missing of an outlet."""


def fit_cells(layers: Mapping[str, pd.DataFrame], alternatives: pd.DataFrame, partners: Iterable[str]) -> pd.DataFrame:
    """Return the cells of product match and of financeability.

    Parameters
    ----------
    layers : mapping of str to pandas.DataFrame
        Needs the tables of outlets, ``stages`` and ``finance_instruments``.
    alternatives : pandas.DataFrame
        One row an alternative.
    partners : iterable of str
        Partners of the cases.

    Returns
    -------
    pandas.DataFrame
        P1 and P2 by stage and partner (P1 by baseline too where the feed itself is sold); columns as far as they apply of the data
        dictionary's ``cells``. Money tied to a named project reaches the stages of that commodity alone.
    """
    asked = list(dict.fromkeys(partners))
    known = outlets(layers)
    known = known[known["partner"].isin(asked)]
    exports = alternatives["kind"] == Kind.EXPORT
    whole = _product_match(list_sold(alternatives[~exports]), known).merge(
        alternatives[["alternative", "stage_id"]], on="alternative"
    )
    whole = whole.drop_duplicates(["stage_id", "partner"])
    sold = alternatives.loc[exports, ["alternative", "site_id", "stage_id"]]
    raw = _product_match(list_sold(alternatives[exports]), known).merge(sold, on="alternative")
    stages = layers["stages"].loc[layers["stages"]["stage_id"].isin(alternatives["stage_id"]), ["stage_id", "commodity_id"]]
    pairs = [(partner, commodity) for partner in asked for commodity in stages["commodity_id"].unique()]
    serving = layers["finance_instruments"].query("serves_minerals == 'yes'").to_dict("records")
    money = pd.DataFrame([_finance(serving, *pair) for pair in pairs]).merge(stages, on="commodity_id")
    return pd.concat([whole, raw, money], ignore_index=True).drop(columns=["alternative", "commodity_id"])


def _product_match(sold: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the P1 cell of each alternative and partner; of several products the one with the best outlet counts."""
    rows = sold.merge(known, on="product_id")
    rows = rows.assign(order=rows["outlet"].map({word: rank for rank, word in enumerate(GRADES)}))
    rows = rows.sort_values(["alternative", "partner", "order", "product_id"]).drop_duplicates(["alternative", "partner"])
    missing = rows["outlet"].isin(list(HOLDERS))
    hearsay = rows["source_ids"] == GENERAL_KNOWLEDGE
    return pd.DataFrame(
        {
            "alternative": rows["alternative"],
            "criterion_id": "P1",
            "partner": rows["partner"],
            "value_low": rows["share_low"].mask(missing),
            "value": rows["share"],
            "value_high": rows["share_high"].mask(missing),
            "grade": rows["outlet"]
            .map({word: grade.value for word, grade in GRADES.items()})
            .mask(hearsay & ~missing, Grade.ASSUMPTION.value),
            "source_ids": rows["source_ids"],
            "note": rows["product_id"].str.replace("-", " ") + ": " + rows["note"],
            "holder": rows["outlet"].map(HOLDERS).fillna(""),
        }
    )


def _finance(serving: Sequence[Mapping[Hashable, Any]], partner: str, commodity: str) -> dict[str, object]:
    """Return the P2 cell of a partner and commodity: the share of its instruments that are known to reach the host country."""
    own = [row for row in serving if row["partner_id"] == partner]
    elsewhere = [row["tied_commodity_id"] not in {"", commodity} and row["reaches_host_country"] == "yes" for row in own]
    reach = Counter("unknown" if other else row["reaches_host_country"] for row, other in zip(own, elsewhere, strict=True))
    yes, no, unknown = reach["yes"], reach["no"], reach["unknown"]
    keys = {"criterion_id": "P2", "partner": partner, "commodity_id": commodity}
    cell: dict[str, object] = {**keys, "source_ids": join_ids(row["source_id"] for row in own), "holder": ""}
    tied = f" ({sum(elsewhere)} of them tied to a project of another commodity)" if any(elsewhere) else ""
    told = f"of {len(own)} instruments {yes} reach the country for {commodity.replace('-', ' ')}, {no} do not, {unknown} unknown{tied}"
    if not yes + no:
        note = told if own else "no instrument looked up"
        return cell | {"grade": Grade.MISSING.value, "note": note, "holder": "the partner's development and export banks"}
    low, high = yes / len(own), (yes + unknown) / len(own)
    note = f"{told}; travel levels stand among the gates"
    return cell | {"value_low": low, "value": low, "value_high": high, "grade": Grade.CARRIED.value, "note": note}
