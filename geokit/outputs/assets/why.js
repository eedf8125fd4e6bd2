/* Why the chosen alternative stands where it does, down to clause and source. */
function drawWhy() {
  const view = byId("view-why");
  const row = rowOf(state.chosen) || rankedRows()[0];
  if (!row) {
    put(view, el("p", { class: "empty" }, t("Choose a row of the ranking.")));
    return;
  }
  const { about } = aboutRow(row);
  put(view, 
    el("div", { class: "why-head" },
      el("p", { class: "why-rank" }, known(row.rank) ? "Rank " + row.rank + (known(row.tier) ? ", tier " + row.tier : " by your own weights") : statusWords(row)),
      el("h2", { text: about.name }), el("p", { class: "muted" }, about.product + (about.feed ? ", from " + about.feed : "")),
      scoreBar(row), el("p", { class: "small" }, scoreWords(row))),
    el("p", { class: "why-reason" }, row.reason || sentence(row.status_reason)),
    row.status === "conditional" && !(row.reason || "").includes(row.status_reason) ? el("p", { class: "condition" }, "Conditional: " + row.status_reason) : null,
    row.bare ? el("p", { class: "condition" }, bareWords(row)) : null, contributionBlock(row),
    row.bare ? null : [feedBlock(row), routeBlock(row), dependencyBlock(row), moneyBlock(row), gateBlock(row), sourceBlock(row)]);
}

function bandWords(row) {
  if (!known(row.score_p10)) return row.own ? "; no band is known by your own weights" : "; no band is known";
  const words = "; 8 draws in 10 fall between " + fixed(row.score_p10, 2) + " and " + fixed(row.score_p90, 2);
  return row.own ? words + " by the shipped weights" : words;
}

function scoreWords(row) {
  return "Score " + fixed(row.score, 2) + bandWords(row) +
    "; the missing facts could put it between " + fixed(row.bound_low, 2) + " and " + fixed(row.bound_high, 2) + "; evidence covers " + percent(row.evidence_frac) + " of the weight.";
}

/* What each criterion brought, by the weights in use. */
function partsOf(row) {
  if (!MATRIX) return store.contributions.get(caseKey(row)) || [];
  return weighedParts(currentCase(), currentShares(), row.alternative);
}

function contributionBlock(row) {
  const items = partsOf(row);
  if (!items.length) return section(t("What made the score"), el("p", { class: "muted" }, "Contributions are kept for the leading rows only; the tables beside this page hold the rest."));
  const widest = Math.max(...items.map((item) => item.weight), 0.0001);
  const byCriterion = indexBy(items, (item) => item.criterion_id);
  const ordered = store.criteria.filter((one) => byCriterion.has(one.criterion_id));
  const groups = groupBy(ordered, (one) => one.group);
  return section(t("What made the score"), el("p", { class: "muted small" }, t("Pale bar: weight. Filled: what it brought.")), gradeKey(),
    [...groups].map(([name, criteria]) => el("div", { class: "criteria" }, el("h4", { text: name }), criteria.map((one) => contributionRow(one, byCriterion.get(one.criterion_id), widest, row)))));
}

const FEED_SPAN = "F1";

function contributionRow(criterion, item, widest, row) {
  const missing = !known(item.v);
  const grade = GRADE_WORDS[item.grade] || "";
  const aged = criterion.criterion_id === FEED_SPAN && !missing && restsOnHistory(row) && !(item.note || "").includes(store.names.historical) ? "rests on a " + store.names.historical : "";
  const note = [measure(item.value, criterion.unit), aged, grade, item.note].filter(Boolean).join(" \u00b7 ");
  return el("div", { class: "criterion" },
    el("div", { class: "criterion-head" }, el("span", null, criterion.label), el("span", { class: "number" }, missing ? "missing" : fixed(item.contribution, 3) + " of " + fixed(item.weight, 3))),
    contributionBar(item, widest),
    note ? el("p", { class: "muted small" }, note) : null);
}
