/* Wiring: choices at the top, tabs, keys, and what each change draws again. */
const TABS = [["ranking", t("Ranking")], ["why", t("Why")], ["compare", t("Compare")], ["unknowns", t("Unknowns")], ["table", t("Table")]];

function distinct(name) {
  return [...new Set(DATA.cases.map((one) => one[name]))];
}

function drawChoices() {
  const partner = byId("partner");
  put(partner, DATA.partners.map((one) => el("option", { value: one.id }, one.label)));
  partner.addEventListener("change", () => change({ partner: partner.value }));
  const date = byId("date");
  const dates = distinct("on");
  byId("date-choice").hidden = dates.length < 2;
  put(date, dates.map((one) => el("option", { value: one }, one)));
  date.addEventListener("change", () => change({ on: date.value }));
  put(byId("track"), distinct("track").map((track) => el("button", { type: "button", role: "radio", "data-track": track, onclick: () => change({ track }) }, TRACKS[track] || track)));
  byId("track").addEventListener("keydown", (event) => stepFocus(event, "[role=radio]"));
}

function drawTabs() {
  put(byId("tabs"), TABS.map(([id, title]) => el("button", { type: "button", role: "tab", id: "tab-" + id, "aria-controls": "view-" + id, onclick: () => change({ tab: id }) }, title)));
  byId("tabs").addEventListener("keydown", (event) => stepFocus(event, "[role=tab]"));
}

/* Left and right walk a row of buttons and press the one reached. */
function stepFocus(event, selector) {
  const buttons = [...event.currentTarget.querySelectorAll(selector)];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const at = buttons.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  const next = buttons[(at + step + buttons.length) % buttons.length];
  next.focus();
  next.click();
}

function drawHeader() {
  const one = currentCase();
  byId("partner").value = state.partner;
  byId("date").value = state.on;
  for (const button of byId("track").children) {
    const mine = button.dataset.track === state.track;
    button.setAttribute("aria-checked", String(mine));
    button.tabIndex = mine ? 0 : -1;
  }
  byId("headline").textContent = one.headline || "No first line was given for this case.";
  unfoldHeader(false);
  const partner = store.partners.get(state.partner);
  const reading = state.track === "text" ? "Law read by its text" : "Law read as practised";
  const weights = partner && partner.archetype ? ["Weights are our judgement for a partner of the kind \u201c" + plainWords(partner.archetype) + "\u201d, not the partner's own words."] : [];
  byId("notice-first").textContent = reading + ", as known on " + one.known_on + ". " + sentence(DATA.meta.warnings[0] || "");
  put(byId("notice-rest"), [...DATA.meta.warnings.slice(1), ...weights].map((words) => el("li", null, sentence(words))));
}

/* What the reader's own clock says of the law and the data read here; a page that stays open is asked again every hour. */
function guardClock() {
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  const passed = DATA.meta.turns.filter(([day]) => day <= today).map(([, words]) => words);
  byId("guard").hidden = !passed.length;
  byId("guard").textContent = passed.length ? sentence("Out of date by your clock (" + today + "): " + passed.join("; ")) + " Make this page again." : "";
}

/* On a phone the first line is cut after three lines until it is asked for. */
function unfoldHeader(open) {
  const more = byId("more");
  document.querySelector(".top").classList.toggle("open", open);
  more.setAttribute("aria-expanded", String(open));
  more.textContent = open ? t("less") : t("more");
}

function drawFooter() {
  const meta = DATA.meta;
  const facts = [
    meta.version ? "geokit " + meta.version + "." : "", meta.data_version ? "Data " + meta.data_version + "." : "",
    meta.verified_on ? "Last verified " + meta.verified_on + "." : "", meta.fingerprint ? "Assumptions " + String(meta.fingerprint).slice(0, 12) + "." : "",
    meta.modified.length ? "Modified layers: " + meta.modified.join(", ") + "." : "", ["Map:", ...DATA.map.credits, "Own compilation. Drawn with Leaflet."].join(" "),
  ];
  const unread = LANGUAGE === "en" ? [] : [t("Fixed words: machine-made, not reviewed by a speaker. What the study says is in English.")];
  const leading = [languageChoice(), ...[...unread, ...meta.words, "Known on " + meta.on + "."].map((words) => el("span", null, words))];
  const rest = el("details", { class: "foot-rest" }, el("summary", null, t("Versions and sources")), facts.filter(Boolean).map((words) => el("span", null, words)));
  rest.open = window.matchMedia("(min-width: 1024px)").matches;
  put(byId("foot"), leading, rest);
}

function showTab() {
  for (const [id] of TABS) {
    const mine = state.tab === id;
    const tab = byId("tab-" + id);
    tab.setAttribute("aria-selected", String(mine));
    tab.tabIndex = mine ? 0 : -1;
    byId("view-" + id).hidden = !mine;
  }
  document.body.dataset.tab = state.tab;
}

const DRAW = { ranking: drawRanking, why: drawWhy, compare: drawCompare, unknowns: drawUnknowns, table: drawTable };

function redraw(what) {
  if (what.partner) drawWeights();
  if (what.case) {
    showWeights();
    drawHeader();
    drawPlaces();
    drawRanking();
  } else if (what.weights) weighLater();
  if (what.tab) showTab();
  if (what.tab || what.case) layers.map.closePopup();
  if (state.tab !== "ranking" && (what.case || what.choice || what.tab || what.against)) DRAW[state.tab]();
  if (what.tab || what.case) byId("view-" + state.tab).scrollTop = 0;
  if (what.choice && state.chosen && window.matchMedia("(max-width: 1023px)").matches) byId("legend").open = false;
  if (what.choice || what.case || what.closure) drawClosure();
  if (what.choice || what.case) {
    markChosen();
    drawHauls();
    showChosen();
  }
}

/* The reader's weights on the move: one drawing a frame, whatever the slider says meanwhile; names settle once it rests. */
const pending = { frame: 0, rest: 0 };

function weighLater() {
  if (!pending.frame) pending.frame = window.requestAnimationFrame(weighNow);
}

function weighNow() {
  pending.frame = 0;
  showWeights();
  if (state.chosen && !rowOf(state.chosen)) change({ chosen: "" });
  if (state.tab === "ranking") fillRanking();
  else DRAW[state.tab]();
  if (movePlaces()) spreadRanks(layers.map);
  window.clearTimeout(pending.rest);
  pending.rest = window.setTimeout(restWeights, 200);
}

/* What need not follow the slider step by step. */
function restWeights() {
  settleMarks();
  if (state.tab !== "ranking") fillRanking();
  markChosen();
  drawHauls();
  drawClosure();
}

function start() {
  startWords();
  drawChoices();
  drawTabs();
  drawFooter();
  guardClock();
  window.setInterval(guardClock, 3600000);
  drawLegend();
  const map = makeMap();
  startBars();
  startPlaces(map);
  startClosures(map);
  subscribe(redraw);
  byId("view-ranking").addEventListener("keydown", walkRanking);
  byId("view-table").addEventListener("scroll", hintScroll);
  byId("weights").addEventListener("toggle", warmWeights);
  byId("more").addEventListener("click", () => unfoldHeader(byId("more").getAttribute("aria-expanded") === "false"));
  completeNames();
  drawWeights();
  change(recall());
  redraw({ case: true, partner: true, choice: true, tab: true, closure: true });
  new ResizeObserver(() => { fitRoom(); hintScroll(); }).observe(byId("map"));
  window.addEventListener("hashchange", followAddress);
  document.body.dataset.ready = "yes";
}

start();
