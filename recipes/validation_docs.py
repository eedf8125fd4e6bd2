"""Write docs/validation.md from the layers and the model: ``python recipes/validation_docs.py``.

Whoever changes the anchors, the forecasts, a prior or the delays of the model runs this again in the same commit. Nothing in the tables
is typed by hand; the same layers give the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from geokit.catalog import Layers, read_layers
from geokit.core.assumptions import Assumptions
from geokit.dependency.anchors import IN_SAMPLE, back_test, cap_factor, leave_one_out, rate_plant
from geokit.dependency.forecasts import check_ledger, score_forecasts
from geokit.dependency.hazard import count_controls, measure_record, meet_control, rate_controls
from geokit.economics.capacity import scale_cost
from geokit.io.defaults import read_assumptions

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation.md"
MEASURES = {"delay": "months beyond the plan", "build_time": "months from start to end", "licence_time": "months to a licence", "cost_factor": "cost ratio"}
TESTED = ("kwinana-first-product", "lithium-hydroxide")
EXPANSIONS = {
    "reko-diq-phase-2-capital": ("mine and concentrator, second phase", "copper-concentrate", 90e6),
    "vidalia-expansion-capital": ("anode material", "graphite-spherical-purified", 45_000.0),
}
"""Held-out quote of an expansion: its name, the cost row that the law starts from, and the capacity after it, t/y, as the quote tells it."""
BOUND = 0.25
"""Share by which the law of scale may miss an expansion, stated before the comparison."""

PAGE_TEXT = """# What has been tested against the world

Written by `python recipes/validation_docs.py` from the layers and the model; do not edit it by hand. Verified on {verified_on}.

**In short.** The law as printed, the arithmetic and the freight are tested against published answers. The chances and the delays of
dependency are not: no licence history exists for the controls of October 2025, the three delays that the model draws from are whole
projects, and only one of them was the effect of a restriction. The plant that was kept out as a test shows that controls explain none of its
{held_months} months. What the model says of the future is written down below with a day, so that it can be scored.

Three words. An **anchor** is an observation that sets a figure of the model; that the model agrees with it proves nothing. **Held out**
means that no figure of the model was set by it. **In-sample** is a comparison with the very data that a figure was set by.

## What was observed

The layer `anchors`; addresses and confidence: `geokit layers sources`. *Restriction*: whether the figure is the effect of a restriction by the
country that supplies.

{observed}

## Leave-one-out: the delay of a substitute

The model draws the delay of a substitute from one triangle, the least, the median and the largest of the anchors. Each is held here against
the triangle that the others make:

    miss_i = x_i - median of x_j over all j but i

{delays}

The least and the largest of three can never lie between the other two, so two of the three miss by construction; the miss says how far. It is
as large as the figures themselves. **With three observations the triangle is a range, not a measurement.** Of the three only
{attributable} was the effect of a restriction; kept to that kind, {left} observation is left and the comparison is {in_sample}.

## Leave-one-out: the premium

{premiums}

One is a way round, one the difference between places, one a pair of plants in two countries; none is the price of a machine.

## The plants, bought again under the law of their day

Each plant is ordered in the model on its day (of a year or month the last, for the later the day, the more law) under the clauses that were
printed on the days of its shipments. *Missed*: what was observed less the median of the model.

{plants}

- **Kwinana** had good kit from outside China and took {held_months} months to its first product. No Chinese clause on spodumene conversion was in
  force, so the model adds **{held_delay} months** for controls and misses all {held_months}. It is a whole building time, not a delay: the planned time was not
  found, so nobody can say how much of it was late. The same months stand as lead time of the stage, so they test the delay for controls and
  nothing else. Both refineries of the region leaned on engineers from China, which no law forbade: dependence on people stood there without a
  control. The model has no term for that, nor for a failing ramp-up.
- The same plant ordered on {verified_on}, under the clause of 2025 that restricts the technology: exposure index {now_index}, median wait {now_wait}
  months, all of it from commissioning. That is what the model would now have to be right about.
- **Iluka** and **Oman** were late and dear, and the model explains none of it by controls. That agrees with what is told of them: inflation in
  Western Australia, furnace and gas cooling. Iluka's index is above zero because its yearly fills of extractant fall under the announcement of 2025.
- Dearer equipment cannot explain them either: with the largest share of equipment ({share:.0f} %) and the largest premium ({premium:g}) the capital
  cost becomes {cap:.2f} times what was planned. Observed: {over}.

      I' / I = 1 + omega (x - 1)

## The law of scale, against two expansions

    C = C_ref (Q / Q_ref)^n         expansion = C - C_ref

Stated before the comparison: within {bound:.0f} %. The first plants are calibration points, for the law starts from them; the expansions are
held out, for no figure of the model is set by them (layer `cost_quotes`, `used_in` blank).

{expansions}

The exponent of the model runs from {low:g} over {mode:g} to {high:g}. A mine that doubles is met; an anode plant that grows fourfold is missed by
half, and only trains side by side come near, so the high end of the exponent belongs in every value of such a plant. The mine of Gunga cannot
be tested: what its plant was to cost was not published.

## How often new controls come

    lambda = (N + 1/2) / T          P(at least one in h years) = 1 - exp(-lambda h)

The prior of Jeffreys for a Poisson process; N counts the days on which China issued a control that can withhold a supply to the class, T =
{years:.1f} years from the day on which the first control of all took effect. The rate is taken as constant. Where N = 0 it is almost all prior: a sensitivity, not a finding.

{hazards}

## The forecast ledger

The layer `forecasts`: what the model says, with the day on which it said so. A prior comes from the layer `regimes`, a rate from the section
above, the year of first ore from the layer `deposits` as a triangle; what the other outcomes leave goes to the last. A row is never changed
after its day but for its outcome; if a prior changes, a new forecast with a new day is added, and a test asks for it. Where the model has no
figure none is given.

{ledger}

## Scores

    B = sum_k (f_k - o_k)^2          0 perfect, 2 wholly wrong, 1 - 1/K for equal probabilities of K outcomes
    L = -ln f(what came true)        0 perfect, infinite for what was called impossible, ln K for equal probabilities

Both are proper: nobody gains by telling other probabilities than he holds. Open forecasts are not scored. {questions} questions, several of
them about one arrangement, will not show whether the probabilities are well calibrated; they can show that they are badly so.

{scores}

## Tested elsewhere

- Arithmetic against printed answers: `tests/published` (dependency, freight, finance, prices, sea distances, weights).
- The law on the days around each turn, both readings: `tests/dependency`, `tests/laws`.
- The modelled feed beside what the country makes and ships: `reality.csv` of every run; it is a check and enters no score.
- Not tested, for want of data: chances of a licence for equipment, delays of single items, Chinese shares of vendors, ramp-up.

## References

- G. W. Brier, Verification of forecasts expressed in terms of probability, Mon. Weather Rev. 78 (1950) 1-3.
- A. H. Murphy, A new vector partition of the probability score, J. Appl. Meteorol. 12 (1973) 595-600.
- I. J. Good, Rational decisions, J. R. Stat. Soc. B 14 (1952) 107-114.
- H. Jeffreys, An invariant form for the prior probability in estimation problems, Proc. R. Soc. A 186 (1946) 453-461.
- M. Stone, Cross-validatory choice and assessment of statistical predictions, J. R. Stat. Soc. B 36 (1974) 111-147.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(tell_page(read_layers(), read_assumptions()), encoding="utf8", newline="\n")


def tell_page(layers: Layers, assumptions: Assumptions) -> str:
    """Return the page."""
    verified_on = layers["forecasts"]["made_on"].max()
    known_on = dt.date.fromisoformat(verified_on)
    check_ledger(layers["forecasts"])
    anchors = layers["anchors"]
    tested = back_test(layers, assumptions, known_on=known_on)
    held = tested.set_index("anchor_id").loc[TESTED[0]]
    now = rate_plant(layers, TESTED[1], known_on, assumptions=assumptions, known_on=known_on)
    delays = leave_one_out(anchors, "delay_months")
    real = leave_one_out(anchors[anchors["attributable"] == "yes"], "delay_months")
    if set(real["test"]) != {IN_SAMPLE}:
        raise ValueError("enough delays by restrictions are known now to leave one out: rewrite the page")
    share, premium = assumptions.procurement.equipment_share_frac.high, float(layers["operations"]["premium_high"].max())
    over = anchors[(anchors["role"] == "held_out") & (anchors["measure"] == "cost_factor")]
    return PAGE_TEXT.format(
        verified_on=verified_on,
        held_months=f"{held['months_mode']:g}",
        held_delay=f"{held['delay_months_p50']:g}",
        now_index=f"{now['d_rel']:.2f}",
        now_wait=f"{now['delay_months_p50']:.0f}",
        observed=tell_observed(anchors),
        delays=tell_left_out(delays, "months"),
        premiums=tell_left_out(leave_one_out(anchors, "premium"), "ratio"),
        attributable=", ".join(real["plant"]),
        left="one" if len(real) == 1 else len(real),
        in_sample=IN_SAMPLE,
        plants=tell_plants(tested),
        share=100.0 * share,
        premium=premium,
        cap=cap_factor(share, premium),
        over=", ".join(f"{row.plant} {row.factor_mode:g}" for row in over.itertuples()),
        years=measure_record(layers, known_on),
        bound=100.0 * BOUND,
        expansions=tell_expansions(layers, assumptions),
        **{end: getattr(assumptions.finance.capex_exponent, end) for end in ("low", "mode", "high")},
        hazards=tell_hazards(layers, known_on),
        ledger=tell_ledger(layers["forecasts"]),
        questions=layers["forecasts"]["forecast_id"].nunique(),
        scores=tell_scores(layers["forecasts"]),
    )


def tell_observed(anchors: pd.DataFrame) -> str:
    """Return the observations, those that set a figure first."""
    rows = anchors.assign(order=anchors["role"].map({"anchor": 0, "held_out": 1, "context": 2})).sort_values("order", kind="stable")
    cells = [
        (
            row["plant"],
            row["what"],
            f"{MEASURES[row['measure']]}: {tell_range(row)}",
            row["role"].replace("_", " ") + (f", sets `{row['used_by']}`" if row["used_by"] else ""),
            row["attributable"],
            row["note"],
        )
        for row in rows.to_dict("records")
    ]
    return tabulate(["where", "what", "figure", "role", "restriction", "remark"], cells)


def tell_range(row: dict) -> str:
    """Return a figure with its range, where it has one."""
    stem = "factor" if row["measure"] == "cost_factor" else "months"
    low, mode, high = (row[f"{stem}_{end}"] for end in ("low", "mode", "high"))
    return f"{mode:g}" if pd.isna(low) else f"{mode:g} ({low:g}-{high:g})"


def tell_left_out(found: pd.DataFrame, unit: str) -> str:
    """Return each anchor against the others."""
    cells = [
        (row.plant, f"{row.observed:g}", f"{row.low:g} / {row.mode:g} / {row.high:g}", f"{row.miss:+g}", "yes" if row.is_inside else "no", row.test)
        for row in found.itertuples()
    ]
    return tabulate(["left out", f"observed, {unit}", "the others: low / mode / high", "miss", "inside", "test"], cells)


def tell_plants(tested: pd.DataFrame) -> str:
    """Return the plants bought again."""
    cells = []
    for row in tested.to_dict("records"):
        is_ratio = row["measure"] == "cost_factor"
        said = f"x {row['capex_factor_p50']:.2f}" if is_ratio else f"{row['delay_months_p50']:.0f} (P80 {row['delay_months_p80']:.0f})"
        observed = f"x {row['factor_mode']:g}" if is_ratio else f"{row['months_mode']:g}"
        cells.append((row["plant"], str(row["day"]), MEASURES[row["measure"]], observed, f"{row['d_rel']:.2f}", said, f"{row['missed']:.3g}", row["role"].replace("_", " ")))
    return tabulate(["plant", "ordered by", "figure", "observed", "D_rel", "model: median", "missed", "role"], cells)


def tell_expansions(layers: Layers, assumptions: Assumptions) -> str:
    """Return what the law of scale says of each expansion beside what was published."""
    costs, quotes = layers["cost_models"].set_index("stage_id"), layers["cost_quotes"].set_index("quote_id")
    exponent, cells = assumptions.finance.capex_exponent, []
    for quote, (name, stage, size) in EXPANSIONS.items():
        first, capacity, published = *costs.loc[stage, ["ref_capex_musd", "ref_capacity_tpa"]], float(quotes.loc[quote, "mode"])
        law = [scale_cost(first, size / capacity, exponent=n) - first for n in (exponent.mode, exponent.high)]
        misses = [one / published - 1.0 for one in law]
        verdict = "yes" if abs(misses[0]) <= BOUND else f"**no**: only at {exponent.high:g}" if abs(misses[1]) <= BOUND else "**no**"
        told = [cell for one, miss in zip(law, misses, strict=True) for cell in (f"{one:,.0f}", f"{100.0 * miss:+.1f} %")]
        cells.append([name, f"{first:,.0f} at {capacity:,.0f} t/y", f"{size:,.0f} t/y", f"{published:,.0f}", *told, verdict])
    head = [f"law at {n:g}" for n in (exponent.mode, exponent.high)]
    columns = ["expansion", "from, million USD", "to", "published", head[0], "error", head[1], "error", f"within {100.0 * BOUND:.0f} %"]
    return tabulate(columns, cells)


def tell_hazards(layers: Layers, known_on: dt.date) -> str:
    """Return rates and chances by the number of controls, with the classes that have so many."""
    events, years = count_controls(layers, known_on), measure_record(layers, known_on)
    cells = []
    for number, rows in events.groupby(events):
        rate = float(rate_controls(number, years))
        cells.append((f"{number}", f"{rate:.2f}", f"{100.0 * float(meet_control(rate, 2.0)):.0f} %", ", ".join(sorted(map(str, rows.index)))))
    return tabulate(["N", "per year", "chance in two years", "technique classes"], cells)


def tell_ledger(ledger: pd.DataFrame) -> str:
    """Return the forecasts, a question a line."""
    cells = []
    for _, rows in ledger.groupby(["due_on", "forecast_id", "made_on"], sort=True):
        first, came = rows.iloc[0], rows.loc[rows["outcome"] == "yes", "option"]
        how = dict.fromkeys(f"{row.how.replace('_', ' ')} {row.basis_id.replace('_', ' ')}".strip() for row in rows.itertuples() if row.how != "rest")
        told = "; ".join(tell_option(row) for row in rows.to_dict("records"))
        cells.append((first["made_on"], first["due_on"], first["question"], told, ", ".join(how), first["grade"], ", ".join(came) or "open"))
    return tabulate(["made", "due", "question", "outcomes with probability (range)", "from", "grade", "came true"], cells)


def tell_option(row: dict) -> str:
    """Return an outcome with its probability, where it has one."""
    name = row["option"].replace("-", " ")
    low, mode, high = (row[f"probability_{end}"] for end in ("low", "mode", "high"))
    return f"{name}: none" if pd.isna(mode) else f"{name} {mode:.2f} ({low:.2f}-{high:.2f})"


def tell_scores(ledger: pd.DataFrame) -> str:
    """Return the scores, or that there are none yet."""
    found = score_forecasts(ledger)
    if found.empty:
        return f"None yet: none of the {ledger['forecast_id'].nunique()} questions is decided."
    cells = [
        (row.forecast_id, row.made_on, row.came_true, f"{row.probability:.2f}", f"{row.brier:.2f}", f"{row.brier_equal:.2f}", f"{row.log_score:.2f}", f"{row.log_score_equal:.2f}")
        for row in found.itertuples()
    ]
    return tabulate(["question", "made", "came true", "probability", "B", "B, equal", "L", "L, equal"], cells)


def tabulate(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    main()
