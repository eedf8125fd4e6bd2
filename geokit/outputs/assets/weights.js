/* The reader's own weights: sliders by criterion, their words, the file that the command line reads. */
const LEADING = 60;
const weighed = { of: null, rows: new Map() };

function shippedWeights(partner) {
  return DATA.weights[partner] || {};
}

/* Weights that sum to one: the reader's, or those of the study. */
function currentShares() {
  const raw = state.weights || shippedWeights(state.partner);
  const sum = Object.values(raw).reduce((total, value) => total + value, 0);
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, value / sum]));
}

/* Rows of a case by the reader's weights; what the page knows of a row besides stays with it. */
function weighedRows(one) {
  if (weighed.of !== state.weights) Object.assign(weighed, { of: state.weights, rows: new Map() });
  if (!weighed.rows.has(one.id)) {
    const before = indexBy(store.rows.get(one.id) || [], (row) => row.alternative);
    const rows = scoreCase(one, currentShares());
    const shown = rows.filter((row) => row.status !== "screened" && ((known(row.rank) && row.rank <= LEADING) || before.has(row.alternative)));
    shown.sort((a, b) => (a.rank || Infinity) - (b.rank || Infinity) || b.evidence_frac - a.evidence_frac);
    weighed.rows.set(one.id, { counts: countStandings(rows), rows: shown.map((row) => mergeRow(row, before.get(row.alternative))) });
  }
  return weighed.rows.get(one.id);
}

function countStandings(rows) {
  const counts = { ranked: 0, conditional: 0, baseline: 0, not_rankable: 0, screened: 0 };
  rows.forEach((row) => { counts[row.status] += 1; });
  return counts;
}

function mergeRow(row, before) {
  const old = before || { bare: true };
  const thin = "evidence covers " + percent(row.evidence_frac) + " of your weights, less than the " + percent(MATRIX.threshold) + " that a rank asks for";
  const same = old.status === row.status && row.status !== "not_rankable";
  return { ...old, ...row, tier: null, own: true, reason: old.reason && known(row.rank) ? "By the shipped weights: " + old.reason : "",
    status_reason: row.status === "not_rankable" ? thin : same ? old.status_reason : "" };
}

function caseCounts(one) {
  return state.weights ? weighedRows(one).counts : one.counts;
}

function explainCommand(row) {
  return "geokit explain " + row.alternative + " --study study.zip --partner " + state.partner;
}

/* A row that the page holds no texts for. */
function bareWords(row) {
  return row.bare ? "This page holds no facts of this row. Ask the study: " + explainCommand(row) : "";
}

/* Join the cells of the partner's cases before the first slider moves. */
function warmWeights() {
  if (byId("weights").open) DATA.cases.filter((one) => one.partner === state.partner && one.on === state.on).forEach(joinCase);
}

function drawWeights() {
  const box = byId("weights");
  box.hidden = !MATRIX;
  if (!MATRIX) return;
  warmWeights();
  const raw = shippedWeights(state.partner);
  const criteria = store.criteria.filter((one) => one.criterion_id in raw);
  const groups = [...groupBy(criteria, (one) => one.group)];
  put(byId("weights-body"),
    el("p", { class: "muted" }, "The sum is kept at 100" + SPACE + "%: move one, the others give way. A double click on a slider takes its weight back to the shipped one."),
    groups.map(([name, members]) => el("fieldset", { class: "weight-group" }, el("legend", null, name), members.map(weightRow))),
    el("div", { class: "weight-tools" },
      el("button", { type: "button", class: "plain-button", id: "weights-reset", onclick: () => change({ weights: null }) }, t("Back to the shipped weights")),
      el("button", { type: "button", class: "plain-button", id: "weights-save", onclick: () => saveText(settingsFile(), "application/yaml", settingsText()) }, t("Download these settings"))),
    el("p", { class: "muted small" }, "The file holds the assumptions and the two command lines that give the same ranks."));
  showWeights();
}

function weightRow(one) {
  const name = one.criterion_id;
  const slider = el("input", { type: "range", min: 0, max: 60, step: 0.5, id: "weight-" + name, "data-weight": name, oninput: (event) => setWeight(name, Number(event.target.value)), ondblclick: () => setWeight(name, 100 * shippedWeights(state.partner)[name]) });
  return el("div", { class: "weight-row" }, el("label", { for: "weight-" + name }, one.label), slider, el("output", { for: "weight-" + name, id: "share-" + name }));
}

/* Raw weights in hundredths; only their proportions count. */
function rawWeights() {
  return state.weights || Object.fromEntries(Object.entries(shippedWeights(state.partner)).map(([name, value]) => [name, 100 * value]));
}

/* One weight in hundredths; the others give way or grow in proportion, so that the sum stays a hundred. */
function setWeight(name, value) {
  const before = rawWeights();
  const others = Object.entries(before).filter(([other]) => other !== name);
  const rest = others.reduce((sum, [, one]) => sum + one, 0);
  if (!(rest > 0) || value >= 100) return showWeights();
  const next = Object.fromEntries(others.map(([other, one]) => [other, roundWeight(one * (100 - value) / rest)]));
  return change({ weights: Object.fromEntries(Object.keys(before).map((one) => [one, one === name ? roundWeight(value) : next[one]])) });
}

/* As the address writes it, so that the same address gives the same ranks. */
function roundWeight(value) {
  return Math.round(value * 1e4) / 1e4;
}

function showWeights() {
  if (!MATRIX) return;
  const shares = currentShares();
  for (const [name, value] of Object.entries(rawWeights())) {
    const slider = byId("weight-" + name);
    if (!slider) continue;
    if (Number(slider.value) !== value) slider.value = value;
    slider.setAttribute("aria-valuetext", percent(shares[name]));
    byId("share-" + name).textContent = fixed(100 * shares[name], 1) + SPACE + "%";
  }
  byId("weights-summary").textContent = state.weights ? t("Weights: your own") : t("Weights: as shipped");
  byId("weights-reset").disabled = !state.weights;
  byId("own-weights").hidden = !state.weights;
}

function settingsFile() {
  return "settings-" + state.partner.replace(/[^a-z0-9-]+/gi, "-") + ".yaml";
}

/* A word as a shell reads it back, on one line. */
function shellWord(word) {
  return /^[\w.=-]+$/.test(word) ? word : "'" + word.replace(/[\r\n]+/g, " ").replace(/'/g, "'\\''") + "'";
}

function rescoreCommand() {
  const weights = Object.entries(currentShares()).map(([name, part]) => "--weight " + shellWord(name + "=" + part));
  return ["geokit rescore study --partner " + shellWord(state.partner), ...weights, "--out weighed"].join(" ");
}

/* The assumptions that geokit run reads; the command lines that make the study and its ranks again stand above them. */
function settingsText() {
  const run = "geokit run --assumptions " + settingsFile() + " --partner " + shellWord(state.partner) + " --on " + shellWord(state.on) + (shut.ranked.size ? " --closures" : "") + " --out study";
  const lines = ["# Settings of the page for " + shellWord(state.partner) + ", law read by " + state.track + ". Make the study again (add --vendors, --criteria, --cells and --layers if it was made with them):", "#   " + run, ...(state.weights ? ["# Rank it by these weights:", "#   " + rescoreCommand()] : []),
    ...(DATA.meta.modified.length ? ["# The study read rows of its own for " + DATA.meta.modified.map(shellWord).join(", ") + ": give the same files with --layer."] : [])];
  return [...lines, ...(/^title:/m.test(DATA.settings) ? [] : ["title: settings of the page"]), DATA.settings].join("\n").trimEnd() + "\n";
}

function saveText(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/* Weights in the address: D1:40,D2:12.5. */
function writeWeights(weights) {
  return Object.entries(weights).map(([name, value]) => name + ":" + value).join(",");
}

function readWeights(words, partner) {
  const names = Object.keys(shippedWeights(partner));
  const pairs = (words || "").split(",").map((pair) => pair.split(":")).filter(([name, value]) => names.includes(name) && value !== "" && Number(value) >= 0 && Number.isFinite(Number(value)));
  const weights = Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)]));
  return MATRIX && Object.keys(weights).length === names.length && Object.values(weights).some((value) => value > 0) ? weights : null;
}

/* Names of the alternatives that the page holds no more of, so that one that enters the list can be read. */
function completeNames() {
  if (!MATRIX) return;
  MATRIX.alternatives.filter((about) => !store.alternatives.has(about.alternative)).forEach((about) => store.alternatives.set(about.alternative, about));
}
