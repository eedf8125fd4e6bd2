/* Bars. Solid: known. Outlined: assumed. Hatched: missing. Line with ends: the 10-90 band. One meaning per mark. */
const BAR = { width: 240, height: 18 };
let hatchCount = 0;

function hatch(defs) {
  const id = "hatch-" + (hatchCount += 1);
  defs.append(svg("pattern", { id, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("line", { x1: 0, y1: 0, x2: 0, y2: 5, class: "hatch-line" })));
  return "url(#" + id + ")";
}

function clamp(value) {
  return Math.min(Math.max(value, 0), 1);
}

/* Score 0 to 1, its 10-90 band, and how far the missing facts could move it. */
function scoreBar(row) {
  const x = (value) => (clamp(value) * BAR.width).toFixed(1);
  const defs = svg("defs", null);
  const label = "score " + fixed(row.score, 2) + ", band " + fixed(row.score_p10, 2) + " to " + fixed(row.score_p90, 2) +
    ", between " + fixed(row.bound_low, 2) + " and " + fixed(row.bound_high, 2) + " once the missing facts are known";
  const chart = svg("svg", { class: "bar", viewBox: "0 0 " + BAR.width + " " + BAR.height, preserveAspectRatio: "none", role: "img", "aria-label": label }, defs);
  chart.append(svg("rect", { class: "bar-ground", x: 0, y: 1, width: BAR.width, height: 8 }));
  if (known(row.bound_high)) chart.append(svg("rect", { class: "bar-open", x: 0, y: 1, width: x(row.bound_high), height: 8 }));
  if (known(row.score)) chart.append(svg("rect", { class: "bar-known", x: 0, y: 1, width: x(row.score), height: 8 }));
  if (known(row.bound_low) && known(row.bound_high)) {
    chart.append(svg("rect", { x: x(row.bound_low), y: 1, width: Math.max(clamp(row.bound_high) - clamp(row.bound_low), 0) * BAR.width, height: 8, fill: hatch(defs) }));
  }
  if (known(row.score_p10) && known(row.score_p90)) chart.append(...band(x(row.score_p10), x(row.score_p90)));
  return chart;
}

function band(from, to) {
  const lines = [[from, 14, to, 14], [from, 11, from, 17], [to, 11, to, 17]];
  return lines.map(([x1, y1, x2, y2]) => svg("line", { class: "band", x1, y1, x2, y2, "vector-effect": "non-scaling-stroke" }));
}

/* One criterion: weight is the room there is, solid what it brought, hatched what nobody knows. */
function contributionBar(item, widest) {
  const defs = svg("defs", null);
  const width = BAR.width;
  const scale = (value) => ((value / widest) * width).toFixed(1);
  const missing = !known(item.v);
  const chart = svg("svg", { class: "bar thin", viewBox: "0 0 " + width + " 10", preserveAspectRatio: "none", "aria-hidden": "true" }, defs);
  const room = { x: 0, y: 1, width: scale(item.weight), height: 8 };
  chart.append(svg("rect", { ...room, class: missing ? "bar-open" : "bar-ground" }));
  if (missing) chart.append(svg("rect", { ...room, fill: hatch(defs) }));
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
  return el("div", { class: "grade-key" }, one({ v: 1 }, "evidence"), one({ v: 1, grade: "A" }, "assumed, or true by definition"), one({}, "missing"));
}

function barKey() {
  const sample = scoreBar({ score: 0.45, score_p10: 0.38, score_p90: 0.55, bound_low: 0.35, bound_high: 0.8 });
  sample.setAttribute("aria-hidden", "true");
  return el("div", { class: "key" }, sample,
    el("span", null, "bar: score, 0 to 1; hatched: where missing facts could put it; line below: 8 draws in 10"));
}
