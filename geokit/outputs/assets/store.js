/* The study's tables, indexed once, and the one piece of state: which case, which alternative, which view. */
const TRACKS = { text: t("by text"), practice: t("as practised") };
const pairKey = (partner, alternative) => partner + "|" + alternative;
const caseKey = (row) => row.case_id + "|" + row.alternative;
const haulKey = (origin, destination, kind, product) => [origin, destination, kind, product].join("|");

const store = {
  partners: indexBy(DATA.partners, (one) => one.id),
  criteria: unpack(DATA.criteria),
  alternatives: indexBy(unpack(DATA.alternatives), (one) => one.alternative),
  rows: groupBy(unpack(DATA.rows), (row) => row.case_id),
  contributions: groupBy(unpack(DATA.contributions), caseKey),
  dependency: indexBy(unpack(DATA.dependency), caseKey),
  exposure: groupBy(unpack(DATA.exposure), (row) => [row.case_id, row.stage_id, row.profile].join("|")),
  economics: indexBy(unpack(DATA.economics), (row) => pairKey(row.partner, row.alternative)),
  gates: groupBy(unpack(DATA.gates), (row) => pairKey(row.partner, row.alternative)),
  hauls: indexBy(unpack(DATA.hauls), (row) => haulKey(row.origin_id, row.destination_id, row.kind, row.product_id || "")),
  clauses: indexBy(unpack(DATA.clauses), (row) => row.clause_id),
  unknowns: indexBy(unpack(DATA.unknowns), (item) => item.position),
  deposits: indexBy(unpack(DATA.map.deposits), (row) => row.deposit_id),
  sites: unpack(DATA.map.sites),
  ports: indexBy(unpack(DATA.map.ports), (row) => row.port_id),
  groups: indexBy(DATA.groups, (group) => group.id),
  names: DATA.names,
};

const state = { partner: DATA.cases[0].partner, track: DATA.cases[0].track, on: DATA.cases[0].on, chosen: "", tab: "ranking", best: false, closure: "", weights: null, against: "" };
const listeners = [];

function subscribe(listener) {
  listeners.push(listener);
}

/* Change the state and draw again; `what` tells listeners whether the case, the weights, the choice or the view moved. */
function change(update) {
  const before = { ...state };
  Object.assign(state, update);
  if (before.partner !== state.partner && !("weights" in update)) state.weights = null;
  if (!DATA.cases.some((one) => one.partner === state.partner && one.track === state.track && one.on === state.on)) {
    const near = DATA.cases.find((one) => one.partner === state.partner) || DATA.cases[0];
    Object.assign(state, { partner: near.partner, track: near.track, on: near.on });
  }
  const differs = (...names) => names.some((name) => before[name] !== state[name]);
  const moved = differs("partner", "track", "on");
  if ((moved || differs("chosen")) && state.chosen && !rowOf(state.chosen)) state.chosen = "";
  const what = { case: moved || differs("best", "closure"), partner: differs("partner"), weights: differs("weights"), choice: moved || differs("chosen"), tab: differs("tab"), closure: differs("closure"), against: differs("against") };
  listeners.forEach((listener) => listener(what));
  if (what.weights && !moved) rememberSoon();
  else remember();
}

function remember() {
  const parts = [state.partner, state.track, state.on, state.tab, state.chosen, state.closure, state.weights ? writeWeights(state.weights) : "", state.best ? "best" : "", state.against, LANGUAGE === "en" ? "" : LANGUAGE];
  while (parts.length > 6 && !parts[parts.length - 1]) parts.pop();
  const words = parts.map((part) => encodeURIComponent(part).replace(/%(3A|2C)/g, (code) => decodeURIComponent(code))).join("/");
  try { history.replaceState(null, "", "#" + words); } catch (error) { /* some viewers forbid it; the page works without */ }
}

/* Browsers count how often an address is written: a slider on the move writes it once it rests. */
let resting = 0;
function rememberSoon() {
  window.clearTimeout(resting);
  resting = window.setTimeout(remember, 250);
}

/* The address as pasted or walked back to; what we write ourselves fires no such event, so this cannot go round. */
function followAddress() {
  if (languageOf(location.hash) !== LANGUAGE) { location.reload(); return; }
  const asked = recall();
  if (asked.partner) change(asked);
  else remember();
}

function recall() {
  const [partner, track, on, tab, chosen, closure, weights, best, against] = location.hash.slice(1).split("/").map((word) => { try { return decodeURIComponent(word); } catch (error) { return ""; } });
  if (!store.partners.has(partner)) return {};
  return { partner, track, on, tab: TABS.some(([id]) => id === tab) ? tab : "ranking", chosen: store.alternatives.has(chosen) ? chosen : "", closure: shut.list.some((one) => one.closure_id === closure) ? closure : "", weights: readWeights(weights, partner), best: best === "best", against: store.alternatives.has(against) ? against : "" };
}

function currentCase() {
  return DATA.cases.find((one) => one.partner === state.partner && one.track === state.track && one.on === state.on);
}

function caseRows() {
  return rowsOf(currentCase());
}

function rowsOf(one) {
  if (state.weights) return weighedRows(one).rows;
  return closureRows(one) || store.rows.get(one.id) || [];
}

function rankedRows() {
  return caseRows().filter((row) => known(row.rank));
}

function rowOf(alternative) {
  return caseRows().find((row) => row.alternative === alternative);
}

/* The same alternative under the other reading of the law. */
function otherRank(row) {
  const other = DATA.cases.find((one) => one.partner === state.partner && one.on === state.on && one.track !== state.track);
  if (!other) return null;
  const found = rowsOf(other).find((one) => one.alternative === row.alternative);
  return { track: other.track, rank: found && known(found.rank) ? found.rank : null };
}

function aboutRow(row) {
  const about = store.alternatives.get(row.alternative) || { alternative: row.alternative, name: row.alternative, product: "", kind: "" };
  const economics = store.economics.get(pairKey(state.partner, row.alternative)) || {};
  const partner = store.partners.get(state.partner) || {};
  return { about, economics, partner, delivered: outwardHaul(about, economics, partner), dependency: store.dependency.get(caseKey(row)) || {} };
}

/* The haul of what is sold to the partner's port: from the plant, from the host port, or from the mine where nothing is built. */
function outwardHaul(about, economics, partner) {
  const port = partner.default_port_id;
  if (about.kind === "export") return feedShipment(about, economics, economics.supplier_deposit_id, port);
  if (about.kind === "plant") return store.hauls.get(haulKey(about.place_id, port, "delivered", about.product_id));
  return ["sea", "delivered"].map((kind) => store.hauls.get(haulKey(about.port_id, port, kind, about.product_id))).find(Boolean);
}

/* Feed from the mine to a port, as whichever of the feed products the figures are about. */
function feedShipment(about, economics, deposit, port) {
  const products = [economics.feed_product_id, ...ids(about.feed_product_ids)];
  return products.map((product) => store.hauls.get(haulKey(deposit, port, "delivered", product || ""))).find(Boolean);
}

function isBaseline(row) {
  return row.status === "baseline" || ["export", "toll", "abroad"].includes((store.alternatives.get(row.alternative) || {}).kind);
}

/* Freight of a tonne of product to the partner's port. */
function deliveredFreight(row) {
  const { about, delivered, economics } = aboutRow(row);
  const [first, second] = about.kind === "plant" ? [(delivered || {}).usd_per_t, economics.product_freight_usd_per_t] : [economics.product_freight_usd_per_t, (delivered || {}).usd_per_t];
  return known(first) ? first : second;
}

/* What a row without a plant in the country is. */
function kindTag(row) {
  return store.names.kinds[(store.alternatives.get(row.alternative) || {}).kind] || "";
}

function statusWords(row) {
  const words = { ranked: t("ranked"), conditional: t("conditional"), baseline: t("yardstick"), not_rankable: t("not rankable"), screened: t("screened out") };
  return words[row.status] || plainWords(row.status);
}
