/* Bars. Solid: known. Outlined: assumed. Hatched: missing. Line with ends: the 10-90 band. One meaning per mark. */
const BAR = { width: 240, height: 18 };
const HATCH = "url(#hatch)";

/* The one pattern that every bar refers to. */
function startBars() {
  document.body.append(svg("svg", { width: 0, height: 0, class: "patterns", "aria-hidden": "true" }, svg("defs", null,
    svg("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("line", { x1: 0, y1: 0, x2: 0, y2: 5, class: "hatch-line" })))));
}

function clamp(value) {
  return Math.min(Math.max(value, 0), 1);
}

/* Score 0 to 1, its 10-90 band, and how far the missing facts could move it. */
function scoreBar(row) {
  const rect = (name) => svg("rect", { class: name, x: 0, y: 1, width: 0, height: 8 });
  const line = () => svg("line", { class: "band", "vector-effect": "non-scaling-stroke" });
  const chart = svg("svg", { class: "bar", viewBox: "0 0 " + BAR.width + " " + BAR.height, preserveAspectRatio: "none", role: "img" },
    rect("bar-ground"), rect("bar-open"), rect("bar-known"), rect("bar-hatched"), line(), line(), line());
  chart.firstChild.setAttribute("width", BAR.width);
  setBar(chart, row);
  return chart;
}

/* Give a bar the figures of a row; what is unknown has no length. */
function setBar(chart, row) {
  const x = (value) => (known(value) ? clamp(value) * BAR.width : 0);
  const [, open, score, hatched, ...lines] = chart.children;
  const bounded = known(row.bound_low) && known(row.bound_high);
  chart.setAttribute("aria-label", barWords(row));
  open.setAttribute("width", x(row.bound_high).toFixed(1));
  score.setAttribute("width", x(row.score).toFixed(1));
  hatched.setAttribute("x", x(row.bound_low).toFixed(1));
  hatched.setAttribute("width", bounded ? Math.max(x(row.bound_high) - x(row.bound_low), 0).toFixed(1) : 0);
  setBand(lines, x(row.score_p10).toFixed(1), x(row.score_p90).toFixed(1), row);
}

function setBand(lines, from, to, row) {
  const shown = known(row.score_p10) && known(row.score_p90);
  [[from, 14, to, 14], [from, 11, from, 17], [to, 11, to, 17]].forEach((ends, at) => {
    ["x1", "y1", "x2", "y2"].forEach((name, place) => lines[at].setAttribute(name, shown ? ends[place] : 0));
    lines[at].classList.toggle("stale", Boolean(row.own));
  });
}

function barWords(row) {
  return "score " + fixed(row.score, 2) + (known(row.score_p10) ? ", band " + (row.own ? "of the shipped weights " : "") + fixed(row.score_p10, 2) + " to " + fixed(row.score_p90, 2) : "") +
    ", between " + fixed(row.bound_low, 2) + " and " + fixed(row.bound_high, 2) + " once the missing facts are known";
}

/* One criterion: weight is the room there is, solid what it brought, hatched what nobody knows. */
function contributionBar(item, widest) {
  const width = BAR.width;
  const scale = (value) => ((value / widest) * width).toFixed(1);
  const missing = !known(item.v);
  const chart = svg("svg", { class: "bar thin", viewBox: "0 0 " + width + " 10", preserveAspectRatio: "none", "aria-hidden": "true" });
  const room = { x: 0, y: 1, width: scale(item.weight), height: 8 };
  chart.append(svg("rect", { ...room, class: missing ? "bar-open" : "bar-ground" }));
  if (missing) chart.append(svg("rect", { ...room, fill: HATCH }));
  else chart.append(valueBar(scale(Math.max(item.contribution, 0)), ["A", "D"].includes(item.grade)));
  return chart;
}

/* What an assumption or a definition brings is drawn hollow. */
function valueBar(width, assumed) {
  if (!assumed) return svg("rect", { class: "bar-known", x: 0, y: 1, width, height: 8 });
  return svg("rect", { class: "bar-assumed", x: 0.8, y: 1.8, width: Math.max(width - 1.6, 0), height: 6.4, "vector-effect": "non-scaling-stroke" });
}

function gradeKey() {
  const one = (facts, words) => el("span", null, contributionBar({ weight: 1, contribution: 0.75, grade: "E", ...facts }, 1), words);
  return el("div", { class: "grade-key" }, one({ v: 1 }, t("evidence")), one({ v: 1, grade: "A" }, t("assumed, or true by definition")), one({}, t("missing")));
}

function barKey() {
  const sample = scoreBar({ score: 0.45, score_p10: 0.38, score_p90: 0.55, bound_low: 0.35, bound_high: 0.8 });
  sample.setAttribute("aria-hidden", "true");
  return el("div", { class: "key" }, sample,
    el("span", null, t("bar: score, 0 to 1; hatched: where missing facts could put it; line below: 8 draws in 10")));
}
