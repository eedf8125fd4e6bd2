/* The map's twin: a sortable table of the case; and the list of what to find out next. */
const COLUMNS = [
  ["rank", "Rank", (row) => row.rank], ["name", "Site", (row) => aboutRow(row).about.name], ["product", "Product", (row) => aboutRow(row).about.product],
  ["status", "Standing", (row) => statusWords(row)], ["tier", "Tier", (row) => row.tier],
  ["score", "Score", (row) => row.score, 2], ["p10", "P10", (row) => row.score_p10, 2], ["p90", "P90", (row) => row.score_p90, 2],
  ["low", "If missing is worst", (row) => row.bound_low, 2], ["high", "If missing is best", (row) => row.bound_high, 2],
  ["evidence", "Evidence, share of weight", (row) => row.evidence_frac, 2], ["d_rel", "Exposure (D_rel)", (row) => aboutRow(row).dependency.d_rel, 2],
  ["delay", "Delay P80, months", (row) => aboutRow(row).dependency.delay_months_p80], ["freight", "Freight, USD/t", (row) => deliveredFreight(row)],
  ["margin", "Margin, USD/t", (row) => aboutRow(row).economics.margin_usd_per_t], ["npv", "NPV, million USD", (row) => aboutRow(row).economics.npv_million_usd],
  ["beats", "Beats exporting", (row) => row.beats_baseline || t("unknown")], ["alternative", "Id", (row) => row.alternative],
];
const TEXT_COLUMNS = ["name", "product", "status", "beats", "alternative"];
const sorting = { column: "rank", ascending: true };

function sortedRows() {
  const [, , read] = COLUMNS.find(([id]) => id === sorting.column);
  const missing = (value) => value === null || value === undefined || value === "";
  const order = (a, b) => (typeof a === "string" ? a.localeCompare(b, "en") : a - b);
  return [...caseRows()].sort((one, two) => {
    const [a, b] = [read(one), read(two)];
    if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
    return (sorting.ascending ? 1 : -1) * order(a, b) || order(one.alternative, two.alternative);
  });
}

function cellWords(value, decimals) {
  if (typeof value === "string") return value;
  if (!known(value)) return t("unknown");
  return decimals === undefined ? figure(value) : fixed(value, decimals);
}

function drawTable() {
  put(byId("view-table"), 
    el("div", { class: "table-head" },
      el("p", { class: "muted" }, count(caseRows().length, "row", "rows") + " of this case; choose a column to sort, a row to see why. ", el("span", { class: "scroll-hint", id: "scroll-hint", hidden: true }, t("More columns to the right \u2192"))),
      el("button", { type: "button", class: "plain-button", onclick: saveCsv }, t("Save as CSV"))),
    el("div", { class: "scroll" }, el("table", { class: "big-table" }, el("thead", null, el("tr", null, COLUMNS.map(headCell))), el("tbody", null, sortedRows().map(bodyRow)))));
  hintScroll();
}

/* Say so while columns are cut at the right. */
function hintScroll() {
  const view = byId("view-table");
  const hint = byId("scroll-hint");
  if (!hint || view.hidden) return;
  const cut = view.scrollLeft + view.clientWidth < view.scrollWidth - 4;
  hint.hidden = !cut;
  view.classList.toggle("cut", cut);
}

function headCell([id, title]) {
  const mine = sorting.column === id;
  const arrow = mine ? (sorting.ascending ? " \u2191" : " \u2193") : "";
  const sort = () => {
    Object.assign(sorting, { column: id, ascending: mine ? !sorting.ascending : true });
    drawTable();
    byId("view-table").querySelector('[data-sort="' + id + '"]').focus();
  };
  return el("th", { scope: "col", "aria-sort": mine ? (sorting.ascending ? "ascending" : "descending") : "none", class: TEXT_COLUMNS.includes(id) ? "" : "number" },
    el("button", { type: "button", "data-sort": id, onclick: sort }, t(title) + arrow));
}

function bodyRow(row) {
  const cells = COLUMNS.map(([id, , read, decimals]) => {
    const value = read(row);
    const words = id === "rank" && !known(value) ? "\u2013" : cellWords(value, decimals);
    if (id === "name") return el("th", { scope: "row" }, el("button", { type: "button", class: "link-button", onclick: () => change({ chosen: row.alternative, tab: "why" }) }, words));
    return el("td", { class: TEXT_COLUMNS.includes(id) ? "" : "number" + (words === t("unknown") ? " muted" : "") }, words);
  });
  return el("tr", { class: row.alternative === state.chosen ? "chosen" : null }, cells);
}

/* A spreadsheet must not run a text as a formula. */
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
  return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

function saveCsv() {
  const lines = [COLUMNS.map(([, title]) => csvCell(title)), ...sortedRows().map((row) => COLUMNS.map(([, , read]) => csvCell(read(row))))];
  saveText(currentCase().id.replace(/[^a-z0-9-]+/gi, "-") + ".csv", "text/csv", lines.map((line) => line.join(",")).join("\n") + "\n");
}

function drawUnknowns() {
  const items = currentCase().unknowns.map(([at, sites, touched]) => ({ ...store.unknowns.get(at), sites, touched }));
  const criteria = indexBy(store.criteria, (one) => one.criterion_id);
  put(byId("view-unknowns"), 
    el("h2", null, t("What to find out next")),
    el("p", { class: "muted" }, t("Facts that are missing, the one that could move the ranking furthest first. Nothing is put in their place.")),
    items.length ? el("ol", { class: "unknowns" }, items.map((item) => unknownItem(item, criteria.get(item.criterion_id))))
      : el("p", { class: "empty" }, "No missing fact was listed for this case."));
}

function unknownItem(item, criterion) {
  const more = item.sites > 1 && item.site ? " and " + count(item.sites - 1, "other place", "other places") : "";
  const where = [item.stage, item.site + more].filter(Boolean).join(": ");
  const reach = [known(item.rank_swing) ? "could move a row by " + count(Math.round(item.rank_swing), "place", "places") : "", known(item.touched) ? "touches " + count(item.touched, "alternative", "alternatives") : "", known(item.weight) ? "weight " + fixed(item.weight, 2) : ""];
  return el("li", null,
    el("strong", null, sentence(item.what || (criterion ? criterion.label : item.criterion_id))),
    where ? el("span", { class: "muted" }, where) : null,
    item.note ? el("span", { class: "small" }, sentence(item.note)) : null,
    el("span", { class: "small" }, "Who may know: " + (item.holder || "nobody named yet")),
    el("span", { class: "muted small" }, reach.filter(Boolean).join(" \u00b7 ")));
}
