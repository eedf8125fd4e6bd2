/* The list: rank, site, product, score with its two kinds of doubt, three facts, the sentence. */
const listed = { items: new Map(), apart: "" };

function drawRanking() {
  listed.items.clear();
  listed.apart = "";
  put(byId("view-ranking"), el("div", { class: "about-room" }), listNotice(), barKey(), bestSwitch(), el("ol", { class: "ranks", "aria-label": t("Alternatives, best first") }),
    el("p", { class: "empty", hidden: true }, "No alternative could be ranked in this case; the reasons follow."), el("div", { class: "apart-room" }));
  fillRanking();
}

/* The list by the figures of now: a row whose words stand keeps its node and gets new figures. */
function fillRanking() {
  const view = byId("view-ranking");
  const rows = caseRows();
  const every = rows.filter((row) => known(row.rank));
  const ranked = state.best ? bestOfEach(every) : every;
  put(view.querySelector(".about-room"), aboutCase(currentCase()));
  arrange(view.querySelector(".ranks"), tierItems(ranked));
  view.querySelector(".ranks").classList.toggle("dimmed", staleRanks());
  view.querySelector(".empty").hidden = Boolean(ranked.length);
  fillApart(view.querySelector(".apart-room"), rows.filter((row) => !known(row.rank)));
  markChosen();
}

function fillApart(room, rows) {
  const words = JSON.stringify([rows.map((row) => [row.alternative, row.status_reason, row.reason]), caseCounts(currentCase()).not_rankable]);
  if (words === listed.apart) return;
  listed.apart = words;
  put(room, notRankable(rows));
}

/* Bring the children of a node into an order, moving only those that stand elsewhere. */
function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  [...parent.children].forEach((child) => { if (!wanted.has(child)) child.remove(); });
  nodes.forEach((node, at) => { if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] || null); });
}

/* What the order below rests on, where that is not what the controls above ask. */
function listNotice() {
  const words = closureNotice();
  return words ? el("p", { class: "own-weights list-notice" }, words) : null;
}

/* How many rows have which standing and what else bears on the case; folded until asked for. */
function aboutCase(one) {
  const before = document.querySelector(".about-case");
  const counts = caseCounts(one);
  const short = count(counts.ranked, "ranked", "ranked") + ", " + figure(counts.conditional) + " conditional, " + count(counts.baseline, "yardstick", "yardsticks") + " (export, toll, plant abroad)";
  const words = el("details", { class: "about-case counts" }, el("summary", null, short),
    el("p", null, countsWords(counts)), one.remarks ? el("p", null, one.remarks) : null);
  words.open = Boolean(before && before.open);
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
  return el("label", { class: "best-only" }, box, " ", t("the best site of each product only"));
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
    if (row.tier !== last && known(row.tier)) items.push(el("li", { class: "tier" }, "tier " + row.tier + (sizes.get(row.tier) > 1 ? ": cannot be told apart" : "")));
    last = row.tier;
    items.push(rankItem(row));
  }
  return items;
}

/* Shown in the chosen row: the way to its reasons. */
function whyLink(row) {
  return el("button", { type: "button", class: "why-link", "data-why": row.alternative, hidden: true, onclick: () => change({ chosen: row.alternative, tab: "why" }) }, t("Why? \u2192"));
}

function rankItem(row) {
  const facts = smallFacts(row);
  const words = JSON.stringify([row.status, row.status_reason, row.reason, facts]);
  const held = listed.items.get(row.alternative);
  if (held && held.words === words) {
    held.node.querySelector(".rank-number").textContent = String(row.rank);
    held.node.querySelector(".score-figure").textContent = fixed(row.score, 2);
    setBar(held.node.querySelector(".bar"), row);
    return held.node;
  }
  const node = el("li", { class: "rank-item" }, rankRow(row, facts), whyLink(row));
  listed.items.set(row.alternative, { node, words });
  return node;
}

function rankRow(row, facts) {
  const { about } = aboutRow(row);
  return el("button", { type: "button", class: "rank-row" + (isBaseline(row) ? " baseline" : ""), "data-alternative": row.alternative, "aria-pressed": "false", onclick: () => change({ chosen: row.alternative }) },
    el("span", { class: "rank-number" }, String(row.rank)),
    el("span", { class: "rank-body" },
      el("span", { class: "rank-head" }, el("strong", { text: about.name }), kindTag(row) ? el("span", { class: "tag" }, kindTag(row)) : null),
      el("span", { class: "muted" }, about.product),
      el("span", { class: "score" }, scoreBar(row), el("span", { class: "score-figure" }, fixed(row.score, 2))),
      el("span", { class: "small-facts" }, facts.map((fact) => (fact.startsWith("exposure ") ? el("span", { title: EXPOSURE_TITLE }, fact) : el("span", null, fact)))),
      conditionWords(row),
      el("span", { class: "reason" }, shortReason(row.reason || ""))));
}

/* The ends of the margin: one figure alone would look surer than it is. */
function marginEnds(economics) {
  const low = economics.margin_usd_per_t_low, high = economics.margin_usd_per_t_high;
  return known(low) && known(high) ? " (" + range(low, high) + ")" : "";
}

function smallFacts(row) {
  if (row.bare) return [bareWords(row)];
  const { dependency, economics } = aboutRow(row);
  const money = known(economics.npv_million_usd) ? "NPV " + figure(economics.npv_million_usd, "million USD")
    : known(economics.margin_usd_per_t) && !isBaseline(row) ? "pays if conversion costs under " + figure(economics.margin_usd_per_t, "USD/t") + marginEnds(economics) : isBaseline(row) ? null : t("no cost model");
  const other = row.rank_open === undefined ? otherRank(row) : null;
  const differs = other && other.rank !== row.rank ? (other.rank ? "rank " + other.rank + " " : "no shown rank ") + TRACKS[other.track] : null;
  return ["exposure " + fixed(dependency.d_rel, 2), "freight " + figure(deliveredFreight(row), "USD/t"), money, differs, beforeWords(row)].filter(Boolean);
}

const EXPOSURE_TITLE = "Exposure index D_rel: how far the flowsheet hangs on controlled items, 0 = not at all, 1 = wholly";

function conditionWords(row) {
  if (row.status !== "conditional") return null;
  return el("span", { class: "condition" }, "conditional: " + (row.status_reason || "reason not stated"));
}

function notRankable(rows) {
  if (!rows.length) return null;
  const counts = caseCounts(currentCase());
  return el("section", { class: "apart" },
    el("h2", null, t("Not rankable: find out first")),
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
