/* The list: rank, site, product, score with its two kinds of doubt, three facts, the sentence. */
function drawRanking() {
  const rows = caseRows();
  const every = rows.filter((row) => known(row.rank));
  const ranked = state.best ? bestOfEach(every) : every;
  const apart = rows.filter((row) => !known(row.rank));
  put(byId("view-ranking"), 
    aboutCase(currentCase()),
    barKey(),
    bestSwitch(),
    el("ol", { class: "ranks", "aria-label": "Alternatives, best first" }, tierItems(ranked)),
    ranked.length ? null : el("p", { class: "empty" }, "No alternative could be ranked in this case; the reasons follow."),
    notRankable(apart));
  markChosen();
}

/* How many rows have which standing and what else bears on the case; folded where the screen is small. */
function aboutCase(one) {
  const before = document.querySelector(".about-case");
  const short = count(one.counts.ranked, "ranked", "ranked") + ", " + figure(one.counts.conditional) + " conditional, " + count(one.counts.baseline, "yardstick", "yardsticks") + " (export, toll, plant abroad)";
  const words = el("details", { class: "about-case counts" }, el("summary", null, short),
    el("p", null, countsWords(one.counts)), one.remarks ? el("p", null, one.remarks) : null);
  words.open = before ? before.open : window.matchMedia("(min-width: 640px)").matches;
  return words;
}

function countsWords(counts) {
  const parts = [figure(counts.not_rankable) + " not rankable", figure(counts.screened) + " screened out by a sourced fact"];
  const shown = rankedRows().length;
  const all = counts.ranked + counts.conditional + counts.baseline;
  return parts.join(" \u00b7 ") + (shown < all ? ". The leading " + shown + " are shown." : ".");
}

/* The best row of each stage: one line a product instead of one product over many sites. */
function bestOfEach(rows) {
  const seen = new Set();
  return rows.filter((row) => !isBaseline(row)).filter((row) => { const { about } = aboutRow(row); return seen.has(about.stage_id) ? false : seen.add(about.stage_id); });
}

function bestSwitch() {
  const box = el("input", { type: "checkbox", id: "best-only", onchange: (event) => change({ best: event.target.checked }) });
  box.checked = state.best;
  return el("label", { class: "best-only" }, box, " the best site of each product only");
}

/* The sentence without its opening: rank and partner stand beside it. */
function shortReason(text) {
  const because = text.match(/^No\. \d+ for [^;]+? because (.*)$/s);
  const words = because ? because[1] : text.replace(/^No\. \d+ for [^;]+; /, "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function tierItems(rows) {
  const sizes = new Map();
  rows.forEach((row) => sizes.set(row.tier, (sizes.get(row.tier) || 0) + 1));
  let last = null;
  const items = [];
  for (const row of rows) {
    if (row.tier !== last && known(row.tier)) items.push(el("li", { class: "tier", role: "presentation" }, "tier " + row.tier + (sizes.get(row.tier) > 1 ? ": cannot be told apart" : "")));
    last = row.tier;
    items.push(el("li", { class: "rank-item" }, rankRow(row), whyLink(row)));
  }
  return items;
}

/* Shown in the chosen row: the way to its reasons. */
function whyLink(row) {
  return el("button", { type: "button", class: "why-link", "data-why": row.alternative, hidden: true, onclick: () => change({ chosen: row.alternative, tab: "why" }) }, "Why? \u2192");
}

function rankRow(row) {
  const { about } = aboutRow(row);
  return el("button", { type: "button", class: "rank-row" + (isBaseline(row) ? " baseline" : ""), "data-alternative": row.alternative, "aria-pressed": "false", onclick: () => change({ chosen: row.alternative }) },
    el("span", { class: "rank-number" }, String(row.rank)),
    el("span", { class: "rank-body" },
      el("span", { class: "rank-head" }, el("strong", { text: about.name }), kindTag(row) ? el("span", { class: "tag" }, kindTag(row)) : null),
      el("span", { class: "muted" }, about.product),
      el("span", { class: "score" }, scoreBar(row), el("span", { class: "score-figure" }, fixed(row.score, 2))),
      el("span", { class: "small-facts" }, smallFacts(row).map((fact) => el("span", null, fact))),
      conditionWords(row),
      el("span", { class: "reason" }, shortReason(row.reason || ""))));
}

function smallFacts(row) {
  const { dependency, economics } = aboutRow(row);
  const money = known(economics.npv_million_usd) ? "NPV " + figure(economics.npv_million_usd, "million USD")
    : known(economics.margin_usd_per_t) && !isBaseline(row) ? "pays if conversion costs under " + figure(economics.margin_usd_per_t, "USD/t") : isBaseline(row) ? null : "no cost model";
  const other = otherRank(row);
  const differs = other && other.rank !== row.rank ? (other.rank ? "rank " + other.rank + " " : "no shown rank ") + TRACKS[other.track] : null;
  return [exposureFact(dependency), "freight " + figure(deliveredFreight(row), "USD/t"), money, differs, rankWords(row, "")].filter(Boolean);
}

function exposureFact(dependency) {
  const title = "Exposure index D_rel: how far the flowsheet hangs on controlled items, 0 = not at all, 1 = wholly";
  return el("span", { title }, "exposure " + fixed(dependency.d_rel, 2));
}

function conditionWords(row) {
  if (row.status !== "conditional") return null;
  return el("span", { class: "condition" }, "conditional: " + (row.status_reason || "reason not stated"));
}

function notRankable(rows) {
  if (!rows.length) return null;
  const counts = currentCase().counts;
  return el("section", { class: "apart" },
    el("h3", null, "Not rankable: find out first"),
    el("p", { class: "muted" }, counts.not_rankable > rows.length ? rows.length + " of " + counts.not_rankable + ", those nearest to being rankable." : count(rows.length, "row", "rows") + "."),
    el("ul", null, rows.map((row) => {
      const { about } = aboutRow(row);
      return el("li", null, el("button", { type: "button", class: "apart-row", "data-alternative": row.alternative, "aria-pressed": "false", onclick: () => change({ chosen: row.alternative }) },
        el("strong", { text: about.name }), " ", el("span", { class: "muted" }, about.product),
        el("span", { class: "reason" }, row.status_reason || row.reason || "")), whyLink(row));
    })));
}

function markChosen() {
  for (const button of document.querySelectorAll("[data-alternative]")) button.setAttribute("aria-pressed", String(button.dataset.alternative === state.chosen));
  for (const item of document.querySelectorAll(".rank-item, .apart li")) item.classList.toggle("chosen", Boolean(item.querySelector('[aria-pressed="true"]')));
  for (const link of document.querySelectorAll("[data-why]")) link.hidden = link.dataset.why !== state.chosen;
}

/* Arrow keys walk the list; Home and End jump. */
function walkRanking(event) {
  const buttons = [...byId("view-ranking").querySelectorAll("[data-alternative]")];
  const at = buttons.indexOf(document.activeElement);
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (at < 0 || target === undefined || !buttons[target]) return;
  event.preventDefault();
  buttons[target].focus();
}
