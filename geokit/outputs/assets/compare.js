/* Two alternatives side by side: what differs first, each figure with its unit and how far it is known. */
const GRADE_WORDS = { E: t("evidence"), M: t("carried over"), A: t("assumption"), D: t("by definition") };

function drawCompare() {
  const pair = comparedRows();
  if (pair.length < 2) return put(byId("view-compare"), el("p", { class: "empty" }, "Two rows are needed; this case has fewer."));
  const facts = pairFacts(pair);
  const [differ, alike] = [facts.filter((fact) => fact.differs), facts.filter((fact) => !fact.differs)];
  return put(byId("view-compare"),
    el("div", { class: "compare-choices" }, compareChoice("compare-one", t("This"), pair[0], (chosen) => change({ chosen })), compareChoice("compare-two", t("with"), pair[1], (against) => change({ against }))),
    el("h2", null, count(differ.length, "thing differs", "things differ")), compareTable(pair, differ),
    el("details", { class: "alike" }, el("summary", null, count(alike.length, "thing is", "things are") + " the same or unknown for both"), compareTable(pair, alike)));
}

/* The chosen row, or the first; and the one asked for, or the best other one. */
function comparedRows() {
  const rows = caseRows();
  const one = rows.find((row) => row.alternative === state.chosen) || rows[0];
  const other = rows.find((row) => row.alternative === state.against && row !== one) || rows.find((row) => row !== one);
  return [one, other].filter(Boolean);
}

function rowTitle(row) {
  const { about } = aboutRow(row);
  return (known(row.rank) ? row.rank + ". " : "") + about.name + ": " + about.product;
}

function compareChoice(id, label, row, pick) {
  const box = el("select", { id, onchange: (event) => { pick(event.target.value); byId(id).focus(); } }, caseRows().map((one) => el("option", { value: one.alternative }, rowTitle(one))));
  box.value = row.alternative;
  return el("label", { class: "choice" }, el("span", null, label), box);
}

/* One fact of both: [words, how far it is known] each. */
function pairFacts([one, other]) {
  const sides = [listFacts(one), listFacts(other)].map((facts) => new Map(facts.map(([name, ...rest]) => [name, rest])));
  const names = [...new Set([...sides[0].keys(), ...sides[1].keys()])];
  return names.map((name) => {
    const cells = sides.map((side) => side.get(name) || [t("not there"), ""]);
    return { name, cells, differs: cells[0][0] !== cells[1][0] };
  });
}

function listFacts(row) {
  return [...standingFacts(row), ...criterionFacts(row), ...dependencyFacts(row), ...moneyFacts(row), ...gateFacts(row)];
}

function standingFacts(row) {
  const { about } = aboutRow(row);
  return [[t("Standing"), statusWords(row), row.status_reason || ""], [t("Score, 0 to 1"), fixed(row.score, 2), "between " + fixed(row.bound_low, 2) + " and " + fixed(row.bound_high, 2) + " once the missing facts are known"],
    [t("Evidence, share of the weight"), percent(row.evidence_frac), ""], [t("Product"), about.product || "none", ""], [t("Feed"), about.feed || "none named", ""]];
}

function criterionFacts(row) {
  const parts = indexBy(partsOf(row), (item) => item.criterion_id);
  return store.criteria.filter((one) => parts.has(one.criterion_id)).map((one) => {
    const item = parts.get(one.criterion_id);
    if (!known(item.v)) return [one.label, t("missing"), item.note || ""];
    const words = measure(item.value, one.unit) || "value " + fixed(item.v, 2);
    return [one.label, words, [GRADE_WORDS[item.grade], ids(item.source_ids).join(", "), "brings " + fixed(item.contribution, 3) + " of " + fixed(item.weight, 3)].filter(Boolean).join(" \u00b7 ")];
  });
}

function dependencyFacts(row) {
  const { dependency } = aboutRow(row);
  const law = dependency.regimes_searched ? "law searched: " + dependency.regimes_searched : "";
  return [["Exposure index (D_rel), 0 to 1", fixed(dependency.d_rel, 2), known(dependency.d_rel_low) ? "between " + fixed(dependency.d_rel_low, 2) + " and " + fixed(dependency.d_rel_high, 2) : ""],
    [t("Delay by licences"), known(dependency.delay_months_p50) ? range(dependency.delay_months_p10, dependency.delay_months_p80, "months") : t("unknown"), law], [t("End-user profile"), dependency.profile || "none", ""]];
}

function moneyFacts(row) {
  const { economics: money } = aboutRow(row);
  const line = (name, stem, unit) => [name, figure(money[stem], unit), known(money[stem + "_low"]) && known(money[stem + "_high"]) ? range(money[stem + "_low"], money[stem + "_high"], unit) : ""];
  return [[t("Freight to the partner's port"), figure(deliveredFreight(row), "USD/t"), ""], line(t("Margin before conversion"), "margin_usd_per_t", "USD/t"), line(t("Feed at the mine gate"), "feed_price_usd_per_t", "USD/t"),
    line(t("Product price"), "product_usd_per_t", "USD/t"), line(t("Capital cost"), "capex_usd_per_tpa", "USD per t/y"), line(t("Operating cost"), "opex_usd_per_t", "USD/t"), line(t("Free feed in reach"), "feed_free_t", "t"),
    [...line(t("Net present value"), "npv_million_usd", "million USD").slice(0, 2), ids(money.source_ids).join(", ")]];
}

function gateFacts(row) {
  return (store.gates.get(pairKey(state.partner, row.alternative)) || []).map((gate) => ["Gate: " + plainWords(gate.gate_id), gate.result || t("unknown"), gate.reason || ""]);
}

function compareTable(pair, facts) {
  const cell = ([words, note]) => el("td", { class: words === t("unknown") || words === t("missing") ? "muted" : null }, words, note ? el("span", { class: "note muted" }, note) : null);
  return el("table", { class: "small-table compare-table" },
    el("thead", null, el("tr", null, el("th", { scope: "col" }, t("Fact")), pair.map((row) => el("th", { scope: "col" }, rowTitle(row))))),
    el("tbody", null, facts.map((fact) => el("tr", null, el("th", { scope: "row" }, fact.name), fact.cells.map(cell)))));
}
